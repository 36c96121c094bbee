"""Letters cut out of words: each in the frame, with how the pen came into it and how it went on.

The pen's way between two letters is cut where it is straightest near the place where the letters change, and each side
gives up TRIM of it: that is the join, which is drawn as one cubic. Lengths along strokes are in the x-heights of
`pack.Word`, which come from whole words; a writer's true x-height, found from the bodies of letters, is 0.58 of that
(median).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.arrays import Floats
from handsynth.frame import STANDARD, Frame
from handsynth.text.extents import extents
from train.data.strokes import smooth
from train.words.pack import Word, by_writer

SPACING, SIGMA = 0.04, 0.06
"""Of smoothed strokes: distance of points and Gaussian, in x-heights."""
WINDOW = 0.35
"""How far from the change of letters a way may be cut, in x-heights along it."""
NEAR = 0.6
"""Radians of bend that the cut moves an x-height for."""
TRIM, TRIM_SHARE = 0.18, 0.2
"""What each letter gives up of a way: x-heights, and the most of its own length."""
REACH = 0.16
"""The direction of an end is that of so much of its stroke, in x-heights."""
PEN = 2.5
"""Width of the pen of isolated letters, px: their ink stands on the baseline, so their paths half a pen above."""
UPRIGHT = frozenset("abcdefhiklmnorstuvwxzABCDEFGHIKLMNOPRSTUVWXYZ")
"""Stand on the baseline."""
BODIES = frozenset("aceimnorsuvwxz")
"""Tell a writer's x-height; i by its stem."""
WANDER = 0.35
"""A letter further than this from its usual place, in x-heights, is only moved by so much."""
HEIGHTS, LONG, WIDE = (0.5, 1.8), 0.75, 2.8
"""Of a letter's body: its height and the least length of its way by the usual height, its width by the usual one."""
LOOPED, LOOPS = frozenset("fgjpqyz"), 1.6
"""Small letters that reach further down in joined writing, by so much."""
EDGE = 2.0
"""px of the frame that stay free above and below."""


@dataclass(frozen=True, eq=False)
class Cut:
    """A letter of a word, in the frame. Heights in its x-heights over its baseline; directions: x right, y up."""

    char: str
    writer: int
    strokes: tuple[np.ndarray, ...]
    """f64 [k,2] each, in px, y down, ink centred left to right; the first one is entered and left."""
    joined: tuple[bool, bool]
    """To the letter before, to the letter after."""
    around: tuple[str, str]
    """The characters before and after in the word; none at its ends."""
    entry: tuple[float, float, float]
    """Height, and direction of the pen; zeros where it is not joined."""
    exit: tuple[float, float, float]

    @property
    def context(self) -> np.ndarray:
        """f32 [CONTEXT], as `Model.decode_joined` takes it."""
        beside = (bool(char) and not char.islower() for char in self.around)
        return np.array([*self.joined, *beside, *self.entry, *self.exit], np.float32)


@dataclass(frozen=True, eq=False)
class Join:
    """The pen's way from a letter to the next one, in x-heights of the frame over its baseline, y up."""

    pair: str
    writer: int
    path: np.ndarray
    """f64 [k,2]."""
    out: np.ndarray
    into: np.ndarray
    """f64 [2]: unit directions at its ends."""


@dataclass(frozen=True, eq=False)
class StrokePiece:
    """What one stroke gives to one letter."""

    letter: int
    path: np.ndarray
    before: bool
    after: bool
    """Whether the stroke comes from another letter, and goes on to one."""


def cut(words: Sequence[Word], frame: Frame = STANDARD) -> tuple[list[Cut], list[Join]]:
    """The letters of words whose letters are known, and the joins between them."""
    cuts: list[Cut] = []
    joins: list[Join] = []
    for _, mine in by_writer(words):
        parted = [(word, *pieces(word)) for word in mine]
        place = Place(frame, _xheight([(word, some) for word, some, _ in parted]))
        for word, some, ways in parted:
            line = _WordBaseline(_bottoms(word, some))
            letters = [[piece for piece in some if piece.letter == number] for number in range(len(word.text))]
            sane = [_sane(char, strokes, place.size) for char, strokes in zip(word.text, letters, strict=True)]
            for number, strokes in enumerate(letters):
                if all(sane[max(number - 1, 0) : number + 2]):
                    found = _letter(word, number, strokes, line, place)
                    cuts += [found] if found else []
            joins += [
                Join(word.text[at : at + 2], word.writer, made, direction(made), -direction(made[::-1]))
                for at, path in ways
                if all(sane[at : at + 2])
                for made in [place.heights(place(path, line(float(path[:, 0].mean()))))]
            ]
    return cuts, joins


