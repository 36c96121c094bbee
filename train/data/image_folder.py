"""A plain folder of pictures by character, for the writing of one person or of several.

Either sub-folders named by character with any pictures in them, or pictures named by character; each of them in a
folder named after its writer where there are several. How characters are named is in handsynth/text/charname.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handsynth.errors import DataError, InputError
from handsynth.formats.pictures import open_picture
from handsynth.text.charname import Label, labels, leftover
from train.data.cropped import MOST_PIXELS, add_picture, ink_cover
from train.data.source import TEST, TRAIN, VAL, Drops, GlyphBatch, ReaderOptions, Source, SourceInfo, split_place

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"})
CHUNK = 128
SHARE = 0.1
"""Of the writers are in val, and as many in test; at least one where there are three writers."""


@dataclass
class ImageTask:
    """Some picture files."""

    files: list[tuple[Path, str, str, int, str]]
    """Path, name, character, split, writer."""
    drops: Drops = field(default_factory=Drops)
    done: int = 0


@dataclass(frozen=True)
class PictureFile:
    """One file and what its names say."""

    path: Path
    name: str
    label: Label
    writer: str


class ImageFolder(Source):
    """Pictures in one or more folders. A folder is one writer, who has its name, but for what lies in folders
    of writers. All pictures of a writer are in one split: where only one is known, in train."""

    unit = "images"

    def __init__(self, *paths: str | Path) -> None:
        roots = [Path(path) for path in paths]
        self.about = SourceInfo(f"pictures in {', '.join(root.resolve().name for root in roots)}", "not stated")
        self.details = {}
        self.pictures = [picture for root in roots for picture in _pictures(root, alone=len(roots) == 1)]

    def total(self) -> int:
        return len(self.pictures)

    def tasks(self, options: ReaderOptions) -> Iterator[ImageTask]:
        known = (picture.writer for picture in self.pictures if picture.label.char)
        splits = writer_splits(options.split_seed, "images", sorted(set(known)))
        for first in range(0, len(self.pictures), CHUNK):
            portion = self.pictures[first : first + CHUNK]
            task = ImageTask([], done=len(portion))
            for each in portion:
                char = each.label.char
                if char is None:
                    task.drops.add(each.label.reason, each.name)
                elif options.wants(char):
                    task.files.append((each.path, each.name, char, splits[each.writer], each.writer))
            yield task

    @staticmethod
    def draw(task: ImageTask, options: ReaderOptions) -> GlyphBatch:
        batch = GlyphBatch(drops=task.drops, done=task.done)
        for path, name, char, split, writer in task.files:
            try:
                cover = ink_cover(open_picture(path, MOST_PIXELS, what="it"))
            except InputError as error:
                batch.drops.add("corrupt image", f"{name}: {error}")
                continue
            if isinstance(cover, str):
                batch.drops.add(cover, name)
            else:
                add_picture(batch, cover, char, options, name, writer=writer, split=split, checked=True)
        return batch


def writer_splits(seed: str, source: str, writers: Sequence[str]) -> dict[str, int]:
    """The split of each writer, by a stable hash; of three writers and more, one at least is in val and in test."""
    ranked = sorted(writers, key=lambda writer: split_place(seed, source, writer))
    held = max(1, round(SHARE * len(ranked)))
    test = held if len(ranked) > 1 else 0
    val = held if len(ranked) > 2 else 0
    return {
        writer: TEST if place < test else VAL if place < test + val else TRAIN for place, writer in enumerate(ranked)
    }


def _pictures(root: Path, alone: bool) -> Iterator[PictureFile]:
    """Raises DataError for a folder that is not there or has no picture."""
    if not root.is_dir():
        raise DataError(f"there is no folder {root}; give a folder of pictures by character")
    own = root.resolve().name
    files = sorted(file for file in root.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file())
    names = [file.relative_to(root).as_posix() for file in files]
    pairs = [(file, name) for file, name in zip(files, names, strict=True) if not leftover(name)]
    if not pairs:
        raise DataError(f"{root} holds no picture ({', '.join(sorted(ENDINGS))})")
    for (file, name), label in zip(pairs, labels([name for _, name in pairs]), strict=True):
        writer = own if not label.writer else label.writer if alone else f"{own}/{label.writer}"
        yield PictureFile(file, name if alone else f"{own}/{name}", label, writer)
