"""The parsers: for each some good inputs, and what reads them."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from handsynth.cli.app import app as _app
from handsynth.provenance import recorded

from .mutate import damaged, tree

GROUP = _app

Reader = Callable[[bytes, Path], object]


@dataclass(frozen=True)
class Target:
    """`seeds` gives good inputs; `read` takes one, and an empty folder to work in."""

    seeds: Callable[[], list[bytes]]
    read: Reader
    mutate: Callable[[bytes, random.Random], bytes] = damaged


def _file(read: Callable[[Path], object], name: str) -> Reader:
    """A reader of files."""

    def reader(data: bytes, folder: Path) -> object:
        path = folder / name
        path.write_bytes(data)
        return read(path)

    return reader


def _stub() -> dict[str, bytes]:
    import stub_model

    return stub_model.members()


def _zips() -> list[bytes]:
    made = []
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, data in _stub().items():
                archive.writestr(name, data)
        made.append(file.getvalue())
    return made


def _model(path: Path) -> object:
    from handsynth.model.model import Model

    model = Model.open(path, threads=1)
    return [model.graph(name) for name in model.members]


def _graph(data: bytes, _: Path) -> object:
    from handsynth.model.graphs import OnnxGraph

    return OnnxGraph("prior.onnx", data, "m")


def _cards() -> list[bytes]:
    import stub_model

    return [stub_model.card({"prior.onnx": b""}).to_json().encode()]


def _card(data: bytes, _: Path) -> object:
    from handsynth.model.card import Card

    return Card.from_json(data.decode("utf-8", "replace"))


def _hands() -> list[bytes]:
    from handsynth.hands import handfile
    from handsynth.hands.hand import Hand
    from handsynth.hands.letters import LetterLatents
    from handsynth.hands.originals import Originals

    numbers = np.linspace(-1, 1, 8, dtype=np.float32)
    known = LetterLatents(("a", "b"), np.stack([numbers, -numbers]), np.ones((2, 8), np.float32))
    fields = np.zeros((2, 16, 16), np.float16)
    hand = Hand("me", numbers, "0" * 64, 0.3, known=known, originals=Originals(("a", "b"), fields))
    return [json.dumps(handfile.data(hand)).encode()]


def _hand(path: Path) -> object:
    from handsynth.hands import handfile
    from handsynth.hands.hand import Hand

    return handfile.data(Hand.load(path))


def _toml() -> bytes:
    from handsynth.document.style import Style

    return Style().toml().encode()


def _style(path: Path) -> object:
    from handsynth.document.style import Style

    return Style.load(path).arguments()


def _text(data: bytes, _: Path) -> object:
    from handsynth.cli import console
    from handsynth.document import blocks

    text = console._decode(data, "text")
    return [*blocks.markdown(text), *blocks.plain(text, True)]


def _pictures() -> list[bytes]:
    image = Image.fromarray(np.random.default_rng(1).integers(0, 255, (24, 31, 3), np.uint8))
    made = []
    how = [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("WEBP", {}), ("WEBP", {"lossless": True}),
           ("TIFF", {}), ("TIFF", {"compression": "tiff_deflate"}), ("BMP", {}), ("GIF", {})]  # fmt: skip
    for kind, options in how:
        file = io.BytesIO()
        image.save(file, kind, **options)
        made.append(file.getvalue())
    return made


def _picture(data: bytes, _: Path) -> object:
    from handsynth.formats.pictures import open_picture

    return open_picture(io.BytesIO(data))


def _written() -> list[bytes]:
    from drawn import FACTS, page

    from handsynth.formats import FORMATS, encode
    from handsynth.formats.look import Look

    metadata = {**FACTS, "Command": json.dumps(["render", "TEXT", "-o", "OUT.png", "--seed", "3"])}
    return [encode(page("abc"), suffix, Look(20, metadata=metadata)) for suffix in FORMATS]


def _again(path: Path) -> object:
    from handsynth.cli import commandline
    from handsynth.provenance import provenance

    words = provenance.command(recorded.record_of(path))
    return commandline.line(GROUP, words), commandline.outputs_elsewhere(GROUP, words)


def _command(data: bytes, _: Path) -> object:
    from handsynth.cli import commandline
    from handsynth.provenance import provenance

    words = provenance.command({"Command": data.decode("utf-8", "replace")})
    return commandline.line(GROUP, words), commandline.outputs_elsewhere(GROUP, words)


def _recipe(data: bytes, _: Path) -> object:
    from handsynth.corpus.recipe import Recipe

    return Recipe.from_json(data.decode("utf-8", "replace"))


def _recipes() -> list[bytes]:
    from handsynth.corpus.recipe import Recipe

    return [Recipe(texts=("numbers",)).to_json().encode()]


def _corpora() -> list[bytes]:
    shard = {"number": 0, "name": "shards/000000", "first": 0, "count": 1, "bytes": 1, "sha256": "0" * 64}
    beside = {"name": "truth.jsonl", "bytes": 1, "sha256": "0" * 64}
    made = {"container": "files", "samples": 1, "recipe": {"picture": "png", "truth": ["alto"]}}
    return [json.dumps(made | {"shards": some, "beside": [beside]}).encode() for some in ([shard], [])]


def _corpus(path: Path) -> object:
    from handsynth.corpus.verify import verify_corpus

    return verify_corpus(str(path.parent))


def _lines(path: Path) -> object:
    from handsynth.corpus.textfile import TextFile

    return TextFile.open(path)


def _unipen(path: Path) -> object:
    from train.data.unipen_format import read_unipen

    recording = read_unipen(path, path.parent)
    return [recording.strokes(segment) for segment in recording.segments]


_UNIPEN = b""".VERSION 1.0
.COORD X Y T
.X_POINTS_PER_INCH 100
.WRITER_ID me
.INCLUDE a.dat
.SEGMENT CHARACTER 0-1 OK "a"
.PEN_DOWN
1 2 3
4 5 6
.PEN_UP
1 1 1
.PEN_DOWN
7 8 9
"""


def _packs() -> list[bytes]:
    file = io.BytesIO()
    np.savez(
        file, codepoint=np.array([65]), writer=np.array([0]), source=np.array([0]), source_names=np.array(["x"]),
        split=np.array([0]), curated=np.array([True]), strokes_per_char=np.array([1]),
        points_per_stroke=np.array([2]), points=np.array([[0, 0], [1, 1]]),
    )  # fmt: skip
    return [file.getvalue()]


def _pack(path: Path) -> object:
    from train.data.unipen_pack import UnipenPack

    return UnipenPack(path)


def _fonts() -> list[bytes]:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "n", "x"])
    builder.setupCharacterMap({ord("n"): "n", ord("x"): "x"})
    builder.setupGlyf(dict.fromkeys([".notdef", "n", "x"], pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", "n", "x"], (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "F"})
    builder.setupOS2()
    builder.setupPost()
    made = []
    for flavour in (None, "woff", "woff2"):
        builder.font.flavor = flavour
        file = io.BytesIO()
        builder.font.save(file)
        made.append(file.getvalue())
    return made


def _font(path: Path) -> object:
    from train.data.font_files import FontFiles
    from train.data.source import ReaderOptions

    source, options = FontFiles(path.parent), ReaderOptions()
    return [source.draw(task, options) for task in source.tasks(options)]


def _archive(path: Path) -> object:
    from train.data.archive import Archive

    with Archive(path) as archive:
        return [archive.read(name) for name in archive.names()]


def _users() -> list[bytes]:
    return [json.dumps({"users": ["f0"], "user_data": {"f0": {"x": [[0.5] * 784], "y": [3]}}}).encode()]


def _femnist(path: Path) -> object:
    from train.data.femnist import Femnist
    from train.data.source import ReaderOptions

    return list(Femnist(path).tasks(ReaderOptions()))


def _items() -> list[bytes]:
    raw = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4]) + bytes(range(32))
    return [gzip.compress(raw, mtime=0), gzip.compress(raw[:3] + b"\1" + raw[4:8] + b"\1\2", mtime=0)]


def _idx(path: Path) -> object:
    from train.data.emnist import Idx

    with Idx(path) as file:
        return sum(len(chunk) for chunk in file.chunks(512))


TARGETS = {
    "model zip": Target(_zips, _file(_model, "m.zip")),
    "ONNX graph": Target(lambda: [_stub()["prior.onnx"]], _graph),
    "card": Target(_cards, _card, tree),
    "hand": Target(_hands, _file(_hand, "me.hand"), tree),
    "style": Target(lambda: [_toml()], _file(_style, "s.toml")),
    "text and Markdown": Target(lambda: [b"# Ada\n\n- *dear* [a](b)\n\n> `x`\n\n1. y\n\nA b\xc3\xa9.\n"], _text),
    "picture": Target(_pictures, _picture),
    "record in a file": Target(_written, _file(_again, "a.dat")),
    "recorded command": Target(lambda: [b'["sheet", "-o", "OUT.png", "--seed", "3", "--", "-a"]'], _command, tree),
    "corpus recipe": Target(_recipes, _recipe, tree),
    "corpus manifest": Target(_corpora, _file(_corpus, "manifest.json"), tree),
    "text of a corpus": Target(lambda: [b"one\ntwo\r\nthree\xc3\xa9\n"], _file(_lines, "t.txt")),
    "UNIPEN": Target(lambda: [_UNIPEN], _file(_unipen, "a.dat")),
    "FEMNIST": Target(_users, _file(_femnist, "all.json"), tree),
    "IDX": Target(_items, _file(_idx, "i.gz")),
    "stroke pack": Target(_packs, _file(_pack, "p.npz")),
    "training font": Target(_fonts, _file(_font, "f.ttf")),
    "training archive": Target(_zips, _file(_archive, "a.zip")),
}
