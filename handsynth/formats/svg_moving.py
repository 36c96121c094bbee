"""SVG that is seen being written: each stroke grows at a person's speed, once, by SMIL (SVG 1.1, chapter 19).

Who asks for less movement (`prefers-reduced-motion`) sees the whole writing at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from handsynth.formats.film import PEN
from handsynth.formats.inks import Inked, by_ink
from handsynth.formats.look import Look
from handsynth.formats.svg_lines import across, pale, ways
from handsynth.formats.svg_parts import paint, sheet
from handsynth.formats.timing import timed
from handsynth.formats.vector import decimal
from handsynth.formats.writing import PenStroke, simplified
from handsynth.layout.page import Page

_BEND = 0.03
"""How far a stroke's growth may be from what it should be, as a share of the stroke."""

_REDUCED = "<style>@media (prefers-reduced-motion:reduce){.%{stroke-dasharray:none}.%pen{display:none}}</style>\n"


def body(page: Page, look: Look, unit: float) -> Iterator[str]:
    """The sheet, and on it the strokes; they are hidden by a gap in their dashes that moves away."""
    yield _REDUCED
    yield from sheet(page, look, unit)
    drawn = [(ink, stroke, way) for ink in by_ink(page, look) for stroke, way in ways(ink.page, unit)]
    order = _by_line(drawn)
    times = timed([stroke for _, stroke, _ in order], look.motion.duration)
    group: Inked | None = None
    for (ink, stroke, way), when in zip(order, times, strict=True):
        if group is None or ink.number != group.number:
            yield ("</g>\n" if group else "") + _group(ink)
            group = ink
        yield (
            f'<path stroke-width="{across(stroke, unit)}"{pale(stroke, ink)} pathLength="1" d="{way}">'
            f"{_growth(stroke, when)}</path>\n"
        )
    yield "</g>\n" if group else ""
    if look.motion.pen_shown and order:
        yield _pen([stroke for _, stroke, _ in order], times, unit)


def _by_line(drawn: list[tuple[Inked, PenStroke, str]]) -> list[tuple[Inked, PenStroke, str]]:
    """A person changes the pen within the text, where a plotter does so once."""
    return sorted(drawn, key=lambda item: (item[1].line, item[1].word if item[1].word >= 0 else np.inf))


def _group(ink: Inked) -> str:
    # from the middle of the gap: at its end a round cap would be seen
    return (
        f'<g class="%" fill="none"{paint("stroke", ink.colour)} stroke-linecap="round" stroke-linejoin="round" '
        'stroke-dasharray="1 2" stroke-dashoffset="1.5">\n'
    )


def _growth(stroke: PenStroke, when: np.ndarray) -> str:
    begin, length = float(when[0]), max(float(when[-1] - when[0]), 0.01)
    values, keys = "1;0", ""
    if len(when) > 2:
        way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke.points, axis=0).T))])
        curve = np.stack([(when - begin) / length, way / max(way[-1], 1e-9)], axis=1)
        kept = curve[simplified(curve, np.array([0, len(curve)]), _BEND)]
        if len(kept) > 2:
            kept[0], kept[-1] = (0, 0), (1, 1)
            values = ";".join(decimal(1 - share, 2) for share in kept[:, 1].tolist())
            keys = f' keyTimes="{";".join(decimal(time, 2) for time in kept[:, 0].tolist())}"'
    return (
        f'<animate attributeName="stroke-dashoffset" values="{values}"{keys} begin="{decimal(begin, 2)}s" '
        f'dur="{decimal(length, 2)}s" fill="freeze"/>'
    )


def _pen(strokes: list[PenStroke], times: list[np.ndarray], unit: float) -> str:
    """A pen that goes the way of all strokes, and away when they are done."""
    points = np.concatenate([stroke.points for stroke in strokes])
    when = np.concatenate(times)
    end = float(when[-1])
    track = np.column_stack([when, points])
    kept = track[simplified(track[:, 1:], np.array([0, len(track)]), 0.05) | _ends(strokes)]
    places = ";".join(f"{round(x * unit)} {round(y * unit)}" for _, x, y in kept.tolist())
    keys = ";".join(decimal(time / end, 5) for time in [0.0, *kept[1:-1, 0].tolist(), end])
    corners = " ".join(f"{round(x * unit)},{round(y * unit)}" for x, y in PEN)
    return (
        f'<g class="%pen" fill="#444" visibility="hidden"><polygon points="{corners}"/>'
        f'<animateTransform attributeName="transform" type="translate" values="{places}" keyTimes="{keys}" '
        f'dur="{decimal(end, 2)}s" fill="freeze"/>'
        f'<set attributeName="visibility" to="visible" begin="0s" dur="{decimal(end, 2)}s"/></g>\n'
    )


def _ends(strokes: list[PenStroke]) -> np.ndarray:
    """Which points of all strokes, bool [p], are the first or last of one."""
    result = np.zeros(sum(len(stroke.points) for stroke in strokes), bool)
    stop = np.cumsum([len(stroke.points) for stroke in strokes])
    result[stop - 1] = result[np.concatenate([[0], stop[:-1]])] = True
    return result
