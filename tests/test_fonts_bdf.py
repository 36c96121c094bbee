"""BDF and PCF fonts: bdftopcf, bdfparser and Pillow are the judges."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace

import bdfparser
import lettering
import numpy as np
import pytest
from bdffont import BdfFont
from drawn import HOSTILE, SPITEFUL
from hypothesis import given, settings
from hypothesis import strategies as st
from pcffont import PcfFont
from PIL import BdfFontFile, Image, ImageDraw, ImageFont

from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError
from handsynth.fonts import Options, build, find, write
from handsynth.fonts.bdf import files as bdf_files
from handsynth.fonts.names import Names
from handsynth.fonts.pcf import files as pcf_files
from handsynth.fonts.repertoire import ASCII
from handsynth.fonts.source import FontSource
from handsynth.fonts.strike import strike
from handsynth.provenance import provenance, recorded

SIZE = 20
OPTIONS = Options(sizes=(SIZE,))
FEW = "aAbgÉé1.,"


@pytest.fixture(scope="module")
def source() -> FontSource:
    return lettering.source(3, FEW)


def parsed(source: FontSource, name: str = "a.bdf", options: Options = OPTIONS) -> dict[str, BdfFont]:
    return {file: BdfFont.parse(data.decode("ascii")) for file, data in bdf_files(source, name, options).items()}


def compiled(data: bytes, folder) -> PcfFont:
    (folder / "a.bdf").write_bytes(data)
    subprocess.run(["bdftopcf", "-o", folder / "a.pcf", folder / "a.bdf"], check=True)
    return PcfFont.load(folder / "a.pcf")


def glyphs(font: PcfFont) -> dict[str, tuple]:
    codes = {number: code for code, number in font.bdf_encodings.items()}
    rows = zip(font.glyph_names, font.metrics, font.scalable_widths, font.bitmaps, strict=True)
    return {
        name: (codes[i], *vars(metric).values(), wide, bitmap) for i, (name, metric, wide, bitmap) in enumerate(rows)
    }


@pytest.mark.skipif(shutil.which("bdftopcf") is None, reason="bdftopcf is not installed")
@pytest.mark.parametrize("variants,chars,size", [(5, ASCII, 32), (3, FEW, 11), (1, "x", 150)])
def test_bdftopcf_compiles_the_same_font(tmp_path, variants, chars, size):
    source = lettering.source(variants, chars)
    options = Options(sizes=(size,))
    ours = pcf_files(source, "a.pcf", options)
    for name, data in bdf_files(source, "a.bdf", options).items():
        theirs, mine = compiled(data, tmp_path), PcfFont.parse(ours[name.replace(".bdf", ".pcf")])
        assert glyphs(mine) == glyphs(theirs)
        assert dict(mine.bdf_encodings) == dict(theirs.bdf_encodings)
        assert mine.bdf_encodings.default_char == theirs.bdf_encodings.default_char == 0
        assert mine.accelerators == theirs.accelerators
        assert mine.bdf_accelerators == theirs.bdf_accelerators
        assert {key: mine.properties.get(key) for key in theirs.properties}.items() >= {
            key: value for key, value in theirs.properties.items() if key in mine.properties
        }.items()
        assert set(mine.properties) - set(theirs.properties) == {provenance.PCF_PROPERTY}
        assert {kind: table.table_format for kind, table in mine.items()} == {
            kind: table.table_format for kind, table in theirs.items()
        }


def test_bdfparser_sees_the_pixels_of_the_strike(source, tmp_path):
    drawn = strike(source, SIZE, depth=1)
    found = 0
    for variant, path in enumerate(write(source, tmp_path / "a.bdf", OPTIONS)):
        font = bdfparser.Font(str(path))
        for i, char in enumerate(source.chars):
            number = i * source.variants + variant
            glyph = font.glyph(char)
            picture = drawn.pictures[number]
            pixels = np.array(glyph.draw(1).todata(2), np.uint8).reshape(picture.shape)
            assert np.array_equal(pixels * 255, picture)
            assert glyph.meta["dwx0"] == drawn.advance[number]
            assert (glyph.meta["bbxoff"], glyph.meta["bbyoff"] + len(picture)) == (
                drawn.left[number],
                drawn.top[number],
            )
            found += 1
    assert found == len(FEW) * 3


def test_further_drawings_are_for_private_use_and_have_a_file_each(source):
    fonts = parsed(source)
    assert list(fonts) == ["a.bdf", "a-v2.bdf", "a-v3.bdf"]
    base = {glyph.name: glyph for glyph in fonts["a.bdf"].glyphs}
    assert base["a"].encoding == ord("a") and base["a.2"].encoding != base["a.3"].encoding
    for k in (2, 3):
        own = {glyph.name: glyph for glyph in fonts[f"a-v{k}.bdf"].glyphs}
        assert own.keys() == {name for name in base if "." not in name[1:]}
        for name in own.keys() - {".notdef", "space", "uni00A0"}:
            assert own[name].bitmap == base[f"{name}.{k}"].bitmap
            assert 0xE000 <= base[f"{name}.{k}"].encoding <= 0xF8FF
    assert len({glyph.encoding for glyph in fonts["a.bdf"].glyphs}) == len(FEW) * 3 + 3
    assert len({font.name for font in fonts.values()}) == 3


def test_code_points_of_the_font_are_not_given_away():
    source = replace(lettering.source(3, FEW), chars=(*"aAbgÉé1.", "\ue001"))
    codes = [glyph.encoding for glyph in parsed(source)["a.bdf"].glyphs]
    assert len(set(codes)) == len(codes) and codes.count(0xE001) == 1


def test_properties_say_what_the_glyphs_are(source):
    font = parsed(source)["a.bdf"]
    has = font.properties
    assert has.to_xlfd() == font.name
    assert (has.pixel_size, has.point_size, has.resolution_x, has.spacing) == (SIZE, 10 * SIZE, 72, "P")
    assert (has.charset_registry, has.charset_encoding, has.default_char) == ("ISO10646", "1", 0)
    assert has.average_width == round(10 * np.mean([glyph.device_width_x for glyph in font.glyphs]))
    glyph = {glyph.name: glyph for glyph in font.glyphs}
    assert abs(has.cap_height - (glyph["A"].height + glyph["A"].offset_y)) <= 2
    assert abs(has.x_height - (glyph["a"].height + glyph["a"].offset_y)) <= 2
    assert {"FONT_ASCENT", "FONT_DESCENT", "COPYRIGHT", "NOTICE", "FONT_VERSION", "NORM_SPACE"} <= set(has)
    assert "handsynth" in has["NOTICE"] and "Ada" in has["NOTICE"]
    for each in font.glyphs:
        assert abs(each.scalable_width_x * SIZE / 1000 - each.device_width_x) <= 0.5 + SIZE / 2000
    left = min(each.offset_x for each in font.glyphs)
    assert font.offset_x == left and font.width == max(g.offset_x + g.width for g in font.glyphs) - left


def test_pillow_draws_text_with_it(source, tmp_path):
    drawn = strike(source, SIZE, depth=1)
    for variant, data in enumerate(bdf_files(source, "a.bdf", OPTIONS).values()):
        BdfFontFile.BdfFontFile(io.BytesIO(data)).save(str(tmp_path / "a.pil"))
        font = ImageFont.load(str(tmp_path / "a.pil"))
        picture = Image.new("1", (120, 40))
        ImageDraw.Draw(picture).text((8, 0), "b g a", 1, font)
        pen = 8
        numbers = [source.glyph(char, variant) for char in "bga"]
        top = max(int(drawn.top[number]) for number in numbers)
        expected = np.zeros((40, 120), bool)
        for number in numbers:
            shape, x, y = drawn.pictures[number] > 0, pen + int(drawn.left[number]), top - int(drawn.top[number])
            expected[y : y + shape.shape[0], x : x + shape.shape[1]] = shape
            pen += int(drawn.advance[number]) + int(source.metrics.space * SIZE + 0.5)
        found = np.array(picture)
        first = np.flatnonzero(found.any(axis=1))[0]
        assert np.array_equal(found[first:], expected[: 40 - first])


def test_each_size_has_its_files(source):
    options = Options(sizes=(12, 16, 12))
    names = ["a-12.bdf", "a-12-v2.bdf", "a-12-v3.bdf", "a-16.bdf", "a-16-v2.bdf", "a-16-v3.bdf"]
    assert list(bdf_files(source, "a.bdf", options)) == names
    assert [font.point_size for font in parsed(source, options=options).values()] == [12] * 3 + [16] * 3


def test_the_same_source_gives_the_same_bytes(source):
    assert bdf_files(source, "a.bdf", OPTIONS) == bdf_files(replace(source), "a.bdf", OPTIONS)
    assert pcf_files(source, "a.pcf", OPTIONS) == pcf_files(replace(source), "a.pcf", OPTIONS)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=40), st.text(max_size=200))
def test_any_name_makes_a_font(family, style, designer, licence):
    try:
        names = Names(family, style, designer=designer, copyright=licence, licence=licence)
    except InputError:
        return
    source = replace(lettering.source(1, "a"), names=names)
    font = parsed(source)["a.bdf"]
    assert font.name.count("-") == 14 and font.name.isascii() and len(font.name) < 256
    again = PcfFont.parse(pcf_files(source, "a.pcf", OPTIONS)["a.pcf"])
    assert again.properties["NOTICE"] == font.properties["NOTICE"]


@pytest.mark.parametrize("ending", [".bdf", ".pcf"])
@pytest.mark.parametrize("evil", [*HOSTILE, "ends in a space " * 20, ""])
def test_how_it_was_made_can_be_read_back(tmp_path, ending, evil):
    metadata = {"Software": "handsynth 0.1.0", "Hand": evil, "Command": '["font"]'}
    for path in write(replace(lettering.source(2, "a"), metadata=metadata), tmp_path / f"a{ending}", OPTIONS):
        assert recorded.record_of(path) == {key: provenance.clean(value) for key, value in metadata.items()}


@settings(max_examples=15, deadline=None)
@given(SPITEFUL, SPITEFUL)
def test_spiteful_facts_come_back_as_they_were(tmp_path_factory, hand, command):
    metadata = {"Software": "handsynth 0.1.0", "Hand": hand, "Command": command}
    for ending in (".bdf", ".pcf"):
        path = tmp_path_factory.mktemp("facts") / f"a{ending}"
        write(replace(lettering.source(1, "a"), metadata=metadata), path, OPTIONS)
        assert recorded.record_of(path) == {key: provenance.clean(value) for key, value in metadata.items()}


@pytest.mark.parametrize("ending", [".bdf", ".pcf"])
@pytest.mark.parametrize("sizes", [(), (5,), (32, 1001), (-1,)])
def test_sizes_are_checked_before_anything_is_drawn(tmp_path, ending, sizes):
    with pytest.raises(InputError, match="size"):
        find(tmp_path / f"a{ending}", Options(sizes=sizes))


def test_what_the_formats_cannot_hold_is_said():
    model = lettering.model()
    high = build(model, resolve(model, "Quill"), Names("High"), "a\U0001f600", 1, missing="box")
    with pytest.raises(InputError, match=r"U\+1F600.*\.bdf"):
        pcf_files(high, "a.pcf", OPTIONS)
    assert 0x1F600 in {glyph.encoding for glyph in parsed(high)["a.bdf"].glyphs}
    many = replace(lettering.source(2, "ab"), chars=tuple(chr(0x4E00 + i) for i in range(6401)))
    with pytest.raises(InputError, match="6,401 characters in 2 variants need 6,401 code points.*6,400.*fewer"):
        bdf_files(many, "a.bdf", OPTIONS)


def test_without_its_package_pcf_is_refused_before_anything_is_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr("handsynth.fonts.pcf.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"handsynth\[pcf\]"):
        find(tmp_path / "a.pcf", OPTIONS)
