"""The static site in a real browser: the same noise, fields or strokes, and drawings as Python's."""

# ruff: noqa: F811  (fixtures are imported)

from __future__ import annotations

import re

import numpy as np
import pytest
from static_site import NAMES, STATE, Site, apart, flat, folder, model, most, site  # noqa: F401

from handsynth import noise
from handsynth.api import typeset
from handsynth.drawing.draw import glyphs
from handsynth.drawing.resolve import resolve
from handsynth.hands.hand import Hand
from handsynth.model.model import Model


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
    wanted, numbers = flat(expected)
    assert lengths == wanted
    furthest = float(np.abs(drawn - numbers).max())
    record_property("largest difference", furthest)
    print(f"{hand}: largest difference {furthest:.2g}")
    assert furthest < 1e-3


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
    "addresses": {"text": "see https://example.org/a/long-path?and=1&more=2#part or ask-me@long-name.org", "wrap": 170},
    "signs": {"text": "ĳ ſĸŉ ŀ ¤ † ‡ • ¬ µ · … « ‹ ẞ Ð Þ đħŧ © ® ™ ⅔ ⁽ª⁾ ⓔ ç ų ģ", "wrap": 300},
    "Greek and Cyrillic": {"text": "Щука, їжа, Љубав, Ёж — Ήλιος, ψυχή ΐ", "hand": "Olive", "seed": 3, "slant": 0.1},
    "lines to write on": {"text": "Name: ________ a__b ___, _\n__ ___", "wrap": 260},
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
    "joined by who prints": {"text": "that little fifth\nis of old oak", "hand": "random:18:5", "joined": 2},
    "blended": {"text": "between two hands", "hand": {"blend": ["Quill", "Fern"], "share": 0.4}},
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_drawing_is_that_of_python(site: Site, model: Model, name: str, record_property) -> None:
    options = {"hand": "Quill", **TEXTS[name]}
    if not model.strokes and "joined" in options:
        options["joined"] = min(options["joined"], 1)  # fields cannot be joined
    drawn = site.render(**{NAMES.get(key, key): value for key, value in options.items()})
    if isinstance(hand := options["hand"], dict):
        options["hand"] = Hand.blend(*(resolve(model, part) for part in hand["blend"]), hand["share"])
    difference = apart(drawn, model, **options)
    record_property("largest difference", int(difference.max()))
    print(
        f"{name}: largest difference {difference.max()}, pixels that differ {(difference.max(axis=2) > 0).mean():.1%}"
    )
    assert difference.max() <= most(model, options.get("size", 24))


def _shown() -> str:
    """Some of every kind of character: letters with accents, signs, spaces, scripts, what the model lacks."""
    blocks = (0xA0, 0x180), (0x1E00, 0x1EFF), (0x2010, 0x2060), (0x2070, 0x20AD), (0x2100, 0x2200), (0x2460, 0x2480)
    chars = [chr(code) for first, stop in blocks for code in range(first, stop, 2)]
    chars += ["e\u0301", "g\u0327", "x\u0323\u0308", "👩‍💻", "🇩🇪", "1\ufe0f", "\u0301", "漢", "ｱ", "ﬁ"]
    return " ".join("".join(chars[i : i + 5]) for i in range(0, len(chars), 5))


def test_characters_of_every_kind_are_composed_and_reported_as_by_python(site: Site, model: Model) -> None:
    text = _shown()
    options = {"hand": "Fern", "seed": 1, "wrap": 900}
    assert apart(site.render(text=text, **options), model, text=text, **options).max() <= most(model)
    drawn = site.page.evaluate(
        "async (state) => (await window.handsynth.engine.draw(state, 1, new AbortController().signal)).notes",
        {**STATE, **options, "text": text},
    )
    # a browser does not know the characters' names
    lines = typeset(text, model=model, missing="box", hand="Fern").report.lines()
    lines = [re.sub(r"^(U\+[0-9A-F]+(?: U\+[0-9A-F]+)*) \([^)]*\)", r"\1", line) for line in lines]
    assert drawn == [re.sub(r"(\(U\+[0-9A-F]+(?: U\+[0-9A-F]+)*) [^)]*\)", r"\1)", line) for line in lines]


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
