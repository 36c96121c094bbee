"""Variants as shaping engines see them: HarfBuzz is the judge."""

from __future__ import annotations

import random
import string

import lettering
import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.fonts import Options
from handsynth.fonts.opentype import build


class Shaper:
    def __init__(self, variants: int = 5) -> None:
        path = lettering.file("shaped.ttf", variants=variants)
        self.font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
        self.names = TTFont(path).getGlyphOrder()
        self.variants = variants

    def __call__(self, text: str, **features: object) -> list[str]:
        return [self.names[info.codepoint] for info in self._shaped(text, features).glyph_infos]

    def advances(self, text: str, **features: object) -> list[int]:
        return [place.x_advance for place in self._shaped(text, features).glyph_positions]

    def _shaped(self, text: str, features: dict[str, object]) -> hb.Buffer:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self.font, buffer, features)
        return buffer

    def repeats(self, text: str, **features: object) -> list[str]:
        """Glyphs of equal letters that stand twice within N - 1 places."""
        glyphs = self(text, **features)
        assert len(glyphs) == len(text)
        return [
            glyphs[i]
            for i in range(len(text))
            for j in range(max(0, i - self.variants + 1), i)
            if text[i] == text[j] != " " and glyphs[i] == glyphs[j]
        ]


@pytest.fixture(scope="module")
def shape() -> Shaper:
    return Shaper()


BOTH = pytest.mark.parametrize("rand", [True, False])


def features(rand: bool) -> dict[str, object]:
    # what HarfBuzz does unless told otherwise is to choose at random
    return {} if rand else {"rand": False}


@BOTH
@pytest.mark.parametrize("text", ["aaaa", "aaaaaaaaaaaa", "letter", "1111", "ee, ee.", "a a a a", "....!!!!", "e    e"])
def test_no_two_equal_letters_share_a_drawing(shape, text, rand):
    assert shape.repeats(text, **features(rand)) == []


@BOTH
def test_nor_do_they_in_a_thousand_random_words(shape, rand):
    chooser = random.Random(5)
    words = [
        "".join(chooser.choices("eettaoinrs1,." + string.ascii_letters, k=chooser.randint(1, 12))) for _ in range(1000)
    ]
    for start in range(0, 1000, 8):
        text = " ".join(words[start : start + 8])
        assert shape.repeats(text, **features(rand)) == []


@pytest.mark.parametrize("variants", [2, 3, 8, 20])
@BOTH
def test_nor_do_they_whatever_the_number_of_variants(variants, rand):
    shape = Shaper(variants)
    for text in ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "The letter tree meets a committee, eleven eels."):
        assert shape.repeats(text, **features(rand)) == []


@settings(deadline=None, max_examples=150)
@given(text=st.text(alphabet="ab e\u00a0.1\u4e00é", min_size=1, max_size=40), rand=st.booleans())
def test_nor_do_they_beside_blanks_and_missing_characters(text, rand):
    shape = Shaper.__new__(Shaper)
    shape.__dict__ = _shaper().__dict__
    glyphs = shape(text, **features(rand))
    for i, char in enumerate(text):
        for j in range(max(0, i - 4), i):
            assert char in " \u00a0\u4e00" or char != text[j] or glyphs[i] != glyphs[j]


def _shaper(made: list[Shaper] = []) -> Shaper:  # noqa: B006
    if not made:
        made.append(Shaper())
    return made[0]


def test_ligatures_have_no_say(shape):
    """Programs switch them off for spaced text: nothing changes, and every letter keeps a glyph of its own."""
    for text in ("office fluffy affine", "fi ff ffi fl"):
        usual = shape(text, rand=False)
        assert len(usual) == len(text)
        assert shape(text, rand=False, liga=False, clig=False, dlig=False, hlig=False) == usual
        assert shape(text, rand=False, liga=True, dlig=True) == usual


def test_sets_take_turns_even_where_nothing_repeats(shape):
    sets = [name.partition(".")[2] or "1" for name in shape("handwriting", rand=False)]
    assert sets == list("12345123451")


def test_turns_go_on_over_blanks(shape):
    first, second = shape("the the", rand=False)[:3], shape("the the", rand=False)[4:]
    assert all(a != b for a, b in zip(first, second, strict=True))


def test_chance_gives_other_drawings_and_uses_all_of_them(shape):
    plain, chance = shape("some words to write", rand=False), shape("some words to write")
    assert plain != chance
    used = {name.partition(".")[2] or "1" for name in shape("the quick brown fox jumps over the lazy dog")}
    assert used >= {"1", "2", "3", "4", "5"}


def test_without_the_features_letters_are_the_first_ones(shape):
    assert shape("letter", rand=False, calt=False) == ["l", "e", "t", "t", "e", "r"]


def test_a_set_can_be_chosen_for_all(shape):
    assert shape("letter 11", ss03=True) == ["l.3", "e.3", "t.3", "t.3", "e.3", "r.3", "space", "one.3", "one.3"]
    assert shape("letter", ss01=True) == ["l", "e", "t", "t", "e", "r"]


def test_one_letter_can_be_chosen_by_hand(shape):
    assert shape("a", aalt=3, rand=False) == ["a.4"]


def test_kerning_applies_and_is_the_same_for_all_drawings(shape):
    def kerned(text: str, **chosen: bool) -> int:
        with_it, without = shape.advances(text, kern=True, **chosen), shape.advances(text, kern=False, **chosen)
        return with_it[0] - without[0]

    pairs = [a + b for a in "AToLrf" for b in "VoaTy.,"]
    values = {pair: kerned(pair, ss01=True) for pair in pairs}
    assert any(values.values())
    for pair in pairs:
        assert kerned(pair, ss04=True) == values[pair]
    made = lettering.source()
    numbers = {char: i for i, char in enumerate(made.chars)}
    for (a, b), value in values.items():
        wanted = round(made.kerning[numbers[a], numbers[b]] * 1000)
        assert value == (wanted if abs(wanted) >= 5 else 0)


def test_a_font_of_one_drawing_has_no_substitutions_but_composed_letters():
    features = TTFont(lettering.file("single.ttf", variants=1))["GSUB"].table.FeatureList.FeatureRecord
    assert {record.FeatureTag for record in features} == {"ccmp"}
    assert "GSUB" not in build(lettering.source(1, "ab"), Options())


def test_marks_typed_after_their_letter_become_the_letter_with_them(shape: Shaper) -> None:
    composed = shape("e\u0301A\u0300", rand=False)
    assert composed == shape("\u00e9\u00c0", rand=False) and len(composed) == 2
    assert ".notdef" not in composed and composed[0].startswith("eacute")
