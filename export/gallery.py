"""Choosing a model's gallery: draws from the prior that read well and differ from each other.

`python -m export.gallery MODEL -o gallery.toml` proposes hands; a person looks at them, and edits names and words.
"""

from __future__ import annotations

import json
import string
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from export.farthest import farthest
from handsynth import noise
from handsynth.cli import console
from handsynth.cli.commands import Argument, Option, command_of
from handsynth.drawing.draw import TEMPERATURE, glyphs
from handsynth.drawing.forms import tidied
from handsynth.drawing.smallcaps import meant
from handsynth.errors import InputError
from handsynth.files import atomic_path
from handsynth.hands.hand import Hand, random_styles
from handsynth.model.card import NamedHand
from handsynth.model.model import Model
from train.lookalikes import ALNUM, accuracy

NAMES = (
    *("Quill", "Maple", "Linen", "Ember", "Fern", "Slate", "Willow", "Clover", "Juniper", "Pebble", "Sparrow", "Cedar"),
    *("Hazel", "Poppy", "Ivory", "Onyx", "Meadow", "Rowan", "Thistle", "Copper", "Drift", "Flint", "Grove", "Heron"),
    *("Indigo", "Jasper", "Kestrel", "Larch", "Mint", "Nutmeg", "Olive", "Pine", "Quartz", "Reed", "Sage", "Tansy"),
    *("Umber", "Velvet", "Wren", "Yarrow", "Zephyr", "Acorn", "Basil", "Cobalt", "Dune", "Elder", "Finch", "Garnet"),
    *("Harbor", "Iris", "Juno", "Kelp", "Lotus", "Moss", "Noble", "Otter", "Pearl", "Quince", "Raven", "Saffron"),
    *("Teal", "Ursa", "Violet", "Walnut", "Xylo", "Yew", "Zinnia", "Almond"),
)
STEMS = "lItfhkbdp1"
"""Letters with a stem, which shows the slant."""
TAILED = "ahilmnu"
"""Letters that end in a stem in print, and in a thin low stroke in cursive writing."""
LEVEL = "acemnorsuvwxz"
"""Letters that reach from the line to the x-height."""
LIGHT, BOLD = 1.75, 2.4
"""Pens in frame px, below and above which they are."""
NEAT, ROUGH = 0.09, 0.128
"""Unevenness below and above which hands are."""
USUAL = 0.9
"""Share of the legible hands to choose from, those nearest to the middle: the rest are oddities."""
LEGIBLE = 0.97
"""Least share of letters and digits that the reader must read as meant, case-merged."""
COPIES = 4
"""Drawings of each letter that a hand is judged by."""


@dataclass(frozen=True)
class HandTraits:
    """What one hand looks like, measured on drawings of it."""

    slant: float
    """Median shear of the stems; positive leans to the right."""
    pen: float
    """Median width of the strokes, in frame px."""
    width: float
    """Mean width of the small letters, in x-heights."""
    uneven: float
    """How far tops and bottoms of small letters stray from one line, standard deviation in x-heights."""
    tails: float
    """Share of the letters that could end in a tail and do."""
    legible: float
    """Share of letters and digits read as meant, case-merged."""

    def tags(self) -> tuple[str, ...]:
        form = "cursive" if self.tails >= 0.4 else "print"
        lean = "slanted" if self.slant > 0.18 else "backhand" if self.slant < -0.08 else "upright"
        weight = "light" if self.pen < LIGHT else "bold" if self.pen > BOLD else "medium"
        neatness = "neat" if self.uneven < NEAT else "rough" if self.uneven > ROUGH else "easy"
        return form, lean, weight, neatness

    def words(self) -> str:
        """One line for a person."""
        form, lean, weight, neatness = self.tags()
        width = "narrow" if self.width < 0.78 else "wide" if self.width > 0.95 else ""
        pen = {"light": "a fine pen", "medium": "a plain pen", "bold": "a broad pen"}[weight]
        return f"{neatness} {lean} {f'{width} ' if width else ''}{form} with {pen}"


