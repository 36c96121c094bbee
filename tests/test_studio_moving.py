"""Writing that is seen being written, on the studio's page in a real browser: as one types, again, and as a file."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from studio_page import CHROMIUM, INDEX, PAGE, address, browser, handsynth, studio  # noqa: F401

pytestmark = pytest.mark.skipif(not CHROMIUM or not (PAGE / INDEX).is_file(), reason="no Chromium, or no built page")
sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

MOVING = {"reduced_motion": "no-preference"}

WATCH = """
    // what is on the sheet at each frame from now on: how much ink, and what of it lies left of `middle`
    window.seen = [];
    const look = () => {
        const pen = document.getElementById("pen");
        if (!pen.hidden) {
            const data = pen.getContext("2d").getImageData(0, 0, pen.width, pen.height).data;
            let [left, right] = [0, 0];
            for (let i = 0; i < data.length; i += 4)
                if (data[i] < 128 && data[i + 3] > 128)
                    ((i / 4) % pen.width < pen.width * window.middle ? left++ : right++);
            window.seen.push([left, right]);
        }
        setTimeout(look, 60);
    };
    look();
"""


def watch(page, middle: float) -> None:
    """`middle`: share of the width; evaluated as the policy allows."""
    page.page.evaluate(f"() => {{ window.middle = {middle}; {WATCH} }}")


def seen(page) -> np.ndarray:
    """int [frames,2]: ink left and right of the middle, while the pen wrote."""
    page.settle()
    expect(page.page.locator("#pen")).to_be_hidden(timeout=15_000)
    return np.array(page.page.evaluate("window.seen"))


@pytest.mark.parametrize("paper", ["", "&paperColour=transparent"])
def test_what_is_typed_is_seen_being_written_and_what_stood_there_stays(studio, paper):  # noqa: F811
    page = studio("#text=Dear&hand=Fern&size=48" + paper, **MOVING)
    expect(page.page.locator("#pen")).to_be_hidden()
    page.page.wait_for_timeout(300)
    watch(page, 0.4)
    text = page.page.get_by_label("Text", exact=True)
    text.press("End")
    text.press_sequentially(" Ada", delay=20)
    frames = seen(page)
    right, left = frames[:, 1], frames[:, 0]
    shown = page.shown()
    done = int(((shown[..., :3].min(axis=2) < 128) & (shown[..., 3] > 128)).sum())
    # it grows, from nothing to all of it, and what was there before is always there
    assert len(np.unique(right)) > 5 and right.max() > 200
    assert left[-8:].min() > 0.9 * left[-1]
    assert frames[-1].sum() <= done * 1.02


def test_the_pen_is_a_persons_and_can_be_faster_and_stopped(studio):  # noqa: F811
    page = studio("#text=No+two+letters+are+alike&hand=Fern", **MOVING)
    replay = page.page.locator("#replay")

    def took() -> float:
        begin = page.page.evaluate("performance.now()")
        replay.click()
        expect(replay).to_have_text("Stop")
        expect(replay).to_have_text("Replay", timeout=20_000)
        return float(page.page.evaluate("performance.now()") - begin) / 1000

    asked = {"text": "No two letters are alike", "hand": "Fern", "format": "json"}
    strokes = page.context.request.post(page.address + "v1/render", data=asked).json()["pages"][0]["strokes"]
    person = strokes[-1]["t"][-1] / 1000
    assert 4 < person < 20
    page.page.get_by_label("How fast it is written").select_option("4")
    assert person / 4 - 0.2 < took() < person / 4 + 2
    page.page.get_by_label("How fast it is written").select_option("1")
    replay.click()
    expect(replay).to_have_text("Stop")
    before = page.shown()
    page.page.keyboard.press("Escape")
    expect(replay).to_have_text("Replay")
    expect(page.page.locator("#pen")).to_be_hidden()
    assert np.array_equal(page.shown(), before)
    # by keyboard alone, and another hand ends it
    replay.focus()
    page.page.keyboard.press("Enter")
    expect(replay).to_have_text("Stop")
    page.page.get_by_role("radio", name="Quill").check()
    page.settle()
    expect(page.page.locator("#pen")).to_be_hidden()
    expect(replay).to_have_text("Replay")


def test_a_page_grows_on_its_own_rules(studio):  # noqa: F811
    page = studio("#view=page&paperName=card-3x5&hand=Fern&text=Dear+Ada,%0Ahow+are", **MOVING)
    page.page.get_by_role("button", name="Fit").click()
    page.page.wait_for_timeout(300)
    watch(page, 0.5)
    text = page.page.get_by_label("Text", exact=True)
    text.press("Control+End")
    text.press_sequentially(" you", delay=20)
    frames = seen(page)
    assert len(np.unique(frames.sum(axis=1))) > 3
    # the rules, which are printed, are no part of the movement
    assert frames[0].sum() > 0.5 * frames[-1].sum()


def test_with_less_movement_all_is_there_at_once(studio):  # noqa: F811
    page = studio("#text=Dear&hand=Fern")
    watch(page, 0.5)
    expect(page.page.locator("#moving")).to_be_hidden()
    page.page.get_by_label("Text", exact=True).press_sequentially(" Ada", delay=20)
    page.settle()
    page.page.wait_for_timeout(300)
    assert page.page.evaluate("window.seen") == []
    page.page.emulate_media(reduced_motion="no-preference")
    expect(page.page.locator("#moving")).to_be_visible()


def test_it_can_be_had_at_once_and_the_choice_is_kept(studio):  # noqa: F811
    page = studio("#text=Dear&hand=Fern", **MOVING)
    page.page.get_by_label("How fast it is written").select_option("There at once")
    page.page.reload()
    page.settle()
    watch(page, 0.5)
    page.page.get_by_label("Text", exact=True).press_sequentially(" Ada", delay=20)
    page.settle()
    page.page.wait_for_timeout(300)
    assert page.page.evaluate("window.seen") == []


def test_the_movement_is_taken_along(studio, handsynth):  # noqa: F811
    page = studio("#text=Ada&hand=Fern&size=20", **MOVING)
    name, svg = page.download("being written, as SVG")
    assert name == "line.svg" and svg.count(b"<animate ") >= 3 and b"prefers-reduced-motion" in svg
    assert page.command.endswith("-o line.svg --hand Fern --size 20px --ink '#1b2440' --animate")
    assert len(re.findall(b"<animate ", (handsynth(page.command) / "line.svg").read_bytes())) == svg.count(b"<animate ")
    page.page.get_by_label("How fast it is written").select_option("16")
    for ending in ("GIF", "WebP"):
        name, data = page.download(f"being written, as {ending}")
        assert name == f"line.{ending.lower()}"
        film = Image.open(io.BytesIO(data))
        assert film.n_frames > 2 and "--duration 0." in page.command
    name, data = page.download("being written, as MP4")
    assert name == "line.mp4" and data[4:8] == b"ftyp"


def test_what_cannot_move_is_not_offered(studio):  # noqa: F811
    page = studio("#view=page&paperName=card-3x5&text=Ada&look=scanned", **MOVING)
    expect(page.page.locator("#replay")).to_be_disabled()
    expect(page.page.get_by_role("button", name="being written, as GIF")).to_be_disabled()


def test_no_old_picture_stands_beside_a_new_text(studio):  # noqa: F811
    page = studio("#text=Dear&hand=Fern")
    sheet = page.page.locator("#sheet")
    page.page.route("**/v1/render", lambda route: (page.page.wait_for_timeout(900), route.continue_()))
    page.page.get_by_label("Text", exact=True).fill("Ada")
    expect(sheet).to_have_class(re.compile(r"\bstale\b"))
    page.settle()
    expect(sheet).not_to_have_class(re.compile(r"\bstale\b"))
    page.page.unroute("**/v1/render")
    page.page.get_by_label("Text", exact=True).fill("a" * 6000)
    expect(page.page.locator("#trouble")).to_contain_text("6,000 characters")
    expect(sheet).to_have_class(re.compile(r"\bstale\b"))
    page.complaints = [said for said in page.complaints if "status of 422" not in said]
