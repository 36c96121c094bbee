"""The judge that the model never met: whom it learns from, that it learns, and what the report says by it."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from handsynth.errors import InputError
from train import checkpoint, judge
from train.lookalikes import ALNUM
from train.measure import company, drawing, structure
from train.measure.bench import Effort
from train.measure.reading import open_outsider, real_ink
from train.model import Reader
from train.reader import unseen_rows


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Sixteen made-up writers, so that some are held out, and three of the test split."""
    from tiny import make_dataset

    return make_dataset(tmp_path_factory.mktemp("people") / "data", writers=16, chars=ALNUM, tests=3)


@pytest.fixture(scope="module")
def judge_folder(people, tmp_path_factory):
    folder = tmp_path_factory.mktemp("judge") / "tiny"
    judge.train_judge(people, folder, epochs=20, widths=(8, 16, 24, 40), batch=64)
    return folder


def test_it_learns_from_people_of_its_own_split_alone(people):
    learn, held = judge.own_split(people)
    assert len(learn) and len(held) and (people.split[np.concatenate([learn, held])] < 2).all()
    assert not set(people.writers[learn]) & set(people.writers[held])
    names = judge.writer_names(people)
    assert all(judge.held_out(names[w]) for w in people.writers[held])
    assert len(learn) + len(held) == (people.split < 2).sum()
    # a font is nobody
    fonts = people.manifest | {"sources": [people.manifest["sources"][0] | {"name": "font files"}]}
    assert not any(len(rows) for rows in judge.own_split(type(people)(**(vars(people) | {"manifest": fonts}))))


def test_the_split_is_the_same_everywhere():
    assert [judge.held_out(f"UNIPEN/app/{i}") for i in range(40)].count(True) == 5
    share = np.mean([judge.held_out(f"w{i}") for i in range(4000)])
    assert share == pytest.approx(judge.HELD, abs=0.02)


def test_it_reads_and_is_nothing_like_the_reader(people, judge_folder):
    network, state = judge.load_judge(judge_folder)
    assert state["scores"]["test"][1] > 80 and state["kind"] == "judge"
    torch.load(judge_folder / judge.NAME, weights_only=True)
    rows = unseen_rows(people)
    scores, features = judge.run(network, real_ink(people, rows[:8]))
    assert scores.shape == (8, len(state["charset"])) and features.shape == (8, 40)
    assert np.allclose(np.exp(scores).sum(1), 1, atol=1e-4)
    kinds = [{type(part) for part in model.modules()} for model in (network, Reader(62))]
    assert torch.nn.BatchNorm2d in kinds[0] and torch.nn.BatchNorm2d not in kinds[1]
    with pytest.raises(InputError, match="holds a judge"):
        judge.train_judge(people, judge_folder)


def test_a_judge_that_knows_the_test_writers_is_refused(people, judge_folder, tiny_reader, tmp_path):
    assert open_outsider(people, judge_folder, 0).writers == 3
    state = checkpoint.load(judge_folder / judge.NAME)
    test = judge.writer_names(people)[int(people.writers[people.split == 2][0])]
    checkpoint.save(tmp_path / judge.NAME, state | {"writers": [*state["writers"], test]})
    with pytest.raises(InputError, match="has learnt from 1 test writers"):
        open_outsider(people, tmp_path, 0)
    with pytest.raises(InputError, match="is no judge"):
        open_outsider(people, tiny_reader / "reader.pt", 0)
    with pytest.raises(InputError, match="judge .* train it longer"):
        open_outsider(people, judge_folder, 100.1)


def test_parts_ends_and_numbers_that_differ():
    page = np.zeros((3, 64, 64), np.float32)
    page[:, 20:45, 30:33] = 1  # a stem
    page[1, 12:15, 30:33] = 1  # with a dot
    page[2, 26:29, 22:41] = 1  # with a bar
    assert structure.parts(page).tolist() == [1, 2, 1]
    assert structure.loose_ends(page).tolist()[0] == 2 and structure.loose_ends(page)[2] == 4
    codes = np.array([1, 1, 2, 2])
    assert structure.moved(np.array([1, 2, 1, 1]), np.array([2, 1, 1, 1]), codes) == 0
    assert structure.moved(np.array([1, 2, 1, 1]), np.array([1, 2, 3, 1]), codes) == 0.25


def test_strokes_are_counted_where_a_model_draws_strokes(people):
    page = np.zeros((4, 64, 64), np.float32)
    page[:, 20:45, 30:33] = 1
    made = SimpleNamespace(ink=lambda: page, strokes=SimpleNamespace(glyphs=np.array([0, 2, 3, 5, 6])))
    assert drawing.ink_of(made) is page and drawing.stroke_counts(made).tolist() == [2, 1, 2, 1]
    assert drawing.stroke_counts(page) is None and drawing.ink_of(page - 0.5).max() == 1
    rows = np.arange(4)
    bench = SimpleNamespace(
        codes=np.array([ord(c) for c in "ijta"]), real=page, drawn=page, test=rows, others=rows, found={},
        drawn_strokes=drawing.stroke_counts(made), effort=Effort.quick(), seed=0,
        subject=SimpleNamespace(draw_strokes=lambda codes, *how: (np.repeat(page[:1], len(codes), axis=0), None)),
        data=SimpleNamespace(strokes=np.array([2, 2, 2, 1], np.uint8), fields=people.fields),
    )  # fmt: skip
    found = {row.what: row for row in structure.structure(bench).rows}
    assert found["strokes a glyph, small letters, samples"].value == 1.5
    assert found["strokes a glyph, small letters, real"].value == 1.75
    assert found["`j` of one stroke, samples"].value == 100 and found["`i` of one stroke, samples"].value == 0
    assert found["glyphs with another number of strokes"].value == 25
    dotless = found["`i` of one part, so without their dot, samples"]
    assert dotless.value == 100 and dotless.floor == 100


def test_hands_that_share_their_noise_are_told_from_people():
    random = np.random.Generator(np.random.Philox(key=4))
    hand, copy = random.normal(size=(10, 1, 26, 8)), 0.5 * random.normal(size=(10, 2, 26, 8))
    different, shared = hand + copy, 0.2 * hand + copy[:1] + 1
    ratios = []
    for values in (different, shared):
        within, between = company.within_and_between(values, company.gap)
        ratios.append(between / within)
    assert ratios[0] > 1.5 > 0.8 > ratios[1]
    made = [company.Copies(values, np.zeros((10, 2, 26, 4), np.float32)) for values in (different, copy)]
    assert company.identified(made[0], random) > 0.9 > 0.5 > company.identified(made[1], random)
    # a letter that a writer lacks counts for nothing
    different[0, :, :3] = np.nan
    assert np.isfinite(company.within_and_between(different, company.gap)).all()
    assert company.identified(made[0], random) > 0.9


def test_one_pen_for_all():
    page = np.zeros((2, 64, 64), np.float32)
    page[0, 20:45, 30:33] = 1
    page[1, 20:45, 28:35] = 1
    same = company.one_pen(page, np.arange(2), 4.0).sum((1, 2)) / 27
    assert same == pytest.approx([4, 4], abs=0.8)
