"""Letter forms of a gallery: well read, and unlike those of the other hands."""

import numpy as np

from export.forms import WELL, chosen
from export.gallery import load_gallery, save_gallery

LETTERS = 5


def candidates(seed: int = 0, hands: int = 8, forms: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """How well forms are read [h,forms,m], and their features [h,forms,m,F]: one shape, and what differs from it."""
    random = np.random.default_rng(seed)
    features = np.ones(12) + 0.4 * random.standard_normal((hands, forms, LETTERS, 12))
    return random.uniform(0.9, 1, (hands, forms, LETTERS)), features


def taken(features: np.ndarray, forms: np.ndarray) -> np.ndarray:
    return features[np.arange(len(forms))[:, None], forms, np.arange(LETTERS)[None]]


def apart(features: np.ndarray) -> float:
    """Mean distance of two hands' forms of a letter."""
    unit = features / np.linalg.norm(features, axis=-1, keepdims=True)
    first, second = np.triu_indices(len(features), 1)
    return float(1 - (unit[first] * unit[second]).sum(-1).mean())


def test_forms_are_read_well_and_differ_more_than_those_that_are_read_best():
    well, features = candidates()
    forms = chosen(well, features)
    read = np.take_along_axis(well, forms[:, None], 1)[:, 0]
    assert (read >= np.minimum(WELL, well.max(axis=1))).all()
    assert apart(taken(features, forms)) > 1.1 * apart(taken(features, well.argmax(axis=1)))


def test_a_letter_that_is_read_badly_in_all_forms_takes_the_best():
    well, features = candidates()
    well[3, :, 2] *= 0.4
    assert chosen(well, features)[3, 2] == well[3, :, 2].argmax()


def test_oddities_are_left_out():
    well, features = candidates()
    well[:] = 1
    features[2, 5, 1] = -np.ones(12)  # unlike any other
    assert chosen(well, features)[2, 1] != 5


def test_a_gallery_is_read_as_it_was_written(tmp_path):
    rows = [
        {"name": "Ada", "seed": 3, "description": "neat", "tags": ["print"], "forms": {'"': 2, "\\": 1, "a": 4}},
        {"name": "Bo", "seed": 5, "gap": 0.2},
    ]
    save_gallery(tmp_path / "gallery.toml", rows)
    assert load_gallery(tmp_path / "gallery.toml") == rows
