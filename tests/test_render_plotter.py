"""Pages to HPGL and G-code: the moves of a pen, and nothing that a text could make of them."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace

import numpy as np
import pytest
from drawn import FACTS, HOSTILE, SPITEFUL, full_page, inkless, page, pen_page
from hypothesis import given, settings

from handsynth.errors import InputError
from handsynth.formats import gcode, hpgl, plotter, vector, write, writing
from handsynth.formats.look import Look
from handsynth.formats.raster import coverage

LOOK = Look(30, 150, metadata=FACTS)
MODULES = {"HPGL": hpgl, "G-code": gcode}


def hpgl_lines(data: bytes) -> list[np.ndarray]:
    """What a plotter draws, in mm from the lower left; any other instruction is an error."""
    text = re.sub(r'CO"[^"]*";', "", data.decode("ascii"))
    drawn: list[list[tuple[float, float]]] = []
    at = (0.0, 0.0)
    for order in text.replace("\n", "").split(";")[:-1]:
        name, rest = order[:2], order[2:]
        assert name in ("IN", "SP", "PU", "PD"), order
        if name in ("IN", "SP"):
            continue
        values = [int(value) / hpgl.PER_MM for value in rest.split(",")] if rest else []
        points = list(zip(values[::2], values[1::2], strict=True))
        if name == "PU":
            at = points[-1] if points else at
            drawn.append([])
        else:
            drawn[-1] += [at, *points] if not drawn[-1] else points
            at = points[-1]
    return [np.array(line) for line in drawn if line]


def gcode_lines(data: bytes) -> list[np.ndarray]:
    """The same for a milling machine with a pen."""
    drawn: list[list[tuple[float, float]]] = []
    at, down = (0.0, 0.0), False
    for line in data.decode("ascii").split("\n"):
        order = line.partition(";")[0].strip()
        if not order or order in ("G21", "G90", "M2"):
            continue
        assert re.fullmatch(r"G[01]( [XYZF]-?[0-9.]+)+", order), order
        values = {word[0]: float(word[1:]) for word in order.split()[1:]}
        if "Z" in values:
            down = values["Z"] <= 0
            if down:
                drawn.append([at])
            continue
        assert down == (order.startswith("G1 ")), order
        at = (values["X"], values["Y"])
        if down:
            drawn[-1].append(at)
    assert not down
    return [np.array(line) for line in drawn]


READERS = {"HPGL": hpgl_lines, "G-code": gcode_lines}


@pytest.mark.parametrize("kind", MODULES)
def test_the_pen_stays_on_the_ink(kind):
    made = page()
    lines = READERS[kind](MODULES[kind].part(made, LOOK))
    points = np.concatenate(lines)
    pixels = points * (1, -1) / 25.4 * 150 + (0, made.height * 30)
    covered = coverage(made, LOOK)[pixels[:, 1].astype(int), pixels[:, 0].astype(int)]
    assert len(lines) >= 18 and (covered > 0).mean() > 0.98


@pytest.mark.parametrize("kind", MODULES)
def test_the_pen_goes_over_all_of_the_ink(kind):
    made = page()
    pixels = np.concatenate(
        [np.concatenate([line[:-1], line[1:]], axis=1) for line in READERS[kind](MODULES[kind].part(made, LOOK))]
    )
    start, end = (ends * (1, -1) / 25.4 * 150 + (0, made.height * 30) for ends in (pixels[:, :2], pixels[:, 2:]))
    share = np.linspace(0, 1, 40)[:, None, None]
    points = (start + share * (end - start)).reshape(-1, 2)
    y, x = np.nonzero(coverage(made, LOOK) > 128)
    ink = np.stack([x + 0.5, y + 0.5], axis=1)
    nearest = np.array([np.hypot(*(points - place).T).min() for place in ink[::11]])
    assert np.quantile(nearest, 0.98) < 4.5  # half of the pen's width is 2.9 px


@pytest.mark.parametrize("kind", MODULES)
def test_strokes_of_the_page_are_drawn_and_the_sheet_is_not(kind):
    made = full_page()
    lines = READERS[kind](MODULES[kind].part(made, LOOK))
    stroke = made.strokes[0].points * (1, -1) * LOOK.mm + (0, made.height * LOOK.mm)
    assert any(np.abs(np.sort(line, axis=0) - np.sort(stroke, axis=0)).max() < 0.03 for line in lines if len(line) == 2)
    bare = replace(made, ruling=page("a").ruling)
    assert MODULES[kind].part(bare, LOOK) == MODULES[kind].part(made, LOOK)


def test_the_pen_travels_less_than_in_the_order_of_the_letters():
    made = page("the quick brown fox jumps over it\nand (so) it is", seed=5)
    naive = [stroke.points * LOOK.mm for stroke in vector.pen_strokes(made)]
    found = [path for pen in plotter.pens(made, LOOK, "HPGL") for path in pen.paths]
    assert len(found) == len(naive)
    assert plotter.travel(found) < 0.75 * plotter.travel(naive)


@pytest.mark.parametrize("pool", [0.0, 2.0])
@pytest.mark.parametrize("kind", MODULES)
def test_strokes_of_a_pen_are_drawn_as_they_are_written(kind, pool):
    made = pen_page("tij at\nvi")
    paths, matrices = made.glyphs.strokes, made.matrices()
    plotted = replace(made, glyphs=made.glyphs.pooled(made.frame, pool))
    lines = READERS[kind](MODULES[kind].part(plotted, LOOK))
    assert len(lines) == len(paths.width)
    # a loop of each letter, and when the word is done, their bars and dots; a and v do not wait for theirs
    order = [0, 2, 4, 1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    assert len(order) == len(paths.width)
    ends = list(zip(paths.owner, paths.strokes[:-1], paths.strokes[1:], strict=True))
    for line, (owner, first, stop) in zip(lines, (ends[k] for k in order), strict=True):
        points = paths.points[first:stop] @ matrices[owner, :, :2].T + matrices[owner, :, 2]
        placed = points * (1, -1) * LOOK.mm + (0, made.height * LOOK.mm)
        assert np.abs(line[[0, -1]] - placed[[0, -1]]).max() < 0.03 and len(line) < 1.5 * len(points) + 1


def test_lines_are_simplified_within_the_tolerance():
    turn = np.linspace(0, 2 * np.pi, 400)
    circle, straight = np.stack([np.cos(turn), np.sin(turn)], axis=1), np.linspace((0, 0), (3, 1), 50)
    points, begins = np.concatenate([circle, straight, [[5.0, 5.0]]]), np.array([0, 400, 450, 451])
    kept = writing.simplified(points, begins, 0.01)
    assert kept[400:450].sum() == 2 and kept[450] and 16 <= kept[:400].sum() <= 64 and kept[0] and kept[399]
    middles = (circle[kept[:400]][1:] + circle[kept[:400]][:-1]) / 2
    assert 1 - np.hypot(*middles.T).min() < 0.0101
    assert not writing.simplified(np.empty((0, 2)), np.zeros(1, int), 0.1).size


def test_the_header_is_that_of_its_language():
    assert hpgl.part(page(), LOOK).startswith(b'IN;\nCO"Software: handsynth 0.1.0";')
    assert re.search(rb"SP1;\nPU\d+,\d+;\nPD\d+,\d+", hpgl.part(page(), LOOK))
    assert gcode.part(page(), LOOK).startswith(b"; Software: handsynth 0.1.0\n")
    assert b"\nG21\nG90\nG0 Z5\nG0 X" in gcode.part(page(), LOOK)


@pytest.mark.parametrize("kind", MODULES)
def test_lines_and_instructions_are_short(kind):
    data = MODULES[kind].part(page(), replace(LOOK, metadata={"Text": "word " * 500}))
    assert max(map(len, data.split(b"\n"))) <= 800 and max(map(len, re.findall(rb"^[;C][^\n]*", data, re.M))) < 90


@pytest.mark.parametrize("kind", MODULES)
def test_pages_that_cannot_be_plotted_are_refused(kind):
    blank = page("a")
    with pytest.raises(InputError, match=f"no ink on the page, so a {kind} file would be empty"):
        MODULES[kind].part(inkless(blank), LOOK)
    with pytest.raises(InputError, match=f"{kind} file holds at most 10,000 mm"):
        MODULES[kind].part(replace(blank, width=1e5), LOOK)


@pytest.mark.parametrize("ending", [".hpgl", ".plt", ".gcode", ".nc"])
def test_the_same_page_gives_the_same_bytes(tmp_path, ending):
    for name in "ab":
        write(full_page(), tmp_path / f"{name}{ending}", LOOK)
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


SMALL = page("a")
PLAIN = {kind: READERS[kind](MODULES[kind].part(SMALL, Look(20))) for kind in MODULES}


def check(evil: str) -> None:
    """Whatever the metadata say, the machine does the same, and no character of theirs could be an order of its own."""
    look = Look(20, metadata={"Hand": evil, evil: "x", "Text": evil}, title=evil)
    for kind, module in MODULES.items():
        data = module.part(replace(SMALL, texts=(evil,), words=(evil,)), look)
        assert pickle.loads(pickle.dumps(data)) == data
        found = READERS[kind](data)
        assert len(found) == len(PLAIN[kind]) and all(map(np.array_equal, found, PLAIN[kind]))
        allowed = rb"[A-Za-z0-9 .,:/+=-]*"
        for line in data.split(b"\n"):
            comment = re.fullmatch(rb'CO"(.*)";' if kind == "HPGL" else rb"; (.*)", line)
            assert re.fullmatch(allowed, comment[1]) if comment else re.fullmatch(rb"[A-Z0-9 ,.;-]*", line)


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_text_moves_no_pen(evil):
    check(evil)


@settings(max_examples=40, deadline=None)
@given(SPITEFUL)
def test_untrusted_text_moves_no_pen(evil):
    check(evil)
