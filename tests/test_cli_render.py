"""`handsynth render` and `handsynth hands` on the command line."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
import stub_model as stub
from PIL import Image

from handsynth import api
from handsynth.cli import app as cli
from handsynth.cli.app import main
from handsynth.drawing import draw
from handsynth.errors import InputError
from handsynth.formats import look
from handsynth.hands.hand import Hand
from handsynth.model.model import Model
from handsynth.specimens import gallery


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    return str(stub.write_folder(tmp_path_factory.mktemp("models") / "stub", stub.members()))


@pytest.fixture
def render(model, tmp_path):
    """Render into out.png and return the exit status."""

    def run(*arguments: object, out: object = "out.png") -> int:
        return main(["render", *map(str, arguments), "-o", str(tmp_path / str(out)), "--model", model])

    return run


def size(path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_options_reach_the_picture(render, tmp_path, capsys):
    out = tmp_path / "out.png"
    assert render("abc ABC") == 0
    plain, plain_size = out.read_bytes(), size(out)
    assert render("abc ABC") == 0 and out.read_bytes() == plain, "same input, same bytes"
    changes = [
        ["--hand", "Marker"],
        ["--hand", "random"],
        ["--seed", 1],
        ["--temperature", 0],
        ["--legibility", 8, "--temperature", 2],
        ["--ink", "navy"],
        ["--paper-colour", "#ffeedd"],
        ["--letter-spacing", 2],
        ["--word-spacing", 2],
        ["--size", "3mm", "--dpi", 200],
    ]
    made = {plain}
    for change in changes:
        assert render("abc ABC", *change) == 0
        made.add(out.read_bytes())
    assert len(made) == len(changes) + 1
    assert render("abc ABC", "--size", 48) == 0
    assert size(out)[0] == pytest.approx(2 * plain_size[0], rel=0.05)
    said = capsys.readouterr()
    assert said.out == "" and set(said.err.splitlines()) == {f"handsynth: wrote {out}"}


def test_wrapping_and_line_spacing(render, tmp_path):
    out = tmp_path / "out.png"
    assert render("abc abc abc abc") == 0
    wide = size(out)
    assert render("abc abc abc abc", "--wrap", "200px") == 0
    narrow = size(out)
    assert narrow[0] < wide[0] and narrow[1] > wide[1]
    assert render("abc abc abc abc", "--wrap", "200", "--line-spacing", 2) == 0
    assert size(out)[1] > narrow[1]


def test_transparent_paper(render, tmp_path):
    assert render("abc", "--paper-colour", "transparent") == 0
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.mode in ("LA", "RGBA") and picture.getchannel("A").getextrema() == (0, 255)


def test_text_from_file_and_standard_input(render, tmp_path, monkeypatch):
    out = tmp_path / "out.png"
    assert render("abc é") == 0
    expected = out.read_bytes()
    (tmp_path / "letter.txt").write_text("abc é\n", encoding="utf-8")
    assert render("--file", tmp_path / "letter.txt", "--wrap", "none") == 0
    with Image.open(out) as picture, Image.open(io.BytesIO(expected)) as wanted:
        assert picture.tobytes() == wanted.tobytes()  # the records differ

    class Input:
        buffer = io.BytesIO("abc é\n".encode())

    monkeypatch.setattr(sys, "stdin", Input)
    assert render("-") == 0 and out.read_bytes() == expected


def test_what_is_not_drawn_is_reported(render, capsys):
    assert render("ab☃ c", "--missing", "skip") == 0
    report = capsys.readouterr().err
    assert report.startswith("handsynth: ") and "U+2603" in report and report.count("\n") == 2
    assert render("ab☃ c", "--missing", "box") == 0
    assert "box" in capsys.readouterr().err


def test_a_very_wide_picture_is_made_with_a_hint(render, tmp_path, capsys):
    text = "abc " * 200
    assert render(text) == 0
    width = size(tmp_path / "out.png")[0]
    said = capsys.readouterr().err
    assert width > cli.WIDE and f"{width:,} px wide" in said and "--wrap" in said and said.count("\n") == 2
    for quiet in ([text, "--wrap", "800"], ["abc"]):
        assert render(*quiet) == 0
        assert "px wide" not in capsys.readouterr().err


def test_what_was_perhaps_meant_otherwise_is_hinted(render, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cab").write_text("abc")
    for text, hint in (("cab", "--file cab"), ("a\\nb", "holds \\n"), ("abc", ""), ("cab.md", "")):
        assert render(text, "--missing", "skip") == 0
        said = capsys.readouterr().err
        assert hint in said and ("is a file here" in said or "holds" in said) == bool(hint)


def test_files_wrap_unless_they_are_not_to(render, tmp_path, capsys):
    (tmp_path / "long.txt").write_text("abc " * 100)
    out = tmp_path / "out.png"
    options = ["-o", str(out)]
    assert main(["render", "-f", str(tmp_path / "long.txt"), *options]) == 0
    assert size(out)[0] < 62 * 24 + 2 * 24 and size(out)[1] > 6 * 24
    capsys.readouterr()
    assert main(["again", str(out)]) == 0
    assert "--wrap 1440px" in capsys.readouterr().out  # so that the text, however it is given, wraps again
    assert main(["render", "-f", str(tmp_path / "long.txt"), "--wrap", "none", *options]) == 0
    assert size(out)[1] < 6 * 24


def test_the_picture_of_a_short_file_ends_with_its_ink(render, tmp_path, capsys):
    (tmp_path / "short.txt").write_text("ab\tc\n")
    assert render("--file", tmp_path / "short.txt") == 0
    from_file = size(tmp_path / "out.png")
    assert render("ab\tc") == 0
    assert from_file == size(tmp_path / "out.png")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([""], "nothing to write"),
        ([" \n "], "nothing to write"),
        ([], "give the text"),
        (["a" * 200_000], "characters"),
        (["ab\x07"], "U+0007"),
        (["ab😀"], "U+1F600"),
        (["ab😀"], "give --missing skip or --missing box"),
        (["ab\udcff"], "character 3"),
        (["abc", "--hand", "Quil"], "did you mean Quill"),
        (["abc", "--hand", "none.hand"], "none.hand"),
        (["abc", "--size", "0"], "size"),
        (["abc", "--size", "tall"], "size"),
        (["abc", "--wrap", "1px"], "wrap"),
        (["abc", "--ink", "bluish"], "ink"),
        (["abc", "--paper-colour", "#12"], "paper"),
        (["abc", "--temperature", "hot"], "--temperature"),
        (["abc", "--temperature", "99"], "temperature"),
        (["abc", "--temperature", "nan"], "temperature"),
        (["abc", "--legibility", "0"], "legibility"),
        (["abc", "--missing", "guess"], "missing"),
        (["abc", "--letter-spacing", "-1"], "--letter-spacing is -1"),
        (["abc", "--line-spacing", "inf"], "line"),
        (["abc", "--seed", "18446744073709551616"], "seed"),
        (["abc", "--dpi", "0"], "dpi"),
        (["abc", "--max-pixels", "100"], "another --wrap or a larger --max-pixels"),
        (["abc", "--file", "x.txt"], "only one"),
        (["--file", "/none/x.txt"], "cannot read"),
    ],
)
def test_bad_input_is_one_line_and_no_file(render, tmp_path, capsys, arguments, word):
    assert render(*arguments) == 2
    output = capsys.readouterr()
    assert output.out == "" and output.err.startswith("handsynth: ") and output.err.count("\n") == 1, output.err
    assert word in output.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("out", ["out.xyz", "out", "none/out.png", "."])
def test_bad_output_is_refused_before_any_work(render, tmp_path, capsys, monkeypatch, out):
    monkeypatch.setattr("handsynth.model.model.Model.open", lambda *args: pytest.fail("worked before it checked"))
    assert render("abc", out=out) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_ten_megabytes_of_standard_input_are_refused(model, tmp_path):
    command = [sys.executable, "-m", "handsynth", "render", "-", "-o", tmp_path / "x.png", "--model", model]
    done = subprocess.run(command, input=b"abc " * 2_621_440, capture_output=True)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and not list(tmp_path.iterdir())


def test_same_bytes_in_another_process(render, model, tmp_path):
    assert render("abc é", "--seed", 5) == 0
    command = [sys.executable, "-m", "handsynth", "render", "abc é", "--seed", "5", "-o", tmp_path / "b.png"]
    subprocess.run([*command, "--model", model], check=True)
    assert (tmp_path / "b.png").read_bytes() == (tmp_path / "out.png").read_bytes()


def test_hands_are_listed(model, capsys):
    assert main(["hands", "--model", model]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["Quill", "Marker"]
    assert "thin and upright" in lines[0] and "print light" in lines[0]


def test_hands_are_found_by_tag(model, tmp_path, capsys):
    assert main(["hands", "--tag", "light", "--model", model]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["Quill"]
    out = tmp_path / "hands.png"
    assert main(["hands", "--tag", "light", "-o", str(out), "--text", "abc", "--model", model]) == 0
    with Image.open(out) as picture:
        assert picture.info["Hand"] == "Quill"
    capsys.readouterr()
    assert main(["hands", "--tag", "purple", "--model", model]) == 2
    error = capsys.readouterr().err
    assert "purple" in error and "light" in error and error.count("\n") == 1


def test_hands_are_drawn(model, tmp_path, capsys):
    out = tmp_path / "hands.png"
    assert main(["hands", "-o", str(out), "--text", "abc", "--model", model]) == 0
    with Image.open(out) as picture:
        assert picture.height > 2 * 24 and picture.info["Hand"] == "Quill, Marker"
    assert main(["hands", "-o", str(out), "--text", "xyz", "--model", model]) == 2
    assert main(["hands", "-o", str(tmp_path / "hands.doc"), "--text", "abc", "--model", model]) == 2
    assert capsys.readouterr().err.count("\n") == 3


def test_a_model_without_gallery(tmp_path, capsys):
    sisters = {"prior.onnx": stub.prior()}
    bare = stub.write_zip(tmp_path / "m.zip", stub.members(stub.card(sisters, gallery=()).to_json(), sisters))
    assert main(["hands", "--model", str(bare)]) == 0
    assert "no gallery" in capsys.readouterr().out
    assert main(["hands", "-o", str(tmp_path / "h.png"), "--text", "abc", "--model", str(bare)]) == 2
    assert main(["render", "abc", "-o", str(tmp_path / "r.png"), "--model", str(bare)]) == 0


def test_defaults_are_those_of_the_library():
    assert cli.TEMPERATURE == draw.TEMPERATURE and cli.LIMIT == look.MAX_PIXELS


@pytest.mark.parametrize(
    ("out", "word"),
    [
        ("/tmp", "it is a folder, give a file name"),
        (".", "it is a folder"),
        ("", "no name; give one that ends in .png"),
        ("-", "give a name that ends in .png"),
        ("noending", "give a name that ends in .png"),
        (".png", "give a name that ends in .png"),
        ("x" * 300 + ".png", "name"),
        ("/proc/x.png", "choose another place"),
    ],
)
def test_bad_output_names_say_what_to_give(tmp_path, monkeypatch, capsys, out, word):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("handsynth.model.model.Model.open", lambda *args: pytest.fail("worked before it checked"))
    for command in (["render", "abc"], ["sheet", "abc"], ["hands"]):
        assert main([*command, "-o", out]) == 2
        error = capsys.readouterr().err
        assert word in error and error.count("\n") == 1, error
    assert not list(tmp_path.iterdir())


def test_hands_text_needs_an_output(model, capsys):
    assert main(["hands", "--text", "abc", "--model", model]) == 2
    output = capsys.readouterr()
    assert "--output" in output.err and output.out == ""


def test_hands_draw_each_row_with_noise_of_its_own(model, monkeypatch):
    twins = [Hand(name, np.zeros(stub.S, np.float32), "h") for name in ("One", "Two", "One")]
    drawn, rows, told = Model.open(model), [], []
    monkeypatch.setattr(gallery, "render", lambda *args, **how: rows.append(api.render(*args, **how)) or rows[-1])
    gallery.gallery_picture(drawn, "abc", twins, temperature=1, progress=lambda *numbers: told.append(numbers))
    assert rows[0].tobytes() != rows[1].tobytes() and rows[0].tobytes() == rows[2].tobytes()
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(InputError, match="out of range"):
        gallery.gallery_picture(drawn, "abc", twins, seed=-1)
