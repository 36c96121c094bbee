"""Files of recipes, what is said of them, and characters made of them in pictures, fonts and corpora."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

import handsynth
from handsynth.cli.app import main
from handsynth.corpus.recipe import Recipe
from handsynth.corpus.sampler import Sampler
from handsynth.errors import InputError
from handsynth.fonts.repertoire import choose
from handsynth.text.charset import Charset
from handsynth.text.inspection import explain
from handsynth.text.recipes import Recipes, table
from handsynth.text.signs import Piece

ASCII = [char for char in string.printable if not char.isspace()]
WORDS = st.sampled_from(
    ["å", "a", "o", "◌́", "curve", "line", "0,0", "1,1", "above", "x=0.1", "x=nan", "fill", "joined", "\n", "  ", "#"]
)  # fmt: skip
PANGRAMS = {
    "ces": "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "dan": "Høj bly gom vandt fræk sexquiz på wc",
    "deu": "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich",
    "eng": "The five boxing wizards jump quickly",
    "est": "Põhjatuul öösel, äike ülal, žanr ja šokk",
    "fin": "Törkylempijävongahdus, ångström",
    "fra": "Voix ambiguë d’un cœur qui au zéphyr préfère les jattes de kiwis, là où ça",
    "hrv": "Gošći džudoša, čvrsta žaba, đavo",
    "hun": "Árvíztűrő tükörfúrógép",
    "isl": "Kæmi ný öxi hér, ykist þjófum nú bæði víl og ádrepa",
    "ita": "Quel vituperàbile xenòfobo zelànte assàggia il whisky",
    "lav": "Glāžšķūņa rūķīši dzērumā čiepj Baha koncertflīģeļu",
    "lit": "Įlinkdama fechtuotojo špaga subžerpusi ė ų ą ę ū č",
    "nld": "Pa’s wĳze lynx bezag vroom het fikse aquaduct",
    "pol": "Pchnąć w tę łódź jeża lub ośm skrzyń fig",
    "por": "À noite, vovô Kowalsky vê o ímã cair no pé do pingüim, ação, põe",
    "ron": "Muzicologa în bej vand whisky și tequila, preț fix, găină, când",
    "slk": "Kŕdeľ šťastných ďatľov učí mĺkveho koňa, vôňa, mäso",
    "spa": "El pingüino Wenceslao hizo kilómetros; ¿año? ¡sí, más té!",
    "swe": "Flygande bäckasiner söka hwila på mjuka tuvor",
    "tur": "Pijamalı hasta yağız şoföre çabucak güvendi, İstanbul",
    "vie": "Do bạch kim rất quý nên sẽ dùng để lắp vô xương, ở ữ",
}


def test_recipes_are_read() -> None:
    text = "# mine\n\ua74f   o  o after x=-0.2\n\u25cc\u0301   curve 0,0 0.2,0.3 above\n    . above joined\n"
    read = Recipes.parse(text)
    assert read.signs == {"\ua74f": (Piece("o"), Piece("o", dx=-0.2, anchor="after"))}
    assert [piece.joined for piece in read.marks["\u0301"]] == [False, True]
    assert Charset(ASCII, read).pieces("é") == (Piece("e"), *read.marks["\u0301"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("å  a  o abov", "line 1: there is no 'abov' here; did you mean above"),
        ("# \nå", "line 2: it has no pieces"),
        ("å  a x=much", "line 1: x is 'much'; give a number from -4 to 4"),
        ("å  curve 0,0", "a curve has 1 points"),
        ("å  a x=1 x=2", "say it once"),
        ("å  a\nå  a", "line 2: å has a recipe already"),
        ("  a", "indented"),
        ("ab  a", "more than one character"),
        ("å  a stretch=0", "stretch is 0"),
        ("U+D800  a", "no character"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(InputError, match="mine.txt, line") as error:
        Recipes.parse(text, "mine.txt")
    assert said in str(error.value) and "\n" not in str(error.value)


@given(st.lists(WORDS | st.text(max_size=5), max_size=12).map(" ".join))
def test_any_text_is_recipes_or_is_refused_in_one_line(text: str) -> None:
    try:
        read = Recipes.parse(text, "mine.txt")
    except InputError as error:
        assert str(error).startswith("mine.txt, line ") and "\n" not in str(error)
        return
    assert all(pieces for pieces in (*read.signs.values(), *read.marks.values()))


def test_a_recipe_of_what_the_model_lacks_is_refused() -> None:
    with pytest.raises(InputError, match="mine.txt: .* the model has not learnt"):
        Charset(["a"], Recipes.parse("å  a  o above", "mine.txt"))


def test_marks_after_a_horn_stand_over_the_letter() -> None:
    plain, horned = (Charset(ASCII).pieces(char) or () for char in "óớ")
    assert len(horned) == 3 and horned[2].joined and horned[2].path == plain[1].path


def test_recipes_go_before_what_a_model_learnt_outside_ascii() -> None:
    known = Charset([*ASCII, "å", "Ω"])
    assert (known.pieces("å") or ())[0] == Piece("a") and known.pieces("Ω") == (Piece("Ω"),)
    assert Charset(["å"]).pieces("å") == (Piece("å"),)


def test_a_character_is_explained(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert explain("a", ASCII).endswith("drawn by the model")
    assert "recipe" in explain("å", ASCII) and "above it" in explain("å", ASCII)
    assert "replaced by '<'" in explain("\u27e8", ASCII)
    mine = Recipes.parse("å  a", "mine.txt")
    assert "recipe of mine.txt" in explain("å", ASCII, mine)
    assert main(["inspect", "--char", "漢"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_fonts_and_corpora_draw_by_the_same_table(tmp_path: Path) -> None:
    pieces = table().signs["✓"]
    assert choose("✓a", ASCII).pieces[1] == pieces
    file = tmp_path / "a.ttf"
    handsynth.font(file, chars="aoåæ✓", variants=1)
    font = TTFont(file)
    names = font.getBestCmap()
    count = {char: font["glyf"][names[ord(char)]].numberOfContours for char in "aå✓"}
    assert count["å"] >= count["a"] + 2 and count["✓"] == 1, "the ring has an edge inside and one outside"
    texts = tmp_path / "t.txt"
    texts.write_text("små öar", encoding="utf-8")
    (sample,) = Sampler(Recipe(texts=(str(texts),), characters="ö  o  - above")).samples(0, 1)
    assert sample.truth.text == "små öar"


def test_own_recipes_change_the_drawing(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("\ua74f  o  o after x=-0.2\n", encoding="utf-8")
    assert main(["render", "\ua74f", "-o", str(tmp_path / "a.png"), "--recipes", str(mine)]) == 0
    assert main(["render", "\ua74f", "-o", str(tmp_path / "a.png")]) == 2


@pytest.mark.parametrize("language", PANGRAMS)
def test_pangrams_are_drawn_as_they_are_written(language: str) -> None:
    assert handsynth.typeset(PANGRAMS[language]).report.lines() == []
