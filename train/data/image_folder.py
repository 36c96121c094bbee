"""A plain folder of pictures by character, for somebody's own writing.

Either sub-folders named by character with any pictures in them, or pictures named by character. Names are
`U+0041` (also `U+0041_anything`), or the single character itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from handsynth.errors import DataError, InputError
from handsynth.pictures import open_picture
from train.data.cropped import MOST_PIXELS, add_picture, ink_cover
from train.data.source import About, Batch, Drops, Options, Source, split_of

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"})
CODE = re.compile(r"U\+([0-9A-Fa-f]{4,6})(?:[ _\-.].*)?")
CHUNK = 128


def char_of(name: str) -> str | None:
    """The character that a name stands for; None if it stands for none."""
    match = CODE.fullmatch(name)
    if match:
        code = int(match[1], 16)
        char = chr(code) if code < 0x110000 else ""
    else:
        # some file systems take accents apart
        char = unicodedata.normalize("NFC", name)
    return char if len(char) == 1 and char.isprintable() and char != " " else None


@dataclass
class ImageTask:
    """Some picture files: path, name within the folder, character, split."""

    files: list[tuple[Path, str, str, int]]
    writer: str
    drops: Drops = field(default_factory=Drops)
    done: int = 0


class ImageFolder(Source):
    """All pictures are taken for one writer's, and are split one by one, since there is no other writer to
    test on."""

    unit = "images"

    def __init__(self, path: str | Path) -> None:
        self.root = Path(path)
        if not self.root.is_dir():
            raise DataError(f"there is no folder {self.root}; give a folder of pictures by character")
        self.about = About(f"pictures in {self.root.name}", "not stated")
        self.details = {}
        found = self.root.rglob("*")
        self.files = sorted(file for file in found if file.suffix.lower() in ENDINGS and file.is_file())
        if not self.files:
            raise DataError(f"{self.root} holds no picture ({', '.join(sorted(ENDINGS))})")

    def total(self) -> int:
        return len(self.files)

    def tasks(self, options: Options) -> Iterator[ImageTask]:
        for first in range(0, len(self.files), CHUNK):
            portion = self.files[first : first + CHUNK]
            task = ImageTask([], self.root.name, done=len(portion))
            for path in portion:
                name = path.relative_to(self.root).as_posix()
                folder = path.parent.name if path.parent != self.root else ""
                char = char_of(folder) or char_of(path.stem)
                if char is None:
                    task.drops.add("neither folder nor name tells a character, such as U+0041", name)
                elif options.wants(char):
                    split = split_of(options.split_seed, "images", name, val=0.1, test=0.1)
                    task.files.append((path, name, char, split))
            yield task

    @staticmethod
    def draw(task: ImageTask, options: Options) -> Batch:
        batch = Batch(drops=task.drops, done=task.done)
        for path, name, char, split in task.files:
            try:
                cover = ink_cover(open_picture(path, MOST_PIXELS, what="it"))
            except InputError as error:
                batch.drops.add("corrupt image", f"{name}: {error}")
                continue
            if isinstance(cover, str):
                batch.drops.add(cover, name)
            else:
                add_picture(batch, cover, char, options, name, writer=task.writer, split=split, checked=True)
        return batch
