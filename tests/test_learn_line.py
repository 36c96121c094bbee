"""A photo of one line of known text gives its letters, in place and size, and their spacing; other text is refused."""

import re
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np
import pytest
from line_photos import Scene, agreement, photograph, scene, truth, written
from PIL import Image

from handsynth.api import typeset
from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.learning import blobs
from handsynth.learning.api import learn
from handsynth.learning.joined import TOUCHING
from handsynth.learning.line import letters_of, read_line
from handsynth.model.model import Model

TEXT = "the quick brown fox jumps"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def picture(model, tmp_path_factory):
    """A photo of TEXT."""
    page = written(model, TEXT, "random:3", 3)
    return photograph(page, tmp_path_factory.mktemp("line") / "line.jpg", Scene())


LINES = [
    ("the quick brown fox jumps", "random:5", Scene()),
    ("Hello World 1984, why?", "random:12", Scene(angle=4.0, noise=6.0, quality=60)),
    ("sphinx: judge my vow!", "Quill", Scene(paper=(30, 46, 38), ink=(230, 230, 220), slope=0.4)),
    ("pack five dozen jugs", "random:5", Scene(xheight=18.0, blur=0.5, angle=-3.0)),
]


@pytest.mark.parametrize(("text", "hand", "scene"), LINES)
def test_letters_of_a_line_are_those_that_were_written(model, tmp_path, text, hand, scene):
    page = written(model, text, hand, 5)
    line = read_line(photograph(page, tmp_path / "line.jpg", scene), text, model)
    assert line.chars == tuple(text.replace(" ", ""))
    assert line.images.dtype == np.uint8 and line.images.shape == (len(line), 64, 64)
    # the size is known by what is usual only, and some percent of it are a px at the end of a tall letter
    same = agreement(line.images, truth(page))
    assert np.median(same) > 0.5 and same.min() > 0.2


@pytest.mark.parametrize("gap", [0.24, 0.4])
def test_the_gap_is_that_which_the_line_was_set_with(model, tmp_path, gap):
    found = []
    for seed, hand in enumerate(model.card.gallery[:9]):
        page = written(model, TEXT, hand.name, seed, gap=gap)
        line = read_line(photograph(page, tmp_path / "line.jpg", scene(seed, xheight=40.0)), TEXT, model)
        found.append(line.gap / gap)
    assert abs(np.median(found) - 1) < 0.1


@pytest.mark.parametrize("hand", ["Onyx"])
def test_letters_that_touch_are_cut(model, tmp_path, hand):
    page = written(model, "handwriting", hand, 2, uneven=0.0, variation=0.1)
    near = replace(page, x=page.x - 0.1 * np.arange(len(page)))
    path = photograph(near, tmp_path / "line.jpg", Scene(noise=0.0, slope=0.0))
    parts = blobs.label(np.asarray(Image.open(path).convert("L"))[None] < 120)[1]
    assert parts < len(page) + 2  # of 11 letters, two of which have dots
    line = read_line(path, "handwriting", model)
    assert "".join(line.chars) == "handwriting"
    same = agreement(line.images, truth(page))
    assert np.median(same) > 0.5 and same.min() > 0.35


@pytest.mark.parametrize("hand", ["Quill", "Walnut", "Moss"])
@pytest.mark.parametrize("share", [0.0, 0.4, 0.8, 1.0])
def test_a_line_tells_how_much_is_joined(model, tmp_path, hand, share):
    text = "we were told that the garden is open"
    page = typeset(text, model=model, hand=replace(Hand.gallery(model, hand), joined=share), seed=4)
    pairs = np.diff(page.word) == 0
    joined = (page.ties[:-1][pairs] >= 0).mean() if len(page.ties) else 0.0
    line = read_line(photograph(page, tmp_path / "line.jpg", Scene()), text, model)
    assert line.pairs > 15 and abs(line.joined - joined) * line.pairs < 3.5  # pairs


def test_joined_letters_that_cannot_be_cut_apart_are_left_out_and_the_hand_joins_as_many(model, tmp_path):
    text = "some people like to write by hand"
    page = typeset(text, model=model, hand=replace(Hand.gallery(model, "Quill"), joined=0.8), seed=4)
    path = photograph(page, tmp_path / "line.jpg", Scene())
    line = read_line(path, text, model)
    assert 0.3 * len(page) < len(line) < len(page) and any("joined" in note for note in line.notes)
    learnt = learn(model, line=path, text=text)
    assert learnt.hand.joined == pytest.approx((line.joined - TOUCHING) / (1 - TOUCHING)) and 0.5 < line.joined < 1
    assert any(note.startswith(f"joins {learnt.hand.joined:.0%} of its letters") for note in learnt.notes)


