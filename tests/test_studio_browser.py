"""The static site in a real browser: the same noise, fields or strokes, and drawings as Python's."""

from __future__ import annotations

import base64
import functools
import io
import json
import re
import shutil
import threading
import xml.etree.ElementTree as ET
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import resvg_py
from field_model import of_fields
from PIL import Image

from handsynth import noise
from handsynth.api import encode, typeset
from handsynth.drawing.draw import glyphs
from handsynth.drawing.resolve import resolve
from handsynth.formats import writing
from handsynth.formats.timing import timed
from handsynth.hands.hand import Hand
from handsynth.hands.handfile import data, parse
from handsynth.hands.letters import OFFSET_STEP, Kept, LetterLatents
from handsynth.hands.originals import Originals
from handsynth.ink.glyph import FieldGlyphs, Glyphs, PenGlyphs
from handsynth.layout.weld import welded
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


@pytest.mark.parametrize("seed", [0, 7, 2**32 + 5, 2**53 - 1, 2**64 - 1])
def test_the_noise_is_the_same_bit_for_bit(site: Site, seed: int) -> None:
    for stream in noise.STREAMS:
        for place in (0, 1, 2**32, 2**64 - 1, noise.key_of("Zoë", 3, 1, 0)):
            words, normals = site.noise(seed, stream, place, 203)
            places = np.array([place], np.uint64)
            assert np.array_equal(words, noise.words(seed, stream, places, 203)[0])
            assert normals.tobytes() == noise.normals(seed, stream, places, 203)[0].tobytes()


@pytest.mark.parametrize(
    ("hand", "seed", "dials"),
    [
        ("Quill", 0, {"temperature": 0.7}),
        ("Fern", 12345678901, {"temperature": 1.2}),
        ("Acorn", 3, {"temperature": 0.7, "legibility": 4}),
        ("random:7:3", 1, {"variation": 1.0}),
        ("random:2", 99, {"temperature": 0.7, "variation": 0.0}),
        ({"blend": ["Quill", "random:5:0"], "share": 0.3}, 5, {}),
        ({"blend": ["Quill", "Fern"], "share": 1}, 6, {}),
    ],
)
def test_drawings_are_those_of_python(
    site: Site, model: Model, hand: object, seed: int, dials: dict[str, float], record_property
) -> None:
    chars = [char for char in model.charset for _ in range(2 if char.isascii() else 1)]
    lengths, drawn = site.drawings(chars=chars, hand=hand, seed=seed, **dials)
    if isinstance(hand, dict):
        first, second = (resolve(model, name, seed) for name in hand["blend"])
        known = Hand.blend(first, second, hand["share"])
    else:
        known = resolve(model, str(hand), seed)
    numbers = [chars[:i].count(char) for i, char in enumerate(chars)]
    places = np.array([noise.key_of("sample", *pair) for pair in zip(chars, numbers, strict=True)], np.uint64)
    expected = glyphs(model, known, model.index(chars), places, seed, **dials)
    wanted, numbers = _flat(expected)
    assert lengths == wanted
    furthest = float(np.abs(drawn - numbers).max())
    record_property("largest difference", furthest)
    print(f"{hand}: largest difference {furthest:.2g}")
    assert furthest < 1e-3


def _flat(drawn: Glyphs) -> tuple[list[list[int]], np.ndarray]:
    """As `Site.drawings` has it."""
    if not isinstance(drawn, PenGlyphs):
        assert isinstance(drawn, FieldGlyphs)
        return [[drawn.array[0].size]] * len(drawn), drawn.array.ravel()
    parts = []
    for i in range(len(drawn)):
        paths = drawn.take(slice(i, i + 1)).paths
        parts.append([*np.split(paths.points.ravel(), 2 * paths.strokes[1:-1]), paths.width[:1]])
    return [[len(part) for part in some] for some in parts], np.concatenate([part for some in parts for part in some])


