"""Letters that a person wrote, kept with the hand: drawn in place of the model's, a little different each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

import numpy as np

from handsynth import noise
from handsynth.dials.choices import Use
from handsynth.errors import InputError
from handsynth.frame import Frame
from handsynth.hands.letters import LetterLatents, rows_of
from handsynth.ink.compose import sample
from handsynth.ink.fields import FAR
from handsynth.ink.glyph import FieldGlyphs, Glyphs, PenGlyphs
from handsynth.ink.paths import Paths

USES: tuple[Use, ...] = get_args(Use)
"""vary: the person's letters, drawn anew each time; always: their ink, where there is any; never: the style alone."""

MOST = 4000
"""Letters that a hand may hold."""

_DRAWN = 2.0
"""Drawings of the model that `vary` counts beside the ink of a character that no latent is known of."""

_SCALE, _TURN, _LEAN, _BEND = 0.05, 0.05, 0.06, 0.6
"""Standard deviations of what is changed at temperature 1: size, angle in radians, slant; and bends, in px."""

_WAVES = 26.0, 17.0
"""Lengths of the bends, in px."""


def check_use(use: str) -> None:
    """Raises InputError for an unknown use."""
    if use not in USES:
        raise InputError(f"originals are to be used {use!r}; give one of {', '.join(USES)}", "originals")


@dataclass(frozen=True, eq=False)
class Originals:
    """n letters of one person."""

    chars: tuple[str, ...]
    """[n]."""
    fields: np.ndarray
    """float16 [n,H,H]: signed distance to the edge of the ink in frame px, inside positive, within ±4."""

    def __len__(self) -> int:
        return len(self.chars)

    def without(self, chars: str | Sequence[str]) -> Originals | None:
        """The others; None if there are none."""
        keep = np.array([char not in set(chars) for char in self.chars], bool)
        left = tuple(char for char, kept in zip(self.chars, keep, strict=True) if kept)
        return Originals(left, self.fields[keep]) if left else None

    @cached_property
    def _rows(self) -> dict[str, np.ndarray]:
        return rows_of(self.chars)

    def chosen(
        self, charset: Sequence[str], index: np.ndarray, places: np.ndarray, seed: int, use: Use,
        known: LetterLatents | None = None,
    ) -> np.ndarray:  # fmt: skip
        """Which letter stands at each of `places` uint64 [n] for the characters `index` [n]: its row, or -1.

        `known`: letters that can be drawn anew. Beside them, ink is drawn where the latent of a letter was not found.
        """
        result = np.full(len(index), -1, np.int64)
        if use == "never":
            return result
        for number in np.unique(index).tolist():
            rows = self._rows.get(charset[number])
            if rows is None or (use == "vary" and known is not None and charset[number] in known):
                continue
            here = np.flatnonzero(index == number)
            drawn = noise.uniforms(seed, "hand", places[here], 1)[:, 0].astype(np.float64)
            share = 1.0 if use == "always" or known is not None else len(rows) / (len(rows) + _DRAWN)
            taken = (drawn / share * len(rows)).astype(np.int64)
            result[here] = np.where(drawn < share, rows[np.minimum(taken, len(rows) - 1)], -1)
        return result

    @cached_property
    def paths(self) -> Paths:
        """The letters [n] as strokes of a pen, amid their ink and as wide."""
        from handsynth.ink.centreline import traces

        found = traces(self.fields.astype(np.float32), Frame(self.fields.shape[1]))
        parts = [
            Paths.of([[np.concatenate([trace.points[:-1:2], trace.points[-1:]]) for trace in letter]], width)
            for letter in found
            for width in [float(np.median(np.concatenate([trace.widths for trace in letter]))) if letter else 1.0]
        ]
        return Paths.joined(parts)

    def drawn(
        self, rows: np.ndarray, places: np.ndarray, seed: int, temperature: float, frame: Frame, strokes: bool = False
    ) -> Glyphs:
        """The letters `rows` [m], each as it would be written another time; as `strokes` of a pen, or as fields."""
        drawn = noise.normals(seed, "hand", places, 12)[:, 1:].astype(np.float64)
        shake, bend = drawn[:, :3] * temperature, drawn[:, 3:7] * _BEND * temperature
        phase = drawn[:, 7:11] * np.pi
        scale, turn, lean = np.exp(_SCALE * shake[:, 0]), _TURN * shake[:, 1], _LEAN * shake[:, 2]
        size = frame.size
        # about the middle of a small letter, so that nothing leaves the frame
        middle = frame.baseline - frame.xheight / 2
        x, y = np.meshgrid(np.arange(size) + 0.5 - size / 2, middle - np.arange(size) - 0.5)
        if strokes:
            return PenGlyphs(self._moved(rows, scale, turn, lean, bend, phase, frame), size)
        cos, sin = (np.cos(turn) / scale)[:, None, None], (np.sin(turn) / scale)[:, None, None]
        across, up = cos * x + sin * y, cos * y - sin * x
        across = across - lean[:, None, None] * up
        # strokes bend a little, each time elsewhere
        for number, length in enumerate(_WAVES):
            angle = 2 * np.pi / length
            one, other = 2 * number, 2 * number + 1
            across = across + bend[:, one, None, None] * np.sin(angle * y + phase[:, one, None, None])
            up = up + bend[:, other, None, None] * np.sin(angle * x + phase[:, other, None, None])
        column, row = across + size / 2 - 0.5, middle - up - 0.5
        result = np.empty((len(rows), size, size), np.float32)
        for i, letter in enumerate(rows.tolist()):
            field = sample(self.fields[letter], column[i], row[i])
            # what is far from ink stays so: pieces of signs are scaled
            result[i] = np.where(field > 0.98 * FAR, field * scale[i], FAR)
        return FieldGlyphs(result)

    def _moved(
        self, rows: np.ndarray, scale: np.ndarray, turn: np.ndarray, lean: np.ndarray, bend: np.ndarray,
        phase: np.ndarray, frame: Frame,
    ) -> Paths:  # fmt: skip
        """The strokes of the letters `rows` under the same changes as fields: the inverse map, of points."""
        paths = self.paths.take(rows)
        each = paths.owner[paths.stroke]
        middle = frame.baseline - frame.xheight / 2
        across, up = paths.points[:, 0] - frame.size / 2, middle - paths.points[:, 1]
        for number, length in enumerate(_WAVES):
            angle = 2 * np.pi / length
            one, other = 2 * number, 2 * number + 1
            across, up = (
                across - bend[each, one] * np.sin(angle * up + phase[each, one]),
                up - bend[each, other] * np.sin(angle * across + phase[each, other]),
            )
        across = across + lean[each] * up
        cos, sin = np.cos(turn)[each], np.sin(turn)[each]
        x, y = scale[each] * (cos * across - sin * up), scale[each] * (sin * across + cos * up)
        points = np.stack([x + frame.size / 2, middle - y], axis=1)
        return replace(paths, points=points.astype(np.float32))
