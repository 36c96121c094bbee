"""Kinds of pens: what each makes of a stroke. The numbers of this table are all that tells them apart.

Widths are shares of the stroke's width (the hand's pen, or what was asked for), tones are shares of full ink. How fast
a pen moves is said in `dynamics`: 1 in the bowl of a letter, less in bends and where strokes end, 1.97 at most. A
stroke is `1 + slow × (1 - speed)` times as wide, between `least` and `most`: a pen that lingers gives more ink and is
pressed harder (our linear rule, set by eye beside writing of each pen). At its ends it tapers as a parabola, so that
width and slope meet those of the stroke.

A broad nib is a rectangle that is moved without being turned. What a convex pen covers across the direction t of a
stroke is its extent along the normal of t (Knuth, "The METAFONTbook", 1986, chapter 16, pens as convex polygons): for
a nib of one width and a thickness, held at an angle, |sin(t - angle)| + thickness × |cos(t - angle)| widths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from handsynth.errors import InputError

InkKind = Literal["pixels", "shapes", "lines"]
"""What files hold ink as."""

ROUND = "round"
"""The pen that is drawn where none is named: one even line."""


@dataclass(frozen=True)
class Taper:
    """How an end of a stroke thins out."""

    length: float = 0.0
    """Over so many widths of the stroke, at most two fifths of it."""
    share: float = 1.0
    """What is left of the width at the very end."""


@dataclass(frozen=True)
class Pen:
    """One kind of pen."""

    called: str = "round pen"
    """For a person."""
    relative_width: float = 1.0
    """Its width, where none is asked for, in widths of the hand's usual pen."""
    slow: float = 0.0
    """How much wider strokes are where it is slow."""
    down: float = 0.0
    """How much wider strokes straight down are than level ones, and narrower straight up: the hand presses pulling."""
    least: float = 1.0
    most: float = 1.0
    start: Taper = Taper()
    stop: Taper = Taper()
    edge: tuple[float, float] | None = None
    """Of a nib: the direction of its edge as a unit vector, x right and y down."""
    thin: float = 1.0
    """Thickness of a nib."""
    tone: float = 1.0
    """How dark its ink is at a speed of 1."""
    slow_tone: float = 0.0
    """How much darker where it is slow."""
    end_tone: float = 0.0
    """How much darker where a stroke begins and ends, within a width."""
    layered: bool = False
    """Whether ink lies on ink where two strokes cross: it is darker there."""
    grain: float = 0.0
    """How far the tooth of the paper shows, 0 … 1."""
    pool: float = 0.0
    """How far drops of ink stand where strokes end, times those of the round pen."""

    @property
    def varies(self) -> bool:
        """Whether its strokes are not of one even width."""
        return self.slow > 0 or self.edge is not None or min(self.start.share, self.stop.share) < 1

    @property
    def toned(self) -> bool:
        """Whether its ink is not even: what only pictures show."""
        return self.layered or self.grain > 0 or self.tone < 1


PENS: dict[str, Pen] = {
    ROUND: Pen(pool=1.0),
    "ballpoint": Pen(
        called="ballpoint pen", relative_width=0.85, slow=0.10, least=0.88, most=1.08, stop=Taper(1.2, 0.75),
        tone=0.94, slow_tone=0.06, grain=0.16, pool=0.3,
    ),
    "fineliner": Pen(called="fineliner", relative_width=0.62, pool=0.4),
    "fountain": Pen(
        called="fountain pen", relative_width=1.2, slow=0.45, down=0.06, least=0.5, most=1.25,
        start=Taper(2.0, 0.6), stop=Taper(3.5, 0.3), tone=0.93, slow_tone=0.14,
    ),
    "felt": Pen(
        called="felt pen", relative_width=1.75, slow=0.10, least=0.9, most=1.08,
        tone=0.82, slow_tone=0.04, end_tone=0.11, layered=True,
    ),
    "pencil": Pen(
        called="pencil", relative_width=1.0, slow=0.18, least=0.75, most=1.2,
        start=Taper(1.0, 0.7), stop=Taper(2.0, 0.5), tone=0.82, slow_tone=0.16, grain=0.8,
    ),
    "brush": Pen(
        called="brush", relative_width=2.1, slow=0.45, down=0.25, least=0.3, most=1.2,
        start=Taper(1.6, 0.35), stop=Taper(4.0, 0.06),
    ),
    "nib": Pen(called="broad nib", relative_width=1.75, edge=(0.8, -0.6), thin=0.16),  # 36.87°, of the triangle 3, 4, 5
}  # fmt: skip
"""Every kind by its name. The order gives their numbers in `Paths.pen`, and must stay."""

NAMES = tuple(PENS)
"""As they are said in messages."""

_KINDS = tuple(PENS.values())


def check(name: str) -> str:
    """The kind of pen that `name` says, in any case. Raises InputError."""
    if (found := name.strip().casefold()) not in PENS:
        raise InputError(f"the pen is {name[:30]!r}; give {', '.join(NAMES)}", "pen")
    return found


def number(name: str) -> int:
    """The number of a kind."""
    return NAMES.index(name)


def of(number: int) -> Pen:
    """The kind of that number."""
    return _KINDS[number]


def column(name: str) -> np.ndarray:
    """One number of every kind, float64 [kinds]: `column("slow")[paths.pen]` are those of all strokes."""
    return np.array([getattr(pen, name) for pen in _KINDS], np.float64)


def edges() -> np.ndarray:
    """Directions of the edges of nibs, float64 [kinds,2]; those of other pens are zero."""
    return np.array([pen.edge or (0.0, 0.0) for pen in _KINDS], np.float64)


def nibs() -> np.ndarray:
    """Which kinds are broad nibs, bool [kinds]."""
    return np.array([pen.edge is not None for pen in _KINDS], bool)


def reach() -> np.ndarray:
    """How far each kind reaches to the sides and up and down, float64 [kinds,2]: a share of its width on both sides."""
    flat = np.abs(edges())
    nib = flat + column("thin")[:, None] * flat[:, ::-1]
    return np.where(nibs()[:, None], nib, 1.0)


def left_out(name: str, what: str, kind: InkKind) -> list[str]:
    """What files called `what`, like PDF files, cannot show of a kind of pen: lines for a person, none or one."""
    pen = PENS[name]
    if name == ROUND or kind == "pixels":
        return []
    if kind == "lines":
        return [f"{what} hold the way of the pen alone: the {pen.called} is yours to put into the plotter"]
    if not pen.toned:
        return []
    tones = [*(["its grain"] if pen.grain else []), *(["its darker ends and crossings"] if pen.layered else [])]
    said = " and ".join(tones or ["its darker and lighter places"])
    verb = "is" if tones == ["its grain"] else "are"
    return [f"{what} hold even ink: the {pen.called} keeps the shape of its strokes, and {said} {verb} left out"]
