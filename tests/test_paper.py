"""Papers by name: sizes, rulings, where rules lie and writing stands, and what cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.document.paper import RULINGS, Paper, names, ruling_of
from handsynth.errors import InputError
from handsynth.units import length_mm

KINDS = [
    "a4",
    "a4-ruled",
    "letter-college",
    "a5-dotted-landscape",
    "card-3x5",
    "210x148mm-squared",
    "a3-margin",
    "card-a6",
]


@pytest.mark.parametrize(
    ("name", "width", "height", "ruling"),
    [
        ("a4-ruled", 210, 297, "ruled"),
        ("A4-Ruled ", 210, 297, "ruled"),
        ("letter", 215.9, 279.4, "plain"),
        ("legal-landscape", 355.6, 215.9, "plain"),
        ("a5-dotted-landscape", 210, 148, "dotted"),
        ("landscape-a5-dotted", 210, 148, "dotted"),
        ("card-3x5", 127, 76.2, "card"),
        ("card", 127, 76.2, "card"),
        ("5x8-plain", 203.2, 127, "plain"),
        ("card-a7", 105, 74, "card"),
        ("card-4x6-portrait", 101.6, 152.4, "card"),
        ("210x148mm-squared", 210, 148, "squared"),
        ("8.5x11in", 215.9, 279.4, "plain"),
    ],
)
def test_names_give_sizes_and_rulings(name, width, height, ruling):
    paper = Paper.parse(name)
    assert (paper.width_mm, paper.height_mm, paper.ruling) == (pytest.approx(width), pytest.approx(height), ruling)


def test_pitches_are_those_of_exercise_books_or_as_given():
    assert Paper.parse("a4-ruled").pitch_mm == 8 and Paper.parse("a4-squared").pitch_mm == 5
    assert Paper.parse("letter-college").pitch_mm == pytest.approx(7.14, abs=0.01)
    assert Paper.parse("a4-squared-4mm").pitch_mm == 4 and Paper.parse("a4-ruled-0.5in").pitch_mm == 12.7
    assert Paper.parse("a4-squared-4mm", pitch_mm=10).pitch_mm == 10


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a4-rulled", "did you mean ruled"),
        ("leter", "did you mean letter"),
        ("b9", "give a size and a ruling"),
        ("", "give a size and a ruling"),
        ("ruled", "no size; give one, like a4-ruled"),
        ("letter-a4", "more than one size"),
        ("a4-ruled-dotted", "more than one ruling"),
        ("210x297", "give a size"),
        ("0x30mm", "give 10 to 2,000 mm"),
        ("5x30mm", "give 10 to 2,000 mm"),
        ("2001x30mm", "give 10 to 2,000 mm"),
        ("1.2.3x40mm", "no length on paper"),
        ("a4-200mm", "give 1 to 100 mm"),
        ("2000x2000mm-squared-1mm", "give 2 to 100 mm"),
        ("x" * 5000, "unknown"),
    ],
)
def test_what_is_no_paper_is_said_in_one_line(name, message):
    with pytest.raises(InputError, match=message) as error:
        Paper.parse(name)
    assert "\n" not in str(error.value) and len(str(error.value)) < 250


@pytest.mark.parametrize(
    "margins", [(150, 10, 150, 10), (10, 110, 10, 110), (-1, 5, 5, 5), (float("nan"), 5, 5, 5), (1, 2, 3)]
)
def test_margins_that_leave_no_room_are_refused(margins):
    with pytest.raises(InputError, match="margins") as error:
        Paper.parse("a4", margins=margins)
    assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="margins"):
        replace(Paper.parse("a4"), margins=margins)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*names(), "10x10mm", "2000x10mm", "1mm", "100mm", "99x77pt", "card", "", "\0", "é"]),
        max_size=4,
    ).map("-".join)
    | st.text(max_size=30)
)
def test_any_name_gives_a_usable_paper_or_one_clear_line(name):
    try:
        paper = Paper.parse(name)
    except InputError as error:
        assert "\n" not in str(error) and len(str(error)) < 300
        return
    top, right, bottom, left = paper.margins
    assert top + bottom < paper.height_mm and left + right < paper.width_mm
    drawn = ruling_of(paper, 2.0)
    ends = drawn.lines[:, :4].reshape(-1, 2) * 2.0
    points = np.concatenate([ends, drawn.dots[:, :2] * 2.0])
    assert (points >= -1e-9).all() and (points <= np.array([paper.width_mm, paper.height_mm]) + 1e-9).all()
    assert len(drawn.line_colours) == len(drawn.lines) < 2100


@pytest.mark.parametrize("name", KINDS)
def test_writing_stands_on_rules_inside_the_margins(name):
    paper = Paper.parse(name)
    heights, lines = paper.baselines(), ruling_of(paper, 1.0).lines
    if paper.ruling == "plain":
        assert not len(heights) and not len(lines)
        return
    top, _, bottom, _ = paper.margins
    assert len(heights) > 4 and (heights > top).all() and (heights <= paper.height_mm - bottom + 1e-6).all()
    assert np.diff(heights) == pytest.approx(paper.pitch_mm)
    assert paper.baselines(2) == pytest.approx(heights[1::2])
    rows = ruling_of(paper, 1.0).dots[:, 1] if paper.ruling == "dotted" else lines[lines[:, 1] == lines[:, 3], 1]
    assert np.abs(rows[:, None] - heights).min(axis=0).max() < 1e-9


def test_margins_move_the_writing_but_not_what_is_printed():
    usual, wide = Paper.parse("a4-ruled"), Paper.parse("a4-ruled", margins=(80, 30, 60, 30))
    assert (ruling_of(usual, 2.0).lines == ruling_of(wide, 2.0).lines).all()
    assert len(wide.baselines()) < len(usual.baselines()) and set(wide.baselines()) < set(usual.baselines())


def test_rules_run_from_edge_to_edge_and_grids_are_whole_and_centred():
    ruled = ruling_of(Paper.parse("a4-ruled"), 1.0).lines
    assert (ruled[:, 0] == 0).all() and (ruled[:, 2] == 210).all()
    for name in ("a4-squared", "letter-squared-7mm"):
        paper = Paper.parse(name)
        lines = ruling_of(paper, 1.0).lines
        across, down = lines[lines[:, 1] == lines[:, 3]], lines[lines[:, 0] == lines[:, 2]]
        for places, other, axis, side in ((across, down, 1, paper.height_mm), (down, across, 0, paper.width_mm)):
            at = places[:, axis]
            assert np.diff(at) == pytest.approx(paper.pitch_mm) and at[0] + at[-1] == pytest.approx(side)
            assert other[:, axis].min() == at[0] and other[:, axis + 2].max() == at[-1]


def test_red_lines_part_margins_and_heads():
    card, margin = (ruling_of(Paper.parse(name), 1.0) for name in ("card-3x5", "a4-margin"))
    red = [colour[0] > colour[2] for colour in card.line_colours]
    assert red[0] and not any(red[1:]) and card.lines[0, 1] == card.lines[:, 1].min()
    red = [colour[0] > colour[2] for colour in margin.line_colours]
    upright = margin.lines[red]
    assert len(upright) == 1 and upright[0, 0] == upright[0, 2] < Paper.parse("a4-margin").margins[3]


def test_grounds_scale_with_the_size_of_the_writing():
    one, two = (ruling_of(Paper.parse("a4-margin"), size).lines for size in (1.0, 2.5))
    assert one == pytest.approx(two * 2.5)


def test_every_name_of_the_help_is_known():
    for name in names():
        if name not in RULINGS or name == "card":
            continue
        assert Paper.parse(f"a4-{name}").ruling == name
    with pytest.raises(InputError, match="ruling"):
        replace(Paper.parse("a4"), ruling="tartan")


@pytest.mark.parametrize(
    ("text", "mm"), [("3mm", 3.0), ("1.5 cm", 15.0), ("0.5in", 12.7), ("72pt", 25.4), ("-2mm", -2.0)]
)
def test_lengths_on_paper(text, mm):
    assert length_mm(text) == pytest.approx(mm)


@pytest.mark.parametrize("text", ["3", "3px", "", "mm", "1e3mm", "nan mm"])
def test_what_is_no_length_on_paper(text):
    with pytest.raises(InputError, match="no length on paper"):
        length_mm(text)
    with pytest.raises(InputError, match="give 1 to 5 mm"):
        length_mm("9mm", "pitch", (1.0, 5.0))
