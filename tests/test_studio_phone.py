"""The studio on a phone and with wrong values: targets for fingers, downloads within reach, one's own paper, words."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from studio_page import CHROMIUM, INDEX, PAGE, address, browser, handsynth, pixels, studio  # noqa: F401
from test_background import lined

pytestmark = pytest.mark.skipif(not CHROMIUM or not (PAGE / INDEX).is_file(), reason="no Chromium, or no built page")
sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LEAST = 44
"""CSS px: Apple's Human Interface Guidelines, and WCAG 2.2, 2.5.5."""

SMALL = """
    (least) => {
        const found = [];
        for (const part of document.querySelectorAll("button, input, select, textarea, summary, a[href]")) {
            if (!part.checkVisibility({ opacityProperty: false }) || part.closest(".unseen")) continue;
            const boxes = [part, part.closest("label")].filter((one) => one).map((one) => one.getBoundingClientRect());
            const [wide, high] = ["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side])));
            if (wide < least || high < least) found.push(`${part.outerHTML.slice(0, 80)}: ${wide} x ${high}`);
        }
        return found;
    }
"""


@pytest.mark.parametrize("view", ["line", "page"])
def test_everything_is_large_enough_for_a_finger_and_apart(studio, view):  # noqa: F811
    page = studio(f"#view={view}&blend=Fern", **PHONE, reduced_motion="no-preference")
    page.page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert page.page.evaluate(SMALL, LEAST) == []
    assert page.page.evaluate("document.documentElement.scrollWidth") == 390
    chips = page.page.locator(".chip").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().toJSON())")
    assert all(one["right"] <= next_["left"] for one, next_ in zip(chips, chips[1:], strict=False))


def test_downloads_come_right_after_the_text(studio):  # noqa: F811
    page = studio(**PHONE)
    text, files = (page.page.locator(name).bounding_box() for name in ("#text", "#pictures"))
    assert 0 < files["y"] - (text["y"] + text["height"]) < 100
    expect(page.page.get_by_role("button", name="Download PNG")).to_be_in_viewport()


def test_ones_own_paper_is_written_on_and_taken_away(studio, handsynth):  # noqa: F811
    page = studio("#view=page&paperName=a6-ruled&text=one%0Atwo&hand=Fern")
    before = page.shown()
    page.section("page")
    file = io.BytesIO()
    lined().save(file, "PNG")
    picture = {"name": "my paper.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.page.locator("#file-paper").set_input_files(picture)
    expect(page.page.locator(".own-paper .now")).to_have_text("my paper.png")
    page.settle()
    shown = page.shown()
    wanted = np.asarray(lined().resize(shown.shape[1::-1]).convert("RGB")).astype(int)
    assert np.abs(np.median(shown[..., :3].reshape(-1, 3), axis=0) - np.median(wanted.reshape(-1, 3), axis=0)).max() < 8
    (folder := handsynth("true")).joinpath("my paper.png").write_bytes(file.getvalue())
    assert "--paper a6 --set 'paper.background=my paper.png'" in page.command
    made = pixels((handsynth(page.command) / "page.png").read_bytes())
    assert folder and np.abs(made.astype(int) - shown).mean() < 4  # a JPEG of it is what the page sends
    name, pdf = page.download("Download PDF")
    assert name == "page.pdf" and len(pypdfium2.PdfDocument(pdf)) == 1 and b"/DCTDecode" in pdf
    page.page.get_by_role("button", name="Take it away").click()
    page.settle()
    assert np.array_equal(page.shown(), before)


def test_what_is_no_picture_is_no_paper(studio):  # noqa: F811
    page = studio("#view=page")
    page.section("page")
    page.page.locator("#file-paper").set_input_files({"name": "a.heic", "mimeType": "image/heic", "buffer": b"none"})
    expect(page.page.locator(".own-paper").get_by_role("alert")).to_contain_text("Cannot open a.heic as a picture")
    other = studio("#view=page&background=paper:7")
    expect(other.page.locator("#trouble")).to_contain_text("choose it again, or take it away")
    other.section("page")
    other.page.get_by_role("button", name="Take it away").click()
    other.settle()
    assert other.page.locator("#trouble").text_content() == ""


def test_a_wrong_value_is_said_in_words(studio):  # noqa: F811
    page = studio("#seed=-1&size=1e9&hand=Fern&colour=red")
    said = page.page.locator("#amiss")
    expect(said).to_contain_text("seed cannot be -1 (whole, 0 to 9007199254740991); size cannot be 1e9")
    expect(said).to_contain_text("nothing is called colour. What is usual stands in its place.")
    field, wrong = page.page.get_by_label("Seed"), page.page.locator("#wrong-seed")
    field.fill("12x")
    expect(wrong).to_have_text("The seed cannot be “12x”: give a whole number from 0 to 9,007,199,254,740,991.")
    field.press("Tab")
    expect(wrong).to_contain_text("It is still 0.")
    field.fill("12")
    expect(wrong).to_be_hidden()
    expect(said).to_be_hidden()


def test_no_button_is_alive_that_must_fail(studio):  # noqa: F811
    page = studio("#paperColour=transparent")
    gif, png = (page.page.get_by_role("button", name=name) for name in ("written, as GIF", "Download PNG"))
    expect(gif).to_be_disabled()
    expect(page.page.get_by_role("button", name="written, as WebP")).to_be_enabled()
    page.page.get_by_label("Text", exact=True).fill(" ")
    page.settle()
    expect(png).to_be_disabled()
    page.page.get_by_label("Text", exact=True).fill("a")
    page.settle()
    expect(png).to_be_enabled()
    assert Image.open(io.BytesIO(page.download("Download PNG")[1])).width > 10
