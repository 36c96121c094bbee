"""Sheets: what stands where, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import stub_model as stub
from PIL import Image

from handsynth.errors import InputError, MissingCharacterError, OutputError
from handsynth.frame import STANDARD
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import FieldGlyphs
from handsynth.model.model import Model
from handsynth.specimens.sheet import RULE, Painter, SheetBlock, _breaks, sheet


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(stub.members())


def darkest(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture) < 60  # ink; labels and rules are grey


def still(model: Model, count: int) -> list[Hand]:
    """Hands of the stub's plain discs."""
    return [Hand(f"Still {i}", np.zeros(stub.S, np.float32), model.latent_hash) for i in range(count)]


def runs(marks: np.ndarray) -> int:
    """Number of runs of True."""
    return int(np.diff(np.concatenate([[0], marks.astype(int)])).clip(0).sum())


def test_default_is_letters_by_gallery(model):
    picture = sheet(model)
    assert picture.size == sheet(model, columns=3).size, "capitals above small letters"
    plain = sheet(model, "abc", still(model, 3), temperature=0)
    assert runs(darkest(plain).any(axis=1)) == 3, "one row of ink for each hand"
    assert runs(darkest(plain).any(axis=0)) == 3, "one column for each character"


def test_size_scales_the_glyphs(model):
    small, large = (darkest(sheet(model, "a", size=s)).sum() for s in (20, 40))
    assert large == pytest.approx(4 * small, rel=0.05)


def test_columns_make_blocks(model):
    wide, tall = (sheet(model, "abc", still(model, 2), temperature=0, columns=c) for c in (3, 1))
    assert tall.width < wide.width and tall.height > 2 * wide.height
    assert runs(darkest(tall).any(axis=1)) == 6


def test_variants(model):
    plain = darkest(sheet(model, "ab", still(model, 1), variants=5, temperature=0))
    assert (runs(plain.any(axis=1)), runs(plain.any(axis=0))) == (2, 5)
    picture = sheet(model, "ab", [Hand.gallery(model, "Quill")], variants=5)
    assert np.array_equal(picture, sheet(model, "ab", variants=5)), "the first of the gallery by default"
    assert not np.array_equal(picture, sheet(model, "ab", variants=5, seed=1))


def test_a_character_given_again_is_drawn_again_differently(model):
    plain = darkest(sheet(model, "aéa", still(model, 1), temperature=0))
    assert runs(plain.any(axis=0)) == 3
    drawn = np.asarray(sheet(model, "aa", still(model, 1), temperature=1))
    ink = np.where(drawn < 60, drawn, 255)
    edges = np.flatnonzero(np.diff((ink < 255).any(axis=0).astype(int)))
    fields = [ink[:, left + 1 : right + 1] for left, right in zip(edges[::2], edges[1::2], strict=True)]
    assert len(fields) == 2 and (fields[0].shape != fields[1].shape or (fields[0] != fields[1]).any())


def standing(rows: tuple[str, ...] = ("x",)) -> np.ndarray:
    """A sheet of squares that stand on the baseline, labelled `rows`."""
    field = np.full((1, STANDARD.size, STANDARD.size), -4, np.float32)
    field[0, STANDARD.baseline - 18 : STANDARD.baseline, 20:40] = 4
    block = SheetBlock(rows, ("a", "b"), np.zeros((len(rows), 2), np.int64))
    return np.asarray(Painter(FieldGlyphs(field), STANDARD, 24).paint([block], "", beside=False))


def test_row_labels_stand_on_the_baseline_of_the_glyphs():
    pixels = standing()
    glyph = np.flatnonzero((pixels < 60).any(axis=1))
    left = np.flatnonzero((pixels < 60).any(axis=0))[0] - 5
    label = np.flatnonzero((pixels[:, :left] < 200).any(axis=1))
    assert abs(int(label[-1]) - int(glyph[-1])) <= 1


def test_clear_paper_around_glyphs():
    pixels = standing(("x", "y"))
    dark, rules = pixels < 60, np.flatnonzero((pixels == RULE).mean(axis=1) > 0.5)
    columns, rows = np.flatnonzero(dark.any(axis=0)), np.flatnonzero(dark.any(axis=1))
    assert np.diff(columns).max() >= 12 and np.diff(rows).max() >= 12
    assert min(abs(int(rule) - int(row)) for rule in rules for row in rows) >= 8


def test_labels_grow_with_the_glyphs_and_the_sheet():
    field = np.full((1, 64, 64), 4, np.float32)
    small, large = Painter(FieldGlyphs(field), STANDARD, 24), Painter(FieldGlyphs(field), STANDARD, 100)
    assert large.label >= 45
    before = small.label
    small.paint([SheetBlock(("x",), ("a",) * 60, np.zeros((1, 60), np.int64))], "", beside=False)
    assert small.label > before


def test_one_hand_is_named_once(model, monkeypatch):
    written = []
    plain = Painter._write
    monkeypatch.setattr(Painter, "_write", lambda *args: written.append(args[3]) or plain(*args))
    sheet(model, "abc", [Hand.gallery(model, "Quill")], columns=1)
    assert "Quill" not in written
    sheet(model, "abc", columns=1)
    assert written.count("Quill") == 3


def test_many_hands_make_a_sheet_of_good_proportions(model):
    field = np.full((1, 64, 64), -4, np.float32)
    field[0, 12:60, 16:46] = 4
    painter = Painter(FieldGlyphs(field), STANDARD, 16)
    found = [min(_breaks([26, 26, 10], 0), key=lambda widths, n=n: painter.misfit(widths, n)) for n in (1, 8, 24)]
    assert found == [(26, 26, 10), (26, 36), (62,)]
    assert list(_breaks([7], 3)) == [(3, 3, 1)]


def test_progress_reaches_the_end(model):
    told = []
    sheet(model, "abc", variants=50, progress=lambda *numbers: told.append(numbers))
    assert told == [(128, 150), (150, 150)]


def test_hands_with_foreign_names(model):
    hand = Hand("Größe ☃", Hand.random(model).style, model.latent_hash)
    assert sheet(model, "a", [hand]).width > 0


def test_written_file_says_how_it_was_made(model, tmp_path):
    sheet(model, "ab", seed=4).save(tmp_path / "s.png")
    with Image.open(tmp_path / "s.png") as picture:
        made_with = dict(picture.info)
        assert np.array_equal(picture, sheet(model, "ab", seed=4))
    assert made_with["Seed"] == "4" and made_with["Model"] == model.hash and made_with["Hand"] == "Quill, Marker"


def test_same_bytes(model, tmp_path):
    for name in ("a.png", "b.png"):
        sheet(model, "abc").save(tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_refusals(model, tmp_path):
    for options in ({"size": 0}, {"size": float("nan")}, {"variants": -1}, {"columns": -1}):
        with pytest.raises(InputError, match="give"):
            sheet(model, "a", **options)
    with pytest.raises(InputError, match="too large"):
        sheet(model, "ab", size=1000, max_pixels=10_000)
    with pytest.raises(MissingCharacterError, match="own characters, without those that render composes: abcABC"):
        sheet(model, "a½")
    for name in ("s.txt", "s"):
        with pytest.raises(OutputError, match=r"\.png"):
            sheet(model, "a").save(tmp_path / name)
    assert not list(tmp_path.iterdir())
