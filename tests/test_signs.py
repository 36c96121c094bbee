"""Recipes of signs, and how they become strokes and fields."""

from __future__ import annotations

import string
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from shapes import strokes

from handsynth.fonts import repertoire
from handsynth.frame import STANDARD as FRAME
from handsynth.ink import compose, pencompose
from handsynth.ink.fields import ink_boxes
from handsynth.ink.paths import Paths
from handsynth.text.charset import Charset
from handsynth.text.recipes import table
from handsynth.text.signs import Piece

ASCII = string.ascii_letters + string.digits + string.punctuation
TABLE = Charset(ASCII)
SIGNS, MARKS = table().signs, table().marks
PEN = 2.0
SHAPES: dict[str, list[list[tuple[float, float]]]] = {
    "-": [[(-0.3, 0.5), (0.3, 0.52)]],
    "|": [[(-0.05, 1.9), (0.0, 0.8), (0.02, -0.4)]],
    "/": [[(0.4, 1.6), (-0.4, -0.2)]],
    ".": [[(0.0, 0.05), (0.02, 0.03)]],
    ",": [[(0.05, 0.1), (0.08, -0.1), (-0.08, -0.3)]],
    "i": [[(0.02, 0.8), (0.0, 0.0)], [(0.02, 1.0), (0.03, 0.98)]],
    "o": [[(0.0, 1.0), (-0.4, 0.5), (0.0, 0.0), (0.4, 0.5), (0.0, 1.0)]],
    "d": [[(0.1, 0.9), (-0.4, 0.4), (0.1, 0.1)], [(0.3, 1.7), (0.3, 0.0)]],
    "l": [[(-0.1, 1.8), (-0.1, 0.0), (0.2, 0.1)]],
    "L": [[(-0.3, 1.5), (-0.3, 0.0), (0.4, 0.0)]],
    "a": [[(0.3, 0.9), (-0.3, 0.5), (0.3, 0.1), (0.3, 1.0), (0.4, 0.0)]],
    "A": [[(-0.4, 0.0), (0.0, 1.5), (0.4, 0.0)], [(-0.25, 0.6), (0.25, 0.6)]],
}
USUAL = [[(-0.3, 0.0), (-0.28, 1.4), (0.3, 0.9), (0.25, 0.0)]]


def pen(chars: str, shift: float = 0.0) -> Paths:
    """Strokes of characters, as a hand with this much to the right of everything."""
    drawn = []
    for char in chars:
        lines = [np.array(line) + (shift, 0) for line in SHAPES.get(char, USUAL)]
        drawn.append([np.array([FRAME.size / 2, FRAME.baseline]) + line * FRAME.xheight * (1, -1) for line in lines])
    return Paths.of(drawn, PEN)


def composed(pieces: tuple[Piece, ...], shift: float = 0.0) -> Paths:
    return pencompose.compose([pieces], pen("".join(piece.char for piece in pieces), shift), FRAME)


def parts(pieces: tuple[Piece, ...]) -> list[tuple[float, float, float, float]]:
    """Boxes (left, top, right, bottom; x-heights, y up) of the pieces of a composed sign, one by one."""
    whole = [composed(pieces[: n + 1]) for n in range(len(pieces))]
    ends = [0, *(int(one.glyphs[-1]) for one in whole)]
    last = whole[-1]
    boxes = []
    for a, b in pairwise(ends):
        cut = slice(last.strokes[a], last.strokes[b])
        x, y = (last.points[cut] - (FRAME.size / 2, FRAME.baseline)).T / FRAME.xheight
        half = PEN / 2 / FRAME.xheight
        boxes.append((x.min() - half, half - y.min(), x.max() + half, -half - y.max()))
    return boxes


EVERY = sorted({*repertoire.LATIN, *SIGNS} - {*ASCII, " ", "\u00a0"})


@pytest.mark.parametrize("char", EVERY)
def test_every_sign_becomes_strokes_and_a_field_of_a_fit_size(char: str) -> None:
    pieces = TABLE.pieces(char)
    assert pieces
    one = composed(pieces)
    assert len(one) == 1 and np.isfinite(one.points).all() and (one.width == PEN).all()
    left, top, right, bottom = one.bounds()[0]
    assert -8 <= left < right <= FRAME.size + 8 and -8 <= top < bottom <= FRAME.size + 8
    fields = np.stack([strokes(*(SHAPES.get(piece.char, USUAL)[0])) for piece in pieces])
    assert (compose.compose(pieces, fields, FRAME) > 0).any()


def test_the_slash_goes_through_the_letter_whatever_its_size() -> None:
    letter, slash = parts(SIGNS["ø"])
    assert slash[0] < letter[0] and slash[2] > letter[2] and slash[1] > letter[1] and slash[3] < letter[3]


@pytest.mark.parametrize(("char", "stem"), [("đ", 0.3), ("ł", -0.1), ("Ł", -0.3)])
def test_bars_lie_across_the_stem(char: str, stem: float) -> None:
    bar = parts(SIGNS[char])[1]
    assert (bar[0] + bar[2]) / 2 == pytest.approx(stem, abs=0.02) and bar[0] < stem - 0.1


