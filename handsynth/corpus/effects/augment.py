"""Effects of Augraphy (MIT), an optional library: those that keep the geometry and can be made to repeat themselves.

It draws from the random numbers of Python, numpy, OpenCV and Numba. They are set from (seed, index) for each picture,
and put back afterwards where that can be done. Left out is what reads other files (BleedThrough), differs from run to
run (BadPhotoCopy, DirtyRollers, Moire) or moves ink (InkShifter, Squish, Folding …).
"""

from __future__ import annotations

import difflib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from handsynth.corpus.effects import pixels
from handsynth.corpus.effects.effect import Draw, Effect, Effected
from handsynth.errors import InputError, install

NAME = "augraphy"

NAMES = (
    "Brightness", "BrightnessTexturize", "ColorPaper", "DirtyDrum", "DirtyScreen", "Gamma", "InkBleed", "InkColorSwap",
    "InkMottling", "LightingGradient", "LowInkPeriodicLines", "LowInkRandomLines", "LowLightNoise", "NoiseTexturize",
    "ShadowCast", "SubtleNoise",
)  # fmt: skip
"""Of the library's classes."""

_ALONE = threading.Lock()


def mine(name: str) -> bool:
    """Whether an effect's name means this library."""
    return name.partition(":")[0] == NAME


def find(name: str) -> Effect:
    """`augraphy:NAME`, or `augraphy` for another of NAMES on each picture; what it draws is laid over the picture as
    strongly as asked for. Raises InputError if there is none of that name, or the library is not installed."""
    wanted = name.partition(":")[2]
    if ":" in name and wanted not in NAMES:
        near = difflib.get_close_matches(wanted, NAMES, 1, 0.6)
        hint = f"did you mean {NAME}:{near[0]}?" if near else f"known are {', '.join(NAMES)}"
        raise InputError(f"there is no effect {name[:40]!r} that keeps the geometry; {hint}")
    if find_spec(NAME) is None:
        raise InputError(f"the effect {name} needs a library that is not installed; {install('augment')}")
    return Effect(name, "of the library Augraphy", partial(_apply, (wanted,) if wanted else NAMES))


def _apply(names: tuple[str, ...], image: np.ndarray, draw: Draw, strength: float) -> Effected:
    library = import_module(NAME)
    name, number = draw.pick(names), draw.integer(0, 2**31 - 1)
    colours = image[..., ::-1] if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
    with _seeded(number):
        result = getattr(library, name)(p=1)(np.ascontiguousarray(colours))
    if result.shape[:2] != image.shape[:2] or result.dtype != np.uint8:
        raise InputError(f"the effect {NAME}:{name} changes the size of pictures in this version; leave it out")
    changed = np.repeat(result[..., None], 3, axis=2) if result.ndim == 2 else result[..., 2::-1]
    if image.ndim == 2:
        if draw.colour and not (np.array_equal(changed[..., 0], changed[..., 1]) and _grey(changed[..., 1:])):
            image = np.repeat(image[..., None], 3, axis=2)
        else:
            changed = (changed @ np.array([0.299, 0.587, 0.114]) + 0.5).astype(np.uint8)
    return Effected(pixels.blended(image, np.ascontiguousarray(changed), strength))


def _grey(pair: np.ndarray) -> bool:
    return np.array_equal(pair[..., 0], pair[..., 1])


@contextmanager
def _seeded(number: int) -> Iterator[None]:
    """All the sources that the library draws from, set to `number`: it takes no generator of the caller's.

    One effect at a time, and Python's and numpy's global states are put back. OpenCV's and numba's cannot be read;
    nothing else here draws from them.
    """
    opencv = import_module("cv2")
    with _ALONE:
        before = random.getstate(), np.random.get_state()
        random.seed(number)
        np.random.seed(number)
        opencv.setRNGSeed(number)
        _numba()(number)
        try:
            yield
        finally:
            random.setstate(before[0])
            np.random.set_state(before[1])


@cache
def _numba() -> Any:
    """Sets the random numbers of compiled functions, which are others than numpy's."""

    def seed(number: int) -> None:
        np.random.seed(number)

    return import_module("numba").njit(seed)
