"""Tables of documents: columns, rules, and cells of several lines."""

from __future__ import annotations

import numpy as np
import pytest
from test_pages import PRINT, inside_and_apart, pages

from handsynth.errors import InputError
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(None, threads=1)


TABLE = "| Item | Qty | Long |\n|---|--:|:-:|\n| Apples | 3 | x |\n| Pears | 1200 | yyyy |\n"


def test_cells_stand_in_columns_between_ruled_lines(model):
    (page,) = pages(
        "text\n\n" + TABLE, model, "person.margin=3", "text.align=justify", "text.size=1.5mm", PRINT, markdown=True
    )
    box = page.boxes()

    def side(word, k):
        return [f(box[page.word == page.words.index(word), k]) for f in (np.min, np.max)][k // 2]

    assert side("Item", 0) == pytest.approx(side("Apples", 0)) == pytest.approx(side("Pears", 0))
    assert side("Qty", 2) == pytest.approx(side("3", 2)) == pytest.approx(side("1200", 2))
    middles = [side(word, 0) + side(word, 2) for word in ("Long", "x", "yyyy")]
    assert np.ptp(middles) < 1e-5
    # three lines across, four down, and no ink of letters on those that go down
    down = [stroke.points for stroke in page.strokes if np.ptp(stroke.points[:, 1]) > np.ptp(stroke.points[:, 0])]
    assert len(page.strokes) == 7 and len(down) == 4
    for points in down:
        assert not ((box[1:, 0] < points[:, 0].min()) & (box[1:, 2] > points[:, 0].max()) & (page.line[1:] > 0)).any()
    inside_and_apart(page)


def test_a_table_over_two_pages_has_lines_on_both(model):
    made = pages(TABLE + "| more | 1 | z |\n" * 30, model, markdown=True)
    assert len(made) > 1
    assert [len(page.strokes) for page in made] == [7] + [6] * (len(made) - 1)
    assert [word for page in made for word in page.words][:6] == ["Item", "Qty", "Long", "Apples", "3", "x"]


def test_a_table_whose_words_do_not_fit_side_by_side_is_one_clear_line(model):
    row = "| " + "wide | " * 60
    with pytest.raises(InputError, match="the table in line 3 is .* times as wide"):
        pages(f"a\n\n{row}\n{'|---' * 60}|\n{row}\n", model, markdown=True)


def test_cells_of_a_wide_table_have_several_lines_with_a_rule_below_each_row(model):
    (page,) = pages("| n | what |\n|---|--:|\n| 1 | " + "words " * 30 + "|\n| 2 | b |\n", model, markdown=True)
    level = [np.mean(line.points[:, 1]) for line in page.strokes if np.ptp(line.points[:, 0]) > 1]
    down = [np.mean(line.points[:, 0]) for line in page.strokes if np.ptp(line.points[:, 0]) <= 1]
    assert len(level) == 4 and len(down) == 3
    box = page.boxes()
    words = [i for i, text in enumerate(page.words) if text == "words"]
    mine = np.isin(page.word, words)
    assert len(words) == 30 and len(set(page.line[mine].tolist())) > 1
    # all of them in the second column and the second row, each line set right
    assert (box[mine, 0] > sorted(down)[1]).all() and (box[mine, 2] < sorted(down)[2]).all()
    assert (page.y[mine] > sorted(level)[1]).all() and (page.y[mine] < sorted(level)[2]).all()
    ends = [box[mine & (page.line == line), 2].max() for line in set(page.line[mine].tolist())]
    assert np.ptp(ends) < 0.5
    assert page.y[list(page.texts).index("b")] > sorted(level)[2]
