"""The static site in a real browser: hands that know letters, joined letters, and files of them, as Python's."""

# ruff: noqa: F811  (fixtures are imported)

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import resvg_py
from PIL import Image
from static_site import STATE, Site, apart, flat, folder, model, most, site  # noqa: F401

from handsynth import noise
from handsynth.api import typeset
from handsynth.drawing.draw import glyphs
from handsynth.drawing.resolve import resolve
from handsynth.formats import writing
from handsynth.formats.timing import timed
from handsynth.hands.hand import Hand
from handsynth.hands.handfile import data, parse
from handsynth.hands.letters import OFFSET_STEP, Kept, LetterLatents
from handsynth.hands.originals import Originals
from handsynth.ink.glyph import PenGlyphs
from handsynth.layout.weld import welded
from handsynth.model.model import Model


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
    styles = {"d": tuple(other.style.tolist())}
    return Hand(
        "me", other.style, model.latent_hash, gap=0.3, weight=0.35, slant=0.15, pen=0.15, known=known,
        originals=Originals(tuple(chars), ink), letters=(Kept(2**63 + 5, 0.6, {"a": 2}), Kept(7, 0.4, styles=styles)),
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
    assert apart(drawn, model, **options, hand=tmp_path / "me.hand").max() <= most(model)


@pytest.mark.parametrize(
    ("share", "after"), [(0.7, {"bvw": 0.1, "i": 1.0}), (1.0, {"aehu": 0.4}), (0.4, {"lmnot": 0.0})]
)
def test_a_hand_that_joins_otherwise_after_some_letters_does_so_as_by_python(
    site: Site, model: Model, tmp_path: Path, share: float, after: dict[str, float]
) -> None:
    hand = replace(_learnt(model), joined=share, joined_after=after)
    hand.save(tmp_path / "me.hand")
    options = {"text": "over the low bay we saw a white boat in view", "seed": 4, "originals": "never"}
    drawn = site.render(**options, hand=_file(hand))
    assert apart(drawn, model, **options, hand=tmp_path / "me.hand").max() <= most(model)


def test_arms_of_v_and_w_are_kept_as_by_python(site: Site, model: Model, tmp_path: Path) -> None:
    hand = replace(_learnt(model, "Otter"), joined=1.0)
    hand.save(tmp_path / "me.hand")
    options = {"text": "we wove every view over vivid waves", "seed": 4, "originals": "never"}
    drawn = site.render(**options, hand=_file(hand))
    assert apart(drawn, model, **options, hand=tmp_path / "me.hand").max() <= most(model)


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
    wanted, numbers = flat(glyphs(model, known, model.index(chars), places, 6, **{"temperature": 1.0, **dials}))
    assert lengths == wanted
    assert np.abs(drawn - numbers).max() < 1e-3


def test_a_picture_says_what_made_it_and_python_makes_it_again(site: Site, model: Model, tmp_path: Path) -> None:
    from handsynth.provenance.recorded import record_of

    for format in ("png", "svg"):
        file = tmp_path / f"line.{format}"
        file.write_bytes(site.render(format, text="Dear Ada", hand="Fern", seed=9))
        metadata = record_of(file)
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
    ) == state["paperColour"]  # fmt: skip


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


def test_extenders_are_as_long_as_by_python(site: Site, model: Model, tmp_path: Path) -> None:
    hand = replace(_learnt(model), ascenders=1.3, descenders=1.6)
    hand.save(tmp_path / "me.hand")
    options = {"text": "gladly five jogging dogs; \u03c6\u03af\u03bb\u03b5", "seed": 4, "slant": 0.1}
    drawn = site.render(**options, hand=_file(hand))
    assert apart(drawn, model, **options, hand=tmp_path / "me.hand").max() <= most(model)