@dataclass(frozen=True)
class Place:
    """Where words stand in the frame."""

    frame: Frame
    size: float
    """The writer's x-height, in the words' own units."""

    def __call__(self, path: np.ndarray, up: float, middle: float = 0.0) -> np.ndarray:
        """A path [k,2] in frame px; `up`: where it stands, `middle`: what comes to the frame's middle."""
        px = (self.frame.xheight - PEN / extents("x").height) / self.size
        x = self.frame.size / 2 + (path[:, 0] - middle) * px
        return np.column_stack([x, self.frame.baseline - PEN / 2 - (path[:, 1] - up) * px])

    def heights(self, path: Floats) -> Floats:
        """A path in frame px, in x-heights over the baseline, y up."""
        return (path - (self.frame.size / 2, self.frame.baseline)) / (
            self.frame.xheight,
            -self.frame.xheight,
        )


def pieces(word: Word) -> tuple[list[StrokePiece], list[tuple[int, np.ndarray]]]:
    """What each letter gets of each stroke, and the ways between, by the letter before; in the word's own units."""
    assert word.letters is not None
    result: list[StrokePiece] = []
    ways: list[tuple[int, np.ndarray]] = []
    for line, letters in zip(word.strokes, word.letters, strict=True):
        path, owner = smoothed(line, letters)
        change = np.flatnonzero(np.diff(owner)) + 1
        bounds = [0, *change.tolist(), len(path)]
        cuts = [0, *(_straightest(path, *bounds[i : i + 3]) for i in range(len(bounds) - 2)), len(path)]
        for number in range(len(cuts) - 1):
            a, b = cuts[number], cuts[number + 1]
            less = min(round(TRIM / SPACING), int(TRIM_SHARE * (b - a)))
            first, last = number == 0, number == len(cuts) - 2
            one, two = a + (0 if first else less), b - (0 if last else less)
            result.append(StrokePiece(int(owner[bounds[number]]), path[one:two], not first, not last))
            if not last:
                more = min(round(TRIM / SPACING), int(TRIM_SHARE * (cuts[number + 2] - b)))
                ways.append((int(owner[bounds[number]]), path[two - 1 : b + more + 1]))
    return result, ways


