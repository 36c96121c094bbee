"""Traits: what is known of one writer, and what a hand's file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from handsynth.errors import InputError
from handsynth.hands.letters import Kept, LetterLatents
from handsynth.hands.originals import Originals
from handsynth.ink import pens


@dataclass(frozen=True, eq=False)
class Traits:
    """What is known of one writer of one model. Raises InputError where the style is no vector of numbers."""

    name: str
    style: np.ndarray
    """f32 [S], read-only."""
    model_hash: str
    """`Model.latent_hash` of the model whose style space this is; elsewhere the numbers mean another writer."""
    gap: float | None = None
    """Usual clear space between facing letters, in x-heights; None: the layout's own."""
    weight: float = 0.0
    """Frame px to add to every field: how much thicker on each side the person's pen is than the style's."""
    slant: float = 0.0
    """Shear beside the style's own, x per height, positive to the right; letters that are known have it already."""
    deviation: np.ndarray | None = None
    """f32 [S]: standard deviations of the style, where it was read from letters."""
    measured: Mapping[str, float] = field(default_factory=dict)
    """What was measured on the letters: `letters`, how many; `pen`, its width, in x-heights; `slant`; `gap`."""
    originals: Originals | None = None
    """The person's own letters, as ink."""
    known: LetterLatents | None = None
    """The person's own letters as latents, of a model that draws strokes: drawn anew each time."""
    pen: float | None = None
    """Width of the usual pen in x-heights, where a model draws strokes; None: one that goes with the hand's key."""
    pen_kind: str = pens.ROUND
    """Which of `pens.PENS` that pen is."""
    letters: tuple[Kept, ...] = ()
    """Its letter forms; none: those of the style's own key. Blends have several, and take letters from each."""
    joined: float | None = None
    """Share of the pairs of letters that are joined, 0 … 1; None: one that goes with the hand's key."""
    joined_after: Mapping[str, float] = field(default_factory=dict)
    """Small letters after which another share of the pairs is joined, as "bvw", and that share."""
    contextual: bool = False
    """Whether letters that are joined are drawn for their neighbours, see `Model.decode_joined`."""
    unevenness: float | None = None
    """How far its letters stray from the line and from even gaps: 0 not at all, 1 as those of most people; None: as
    goes with the hand's key."""
    small_capitals: float | None = None
    """Small letters are written as capitals, so many times as high as those; None: as small letters."""
    ascenders: float = 1.0
    """How long is what rises above small letters, as a share of the style's own, and of letters that are known."""
    descenders: float = 1.0
    """How long is what hangs below the line, as a share of the style's own, and of letters that are known."""
    size: float = 1.0
    """Usual height of its small letters, as a share of other hands', where nobody asks for a height."""

    def __post_init__(self) -> None:
        style = np.array(self.style, np.float32)
        if style.ndim != 1 or not np.isfinite(style).all():
            raise InputError(f"a hand's style must be finite numbers [S], not an array {list(style.shape)}")
        style.setflags(write=False)
        object.__setattr__(self, "style", style)
