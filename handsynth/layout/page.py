"""Page: one sheet of handwriting as columns of arrays, the data that every writer of a file format reads."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from handsynth.charset import Report
from handsynth.frame import Frame


@dataclass(frozen=True, eq=False)
class Page:
    """n glyphs on a sheet. Lengths are in x-heights from the sheet's upper left corner, x to the right, y down.

    Glyphs are in reading order. A glyph's point (x, y) is where its frame's centre line meets the baseline; it is
    scaled and turned about that point.
    """

    frame: Frame
    width: float
    height: float
    texts: tuple[str, ...]
    """[n]: what each glyph writes, a character with its marks."""
    char: np.ndarray
    """int32 [n]: its (first) character in the model's charset; -1: a box for a missing one."""
    x: np.ndarray
    """float64 [n]."""
    y: np.ndarray
    """float64 [n]."""
    scale: np.ndarray
    """float32 [n]: size, 1 = as drawn."""
    angle: np.ndarray
    """float32 [n]: radians, counter-clockwise as seen."""
    word: np.ndarray
    """int32 [n]: place in `words`."""
    line: np.ndarray
    """int32 [n]: place in `baselines`."""
    letter: np.ndarray
    """int32 [n]: its number inside its word."""
    place: np.ndarray
    """uint64 [n]: the key of its noise."""
    fields: np.ndarray
    """float16 [n,H,H]: signed distance to the edge of the ink in frame px, inside positive."""
    words: tuple[str, ...]
    """Every word in reading order."""
    baselines: np.ndarray
    """float64 [lines]: height of each line, blank ones included."""
    seed: int = 0
    report: Report = field(default_factory=Report)
    """What was not drawn as it was written."""

    def __len__(self) -> int:
        return len(self.texts)

    def boxes(self) -> np.ndarray:
        """Ink boxes float64 [n,4]: left, top, right, bottom on the sheet; empty ones have right < left.

        To the pixel of the frame, and without the (small) angle.
        """
        box = ink_boxes(self.fields, self.frame)
        origin = np.stack([self.x, self.y, self.x, self.y], axis=1)
        result: np.ndarray = origin + box * self.scale[:, None]
        return result


def ink_boxes(fields: np.ndarray, frame: Frame) -> np.ndarray:
    """Ink boxes float64 [n,4] of `fields` [n,H,H] in x-heights about the glyph's point: left, top, right, bottom.

    y grows downwards. Glyphs without ink have right < left.
    """
    rows, columns = (np.empty((len(fields), frame.size), bool) for _ in range(2))
    for start in range(0, len(fields), 4096):
        inside = fields[start : start + 4096] > 0
        rows[start : start + 4096], columns[start : start + 4096] = inside.any(axis=2), inside.any(axis=1)
    size = frame.size
    top, bottom = rows.argmax(axis=1), size - rows[:, ::-1].argmax(axis=1)
    left, right = columns.argmax(axis=1), size - columns[:, ::-1].argmax(axis=1)
    box = np.stack([left - size / 2, top - frame.baseline, right - size / 2, bottom - frame.baseline], axis=1)
    box[~rows.any(axis=1)] = (0.0, 0.0, -1.0, -1.0)
    result: np.ndarray = box / frame.xheight
    return result
