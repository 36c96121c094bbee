"""Counter-based noise: the published generator, exact normals, independence of what else is drawn."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth import noise
from handsynth.errors import InputError

PLACES = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [  # kat_vectors of Random123 (Salmon et al. 2011), philox4x32 10
        ([0] * 4, (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([0xFFFFFFFF] * 4, (0xFFFFFFFF, 0xFFFFFFFF), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_known_answers_of_philox(counter, key, expected):
    drawn = noise.philox(np.array([counter], np.uint64), key)[0]
    assert " ".join(f"{word:08x}" for word in drawn.tolist()) == expected


def test_golden_values():
    """The numbers that every version and every language must give."""
    places = np.array([noise.key_of("word", 0, 1, 0), noise.key_of("é", 2**70)], np.uint64)
    assert places.tolist() == [16258384657496924553, 15527649748049038875]
    assert noise.words(7, "glyph", places, 6).tolist() == [
        [303607476, 213317143, 913533140, 3580411402, 1200108436, 3991955191],
        [1171227993, 3687683467, 3559922551, 837111733, 563686029, 384238009],
    ]
    assert [value.hex() for value in noise.normals(7, "layout", places, 3)[0].tolist()] == [
        "0x1.73d3060000000p-1",
        "-0x1.3007840000000p-1",
        "0x1.7966340000000p-1",
    ]
    top = noise.uniforms(2**64 - 1, "hand", places, 2)
    assert [value.hex() for value in top[0].tolist()] == ["0x1.096f000000000p-3", "0x1.d0b9380000000p-3"]


def test_the_committed_table_is_the_documented_one():
    table = noise.quantiles()
    inverse = NormalDist().inv_cdf  # Wichura's algorithm AS 241, about 16 digits
    steps = [(octave, step) for octave in range(noise.OCTAVES) for step in range(noise.SEGMENTS)]
    made = [inverse(2.0 ** (octave - 33) * (1 + step / noise.SEGMENTS)) for octave, step in steps]
    assert np.abs(table - np.array([*made, 0.0])).max() < 1e-12
    assert (np.diff(table) > 0).all() and table[-1] == 0 and table[0] < -6
    assert Path(noise.__file__).with_name("assets").joinpath("normal_quantiles.npy").stat().st_size < 20_000


def test_normals_are_normal():
    drawn = noise.normals(11, "glyph", np.arange(20_000, dtype=np.uint64), 50).astype(np.float64).ravel()
    n = len(drawn)
    assert abs(drawn.mean()) < 4 / n**0.5
    assert abs(drawn.var() - 1) < 4 * (2 / n) ** 0.5
    assert abs((drawn**4).mean() - 3) < 4 * (96 / n) ** 0.5
    for limit, share in ((1, 0.317311), (2, 0.045500), (3, 0.0026998), (4, 6.334e-5)):
        found = (np.abs(drawn) > limit).mean()
        assert abs(found - share) < 4 * (share / n) ** 0.5


def test_tails_reach_past_five_sigma_on_both_sides():
    ends = noise.from_words(np.array([0, 0x80000000, 0x7FFFFFFF, 0xFFFFFFFF], np.uint32))
    assert ends[0] < -6.3 and ends[1] == -ends[0]
    assert abs(ends[2]) < 1e-8 and ends[3] == -ends[2]


def test_one_word_and_one_normal_have_the_same_order():
    words = np.sort(np.random.default_rng(1).integers(0, 2**31, 5000)).astype(np.uint32)
    assert (np.diff(noise.from_words(words)) >= 0).all()


@given(PLACES, st.integers(0, 2**64 - 1), st.integers(1, 9), st.sampled_from(sorted(noise.STREAMS)))
@settings(max_examples=40, deadline=None)
def test_a_row_depends_on_its_own_place_only(places, seed, size, stream):
    keys = np.array(places, np.uint64)
    together = noise.normals(seed, stream, keys, size)
    for i in range(len(keys)):
        assert (noise.normals(seed, stream, keys[i : i + 1], size)[0] == together[i]).all()
    assert (noise.normals(seed, stream, keys, size + 5)[:, :size] == together).all()


def test_streams_seeds_and_places_are_independent():
    keys = np.arange(4000, dtype=np.uint64)
    rows = [noise.normals(1, stream, keys, 1)[:, 0] for stream in noise.STREAMS]
    rows += [noise.normals(2, "glyph", keys, 1)[:, 0], noise.normals(1 << 32, "glyph", keys, 1)[:, 0]]
    rows.append(noise.normals(1, "glyph", keys << np.uint64(32), 1)[:, 0])
    rows[-1][0] = 0  # place 0 is its own shift
    correlation = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(correlation).max() < 5 / len(keys) ** 0.5


def test_many_rows_are_drawn_in_parts_of_the_same_numbers(monkeypatch):
    keys = np.arange(100, dtype=np.uint64)
    whole = noise.uniforms(3, "paper", keys, 7)
    monkeypatch.setattr(noise, "_CHUNK", 5)
    assert (noise.uniforms(3, "paper", keys, 7) == whole).all()
    assert whole.dtype == np.float32 and whole.min() >= 0 and whole.max() < 1


@given(st.lists(st.text() | st.integers(), max_size=4), st.lists(st.text() | st.integers(), max_size=4))
def test_places_tell_parts_apart(one, other):
    assert (noise.key_of(*one) == noise.key_of(*other)) == (
        [(type(part), part) for part in one] == [(type(part), part) for part in other]
    )


def test_places_take_any_text():
    assert noise.key_of("\ud800") != noise.key_of("?")
    assert noise.key_of("ab", "c") != noise.key_of("a", "bc") != noise.key_of("abc")
    assert noise.key_of(1) != noise.key_of("1")


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seeds_out_of_range_are_refused(seed):
    with pytest.raises(InputError, match="seed"):
        noise.words(seed, "glyph", np.zeros(1, np.uint64), 1)
