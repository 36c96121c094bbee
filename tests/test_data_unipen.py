"""UNIPEN: the text format, the release's folders, and the stroke pack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from data_makers import ELL_STROKE, prepared, stands_like_ell, unipen_points, write_unipen, write_unipen_pack
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.errors import DataError
from train.data.source import ReaderOptions, split_of
from train.data.unipen import Unipen
from train.data.unipen_format import Recording, read_unipen, unescape
from train.data.unipen_pack import UnipenPack


def read(tmp_path: Path, text: str, **files: str) -> Recording:
    include = tmp_path / "include"
    include.mkdir(exist_ok=True)
    for name, content in files.items():
        (include / name).write_text(content, encoding="latin-1")
    path = tmp_path / "main.dat"
    path.write_text(text, encoding="latin-1")
    return read_unipen(path, include, tmp_path)


PEN = """.COORD T X Y
.X_POINTS_PER_INCH 254
.Y_POINTS_PER_MM 20
.WRITER_ID ann
.PEN_UP
.PEN_DOWN
1 0 0
2 10 20
3 20 40
.PEN_UP
4 21 40
.WRITER_ID ben
.PEN_DOWN
5 30 0
6 40 0
.PEN_DOWN
oops
"""


def test_points_are_mm_with_y_down_and_columns_by_name(tmp_path: Path) -> None:
    recording = read(tmp_path, PEN + '.SEGMENT CHARACTER 0 OK "a"\n')
    strokes, writer = recording.strokes(recording.segments[0])
    assert writer == "ann"
    assert np.allclose(strokes[0], [[0, 0], [1, -1], [2, -2]])


def test_components_are_counted_without_those_that_have_no_points(tmp_path: Path) -> None:
    recording = read(tmp_path, PEN + '.SEGMENT CHARACTER 0-2 ? "b"\n')
    strokes, writer = recording.strokes(recording.segments[0])
    assert [len(stroke) for stroke in strokes] == [3, 2] and writer == "ann"


@pytest.mark.parametrize(
    ("where", "lengths"),
    [("0:1-2:0", [2, 1]), ("0,2", [3, 2]), ("0:0-0:1,2", [2, 2]), ("1", []), ("2:1", [1])],
)
def test_point_numbers_and_comma_lists(tmp_path: Path, where: str, lengths: list[int]) -> None:
    recording = read(tmp_path, PEN + f'.SEGMENT CHARACTER {where} OK "b"\n')
    assert [len(stroke) for stroke in recording.strokes(recording.segments[0])[0]] == lengths


def test_writer_may_change_in_mid_file(tmp_path: Path) -> None:
    recording = read(tmp_path, PEN + '.SEGMENT CHARACTER 2 OK "b"\n')
    assert recording.strokes(recording.segments[0])[1] == "ben"


@pytest.mark.parametrize(
    ("where", "message"),
    [("3", r"main\.dat:16: .*numbers"), ("9", r"main\.dat:18: .*do not exist"), ("x-", r"main\.dat:18:")],
)
def test_bad_segments_are_named_with_their_line(tmp_path: Path, where: str, message: str) -> None:
    recording = read(tmp_path, PEN + f'.SEGMENT CHARACTER {where} OK "b"\n')
    with pytest.raises(DataError, match=message):
        recording.strokes(recording.segments[0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".INCLUDE ../secret", "main.dat:1: .*leads out"),
        (".INCLUDE /etc/passwd", "leads out"),
        ("\n.INCLUDE gone.dat", r"main\.dat:2: .*missing"),
        (".INCLUDE loop.dat", "includes are nested"),
        (".COORD T P", "X and Y"),
        (".X_POINTS_PER_INCH 0", "scale"),
    ],
)
def test_what_makes_a_file_meaningless_is_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read(tmp_path, text, **{"loop.dat": ".INCLUDE loop.dat"})
    assert "\n" not in str(caught.value)


def test_labels_are_unescaped() -> None:
    assert [unescape(label) for label in (r"\"", r"\\", "a", r"\n", "a\nb")] == ['"', "\\", "a", "\n", "a b"]


KEYWORDS = [
    ".PEN_DOWN",
    ".PEN_UP",
    ".SEGMENT CHARACTER",
    ".COORD",
    ".INCLUDE",
    ".WRITER_ID",
    ".X_POINTS_PER_INCH",
]
WORDS = st.one_of(
    st.sampled_from([*KEYWORDS, "0-2", "1:3-4", "OK", '"a"', '"', "\\", "X", "Y", "1e400", "nan", "-1", "7", "\n"]),
    st.text(max_size=8),
)


@given(st.lists(st.tuples(st.sampled_from(["", "\n", " "]), WORDS), max_size=25))
@settings(max_examples=120, deadline=None)
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, words: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = folder / "fuzz.dat"
    path.write_bytes("".join(gap + word for gap, word in words).encode("utf-8", "surrogatepass"))
    try:
        recording = read_unipen(path, folder / "nothing")
        for segment in recording.segments:
            try:
                strokes, _ = recording.strokes(segment)
            except DataError:
                continue
            assert all(np.all(np.isfinite(stroke)) for stroke in strokes)
    except DataError as error:
        assert "\n" not in str(error)


@given(st.lists(st.lists(st.tuples(st.integers(-9999, 9999), st.integers(-9999, 9999)), min_size=1), min_size=1))
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, strokes: list[list[tuple[int, int]]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    body = "\n".join(f".PEN_DOWN\n{unipen_points(stroke, 0, 0)}" for stroke in strokes)
    path = folder / "back.dat"
    path.write_text(f'.X_POINTS_PER_MM 1\n{body}\n.SEGMENT CHARACTER 0-{len(strokes) - 1} OK "a"\n')
    recording = read_unipen(path, folder)
    got, _ = recording.strokes(recording.segments[0])
    assert [stroke.tolist() for stroke in got] == [[[x, -y] for x, y in stroke] for stroke in strokes]


def test_release_is_read_upright_and_once(tmp_path: Path) -> None:
    source = Unipen(write_unipen(tmp_path / "release", writers=("one", "two"), labels='LTHx"'))
    data = prepared(source, tmp_path / "set")
    # category 1b repeats category 2
    assert sorted(map(chr, data.codepoints)) == sorted('LTHx"' * 2)
    for char in "LTHx":
        for row in np.flatnonzero(data.codepoints == ord(char)):
            assert stands_like_ell(data.images[row])
    assert not data.checked.any() and np.all(data.pens == 2.5)
    assert np.unique(data.writers).tolist() == [0, 1]
    for row, writer in enumerate(data.manifest["writers"]):
        assert set(data.split[data.writers == row]) == {split_of("handsynth", *writer["name"].split("/"))}


def test_parts_are_read_where_a_source_lacks_the_whole(tmp_path: Path) -> None:
    root = write_unipen(tmp_path / "release", source="abc")
    write_unipen(root, source="xyz", labels="QR")
    for file in (root / "data" / "2" / "xyz").iterdir():
        file.unlink()
    (root / "data" / "2" / "xyz").rmdir()
    assert len(prepared(Unipen(root), tmp_path / "set")) == 4 + 2


def test_broken_files_and_labels_are_counted_and_named(tmp_path: Path) -> None:
    root = write_unipen(tmp_path / "release")
    bad = root / "data" / "2" / "abc"
    (bad / "gone.dat").write_text(".INCLUDE abc/gone.dat\n")
    good = (bad / "f0.dat").read_text()
    (bad / "f0.dat").write_text(good + '.SEGMENT CHARACTER 0 OK "the"\n.SEGMENT CHARACTER 0 BAD "L"\n')
    source = prepared(Unipen(root), tmp_path / "set").manifest["sources"][0]
    assert source["glyphs"] == 4
    assert source["dropped"] == {
        "file cannot be read": 1,
        "label is not one visible character": 1,
        "marked as bad": 1,
    }
    assert "data/2/abc/gone.dat:1" in source["dropped_examples"]["file cannot be read"][0]


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder data"):
        Unipen(tmp_path)
    (tmp_path / "data" / "7").mkdir(parents=True)
    with pytest.raises(DataError, match=r"no \.dat"):
        Unipen(tmp_path)


def test_stroke_pack_keeps_split_and_drops_unchecked_faults(tmp_path: Path) -> None:
    source = UnipenPack(write_unipen_pack(tmp_path / "pack.npz"))
    data = prepared(source, tmp_path / "set")
    assert len(data) == 6 and data.split.tolist() == [0, 0, 0, 1, 1, 1]
    assert list(data.manifest["sources"][0]["dropped"].values()) == [3]
    # the second writer is twice as large on the tablet, not in the frame
    assert np.abs(data.images[:3].astype(int) - data.images[3:]).mean() < 2
    assert all(stands_like_ell(image) for image in data.images)


def test_stroke_pack_and_release_give_the_same_picture(tmp_path: Path) -> None:
    pack = prepared(UnipenPack(write_unipen_pack(tmp_path / "pack.npz")), tmp_path / "a")
    text = prepared(Unipen(write_unipen(tmp_path / "release", labels="LHx")), tmp_path / "b")
    assert np.abs(pack.images[:3].astype(int) - text.images).mean() < 2
    assert len(ELL_STROKE) > 2


def test_characters_can_be_chosen(tmp_path: Path) -> None:
    data = prepared(UnipenPack(write_unipen_pack(tmp_path / "pack.npz")), tmp_path / "set", chars=frozenset("Lx"))
    assert set(map(chr, data.codepoints)) == {"L", "x"}


@pytest.mark.parametrize("damage", ["cut", "text", "lacks", "adds", "missing"])
def test_damaged_packs_are_one_clear_line(tmp_path: Path, damage: str) -> None:
    path = write_unipen_pack(tmp_path / "pack.npz")
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:600])
    elif damage == "text":
        path.write_text("hello")
    elif damage == "missing":
        path.unlink()
    else:
        arrays = dict(np.load(path))
        if damage == "lacks":
            del arrays["points"]
        else:
            arrays["points"] = arrays["points"][:-1]
        np.savez(path, **arrays)
    with pytest.raises(DataError) as caught:
        list(UnipenPack(path).tasks(ReaderOptions()))
    assert "\n" not in str(caught.value) and "pack.npz" in str(caught.value)
