"""Texts of a corpus: text i depends on the seed and i alone, whatever they are made of."""

from __future__ import annotations

import pickle
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.cli.app import main
from handsynth.corpus.generator import MAKERS, Generator
from handsynth.corpus.lexicon import LANGUAGES, lexicon
from handsynth.corpus.rng import CorpusRng
from handsynth.corpus.short import put_together
from handsynth.corpus.textfile import WINDOW, TextFile
from handsynth.corpus.texts import KINDS, LIMIT, TRIES, Texts
from handsynth.corpus.undrawn import Drawable, survey
from handsynth.errors import InputError
from handsynth.model.model import Model
from handsynth.text.charset import Charset

STORY = """It was a cold morning in the old town, and nobody had lit a fire.

The captain wrote three letters.
Then she went out.

"Where to?" asked the boy.
"""


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "story.txt"
    path.write_text(STORY, "utf-8")
    return str(path)


@pytest.fixture(scope="module")
def drawable() -> Drawable:
    return Drawable(Charset(Model.open().charset))


def refused(*sources: str, **how: object) -> str:
    with pytest.raises(InputError) as caught:
        Texts.of(sources, **how)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_depends_on_seed_and_index_alone(story: str, kind: str) -> None:
    sources = [story, "names:de=2", "sentences:fr"]
    forwards = Texts.of(sources, kind, seed=5)
    once = [forwards.take(index) for index in range(40)]
    again = Texts.of(sources, kind, seed=5)
    assert [again.take(index) for index in reversed(range(40))] == once[::-1]
    assert [pickle.loads(pickle.dumps(forwards)).take(index) for index in (39, 7)] == [once[39], once[7]]
    other = Texts.of(sources, kind, seed=6)
    assert [other.take(index) for index in range(40)] != once
    assert len(set(once)) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_made_up_can_be_drawn(language: str, drawable: Drawable) -> None:
    words = lexicon(language)
    lists = (words.first, words.last, words.towns, words.streets, words.months, words.weekdays, words.words)
    for text in (text for several in lists for text in several):
        assert drawable(text.replace("{n}", "1")), text
    for maker in MAKERS:
        texts = Texts.of([f"{maker}:{language}"], seed=1)
        for index in range(60):
            text = texts.take(index)
            assert drawable(text) and "{" not in text and "#" not in text and text == text.strip(), text


def test_every_template_is_filled() -> None:
    for language in LANGUAGES:
        words = lexicon(language)
        longest = max(len(several) for several in (words.phrases, words.dates, words.adverbials, words.streets))
        for maker in MAKERS:
            seen = {Generator(maker, language).item(CorpusRng(3, "t", i)) for i in range(3 * longest)}
            assert len(seen) > longest / 2, (maker, language)


def test_lines_are_runs_of_whole_words_of_one_line(story: str) -> None:
    texts = Texts.of([story], most=33, seed=2)
    lines = [" ".join(line.split()) for line in STORY.splitlines() if line]
    seen = [texts.take(index) for index in range(200)]
    for text in seen:
        assert len(text) <= 33 and any(f" {text} " in f" {line} " for line in lines), text
    # each line is as likely as any other
    for line in lines[1:]:
        assert 20 < seen.count(line) < 80


def test_words_paragraphs_and_pages(story: str) -> None:
    words = {Texts.of([story], "word").take(index) for index in range(100)}
    assert {"captain", "cold", '"Where'} <= words and not any(" " in word for word in words)
    paragraphs = {Texts.of([story], "paragraph").take(index) for index in range(60)}
    assert "The captain wrote three letters. Then she went out." in paragraphs
    pages = Texts.of([story, "addresses:it"], "page", least=100, most=300)
    for index in range(30):
        text = pages.take(index)
        assert 100 <= len(text) <= 300 and "\n" in text and "\n\n" not in text


