"""Kinds of pens: widths follow the laws that are said, and tones are where they belong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pens as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.document import imperfections
from handsynth.drawing import draw
from handsynth.errors import InputError
from handsynth.frame import STANDARD as FRAME
from handsynth.hands import handfile
from handsynth.hands.hand import Hand
from handsynth.ink import dynamics, pens
from handsynth.ink.glyph import PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.ink.penink import fields, frames
from handsynth.ink.penlay import SIDE
from handsynth.ink.penribbons import ribbons
from handsynth.ink.pensweep import swept
from handsynth.model.model import Model

X = FRAME.xheight
KINDS = [name for name in pens.NAMES if name != pens.ROUND]
VARIED = [name for name in KINDS if pens.PENS[name].varies]
FINE = 8
"""Places that are looked at in a px."""


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(None, threads=1)


def by(pen: str, *strokes: np.ndarray, width: float = 3.0) -> Paths:
    return Paths.of([strokes], width, pens.number(pen))


def letters(model: Model, pen: str, text: str = "hangdoughilyes") -> Paths:
    hand = Hand.gallery(model, "Willow").with_pen(None, model, pen)
    found = draw.glyphs(model, hand, model.index(text), np.arange(len(text), dtype=np.uint64), 1)
    assert isinstance(found, PenGlyphs)
    return found.swept


def widths(paths: Paths) -> np.ndarray:
    """Width of the ink at each point of one glyph of one stroke, in px, read from the distance to its edge."""
    large = replace(paths, points=paths.points * np.float32(FINE), width=paths.width * np.float32(FINE))
    inside = fields(large, FRAME.size * FINE, 8.0 * FINE)[0].astype(float)
    x, y = np.floor(large.points).astype(int).T
    return 2 * np.max([inside[y + dy, x + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0) / FINE


def test_cube_roots_are_right_to_the_last_digits():
    x = np.concatenate([np.geomspace(1e-6, 1e6, 4001), [1.0, 8.0, 27.0]])
    root = dynamics.cube_root(x)
    assert np.abs(root * root * root / x - 1).max() < 1e-14
    assert (np.diff(root[:4001]) > 0).all()


@pytest.mark.parametrize("radius", [2.0, 4.5, 9.0, 18.0])
def test_circles_have_their_curvature_and_speed(radius):
    circle = made.arc(32, 32, radius)[None]
    assert dynamics.curvature(circle) == pytest.approx(1 / radius, rel=0.02)
    law = ((dynamics.USUAL_CURVATURE + 0.3) / (X / radius + 0.3)) ** (1 / 3)
    assert dynamics.speed(circle, X) == pytest.approx(law, rel=0.01)


def test_straight_lines_are_fastest_and_corners_slow():
    corner = made.line((10, 50), (30, 10), (50, 50))[None]
    fast = dynamics.speed(corner, X)[0]
    assert fast[3] == pytest.approx(dynamics.FASTEST, rel=1e-3) and fast[-4] == pytest.approx(fast[3], rel=1e-3)
    assert fast.argmin() == np.hypot(*(corner[0] - (30, 10)).T).argmin() and fast.min() < 0.8 * fast.max()
    back = made.line((10, 30), (40, 30), (10, 30))[None]
    assert dynamics.speed(back, X)[0].min() < 0.8 * dynamics.FASTEST


@pytest.mark.parametrize("pen", ["fountain", "brush", "ballpoint"])
def test_measured_width_follows_the_two_thirds_power_law(pen):
    turn = np.linspace(0.3, 2 * np.pi + 0.3, 90)
    ellipse = np.stack([32 + 24 * np.cos(turn), 32 + 7 * np.sin(turn)], axis=1)
    kind = pens.PENS[pen]
    width = widths(swept(by(pen, ellipse, width=2.5), X))[15:-15]
    # the exact curvature of the ellipse, not the one that the code reckons
    law = (24**2 * np.sin(turn) ** 2 + 7**2 * np.cos(turn) ** 2) ** 1.5 / (24 * 7)
    slow = (1 / law[15:-15]) ** (-1 / 3)
    if not kind.down:
        assert np.corrcoef(width, slow)[0, 1] < -0.85
    assert np.corrcoef(width - 2.5 * kind.down * np.cos(turn[15:-15]), slow)[0, 1] < -0.7
    reckoned = 1 + kind.slow * (1 - ((2.3) / (X / law[15:-15] + 0.3)) ** (1 / 3))
    reckoned += kind.down * dynamics.falling(ellipse[None])[0, 15:-15]
    assert width / 2.5 == pytest.approx(np.clip(reckoned, kind.least, kind.most), abs=0.06)


def test_letters_of_a_fountain_pen_are_wider_in_bends(model):
    paths = letters(model, "fountain", "oeacsugbdpqnmhoeacsugbdpqnmh")
    long = np.diff(paths.strokes) > 30
    correlations = []
    for row in np.flatnonzero(long):
        part = slice(paths.strokes[row] + 8, paths.strokes[row + 1] - 8)
        bend = dynamics.curvature(paths.points[paths.strokes[row] : paths.strokes[row + 1]][None].astype(float))[0]
        law = (np.maximum(bend[8:-8] * X, 0.05)) ** (-1 / 3)
        assert paths.swell is not None
        correlations.append(np.corrcoef(paths.swell[part], law)[0, 1])
    assert len(correlations) > 15 and np.mean(correlations) < -0.7


@pytest.mark.parametrize("angle", [0, 20, 36.87, 60, 90, 126.87, 150])
def test_a_nib_is_as_wide_as_its_angle_says(angle):
    """|sin(direction - angle of the edge)| + thickness |cos|, in widths; measured as ink for length."""
    kind, width = pens.PENS["nib"], 6.0
    assert kind.edge is not None
    way = np.array([np.cos(np.radians(angle)), -np.sin(np.radians(angle))])
    edge = np.degrees(np.arctan2(-kind.edge[1], kind.edge[0]))
    law = width * (abs(np.sin(np.radians(angle - edge))) + kind.thin * abs(np.cos(np.radians(angle - edge))))
    ink = []
    for length in (12.0, 32.0):
        ends = np.array([32, 32]) + np.array([[-0.5], [0.5]]) * length * way
        ink.append(frames(swept(by("nib", made.line(*map(tuple, ends)), width=width), X), FRAME.size).sum() / 255)
    assert (ink[1] - ink[0]) / 20 == pytest.approx(law, rel=0.03, abs=0.03)


def test_a_dot_of_a_nib_is_no_hairline_and_a_stroke_along_its_edge_is_one():
    edge = np.array(pens.PENS["nib"].edge)

    def ink(length: float) -> float:
        """In px²; the nib itself has 8 × 8 × 0.16."""
        way = np.array([32.0, 32.0]) + np.linspace(-0.5, 0.5, 9)[:, None] * length * edge
        return float(frames(swept(by("nib", way, width=8.0), X), FRAME.size).sum()) / 255

    assert ink(2.0) > 8 * 4
    assert ink(24.0) == pytest.approx((8 + 24) * 8 * 0.16, rel=0.1)


def test_a_nib_leaves_its_own_shape_where_it_rests():
    dot = frames(swept(by("nib", np.array([[32.0, 32.0]]), width=12.0), X), FRAME.size)[0] / 255.0
    assert dot.sum() == pytest.approx(12 * 12 * pens.PENS["nib"].thin, rel=0.05)
    y, x = np.nonzero(dot > 0.5)
    assert np.corrcoef(x, y)[0, 1] < -0.8, "its edge rises to the right"


@pytest.mark.parametrize(("pen", "share"), [("brush", 0.25), ("fountain", 0.6), ("pencil", 0.75)])
def test_strokes_end_thin(pen, share):
    stem = made.line((32, 8), (32, 56))
    width = widths(swept(by(pen, stem, width=5.0), X))
    middle = width[len(width) // 2]
    assert width[-1] < share * middle and width[0] < middle
    assert (np.diff(width[-8:]) < 0.02).all(), "it thins out evenly"
    dot = widths(swept(by(pen, np.array([[32.0, 32.0], [32.3, 32.0]]), width=5.0), X))
    assert dot.min() > 3.0, "a dot stays a dot"


@pytest.mark.parametrize("pen", ["fineliner", "felt", "ballpoint"])
def test_other_pens_keep_their_width(pen):
    width = widths(swept(by(pen, made.line((32, 8), (32, 56)), width=4.0), X))
    assert width[8:-8] == pytest.approx(4.0, rel=0.15) and np.ptp(width[8:-8]) < 0.1


def test_the_round_pen_is_as_before_and_beside_others():
    plain = PenGlyphs(made.LETTERS, FRAME.size)
    assert plain.swept is plain.paths
    both = Paths.joined([made.LETTERS, by("felt", made.line((10, 10), (50, 50)))])
    found = PenGlyphs(both, FRAME.size).ink()
    assert np.abs(found[:-1] - plain.ink()).max() <= 1.01 / 255


@pytest.mark.parametrize("pen", KINDS)
def test_a_stroke_does_not_hang_on_what_is_drawn_with_it(pen, model):
    hand = Hand.gallery(model, "Willow").with_pen(None, model, pen)
    text = "hangglider"
    found = draw.glyphs(model, hand, model.index(text), np.arange(len(text), dtype=np.uint64), 1)
    assert isinstance(found, PenGlyphs)
    order = np.random.default_rng(1).permutation(len(text))
    whole = found.take(order).ink()
    for place, row in enumerate(order.tolist()):
        assert (found.take(slice(row, row + 1)).ink()[0] == whole[place]).all()


@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.floats(12, 52), st.floats(12, 52)), min_size=1, max_size=7),
    st.floats(0.3, 9.0),
)
@settings(max_examples=60, deadline=None)
def test_any_stroke_stays_within_its_bounds_and_hull(pen, corners, width):
    points = made.line(*corners) if len(corners) > 1 else np.array(corners)
    one = PenGlyphs(by(pen, points, width=width), FRAME.size)
    paths = one.swept
    assert paths.swell is not None and np.isfinite(paths.swell).all() and (paths.swell > 0).all()
    assert (paths.swell <= 1.51).all() and (paths.tone is not None and (paths.tone <= 1).all())
    inside = one.fields()[0] > 0
    left, top, right, bottom = paths.bounds()[0]
    y, x = np.nonzero(inside)
    if not len(x):
        return
    assert x.min() + 0.5 >= left - 0.01 and x.max() + 0.5 <= right + 0.01
    assert y.min() + 0.5 >= top - 0.01 and y.max() + 0.5 <= bottom + 0.01
    corners_of, _ = one.hulls(FRAME)
    step = np.roll(corners_of, -1, axis=0) - corners_of
    length = np.hypot(*step.T)
    normal = np.stack([-step[:, 1], step[:, 0]], axis=1)[length > 1e-6] / length[length > 1e-6, None]
    off = (np.stack([x + 0.5, y + 0.5], axis=1)[:, None] - corners_of[length > 1e-6]) * normal
    assert off.sum(axis=2).min() > -0.35


@pytest.mark.parametrize("pen", VARIED)
def test_filled_strokes_are_the_ink(pen, model):
    paths = letters(model, pen, "agik8Qx.")
    found = ribbons(paths)
    large = replace(paths, points=paths.points * np.float32(4), width=paths.width * np.float32(4))
    edge = fields(large, FRAME.size * 4, 16.0).astype(float) / 4
    beyond = []
    for glyph in range(len(paths)):
        inside = _wound(found.segments, found.contours[found.glyphs[glyph] : found.glyphs[glyph + 1] + 1]) != 0
        beyond.append(np.where(inside, -edge[glyph], 0).max())
        assert (~inside & (edge[glyph] > 0.2)).sum() <= 4, "no hole that anybody sees"
    assert np.median(beyond) < 0.2 and max(beyond) < 0.5
    assert len(found.segments) < 50 * len(paths)


def _wound(segments: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """How often contours go round the middles of quarters of px, int [size,size]."""
    size = FRAME.size * 4
    wound, rows = np.zeros((size, size), int), (np.arange(size) + 0.5) / 4
    t = np.linspace(0, 1, 17)[:-1, None]
    for first, stop in zip(ends[:-1], ends[1:], strict=True):
        p = segments[first:stop].astype(float)[:, :, None]
        line = (
            (1 - t) ** 3 * p[:, 0] + 3 * (1 - t) ** 2 * t * p[:, 1] + 3 * (1 - t) * t**2 * p[:, 2] + t**3 * p[:, 3]
        ).reshape(-1, 2)
        for (x0, y0), (x1, y1) in zip(line, np.roll(line, -1, axis=0), strict=True):
            for row in np.flatnonzero((rows >= min(y0, y1)) & (rows < max(y0, y1))):
                x = x0 + (rows[row] - y0) / (y1 - y0) * (x1 - x0)
                wound[row, max(0, int(np.ceil(4 * x - 0.5))) :] += 1 if y1 > y0 else -1
    return wound


def laid(pen: str, *strokes: np.ndarray, shift: int = 0, width: float = 5.0, dpi: float | None = None) -> np.ndarray:
    """Coverage u8 [256,256] of strokes in px of a page, an x-height being 72 px."""
    canvas = np.zeros((256, 256), np.uint8)
    drawn = [(stroke / 4 + (0, 0)) for stroke in strokes]
    one = PenGlyphs(by(pen, *drawn, width=width), FRAME.size)
    k = 4 * X
    base = np.array([(FRAME.size / 2) * 4.0 + shift]), np.array([FRAME.baseline * 4.0])
    none = np.zeros(1)
    one.lay(canvas, FRAME, np.array([k]), *base, none, none, np.ones(1), dpi=dpi)
    return canvas


def test_felt_is_darker_where_strokes_cross_and_end():
    across, down = made.line((40, 128), (216, 128), step=4), made.line((128, 40), (128, 216), step=4)
    ink = laid("felt", across, down).astype(int)
    assert ink[128, 128] > ink[128, 80] + 20 and ink[128, 80] < 235
    assert ink[128, 40] > ink[128, 80] + 10 and ink[216, 128] > ink[180, 128] + 10
    assert laid("round", across, down)[128, 80] == 255


@pytest.mark.parametrize("width", [5.0, 20.0])
def test_the_tooth_is_the_paper_s_and_no_letter_s(width):
    """How far the darkness of pixels hangs on that of those two px away, by millimetres alone."""
    line = made.line((40, 128), (216, 128), step=4)

    def alike(dpi: float | None) -> float:
        core = laid("pencil", line, width=width, dpi=dpi)[125:132, 60:190].astype(float)
        return float(np.corrcoef(core[:, 2:].ravel(), core[:, :-2].ravel())[0, 1])

    assert abs(alike(300)) < 0.15 and alike(2400) > 0.5
    assert alike(72 / 2 * 25.4) == pytest.approx(alike(None)), "an x-height is 2 mm where nobody says more"


def test_graphite_shows_the_tooth_of_the_paper_which_stays_where_it_is():
    line = made.line((40, 128), (216, 128), step=4)
    here, there = laid("pencil", line).astype(int), laid("pencil", line, shift=9).astype(int)
    core = here[124:133, 60:190]
    assert core.std() > 20 and 60 < core.mean() < 220, "grainy, and lighter than ink"
    assert laid("ballpoint", line)[124:133, 60:190].std() < 0.35 * core.std()
    # the same hollows in the same places of the page, whoever draws over them
    assert np.corrcoef(core.ravel(), there[124:133, 60:190].ravel())[0, 1] > 0.9
    moved = there[124:133, 69:199]
    assert abs(np.corrcoef(core.ravel(), moved.ravel())[0, 1]) < 0.5
    assert SIDE >= 256


def test_bold_is_a_wider_pen(model):
    for pen in (pens.ROUND, "brush", "nib"):
        hand = Hand.gallery(model, model.card.gallery[0].name).with_pen(0.12, model, pen)
        plain = draw.glyphs(model, hand, model.index("ab"), np.arange(2, dtype=np.uint64), 1)
        bold = plain.wider(np.array([1.0, 1.6]))
        assert bold.ink()[0].sum() == plain.ink()[0].sum()
        assert 1.25 < bold.ink()[1].sum() / plain.ink()[1].sum() < 1.7
        assert plain.wider(1.6).ink()[1].sum() == pytest.approx(bold.ink()[1].sum(), rel=1e-6)


def test_pressure_does_not_jump_between_words():
    count, size = 4000, 5
    word = np.repeat(np.arange(count), size)
    keys, places = np.arange(count, dtype=np.uint64), np.arange(count * size, dtype=np.uint64)
    step = np.abs(np.diff(imperfections.weights(3, keys, places, word, 1.0).astype(float)))
    between = step[size - 1 :: size]
    within = np.delete(step, np.arange(size - 1, len(step), size))
    assert between.mean() < 1.05 * within.mean()
    assert imperfections.weights(3, keys[:0], places[:0], word[:0], 1.0).shape == (0,)


def test_a_hand_has_a_usual_pen_which_its_file_keeps(model, tmp_path):
    hand = Hand.gallery(model, model.card.gallery[0].name)
    assert "pen_kind" not in handfile.data(hand)
    brush = hand.with_pen(None, model, "Brush")
    assert brush.pen_width == pytest.approx(min(hand.pen_width * pens.PENS["brush"].relative_width, 0.6))
    assert hand.with_pen(0.2, model, "brush").pen_width == 0.2
    assert brush.with_pen(None, model, "round").pen_width == pytest.approx(hand.pen_width)
    brush.save(tmp_path / "b.hand")
    assert Hand.load(tmp_path / "b.hand", model).pen_kind == "brush"
    assert Hand.blend(brush, brush).pen_kind == "brush" and Hand.blend(brush, hand).pen_kind == pens.ROUND
    broken = handfile.data(brush) | {"pen_kind": "quill"}
    with pytest.raises(InputError, match="the pen is 'quill'; give round, ballpoint"):
        handfile.parse(broken, "b.hand", Hand)
