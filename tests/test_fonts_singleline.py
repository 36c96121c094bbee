"""Fonts of single lines, opened by the programs they are for: Inkscape, LibreCAD, FreeType, font editors."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import defcon
import freetype
import lettering
import numpy as np
import ots
import pypdfium2
import pytest
import ufo2ft
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from fontTools.ufoLib import UFOReader
from PIL import Image

from handsynth.cli.app import main
from handsynth.errors import InputError, OutputError
from handsynth.fonts import Options, find
from handsynth.fonts.singleline import lines
from handsynth.ink.glyph import FieldGlyphs

SINGLE = Options(single_line=True)
HERSHEY = Path("/usr/share/inkscape/extensions/hershey.py")
SVG = {"svg": "http://www.w3.org/2000/svg"}


def made(name: str) -> Path:
    return lettering.file(name, SINGLE, variants=2)


def glyph_of(svg: Path, char: str) -> ElementTree.Element:
    found = ElementTree.parse(svg).iterfind(".//svg:glyph", SVG)
    return next(glyph for glyph in found if glyph.get("unicode") == char)


def drawn(path: str) -> list[tuple[str, tuple]]:
    pen = RecordingPen()
    parse_path(path, pen)
    return pen.value


def test_strokes_are_those_of_the_pen_in_its_order():
    source = lettering.source(2)
    strokes = source.glyphs.strokes
    glyph = source.glyph("t")
    first, stop = strokes.glyphs[glyph], strokes.glyphs[glyph + 1]
    found = lines(source)[glyph]
    assert len(found) == stop - first
    for line, k in zip(found, range(first, stop), strict=True):
        points = strokes.points[[strokes.strokes[k], strokes.strokes[k + 1] - 1]].astype(float)
        x = (points[:, 0] - source.frame.size / 2) / source.em + source.centre[glyph]
        y = (source.frame.baseline - points[:, 1]) / source.em
        ends = line.segments[[0, -1], [0, 3]]
        assert np.abs(ends - 1000 * np.stack([x, y], axis=1)).max() <= 1


@pytest.mark.parametrize("name", ["line.svg", "line-v2.svg"])
def test_svg_fonts_are_open_paths_with_y_upwards(name):
    made("line.svg")
    svg = made("line.svg").with_name(f"2-{name}")
    face = ElementTree.parse(svg).find(".//svg:font-face", SVG)
    assert face.get("units-per-em") == "1000" and face.get("font-family") == "Two Words" + " 2" * ("v2" in name)
    commands = drawn(glyph_of(svg, "g").get("d"))
    assert not [operator for operator, _ in commands if operator == "closePath"]
    heights = [y for _, points in commands for _, y in points]
    assert max(heights) > 300 and min(heights) < -50  # the tail of a g is below the line


def test_no_line_of_a_font_is_without_length():
    for glyph in lines(lettering.source(2)):
        for line in glyph:
            assert (line.segments[:, 0] != line.segments[:, 3]).any(axis=1).all()


@pytest.mark.parametrize("name", ["line.ttf", "line.otf"])
def test_contours_of_freetype_go_there_and_back(name):
    face = freetype.Face(str(made(name)))
    face.set_pixel_sizes(0, 1000)
    source = lettering.source(2)
    for char in "agt":
        face.load_char(char, freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP)
        outline = face.glyph.outline
        points = np.array(outline.points)
        begins = [0, *(end + 1 for end in outline.contours[:-1])]
        assert len(begins) == len(lines(source)[source.glyph(char)])
        for begin, end in zip(begins, outline.contours, strict=True):
            x, y = points[begin : end + 1].T
            assert abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) == 0
            assert np.hypot(np.diff(x), np.diff(y)).max() > 0


@pytest.mark.parametrize("name", ["line.ttf", "line.otf"])
def test_the_sanitizer_of_browsers_takes_them(name, tmp_path):
    result = ots.sanitize(str(made(name)), str(tmp_path / "out"), capture_output=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", ["line.svg", "line.lff", "line.ufoz", "line.ttf"])
def test_the_same_font_is_the_same_bytes(name):
    options = SINGLE if name == "line.ttf" else Options()
    source = lettering.source(2, "abé")
    fresh = replace(source, known={})
    writer = find(name, options)
    assert writer.files(source, name, options) == writer.files(fresh, name, options)


def test_variants_still_take_turns_in_the_ttf():
    font = TTFont(made("line.ttf"))
    assert {"calt", "ss02"} <= {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}


def test_lff_is_what_librecad_documents():
    text = made("line.lff").read_text("utf-8")
    header = dict(re.findall(r"^# (\w+): +(.+)$", text, re.MULTILINE))
    assert header["Format"] == "LibreCAD Font 1" and header["Encoding"] == "UTF-8"
    assert float(header["LetterSpacing"]) >= 0 and 2 < float(header["WordSpacing"]) < 8
    letters = dict(re.findall(r"^\[([0-9a-f]{4})\] .\n((?:[-0-9.,;]+\n)+)", text, re.MULTILINE))
    assert {f"{ord(char):04x}" for char in lettering.LETTERS if not char.isspace()} == set(letters)
    tall = [float(point.split(",")[1]) for point in letters["0048"].replace("\n", ";").split(";") if point]
    assert max(tall) == pytest.approx(9, abs=1.2)
    assert all(line.count(",") >= 2 for drawn in letters.values() for line in drawn.split())


def test_ufo_is_opened_by_font_editors(tmp_path):
    with zipfile.ZipFile(io.BytesIO(made("line.ufoz").read_bytes())) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.glob("*.ufo")
    UFOReader(str(folder), validate=True).getGlyphSet(validateRead=True)
    font = defcon.Font(str(folder))
    assert font.info.familyName == "Two Words"
    assert len(font["a"]) == len(lines(lettering.source(2))[lettering.source(2).glyph("a")])
    assert all(contour.open for contour in font["a"])
    assert [font["a.2"].unicodes, font["a"].unicodes] == [[], [ord("a")]]


def test_a_ufo_of_outlines_compiles_with_its_features(tmp_path):
    with zipfile.ZipFile(lettering.file("whole.ufoz", variants=3)) as archive:
        archive.extractall(tmp_path)
    compiled = ufo2ft.compileTTF(defcon.Font(str(next(tmp_path.glob("*.ufo")))))
    tags = {record.FeatureTag for record in compiled["GSUB"].table.FeatureList.FeatureRecord}
    assert {"aalt", "calt", "ss02", "ss03"} == tags
    assert compiled["GPOS"] and compiled["glyf"]["a"].numberOfContours > 0


@pytest.mark.skipif(not (HERSHEY.exists() and shutil.which("inkscape")), reason="Inkscape is not installed")
def test_inkscape_renders_text_in_the_svg_font(tmp_path):
    text = tmp_path / "text.svg"
    text.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="200mm" height="40mm" viewBox="0 0 200 40">'
        '<text x="10" y="25" style="font-size:20px;font-family:sans-serif">Hagt é</text></svg>'
    )
    asked = ["/usr/bin/python3", HERSHEY.name, "--tab=render", "--fontface=other", f"--otherfont={made('line.svg')}"]
    run = subprocess.run([*asked, str(text)], cwd=HERSHEY.parent, capture_output=True, check=True)
    root = ElementTree.fromstring(run.stdout)
    paths = [path.get("d") for path in root.iterfind(".//svg:path", SVG)]
    # the same path, spaced otherwise
    assert [drawn(path) for path in paths] == [drawn(glyph_of(made("line.svg"), char).get("d")) for char in "Hagté"]
    (tmp_path / "drawn.svg").write_bytes(run.stdout)
    subprocess.run(
        ["inkscape", tmp_path / "drawn.svg", "-o", tmp_path / "drawn.png", "-w", "800", "-b", "white"],
        check=True, capture_output=True, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert Image.open(tmp_path / "drawn.png").convert("L").getextrema()[0] < 200


@pytest.mark.skipif(not shutil.which("librecad"), reason="LibreCAD is not installed")
def test_librecad_draws_text_in_the_lff(tmp_path):
    home = {**os.environ, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    fonts = tmp_path / ".librecad/fonts"
    fonts.mkdir(parents=True)
    shutil.copy(made("line.lff"), fonts / "ourhand.lff")
    boxes = {}
    for font in ("ourhand", "standard"):
        path = tmp_path / f"{font}.dxf"
        path.write_text(DXF.replace("FONT", font))
        subprocess.run(["librecad", "dxf2pdf", "-m", str(path)], env=home, cwd=tmp_path, check=True, timeout=120)
        page = pypdfium2.PdfDocument(path.with_suffix(".pdf"))[0]
        boxes[font] = page.render(scale=2).to_numpy()
    assert all(box.min() < 200 for box in boxes.values())
    assert (boxes["ourhand"] != boxes["standard"]).any()


DXF = """0
SECTION
2
TABLES
0
TABLE
2
STYLE
70
1
0
STYLE
2
FONT
70
0
40
0
41
1
50
0
71
0
42
9
3
FONT
4

