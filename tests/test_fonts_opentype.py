"""OpenType files, judged by OpenType Sanitizer, FontBakery, FreeType, fontTools and Pillow."""

from __future__ import annotations

import io
import re
from pathlib import Path

import freetype
import lettering
import numpy as np
import ots
import pathops
import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont, features

from handsynth.fonts import FontSource, Options
from handsynth.fonts.strike import strike

PLAIN = Options()
FONTS = {
    "plain.ttf": PLAIN,
    "plain.otf": PLAIN,
    "plain.woff": PLAIN,
    "plain.woff2": PLAIN,
    "sbix.ttf": Options(sizes=(16, 48), strikes="sbix"),
    "cbdt.ttf": Options(sizes=(16, 48), strikes="cbdt", ink=(20, 30, 120, 255)),
    "ebdt1.ttf": Options(sizes=(12, 32), strikes="ebdt", depth=1),
    "ebdt2.otf": Options(sizes=(12, 32), strikes="ebdt", depth=2),
    "ebdt4.ttf": Options(sizes=(12, 32), strikes="ebdt", depth=4),
    "ebdt8.otf": Options(sizes=(12, 32), strikes="ebdt", depth=8),
}
ALL = pytest.mark.parametrize("name", FONTS)
DOCS = Path(__file__).parent.parent / "docs" / "fonts.md"


FEWER = 2
"""Drawings of a character where each glyph takes long to look at and is like the others."""


def made(name: str, variants: int = 5) -> Path:
    return lettering.file(name, FONTS[name], variants)


