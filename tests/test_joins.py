"""Joined letters: which are joined, where the pen goes between them, and what is one stroke afterwards."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joined_pages import HANDS, written
from scipy import ndimage

from handsynth import api
from handsynth.errors import InputError
from handsynth.formats.look import Look
from handsynth.formats.raster import coverage, coverages
from handsynth.frame import STANDARD
from handsynth.hands.hand import Hand
from handsynth.hands.joining import Joining, default_share, joining
from handsynth.hands.letters import LetterLatents
from handsynth.ink.paths import Paths
from handsynth.layout.ends import ends
from handsynth.layout.joins import _with_strokes_remaining, linked
from handsynth.layout.meeting import Meeting, meet
from handsynth.layout.page import Page, part_of
from handsynth.layout.taken import taken
from handsynth.layout.ways import curves, looped
from handsynth.layout.weld import welded
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


def pieces(page: Page) -> int:
    """Of ink that hangs together, but for specks."""
    labels, count = ndimage.label(coverage(page, Look(40.0)) > 64, np.ones((3, 3)))
    return int((np.bincount(labels.ravel())[1:] > 20).sum()) if count else 0


@pytest.mark.parametrize("hand", HANDS)
def test_the_letters_of_a_word_hang_together(hand):
    apart, tied = (pieces(written("nuance lemon", hand, joined=dial)) for dial in (0, 2))
    assert apart >= 9 and tied <= 5


@pytest.mark.parametrize("text", ["1234", "?!", "A B C", "-", "αβγ"])
def test_figures_and_signs_stay_as_they_are(text):
    one, other = (written(text, joined=dial).glyphs.keys() for dial in (0, 2))
    assert one == other


def test_words_and_lines_stay_apart():
    page = written("as in no on\nan as", joined=2)
    tied = np.flatnonzero(page.ties >= 0)
    assert len(tied) >= 4
    assert (page.word[tied] == page.word[tied + 1]).all() and (page.line[tied] == page.line[tied + 1]).all()


@pytest.mark.parametrize("hand", HANDS)
def test_halves_of_a_join_meet(hand):
    page = written("minimum flow brother", hand, joined=2)
    paths, maps = page.glyphs.strokes, page.matrices()
    for i in np.flatnonzero(page.ties >= 0).tolist():
        leaving = paths.strokes[paths.glyphs[i] + page.ties[i] + 1] - 1
        entering = paths.strokes[paths.glyphs[i + 1]]
        ends = [maps[k, :, :2] @ paths.points[at] + maps[k, :, 2] for k, at in ((i, leaving), (i + 1, entering))]
        assert np.abs(ends[0] - ends[1]).max() * page.frame.xheight < 1 / 32


def test_what_is_joined_is_one_stroke_and_the_same_ink():
    page = written("minimum flow brother", joined=2)
    whole = welded(page)
    ties = int((page.ties >= 0).sum())
    assert ties >= 9 and len(page) - len(whole) == ties
    assert len(page.glyphs.strokes.width) - len(whole.glyphs.strokes.width) == ties
    assert "".join(whole.texts) == "".join(page.texts) and not len(whole.ties)
    one, other = (coverages([some], [30.0], [(900, 200)])[0].astype(int) for some in (page, whole))
    assert np.abs(one - other).max() <= 24 and np.abs(one - other).mean() < 0.02


def test_dots_and_bars_follow_their_part_of_the_word():
    page = written("mit", joined=2)
    assert (page.ties[:2] >= 0).all()
    paths = welded(page).glyphs.strokes
    starts = paths.points[paths.strokes[:-1]]
    # one line through all three letters, then the dot and the bar from left to right
    assert len(starts) == 3 and starts[1, 0] < starts[2, 0]


def test_a_page_of_a_part_of_its_glyphs_joins_no_others():
    page = written("minimum", joined=2)
    some = part_of(page, np.array([0, 1, 3, 6]))
    assert some.ties[0] == page.ties[0] and (some.ties[1:] == -1).all()
    assert len(welded(some)) == (3 if page.ties[0] >= 0 else 4)


def test_a_hand_joins_the_same_pairs_always():
    rule = Joining(0.6, 7)
    texts = list("the the the then")
    follows = np.array([a != " " != b for a, b in zip(texts, texts[1:] + [" "], strict=True)])
    place = np.arange(len(texts), dtype=np.uint64)
    still = [Joining(0.6, 7).pairs(texts, follows, place + np.uint64(1000 * k)) for k in range(400)]
    share = np.mean(still, axis=0)[follows]
    assert ((share > 0.9) | (share == 0)).all(), "a pair is joined nearly always, or never"
    assert (rule.pairs(texts, follows, place) == still[0]).all()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.85, 0.9])
def test_a_share_of_the_pairs_of_a_text_is_joined(model, share):
    """On the page: pairs that the forms of a hand do not allow are made up for by others."""
    text = "an old man sat on the shore of the sea and told his sons tales of ships that had gone far out in the cold "
    found = []
    for number in range(12):
        hand = replace(Hand.random(model, 5, number), joined=share)
        page = api.typeset(text, hand=hand, model=model, seed=number)
        found.append((page.ties >= 0).sum() / (np.diff(page.word) == 0).sum())
    assert np.mean(found) == pytest.approx(share, abs=0.09)


def test_a_hand_that_joins_all_wants_every_pair():
    assert (
        Joining(1.0, 3)
        .pairs(list("the sea"), np.array([1, 1, 0, 0, 1, 1, 0], bool), np.arange(7, dtype=np.uint64))
        .sum()
        == 4
    )


def test_the_dial_goes_from_print_over_the_hand_to_all():
    assert joining(0.7, 1, 0.0) is None and joining(0.0, 1, 1.0) is None
    assert joining(0.7, 1).share == 0.7 and joining(0.7, 1, 2.0).share == 1.0 and joining(0.0, 1, 1.5).share == 0.5
    for wrong in (-0.1, 2.1, float("nan")):
        with pytest.raises(InputError, match="from 0 to 2"):
            joining(0.5, 1, wrong)


def test_hands_join_as_people_do():
    shares = np.array([default_share(key) for key in range(4000)])
    assert (shares > 0.75).mean() == pytest.approx(0.43, abs=0.03)
    assert (shares < 0.15).mean() == pytest.approx(0.18, abs=0.03)


def test_cursive_hands_of_the_gallery_are_joined_and_others_print(model):
    for hand in model.card.gallery:
        found = Hand.gallery(model, hand.name).joining()
        assert (found is not None) == ("cursive" in hand.tags)


def test_a_hand_keeps_its_share_in_its_file(model, tmp_path):
    hand = replace(Hand.random(model, 3), joined=0.25)
    hand.save(tmp_path / "a.hand")
    assert Hand.load(tmp_path / "a.hand", model).joined == 0.25


def test_a_join_comes_as_far_down_as_it_is_asked_to():
    begin, end, right = np.array([[0.0, -0.8]] * 3), np.array([[0.6, -1.8]] * 3), np.array([[1.0, 0.0]] * 3)
    free = curves(begin, right, end, right)
    low = curves(begin, right, end, right, np.array([-0.5, -np.inf, -2.0]))
    assert free[0, :, 1].max() == -0.8 and -0.6 < low[0, :, 1].max() < -0.4
    assert (low[1:] == free[1:]).all() and (low[:, [0, -1]] == free[:, [0, -1]]).all()


def test_a_stem_is_entered_from_its_right_so_that_it_has_a_loop():
    k = float(STANDARD.xheight)
    # from the line to the top of a stem that leans a little
    begin, end = np.array([[0.0, 0.0]]), np.array([[0.7 * k, -2 * k]])
    out, down = np.array([[0.8, -0.6]]), np.array([[-0.2, 0.98]])
    spike, loop = (curves(begin, out, end, down, tall=np.array([tall]))[0] for tall in (False, True))
    stem = end[0] + np.linspace(0, 0.8 * k, 9)[:, None] * down[0]
    for line, right in ((spike, 0.05), (loop, 0.1)):
        beside = np.interp(-stem[:, 1], -line[:, 1], line[:, 0]) - stem[:, 0]
        assert (beside.max() > right * k) == (line is loop)
    assert loop[:, 0].max() < end[0, 0] + 0.5 * k
    texts = ["a", "h", "a", "t", "o", "b"]
    assert looped(texts, np.array([1, 3, 5]), np.array([2.0, 2.0, 1.4])).tolist() == [True, False, False]


def test_a_changed_letter_changes_the_letters_beside_it_alone(model):
    one, other = (written(text, joined=2, wander=0) for text in ("minimal", "minamal"))
    same = [a == b for a, b in zip(one.glyphs.keys(), other.glyphs.keys(), strict=True)]
    assert linked_count(one) and sum(not equal for equal in same) <= len("minimal")
    # noise goes by the word, so letters are drawn anew with it; the same word is the same wherever it stands
    here, there = (written(text, joined=2, wander=0) for text in ("minimal pair", "a minimal pair"))
    assert here.glyphs.keys()[:7] == there.glyphs.keys()[1:8]


def linked_count(page: Page) -> int:
    return int(linked(page, Joining(1.0, 1)).sum())


def test_a_plotter_lifts_its_pen_less(tmp_path):
    def strokes(dial: float) -> int:
        api.write("minimum flow brother", tmp_path / "a.gcode", hand="Walnut", joined=dial)
        return len(re.findall(r"^G0 ", (tmp_path / "a.gcode").read_text(), re.M))

    assert strokes(2) < 0.6 * strokes(0)


@settings(max_examples=30, deadline=None)
@given(
    text=st.text("abcdefghijklmnopqrstuvwxyz .,AEIORSTéßøœđ0-'", min_size=1, max_size=24).filter(str.strip),
    hand=st.integers(0, 200),
    dial=st.sampled_from([0.5, 1.0, 2.0]),
)
def test_any_word_of_any_hand_can_be_joined(model, text, hand, dial):
    # any forms of the letters will do: those that are read well take long to find
    page = api.typeset(text, model=model, hand=Hand.random(model, 0, hand), joined=dial)
    paths = page.glyphs.strokes
    assert np.isfinite(paths.points).all() and (np.diff(paths.strokes) > 0).all()
    assert len(paths) == len(page) and np.abs(paths.points).max() < 400
    whole = welded(page).glyphs.strokes
    assert np.isfinite(whole.points).all() and (np.diff(whole.strokes) > 0).all()


def test_glyphs_without_strokes_are_joined_to_nothing():
    drawn = Paths.joined([Paths.of([[np.array([[20, 30], [24, 45], [30, 30]])]], 2.0), Paths.empty(2)])
    found = ends(drawn, STANDARD, ["v", "", ""])
    assert found.enters.tolist() == [True, False, False] and not found.leaves[1:].any()


def test_letters_read_one_by_one_are_printed(model):
    latents = np.zeros((1, len(model.card.spread)), np.float32)
    person = replace(Hand.random(model, 3), known=LetterLatents(("a",), latents, latents, 1.0))
    assert person.joining() is None and person.joining(2.0).share == 1.0


@pytest.mark.parametrize(("skipped", "cut", "made"), [(3, 4, True), (5, 4, False), (9, 9, False), (0, 9, True)])
def test_a_letter_of_one_stroke_keeps_some_of_it_between_two_joins(skipped, cut, made):
    line = np.stack([np.arange(10.0), np.arange(10.0)], axis=1)
    paths = Paths.of([[line], [line], [line]], 2.0)
    rows, none = np.arange(2), np.zeros((2, 2))
    meeting = Meeting(none, none, np.array([0, cut]), none, none, np.array([skipped, 0]), np.zeros(2))
    some = SimpleNamespace(stroke=np.zeros(3, int))
    assert _with_strokes_remaining(np.ones(2, bool), rows, meeting, some, paths).tolist() == [True, made]
    # a join that is not made takes nothing away
    assert _with_strokes_remaining(np.array([False, True]), rows, meeting, some, paths).tolist() == [False, True]


@pytest.mark.parametrize("rows", [slice(2, 9), [0, 3, 4, 5, 10]])
def test_what_is_taken_keeps_what_was_found(model, rows):
    text = "cursivewords"
    page = api.typeset(text, model=model, hand="Walnut", joined=0.0)
    whole, frame = page.glyphs, page.frame
    before = np.arange(len(text) - 1)
    meet(ends(whole.paths, frame, list(text)), whole.paths, before, before + 1, frame)
    some = taken(whole, rows)
    texts = [text[i] for i in np.arange(len(text))[rows]]
    anew = whole.take(rows).paths
    found, fresh = ends(some.paths, frame, texts), ends(anew, frame, texts)
    pairs = np.flatnonzero(np.diff(np.arange(len(text))[rows]) == 1)
    for one, other in ((found, fresh), *(
        (meet(who, paths, pairs, pairs + 1, frame) for who, paths in ((found, some.paths), (fresh, anew))),
    )):  # fmt: skip
        for column in fields(one):
            np.testing.assert_array_equal(getattr(one, column.name), getattr(other, column.name))
