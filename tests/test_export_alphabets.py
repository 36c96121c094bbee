"""The bank of letters from fonts: middle lines of their letters, and whose they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from data_makers import write_font

from export.alphabets import Family, Letter, gather, save
from handsynth.errors import DataError, InputError
from handsynth.ink.alphabets.bank import UNIT
from handsynth.text.alphabets import PROBES

COPYRIGHT = "Copyright 2020 The Ell Authors (https://example.org)"


def package(root: Path, licence: str = "OFL-1.1") -> Path:
    """A font's npm package, its characters shared out between two files; every letter is an L."""
    folder = root / "ell"
    write_font(folder / "files" / "ell-latin-400-normal.woff2", "Ell", PROBES + "z", flavor="woff2")
    write_font(folder / "files" / "ell-cyrillic-400-normal.woff2", "Ell", "жшЖ", flavor="woff2")
    write_font(folder / "files" / "ell-latin-700-normal.woff2", "Ell", "a", flavor="woff2")
    (folder / "package.json").write_text(json.dumps({"name": "ell", "version": "1.0", "license": licence}))
    (folder / "LICENSE").write_text(f"{COPYRIGHT} Ell-Bold.ttf: Copyright 2020\n\nCopyright Holder: whoever\n")
    return folder


def test_letters_become_strokes_on_the_baseline_and_as_high_as_an_x(tmp_path: Path) -> None:
    family = Family(package(tmp_path), 400)
    points = np.concatenate(family.strokes("ж"))
    # the font's small letters are 500 units high, its strokes 80 wide: middle lines lie 40 inside
    assert points[:, 1].max() == pytest.approx(1 - 0.08, abs=0.04) and points[:, 1].min() == pytest.approx(
        0.08, abs=0.04
    )
    assert np.ptp(points[:, 0]) == pytest.approx(0.64, abs=0.08)
    high = np.concatenate(family.strokes("Ж"))
    assert high[:, 1].max() == pytest.approx(1.4 - 0.08, abs=0.04)
    first = family.strokes("ж")[0]
    assert first[0, 1] > first[-1, 1]  # downwards


def test_letters_that_are_left_out_are_not_there_and_the_card_names_the_owner(tmp_path: Path) -> None:
    package(tmp_path)
    letters, card = gather(tmp_path, [{"font": "ell", "weight": 400, "without": "шb"}])
    assert [letter.char for letter in letters] == [*PROBES.replace("b", ""), "Ж", "ж"]
    assert card[0]["copyright"] == COPYRIGHT and card[0]["licence"] == "OFL-1.1"


def test_fonts_under_other_licences_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the licence of ell is UNLICENSED"):
        Family(package(tmp_path, "UNLICENSED"), 400)


def test_a_font_that_is_not_there_is_named(tmp_path: Path) -> None:
    package(tmp_path)
    with pytest.raises(DataError, match="no font of the weight 300"):
        Family(tmp_path / "ell", 300)


def test_the_file_holds_whole_numbers_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    letters = [
        Letter(0, "ж", [np.array([[0.0, 1.0], [0.25, 0.0]]), np.array([[-0.5, 0.5], [0.5, 0.5], [0.6, 0.4]])]),
        Letter(1, "ψ", [np.array([[0.0, 1.5], [0.0, -0.5]])]),
    ]
    for name in ("a.npz", "b.npz"):
        save(letters, ["one", "two"], tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as data:
        assert data["letters"].tolist() == [2, 1] and data["strokes"].tolist() == [2, 3, 2]
        assert np.abs(data["points"][1] * UNIT - (0.25, 0.0)).max() <= UNIT / 2
        assert all(data[name].dtype.kind in "iuU" for name in data.files)
