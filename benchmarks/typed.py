"""How long a key on a letter of two pages takes until the sheet shows it, in Chromium.

Start `handsynth studio`, then: python benchmarks/typed.py [ADDRESS]. Needs Playwright and Chromium.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

PARAGRAPH = (
    "no two letters on this page are alike, and yet one steady hand wrote it all. Towards the end it tires a little; "
    "its ink runs dry and is refreshed, and now and then a word leans more than its neighbours. "
)
LETTER = "Dear Ada,\n\n" + "\n\n".join(f"{number}{PARAGRAPH * 3}" for number in range(6)) + "\n\nYours,\nthe machine"
KEYS = 10

TYPED = """async ([end, keys]) => {
    const text = document.getElementById("text"), sheet = document.getElementById("sheet");
    const picture = document.getElementById("picture"), took = [];
    for (let i = 0; i < keys; i++) {
        const at = end ? text.value.length : 12;
        text.setRangeText(`q${i} `, at, at, "end");
        const [before, start] = [picture.src, performance.now()];
        text.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((done) => {
            const look = () =>
                picture.src !== before && sheet.getAttribute("aria-busy") === "false"
                    ? requestAnimationFrame(() => requestAnimationFrame(done))
                    : setTimeout(look, 4);
            look();
        });
        took.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, 900));
    }
    return took;
}"""


def settled(page: Page) -> None:
    page.locator('#sheet[aria-busy="false"]').wait_for()
    page.wait_for_timeout(2500)


def measured(page: Page, motion: str) -> None:
    for end in (True, False):
        for number in (1, 2):
            if not (page.locator("#at").text_content() or "").startswith(f"Page {number}"):
                page.get_by_role("button", name=("Previous page", "Next page")[number - 1]).click()
                settled(page)
            took = page.evaluate(TYPED, [end, KEYS])
            print(
                f"{motion}: a word at the {'end' if end else 'beginning'}, page {number} shown: "
                f"median {statistics.median(took):.0f} ms, most {max(took):.0f} ms"
            )


if __name__ == "__main__":
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8765/"
    with sync_playwright() as playwright:
        path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for motion, wanted in (("at once", "reduce"), ("being written", "no-preference")):
            page = browser.new_context(reduced_motion=wanted, viewport={"width": 1400, "height": 900}).new_page()
            page.goto(f"{address}#view=page&hand=Willow&text={quote(LETTER)}")
            settled(page)
            measured(page, motion)
            page.context.close()
        browser.close()