@ALL
def test_the_sanitizer_of_browsers_takes_it(name, tmp_path):
    result = ots.sanitize(str(made(name)), str(tmp_path / "out"), capture_output=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", ["plain.ttf", "plain.otf", "sbix.ttf", "cbdt.ttf", "ebdt8.otf"])
def test_fontbakery_finds_no_fault(name, tmp_path):
    # it draws with a FreeType that was built without PNG
    left_out = ["freetype_rasterizer"] if name in ("sbix.ttf", "cbdt.ttf") else []
    font = made(name) if name == "plain.ttf" else made(name, FEWER)
    found = {"PASS": set(), "WARN": set()}
    for check in lettering.bakery(tmp_path / "report.json", [font], left_out):
        found.setdefault(check["result"], set()).add(re.sub(r".*:|>", "", check["key"][1]))
    assert len(found["PASS"]) > 40
    assert not {kind: found[kind] for kind in ("FAIL", "ERROR", "FATAL") if kind in found}
    explained = DOCS.read_text("utf-8")
    assert not [check for check in found["WARN"] if f"`{check}`" not in explained]


@ALL
def test_fonttools_reads_what_was_written(name):
    first = io.StringIO()
    font = TTFont(made(name, FEWER))
    font.saveXML(first)
    again = TTFont(recalcTimestamp=False)
    again.importXML(io.BytesIO(first.getvalue().encode()))
    saved = io.BytesIO()
    again.flavor = None
    again.save(saved)
    second = io.StringIO()
    TTFont(saved).saveXML(second)
    # the sum over the file, and where tables are, are no part of the font
    same = [
        re.sub(r'checkSumAdjustment value="[^"]*"|ttLibVersion="[^"]*"', "", text.getvalue())
        for text in (first, second)
    ]
    assert same[0] == same[1]


def test_the_same_font_is_the_same_bytes():
    from handsynth.fonts.opentype import files

    made = lettering.source()
    assert files(made, "a.ttf", PLAIN) == files(made, "a.ttf", PLAIN)


@pytest.mark.parametrize("name", ["plain.ttf", "plain.otf"])
def test_contours_are_clean(name):
    font = TTFont(made(name))
    glyphs = font.getGlyphSet()
    points = crossing = 0
    for glyph in font.getGlyphOrder():
        path = pathops.Path()
        glyphs[glyph].draw(path.getPen(glyphSet=glyphs))
        simple = pathops.Path(path)
        simple.simplify(fix_winding=True, keep_starting_points=False)
        # without overlaps, and outer contours the way the format wants them, nothing is left to simplify
        assert abs(abs(path.area) - abs(simple.area)) <= 0.002 * abs(simple.area) + 30, glyph
        area = AreaPen(glyphs)
        glyphs[glyph].draw(area)
        assert area.value == 0 or (area.value < 0) == (name == "plain.ttf"), glyph
        crossing += len(list(path.contours)) != len(list(simple.contours))
        points += sum(len(segment) for _, segment in path.segments)
    assert crossing <= 0.01 * len(font.getGlyphOrder())
    assert points / len(font.getGlyphOrder()) < 130


def test_curves_of_the_cubic_font_have_points_at_their_extrema():
    from fontTools.misc.bezierTools import calcCubicBounds
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    font = TTFont(made("plain.otf"))
    glyphs = font.getGlyphSet()
    for glyph in font.getGlyphOrder():
        pen = DecomposingRecordingPen(glyphs)
        glyphs[glyph].draw(pen)
        here = (0, 0)
        for operator, points in pen.value:
            if operator == "curveTo":
                box = calcCubicBounds(here, *points)
                ends = (
                    min(here[0], points[2][0]),
                    min(here[1], points[2][1]),
                    max(here[0], points[2][0]),
                    max(here[1], points[2][1]),
                )
                assert max(abs(a - b) for a, b in zip(box, ends, strict=True)) <= 1.0, glyph
            here = points[-1] if points else here


@pytest.mark.parametrize("name", [name for name in FONTS if name.startswith("ebdt")])
def test_freetype_loads_the_pixels_that_were_drawn(name):
    options = FONTS[name]
    source = lettering.source()
    face = freetype.Face(str(made(name)))
    names = TTFont(made(name)).getGlyphOrder()
    assert [size.y_ppem // 64 for size in face.available_sizes] == list(options.sizes)
    for number, size in enumerate(options.sizes):
        face.select_size(number)
        drawn = strike(source, size, options.depth)
        for glyph, pixels in _numbered(source, names):
            face.load_glyph(glyph, freetype.FT_LOAD_SBITS_ONLY if hasattr(freetype, "FT_LOAD_SBITS_ONLY") else 0x4000)
            slot = face.glyph
            picture = drawn.pictures[pixels]
            assert slot.advance.x // 64 == drawn.advance[pixels]
            assert (slot.bitmap_left, slot.bitmap_top) == (drawn.left[pixels], drawn.top[pixels])
            assert np.array_equal(_pixels(slot.bitmap, options.depth), picture)


@pytest.mark.parametrize("name", ["plain.ttf", "plain.otf"])
@pytest.mark.parametrize(("size", "least"), [(32, 0.9), (64, 0.95)])
def test_outlines_agree_with_strikes(name, size, least):
    """The share of common ink, as FreeType draws the outline without hints."""
    source = lettering.source()
    face = freetype.Face(str(made(name)))
    face.set_pixel_sizes(size, size)
    drawn = strike(source, size)
    shares = []
    for glyph, pixels in _numbered(source, TTFont(made(name)).getGlyphOrder()):
        face.load_glyph(glyph, freetype.FT_LOAD_RENDER | freetype.FT_LOAD_NO_HINTING)
        slot = face.glyph
        ours = _placed(drawn.pictures[pixels], drawn.left[pixels], drawn.top[pixels], size)
        theirs = _placed(_pixels(slot.bitmap, 8), slot.bitmap_left, slot.bitmap_top, size)
        shares.append(np.minimum(ours, theirs).sum() / np.maximum(ours, theirs).sum())
    assert np.mean(shares) > least
    assert min(shares) > least - 0.25  # of a dot


@pytest.mark.parametrize("name", ["cbdt.ttf", "sbix.ttf"])
def test_every_picture_of_colour_fonts_is_drawn(name):
    """By Pillow's FreeType, which was built with PNG; stylistic sets lead to the further drawings."""
    options, source = FONTS[name], lettering.source()
    shaping = features.check("raqm")
    for size in options.sizes:
        layout = ImageFont.Layout.RAQM if shaping else ImageFont.Layout.BASIC
        font = ImageFont.truetype(str(made(name)), size, layout_engine=layout)
        drawn = strike(source, size)
        for char in source.chars:
            for k in range(source.variants if shaping else 1):
                pixels = source.glyph(char, k)
                image = Image.new("RGBA", (3 * size, 3 * size))
                chosen = {"features": [f"ss{k + 1:02}"]} if shaping else {}
                pen = ImageDraw.Draw(image)
                pen.text((size, 2 * size), char, font=font, anchor="ls", embedded_color=True, **chosen)
                seen = np.asarray(image)
                picture = drawn.pictures[pixels]
                left, top = size + drawn.left[pixels], 2 * size - drawn.top[pixels]
                expected = np.zeros(seen.shape[:2], int)
                expected[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
                # Pillow multiplies colour by coverage and divides again
                assert np.abs(seen[..., 3].astype(int) - expected).max() <= 2, (char, k)
                if name == "cbdt.ttf":
                    full = seen[seen[..., 3] > 250][:, :3].astype(int)
                    assert np.abs(full - options.ink[:3]).max(initial=0) <= 4
    if not shaping:
        pytest.skip("Pillow lacks libraqm: the first drawings alone were looked at")


@pytest.mark.parametrize("name", ["plain.ttf", "plain.otf"])
def test_pillow_draws_text_and_its_letters_differ(name):
    font = ImageFont.truetype(str(made(name)), 60, layout_engine=ImageFont.Layout.BASIC)
    image = Image.new("L", (500, 120))
    ImageDraw.Draw(image).text((10, 10), "Letter", 255, font)
    assert np.asarray(image).max() == 255


def test_names_and_metrics():
    font = TTFont(made("plain.ttf"))
    name = font["name"]
    assert [name.getDebugName(i) for i in (1, 2, 4, 6, 9)] == [
        "Two Words",
        "Regular",
        "Two Words",
        "TwoWords-Regular",
        "Ada",
    ]
    assert "handsynth" in name.getDebugName(13)
    assert font["hhea"].ascent == font["OS/2"].sTypoAscender > 0 > font["hhea"].descent
    assert font["OS/2"].usWinAscent >= font["head"].yMax
    assert font["OS/2"].usWinDescent >= -font["head"].yMin
    flat = [font["glyf"][glyph].yMax for glyph in font.getGlyphOrder() if glyph.split(".")[0] in list("xzvwuns")]
    assert abs(font["OS/2"].sxHeight - np.median(flat)) <= 1
    assert font.getBestCmap()[0xA0] == "space"
    marks = font["GDEF"].table.GlyphClassDef.classDefs
    assert all((font["hmtx"][glyph][0] > 0) == (marks.get(glyph) != 3) for glyph in font.getGlyphOrder())


def test_other_styles_are_members_of_the_family():
    from dataclasses import replace

    from handsynth.fonts.names import Names
    from handsynth.fonts.opentype import build

    light = build(replace(lettering.source(1), names=Names("My Hand", "Light")), PLAIN)["name"]
    assert [light.getDebugName(i) for i in (1, 2, 16, 17)] == ["My Hand Light", "Regular", "My Hand", "Light"]
    bold = build(replace(lettering.source(1), names=Names("My Hand", "Bold")), PLAIN)
    assert bold["OS/2"].fsSelection & 0x61 == 0x20
    assert bold["head"].macStyle == 1


def _numbered(source: FontSource, names: list[str]) -> list[tuple[int, int]]:
    """Glyphs of the file, by number, and of the source."""
    from handsynth.fonts.naming import glyph_names

    named = glyph_names(source)
    numbers = {name: i for i, name in enumerate(names)}
    inked = zip((name for some in named.sets for name in some), named.order, strict=True)
    return [(numbers[name], glyph) for name, glyph in inked]


def _pixels(bitmap: freetype.Bitmap, depth: int) -> np.ndarray:
    """uint8 [h,w]; FreeType turns all but one bit a pixel into bytes, in steps of the depth."""
    rows = (
        np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)
        if bitmap.rows
        else np.zeros((0, 0), np.uint8)
    )
    if bitmap.pixel_mode == freetype.FT_PIXEL_MODE_MONO:
        return np.unpackbits(rows, axis=1)[:, : bitmap.width] * 255
    if bitmap.pixel_mode in (3, 4):  # FT_PIXEL_MODE_GRAY2, GRAY4: packed as in the file
        bits = np.unpackbits(rows, axis=1).reshape(len(rows), -1, depth)
        weights = 1 << np.arange(depth)[::-1]
        return ((bits @ weights)[:, : bitmap.width] * (255 // ((1 << depth) - 1))).astype(np.uint8)
    return rows[:, : bitmap.width]


def _placed(picture: np.ndarray, left: int, top: int, size: int) -> np.ndarray:
    room = np.zeros((4 * size, 4 * size))
    y, x = 2 * size - int(top), size + int(left)
    room[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    return room
