"""A page being written, as pictures one after the other: the finished page, uncovered in the order of its strokes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw

from handsynth.errors import InputError, option
from handsynth.formats import writing
from handsynth.formats.look import Look, size
from handsynth.formats.raster import paint
from handsynth.formats.timing import timed
from handsynth.formats.writing import PenStroke
from handsynth.layout.page import Page, unwritten

HOLD = 1.5
"""Seconds that the finished page stands still."""

MOST_FRAMES = 20_000
MOST_PIXELS = 4_000_000
"""Of one picture: a film is no print."""

_NEVER = np.iinfo(np.int32).max

PEN_COLOUR = (68, 68, 68, 255)

PEN = ((0.0, 0.0), (0.1, -0.5), (2.3, -4.6), (2.65, -4.4), (0.42, -0.32))
"""A pen that is seen writing: corners from its tip, in x-heights, y down."""


PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom, in px."""


@dataclass(frozen=True)
class FilmFrame:
    """One picture of a film."""

    now: float
    """ms since the beginning."""
    ms: int
    """How long it stands."""
    box: PixelBox
    """All that differs from the picture before is in here."""


@dataclass(frozen=True, eq=False)
class Film:
    """A page before and after it was written, and when each pixel gets its ink."""

    blank: Image.Image
    done: Image.Image
    """Both RGB or RGBA, or both of one palette."""
    when: np.ndarray
    """int32 [height,width]: ms."""
    track: np.ndarray
    """float64 [k,3]: ms, x and y in px: where the pen is."""
    look: Look
    pen: int | tuple[int, ...] = PEN_COLOUR
    """Colour of the pen that is seen."""

    @property
    def canvas(self) -> PixelBox:
        return (0, 0, *self.done.size)

    def frames(self) -> Iterator[FilmFrame]:
        """Pictures at the look's rate; one that would be as the one before makes that stand longer."""
        end, fps = math.ceil(self.track[-1, 0]), self.look.motion.fps
        rows, columns = np.nonzero(self.when < _NEVER)
        inked = self.when[rows, columns]
        order = np.argsort(inked, kind="stable")
        rows, columns, inked = rows[order], columns[order], inked[order]
        held, shown = FilmFrame(-1.0, 0, self.canvas), 0
        count = math.ceil(end / 1000 * fps) + 1
        for number in range(count + 1):
            now = -1.0 if number == 0 else min(end, 1000 * (number - 1) / fps)
            until = round(1000 * (number + 1) / fps)
            some = slice(*np.searchsorted(inked, (held.now, now), "right").tolist())
            box = _around(rows[some], columns[some])
            if number and self.look.motion.pen_shown:
                box = _both(_both(box, self._pen_box(held.now)), self._pen_box(now))
            if number and box:
                yield held
                held = FilmFrame(now, 0, box)
            held = replace(held, ms=held.ms + until - shown)
            shown = until
        if self.look.motion.pen_shown:
            yield held
            held = FilmFrame(math.inf, 0, self._pen_box(end) or self.canvas)
        yield replace(held, ms=held.ms + round(HOLD * 1000))

    def at(self, now: float, box: PixelBox | None = None) -> Image.Image:
        """The page, or a part of it, as it is then; at infinity it is done and the pen is gone."""
        left, top, right, bottom = box = box or self.canvas
        inked = Image.fromarray(self.when[top:bottom, left:right] <= now)
        found = Image.composite(self.done.crop(box), self.blank.crop(box), inked)
        if self.look.motion.pen_shown and math.isfinite(now):
            corners = [tuple(corner) for corner in (self._corners(now) - (left, top)).tolist()]
            ImageDraw.Draw(found).polygon(corners, fill=self.pen)
        return found

    def _corners(self, now: float) -> np.ndarray:
        place = [np.interp(now, self.track[:, 0], self.track[:, axis]) for axis in (1, 2)]
        return np.asarray(np.array(PEN) * self.look.xheight + place)

    def _pen_box(self, now: float) -> PixelBox | None:
        corners, (width, height) = self._corners(now), self.done.size
        left, top = np.maximum(np.floor(corners.min(axis=0)) - 1, 0).astype(int).tolist()
        right, bottom = np.minimum(np.ceil(corners.max(axis=0)) + 2, (width, height)).astype(int).tolist()
        return (left, top, right, bottom) if left < right and top < bottom else None


