"""A plugin for handsynth: a file format, an effect and a container of one's own.

pip install examples/plugin
handsynth render "Dear Ada," -o places.csv
handsynth corpus make sentences -n 10 -o lines --effects vignette --container zip
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from handsynth import Container, Draw, Effect, Effected, Entry, Format, Look, Page

FORMAT = Format(__name__)
"""Its module, which has `part` and `join`; a file a page."""


def part(page: Page, look: Look) -> str:
    """Each glyph of a page, its line, and where its origin stands, in px."""
    rows = ["glyph,line,x,y"]
    for number in range(len(page.x)):
        line = int(page.line[number])
        y = float(page.baselines[line])
        rows.append(f"{number},{line},{float(page.x[number]) * look.xheight:.2f},{y * look.xheight:.2f}")
    return "\n".join(rows) + "\n"


def join(parts: Iterator[str], file: BinaryIO, look: Look) -> None:
    """The file of one page."""
    file.write(next(parts).encode())


def vignette(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Darker corners; `draw` has the random numbers of this picture, the same for the same corpus."""
    high, wide = image.shape[:2]
    y, x = np.ogrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j]
    dark = 1 - strength * draw.uniform(0.2, 0.4) * (x**2 + y**2) / 2
    shaded = image * (dark if image.ndim == 2 else dark[..., None])
    return Effected(shaded.round().astype(np.uint8))


EFFECT = Effect("vignette", "darker corners", vignette)

CONTAINER = Container(__name__, "shards/{k:06d}.zip")
"""Its module, which has `write` and `read`, and where shards lie."""


def write(entries: Iterator[Entry], path: Path) -> int:
    """A ZIP file of a shard, with the same bytes for the same entries; how many they were."""
    count = 0
    with zipfile.ZipFile(path, "w") as archive:
        for count, entry in enumerate(entries, 1):  # noqa: B007
            for ending, data in entry.files.items():
                archive.writestr(zipfile.ZipInfo(f"{entry.key}.{ending}"), data)
    return count


def read(path: Path) -> Iterator[Entry]:
    """The entries again."""
    with zipfile.ZipFile(path) as archive:
        key, files = "", dict[str, bytes]()
        for name in archive.namelist():
            stem, _, ending = name.partition(".")
            if stem != key and files:
                yield Entry(key, files)
                files = {}
            key, files[ending] = stem, archive.read(name)
        if files:
            yield Entry(key, files)
