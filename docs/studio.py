"""Take the pictures of docs/studio.md in Chromium: start `handsynth studio`, then python docs/studio.py [ADDRESS]"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent / "studio"
LETTER = (
    "Dear Ada,\n\nno two letters on this page are alike, and yet one steady hand wrote it all. Towards the end it "
    "tires a little; its ink runs dry and is refreshed, and now and then a word leans more than its neighbours.\n\n"
    "Everything that you see here can be turned by a dial, shared by a link, and made again from the command line.\n\n"
    "Yours,\nthe machine"
)
SHOTS = {
    "wide": ((1400, 900), "light", {"view": "page", "text": LETTER, "hand": "Willow", "sheet": "a5-ruled"}),
    "phone": ((390, 844), "light", {"text": "On a phone, too.", "hand": "Copper", "seed": "4"}),
    "dark": ((1400, 900), "dark", {"text": "Paper stays white at night.", "ink": "#1a3aa8", "blend": "Umber"}),
}
COLOURS = 128


def take(browser, address: str, name: str) -> None:
    (width, height), scheme, state = SHOTS[name]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(f"{address}#{urlencode(state)}")
    page.locator('#sheet[aria-busy="false"]').wait_for()
    # the gallery draws itself meanwhile
    page.wait_for_timeout(4000)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)
    page.close()


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    where = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8765/"
    with sync_playwright() as playwright:
        path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in SHOTS:
            take(chromium, where, name)
        chromium.close()
