"""Fonts of joined hands: neighbours take forms that meet, whatever drawing was chosen, and an engine shows one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont, features
from scipy import ndimage

from handsynth.fonts import api
from handsynth.fonts.joined import GATES, KINDS
from handsynth.fonts.options import Options
from handsynth.fonts.source import XHEIGHT

CHARS = "abcdefghijklmnopqrstuvwxyzDT ,.-"


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("joined") / "Walnut.ttf"
    api.font(target, hand="Walnut", chars=CHARS, variants=3, joined=2, seed=4)
    return target


def shaped(path: Path, text: str, **wanted: bool) -> list[str]:
    font, buffer = hb.Font(hb.Face(hb.Blob.from_file_path(str(path)))), hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {"rand": False} | wanted)
    return [font.glyph_to_string(info.codepoint) for info in buffer.glyph_infos]


def kinds(names: list[str]) -> list[str]:
    """What each glyph's name ends in; empty for letters for themselves."""
    ends = [".".join(part for part in name.split(".")[1:] if not part.isdigit()) for name in names]
    assert all(end in ("", *KINDS) for end in ends)
    return ends


@pytest.mark.parametrize("word", ["minimum", "flow", "brother", "going", "vexes", "nun"])
def test_what_is_left_is_entered_and_through_the_same_gate(path, word):
    source, _ = api.files([Path("a.ttf")], hand="Walnut", chars=CHARS, variants=3, joined=2, seed=4)
    found = kinds(shaped(path, word))
    assert any(found)
    for (one, char), other in zip(zip(found, word, strict=True), [*found[1:], ""], strict=True):
        left = bool(one) and KINDS[one][1]
        gate = KINDS[other][0] if other else -1
        assert gate == (source.forms.exits[source.chars.index(char)] if left else -1)


def test_words_and_signs_end_a_run(path):
    found = kinds(shaped(path, "nun nun, nun-nun"))
    text = "nun nun, nun-nun"
    for here, char in zip(found, text, strict=True):
        assert char.isalpha() or not here
    for place in (3, 7, 12):
        assert not found[place - 1] or not KINDS[found[place - 1]][1]


def test_print_has_no_joined_forms(tmp_path):
    source, made = api.files([tmp_path / "a.ttf"], hand="Walnut", chars=CHARS, variants=2, joined=0)
    assert source.forms is None and len(made) == 1


def test_letters_for_themselves_without_the_feature(path):
    assert not any(kinds(shaped(path, "minimum", calt=False)))


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow has no Raqm here")
@pytest.mark.parametrize("word", ["nun", "mine", "wine"])
def test_an_engine_draws_an_unbroken_line(path, word):
    font = ImageFont.truetype(str(path), 160, layout_engine=ImageFont.Layout.RAQM)
    image = Image.new("L", (1400, 400))
    ImageDraw.Draw(image).text((50, 50), word, font=font, fill=255)
    _, count = ndimage.label(np.asarray(image) > 100, np.ones((3, 3)))
    dots = word.count("i")
    joined = sum(bool(end) and KINDS[end][1] for end in kinds(shaped(path, word)))
    assert joined and count <= len(word) - joined + dots


@pytest.mark.parametrize("suffix", [".ttf", ".otf"])
def test_halves_of_joins_end_at_the_gates(tmp_path, suffix):
    source, _ = api.font(tmp_path / f"a{suffix}", hand="Walnut", chars=CHARS, variants=2, joined=2, seed=4)
    font = TTFont(tmp_path / f"a{suffix}")
    drawn, forms = font.getGlyphSet(), source.forms
    from fontTools.pens.boundsPen import BoundsPen

    for kind, char in zip(forms.kind, forms.char.tolist(), strict=True):
        name = f"{source.chars[char]}.{kind}"
        if name not in drawn:
            continue
        pen = BoundsPen(drawn)
        drawn[name].draw(pen)
        gate, left = KINDS[kind]
        # round ends of the pen reach beyond the edge on which two glyphs meet
        if gate >= 0:
            assert pen.bounds[0] < 0
            assert pen.bounds[1] < GATES[gate][0] * XHEIGHT * 1000 < pen.bounds[3]
        if left:
            assert pen.bounds[2] > drawn[name].width


def test_formats_that_cannot_join_say_so(tmp_path):
    def notes(*names: str, **how) -> list[str]:
        paths = [tmp_path / name for name in names]
        source, _ = api.font(paths, hand="Walnut", chars="abcmnu", variants=1, joined=2, **how)
        return [note for note in source.notes if "joins letters" in note]

    alone = "this hand joins letters, but .bdf fonts cannot: there each letter stands alone"
    assert notes("a.ttf", "a.bdf") == [alone]
    assert notes("a.bdf") == [f"{alone}; .otf, .ttf, .woff, .woff2 join them"]  # what to write instead
    assert notes("a.ttf") == []
    (single,) = notes("a.ttf", options=Options(single_line=True))
    assert single.startswith("this hand joins letters, but fonts of single lines cannot")


def test_no_r_of_a_font_that_ends_high_is_joined_to_what_is_entered_low(tmp_path):
    source, _ = api.font(tmp_path / "x.ttf", hand="Garnet", chars="aeor", variants=3)
    assert source.forms is not None
    left, r = source.forms.pairs, source.chars.index("r")
    into = {source.chars[i] for i in left[r]}
    assert source.forms.exits[r] == 1 and "e" not in into and "o" in into
    assert source.chars.index("e") in left[source.chars.index("o")]


def test_no_o_of_a_font_is_joined_to_the_top_of_an_x(tmp_path):
    """On its way down and up again the pen would draw an r: "box" read "borx"."""
    source, _ = api.font(tmp_path / "x.ttf", hand="Moss", chars="aeox", variants=3, joined=2)
    assert source.forms is not None
    o, a, x = (source.chars.index(char) for char in "oax")
    assert source.forms.exits[o] == 1 and source.forms.exits[a] == 0
    assert x not in source.forms.pairs[o] and x in source.forms.pairs[a]


def test_no_a_of_a_font_is_joined_to_the_point_of_a_v(tmp_path):
    source, _ = api.font(tmp_path / "x.ttf", hand="Quill", chars="aeov", variants=3, joined=2)
    assert source.forms is not None
    o, a, v = (source.chars.index(char) for char in "oav")
    assert v in source.forms.pairs[o] and v not in source.forms.pairs[a]
