"""What a hand is like of which only its key is known: its pen, how far apart and how evenly its letters stand."""

from __future__ import annotations

import numpy as np

from handsynth import noise

PEN, PEN_SPREAD, PENS = 0.125, 0.18, (0.07, 0.22)
"""The usual pen's width in x-heights, its spread as a share, and the finest and broadest."""

GAPS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0), (0.1, 0.2, 0.32, 0.42, 0.49, 0.55, 0.66)
"""Shares of hands, and up to which gap their letters stand apart, in x-heights, as `layout.spacing` has it: so that the
clear space between boxes of letters is as that of the 29 writers of UNIPEN who wrote most in lines, in print."""

CLOSER, PRINTED, CLOSEST = 0.65, 0.15, 0.16
"""So much of it is missing to hands that join all letters, less to those that join fewer, and nothing to those that
join no larger share than the second number; but none of them comes closer than the third: words would, too. Real words,
most of which are joined, are four fifths as wide beside their height as hands with the gaps of print write them
(UNIPEN, 7,917 words of its training part)."""

STRAYS, SPREAD = (0.5, 1.5), (0.35, 0.06)
"""The evenest hand and the most uneven one, as shares of the usual, and the spread of what lies between; its second
number is that of the square."""

ASCENDERS, DESCENDERS = (1.0, 0.05), (1.15, 0.15)
"""How long the extenders of hands are beside the style's own: the middle, and the spread of its logarithm. So that g
and y are as high beside a e o n u as UNIPEN's writers have them; see `ink.extenders`."""

EXTENDERS = (0.9, 1.2), (0.9, 1.7)
"""The shortest ones and the longest."""

NEAT = 0.4
"""How uneven are hands of the gallery, and those of people who wrote letter by letter, beside random ones."""


CONTEXTUAL = 0.4
"""Random hands that join as large a share of their pairs, and more, draw joined letters for their neighbours, where the
model can."""


def default_pen(key: int) -> float:
    """Width of the pen, in x-heights."""
    return float(np.clip(PEN * (1 + PEN_SPREAD * _normal(key, "pen")), *PENS))


def default_gap(key: int, joined: float = 0.0) -> float:
    """Clear space between straight stems, in x-heights: as wide and as tight as people write who join that share."""
    at = float(noise.uniforms(key, "hand", np.array([noise.key_of("gap")], np.uint64), 1)[0, 0])
    printed = float(np.interp(at, *GAPS))
    closer = CLOSER * max(joined - PRINTED, 0) / (1 - PRINTED)
    return max(printed * (1 - closer), min(printed, CLOSEST))


def default_extenders(key: int) -> tuple[float, float]:
    """How long its ascenders and its descenders are beside those of its style."""
    long = _normal(key, "extenders"), _normal(key, "descenders")
    ways = zip((ASCENDERS, DESCENDERS), long, EXTENDERS, strict=True)
    ascenders, descenders = (float(np.clip(middle * np.exp(by * at), *ends)) for (middle, by), at, ends in ways)
    return ascenders, descenders


def default_unevenness(key: int, neat: bool = False) -> float:
    """How far letters stray, 1 as those of most people; less by `neat` hands."""
    drawn = _normal(key, "unevenness")
    strays = min(max(1 + SPREAD[0] * drawn + SPREAD[1] * drawn * drawn, STRAYS[0]), STRAYS[1])
    return NEAT * strays if neat else strays


def _normal(key: int, name: str) -> float:
    return float(noise.normals(key, "hand", np.array([noise.key_of(name)], np.uint64), 1)[0, 0])
