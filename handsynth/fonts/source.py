"""FontSource: a font before it is of any format, the data that every writer of a font file reads."""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from handsynth import dials, noise
from handsynth.arrays import middle
from handsynth.dials.choices import Missing
from handsynth.dials.renamed import renamed
from handsynth.drawing import draw
from handsynth.fonts.fitting import fit
from handsynth.fonts.joined import Forms, forms
from handsynth.fonts.marks import Marks, marks
from handsynth.fonts.names import LICENCE, OFL, OFL_URL, Names
from handsynth.fonts.repertoire import LATIN1, Repertoire, choose
from handsynth.fonts.written import written
from handsynth.frame import Frame
from handsynth.hands.hand import Hand
from handsynth.hands.joining import Joining
from handsynth.ink import contours
from handsynth.ink.glyph import Glyphs, joined
from handsynth.ink.measure import slant
from handsynth.ink.outline import Outlines
from handsynth.layout import spacing
from handsynth.layout.drawing import boxes
from handsynth.layout.setting import LINE_HEIGHT, WORD_SPACE
from handsynth.model.model import Model
from handsynth.provenance.metadata import metadata
from handsynth.text.alphabets import LETTERS
from handsynth.text.charset import index_table
from handsynth.text.recipes import Recipes

XHEIGHT = 0.45
"""Height of a small x in em: about that of other fonts for handwriting, so that sizes mean the same."""

TOLERANCE = 0.08
"""Of outlines, in px of the frame: 2 of 1,000 units in an em."""

SPECK = 1.2
"""Area in px² of the frame below which a contour is dirt: a third of a dot's."""

_LEAST, _SPARE = 4, 6
"""Drawings made at least of each character, and beyond those wanted where some of them are not good enough."""

_CLEAN = 0.2
"""Share of an edge that may be hazy."""

_EVEN = 0.16
"""Logarithm of how much higher or lower than others of its kind a drawing may be."""

_IN_ONE = frozenset(string.ascii_letters + string.digits) - {"i", "j"}
"""Characters that are written in one piece."""

_ASCENT = 2.2
"""Of LINE_HEIGHT, what is above the baseline, in x-heights."""

_DEEPEST = 1.3
"""Most that is below it: longer tails run into the next line, as they do on paper."""

_LEANING = 0.02
"""Slant at which letters lean: programs take an italic of none for a fault."""

_MEASURED = 400
"""Drawings by which it is measured."""

_NOTDEF_GAP = 0.15
_CHUNK = 512


@dataclass(frozen=True)
class FontMetrics:
    """Heights in em; those below the baseline are positive too."""

    ascent: float
    descent: float
    xheight: float
    capheight: float
    space: float
    """Advance of a word space."""
    slant: float = 0.0
    """How far the letters lean, x per height: as they were asked to; of an italic style as measured."""

    @property
    def line(self) -> float:
        return self.ascent + self.descent