def _around(rows: np.ndarray, columns: np.ndarray) -> PixelBox | None:
    if not len(rows):
        return None
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def _both(one: PixelBox | None, other: PixelBox | None) -> PixelBox | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def film(page: Page, look: Look) -> Film:
    """The film of `page`. Raises InputError if it is too large or too long, or the page is empty."""
    width, height = size(page, look)
    if width * height > MOST_PIXELS:
        raise InputError(
            f"a film of {width:,} x {height:,} pixels is more than the {MOST_PIXELS:,} allowed; "
            f"give a smaller {option('dpi')}, {option('size')} or page"
        )
    strokes = [stroke for stroke in writing.strokes(page) if stroke.depth > 0]
    if not strokes:
        raise InputError("there is no ink on the page, so nothing could be seen being written; give some text")
    times = timed(strokes, look.motion.duration)
    if times[-1][-1] * look.motion.fps > MOST_FRAMES:
        raise InputError(
            f"a film of {times[-1][-1]:,.0f} s has more than {MOST_FRAMES:,} pictures; give a shorter --duration, "
            "fewer --fps or less text"
        )
    done = paint(page, look)
    blank = paint(unwritten(page), look)
    mode = "RGBA" if "RGBA" in (done.mode, blank.mode) else "RGB"
    before, after = blank.convert(mode), done.convert(mode)
    inked = (np.asarray(before) != np.asarray(after)).any(axis=2)
    when = _times(strokes, times, look.xheight, inked)
    track = np.concatenate(
        [np.column_stack([time * 1000, s.points * look.xheight]) for s, time in zip(strokes, times, strict=True)]
    )
    return Film(before, after, when, track, look, PEN_COLOUR[: len(mode)])


def _times(strokes: list[PenStroke], times: list[np.ndarray], xheight: float, inked: np.ndarray) -> np.ndarray:
    """When each pixel that gets ink, bool [h,w], gets it: int32 [h,w], ms."""
    canvas = Image.new("I", inked.shape[::-1], int(_NEVER))
    draw = ImageDraw.Draw(canvas)
    # the last first: where strokes cross, the ink is the first one's
    for stroke, when in zip(reversed(strokes), reversed(times), strict=True):
        points, half = stroke.points * xheight, np.maximum(stroke.width * xheight / 2, 0.7)
        ms = np.rint(when * 1000).astype(np.int64).tolist()
        for k in range(len(points) - 1, -1, -1):
            (x, y), reach = points[k].tolist(), float(half[k])
            draw.ellipse((x - reach - 0.5, y - reach - 0.5, x + reach - 0.5, y + reach - 0.5), fill=ms[k])
            if k and np.hypot(*(points[k] - points[k - 1])) > reach:
                ends = [tuple(point) for point in (points[k - 1 : k + 1] - 0.5).tolist()]
                draw.line(ends, fill=ms[k - 1], width=max(1, round(2 * reach)))
    found = np.where(inked, np.asarray(canvas), _NEVER).astype(np.int32)
    return _spread(found, inked)


def _spread(when: np.ndarray, inked: np.ndarray) -> np.ndarray:
    """`when`, and the ink that no stroke covers, such as what has bled, when its neighbours are there."""
    while (open_ := inked & (when == _NEVER)).any():
        wide = np.pad(when, 1, constant_values=_NEVER)
        rows, columns = np.nonzero(open_)
        around = np.stack([wide[rows + i, columns + j] for i in range(3) for j in range(3)]).min(axis=0)
        if (around == _NEVER).all():
            when[open_] = when[when < _NEVER].max(initial=0)  # far from any stroke: at the end
            break
        when[rows, columns] = around
    return when
