"""From the sheet to the picture, box by box: a homography from the marks, and a bend that the boxes' lines show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from handsynth.homography import project
from handsynth.learning import labels
from handsynth.learning.form import XHEIGHT, Form

PER_MM = 5.0
"""px per mm of the picture in which lines are looked for."""

_DOWN, _ACROSS = 1.6, 0.8
"""mm: how far from their places lines are looked for. Less across, where a neighbour's lines are near."""

_CLEAR = 3.0
"""How many times the noise a line's darkness must be to be believed."""

_SEEN = 0.5
"""Share of the boxes whose lines must be seen for them to be gone by."""


@dataclass(frozen=True, eq=False)
class Rectification:
    """How a sheet lies in a picture, and so how to have it straight."""

    matrix: np.ndarray
    """float64 [3,3]: homography from mm of the sheet to px of the picture."""
    size: tuple[float, float]
    """Of the sheet in mm."""
    bend: np.ndarray
    """float64 [2,t]: how far (x, y in mm) paper is off its place, as polynomials of that place."""

    def map(self, points: np.ndarray) -> np.ndarray:
        """Points float64 [...,2] in mm of the sheet, in px of the picture."""
        return project(self.matrix, self.bent(points).reshape(-1, 2)).reshape(np.shape(points))

    def bent(self, points: np.ndarray) -> np.ndarray:
        """Points float64 [...,2] in mm of the sheet, where they would be in mm if it were flat."""
        flat = np.asarray(points, np.float64).reshape(-1, 2)
        moved: np.ndarray = flat + _terms(flat, self.size)[:, : self.bend.shape[1]] @ self.bend.T
        return moved.reshape(np.shape(points))


def rectify(picture: Image.Image, form: Form, page: int, matrix: np.ndarray) -> tuple[Rectification, float]:
    """How the sheet lies, and the share of boxes whose lines were found, or their labels where the lines vanished."""
    # orange is darkest in the blue channel
    flat = flattened(picture, form, matrix, "B")
    cells = form.cells(page)
    down, sure_down = _shifts(flat, cells, form, across=False)
    across, sure_across = _shifts(flat, cells, form, across=True)
    sure, shifts = sure_down & sure_across, np.stack([across, down], axis=1)
    if sure.mean() < _SEEN:
        shifts, sure = labels.shifts(flattened(picture, form, matrix, "R"), form, page, PER_MM)
    share = float(sure.mean())
    middles = cells + form.box / 2
    bend = _fit(middles[sure], shifts[sure], form)
    return Rectification(matrix, form.size, bend), share


def flattened(picture: Image.Image, form: Form, matrix: np.ndarray, band: str) -> np.ndarray:
    """How dark the sheet is, float32 [h,w] of 0 to 255 at PER_MM, in one channel of a picture that has colours."""
    channel = picture.getchannel(band) if picture.mode == "RGB" else picture
    back = matrix @ np.diag([1 / PER_MM, 1 / PER_MM, 1.0])
    size = round(form.size[0] * PER_MM), round(form.size[1] * PER_MM)
    # several px of the picture for one here: averaged before, or noise stays
    reach = np.abs(project(back, np.array([[0, 0], size])) - project(back, np.array([[1, 1], np.array(size) - 1.0])))
    shrink = max(1, int(reach.max()))
    if shrink > 1:
        channel = channel.reduce(shrink)
        back = np.diag([1 / shrink, 1 / shrink, 1.0]) @ back
    data = (back / back[2, 2]).ravel()[:8].tolist()
    flat = channel.transform(size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BILINEAR)
    return 255 - np.asarray(flat, np.float32)


