"""`handsynth page` and `handsynth again` on the command line."""

from __future__ import annotations

import shlex

import pytest

from handsynth.cli.app import main


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada,\n\nno two letters are alike.\n", "utf-8")
    return path


def page(*arguments: object) -> int:
    return main(["page", *map(str, arguments)])


def test_style_sheets_come_back_as_they_were_printed(letter, tmp_path, capsys):
    assert page("--show-style", "--set", "person.slips=2", "--paper", "a5-ruled") == 0
    printed = capsys.readouterr().out
    (tmp_path / "s.toml").write_text(printed, "utf-8")
    assert page("--show-style", "--style", tmp_path / "s.toml") == 0
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "tiff", "svg", "pdf", "hpgl", "gcode"])
def test_the_command_in_a_file_makes_the_same_file(letter, tmp_path, capsys, ending):
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    options = ["--paper", "a6-ruled", "--hand", "random", "--seed", "5", "--title", 'It\'s "mine"']
    assert page(letter, "-o", first, *options) == 0
    assert main(["again", str(first)]) == 0
    words = shlex.split(capsys.readouterr().out)
    assert words[:5] == ["handsynth", "page", "-", "-o", str(first)]
    swap = {"-": str(letter), str(first): str(second)}
    assert main([swap.get(word, word) for word in words[1:]]) == 0
    assert first.read_bytes() == second.read_bytes()


def test_the_text_is_kept_only_where_it_is_wanted(letter, tmp_path, capsys):
    kept, private = tmp_path / "kept.png", tmp_path / "private.png"
    assert page(letter, "-o", kept, "--embed-text", "--paper", "a6") == 0
    assert page(letter, "-o", private, "--paper", "a6") == 0
    assert b"Dear Ada" not in private.read_bytes()
    assert main(["again", str(kept), "--show-text"]) == 0
    assert capsys.readouterr().out.rstrip("\n") == letter.read_text("utf-8").rstrip("\n")
    assert main(["again", str(private), "--show-text"]) == 2
    assert "--embed-text" in capsys.readouterr().err


def test_render_can_be_made_again(tmp_path, capsys):
    assert main(["render", "Hello", "-o", str(tmp_path / "a.png"), "--seed", "4", "--ink", "navy"]) == 0
    assert main(["again", str(tmp_path / "a.png")]) == 0
    said = capsys.readouterr()
    assert said.out.strip() == f"handsynth render - -o {tmp_path / 'a.png'} --seed 4 --ink navy"
    assert "does not hold its text, so the command reads it from standard input; or give the text for -" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["FILE"],
        ["none.txt", "-o", "x.pdf"],
        ["FILE", "-o", "x.doc"],
        ["FILE", "-o", "x.pdf", "--paper", "a9"],
        ["FILE", "-o", "x.pdf", "--margins", "300mm"],
        ["FILE", "-o", "x.pdf", "--size", "500pt"],
        ["FILE", "-o", "x.pdf", "--workers", "0"],
        ["FILE", "-o", "x.png", "--look", "polaroid"],
        ["FILE", "-o", "x.pdf", "--set", "nonsense"],
    ],
)
def test_wrong_input_is_one_line_and_leaves_nothing(letter, tmp_path, capsys, arguments):
    there = {"FILE": str(letter)}
    given = [there.get(a, str(tmp_path / a) if a.startswith(("x.", "none")) else a) for a in arguments]
    assert page(*given) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.txt"]
