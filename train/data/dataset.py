"""A dataset on disk: columns as .npy files that are memory-mapped, and a manifest.

Field by field: images.npy uint8 [n,H,H] (255 = ink); fields.npy int8 [n,H,H] (sixteenths of a px, signed
distance to the ink's edge, positive inside); codepoints.npy int32 [n]; writers.npy int32 [n] (-1: unknown);
sources.npy int16 [n]; split.npy uint8 [n] (0 train, 1 val, 2 test); checked.npy bool [n]; pens.npy float32
[n] (0: unknown); strokes.npy uint8 [n] (how many pen strokes are known of a glyph; 0 of pictures).

And as long as all strokes together: lengths.npy uint16 [m] (points of each stroke, glyph after glyph), points.npy
int16 [p,2] (256ths of a frame px, x right, y down, from the frame's top left corner).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from handsynth.errors import DataError
from handsynth.frame import Frame
from train.data.source import SPLITS, Drops, GlyphBatch, Source

FORMAT = 2
"""1 had no strokes."""
STEPS = 256
"""Steps of stroke points in a frame px."""
COLUMNS: dict[str, type[np.generic]] = {
    "images": np.uint8,
    "fields": np.int8,
    "codepoints": np.int32,
    "writers": np.int32,
    "sources": np.int16,
    "split": np.uint8,
    "checked": np.bool_,
    "pens": np.float32,
    "strokes": np.uint8,
}
RAGGED: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
    "lengths": (np.uint16, ()),
    "points": (np.int16, (2,)),
}
"""Columns with a length of their own."""


class Column:
    """A .npy file that grows by chunks; the header is written again when the length is known."""

    def __init__(self, path: Path, dtype: type[np.generic], item: tuple[int, ...]) -> None:
        self.dtype, self.item, self.count = np.dtype(dtype), item, 0
        self.file: BinaryIO = path.open("wb")
        self._header()
        self.start = self.file.tell()

    def _header(self) -> None:
        # numpy leaves room in the header for the first axis to grow, so its length does not change
        described = {"descr": self.dtype.str, "fortran_order": False, "shape": (self.count, *self.item)}
        np.lib.format.write_array_header_1_0(self.file, described)

    def append(self, values: np.ndarray) -> None:
        self.file.write(np.ascontiguousarray(values, self.dtype).tobytes())
        self.count += len(values)

    def close(self) -> None:
        self.file.seek(0)
        self._header()
        if self.file.tell() != self.start:
            raise AssertionError("the header of a .npy file changed its length")
        self.file.close()


class DatasetWriter:
    """Writes batches of glyphs, source after source, into `folder`; `finish` writes the manifest."""

    def __init__(self, folder: Path, frame: Frame, placement: str) -> None:
        self.folder, self.frame, self.placement = folder, frame, placement
        square = (frame.size, frame.size)
        self.columns = {
            name: Column(folder / f"{name}.npy", dtype, square if name in ("images", "fields") else ())
            for name, dtype in COLUMNS.items()
        }
        self.columns |= {name: Column(folder / f"{name}.npy", *kind) for name, kind in RAGGED.items()}
        self.sources: list[dict[str, Any]] = []
        self.writers: dict[tuple[int, str], int] = {}
        self.classes: dict[int, int] = {}
        self.splits = dict.fromkeys(SPLITS, 0)
        self.count = 0

    def start(self, source: Source) -> None:
        """All batches from now on belong to `source`."""
        self.drops = Drops()
        about = source.about
        self.sources.append(
            {"name": about.name, "licence": about.licence, "citation": about.citation, "url": about.url}
            | {"glyphs": 0, "writers": 0, "details": source.details}
        )

    def add(self, batch: GlyphBatch) -> None:
        """Append a batch; order is kept."""
        self.drops.update(batch.drops)
        if not batch.chars:
            return
        row = len(self.sources) - 1
        known = len(self.writers)
        writers = [self.writers.setdefault((row, w), len(self.writers)) if w else -1 for w in batch.writers]
        codes = [ord(char) for char in batch.chars]
        values: dict[str, Any] = {
            "images": np.stack(batch.images),
            "fields": np.stack(batch.fields),
            "codepoints": codes,
            "writers": writers,
            "sources": [row] * len(codes),
            "split": batch.splits,
            "checked": batch.checked,
            "pens": batch.pens,
            "strokes": [len(strokes) for strokes in batch.strokes],
        }
        paths = [np.rint(path * STEPS) for strokes in batch.strokes for path in strokes]
        values["lengths"] = [len(path) for path in paths]
        values["points"] = np.concatenate(paths) if paths else np.empty((0, 2))
        for name, column in self.columns.items():
            column.append(np.asarray(values[name], column.dtype))
        for code in codes:
            self.classes[code] = self.classes.get(code, 0) + 1
        for split in batch.splits:
            self.splits[SPLITS[split]] += 1
        self.count += len(codes)
        self.sources[row]["glyphs"] += len(codes)
        self.sources[row]["writers"] += len(self.writers) - known

    def end(self) -> None:
        """The current source is read to its end."""
        self.sources[-1]["dropped"] = dict(sorted(self.drops.counts.items()))
        self.sources[-1]["dropped_examples"] = dict(sorted(self.drops.examples.items()))

    def finish(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Close the columns and write the manifest, which is returned.

        Raises DataError if there is no glyph, or only one class.
        """
        self.close()
        if len(self.classes) < 2:
            found = f"only {chr(next(iter(self.classes)))!r}" if self.classes else "no glyph"
            dropped = sum(sum(source["dropped"].values()) for source in self.sources)
            raise DataError(f"the sources give {found} ({dropped} dropped); a dataset needs at least two characters")
        manifest = {
            "format": FORMAT,
            "frame": self.frame.to_dict(),
            "n": self.count,
            "placement": self.placement,
            "options": dict(options),
            "sources": self.sources,
            "splits": self.splits,
            "classes": {chr(code): count for code, count in sorted(self.classes.items())},
            "writers": [{"source": row, "name": name} for row, name in self.writers],
            "sha256": {f"{name}.npy": file_hash(self.folder / f"{name}.npy") for name in (*COLUMNS, *RAGGED)},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        (self.folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
        return manifest

    def close(self) -> None:
        for column in self.columns.values():
            if not column.file.closed:
                column.close()


@dataclass(frozen=True)
class Dataset:
    """A dataset, memory-mapped: rows are read from disk as they are used."""

    path: Path
    manifest: dict[str, Any]
    frame: Frame
    images: np.ndarray
    fields: np.ndarray
    codepoints: np.ndarray
    writers: np.ndarray
    sources: np.ndarray
    split: np.ndarray
    checked: np.ndarray
    pens: np.ndarray
    strokes: np.ndarray
    lengths: np.ndarray
    points: np.ndarray

    def __len__(self) -> int:
        return len(self.codepoints)

    @classmethod
    def open(cls, path: str | Path) -> Dataset:
        """Open the dataset in a folder. Raises DataError if it is none, or damaged."""
        folder = Path(path)
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            form, count, frame = manifest["format"], int(manifest["n"]), Frame.from_dict(manifest["frame"])
        except FileNotFoundError as error:
            raise DataError(
                f"{folder} is no dataset: it has no manifest.json; run `python -m train prepare`"
            ) from error
        except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise DataError(f"the manifest of {folder} is not readable ({error}); prepare the dataset again") from error
        if form != FORMAT:
            raise DataError(f"{folder} has dataset format {form}, this version reads {FORMAT}; prepare it again")
        columns: dict[str, np.ndarray] = {}
        for name, dtype in (COLUMNS | {name: kind for name, (kind, _) in RAGGED.items()}).items():
            shape: tuple[int, ...] = (count, frame.size, frame.size) if name in ("images", "fields") else (count,)
            if name in RAGGED:  # as many as the column before them adds up to
                before = columns["strokes" if name == "lengths" else "lengths"]
                shape = (int(before.sum(dtype=np.int64)), *RAGGED[name][1])
            try:
                # small columns are held in memory: they are indexed at random all the time
                column = np.load(folder / f"{name}.npy", mmap_mode="r" if len(shape) > 1 else None, allow_pickle=False)
            except Exception as error:  # the reader of damaged headers fails in any way
                raise DataError(f"{folder}/{name}.npy is damaged ({error}); prepare the dataset again") from error
            if column.shape != shape or column.dtype != dtype:
                raise DataError(
                    f"{folder}/{name}.npy is {column.dtype} {column.shape}, the manifest says {shape}; prepare it again"
                )
            columns[name] = column
        return cls(folder, manifest, frame, **columns)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
