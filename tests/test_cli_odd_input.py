"""Odd input is refused in one line that says what is wrong, where, and what to do."""

import pytest

from handsynth.cli.app import main


@pytest.mark.parametrize(
    ("files", "words", "said"),
    [
        (
            {"s.toml": "a".encode("utf-16")},
            ["page", "t.txt", "-o", "x.pdf", "--style", "s.toml"],
            "the style s.toml is UTF-16",
        ),
        ({"s.toml": b"\n\xe9"}, ["page", "t.txt", "-o", "x.pdf", "--style", "s.toml"], "byte 2 of the style s.toml"),
        ({"g.csv": "a".encode("utf-16")}, ["merge", "g.csv", "t.txt", "-o", "x.pdf"], "the table g.csv is not UTF-8"),
        ({"g.csv": b'a\n1\n"b\n'}, ["merge", "g.csv", "t.txt", "-o", "{row}.pdf"], "which row 2 opens; close them"),
        ({"r.txt": b"\xff\xfe"}, ["render", "a", "-o", "x.png", "--recipes", "r.txt"], "recipes r.txt is UTF-16"),
        ({}, ["render", "a", "-o", "x.png", "--dpi", "99999999"], "--dpi is 99,999,999;"),
        ({}, ["render", "a", "-o", "x.png "], "the ending '.png ' is not known"),
        ({}, ["hand", "template", "-o", "x.pdf", "--variants", "12345678"], "--variants is 12,345,678; give a whole"),
        (
            {},
            ["hand", "refit", "Quill", "-o", "x.hand"],
            "the hand Quill: there is no such file; give a saved .hand file",
        ),
        (
            {},
            ["hand", "forget", "Quill", "-o", "x.hand"],
            "the hand Quill: there is no such file; give a saved .hand file",
        ),
        ({}, ["corpus", "make", "names", "-o", "c", "--length", "a,b"], "give whole numbers, like 5,40"),
    ],
)
def test_odd_input_is_one_line_that_says_what_and_where(tmp_path, monkeypatch, capsys, files, words, said):
    monkeypatch.chdir(tmp_path)
    files = {"t.txt": b"Dear {a}" if "merge" in words else b"Dear", **files}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    assert main(words) == 2
    line = capsys.readouterr().err
    assert said in line and line.count("\n") == 1 and "codec" not in line
    # nothing half-written; letters of a table that were finished before the broken row stay
    left = {path.name for path in tmp_path.iterdir()} - {"1.pdf"}
    assert left == set(files)
