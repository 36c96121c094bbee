"""How far apart two neighbouring glyphs stand: one rule, from the ink that faces each other.

Layout and font kerning share it. Three things decide, each seen row by row over the whole height of the frame:

* evenness: the geometric mean of the clear space, each row counted up to a limit and rows of the x-height band
  most, is what it would be between two straight stems at the hand's usual gap. A row also sees ink a little above
  and below itself, so that corners and tips count;
* no collision: the nearest two points of ink stay a clearance apart, in every direction (a hard bound);
* order: ink boxes overlap only in part, however little they face each other (a quote before a comma).

The weights were fitted to the spacing that the designers of handwriting fonts chose: over the lower-case pairs of
everyday hands it leaves a scatter of about 0.05 x-heights.
"""

from __future__ import annotations

import numpy as np

from handsynth.arrays import Floats
from handsynth.frame import Frame
from handsynth.ink.profiles import Profiles

DEFAULT_GAP = 0.24
"""Clear space between two straight stems, in x-heights, for hands that do not say."""

CLEARANCE = 0.11
"""No two inks come nearer than this, in x-heights (half the gap for hands that write closer)."""

ABOVE, BELOW = 0.57, 0.4
"""Weight of rows above and below the x-height band, whose own is 1."""

LEAN, REACH = 0.19, 0.6
"""A row sees ink up to REACH above and below itself, as standing LEAN further back per unit of height."""

NEAREST = 0.08
"""Clear space below this (or half of a smaller gap) counts as this much."""

FURTHEST = 0.75
"""Clear space above this counts as this much."""

OVERLAP = 0.45
"""Ink boxes overlap by no more than this, nor by more than three quarters of the narrower one."""

BEARINGS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(".,…", (0.1, 0.12)),
    **dict.fromkeys("'\"‘’“”‚„", (0.18, 0.16)),
    **dict.fromkeys("-–—~*+=", (0.06, 0.06)),
    **dict.fromkeys(";:!()", (0.02, 0.02)),
    "?": (0.07, 0.05),
    "/": (0.05, 0.1),
    "_": (0.14, 0.14),
}
"""Space to add left and right of signs whose ink misleads, in x-heights, for models whose card does not say."""

ORDER = 0.55, 1.2
"""Ink may stand over ink no further than this slope allows, looked for this far up and down by each."""

WORDS = 0.5, 2.0
"""The same for what the eye sees between words."""

_STEPS = 14


def heights(frame: Frame) -> Floats:
    """Height of each row's middle above the baseline, [H], in x-heights."""
    return (frame.baseline - 0.5 - np.arange(frame.size, dtype=np.float64)) / np.float64(frame.xheight)


def distances(
    first: Profiles,
    second: Profiles,
    frame: Frame,
    gap: float | Floats = DEFAULT_GAP,
    clearance: float | Floats = CLEARANCE,
    raised: Floats | None = None,
) -> Floats:
    """Distance [n] in x-heights from the centre line of `first[i]` to that of `second[i]`, its right neighbour.

    `gap` is the clear space that two straight stems would have; it may differ from pair to pair, as may the hard
    `clearance`. `raised` [n]: how much higher than the first the second stands, in x-heights; the clearance holds
    there, too, while evenness is that of letters on one line.
    """
    wanted = np.broadcast_to(np.asarray(gap, np.float64), len(first))
    bound = np.broadcast_to(np.asarray(clearance, np.float64), len(first))
    facing = second if raised is None else second.raised(np.rint(raised * frame.xheight).astype(np.int64))
    near = np.maximum(touching(first, facing, frame, bound), _ordered(first, second, frame))
    blank = first.blank | second.blank
    return np.where(blank, _bare(first, second) + wanted, np.maximum(near, _even(first, second, frame, wanted)))


def apart(first: Profiles, second: Profiles, frame: Frame, space: float | Floats) -> Floats:
    """Distance [n] at which the facing inks of two words leave `space` clear: the word space.

    Between the clear space that the eye sees, which enters under a T and over a comma, and that of the ink boxes.
    """
    blank = first.blank | second.blank
    bare = _bare(first, second)
    eye = np.where(blank, bare, _seen(first, second, frame, *WORDS))
    return 0.5 * (eye + bare) + space


