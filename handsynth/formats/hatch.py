"""Broad strokes filled by a thin pen: it goes to and fro along the stroke, side by side, without being lifted."""

from __future__ import annotations

import math

import numpy as np

from handsynth.formats.writing import PenStroke

_STEP = 0.85
"""Distance of the lines, as a share of the pen's width: they overlap a little."""

_SMOOTHED = 4
"""Times that directions and widths are averaged with their neighbours': a plotter's pen shows every step."""

_AROUND = 16
"""Points of a spiral's turn."""


def filled(stroke: PenStroke, pen: float) -> list[np.ndarray]:
    """The ways, float64 [k,2] in x-heights, that fill `stroke` with a pen `pen` x-heights wide.

    Without a pen (0), and where the stroke is no broader, that is its own way. The lines lie along a round pen's way at
    equal shares of its width, and along a broad nib's edge.
    """
    broad = float(stroke.width.max()) - pen
    if pen <= 0 or broad <= 0:
        return [stroke.points]
    if len(stroke.points) < 2 or not np.ptp(stroke.points, axis=0).any():
        return [_spiral(stroke.points[0], broad / 2, pen)]
    count = math.ceil(broad / (_STEP * pen)) + 1
    side = _side(stroke, pen)
    first, last = _caps(stroke, side)
    passes = []
    for number, share in enumerate(np.linspace(-1, 1, count).tolist()):
        # lines nearer to the middle reach further: together their ends are round
        out = math.sqrt(1 - share * share)
        way = stroke.points + share * side
        way = np.concatenate([way[:1] - out * first, way, way[-1:] + out * last])
        passes.append(way[::-1] if number % 2 else way)
    return [np.concatenate(passes)]


def _caps(stroke: PenStroke, side: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far the ink reaches beyond the way's first point and its last one, float64 [2] each, along the way."""
    if stroke.edge is not None:
        return np.zeros(2), np.zeros(2)
    # a right angle from the side
    turned = np.stack([side[:, 1], -side[:, 0]], axis=1)
    return turned[0], turned[-1]


def _side(stroke: PenStroke, pen: float) -> np.ndarray:
    """From the way to the outermost line, float64 [k,2]."""
    if stroke.edge is not None:
        edge = np.array(stroke.edge)
        return np.broadcast_to(edge * max(0.0, 1 - pen / 2 / float(np.hypot(*edge))), stroke.points.shape)
    way = np.gradient(stroke.points, axis=0)
    half = np.maximum(stroke.width - pen, 0)[:, None] / 2
    for _ in range(_SMOOTHED):
        way, half = _averaged(way), _averaged(half)
    way = way / np.maximum(np.hypot(*way.T), 1e-12)[:, None]
    return np.stack([-way[:, 1], way[:, 0]], axis=1) * half


def _averaged(values: np.ndarray) -> np.ndarray:
    wide = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray((wide[:-2] + 2 * wide[1:-1] + wide[2:]) / 4)


def _spiral(middle: np.ndarray, radius: float, pen: float) -> np.ndarray:
    """From the middle of a dot to a last turn of its rim."""
    turns = math.ceil(radius / (_STEP * pen))
    angle = np.linspace(0, 2 * np.pi * (turns + 1), _AROUND * (turns + 1) + 1)
    away = np.minimum(angle / (2 * np.pi * turns), 1.0) * radius
    return np.asarray(middle + away[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))
