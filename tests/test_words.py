"""Words of people: letters found in them, cut out of them, and how they are joined."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import written
from hypothesis import given, settings
from hypothesis import strategies as st

import handsynth
from handsynth.errors import DataError, InputError
from train.words import fit as fitting
from train.words.align import align, overlaps
from train.words.beforehand import transport
from train.words.joins import handles, joined, odds, sums
from train.words.letters import Join, cut, direction
from train.words.pack import Word, open_words
from train.words.segment import INDEX, OUTPUTS, SegmentConfig
from train.words.trajectory import late, resampled


def told(word: Word, some, doubt: float = 0.0, seed: int = 0) -> np.ndarray:
    """Scores of a classifier that knows the letters of a word, more or less."""
    random = np.random.default_rng(seed)
    scores = np.full((len(some), OUTPUTS), -6.0)
    codes = np.array([INDEX[char] for char in word.text])
    scores[np.arange(len(some)), codes[some.letter]] = -0.1
    behind = late(some)
    new = np.diff(np.where(behind, -1, some.letter), prepend=-1) > 0
    scores[:, -2], scores[:, -1] = np.where(new & ~behind, 3.0, -3.0), np.where(behind, 4.0, -4.0)
    return scores + doubt * random.standard_normal(scores.shape)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_letters_of_words_are_found_from_what_a_classifier_says_of_points(seed):
    word = written.words(1, [1], seed)[0]
    some = resampled(word)
    letter, sure = align(word.text, some, told(word, some, 0.5, seed))
    assert overlaps(word.text, some.letter, letter).min() > 0.6 and sure < 0
    assert set(letter.tolist()) == set(range(len(word.text)))


def test_a_dot_made_at_the_end_of_a_word_goes_to_its_letter():
    line = np.concatenate(
        [written.letter("i")[0], written.letter("n")[0] + (0.7, 0), written.letter("u")[0] + (1.7, 0)]
    )
    owner = np.repeat([0, 1, 2], [len(written.letter(char)[0]) for char in "inu"])
    dot = written.letter("i")[1]
    word = Word("inu", 1, 0, (line, dot), (owner, np.zeros(len(dot), int)))
    some = resampled(word)
    letter, _ = align("inu", some, told(word, some))
    assert (letter[some.stroke == 1] == 0).all() and overlaps("inu", some.letter, letter).min() > 0.9


def test_no_letter_is_left_without_a_way_of_its_own():
    word = written.words(1, [1])[0]
    some = resampled(word)
    letter, _ = align(word.text, some, np.zeros((len(some), OUTPUTS)))
    counts = np.bincount(letter, minlength=len(word.text))
    assert counts.min() >= 4


def test_letters_are_cut_out_in_the_frame_with_their_ends():
    cuts, joins = cut(written.words(40, [1, 2]))
    tied = [one for one in cuts if all(one.joined)]
    assert len(tied) > 10 and len(joins) > 10
    for one in cuts:
        ink = np.concatenate(one.strokes)
        assert ink.min() > 0 and ink.max() < 64
        assert abs(ink[:, 0].min() + ink[:, 0].max() - 64) < 1e-6
        context = one.context
        assert tuple(context[:2] > 0) == one.joined
        for on, number, end in ((one.joined[0], 4, 0), (one.joined[1], 7, -1)):
            height = (45 - one.strokes[0][end, 1]) / 18
            assert context[number] == pytest.approx(height if on else 0.0, abs=1e-5)
            assert np.hypot(*context[number + 1 : number + 3]) == pytest.approx(float(on), abs=1e-5)
    # stands on the baseline, half a pen above it
    bottoms = [np.concatenate(one.strokes)[:, 1].max() for one in cuts if one.char in "nuacmh" and not any(one.joined)]
    assert np.abs(np.array(bottoms) - 43.75).max() < 1.5


def test_what_cannot_be_a_letter_is_left_out_with_its_neighbours():
    word = next(word for word in written.words(40, [1]) if {0, 1} <= joined(word))
    cuts, _ = cut([word] * 6)
    assert any(one.char == word.text[1] for one in cuts)
    # almost all of the second letter's way is said to be of the first
    moved = tuple(
        np.where((letters == 1) & (np.arange(len(letters)) < np.flatnonzero(letters == 1)[-2]), 0, letters)
        if (letters == 1).any() else letters
        for letters in word.letters or ()
    )  # fmt: skip
    spoilt, _ = cut([replace(word, letters=moved)] * 6)
    assert not any(
        one.char in word.text[:2] and one.around in (("", word.text[1]), (word.text[0], word.text[2])) for one in spoilt
    )


def test_numbers_of_pairs_come_back_from_their_sums():
    random = np.random.default_rng(0)
    left, right = {"a": 0.1, "b": -0.2, "c": 0.1}, {"d": 0.3, "e": -0.3}
    pairs = [random.choice(list("abc")) + random.choice(list("de")) for _ in range(3000)]
    values = np.array([[0.5 + left[pair[0]] + right[pair[1]]] for pair in pairs])
    found = sums(pairs, random.integers(0, 5, 3000), values + 0.05 * random.standard_normal(values.shape))
    for pair in {"ad", "be", "cd"}:
        told_of = found["mean"][0] + found["left"][pair[0]][0] + found["right"][pair[1]][0]
        assert told_of == pytest.approx(0.5 + left[pair[0]] + right[pair[1]], abs=0.02)
    assert found["within_writer"][0] == pytest.approx(0.05, abs=0.01)


def test_handles_of_known_curves_are_found():
    t = np.linspace(0, 1, 40)[:, None]
    a, b, out, into = (np.array(p, float) for p in ((0, 0), (1, 0.8), (1, 0), (0.6, 0.8)))
    chord = np.hypot(1, 0.8)
    p1, p2 = a + 0.6 * chord * out, b - 0.2 * chord * into
    path = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * b
    way = Join("an", 1, path, out, into)
    assert direction(path) @ out > 0.99
    table = handles([way] * 30)
    assert table[0][2] == pytest.approx([0.6, 0.2], abs=0.11)
    assert table[2][0] == table[1][1]  # classes without a join have the usual one


def test_letters_after_which_people_lift_the_pen_have_low_odds():
    words = []
    for number in range(200):
        who, letters = number % 5, np.array([0] * 5 + [1] * 5)
        line = np.column_stack([np.linspace(0, 1, 10), np.zeros(10)])
        tied = Word("an", who, 0, (line,), (letters,))
        lifted = Word("bn", who, 0, (line[:5], line[5:]), (letters[:5], letters[5:]))
        words += [tied, lifted if number % 4 else replace(tied, text="bn")]
    found = odds(words)
    assert found["left"]["a"] > 1 > -1 > found["left"]["b"] and found["pairs"] == 400


def test_the_table_of_unipens_words_says_what_people_do():
    table = json.loads((Path(handsynth.__file__).parent / "assets" / fitting.TABLES).read_text("utf-8"))
    leave = table["exit"]
    heights = {char: leave["mean"][0] + leave["left"][char][0] + leave["right"]["n"][0] for char in "bovwanhu"}
    assert min(heights[char] for char in "bovw") > 0.4 > 0.33 > max(heights[char] for char in "anhu")
    left = table["joined"]["left"]
    assert left["a"] > left["b"] and left["h"] > left["T"]
    ahead = table["ahead"]
    assert 0 < ahead["mean"][0] + ahead["left"]["a"][0] + ahead["right"]["n"][0] < 0.7
    assert np.shape(table["handles"]["shares"]) == (3, 3, 2)


def test_variations_of_words_come_to_those_of_isolated_letters():
    from types import SimpleNamespace

    chance = torch.Generator().manual_seed(1)
    n, zero = 4000, torch.zeros(4000, 3)
    isolated = torch.randn(n, 3, generator=chance) @ torch.tensor([[1.0, 0.5, 0], [0, 1, 0], [0, 0, 0.3]])
    words = torch.randn(n, 3, generator=chance) * torch.tensor([0.2, 1.0, 1.0]) + 2.0
    chars, entered, who = np.arange(n) % 2, np.arange(n) // 2 % 2, np.arange(n) % 7
    glyphs = SimpleNamespace(char=torch.from_numpy(chars), writer=who)
    moved = transport((words, zero), chars, entered, who, glyphs, (isolated, zero), 2)(
        words, torch.from_numpy(chars), torch.from_numpy(entered)
    )
    assert torch.allclose(moved.mean(0), isolated.mean(0), atol=0.1)
    assert torch.allclose(moved.T.cov(), isolated.T.cov(), atol=0.12)


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    return (
        written.save_words(folder / "words.npz", written.words(40, range(8), 5)),
        written.save_words(folder / "joined.npz", written.words(32, range(8), 6), folds=True),
        written.save_letters(folder / "chars.npz", range(8)),
    )


def tiny(**changes) -> fitting.WordsConfig:
    small = SegmentConfig(steps=6, batch=4, width=8, dilations=(1, 2))
    return fitting.WordsConfig(segment=small, segment2=small, sure=-9.0, kept=-9.0, **changes)


def test_the_command_finds_letters_and_goes_on_where_it_was_stopped(packs, tmp_path):
    said: list[str] = []
    whole = fitting.fit(*packs, tmp_path / "a", tiny(), said.append)
    assert whole.kept == whole.words == 40 and 0 <= whole.overlap <= 1
    assert any("40 of 40 words are kept" in line for line in said)
    with pytest.raises(InputError, match="stopped at step 1"):
        fitting.fit(*packs, tmp_path / "b", tiny(), said.append, stop=0.0)
    fitting.fit(*packs, tmp_path / "b", tiny(), said.append)
    for name in (fitting.TABLES, fitting.LETTERS):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    with pytest.raises(InputError, match="begun with other settings"):
        fitting.fit(*packs, tmp_path / "a", tiny(seed=4), said.append)


def test_packs_that_do_not_fit_are_named_in_one_line(packs, tmp_path):
    words, marked, chars = packs
    with pytest.raises(DataError, match="lacks fold, letter"):
        fitting.fit(words, words, chars, tmp_path / "a", tiny(), print)
    with pytest.raises(DataError, match="lacks"):
        fitting.fit(chars, marked, chars, tmp_path / "b", tiny(), print)
    others = [one for one in open_words(marked, marked=True) if one.writer % 4 != 3]
    none = written.save_words(tmp_path / "none.npz", others, folds=True)
    with pytest.raises(DataError, match="no words of fold 3"):
        fitting.fit(words, none, chars, tmp_path / "c", tiny(), print)
    damaged = dict(np.load(words))
    damaged["points"] = damaged["points"][:-9]
    np.savez(tmp_path / "damaged.npz", **damaged)
    with pytest.raises(DataError, match="do not add up; it is damaged"):
        open_words(tmp_path / "damaged.npz")
