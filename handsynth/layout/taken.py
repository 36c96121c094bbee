"""Some of the glyphs of a text, without finding out anew how they are entered, left and joined."""

from __future__ import annotations

import numpy as np

from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.layout import ends, meeting


def taken(glyphs: Glyphs, rows: np.ndarray | slice) -> Glyphs:
    """`glyphs.take(rows)`, each at most once; what was found out about their ends and meetings holds for it, too."""
    which = np.arange(len(glyphs))[rows]
    if len(which) == len(glyphs) and (np.diff(which) > 0).all():
        return glyphs
    some = glyphs.take(rows)
    if isinstance(glyphs, PenGlyphs) and isinstance(some, PenGlyphs):
        both = ends.carried(glyphs.paths, some.paths, which)
        if both is not None:
            meeting.carried(*both, which, len(glyphs))
    return some