TEXTS = {
    "accents and quotes": {"text": "“Zoë’s naïve café”, said Łukasz – „Ça va?“"},
    "blanks and lines": {"text": "  Dear Ada,\n\n\tit is late\u00a0now.  Two  blanks.\r\nYours, Bob\n", "seed": 5},
    "wrap": {"text": "The quick brown fox jumps over the lazy dog, then sleeps all afternoon.", "wrap": 300},
    "words too long": {
        "text": "Donaudampfschifffahrtsgesellschaft x-ray co\u00adop\u00ader\u00ada\u00adtion",
        "wrap": 150,
    },
    "composed": {"text": "ṽ ǭ ẹ ạ̀ ø ± ½ ② x² H₂O ™ ≠ ¶ ‰ ẑ"},
    "letters and signs": {
        "text": "Skåne ťuká ñandú Žižka €5 ½ “quoted” Łódź ß æ ø œ £ § ¿ ¡ ŋ ð þ",
        "hand": "Fern",
        "seed": 4,
        "size": 60,
        "wrap": 1500,
    },
    "signs": {"text": "ĳ ſĸŉ ŀ ¤ † ‡ • ¬ µ · … « ‹ ẞ Ð Þ đħŧ © ® ™ ⅔ ⁽ª⁾ ⓔ ç ų ģ", "wrap": 300},
    "Greek and Cyrillic": {"text": "Щука, їжа, Љубав, Ёж — Ήλιος, ψυχή ΐ", "hand": "Olive", "seed": 3, "slant": 0.1},
    "missing": {"text": "A 漢 B \u0416 😀 C"},
    "legible": {"text": "minimum illness rnrn Il1", "legibility": 4, "seed": 3},
    "slanted": {"text": "leaning to the right", "slant": 0.25, "hand": "Fern"},
    "leaning back": {"text": "leaning to the left", "slant": -0.3, "size": 40},
    "hot": {"text": "every letter differs", "temperature": 1.4, "seed": 2**53 - 1},
    "large": {"text": "Big!", "size": 130},
    "small": {"text": "small print, read by nobody at all", "size": 7},
    "spaced": {"text": "wide and\nairy", "letter_spacing": 1.6, "word_spacing": 1.5, "line_spacing": 1.4, "wander": 3},
    "tight": {"text": "tight letters\ngyq", "letter_spacing": 0.4, "line_spacing": 0.2, "wander": 0},
    "coloured": {"text": "blue on cream", "ink": "#1b2440", "paper_colour": "#fff8e7", "hand": "random:7:0"},
    "transparent": {"text": "on nothing", "ink": "#1b2440", "paper_colour": "transparent"},
    "half ink": {"text": "faint", "ink": "#1b244080", "paper_colour": "#fff8e780"},
    "varied": {"text": "aaaa bbbb eeee aaaa", "variation": 1.0},
    "always alike": {"text": "aaaa bbbb eeee aaaa", "variation": 0.0, "seed": 8},
    "huge": {"text": "Äg", "size": 400},
    "all joined": {"text": "minimum flow brother\ngoing, half a vow", "hand": "Walnut", "joined": 2},
    "print": {"text": "printed by a joining hand", "hand": "Moss", "joined": 0},
    "joined as by chance": {"text": "the old mill, well met", "hand": "random:12", "joined": 1.4},
    "blended": {"text": "between two hands", "hand": {"blend": ["Quill", "Fern"], "share": 0.4}},
}
STATE = {
    "view": "line", "blend": "", "share": 0, "seed": 0, "temperature": 0.7, "variation": 0.25, "joined": 1,
    "legibility": 1, "size": 24, "slant": 0, "ink": "#000000", "paper": "#ffffff", "wrap": 0,
    "letterSpacing": 1, "wordSpacing": 1, "lineSpacing": 1, "wander": 1, "originals": "vary",
}  # fmt: skip
"""What the page asks an engine for, as it is usual."""
NAMES = {
    "letter_spacing": "letterSpacing",
    "word_spacing": "wordSpacing",
    "line_spacing": "lineSpacing",
    "paper_colour": "paper",
}


def _most(model: Model, size: float = 24) -> int:
    """How far a pixel may be from Python's: points of strokes lie on a grid, fields on none.

    Where matrix products differ in their last bit, a point may come to lie one step of that grid, 1/1024 px, away.
    """
    return 1 + int(np.ceil(255 / 1024 * size / model.frame.xheight)) if model.strokes else 3


