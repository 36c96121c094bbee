"""The studio's page in a real browser, served by the real server: what a person can do there, and what comes of it.

Whatever is done, nothing is complained of on the console, and nothing but the server is asked.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import bdfparser
import numpy as np
import ots
import pypdfium2
import pytest
import resvg_py
from fontTools.ttLib import TTFont
from photos import photograph, scene
from PIL import Image

from handsynth import noise
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.learning.form import Form
from handsynth.model.model import Model
from handsynth.studio.pagefiles import INDEX, PAGE

CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium"))
pytestmark = pytest.mark.skipif(not CHROMIUM or not (PAGE / INDEX).is_file(), reason="no Chromium, or no built page")
sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
expect = sync_api.expect

LETTER = "Dear Ada,\n\nthis is <b>a letter</b> of some lines, so that there is something to see.\n\nYours"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of a server that runs as a person starts it."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    log = tmp_path_factory.mktemp("studio") / "log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "handsynth", "studio", "--port", "0", "--no-browser"]
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
    try:
        for _ in range(600):
            if found := re.search(r"http://[^ ]+/", log.read_text()):
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.05)
        assert found, log.read_text()
        yield found[0]
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Studio:
    """The page as it was opened, and what it asked for and complained of."""

    def __init__(self, browser, address: str, fragment: str = "", **how) -> None:
        how = {"viewport": {"width": 1400, "height": 900}, "reduced_motion": "reduce", **how}
        self.context = browser.new_context(**how)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.address = address
        self.page.goto(address + fragment)
        self.settle()

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, f"blob:{self.address}")):
            self.complaints.append(f"asked for {request.url}")

    def settle(self) -> None:
        """Wait until the sheet shows what was asked for last."""
        self.page.locator('#sheet[aria-busy="false"]').wait_for()

    def settled(self) -> None:
        """… and until the change is a step of the history."""
        self.settle()
        self.page.wait_for_timeout(1000)

    def shown(self) -> np.ndarray:
        """The picture on the sheet, uint8 [H,W,4]."""
        data = self.page.evaluate(
            """() => {
                const picture = document.getElementById("picture"), canvas = document.createElement("canvas");
                [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
                canvas.getContext("2d").drawImage(picture, 0, 0);
                return canvas.toDataURL();
            }"""
        )
        return pixels(base64.b64decode(data.partition(",")[2]))

    @property
    def fragment(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).fragment).items()}

    @property
    def command(self) -> str:
        return self.page.locator("#command").text_content()

    def section(self, name: str) -> None:
        details = self.page.locator(f"#section-{name}")
        if details.get_attribute("open") is None:
            details.locator("summary").first.click()

    def dial(self, name: str, value: float) -> None:
        slider = self.page.get_by_role("slider", name=name, exact=True)
        slider.evaluate("(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }", value)
        self.settle()

    def download(self, name: str) -> tuple[str, bytes]:
        with self.page.expect_download(timeout=60_000) as found:
            self.page.get_by_role("button", name=name).click()
        return found.value.suggested_filename, Path(found.value.path()).read_bytes()


@pytest.fixture
def studio(browser, address):
    """Opens the page, and looks at the end whether all went well."""
    opened: list[Studio] = []

    def open(fragment: str = "", **how) -> Studio:
        opened.append(Studio(browser, address, fragment, **how))
        return opened[-1]

    yield open
    for one in opened:
        one.context.close()
        assert one.complaints == []


@pytest.fixture(scope="module")
def handsynth(tmp_path_factory):
    """A shell in which `handsynth` is the command, in a folder of its own."""
    folder = tmp_path_factory.mktemp("shell")
    command = folder / "bin" / "handsynth"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m handsynth "$@"\n')
    command.chmod(0o755)

    def run(line: str) -> Path:
        path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(["sh", "-c", line], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return folder

    return run


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def ink(picture: np.ndarray) -> int:
    return int((picture[..., :3].min(axis=2) < 128).sum())


def test_typing_changes_the_picture(studio):
    page = studio()
    before = page.shown()
    page.page.get_by_label("Text", exact=True).press_sequentially(" Ever.", delay=30)
    page.settle()
    after = page.shown()
    assert after.shape[1] > before.shape[1] + 50
    text = "No two letters are alike. Ever."
    expect(page.page.locator("#picture")).to_have_attribute("alt", text)
    page.page.wait_for_timeout(300)
    assert page.fragment == {"text": text}
    assert f"render '{text}'" in page.command


CHANGES = {
    "a hand": (lambda page: page.page.get_by_role("radio", name="Fern").check(), {"hand": "Fern"}, "--hand Fern"),
    "the next hand by key": (
        lambda page: page.page.get_by_role("radio", name="Quill").press("ArrowDown"), {"hand": "Maple"}, "--hand Maple",
    ),
    "a blend": (
        lambda page: page.page.get_by_label("Blend with").select_option("Heron"), {"blend": "Heron"},
        "handsynth hand blend Quill Heron 0.5 -o mixed.hand",
    ),
    "the slant": (lambda page: page.dial("Slant", 0.3), {"slant": "0.3"}, "--slant 0.3"),
    "the size": (lambda page: page.dial("Size", 40), {"size": "40"}, "--size 40px"),
    "the freedom": (lambda page: page.dial("Freedom", 0), {"temperature": "0"}, "--temperature 0"),
    "the variation": (lambda page: page.dial("Variation", 0), {"variation": "0"}, "--variation 0"),
    "the seed": (
        lambda page: page.page.get_by_role("button", name="New seed").click(), {"seed": "1"}, "--seed 1",
    ),
    "a seed that is typed": (lambda page: page.page.get_by_label("Seed").fill("77"), {"seed": "77"}, "--seed 77"),
    "the ink": (lambda page: page.page.get_by_role("radio", name="Red").check(), {"ink": "#a3202c"}, "'#a3202c'"),
    "the paper": (
        lambda page: page.page.get_by_role("radio", name="Transparent").check(), {"paper": "transparent"},
        "--paper-colour transparent",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen_in_the_picture_the_address_and_the_command(studio, what):
    change, fragment, command = CHANGES[what]
    page = studio()
    before = page.shown()
    for section in ("writing", "ink"):
        page.section(section)
    change(page)
    page.settle()
    assert not np.array_equal(page.shown(), before)
    assert page.fragment == fragment
    assert command in page.command


def test_the_address_gives_the_same_picture_elsewhere(studio):
    one = studio()
    one.page.get_by_role("button", name="Another random hand").click()
    one.page.get_by_label("Text", exact=True).fill("Same & same,\n<again> 100 %")
    one.section("writing")
    one.dial("Legibility", 3)
    one.page.wait_for_timeout(300)
    one.page.get_by_role("button", name="Copy link").click()
    link = one.page.evaluate("navigator.clipboard.readText()")
    assert link == one.page.url
    other = studio("#" + urlsplit(link).fragment)
    assert np.array_equal(other.shown(), one.shown())
    assert other.command == one.command
    expect(other.page.get_by_label("Text", exact=True)).to_have_value("Same & same,\n<again> 100 %")


def test_back_and_forward_go_through_what_was_settled(studio):
    page = studio()
    start = page.shown()
    text = page.page.get_by_label("Text", exact=True)
    text.fill("")
    text.press_sequentially("One", delay=40)
    page.settled()
    one = page.shown()
    page.page.get_by_role("radio", name="Fern").check()
    page.settled()
    page.page.go_back()
    page.settle()
    assert np.array_equal(page.shown(), one)
    expect(page.page.get_by_role("radio", name="Quill")).to_be_checked()
    page.page.go_back()
    page.settle()
    assert np.array_equal(page.shown(), start)
    expect(text).to_have_value("No two letters are alike.")
    page.page.go_forward()
    page.settle()
    assert page.fragment == {"text": "One"}
    assert np.array_equal(page.shown(), one)


def test_an_address_of_nonsense_is_as_good_as_none(studio):
    page = studio("#seed=-1&size=1e9&hand=../x&view=round&text=&%ff=%&slant=9")
    expect(page.page.locator("#blank")).to_be_visible()
    assert page.page.locator("#trouble").text_content() == ""
    page.page.get_by_label("Text", exact=True).fill("Better")
    page.settle()
    assert ink(page.shown()) > 100


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
    glyphs = draw.glyphs(model, Hand.random(model, 21, 3), model.index(chars), places, 2, temperature=0.7)
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


def test_markup_in_a_text_stays_text(studio):
    markup = "<img src=x onerror=alert(1)>☃<script>document.title=1</script>"
    page = studio()
    page.page.get_by_label("Text", exact=True).fill(markup)
    page.settle()
    page.page.reload()
    page.settle()
    expect(page.page.locator("#picture")).to_have_attribute("alt", markup)
    assert markup in page.command
    expect(page.page.locator("#notes")).to_contain_text("SNOWMAN")
    assert page.page.title() == "handsynth studio"
    assert page.page.locator('img[src="x"]').count() == 0


def test_what_cannot_be_written_is_said_and_the_picture_stays(studio):
    page = studio("#hand=Fern")
    before = page.shown()
    page.page.get_by_label("Text", exact=True).fill("a" * 6000)
    expect(page.page.locator("#trouble")).to_contain_text("6,000 characters")
    assert np.array_equal(page.shown(), before)
    page.page.get_by_label("Text", exact=True).fill("short")
    page.settle()
    assert page.page.locator("#trouble").text_content() == ""
    page.complaints = [said for said in page.complaints if "status of 422" not in said]


def test_hands_are_found_by_what_they_are(studio):
    page = studio()
    gallery = page.page.get_by_role("radiogroup", name="Hands")
    every = gallery.get_by_role("radio").count()
    for tag in ("cursive", "bold"):
        page.page.get_by_role("button", name=tag, exact=True).click()
    found = gallery.get_by_role("radio")
    assert 0 < found.count() < every / 3
    # each is drawn by its own hand
    expect(gallery.locator(".card:not([hidden]) img.drawn").first).to_be_visible()
    found.first.check()
    page.settle()
    about = json.loads(page.context.request.get(page.address + "v1/about").body())
    (hand,) = (hand for hand in about["hands"] if hand["name"] == page.fragment["hand"])
    assert {"cursive", "bold"} <= set(hand["tags"])


def test_light_or_dark_is_kept(studio):
    page = studio()
    page.page.get_by_label("Colours of this page").select_option("dark")
    dark = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.page.reload()
    page.settle()
    assert page.page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert page.fragment == {}


def test_on_a_phone_the_writing_stays_in_sight_and_nothing_sticks_out(studio):
    page = studio("#text=" + "Long+words+" * 30 + "&wrap=0", viewport={"width": 360, "height": 740})
    wide = "[document.documentElement.scrollWidth, document.body.scrollWidth]"
    for fit in ("true", "false"):
        expect(page.page.locator("#fit")).to_have_attribute("aria-pressed", fit)
        assert page.page.evaluate(wide) == [360, 360]
        page.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(page.page.locator("#sheet")).to_be_in_viewport(ratio=0.9)
        page.page.get_by_role("button", name="Fit").click()
        page.settle()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["line", "page"])
@pytest.mark.parametrize("size", [(1400, 900), (360, 740)])
def test_axe_finds_no_serious_fault(studio, scheme, view, size):
    how = {"viewport": dict(zip(("width", "height"), size, strict=True)), "color_scheme": scheme}
    page = studio(f"#view={view}&blend=Fern&text=a%E2%98%83", **how)
    page.page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    found = axe.Axe().run(page.page).response["violations"]
    assert [
        (fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")
    ] == []
