"""Decomposed text in fonts: an outside shaper puts combining marks where the recipes put them."""

from __future__ import annotations

import io
import itertools
import unicodedata

import lettering
import pytest
import uharfbuzz as hb
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from handsynth.fonts import Options
from handsynth.fonts.opentype import build, files
from handsynth.fonts.shapes import UNITS
from handsynth.fonts.source import XHEIGHT
from handsynth.ink.compose import CLEAR, LOWEST_MARK
from handsynth.text.signs import mark_on

CHARS = "aegioqtxHLéíọı "
XHEIGHTS = XHEIGHT * UNITS
ABOVE, BELOW = "\u0300\u0301\u0302\u0303\u0306\u0309\u030c", "\u0323\u0326"


@pytest.fixture(scope="module")
def font():
    data = files(lettering.source(3, CHARS), "a.ttf", Options())["a.ttf"]
    return TTFont(io.BytesIO(data)), hb.Font(hb.Face(data))


def shaped(font, text, features=None):
    """Name, ink box and advance of each glyph, as HarfBuzz places it; it composes nothing by itself here."""
    made, shaper = font
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(shaper, buffer, {"rand": False} | (features or {}))
    glyphs, at, result = made.getGlyphSet(), 0, []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        name = shaper.glyph_to_string(info.codepoint)
        pen = BoundsPen(glyphs)
        glyphs[name].draw(pen)
        left, bottom, right, top = pen.bounds or (0, 0, 0, 0)
        x, y = at + place.x_offset, place.y_offset
        result.append((name, (left + x, bottom + y, right + x, top + y), place.x_advance))
        at += place.x_advance
    return result


def clear(base, ink, above):
    """How much further from the letter's ink a mark's is than the recipes have it, in x-heights."""
    if above:
        return ink[1] / XHEIGHTS - max(base[3] / XHEIGHTS + CLEAR, LOWEST_MARK)
    return min(base[1], 0) / XHEIGHTS - CLEAR - ink[3] / XHEIGHTS


@pytest.mark.parametrize(
    ("letter", "mark"), [pair for pair in itertools.product("xqHL", ABOVE + BELOW) if mark_on(*pair) == pair[1]]
)
def test_a_mark_stands_clear_of_its_letter_and_over_or_under_it(font, letter, mark):
    (_, base, _), (_, ink, advance) = shaped(font, letter + mark)
    assert advance == 0
    assert clear(base, ink, mark in ABOVE) == pytest.approx(0, abs=0.06)
    assert base[0] - 0.3 * XHEIGHTS < (ink[0] + ink[2]) / 2 < base[2] + 0.3 * XHEIGHTS


def test_every_drawing_of_a_letter_has_its_own_places(font):
    found = shaped(font, "x\u0302x\u0302x\u0302")
    assert len({name for name, *_ in found[::2]}) == 3
    for (_, base, _), (_, ink, _) in zip(found[::2], found[1::2], strict=True):
        assert clear(base, ink, True) == pytest.approx(0, abs=0.06)


def test_marks_stand_on_marks(font):
    (_, base, _), (_, first, _), (_, second, _) = shaped(font, "x\u0302\u0301")
    assert base[3] < first[1] < first[3] < second[1]
    (_, base, _), (_, first, _), (_, second, _) = shaped(font, "x\u0323\u0302")
    assert first[3] < base[1] < base[3] < second[1]


def test_a_composed_letter_stands_for_letter_and_mark(font):
    for whole in "éíọ":
        found = shaped(font, unicodedata.normalize("NFD", whole))
        assert [name for name, *_ in found] == [name for name, *_ in shaped(font, whole)]
    # without the shaper's own normalisation the font's rules say the same
    pairs = {}
    made = font[0]["GSUB"].table
    for record in made.FeatureList.FeatureRecord:
        for index in record.Feature.LookupListIndex if record.FeatureTag == "ccmp" else ():
            for subtable in made.LookupList.Lookup[index].SubTable:
                for first, rest in getattr(subtable, "ligatures", {}).items():
                    pairs |= {(first, *one.Component): one.LigGlyph for one in rest}
    assert pairs["e", "acutecomb"] == "eacute"


@pytest.mark.parametrize(("letter", "mark", "other"), [("t", "\u030c", "\u0315"), ("g", "\u0327", "\u0312")])
def test_a_mark_has_the_form_that_its_letter_asks_for(font, letter, mark, other):
    """As in ť and ģ, which a shaper takes apart where the font has them not."""
    assert shaped(font, letter + mark) == shaped(font, letter + other)
    assert [part[0] for part in shaped(font, "x" + mark)] != [part[0] for part in shaped(font, "x" + other)]


def test_an_i_loses_its_dot_under_a_mark_and_keeps_it_over_one(font):
    name = shaped(font, "i\u0302")[0][0]
    assert name.split(".")[0] == "dotlessi"
    assert shaped(font, "i\u0323\u0302")[0][0].split(".")[0] == "dotlessi"
    assert shaped(font, "i\u0323")[0][0].split(".")[0] == "i"


def test_marks_neither_move_the_next_letter_nor_end_the_turns_of_drawings(font):
    bare, marked = shaped(font, "HLHL"), shaped(font, "H\u0302LH\u0302L")
    letters = [glyph for glyph in marked if glyph[2]]
    assert [(name, advance) for name, _, advance in letters] == [(name, advance) for name, _, advance in bare]


def test_marks_come_with_letters_that_have_one_or_where_they_are_asked_for():
    cmaps = {chars: build(lettering.source(1, chars), Options()).getBestCmap() for chars in ("ab", "aé", "b \u0302")}
    assert not any(map(unicodedata.combining, map(chr, cmaps["ab"])))
    assert {0x301, 0x323} <= set(cmaps["aé"])
    assert {chr(code) for code in cmaps["b \u0302"]} == {"b", " ", "\u00a0", "\u0302"}
