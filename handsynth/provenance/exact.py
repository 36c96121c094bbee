"""Whole numbers in files that others read: as numbers where every reader keeps them, as text beyond that.

Most readers of JSON hold a number as a double, which is exact up to 2^53 (RFC 8259, section 6), or as an int64; TOML
promises 64 bits with a sign. Seeds have 64 bits without one.
"""

from __future__ import annotations

from typing import Any

GREATEST = 1 << 53


def exact(value: int) -> int | str:
    """`value` itself, or its decimal digits where a double would round it."""
    return value if abs(value) <= GREATEST else str(value)


def seed_of(value: Any) -> int:
    """A seed that was written as a number or as its decimal digits. Raises ValueError for anything else."""
    if isinstance(value, str) and len(value) <= 20 and value.isascii() and value.isdecimal():
        value = int(value)
    if type(value) is not int or not 0 <= value < 1 << 64:
        raise ValueError(f"seed is {str(value)[:30]!r}, no whole number of 64 bits")
    return value
