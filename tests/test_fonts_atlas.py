"""Boxes on pages: none over another, all on a page, little room left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.errors import InputError
from handsynth.fonts.atlas import Atlas, pack


def apart(places: Atlas, widths: np.ndarray, heights: np.ndarray, spacing: int) -> bool:
    """Whether every pixel belongs to one box at most, with the space right of it and below."""
    taken = np.zeros((places.pages, places.height + spacing, places.width + spacing), np.int32)
    for i in np.flatnonzero((widths > 0) & (heights > 0)):
        x, y = places.x[i], places.y[i]
        taken[places.page[i], y : y + heights[i] + spacing, x : x + widths[i] + spacing] += 1
    return bool(taken.max() <= 1)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=120),
    st.integers(40, 130),
    st.integers(0, 6),
)
def test_boxes_keep_apart_and_stay_on_their_pages(sizes, limit, spacing):
    widths, heights = np.array(sizes, np.int64).reshape(-1, 2).T
    places = pack(widths, heights, limit, spacing)
    assert len(places.x) == len(sizes)
    assert places.width <= limit and places.height <= limit
    inked = (widths > 0) & (heights > 0)
    assert (places.x >= 0).all() and (places.y >= 0).all() and (places.page < places.pages).all()
    assert ((places.x + widths)[inked] <= places.width).all() and ((places.y + heights)[inked] <= places.height).all()
    assert apart(places, widths, heights, spacing)
    assert set(places.page[inked]) in (set(), set(range(places.pages)))


@pytest.mark.parametrize("limit,pages", [(1024, 1), (256, 3)])
def test_little_room_is_left(limit, pages):
    rng = np.random.default_rng(0)
    widths, heights = rng.integers(4, 30, 475), rng.integers(4, 34, 475)
    places = pack(widths, heights, limit, 1)
    assert places.pages == pages
    assert ((widths + 1) * (heights + 1)).sum() > 0.9 * places.width * places.height * places.pages
    assert places.width % 4 == places.height % 4 == 0


def test_a_box_as_large_as_a_page_fits_and_a_larger_one_is_refused():
    one = pack(np.array([50, 50]), np.array([50, 50]), 50, 9)
    assert (one.width, one.height, one.pages) == (50, 50, 2)
    with pytest.raises(InputError, match="51 x 20 pixels.*50 x 50.*smaller size or a larger page"):
        pack(np.array([51]), np.array([20]), 50)


def test_no_boxes_make_one_small_page():
    assert pack(np.zeros(2), np.zeros(2), 64).pages == 1
