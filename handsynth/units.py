"""Lengths, colours and other things that people type in options."""

from __future__ import annotations

import math
import re

from handsynth.errors import InputError

MM_PER_INCH = 25.4
_PER_INCH = {"in": 1.0, "cm": 2.54, "mm": MM_PER_INCH, "pt": 72.0}
_LENGTH = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})\s*(px|mm|cm|in|pt|)\s*", re.IGNORECASE)

RGBA = tuple[int, int, int, int]


def length_px(text: str, dpi: float, what: str = "length") -> float:
    """A length like `24`, `24px`, `3mm`, `1.5cm`, `0.5in` or `12pt` in pixels; raises InputError."""
    match = _LENGTH.fullmatch(text)
    if not match:
        raise InputError(f"{what} {_short(text)} is no length; give a number with px, mm, cm, in or pt, like 3mm")
    if not (math.isfinite(dpi) and 1 <= dpi <= 9600):
        raise InputError(f"dpi is {dpi:g}; give a number from 1 to 9600")
    value, unit = float(match[1]), match[2].lower() or "px"
    pixels = value if unit == "px" else value / _PER_INCH[unit] * dpi
    if pixels <= 0:
        raise InputError(f"{what} is {text.strip()}; give more than zero")
    return pixels


def colour(text: str, what: str = "colour") -> RGBA:
    """A colour like `#1a2b8c`, `#1a2b8c80`, `navy`, `rgb(26,43,140)` or `transparent`; raises InputError."""
    if text.strip().casefold() == "transparent":
        return 0, 0, 0, 0
    from PIL import ImageColor

    try:
        if len(text) > 60:
            raise ValueError("too long")
        rgb = ImageColor.getrgb(text.strip())
    except ValueError as error:
        raise InputError(f"{what} {_short(text)} is unknown; give a name like navy or a value like #1a2b8c") from error
    red, green, blue = rgb[:3]
    return red, green, blue, rgb[3] if len(rgb) == 4 else 255


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:27] + "...")