0
ENDTAB
0
ENDSEC
0
SECTION
2
ENTITIES
0
TEXT
8
0
10
20
20
100
30
0
40
9
1
Hagt
7
FONT
0
ENDSEC
0
EOF
"""


@pytest.mark.parametrize("name", ["a.woff", "a.woff2", "a.bdf", "a.png", "a.fnt"])
def test_formats_that_cannot_be_of_single_lines_say_so(name):
    with pytest.raises(InputError, match="cannot be of single lines; write one of .svg"):
        find(name, SINGLE)


def test_bad_input_ends_in_one_line(tmp_path, capsys):
    with pytest.raises(OutputError, match=r"write a \.ufoz"):
        find("a.ufo", SINGLE)
    with pytest.raises(InputError, match="strikes are pictures of ink"):
        find("a.ttf", Options(single_line=True, strikes="cbdt"))
    assert main(["font", "-o", str(tmp_path / "a.woff"), "--single-line"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_specimen_shows_ink(tmp_path):
    words = ["font", "-o", str(tmp_path / "a.ttf"), "--single-line", "--specimen", "--chars", "ab", "-n", "1"]
    assert main(words) == 0
    assert (tmp_path / "a-specimen.html").stat().st_size > 3000


def test_drawings_that_no_pen_made_have_centrelines():
    source = lettering.source(2, hand="Elder")
    fields = replace(source, glyphs=FieldGlyphs(source.glyphs.fields()), known={})
    for char in "loc":
        number = source.glyph(char)
        pen, centre = (np.concatenate([line.polyline(1) for line in lines(one)[number]]) for one in (source, fields))
        # within half the width of the pen, which is where they end
        assert np.abs(pen.min(axis=0) - centre.min(axis=0)).max() < 25
        assert np.abs(pen.max(axis=0) - centre.max(axis=0)).max() < 25
