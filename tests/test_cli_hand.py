"""The commands for one's own hand, from form to text and font."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from photos import photograph, scene
from PIL import Image

from handsynth import noise
from handsynth.cli.app import main
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.learning.form import Form
from handsynth.learning.refit import refit
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def person(model) -> Hand:
    return Hand.random(model, 21, 3)


@pytest.fixture(scope="module")
def inks(model, person) -> np.ndarray:
    """What `person` writes into the boxes of the form of letters, uint8 [n,H,H]."""
    chars = Form.of("letters").written(1)
    places = np.array([noise.key_of("form", char) for char in chars], np.uint64)
    drawn = draw.glyphs(model, person, model.index(chars), places, 2, temperature=0.7, legibility=6)
    return (drawn.ink() * 255).astype(np.uint8)


def photo_of(inks: np.ndarray, path: Path) -> Path:
    """A photo of a form of letters that is filled in, but for x and z."""
    form = Form.of("letters")
    chars = form.written(1)
    letters = {box: ink for box, ink in enumerate(inks) if chars[box] not in "xz"}
    taken = photograph(form, 1, letters, 4, scene(8, size=(2250, 3000)))
    taken.image.convert("RGB").save(path, quality=85)
    return path


@pytest.fixture(scope="module")
def photo(inks, tmp_path_factory):
    return photo_of(inks, tmp_path_factory.mktemp("photo") / "photo.jpg")


@pytest.fixture(scope="module")
def mine(photo):
    """What is learnt from it; beside it lies what was said."""
    path = photo.with_name("me.hand")
    with photo.with_name("said").open("w") as said, redirect_stderr(said):
        assert main(["hand", "learn", str(photo), "-o", str(path), "--name", "Ada"]) == 0
    return path


def test_a_form_is_learnt_from_a_photo(mine, model, person, capsys):
    hand = Hand.load(mine, model)
    assert hand.name == "Ada"
    assert hand.measured["letters"] >= 46
    assert set(hand.originals.chars) <= set(Form.of("letters").chars) - set("xz")
    # nearer to who wrote it than other hands are
    others = [np.linalg.norm(Hand.random(model, 21, i).style - person.style) for i in range(20, 60)]
    assert np.linalg.norm(hand.style - person.style) < np.percentile(others, 5)


def test_photos_as_phones_make_them_are_read(photo, mine, model, tmp_path):
    """HEIC, and a JPEG that says it is turned."""
    from pillow_heif import from_pillow

    picture = Image.open(photo)
    from_pillow(picture).save(tmp_path / "photo.heic", quality=80, enc_params={"preset": "ultrafast"})
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    turned.save(tmp_path / "turned.jpg", exif=exif, quality=90)
    style = Hand.load(mine, model).style
    for name in ("photo.heic", "turned.jpg"):
        assert main(["hand", "learn", str(tmp_path / name), "-o", str(tmp_path / "me.hand")]) == 0
        again = Hand.load(tmp_path / "me.hand", model)
        assert again.measured["letters"] >= 46
        assert np.linalg.norm(again.style - style) < 0.25 * np.linalg.norm(style)


def test_what_was_noticed_is_said(mine):
    said = mine.with_name("said").read_text()
    assert "2 boxes are empty" in said and "learnt from" in said


@pytest.mark.parametrize(
    "command",
    [
        ["render", "Dear Ada", "-o", "a.png"],
        ["page", "letter.txt", "-o", "a.pdf", "--paper", "a6"],
        ["font", "-o", "a.ttf", "--chars", "abc", "--variants", "2"],
        ["sheet", "abc", "-o", "a.png"],
        ["sample", "abc", "-o", "a.npz"],
    ],
)
def test_every_command_takes_a_learnt_hand(mine, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter.txt").write_text("Dear Ada")
    option = "--hands" if command[0] == "sheet" else "--hand"
    written = {}
    for use in ("always", "never"):
        assert main([*command, option, str(mine), "--originals", use]) == 0
        written[use] = (tmp_path / command[command.index("-o") + 1]).read_bytes()
    assert written["always"] != written["never"]
    assert main([*command, option, str(mine), "--originals", "perhaps"]) == 2


def test_a_hand_can_be_shown_forgotten_refitted_blended_and_averaged(mine, model, tmp_path, capsys):
    shown = tmp_path / "hand.png"
    assert main(["hand", "show", str(mine), "-o", str(shown), "--text", "Hello"]) == 0
    assert (np.asarray(Image.open(shown).convert("L")) < 128).mean() > 0.005
    assert main(["hand", "show", "Quill", "-o", str(shown)]) == 0
    less = tmp_path / "less.hand"
    assert main(["hand", "forget", str(mine), "--chars", "ab", "-o", str(less)]) == 0
    fewer = Hand.load(less, model)
    assert not {"a", "b"} & {*fewer.known.chars, *fewer.originals.chars} and "c" in fewer.known.chars
    assert main(["hand", "forget", str(mine), "--chars", "é", "-o", str(less)]) == 2
    assert "holds no letter é" in capsys.readouterr().err
    assert main(["hand", "forget", str(mine), "-o", str(less)]) == 0
    assert Hand.load(less, model).originals is None and less.stat().st_size < mine.stat().st_size / 2
    assert main(["hand", "refit", str(mine), "-o", str(tmp_path / "new.hand")]) == 0
    again = Hand.load(tmp_path / "new.hand", model)
    assert np.linalg.norm(again.style - Hand.load(mine).style) < 0.2 * np.linalg.norm(again.style)
    assert main(["hand", "refit", str(less), "-o", str(tmp_path / "none.hand")]) == 2
    assert main(["hand", "blend", str(mine), "Quill", "0.3", "-o", str(tmp_path / "mixed.hand")]) == 0
    assert (
        main(["hand", "average", str(mine), "Quill", "Fern", "-o", str(tmp_path / "ours.hand"), "--name", "Ours"]) == 0
    )
    assert Hand.load(tmp_path / "ours.hand", model).name == "Ours"
    assert not (tmp_path / "none.hand").exists()


def test_a_missing_page_is_said_and_originals_can_be_forgotten_at_once(model, person, tmp_path, capsys):
    form = Form.of("western")
    chars = form.written(1)
    letters = {
        box: np.asarray(
            (draw.glyphs(model, person, model.index(char), np.array([box], np.uint64), 2).ink() * 255)[0], np.uint8
        )
        for box, char in enumerate(chars[:12])
    }
    taken = photograph(form, 1, letters, 4, scene(8, size=(2250, 3000)))
    taken.image.convert("RGB").save(tmp_path / "one.jpg", quality=85)
    learnt = tmp_path / "me.hand"
    assert main(["hand", "learn", str(tmp_path / "one.jpg"), "-o", str(learnt), "--forget-originals"]) == 0
    assert Hand.load(learnt, model).originals is None
    assert "page 2 of 2 was not given" in capsys.readouterr().err
    assert main(["hand", "learn", str(tmp_path / "one.jpg"), str(tmp_path / "one.jpg"), "-o", str(learnt)]) == 2
    assert "given twice" in capsys.readouterr().err


def test_large_and_small_writing_are_the_same_hand(model, inks, mine, tmp_path):
    """Letters written larger or smaller than the printed lines come out of one size."""

    def height(path: Path) -> float:
        """Of letters as they were kept, median, in rows."""
        kept = Hand.load(path).originals
        high = [(field > 0).any(axis=1).sum() for field in kept.fields]
        some = "acemnorsuvwACEHKLMNOSTUVWXZ"
        return float(np.median([rows for rows, char in zip(high, kept.chars, strict=True) if char in some]))

    base = model.frame.baseline
    for size in (0.75, 1.25):
        moved = (1 / size, 0, 32 - 32 / size, 0, 1 / size, base - base / size)
        how = Image.Transform.AFFINE, moved, Image.Resampling.BICUBIC
        letters = np.stack([np.asarray(Image.fromarray(ink).transform((64, 64), *how)) for ink in inks])
        taken = photo_of(letters, tmp_path / "a.jpg")
        assert main(["hand", "learn", str(taken), "-o", str(tmp_path / "me.hand")]) == 0
        assert height(tmp_path / "me.hand") == pytest.approx(height(mine), rel=0.1)


def test_hands_are_saved_in_files_of_their_own(mine, tmp_path, capsys):
    for command in (
        ["hand", "blend", str(mine), "Quill"],
        ["hand", "average", str(mine), "Quill"],
        ["hand", "forget", str(mine)],
    ):
        assert main([*command, "-o", str(tmp_path / "photo.jpg")]) == 2
        assert ".hand" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_forms_are_made(tmp_path):
    for ending in ("pdf", "png", "svg"):
        assert (
            main(["hand", "template", "-o", str(tmp_path / f"form.{ending}"), "--chars", "abc", "--variants", "2"]) == 0
        )
        assert (tmp_path / f"form.{ending}").stat().st_size > 1000


@pytest.fixture(scope="module")
def unfilled(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("form") / "empty.png"
    assert main(["hand", "template", "-o", str(path), "--chars", "abc"]) == 0
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ["hand", "learn", "-o", "x.hand"],
        ["hand", "learn", "none.jpg", "-o", "x.hand"],
        ["hand", "learn", "text.txt", "-o", "x.hand"],
        ["hand", "learn", "white.png", "-o", "x.hand"],
        ["hand", "learn", "empty.png", "-o", "x.hand"],
        ["hand", "learn", "noise.png", "-o", "x.hand"],
        ["hand", "learn", "--line", "white.png", "-o", "x.hand"],
        ["hand", "learn", "--line", "white.png", "--text", "abc", "-o", "x.hand"],
        ["hand", "learn", "--text", "abc", "-o", "x.hand"],
        ["hand", "learn", "--letters", "none", "-o", "x.hand"],
        ["hand", "learn", "--letters", ".", "-o", "x.hand"],
        ["hand", "learn", "empty.png", "-o", "none/x.hand"],
        ["hand", "template", "-o", "x.doc"],
        ["hand", "template", "-o", "x.pdf", "--chars", ""],
        ["hand", "template", "-o", "x.pdf", "--variants", "0"],
        ["hand", "template", "-o", "x.pdf", "--paper", "a9"],
        ["hand", "show", "none.hand", "-o", "x.png"],
        ["hand", "refit", "text.txt", "-o", "x.hand"],
        ["hand", "blend", "Quill", "Fern", "2", "-o", "x.hand"],
        ["hand", "blend", "Quill", "nobody", "-o", "x.hand"],
        ["hand", "average", "nobody", "-o", "x.hand"],
    ],
)
def test_wrong_input_is_one_line_and_leaves_nothing(unfilled, tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text("no picture")
    Image.new("L", (400, 500), 255).save("white.png")
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 300), np.uint8)).save("noise.png")
    shutil.copy(unfilled, "empty.png")
    before = sorted(path.name for path in tmp_path.iterdir())
    capsys.readouterr()
    assert main(arguments) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and said[0].startswith("handsynth: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_gigantic_picture_is_refused_before_it_is_decoded(tmp_path, capsys):
    path = tmp_path / "huge.png"
    Image.new("1", (40_000, 30_000)).save(path)
    assert main(["hand", "learn", str(path), "-o", str(tmp_path / "x.hand")]) == 2
    assert "pixels" in capsys.readouterr().err
    assert not (tmp_path / "x.hand").exists()


def broken(mine: Path, path: Path, part: str, name: str) -> Path:
    """The file of a hand with some bytes of a long text in it changed."""
    data = json.loads(mine.read_text("utf-8"))
    data[part][name] = "AAAA" * 40 + data[part][name][160:-8] + "!" + data[part][name][-7:]
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("part", "name", "command"), [("known", "latents", "refit"), ("originals", "fields", "forget")]
)
def test_a_damaged_file_is_mended_as_is_said(mine, model, tmp_path, monkeypatch, capsys, part, name, command):
    monkeypatch.chdir(tmp_path)
    bad = broken(mine, tmp_path / "my own.hand", part, name)
    assert main(["render", "a", "-o", "a.png", "--hand", bad.name]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "it again" not in said and "learn the hand again" in said
    # the command that is named, as it is typed
    named = re.search(rf"; (handsynth hand {command} .*?\.hand) (?:leaves|makes)", said)
    assert named and main(shlex.split(named[1])[1:]) == 0
    mended = Hand.load("mended.hand", model)
    whole = Hand.load(mine, model)
    if command == "refit":
        assert mended.known.chars == whole.known.chars and mended.originals.chars == whole.originals.chars
    else:
        assert (mended.known.latents == whole.known.latents).all() and mended.originals is None


def test_forget_names_what_mends_other_damage(mine, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    bad = broken(mine, tmp_path / "bad.hand", "known", "latents")
    assert main(["hand", "forget", bad.name, "-o", "light.hand"]) == 2
    assert "handsynth hand refit bad.hand -o mended.hand" in capsys.readouterr().err
    assert not (tmp_path / "light.hand").exists()


def test_damage_is_told_by_its_place(mine, tmp_path, capsys):
    whole, path = mine.read_bytes(), tmp_path / "me.hand"

    def said(data: bytes) -> str:
        path.write_bytes(data)
        assert main(["hand", "show", str(path), "-o", str(tmp_path / "x.png")]) == 2
        line = capsys.readouterr().err
        assert line.count("\n") == 1 and str(path) in line
        return line

    assert "is cut off after 3,000 bytes" in said(whole[:3000])
    after = re.search(r"is damaged at byte ([\d,]+)", said(whole + b"\nmore"))
    assert after and int(after[1].replace(",", "")) >= len(whole.rstrip())
    assert "is damaged at byte 101" in said(whole[:100] + b"\xff" + whole[101:])
    quote = whole.index(b'"model"') + 6
    place = re.search(r"is damaged at byte ([\d,]+)", said(whole[:quote] + b"x" + whole[quote + 1 :]))
    assert place and quote <= int(place[1].replace(",", "")) <= quote + 80
    assert "is empty" in said(b"") and "something else" in said(b"\x89PNG\r\n\x1a\n") and "other JSON" in said(b"{}")
    assert main(["hand", "forget", str(path), "-o", str(tmp_path / "y.hand")]) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["me.hand"]
    path.write_bytes(b"\xef\xbb\xbf" + whole)  # as an editor saved it
    assert Hand.load(path).name == "Ada"


def test_a_hand_that_is_made_anew_joins_as_before(mine, model):
    own = {"joined": 0.6, "joined_after": {"bvw": 0.1}, "unevenness": 0.8, "pen_kind": "felt", "size": 0.9}
    again = refit(model, replace(Hand.load(mine, model), **own)).hand
    assert {name: getattr(again, name) for name in own} == own
