"""Where a form lies in a photo or scan: by its corner marks, its code, and the lines of its boxes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from handsynth.errors import InputError
from handsynth.formats.pictures import PictureSource, called, open_picture
from handsynth.homography import homography, project
from handsynth.learning import marks
from handsynth.learning.blur import likeness
from handsynth.learning.code import COLUMNS, READ, ROOM, ROWS, Code, decode
from handsynth.learning.form import PAPERS, REPETITIONS, SQUARE, Form
from handsynth.learning.rectification import Rectification, rectify

_TRIES = (1600, 0.8), (1600, 0.65), (2600, 0.8), (1000, 0.8)
"""Longest side (px) of the picture in which marks are looked for, and how dark they are, as a share of what is around
them: one after the other, until a form is found. Blurred rings are grey inside."""

_CANDIDATES = 9
"""Marks that are considered."""

_LIKE = 0.85
"""How like a mark each of the four must look."""

_SURE = 0.5
"""Share of the boxes whose lines must be where they should be."""

_ADVICE = (
    "lay it flat and photograph it from above, so that all four corner marks show, each with a little white around it"
)


@dataclass(frozen=True, eq=False)
class FoundPage:
    """A page of a form, found in a picture."""

    picture: Image.Image
    """Grey or RGB."""
    name: str
    """Of the file, for messages."""
    form: Form
    page: int
    """From 1."""
    rectification: Rectification
    """From mm of the sheet to px of the picture."""


def locate(picture: Image.Image | PictureSource, chars: str | None = None, name: str = "") -> FoundPage:
    """Find the form in a picture (L or RGB) or its file.

    `chars`: the characters that the form was made with, as for `Form.of`, where they are none of the named sets.
    Raises InputError where there is no form, a corner is hidden, or it is of another version.
    """
    if not isinstance(picture, Image.Image):
        name = name or called(picture)
        picture = open_picture(picture)
    name = name or "the picture"
    grey = picture.convert("L")
    most = 0
    other, unsure, refused = 0, False, ""
    for size, share in _TRIES:
        shrink = max(1.0, max(grey.size) / size)
        if size > _TRIES[0][0] >= max(grey.size):
            continue
        smaller = max(1, round(grey.width / shrink)), max(1, round(grey.height / shrink))
        small = grey.resize(smaller, Image.Resampling.BOX)
        scale = np.array([grey.width / small.width, grey.height / small.height] * 2)
        array = np.asarray(small)
        candidates = marks.find(array, max(array.shape) // 12, share)[:_CANDIDATES] * scale
        most = max(most, len(candidates))
        for code, paper, matrix in _decoded(grey, candidates):
            if code.version not in READ:
                # of codes read in noise one in 65,536 has the right checksum
                if likeness(grey, Form("x", paper=paper), matrix) >= _LIKE:
                    other = code.version
                continue
            if code.paper >= len(PAPERS) or code.repetitions not in (*range(REPETITIONS + 1), ROOM):
                continue
            try:
                form = Form.from_code(code, chars)
            except InputError as error:
                refused = f"{name}: {error}"
                continue
            if code.page > form.pages or code.pages != form.pages:
                continue
            if likeness(grey, form, matrix) < _LIKE:
                continue
            rectification, sure = rectify(picture, form, code.page, matrix)
            if sure >= _SURE:
                return FoundPage(picture, name, form, code.page, rectification)
            unsure = True
    raise InputError(refused or _refusal(name, most, unsure, other))


def _refusal(name: str, count: int, unsure: bool, version: int) -> str:
    if unsure:
        return f"the boxes of the form in {name} are not where its marks say; {_ADVICE}"
    if version:
        return (
            f"{name} shows a form of version {version}, and this version of handsynth reads "
            f"{' and '.join(map(str, READ))}; print a new one"
        )
    if count >= 4:
        return f"no form found in {name}: a corner mark is hidden, or the code at the upper right; {_ADVICE}"
    return f"no form found in {name}: {count} of the 4 corner marks found; {_ADVICE}"


def _decoded(grey: Image.Image, candidates: np.ndarray) -> Iterator[tuple[Code, str, np.ndarray]]:
    """Codes that can be read, papers, and homographies float64 [3,3] from mm to px, for four marks in every order."""
    if len(candidates) < 4:
        return
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
                for squares in _squares(grey, form, matrix):
                    code = decode(squares)
                    if code is not None and (code.paper == number or code.version not in READ):
                        yield code, paper, matrix
                        break


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


_PER_MM = 6
"""px per mm in which the code is looked at."""

_OFF = 8, 2
"""px: how far the code may be off its place, since paper is bent, and in what steps."""

_TRIED = 4
"""Places where squares differ most from their neighbours, at which the code is read."""

_CONTRAST = 25.0
"""Least difference in brightness between black and white squares."""


def _squares(grey: Image.Image, form: Form, matrix: np.ndarray) -> Iterator[np.ndarray]:
    """Mean brightness float64 [ROWS,COLUMNS] of the squares of the code, where it may be; the likeliest first."""
    left, top, right, bottom = form.code_box
    most, step = _OFF
    margin = most / _PER_MM
    box = np.array([[left - margin, top - margin], [right + margin, bottom + margin]])
    corners = project(matrix, box)
    if (corners < 0).any() or (corners > grey.size).any():
        return
    back = matrix @ np.array([[1 / _PER_MM, 0, box[0, 0]], [0, 1 / _PER_MM, box[0, 1]], [0, 0, 1]])
    width, height = (round(side * _PER_MM) for side in (box[1] - box[0]).tolist())
    data = (back / back[2, 2]).ravel()[:8].tolist()
    flat = grey.transform((width, height), Image.Transform.PERSPECTIVE, data, Image.Resampling.BILINEAR)
    total = np.zeros((height + 1, width + 1))
    np.cumsum(np.cumsum(np.asarray(flat), axis=0, dtype=np.float64), axis=1, out=total[1:, 1:])
    side = round(SQUARE * _PER_MM)
    found = []
    for y in range(0, 2 * most + 1, step):
        for x in range(0, 2 * most + 1, step):
            # the middle of each square, without its edges
            rows, columns = y + side * np.arange(ROWS) + 1, x + side * np.arange(COLUMNS) + 1
            inner = side - 2
            upper, lower = total[rows], total[rows + inner]
            sums = lower[:, columns + inner] - lower[:, columns] - upper[:, columns + inner] + upper[:, columns]
            values = sums / inner**2
            found.append((float(np.abs(values[:, 1::2] - values[:, ::2]).mean()), values))
    found.sort(key=lambda pair: -pair[0])
    for contrast, values in found[:_TRIED]:
        if contrast >= _CONTRAST:
            yield values
