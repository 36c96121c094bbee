"""UNIPEN's own text release: `data/<category>/<source>/**.dat` with `.INCLUDE` paths relative to
`include/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from handsynth.errors import DataError
from train.data.pen import PenTask, WrittenChar, draw_strokes, pen_tasks
from train.data.source import Drops, GlyphBatch, ReaderOptions, Source, split_of
from train.data.unipen_format import read_unipen
from train.data.unipen_pack import ABOUT

ALL = "2"
"""The category of all isolated characters in written order."""
PARTS = ("1a", "1b", "1c", "1d")
"""Digits, capitals, small letters, symbols: the same characters once more, for sources that lack category
2."""


class Unipen(Source):
    """The release's root folder (it holds `data` and `include`). No label is checked by hand, so none is
    `checked`.

    Writers are split by a stable hash of source/writer, which is not the split of the stroke pack.
    """

    about = ABOUT
    unit = "files"

    def __init__(self, path: str | Path) -> None:
        self.root = Path(path)
        self.details = {}
        self.include = self.root / "include"
        data = self.root / "data"
        if not data.is_dir():
            raise DataError(f"{self.root} is no UNIPEN release: it has no folder data; give the folder that holds it")
        complete = {folder.name for folder in _folders(data / ALL)}
        folders = _folders(data / ALL)
        folders += [f for part in PARTS for f in _folders(data / part) if f.name not in complete]
        self.files = [(folder.name, file) for folder in folders for file in sorted(folder.rglob("*.dat"))]
        if not self.files:
            raise DataError(f"{data} has no .dat file in category 2 or 1a-1d; unpack the whole release")

    def total(self) -> int | None:
        return None

    def tasks(self, options: ReaderOptions) -> Iterator[PenTask]:
        drops = Drops()
        # a writer's size is known only when all files are read; all strokes of the release take some 300 MB
        writers: dict[tuple[str, str], list[WrittenChar]] = {}
        for source, file in self.files:
            name = file.relative_to(self.root).as_posix()
            try:
                recording = read_unipen(file, self.include, self.root)
            except DataError as error:
                drops.add("file cannot be read", str(error))
                continue
            for segment in recording.segments:
                if segment.level != "CHARACTER":
                    continue
                char = segment.label or ""
                if len(char) != 1 or not char.isprintable() or char == " ":
                    drops.add("label is not one visible character", segment.place)
                    continue
                if segment.quality == "BAD":
                    drops.add("marked as bad", segment.place)
                    continue
                try:
                    strokes, writer = recording.strokes(segment)
                except DataError as error:
                    drops.add("segment cannot be read", str(error))
                    continue
                # where no writer is named, each file counts as one
                key = (source, writer or name)
                writers.setdefault(key, []).append(WrittenChar(char, strokes, False, segment.place))
        yield PenTask("", 0, None, 0.0, [], drops, drops_total(drops))
        for source, writer in sorted(writers):
            split = split_of(options.split_seed, source, writer)
            yield from pen_tasks(f"{source}/{writer}", source, split, writers.pop((source, writer)), options)

    @staticmethod
    def draw(task: PenTask, options: ReaderOptions) -> GlyphBatch:
        return draw_strokes(task, options)


def drops_total(drops: Drops) -> int:
    return sum(drops.counts.values())


def _folders(path: Path) -> list[Path]:
    return sorted(entry for entry in path.iterdir() if entry.is_dir()) if path.is_dir() else []
