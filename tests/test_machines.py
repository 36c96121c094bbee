"""What machines are told: plotters' papers and limits, G-code by profiles, the order of strokes, hatching, DXF."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pen_judges
import pypdfium2
import pytest
from drawn import FACTS, full_page, pen_page
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.cli.app import main
from handsynth.errors import InputError
from handsynth.formats import check_kind, dxf, encode, gcode, hatch, hpgl, plotter, svg, writing
from handsynth.formats.devices import DEVICES, device
from handsynth.formats.look import Look
from handsynth.formats.plot import Motion, Plot
from handsynth.formats.profiles import PRESETS, profile
from handsynth.formats.writing import PenStroke

LOOK = Look(30, 150, metadata=FACTS)


def look(**how: object) -> Look:
    return replace(LOOK, plot=Plot.of(**how))


def sheet(width: float, height: float):
    """A page of that many mm."""
    return replace(pen_page("tij at\nvi"), width=width / LOOK.mm, height=height / LOOK.mm)


def words(data: bytes) -> list[str]:
    return data.decode("ascii").replace("\n", "").split(";")[:-1]


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("upright", [False, True])
def test_a_file_for_a_plotter_holds_its_words_alone_within_its_limits(name, upright):
    sides = (297.0, 210.0)[:: -1 if upright else 1]
    page = replace(sheet(*sides), y=sheet(*sides).y + 5, x=sheet(*sides).x + 5)
    orders = words(hpgl.part(page, look(device=name)))
    assert {order[:2] for order in orders} <= {"IN", "PS", "SP", "PU", "PD"} and orders[0] == "IN"
    points = np.array([list(map(int, order[2:].split(","))) for order in orders if re.match("P[UD].", order)], object)
    flat = np.concatenate([np.array(row, int).reshape(-1, 2) for row in points])
    assert (flat >= 0).all() and (flat <= DEVICES[name].papers[0].reach).all()


def test_an_upright_sheet_is_turned_and_begins_where_the_paper_does():
    machine, mark = device("hp7475a-a4"), [np.array([[0.0, 297.0], [10.0, 290.0]])]
    with pytest.raises(InputError, match="beyond where the hp7475a can draw on a4 paper, 10 to 285 mm"):
        machine.placed(mark, 210, 297)
    paper, (found,) = machine.placed([np.array([[20.0, 277.0], [20.0, 267.0]])], 210, 297)
    # 20 mm from the left of the upright sheet is 190 mm up on the paper as it lies
    assert paper.name == "a4" and np.allclose(found, np.array([[267.0, 186.0], [257.0, 186.0]]) / 0.02488, atol=0.5)
    _, (level,) = machine.placed([np.array([[20.0, 30.0], [30.0, 30.0]])], 297, 210)
    assert np.allclose(level, np.array([[10.0, 26.0], [20.0, 26.0]]) / 0.02488, atol=0.5)


@pytest.mark.parametrize(
    ("name", "said"),
    [("hp9999", "the device is 'hp9999'; give hp7440a"), ("hp7440a-a3", "the hp7440a takes no paper 'a3'; give")],
)
def test_plotters_that_are_not_known_are_refused(name, said):
    with pytest.raises(InputError, match=said):
        device(name)


def test_a_sheet_that_no_paper_holds_is_refused():
    with pytest.raises(InputError, match="a sheet of 420 x 297 mm does not fit into the hp7440a, which takes a4"):
        hpgl.part(sheet(420, 297), look(device="hp7440a"))


@pytest.mark.parametrize("name", PRESETS)
def test_machines_are_told_as_their_profile_says(name):
    gcodeparser = pytest.importorskip("gcodeparser")
    chosen, made = profile(name), pen_page("tij")
    text = gcode.part(made, look(profile=name)).decode()
    lines = [line for line in text.split("\n") if line and not line.startswith(";")]
    assert tuple(lines[: len(chosen.header)]) == chosen.header and tuple(lines[-len(chosen.footer) :]) == chosen.footer
    count = len(made.glyphs.strokes.width)
    down, up = "\n".join(chosen.pen_down), "\n".join(chosen.pen_up)
    assert text.count(f"\n{down}\n") == count and text.count(f"\n{up}\n") == count + 1
    assert f"F{chosen.feed:g}" in text and "{" not in text
    parsed = gcodeparser.parse_gcode_lines(text)
    assert sum(line.command_str == "G0" and "X" in line.params for line in parsed) == count + 1


def test_a_profile_of_ones_own_is_read(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text(
        'header = ["G21"]\npen_up = ["M3 S0"]\npen_down = ["M3 S255"]\ntravel = "G00 X{x} Y{y} F9000"\n'
        'draw = "G01 X{x} Y{y} F{feed}"\nfeed = 1200\npause = []\nfooter = ["M30"]\n'
    )
    text = gcode.part(pen_page("t"), look(profile=str(own))).decode()
    assert text.endswith("\nM3 S0\nM30\n") and re.search(r"\nM3 S255\nG01 X[\d.]+ Y[\d.]+ F1200\n", text)


GOOD = {"header": "[]", "pen_up": "[]", "pen_down": "[]", "travel": '"G0 X{x} Y{y}"', "draw": '"G1 X{x} Y{y}"',
        "feed": "100", "pause": "[]", "footer": "[]"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"feed": "-1"}, "feed is -1; give 1 to 1,000,000"),
        ({"draw": '"G1"'}, "draw is 'G1', without {x} and {y}"),
        ({"pen_up": '"M5"'}, "pen_up is 'M5'; give a list of lines"),
        ({"header": '["G0\\nX1"]'}, "is no line of G-code"),
        ({"footer": '["{z}"]'}, "has braces that are not"),
        ({"speed": "3"}, "has 'speed', which means nothing there"),
        ({"feed": ""}, "is not a TOML file"),
    ],
)
def test_a_damaged_profile_is_one_line(tmp_path, change, said):
    file = tmp_path / "bad.toml"
    file.write_text("\n".join(f"{key} = {value}" for key, value in {**GOOD, **change}.items()))
    with pytest.raises(InputError, match=re.escape(said)) as error:
        profile(str(file))
    assert "\n" not in str(error.value)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_profile_or_an_error_of_one_line(tmp_path_factory, data):
    file = tmp_path_factory.mktemp("p") / "a.toml"
    file.write_bytes(data)
    with pytest.raises(InputError):
        profile(str(file))


def test_dots_and_bars_follow_their_word_and_other_lines_what_they_lie_at():
    made = full_page()
    assert [stroke.drawn for stroke in writing.strokes(pen_page("tij a"))] == [0, 2, 4, 1, 3, 5, 6, 7]
    # the line that strikes the second word out comes after it, and before the third
    assert [stroke.word for stroke in writing.strokes(made)].index(-1) > 0
    numbers = list(dict.fromkeys(stroke.word for stroke in writing.strokes(made)))
    assert numbers[:4] == [0, 1, -1, 2]


def test_capitals_have_their_bars_at_once():
    assert [stroke.drawn for stroke in writing.strokes(pen_page("TI"))] == [0, 1, 2, 3]


def test_the_short_way_is_short_and_loses_nothing():
    made = pen_page("the quick brown fox\njumps over it all\nand is gone", seed=3)
    usual = [path for pen in plotter.pens(made, LOOK, "HPGL") for path in pen.paths]
    short = [path for pen in plotter.pens(made, look(optimise=True), "HPGL") for path in pen.paths]
    assert plotter.travel(short) < 0.8 * plotter.travel(usual)

    def ends(paths):
        return sorted(tuple(sorted(map(tuple, path[[0, -1]].round(6).tolist()))) for path in paths)

    assert ends(short) == ends(usual)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=30))
def test_the_nearest_end_is_always_next(places):
    paths = [np.array([place, (place[0] + 1, place[1])], float) for place in places]
    found = list(plotter.nearest(paths, np.zeros(2)))
    assert len(found) == len(paths)
    at, left = np.zeros(2), [path.copy() for path in paths]
    for path in found:
        gaps = [min(np.hypot(*(end - at)) for end in one[[0, -1]]) for one in left]
        assert np.isclose(np.hypot(*(path[0] - at)), min(gaps))
        left.pop(next(i for i, one in enumerate(left) if sorted(one.tolist()) == sorted(path.tolist())))
        at = path[-1]


def inside(ways: list[np.ndarray], pen: float, radius: float, end: float) -> tuple[float, float]:
    """Of a level stroke from 0 to `end`: share of its ink within reach of the pen, and how far the pen goes beyond."""
    points = np.concatenate([np.linspace(a, b, 30) for way in ways for a, b in zip(way, way[1:], strict=False)])
    grid = np.stack(np.meshgrid(np.linspace(-radius, end + radius, 80), np.linspace(-radius, radius, 40)), 2)
    ink = grid.reshape(-1, 2)
    ink = ink[np.hypot(ink[:, 0] - np.clip(ink[:, 0], 0, end), ink[:, 1]) <= 0.99 * radius]
    reached = np.array([np.hypot(*(points - place).T).min() for place in ink]) <= pen / 2 + 1e-9
    out = np.hypot(points[:, 0] - np.clip(points[:, 0], 0, end), points[:, 1]).max() + pen / 2 - radius
    return float(reached.mean()), float(out)


@pytest.mark.parametrize("pen", [0.05, 0.1, 0.2])
def test_a_thin_pen_fills_a_broad_stroke_and_stays_in_it(pen):
    line = PenStroke(np.stack([np.linspace(0, 3, 40), np.zeros(40)], axis=1), np.full(40, 0.5))
    covered, out = inside(hatch.filled(line, pen), pen, 0.25, 3.0)
    assert covered > 0.97 and out < 1e-6
    covered, out = inside(hatch.filled(PenStroke(np.zeros((1, 2)), np.array([0.5])), pen), pen, 0.25, 0.0)
    assert covered > 0.93 and out < 1e-6
    assert len(hatch.filled(line, 0.5)[0]) == 40 and hatch.filled(line, 0.0)[0] is line.points


def test_a_centreline_svg_is_lines_of_the_pen_in_one_layer():
    made = full_page()
    data = svg.part(made, replace(LOOK, centreline=True)).decode()
    assert data.count("<g ") == 1 and not re.search('fill="(?!none)', data)
    ruled = svg.part(made, replace(look(rules=True), centreline=True)).decode()
    assert re.findall('inkscape:label="(.*?)"', ruled) == ["1 #000000", "2 #78a0dc"]


@pen_judges.needed
def test_vpype_reads_one_layer_whose_way_is_that_of_our_hpgl(tmp_path):
    made = pen_page("the quick brown fox\njumps over it all\nand is gone", seed=3)
    paths = [path for pen in plotter.pens(made, LOOK, "HPGL") for path in pen.paths]
    (tmp_path / "a.svg").write_bytes(svg.part(made, replace(LOOK, centreline=True)))
    program = (
        "import json, sys; from vpype_cli import execute\n"
        "read = [execute(f'read {sys.argv[1]} ' + more).layers for more in ('', 'linesort')]\n"
        "print(json.dumps([{k: [len(v), v.pen_up_length()[0] / 96 * 25.4] for k, v in one.items()} for one in read]))"
    )
    usual, short = pen_judges.asked(program, tmp_path / "a.svg")
    assert list(usual) == ["1"] and usual["1"][0] == len(paths)
    assert usual["1"][1] == pytest.approx(plotter.travel(paths), rel=0.1)
    ours = plotter.travel(path for pen in plotter.pens(made, look(optimise=True), "HPGL") for path in pen.paths)
    assert ours <= 1.1 * short["1"][1]


def test_ezdxf_finds_nothing_wrong_with_our_dxf():
    ezdxf = pytest.importorskip("ezdxf")
    made = full_page()
    read = ezdxf.read(io.StringIO(dxf.part(made, LOOK).decode("cp1252")))
    audit = read.audit()
    lines = list(read.modelspace())
    assert not audit.errors and not audit.fixes and read.header["$INSUNITS"] == 4
    assert {line.dxftype() for line in lines} == {"LWPOLYLINE"} and not any(line.closed for line in lines)
    paths = [path for pen in plotter.pens(made, LOOK, "DXF") for path in pen.paths]
    assert [line.dxf.layer for line in lines] == ["PEN1"] * len(paths)
    assert all(
        np.allclose(np.array(line.get_points("xy"))[0], path[0], atol=1e-3)
        for line, path in zip(lines, paths, strict=True)
    )


@pytest.mark.parametrize(
    ("suffix", "how", "said"),
    [
        (".png", look(device="dxy"), "device means nothing in .png files; write .hpgl, .plt"),
        (".hpgl", look(profile="servo"), "profile means nothing in .hpgl files; write .gcode, .nc"),
        (".pdf", look(hatch="0.3mm"), "hatch means nothing in .pdf files"),
        (".svg", look(optimise=True), "add centreline"),
        (".png", replace(LOOK, motion=Motion(animate=True)), "animate means nothing in .png files"),
        (".svg", replace(LOOK, motion=Motion(pen_shown=True)), "add animate"),
    ],
)
def test_what_a_format_cannot_do_is_refused(suffix, how, said):
    with pytest.raises(InputError, match=said):
        check_kind(suffix, how)


@pytest.mark.parametrize(
    "flags", [["--device", "no"], ["--profile", "no"], ["--hatch", "3"], ["--duration", "-1"], ["--fps", "0"]]
)
def test_wrong_options_are_one_line(tmp_path, capsys, flags):
    out = {"--device": "a.hpgl", "--profile": "a.gcode", "--hatch": "a.hpgl"}.get(flags[0], "a.gif")
    assert main(["render", "Ada", "-o", str(tmp_path / out), *flags]) == 2
    assert capsys.readouterr().err.count("\n") == 1 and not list(tmp_path.iterdir())


def test_a_page_says_in_its_command_how_it_was_plotted(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("Dear Ada")
    out = str(tmp_path / "a.gcode")
    assert main(["page", str(tmp_path / "a.txt"), "-o", out, "--profile", "servo", "--optimise"]) == 0
    assert main(["again", out]) == 0
    said = capsys.readouterr().out
    assert "plotter.profile=servo" in said and "plotter.optimise=true" in said


@pytest.mark.skipif(not shutil.which("librecad"), reason="LibreCAD is not installed")
def test_librecad_draws_our_dxf_as_we_do(tmp_path):
    pytest.importorskip("ezdxf")
    (tmp_path / "page.dxf").write_bytes(dxf.part(full_page(), LOOK))
    home = {**os.environ, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    command = ["librecad", "dxf2pdf", "-a", "-m", "page.dxf"]
    subprocess.run(command, env=home, cwd=tmp_path, check=True, timeout=120, capture_output=True)
    document = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    ink = document[0].render(scale=4).to_numpy().min(axis=2) < 200
    document.close()
    points = np.concatenate([path for pen in plotter.pens(full_page(), LOOK, "DXF") for path in pen.paths])
    wanted, found = np.ptp(points, axis=0), [np.ptp(np.flatnonzero(ink.any(axis=axis))) for axis in (0, 1)]
    # as large as the sheet allows, and of our shape
    assert ink.any() and abs(found[0] / found[1] / (wanted[0] / wanted[1]) - 1) < 0.03


def test_the_same_page_gives_the_same_dxf():
    pytest.importorskip("ezdxf")
    assert encode(full_page(), ".dxf", LOOK) == encode(full_page(), ".dxf", LOOK)
