"""Ground truth is true: ink lies where it says, also after a camera, and it says what stands there."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from drawn import full_page, inkless, page, some
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from truths import TEXT, check_all, middles, outside, truth, written

from handsynth import api
from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.errors import InputError
from handsynth.formats import camera
from handsynth.formats.look import CAMERAS, Look, size
from handsynth.formats.raster import coverage, paint
from handsynth.layout.page import Page
from handsynth.layout.setting import LINE_HEIGHT
from handsynth.truth import truth_format
from handsynth.truth.polygons import clipped, clipped_line, to_pixels

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # of pycocotools
INK = 16
"""A pixel is ink from this coverage on, of 255."""
NEAR = 1.0
"""Its middle lies within its glyph's polygon, or so far outside at most, in px; of letters over 40 px, 1/40 of it."""


def glyph_inks(made: Page, look: Look):
    """Each glyph alone on the page."""
    for i in range(len(made)):
        yield i, some(made, np.arange(len(made)) == i)


@pytest.mark.parametrize("hand", ["random:3", "random:8"])
@pytest.mark.parametrize(("xheight", "slant"), [(9, 0.0), (20, -0.4), (20, 0.5), (60, 0.2)])
def test_every_glyph_s_ink_lies_in_its_polygon_and_fills_it(hand, xheight, slant):
    made, look = written(hand, slant), Look(xheight)
    found = truth(made, xheight)
    assert (found.width, found.height) == size(made, look)
    for i, one in glyph_inks(made, look):
        ink = middles(coverage(one, look) >= INK)
        assert len(ink)
        assert outside(found.glyph_polygons[i], ink).max() <= max(NEAR, xheight / 40)
        box = found.boxes("glyphs")[i]
        slack = np.abs(box - [*(ink.min(axis=0) - 0.5), *(ink.max(axis=0) + 0.5)])
        assert slack.max() <= 1.5 + 0.02 * xheight


@pytest.mark.parametrize("kind", ["hand", "made", "full"])
def test_no_ink_lies_outside_all_polygons(kind):
    # drawn here, not where tests are collected, which every process does
    made = {"hand": lambda: written("random:21"), "made": lambda: page("Tomb of gnat\nAVA"), "full": full_page}[kind]()
    found = truth(made)
    ink = middles(coverage(made, Look(20)) >= INK)
    polygons = [*found.glyph_polygons, *found.word_polygons[found.struck]]
    assert np.min([outside(polygon, ink) for polygon in polygons], axis=0).max() <= NEAR


@pytest.mark.parametrize("kind", CAMERAS)
def test_ink_lies_in_its_polygon_in_a_camera_s_picture(kind):
    made = written("random:3")
    look = Look(24, camera=kind, camera_strength=1.5)
    where = camera.camera_geometry(made, look)
    flat = truth(made, 24)
    found = flat.moved(where.matrix, *where.size)
    same = truth(made, 24, homography=where.matrix, size=where.size)
    assert (found.width, found.height) == (same.width, same.height) == where.size
    assert all((a == b).all() for a, b in zip(found.glyph_polygons, same.glyph_polygons, strict=True))
    assert np.abs(found.boxes("glyphs") - flat.boxes("glyphs")).max() > 3
    sheet = where.map(np.array([[6, 6], [flat.width - 6, 6], [flat.width - 6, flat.height - 6], [6, flat.height - 6]]))
    on_sheet = None
    for i, one in itertools.islice(glyph_inks(made, look), 0, None, 4):
        image = np.asarray(paint(one, look).convert("L"))
        if on_sheet is None:
            drawn = Image.new("1", where.size)
            ImageDraw.Draw(drawn).polygon([tuple(corner) for corner in sheet.tolist()], fill=1)
            on_sheet = np.asarray(drawn)
        ink = middles(on_sheet & (image < 0.5 * np.median(image[on_sheet])))
        assert len(ink) > 3
        assert outside(found.glyph_polygons[i], ink).max() <= NEAR