def test_a_list_of_words_gives_lines_of_several(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("apple\nbread\r\n\ncherry\nd'accord\n", "utf-8")
    texts = Texts.of([str(path)], least=15, most=40)
    for index in range(50):
        text = texts.take(index)
        assert 15 <= len(text) <= 40 and set(text.split()) <= {"apple", "bread", "cherry", "d'accord"}


def test_weights_say_how_often_a_source_is_used(tmp_path: Path) -> None:
    for name, count in (("a", 10), ("b", 30)):
        (tmp_path / f"{name}.txt").write_text(f"{name} {name}\n" * count, "utf-8")
    texts = Texts.of([str(tmp_path), "numbers=3"], seed=1)
    seen = [texts.take(index) for index in range(400)]
    a, b = seen.count("a a"), seen.count("b b")
    # 1 : 3 between folder and numbers, 10 : 30 lines between the files
    assert 65 < a + b < 140 and 2 < b / a < 5
    assert [file.path.name for file in texts.files] == ["a.txt", "b.txt"]


def test_what_cannot_be_drawn_is_passed_over_and_counted(tmp_path: Path, drawable: Drawable) -> None:
    path = tmp_path / "mixed.txt"
    path.write_text("plain\n\u6f22\u5b57\ncafe\u0301 noir\n", "utf-8")
    texts = Texts.of([str(path)], usable=drawable)
    seen = {texts.take(index) for index in range(60)}
    assert seen == {"plain", "cafe\u0301 noir"}
    assert 10 < texts.passed["cannot be drawn"] < 60
    path.write_text("\u6f22\u5b57\n" * 9, "utf-8")
    assert f"none could be used ({TRIES} cannot be drawn)" in refused(str(path), usable=drawable)
    only = Texts.of(["words"], "word", usable=lambda text: "e" in text)
    assert all("e" in only.take(index) for index in range(10))


MIXED = "one fine line\nanother\nshort\n\u6f22\u5b57 \u6f22\nok \u6f22 done\n"


@pytest.mark.parametrize(
    ("kind", "missing", "said"),
    [
        ("line", "drop", "2 of 5 lines of {path} have characters that cannot be drawn (U+6F22 \u6f22 in 2, "),
        ("word", "drop", "3 of 10 words"),
        ("line", "skip", "they are left out, of the labels, too"),
        ("line", "box", "boxes are drawn for them"),
    ],
)
def test_lost_texts_are_counted_and_named(tmp_path: Path, drawable, kind: str, missing, said: str) -> None:
    path = tmp_path / "mixed.txt"
    path.write_text(MIXED, "utf-8")
    texts = Texts.of([str(path), "names:fr"], kind, usable=Drawable(drawable.table, missing))
    (note,) = survey(texts, drawable.table, missing)
    assert said.format(path=path).replace("they", "such characters") in note and "\n" not in note


@pytest.mark.parametrize(
    ("missing", "text", "said"),
    [
        ("drop", "\u6f22\n\u6f22\nfine\n", "less than half of the texts would remain; give --missing skip or box"),
        ("skip", "\u6f22\n\u6f22\nfine\n", "less than half of the texts would remain; give other texts"),
        ("error", "\u6f22 and\nfine\nso\n", "1 of 3 lines"),
    ],
)
def test_too_few_texts_are_refused(tmp_path: Path, drawable, missing, text: str, said: str) -> None:
    path = tmp_path / "mixed.txt"
    path.write_text(text, "utf-8")
    texts = Texts.of([str(path)], usable=Drawable(drawable.table, missing))
    with pytest.raises(InputError) as caught:
        survey(texts, drawable.table, missing)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_texts_that_can_all_be_drawn_are_no_matter(story: str, drawable: Drawable) -> None:
    texts = Texts.of([story, "names:de=2"], usable=drawable)
    assert survey(texts, drawable.table, "error") == []


def test_of_many_lines_some_are_looked_at(tmp_path: Path, drawable: Drawable) -> None:
    path = tmp_path / "many.txt"
    path.write_text("fine\n\u6f22\nfine\n" * 20_000, "utf-8")
    (note,) = survey(Texts.of([str(path)], usable=drawable), drawable.table, "drop")
    count, _, rest = note.partition(" of ")
    assert 6_000 < int(count.replace(",", "")) < 7_300 and rest.startswith("20,000 lines looked at of")


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from("ab \u6f22\u2713e\u0301\u200d?"), min_size=1, max_size=12))
def test_what_is_usable_can_be_written(text: str) -> None:
    """Whatever Drawable lets through is laid out without an error, by the same policy."""
    from handsynth.text.charset import read

    table = Charset(Model.open().charset)
    for missing, policy in (("drop", "error"), ("skip", "skip"), ("box", "box")):
        if Drawable(table, missing)(text) and text.strip():  # type: ignore[arg-type]
            try:
                read(text, table, policy)  # type: ignore[arg-type]
            except InputError as error:
                assert "leaves ink" in str(error) or "nothing to write" in str(error)
                assert not any(char in text for char in "abe?"), text


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"fine\nGr\xfc\xdfe\n", "is not UTF-8: byte 7 is 0xfc"),
        ("nanu".encode("utf-16"), "is not UTF-8: byte 0 is 0xff"),
        ("nanu".encode("utf-16-le"), "null at byte 1"),
        (b"cut off \xe2\x82", "is not UTF-8: byte 8 is 0xe2"),
        (b"x" * 3_000_000 + b"\xff", "is not UTF-8: byte 3000000 is 0xff"),
        (b"", "is empty"),
        (b" \r\n\t\n", "is blank"),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_one_line(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(raw)
    assert message in refused(str(path))


def test_what_is_not_there_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "did you mean names?" in refused("nanes")
    assert "known" in refused("no/such.txt") or "give a text file" in refused("no/such.txt")
    assert "has no .txt files" in refused(str(tmp_path))
    assert "no language 'xx'" in refused("names:xx")
    assert "there is no text" in refused()
    assert "there is no text ''" in refused("")
    for weight in ("-1", "nan", "inf", "much", ""):
        assert "no number from 0 on" in refused(f"names={weight}")
    assert "weights of all texts are 0" in refused("names=0", "dates=0")
    assert "the kind 'verse'" in refused("names", kind="verse")
    for least, most in ((0, 5), (9, 8), (1, LIMIT + 1)):
        assert "characters" in refused("names", least=least, most=most)


def test_a_file_that_shrinks_is_noticed(story: str) -> None:
    texts = Texts.of([story])
    Path(story).write_text("short\n", "utf-8")
    with pytest.raises(InputError, match="has changed"):
        pickle.loads(pickle.dumps(texts)).take(1)


def test_memory_stays_flat_for_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    block = "".join(f"line {number} of a large file, with some words on it\n" for number in range(20_000)).encode()
    with path.open("wb") as file:
        for _ in range(50_000_000 // len(block) + 1):
            file.write(block)
    tracemalloc.start()
    texts = Texts.of([str(path)])
    seen = {texts.take(index) for index in range(200)}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 50_000_000 and len(seen) > 190
    assert peak < 16_000_000


def test_a_file_of_one_endless_line_is_read_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(" ".join(f"w{number}ü" for number in range(200_000)), "utf-8")
    texts = Texts.of([str(path)], most=40)
    seen = [texts.take(index) for index in range(60)]
    first = [int(text.split()[0][1:-1]) for text in seen]
    assert min(first) < 40_000 and max(first) > 160_000
    assert all(word[0] == "w" and word[-1] == "ü" for text in seen for word in text.split())


_LINE = st.text(st.sampled_from("ab é\t\r€"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.one_of(_LINE, st.just(""), st.just("long")), max_size=150), bom=st.booleans())
def test_lines_of_a_file_are_those_that_python_finds(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], bom: bool
) -> None:
    path = tmp_path_factory.mktemp("lines") / "t.txt"
    lines = ["x" * (WINDOW + 5) if line == "long" else line for line in lines]
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + "\n".join(lines).encode())
    expected = [" ".join(line.split())[:WINDOW] for line in lines if line.strip()]
    if not expected:
        with pytest.raises(InputError):
            TextFile.open(path)
        return
    file = TextFile.open(path)
    assert [file.line(number) for number in range(file.count)] == expected


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("names:defrwors=.,0123 /\\\0-é"), max_size=14))
def test_any_source_is_taken_or_refused_in_one_line(source: str) -> None:
    try:
        texts = Texts.of([source])
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert texts.take(3)


@pytest.mark.parametrize(
    ("source", "kind", "least", "said"),
    [
        ("names", "line", 2000, True),
        ("dates:de", "line", 100, True),
        ("names", "line", 5, False),
        ("words", "line", 100, False),
        ("sentences", "page", 500, False),
    ],
)
def test_lines_that_are_put_together_are_said(source, kind, least, said):
    texts = Texts.of([source], kind, least=least, most=least + 1000)
    notes = put_together(texts)
    assert len(notes) == said
    if said:
        assert f"lines of {source} have about" in notes[0] and f"of at least {least:,}" in notes[0]
        alone = sorted(len(Texts.of([source], kind, index).take(0)) for index in range(30))
        usual = int(re.search(r"about ([\d,]+)", notes[0])[1])
        assert alone[0] <= usual <= alone[-1] < least <= len(texts.take(0))


def test_the_command_says_it_once(tmp_path, capsys):
    words = ["corpus", "make", "names", "-o", str(tmp_path / "c"), "--length", "100,150", "--count", "1"]
    assert main(words) == 0
    assert capsys.readouterr().err.count("put together") == 1
