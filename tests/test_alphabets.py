"""Greek and Cyrillic letters: any hand writes them, each in its own way, and always alike."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from handsynth import typeset
from handsynth.cli.console import run
from handsynth.drawing import draw
from handsynth.fonts.repertoire import choose, named
from handsynth.hands.hand import Hand
from handsynth.ink.alphabets import drawing, likeness
from handsynth.ink.alphabets.bank import bank
from handsynth.ink.paths import Paths
from handsynth.model.model import Model
from handsynth.text.alphabets import CYRILLIC, GREEK, LETTERS, PROBES, RECIPES
from handsynth.text.charset import Charset

PANGRAMS = {
    "ru": "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "uk": "Гей, хлопці, не вспію на ґанку ваша файна їжа знищується бурундучком.",
    "be": "У Іўі худы жвавы чорт у зялёнай камізэльцы пабег пад'есці фаршу з юшкай.",
    "bg": "Щъркелът жадно яде фъстъци, ползва мощ и химия.",
    "sr": "Љубазни фењерџија чађавог лица хоће да ми покаже штос.",
    "mk": "Ѕидарски пејзаж: шугав билмез со чудење џвака ќофте и кељ на туѓ цех.",
    "el": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. Ήλιος, Ώρα, Ύδωρ, πραΰνω, ΐ.",
}
ALPHABETS = {
    "cyrillic": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЇҐЎЂЈЉЊЋЏЃЅЌ",
    "greek": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫ",
}


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


def drawn(model: Model, name: str, chars: str, seed: int = 0, **dials: float) -> Paths:
    index = np.array([model.repertoire.index(char) for char in chars], np.int64)
    found = draw.glyphs(model, Hand.gallery(model, name), index, np.arange(len(chars), dtype=np.uint64), seed, **dials)
    assert found.strokes is not None
    return found.strokes


def strokes(text: str, **how: object) -> Paths:
    found = typeset(text, **how).glyphs.strokes  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize("language", PANGRAMS)
def test_a_pangram_is_written_without_a_word(language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from handsynth.cli.app import app

    assert run(app, "handsynth", ["render", PANGRAMS[language], "-o", str(tmp_path / "a.png")]) == 0
    assert capsys.readouterr().err == f"handsynth: wrote {tmp_path / 'a.png'}\n"


@pytest.mark.parametrize("script", ALPHABETS)
def test_every_letter_is_drawn_as_it_was_written(model: Model, script: str) -> None:
    table = Charset(model.repertoire)
    letters = ALPHABETS[script] + ALPHABETS[script].lower() + "ς" * (script == "greek")
    for char in letters:
        assert table.pieces(char), char
        assert table.pieces(unicodedata.normalize("NFD", char)) == table.pieces(char)
        # nothing of what it is made of is another letter's twin
        assert table.resolve(char)[1] == ""


@pytest.mark.parametrize(
    "latin, other", [("ABEKMHOPCTX", "АВЕКМНОРСТХ"), ("aeopcyxij", "аеорсухіј"), ("ABEZHIKMNO", "ΑΒΕΖΗΙΚΜΝΟ")]
)
def test_letters_that_look_latin_are_the_hands_own(model: Model, latin: str, other: str) -> None:
    table = Charset(model.repertoire)
    assert [table.pieces(char) for char in other] == [table.pieces(char) for char in latin]


def test_a_text_in_latin_is_drawn_without_the_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    def used() -> None:
        raise AssertionError("the bank is read")

    monkeypatch.setattr(drawing, "bank", used)
    monkeypatch.setattr(likeness, "bank", used)
    assert len(strokes("Quick brown fox")) == 13
    with pytest.raises(AssertionError, match="is read"):
        strokes("Жук", hand="Olive")


def test_each_script_has_writers_for_every_letter_and_every_writer_has_the_probes() -> None:
    store = bank()
    for char in LETTERS:
        assert sum((number, char) in store.places for number in range(len(store.writers))) >= 4, char
    for number in range(len(store.writers)):
        assert all((number, char) in store.places for char in PROBES)
    assert len(set(LETTERS)) == len(CYRILLIC) + len(GREEK) and not set(LETTERS) & set(RECIPES)


def test_two_hands_of_one_writer_differ_and_so_do_copies(model: Model) -> None:
    one, other = drawn(model, "Maple", "жж"), drawn(model, "Ember", "жж")
    assert one.strokes.tolist() == other.strokes.tolist()  # the same strokes of the bank
    apart = np.abs(one.points - other.points).max()
    first, second = one.take(slice(0, 1)).points, one.take(slice(1, 2)).points
    copies = np.abs(first - second).max()
    assert 0.2 < copies < apart


def test_without_temperature_all_copies_are_alike(model: Model) -> None:
    one = drawn(model, "Maple", "щщ", temperature=0.0)
    assert (one.take(slice(0, 1)).points == one.take(slice(1, 2)).points).all()
    assert (drawn(model, "Maple", "щ", 1, temperature=0.0).points == one.take(slice(0, 1)).points).all()


def test_a_drawing_does_not_depend_on_what_is_drawn_with_it(model: Model) -> None:
    hands = [Hand.gallery(model, name) for name in ("Maple", "Ember")]
    chars = "aAжωΩbщ"
    index = np.array([model.repertoire.index(char) for char in chars], np.int64)
    places = np.arange(len(index), dtype=np.uint64)
    alone = [draw.glyphs(model, hand, index, places, 3, temperature=0.7).strokes for hand in hands]
    both = draw.several(
        model, hands, [3, 3], np.repeat([0, 1], len(index)), np.tile(index, 2), np.tile(places, 2),
        temperature=np.array([0.7, 0.7]),
    ).strokes  # fmt: skip
    expected = Paths.joined([paths for paths in alone if paths])
    assert both is not None and both.strokes.tolist() == expected.strokes.tolist()
    assert (both.points == expected.points).all() and (both.width == expected.width).all()
    few = draw.glyphs(model, hands[0], index[2:4], places[2:4], 3, temperature=0.7).strokes
    assert few is not None and alone[0] is not None
    assert (few.points == alone[0].take(slice(2, 4)).points).all()


def test_letters_take_pen_and_lean_of_the_hand(model: Model) -> None:
    hand = Hand.gallery(model, "Willow")
    index = np.array([model.repertoire.index("Ш")])
    place = np.zeros(1, np.uint64)

    def of(hand: Hand) -> Paths:
        found = draw.glyphs(model, hand, index, place, 0).strokes
        assert found is not None
        return found

    plain, broad, leaning = of(hand), of(replace(hand, pen=0.3)), of(hand.leaning(0.4))
    assert np.allclose(broad.width, 0.3 * model.frame.xheight) and (broad.points == plain.points).all()
    shift = leaning.points - plain.points
    assert np.allclose(shift[:, 1], 0) and np.polyfit(plain.points[:, 1], shift[:, 0], 1)[0] == pytest.approx(-0.4)


def test_hands_are_told_apart_by_what_changes_their_letters(model: Model) -> None:
    hand = Hand.gallery(model, "Willow")
    index, place = np.array([model.repertoire.index("Ш")]), np.zeros(1, np.uint64)

    def points(hand: Hand) -> np.ndarray:
        found = draw.glyphs(model, hand, index, place, 0).strokes
        assert found is not None
        return found.points

    slanted = replace(hand, slant=0.3)
    assert not np.array_equal(points(hand), points(slanted))
    assert (points(replace(hand)) == points(hand)).all() and (points(slanted) == points(replace(slanted))).all()


def test_a_hand_takes_letters_of_the_writer_most_like_it() -> None:
    for number, writer in enumerate(likeness.writers()):
        assert likeness.nearest(writer)[0] == number


def test_letters_are_fitted_to_slant_and_heights() -> None:
    own, other = likeness.writers()[6].build, likeness.writers()[4].build
    stem = np.array([[0.0, 0.0], [0.0, other.capital]]) + np.array([[0.0, 0.0], [other.slant * other.capital, 0.0]])
    (left, foot), (right, top) = likeness.fitted(stem, np.array([True, True]), own, other)
    assert (left, foot) == (0, 0) and top == pytest.approx(own.capital)
    assert right / top == pytest.approx(own.slant)


@pytest.mark.parametrize("name", ["cyrillic", "greek"])
def test_fonts_hold_every_character_of_the_named_sets(model: Model, name: str) -> None:
    wanted = set(unicodedata.normalize("NFC", named(name, model.charset))) - {" "}
    chosen = choose(named(name, model.charset), model.repertoire)
    assert set(chosen.chars) == wanted and not chosen.notes


def test_models_without_the_latin_letters_draw_none(model: Model) -> None:
    assert set(LETTERS) <= set(model.repertoire) and model.repertoire[: len(model.charset)] == model.charset
    few = Model.open()
    object.__setattr__(few.card, "charset", tuple("abc"))
    assert few.repertoire == ("a", "b", "c")


@pytest.mark.parametrize(("chars", "free"), [("Жа", False), ("ab", True)])
def test_a_font_with_letters_of_the_bank_is_under_their_licence(tmp_path: Path, capsys, chars: str, free: bool) -> None:
    from handsynth.cli.app import main

    path = tmp_path / "a.ttf"
    assert main(["font", "-o", str(path), "--chars", chars, "--variants", "1", "--legibility", "1"]) == 0
    with TTFont(path) as font:
        licence = font["name"].getDebugName(13)
    assert ("Open Font License" in licence) is not free
    assert ("Open Font License" in capsys.readouterr().err) is not free
