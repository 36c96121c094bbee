"""The model in the browser: how fast WebAssembly draws in Chromium, and how far its drawings are from Python's.

python benchmarks/browser.py [FOLDER [MODEL]], where FOLDER is a built page (usually the package's own). Needs
Playwright and Chromium. "One more letter" is typed at the end of a line of 40 letters: the last word is drawn anew,
its noise being that of its text.
"""

import base64
import functools
import shutil
import sys
import tempfile
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from handsynth import noise
from handsynth.drawing.draw import glyphs
from handsynth.drawing.resolve import resolve
from handsynth.ink.glyph import FieldGlyphs
from handsynth.model.model import Model
from handsynth.studio import static
from handsynth.studio.pagefiles import PAGE

LINE = "The quick brown foxes jump over lazy dogs thrice"  # 40 letters
HANDS = "Quill", "Fern", "Acorn", "random:7:0", "random:8:0"

READY = """() => new Promise((done) => {
    const look = () => (window.handsynth ? done(performance.now()) : setTimeout(look, 5));
    look();
})"""

TYPED = """async ([text, seed, more]) => {
    const draw = async (text) => {
        const start = performance.now();
        await window.handsynth.render({ text, seed, ink: "#1b2440" });
        return performance.now() - start;
    };
    const whole = await draw(text);
    const typed = [];
    for (let i = 1; i <= more.length; i++) typed.push(await draw(text + more.slice(0, i)));
    return [whole, typed];
}"""

DRAWN = """async ([chars, hand, seed]) => {
    const start = performance.now();
    const drawn = await window.handsynth.drawings({ chars, hand, seed });
    const spent = performance.now() - start;
    const bytes = new Uint8Array(await new Blob(drawn.flatMap((one) => one.strokes ?? [one])).arrayBuffer());
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return [spent, btoa(text)];
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def measure(url: str, model: Model) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(url)
        ready = page.evaluate(READY)
        first = page.evaluate(TYPED, [LINE, 0, ""])[0]
        print(f"from opening the page to the model's being ready {ready:,.0f} ms, its first line {first:,.0f} ms more")
        lines, letters = [], []
        for seed in range(1, 11):
            whole, typed = page.evaluate(TYPED, [LINE, seed, " more"])
            lines.append(whole)
            letters.extend(typed)
        print(f"line of 40 letters, warm: median {np.median(lines):.0f} ms, worst {max(lines):.0f} ms")
        print(f"one more letter typed: median {np.median(letters):.0f} ms, worst {max(letters):.0f} ms")
        furthest, spent, count = 0.0, 0.0, 0
        for seed, name in enumerate(HANDS):
            chars = list(model.charset)
            took, drawn = page.evaluate(DRAWN, [chars, name, seed])
            places = np.array([noise.key_of("sample", char, 0) for char in chars], np.uint64)
            expected = glyphs(model, resolve(model, name, seed), model.index(chars), places, seed)
            numbers = expected.array if isinstance(expected, FieldGlyphs) else expected.strokes.points
            found = np.frombuffer(base64.b64decode(drawn), np.float32).reshape(numbers.shape)
            furthest = max(furthest, float(np.abs(found - numbers).max()))
            spent, count = spent + took, count + len(chars)
        print(f"drawings alone: {count / spent * 1000:,.0f} glyphs/s in one thread")
        print(f"largest difference of {count:,} drawings from Python's: {furthest:.1e} frame px")
        browser.close()


def main() -> None:
    model = Model.open(sys.argv[2] if len(sys.argv) > 2 else None)
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        start = time.perf_counter()
        files = static.write(site, model, page=Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE)
        size = sum(file.stat().st_size for file in files) / 2**20
        print(f"site of {len(files)} files, {size:.1f} MB, written in {time.perf_counter() - start:.1f} s")
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        measure(f"http://127.0.0.1:{server.server_port}/", model)
        server.shutdown()


if __name__ == "__main__":
    main()
