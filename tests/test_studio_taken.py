"""What a person takes along from the studio's page, opened by its judges; and a form that is brought to it."""

# ruff: noqa: F811  (fixtures are imported)

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import bdfparser
import numpy as np
import ots
import pypdfium2
import pytest
import resvg_py
from fontTools.ttLib import TTFont
from photos import photograph, scene
from PIL import Image
from studio_page import CHROMIUM, INDEX, LETTER, PAGE, address, browser, expect, handsynth, ink, pixels, studio  # noqa: F401

from handsynth import noise
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.learning.form import Form
from handsynth.model.model import Model

pytestmark = pytest.mark.skipif(not CHROMIUM or not (PAGE / INDEX).is_file(), reason="no Chromium, or no built page")


def test_pictures_of_a_line_are_opened_by_their_judges(studio, handsynth):
    page = studio("#text=Ada&hand=Fern&slant=-0.2&ink=%231a3aa8&seed=9")
    name, png = page.download("Download PNG")
    assert name == "line.png"
    assert np.array_equal(pixels(png), page.shown())
    folder = handsynth(page.command)
    assert np.array_equal(pixels((folder / "line.png").read_bytes()), pixels(png))

    name, svg = page.download("Download SVG")
    assert name == "line.svg" and "-o line.svg" in page.command
    drawn = pixels(bytes(resvg_py.svg_to_bytes(svg_string=svg.decode(), dpi=300)))
    assert ink(drawn) == pytest.approx(ink(pixels(png)), rel=0.1)

    name, pdf = page.download("Download PDF")
    assert name == "line.pdf"
    sheet = pypdfium2.PdfDocument(pdf)[0].render(scale=300 / 72).to_numpy()
    assert (sheet[..., :3].min(axis=2) < 128).sum() == pytest.approx(ink(pixels(png)), rel=0.1)


def test_a_page_is_drawn_turned_and_taken_along(studio, handsynth):
    page = studio("#view=page&paperName=card-3x5&hand=Fern&slips=20")
    text = page.page.get_by_label("Text", exact=True)
    text.fill(LETTER)
    page.settle()
    expect(page.page.locator("#at")).to_have_text("Page 1 of 1")
    wide, high = page.shown().shape[1::-1]
    assert (wide, high) == (750, 450)
    name, data = page.download("Download PNG")
    assert name == "page.png"
    assert np.array_equal(pixels(data), page.shown())
    folder = handsynth(page.command)
    assert np.array_equal(pixels((folder / "page.png").read_bytes()), page.shown())

    text.fill(LETTER * 3)
    page.settle()
    first = page.shown()
    page.page.get_by_role("button", name="Next page").click()
    page.settle()
    expect(page.page.locator("#at")).to_have_text(re.compile("^Page 2"))
    assert not np.array_equal(page.shown(), first)
    name, pdf = page.download("Download PDF")
    document = pypdfium2.PdfDocument(pdf)
    assert name == "page.pdf" and len(document) > 1
    assert "<b>a letter</b>" in document[0].get_textpage().get_text_bounded()
    page.page.get_by_role("button", name="Previous page").click()
    page.settle()
    assert np.array_equal(page.shown(), first)


def test_fonts_are_opened_by_their_judges(studio, handsynth, tmp_path):
    page = studio("#hand=Clover&charset=ascii&variants=2&family=My+Hand&sizes=24&seed=3&legibility=2")
    page.section("font")
    for format, button in (("ttf", "Download TTF"), ("woff2", "Download WOFF2")):
        name, data = page.download(button)
        assert name == f"MyHand.{format}"
        (tmp_path / name).write_bytes(data)
        result = ots.sanitize(str(tmp_path / name), str(tmp_path / "out"), capture_output=True)
        assert result.returncode == 0, result.stderr
        font = TTFont(io.BytesIO(data))
        assert font["name"].getDebugName(1) == "My Hand"
        assert set(range(33, 127)) <= set(font.getBestCmap())

    name, data = page.download("Download BDF")
    assert name == "MyHand.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        assert len(whole.namelist()) == 2
        whole.extractall(tmp_path)
    bdf = bdfparser.Font(str(tmp_path / whole.namelist()[0]))
    assert sum(map(sum, bdf.glyph("a").draw(1).todata(2))) > 10
    # the command says the same: the fonts are equal but for the record of how they were made
    folder = handsynth(page.page.locator("#font pre").text_content())
    made = bdfparser.Font(str(folder / whole.namelist()[0]))
    assert [made.glyph(c).draw(1).todata(2) for c in "agQ@"] == [bdf.glyph(c).draw(1).todata(2) for c in "agQ@"]

    _, data = page.download("Download BMFont")
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        whole.extractall(tmp_path)
    (path,) = tmp_path.glob("*.fnt")
    lines = [line.split(maxsplit=1) for line in path.read_text("utf-8").splitlines()]
    (sheet,) = (re.search(r'file="([^"]+)"', rest)[1] for kind, rest in lines if kind == "page")
    alpha = np.asarray(Image.open(tmp_path / sheet))[..., 3]
    chars = [dict(re.findall(r"(\w+)=(-?\d+)", rest)) for kind, rest in lines if kind == "char"]
    (a,) = (char for char in chars if char["id"] == str(ord("a")))
    x, y, wide, high = (int(a[key]) for key in ("x", "y", "width", "height"))
    assert alpha[y : y + high, x : x + wide].max() == 255
    assert {int(char["id"]) for char in chars} >= set(range(33, 127))


