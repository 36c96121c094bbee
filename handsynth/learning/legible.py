"""Letters that lose on the ink's centreline what made them letters: small eyes and bars that ran together on the photo.

The middle of a blot is one line, so an e drawn along it is a c; its edge (see `edges`) keeps most of them, not all. The
encoder saw the blot, and says an e: latents go back towards what it said until the model's reader sees the letter about
as surely as on the photo.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handsynth.arrays import Flags, Floats
from handsynth.drawing.decode import by_pens, decoded
from handsynth.model.model import Model
from handsynth.text.lookalikes import merge_table

SPOILT, WHOLE = 0.5, 0.8
"""Share of how surely the ink is read below which the strokes are not that letter, and from which they are it."""

_READ = 0.5
"""How surely the ink itself must be read for that."""

BACK = 1.0, 0.75, 0.5, 0.25, 0.0
"""How much of what the fit moved a latent by is tried, the most first."""


def spoilt(
    model: Model, index: np.ndarray, images: np.ndarray, latents: np.ndarray, offsets: np.ndarray, pen: float
) -> tuple[Flags, Floats]:
    """Which letters are not read once they are drawn, bool [n], and how surely their ink is, f64 [n].

    Of characters `index` [n] on `images` uint8 [n,H,H], drawn by `latents` f32 [n,V] and `offsets` f32 [n,P,2] with a
    `pen` of so many frame px.
    """
    seen = _read(model, index, images.astype(np.float32) / 255)
    drawn = _read(model, index, _ink(model, index, latents, offsets, pen))
    return (seen >= _READ) & (drawn < SPOILT * seen), seen


def brought_back(
    model: Model, index: np.ndarray, told: np.ndarray, latents: np.ndarray, seen: np.ndarray, pen: float,
    moved: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> tuple[np.ndarray, Flags]:  # fmt: skip
    """Latents f32 [n,V] between `latents` and what the encoder `told` [n,V] that are read, and where there are any.

    The nearest to `latents` that is read nearly as surely as the ink, `seen` f64 [n]. `moved`: the offsets f32 [m,P,2]
    that some of the letters, int64 [m], get with latents [m,V]; None: none.
    """
    result, found = latents.copy(), np.zeros(len(index), bool)
    for share in BACK:
        rows = np.flatnonzero(~found)
        if not len(rows):
            break
        tried = (told[rows] + share * (latents[rows] - told[rows])).astype(np.float16).astype(np.float32)
        ink = _ink(model, index[rows], tried, None if moved is None else moved(rows, tried), pen)
        good = _read(model, index[rows], ink) >= WHOLE * seen[rows]
        result[rows[good]], found[rows[good]] = tried[good], True
    return result, found


def _ink(model: Model, index: np.ndarray, latents: np.ndarray, offsets: np.ndarray | None, pen: float) -> np.ndarray:
    style = np.zeros(model.card.style_size, np.float32)
    plain = decoded(model, index, style, latents, offsets)
    return by_pens(plain, np.full(len(index), pen)).ink()


def _read(model: Model, index: np.ndarray, ink: np.ndarray) -> Floats:
    """How surely ink f32 [n,H,H] is read as the characters `index` [n] or their look-alikes."""
    scores = np.exp(model.read(ink)[0].astype(np.float64))
    return np.asarray((scores * merge_table(model.charset)[index]).sum(axis=1))
