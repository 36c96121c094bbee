"""The static site in a real browser, as the tests of it open it, and how far its drawings are from Python's."""

from __future__ import annotations

import base64
import functools
import io
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from field_model import of_fields
from PIL import Image

from handsynth.api import encode
from handsynth.ink.glyph import FieldGlyphs, Glyphs, PenGlyphs
from handsynth.model.model import Model
from handsynth.studio import static

CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What the studio's own server sends: the site must work under it too."""


class Handler(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass


class Site:
    """The page, opened in Chromium, and what it asked for and complained of."""

    def __init__(self, page, url: str) -> None:
        self.page, self.url = page, url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        # `wait_for_function` would need what the policy forbids
        page.evaluate(
            """() => new Promise((done) => {
                const look = () => (window.handsynth ? done() : setTimeout(look, 20));
                look();
            })"""
        )

    def drawings(self, **what: object) -> tuple[list[list[int]], np.ndarray]:
        """Of each character the lengths of its strokes or field, and all numbers; a glyph's strokes, then its pen's."""
        lengths, drawn = self.page.evaluate(
            """async (what) => {
                const drawings = await window.handsynth.drawings(what);
                const parts = drawings.map((one) => one.strokes ? [...one.strokes, Float32Array.of(one.width)] : [one]);
                const bytes = new Uint8Array(await new Blob(parts.flat()).arrayBuffer());
                let text = "";
                for (let i = 0; i < bytes.length; i += 8192)
                    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
                return [parts.map((some) => some.map((part) => part.length)), btoa(text)];
            }""",
            what,
        )
        return lengths, np.frombuffer(base64.b64decode(drawn), np.float32)

    def noise(self, seed: int, stream: str, place: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        words, normals = self.page.evaluate(
            """async ([seed, stream, place, size]) => {
                const found = await window.handsynth.noise(BigInt(seed), stream, BigInt(place), size);
                return [[...found.words], [...new Uint32Array(found.normals.buffer, 0, size)]];
            }""",
            [str(seed), stream, str(place), size],
        )
        return np.array(words, np.uint32), np.array(normals, np.uint32).view(np.float32)

    def render(self, format: str = "png", **job: object) -> bytes:
        drawn = self.page.evaluate(
            """async ([job, format]) => {
                const blob = await window.handsynth.render(job, format);
                const reader = new FileReader();
                return new Promise((done) => {
                    reader.onload = () => done(reader.result);
                    reader.readAsDataURL(blob);
                });
            }""",
            [job, format],
        )
        return base64.b64decode(drawn.partition(",")[2])


@pytest.fixture(scope="module", params=["default", "fields"])
def model(request: pytest.FixtureRequest) -> Model:
    default = Model.open()
    return default if request.param == "default" else of_fields(default)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Path:
    folder = tmp_path_factory.mktemp("site") / "studio"
    static.write(folder, model)
    return folder


@pytest.fixture(scope="module")
def site(folder: Path):
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("there is no chromium")
    # from a folder below the root, as many static hosts serve it
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_api.sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            yield Site(browser.new_page(), f"http://127.0.0.1:{server.server_port}/{folder.name}/")
            browser.close()
    finally:
        server.shutdown()
        server.server_close()


STATE = {
    "view": "line", "blend": "", "share": 0, "seed": 0, "temperature": 0.7, "variation": 0.25, "joined": 1,
    "legibility": 1, "size": 24, "slant": 0, "ink": "#000000", "paperColour": "#ffffff", "wrap": 0,
    "letterSpacing": 1, "wordSpacing": 1, "lineSpacing": 1, "wander": 1, "originals": "vary",
}  # fmt: skip
"""What the page asks an engine for, as it is usual."""
NAMES = {
    "letter_spacing": "letterSpacing",
    "word_spacing": "wordSpacing",
    "line_spacing": "lineSpacing",
    "paper_colour": "paperColour",
}


def most(model: Model, size: float = 24) -> int:
    """How far a pixel may be from Python's: points of strokes lie on a grid, fields on none.

    Where matrix products differ in their last bit, a point may come to lie one step of that grid, 1/1024 px, away.
    """
    return 1 + int(np.ceil(255 / 1024 * size / model.frame.xheight)) if model.strokes else 3


def apart(drawn: bytes, model: Model, **options: object) -> np.ndarray:
    """How far each pixel of a drawing is from Python's, [h,w,4]."""
    page, data = encode(suffix=".png", model=model, missing="box", **options)
    expected, found = (np.asarray(Image.open(io.BytesIO(file)).convert("RGBA")).astype(int) for file in (data, drawn))
    # lengths that differ by next to nothing may lie on either side of a whole number of pixels
    exact = np.array([page.height, page.width]) * options.get("size", 24)
    assert (found.shape[:2] >= np.ceil(exact - 0.02)).all()
    assert (found.shape[:2] <= np.ceil(exact + 0.02)).all()
    height, width = np.minimum(found.shape, expected.shape)[:2]
    return np.abs(found[:height, :width] - expected[:height, :width])


def flat(drawn: Glyphs) -> tuple[list[list[int]], np.ndarray]:
    """As `Site.drawings` has it."""
    if not isinstance(drawn, PenGlyphs):
        assert isinstance(drawn, FieldGlyphs)
        return [[drawn.array[0].size]] * len(drawn), drawn.array.ravel()
    parts = []
    for i in range(len(drawn)):
        paths = drawn.take(slice(i, i + 1)).paths
        parts.append([*np.split(paths.points.ravel(), 2 * paths.strokes[1:-1]), paths.width[:1]])
    return [[len(part) for part in some] for some in parts], np.concatenate([part for some in parts for part in some])
