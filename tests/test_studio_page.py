"""The studio's page in a real browser: what a person can do there, and what is seen of it."""

# ruff: noqa: F811  (fixtures are imported)

from __future__ import annotations

import json
from urllib.parse import urlsplit

import numpy as np
import pytest
from studio_page import CHROMIUM, INDEX, PAGE, address, browser, expect, handsynth, ink, studio  # noqa: F401

pytestmark = pytest.mark.skipif(not CHROMIUM or not (PAGE / INDEX).is_file(), reason="no Chromium, or no built page")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")


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
    "the temperature": (lambda page: page.dial("Temperature", 0), {"temperature": "0"}, "--temperature 0"),
    "the variation": (lambda page: page.dial("Variation", 0), {"variation": "0"}, "--variation 0"),
    "the seed": (
        lambda page: page.page.get_by_role("button", name="New seed").click(), {"seed": "1"}, "--seed 1",
    ),
    "a seed that is typed": (lambda page: page.page.get_by_label("Seed").fill("77"), {"seed": "77"}, "--seed 77"),
    "the ink": (lambda page: page.page.get_by_role("radio", name="Red").check(), {"ink": "#a3202c"}, "'#a3202c'"),
    "the paper": (
        lambda page: page.page.get_by_role("radio", name="Transparent").check(), {"paperColour": "transparent"},
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


@pytest.mark.parametrize("view", ["line", "page"])
def test_a_low_window_has_one_scroll_bar_and_the_writing_stays_in_sight(studio, view):
    page = studio(f"#view={view}", viewport={"width": 1400, "height": 757})
    barred = "part => part.scrollHeight > part.clientHeight && getComputedStyle(part).overflowY !== 'visible'"
    assert not page.page.eval_on_selector(".left", barred)
    for place in ("0", "document.body.scrollHeight"):
        page.page.evaluate(f"scrollTo(0, {place})")
        expect(page.page.locator("#sheet")).to_be_in_viewport(ratio=0.95)
    expect(page.page.locator(".take")).to_be_in_viewport(ratio=1)


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
