"""What is in a font, whatever its format."""

from __future__ import annotations

import lettering
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsynth.errors import InputError, MissingCharacterError
from handsynth.fonts import Options, repertoire
from handsynth.fonts.names import Names, family_of
from handsynth.fonts.options import sizes_of
from handsynth.fonts.setting import line
from handsynth.fonts.source import _parts
from handsynth.fonts.strike import strike


def charset() -> list[str]:
    return list(lettering.model().charset)


def test_no_two_drawings_of_a_letter_are_equal():
    made = lettering.source()
    for i in range(len(made.chars)):
        some = made.fields[i * 5 : i * 5 + 5]
        assert len({field.tobytes() for field in some}) == 5


def test_drawings_of_a_letter_are_of_a_size_and_whole():
    made = lettering.source(hand="Copper")
    box = made.boxes
    for char in "aeosnTPE91":
        height = [float(np.diff(box[made.glyph(char, k)][[1, 3]])[0]) for k in range(5)]
        assert max(height) / min(height) < 1.45, char
    parts = _parts(made.fields, made.frame)
    whole = [
        parts[made.glyph(char, k)] == 1 for char in "abcdeghklmnoprstuvwxyzABCDEGHKLMNOPRSTUVWXYZ" for k in range(5)
    ]
    assert np.mean(whole) > 0.98


def test_a_letter_is_drawn_alike_whatever_else_the_font_holds():
    many, few = lettering.source(), lettering.source(5, "ez")
    for k in range(5):
        assert np.array_equal(many.fields[many.glyph("e", k)], few.fields[few.glyph("e", k)])


def test_every_font_holds_blanks_and_a_box():
    made = lettering.source(2, "ab")
    assert set(made.blanks) == {" ", "\u00a0"}
    assert made.glyph("?") == len(made) - 1
    assert (made.fields[-1] > 0).any()


def test_neighbours_do_not_touch_whichever_drawings_meet():
    made = lettering.source()
    edges = made.glyphs.take(slice(0, -1)).profiles(made.frame)
    numbers = {char: i for i, char in enumerate(made.chars)}
    for pair in ("AV", "To", "rn", "ff", "fi", "gy", "Ta", "Qu", "77", "L'", "r."):
        a, b = (numbers[char] for char in pair)
        for i in range(5):
            for j in range(5):
                first, second = a * 5 + i, b * 5 + j
                apart = made.advance[first] - made.centre[first] + made.kerning[a, b] + made.centre[second]
                right, left = edges.right[first], edges.left[second]
                white = apart / 0.45 - (right - left)
                assert white.min() > 0.03, pair


def test_bearings_are_even():
    made = lettering.source()
    box = made.boxes
    for char in "nouHO":
        for k in range(5):
            glyph = made.glyph(char, k)
            before, after = box[glyph, 0], made.advance[glyph] - box[glyph, 2]
            assert abs(before - after) < 0.12
            assert -0.1 < before < 0.2


def test_words_are_as_wide_as_on_a_page():
    """The rule for distances is that of layout: a line of the font is about as long as one on a page."""
    from handsynth import api

    made = lettering.source()
    text = "handwriting and letters that go on and on"
    page = api.typeset(text, model=lettering.model(), hand="Quill", wander=0.0, margin=0.0)
    assert line(made, text).width / 0.45 == pytest.approx(page.width, rel=0.1)


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_strikes_have_the_steps_of_their_depth(depth):
    drawn = strike(lettering.source(), 20, depth)
    steps = np.unique(np.concatenate([picture.ravel() for picture in drawn.pictures]))
    assert len(steps) <= 2**depth
    assert set(steps.tolist()) <= set(range(0, 256, 255 // (2**depth - 1)))
    assert {0, 255} <= set(steps.tolist())


@pytest.mark.parametrize("size", [8, 12, 16])
def test_thin_strokes_of_one_bit_do_not_break_up(size):
    """Letters that are one stroke are one group of neighbouring pixels."""
    from scipy import ndimage

    made = lettering.source()
    drawn = strike(made, size, 1)
    pieces = [
        ndimage.label(drawn.pictures[made.glyph(char, k)], np.ones((3, 3)))[1]
        for char in "acelosuvwLOSUVWC"
        for k in range(5)
    ]
    assert np.mean(np.array(pieces) == 1) > 0.97


def test_a_strike_is_not_cut():
    made = lettering.source()
    drawn = strike(made, 40)
    for picture in drawn.pictures:
        assert picture[0].any() and picture[-1].any() and picture[:, 0].any() and picture[:, -1].any()


def test_named_sets_can_all_be_drawn():
    for name in repertoire.SETS:
        chosen = repertoire.choose(repertoire.named(name, charset()), lettering.model().repertoire)
        assert len(chosen.chars) > 90
        assert not [note for note in chosen.notes if "left out" in note or "box" in note]


def test_missing_characters_follow_the_policy():
    with pytest.raises(MissingCharacterError, match="漢.*U\\+6F22"):
        repertoire.choose("a漢", charset())
    skipped, boxed = (repertoire.choose("a漢", charset(), policy) for policy in ("skip", "box"))
    assert skipped.chars == ("a",)
    assert boxed.chars == ("a", "漢") and boxed.pieces[1] == ()
    assert "left out" in skipped.notes[0] and "box" in boxed.notes[0]


@pytest.mark.parametrize("chars", ["", " \n\u00ad", "\u200d"])
def test_a_font_without_ink_is_refused(chars):
    with pytest.raises(InputError, match="no character|cannot draw"):
        repertoire.choose(chars, charset())


@given(st.text(max_size=60))
def test_any_file_name_gives_a_family(stem):
    family = family_of(stem)
    assert Names(family).family == family
    assert Names(family).postscript.isascii()
    assert len(Names(family).postscript) <= 63


@pytest.mark.parametrize("bad", ["", "  ", "a/b", "a\nb", "x" * 51, "(a)", "a\u0000", "\ud800"])
def test_names_that_fonts_cannot_hold_are_refused(bad):
    with pytest.raises(InputError) as error:
        Names(bad)
    assert "\n" not in str(error.value)


@given(st.text(alphabet="0123456789,px .-", max_size=12))
def test_sizes_are_read_or_refused_in_one_line(text):
    try:
        assert all(isinstance(size, int) for size in sizes_of(text))
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("variants", [0, 21, 50, -1])
def test_too_few_or_too_many_variants_are_refused(variants):
    with pytest.raises(InputError, match="from 1 to 20"):
        lettering.source(variants)


def test_options_have_the_usual_sizes():
    assert Options().sizes == (32,)
