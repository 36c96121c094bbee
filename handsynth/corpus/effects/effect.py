"""What an effect is: it takes a picture, and says where the picture's points are afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.corpus.effects.pixels import darkest
from handsynth.corpus.rng import CorpusRng

XHEIGHT = 20.0
"""Height of a small x, in px, where nobody says another one."""


@dataclass(frozen=True, eq=False)
class Effected:
    """A picture after an effect."""

    image: np.ndarray
    """uint8 [h,w] or [h,w,3]."""
    homography: np.ndarray | None = None
    """float64 [3,3]: from the old picture to this one, px from the upper left corner of the first pixel; None: nothing
    has moved."""
    spread: float = 0.0
    """How far ink may reach beyond where it was, in px."""


class Draw(CorpusRng):
    """The random numbers of one effect on one picture, and what it should know of the picture."""

    def __init__(
        self,
        seed: int,
        index: int,
        name: str,
        *,
        row: np.ndarray | None = None,
        xheight: float = XHEIGHT,
        baselines: Sequence[float] = (),
        colour: bool = True,
        homography: np.ndarray | None = None,
    ) -> None:
        """`name` of the effect. `xheight` in px; `baselines`: heights of the lines, where known, in the picture as it
        was before all effects, which `homography` [3,3] carries to what it is now; `colour`: whether a grey picture may
        become a coloured one."""
        super().__init__(seed, "effect", index, name, row=row)
        self.xheight = xheight
        self.baselines = tuple(baselines)
        self.colour = colour
        self.homography = homography

    def bells(self, count: int) -> np.ndarray:
        """Numbers float64 [count] of mean 0 and standard deviation 1, about normal, within ±3."""
        return np.asarray(self.uniforms(3 * count).reshape(count, 3).astype(np.float64).sum(axis=1) * 2 - 3)

    def bell(self) -> float:
        return float(self.bells(1)[0])

    def ground(self, image: np.ndarray) -> Sequence[float]:
        """Baselines in px of the first picture: those known, or the one that the ink seems to stand on."""
        return self.baselines or (_baseline(image),)


Apply = Callable[[np.ndarray, Draw, float], Effected]


@dataclass(frozen=True)
class Effect:
    """An effect by name."""

    name: str
    about: str
    """What it does, in a few words."""
    _apply: Apply

    def apply(self, image: np.ndarray, draw: Draw, strength: float) -> Effected:
        """`image` uint8 [h,w] or [h,w,3], dark ink on light paper, after the effect; `strength` 0 (nothing) … 1."""
        return self._apply(image, draw, strength) if strength > 0 else Effected(image)


def _baseline(image: np.ndarray) -> float:
    """Height in px below which there is suddenly less ink, in a picture of one line."""
    dark = (255 - darkest(image)).sum(axis=1, dtype=np.float64)
    if len(dark) < 3 or not dark.any():
        return 0.7 * len(dark)
    return float(np.argmax(dark[:-1] - dark[1:]) + 1)
