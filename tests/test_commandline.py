"""`handsynth again`: the line is for any shell, what a file claims stays data, and the same file comes out."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from drawn import SPITEFUL
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import handsynth
from handsynth.cli import commandline
from handsynth.cli.app import app as _app
from handsynth.cli.app import main
from handsynth.errors import InputError

GROUP = _app

SHELLS = [shell for shell in ("sh", "dash", "bash", "busybox", "zsh", "ksh") if shutil.which(shell)]

NASTY = [
    "it's\u200dx", "$(touch hit)", "`touch hit`", "'; touch hit; '", "$'\\'; touch hit; #", "\\'; touch hit #",
    'a"b; touch hit', "two\nlines; touch hit", "-", "", " ", "*", "~", "!x", "#", "é\u0301", "\U0001f600",
    "a=b&c|d>hit",
]  # fmt: skip


def test_the_line_is_that_of_a_shell():
    words = ["page", "a b.txt", "-o", "it's.pdf", "--reflow", "--seed", "7"]
    assert commandline.line(GROUP, words) == "handsynth page 'a b.txt' -o 'it'\"'\"'s.pdf' --reflow --seed 7"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("word", NASTY)
def test_no_shell_runs_what_a_file_claims(tmp_path, shell, word):
    line = commandline.line(GROUP, ["page", word, "-o", word, "--hand", word])
    run = [shell, "sh"] if shell == "busybox" else [shell]
    done = subprocess.run(
        [*run, "-c", f"handsynth() {{ printf '%s\\0' \"$@\"; }}\n{line}"],
        capture_output=True, cwd=tmp_path, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == [] and done.returncode == 0
    assert done.stdout.decode().split("\0")[:-1] == shlex.split(line)[1:]
    assert word in done.stdout.decode()


@settings(deadline=None)
@given(SPITEFUL.map(lambda text: text.replace("\0", "")), SPITEFUL.map(lambda text: text.replace("\0", "")))
def test_values_stay_values(hand, title):
    try:
        words = shlex.split(
            commandline.line(GROUP, ["page", "FILE", "-o", "OUT.pdf", "--hand", hand, "--title", title])
        )
    except InputError as error:
        assert "no line can show" in str(error) and "\n" not in str(error)
        return
    name, options, values = commandline._sorted(GROUP, words[1:])
    assert (name, options, values) == ("page", [("-o", "OUT.pdf"), ("--hand", hand), ("--title", title)], ["FILE"])


@settings(deadline=None)
@given(st.lists(st.sampled_from(["-o", "--output=/etc/x", "--", "-", "a", "--hand", "--seed=-1", "-s"]), max_size=8))
def test_the_line_means_what_was_recorded(words):
    try:
        line = commandline.line(GROUP, ["render", *words])
    except InputError:
        return
    known = commandline._options(GROUP, "render")
    _, given_, arguments = commandline._sorted(GROUP, ["render", *words])
    _, written, rest = commandline._sorted(GROUP, shlex.split(line)[1:])
    assert rest == arguments
    assert [(known[name].long, value) for name, value in written] == [
        (known[name].long, value) for name, value in given_
    ]


@pytest.mark.parametrize("char", ["\x1b", "\r", "\x07", "\u202e", "\u2066", "\u200f", "\x9b", "\u2028", "\t"])
def test_what_a_terminal_would_act_on_is_refused(char):
    with pytest.raises(InputError, match=f"U\\+{ord(char):04X}") as error:
        commandline.line(GROUP, ["page", f"a{char}b", "-o", "x.pdf"])
    assert char not in str(error.value)


@pytest.mark.parametrize("words", [[], ["rm", "-rf"], ["verify"], ["page", "--nosuch", "x"], ["page", "--workers-x=1"]])
def test_what_is_no_command_of_ours_is_refused(words):
    with pytest.raises(InputError, match="the record's command"):
        commandline.line(GROUP, words)


def test_an_argument_that_begins_like_an_option_stays_one():
    words = ["sheet", "-o", "OUT.png", "--hands", "-o", "--", "-o"]
    assert commandline.line(GROUP, words) == "handsynth sheet -o OUT.png --hands=-o -- -o"


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.png", "a/../../x.png", "C:\\x.png", "C:x.png", "..\\x.png"])
def test_an_output_elsewhere_is_told(tmp_path, capsys, path):
    info = PngInfo()
    info.add_text("Software", "handsynth 0.1.0")
    info.add_text("Command", json.dumps(["render", "TEXT", "-o", path]))
    Image.new("L", (1, 1)).save(tmp_path / "a.png", pnginfo=info)
    assert main(["again", str(tmp_path / "a.png")]) == 0
    said = capsys.readouterr()
    assert said.err == (
        f"handsynth: {tmp_path / 'a.png'} does not hold its text, so the command reads it from standard input; or give "
        "the text for -\n"
        f"handsynth: this command writes outside the current folder, to {path}; look at it before you run it\n"
    )
    assert commandline.outputs_elsewhere(GROUP, ["render", "TEXT", "-o", "OUT.png"]) == []


RUNS = {
    "markdown": ["page", "t.md", "-o", "a.pdf", "--no-text-layer", "--reflow", "--set", "output.title=-x"],
    "outputs": ["page", "t.txt", "-o", "a.svg", "--set", "output.language=de", "--set", "output.embed_text=true"],
    "sheet": ["sheet", "-o", "a.png", "--hands", "random", "--seed", "3", "--", "-abc"],
    "hands": ["hands", "-o", "a.png", "--tag", "cursive", "--tag", "light", "--text", "Ag"],
    "render": ["render", "Dear Ada", "-o", "a.png", "--slant", "-0.2"],
    "wrapped": ["render", "--file", "long.txt", "-o", "a.png", "--hand", "Mint", "--size", "12"],
}


def pasted(line: str, folder: Path, text: str) -> None:
    """Run a line in a shell, as it is; `text` waits on its standard input."""
    program = f'handsynth() {{ {shlex.quote(sys.executable)} -m handsynth "$@"; }}\n'
    env = {**os.environ, "PYTHONPATH": str(Path(handsynth.__file__).parents[1])}
    subprocess.run(["sh", "-c", program + line], input=text.encode(), cwd=folder, env=env, check=True)


@pytest.mark.parametrize("name", RUNS)
def test_the_line_makes_the_same_file_as_it_is(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    for file in ("t.md", "t.txt"):
        (tmp_path / file).write_text("# Ada\n\nDear\nAda", encoding="utf-8")
    (tmp_path / "long.txt").write_text("long lines of files are broken " * 8, encoding="utf-8")
    words = RUNS[name]
    assert main(words) == 0
    capsys.readouterr()
    # it is no matter how the file is called now
    made = tmp_path / f"it's here {words[words.index('-o') + 1]}"
    (tmp_path / words[words.index("-o") + 1]).rename(made)
    assert main(["again", made.name]) == 0
    said = capsys.readouterr()
    whole = made.read_bytes()
    os.utime(made, (0, 0))
    file = tmp_path / ("long.txt" if name == "wrapped" else "t.txt")
    text = "Dear Ada" if name == "render" else file.read_text("utf-8")
    holds = name not in ("markdown", "render", "wrapped")
    assert ("reads it from standard input" in said.err) != holds
    pasted(said.out, tmp_path, "" if holds else text)
    assert made.read_bytes() == whole and made.stat().st_mtime > 0


MANY = {
    "pages": (["page", "long.txt", "-o", "a.svg", "--paper", "a6"], "a-002.svg", "a.svg"),
    "sizes": (["font", "-o", "a.bdf", "--chars", "ab", "--variants", "2", "--sizes", "12,16"], "a-16-v2.bdf", "a.bdf"),
    "one size": (
        ["font", "-o", "a-12.pcf", "--chars", "ab", "--variants", "2", "--sizes", "12"],
        "a-12.pcf",
        "a-12.pcf",
    ),
    "texture": (["font", "-o", "a_1.fnt", "--chars", "ab", "--variants", "1", "--sizes", "12"], "a_1_0.png", "a_1.fnt"),
    "sheet": (["font", "-o", "a.png", "--chars", "ab", "--variants", "1", "--sizes", "12"], "a.json", "a.png"),
    "capitals": (["render", "a", "-o", "A.PNG"], "A.PNG", "A.PNG"),
}


@pytest.mark.parametrize("name", MANY)
def test_one_file_of_several_names_what_was_asked_for(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "long.txt").write_text("a\n" * 60, encoding="utf-8")
    words, one, asked = MANY[name]
    assert main(words) == 0
    capsys.readouterr()
    assert main(["again", one]) == 0
    again = shlex.split(capsys.readouterr().out)
    assert again[again.index("-o") + 1] == asked
