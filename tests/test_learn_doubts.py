"""A letter in another's place and one that was crossed out are named and left out; all others are learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import photos
import pytest
from line_photos import Scene, photograph, written
from PIL import Image, ImageDraw

from handsynth import Hand, Model
from handsynth.drawing.draw import glyphs
from handsynth.errors import InputError
from handsynth.frame import ink_box
from handsynth.learning.api import learn
from handsynth.learning.doubts import doubts
from handsynth.learning.form import Form
from handsynth.learning.line import read_line

FORM = Form.of("letters")


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


@pytest.fixture(scope="module")
def images(model) -> np.ndarray:
    """The letters of a legible hand, uint8 [52,64,64]."""
    places = np.arange(len(FORM.chars), dtype=np.uint64)
    drawn = glyphs(model, Hand.gallery(model, "Quill"), model.index(FORM.chars), places, 0)
    return np.rint(drawn.ink() * 255).astype(np.uint8)


def crossed(image: np.ndarray) -> np.ndarray:
    """A letter with a zigzag over it."""
    left, top, right, bottom = ink_box(image)
    drawn = Image.fromarray(image)
    points = [(x, top if i % 2 else bottom) for i, x in enumerate(np.linspace(left - 2, right + 2, 7).tolist())]
    ImageDraw.Draw(drawn).line(points, fill=255, width=3)
    return np.asarray(drawn)


def test_letters_of_a_legible_hand_are_not_doubted(model, images):
    assert sum(doubt is not None for doubt in doubts(model, FORM.chars, images)) <= 1


def test_letters_in_each_others_places_are_told(model, images):
    pairs = [("m", "e"), ("e", "m"), ("A", "g"), ("k", "S"), ("t", "w"), ("Q", "h"), ("R", "d"), ("f", "B")]
    wrong = np.stack([images[FORM.chars.index(one)] for one, _ in pairs])
    found = doubts(model, [other for _, other in pairs], wrong)
    told = [doubt for doubt in found if doubt and doubt.startswith("looks like")]
    assert len(told) >= 6 and found[0] == "looks like m"


def test_look_alikes_are_never_told_apart(model, images):
    pairs = [("o", "O"), ("l", "I"), ("s", "S"), ("x", "X"), ("c", "C")]
    assert (
        doubts(model, [other for _, other in pairs], images[[FORM.chars.index(one) for one, _ in pairs]]) == [None] * 5
    )


def test_letters_that_were_crossed_out_are_told(model, images):
    some = images.copy()
    struck = [FORM.chars.index(char) for char in "abdehknoprsuvACDEKRT"]
    for row in struck:
        some[row] = crossed(images[row])
    found = doubts(model, FORM.chars, some)
    assert sum(found[row] is not None for row in struck) >= 0.85 * len(struck)


def test_letters_whose_ink_strokes_of_the_model_follow_were_not_crossed_out(model, images, monkeypatch):
    monkeypatch.setattr("handsynth.learning.doubts.struck_through", lambda images, pen: np.ones(len(images), bool))
    chars = "abdehnouAK"
    rows = [FORM.chars.index(char) for char in chars]
    whole = doubts(model, chars, images[rows])
    crossed_out = doubts(model, chars, np.stack([crossed(images[row]) for row in rows]))
    assert whole.count(None) >= 0.75 * len(chars) and crossed_out.count(None) <= 0.1 * len(chars)


def test_letters_that_a_line_was_drawn_through_are_told(model, images):
    some = images.copy()
    rows = [FORM.chars.index(char) for char in "abdehknoprsuvACDEKRS"]
    for row in rows:
        left, top, right, bottom = ink_box(images[row])
        drawn = Image.fromarray(images[row])
        middle = (top + bottom) / 2
        ImageDraw.Draw(drawn).line([left - 3, middle + 1, right + 3, middle - 1], fill=255, width=3)
        some[row] = np.asarray(drawn)
    found = doubts(model, FORM.chars, some)
    assert sum(found[row] is not None for row in rows) >= 0.75 * len(rows)


def test_what_the_model_does_not_know_is_not_doubted(model, images):
    assert doubts(model, ["å", "字"], images[:2]) == [None, None]


def test_bad_boxes_of_a_form_are_named_and_all_others_learnt(model, images, tmp_path):
    filled = dict(enumerate(images))
    filled[FORM.chars.index("e")] = images[FORM.chars.index("m")]
    filled[FORM.chars.index("K")] = crossed(images[FORM.chars.index("K")])
    taken = photos.photograph(FORM, 1, filled, 1, photos.Scene(size=(1800, 2400), per_mm=9.0))
    taken.image.save(tmp_path / "form.jpg")
    learnt = learn(model, [tmp_path / "form.jpg"])
    assert "box 5 (e): looks like m, and was left out" in learnt.notes
    assert any(note.startswith("box 37 (K): looks ") for note in learnt.notes)
    chars = set(learnt.hand.originals.chars)
    assert not chars & {"e", "K"} and len(chars) >= 48


def saved(folder: Path, letters: dict[str, np.ndarray]) -> Path:
    folder.mkdir()
    for name, image in letters.items():
        Image.fromarray(255 - image).save(folder / f"{name}.png")
    return folder


def test_bad_pictures_of_letters_are_named_and_all_others_learnt(model, images, tmp_path):
    letters = {f"U+{ord(char):04X}": image for char, image in zip("abdghkmnr", _some(images, "abdghkmnr"), strict=True)}
    letters["e"], letters["K_2"] = _some(images, "m")[0], crossed(_some(images, "K")[0])
    learnt = learn(model, letters=saved(tmp_path / "letters", letters))
    assert "e.png looks like m, and was left out" in learnt.notes
    assert any(note.startswith("K_2.png looks ") for note in learnt.notes)
    assert set(learnt.hand.originals.chars) == set("abdghkmnr")


def test_pictures_that_are_all_of_other_letters_are_refused(model, images, tmp_path):
    letters = dict(zip("kwQ", _some(images, "Smg"), strict=True))
    with pytest.raises(InputError, match="not one letter in .* was read as what its name says: .*looks like"):
        learn(model, letters=saved(tmp_path / "letters", letters))


def test_a_doubt_depends_on_the_letter_alone(model, images):
    some = images.copy()
    rows = [FORM.chars.index(char) for char in "abdehkIT"]
    for row in rows[::2]:
        some[row] = crossed(images[row])
    whole = doubts(model, FORM.chars, some)
    order = np.random.default_rng(0).permutation(len(some))
    assert [whole[i] for i in order] == doubts(model, [FORM.chars[i] for i in order], some[order])


def test_an_i_with_bars_is_not_crossed_out(model, images):
    row = FORM.chars.index("I")
    drawn = Image.fromarray(np.zeros_like(images[row]))
    pen = ImageDraw.Draw(drawn)
    for line in ([32, 19, 32, 45], [20, 20, 45, 19], [21, 45, 46, 44]):
        pen.line(line, fill=255, width=2)
    some = images.copy()
    some[row] = np.asarray(drawn)
    assert doubts(model, FORM.chars, some)[row] is None


def _some(images: np.ndarray, chars: str) -> np.ndarray:
    return images[[FORM.chars.index(char) for char in chars]]


LINE = "the quick brown fox"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the quick fox", "5 letters that are not in the text, after letter 8 (k), left out"),
        ("the quick brow fox", "1 letter that is not in the text, after letter 12 (w), left out"),
        ("quick brown fox", "3 letters that are not in the text, before the first letter, left out"),
    ],
)
def test_letters_that_a_shorter_text_lacks_are_named_and_left_out(model, tmp_path, text, said):
    path = photograph(written(model, LINE, "Elder", 3), tmp_path / "line.jpg", Scene())
    line = read_line(path, text, model)
    whole = read_line(path, LINE, model)
    assert said in line.notes and line.chars == tuple(text.replace(" ", ""))
    places = {char: i for i, char in enumerate(whole.chars)}
    for char, image in zip(line.chars, line.images, strict=True):
        # not two letters as one
        assert np.abs(image.astype(float) - whole.images[places[char]]).mean() < 25 or whole.chars.count(char) > 1


def test_a_text_that_is_far_shorter_is_another_text(model, tmp_path):
    path = photograph(written(model, LINE, "Elder", 3), tmp_path / "line.jpg", Scene())
    with pytest.raises(InputError, match="shows about 1[5-7] letters and the text has 3"):
        read_line(path, "fox", model)