@pytest.fixture(scope="module")
def form(tmp_path_factory) -> bytes:
    """A photo of a filled form of letters."""
    model = Model.open()
    sheet = Form.of("letters")
    chars = sheet.written(1)
    places = np.array([noise.key_of("form", char) for char in chars], np.uint64)
    glyphs = draw.glyphs(model, Hand.random(model, 21, 3), model.index(chars), places, 2, temperature=0.7, legibility=6)
    letters = {box: (image * 255).astype(np.uint8) for box, image in enumerate(glyphs.ink())}
    file = io.BytesIO()
    photograph(sheet, 1, letters, 4, scene(8, size=(2250, 3000))).image.convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()


def drop(page, name: str, data: bytes) -> None:
    """Let a file fall on the page, as from a file manager."""
    page.evaluate(
        """([name, data]) => {
            const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0)), transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name));
            for (const kind of ["dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true }));
        }""",
        [name, base64.b64encode(data).decode()],
    )


def test_a_filled_form_that_is_dropped_in_becomes_a_hand(studio, form, handsynth, tmp_path):
    page = studio("#text=hand")
    before = page.shown()
    page.section("own")
    with page.page.expect_download() as printed:
        page.page.get_by_role("link", name="form (PDF)").click()
    assert len(pypdfium2.PdfDocument(printed.value.path())) >= 1
    drop(page.page, "form.jpg", form)
    own = page.page.locator("#section-own")
    expect(own.get_by_role("status")).to_contain_text("My hand 1 is kept in this browser", timeout=30_000)
    page.settled()
    assert page.fragment["hand"].startswith("own:")
    assert not np.array_equal(page.shown(), before)
    own.get_by_role("textbox", name="Name of My hand 1").fill("Ada")
    own.get_by_role("textbox", name="Name of My hand 1").press("Enter")
    expect(page.page.locator("#hand-now")).to_have_text("Ada")
    page.settle()
    mine = page.shown()

    # it is kept in this browser, and no other
    page.page.reload()
    page.settle()
    assert np.array_equal(page.shown(), mine)
    expect(page.page.get_by_role("radio", name="Ada your own")).to_be_checked()

    page.section("own")
    name, data = page.download("Download Ada")
    assert name == "Ada.hand" and Hand.load(_kept(tmp_path / name, data), Model.open()).name == "Ada"
    folder = handsynth("true")
    _kept(folder / name, data)
    handsynth(page.command)
    assert np.array_equal(pixels((folder / "line.png").read_bytes()), mine)

    # in another browser it is missing, until its file is dropped in
    other = studio("#" + urlsplit(page.page.url).fragment)
    expect(other.page.get_by_role("alert").first).to_contain_text("learnt in another browser")
    drop(other.page, name, data)
    expect(other.page.locator("#hand-now")).to_have_text("Ada")
    other.settle()
    assert np.array_equal(other.shown(), mine)
    assert other.page.locator("#trouble").text_content() == ""

    # a letter that it holds is shown as read and as drawn, and can be dropped
    page.page.get_by_role("button", name="Letters of Ada").click()
    letters = page.page.get_by_role("list", name="Letters of Ada")
    expect(letters.get_by_role("listitem").first).to_be_visible()
    count = letters.get_by_role("listitem").count()
    held = letters.get_by_role("listitem").filter(has=page.page.get_by_role("img", name="h, as drawn", exact=True))
    first = held.count()
    assert count > 40 and first and held.first.get_by_role("img").count() == 2
    page.page.get_by_role("button", name="Drop h of Ada").first.click()
    expect(letters.get_by_role("listitem")).to_have_count(count - first)
    page.settle()
    assert not np.array_equal(page.shown(), mine)
    assert "h" not in json.loads(page.download("Download Ada")[1])["known"]["chars"]

    remove = page.page.get_by_role("button", name="Remove Ada")
    remove.click()
    remove.click()
    expect(page.page.locator("#hand-now")).to_have_text("Quill")
    page.settle()
    assert np.array_equal(page.shown(), before)


def _kept(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_picture_that_is_no_form_is_refused_in_words(studio):
    page = studio()
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(file, "PNG")
    drop(page.page, "holiday.png", file.getvalue())
    trouble = page.page.locator("#own").get_by_role("alert")
    expect(trouble).to_contain_text("holiday.png", timeout=30_000)
    drop(page.page, "fake.hand", b'{"handsynth_hand": ')
    expect(trouble).to_contain_text("no saved hand; give")
    drop(page.page, "empty.hand", b'{"handsynth_hand": 2}')
    expect(trouble).to_contain_text("no saved hand:")
    expect(page.page.locator("#hand-now")).to_have_text("Quill")
    assert page.page.get_by_role("list", name="Hands kept").count() == 0
    # the browser says on the console that the answer was no success, whatever the page does
    page.complaints = [said for said in page.complaints if "status of 422" not in said]
