"""Lengths, colours and other things that people type in options."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from numbers import Integral

from handsynth.errors import InputError, option

MM_PER_INCH = 25.4
_PER_INCH = {"in": 1.0, "cm": 2.54, "mm": MM_PER_INCH, "pt": 72.0}
_LENGTH = re.compile(r"\s*([+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,20})?|\.[0-9]{1,20}))\s*(px|mm|cm|in|pt|)\s*", re.IGNORECASE)

RGBA = tuple[int, int, int, int]


def length_px(text: str, dpi: float, what: str = "length", limits: tuple[float, float] | None = None) -> float:
    """A length like `24`, `24px`, `3mm`, `1.5cm`, `0.5in` or `12pt` in pixels.

    Raises InputError, also where it is not within `limits` (least and greatest, in pixels).
    """
    match = _LENGTH.fullmatch(text)
    if not match:
        raise InputError(f"{what} {_short(text)} is no length; give a number with px, mm, cm, in or pt, like 3mm")
    if not (math.isfinite(dpi) and 1 <= dpi <= 9600):
        raise InputError(f"{option('dpi')} is {plain(dpi)}; give a number from 1 to 9600")
    value, unit = float(match[1]), match[2].lower() or "px"
    pixels = value if unit == "px" else value / _PER_INCH[unit] * dpi
    if limits and not limits[0] <= pixels <= limits[1]:
        shown = f"is {plain(pixels)} px" if unit == "px" else f"{text.strip()} is {plain(pixels)} px"
        raise InputError(f"{what} {shown}; give {plain(limits[0])} to {plain(limits[1])} px")
    if pixels <= 0:
        raise InputError(f"{what} is {text.strip()}; give more than zero")
    return pixels


def length_mm(text: str, what: str = "length", limits: tuple[float, float] | None = None) -> float:
    """A length like `3mm`, `1.5cm`, `0.5in` or `12pt` in millimetres: on paper a pixel is no length.

    Raises InputError, also where it is not within `limits` (least and greatest, in millimetres).
    """
    match = _LENGTH.fullmatch(text)
    if not match or match[2].lower() in ("", "px"):
        raise InputError(f"{what} {_short(text)} is no length on paper; give a number with mm, cm, in or pt, like 3mm")
    millimetres = float(match[1]) * MM_PER_INCH / _PER_INCH[match[2].lower()]
    if limits and not limits[0] <= millimetres <= limits[1]:
        raise InputError(f"{what} is {text.strip()}; give {plain(limits[0])} to {plain(limits[1])} mm")
    return millimetres


def pen_width(
    given: float | str | None, xheight_mm: float | None = None, xheight_px: float | None = None
) -> float | None:
    """The width of a pen in x-heights: a number of them, or a length like `0.5mm` where an x-height has one.

    None and empty text: none. Raises InputError.
    """
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        return float(given)
    match = _LENGTH.fullmatch(given)
    if not match:
        raise InputError(
            f"{option('pen_width')} {_short(given)} is no width; give a share of an x-height like 0.12, or 0.5mm"
        )
    unit = match[2].lower()
    if not unit:
        return float(match[1])
    if unit == "px" and xheight_px is not None:
        return float(match[1]) / xheight_px
    if unit == "px" or xheight_mm is None:
        raise InputError(
            f"{option('pen_width')} {given.strip()} is a length that means nothing here; give a share of an x-height"
        )
    return length_mm(given, option("pen_width")) / xheight_mm


def plain(value: float) -> str:
    """A number for a message, without an exponent: 100,000; fractions to six digits."""
    if isinstance(value, int) and abs(value) >= 10**15:
        return str(value)[:30]  # it may have more digits than a float can hold
    if not math.isfinite(value) or abs(value) >= 1e15:
        return f"{value:g}"
    if value == int(value):
        return f"{int(value):,}"
    text = f"{Decimal(f'{value:.6g}'):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def colour(given: str | Sequence[int], what: str = "colour") -> RGBA:
    """A colour like `#1a2b8c`, `#1a2b8c80`, `navy`, `rgb(26,43,140)`, `transparent` or (26, 43, 140).

    Raises InputError.
    """
    text = given if isinstance(given, str) else _numbers(given, what)
    if text.strip().casefold() == "transparent":
        return 0, 0, 0, 0
    from PIL import ImageColor

    try:
        if len(text) > 60:
            raise ValueError("too long")
        rgb = ImageColor.getrgb(text.strip())
    except ValueError as error:
        raise InputError(f"{what} {_short(text)} is unknown; give a name like navy or a value like #1a2b8c") from error
    if not all(0 <= value <= 255 for value in rgb):
        raise InputError(f"{what} {_short(text)} is out of range; give red, green and blue from 0 to 255")
    red, green, blue = rgb[:3]
    return red, green, blue, rgb[3] if len(rgb) == 4 else 255


def _numbers(given: Sequence[int], what: str) -> str:
    if (
        isinstance(given, tuple | list)
        and len(given) in (3, 4)
        and all(
            isinstance(value, Integral) and not isinstance(value, bool) and 0 <= int(value) <= 255 for value in given
        )
    ):
        return "#" + "".join(f"{int(value):02x}" for value in given)
    shown = _short(repr(given))[1:-1]
    raise InputError(f"{what} is {shown}; give a name like navy, a value like #1a2b8c, or 3 or 4 numbers from 0 to 255")


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:27] + "...")
