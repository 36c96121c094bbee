"""What a model drew, as ink and as strokes, whatever the model draws."""

from __future__ import annotations

from typing import Any

import numpy as np

from handsynth.drawing.draw import glyphs, several
from handsynth.hands.hand import Hand
from handsynth.model.model import Model


def draws_strokes(model: Model) -> bool:
    return getattr(model.card, "draws", "field") == "strokes"


def drawn(
    model: Model, hand: Hand | np.ndarray, chars: str | list[str], places: np.ndarray, seed: int,
    temperature: float = 1.0,
) -> tuple[np.ndarray, np.ndarray | None]:  # fmt: skip
    """Ink f32 [n, H, H] in 0..1, and of how many strokes each is made, int64 [n], where the model draws strokes.

    The rest as in `handsynth.drawing.draw.glyphs`.
    """
    made: Any = glyphs(model, hand, model.index(chars), places, seed, temperature=temperature)
    return ink_of(made), stroke_counts(made)


def by_hands(
    model: Model, hands: list[Hand], chars: list[str], places: np.ndarray, seed: int, temperature: float = 1.0
) -> np.ndarray:
    """Ink f32 [n, H, H] of one character by each of n hands, all with one seed; hands keep what they keep."""
    every = len(hands)
    made: Any = several(
        model, hands, [seed] * every, np.arange(every), model.index(chars), places, temperature=[temperature] * every
    )
    return ink_of(made)


def ink_of(made: Any) -> np.ndarray:
    """Ink f32 [n, H, H] of what `handsynth.drawing.draw.glyphs` returned: glyphs that know their ink, or fields."""
    ink: np.ndarray = made.ink() if hasattr(made, "ink") else np.clip(made + np.float32(0.5), 0, 1)
    return ink.astype(np.float32, copy=False)


def stroke_counts(made: Any) -> np.ndarray | None:
    """How many strokes [n] each of these glyphs has; None where they are not made of strokes."""
    paths = getattr(made, "strokes", None)
    return None if paths is None else np.diff(paths.glyphs)
