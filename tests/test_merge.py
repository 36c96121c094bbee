"""Mail merge: a letter for each row, each by its own seed, and one line for what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.cli.app import main
from handsynth.document.merge import MergeTable, check_fields, filled
from handsynth.errors import InputError

TABLE = 'name,city,gift\nAda,London,"a book, blue"\nCharles *B*,Cambridge,plums\n,,\nGrace,New York,jam\n'
LETTER = "Dear {name},\n\nthank you for {gift}. How is {city}?\n\n({row})\n"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    (tmp_path / "g.csv").write_text(TABLE)
    (tmp_path / "t.txt").write_text(LETTER)
    (tmp_path / "t.md").write_text("# Dear {name}\n\nthank you for **{gift}**\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def merge(*words: str) -> int:
    return main(["merge", *words, "--paper", "a7"])


def test_one_file_holds_a_letter_for_each_row(folder):
    import pypdfium2

    assert merge("g.csv", "t.txt", "-o", "all.pdf") == 0
    document = pypdfium2.PdfDocument(folder / "all.pdf")
    said = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    assert len(said) == 3
    assert all(word in said[0] for word in ("Ada,", "book,", "London?", "(1)"))
    assert all(word in said[2] for word in ("Grace,", "jam.", "York?", "(3)"))


def test_a_file_for_each_row_by_a_seed_of_its_own(folder):
    (folder / "same.csv").write_text("name\nAda\nAda\n")
    (folder / "s.txt").write_text("Dear Ada")
    assert merge("same.csv", "s.txt", "-o", "{row}-{name}.png") == 0
    one, other = ((folder / f"{row}-Ada.png").read_bytes() for row in (1, 2))
    assert one != other
    assert merge("same.csv", "s.txt", "-o", "{row}-{name}.png") == 0
    assert (folder / "1-Ada.png").read_bytes() == one


def test_it_goes_on_where_it_was_stopped(folder):
    (folder / "1.png").write_text("mine")
    assert merge("g.csv", "t.txt", "-o", "{row}.png", "--resume") == 0
    assert (folder / "1.png").read_text() == "mine" and (folder / "3.png").stat().st_size > 500


def test_what_is_finished_before_ctrl_c_is_said(folder, capsys, monkeypatch):
    from handsynth.document.pages import Document

    write = Document.write

    def interrupted(self, path, *args, **how):
        if "3" in str(path):
            raise KeyboardInterrupt
        return write(self, path, *args, **how)

    monkeypatch.setattr(Document, "write", interrupted)
    assert merge("g.csv", "t.txt", "-o", "{row}.png") == 130
    assert capsys.readouterr().err == "handsynth: stopped; 2 files were finished and stay\n"
    assert sorted(path.name for path in folder.glob("*.png")) == ["1.png", "2.png"]


def test_what_stands_in_a_cell_is_no_markup_and_no_path(folder):
    row = {"name": "a/b *c* [d](e)", "row": "1"}
    assert filled("{name}", row, marked=True) == "a/b \\*c\\* \\[d\\](e)" and filled("{name}", row) == row["name"]
    (folder / "p.csv").write_text("name\n../../x\n")
    assert merge("p.csv", "t.md", "-o", "{name}.png") == 2  # gift is no column
    (folder / "p.csv").write_text("name,gift\n../../x,y\n")
    assert merge("p.csv", "t.md", "-o", "{name}.png") == 0
    assert [path.name for path in folder.glob("*.png")] == ["-..-x.png"]


@pytest.mark.parametrize(
    ("table", "words", "said"),
    [
        (TABLE, ["-o", "{nmae}.png"], "did you mean name?"),
        (TABLE, ["-o", "x.png"], "put a field like {row}"),
        (TABLE, ["-o", "{city}/x.png"], "in the name of the file alone"),
        ("", ["-o", "x.pdf"], "is empty"),
        ("name,city,gift\n", ["-o", "x.pdf"], "has no rows"),
        ("name,name,gift\na,b,c\n", ["-o", "x.pdf"], "column 'name'"),
        ("name,row\na,b\n", ["-o", "x.pdf"], "column 'row'"),
        ("name,city,gift\na,b,c,d\n", ["-o", "x.pdf"], "row 1 of g.csv has 4 cells"),
        ("name,city,gift\na,b,c\nA,b,c\n", ["-o", "{name}.pdf"], "rows 1 and 2 would both write"),
        ("name,city,gift\na,\u30c6,c\n", ["-o", "x.pdf"], "row 1 of g.csv: "),
        ("name,city,gift\na,\u30c6,c\n", ["-o", "x.pdf"], "give --set writing.missing=skip"),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_is_written(folder, capsys, table, words, said):
    (folder / "g.csv").write_text(table, encoding="utf-8")
    before = sorted(path.name for path in folder.rglob("*"))
    assert merge("g.csv", "t.txt", *words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_what_is_left_out_is_said_with_its_row(folder, capsys):
    (folder / "g.csv").write_text("name,city,gift\nAda,x,y\nBob,\u30c6z,y\n", encoding="utf-8")
    for out in ("all.pdf", "{row}.png"):
        assert merge("g.csv", "t.txt", "-o", out, "--set", "writing.missing=skip") == 0
        assert [line for line in capsys.readouterr().err.splitlines() if "row 2" in line and "U+30C6" in line]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_cells_are_parted_by_commas_semicolons_or_tabs(tmp_path, sign):
    (tmp_path / "g.csv").write_text(f"\ufeffname{sign}city\nAda{sign}London\n", encoding="utf-8")
    assert list(MergeTable.open(tmp_path / "g.csv").rows()) == [{"name": "Ada", "city": "London", "row": "1"}]


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200), template=st.text(max_size=60))
def test_any_table_is_read_or_refused(tmp_path_factory, data, template):
    path = tmp_path_factory.mktemp("merge") / "g.csv"
    path.write_bytes(data)
    try:
        table = MergeTable.open(path)
        check_fields(template, table, "the template")
        for row in table.rows():
            filled(template, row)
    except InputError as error:
        assert "\n" not in str(error).replace("\r", "")
