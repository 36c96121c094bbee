"""Glyphs: drawings of characters in the frame, as fields or as pen strokes, behind one interface.

What is above this asks for coverage at a size, for bounds, outlines or strokes, never for how a model draws. Arrays: n
glyphs, H the frame's size; coordinates in frame px, x to the right and y down, unless said otherwise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from handsynth.frame import STANDARD, Frame
from handsynth.ink.coverage import over
from handsynth.ink.fields import FAR
from handsynth.ink.paths import Paths

if TYPE_CHECKING:
    from handsynth.ink.centreline import Trace
    from handsynth.ink.contours import Contours
    from handsynth.ink.outline import Outlines
    from handsynth.ink.profiles import Profiles

Tile = tuple[int, int, int, np.ndarray]
"""A glyph's number, left, top, and coverage uint8 [h,w] of the pixels that it may touch."""


class Glyphs(ABC):
    """n drawings; immutable."""

    size: int
    """H."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def take(self, rows: np.ndarray | slice) -> Glyphs:
        """Some of them, in any order and number."""

    @abstractmethod
    def ink(self) -> np.ndarray:
        """Coverage f32 [n,H,H] in 0..1 of the frame's own pixels."""

    @abstractmethod
    def fields(self) -> np.ndarray:
        """Signed distance to the edge of the ink, float16 [n,H,H]: frame px, positive inside, within ±4."""

    @abstractmethod
    def boxes(self, frame: Frame) -> np.ndarray:
        """Ink boxes float64 [n,4] in x-heights about the glyph's point: left, top, right, bottom, y down.

        Glyphs without ink have right < left.
        """

    @abstractmethod
    def profiles(self, frame: Frame) -> Profiles:
        """Left and right edges of the ink, row by row (see layout.spacing)."""

    @abstractmethod
    def hulls(self, frame: Frame, level: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """Convex hulls of the ink, grown by -`level`: corners float64 [p,2] and where each begins int64 [n+1]."""

    @abstractmethod
    def outlines(self, frame: Frame, tolerance: float, least: float) -> Outlines:
        """Closed contours within `tolerance`; those of less than `least` px² may be dropped as dirt."""

    @abstractmethod
    def contours(self, frame: Frame) -> Contours:
        """The edge of the ink as closed polylines."""

    @abstractmethod
    def traces(self, frame: Frame) -> list[list[Trace]]:
        """The pen strokes of each glyph, in the order in which they are written."""

    @abstractmethod
    def tiles(
        self, frame: Frame, xheight: np.ndarray, x: np.ndarray, y: np.ndarray, angle: np.ndarray, slant: np.ndarray,
        depth: np.ndarray,
    ) -> Iterator[Tile]:  # fmt: skip
        """Ink of each glyph that has any at its place on a picture, in no order; columns as in `lay`."""

    @abstractmethod
    def lay(
        self, canvas: np.ndarray, frame: Frame, xheight: np.ndarray, x: np.ndarray, y: np.ndarray, angle: np.ndarray,
        slant: np.ndarray, depth: np.ndarray, *, dpi: float | None = None,
    ) -> None:  # fmt: skip
        """Lay the ink of all glyphs on `canvas`, uint8 [h,w] coverage, in place.

        Each column float [n]: px of an x-height; the place of the glyph's point (centre line, baseline); radians
        counter-clockwise; shear, x per height; share of full ink. `dpi`: pixels per inch, by which the paper's tooth
        shows under a pencil; None: as if a small x were 2 mm high.
        """

    @abstractmethod
    def thicker(self, extra: np.ndarray | float) -> Glyphs:
        """Ink whose edge lies `extra` px further out, one number or [n]."""

    @abstractmethod
    def wider(self, times: np.ndarray | float) -> Glyphs:
        """Ink of strokes that are so many times as wide, one number or [n]: what is written bold."""

    @abstractmethod
    def sheared(self, slant: float, frame: Frame) -> Glyphs:
        """Ink sheared by `slant`, x per height, about the middle of a small letter."""

    @abstractmethod
    def pooled(self, frame: Frame, amount: float) -> Glyphs:
        """Ink that pools where strokes end."""

    @abstractmethod
    def keys(self) -> list[bytes]:
        """Equal for equal drawings."""

    @property
    def strokes(self) -> Paths | None:
        """The pen strokes themselves, where the drawing is made of them."""
        return None


class FieldGlyphs(Glyphs):
    """Drawings given as signed distance fields [n,H,H], float16 or float32."""

    def __init__(self, array: np.ndarray) -> None:
        self.array, self.size = array, array.shape[-1]

    def __len__(self) -> int:
        return len(self.array)

    def take(self, rows: np.ndarray | slice) -> FieldGlyphs:
        return FieldGlyphs(self.array[rows])

    def ink(self) -> np.ndarray:
        return np.asarray(np.clip(self.array.astype(np.float32) + np.float32(0.5), 0, 1))

    def fields(self) -> np.ndarray:
        return self.array.astype(np.float16, copy=False)

    def boxes(self, frame: Frame) -> np.ndarray:
        from handsynth.ink.fields import ink_boxes

        return ink_boxes(self.array, frame)

    def profiles(self, frame: Frame) -> Profiles:
        from handsynth.ink.profiles import Profiles, profiles

        parts = [profiles(self.array[i : i + 1024], frame) for i in range(0, max(1, len(self)), 1024)]
        return Profiles(np.concatenate([p.left for p in parts]), np.concatenate([p.right for p in parts]))

    def hulls(self, frame: Frame, level: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        from handsynth.ink.hulls import hulls

        return hulls(self.fields(), frame, level)

    def outlines(self, frame: Frame, tolerance: float, least: float) -> Outlines:
        from handsynth.ink.outline import outlines

        return outlines(self.array, frame, tolerance, least)

    def contours(self, frame: Frame) -> Contours:
        from handsynth.ink.contours import trace

        return trace(self.array, frame)

    def traces(self, frame: Frame) -> list[list[Trace]]:
        from handsynth.ink.centreline import traces

        return traces(self.array, frame)

    def tiles(
        self, frame: Frame, xheight: np.ndarray, x: np.ndarray, y: np.ndarray, angle: np.ndarray, slant: np.ndarray,
        depth: np.ndarray,
    ) -> Iterator[Tile]:  # fmt: skip
        from handsynth.ink.field import coverages

        return coverages(self.fields(), frame, xheight, x, y, angle, slant, depth)

    def lay(
        self, canvas: np.ndarray, frame: Frame, xheight: np.ndarray, x: np.ndarray, y: np.ndarray, angle: np.ndarray,
        slant: np.ndarray, depth: np.ndarray, *, dpi: float | None = None,
    ) -> None:  # fmt: skip
        for _, left, top, drawn in self.tiles(frame, xheight, x, y, angle, slant, depth):
            over(canvas, left, top, drawn)

    def thicker(self, extra: np.ndarray | float) -> FieldGlyphs:
        if not isinstance(extra, np.ndarray):
            extra = np.full(len(self), extra)
        raised = self.array + extra.astype(self.array.dtype)[:, None, None]
        # what is far from ink stays so: pieces of signs are scaled
        return FieldGlyphs(np.where(self.array > FAR, np.clip(raised, FAR, -FAR), self.array.dtype.type(FAR)))

    def wider(self, times: np.ndarray | float) -> FieldGlyphs:
        from handsynth.ink.strokes import half_width

        half = np.array([half_width(field.astype(np.float32)) for field in self.array])
        return self.thicker(half * (np.broadcast_to(np.asarray(times, np.float64), (len(self),)) - 1))

    def sheared(self, slant: float, frame: Frame) -> FieldGlyphs:
        size = frame.size
        shift = slant * (frame.baseline - frame.xheight / 2 - np.arange(size) - 0.5)
        column = (np.arange(size)[None, :] - shift[:, None]).clip(0, size - 1.001)
        left = column.astype(np.int64)
        part = (column - left).astype(np.float32)
        place = (left + size * np.arange(size)[:, None]).ravel()
        flat = np.ascontiguousarray(self.array, np.float32).reshape(len(self), -1)
        start, result = flat.take(place, axis=1), flat.take(place + 1, axis=1)
        result -= start
        result *= part.ravel()
        result += start
        return FieldGlyphs(result.reshape(self.array.shape))

    def pooled(self, frame: Frame, amount: float) -> FieldGlyphs:
        from handsynth.ink.pooling import pool

        return FieldGlyphs(pool(self.fields(), frame, amount))

    def keys(self) -> list[bytes]:
        return [field.tobytes() for field in self.array]


class PenGlyphs(Glyphs):
    """Drawings given as the strokes of pens."""

    def __init__(self, paths: Paths, size: int) -> None:
        self.paths, self.size = paths, size

    @cached_property
    def swept(self) -> Paths:
        """The strokes as wide and as dark as their pens make them; round pens change nothing."""
        if self.paths.pen is None:
            return self.paths
        from handsynth.ink.pensweep import swept

        return swept(self.paths, self.size * STANDARD.xheight / STANDARD.size)

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def strokes(self) -> Paths:
        return self.paths

    def take(self, rows: np.ndarray | slice) -> PenGlyphs:
        return PenGlyphs(self.paths.take(rows), self.size)

    @cached_property
    def _framed(self) -> Paths:
        """The strokes as wide as they are, with extenders that the frame has room for."""
        from handsynth.ink.extenders import within

        times = self.size / STANDARD.size
        frame = Frame(self.size, round(STANDARD.baseline * times), STANDARD.xheight * times)
        fitting = within(self.paths, self.swept, frame)
        return self.swept if fitting is self.paths else PenGlyphs(fitting, self.size).swept

    def ink(self) -> np.ndarray:
        from handsynth.ink.penink import frames

        cover = frames(self._framed, self.size).astype(np.float32)
        cover *= np.float32(1 / 255)
        return cover

    def fields(self) -> np.ndarray:
        from handsynth.ink.penink import fields

        return fields(self._framed, self.size)

    def boxes(self, frame: Frame) -> np.ndarray:
        box = self.swept.bounds()
        there = box[:, 2] > box[:, 0]
        about = (box - np.array([frame.size / 2, frame.baseline] * 2)) / frame.xheight
        return np.where(there[:, None], about, np.array([0.0, 0.0, -1.0, -1.0]) / frame.xheight)

    def profiles(self, frame: Frame) -> Profiles:
        from handsynth.ink.penshape import profiles

        return profiles(self.swept, frame)

    def hulls(self, frame: Frame, level: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        from handsynth.ink.penshape import hulls

        return hulls(self.swept, frame, level)

    def outlines(self, frame: Frame, tolerance: float, least: float) -> Outlines:
        from handsynth.ink.penoutline import outlines

        return outlines(self.swept, tolerance, least)

    def ribbons(self, tolerance: float) -> Outlines:
        from handsynth.ink.penribbons import ribbons

        return ribbons(self.swept, tolerance)

    def contours(self, frame: Frame) -> Contours:
        from handsynth.ink.penoutline import contours

        return contours(self.swept)

    def traces(self, frame: Frame) -> list[list[Trace]]:
        from handsynth.ink.penshape import traces

        return traces(self.swept)

    def placed(
        self, frame: Frame, xheight: np.ndarray, x: np.ndarray, y: np.ndarray, angle: np.ndarray, slant: np.ndarray
    ) -> Paths:
        """The strokes on a picture, in px, their points as close as that needs."""
        from dataclasses import replace

        from handsynth.ink.penink import fitted

        k = np.asarray(xheight, np.float64) / frame.xheight
        fine = fitted(self.swept, float(k.max(initial=0.1)))
        cos, sin = np.cos(np.asarray(angle, np.float64)), np.sin(np.asarray(angle, np.float64))
        slant = np.asarray(slant, np.float64)
        a, b = k * cos, k * (sin - slant * cos)
        c, d = -k * sin, k * (cos + slant * sin)
        centre, base = frame.size / 2, frame.baseline
        rows = [[a, b, x - a * centre - b * base], [c, d, y - c * centre - d * base]]
        matrices = np.stack([np.stack(row, axis=1) for row in rows], axis=1)
        return replace(fine.moved(matrices), width=(fine.width * k[fine.owner]).astype(np.float32))

    def tiles(
        self, frame: Frame, xheight: np.ndarray, x: np.ndarray, y: np.ndarray, angle: np.ndarray, slant: np.ndarray,
        depth: np.ndarray,
    ) -> Iterator[Tile]:  # fmt: skip
        from handsynth.ink.penink import pictures

        paths = self.placed(frame, xheight, x, y, angle, slant)
        return pictures(paths, depth)

    def lay(
        self, canvas: np.ndarray, frame: Frame, xheight: np.ndarray, x: np.ndarray, y: np.ndarray, angle: np.ndarray,
        slant: np.ndarray, depth: np.ndarray, *, dpi: float | None = None,
    ) -> None:  # fmt: skip
        from handsynth.ink.penlay import lay, tooth

        paths = self.placed(frame, xheight, x, y, angle, slant)
        if len(paths.points):
            full = None if (depth >= 1).all() else np.asarray(depth, np.float32)[paths.owner]
            lay(canvas, paths, full, tooth(dpi, xheight))

    def thicker(self, extra: np.ndarray | float) -> PenGlyphs:
        from dataclasses import replace

        more = np.broadcast_to(np.asarray(extra, np.float32), (len(self),))[self.paths.owner]
        width = np.maximum(self.paths.width + 2 * more, np.float32(0.2))
        return PenGlyphs(replace(self.paths, width=width.astype(np.float32)), self.size)

    def wider(self, times: np.ndarray | float) -> PenGlyphs:
        return PenGlyphs(self.paths.wider(times), self.size)

    def sheared(self, slant: float, frame: Frame) -> PenGlyphs:
        from dataclasses import replace

        points = self.paths.points.copy()
        points[:, 0] += np.float32(slant) * (np.float32(frame.baseline - frame.xheight / 2) - points[:, 1])
        return PenGlyphs(replace(self.paths, points=points), self.size)

    def pooled(self, frame: Frame, amount: float) -> PenGlyphs:
        from handsynth.ink.penshape import pooled

        return PenGlyphs(pooled(self.paths, amount), self.size)

    def keys(self) -> list[bytes]:
        paths = self.paths
        result = []
        for first, stop in zip(paths.glyphs[:-1].tolist(), paths.glyphs[1:].tolist(), strict=True):
            ends = paths.strokes[first : stop + 1]
            parts = paths.points[ends[0] : ends[-1]].tobytes() if stop > first else b""
            pen = b"" if paths.pen is None else paths.pen[first:stop].tobytes()
            result.append(parts + np.diff(ends).tobytes() + paths.width[first:stop].tobytes() + pen)
        return result


NONE = FieldGlyphs(np.empty((0, 0, 0), np.float16))
"""No drawings."""


def joined(parts: Sequence[Glyphs], size: int) -> Glyphs:
    """The glyphs of all parts, which draw alike, one after the other; `size` is the frame's where there are none."""
    if len(parts) == 1:
        return parts[0]
    pens = [part.paths for part in parts if isinstance(part, PenGlyphs)]
    if parts and len(pens) == len(parts):
        return PenGlyphs(Paths.joined(pens), size)
    if not parts:
        return FieldGlyphs(np.empty((0, size, size), np.float16))
    # as exact as they come: what is drawn with a drawing must not round it
    arrays = [part.array if isinstance(part, FieldGlyphs) else part.fields() for part in parts]
    return FieldGlyphs(np.concatenate(arrays))
