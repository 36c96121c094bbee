"""NIST, EMNIST, FEMNIST, plain folders and fonts: right counts, the right way round, no image twice."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from data_makers import (
    ell,
    idx,
    nist_members,
    png,
    prepared,
    stands_like_ell,
    write_emnist,
    write_femnist,
    write_folder,
    write_font,
    write_zip,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handsynth.errors import DataError
from handsynth.frame import ink_box
from handsynth.text.charname import char_of
from train.data.emnist import Emnist, Idx
from train.data.femnist import Femnist
from train.data.font_files import FontFiles
from train.data.image_folder import ImageFolder
from train.data.nist import Nist
from train.data.source import ReaderOptions


def test_nist_zip_counts_partitions_once(tmp_path: Path) -> None:
    data = prepared(Nist(write_zip(tmp_path / "by_class.zip", nist_members())), tmp_path / "set")
    assert len(data) == 3 * 4 * 2
    assert data.manifest["classes"] == {"7": 8, "A": 8, "L": 8}
    assert np.bincount(data.split).tolist() == [12, 6, 6]  # hsf_0 and 1, hsf_7, hsf_4
    assert data.manifest["sources"][0]["dropped"] == {"repeats an image of the hsf folders (train_*)": 6}
    assert all(stands_like_ell(image) for image in data.images)
    assert np.all(data.writers == -1) and np.all(data.pens == 0)


def test_nist_folder_and_zip_give_the_same_dataset(tmp_path: Path) -> None:
    members = nist_members()
    a = prepared(Nist(write_zip(tmp_path / "by_class.zip", members)), tmp_path / "a")
    b = prepared(Nist(write_folder(tmp_path / "unpacked", members)), tmp_path / "b")
    c = prepared(Nist(tmp_path / "unpacked" / "by_class"), tmp_path / "c")
    assert a.manifest["sha256"] == b.manifest["sha256"] == c.manifest["sha256"]


def test_nist_writers_come_from_equal_images(tmp_path: Path) -> None:
    members = nist_members(chars="AL", parts="0", count=3)
    images = [name for name in members if "/hsf_0/" in name]
    writers = {}
    for number, name in enumerate(images[:5]):
        grey = np.asarray(
            Image.open(zipfile.Path(write_zip(tmp_path / "one.zip", {"x": members[name]}), "x").open("rb"))
        )
        path = tmp_path / "other.png"
        # other bytes, the same picture
        Image.fromarray(grey).save(path, compress_level=0)
        owner = number // 2
        writers[f"by_write/hsf_0/f{owner:04d}_14/u{owner:04d}_14/u{owner:04d}_14_{number:05d}.png"] = path.read_bytes()
    # an image that two writers have is nobody's
    writers["by_write/hsf_0/f0009_14/u0009_14/u0009_14_00001.png"] = members[images[4]]
    source = Nist(write_zip(tmp_path / "by_class.zip", members), write_zip(tmp_path / "by_write.zip", writers))
    data = prepared(source, tmp_path / "set")
    assert data.writers.tolist() == [0, 0, 1, 1, -1, -1]
    assert [writer["name"] for writer in data.manifest["writers"]] == ["f0000", "f0001"]


def test_corrupt_nist_images_are_counted_and_named(tmp_path: Path) -> None:
    members = nist_members(parts="0")
    victims = sorted(name for name in members if "/hsf_0/" in name)[:2]
    members[victims[0]] = members[victims[0]][:60]
    members[victims[1]] = b"no picture"
    source = prepared(Nist(write_zip(tmp_path / "by_class.zip", members)), tmp_path / "set").manifest["sources"][0]
    assert source["glyphs"] == 4 and source["dropped"]["corrupt image"] == 2
    assert [text.split(":")[0] for text in source["dropped_examples"]["corrupt image"]] == victims


def test_damaged_zip_member_is_not_fatal(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "by_class.zip", nist_members(parts="0"))
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"IDAT") + 6] ^= 0xFF  # the first image's bytes no longer fit its checksum
    path.write_bytes(raw)
    assert prepared(Nist(path), tmp_path / "set").manifest["sources"][0]["dropped"]["corrupt image"] == 1


@pytest.mark.parametrize("name", ["../evil.png", "/evil.png", "by_class/../../30/hsf_0/a.png", "C:/x.png", "\\\\x\\y"])
def test_zip_with_members_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = write_zip(tmp_path / "by_class.zip", nist_members() | {name: b"x"})
    with pytest.raises(DataError, match="leads out of the archive"):
        prepared(Nist(path), tmp_path / "set")
    assert [entry.name for entry in tmp_path.iterdir()] == ["by_class.zip"]


@pytest.mark.parametrize("keep", [0, 10, 3000, -40])
def test_cut_off_zip_is_refused(tmp_path: Path, keep: int) -> None:
    path = write_zip(tmp_path / "by_class.zip", nist_members())
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match="cut off or no zip"):
        Nist(path)


def test_other_zips_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="give by_class.zip"):
        prepared(Nist(write_zip(tmp_path / "a.zip", {"readme.txt": b""})), tmp_path / "set")
    with pytest.raises(DataError, match="there is no"):
        Nist(tmp_path / "nothing.zip")


def test_resize_keeps_the_whole_picture(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "by_class.zip", {
        "by_class/41/hsf_0/hsf_0_00000.png": png(ell()), "by_class/4c/hsf_0/hsf_0_00000.png": png(ell()),
    })  # fmt: skip
    data = prepared(Nist(path), tmp_path / "set", placement="resize")
    assert ink_box(data.images[0]) == (20, 12, 40, 52) and data.manifest["placement"] == "resize"


@pytest.mark.parametrize("zipped", [False, True])
def test_emnist_is_turned_upright(tmp_path: Path, zipped: bool) -> None:
    data = prepared(Emnist(write_emnist(tmp_path / "emnist", zipped=zipped)), tmp_path / "set")
    assert len(data) == 124 and len(data.manifest["classes"]) == 62
    assert all(stands_like_ell(image) for image in data.images)
    assert np.bincount(data.split).tolist() == [59, 3, 62]


def test_emnist_reads_one_of_the_overlapping_splits(tmp_path: Path) -> None:
    folder = write_emnist(tmp_path / "emnist")
    write_emnist(folder, "mnist", count=10)
    assert len(prepared(Emnist(folder), tmp_path / "set")) == 124


def test_emnist_mapping_names_the_labels(tmp_path: Path) -> None:
    folder = write_emnist(tmp_path / "emnist", "letters", count=3)
    with pytest.raises(DataError, match="mapping.txt is missing"):
        Emnist(folder)
    mapping = folder / "emnist-letters-mapping.txt"
    mapping.write_text("0 65 97\n1 66\n")
    data = prepared(Emnist(folder), tmp_path / "set")
    assert list(map(chr, data.codepoints)) == ["A", "B"] * 2
    assert data.checked.tolist() == [False, True] * 2  # A may be a
    assert data.manifest["sources"][0]["dropped"] == {"label has no character in the mapping": 2}
    mapping.write_text("0 x\n")
    with pytest.raises(DataError, match="no list of labels"):
        Emnist(folder)


@given(st.one_of(st.binary(max_size=60), st.binary(max_size=40).map(lambda tail: b"\0\0\x08\x03" + tail)))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_an_idx_file_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz-ubyte"
    path.write_bytes(data)
    try:
        with Idx(path) as file:
            total = sum(len(chunk) for chunk in file.chunks(7))
            assert total == file.shape[0]
    except DataError as error:
        assert "\n" not in str(error)


@given(st.integers(0, 30), st.integers(1, 5), st.integers(1, 5), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_idx_chunks_are_the_array(
    tmp_path_factory: pytest.TempPathFactory, n: int, height: int, width: int, length: int
) -> None:
    array = np.arange(n * height * width, dtype=np.uint8).reshape(n, height, width)
    path = tmp_path_factory.getbasetemp() / "array-ubyte"
    path.write_bytes(idx(array))
    with Idx(path) as file:
        chunks = list(file.chunks(length))
    assert all(len(chunk) <= length for chunk in chunks)
    assert np.array_equal(np.concatenate([*chunks, np.zeros((0, height, width), np.uint8)]), array)


@pytest.mark.parametrize("zipped", [False, True])
def test_cut_off_idx_is_refused_and_leaves_nothing(tmp_path: Path, zipped: bool) -> None:
    folder = write_emnist(tmp_path / "emnist", zipped=zipped)
    victim = next(folder.glob("*test-images*"))
    victim.write_bytes(victim.read_bytes()[: -30 if zipped else -3000])
    with pytest.raises(DataError, match="cut off|damaged"):
        prepared(Emnist(folder), tmp_path / "set")
    assert [entry.name for entry in tmp_path.iterdir()] == ["emnist"]


def test_femnist_has_writers_and_labels_in_order(tmp_path: Path) -> None:
    path = write_femnist(tmp_path / "all.json", {"f1": [0, 10, 36], "f2": [61, 35]})
    data = prepared(Femnist(path), tmp_path / "set")
    assert "".join(map(chr, data.codepoints)) == "0AazZ"
    assert data.writers.tolist() == [0, 0, 0, 1, 1]
    assert all(stands_like_ell(image) for image in data.images)
    assert all(len(set(data.split[data.writers == writer])) == 1 for writer in (0, 1))


def test_femnist_folder_is_not_counted_twice(tmp_path: Path) -> None:
    write_femnist(tmp_path / "leaf" / "data" / "train" / "a.json", {"f1": [1, 2]})
    write_femnist(tmp_path / "leaf" / "data" / "test" / "a.json", {"f1": [3]})
    write_femnist(tmp_path / "leaf" / "data" / "all_data" / "a.json", {"f1": [1, 2, 3]})
    data = prepared(Femnist(tmp_path / "leaf"), tmp_path / "set")
    assert len(data) == 3 and set(data.writers) == {0} and len(set(data.split)) == 1


def test_bad_femnist_is_counted_or_refused(tmp_path: Path) -> None:
    path = write_femnist(tmp_path / "all.json", {"f1": [0, 10, 99]})
    source = prepared(Femnist(path), tmp_path / "set").manifest["sources"][0]
    assert source["dropped"] == {"not a 28x28 image with a label from 0 to 61": 1}
    for number, text in enumerate((path.read_text()[:-200], "[]", "{}", "\x00", json.dumps({"user_data": {"a": 1}}))):
        path.write_text(text)
        with pytest.raises(DataError, match="all.json"):
            prepared(Femnist(path), tmp_path / f"set{number}")


def test_folder_of_images_by_character(tmp_path: Path) -> None:
    root = tmp_path / "mine"
    light_on_dark, dark_on_light = ell(64), 255 - ell(64)
    for name, grey in {
        "U+0041/first.png": dark_on_light,
        "U+0041/second.png": light_on_dark,
        "a/x.png": dark_on_light,
        "U+00E9_take 2.png": dark_on_light,
        "7.png": dark_on_light,
        "notes.png": dark_on_light,
        "blank/U+0042.png": np.full((20, 20), 255, np.uint8),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(grey).save(root / name)
    (root / "b").mkdir()
    (root / "b" / "broken.png").write_bytes(b"no picture")
    data = prepared(ImageFolder(root), tmp_path / "set")
    assert data.manifest["classes"] == {"7": 1, "A": 2, "a": 1, "é": 1}
    assert all(stands_like_ell(image) for image in data.images)
    assert np.array_equal(data.images[data.codepoints == 65][0], data.images[data.codepoints == 65][1])
    dropped = data.manifest["sources"][0]["dropped"]
    assert sorted(dropped.values()) == [1, 1, 1] and "no ink" in dropped and "corrupt image" in dropped
    assert set(data.writers) == {0}


@pytest.mark.parametrize(
    ("name", "char"),
    [("U+0041", "A"), ("u+41", None), ("U+1F600", "😀"), ("A", "A"), ("e\u0301", "é"), ("ab", None), (" ", None),
     ("U+0000", None), ("U+FFFFFF", None), ("U+0041-3", "A"), ("U+0041x", None), ("", None)],
)  # fmt: skip
def test_names_of_characters(name: str, char: str | None) -> None:
    assert char_of(name) == char


@pytest.mark.parametrize("flavor", [None, "woff", "woff2"])
def test_fonts_are_drawn_on_the_baseline_at_the_x_height(tmp_path: Path, flavor: str | None) -> None:
    write_font(tmp_path / "fonts" / f"one.{flavor or 'ttf'}", "One", lift=120, flavor=flavor)
    data = prepared(FontFiles(tmp_path / "fonts"), tmp_path / "set")
    boxes = {chr(code): ink_box(image) for code, image in zip(data.codepoints, data.images, strict=True)}
    assert set(boxes) == set("HLxag")
    assert boxes["x"] is not None and boxes["H"] is not None and boxes["g"] is not None
    assert (boxes["x"][1], boxes["x"][3]) == (45 - 18, 45)
    assert boxes["H"][3] == 45 and abs(boxes["H"][1] - (45 - 18 * 1.4)) <= 1
    assert abs(boxes["g"][3] - (45 + 18 * 0.4)) <= 1
    assert all(abs((box[0] + box[2]) / 2 - 32) <= 1 for box in boxes.values() if box)
    assert all(stands_like_ell(image) for image in data.images)
    assert data.checked.all() and data.manifest["sources"][0]["details"]["fonts"][0]["licence"] == "OFL"


def test_fonts_of_a_family_share_a_split_and_each_is_a_writer(tmp_path: Path) -> None:
    for number in range(8):
        write_font(tmp_path / "fonts" / f"{number}.ttf", f"Family {number // 2}")
    (tmp_path / "fonts" / "bad.otf").write_bytes(b"OTTO is no font")
    data = prepared(FontFiles(tmp_path / "fonts"), tmp_path / "set")
    assert len(np.unique(data.writers)) == 8
    splits = [int(data.split[data.writers == writer][0]) for writer in range(8)]
    assert splits[::2] == splits[1::2]
    assert data.manifest["sources"][0]["dropped"] == {"font cannot be read": 1}


def test_missing_characters_are_not_drawn_as_notdef(tmp_path: Path) -> None:
    write_font(tmp_path / "fonts" / "one.ttf", "One", chars="Hx")
    data = prepared(FontFiles(tmp_path / "fonts"), tmp_path / "set", chars=frozenset("Hxyz"))
    assert set(map(chr, data.codepoints)) == {"H", "x"}


@pytest.mark.parametrize("reader", [FontFiles, ImageFolder, Emnist, Femnist])
def test_empty_or_missing_folders_are_refused(tmp_path: Path, reader: type) -> None:
    with pytest.raises(DataError, match=str(tmp_path)):
        list(reader(tmp_path).tasks(ReaderOptions()))
    with pytest.raises(DataError):
        list(reader(tmp_path / "nothing").tasks(ReaderOptions()))