@dataclass(frozen=True, eq=False)
class FontSource:
    """c characters, N drawings (variants) of each, and a box for what is missing: g = c N + 1 glyphs.

    Glyph i N + k is variant k of character i; the last one is the box. Lengths are in em.
    """

    names: Names
    chars: tuple[str, ...]
    """[c], in the order of their code points."""
    variants: int
    blanks: dict[str, float]
    """Advances of the blank characters."""
    frame: Frame
    glyphs: Glyphs
    """[g]: the drawings."""
    advance: np.ndarray
    """float64 [g]."""
    centre: np.ndarray
    """float64 [g]: from the glyph's origin to the centre line of its frame."""
    kerning: np.ndarray
    """float64 [c,c]: to add between a character (any variant) and the next."""
    metrics: FontMetrics
    metadata: dict[str, str]
    """How it was made."""
    notes: tuple[str, ...]
    """What is not in it as it was asked for."""
    forms: Forms | None = None
    """Joined forms of letters, for formats that can join."""
    marks: Marks | None = None
    """Combining marks, for formats that can put them on letters."""
    known: dict[str, Any] = field(default_factory=dict, repr=False)
    """What several formats need, worked out once: shared by copies that differ in names or metadata alone."""

    facts = renamed("FontSource", "facts", "metadata")

    def __len__(self) -> int:
        return len(self.glyphs)

    @property
    def fields(self) -> np.ndarray:
        """float16 [g,H,H]: signed distance to the edge of the ink in frame px, inside positive."""
        return self.glyphs.fields()

    @property
    def em(self) -> float:
        """Frame px in an em."""
        return self.frame.xheight / XHEIGHT

    @property
    def outlines(self) -> Outlines:
        """Outlines [g], in frame px."""
        if "outlines" not in self.known:
            self.known["outlines"] = self.glyphs.outlines(self.frame, TOLERANCE, SPECK)
        found: Outlines = self.known["outlines"]
        return found

    @cached_property
    def boxes(self) -> np.ndarray:
        """Ink boxes float64 [g,4]: left, bottom, right, top from the origin, y upwards."""
        left, top, right, bottom = (self.glyphs.boxes(self.frame) * XHEIGHT).T
        return np.stack([self.centre + left, -bottom, self.centre + right, -top], axis=1)

    def glyph(self, char: str, variant: int = 0) -> int:
        """The number of a drawing; that of the box for characters that are not in the font."""
        place = self.numbers.get(char)
        return len(self) - 1 if place is None else place * self.variants + variant

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each character."""
        return index_table(self.chars)


def build(
    model: Model,
    hand: Hand,
    names: Names,
    chars: str = LATIN1,
    variants: int = dials.default("variants"),
    *,
    seed: int = dials.default("seed"),
    temperature: float = draw.TEMPERATURE,
    variation: float = draw.VARIATION,
    legibility: int = dials.default("legibility"),
    missing: Missing = dials.default("missing"),
    recipes: Recipes | None = None,
    joining: Joining | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FontSource:
    """Draw `variants` of each of `chars` and fit them; `joining` says which letters are joined. Raises InputError."""
    dials.check("variants", variants)
    chosen = choose(chars, model.repertoire, missing, recipes)
    frame = model.frame
    glyphs = _drawn(model, hand, chosen, variants, seed, (temperature, variation), legibility, progress)
    gap = spacing.DEFAULT_GAP if hand.gap is None else hand.gap
    edges = glyphs.take(slice(0, -1)).profiles(frame)
    sides = {**spacing.BEARINGS, **model.card.bearings}
    fitted = fit(edges, chosen.chars, variants, frame, gap, sides)
    inks = glyphs.take(slice(-1, None)).profiles(frame).box()
    left = np.append(fitted.left, _NOTDEF_GAP - inks[0])
    right = np.append(fitted.right, _NOTDEF_GAP + inks[1])
    heights = -glyphs.boxes(frame)[:, 1]
    lean, upright = _lean(glyphs, hand.lean, names, frame)
    space = WORD_SPACE * XHEIGHT
    names, notes = _licensed(names, chosen)
    tied = joining and forms(chosen.chars, variants, glyphs.take(slice(0, -1)), left, right, joining, frame)
    return FontSource(
        names,
        chosen.chars,
        variants,
        {char: width * space for char, width in chosen.blanks.items()},
        frame,
        glyphs,
        (left + right) * XHEIGHT,
        left * XHEIGHT,
        fitted.kerning * XHEIGHT,
        FontMetrics(
            _ASCENT * XHEIGHT,
            _descent(chosen.chars, glyphs.boxes(frame)[:, 3], variants) * XHEIGHT,
            _usual(chosen.chars, heights, variants, "xzvwuns", 1.0) * XHEIGHT,
            _usual(chosen.chars, heights, variants, "HIEFTXZ", 1.55) * XHEIGHT,
            space,
            lean,
        ),
        metadata(model, hand.name, seed, temperature, legibility, variation) | {"Variants": str(variants)},
        (*notes, *upright),
        tied or None,
        marks(model, hand, chosen, glyphs, variants, seed, (temperature, variation), legibility),
    )


def _licensed(names: Names, chosen: Repertoire) -> tuple[Names, tuple[str, ...]]:
    """The names of a font, and notes about it: letters of the bank bring the licence of the fonts they come from."""
    if not any(piece.char in LETTERS for pieces in chosen.pieces for piece in pieces):
        return names, chosen.notes
    said = (
        "Greek and Cyrillic letters come from fonts under the Open Font License, and so is this font (docs/scripts.md)"
    )
    own = replace(names, licence=OFL, licence_url=OFL_URL) if names.licence == LICENCE else names
    return own, (*chosen.notes, said)


def _lean(glyphs: Glyphs, asked: float, names: Names, frame: Frame) -> tuple[float, tuple[str, ...]]:
    """How far the letters of a font lean, as its tables say it, x per height; and a note on an italic that does not."""
    if not names.kind.italic:
        return asked, ()
    measured = slant(glyphs.take(slice(0, _MEASURED)).fields(), frame)
    if measured >= _LEANING:
        return measured, ()
    return _LEANING, (f"the letters of the style {names.style_name} stand upright; --slant 0.2 makes them lean",)


def _drawn(
    model: Model,
    hand: Hand,
    chosen: Repertoire,
    variants: int,
    seed: int,
    dials: tuple[float, float],
    legibility: int,
    progress: Callable[[int, int], None] | None,
) -> Glyphs:
    """The glyphs [c N + 1]; a drawing depends on its character and N, not on what else is in the font."""
    frame = model.frame

    def drawn(wanted: list[tuple[int, int]]) -> Glyphs:
        """The drawings `wanted` [n]: character and number."""
        some = [(chosen.chars[i], k, chosen.pieces[i]) for i, k in wanted if chosen.pieces[i]]
        parts = written(model, hand, some, seed, dials, legibility)
        bare = [(i, k) for i, k in wanted if not chosen.pieces[i]]
        if not bare:
            return parts
        made = boxes([_jitter(seed, chosen.chars[i], k) for i, k in bare], parts, frame)
        there = np.array([bool(chosen.pieces[i]) for i, _ in wanted])
        order = np.where(there, np.cumsum(there) - 1, len(parts) + np.cumsum(~there) - 1)
        return joined([parts, made], frame.size).take(order)

    done: list[Glyphs] = []
    step = max(1, _CHUNK // variants)
    for start in range(0, len(chosen.chars), step):
        some = range(start, min(start + step, len(chosen.chars)))
        chars = chosen.chars[some.start : some.stop]
        tries = max(variants, _LEAST)
        first = drawn([(i, k) for i in some for k in range(tries)])
        place = np.arange(len(first)).reshape(len(some), tries)
        inked = _inked(first, frame)
        kept, clean = _best(chars, first, inked, place, variants, frame)
        unclean = np.flatnonzero(~clean)
        if len(unclean):
            spare = drawn([(some[i], tries + k) for i in unclean for k in range(_SPARE)])
            more = len(first) + np.arange(len(spare)).reshape(len(unclean), _SPARE)
            first = joined([first, spare], frame.size)
            inked = np.concatenate([inked, _inked(spare, frame)], axis=1)
            again = np.concatenate([place[unclean], more], axis=1)
            kept[unclean], _ = _best([chars[i] for i in unclean], first, inked, again, variants, frame)
        done.append(first.take(kept.ravel()))
        if progress:
            progress(some.stop * variants, len(chosen.chars) * variants)
    done.append(boxes([_jitter(seed, ".notdef", 0)], done[0], frame))
    return joined(done, frame.size)


def _best(
    chars: Sequence[str], drawn: Glyphs, inked: np.ndarray, tried: np.ndarray, wanted: int, frame: Frame
) -> tuple[np.ndarray, np.ndarray]:
    """Of the drawings `tried` int64 [c,m] the first `wanted` without fault, else the least faulty; who has enough."""
    faults = _faults(chars, drawn, inked, tried, frame)
    order = np.argsort(faults, axis=1, kind="stable")[:, :wanted]
    clean = np.take_along_axis(faults, order, axis=1).max(axis=1, initial=0.0) == 0
    order.sort(axis=1)
    return np.take_along_axis(tried, order, axis=1), clean


def _inked(drawn: Glyphs, frame: Frame) -> np.ndarray:
    """How many separate inks each of `drawn` [n] has, and how hazy their edges are, float64 [2,n]."""
    if drawn.strokes is None:
        fields = drawn.fields()
        return np.stack([_parts(fields, frame), _haze(fields)])
    # strokes have an edge everywhere, and one stroke is one ink
    strokes = np.diff(drawn.strokes.glyphs)
    parts = np.minimum(strokes, 1)
    several = np.flatnonzero(strokes > 1)
    if len(several):
        parts[several] = _parts(drawn.take(several).fields(), frame)
    return np.stack([parts.astype(np.float64), np.zeros(len(drawn))])


def _faults(chars: Sequence[str], drawn: Glyphs, inked: np.ndarray, tried: np.ndarray, frame: Frame) -> np.ndarray:
    """How hazy, broken or uneven the drawings `tried` int64 [c,m] of `chars` are, float64 [c,m]; 0: not at all.

    `inked` is what `_inked` says of all of `drawn`.

    Whoever reads a page sees an odd letter once; a font shows it again and again.
    """
    count, tries = tried.shape
    if not count:
        return np.zeros((0, tries))
    parts, haze = inked[:, tried]
    # in more or fewer parts: a stroke is broken, or blots another
    usual = np.sort(parts, axis=1)[:, (tries - 1) // 2]
    usual = np.where([char in _IN_ONE for char in chars], 1, usual)
    box = drawn.boxes(frame)[tried]
    height = np.log(np.maximum(box[..., 3] - box[..., 1], 0.1))
    uneven = np.abs(height - middle(height)[:, None])
    faults = np.where(haze <= _CLEAN, 0.0, haze) + (parts != usual[:, None])
    return np.asarray(faults + np.where(uneven <= _EVEN, 0.0, 2 * uneven))


def _parts(fields: np.ndarray, frame: Frame) -> np.ndarray:
    """Number int64 [n] of separate inks in each of `fields` [n,H,H]."""
    traced = contours.trace(fields, frame, SPECK)
    outer = np.concatenate([[0], np.cumsum(traced.areas() > 0)])
    return np.diff(outer[traced.glyphs])


def _haze(fields: np.ndarray) -> np.ndarray:
    """Share float64 [n] of the edge of each of `fields` [n,H,H] at which the field is not steep.

    A signed distance has slope 1; where the decoder was undecided, it lingers about zero.
    """
    whole = fields.astype(np.float32)
    down, across = whole[:, 2:, 1:-1] - whole[:, :-2, 1:-1], whole[:, 1:-1, 2:] - whole[:, 1:-1, :-2]
    edge = np.abs(whole[:, 1:-1, 1:-1]) < 0.6
    hazy = edge & (np.hypot(across, down) < 2 * 0.45)
    return np.asarray(hazy.sum(axis=(1, 2)) / np.maximum(edge.sum(axis=(1, 2)), 1))


def _jitter(seed: int, char: str, variant: int) -> np.ndarray:
    """Numbers [8] in [0, 1) of one box."""
    place = np.array([noise.key_of("font", char, variant, 0)], np.uint64)
    return np.asarray(noise.uniforms(seed, "glyph", place, 8)[0])


def _descent(chars: tuple[str, ...], depths: np.ndarray, variants: int) -> float:
    """What is below the baseline of a line, in x-heights: usual, or more where tails are long, in steps of 0.1.

    In steps, so that the styles of a family, whose pens differ, have lines of one height.
    """
    tail = _usual(chars, depths, variants, "gjpqy", 0.0)
    return max(LINE_HEIGHT - _ASCENT, min(math.ceil(10 * tail) / 10, _DEEPEST))


def _usual(chars: tuple[str, ...], heights: np.ndarray, variants: int, flat_ones: str, else_: float) -> float:
    """Median height of the drawings of some letters, in x-heights; `else_` where the font has none of them."""
    flat = [i for i, char in enumerate(chars) if char in flat_ones]
    if not flat:
        return else_
    return float(middle(np.concatenate([heights[i * variants : (i + 1) * variants] for i in flat])))
