"""Where a form lies in a photo or scan: by its corner marks, its code, and the lines of its boxes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from handsynth.errors import InputError
from handsynth.learn import marks
from handsynth.learn.code import COLUMNS, ROWS, VERSION, Code, decode
from handsynth.learn.form import PAPERS, Form
from handsynth.learn.photo import open_photo
from handsynth.learn.straighten import Lie, homography, project, straighten

_SIZES = 1600, 2600, 1000
"""Longest side of the picture in which marks are looked for, in px: one after the other, until a form is found."""

_CANDIDATES = 9
"""Marks that are considered."""

_SURE = 0.5
"""Share of the boxes whose lines must be where they should be."""

_ADVICE = "lay it flat and photograph it from above, so that all four corner marks show, each with a little white around it"


@dataclass(frozen=True, eq=False)
class Found:
    """A page of a form, found in a picture."""

    picture: Image.Image
    """Grey or RGB."""
    name: str
    """Of the file, for messages."""
    form: Form
    page: int
    """From 1."""
    lie: Lie
    """From mm of the sheet to px of the picture."""


def locate(picture: Image.Image | str | Path, chars: str | None = None, name: str = "") -> Found:
    """Find the form in a picture (L or RGB) or its file.

    `chars`: the characters that the form was made with, as for `Form.of`, where they are none of the named sets.
    Raises InputError where there is no form, a corner is hidden, or it is of another version.
    """
    if not isinstance(picture, Image.Image):
        name = name or str(picture)
        picture = open_photo(picture)
    name = name or "the picture"
    grey = picture.convert("L")
    most = 0
    unsure: Lie | None = None
    for size in _SIZES:
        shrink = max(1.0, max(grey.size) / size)
        if shrink == 1.0 and size != _SIZES[0] and max(grey.size) <= _SIZES[0]:
            continue
        small = grey if shrink == 1 else grey.resize(
            (max(1, round(grey.width / shrink)), max(1, round(grey.height / shrink))), Image.Resampling.BOX
        )
        scale = np.array([grey.width / small.width, grey.height / small.height] * 2)
        array = np.asarray(small)
        candidates = marks.find(array, max(array.shape) // 12)[:_CANDIDATES] * scale
        most = max(most, len(candidates))
        for code, matrix in _decoded(grey, candidates):
            if code.version != VERSION:
                raise InputError(
                    f"{name} shows a form of version {code.version}, and this version of handsynth reads {VERSION}; "
                    "print a new one"
                )
            if code.paper >= len(PAPERS):
                continue
            try:
                form = Form.from_code(code, chars)
            except InputError as error:
                raise InputError(f"{name}: {error}") from error
            if code.page > form.pages or code.pages != form.pages:
                continue
            lie, share = straighten(picture, form, code.page, matrix)
            if share >= _SURE:
                return Found(picture, name, form, code.page, lie)
            unsure = lie
    raise InputError(_refusal(name, most, unsure is not None))


def _refusal(name: str, count: int, unsure: bool) -> str:
    if unsure:
        return f"the boxes of the form in {name} are not where its marks say; {_ADVICE}"
    if count >= 4:
        return f"no form found in {name}: there are marks, but the code at the upper right cannot be read; {_ADVICE}"
    return f"no form found in {name}: {count} of the 4 corner marks found; {_ADVICE}"


def _decoded(grey: Image.Image, candidates: np.ndarray) -> Iterator[tuple[Code, np.ndarray]]:
    """Codes that can be read, and the homography float64 [3,3] from mm to px, for four marks in every order."""
    if len(candidates) < 4:
        return
    array = np.asarray(grey)
    middles = np.array([marks.centre(grey, mark) for mark in candidates])
    units = np.sqrt(candidates[:, 2] * candidates[:, 3])
    for chosen in itertools.combinations(range(len(candidates)), 4):
        four = list(chosen)
        if units[four].max() > 2.5 * units[four].min():
            continue
        corners = _clockwise(middles[four])
        if corners is None:
            continue
        for number, paper in enumerate(PAPERS):
            form = Form("x", paper=paper)
            for turn in range(4):
                matrix = homography(form.marks, np.roll(corners, turn, axis=0))
                code = decode(_squares(array, form, matrix))
                if code is not None and (code.paper == number or code.version != VERSION):
                    yield code, matrix


def _clockwise(points: np.ndarray) -> np.ndarray | None:
    """Four points in clockwise order as seen; None where they are no convex, fairly regular quadrilateral."""
    away = points - points.mean(axis=0)
    ordered = points[np.argsort(np.arctan2(away[:, 1], away[:, 0]), kind="stable")]
    sides = np.roll(ordered, -1, axis=0) - ordered
    turned = np.roll(sides, -1, axis=0)
    cross = sides[:, 0] * turned[:, 1] - sides[:, 1] * turned[:, 0]
    lengths = np.hypot(*sides.T)
    sine = cross / np.maximum(lengths * np.roll(lengths, -1), 1e-9)
    opposite = np.maximum(lengths[:2], lengths[2:]) / np.maximum(np.minimum(lengths[:2], lengths[2:]), 1e-9)
    # seen from above: corners are about right, sides facing each other about as long
    if sine.min() < math.sin(math.radians(50)) or opposite.max() > 2 or lengths.max() > 2.6 * lengths.min():
        return None
    return ordered


_INSIDE = np.array([0.3, 0.5, 0.7])
"""Where a square of the code is looked at, as shares of its side."""


def _squares(array: np.ndarray, form: Form, matrix: np.ndarray) -> np.ndarray:
    """Mean brightness float64 [ROWS,COLUMNS] of the squares of the code."""
    left, top, right, bottom = form.code_box
    x = left + (np.arange(COLUMNS)[:, None] + _INSIDE).ravel() * (right - left) / COLUMNS
    y = top + (np.arange(ROWS)[:, None] + _INSIDE).ravel() * (bottom - top) / ROWS
    grid = np.stack(np.meshgrid(x, y), axis=2).reshape(-1, 2)
    columns, rows = np.floor(project(matrix, grid)).T
    inside = (columns >= 0) & (rows >= 0) & (columns < array.shape[1]) & (rows < array.shape[0])
    if not inside.all():
        return np.zeros((ROWS, COLUMNS))
    values = array[rows.astype(np.int64), columns.astype(np.int64)].astype(np.float64)
    n = len(_INSIDE)
    result: np.ndarray = values.reshape(ROWS, n, COLUMNS, n).mean(axis=(1, 3))
    return result
