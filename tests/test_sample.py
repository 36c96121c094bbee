"""Samples: order, hands, files."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest
import stub_model as stub
from PIL import Image

from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError, MissingCharacterError, OutputError
from handsynth.model.model import Model
from handsynth.specimens import sample as module
from handsynth.specimens.sample import sample, write_samples


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(stub.members())


def test_order_and_types(model):
    drawn = sample(model, "bAé", 4, seed=1)
    assert drawn.images.shape == (12, stub.H, stub.H) and drawn.images.dtype == np.uint8
    assert drawn.codepoints.dtype == np.int32
    assert "".join(map(chr, drawn.codepoints)) == "bbbbAAAAéééé"
    assert drawn.images.max() > 250 and drawn.images[:, 0, 0].max() < 10, "255 is ink"
    assert len({image.tobytes() for image in drawn.images}) == 12


def test_random_takes_a_new_hand_for_every_drawing_and_names_it(model):
    drawn = sample(model, "ab", 20, seed=1, temperature=0)
    assert len(set(drawn.hands)) == 40
    hand = resolve(model, str(drawn.hands[23]), 1)
    field = model.decode(model.index("b"), hand.style, model.prior(model.index("b"), np.zeros(4), np.zeros(3))[1])
    again = np.rint(np.clip(field[0] + 0.5, 0, 1) * 255)
    assert np.abs(again - drawn.images[23]).max() <= 1


def test_one_hand(model):
    drawn = sample(model, "ab", 3, "quill", seed=1)
    assert set(drawn.hands) == {"Quill"}
    still = sample(model, "a", 3, "quill", seed=1, temperature=0).images
    assert (still == still[0]).all()


def test_drawings_do_not_depend_on_what_else_is_drawn(model, monkeypatch):
    whole = sample(model, "abcA", 5, seed=2)
    alone = sample(model, "c", 5, seed=2)
    assert (whole.images[10:15] == alone.images).all() and (whole.hands[10:15] == alone.hands).all()
    twice = sample(model, "cc", 5, seed=2)
    assert (twice.images[:5] == alone.images).all() and (
        twice.images[5:] == sample(model, "c", 10, seed=2).images[5:]
    ).all()
    monkeypatch.setattr(module, "CHUNK", 3)
    assert (sample(model, "abcA", 5, seed=2).images == whole.images).all()


def test_npz_holds_the_same_and_is_the_same_bytes(model, tmp_path, monkeypatch):
    progress = []
    for name in ("a.npz", "b.NPZ"):
        count = write_samples(model, tmp_path / name, "aB", 7, seed=3, progress=lambda *p: progress.append(p))
    assert count == 14 and progress == [(14, 14)] * 2
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.NPZ").read_bytes()
    drawn = sample(model, "aB", 7, seed=3)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as data:
        assert sorted(data) == ["codepoints", "hands", "images"]
        assert (data["images"] == drawn.images).all() and data["images"].dtype == np.uint8
        assert (data["codepoints"] == drawn.codepoints).all() and (data["hands"] == drawn.hands).all()
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        made_with = json.loads(archive.comment)
    assert made_with["Model"] == model.hash and made_with["Seed"] == "3" and made_with["Hand"] == "random"
    monkeypatch.setattr(module, "CHUNK", 4)
    write_samples(model, tmp_path / "c.npz", "aB", 7, seed=3)
    with np.load(tmp_path / "c.npz", allow_pickle=False) as data:
        assert (data["hands"] == drawn.hands).all() and (data["images"] == drawn.images).all()


def test_folder_of_pictures(model, tmp_path):
    write_samples(model, tmp_path / "out", "aéa", 2, "Marker", seed=3)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"U+0061_00{i}.png" for i in range(4)] + ["U+00E9_000.png", "U+00E9_001.png"]
    drawn = sample(model, "aéa", 2, "Marker", seed=3)
    with Image.open(tmp_path / "out" / "U+0061_002.png") as picture:
        assert (255 - np.asarray(picture) == drawn.images[4]).all(), "black on white"
        assert picture.info["Hand"] == "Marker" and picture.info["Model"] == model.hash


def test_nothing_is_overwritten_or_left_behind(model, tmp_path, monkeypatch):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="exists already"):
        write_samples(model, tmp_path / "full", "a", 1)
    with pytest.raises(OutputError):
        write_samples(model, tmp_path / "no" / "a.npz", "a", 1)

    def broken(*args, **options):
        raise InputError("broken")

    monkeypatch.setattr(module, "_images", broken)
    for name in ("a.npz", "folder"):
        with pytest.raises(InputError):
            write_samples(model, tmp_path / name, "a", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_bad_numbers_and_characters(model):
    for chars, n in [("", 1), ("a", 0), ("a", -1), ("ab", 10**9)]:
        with pytest.raises(InputError, match="give"):
            sample(model, chars, n)
    with pytest.raises(MissingCharacterError, match="U\\+0020"):
        sample(model, "a b", 1)
    with pytest.raises(InputError, match="no hand"):
        sample(model, "a", 1, "Nobody")


@pytest.mark.parametrize("name", ["x.png", "x.zip", "letters.PNG", "a.gif", "x.npy"])
def test_a_name_like_a_picture_or_an_archive_is_no_folder(model, tmp_path, name):
    with pytest.raises(OutputError, match="unknown file ending"):
        write_samples(model, tmp_path / name, "a", 1)
    assert not list(tmp_path.iterdir())


def test_plain_names_and_existing_folders_are_folders(model, tmp_path):
    (tmp_path / "there.png").mkdir()
    for name in ("letters", "letters.v2", "there.png"):
        write_samples(model, tmp_path / name, "a", 1)
        assert [file.name for file in (tmp_path / name).iterdir()] == ["U+0061_000.png"]
    with pytest.raises(OutputError, match="no name"):
        write_samples(model, "", "a", 1)


def test_composed_characters_are_refused_with_what_there_is(model):
    with pytest.raises(MissingCharacterError, match="½.*sheet and sample draw only .* abcABC"):
        sample(model, "a½", 1)