def test_letters_are_tied_at_their_edges() -> None:
    first, second = parts(SIGNS["æ"])
    # the stem of the a goes from 0.3, at its top, to the right; what is up to 0.03 below the middle of the e counts
    level = (second[1] + second[3]) / 2 - 0.03
    assert second[0] == pytest.approx(0.3 + 0.1 * (1 - level) - 0.1, abs=1e-5) and second[0] < first[2] - 0.1
    assert second[3] == pytest.approx(-PEN / 2 / FRAME.xheight, abs=1e-5)


def test_quotes_are_raised_commas_and_the_opening_ones_turned() -> None:
    opening, closing = composed(SIGNS["‘"]), composed(SIGNS["’"])
    boxes = np.concatenate([opening.bounds(), closing.bounds()])
    assert (boxes[:, 3] < FRAME.baseline - FRAME.xheight).all()
    turned = (opening.points - boxes[0, :2]) + (closing.points - boxes[1, :2])
    assert turned == pytest.approx(np.broadcast_to(boxes[0, 2:] - boxes[0, :2], turned.shape), abs=0.01)


def test_the_dot_goes_under_accents_however_low_it_is() -> None:
    assert len(composed(SIGNS["ı"]).width) == 1
    stem, accent = parts(TABLE.pieces("í") or ())
    assert stem[1] < 0.9 and accent[3] > stem[1]
    assert len(composed(TABLE.pieces("į") or ()).width) == 3


def test_accents_are_of_one_size_and_clear_of_capitals() -> None:
    for char in "aAo":
        letter, ring = parts((Piece(char), *MARKS["\u030a"]))
        assert ring[2] - ring[0] == pytest.approx(0.49, abs=0.03) and ring[1] - ring[3] == pytest.approx(0.49, abs=0.03)
        assert ring[3] >= letter[1] + compose.CLEAR - 1e-6


@pytest.mark.parametrize("width", [0.6, 1.5, 3.0])
@pytest.mark.parametrize("mark", ["\u0307", "\u0308", "\u0323", "\u0324"])
def test_dots_are_round_and_full_whatever_the_pen(mark: str, width: float) -> None:
    """A thin pen's dot, were it a stroke made as large, would be a tick, and two of them over an o a tilde."""
    pieces = Piece("o"), *MARKS[mark]
    drawn = pen("".join(piece.char for piece in pieces))
    whole = pencompose.compose([pieces], replace(drawn, width=np.full_like(drawn.width, width)), FRAME)
    around = np.stack([np.cos(np.linspace(0, 6, 12)), np.sin(np.linspace(0, 6, 12))], axis=1)
    for a, b in pairwise(whole.strokes[1:]):
        dot = whole.points[a:b].astype(np.float64)
        low, high = dot.min(axis=0) - width / 2, dot.max(axis=0) + width / 2
        wide, tall = (high - low) / FRAME.xheight
        assert wide == pytest.approx(tall, abs=0.05) and 0.17 < wide < 0.3
        inside = (low + high) / 2 + np.concatenate([np.zeros((1, 2)), 0.5 * around]) * (high - low) / 2
        fine = np.concatenate([dot[:-1] + share * np.diff(dot, axis=0) for share in np.linspace(0, 1, 9)])
        off = np.hypot(*(inside[:, None] - fine).transpose(2, 0, 1)).min(axis=1)
        assert off.max() <= width / 2 + 0.1


def test_the_ogonek_hangs_on_the_right_leg() -> None:
    letter, hook = parts(TABLE.pieces("Ą") or ())
    assert (hook[0] + hook[2]) / 2 == pytest.approx(letter[2], abs=0.2) and hook[3] < -0.25


def test_a_free_stroke_has_the_pen_the_lean_and_the_wobble_of_the_hand() -> None:
    free = SIGNS["ß"][0]
    straight = Paths.of([[np.array([[32.0, 10.0], [32.0, 30.0], [32.0, 50.0]])]], 3.0)
    leaning = straight.moved(np.array([[[1.0, -0.3, 0.0], [0.0, 1.0, 0.0]]]))
    upright, slanted = (pencompose.compose([(free,)], one, FRAME) for one in (straight, leaning))
    assert upright.width.tolist() == [3.0]
    lean = (slanted.points - upright.points)[:, 0] / (FRAME.baseline - upright.points[:, 1])
    assert lean == pytest.approx(0.3, abs=1e-3)
    bent = Paths.of([[np.array([[32.0, 10.0], [33.0, 30.0], [32.0, 50.0]])]], 3.0)
    moved = np.abs(pencompose.compose([(free,)], bent, FRAME).points - upright.points).max()
    assert 0.1 < moved <= 1.5 * pencompose.SHAKEN * FRAME.xheight


@pytest.mark.parametrize("char", ["ø", "æ", "‘", "ł"])
def test_fields_place_parts_like_strokes(char: str) -> None:
    pieces = SIGNS[char]
    fields = np.stack([strokes(*(SHAPES.get(piece.char, USUAL)[0])) for piece in pieces])
    field = ink_boxes(compose.compose(pieces, fields, FRAME)[None], FRAME)[0] * FRAME.xheight
    one = composed(pieces).bounds()[0] - np.tile([FRAME.size / 2, FRAME.baseline], 2)
    assert field == pytest.approx(one, abs=2.5)
