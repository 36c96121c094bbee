"""The form of today: two boxes for a letter where there is room, and lines to copy, which tell the space of letters."""

from __future__ import annotations

import numpy as np
import photos
import pytest
from PIL import Image

from handsynth import Hand, Model
from handsynth.api import typeset
from handsynth.drawing.draw import glyphs
from handsynth.formats.look import Look
from handsynth.formats.raster import paint
from handsynth.learning.api import learn
from handsynth.learning.copied import read_copied
from handsynth.learning.cut import cut
from handsynth.learning.form import COPY, PAPERS, SETS, XHEIGHT, Form
from handsynth.learning.locate import locate
from handsynth.learning.printing import draw, picture

FORM = Form.of("letters", None)
PER_MM = 10.0


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


@pytest.fixture(scope="module")
def filled(model) -> dict[int, np.ndarray]:
    chars = FORM.written(1)
    drawn = glyphs(
        model, Hand.gallery(model, "Quill"), model.index(chars), np.arange(len(chars), dtype=np.uint64), 0
    ).ink()
    return dict(enumerate(np.rint(drawn * 255).astype(np.uint8)))


def copied(model, gap: float, texts=COPY, per_mm: float = PER_MM) -> tuple[tuple[Image.Image, float], ...]:
    lines = []
    for text in texts:
        page = typeset(text, model=model, hand="Quill", seed=1, gap=gap, joined=0)
        image = paint(page, Look(XHEIGHT * per_mm, 300.0, (0, 0, 0, 255), (255, 255, 255, 0)))
        lines.append((image.getchannel("A"), float(page.y[0]) * XHEIGHT * per_mm))
    return tuple(lines)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", SETS)
def test_a_sheet_is_filled_without_more_pages(paper, name):
    form, once = Form.of(name, None, paper), Form.of(name, 1, paper)
    assert form.pages == once.pages
    boxes = "".join(form.written(page) for page in range(1, form.pages + 1))
    counts = [boxes.count(char) for char in form.chars]
    assert set(counts) <= {1, 2} and counts == sorted(counts, reverse=True)
    if name in ("letters", "alphanumeric"):
        assert counts.count(2) >= 0.9 * len(counts)
    lines = form.lines(form.pages)
    assert [text for text, _ in lines] == list(COPY) and form.lines(0) == []
    assert lines[0][1] > form.cells(form.pages)[:, 1].max() + form.box
    assert lines[-1][1] + form.box < form.marks[2, 1]


def test_lines_are_not_asked_for_in_letters_that_are_not_on_the_form():
    assert Form.of("abc", None).lines(1) == []


@pytest.mark.parametrize("repetitions", [None, 1, 3])
@pytest.mark.parametrize("version", [1, 2])
def test_a_form_of_any_version_is_known_from_its_code(version, repetitions):
    if version == 1 and repetitions is None:
        return
    form = Form.of("letters", repetitions, "letter", version)
    assert Form.from_code(form.code(1)) == form
    assert bool(form.lines(form.pages)) == (version == 2 and form.pages == 1 and repetitions != 3) or repetitions == 3


def test_a_form_that_was_printed_before_is_read_with_its_boxes_where_they_were(model, filled):
    old = Form.of("letters", 1, "a4", 1)
    first = {box: filled[FORM.written(1).index(char)] for box, char in enumerate(old.written(1))}
    taken = photos.photograph(old, 1, first, 5, photos.Scene(size=(1800, 2400), per_mm=9.0))
    found = locate(taken.image)
    assert found.form == old and read_copied(found, model) == ([], [])


SCENES = [{}, {"ruled": 8.0, "lean": 0.5}, {"ink": (178, 178, 176), "grain": 0.4}]


def sheet(model, filled, gap: float, scene) -> Image.Image:
    wanted = photos.Scene(size=(2250, 3000), per_mm=PER_MM, copied=copied(model, gap), **scene)
    return photos.photograph(FORM, 1, filled, 1, wanted).image


@pytest.mark.parametrize("scene", SCENES)
def test_all_boxes_are_learnt_and_copied_lines_tell_the_space(model, filled, tmp_path, scene):
    sheet(model, filled, 0.2, scene).save(tmp_path / "form.png", compress_level=1)
    learnt = learn(model, [tmp_path / "form.png"])
    assert learnt.hand.gap == pytest.approx(0.2, rel=0.15)
    chars = learnt.hand.originals.chars
    assert len(chars) >= 100 and chars.count("a") == 2


@pytest.mark.parametrize("scene", SCENES)
def test_copied_lines_tell_a_wide_space_too(model, filled, scene):
    taken = locate(sheet(model, filled, 0.4, scene))
    lines, notes = read_copied(taken, model)
    assert not notes and np.mean([line.gap for line in lines]) == pytest.approx(0.4, rel=0.15)
    found = cut(taken)
    assert len(found) >= 100 and found.chars.count("a") == 2


def test_copied_lines_of_a_black_and_white_scan_are_read(model, filled):
    taken = photos.scanned(FORM, 1, filled, 1, black=True, copied=copied(model, 0.3, per_mm=300 / 25.4))
    lines, notes = read_copied(locate(taken.image), model)
    assert len(lines) == 2 and not notes
    assert np.mean([line.gap for line in lines]) == pytest.approx(0.3, rel=0.15)


def test_empty_lines_are_passed_over_and_another_text_is_told(model):
    assert read_copied(locate(picture(draw(FORM, 1), 200)), model) == ([], [])
    empty = photos.photograph(FORM, 1, {}, 3, photos.Scene(size=(2250, 3000), per_mm=PER_MM, noise=6.0, shadow=0.4))
    assert read_copied(locate(empty.image), model) == ([], [])
    other = photos.Scene(size=(2250, 3000), per_mm=PER_MM, copied=copied(model, 0.3, ["seven wet dogs ran", COPY[1]]))
    lines, notes = read_copied(locate(photos.photograph(FORM, 1, {}, 1, other).image), model)
    assert len(lines) == 1 and len(notes) == 1 and notes[0].startswith("line 1 of text was not read as")
