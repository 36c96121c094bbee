"""Effects of a corpus: the same for the same (seed, index), with a geometry that is known, and writing that is read."""

from __future__ import annotations

import pickle
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.api import render
from handsynth.corpus.effects import EFFECTS, PRESETS, Draw, Effected, Effects, augment
from handsynth.errors import InputError
from handsynth.homography import project

DOTS = np.array([[30.0, 20.0], [170.0, 41.0], [301.0, 26.0], [452.0, 44.0], [570.0, 30.0]])
"""Middles of dots, in px from the upper left corner of the first pixel."""

ALL = ",".join(EFFECTS)
MOVING = "scan", "camera"

needs_augraphy = pytest.mark.skipif(augment.find_spec(augment.NAME) is None, reason="Augraphy is not installed")


def dotted(radius: float = 3.5) -> np.ndarray:
    """A picture uint8 [64,600] of black dots on white."""
    y, x = np.mgrid[0:64, 0:600] + 0.5
    away = np.min([np.hypot(x - px, y - py) for px, py in DOTS], axis=0)
    return (255 - 255 * np.clip(radius + 0.5 - away, 0, 1)).astype(np.uint8)


@pytest.fixture(scope="module")
def line() -> np.ndarray:
    """A line of writing, grey."""
    return np.asarray(render("Somebody waits near a bridge", hand="random:3", size=20, margin=0.35).convert("L"))


def once(name: str, image: np.ndarray, index: int = 1, strength: float = 1.0, seed: int = 7, **how: object) -> Effected:
    return EFFECTS[name].apply(image, Draw(seed, index, name, **how), strength)  # type: ignore[arg-type]


def dark(image: np.ndarray) -> np.ndarray:
    return 255.0 - (image if image.ndim == 2 else image.min(axis=2))


def found(image: np.ndarray, place: np.ndarray, reach: int = 9) -> np.ndarray:
    """Where the dark spot near a place has its middle."""
    left, top = max(0, int(place[0]) - reach), max(0, int(place[1]) - reach)
    part = dark(image)[top : top + 2 * reach + 1, left : left + 2 * reach + 1]
    ink = np.clip(part - np.median(part) - 0.45 * (part.max() - np.median(part)), 0, None)
    y, x = np.mgrid[0 : part.shape[0], 0 : part.shape[1]] + 0.5
    return np.array([left + (ink * x).sum() / ink.sum(), top + (ink * y).sum() / ink.sum()])


def contrast(image: np.ndarray, clean: np.ndarray, matrix: np.ndarray | None) -> float:
    """How much darker ink is than the paper around it, in levels, by where the clean picture has ink."""
    y, x = np.mgrid[0 : image.shape[0], 0 : image.shape[1]] + 0.5
    places = np.stack([x.ravel(), y.ravel()], axis=1)
    if matrix is not None:
        places = project(np.linalg.inv(matrix), places)
    column, row = np.floor(places).astype(int).T
    inside = (column >= 0) & (column < clean.shape[1]) & (row >= 0) & (row < clean.shape[0])
    before = np.full(len(places), 255)
    before[inside] = clean[row[inside], column[inside]]
    light = 255 - dark(image).ravel()
    return float(abs(np.median(light[before > 250]) - np.median(light[before < 60])))


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("colour", [False, True])
def test_the_same_seed_and_index_give_the_same_bytes_in_any_order(name: str, colour: bool, line: np.ndarray) -> None:
    picture = np.repeat(line[..., None], 3, axis=2) if colour else line
    before = picture.copy()
    effects = Effects.parse(f"{name}=0.8")
    forwards = [effects.apply(picture, 5, index).image for index in range(4)]
    backwards = [effects.apply(picture, 5, index).image for index in reversed(range(4))][::-1]
    for one, other in zip(forwards, backwards, strict=True):
        assert one.tobytes() == other.tobytes()
        assert one.dtype == np.uint8 and one.shape[0] == line.shape[0]
        assert one.shape[2:] in ((3,), () if not colour else (3,))
        assert one.shape[1] == line.shape[1] or name in MOVING
    assert (picture == before).all()
    if name != "invert":
        assert len({one.tobytes() for one in forwards}) > 1
        assert effects.apply(picture, 6, 0).image.tobytes() != forwards[0].tobytes()


