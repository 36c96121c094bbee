"""Kinds of pens in files, which say what they leave out."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
import resvg_py
from PIL import Image

from handsynth.cli.app import main
from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.ink import pens


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ada, it rains.")
    return str(path)


def said(capfd) -> list[str]:
    lines = [line.removeprefix("handsynth: ") for line in capfd.readouterr().err.splitlines()]
    return [line for line in lines if not line.startswith("wrote ")]


def test_files_say_what_they_leave_out_of_a_pen(letter, tmp_path, capfd):
    def page(name: str, *options: str) -> list[str]:
        assert main(["page", letter, "-o", str(tmp_path / name), *options]) == 0
        return said(capfd)

    even = "hold even ink: the"
    assert page("a.png", "--pen", "pencil") == []
    assert page("a.pdf", "--pen", "brush") == page("a.svg", "--pen", "nib") == page("a.svg", "--pen", "fineliner") == []
    assert page("a.svg", "--pen", "pencil") == [
        f".svg files {even} pencil keeps the shape of its strokes, and its grain is left out"
    ]
    assert page("a.pdf", "--pen", "felt") == [
        f".pdf files {even} felt pen keeps the shape of its strokes, and its darker ends and crossings are left out"
    ]
    plotter = "hold the way of the pen alone: the fountain pen is yours to put into the plotter"
    assert page("a.hpgl", "--pen", "fountain") == [f".hpgl files {plotter}"]
    assert page("a.svg", "--pen", "fountain", "--centreline") == [f".svg files of centre lines {plotter}"]
    assert main(["render", "Ada", "-o", str(tmp_path / "b.gcode"), "--pen", "fountain"]) == 0
    assert said(capfd) == [f".gcode files {plotter}"]
    assert main(["font", "-o", str(tmp_path / "b.ttf"), "--chars", "ab", "-n", "1", "--pen", "pencil"]) == 0
    assert said(capfd) == [f"fonts {even} pencil keeps the shape of its strokes, and its grain is left out"]
    assert main(["render", "Ada", "-o", str(tmp_path / "c.png"), "--pen", "crayon"]) == 2
    assert said(capfd) == [f"the pen is 'crayon'; give {', '.join(pens.NAMES)}"]


def test_even_pens_stay_strokes_and_others_are_filled(letter, tmp_path):
    def svg(pen: str) -> str:
        assert main(["page", letter, "-o", str(tmp_path / "a.svg"), "--pen", pen]) == 0
        return (tmp_path / "a.svg").read_text()

    for pen in ("round", "fineliner"):
        assert 'stroke-linecap="round"' in svg(pen) and "fill-rule" not in svg(pen)
    for pen in (name for name, kind in pens.PENS.items() if kind.varies):
        assert 'fill-rule="nonzero"' in svg(pen) and "evenodd" not in svg(pen)
        assert len(re.findall("<path d=", svg(pen))) <= 17, "one path a letter, and the paper"


@pytest.mark.parametrize("pen", ["pencil", "felt", "nib"])
def test_pages_are_the_same_whoever_draws_them(pen, tmp_path):
    text = "No two letters are alike. " * 30
    document = Document(text, Style().set([f"writing.pen={pen}", "paper.name=a6", "output.dpi=90"]))
    one = document.write(tmp_path / "one.tiff", workers=1)[0].read_bytes()
    assert Document(text, document.style).write(tmp_path / "two.tiff", workers=2)[0].read_bytes() == one


def drawn_twice(pen: str, letter: str, tmp_path) -> tuple[np.ndarray, np.ndarray]:
    """How dark a page is in our picture, and in what another program makes of our SVG."""
    page = ["page", letter, "--paper", "70x30mm", "--margins", "3mm", "--size", "2.5mm", "--pen", pen, "--dpi", "200"]
    page += ["--set", "person.ink=0", "--set", "output.ink=black"]
    assert main([*page, "-o", str(tmp_path / "a.png")]) == main([*page, "-o", str(tmp_path / "a.svg")]) == 0
    ours = np.asarray(Image.open(tmp_path / "a.png").convert("L")).astype(float)
    drawn = bytes(resvg_py.svg_to_bytes(svg_string=(tmp_path / "a.svg").read_text(), dpi=200))
    theirs = np.asarray(Image.open(io.BytesIO(drawn)).convert("L")).astype(float)
    height, width = np.minimum(ours.shape, theirs.shape)  # they round the sheet's edge otherwise
    return 255 - ours[:height, :width], 255 - theirs[:height, :width]


@pytest.mark.parametrize("pen", ["fineliner", "fountain", "brush", "nib"])
def test_another_program_draws_the_file_as_the_picture_is(pen, letter, tmp_path):
    ours, theirs = drawn_twice(pen, letter, tmp_path)
    if not pens.PENS[pen].toned:
        assert ours.sum() == pytest.approx(theirs.sum(), rel=0.06)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.98


def test_a_brush_does_not_taper_amid_joins(tmp_path):
    """A picture in one ink was drawn letter by letter, its outlines in one stroke."""
    (tmp_path / "letter.txt").write_text("minimum allowance, all in all")
    ours, theirs = drawn_twice("brush", str(tmp_path / "letter.txt"), tmp_path)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.995
