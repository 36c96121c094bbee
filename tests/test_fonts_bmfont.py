"""BMFont and glyph sheets: raylib and the parsers that JavaScript games use read them, and their text is ours."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import lettering
import numpy as np
import pytest
from drawn import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handsynth.errors import InputError
from handsynth.fonts import FontSource, Options, find, write
from handsynth.fonts.bmfont import MOST_KERNINGS
from handsynth.fonts.bmfont import files as bmfont_files
from handsynth.fonts.distance import distances
from handsynth.fonts.gamesheet import files as sheet_files
from handsynth.fonts.names import Names
from handsynth.fonts.options import DIALECTS
from handsynth.fonts.repertoire import ASCII
from handsynth.fonts.strike import pixels, strike
from handsynth.provenance import provenance, recorded

SIZE = 24
OPTIONS = Options(sizes=(SIZE,))
FEW = "aAbgTVoy1.,É"
TEXT = "To, a Very bay. AVATAR".translate({ord(c): None for c in "eryRr"})

_PARSE = """
const [kind, path] = process.argv.slice(1), data = require('fs').readFileSync(path);
console.log(JSON.stringify(require('parse-bmfont-' + kind)(data)));
"""

_RAYLIB = """
import sys, pyray
pyray.set_trace_log_level(pyray.LOG_FATAL)
pyray.init_window(16, 16, "")
font = pyray.load_font(sys.argv[1])
pyray.export_image(pyray.image_text_ex(font, sys.argv[2], font.baseSize, 0, pyray.WHITE), sys.argv[3])
"""


@pytest.fixture(scope="module")
def source() -> FontSource:
    return lettering.source(3, FEW)


@cache
def node_has_parsers() -> bool:
    node = shutil.which("node")
    found = node and all(
        subprocess.run([node, "-e", f"require('parse-bmfont-{kind}')"], capture_output=True).returncode == 0
        for kind in ("ascii", "xml", "binary")
    )
    return bool(found)


def parsed(path: Path, dialect: str) -> dict:
    if dialect == "json":
        return json.loads(path.read_text())
    if not node_has_parsers():
        pytest.skip("node with parse-bmfont-ascii, -xml and -binary is not installed")
    kind = {"text": "ascii"}.get(dialect, dialect)
    done = subprocess.run(["node", "-e", _PARSE, kind, str(path)], check=True, capture_output=True, text=True)
    font = json.loads(done.stdout)
    if dialect == "xml":  # of the pages that parser gives the first one alone
        font["pages"] = [page.get("file") for page in ElementTree.parse(path).iter("page")]
    return font


def lettered(source: FontSource, glyphs: list[int | None], size: int, kerning: bool = True) -> np.ndarray:
    """The glyphs (None: a space) of a line in coverage uint8, as the strike and the kerning have them."""
    drawn, line = strike(source, size), np.zeros((3 * size, 40 * size), np.uint8)
    pen, last = size, None
    for glyph in glyphs:
        if glyph is None:
            pen, last = pen + int(pixels(source.metrics.space, size)), None
            continue
        char = glyph // source.variants
        if kerning and last is not None:
            pen += int(pixels(source.kerning[last, char], size))
        picture = drawn.pictures[glyph]
        x, y = pen + drawn.left[glyph], drawn.ascent - drawn.top[glyph] + size
        place = line[y : y + picture.shape[0], x : x + picture.shape[1]]
        np.maximum(place, picture, out=place)
        pen, last = pen + int(drawn.advance[glyph]), char
    return line


def played(font: dict, folder: Path, ids: list[int], size: int) -> np.ndarray:
    """The characters `ids` of a line as a game draws them from the parsed description."""
    sheets = [np.array(Image.open(folder / name))[:, :, 3] for name in font["pages"]]
    chars = {char["id"]: char for char in font["chars"]}
    kernings = {(pair["first"], pair["second"]): pair["amount"] for pair in font["kernings"]}
    line, pen, last = np.zeros((3 * size, 40 * size), np.uint8), size, None
    for number in ids:
        char = chars[number]
        pen += kernings.get((last, number), 0)
        x, y, wide, high = (char[key] for key in ("x", "y", "width", "height"))
        left, top = pen + char["xoffset"], size + char["yoffset"]
        place = line[top : top + high, left : left + wide]
        np.maximum(place, sheets[char["page"]][y : y + high, x : x + wide], out=place)
        pen, last = pen + char["xadvance"], number
    return line


def turns(source: FontSource, text: str) -> list[int | None]:
    """Drawings that take turns."""
    seen: Counter[str] = Counter()
    result: list[int | None] = []
    for char in text:
        result.append(None if char == " " else source.glyph(char, seen[char] % source.variants))
        seen[char] += 1
    return result


@pytest.mark.parametrize("more", [{}, {"padding": 3, "spacing": 2, "texture_size": 72}])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_text_drawn_from_the_description_is_the_strike(source, tmp_path, dialect, more):
    path = write(source, tmp_path / "My Hand.fnt", Options(sizes=(SIZE,), dialect=dialect, **more))[0]
    font = parsed(path, dialect)
    own = json.loads(bmfont_files(source, "a.fnt", replace(OPTIONS, dialect="json"))["a.fnt"])["variants"]
    glyphs = turns(source, TEXT)
    ids = [
        32 if glyph is None else own[source.chars[glyph // source.variants]][glyph % source.variants]
        for glyph in glyphs
    ]
    assert np.array_equal(played(font, tmp_path, ids, SIZE), lettered(source, glyphs, SIZE))
    assert len(font["pages"]) == (1 if not more else font["common"]["pages"]) and (not more or len(font["pages"]) > 2)
    assert font["info"]["face"] == "Two Words" and font["info"]["size"] == SIZE and font["info"]["unicode"] == 1
    assert font["info"]["padding"] == [more.get("padding", 0)] * 4
    assert font["common"]["lineHeight"] == sum((strike(source, SIZE).ascent, strike(source, SIZE).descent))
    assert {char["id"] for char in font["chars"]} >= {0, 32, 160, *map(ord, FEW)}
    assert len(font["chars"]) == len(source) + 2


@pytest.mark.parametrize("dialect", DIALECTS)
def test_all_dialects_say_the_same(source, tmp_path, dialect):
    found = []
    for one in {dialect, "json"}:
        path = write(source, tmp_path / f"{one}.fnt", replace(OPTIONS, dialect=one))[0]
        found.append(parsed(path, one))
    for key in ("chars", "kernings", "common"):
        assert found[0][key] == found[-1][key]


def test_raylib_draws_the_same_text(source, tmp_path):
    if importlib.util.find_spec("pyray") is None:
        pytest.skip("raylib is not installed")
    path = write(source, tmp_path / "a.fnt", OPTIONS)[0]
    where = {**os.environ, "SDL_VIDEODRIVER": "dummy"}
    text = "To, a Aybg."
    subprocess.run([sys.executable, "-c", _RAYLIB, path, text, tmp_path / "a.png"], check=True, env=where, timeout=60)
    theirs = np.array(Image.open(tmp_path / "a.png").convert("RGBA")).astype(int)
    # it knows no kerning, and keeps what stands left of the first pen out of the picture
    ours = lettered(source, [None if c == " " else source.glyph(c) for c in text], SIZE, kerning=False)
    ours = ours[SIZE : SIZE + theirs.shape[0], SIZE : SIZE + theirs.shape[1]].astype(int)
    # where the boxes of two glyphs overlap it blends them
    assert np.abs(theirs[:, :, 3] - ours).max() <= 2


def test_pages_are_white_with_the_ink_in_alpha(source, tmp_path):
    _, page = write(source, tmp_path / "a.fnt", OPTIONS)
    picture = np.array(Image.open(page))
    assert page.name == "a_0.png" and picture.shape[2] == 4 and (picture[:, :, :3] == 255).all()
    assert picture[:, :, 3].sum() == sum(int(drawn.sum()) for drawn in strike(source, SIZE).pictures)


@pytest.mark.parametrize("variants,chars", [(3, FEW), (5, ASCII)])
def test_kernings_are_those_of_the_source(variants, chars):
    source = lettering.source(variants, chars)
    font = json.loads(bmfont_files(source, "a.fnt", replace(OPTIONS, dialect="json"))["a.fnt"])
    owner = {number: char for char, ids in font["variants"].items() for number in ids}
    amounts = pixels(source.kerning, SIZE)
    place = {char: i for i, char in enumerate(source.chars)}
    for pair in font["kernings"]:
        assert pair["amount"] == amounts[place[owner[pair["first"]]], place[owner[pair["second"]]]] != 0
    pairs = {(pair["first"], pair["second"]) for pair in font["kernings"]}
    assert len(pairs) == len(font["kernings"]) <= MOST_KERNINGS
    for i, j in np.argwhere(amounts):
        for k in range(variants):
            assert (font["variants"][source.chars[i]][k], font["variants"][source.chars[j]][k]) in pairs
    whole = np.count_nonzero(amounts) * variants**2
    assert len(pairs) == whole or (whole > MOST_KERNINGS and len(pairs) > 0.3 * MOST_KERNINGS)
    assert not json.loads(
        bmfont_files(source, "a.fnt", replace(OPTIONS, dialect="json", kerning=False))["a.fnt"]
    )["kernings"]  # fmt: skip


@pytest.mark.parametrize("size,spread", [(32, 4), (64, 8), (17, 1)])
def test_distance_fields_have_the_edge_in_the_middle(source, size, spread):
    field, drawn = distances(source, size, spread), strike(source, size)
    worst = 0.0
    for glyph, picture in enumerate(field.pictures):
        near = np.pad((picture / 255.0 - 0.5) * 2 * spread + 0.5, spread).clip(0, 1)
        ink = np.zeros_like(near)
        x, y = drawn.left[glyph] - field.left[glyph] + spread, field.top[glyph] - drawn.top[glyph] + spread
        high, wide = drawn.pictures[glyph].shape
        ink[y : y + high, x : x + wide] = drawn.pictures[glyph] / 255.0
        worst = max(worst, float(np.abs(near - ink)[spread:-spread, spread:-spread].mean()))
    assert worst < 0.03
    assert all(picture[0].max() <= 255 / 2 and picture.max() > 127 for picture in field.pictures)


def test_distances_are_those_to_the_edge(source):
    from scipy.ndimage import distance_transform_edt

    spread, fine = 6, 8
    field, large = distances(source, 40, spread), strike(source, 40 * fine)
    for glyph in range(len(source)):
        picture = field.pictures[glyph]
        x, y = large.left[glyph] - fine * field.left[glyph], fine * field.top[glyph] - large.top[glyph]
        high, wide = large.pictures[glyph].shape

        def far(level: int) -> np.ndarray:
            ink = np.zeros((picture.shape[0] * fine, picture.shape[1] * fine), bool)  # noqa: B023
            ink[y : y + high, x : x + wide] = large.pictures[glyph] > level  # noqa: B023
            each = np.where(ink, distance_transform_edt(ink) - 0.5, 0.5 - distance_transform_edt(~ink)) / fine
            each = each.reshape(picture.shape[0], fine, picture.shape[1], fine)[:, 3:5, :, 3:5]  # noqa: B023
            return each.mean(axis=(1, 3)).clip(-spread, spread)

        found = (picture / 255.0 - 0.5) * 2 * spread
        # a crack between strokes that is finer than these pixels is ink at one level and paper at another
        assert (found < far(31) + 0.5).all() and (found > far(223) - 0.5).all()
        assert np.abs(found - far(127)).mean() < 0.05


@pytest.mark.parametrize("dialect", ["xml", "json"])
def test_distance_fields_say_their_range(source, dialect):
    options = replace(OPTIONS, dialect=dialect, distance=2)
    data = bmfont_files(source, "a.fnt", options)["a.fnt"].decode()
    assert ('distanceRange="4"' if dialect == "xml" else '"distanceRange": 4') in data


def test_the_glyph_sheet_says_where_everything_is(source, tmp_path):
    image, about = write(source, tmp_path / "a.png", replace(OPTIONS, padding=2))
    sheet = json.loads(about.read_text())
    assert (image.name, about.name, sheet["image"]) == ("a.png", "a.json", "a.png")
    alpha = np.array(Image.open(image))[:, :, 3]
    assert alpha.shape == (sheet["height"], sheet["width"])
    glyphs = turns(source, TEXT)
    line, pen, last = np.zeros((3 * SIZE, 40 * SIZE), np.uint8), SIZE, None
    for glyph in glyphs:
        if glyph is None:
            pen, last = pen + sheet["blanks"][" "], None
            continue
        char = source.chars[glyph // source.variants]
        pen += sheet["kerning"].get(last, {}).get(char, 0)
        one = sheet["glyphs"][char][glyph % source.variants]
        x, y, left, top = one["x"], one["y"], pen + one["left"], SIZE + one["top"]
        place = line[top : top + one["height"], left : left + one["width"]]
        np.maximum(place, alpha[y : y + one["height"], x : x + one["width"]], out=place)
        pen, last = pen + one["advance"], char
    assert np.array_equal(line, lettered(source, glyphs, SIZE))
    assert sheet["variants"] == 3 and sheet["size"] == SIZE and sheet["line"]["ascent"] == strike(source, SIZE).ascent


@pytest.mark.parametrize("name", ["a.fnt", "a.png"])
def test_each_size_has_its_files(source, name):
    found = list((bmfont_files if name == "a.fnt" else sheet_files)(source, name, Options(sizes=(12, 20))))
    if name == "a.fnt":
        assert found == ["a-12.fnt", "a-12_0.png", "a-20.fnt", "a-20_0.png"]
    else:
        assert found == ["a-12.png", "a-12.json", "a-20.png", "a-20.json"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_source_gives_the_same_bytes(source, dialect):
    options = replace(OPTIONS, dialect=dialect)
    assert bmfont_files(source, "a.fnt", options) == bmfont_files(replace(source), "a.fnt", options)
    assert sheet_files(source, "a.png", OPTIONS) == sheet_files(replace(source), "a.png", OPTIONS)


@pytest.mark.parametrize("name", ["a-text.fnt", "a-xml.fnt", "a-json.fnt", "a-binary.fnt", "a.png"])
@pytest.mark.parametrize("evil", HOSTILE)
def test_how_it_was_made_can_be_read_back(tmp_path, name, evil):
    metadata = {"Software": "handsynth 0.1.0", "Hand": evil}
    source = replace(lettering.source(1, "a"), metadata=metadata)
    dialect = name.partition("-")[2].removesuffix(".fnt") or "text"
    for path in write(source, tmp_path / name, replace(OPTIONS, dialect=dialect)):
        assert recorded.record_of(path) == {key: provenance.clean(value) for key, value in metadata.items()}


@pytest.mark.parametrize("data", [
    b'info face="a"\npage id=0 file="../secret.png"\n', b'info face="a"\npage id=0 file="none.png"\n',
    b'info face="a"\n', b"BMF\3\1\xff\xff\xff\x7f", b"BMF\3", b"{", b'{"facts": [1]}', b'{"facts": {"a": 1}}',
    b"STARTFONT 2.1\nCOMMENT a\n", b"\1fcp\0_HANDSYNTH\0{", b"{" + b"[" * 100_000, b'{"facts": ' + b"[" * 100_000,
])  # fmt: skip
def test_damaged_fonts_hold_no_record(tmp_path, data):
    (tmp_path / "secret.png").write_bytes(sheet_files(lettering.source(1, "a"), "a.png", OPTIONS)["a.png"])
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.fnt").write_bytes(data)
    with pytest.raises(InputError, match="holds no record"):
        recorded.record_of(tmp_path / "inner" / "a.fnt")


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=30), st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=20))
def test_any_name_makes_a_description_of_plain_lines(family, stem):
    try:
        source = replace(lettering.source(1, "a"), names=Names(family))
    except InputError:
        return
    found = bmfont_files(source, f"x{stem}.fnt", OPTIONS)
    text, page = list(found.values())[0].decode(), list(found)[1]
    lines = text.split("\n")
    assert lines[0].startswith(f'info face="{family}" size={SIZE} ') and lines[0].count('"') == 4
    assert lines[2] == f'page id=0 file="{page}"' and lines[2].count('"') == 2
    assert all(line.partition(" ")[0] in ("info", "common", "page", "chars", "char", "kernings", "") for line in lines)


@pytest.mark.parametrize("options,say", [
    (Options(sizes=()), "size"),
    (Options(sizes=(5,)), "size"),
    (Options(texture_size=15), "texture size is 15"),
    (Options(texture_size=20_000), "texture size is 20,000"),
    (Options(padding=-1), "padding is -1"),
    (Options(padding=128), "padding"),
    (Options(spacing=-1), "spacing"),
])  # fmt: skip
@pytest.mark.parametrize("ending", [".fnt", ".png"])
def test_options_are_checked_before_anything_is_drawn(tmp_path, ending, options, say):
    with pytest.raises(InputError, match=say) as caught:
        find(tmp_path / f"a{ending}", options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("options,say", [
    (Options(distance=-1), "distance of -1 pixels.*give 1 to 8"),
    (Options(distance=9), "distance of 9 pixels.*give 1 to 8"),
    (Options(sizes=(64, 12), distance=9), "12 pixels per em; give 1 to 3"),
    (Options(dialect="yaml"), "dialect 'yaml'; give one of text"),  # type: ignore[arg-type]
])  # fmt: skip
def test_options_of_bmfont_are_checked_before_anything_is_drawn(tmp_path, options, say):
    with pytest.raises(InputError, match=say):
        find(tmp_path / "a.fnt", options)


def test_what_does_not_fit_is_said(source, monkeypatch):
    with pytest.raises(InputError, match="largest glyph takes .* than a page of 16 x 16.*larger page"):
        bmfont_files(source, "a.fnt", replace(OPTIONS, texture_size=16))
    with pytest.raises(InputError, match="37 glyphs of 24 pixels per em do not fit on one sheet of 64 x 64.*fnt"):
        sheet_files(source, "a.png", replace(OPTIONS, texture_size=64))
    monkeypatch.setattr("handsynth.fonts.bmfont.MOST_PAGES", 3)
    with pytest.raises(InputError, match="pages, more than 3; give a larger texture size"):
        bmfont_files(source, "a.fnt", replace(OPTIONS, texture_size=40))
