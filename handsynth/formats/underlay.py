"""Pictures in vector files: a background below the ink, or a whole page as pixels where its look needs them."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from handsynth.formats import raster, sheet
from handsynth.formats.look import Look, size
from handsynth.layout.page import Page

_QUALITY = 90


@dataclass(frozen=True)
class Underlay:
    """A picture that fills a page, as JPEG."""

    jpeg: bytes
    width: int
    height: int
    whole: bool
    """Whether the ink is in it."""
    grey: bool


def of(page: Page, look: Look) -> Underlay | None:
    """The picture below the ink of `page`, or in its place; None: neither is needed. Raises InputError."""
    whole = bool((look.camera and look.camera_strength) or look.grain or look.bleed or look.show_through)
    if whole:
        picture: Image.Image = raster.paint(page, look)
        picture = picture.convert("L" if picture.mode in ("L", "LA") else "RGB")
    elif look.background is not None:
        picture = sheet.background(look.background, size(page, look))
    else:
        return None
    plain = Image.fromarray(np.asarray(picture))
    file = io.BytesIO()
    plain.save(file, "JPEG", quality=_QUALITY)
    return Underlay(file.getvalue(), *plain.size, whole, plain.mode == "L")