def test_polygons_are_convex_run_clockwise_and_hold_one_another():
    where = camera.camera_geometry(written("random:8"), Look(20, camera="photographed", camera_strength=2.0))
    for found in (
        truth(written("random:8")),
        truth(full_page()),
        truth(written("random:8")).moved(where.matrix, *where.size),
    ):
        for polygon in (*found.glyph_polygons, *found.word_polygons, *found.line_polygons):
            assert outside(polygon, polygon).max() < 0.01
            x, y = polygon.T
            assert (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() > 0
        for i, word in enumerate(found.glyph_word.tolist()):
            assert outside(found.word_polygons[word], found.glyph_polygons[i]).max() < 0.01
        for i, line in enumerate(found.word_line.tolist()):
            assert outside(found.line_polygons[line], found.word_polygons[i]).max() < 0.01


def test_a_truth_says_what_stands_there():
    found = truth(written("random:3"))
    assert found.text == TEXT
    assert found.lines == tuple(line for line in found.text.split("\n") if line)
    assert found.words == tuple(found.text.split())
    for i, word in enumerate(found.words):
        assert "".join(found.glyphs[j] for j in np.flatnonzero(found.glyph_word == i)) == word
    for i, line in enumerate(found.lines):
        assert " ".join(found.words[j] for j in np.flatnonzero(found.word_line == i)) == line
    tops = found.boxes("lines")[:, 1]
    assert (np.diff(tops) > 0).all() and not found.struck.any()


def test_a_word_that_goes_on_in_the_next_line_is_two():
    made = page("extraordinarily", wrap=6.0)
    found = truth(made)
    assert len(found.lines) > 1 and found.lines == found.words
    assert all(word.endswith("-") for word in found.words[:-1])
    assert "".join(found.words).replace("-", "") == "extraordinarily"


def test_baselines_go_through_where_the_letters_stand():
    made = api.typeset("mimic nun\nvenom mixer venom mixer venom mixer venom", hand="random:3", seed=4)
    assert 0.03 < made.shift.std() < 0.3  # letters stand loosely about their line
    for matrix in (np.eye(3), np.array([[1.1, 0.1, 5], [0.05, 0.9, 9], [1e-4, 5e-5, 1]])):
        found = truth(made, 40).moved(matrix, 2000, 900)
        feet = np.stack([made.x, made.y + made.shift, np.ones(len(made)) / 40], axis=1) * 40 @ matrix.T
        feet = feet[:, :2] / feet[:, 2:]
        boxes = found.boxes("lines")
        for i, line in enumerate(found.line_baselines):
            assert len(line) >= 2 and (np.diff(line[:, 0]) > 0).all()
            assert abs(line[0, 0] - boxes[i, 0]) < 20 and abs(line[-1, 0] - boxes[i, 2]) < 20
            mine = feet[made.line == i]
            away = np.abs(np.interp(mine[:, 0], *line.T) - mine[:, 1])
            assert away.max() < 0.05 * 40


def test_what_is_struck_out_is_no_text_but_its_ink_is_found():
    made = full_page()
    found = truth(made)
    gone = np.flatnonzero(found.struck)
    assert [found.words[i] for i in gone] == ["of"]
    assert found.lines[0] == "Tomb gnat" and found.text == "Tomb gnat\nAVA (fjord) I\nb-g"
    ink = middles(coverage(replace(some(made, np.zeros(len(made), bool)), strokes=made.strokes), Look(20)) >= INK)
    assert outside(found.word_polygons[gone[0]], ink).max() <= NEAR
    ruled = replace(made, struck=np.zeros(len(made), bool))
    assert truth(ruled).text == "Tomb of gnat\nAVA (fjord) I\nb-g"


def test_slips_of_a_person_s_page_lie_in_their_words_polygons():
    text = "several people happily wrote something about handwriting yesterday " * 6
    style = Style().set(["paper.name=a5-ruled", "person.slips=10", "person.slant=2", "person.size=2"])
    made = next(iter(Document(text, style, markdown=False).pages()))
    found = truth(made, 16)
    assert len(made.strokes) == found.struck.sum() >= 3
    kept = [word for word, out in zip(found.words, found.struck, strict=True) if not out]
    assert found.text.replace("\n", " ").split() == kept and text.startswith(" ".join(kept[:9]))
    ink = middles(coverage(made, Look(16)) >= INK)
    for polygon in [*found.glyph_polygons, *found.word_polygons[found.struck]]:
        box = polygon.min(axis=0) - NEAR, polygon.max(axis=0) + NEAR
        near = np.flatnonzero(((ink >= box[0]) & (ink <= box[1])).all(axis=1))
        ink = np.delete(ink, near[outside(polygon, ink[near]) <= NEAR], axis=0)
    assert not len(ink), "some lies in no polygon"
    check_all(found)


def test_a_line_all_struck_out_is_in_the_truth_and_in_no_format_s_text():
    made = page("gone\nhere")
    found = truth(replace(made, struck=made.line == 0))
    assert found.lines == ("", "here") and found.text == "\nhere"
    for name in ("alto", "page", "hocr"):
        data = truth_format(name).text(found, "a.png")
        assert b"gone" not in data and data.count(b'id="line_' if name != "alto" else b'ID="line_') == 1
        assert b"struck_1" in data


def test_a_sheet_without_a_word():
    made = some(page("x"), np.zeros(1, bool))
    empty = truth(made)
    assert empty.lines == empty.words == empty.glyphs == () and empty.text == ""
    assert [len(empty.boxes(kind)) for kind in ("lines", "words", "glyphs")] == [0, 0, 0]
    assert empty.moved(np.eye(3), 9, 9).width == 9
    check_all(empty)


def test_glyphs_without_ink_have_a_speck_where_they_would_stand():
    made = inkless(page("ab"), [1])
    box = truth(made).boxes("glyphs")[1]
    foot = np.array([made.x[1], made.y[1]]) * 20
    assert (box[:2] < foot).all() and (box[2:] > foot).all() and (box[2:] - box[:2] < 3).all()
    check_all(truth(inkless(made)))


def test_a_map_beyond_the_horizon_is_refused():
    found = truth(page("Tomb"))
    with pytest.raises(InputError, match="tears"):
        found.moved(np.array([[1, 0, 0], [0, 1, 0], [-0.02, 0, 1.0]]), 100, 100)
    with pytest.raises(InputError, match="lines, words or glyphs"):
        found.boxes("pages")


def test_no_unknown_format():
    with pytest.raises(InputError, match="alto, page, hocr, coco, jsonl"):
        truth_format("docx")


@given(
    st.lists(st.tuples(st.floats(-50, 150), st.floats(-50, 150)), min_size=3, max_size=12),
    st.integers(1, 100),
    st.integers(1, 100),
)
@settings(deadline=None)
def test_a_polygon_is_cut_to_the_picture(points, width, height):
    angle = np.linspace(0, 2 * np.pi, len(points), endpoint=False)
    radius = 10 + abs(points[0][0])
    polygon = np.stack([points[0][0] + radius * np.cos(angle), points[0][1] + radius * np.sin(angle)], axis=1)
    cut = clipped(polygon, width, height)
    assert (cut >= 0).all() and (cut <= [width, height]).all()
    grid = middles(np.ones((height, width), bool))
    sure = np.abs(outside(polygon, grid)) > 1e-6
    inside = outside(polygon, grid) < 0
    if inside[sure].any():
        assert ((outside(cut, grid) < 1e-6) == inside)[sure].all()
    corners = to_pixels(cut, width, height)
    assert len(corners) >= 3 and (corners >= 0).all() and (corners <= [width, height]).all()
    assert (np.ptp(corners, axis=0) > 0).all()


def test_a_baseline_is_cut_where_it_leaves_the_picture():
    line = np.array([[-10.0, 10.0], [10.0, 20.0], [30.0, 40.0], [70.0, 80.0]])
    assert clipped_line(line, 50, 100).tolist() == [[0, 15], [10, 20], [30, 40], [50, 60]]
    assert clipped_line(line, 100, 100)[1:].tolist() == line[1:].tolist()
    assert clipped_line(line - [0, 200], 100, 100)[:, 1].max() == 0


def test_lines_do_not_overlap_at_the_usual_distance():
    boxes = truth(written("random:3")).boxes("lines")
    assert (np.diff(boxes[:, 1]) > 0.3 * LINE_HEIGHT * 20).all()
