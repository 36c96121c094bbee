"""The UNIPEN stroke pack: isolated characters of many writers as pen strokes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from handsynth.errors import DataError
from train.data.npz import load_arrays
from train.data.pen import PenTask, WrittenChar, draw_strokes, pen_tasks
from train.data.source import GlyphBatch, ReaderOptions, Source, SourceInfo

CITATION = (
    "International Unipen Foundation (1999), UNIPEN train_r01_v07, Zenodo record 1195803; Guyon et al., "
    "UNIPEN project of on-line data exchange and recognizer benchmarks, ICPR 1994"
)
ABOUT = SourceInfo("UNIPEN", "CC BY 4.0", CITATION, "https://zenodo.org/records/1195803")
MOST_COORDINATE = 1_000_000
"""1/100 mm: no point of a tablet is farther from its corner."""
ARRAYS = {
    "codepoint": "iu", "writer": "iu", "source": "iu", "source_names": "U", "split": "iu", "curated": "b",
    "strokes_per_char": "iu", "points_per_stroke": "iu", "points": "iu",
}  # fmt: skip


def _ends(values: np.ndarray) -> tuple[Any, ...]:
    """The least and the greatest; none of no values."""
    return (values.min(), values.max()) if values.size else ()


class UnipenPack(Source):
    """`unipen_chars.npz`: points in 1/100 mm, y down; the pack's own split is kept."""

    about = ABOUT

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.arrays = load_arrays(self.path, ARRAYS)
        self.details = {}
        count = len(self.arrays["codepoint"])
        if any(
            len(self.arrays[name]) != count for name in ("writer", "source", "split", "curated", "strokes_per_char")
        ):
            raise DataError(f"{self.path}: its columns differ in length; it is damaged")
        strokes, points = self.arrays["strokes_per_char"], self.arrays["points_per_stroke"]
        if int(strokes.sum()) != len(points) or int(points.sum()) != len(self.arrays["points"]):
            raise DataError(f"{self.path}: its strokes and points do not add up; it is damaged")
        self._check_values()

    def _check_values(self) -> None:
        pack = self.arrays
        bounds = {
            "codepoint": 0x10FFFF, "source": len(pack["source_names"]) - 1, "split": 2,
            "strokes_per_char": 10_000, "points_per_stroke": 1_000_000,
        }  # fmt: skip
        fine = all(
            pack[name].ndim == 1 and all(0 <= int(end) <= most for end in _ends(pack[name]))
            for name, most in bounds.items()
        )
        points = pack["points"]
        fine = (
            fine
            and points.shape[1:] == (2,)
            and (not len(points) or np.abs(points.astype(np.int64)).max() <= MOST_COORDINATE)
        )
        if not fine or any(pack[name].ndim != 1 for name in ("writer", "curated", "source_names")):
            raise DataError(f"{self.path}: it holds numbers that no pack has; it is damaged")

    def total(self) -> int:
        return len(self.arrays["codepoint"])

    def tasks(self, options: ReaderOptions) -> Iterator[PenTask]:
        pack = self.arrays
        strokes = np.concatenate([[0], np.cumsum(pack["strokes_per_char"].astype(int))])
        points = np.concatenate([[0], np.cumsum(pack["points_per_stroke"].astype(int))])
        # by writer, each in written order
        order = np.argsort(pack["writer"], kind="stable")
        bounds = np.flatnonzero(np.diff(pack["writer"][order].astype(int), prepend=-1, append=-1))
        for first, last in zip(bounds[:-1], bounds[1:], strict=True):
            rows = order[first:last]
            glyphs = [
                WrittenChar(
                    chr(int(pack["codepoint"][row])),
                    [
                        pack["points"][points[j] : points[j + 1]] / 100.0
                        for j in range(strokes[row], strokes[row + 1])
                        if points[j] < points[j + 1]
                    ],
                    bool(pack["curated"][row]),
                    f"row {row}",
                )
                for row in rows
            ]
            writer = int(pack["writer"][rows[0]])
            source = str(pack["source_names"][pack["source"][rows[0]]])
            yield from pen_tasks(f"{source}/{writer}", source, int(pack["split"][rows[0]]), glyphs, options)

    @staticmethod
    def draw(task: PenTask, options: ReaderOptions) -> GlyphBatch:
        return draw_strokes(task, options)