def measure(model: Model, hand: Hand, seed: int = 0) -> tuple[HandTraits, np.ndarray]:
    """The look of a hand, and reader features f32 [F] averaged over the letters."""
    chars = "".join(c for c in ALNUM if c in model.charset)
    both = chars * COPIES
    places = np.array([noise.key_of("gallery", i) for i in range(len(both))], np.uint64)
    drawn = glyphs(model, hand, model.index(both), places, seed, temperature=TEMPERATURE)
    ink, field = drawn.ink(), drawn.fields()
    scores, features = model.read(ink)
    # where a hand writes capitals for small letters, it is capitals that are read
    shown = meant(model, [hand], np.zeros(len(both), np.int64), model.index(both), own=True)[0]
    right = accuracy(scores, shown, list(model.charset))[1]
    rows = np.arange(model.frame.size)
    lean = []
    for drawing, char in zip(ink, both, strict=True):
        mass = drawing.sum(1)
        if char not in STEMS or mass.sum() < 1:
            continue
        centre = (drawing * rows).sum(1) / np.maximum(mass, 1e-6)
        middle = (mass * rows).sum() / mass.sum()
        lean.append(-(mass * (rows - middle) * centre).sum() / (mass * (rows - middle) ** 2).sum())
    pen = [2 * np.quantile(f[f > 0], 0.9) if (f > 0).any() else 0.0 for f in field]
    small = [i for i, c in enumerate(both) if c in string.ascii_lowercase]
    spans = [int(np.ptp(np.flatnonzero(ink[i].max(0) > 0.5))) + 1 if ink[i].max() > 0.5 else 0 for i in small]
    tails = [_has_tail(ink[i], model.frame.xheight) for i, c in enumerate(both) if c in TAILED]
    even = [i for i, c in enumerate(both) if c in LEVEL]
    uneven = np.sqrt(drawn.take(np.array(even)).boxes(model.frame)[:, [1, 3]].var(axis=0).mean())
    look = HandTraits(
        float(np.median(lean)) if lean else 0.0,
        float(np.median(pen)),
        float(np.mean(spans)) / model.frame.xheight if spans else 0.0,
        float(uneven),
        float(np.mean(tails)) if tails else 0.0,
        float(right.mean()),
    )
    return look, features.reshape(COPIES, len(chars), -1).mean(0).ravel()


def _has_tail(ink: np.ndarray, xheight: float) -> bool:
    """Whether the last columns of ink are low and thin: a stroke that leads on, not a stem.

    Told by 45 % of an x-height, 57 % of the letters of cursive fonts have one (median font), none of print fonts.
    """
    columns = np.flatnonzero(ink.max(0) > 0.5)
    if not len(columns):
        return False
    rows = np.flatnonzero(ink[:, max(columns[0], columns[-1] - 3) : columns[-1] + 1].max(1) > 0.5)
    return bool(np.ptp(rows) + 1 < 0.45 * xheight)


def survey(folder: Path, seeds: range) -> list[tuple[int, HandTraits, np.ndarray]]:
    """Of the first random hands of these seeds those that are legible: seed, look, features."""
    model = Model.open(folder, threads=1)
    looks = ((seed, *measure(model, tidied(model, Hand.random(model, seed)))) for seed in seeds)
    return [(seed, look, features) for seed, look, features in looks if look.legible >= LEGIBLE]


