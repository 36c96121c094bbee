"""Take the pictures of docs/studio.md in Chromium: start `handsynth studio`, then

python docs/studio.py [ADDRESS [FOLDER]]
"""

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
    "wide": ((1400, 900), "light", "hand", {"view": "page", "text": LETTER, "hand": "Willow", "sheet": "a5-ruled"}),
    "phone": ((390, 844), "light", "hand", {"text": "On a phone, too.", "hand": "Copper", "seed": "4"}),
    "dark": ((1400, 900), "dark", "hand", {"text": "Paper stays white at night.", "ink": "#1a3aa8", "blend": "Umber"}),
    "joined": ((1400, 900), "light", "writing", {"text": "Joined as people join.", "hand": "Walnut", "size": "44"}),
}
"""Size of the window, colours, the section that is open, and the state."""
COLOURS = 128


def take(browser, address: str, name: str, folder: Path) -> None:
    (width, height), scheme, section, state = SHOTS[name]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(f"{address}#{urlencode(state)}")
    page.locator('#sheet[aria-busy="false"]').wait_for()
    page.evaluate(
        "(open) => { for (const part of document.querySelectorAll('.panel > details')) part.open = part.id === open; }",
        f"section-{section}",
    )
    # the gallery draws itself meanwhile
    page.wait_for_timeout(4000)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
    page.close()


if __name__ == "__main__":
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE
    folder.mkdir(exist_ok=True)
    where = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8765/"
    with sync_playwright() as playwright:
        path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in SHOTS:
            take(chromium, where, name, folder)
        chromium.close()
