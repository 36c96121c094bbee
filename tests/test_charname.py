"""What characters pictures show, by their names and those of their folders: the same for training and for learning."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from data_makers import ell, nist_members, png, prepared, write_zip
from hypothesis import given
from hypothesis import strategies as st

from handsynth.frame import STANDARD
from handsynth.learning.letters import read_letters
from handsynth.text.charname import EITHER, RUNNING, UNNAMED, char_of, labels, leftover
from train.data.image_folder import ImageFolder, writer_splits
from train.data.nist import Nist


@pytest.mark.parametrize(
    ("name", "char"),
    [
        ("a", "a"), ("a (1)", "a"), ("a(12)", "a"), ("u+006a", "j"), ("U+006A (2)", "j"), ("a (b)", None),
        ("D_upper", "D"), ("d_upper", "D"), ("D_lower", "d"), ("upper_d", "D"), ("small-D", "d"), ("D_tall", None),
        ("4a", "J"), ("6A", "j"), ("7f", None), ("ab", None), ("69", None), ("4", "4"),
        ("Sample001", "0"), ("Sample013", "C"), ("Sample062", "z"), ("Sample063", None), ("Sample000", None),
    ],
)  # fmt: skip
def test_names_that_people_and_data_sets_give(name: str, char: str | None) -> None:
    assert char_of(name) == char


def said(*names: str) -> list[tuple[str | None, str, str]]:
    return [(label.char, label.writer, label.reason) for label in labels(names)]


def test_a_running_number_is_no_name() -> None:
    assert said("Sample099/3.png", "Sample099/4.png") == [(None, "", RUNNING)] * 2
    assert said("7.png", "12.png") == [(None, "", UNNAMED)] * 2
    assert said("7.png", "a.png") == [("7", "", ""), ("a", "", "")]


def test_numbers_of_folders_are_codes_only_where_their_base_is_sure() -> None:
    assert said("4a/1.png", "69/1.png") == [("J", "", ""), (None, "", EITHER)]
    assert [label.char for label in labels(["4a/1.png", "4b/1.png", "5a/1.png", "69/1.png"])] == list("JKZi")
    assert [label.char for label in labels(["69/1.png", "101/1.png", "8/1.png"])] == list("Ee8")
    assert said("13/1.png", "14/2.png") == [(None, "", EITHER)] * 2


def test_folders_above_a_character_are_writers() -> None:
    assert said("anna/a/1.png", "bo/U+0041.png", "a.png") == [("a", "anna", ""), ("A", "bo", ""), ("a", "", "")]


@given(st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=8), min_size=1, max_size=6))
def test_any_names_tell_one_printable_character_or_why_not(parts: list[str]) -> None:
    for label in labels(["/".join(parts[:end]) + ".png" for end in range(1, len(parts) + 1)]):
        if label.char is None:
            assert label.reason
        else:
            assert len(label.char) == 1 and label.char.isprintable() and label.char != " " and not label.reason


def write(root: Path, *names: str) -> Path:
    for number, name in enumerate(names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(png(ell(64, shift=number % 5)))
    return root


def test_training_and_learning_read_the_same_names(tmp_path: Path) -> None:
    names = ["U+0041/3.png", "Sample013/3.png", "4a/3.png", "D_upper/3.png", "69/3.png", "b/3.png", "a (1).png"]
    root = write(tmp_path / "mine", *names, "u+006a.png", "Sample099/7.png")
    (root / "b" / "._3.png").write_bytes(b"of macOS")
    data = prepared(ImageFolder(root), tmp_path / "set")
    assert set(data.manifest["classes"]) == set("ACJDbaj")
    dropped = data.manifest["sources"][0]["dropped_examples"]
    assert dropped == {EITHER: ["69/3.png"], RUNNING: ["Sample099/7.png"]}
    letters = read_letters(root, STANDARD)
    assert sorted(letters.chars) == sorted("ACJDbaj")
    assert sum("left out" in note for note in letters.notes) == 2


def test_a_writer_is_in_one_split(tmp_path: Path) -> None:
    people = [f"person {number}" for number in range(6)]
    root = write(tmp_path / "all", *(f"{who}/{char}/{n}.png" for who in people for char in "ab" for n in range(4)))
    data = prepared(ImageFolder(root), tmp_path / "set")
    assert [row["name"] for row in data.manifest["writers"]] == people
    for writer in range(len(people)):
        assert len(np.unique(data.split[data.writers == writer])) == 1
    assert set(data.split) == {0, 1, 2}
    apart = prepared(ImageFolder(*(root / who for who in people)), tmp_path / "apart")
    assert [row["name"] for row in apart.manifest["writers"]] == people
    assert (apart.split == data.split).all()
    alone = prepared(ImageFolder(root / people[0]), tmp_path / "alone")
    assert set(alone.split) == {0}


@given(st.sets(st.text(max_size=4), max_size=40))
def test_few_writers_are_split_so_that_training_goes_first(writers: set[str]) -> None:
    splits = list(writer_splits("s", "images", sorted(writers)).values())
    count = [splits.count(number) for number in range(3)]
    assert sum(count) == len(writers) and (not writers or count[0] >= 1)
    assert (count[2] > 0) == (len(writers) > 1) and (count[1] > 0) == (len(writers) > 2)


def test_what_an_operating_system_left_is_no_corrupt_image(tmp_path: Path) -> None:
    members = nist_members()
    extra = {f"__MACOSX/{name.rpartition('/')[0]}/._{name.rpartition('/')[2]}": b"x" for name in members}
    data = prepared(Nist(write_zip(tmp_path / "by_class.zip", members | extra)), tmp_path / "set")
    assert "corrupt image" not in data.manifest["sources"][0]["dropped"]
    assert all(map(leftover, extra)) and not any(map(leftover, members))


def test_a_manifest_holds_no_address_in_memory(tmp_path: Path) -> None:
    members = nist_members()
    members[next(iter(members))] = b"no picture"
    for name in ("a", "b"):
        with zipfile.ZipFile(write_zip(tmp_path / f"{name}.zip", members)):
            prepared(Nist(tmp_path / f"{name}.zip"), tmp_path / name)
    manifests = [(tmp_path / name / "manifest.json").read_text() for name in ("a", "b")]
    assert "0x" not in manifests[0] and "corrupt image" in manifests[0]
    assert json.loads(manifests[0]) == json.loads(manifests[1])
