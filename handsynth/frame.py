"""The frame: the square in which every glyph of the system is drawn.

Ink is centred left to right; heights are true relative to each other and to the baseline.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from handsynth.errors import ModelError

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Frame:
    """Geometry of the glyph square, in frame px; y grows downwards.

    The baseline is the edge between rows `baseline - 1` and `baseline`: a letter that stands on it has its
    lowest ink in row `baseline - 1`.
    """

    size: int = 64
    """Width and height of the square."""
    baseline: int = 45
    """Rows above the baseline."""
    xheight: float = 18.0
    """Height of a lower-case x."""

    @property
    def descent(self) -> int:
        """Rows below the baseline."""
        return self.size - self.baseline

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Any) -> Frame:
        """Read a card's `frame`; raises ModelError if it is not a sane one."""
        try:
            frame = cls(int(data["size"]), int(data["baseline"]), float(data["xheight"]))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ModelError(f"the card's frame is not usable ({repr(data)[:80]}); export the model again") from error
        if not (8 <= frame.size <= 1024 and 0 < frame.baseline <= frame.size and 0 < frame.xheight < frame.size):
            raise ModelError(f"the card's frame has impossible sizes ({repr(data)[:80]}); export the model again")
        return frame


STANDARD = Frame()
"""The frame of every model so far; training writes it into the card, all else reads it from there."""


def ink_box(ink: np.ndarray, threshold: int = 128) -> tuple[int, int, int, int] | None:
    """Bounds (left, top, right, bottom; right and bottom exclusive) of the ink in uint8 [h,w], 255 = ink.

    None where no pixel reaches the threshold.
    """
    import numpy as np

    dark = ink >= threshold
    rows = np.flatnonzero(dark.any(axis=1))
    if not len(rows):
        return None
    columns = np.flatnonzero(dark.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
