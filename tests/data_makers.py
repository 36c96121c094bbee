"""Tiny sources of training data, made for tests."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from train.data.dataset import Dataset
from train.data.source import ReaderOptions, Source
from train.prepare import prepare_dataset


def prepared(source: Source | list[Source], output: Path, **options) -> Dataset:
    """Prepare in this process and open the result."""
    sources = source if isinstance(source, list) else [source]
    prepare_dataset(sources, output, ReaderOptions(**options), workers=1)
    return Dataset.open(output)


def ell(size: int = 128, shift: int = 0) -> np.ndarray:
    """A picture of an L, 255 = ink: tall stroke left, foot to the right; so any turn or mirror shows."""
    image = np.zeros((size, size), np.uint8)
    unit = size // 16
    image[3 * unit : 13 * unit, 5 * unit + shift : 6 * unit + shift] = 255
    image[12 * unit : 13 * unit, 5 * unit + shift : 10 * unit + shift] = 255
    return image


def stands_like_ell(image: np.ndarray) -> bool:
    """Whether the ink [H,H] is an L the right way round: heavy on the left and at the foot."""
    rows, columns = np.nonzero(image >= 128)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    corners = {
        "top left": image[top + 1, left + 1],
        "top right": image[top + 1, right - 1],
        "foot left": image[bottom - 1, left + 1],
        "foot right": image[bottom - 1, right - 1],
    }
    return [int(value) >= 128 for value in corners.values()] == [True, False, True, True]


def png(cover: np.ndarray) -> bytes:
    """PNG, black on white, of a picture with 255 = ink."""
    buffer = io.BytesIO()
    Image.fromarray(255 - cover).save(buffer, "png")
    return buffer.getvalue()


def nist_members(chars: str = "AL7", parts: str = "0147", count: int = 2) -> dict[str, bytes]:
    """by_class members: each picture differs; train_<hex> repeats those of hsf_0."""
    members, shift = {}, 0
    for char in chars:
        code = f"{ord(char):02x}"
        for part in parts:
            for number in range(count):
                shift += 1
                data = png(ell(128, shift % 40 - 20))
                members[f"by_class/{code}/hsf_{part}/hsf_{part}_{number:05d}.png"] = data
                if part == "0":
                    members[f"by_class/{code}/train_{code}/train_{code}_{number:05d}.png"] = data
            members[f"by_class/{code}/hsf_{part}.mit"] = b"text list"
    return members


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_folder(path: Path, members: dict[str, bytes]) -> Path:
    for name, data in members.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def write_emnist(folder: Path, kind: str = "byclass", *, zipped: bool = False, count: int = 62) -> Path:
    """An EMNIST folder whose every picture is an L, transposed as in EMNIST; labels 0, 1, 2 …"""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("train", "test"):
        images = np.stack([ell(28).T] * count)
        labels = np.arange(count) % 62
        for name, array in (("images-idx3", images), ("labels-idx1", labels)):
            data = idx(array)
            path = folder / f"emnist-{kind}-{part}-{name}-ubyte"
            if zipped:
                path.with_name(path.name + ".gz").write_bytes(gzip.compress(data))
            else:
                path.write_bytes(data)
    return folder


def write_femnist(path: Path, users: dict[str, list[int]]) -> Path:
    """LEAF JSON: each user with these labels, every picture an L."""
    paper = (1 - ell(28).ravel() / 255).round(3).tolist()
    data = {name: {"x": [paper] * len(labels), "y": labels} for name, labels in users.items()}
    numbers = [len(labels) for labels in users.values()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"users": list(users), "num_samples": numbers, "user_data": data}), encoding="utf-8")
    return path


def write_font(
    path: Path,
    family: str,
    chars: str = "HLxag",
    *,
    lift: int = 0,
    flavor: str | None = None,
    licence: str = "OFL",
) -> Path:
    """A TrueType font in which every character is an L: capitals 700 units high, others 500; g hangs 200 lower."""
    builder = FontBuilder(1000, isTTF=True)
    names = [".notdef"] + [f"u{ord(char):04X}" for char in chars]
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"u{ord(char):04X}" for char in chars})
    glyphs = {".notdef": _glyph(0, 900, lift)}
    for char in chars:
        glyphs[f"u{ord(char):04X}"] = _glyph(-200 if char == "g" else 0, 700 if char.isupper() else 500, lift)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (600, 50) for name in names})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "licenseDescription": licence})
    builder.setupOS2()
    builder.setupPost()
    builder.font.flavor = flavor
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)
    return path


def _glyph(bottom: int, top: int, lift: int):
    pen = TTGlyphPen(None)
    for left, low, right, high in ((50, bottom, 130, top), (130, bottom, 450, bottom + 80)):
        pen.moveTo((left, low + lift))
        pen.lineTo((left, high + lift))
        pen.lineTo((right, high + lift))
        pen.lineTo((right, low + lift))
        pen.closePath()
    return pen.glyph()


ELL_STROKE = [(0, 70), (0, 60), (0, 40), (0, 20), (0, 0), (20, 0), (35, 0)]
"""An L on a tablet whose y grows upwards."""


def unipen_points(points: list[tuple[int, int]], x: int, y: int, size: float = 1.0) -> str:
    return "\n".join(f"{round(x + px * size)} {round(y + py * size)}" for px, py in points)


def write_unipen(root: Path, source: str = "abc", writers: tuple[str, ...] = ("one",), labels: str = "LTHx") -> Path:
    """A release in which every character is an L; small letters smaller. Category 2 and 1b hold the same."""
    for number, writer in enumerate(writers):
        lines = [".COORD X Y", ".X_POINTS_PER_INCH 254", ".Y_POINTS_PER_INCH 254", f".WRITER_ID {writer}"]
        segments = []
        for i, label in enumerate(labels):
            size = 0.7 if label.islower() else 1.0
            lines += [".PEN_UP", ".DT 100", ".PEN_DOWN", unipen_points(ELL_STROKE, 100 * i, 1000, size)]
            lines += [".PEN_UP", f"{100 * i + 50} 1000"]
            escaped = label.replace("\\", "\\\\").replace('"', '\\"')
            segments.append(f'.SEGMENT CHARACTER {2 * i} OK "{escaped}"')
        data = root / "include" / source / f"f{number}.dat"
        data.parent.mkdir(parents=True, exist_ok=True)
        data.write_text("\n".join(lines) + "\n", encoding="latin-1")
        for category in ("2", "1b"):
            path = root / "data" / category / source / f"f{number}.dat"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "\n".join([".VERSION 1.0", f".INCLUDE {source}/f{number}.dat", *segments])
            path.write_text(text + "\n", encoding="latin-1")
    return root


def write_unipen_pack(path: Path, writers: int = 3) -> Path:
    """A stroke pack: each writer draws L, H and x as an L, in his own size; sources abc and kai (uncurated)."""
    chars = "LHx"
    n = writers * len(chars)
    stroke = np.array([(x, 70 - y) for x, y in ELL_STROKE]) * 10
    points, counts = [], []
    for i in range(n):
        size = (0.69 if chars[i % 3] == "x" else 1.0) * (1 + i // 3)
        points.append(np.rint(stroke * size))
        counts.append(len(stroke))
    np.savez(
        path,
        codepoint=np.array([ord(char) for char in chars] * writers, np.uint8),
        writer=np.repeat(np.arange(writers), 3).astype(np.uint16),
        source=(np.repeat(np.arange(writers), 3) == writers - 1).astype(np.uint8),
        source_names=np.array(["abc", "kai"]),
        session=np.zeros(n, np.uint16),
        curated=np.zeros(n, bool),
        split=(np.repeat(np.arange(writers), 3) % 3).astype(np.uint8),
        origin=np.zeros((n, 2), np.int32),
        strokes_per_char=np.ones(n, np.uint8),
        points_per_stroke=np.array(counts, np.uint16),
        points=np.concatenate(points).astype(np.int16),
    )
    return path
