"""Letters that were cut out of joined writing end where they end, not amid the ways to their neighbours."""

from dataclasses import replace

import numpy as np
import pytest
from line_photos import Scene, photograph, truth
from PIL import Image

from handsynth.api import typeset
from handsynth.frame import ink_box
from handsynth.hands.hand import Hand
from handsynth.layout.page import Page
from handsynth.learning.joined import doubtful
from handsynth.learning.ligatures import CutLetter, without
from handsynth.learning.line import LetterLine, read_ink, read_line
from handsynth.learning.match import Match
from handsynth.learning.strip import strip
from handsynth.model.model import Model

TEXT = "every letter has its own hand and even old friends"
HANDS = "Quill", "Sparrow", "Yarrow", "Meadow"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


@pytest.fixture(scope="module")
def joined(model, tmp_path_factory) -> dict[str, tuple[LetterLine, Page]]:
    """What is read of a joined line by each hand, and the same letters written apart."""
    folder = tmp_path_factory.mktemp("joined")
    found = {}
    for name in HANDS:
        hand = replace(Hand.gallery(model, name), joined=1.0)
        page, apart = (typeset(TEXT, model=model, hand=hand, seed=4, joined=dial) for dial in (1, 0))
        path = photograph(page, folder / f"{name}.jpg", Scene())
        found[name] = read_line(path, TEXT, model), apart
    return found


def widths(model: Model, chars, images: np.ndarray) -> dict[str, list[float]]:
    """How wide the ink of each character's letters is, x-heights."""
    found: dict[str, list[float]] = {}
    for char, image in zip(chars, images, strict=True):
        left, _, right, _ = ink_box(image)
        found.setdefault(char, []).append((right - left) / model.frame.xheight)
    return found


@pytest.mark.parametrize("name", HANDS)
def test_letters_of_a_joined_line_are_no_wider_than_apart(model, joined, name):
    """With half of each ligature they were up to 0.3 to 0.5 x-heights wider."""
    line, page = joined[name]
    own = widths(model, page.texts, truth(page))
    more = {char: np.mean(some) - np.mean(own[char]) for char, some in widths(model, line.chars, line.images).items()}
    assert max(more.values()) < 0.28, more
    assert abs(np.median(list(more.values()))) < 0.1


@pytest.mark.parametrize("name", HANDS)
def test_letters_of_a_joined_line_do_not_touch(joined, name):
    """The gap is that between letters; between halves of ligatures it would be none."""
    assert joined[name][0].gap > 0.15


def painted(model: Model, char: str, hand: str) -> tuple[np.ndarray, float]:
    """A letter uint8 [h,w], three px for each of the frame, with room around it; and half the width of its pen."""
    page = typeset(char, model=model, hand=hand, seed=2, joined=0)
    large = Image.fromarray(truth(page)[0]).resize((3 * model.frame.size,) * 2, Image.Resampling.BICUBIC)
    return np.pad(np.asarray(large), ((0, 0), (60, 60))), 3 * float(page.glyphs.strokes.width[0]) / 2


def with_ligature(ink: np.ndarray, model: Model, half: float, side: int, rise: float) -> tuple[np.ndarray, np.ndarray]:
    """The ink with a line to a side (0 left, 1 right) from amid it, and the px where that was cut through."""
    unit, base = 3 * model.frame.xheight, 3 * model.frame.baseline
    row = round(base - 0.5 * unit)
    inked = np.flatnonzero(ink[row] > 127)
    begin = float(inked[-1] - half if side else inked[0] + half)
    way = 1 if side else -1
    reach = np.linspace(0, 0.55 * unit, 200)
    x, y = begin + way * (reach + half), row - rise * reach
    rows, columns = np.indices(ink.shape)
    apart = np.sqrt((columns[..., None] - x[::5]) ** 2 + (rows[..., None] - y[::5]) ** 2).min(axis=-1)
    end = x[-1] - way
    inside = columns < end if side else columns > end
    whole = np.maximum(ink, np.where(inside, np.clip((half - apart + 0.5) * 255, 0, 255), 0)).astype(np.uint8)
    there = np.flatnonzero((whole > 127).any(axis=0))
    column = int(there[-1] if side else there[0])
    down = np.flatnonzero(whole[:, column] > 127)
    return whole, np.stack([np.full(len(down), column), down], axis=1)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(("char", "rise"), [("n", -0.6), ("a", -0.4), ("d", -0.5), ("o", 0.0), ("h", -0.6), ("u", 0.3)])
def test_a_line_to_a_neighbour_is_taken_away_up_to_the_letter(model, char, rise, side):
    ink, half = painted(model, char, "Onyx")
    whole, cut = with_ligature(ink, model, half, side, rise if side == 0 else -rise)
    nothing = np.empty((0, 2), np.int64)
    letter = CutLetter(whole, 0, 0, (cut, nothing) if side == 0 else (nothing, cut))
    bare = without([letter], [char], [3.0 * model.frame.baseline], 1 / 3, 0.0, model)[0]
    assert (bare <= whole).all()
    box, now = ink_box(ink), ink_box(bare)
    more = (box[0] - now[0] if side == 0 else now[2] - box[2]) / (3 * model.frame.xheight)
    assert more < (0.15 if side == 0 else 0.4)  # a little of a tail stays
    kept = np.minimum(bare, ink).sum() / ink.sum()
    assert kept > 0.95


def test_letters_that_touch_nothing_stay_as_they_are(model):
    ink, _ = painted(model, "a", "Onyx")
    nothing = np.empty((0, 2), np.int64)
    letter = CutLetter(ink, 0, 0, (nothing, nothing))
    assert (without([letter], ["a"], [3.0 * model.frame.baseline], 1 / 3, 0.0, model)[0] == ink).all()


def test_a_print_line_is_read_as_it_was(model, tmp_path):
    """Where letters of print touch they are cut, and nothing of them is a ligature."""
    page = typeset("handwriting", model=model, hand="Onyx", seed=2, joined=0)
    near = replace(page, x=page.x - 0.1 * np.arange(len(page)))
    found = strip(Image.open(photograph(near, tmp_path / "line.jpg", Scene())), 1.2, model.frame, "line.jpg")
    one, other = (read_ink(found.ink, "handwriting", model, "line.jpg", bare=bare) for bare in (True, False))
    assert one.chars == other.chars and (one.images == other.images).all() and one.gap == other.gap


def test_letters_beside_one_that_was_not_found_are_doubted_in_joined_writing():
    """The ink of a lost r may be in the f before it, and in the i after it."""
    first, last = np.array([0, 1, 1, 2, 3]), np.array([1, 1, 2, 3, 4])
    sure = Match(first, last, np.zeros(5), np.zeros(5), (), 0.0)
    tied = np.array([False, False, False, True, True])
    assert doubtful(sure, tied, 0.9).tolist() == [True, False, True, False, False]
    assert not doubtful(sure, tied, 0.2).any()
