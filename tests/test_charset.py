"""What becomes of each character of a text."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.errors import HandsynthError, InputError, MissingCharacterError
from handsynth.fonts import repertoire
from handsynth.text import charset, signs
from handsynth.text.clusters import clusters
from handsynth.text.recipes import table

ASCII = [char for char in string.printable if not char.isspace()]
ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from("\r\n\t \u0301\u200d\ufe0f👍🇩é½"), max_size=30)


def drawn(text, chars=ASCII, missing="error"):
    items, _ = charset.read(text, chars, missing)
    return [[piece.char for piece in item.pieces] for item in items if item.kind == "glyph"]


def kinds(text, missing="error"):
    return [item.kind for item in charset.read(text, ASCII, missing)[0]]


def test_what_the_model_has_is_drawn_as_it_is_and_not_reported():
    items, report = charset.read("Ab é", [*"Ab", "é"])
    assert [item.pieces[0].char for item in items if item.pieces] == ["A", "b", "é"]
    assert report.notes == ()


@pytest.mark.parametrize("text", ["e\u0301", "\u212b", "\u1e9b\u0323"])
def test_canonical_equivalents_are_the_same(text):
    composed = unicodedata.normalize("NFC", text)
    assert drawn(text, [composed]) == [[composed]]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("é", ["e", "|"]),
        ("ö", ["o", "|", "|"]),
        ("ǖ", ["u", "|", "|", "-"]),
        ("ģ", ["g", "|"]),
        ("ď", ["d", "|"]),
        ("ł", ["l", "|"]),
        ("ǿ", ["o", "/", "|"]),
        ("æ", ["a", "e"]),
        ("Œ", ["O", "E"]),
        ("ŉ", [",", "n"]),
        ("“", [",", ","]),
        ("’", [","]),
        ("½", ["1", "/", "2"]),
        ("⅒", ["1", "/", "1", "0"]),
        ("²", ["2"]),
        ("⁻", ["-"]),
        ("①", ["O", "1"]),
        ("×", ["|", "|"]),
        ("…", [".", ".", "."]),
        ("€", ["C", "-", "-"]),
        ("¿", ["?"]),
        ("´", ["|"]),
    ],
)
def test_letters_and_signs_are_composed_and_not_reported(text, pieces):
    assert drawn(text) == [pieces]
    assert charset.read(text, ASCII)[1].notes == ()


def test_dots_give_way_to_accents():
    assert charset.read("í", ASCII)[0][0].pieces[0].cut is not None
    assert charset.read("į", [*"i|"])[0][0].pieces[0].cut is None


def test_a_letter_that_the_model_has_carries_the_further_marks():
    assert drawn("ǖ", ["ü", "-"]) == [["ü", "-"]]


def test_latin_letters_are_all_covered_by_ascii():
    letters = [chr(code) for code in range(0xC0, 0x180) if unicodedata.category(chr(code))[0] == "L"]
    table = charset.Charset(ASCII)
    assert not [c for c in letters if len(table.resolve(c)[0]) != 1 or table.resolve(c)[1]]


def test_all_characters_of_fonts_are_covered_by_ascii_without_twins():
    known = charset.Charset(ASCII)
    wanted = {*repertoire.LATIN, *table().signs, *signs.SPACING_MARKS, *"ĲĳĿŀŉẞ¹²³½¼¾ªº⁰⁴⁹ⁿ₀₉⅓⅔⅛"} - {" ", "\u00a0"}
    wanted |= {chr(code) for code in range(0x1EA0, 0x1EFA)} | set("ơƠưƯ")
    assert not [c for c in wanted if len(known.resolve(c)[0]) != 1 or known.resolve(c)[1]]


@pytest.mark.parametrize(
    ("text", "became"),
    [
        ("ﬁ", "fi"),
        ("Ａ", "A"),
        ("⟨a⟩", "<a>"),
        ("ǆ", "dz`"),
    ],
)
def test_twins_stand_for_what_is_missing(text, became):
    assert "".join(char for item in drawn(text) for char in item[:1]) == became.replace("`", "")
    if text != "ǆ":
        assert {note.action for note in charset.read(text, ASCII)[1].notes} == {"replaced"}


def test_blanks_and_line_ends():
    items = charset.read("a\t\u00a0b\r\nc\rd\u2028e\x0cf", ASCII)[0]
    assert [item.kind for item in items if item.kind != "glyph"] == ["space"] * 2 + ["newline"] * 4
    assert [item.width for item in items if item.kind == "space"] == [4.0, 1.0]
    assert [item.holds for item in items if item.kind == "space"] == [False, True]


def test_invisible_characters_are_left_out_and_reported():
    items, report = charset.read("\ufeffa\u2060b\u00adc\u200bd", ASCII)
    assert [item.kind for item in items] == ["glyph", "glyph", "chance", "glyph", "chance", "glyph"]
    assert [(note.text, note.action) for note in report.notes] == [("\ufeff", "left out"), ("\u2060", "left out")]


@pytest.mark.parametrize(
    "text", ["👍🏽", "🇩🇪", "👩\u200d👩\u200d👧", "❤\ufe0f", "\x07", "\x00", "\ud800", "漢", "\ue000"]
)
def test_what_cannot_be_drawn(text):
    line = f"one\ntwo {text} end"
    with pytest.raises(MissingCharacterError) as error:
        charset.read(line, ASCII)
    message = str(error.value)
    assert f"U+{ord(text[0]):04X}" in message and "line 2, column 5" in message and "\n" not in message
    message.encode("utf-8")
    assert kinds(line, "box").count("box") == 1
    skipped, report = charset.read(line, ASCII, "skip")
    assert [item.kind for item in skipped].count("box") == 0
    assert [(note.text, note.action) for note in report.lost] == [(text, "left out")]


def test_the_report_counts_and_says_where():
    report = charset.read("ab ⟨\n⟨ é 漢", ASCII, "skip")[1]
    assert report.lines() == [
        "'⟨' (U+27E8 MATHEMATICAL LEFT ANGLE BRACKET) at line 1, column 4 replaced by '<' (2 times)",
        "'漢' (U+6F22 CJK UNIFIED IDEOGRAPH-6F22) at line 2, column 5 left out",
    ]


def test_many_missing_characters_make_a_short_message():
    with pytest.raises(MissingCharacterError, match="and 95 more") as error:
        charset.read("".join(chr(0x4E00 + i) for i in range(100)), ASCII)
    assert len(str(error.value)) < 600


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b", "\u00ad"])
def test_text_without_ink_is_refused(text):
    with pytest.raises(InputError, match="nothing to write"):
        charset.read(text, ASCII)


def test_text_of_which_nothing_is_left_is_refused():
    with pytest.raises(InputError, match="nothing to write"):
        charset.read("漢", ASCII, "skip")


def test_long_text_is_refused():
    with pytest.raises(InputError, match="10,000,000 characters"):
        charset.read("a" * 10_000_000, ASCII)


def test_unknown_policy_is_refused():
    with pytest.raises(InputError, match="error, skip, box"):
        charset.read("a", ASCII, "drop")


@given(ANY, st.sampled_from(["error", "skip", "box"]))
@settings(max_examples=150, deadline=None)
def test_any_text_is_drawn_or_reported_or_refused(text, policy):
    try:
        items, report = charset.read(text, ASCII, policy)
    except HandsynthError as error:
        message = str(error)
        assert "\n" not in message and message.encode()
        return
    noted = {note.text: note.count for note in report.notes}
    shown = [item.text for item in items]
    for cluster in clusters(text):
        assert cluster in noted or cluster in shown
    if policy == "box":
        boxed = sum(note.count for note in report.lost if note.action == "drawn as a box")
        assert boxed == sum(item.kind == "box" for item in items)
    known = set(ASCII)
    assert all(piece.char in known for item in items for piece in item.pieces)
    assert all("\n" not in line and line.encode() for line in report.lines())


@given(ANY)
def test_clusters_are_the_text(text):
    parts = list(clusters(text))
    assert "".join(parts) == text and all(parts)


def test_tables_are_sane():
    for char, twins in signs.TWINS.items():
        assert len(char) == 1 and twins and char not in twins
    for pieces in table().signs.values():
        assert all(0.2 <= piece.scale <= 2.5 for piece in pieces)
    for pieces in table().marks.values():
        assert not pieces[0].joined and all(piece.joined for piece in pieces[1:])


@pytest.mark.parametrize("text", ["ố", "x\u0301", "ẓ", "ł", "ß", "£", "—", "¬"])
def test_what_is_composed_of_the_same_hand_is_not_reported(text):
    assert charset.read(text, ASCII)[1].lines() == []


def test_a_twin_stands_in_where_a_model_lacks_the_parts():
    note = charset.read("æ “", [*'ae"'], "skip")[1].notes
    assert [(n.action, n.became) for n in note] == [("replaced", "'\"'")]
    assert [(n.action, n.became) for n in charset.read("ß", ["s"])[1].notes] == [("replaced", "'ss'")]


def test_small_signs_keep_the_shape_of_large_ones():
    (large,), (small,) = (charset.read(text, ASCII)[0] for text in ("Æ", "ᴭ"))
    assert [p.char for p in small.pieces] == ["A", "E"] and large.pieces[1].anchor == small.pieces[1].anchor == "after"
    assert small.pieces[1].dy == pytest.approx(0.7) and abs(small.pieces[1].dx) < 0.25


def test_what_was_skipped_is_named_when_nothing_is_left():
    with pytest.raises(InputError, match="nothing to write: the model cannot draw .*U\\+1F600"):
        charset.read("😀😀", ASCII, "skip")


def test_a_long_report_is_capped():
    text = "⟨" + "".join(chr(0x4E00 + i) for i in range(300))
    lines = charset.read(text, ASCII, "box")[1].lines()
    assert len(lines) == 7 and lines[-1] == "and 295 more characters drawn as a box" and "⟨" in lines[0]


def test_decomposed_text_is_written_as_the_same_text_composed() -> None:
    text = "Vi\u1ec7t \u0165uk\u00e1 \u00e7\u00e0 x\u0302"
    (items, report), (other, _) = (charset.read(unicodedata.normalize(form, text), ASCII) for form in ("NFD", "NFC"))
    assert items == other and not report.notes
