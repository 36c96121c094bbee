"""The command line: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import stub_model as stub
from PIL import Image

from handsynth import __version__
from handsynth.cli import console
from handsynth.cli.app import main
from handsynth.errors import InputError

COMMANDS = ["render", "sheet", "sample", "hands", "inspect", "verify"]


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    return str(stub.write_folder(tmp_path_factory.mktemp("models") / "stub", stub.with_golden()))


def refused(capsys, *arguments: object) -> str:
    """The command exits with 2 after one line on standard error, which is returned."""
    assert main([str(argument) for argument in arguments]) == 2
    output = capsys.readouterr()
    assert output.out == "" and output.err.startswith("handsynth: ") and output.err.count("\n") == 1, output.err
    assert "Traceback" not in output.err
    return output.err


def test_help_names_all_commands_and_shows_an_example_for_each(capsys):
    assert main(["--help"]) == 0
    overview = capsys.readouterr().out
    assert main([]) == 0
    assert capsys.readouterr().out == overview
    for command in COMMANDS:
        assert command in overview
        assert main([command, "--help"]) == 0
        text = capsys.readouterr().out
        assert f"handsynth {command}" in text and "Example" in text


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"handsynth {__version__}\n"


def test_help_loads_nothing_heavy():
    code = (
        "import sys, handsynth\nfrom handsynth.cli.app import main\nmain(['--help'])\nmain(['sheet', '--help'])\n"
        "print([m for m in ('numpy', 'onnxruntime', 'PIL', 'rich', 'fontTools') if m in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.splitlines()[-1] == "[]"


def test_package_attributes_load_on_demand():
    code = (
        "import sys, handsynth\nassert 'numpy' not in sys.modules\n"
        "import handsynth.layout.page as p\nassert p.Page\nimport handsynth.formats\n"
        "assert callable(handsynth.render)\n"
        "from handsynth import Hand, Model, render\nassert 'Model' in dir(handsynth)\n"
        "assert handsynth.render is render and Model.open\n"
        "try: handsynth.nothing\nexcept AttributeError: print('good')"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert output.stdout == "good\n", output.stderr


def test_wrong_usage_is_one_line(capsys):
    assert "No such command 'paint'" in refused(capsys, "paint")
    assert "--colour" in refused(capsys, "sheet", "--colour", "x")
    assert "--output" in refused(capsys, "sheet", "abc")
    for option, value, wanted in [("--seed", "one", "a whole number"), ("--columns", "1.5", "a whole number"),
                                  ("--temperature", "warm", "a number")]:  # fmt: skip
        said = refused(capsys, "sheet", "-o", "x.png", option, value)
        assert said == f"handsynth: {option} is {value!r}; give {wanted}\n"
    assert refused(capsys, "page", "-o", "x.pdf", "--dpi", "x") == "handsynth: --dpi is 'x'; give a number\n"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["render", "a", "-o", "x.png", "--hand", "Quill", "--hand", "Fern"], "--hand is given twice; give it once"),
        (["render", "a", "-o", "x.png", "-s", "1", "--seed", "2", "-s3"], "--seed is given 3 times; give it once"),
        (["sheet", "a", "-o", "x.png", "--hands", "A", "--hand", "B"], "give it once, like --hands A,B"),
        (["page", "a.txt", "-o", "x.pdf", "-o", "y.pdf"], "--output is given twice"),
        (["font", "-o", "x.ttf", "--family", "A", "--family", "B"], "--family is given twice"),
        (["corpus", "make", "dates", "-o", "x", "--colour", "--grey"], "--colour is given twice"),
        (["page", "a.txt", "-o", "x.svg", "--centreline", "--outlines"], "or --outlines, which is its contrary"),
        (["hand", "refit", "a.hand", "-o", "x.hand", "-o", "y.hand"], "--output is given twice"),
    ],
)  # fmt: skip
def test_an_option_with_one_value_is_taken_once(tmp_path, monkeypatch, capsys, command, words):
    monkeypatch.chdir(tmp_path)
    assert words in refused(capsys, *command)
    assert not list(tmp_path.iterdir())


def test_an_option_with_several_values_is_taken_again(model, capsys):
    assert main(["hands", "--tag", "light", "--tag", "print", "--model", model]) == 0
    assert "Quill" in capsys.readouterr().out


def test_sheet(model, tmp_path, capsys):
    out = tmp_path / "s.png"
    assert main(["sheet", "abc", "-o", str(out), "--hands", "quill,random:3", "--model", model]) == 0
    first = out.read_bytes()
    with Image.open(out) as picture:
        assert picture.format == "PNG"
    assert main(["sheet", "abc", "-o", str(out), "--hands", "quill,random:3", "--model", model]) == 0
    assert out.read_bytes() == first
    assert main(["sheet", "a", "-o", str(out), "--variants", "4", "--size", "1mm", "--model", model]) == 0
    said = capsys.readouterr()
    assert out.read_bytes() != first and said.out == "" and set(said.err.splitlines()) == {f"handsynth: wrote {out}"}


def test_sheet_refusals(model, tmp_path, capsys):
    sheet = ["sheet", "abc", "--model", model, "-o"]
    assert ".png" in refused(capsys, *sheet, tmp_path / "s.gif")
    unknown = refused(capsys, *sheet, tmp_path / "s.png", "--hands", "Quill,Markus")
    assert "did you mean Marker? `handsynth hands` lists all 2" in unknown
    assert "no folder" in refused(capsys, *sheet, tmp_path / "none" / "s.png")
    assert "3kg" in refused(capsys, *sheet, tmp_path / "s.png", "--size", "3kg")
    assert "too large" in refused(capsys, *sheet, tmp_path / "s.png", "--max-pixels", 99)
    assert "out of range" in refused(capsys, *sheet, tmp_path / "s.png", "--seed=-1")
    assert "U+2603" in refused(capsys, "sheet", "☃", "--model", model, "-o", tmp_path / "s.png")
    assert "not valid" in refused(capsys, "sheet", "a\udcff", "--model", model, "-o", tmp_path / "s.png")
    assert "no model" in refused(capsys, "sheet", "a", "--model", tmp_path / "none", "-o", tmp_path / "s.png")
    assert "leave it out" in refused(capsys, "sheet", "", "--model", model, "-o", tmp_path / "s.png")
    assert not list(tmp_path.iterdir())


def test_a_sheet_without_characters_has_those_of_the_model(model, tmp_path, capsys):
    assert main(["sheet", "-o", str(tmp_path / "s.png"), "--model", model]) == 0
    assert (tmp_path / "s.png").exists()


def test_sheet_ignores_empty_names_of_hands(model, tmp_path, capsys):
    outs = [tmp_path / "a.png", tmp_path / "b.png"]
    for out, hands in zip(outs, ("Quill", "Quill, ,"), strict=True):
        assert main(["sheet", "abc", "-o", str(out), "--hands", hands, "--model", model]) == 0
    one, other = (np.asarray(Image.open(out)) for out in outs)
    assert np.array_equal(one, other)  # their records differ
    capsys.readouterr()
    assert "names no hand" in refused(capsys, "sheet", "a", "-o", outs[0], "--hands", ",", "--model", model)


def test_sample(model, tmp_path):
    run = ["sample", "ab", "-n", "3", "--seed", "3", "--model", model, "-o"]
    assert main([*run, str(tmp_path / "s.npz")]) == 0
    with np.load(tmp_path / "s.npz") as data:
        assert data["images"].shape == (6, stub.H, stub.H)
    assert main([*run, str(tmp_path / "pictures"), "--hands", "Quill"]) == 0
    assert len(list((tmp_path / "pictures").glob("U+006[12]_00[012].png"))) == 6


def test_sample_refusals(model, tmp_path, capsys):
    (tmp_path / "x").write_text("")
    assert "exists already" in refused(capsys, "sample", "a", "--model", model, "-o", tmp_path / "x")
    assert "unknown file ending .png" in refused(capsys, "sample", "a", "--model", model, "-o", tmp_path / "y.png")
    assert "-n from 1" in refused(capsys, "sample", "a", "-n", 0, "--model", model, "-o", tmp_path / "y")
    assert "no characters" in refused(capsys, "sample", "", "--model", model, "-o", tmp_path / "y")


def test_inspect_shows_card_hands_data_and_files(model, capsys):
    assert main(["inspect", model]) == 0
    text = capsys.readouterr().out
    for word in (
        "stub",
        stub.CHARS,
        "7 characters",
        "Quill",
        "thin and upright",
        "CC0-1.0",
        "accuracy: 0.5",
        "reader.onnx",
    ):
        assert word in text


def test_inspect_shows_no_control_characters(tmp_path, capsys):
    sisters = {"prior.onnx": stub.prior()}
    card = stub.card(sisters, recipe={"note": "\x1b[31mred\x07"})
    path = stub.write_zip(tmp_path / "m.zip", stub.members(card.to_json(), sisters))
    assert main(["inspect", str(path)]) == 0
    assert "?[31mred?" in capsys.readouterr().out


def test_verify(model, capsys):
    assert main(["verify", model]) == 0
    assert "drawn as at export" in capsys.readouterr().out


def test_verify_finds_faults(tmp_path, capsys):
    graphs = stub.with_golden()
    swapped = stub.members()
    faults = {
        "no golden output": swapped,
        "not the one": graphs | {"reader.onnx": stub.encoder()},
        "no ONNX graph": graphs | {"decoder.onnx": graphs["decoder.onnx"][:-9]},
    }
    for word, broken in faults.items():
        assert word in refused(capsys, "verify", stub.write_zip(tmp_path / "m.zip", broken))
    assert "zip" in refused(capsys, "verify", __file__)


def test_verify_finds_a_decoder_that_draws_otherwise(tmp_path, capsys):
    sisters = {name: data for name, data in stub.members().items() if name != "decoder.onnx"}
    good = stub.card(sisters, golden=None)
    from handsynth.model.model import Model
    from handsynth.specimens.verify import golden

    drawn = golden(Model(stub.members(good.to_json(), sisters)), "ab", 1)
    rows = [list(row) for row in drawn.means]
    rows[1][27] += 0.1
    changed = stub.card(sisters, golden=type(drawn)("ab", 1, tuple(map(tuple, rows))))
    path = stub.write_zip(tmp_path / "m.zip", stub.members(changed.to_json(), sisters))
    assert "'b' is not drawn as" in refused(capsys, "verify", path)


def test_closed_pipe_is_no_traceback(model):
    command = [sys.executable, "-m", "handsynth", "inspect", model]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.wait(60) == 1 and process.stderr.read() == b""
    process.stderr.close()


def test_ctrl_c_ends_with_130(model, monkeypatch, capsys):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("handsynth.model.model.Model.open", interrupted)
    assert main(["inspect", model]) == 130
    assert capsys.readouterr().err == "handsynth: stopped; nothing was written\n"


@pytest.mark.parametrize("module", ["handsynth.cli.app", "click", "handsynth.model.model", "numpy"])
def test_ctrl_c_while_modules_load_ends_quietly(model, module):
    code = (
        "import os, signal, sys\n"
        "class Interrupter:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupter())\n"
        f"sys.argv = ['handsynth', 'inspect', {model!r}]\n"
        "from handsynth.__main__ import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr in ("", "handsynth: stopped; nothing was written\n")


def test_memory_and_disk_errors_are_one_line(model, monkeypatch, capsys):
    for error, word in [(MemoryError(), "memory"), (OSError(28, "No space left on device"), "No space left")]:

        def fail(*args, error=error):
            raise error

        monkeypatch.setattr("handsynth.model.model.Model.open", fail)
        assert word in refused(capsys, "inspect", model)


class Input:
    """Stands in for sys.stdin."""

    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


def test_text_comes_from_argument_file_or_standard_input(tmp_path, monkeypatch):
    path = tmp_path / "letter.txt"
    path.write_bytes("\ufeffDear Zoë,\r\n\r\n".encode())
    assert console.read_text("Zoë", None) == "Zoë"
    assert console.read_text(None, str(path)) == "Dear Zoë,\r\n"
    monkeypatch.setattr(sys, "stdin", Input("Zoë\n".encode()))
    assert console.read_text("-", None) == "Zoë"


@pytest.mark.parametrize(
    ("raw", "word"),
    [(b"abc\xff", "byte 4"), ("Zoë".encode("utf-16"), "UTF-16"), (b"x" * (2**22 + 1), "longer")],
)
def test_unreadable_text_is_refused(tmp_path, monkeypatch, raw, word):
    path = tmp_path / "letter.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=word):
        console.read_text(None, str(path))
    monkeypatch.setattr(sys, "stdin", Input(raw))
    with pytest.raises(InputError, match=f"{word}|standard input"):
        console.read_text("-", None)


def test_text_must_come_from_one_place(tmp_path):
    for argument, file in [(None, None), ("a", "b"), ("-", "-")]:
        with pytest.raises(InputError, match="only one"):
            console.read_text(argument, file)
    for file in (tmp_path / "none", tmp_path, "a\0b"):
        with pytest.raises(InputError, match="cannot read"):
            console.read_text(None, str(file))
    with pytest.raises(InputError, match="character 3"):
        console.read_text("ab\ud800", None)


def test_zip_model_on_the_command_line(model, tmp_path, capsys):
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in Path(model).iterdir():
            archive.write(file, f"stub/{file.name}")
    assert main(["verify", str(path)]) == 0
    assert "golden output" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        (["template", "-o", "form.png", "--chars", "abc"], "hand template"),
        (["blend", "Quill", "Fern", "-o", "mixed.hand"], "hand blend"),
        (["average", "Quill", "Fern", "-o", "ours.hand"], "hand average"),
        (["learn", "none.jpg", "-o", "me.hand"], "hand learn"),
        (["corpus", "numbers", "-n", "2", "-o", "made", "--container", "files"], "corpus make"),
        (["corpus", "-n", "2", "numbers", "-o", "made", "--container", "files"], "corpus make"),
    ],
)
def test_earlier_spellings_work_and_say_the_new_one(tmp_path, monkeypatch, capsys, earlier, now):
    monkeypatch.chdir(tmp_path)
    status = main(earlier)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"handsynth: this command is now: handsynth {now}"
    assert status == (2 if "learn" in earlier else 0)
    if status == 0:
        first = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
        words = earlier[1:]
        assert main([*now.split(), *words]) == 0 and "is now" not in capsys.readouterr().err
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == first


def test_help_shows_groups_and_choices_and_no_earlier_spelling(capsys):
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out.split("Commands:")[1]
    names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "]
    assert {"hand", "corpus"} <= set(names) and not {"learn", "template", "blend", "average"} & set(names)
    assert main(["hand", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in ("learn", "show", "refit", "forget", "blend", "average", "template"))
    assert main(["render", "--help"]) == 0
    assert "[error|skip|box]" in capsys.readouterr().out


def test_verify_of_a_corpus_has_help_of_its_own(capsys):
    for flag in ("--help", "-h"):
        assert main(["corpus", "verify", flag]) == 0
        said = capsys.readouterr().out
        assert said.startswith("Usage: handsynth corpus verify") and "--effects" not in said
    assert main(["corpus", "make", "--help"]) == 0
    assert "--effects" in capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_installed(shell, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["--install-completion", shell]) == 0
    said = capsys.readouterr().out
    (script,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert str(script) in said and f"_HANDSYNTH_COMPLETE={shell}_complete" in script.read_text()
    monkeypatch.setenv("_HANDSYNTH_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", "handsynth rend")
    monkeypatch.setenv("COMP_CWORD", "rend" if shell == "fish" else "1")
    assert main([]) == 0 and "render" in capsys.readouterr().out
