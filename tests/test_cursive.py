"""Letters that random hands which join write as in joined writing: a d, an r, an s that the pen leaves at the line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from handsynth.api import typeset
from handsynth.cli.commands import command_of
from handsynth.drawing.draw import glyphs
from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError
from handsynth.hands.cursive import writes_cursive
from handsynth.hands.hand import Hand
from handsynth.ink.paths import Paths
from handsynth.model.model import Model

HANDS = 40


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


@pytest.fixture(scope="module")
def hands(model: Model) -> list[Hand]:
    return [Hand.random(model, 3, number) for number in range(HANDS)]


def drawn(model: Model, hand: Hand, chars: str) -> Paths:
    places = np.arange(1, len(chars) + 1, dtype=np.uint64)
    return glyphs(model, hand, model.index(chars), places, 1, variation=0.0).paths


def lowest_end(model: Model, hand: Hand) -> float:
    """How far over the line the first stroke of an r ends, in x-heights."""
    paths = drawn(model, hand, "r")
    frame = model.frame
    return float(frame.baseline - paths.points[paths.strokes[1] - 1, 1]) / frame.xheight


def test_hands_that_join_write_an_r_down_to_the_line_and_those_that_print_do_not(
    model: Model, hands: list[Hand]
) -> None:
    joining = [hand for hand in hands if hand.share > 0.6]
    printing = [hand for hand in hands if hand.share < 0.1]
    assert len(joining) > 8 and len(printing) > 4
    assert not any(hand.letters for hand in printing)
    so = [bool(hand.letters) and "r" in hand.letters[0].styles for hand in joining]
    assert 0.5 < np.mean(so) < 0.9
    low = np.array([lowest_end(model, hand) < 0.35 for hand in joining])
    assert low[so].mean() > 0.75 and low[~np.array(so)].mean() < 0.5


def test_who_joins_more_writes_more_letters_so_and_goes_on_to(model: Model) -> None:
    for char in model.card.cursive:
        rows = np.array(
            [[writes_cursive(key, char, share) for share in (0.0, 0.1, 0.3, 0.5, 1.0)] for key in range(400)]
        )
        share = rows.mean(axis=0)
        assert not share[:2].any() and 0.25 < share[2] < 0.45 and 0.6 < share[3] < 0.8
        assert (rows[:, 2] <= rows[:, 3]).all() and (rows[:, 3] == rows[:, 4]).all()


def test_all_other_letters_are_drawn_as_before(model: Model, hands: list[Hand]) -> None:
    hand = next(hand for hand in hands if hand.letters and len(hand.letters[0].styles) == 3)
    plain = replace(hand, letters=())
    chars = "".join(model.card.cursive) + "aenRSD58"
    one, other = drawn(model, hand, chars), drawn(model, plain, chars)
    for number, char in enumerate(chars):
        ours, theirs = (
            paths.points[paths.strokes[paths.glyphs[number]] : paths.strokes[paths.glyphs[number + 1]]]
            for paths in (one, other)
        )
        same = ours.shape == theirs.shape and bool((ours == theirs).all())
        assert same != (char in model.card.cursive)


def test_the_nearest_of_the_styles_is_taken(model: Model, hands: list[Hand]) -> None:
    for hand in hands:
        for char, style in (hand.letters[0].styles if hand.letters else {}).items():
            known = np.array(model.card.cursive[char], np.float32)
            far = ((known - hand.style) ** 2).sum(axis=1)
            np.testing.assert_array_equal(known[far.argmin()], style)


def test_words_are_joined_through_such_an_r(model: Model) -> None:
    those = [resolve(model, f"random:{number}:3") for number in range(HANDS)]
    those = [hand for hand in those if hand.share > 0.9 and "r" in hand.letters[0].styles]
    printed = [replace(hand, letters=(replace(hand.letters[0], styles={}),)) for hand in those]
    ties = [
        [int((typeset("eremereturn", model=model, hand=hand, seed=2).ties >= 0).sum()) for hand in some]
        for some in (those, printed)
    ]
    assert len(those) > 4 and sum(ties[0]) > sum(ties[1])
    assert sum(ties[0]) >= 9.5 * len(those)


def test_a_saved_hand_and_a_blend_keep_them(model: Model, hands: list[Hand], tmp_path: Path) -> None:
    hand = next(hand for hand in hands if hand.letters and "r" in hand.letters[0].styles)
    hand.save(tmp_path / "one.hand")
    again = Hand.load(tmp_path / "one.hand", model)
    assert again.letters == hand.letters and again.letters[0].styles == hand.letters[0].styles
    np.testing.assert_array_equal(drawn(model, again, "rsd").points, drawn(model, hand, "rsd").points)
    blend = Hand.blend(hand, next(hand for hand in hands if not hand.letters), 0.3)
    assert [bool(kept.styles) for kept in blend.letters] == [True, False]
    text = (tmp_path / "one.hand").read_text()
    (tmp_path / "bad.hand").write_text(text.replace('"styles": {"', '"styles": {"q": [1], "', 1))
    with pytest.raises(InputError, match="letter forms"):
        Hand.load(tmp_path / "bad.hand", model)


def stroke(*points: tuple[float, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `export.cursive` looks at it, of points in x-heights with y up."""
    from export.cursive import turned
    from handsynth.frame import STANDARD

    at = np.array(points) * (STANDARD.xheight, -STANDARD.xheight) + (10, STANDARD.baseline)
    return turned(at, STANDARD)


