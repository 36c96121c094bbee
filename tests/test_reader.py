"""The reader, the look-alikes and cleaning."""

import numpy as np
import pytest

from handsynth.errors import InputError
from train.clean import readable
from train.lookalikes import ALNUM, accuracy, merge_table
from train.reader import WRITER_CAP, load_reader, train_reader, unseen_rows


def test_lookalikes_are_pairs_not_chains():
    charset = list(ALNUM + "|'`")
    same = merge_table(charset)
    at = charset.index
    for a, b in ("0O", "0o", "1l", "1I", "l|", "cC", "lL", "iI", "'`"):
        assert same[at(a), at(b)] and same[at(b), at(a)]
    for a, b in ("1L", "1i", "aA", "eE", "2z", "5s"):
        assert not same[at(a), at(b)]
    assert same.diagonal().all()


def test_accuracy_masks_other_characters():
    charset = ["a", "é", "o", "O"]
    scores = np.log(np.array([[0.3, 0.6, 0.05, 0.05], [0.1, 0.1, 0.2, 0.6]]))
    strict, merged = accuracy(scores, np.array([0, 2]), charset)
    assert strict.tolist() == [True, False] and merged.tolist() == [True, True]


def test_reader_learns_and_measures_on_the_test_writer(tiny_reader, tiny_data):
    _, state = load_reader(tiny_reader)
    assert state["scores"]["merged"] > 60 and state["scores"]["merged"] >= state["scores"]["strict"]
    assert state["scores"]["glyphs"] == 62 and state["scores"]["writers"] == 1


def test_rows_to_measure_on_are_capped_a_writer(tmp_path):
    from tiny import make_dataset

    data = make_dataset(tmp_path / "many", writers=3, chars=ALNUM, copies=6)
    rows = unseen_rows(data)
    assert len(rows) == WRITER_CAP < (data.split == 2).sum() and (data.split[rows] == 2).all()


def test_cleaning_drops_wrong_labels_only(tiny_reader, tiny_data):
    from dataclasses import replace

    clean = readable(tiny_reader, tiny_data)
    assert clean[tiny_data.split == 0].mean() > 0.8 and clean[tiny_data.split > 0].all()
    codes = tiny_data.codepoints.copy()
    w = np.flatnonzero((codes == ord("W")) & (tiny_data.split == 0))
    codes[w] = ord("a")
    assert not readable(tiny_reader, replace(tiny_data, codepoints=codes))[w].any()


def test_reader_is_not_overwritten(tiny_reader, tiny_data):
    with pytest.raises(InputError, match="holds a reader already"):
        train_reader(tiny_data, tiny_reader)