def _shifts(flat: np.ndarray, cells: np.ndarray, form: Form, across: bool) -> tuple[np.ndarray, np.ndarray]:
    """How far (mm, float64 [n]) the lines of boxes are off their places, and where that is sure."""
    image = flat.T if across else flat
    axis = 0 if across else 1
    search = round((_ACROSS if across else _DOWN) * PER_MM)
    lines = np.array([0.0, form.box]) if across else _heights(form)
    reach = search + 2
    side = round(form.box * PER_MM)
    begin = np.floor(cells * PER_MM + 0.5).astype(np.int64)
    along = begin[:, axis, None] + np.arange(-reach, side + reach + 1)
    aside = begin[:, 1 - axis, None] + np.arange(2, side - 1)
    along, aside = along.clip(0, image.shape[0] - 1), aside.clip(0, image.shape[1] - 1)
    # ink covers less than half of a line
    profile = np.percentile(image[along[:, :, None], aside[:, None, :]], 40, axis=2)
    # a line stands out from both sides
    ridge = np.clip(profile - np.maximum(_moved(profile, 3), _moved(profile, -3)), 0, None)
    offset = cells[:, axis] * PER_MM - begin[:, axis]
    tried = np.arange(-search, search + 1)
    at = reach + offset[:, None, None] + lines * PER_MM - 0.5 + tried[:, None]
    whole = np.floor(at).astype(np.int64)
    part = at - whole
    rows = np.arange(len(cells))[:, None, None]
    last = ridge.shape[1] - 1
    value = ridge[rows, whole.clip(0, last)] * (1 - part) + ridge[rows, (whole + 1).clip(0, last)] * part
    score = np.minimum(value, np.median(value, axis=2, keepdims=True) * 2 + 1).sum(axis=2)
    best = score.argmax(axis=1)
    every = np.arange(len(cells))
    left, here, right = (score[every, (best + step).clip(0, len(tried) - 1)] for step in (-1, 0, 1))
    curve = np.maximum(2 * here - left - right, 1e-6)
    shift = tried[best] + np.clip((right - left) / (2 * curve), -0.5, 0.5)
    usual = np.median(score, axis=1)
    sure = (here > _CLEAR * np.maximum(usual, 0.5)) & (best > 0) & (best < len(tried) - 1)
    return shift / PER_MM, sure


def _heights(form: Form) -> np.ndarray:
    base = form.frame.baseline * form.pixel
    return np.array([0.0, base - XHEIGHT, base, form.box])


def _moved(profile: np.ndarray, step: int) -> np.ndarray:
    """`profile` [n,k] as it is `step` places further on."""
    places = (np.arange(profile.shape[1]) + step).clip(0, profile.shape[1] - 1)
    return profile[:, places]


def _terms(points: np.ndarray, size: tuple[float, float]) -> np.ndarray:
    """Polynomials float64 [n,10] up to the third degree, over -1 … 1."""
    x, y = (2 * points / size - 1).T
    one = np.ones_like(x)
    return np.stack([one, x, y, x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3], axis=1)


def _fit(places: np.ndarray, shifts: np.ndarray, form: Form) -> np.ndarray:
    """The smooth bend float64 [2,t] of what boxes say; the marks, which are where they are, count as well."""
    count = len(places)
    terms = 10 if count >= 40 else 6 if count >= 15 else 3
    every = np.concatenate([places, form.marks])
    wanted = np.concatenate([shifts, np.zeros((4, 2))])
    basis = _terms(every, form.size)[:, :terms]
    weight = np.ones(len(every))
    weight[count:] = 2.0
    ridge = 1e-3 * np.eye(terms)
    bend = np.zeros((2, terms))
    for _ in range(6):
        for axis in (0, 1):
            weighed = basis * weight[:, None]
            bend[axis] = np.linalg.solve(basis.T @ weighed + ridge, weighed.T @ wanted[:, axis])
        miss = np.hypot(*(wanted - basis @ bend.T).T)
        # few boxes may be wrong by much: they lose their say (Geman, McClure)
        weight = 1 / (1 + (miss / 0.15) ** 2) ** 2
        weight[count:] *= 2.0
    return bend