def _apart(drawn: bytes, model: Model, **options: object) -> np.ndarray:
    """How far each pixel of a drawing is from Python's, [h,w,4]."""
    page, data = encode(suffix=".png", model=model, missing="box", **options)
    expected, found = (np.asarray(Image.open(io.BytesIO(file)).convert("RGBA")).astype(int) for file in (data, drawn))
    # lengths that differ by next to nothing may lie on either side of a whole number of pixels
    exact = np.array([page.height, page.width]) * options.get("size", 24)
    assert (found.shape[:2] >= np.ceil(exact - 0.02)).all()
    assert (found.shape[:2] <= np.ceil(exact + 0.02)).all()
    height, width = np.minimum(found.shape, expected.shape)[:2]
    return np.abs(found[:height, :width] - expected[:height, :width])


@pytest.mark.parametrize("name", TEXTS)
def test_a_drawing_is_that_of_python(site: Site, model: Model, name: str, record_property) -> None:
    options = {"hand": "Quill", **TEXTS[name]}
    if not model.strokes and "joined" in options:
        options["joined"] = min(options["joined"], 1)  # fields cannot be joined
    drawn = site.render(**{NAMES.get(key, key): value for key, value in options.items()})
    if isinstance(hand := options["hand"], dict):
        options["hand"] = Hand.blend(*(resolve(model, part) for part in hand["blend"]), hand["share"])
    difference = _apart(drawn, model, **options)
    record_property("largest difference", int(difference.max()))
    print(
        f"{name}: largest difference {difference.max()}, pixels that differ {(difference.max(axis=2) > 0).mean():.1%}"
    )
    assert difference.max() <= _most(model, options.get("size", 24))


def _shown() -> str:
    """Some of every kind of character: letters with accents, signs, spaces, scripts, what the model lacks."""
    blocks = (0xA0, 0x180), (0x1E00, 0x1EFF), (0x2010, 0x2060), (0x2070, 0x20AD), (0x2100, 0x2200), (0x2460, 0x2480)
    chars = [chr(code) for first, stop in blocks for code in range(first, stop, 2)]
    chars += ["e\u0301", "g\u0327", "x\u0323\u0308", "👩‍💻", "🇩🇪", "1\ufe0f", "\u0301", "漢", "ｱ", "ﬁ"]
    return " ".join("".join(chars[i : i + 5]) for i in range(0, len(chars), 5))


def test_characters_of_every_kind_are_composed_and_reported_as_by_python(site: Site, model: Model) -> None:
    text = _shown()
    options = {"hand": "Fern", "seed": 1, "wrap": 900}
    assert _apart(site.render(text=text, **options), model, text=text, **options).max() <= _most(model)
    drawn = site.page.evaluate(
        "async (state) => (await window.handsynth.engine.draw(state, 1, new AbortController().signal)).notes",
        {**STATE, **options, "text": text},
    )
    # a browser does not know the characters' names
    lines = typeset(text, model=model, missing="box", hand="Fern").report.lines()
    lines = [re.sub(r"^(U\+[0-9A-F]+(?: U\+[0-9A-F]+)*) \([^)]*\)", r"\1", line) for line in lines]
    assert drawn == [re.sub(r"(\(U\+[0-9A-F]+(?: U\+[0-9A-F]+)*) [^)]*\)", r"\1)", line) for line in lines]


def _learnt(model: Model, of: str = "Quill", chars: str = "aaaeenng", steady: float = 0.8) -> Hand:
    """A hand with letters of its own, some of one character: ink, and latents where the model draws strokes."""
    other = resolve(model, of)
    places = np.array([noise.key_of("own", i) for i in range(len(chars))], np.uint64)
    ink = glyphs(model, other, model.index(chars), places, 1).fields()
    known = None
    if model.strokes:
        drawn = noise.normals(1, "glyph", places, model.card.variation_size)
        style = np.broadcast_to(other.style, (len(chars), len(other.style)))
        latents = model.prior(model.index(chars), style, drawn)[1].astype(np.float16).astype(np.float32)
        # of small numbers half precision keeps fewer bits
        latents[0, :3] = np.array([3e-5, -6e-8, 0.0], np.float16)
        steps = np.rint(12 * noise.normals(2, "glyph", places, 2 * sum(model.card.slots))).clip(-127, 127)
        offsets = steps.reshape(len(chars), -1, 2) * np.float32(OFFSET_STEP)
        known = LetterLatents(tuple(chars), latents, np.full_like(latents, 0.125), steady, offsets)
    return Hand(
        "me", other.style, model.hash, gap=0.3, weight=0.35, slant=0.15, pen=0.15, known=known,
        originals=Originals(tuple(chars), ink), letters=(Kept(2**63 + 5, 0.6, {"a": 2}), Kept(7, 0.4)),
    )  # fmt: skip


