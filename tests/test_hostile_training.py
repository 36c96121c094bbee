"""Sources of training data that are built to be endless, or to break their readers."""

from __future__ import annotations

import io
import json
import resource
import struct
import time
import zipfile

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable

from handsynth.errors import DataError, ModelError
from train.data import emnist, femnist, font_files, unipen_format
from train.data.archive import Archive
from train.data.dataset import Dataset
from train.data.npz import load_arrays
from train.data.source import ReaderOptions
from train.data.unipen_pack import ARRAYS, UnipenPack


def font(parts: dict[str, list[str]]):
    """A font whose glyphs are composed of the named ones; of none: a square."""
    names = [".notdef", *parts]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    glyphs = {}
    for name in names:
        pen = TTGlyphPen(dict.fromkeys(names))
        if parts.get(name):
            for part in parts[name]:
                pen.addComponent(part, (1, 0, 0, 1, 0, 0))
        else:
            pen.moveTo((0, 0))
            for point in ((0, 500), (500, 500), (500, 0)):
                pen.lineTo(point)
            pen.closePath()
        glyphs[name] = pen.glyph()
    table = newTable("glyf")
    table.glyphs, table.glyphOrder = glyphs, names
    builder.font["glyf"] = table
    return builder.font


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"a": ["a"]}, "is composed of itself"),
        ({"a": ["b"], "b": ["a"]}, "is composed of itself"),
        ({f"g{i}": 8 * [f"g{i + 1}"] for i in range(20)} | {"g20": []}, "more than 100,000 points"),
    ],
)
def test_glyphs_without_end_are_refused(parts, said):
    begun = time.monotonic()
    with pytest.raises(DataError, match=said):
        font_files.check_components(font(parts), [next(iter(parts))])
    assert time.monotonic() - begun < 2


def test_usual_accents_are_let_in():
    font_files.check_components(font({"aacute": ["a", "acute"], "a": [], "acute": []}), ["aacute", "a"])


@pytest.mark.parametrize("name", ["a.ttf", "a.woff", "a.woff2"])
def test_a_damaged_font_is_one_that_is_left_out(tmp_path, name):
    heads = {"a.ttf": b"\0\1\0\0", "a.woff": b"wOFF", "a.woff2": b"wOF2"}
    (tmp_path / name).write_bytes(heads[name] + bytes(range(256)) * 8)
    with pytest.raises(DataError, match="is no usable font"):
        font_files.load_font(tmp_path / name)


def test_files_that_include_each_other_again_and_again_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unipen_format, "FILES", 1000)
    for i in range(8):
        (tmp_path / f"i{i}.dat").write_text(f".INCLUDE i{i + 1}.dat\n" * 6, encoding="ascii")
    (tmp_path / "i8.dat").write_text(".PEN_UP\n", encoding="ascii")
    with pytest.raises(DataError, match="include each other again and again"):
        unipen_format.read_unipen(tmp_path / "i0.dat", tmp_path)


def pack(**changes) -> dict[str, np.ndarray]:
    arrays = {
        "codepoint": np.array([65]), "writer": np.array([0]), "source": np.array([0]),
        "source_names": np.array(["x"]), "split": np.array([0]), "curated": np.array([True]),
        "strokes_per_char": np.array([1]), "points_per_stroke": np.array([2]), "points": np.array([[0, 0], [1, 1]]),
    }  # fmt: skip
    return arrays | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"points": np.array([[0, 0], [1 << 31, 0]])},
        {"points": np.array([0, 1])},
        {"codepoint": np.array([0x110000])},
        {"source": np.array([1])},
        {"source_names": np.array([], "U1")},
        {"strokes_per_char": np.array([[1]])},
        {"points_per_stroke": np.array([-1, 3])},
    ],
)
def test_packs_of_other_numbers_are_refused(tmp_path, changes):
    np.savez(tmp_path / "fine.npz", **pack())
    assert UnipenPack(tmp_path / "fine.npz").total() == 1
    np.savez(tmp_path / "p.npz", **pack(**changes))
    with pytest.raises(DataError, match="damaged|another kind"):
        UnipenPack(tmp_path / "p.npz")


@pytest.mark.parametrize("head", [b"", b"\x93NUMPY\1\0\x05\0{'a':", b"\x93NUMPY\1\0\x08\0{(((((((", b"\x93NUMPY\x09\0"])
def test_damaged_arrays_end_in_one_line(tmp_path, head):
    with zipfile.ZipFile(tmp_path / "p.npz", "w") as whole:
        for name in ARRAYS:
            whole.writestr(f"{name}.npy", head)
    with pytest.raises(DataError) as error:
        load_arrays(tmp_path / "p.npz", ARRAYS)
    assert "\n" not in str(error.value)


def test_a_damaged_member_of_any_packing_is_one_line(tmp_path):
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED):
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", method) as whole:
            whole.writestr("x.png", np.random.default_rng(1).bytes(1000))
        data = bytearray(path.read_bytes())
        data[400:600] = b"\xff" * 200
        path.write_bytes(data)
        with Archive(path) as archive, pytest.raises(DataError):
            archive.read("x.png")


DEEP = "[" * 40_000


@pytest.mark.parametrize("hidden", ["", '"]]",', '"\\"]]",', '"\\\\",'])
def test_lists_in_lists_without_end_are_refused(tmp_path, hidden):
    file = tmp_path / "all.json"
    file.write_text('{"user_data":{"f0":' + DEEP.replace("[", "[" + hidden), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DataError, match="lists in lists"):
        list(femnist.Femnist(file).tasks(ReaderOptions()))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


def test_brackets_in_names_are_no_lists(tmp_path):
    file = tmp_path / "all.json"
    users = {"[" * 99 + chr(92) + '"' + "{" * 99: {"x": [[1.0] * 784], "y": [3]}, chr(92): {"x": [], "y": []}}
    file.write_text(json.dumps({"user_data": users}), encoding="utf-8")
    for size in (1, 2, 3, 7, 1 << 16):
        shallow = femnist._Shallow(io.BytesIO(file.read_bytes()))
        while shallow.read(size):
            pass
        assert shallow.depth == 0 and not shallow.inside
    assert [task.user for task in femnist.Femnist(file).tasks(ReaderOptions())] == list(users)


def test_items_of_idx_files_are_small(tmp_path):
    file = tmp_path / "emnist-digits-train-images-idx3-ubyte"
    file.write_bytes(struct.pack(">IIII", 2051, 512, 1000, 1000))
    with pytest.raises(DataError, match="it is damaged"):
        emnist.Idx(file)


@pytest.mark.parametrize(
    "manifest", [DEEP, '{"format":1,"n":1,"frame":{"size":64,"baseline":1,"xheight":1' + "0" * 400 + "}}"]
)
def test_a_manifest_of_a_dataset_that_no_reader_holds_is_refused(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises((DataError, ModelError)):
        Dataset.open(tmp_path)
