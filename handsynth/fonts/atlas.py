"""Pictures packed into as few and as small pages as hold them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rectpack import SORT_NONE, PackingBin, PackingMode, SkylineBlWm, newPacker

from handsynth.errors import InputError

_GRAIN = 4
"""Sizes of pages are multiples of this: compressed textures come in blocks of 4 x 4 pixels."""

_SLACK = 1.0, 1.02, 1.04, 1.08, 1.15, 1.3
"""Times the square root of the area that is needed, the sides of pages that are tried."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """n boxes on p pages of one size, in pixels; y grows downwards."""

    width: int
    height: int
    pages: int
    x: np.ndarray
    y: np.ndarray
    page: np.ndarray
    """int32 [n]; 0 for empty boxes, which take no room."""


def pack(widths: np.ndarray, heights: np.ndarray, limit: int, spacing: int = 0) -> Atlas:
    """Place n boxes, none turned, at least `spacing` apart, on pages of at most `limit` x `limit`. Raises InputError.

    The skyline of Jylänki, A Thousand Ways to Pack the Bin (2010), tallest first, with the waste below it used up; it
    takes a few sizes to find the smallest page, or else the smallest square for the least number of pages.
    """
    widths, heights = np.asarray(widths, np.int64), np.asarray(heights, np.int64)
    boxes = np.flatnonzero((widths > 0) & (heights > 0))
    if not len(boxes):
        return Atlas(_GRAIN, _GRAIN, 1, *np.zeros((3, len(widths)), np.int32))
    widest, tallest = int(widths[boxes].max()), int(heights[boxes].max())
    if max(widest, tallest) > limit:
        raise InputError(
            f"the largest glyph takes {widest} x {tallest} pixels, more than a page of {limit} x {limit}; "
            "give a smaller size or a larger page"
        )
    order = boxes[np.lexsort((-widths[boxes], -heights[boxes]))]
    # each box brings the space on its right and below; the last column and row of it fall off the page
    wanted = [(int(widths[i]) + spacing, int(heights[i]) + spacing) for i in order]
    found = _one_page(wanted, limit + spacing) or _many_pages(wanted, limit + spacing)
    x, y, page = np.zeros((3, len(widths)), np.int32)
    page[order], x[order], y[order] = np.array(found).T
    # pages whose size is no multiple of the grain are those that may grow no further
    width, height = (
        min(-(-int(far.max()) // _GRAIN) * _GRAIN, limit) for far in ((x + widths)[order], (y + heights)[order])
    )
    return Atlas(width, height, int(page.max()) + 1, x, y, page)


_Places = list[tuple[int, int, int]]


def _one_page(wanted: Sequence[tuple[int, int]], limit: int) -> _Places | None:
    """The smallest page found, if one is enough: page, x and y of each."""
    best: tuple[int, _Places] | None = None
    for width in _sides(math.sqrt(_area(wanted)), max(w for w, _ in wanted), limit):
        if best and width == limit:
            break  # a wide and low page is a last resort
        places = _placed(wanted, width, limit, 1)
        if places:
            right = max(x + w for (_, x, _), (w, _) in zip(places, wanted, strict=True))
            bottom = max(y + h for (_, _, y), (_, h) in zip(places, wanted, strict=True))
            best = min(best or (limit**2 + 1, places), (right * bottom, places))
    return best[1] if best else None


def _many_pages(wanted: Sequence[tuple[int, int]], limit: int) -> _Places:
    """The least number of pages of the greatest size, then the smallest square with that number."""
    count = max(2, math.ceil(_area(wanted) / limit**2))
    while (places := _placed(wanted, limit, limit, count)) is None:
        count += 1
    for side in _sides(math.sqrt(_area(wanted) / count), max(max(box) for box in wanted), limit):
        smaller = _placed(wanted, side, side, count) if side < limit else None
        if smaller:
            return smaller
    return places


def _sides(root: float, least: int, limit: int) -> list[int]:
    """Sides to try, in their order, the greatest among them."""
    tried = {min(limit, max(least, math.ceil(root * slack))) for slack in _SLACK}
    return sorted({*tried, limit})


def _placed(wanted: Sequence[tuple[int, int]], width: int, height: int, count: int) -> _Places | None:
    """Page, x and y of each box, or None if `count` pages do not hold them."""
    if _area(wanted) > width * height * count:
        return None
    packer = newPacker(PackingMode.Online, PackingBin.BFF, SkylineBlWm, SORT_NONE, rotation=False)
    packer.add_bin(width, height, count=count)
    for number, (w, h) in enumerate(wanted):
        if packer.add_rect(w, h, number) is None:
            return None
    places: _Places = [(0, 0, 0)] * len(wanted)
    for page, x, y, _, _, number in packer.rect_list():
        places[number] = page, x, y
    return places


def _area(wanted: Sequence[tuple[int, int]]) -> int:
    return sum(w * h for w, h in wanted)