def _seen(first: Profiles, second: Profiles, frame: Frame, slope: float, reach: float) -> Floats:
    """The distance at which the inks touch when each is seen as leaning back above and below itself."""
    facing = first.right_leaning(frame, slope, reach) - second.left_leaning(frame, slope, reach)
    return np.asarray(np.where((first.blank | second.blank)[:, None], 0.0, facing).max(axis=1))


def _bare(first: Profiles, second: Profiles) -> Floats:
    return first.box()[1] - second.box()[0]


def _ordered(first: Profiles, second: Profiles, frame: Frame) -> Floats:
    (left0, right0), (left1, right1) = first.box(), second.box()
    narrow = np.minimum(right0 - left0, right1 - left1)
    boxes = right0 - left1 - np.minimum(OVERLAP, 0.75 * narrow)
    return np.maximum(boxes, _seen(first, second, frame, *ORDER))


def touching(first: Profiles, second: Profiles, frame: Frame, bound: Floats) -> Floats:
    """The distance [n] at which the nearest two points of ink are `bound` [n] apart; -inf where nothing faces."""
    needed = np.full(len(first), -np.inf)
    reach = int(np.ceil(bound.max(initial=0.0) * frame.xheight + 0.5))
    rows = frame.size
    for offset in range(-reach, reach + 1):
        # rows are bands: their inks are nearer to each other by up to half a row than their middles
        vertical = max(0.0, abs(offset) - 0.5) / frame.xheight
        beside = np.sqrt(np.maximum(bound**2 - vertical**2, 0.0))
        one = slice(max(0, -offset), rows - max(0, offset))
        other = slice(max(0, offset), rows - max(0, -offset))
        edge = (first.right[:, one] - second.left[:, other]).max(axis=1)
        needed = np.maximum(needed, np.where(vertical < bound, edge + beside, -np.inf))
    return needed


def _even(first: Profiles, second: Profiles, frame: Frame, gap: Floats) -> Floats:
    height = heights(frame)
    weight = np.where(height > 1, ABOVE, np.where(height < 0, BELOW, 1.0)).astype(np.float32)
    limit = np.maximum(FURTHEST, gap + 0.1)
    # the mean is to be what it would be between two stems of x-height
    beyond = np.maximum(np.maximum(height - 1, -height), 0.0)
    stems = np.where(beyond <= REACH, gap[:, None] + 2 * LEAN * beyond, np.inf)
    least = np.clip(0.5 * gap, 0.01, NEAREST)
    floor, cap = (part.astype(np.float32) for part in (least[:, None], limit[:, None]))
    wanted = _evenness(np.clip(stems.astype(np.float32), floor, cap), weight)
    facing = first.right_leaning(frame, LEAN, REACH) - second.left_leaning(frame, LEAN, REACH)
    facing = np.where(np.isfinite(facing), facing, -1e3).astype(np.float32)
    low, high = _bare(first, second) - 3.0, _bare(first, second) + limit
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        space = np.clip(middle.astype(np.float32)[:, None] - facing, floor, cap)
        far = _evenness(space, weight) > wanted
        low, high = np.where(far, low, middle), np.where(far, middle, high)
    return np.asarray(0.5 * (low + high))


_LOG2 = np.array([-2.7941537, 5.0697563, -3.5202188, 1.6101775, -0.40947559, 0.043928628], np.float32)
"""A polynomial that is the logarithm (base 2) of 1 to 2, to 1.5e-5."""

_GRID = np.float32(2048)
"""Steps to 1 of weighted logarithms: sums of whole numbers are exact, in any order, for 1024 rows and more."""


def _evenness(space: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted sum [n] of the logarithms (base 2) of clear spaces float32 [n,H], in steps of 1 / _GRID.

    A last bit decides which way the search above goes, and processors differ in the last bits of library functions and
    of products of matrices. So these are + - × on float32, which are the same everywhere, and whole numbers.
    """
    bits = space.view(np.int32)
    # 1 <= part < 2
    part = ((bits & 0x7FFFFF) | 0x3F800000).view(np.float32)
    value = part * _LOG2[-1]
    for factor in _LOG2[-2:0:-1]:
        value += factor
        value *= part
    value += _LOG2[0]
    value += ((bits >> 23) - 127).astype(np.float32)
    value *= weight * _GRID
    return np.asarray(np.rint(value, out=value) @ np.ones(len(weight), np.float32))
