"""Inputs out of good ones: bytes changed, cut, repeated; JSON with other values in its places."""

from __future__ import annotations

import json
import random
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1 << 31, 1 << 63, 10**400, 1e308, "", "\ud800", "\0", "../../x", "a" * 10_000, [], {}, [[]],
    {"a": None}, "\u202e", [0] * 1000,
)  # fmt: skip
"""Values that nobody expects."""

MAGIC = (
    b"\0",
    b"\xff",
    b"\x80",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\0",
    b"[" * 5000,
    b"\n" * 100,
    b"-o",
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """`data` with one to eight changes."""
    result = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(result) + 1)
        kind = chance.randrange(6)
        if kind == 0 and result:
            result[min(at, len(result) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            piece = chance.choice(MAGIC)
            result[at : at + len(piece)] = piece
        elif kind == 2:
            del result[at : at + chance.randint(1, 64)]
        elif kind == 3:
            result[at:at] = result[at : at + chance.randint(1, 256)]
        elif kind == 4:
            result[at:at] = chance.randbytes(chance.randint(1, 16))
        elif chance.random() < 0.2:
            del result[at:]
    return bytes(result)


def changed(value: Any, chance: random.Random) -> Any:
    """A tree of JSON with another value in one of its places."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        if chance.random() < 0.1:
            return {name: part for name, part in value.items() if name != key}
        return {**value, key: changed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], changed(value[at], chance), *value[at + 1 :]]
    return chance.choice(ODD)


def tree(data: bytes, chance: random.Random) -> bytes:
    """The JSON `data` with one to three other values; now and then with changed bytes instead."""
    if chance.random() < 0.25:
        return damaged(data, chance)
    value = json.loads(data)
    for _ in range(chance.randint(1, 3)):
        value = changed(value, chance)
    return json.dumps(value).encode()