@pytest.mark.parametrize("name", EFFECTS)
def test_a_strength_of_nothing_changes_nothing_and_a_little_changes_little(name: str, line: np.ndarray) -> None:
    assert once(name, line, strength=0.0).image is line
    for index in range(8):
        done = once(name, line, index, strength=0.02, colour=False)
        if name in MOVING:
            assert done.homography is not None
            corners = np.array([[0, 0], line.shape[::-1]], np.float64)
            assert np.abs(project(done.homography, corners) - corners).max() < 3
        elif name not in ("underline", "through"):  # how dark a line is that somebody draws does not begin at nothing
            assert np.abs(done.image.astype(int) - line).mean() < 5, index


@pytest.mark.parametrize("name", [name for name in EFFECTS if name not in ("underline", "through", "breaks")])
def test_dots_are_found_where_the_homography_says(name: str) -> None:
    for index in range(12):
        done = once(name, dotted(), index)
        matrix = np.eye(3) if done.homography is None else done.homography
        image = 255 - done.image if name == "invert" else done.image
        for place in project(matrix, DOTS):
            # what is printed or spilt beside a dot is no part of it
            near = found(image, place, 5 if name in ("smudge", "stains", "creases", "specks", "rules") else 9)
            assert np.hypot(*(near - place)) < 1.5, (index, place, near)


def test_gaps_only_take_ink_away_and_lines_only_add_some(line: np.ndarray) -> None:
    for index in range(20):
        gaps = once("breaks", line, index)
        assert gaps.homography is None and (gaps.image >= line).all() and (gaps.image > line).any()
        for name in ("underline", "through"):
            done = once(name, line, index, baselines=(40.0,))
            changed = np.nonzero(done.image != line)
            assert done.homography is None and (done.image <= line).all() and len(changed[0])
            # below the line, or through its small letters
            low, high = (42, 58) if name == "underline" else (21, 38)
            assert changed[0].min() >= low and changed[0].max() <= high


def test_no_ink_is_lost_when_the_sheet_is_moved(line: np.ndarray) -> None:
    row, column = np.nonzero(line < 128)
    ink = np.stack([column, row], axis=1) + 0.5
    for name in MOVING:
        for index in range(40):
            done = once(name, line, index)
            matrix = done.homography
            assert matrix is not None
            seen = project(matrix, ink)
            assert (seen > 0).all() and (seen < done.image.shape[1::-1]).all()
            # how large a pixel has become: the determinant of the map's derivative
            size = np.linalg.det(matrix) / (ink @ matrix[2, :2] + matrix[2, 2]) ** 3
            assert abs(dark(done.image).sum() / dark(line).sum() / size.mean() - 1) < 0.05


def test_homographies_of_several_effects_are_composed() -> None:
    effects = Effects.parse("camera,scan,blur=0.3,paper=0.3,light=0.4")
    picture = dotted()
    for index in range(10):
        done = effects.apply(picture, 3, index)
        assert done.homography is not None and done.spread > 0
        for place in project(done.homography, DOTS):
            assert np.hypot(*(found(done.image, place) - place)) < 1.5


def test_printed_lines_lie_under_the_baselines_as_the_sheet_does() -> None:
    white = np.full((200, 300), 255, np.uint8)
    white[20:24, 30:34] = white[180:184, 270:274] = 0
    shown = 0
    for index in range(30):
        effects = Effects.parse("camera=0.6,rules=1")
        done = effects.apply(white, 4, index, baselines=(60.0, 100.0, 140.0), colour=False)
        assert done.homography is not None
        rows = project(done.homography, np.array([[x, y] for y in (60.0, 100.0, 140.0) for x in (90.0, 150.0, 210.0)]))
        for x, y in rows:
            strip = dark(done.image)[int(y) - 4 : int(y) + 5, int(x)]
            shown += strip.max() > 25
    # dotted paper has no line at every place
    assert shown > 0.6 * 30 * 9


@pytest.mark.parametrize("name", [*EFFECTS, *PRESETS])
def test_ink_stays_readable(name: str, line: np.ndarray) -> None:
    effects = Effects.parse(f"{name}=1" if name in EFFECTS else name)
    seen = []
    for index in range(24):
        done = effects.apply(line, 11, index)
        seen.append(contrast(done.image, line, done.homography))
    assert min(seen) > 40 and np.median(seen) > 80


