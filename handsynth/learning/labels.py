"""The printed label above each box of a form, and where it stands in a picture whose guides vanished."""

from __future__ import annotations

import numpy as np

from handsynth.learning.form import Form
from handsynth.units import MM_PER_INCH

_HIGH, _LOW = 4.3, 0.6
"""mm above a box between which its label stands."""

_DOWN, _ACROSS = 1.6, 0.8
"""mm: how far from its place a label is looked for."""

_LIKE = 0.6
"""How like its label a place must look (normalised cross-correlation)."""


def shifts(flat: np.ndarray, form: Form, page: int, per_mm: float) -> tuple[np.ndarray, np.ndarray]:
    """How far labels are off their places, float64 [n,2] (across, down) in mm, and where that is sure, bool [n].

    `flat` float32 [h,w]: how dark the sheet is, at `per_mm` px.
    """
    expected = _drawn(form, page, per_mm)
    height, width = flat.shape
    expected = expected[:height, :width]
    cells = form.cells(page)
    rows = np.floor((cells[:, 1, None] - _HIGH) * per_mm).astype(np.int64) + np.arange(round((_HIGH - _LOW) * per_mm))
    columns = np.floor(cells[:, 0, None] * per_mm).astype(np.int64) + np.arange(round(form.box * per_mm))

    def cut(image: np.ndarray, dy: int, dx: int) -> np.ndarray:
        y, x = (rows + dy).clip(0, image.shape[0] - 1), (columns + dx).clip(0, image.shape[1] - 1)
        part = image[y[:, :, None], x[:, None, :]].reshape(len(cells), -1)
        part = part - part.mean(axis=1, keepdims=True)
        return np.asarray(part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-3))

    wanted = cut(expected, 0, 0)
    down, across = round(_DOWN * per_mm), round(_ACROSS * per_mm)
    tried = [(dy, dx) for dy in range(-down, down + 1) for dx in range(-across, across + 1)]
    like = np.stack([np.einsum("nk,nk->n", wanted, cut(flat, dy, dx)) for dy, dx in tried])
    best = like.argmax(axis=0)
    found = np.array([(dx, dy) for dy, dx in tried], np.float64)[best]
    sure = (like.max(axis=0) > _LIKE) & (np.abs(found) < [across, down]).all(axis=1)
    return found / per_mm, sure


def _drawn(form: Form, page: int, per_mm: float) -> np.ndarray:
    """What is printed on a page in letters, float32 [h,w], 255 = black."""
    from handsynth.learning.printing import draw, picture

    drawing = draw(form, page)
    drawing.lines, drawing.discs = [], []
    image = picture(drawing, per_mm * MM_PER_INCH)
    return 255 - np.asarray(image.convert("L"), np.float32)
