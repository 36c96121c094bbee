"""Choosing the styles whose d, r and s are those of joined writing.

`python -m export.cursive MODEL -o cursive.toml` looks at random hands for those that nearly always write them so
and whose forms are read; hands that join take the nearest. How a hand writes them is a matter of its style, hardly of
chance.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from rich.progress import track

from export.farthest import farthest
from handsynth.arrays import Flags, Floats
from handsynth.cli import console
from handsynth.cli.commands import Argument, Option, command_of
from handsynth.drawing.decode import decoded
from handsynth.errors import InputError
from handsynth.files import atomic_path
from handsynth.frame import Frame
from handsynth.hands.hand import random_styles
from handsynth.model.model import Model
from handsynth.text.lookalikes import merge_table

SEED = 123
"""Of the random hands among which styles are looked for."""

FIRST, COPIES = 6, 24
"""Drawings of a letter by every style, and by those that wrote it so in most of these."""

READ, OFTEN = 0.9, 0.7
"""A drawing counts if the reader gives the letter and its look-alikes so much; a style, if so many count."""

LOW, HIGH = 0.3, (0.7, 1.4)
"""What begins and ends at the line comes as near as that, and the tops of letters lie so high, in x-heights."""

STEPS, AROUND = 60, 0.14
"""Points at even steps along a stroke, and how far on either side its turn is seen, in x-heights."""

CORNER, POINT = 55.0, 80.0
"""Turns in degrees: of both corners of the shoulder of an r, of the top of an s."""

SHOULDER = 0.55, 0.15
"""How high those corners lie at least, and how far apart, in x-heights."""

CURLED, WIDE = 0.6, 1.15
"""An s ends left of this share of its width, and is at most so wide beside its height: others are an r or a 2."""

ASCENDER, BOWL = 1.5, (0.5, 1.2)
"""How high a d reaches at least, and how high its bowl begins, in x-heights."""


def written_r(x: Floats, y: Floats, turn: Floats) -> bool:
    """Whether a stroke, in x-heights with y up, goes up to a point, along a shoulder, and down to the line."""
    if not (HIGH[0] < y.max() < HIGH[1] and y[0] < LOW and y[-1] < LOW and x[-1] - x.min() > 0.6 * np.ptp(x)):
        return False
    corners = [
        at
        for at in np.flatnonzero((y > SHOULDER[0]) & (turn > CORNER)).tolist()
        if turn[at] == turn[max(0, at - 3) : at + 4].max()
    ]
    return len(corners) > 1 and bool(x[corners[-1]] - x[corners[0]] > SHOULDER[1])


def written_s(x: Floats, y: Floats, turn: Floats) -> bool:
    """Whether a stroke goes up to a point and back down around a bowl that closes to the left."""
    top = int(np.argmax(y))
    if not (HIGH[0] < y[top] < HIGH[1] and y[0] < LOW and y[-1] < 1.5 * LOW and y.min() > -LOW):
        return False
    pointed = 2 < top < 0.7 * len(y) and turn[max(0, top - 4) : top + 5].max() > POINT
    return bool(pointed and x[-1] - x.min() < CURLED * np.ptp(x) and np.ptp(x) < WIDE * np.ptp(y))


def written_d(x: Floats, y: Floats, turn: Floats) -> bool:
    """Whether a stroke goes around a bowl, up its stem, and down it to the line and out."""
    if not (y.max() > ASCENDER and BOWL[0] < y[0] < BOWL[1] and y[-1] < LOW):
        return False
    return bool(np.argmax(y) > 0.35 * len(y) and x[-1] - x.min() > 0.8 * np.ptp(x))


LETTERS: dict[str, Callable[[Floats, Floats, Floats], bool]] = {"d": written_d, "r": written_r, "s": written_s}


def turned(stroke: np.ndarray, frame: Frame) -> tuple[Floats, Floats, Floats]:
    """x and y (up, from the baseline) in x-heights, and the turn in degrees, at even steps along points px [p,2]."""
    points = stroke.astype(np.float64) * (1, -1) / frame.xheight + (0, frame.baseline / frame.xheight)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, along[-1], STEPS)
    even = np.stack([np.interp(at, along, axis) for axis in points.T], axis=1)
    reach = min(max(1, round(AROUND * (STEPS - 1) / max(along[-1], 1e-6))), STEPS // 3)
    before, after = even[reach:-reach] - even[: -2 * reach], even[2 * reach :] - even[reach:-reach]
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    turn = np.zeros(STEPS)
    turn[reach:-reach] = np.degrees(np.abs(np.arctan2(cross, (before * after).sum(axis=1))))
    return even[:, 0], even[:, 1], turn


def often(model: Model, char: str, styles: Floats, copies: int, seed: int) -> Floats:
    """Share of `copies` drawings of a letter by styles f32 [n,S] that are written so and read, [n]."""
    count = len(styles) * copies
    index = model.index([char] * count)
    noise = np.random.default_rng(seed).standard_normal((count, model.card.variation_size)).astype(np.float32)
    rows = np.repeat(styles, copies, axis=0)
    drawn = decoded(model, index, rows, model.prior(index, rows, noise)[1])
    read = np.exp(model.read(drawn.ink())[0])[:, merge_table(model.charset)[index[0]]].sum(axis=1)
    paths = drawn.paths  # type: ignore[attr-defined]
    first, last = paths.glyphs[:-1].tolist(), paths.glyphs[1:].tolist()
    so: Flags = np.array(
        [
            after - at == 1
            and LETTERS[char](*turned(paths.points[paths.strokes[at] : paths.strokes[at + 1]], model.frame))
            for at, after in zip(first, last, strict=True)
        ]
    )
    return np.asarray((so & (read > READ)).reshape(-1, copies).mean(axis=1))


def load_cursive(model: Model, path: Path) -> dict[str, tuple[tuple[float, ...], ...]]:
    """The styles of each letter that `choose` wrote, rounded as a card keeps them; raises InputError in one line."""
    try:
        rows: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        seed, letters = int(rows["seed"]), {str(char): [int(i) for i in some] for char, some in rows["styles"].items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} names no styles ({error}); make it with python -m export.cursive") from error
    return {
        char: tuple(tuple(round(float(x), 4) for x in style) for style in random_styles(model, seed, some))
        for char, some in letters.items()
    }


def choose(
    model: Annotated[Path, Argument(help="Model folder that has a reader.")],
    output: Annotated[Path, Option("-o", "--output", help="TOML file to write.")],
    candidates: Annotated[int, Option(help="How many random hands to look at.", min=1)] = 20_000,
    count: Annotated[int, Option(help="How many styles of each letter to keep.", min=1)] = 32,
) -> None:
    """Choose styles of MODEL whose d, r and s are those of joined writing."""
    opened = Model.open(model, threads=1)
    found: dict[str, list[int]] = {}
    for char in LETTERS:
        good: list[int] = []
        for start in track(range(0, candidates, 500), char):
            some = np.arange(start, min(start + 500, candidates))
            styles = random_styles(opened, SEED, some)
            likely = np.flatnonzero(often(opened, char, styles, FIRST, 0) > 0.5)
            if len(likely):
                good += some[likely[often(opened, char, styles[likely], COPIES, 1) > OFTEN]].tolist()
        if not good:
            raise InputError(f"no random hand of {model} writes {char} as in joined writing; try more --candidates")
        styles = random_styles(opened, SEED, good)
        middlemost = int(np.linalg.norm(styles - styles.mean(axis=0), axis=1).argmin())
        found[char] = [good[i] for i in farthest(styles, middlemost, count)]
    lines = [f"seed = {SEED}", "", "[styles]", *(f"{char} = {sorted(some)}" for char, some in found.items())]
    with atomic_path(output) as file:
        file.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(console.run(command_of(choose), "export.cursive"))