def test_colour_is_kept_out_on_request(line: np.ndarray) -> None:
    for preset in PRESETS:
        done = [Effects.parse(preset).apply(line, 2, index, colour=False).image for index in range(20)]
        assert all(image.ndim == 2 for image in done)
    assert any(Effects.parse("phone").apply(line, 2, index).image.ndim == 3 for index in range(5))


def test_effects_grow_with_the_writing(line: np.ndarray) -> None:
    big = np.kron(line, np.ones((3, 3), np.uint8))
    small = [once("blur", line, index).spread for index in range(5)]
    large = [once("blur", big, index, xheight=60.0).spread for index in range(5)]
    np.testing.assert_allclose(large, 3 * np.array(small), rtol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (64, 3), (5, 300), (300, 400)])
def test_pictures_of_any_size_go_through(shape: tuple[int, int]) -> None:
    blank = np.full(shape, 255, np.uint8)
    spotted = blank.copy()
    spotted[shape[0] // 2, shape[1] // 2] = 0
    for picture in (blank, spotted, np.repeat(spotted[..., None], 3, axis=2)):
        for index in range(3):
            done = Effects.parse(ALL).apply(picture, 1, index)
            assert done.image.dtype == np.uint8 and done.image.shape[0] == shape[0] and done.image.shape[1] > 0


def test_presets_and_items_are_mixed_and_written_down() -> None:
    assert not Effects.parse("clean").steps and not Effects.parse("").steps and str(Effects.parse("")) == "clean"
    effects = Effects.parse("jpeg=0.2..0.4@0.5, camera=0.3,blur")
    assert str(effects) == "camera=0.3..0.3@1,blur=0.3..1@1,jpeg=0.2..0.4@0.5"
    assert not any(step.effect.name == "shadow" for step in Effects.parse("phone,shadow=0").steps)
    for preset in PRESETS:
        assert str(Effects.parse(str(Effects.parse(preset)))) == str(Effects.parse(preset))
    line = dotted()
    again = pickle.loads(pickle.dumps(effects))
    assert again.apply(line, 1, 1).image.tobytes() == effects.apply(line, 1, 1).image.tobytes()


def test_each_effect_is_drawn_apart_from_the_others(line: np.ndarray) -> None:
    alone, more = Effects.parse("blur@0.5"), Effects.parse("invert@0,noise=0,blur@0.5")
    for index in range(10):
        assert alone.apply(line, 1, index).image.tobytes() == more.apply(line, 1, index).image.tobytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("blurr", "did you mean blur?"),
        ("xyz", "known are clean, office"),
        ("blur=2", "a probability from 0 to 1"),
        ("blur=0.5..0.2", "rising"),
        ("blur=0.5@2", "a probability from 0 to 1"),
        ("blur=x", "write NAME, NAME=0.5"),
        ("notebook=0.5", "there is no effect"),
        ("augraphy:Folding", "that keeps the geometry"),
        ("augraphy:InkBlead", "did you mean augraphy:InkBleed?"),
    ],
)
def test_what_is_no_effect_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Effects.parse(text)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=20),
        st.lists(st.sampled_from([*EFFECTS, *PRESETS, "=", "@", "..", ",", "0.5", "1", "-1", ".", "7"])).map("".join),
    )
)
def test_any_text_is_parsed_or_refused_in_one_line(text: str) -> None:
    try:
        effects = Effects.parse(text)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert str(Effects.parse(str(effects))) == str(effects)


@needs_augraphy
def test_augraphy_repeats_itself_and_moves_nothing() -> None:
    picture = dotted()
    state = random.getstate(), np.random.get_state()[1].tobytes()
    for name in augment.NAMES:
        if name in ("ShadowCast", "LightingGradient"):
            continue  # slow
        effects = Effects.parse(f"augraphy:{name}=0.7")
        first = [effects.apply(picture, 2, index) for index in range(4)]
        random.random()
        again = [effects.apply(picture, 2, index).image.tobytes() for index in (3, 2, 1, 0)][::-1]
        assert [done.image.tobytes() for done in first] == again, name
        for done in first:
            assert done.homography is None and done.image.shape[:2] == picture.shape
            for place in DOTS:
                assert np.hypot(*(found(done.image, place) - place)) < 1.5, name
    random.setstate(state[0])
    assert np.random.get_state()[1].tobytes() == state[1]


def test_without_augraphy_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augment, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="not installed; pip install"):
        Effects.parse("augraphy")
