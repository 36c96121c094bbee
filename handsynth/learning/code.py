"""The code in a form's corner: which form and page this is, as a grid of black and white squares.

64 bits: version, page, pages, repetitions, paper, CRC of the characters, and a CRC-16 over all of these (CCITT, as
`binascii.crc_hqx`; ITU-T V.41). Every bit is two squares beside each other, of which one is black: dark then light is
1. Which one is darker needs no threshold, so shadows do not matter; where the CRC fails, the least certain bits are
tried the other way round (Chase, "A class of algorithms for decoding block codes", 1972).
"""

from __future__ import annotations

import binascii
import itertools
import zlib
from dataclasses import dataclass

import numpy as np

VERSION = 2
"""Of the form: where everything stands on it."""

READ = 1, 2
"""Versions that are read: 1 had no lines to copy, and as many boxes for each character."""

ROOM = 15
"""In place of the repetitions: as many boxes as there is room for (see `Form`)."""

COLUMNS, ROWS = 16, 8
"""Squares of the grid."""

_FIELDS = (("version", 4), ("page", 6), ("pages", 6), ("repetitions", 4), ("paper", 4), ("charset", 24))
_CRC = 16
_BITS = sum(bits for _, bits in _FIELDS) + _CRC
_TRIED = 4
"""Least certain bits that are tried both ways round."""

PAGES = (1 << 6) - 1
"""Most pages."""


@dataclass(frozen=True)
class Code:
    """What the code says."""

    page: int
    """From 1."""
    pages: int
    repetitions: int
    paper: int
    """Place in the table of papers."""
    charset: int
    """`charset_crc` of the characters."""
    version: int = VERSION


def charset_crc(chars: str) -> int:
    """24 bits that tell one list of characters from others: the low bits of CRC-32 (as zlib's) of its UTF-8."""
    return zlib.crc32(chars.encode()) & 0xFFFFFF


def squares(code: Code) -> np.ndarray:
    """bool [ROWS,COLUMNS]: which squares are black."""
    bits = [getattr(code, name) >> shift & 1 for name, size in _FIELDS for shift in range(size - 1, -1, -1)]
    crc = _crc(np.array(bits))
    bits += [crc >> shift & 1 for shift in range(_CRC - 1, -1, -1)]
    first = np.array(bits, bool)
    return np.stack([first, ~first], axis=1).reshape(ROWS, COLUMNS)


def decode(brightness: np.ndarray) -> Code | None:
    """The code whose squares have this brightness, float [ROWS,COLUMNS] in any unit; None where it is none."""
    pairs = np.asarray(brightness, np.float64).reshape(_BITS, 2)
    difference = pairs[:, 1] - pairs[:, 0]
    bits = difference > 0
    weak = np.argsort(np.abs(difference), kind="stable")[:_TRIED]
    for count in range(_TRIED + 1):
        for chosen in itertools.combinations(weak.tolist(), count):
            tried = bits.copy()
            tried[list(chosen)] ^= True
            code = _read(tried)
            if code is not None:
                return code
    return None


def _read(bits: np.ndarray) -> Code | None:
    if _crc(bits[:-_CRC]) != _number(bits[-_CRC:]):
        return None
    values, start = {}, 0
    for name, size in _FIELDS:
        values[name] = _number(bits[start : start + size])
        start += size
    code = Code(**values)
    return code if 1 <= code.page <= code.pages and code.repetitions else None


def _crc(bits: np.ndarray) -> int:
    return binascii.crc_hqx(np.packbits(bits.astype(np.uint8)).tobytes(), 0xFFFF)


def _number(bits: np.ndarray) -> int:
    return int("".join("01"[int(bit)] for bit in bits), 2)
