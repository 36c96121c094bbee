"""A person's page: every dial is nothing at zero, bounded, seeded, and moves only what is near a change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapes import UP, X, segment

from handsynth import noise
from handsynth.document import imperfections
from handsynth.frame import STANDARD as FRAME
from handsynth.ink.pooling import POOL, pool

WORDS, LETTERS, PER_LINE = 120, 5, 8
KEYS = np.array([noise.key_of(f"word{i}", 0) for i in range(WORDS)], np.uint64)
WORD = np.repeat(np.arange(WORDS), LETTERS)
LETTER = np.tile(np.arange(LETTERS), WORDS)
LINE = WORD // PER_LINE
AT = (WORD % PER_LINE) * 5.0 + LETTER * 0.8
OTHER = 60
"""The word that is exchanged."""


def places(keys: np.ndarray) -> np.ndarray:
    return np.array([noise.key_of(int(keys[w]), int(i)) for w, i in zip(WORD, LETTER, strict=True)], np.uint64)


PLACES = places(KEYS)
CHANGED = np.where(np.arange(WORDS) == OTHER, np.uint64(noise.key_of("another", 0)), KEYS)
CHANGED_PLACES = places(CHANGED)

DIALS = {
    "sizes": lambda amount, keys, marks, seed: imperfections.sizes(seed, keys, amount),
    "slants": lambda amount, keys, marks, seed: imperfections.slants(seed, keys, marks, WORD, amount),
    "margins": lambda amount, keys, marks, seed: imperfections.margins(seed, keys, amount),
    "depths": lambda amount, keys, marks, seed: imperfections.depths(seed, keys, WORD, LINE, AT, amount),
    "weights": lambda amount, keys, marks, seed: imperfections.weights(seed, keys, marks, WORD, amount),
}
NOTHING = {"sizes": 1.0, "slants": 0.0, "margins": 0.0, "depths": 1.0, "weights": 0.0}
BOUNDS = {  # at 1, and ever
    "sizes": ((0.88, 1.12), (0.7, 1.3)),
    "slants": ((-0.14, 0.14), (-0.42, 0.42)),
    "margins": ((0.0, imperfections.WIDEST_MARGIN), (0.0, 3 * imperfections.WIDEST_MARGIN)),
    "depths": ((0.5, 1.0), (0.35, 1.0)),
    "weights": ((-0.45, 0.45), (-0.45, 0.45)),
}
REACH = {"sizes": (2, 2), "slants": (2, 2), "margins": (2, 2), "depths": (2, 12), "weights": (3, 3)}
"""Words before and after another that it moves."""


def dial(name: str, amount: float, keys=KEYS, marks=PLACES, seed: int = 3) -> np.ndarray:
    return DIALS[name](amount, keys, marks, seed)


@pytest.mark.parametrize("name", DIALS)
def test_zero_is_exactly_nothing(name):
    assert (dial(name, 0.0) == NOTHING[name]).all()


@pytest.mark.parametrize("name", DIALS)
def test_one_is_seen_and_bounded(name):
    for amount, (low, high) in zip((1.0, 3.0), BOUNDS[name], strict=True):
        drawn = np.concatenate([dial(name, amount, seed=seed) for seed in range(20)])
        # bounds hold to the last bit of their type
        assert drawn.min() >= low - 1e-6 and drawn.max() <= high + 1e-6
        assert drawn.std() > 0.1 * (high - low)


@pytest.mark.parametrize("name", DIALS)
def test_the_same_seed_gives_the_same_and_another_seed_another(name):
    assert (dial(name, 1.0) == dial(name, 1.0)).all()
    assert (dial(name, 1.0) != dial(name, 1.0, seed=4)).mean() > 0.8


@pytest.mark.parametrize("name", DIALS)
def test_a_changed_word_moves_only_what_is_near(name):
    differs = dial(name, 1.0) != dial(name, 1.0, CHANGED, CHANGED_PLACES)
    word = np.arange(WORDS) if len(differs) == WORDS else WORD
    before, after = REACH[name]
    assert differs.any() and not differs[(word < OTHER - before) | (word > OTHER + after)].any()


@pytest.mark.parametrize("name", DIALS)
def test_neighbours_are_alike(name):
    step, far = [], []
    for seed in range(30):
        drawn = dial(name, 1.0, seed=seed)
        step.append(np.abs(np.diff(drawn)))
        far.append(np.abs(drawn - np.roll(drawn, len(drawn) // 2)))
    assert np.mean(step) < 0.65 * np.mean(far)


@pytest.mark.parametrize("name", DIALS)
def test_no_words_and_one_word(name, monkeypatch):
    monkeypatch.setitem(globals(), "WORD", WORD[:0])
    monkeypatch.setitem(globals(), "LINE", LINE[:0])
    monkeypatch.setitem(globals(), "AT", AT[:0])
    assert len(dial(name, 1.0, KEYS[:0], PLACES[:0])) == 0
    monkeypatch.setitem(globals(), "WORD", WORD[:1] * 0)
    monkeypatch.setitem(globals(), "LINE", LINE[:1] * 0)
    monkeypatch.setitem(globals(), "AT", AT[:1] * 0.0 + 1)
    assert np.isfinite(dial(name, 3.0, KEYS[:1], PLACES[:1])).all()


def test_ink_runs_dry_is_refreshed_and_lifts_at_the_end_of_words():
    depth = np.array([dial("depths", 1.0, seed=seed) for seed in range(60)])
    words = depth.reshape(60, WORDS, LETTERS).mean(axis=0)
    assert words[:, -1].mean() < words[:, 0].mean() - 0.05
    first = depth[:, ::LETTERS]
    step = np.diff(first, axis=1)
    assert np.median(step) < 0 and (step > 0.1).any()  # a little paler from word to word, then fresh at once


def test_a_tired_hand_grows_worse_down_the_page():
    way = np.linspace(0, 1, 50)
    assert (imperfections.tired(way, 0.0) == 1).all()
    growth = imperfections.tired(way, 1.0)
    assert growth[0] == 1 and growth[-1] == pytest.approx(1.5) and (np.diff(growth) >= 0).all()
    assert imperfections.tired(np.array([-1.0, 2.0]), 3.0).tolist() == [1.0, 2.5]


STROKE = segment(-0.3, 0.0, 0.3, 1.4)
RING = np.clip(1.4 - np.abs(np.hypot(X, UP - 0.5) * FRAME.xheight - 9), -4, 4).astype(np.float32)


def test_ink_pools_at_the_ends_of_strokes_and_nowhere_else():
    fields = np.stack([STROKE, RING]).astype(np.float16)
    assert pool(fields, FRAME, 0.0) is fields
    before = fields.copy()
    added = pool(fields, FRAME, 1.0).astype(np.float32) - before.astype(np.float32)
    assert (fields == before).all()
    far = np.minimum(np.hypot(X + 0.3, UP), np.hypot(X - 0.3, UP - 1.4)) > 0.5
    assert 0.2 < added[0].max() <= POOL + 0.01 and added[0].min() >= 0 and added[0][far].max() < 0.02
    both = added[0][np.hypot(X + 0.3, UP) < 0.2].max(), added[0][np.hypot(X - 0.3, UP - 1.4) < 0.2].max()
    assert min(both) > 0.2
    assert added[1].max() == 0
    assert np.abs(np.diff(added[0], axis=0)).max() < 0.15 and np.abs(np.diff(added[0], axis=1)).max() < 0.15
    assert pool(fields[:0], FRAME, 1.0).shape == (0, 64, 64)
    assert not (pool(np.full((2, 64, 64), -4, np.float16), FRAME, 3.0) != -4).any()


@given(st.text(max_size=12), st.integers(0, 2**64 - 1), st.floats(0, 1000))
@settings(max_examples=300, deadline=None)
def test_a_slip_is_another_word_of_the_same_letters(text, key, amount):
    slip = imperfections.slip(5, key, text, amount)
    if slip is None:
        return
    assert amount > 0 and len(text) >= 4 and text.isalpha()
    assert slip != text and set(slip) <= set(text) and slip[0] == text[0] and 2 <= len(slip) <= len(text) + 1


def test_slips_are_as_frequent_as_asked_and_of_every_kind():
    keys = [noise.key_of("key", i) for i in range(4000)]
    assert not any(imperfections.slip(1, key, "through", 0.0) for key in keys)
    assert 20 <= sum(imperfections.slip(1, key, "through", 1.0) is not None for key in keys) <= 65
    slips = {imperfections.slip(1, key, "through", 100.0) for key in keys}
    assert {"thruogh", "throough", "trough", "thro"} <= slips and None not in slips
    assert len(slips) > 15
    for word in ("the", "it's", "1984", "good-bye", "", "été"):
        assert all(imperfections.slip(1, key, word, 100.0) is None for key in keys[:50])


def test_what_strikes_out_covers_the_word_and_is_no_ruler():
    lengths = set()
    for i in range(200):
        stroke = imperfections.strike(3.0, 6.5, 4.0, 2, noise.key_of("strike", i))
        x, y = stroke.points.T
        assert 2.6 < x.min() < 3.0 and 6.5 < x.max() < 6.9
        assert np.abs(y - 4.0).max() < 0.5 and y.std() > 0.005
        assert np.hypot(*np.diff(stroke.points, axis=0).T).max() < 0.8
        lengths.add(round(float(np.hypot(*np.diff(stroke.points, axis=0).T).sum() / 3.7)))
    assert {1, 2} <= lengths
    one, two = (imperfections.strike(3.0, 6.5, 4.0, 2, 77).points for _ in range(2))
    assert (one == two).all()
    assert np.isfinite(imperfections.strike(1.0, 1.0, 0.0, 2, 5).points).all()
