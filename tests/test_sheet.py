"""Sheets: what stands where, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import stub_model as stub
from PIL import Image

from handsynth.errors import InputError, MissingCharacterError, OutputError
from handsynth.hand import Hand
from handsynth.model import Model
from handsynth.sheet import sheet


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(stub.members())


def darkest(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture) < 60  # ink; labels and rules are grey


def still(model: Model, count: int) -> list[Hand]:
    """Hands of the stub's plain discs."""
    return [Hand(f"Still {i}", np.zeros(stub.S, np.float32), model.hash) for i in range(count)]


def runs(marks: np.ndarray) -> int:
    """Number of runs of True."""
    return int(np.diff(np.concatenate([[0], marks.astype(int)])).clip(0).sum())


def test_default_is_letters_by_gallery(model):
    picture = sheet(model)
    assert picture.size == sheet(model, "ABCabc").size
    plain = sheet(model, "abc", still(model, 3), temperature=0)
    assert runs(darkest(plain).any(axis=1)) == 3, "one row of ink for each hand"
    assert runs(darkest(plain).any(axis=0)) == 3, "one column for each character"


def test_size_scales_the_glyphs(model):
    small, large = (darkest(sheet(model, "a", size=s)).sum() for s in (20, 40))
    assert large == pytest.approx(4 * small, rel=0.05)


def test_columns_make_blocks(model):
    wide, tall = (sheet(model, "abc", still(model, 2), temperature=0, columns=c) for c in (3, 1))
    assert tall.width < wide.width and tall.height > 2 * wide.height
    assert runs(darkest(tall).any(axis=1)) == 6


def test_variations(model):
    plain = darkest(sheet(model, "ab", still(model, 1), variations=5, temperature=0))
    assert (runs(plain.any(axis=1)), runs(plain.any(axis=0))) == (2, 5)
    picture = sheet(model, "ab", [Hand.gallery(model, "Quill")], variations=5)
    assert np.array_equal(picture, sheet(model, "ab", variations=5)), "the first of the gallery by default"
    assert not np.array_equal(picture, sheet(model, "ab", variations=5, seed=1))


def test_characters_stand_once_and_labels_show_any_character(model):
    assert np.array_equal(sheet(model, "aéa"), sheet(model, "aé"))


def test_hands_with_foreign_names(model):
    hand = Hand("Größe ☃", Hand.random(model).style, model.hash)
    assert sheet(model, "a", [hand]).width > 0


def test_written_file_says_how_it_was_made(model, tmp_path):
    sheet(model, "ab", seed=4).save(tmp_path / "s.png")
    with Image.open(tmp_path / "s.png") as picture:
        made_with = dict(picture.info)
        assert np.array_equal(picture, sheet(model, "ab", seed=4))
    assert made_with["Seed"] == "4" and made_with["Model"] == model.hash and made_with["Hand"] == "Quill, Marker"


def test_same_bytes(model, tmp_path):
    for name in ("a.png", "b.png"):
        sheet(model, "abc").save(tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_refusals(model, tmp_path):
    for options in ({"size": 0}, {"size": float("nan")}, {"variations": -1}, {"columns": -1}):
        with pytest.raises(InputError, match="give"):
            sheet(model, "a", **options)
    with pytest.raises(InputError, match="too large"):
        sheet(model, "ab", size=1000, max_pixels=10_000)
    with pytest.raises(MissingCharacterError):
        sheet(model, "a\n")
    for name in ("s.txt", "s"):
        with pytest.raises(OutputError, match=r"\.png"):
            sheet(model, "a").save(tmp_path / name)
    assert not list(tmp_path.iterdir())
