"""What the writers of bitmap fonts share: names of files, limits, and code points for further drawings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

import numpy as np

from handsynth.errors import InputError
from handsynth.fonts.options import Options
from handsynth.fonts.source import FontSource
from handsynth.fonts.strike import check_size

PRIVATE = range(0xE000, 0xF900)
"""The private use area of the Basic Multilingual Plane (Unicode 15.1, 23.5)."""


def check_sizes(options: Options) -> None:
    """Raises InputError for sizes that no format has."""
    if not options.sizes:
        raise InputError("a bitmap font needs a size; give one in pixels per em, like 32")
    for size in options.sizes:
        check_size(size)


def stems(name: str, options: Options) -> Iterator[tuple[int, str]]:
    """Each size, and what the names of its files begin with: more than one size makes NAME-16, NAME-24."""
    stem, sizes = PurePath(name).stem, list(dict.fromkeys(options.sizes))
    for size in sizes:
        yield size, stem if len(sizes) == 1 else f"{stem}-{size}"


def codes(source: FontSource) -> np.ndarray:
    """Code points int64 [c,N] for formats in which every drawing needs one. Raises InputError where there are too few.

    The first drawing of a character has the character's own. The others follow each other in the private use area from
    U+E000: the second drawings of all characters in the order of those, then the third ones, and so on. Code points
    that are themselves characters of the font are passed over.
    """
    own = [ord(char) for char in source.chars]
    taken = {*own, *map(ord, source.blanks)}
    free = [code for code in PRIVATE if code not in taken]
    more = len(own) * (source.variants - 1)
    if more > len(free):
        raise InputError(
            f"{len(own):,} characters in {source.variants} variants need {more:,} code points for private use, of "
            f"which there are {len(free):,}; give fewer variants or characters"
        )
    private = np.array(free[:more], np.int64).reshape(source.variants - 1, len(own))
    return np.concatenate([np.array([own], np.int64), private]).T
