"""Styles of one family: what names, tables, fontconfig and FontBakery say of each."""

from __future__ import annotations

import math
import shutil
import string
import subprocess
from functools import cache
from pathlib import Path

import lettering
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from handsynth.drawing.resolve import resolve
from handsynth.fonts import build, write
from handsynth.fonts.api import font
from handsynth.fonts.names import Names
from handsynth.fonts.styles import style_of

FAMILY = "Ada Hand"
STYLES = {
    # style: weight, italic, name IDs 1 and 2, whether 16 and 17 are there, fontconfig's weight
    "Regular": (400, False, "Ada Hand", "Regular", False, 80),
    "Italic": (400, True, "Ada Hand", "Italic", False, 80),
    "Bold": (700, False, "Ada Hand", "Bold", False, 200),
    "Bold Italic": (700, True, "Ada Hand", "Bold Italic", False, 200),
    "Light": (300, False, "Ada Hand Light", "Regular", True, 50),
    "SemiBold": (600, False, "Ada Hand SemiBold", "Regular", True, 180),
    "Demi Bold": (600, False, "Ada Hand Demi Bold", "Regular", True, 180),
    "Black": (900, False, "Ada Hand Black", "Regular", True, 210),
    "Light Italic": (300, True, "Ada Hand Light", "Italic", True, 50),
}
ALL = pytest.mark.parametrize("style", STYLES)


@cache
def folder() -> Path:
    made = lettering.folder() / "styles"
    made.mkdir()
    model = lettering.model()
    for style in STYLES:
        slant = 0.2 if "Italic" in style else 0.0
        hand = resolve(model, "Quill").leaning(slant)
        write(build(model, hand, Names(FAMILY, style), string.ascii_letters, 1), made / f"{style.replace(' ', '')}.ttf")
    return made


def file(style: str) -> Path:
    return folder() / f"{style.replace(' ', '')}.ttf"


@ALL
def test_tables_say_what_the_name_says(style):
    weight, italic, family, linked, apart, _ = STYLES[style]
    font = TTFont(file(style))
    names = {number: font["name"].getDebugName(number) for number in (1, 2, 4, 16, 17)}
    assert (names[1], names[2]) == (family, linked)
    assert (names[16], names[17]) == ((FAMILY, style) if apart else (None, None))
    os2, bold = font["OS/2"], weight == 700
    assert os2.usWeightClass == weight
    assert [os2.fsSelection >> bit & 1 for bit in (0, 5, 6)] == [italic, bold, not (italic or bold)]
    assert font["head"].macStyle == bold + 2 * italic
    values = {
        font["STAT"].table.DesignAxisRecord.Axis[value.AxisIndex].AxisTag: value.Value
        for value in font["STAT"].table.AxisValueArray.AxisValue
    }
    assert values == {"wght": weight, "ital": float(italic)}


def test_the_angle_is_that_of_the_letters():
    italic, upright = TTFont(file("Italic")), TTFont(file("Regular"))
    assert upright["post"].italicAngle == 0
    # the hand leans by itself, and by 0.2 more
    assert -25 < italic["post"].italicAngle < -10
    caret = math.degrees(math.atan2(italic["hhea"].caretSlopeRun, italic["hhea"].caretSlopeRise))
    assert caret == pytest.approx(-italic["post"].italicAngle, abs=0.1)


def test_a_slant_is_an_angle_whatever_the_style(tmp_path):
    source, _ = font(tmp_path / "a.ttf", hand="Quill", chars="ab", variants=1, legibility=1, slant=0.3)
    assert TTFont(tmp_path / "a.ttf")["post"].italicAngle == pytest.approx(-math.degrees(math.atan(0.3)), abs=0.1)


@pytest.mark.skipif(not shutil.which("fc-scan"), reason="fontconfig is not installed")
@ALL
def test_fontconfig_lists_each_as_what_it_is(style):
    _, italic, _, _, _, weight = STYLES[style]
    asked = ["fc-scan", "--format", "%{family[0]}|%{style[0]}|%{weight}|%{slant}", str(file(style))]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert listed == f"{FAMILY}|{style}|{weight}|{100 if italic else 0}"


def test_fontbakery_finds_no_fault_in_the_family(tmp_path):
    checks = lettering.bakery(tmp_path / "report.json", [file(style) for style in STYLES])
    assert sum(check["result"] == "PASS" for check in checks) > 40 * len(STYLES)
    assert not [check["key"] for check in checks if check["result"] in ("FAIL", "ERROR", "FATAL")]


def test_a_family_that_office_cuts_is_said(tmp_path):
    long = "A Hand With Quite a Long Name"
    source, _ = font(tmp_path / "a.ttf", hand="Quill", chars="ab", variants=1, legibility=1, names=Names(long, "Light"))
    assert [note for note in source.notes if "Office shows 31" in note and f"{long} Light" in note]
    assert Names(long).cut() is None


def test_an_italic_that_stands_upright_is_said():
    model = lettering.model()
    leans = resolve(model, "Quill").leaning(-0.4)
    assert [note for note in build(model, leans, Names(FAMILY, "Italic"), "abcl", 1).notes if "stand upright" in note]


def test_progress_covers_the_files_too(tmp_path):
    seen = []
    outputs = [tmp_path / "a.ttf", tmp_path / "a.woff2"]
    font(
        outputs, hand="Quill", chars="abc", variants=2, legibility=1, specimen=True,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert seen[0][0] < seen[0][1] and seen[-1][0] == seen[-1][1]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen) and len({total for _, total in seen}) == 1
    assert len(seen) >= 4


@pytest.mark.parametrize(
    ("name", "weight", "italic", "width"),
    [
        ("ExtraLight", 200, False, 5), ("Ultra Light", 200, False, 5), ("LightItalic", 300, True, 5),
        ("semi-bold oblique", 600, True, 5), ("Heavy", 900, False, 5), ("Condensed", 400, False, 3),
        ("Semi Condensed Bold", 700, False, 4), ("Brush", 400, False, 5), ("Italic", 400, True, 5),
    ],
)  # fmt: skip
def test_names_are_read(name, weight, italic, width):
    style = style_of(name)
    assert (style.weight, style.italic, style.width) == (weight, italic, width)


@given(st.text(min_size=1, max_size=50))
def test_any_name_gives_a_style(name):
    style = style_of(name)
    assert 1 <= style.weight <= 1000 and 1 <= style.width <= 9 and style.upright
