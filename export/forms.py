"""Choosing the letter forms of a gallery's hands: each well read, and unlike those of the other hands.

`python -m export.forms MODEL gallery.toml -o new.toml` looks at several forms of each letter and digit of each hand, as
`handsynth.drawing.forms` does, but does not take the one that is read best, which would be nearly the same by
every hand: of all that are read well it takes the one that is furthest from those that the hands before it have.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
from rich.progress import track

from export.gallery import load_gallery, save_gallery, style_of
from handsynth import noise
from handsynth.cli import console
from handsynth.cli.commands import Argument, Option, command_of
from handsynth.drawing.draw import TEMPERATURE, glyphs
from handsynth.drawing.forms import OFF, TRIES, tidied
from handsynth.hands.hand import Hand
from handsynth.model.model import Model
from handsynth.text.extents import extents
from handsynth.text.lookalikes import merge_table
from train.lookalikes import ALNUM

COPIES = 3
"""Drawings of a form, as they usually vary; it is read as well as the worst of them."""
WELL = 0.97
"""Least probability of the character and its look-alikes, by each reader and with each pen."""
PENS = 0.09, 0.17
"""Pens that forms are read with, in x-heights: the loops of many fill with a broad one."""
USUAL = 0.85
"""Share of the well-read forms of a letter to choose from, those nearest to their mean: the rest are oddities."""


def looked_at(model: Model, readers: list[Model], hand: Hand, chars: str) -> tuple[np.ndarray, np.ndarray]:
    """How well forms are read f64 [TRIES,m], and features f32 [TRIES,m,F] of their first copies, in one pen."""
    index = model.index(chars * COPIES)
    same = [np.asarray(merge_table(list(reader.charset)))[reader.index(chars * COPIES)] for reader in readers]
    places = np.array([noise.key_of("form", char, copy) for copy in range(COPIES) for char in chars], np.uint64)
    usual_tops = np.array([extents(char).top for char in chars])
    well, features = [], []
    for form in range(TRIES):
        own = replace(hand.kept[0], forms=dict.fromkeys(chars, form))
        read = np.ones(len(chars))
        for pen in PENS:
            drawn = glyphs(model, replace(hand, letters=(own,), pen=pen), index, places, 0, temperature=TEMPERATURE)
            for reader, alike in zip(readers, same, strict=True):
                scores, seen = reader.read(drawn.ink())
                right = (np.exp(scores) * alike).sum(axis=1)
                read = np.minimum(read, right.reshape(COPIES, -1).min(axis=0))
                if pen == PENS[-1] and reader is model:
                    features.append(seen[: len(chars)])
        # s and S, w and W are told apart by their size alone
        tops = -drawn.boxes(model.frame)[:, 1].reshape(COPIES, -1)
        read[(np.abs(tops - usual_tops) > OFF).any(axis=0)] *= 0.5
        well.append(read)
    return np.stack(well), np.stack(features)


def chosen(well: np.ndarray, features: np.ndarray) -> np.ndarray:
    """The form int64 [h,m] of each letter of each hand, from what `looked_at` says of h hands."""
    hands, _, letters = well.shape
    unit = features / np.maximum(np.linalg.norm(features, axis=-1, keepdims=True), 1e-9)
    able = well >= np.minimum(WELL, well.max(axis=1, keepdims=True))
    result = np.zeros((hands, letters), np.int64)
    for letter in range(letters):
        forms, good = unit[:, :, letter], able[:, :, letter]
        middle = forms[good].mean(axis=0)
        off = 1 - forms @ (middle / np.linalg.norm(middle))
        near = good & (off <= np.quantile(off[good], USUAL))
        good = np.where(near.any(axis=1, keepdims=True), near, good)
        taken = np.empty((0, unit.shape[-1]))
        for hand in range(hands):
            far = 1 - (forms[hand] @ taken.T).mean(axis=1) if len(taken) else -off[hand]
            result[hand, letter] = int(np.where(good[hand], far, -np.inf).argmax())
            taken = np.concatenate([taken, forms[hand, result[hand, letter]][None]])
    return result


def choose(
    model: Annotated[Path, Argument(help="Model folder that has a reader.")],
    gallery: Annotated[Path, Argument(help="TOML file of the gallery.")],
    output: Annotated[Path, Option("-o", "--output", help="TOML file to write.")],
    reader: Annotated[list[Path] | None, Option(help="Models whose readers must agree.")] = None,
) -> None:
    """Choose the letter forms of GALLERY: well read, and unlike those of the other hands."""
    opened = Model.open(model, threads=1)
    readers = [opened, *(Model.open(folder, threads=1) for folder in reader or ())]
    chars = "".join(char for char in ALNUM if char in opened.charset)
    rows, seen = load_gallery(gallery), []
    hands = []
    for row in rows:
        style = style_of(opened, row)
        hands.append(Hand(row["name"], np.array(style, np.float32), opened.latent_hash))
    for hand in track(hands, "hands"):
        seen.append(looked_at(opened, readers, hand, chars))
    forms = chosen(np.stack([well for well, _ in seen]), np.stack([features for _, features in seen]))
    for row, hand, own in zip(rows, hands, forms, strict=True):
        kept = dict(row["forms"] if "forms" in row else tidied(opened, hand).letters[0].forms)
        kept |= {char: int(form) for char, form in zip(chars, own, strict=True)}
        row["forms"] = {char: form for char, form in sorted(kept.items()) if form}
    save_gallery(output, rows)


if __name__ == "__main__":
    sys.exit(console.run(command_of(choose), "export.forms"))