def choose(folder: Path, count: int, candidates: int = 400, jobs: int = 1) -> list[dict[str, Any]]:
    """Propose `count` hands as rows of the TOML file: legible ones far from each other, a quarter cursive if it can be.

    Each is the first random hand of its seed, so a gallery needs no more than seeds.
    """
    with ProcessPoolExecutor(jobs) as pool:
        parts = pool.map(survey, [folder] * jobs, [range(1 + job, candidates + 1, jobs) for job in range(jobs)])
        found = sorted((row for part in parts for row in part), key=lambda row: row[0])
    cursive = [i for i, (_, look, _) in enumerate(found) if look.tags()[0] == "cursive"]
    plain = [i for i in range(len(found)) if i not in cursive]
    flowing = max(min(len(cursive), count // 4), count - len(plain))
    if len(found) < count:
        raise InputError(f"only {len(found)} of {candidates} hands are legible; train longer or ask for fewer")
    features = np.stack([f for _, _, f in found])
    looks = np.array([[k.slant, k.pen, k.width, k.uneven, k.tails] for _, k, _ in found])
    features = (features - features.mean(0)) / np.sqrt(features.var(0).sum())
    looks = (looks - looks.mean(0)) / looks.std(0).clip(1e-6) / 2  # what a person sees first weighs most
    space = np.concatenate([features, looks], axis=1)
    chosen = _spread(space, np.array(plain, int), count - flowing) + _spread(space, np.array(cursive, int), flowing)
    middle = np.linalg.norm(space - space.mean(0), axis=1)
    chosen.sort(key=lambda i: middle[i])  # the most usual hand first: it is the default
    rows = []
    for name, i in zip(NAMES, chosen, strict=False):
        seed, look, _ = found[i]
        rows.append({"name": name, "seed": seed, "description": look.words(), "tags": list(look.tags())})
    return rows


def _spread(space: np.ndarray, pool: np.ndarray, count: int) -> list[int]:
    """`count` of the rows `pool` of `space` [n, d], far from each other, without the oddities at the rim."""
    if not count:
        return []
    middle = np.linalg.norm(space[pool] - space[pool].mean(0), axis=1)
    if len(pool) * USUAL >= count:
        inside = middle <= np.quantile(middle, USUAL)
        pool, middle = pool[inside], middle[inside]
    return [int(pool[i]) for i in farthest(space[pool], int(middle.argmin()), count)]


def load_gallery(path: Path) -> list[dict[str, Any]]:
    """Rows of a gallery's TOML file; raises InputError in one line."""
    try:
        rows = tomllib.loads(path.read_text("utf-8"))["hand"]
        for row in rows:
            known = (
                all(isinstance(x, float | int) for x in row["style"])
                if "style" in row
                else isinstance(row["seed"], int)
            )
            if not (isinstance(row["name"], str) and known):
                raise KeyError("name, seed or style")
        return list(rows)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no gallery ({error}); make one with python -m export.gallery") from error


def save_gallery(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as `load_gallery` reads them."""
    lines = []
    for row in rows:
        lines += ["[[hand]]", *(f"{key} = {_toml(value)}" for key, value in row.items()), ""]
    with atomic_path(path) as file:
        file.write_text("\n".join(lines), "utf-8")


def _toml(value: Any) -> str:
    """Strings, numbers and lists stand in TOML as in JSON; a table of forms is one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(key)} = {_toml(part)}" for key, part in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def style_of(model: Model, row: dict[str, Any]) -> list[float]:
    """The style of a row, rounded as it is kept: its own, or that of the first random hand of its seed."""
    style = row["style"] if "style" in row else random_styles(model, row["seed"], [0])[0]
    if len(style) != model.card.style_size:
        raise InputError(f"{row['name']} has a style of {len(style)} numbers, not {model.card.style_size}")
    return [round(float(x), 5) for x in style]


def hands(model: Model, rows: list[dict[str, Any]]) -> list[NamedHand]:
    """The rows as hands of `model`."""
    made = []
    for row in rows:
        # what is kept is rounded, and forms are those of the rounded style
        style = style_of(model, row)
        hand = tidied(model, Hand(row["name"], np.array(style, np.float32), model.latent_hash))
        made.append(
            NamedHand(
                name=row["name"],
                style=tuple(style),
                description=str(row.get("description", "")),
                tags=tuple(row.get("tags", ())),
                gap=row.get("gap"),
                slant=float(row.get("slant", 0.0)),
                small_capitals=row.get("small_capitals"),
                ascenders=float(row.get("ascenders", 1.0)),
                descenders=float(row.get("descenders", 1.0)),
                size=float(row.get("size", 1.0)),
                pen=row.get("pen", round(hand.pen_width, 4) if model.strokes else None),
                # where a person looked, all are by eye
                forms=dict(row["forms"] if "forms" in row else hand.letters[0].forms if hand.letters else {}),
                cursive=str(row.get("cursive", "")),
            )
        )
    return made


def propose(
    model: Annotated[Path, Argument(help="Model folder that has a reader.")],
    output: Annotated[Path, Option("-o", "--output", help="TOML file to write.")],
    count: Annotated[int, Option(help="How many hands.", min=1, max=len(NAMES))] = 24,
    candidates: Annotated[int, Option(help="How many draws to choose from.", min=1)] = 400,
    jobs: Annotated[int, Option(help="Processes that look at them.", min=1)] = 1,
) -> None:
    """Propose a gallery for MODEL: legible hands that differ most."""
    save_gallery(output, choose(model, count, candidates, jobs))


if __name__ == "__main__":
    sys.exit(console.run(command_of(propose), "export.gallery"))