def _file(hand: Hand) -> dict[str, object]:
    """What its file says, as a browser reads it."""
    said: dict[str, object] = json.loads(json.dumps(data(hand)))
    return said


@pytest.mark.parametrize(
    "options",
    [{}, {"variation": 1.0}, {"legibility": 4}, {"originals": "never"}, {"slant": 0.1}, {"small_capitals": 0.75}],
)
def test_a_learnt_hand_is_drawn_as_by_python(site: Site, model: Model, tmp_path: Path, options: dict) -> None:
    hand = replace(_learnt(model), small_capitals=options.get("small_capitals"))
    options = {name: value for name, value in options.items() if name != "small_capitals"}
    hand.save(tmp_path / "me.hand")
    options = {"text": "a banana and an eel, again and again; \u00e4gg", "seed": 4, **options}
    drawn = site.render(**options, hand=_file(hand))
    assert _apart(drawn, model, **options, hand=tmp_path / "me.hand").max() <= _most(model)


@pytest.mark.parametrize("dials", [{}, {"temperature": 0.7, "variation": 0.1}, {"variation": 1.0}, {"legibility": 4}])
@pytest.mark.parametrize("share", [0, 0.3, 1])
def test_letters_that_hands_know_are_those_of_python(
    site: Site, model: Model, share: float, dials: dict[str, float]
) -> None:
    chars = [char for char in "aegnxA" for _ in range(8)]
    first, second = _learnt(model), _learnt(model, "Fern", "gaan", 1.3)
    hand = {"blend": [_file(first), _file(second)], "share": share} if share else _file(first)
    lengths, drawn = site.drawings(chars=chars, hand=hand, seed=6, **dials)
    places = np.array([noise.key_of("sample", char, i % 8) for i, char in enumerate(chars)], np.uint64)
    first, second = (parse(_file(one), "me.hand", Hand) for one in (first, second))
    known = Hand.blend(first, second, share) if share else first
    wanted, numbers = _flat(glyphs(model, known, model.index(chars), places, 6, **{"temperature": 1.0, **dials}))
    assert lengths == wanted
    assert np.abs(drawn - numbers).max() < 1e-3


def test_a_picture_says_what_made_it_and_python_makes_it_again(site: Site, model: Model, tmp_path: Path) -> None:
    from handsynth.provenance.recorded import read

    for format in ("png", "svg"):
        file = tmp_path / f"line.{format}"
        file.write_bytes(site.render(format, text="Dear Ada", hand="Fern", seed=9))
        metadata = read(file)
        assert (metadata["Hand"], metadata["Seed"], metadata["Model"]) == ("Fern", "9", model.hash)


def test_joined_letters_are_one_stroke_of_an_svg_as_by_python(site: Site, model: Model) -> None:
    options = {"text": "minimum, illness brought it", "hand": "Walnut", "seed": 2}
    if not model.strokes:
        assert " stroke=" not in site.render("svg", **options).decode()  # edges of shapes, which are not joined
        return
    page = typeset(options["text"], model=model, hand="Walnut", seed=2, joined=2)
    expected = welded(page)
    assert isinstance(expected.glyphs, PenGlyphs) and (page.ties >= 0).sum() > 5
    paths, maps = expected.glyphs.paths, expected.matrices()
    first = paths.points[paths.strokes[:-1]].astype(float)
    wanted = np.einsum("nij,nj->ni", maps[paths.owner][:, :, :2], first) + maps[paths.owner][:, :, 2]
    root = ET.fromstring(site.render("svg", **options, size=40, joined=2))
    unit = float(root.get("viewBox", "").split()[2]) / page.width
    data = "".join(part.get("d", "") for part in root.iter() if part.get("stroke-width"))
    found = np.array(re.findall(r"M(-?\d+) (-?\d+)", data), float) / unit
    # as many, in the same order, from the same points
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() < 0.02