def test_another_text_is_refused(model, picture):
    with pytest.raises(InputError, match="do not look like"):
        read_line(picture, "gym sphinx waltz liquor 7", model)
    with pytest.raises(InputError, match=r"shows about \d+ letters and the text has 41"):
        read_line(picture, "seven much longer words that are not written here", model)
    with pytest.raises(InputError, match=r"shows about \d+ letters and the text has 3"):
        read_line(picture, "the", model)


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("the quick brown fox never sleeps in winter", ", which the text leaves after letter 16 (x)"),
        ("seven much longer words that are not written here", ""),
        ("gym sphinx waltz liquor 7", ""),
        ("abc", ""),
    ],
)
def test_another_text_is_told_what_the_line_says_before_letters_are_blamed(model, picture, text, leaves):
    with pytest.raises(InputError) as refused:
        read_line(picture, text, model)
    said = re.search('it reads like "(.*)"(.*); give the text that is written there', str(refused.value))
    assert said and said[2] == leaves and "touch" not in str(refused.value)
    # a reader may take one letter for another
    assert said[1].count(" ") == 4 and SequenceMatcher(None, said[1], TEXT).ratio() > 0.9


@pytest.mark.parametrize("hand", ["Quill", "random:8", "Fern"])
def test_of_joined_letters_nothing_is_read_and_it_is_said_what_helps(model, tmp_path, hand):
    page = typeset(TEXT, model=model, hand=hand, seed=3, joined=2)
    with pytest.raises(InputError, match="in letters that do not touch") as refused:
        read_line(photograph(page, tmp_path / "line.jpg", Scene()), f"{TEXT} over the lazy dog", model)
    assert "reads like" not in str(refused.value)


def test_an_empty_picture_is_refused(model, tmp_path):
    noise = np.random.default_rng(0).normal(235, 3, (300, 900))
    Image.fromarray(noise.clip(0, 255).astype(np.uint8)).save(tmp_path / "empty.png")
    with pytest.raises(InputError, match="shows no writing"):
        read_line(tmp_path / "empty.png", TEXT, model)


def test_several_lines_are_refused(model, tmp_path):
    page = written(model, "the quick brown\nfox jumps over", "random:3", 3)
    with pytest.raises(InputError, match="several lines"):
        read_line(photograph(page, tmp_path / "lines.jpg", Scene()), "the quick brown fox jumps over", model)


def test_a_file_that_is_no_picture_is_refused(model, tmp_path):
    (tmp_path / "line.jpg").write_bytes(b"not a picture")
    with pytest.raises(InputError, match="no picture"):
        read_line(tmp_path / "line.jpg", TEXT, model)


@pytest.mark.parametrize("text", ["", " \n\t", "a" * 500])
def test_texts_without_letters_or_far_too_long_are_refused(text):
    with pytest.raises(InputError, match="the text has"):
        letters_of(text)


def test_spaces_are_before_the_letters_that_follow_them():
    chars, blank = letters_of("  ab  c\nde\u0301 ")
    assert "".join(chars) == "abcdé"
    assert blank.tolist() == [False, False, True, True, False]


def test_dirt_beside_the_writing_is_left_out(model, picture, tmp_path):
    image = Image.open(picture).convert("RGB")
    dirty = np.array(image)
    dirty[4:12, 40:50] = 20
    dirty[-14:-4, 300:306] = 20
    Image.fromarray(dirty).save(tmp_path / "dirty.png")
    clean, line = read_line(picture, TEXT, model), read_line(tmp_path / "dirty.png", TEXT, model)
    assert line.chars == clean.chars
    assert np.median(agreement(line.images, clean.images)) > 0.9


PAPERS = {
    "ruled": Scene(ruled=2.2),
    "narrow rules": Scene(ruled=1.3, angle=2.0),
    "squared": Scene(ruled=1.4, squared=True),
    "black rules": Scene(ruled=2.2, rule=(20, 20, 20)),
    "black squares": Scene(ruled=1.6, squared=True, rule=(20, 20, 20)),
    "a desk": Scene(desk=(110, 80, 50)),
    "a light desk": Scene(desk=(170, 150, 130), angle=-3.0),
    "squared, on a desk": Scene(ruled=1.5, squared=True, desk=(60, 70, 90), angle=4.0),
}


@pytest.mark.parametrize("name", PAPERS)
def test_a_line_is_read_on_any_paper(model, tmp_path, name):
    page = written(model, TEXT, "random:12", 3, variation=0.1)
    line = read_line(photograph(page, tmp_path / "line.jpg", PAPERS[name]), TEXT, model)
    assert line.chars == tuple(TEXT.replace(" ", ""))
    same = agreement(line.images, truth(page))
    assert np.median(same) > 0.6 and same.min() > 0.4
