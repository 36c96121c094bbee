"""Rules of paper are told from strokes by how far they run, and ink that crosses them stays."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from handsynth.learning.rules import erase, find, grid

WIDE, HIGH = 900, 500


def sheet(*strokes, squares: float = 0.0, dark: float = 0.4, noise: float = 0.01, slope: float = 0.02) -> np.ndarray:
    """Darkness of paper with rules every 80 px, and strokes [(points, width)] over them."""
    lines = Image.new("L", (WIDE, HIGH))
    pen = ImageDraw.Draw(lines)
    for y in range(30, HIGH, 80):
        pen.line([0, y, WIDE, y + slope * WIDE], fill=round(255 * dark), width=3)
    for x in np.arange(40, WIDE, squares).tolist() if squares else []:
        pen.line([x, 0, x - slope * HIGH, HIGH], fill=round(255 * dark), width=3)
    ink = Image.new("L", (WIDE, HIGH))
    for points, width in strokes:
        ImageDraw.Draw(ink).line(points, fill=230, width=width)
    layers = [np.asarray(each.filter(ImageFilter.GaussianBlur(0.7)), np.float32) / 255 for each in (lines, ink)]
    made = 1 - (1 - layers[0]) * (1 - layers[1])
    return (made + np.random.default_rng(0).normal(0, noise, made.shape)).astype(np.float32)


def cleared(darkness: np.ndarray) -> np.ndarray:
    result = darkness.copy()
    for way, rules in zip((result, result.T), grid(darkness), strict=True):
        for rule in rules:
            erase(way, rule.at(np.arange(way.shape[1]) + 0.5), rule.half)
    return result


@pytest.mark.parametrize("dark", [0.1, 0.4, 0.9])
def test_rules_are_found_where_they_are(dark):
    across, down = grid(sheet(dark=dark))
    middles = sorted(float(rule.at(np.array(WIDE / 2))) for rule in across)
    assert np.allclose(middles, np.arange(30, HIGH, 80)[: len(middles)] + 0.02 * WIDE / 2 + 0.5, atol=1.2)
    assert len(across) == 6 and not down


def test_squares_have_rules_down_and_long_strokes_are_none():
    assert len(grid(sheet(squares=80))[1]) == 11
    tall = [([(200, 60), (200, 400)], 7), ([(230, 60), (232, 400)], 7), ([(400, 90), (380, 390)], 7)]
    assert not grid(sheet(*tall))[1]


def test_a_line_of_writing_is_no_rule():
    letters = [([(x, 200), (x + 10, 260), (x + 35, 260)], 6) for x in range(60, 820, 60)]
    blank = sheet(*letters, dark=0.0)
    assert not find(blank, 0.6)


@pytest.mark.parametrize("dark", [0.4, 0.95])
def test_a_stroke_across_rules_is_whole_when_they_are_gone(dark):
    strokes = [([(300, 40), (300, 460)], 9), ([(400, 60), (560, 440)], 9)]
    made = cleared(sheet(*strokes, dark=dark))
    alone = sheet(*strokes, dark=0.0)
    rows = (made[60:430] > 0.45).sum(axis=1), (alone[60:430] > 0.45).sum(axis=1)
    assert np.abs(rows[0] - rows[1]).max() <= 8
    assert abs(rows[0].sum() / rows[1].sum() - 1) < 0.04
    assert (made[:, 620:] > 0.3).mean() < 0.0005