def test_a_line_is_written_as_by_python(site: Site, model: Model) -> None:
    text = "Tim fits it, on\ntwo lines"
    state = {**STATE, "hand": "Walnut", "text": text, "joined": 2 if model.strokes else 1}
    found = site.page.evaluate(
        """async (state) => {
            const { engine } = window.handsynth;
            return engine.movement ? await engine.movement(state, 1, new AbortController().signal) : null;
        }""",
        state,
    )
    if not model.strokes:
        assert found is None
        return
    page = typeset(text, model=model, hand="Walnut", joined=2)
    strokes = writing.strokes(page)
    assert found["words"] == list(page.words)
    assert [stroke["word"] for stroke in found["strokes"]] == [stroke.word for stroke in strokes]
    for ours, stroke, times in zip(found["strokes"], strokes, timed(strokes), strict=True):
        assert np.abs(np.column_stack([ours["x"], ours["y"]]) - stroke.points).max() < 0.01
        assert ours["width"] == pytest.approx(stroke.width.max(), rel=0.01)
        assert np.abs(np.array(ours["t"]) / 1000 - times).max() < 0.02
    assert site.page.evaluate(
        "async (state) => window.handsynth.engine.below(state, 1, new AbortController().signal)", state
    ) == state["paper"]  # fmt: skip


@pytest.mark.parametrize("hand", ["Quill", "Walnut"])
def test_an_svg_shows_what_the_png_shows(site: Site, hand: str) -> None:
    options = {"text": "Ägypten, quäle mich & <du>", "hand": hand, "seed": 3, "size": 48}
    text = site.render("svg", **options).decode()
    root = ET.fromstring(text)
    assert root.tag.endswith("svg")
    picture = Image.open(io.BytesIO(site.render("png", **options))).convert("L")
    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text, dpi=1200)))).convert("L")
    assert np.abs(np.array(drawn.size) / 4 - picture.size).max() <= 1
    seen = np.full((picture.height * 4, picture.width * 4), 255, np.uint8)
    high, wide = min(seen.shape[0], drawn.height), min(seen.shape[1], drawn.width)
    seen[:high, :wide] = np.asarray(drawn)[:high, :wide]
    seen = seen.reshape(picture.height, 4, picture.width, 4).mean(axis=(1, 3))
    difference = np.abs(seen - np.asarray(picture).astype(int))
    print(f"means differ by {difference.mean():.3f}, by more than 80 {(difference > 80).mean():.3%}")
    # two ways to fill a pixel at an edge
    assert difference.mean() < 1
    assert (difference > 80).mean() < 1e-3


def test_what_cannot_be_drawn_is_said_in_one_line(site: Site) -> None:
    said = site.page.evaluate(
        """async () => {
            const said = [];
            for (const job of [
                { text: " " }, { text: "a", ink: "#ffffff" }, { text: "a", hand: "Nobody" }, { text: "a", size: 1e9 },
                { text: "a".repeat(10001) }, { text: "a", temperature: 9 }, { text: "a", hand: { handsynth_hand: 2 } },
            ]) await window.handsynth.render(job).then(() => said.push("drawn"), (error) => said.push(error.message));
            return said;
        }"""
    )
    wanted = ["nothing to write", "same colour", "no hand", "size", "10,000", "temperature", "no saved hand"]
    assert len(said) == len(wanted)
    assert all(part in line and "\n" not in line for part, line in zip(wanted, said, strict=True)), said


def test_a_drawing_nobody_wants_any_more_is_given_up(site: Site) -> None:
    ended = site.page.evaluate(
        """async (state) => {
            const { engine } = window.handsynth;
            const control = new AbortController();
            const long = engine.draw(state, 1, control.signal).then(() => "drawn", (error) => error.name);
            setTimeout(() => control.abort(), 50);
            const first = await long;
            const start = performance.now();
            const next = await engine.draw({ ...state, text: "short" }, 1, new AbortController().signal);
            return [first, next.width > 0, performance.now() - start];
        }""",
        {**STATE, "hand": "Quill", "text": "words " * 1500, "wrap": 800},
    )
    assert ended[:2] == ["AbortError", True]
    assert ended[2] < 3000


def test_the_site_asks_nobody_else_and_nothing_goes_wrong(site: Site) -> None:
    site.render(text="last")
    assert site.complaints == []
    assert [url for url in site.requests if not url.startswith((site.url, "blob:", "data:"))] == []
    assert any(url.endswith("ort.wasm") for url in site.requests)