def smoothed(line: np.ndarray, letters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A stroke with points SPACING apart, and the letter of each."""
    path = smooth(line, SIGMA, SPACING)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0, along[-1], len(path))
    nearest = np.clip(np.rint(np.interp(at, along, np.arange(len(line)))), 0, len(line) - 1).astype(int)
    return path, letters[nearest]


def _straightest(path: np.ndarray, start: int, change: int, stop: int) -> int:
    """Where to cut a way between the letters [start, change) and [change, stop)."""
    reach = round(WINDOW / SPACING)
    low = max(change - reach, (start + change) // 2, 4)
    high = min(change + reach, (change + stop) // 2 - 1, len(path) - 5)
    if low >= high:
        return change
    at = np.arange(low, high + 1)
    before, after = path[at] - path[at - 4], path[at + 4] - path[at]
    turn = np.arctan2(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1))
    return int(at[np.argmin(np.abs(turn) + NEAR * SPACING * np.abs(at - change))])


def direction(path: Floats) -> Floats:
    """The unit vector in which a path begins."""
    far = np.flatnonzero(np.hypot(*(path - path[0]).T) > REACH)
    way = path[far[0] if len(far) else -1] - path[0]
    return np.asarray(way / max(float(np.hypot(*way)), 1e-9))


def _xheight(words: Sequence[tuple[Word, list[StrokePiece]]]) -> float:
    """A writer's x-height in the words' own units, from the bodies of small letters."""
    ratios = []
    for word, some in words:
        for number, char in enumerate(word.text):
            body = [piece.path for piece in some if piece.letter == number]
            if char in BODIES and body:
                ratios.append(float(np.ptp(max(body, key=len)[:, 1])) / (extents(char).height if char != "i" else 1.0))
    return float(np.clip(np.median(ratios), 0.25, 2.0)) if len(ratios) >= 5 else 1.0


def _bottoms(word: Word, some: Sequence[StrokePiece]) -> list[tuple[float, float]]:
    """Where letters stand: x of their middles and the heights of their bottoms."""
    result = []
    for number, char in enumerate(word.text):
        body = [piece.path for piece in some if piece.letter == number]
        if char in UPRIGHT and body:
            main = max(body, key=len)
            result.append((float(main[:, 0].mean()), float(main[:, 1].min())))
    return result


class _WordBaseline:
    """The baseline of a word: a straight line through its bottoms that is level where they are few."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self.slope, self.up, self.middle = 0.0, 0.0, 0.0
        if points:
            x, y = np.array(points).T
            self.middle, self.up = float(x.mean()), float(np.median(y))
            if len(points) > 3:
                off = x - self.middle
                self.slope = float((off * (y - self.up)).sum() / ((off**2).sum() + 8.0))

    def __call__(self, x: float) -> float:
        return self.up + self.slope * (x - self.middle)


def _sane(char: str, mine: Sequence[StrokePiece], size: float) -> bool:
    """Whether what was found of a letter can be one: its size, and the length of its way."""
    if not mine:
        return False
    main = max((piece.path for piece in mine), key=len)
    if len(main) < 3:
        return char in ".,'`"
    box = extents(char)
    body = 1.0 if char in "ij" else box.height
    high, wide = np.ptp(main, axis=0)[::-1] / size
    low, tall = HEIGHTS
    fits = body * low < high < body * tall * (LOOPS if char in LOOPED else 1.0)
    long = float(np.hypot(*np.diff(main, axis=0).T).sum()) / size > LONG * body
    return bool(fits and long and wide < WIDE * max(box.width, 0.6))


def _stands(char: str, mine: Sequence[StrokePiece], line: _WordBaseline, size: float) -> float:
    """The height at which a letter stands."""
    main = max((piece.path for piece in mine), key=len)
    up = line(float(main[:, 0].mean()))
    if char in UPRIGHT:
        off = float(main[:, 1].min()) - up
    else:
        off = float(main[:, 1].max()) - (1.0 if char == "j" else extents(char).top) * size - up
    return up + float(np.clip(off, -WANDER * size, WANDER * size))


def _letter(word: Word, number: int, mine: Sequence[StrokePiece], line: _WordBaseline, place: Place) -> Cut | None:
    """A letter that is joined by its first stroke, or not at all."""
    if any(piece.before or piece.after for piece in mine[1:]) or len(mine[0].path) < 3:
        return None
    text, up = word.text, _stands(word.text[number], mine, line, place.size)
    x = np.concatenate([piece.path[:, 0] for piece in mine])
    middle = float(x.min() + x.max()) / 2
    strokes = squeezed([place(piece.path, up, middle) for piece in mine], place.frame)
    if max(float(np.abs(stroke[:, 0] - place.frame.size / 2).max()) for stroke in strokes) > place.frame.size / 2 - 1:
        return None
    main, joined, none = place.heights(strokes[0]), (mine[0].before, mine[0].after), (0.0, 0.0, 0.0)
    around = text[number - 1] if number else "", text[number + 1 : number + 2]
    return Cut(
        text[number], word.writer, strokes, joined, around,
        _end(main, True) if joined[0] else none, _end(main, False) if joined[1] else none,
    )  # fmt: skip


def squeezed(strokes: Sequence[np.ndarray], frame: Frame) -> tuple[np.ndarray, ...]:
    """Strokes in frame px of which the parts above and below the baseline are made lower where they leave the frame."""
    rows = np.concatenate(strokes)[:, 1] - frame.baseline
    up = min(1.0, (frame.baseline - EDGE) / max(-float(rows.min()), 1e-9))
    down = min(1.0, (frame.size - EDGE - frame.baseline) / max(float(rows.max()), 1e-9))

    def moved(stroke: np.ndarray) -> np.ndarray:
        off = stroke[:, 1] - frame.baseline
        return np.column_stack([stroke[:, 0], frame.baseline + off * np.where(off < 0, up, down)])

    return tuple(moved(stroke) for stroke in strokes)


def _end(path: np.ndarray, begins: bool) -> tuple[float, float, float]:
    """Height and direction where the pen comes in, or goes out."""
    way = direction(path) if begins else -direction(path[::-1])
    return float(path[0 if begins else -1, 1]), float(way[0]), float(way[1])