R = (0.0, 0.0), (0.35, 1.05), (0.65, 0.95), (0.62, 0.1), (0.8, 0.0)
S = (0.0, 0.0), (0.5, 1.1), (0.7, 0.4), (0.55, 0.0), (0.2, 0.05)
D = (0.6, 0.9), (0.2, 0.9), (0.0, 0.4), (0.3, 0.0), (0.7, 0.6), (0.8, 2.0), (0.8, 0.2), (1.0, 0.0)


def test_forms_are_told_by_how_they_are_written() -> None:
    pytest.importorskip("rich")
    from export.cursive import written_d, written_r, written_s

    assert written_r(*stroke(*R)) and written_s(*stroke(*S)) and written_d(*stroke(*D))
    # a printed r, whose arm ends high; an n, whose arch has one corner; an s begun at its top; a d begun with its stem
    assert not written_r(*stroke((0, 1), (0, 0), (0.1, 0.7), (0.5, 1)))
    assert not written_r(*stroke((0, 0), (0.3, 0.9), (0.5, 0.98), (0.68, 0.9), (0.75, 0.5), (0.8, 0)))
    assert not written_s(*stroke((0.6, 0.9), (0.2, 1), (0.1, 0.7), (0.5, 0.4), (0.5, 0), (0, 0)))
    assert not written_s(*stroke(*S[:3], (0.9, 0.0), (1.2, 0.0)))
    assert not written_d(*stroke(*D[::-1]))


def test_styles_are_put_into_a_model_and_bad_files_refused(tiny_model: Path, tmp_path: Path) -> None:
    from export.__main__ import export
    from export.build import change_gallery

    (tmp_path / "styles.toml").write_text("seed = 5\n\n[styles]\na = [1, 2]\n")
    run = CliRunner().invoke
    made = run(
        command_of(export), [str(tiny_model), "--cursive", str(tmp_path / "styles.toml"), "-o", str(tmp_path / "m")]
    )
    assert made.exit_code == 0, made.output
    old, new = Model.open(tiny_model), Model.open(tmp_path / "m")
    assert [len(styles) for styles in new.card.cursive.values()] == [2] and not old.card.cursive
    assert [hand.name for hand in new.card.gallery] == [hand.name for hand in old.card.gallery]
    assert old.latent_hash == new.latent_hash
    # another gallery leaves them as they are
    change_gallery(tmp_path / "m", tmp_path / "n", [{"name": "Ada", "seed": 1}])
    assert Model.open(tmp_path / "n").card.cursive == new.card.cursive
    for text in ("seed = 5\n", "seed = 'x'\n[styles]\na = [1]\n", "[styles\n", "seed = 5\n[styles]\na = 3\n"):
        (tmp_path / "bad.toml").write_text(text)
        with pytest.raises(InputError, match=r"bad\.toml names no styles"):
            change_gallery(tiny_model, tmp_path / "x", cursive=tmp_path / "bad.toml")
    assert not (tmp_path / "x").exists()
