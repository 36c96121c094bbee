"""Letters from a folder of pictures named by character."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_photos import agreement, truth, written
from PIL import Image

from handsynth.errors import InputError
from handsynth.frame import STANDARD, ink_box
from handsynth.learning.letters import read_letters
from handsynth.model.model import Model
from handsynth.specimens.sample import write_samples
from handsynth.text.charname import char_of

CHARS = "aghExpk7T,"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def images(model):
    """Letters in the frame, uint8 [n,64,64]."""
    return truth(written(model, CHARS, "random:5", 1))


def cut(image: np.ndarray, size: float, border: int = 12) -> np.ndarray:
    """The ink of a glyph, 255 = ink, enlarged, with paper around it."""
    left, top, right, bottom = ink_box(image)
    part = Image.fromarray(image[top:bottom, left:right])
    large = part.resize((round(part.width * size), round(part.height * size)), Image.Resampling.BICUBIC)
    return np.pad(np.asarray(large), border)


def test_what_sample_writes_is_taken_as_it_is(model, tmp_path):
    write_samples(model, tmp_path / "made", "abA", 2, hand="random:1", seed=4)
    letters = read_letters(tmp_path / "made", STANDARD)
    assert letters.chars == ("A", "A", "a", "a", "b", "b") and letters.notes == ()
    written = np.stack([255 - np.asarray(Image.open(file)) for file in sorted((tmp_path / "made").iterdir())])
    assert (letters.images == written).all()


@pytest.mark.parametrize("look", ["dark on light", "light on dark", "ink on nothing", "white on nothing", "uneven"])
def test_cuts_of_one_page_keep_their_relative_sizes(images, tmp_path, look):
    for char, image in zip(CHARS, images, strict=True):
        ink = cut(image, 4.7)
        if look == "dark on light":
            picture = Image.fromarray(255 - (ink * 0.8).astype(np.uint8))
        elif look == "light on dark":
            picture = Image.fromarray(30 + (ink * 0.8).astype(np.uint8))
        elif look == "uneven":
            light = np.linspace(1, 0.6, ink.shape[1])
            picture = Image.fromarray(((240 - ink * 0.8) * light).astype(np.uint8))
        else:
            grey = 255 if look.startswith("white") else 0
            picture = Image.merge("LA", [Image.new("L", ink.shape[::-1], grey), Image.fromarray(ink)])
        picture.save(tmp_path / f"U+{ord(char):04X}.png")
    letters = read_letters(tmp_path, STANDARD)
    order = [CHARS.index(char) for char in letters.chars]
    assert sorted(order) == list(range(len(CHARS))) and letters.notes == ()
    boxes = np.array([[ink_box(one)[3] - ink_box(one)[1] for one in some] for some in (letters.images, images[order])])
    ratio = boxes[0] / boxes[1]
    # but for rounding to px all are larger or smaller by the same
    assert np.abs(ratio / np.median(ratio) - 1)[boxes[1] > 12].max() < 0.08
    assert np.median(agreement(letters.images, images[order])) > 0.6


def test_pictures_made_equally_high_are_each_as_large_as_usual(images, tmp_path):
    for char, image in zip("aghExpk7T", images, strict=False):
        box = ink_box(image)
        Image.fromarray(255 - cut(image, 120 / (box[3] - box[1]))).save(tmp_path / f"U+{ord(char):04X}.png")
    letters = read_letters(tmp_path, STANDARD)
    heights = {char: ink_box(one)[3] - ink_box(one)[1] for char, one in zip(letters.chars, letters.images, strict=True)}
    assert abs(heights["x"] - 18) <= 1 and abs(heights["h"] - 27) <= 1 and abs(heights["T"] - 27) <= 2
    bottoms = {char: ink_box(one)[3] for char, one in zip(letters.chars, letters.images, strict=True)}
    assert bottoms["x"] == bottoms["h"] == 45 and bottoms["g"] > 52


@pytest.mark.parametrize(
    ("name", "char"),
    [
        ("a", "a"), ("a_2", "a"), ("7", "7"), ("7-11", "7"), ("U+0061", "a"), ("U+0061_003", "a"), ("U+00e9 last", "é"),
        ("e\u0301", "é"), ("_", "_"), ("ab", None), ("a_b", None), ("U+110000", None), ("U+0020", None), ("", None),
        ("U+0007", None), ("U+D800", None),
    ],
)  # fmt: skip
def test_names_tell_characters(name, char):
    assert char_of(name) == char


@given(st.text(max_size=12))
def test_any_name_is_one_printable_character_or_none(name):
    char = char_of(name)
    assert char is None or (len(char) == 1 and char.isprintable() and char != " ")


def test_folders_name_characters_too_and_what_has_no_name_is_noted(images, tmp_path):
    (tmp_path / "U+0067").mkdir()
    for number in range(3):
        Image.fromarray(255 - images[1]).save(tmp_path / "U+0067" / f"scan {number}.png")
    Image.fromarray(255 - images[0]).save(tmp_path / "a_2.png")
    Image.fromarray(255 - images[0]).save(tmp_path / "holiday.png")
    Image.new("L", (50, 50), 250).save(tmp_path / "b.png")
    (tmp_path / "c.png").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("mine")
    letters = read_letters(tmp_path, STANDARD)
    assert letters.chars == ("a", "g", "g", "g")
    assert len(letters.notes) == 3
    assert any("holiday.png" in note and "tells a character" in note for note in letters.notes)
    assert any("b.png" in note and "no ink" in note for note in letters.notes)
    assert any("c.png" in note and "no picture" in note for note in letters.notes)


def test_folders_without_letters_are_refused(tmp_path):
    with pytest.raises(InputError, match="there is no folder"):
        read_letters(tmp_path / "nowhere", STANDARD)
    with pytest.raises(InputError, match="holds no picture"):
        read_letters(tmp_path, STANDARD)
    Image.new("L", (9, 9)).save(tmp_path / "holiday.png")
    with pytest.raises(InputError, match="no letter that can be used.*holiday"):
        read_letters(tmp_path, STANDARD)
    with pytest.raises(InputError, match="at most 0"):
        read_letters(tmp_path, STANDARD, max_files=0)


def test_huge_pictures_are_left_out_before_they_are_decoded(images, tmp_path):
    Image.new("1", (9000, 9000)).save(tmp_path / "b.png")
    Image.fromarray(255 - images[0]).save(tmp_path / "a.png")
    letters = read_letters(tmp_path, STANDARD)
    assert letters.chars == ("a",) and "pixels" in letters.notes[0]
