"""Noise that depends only on (seed, stream, key): counter-based, never on what was drawn before.

The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
SC 2011). Its own key is the seed (64 bits, low word first), its counter (block, stream number, low and high word of
a noise key); one block gives four 32-bit words.

Normals come from a table of quantiles with + - x alone, in float64 and rounded to float32 at the end, so that
another language (JavaScript: Math.imul, clz32, Math.fround) gets the same bits; library functions for normals
change between versions.
"""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files

import numpy as np

from handsynth.errors import InputError

STREAMS = {"glyph": 0, "hand": 1, "layout": 2, "paper": 3, "fault": 4, "corpus": 5}
"""Independent streams of the same seed and key; the numbers are part of the format, never reused."""

OCTAVES = 32
SEGMENTS = 64
"""The quantile table: `SEGMENTS` equal steps in each octave of probability, from 2^-33 up to one half."""

_WORD = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], np.uint64)
_WEYL = np.array([[0x9E3779B9], [0xBB67AE85]], np.uint64)
_CHUNK = 1 << 18


@lru_cache(1 << 14)  # words come again and again
def key_of(*parts: str | int) -> int:
    """A 64-bit key of noise, from names and numbers: BLAKE2b of an encoding that no other parts share.

    Each part is written as `s<bytes>:<UTF-8>` or `i<digits>:<decimal>` (lone surrogates as WTF-8), so
    ("ab", "c") and ("a", "bc") differ, and so do 1 and "1".
    """
    raw = b""
    for part in parts:
        data = (part if isinstance(part, str) else str(int(part))).encode("utf-8", "surrogatepass")
        raw += b"%c%d:%b" % (b"s" if isinstance(part, str) else b"i", len(data), data)
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "little")


def philox(counter: np.ndarray, key: tuple[int | np.ndarray, int | np.ndarray]) -> np.ndarray:
    """Philox4x32-10 of 32-bit words `counter` uint64 [n,4] under `key` (low, high): uint64 [n,4] below 2^32.

    Each half of the key is one number, or uint64 [n].
    """
    # the first and the third word side by side, and the second and the fourth
    odd, even = (np.ascontiguousarray(counter.T[i::2], np.uint64) for i in range(2))
    keys = np.empty_like(odd)
    keys[0], keys[1] = key
    for _ in range(10):
        product = (odd * _MULTIPLIERS)[::-1]
        odd = product >> _SHIFT
        odd ^= even
        odd ^= keys
        even = product & _WORD
        keys += _WEYL
        keys &= _WORD
    return np.stack([odd[0], even[0], odd[1], even[1]], axis=1)


def words(seed: int | np.ndarray, stream: str, keys: np.ndarray, size: int) -> np.ndarray:
    """Random 32-bit words uint32 [n,size] for `keys` uint64 [n]; row i depends on seed, stream, keys[i] only.

    `seed` is one for all, or uint64 [n]. A longer row begins with the words of a shorter one. Raises InputError for a
    seed outside 0 … 2^64 - 1.
    """
    if not isinstance(seed, np.ndarray) and not 0 <= seed < 1 << 64:
        raise InputError(f"seed {seed} is out of range; give a whole number from 0 to 18446744073709551615")
    keys = np.ascontiguousarray(keys, dtype=np.uint64).reshape(-1)
    seeds = np.broadcast_to(np.asarray(seed, np.uint64), keys.shape)
    blocks = -(-size // 4)
    out = np.empty((len(keys), blocks * 4), np.uint32)
    rows = max(1, _CHUNK // max(1, blocks))
    for start in range(0, len(keys), rows):
        part = keys[start : start + rows]
        counter = np.empty((len(part), blocks, 4), np.uint64)
        counter[..., 0] = np.arange(blocks, dtype=np.uint64)
        counter[..., 1] = STREAMS[stream]
        counter[..., 2] = (part & _WORD)[:, None]
        counter[..., 3] = (part >> _SHIFT)[:, None]
        key = np.repeat(seeds[start : start + rows], blocks)
        drawn = philox(counter.reshape(-1, 4), (key & _WORD, key >> _SHIFT))
        out[start : start + rows] = drawn.reshape(len(part), blocks * 4)
    return out[:, :size]


def uniforms(seed: int | np.ndarray, stream: str, keys: np.ndarray, size: int) -> np.ndarray:
    """Uniform numbers in [0, 1), float32 [n,size], multiples of 2^-24. Arguments as for `words`."""
    return ((words(seed, stream, keys, size) >> np.uint32(8)) * 2.0**-24).astype(np.float32)


def normals(seed: int | np.ndarray, stream: str, keys: np.ndarray, size: int) -> np.ndarray:
    """Standard normal numbers, float32 [n,size], within ±6.34. Arguments as for `words`."""
    return from_words(words(seed, stream, keys, size))


def from_words(drawn: np.ndarray) -> np.ndarray:
    """Standard normals, float32, from random uint32 words of any shape: one word makes one number.

    The top bit is the sign. The other 31, as the odd number t = 2m + 1, say p = t / 2^33 of the lower tail; its
    leading bit chooses the octave of the table, the bits after it the place inside, interpolated linearly.
    """
    table = quantiles()
    odd = ((drawn & np.uint32(0x7FFFFFFF)).astype(np.float64)) * 2.0 + 1.0
    mantissa, exponent = np.frexp(odd)
    position = (mantissa * 2.0 - 1.0) * SEGMENTS
    segment = position.astype(np.int64)
    index = (exponent.astype(np.int64) - 1) * SEGMENTS + segment
    lower = table[index]
    value = lower + (position - segment) * (table[index + 1] - lower)
    return np.asarray(np.where(drawn >> np.uint32(31), -value, value), np.float32)


@cache
def quantiles() -> np.ndarray:
    """The committed table, float64 [OCTAVES * SEGMENTS + 1], rising from -6.34 to 0.

    Quantiles at 2^(k-33) (1 + j/SEGMENTS), and zero at one half. The file is what counts: it is loaded, never made
    again, since the last digit may change with the C library.
    """
    with (files("handsynth") / "assets" / "normal_quantiles.npy").open("rb") as stream:
        table: np.ndarray = np.load(stream, allow_pickle=False)
    table.setflags(write=False)
    return table
