"""Text to a Page: words, lines, places, baselines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapes import CHARS, draw

from handsynth import api
from handsynth.errors import HandsynthError, InputError, MissingCharacterError
from handsynth.frame import STANDARD as FRAME
from handsynth.layout.text import LINE_HEIGHT, Setting, layout
from handsynth.text.signs import SOFT_HYPHEN

TEXT = "The quick brown fox, jumps over the lazy dog: well-known, half-a-dozen fjords."
WORDS = st.lists(st.text(st.sampled_from("aegjTW.,'-"), min_size=1, max_size=9), min_size=1, max_size=14)


def page(text, seed=1, **setting):
    return layout(text, draw, CHARS, FRAME, seed=seed, setting=Setting(**setting))


def lines(result):
    """The lines as text, words apart by one blank."""
    rows = [""] * len(result.baselines)
    last = None
    for text, word, line in zip(result.texts, result.word.tolist(), result.line.tolist(), strict=True):
        rows[line] += (" " if rows[line] and word != last else "") + text
        last = word
    return rows


def shapes_of(result):
    """(word, how-manieth time, letter) of each glyph but hyphens that break words, with its drawing."""
    seen, times = {}, []
    for word in result.words:
        times.append(seen.get(word, 0))
        seen[word] = times[-1] + 1
    return {
        (result.words[w], times[w], int(letter)): field.tobytes()
        for w, letter, field, text in zip(result.word.tolist(), result.letter, result.fields, result.texts, strict=True)
        if text != SOFT_HYPHEN
    }


def test_one_line():
    result = page("Hello, you!")
    assert "".join(result.texts) == "Hello,you!" and result.words == ("Hello,", "you!")
    assert result.line.tolist() == [0] * 10 and result.letter.tolist() == [0, 1, 2, 3, 4, 5, 0, 1, 2, 3]
    assert (np.diff(result.x) > 0).all() and len(result) == 10
    assert [CHARS[i] for i in result.char] == list("Hello,you!")
    assert result.fields.dtype == np.float16 and result.fields.shape == (10, 64, 64)


def test_ink_stays_on_the_sheet():
    result = page(TEXT, wrap=20.0)
    box = result.boxes()
    assert (box[:, :2] > 0.5).all() and (box[:, 2] < result.width - 0.5).all() and (box[:, 3] < result.height).all()


def test_lines_break_at_blanks_and_hyphens():
    assert lines(page(TEXT, wrap=26.0)) == [
        "The quick brown fox, jumps",
        "over the lazy dog: well-",
        "known, half-a-dozen fjords.",
    ]


@given(WORDS, st.floats(2.0, 30.0), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_no_line_is_wider_than_the_wrap(words, wrap, seed):
    result = page(" ".join(words), wrap=wrap, seed=seed)
    box = result.boxes()
    for line in range(len(result.baselines)):
        on = result.line == line
        assert on.any()
        ink = box[on]
        assert ink[:, 2].max() <= 1.0 + wrap + 0.12 or on.sum() == 1
    assert "".join(result.texts).replace("\u00ad", "") == "".join(words)
    assert (np.diff(result.line) >= 0).all() and (np.diff(result.word) >= 0).all()


def test_a_word_is_broken_only_if_it_must():
    assert lines(page("a mmmmmmmmmmmm b", wrap=6.0))[0] == "a"
    parts = lines(page("a mmmmmmmmmmmm b", wrap=6.0))
    assert "".join(parts).replace(" ", "").replace("\u00ad", "") == "a" + "m" * 12 + "b" and len(parts) > 3


def test_a_torn_word_gets_hyphens_where_they_fit():
    whole, torn = page("mmmmmmmmmmmm"), page("mmmmmmmmmmmm", wrap=6.0)
    parts = lines(torn)
    assert len(parts) > 2 and all(part.endswith("\u00ad") for part in parts[:-1]) and parts[-1][-1] == "m"
    assert {CHARS[c] for text, c in zip(torn.texts, torn.char, strict=True) if text == "\u00ad"} == {"-"}
    letters = [field for field, text in zip(torn.fields, torn.texts, strict=True) if text == "m"]
    assert np.array_equal(np.stack(letters), whole.fields)
    assert "\u00ad" not in page("1" * 40, wrap=6.0).texts


def test_a_single_letter_is_not_left_before_a_dash():
    assert lines(page("oo b-mmm", wrap=page("b-mmm").width - 1.5)) == ["oo", "b-mmm"]
    assert lines(page("b-mmmmm", wrap=6.5))[0] == "b-"


def test_options_and_numbers_are_not_broken_at_hyphens():
    for word in ("--help", "-5"):
        assert word in lines(page(f"use {word} or not", wrap=6.5))[:3] or f"use {word}" in lines(page(f"use {word}"))


def test_soft_hyphens_show_only_where_the_line_ends():
    whole = page("hand\u00adwriting")
    assert "".join(whole.texts) == "handwriting"
    broken = page("hand\u00adwriting", wrap=8.0)
    assert lines(broken) == ["hand\u00ad", "writing"]
    assert CHARS[broken.char[4]] == "-"
    assert (broken.fields[:4] == whole.fields[:4]).all()
    assert lines(page("hand\u200bwriting", wrap=8.0)) == ["hand", "writing"]


ADDRESS = "https://mmm.org/mmmmmmm?aa=1&bb=2#mmm-12"


@pytest.mark.parametrize("address", [ADDRESS, "mm-mm@mmm-mm.org", f"({ADDRESS})"])
@pytest.mark.parametrize("wrap", [8.0, 11.0, 17.0])
def test_addresses_are_broken_at_their_signs_and_never_by_a_hyphen(address, wrap):
    """What was no hyphen would be copied as one."""
    parts = lines(page(address, wrap=wrap))
    assert len(parts) > 1 and "".join(parts) == address
    assert not any(part.endswith("-") for part in parts[:-1])
    if wrap == 17.0:
        assert all(part[-1] in "/?&=#@" for part in parts[:-1])


def test_no_break_spaces_hold():
    assert lines(page("aaa bbb\u00a0ccc", wrap=8.5)) == ["aaa", "bbb ccc"]


def test_line_ends_and_blank_lines_are_kept():
    result = page("one\n\n  two\r\nthree\n")
    assert lines(result) == ["one", "", "two", "three"]
    assert np.diff(result.baselines) == pytest.approx(LINE_HEIGHT)
    left = [result.x[result.line == line][0] for line in (0, 2, 3)]
    assert left[1] > left[0] + 1.5 and left[1] > left[2] + 1.5
    assert lines(page("one\n\n\n")) == ["one", "", ""]


def test_blanks_keep_their_proportion():
    gaps = []
    for blank in (" ", "  ", "    "):
        box = page(f"m{blank}m", wander=0.0).boxes()
        gaps.append(box[1, 0] - box[0, 2])
    assert 0.7 < gaps[0] < 1.3
    assert gaps[2] - gaps[1] == pytest.approx(2 * (gaps[1] - gaps[0]), abs=0.01)


def test_words_stand_further_apart_than_letters_at_any_letter_spacing():
    inside, between = [], []
    for spacing in (0.0, 0.2, 1.0, 2.0, 5.0):
        box = page("mmm mmm", letter_spacing=spacing, wander=0.0).boxes()
        inside.append(box[1, 0] - box[0, 2])
        between.append(box[3, 0] - box[2, 2])
    assert (np.diff(inside) > 0.02).all() and (np.diff(between) > 0.02).all()
    assert all(b > 1.9 * a for a, b in zip(inside, between, strict=True))


def test_long_lines_drift_no_further_than_short_ones():
    for seed in range(4):
        result = page("nonunion " * 250, seed=seed)
        assert np.abs(result.baselines[0] - result.y).max() < 0.6 and result.width > 1000


def test_what_is_skipped_leaves_one_blank():
    plain = page("hi there", wander=0.0)
    for text in ("hi 漢 there", "漢 hi there", "hi 漢 漢 there", "hi there 漢"):
        assert page(text, missing="skip", wander=0.0).x == pytest.approx(plain.x), text


def test_spacing_options():
    usual, wide = page("mmm mmm").boxes(), page("mmm mmm", letter_spacing=2.0).boxes()
    far, low = page("mmm mmm", word_spacing=2.0).boxes(), page("a\nb", line_spacing=2.0)
    assert wide[1, 0] - wide[0, 2] > 1.6 * (usual[1, 0] - usual[0, 2])
    assert far[3, 0] - far[2, 2] > 1.8 * (usual[3, 0] - usual[2, 2])
    assert np.diff(low.baselines) == pytest.approx(2 * LINE_HEIGHT)


def test_no_option_makes_letters_collide():
    for setting in ({"gap": 0.0}, {"letter_spacing": 0.0}, {"word_spacing": 0.0}):
        box = page("mmm mmm Tomb", **setting).boxes()
        assert (np.diff(box[:, 0]) > 0).all()


def test_accents_push_lines_apart():
    near = page("jjjj\nÂÂÂÂ", line_spacing=0.5)
    box = near.boxes()
    assert box[near.line == 0, 3].max() < box[near.line == 1, 1].min() + 0.06


def test_the_baseline_wanders_a_little_and_smoothly():
    text = " ".join(["nonunion"] * 40)
    straight, result = page(text, wander=0.0), page(text)
    assert np.ptp(straight.y) < 1e-9 and (straight.angle == 0).all()
    rise = result.baselines[0] - result.y
    assert 0.02 < rise.std() < 0.6
    inside = result.word[1:] == result.word[:-1]
    assert np.abs(np.diff(rise))[inside].max() < 0.12
    assert 0 < np.abs(result.angle).max() < 0.05


@given(WORDS, WORDS, st.text(st.sampled_from("abx"), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_a_new_word_redraws_only_itself_and_later_copies(before, after, word):
    old = shapes_of(page(" ".join([*before, *after]), wrap=12.0))
    new = shapes_of(page(" ".join([*before, word, *after]), wrap=17.0))
    assert set(old) <= set(new)
    assert all(new[key] == field for key, field in old.items())
    assert {key[0] for key in set(new) - set(old)} == {word}


def test_copies_of_a_word_differ():
    result = page("anna anna")
    assert result.words == ("anna", "anna")
    assert not any((result.fields[i] == result.fields[i + 4]).all() for i in range(4))
    assert len(set(result.place.tolist())) == 8


def test_seed_moves_the_baseline():
    assert not np.array_equal(page(TEXT).y, page(TEXT, seed=2).y)
    assert np.array_equal(page(TEXT).y, page(TEXT).y)


def test_the_size_of_batches_changes_nothing(monkeypatch):
    from handsynth.layout import drawing, setting

    whole = page(TEXT + " Zoë ½ 漢", wrap=20.0, missing="box")
    monkeypatch.setattr(drawing, "_CHUNK", 7)
    monkeypatch.setattr(setting, "_CHUNK", 7)
    parts = page(TEXT + " Zoë ½ 漢", wrap=20.0, missing="box")
    for name in ("x", "y", "angle", "fields", "place", "line", "char"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name


def test_bearings_add_space():
    bare = layout("a.b", draw, CHARS, FRAME, bearings={".": (0.0, 0.0)})
    wide = layout("a.b", draw, CHARS, FRAME, bearings={".": (0.5, 0.25)})
    assert np.diff(wide.x) - np.diff(bare.x) == pytest.approx([0.5, 0.25])


def test_three_underscores_are_one_line_to_write_on():
    page = api.typeset("Name: _____ a__b ___", hand="Quill")
    left, right = page.glyphs.profiles(page.frame).box()
    lines = [i for i in range(1, len(page)) if page.texts[i - 1] == page.texts[i] == "_"]
    clear = {i: page.x[i] + left[i] - page.x[i - 1] - right[i - 1] for i in lines if page.word[i] == page.word[i - 1]}
    words = [clear[i] for i in clear if page.texts[page.word.tolist().index(page.word[i])] == "_"]
    assert len(words) == 4 + 2 and max(words) < 0
    assert [gap > 0.1 for i, gap in clear.items() if gap not in words] == [True]


def test_missing_characters_follow_the_policy():
    with pytest.raises(MissingCharacterError, match="U\\+6F22"):
        page("a 漢 b")
    assert lines(page("a 漢 b", missing="skip")) == ["a b"]
    boxed = page("a 漢 b", missing="box")
    assert lines(boxed) == ["a 漢 b"] and boxed.char[1] == -1 and len(boxed.report.lost) == 1
    assert (boxed.fields[1] > 0).any()


@pytest.mark.parametrize(
    "setting", [{"wrap": 1.0}, {"wrap": float("nan")}, {"gap": -1.0}, {"line_spacing": float("inf")}, {"margin": -2.0}]
)
def test_impossible_settings_are_refused(setting):
    with pytest.raises(InputError):
        page("a", **setting)


@given(
    st.text(st.characters(exclude_categories=()) | st.sampled_from(" \n\t-\u00ad\u200bé½…i"), max_size=25),
    st.none() | st.floats(2.0, 9.0),
)
@settings(max_examples=40, deadline=None)
def test_any_text_is_set_or_refused_in_one_line(text, wrap):
    try:
        result = page(text, wrap=wrap, missing="box")
    except HandsynthError as error:
        assert "\n" not in str(error)
        return
    assert len(result) > 0 and np.isfinite(result.x).all() and np.isfinite(result.y).all()
    assert 0 < result.width < 100 and 0 < result.height < 200
    assert result.line.max() < len(result.baselines) and (np.diff(result.baselines) > 0).all()


def test_long_text():
    result = page("word and more, " * 300, wrap=40.0)
    assert len(result) == 3600 and len(result.baselines) > 90
