"""Letters on pictures as latents of the model: read by its encoder, refined until the strokes lie amid the ink.

The encoder knows a letter's strokes at once and about where they run; a few Gauss-Newton steps with the decoder's
derivatives, finite differences that each step corrects, move them onto the centreline of the ink. Distances are taken
both ways, from the drawn strokes to the centreline and back, so that neither an order nor a direction of writing
matters. What the latent leaves is made up for by offsets of the points: onto the centreline, and then to where a pen's
edge is the ink's (see `edges`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial

import numpy as np

from handsynth import noise
from handsynth.ink.centreline import traces
from handsynth.ink.measure import pen_width
from handsynth.learning.edges import edges, half_pen, moved_to_edges
from handsynth.learning.legible import brought_back, spoilt
from handsynth.learning.offsets import offsets
from handsynth.learning.refinement import LatentStrokes, refined, whole
from handsynth.model.model import Model

_SPACING = 1.0
"""Frame px between points of a centreline."""

WORST, LEFT = 1.2, 0.36
"""A letter whose latent's strokes lie further than so many px from its ink was not understood, unless offsets leave no
more than the second."""

LOST, MUCH = 2.0, 0.75
"""Nor was one with more left than that whose strokes, or ink, lie further than so many px from all of the other
somewhere, and more than the second in all: a stroke is missing, or stands where there is none."""

STARTS, POOR = 12, 0.5
"""Letters that lie further than so many px from their ink after the first try are tried from the nearest of so many
other drawings of the character."""

MORE, NEAREST = 64, 8
"""Those that were not understood are from each of the nearest of these. Others are not: where ink has run together its
centreline may be nearer to another form than the one that the encoder saw."""

ASTRAY, _OTHERS, _NEARER = 1.5, 3, 0.2
"""Letters with a stroke that runs further than so many px from all ink, or with ink so far from all strokes, are tried
from so many of those, too; and by how much nearer those have to be."""


@dataclass(frozen=True)
class Fitted:
    """n letters; V the size of the latent, P the points of a letter."""

    latents: np.ndarray
    """f32 [n,V]: variations that draw the letters, in half precision, as files keep them."""
    deviation: np.ndarray
    """f32 [n,V]: their standard deviations, as far as the ink tells."""
    off: np.ndarray
    """f64 [n]: root mean square distance between those strokes and the centreline, both ways, frame px; inf without
    ink."""
    offsets: np.ndarray
    """f32 [n,P,2]: what moves those strokes' points to where the pen went."""
    left: np.ndarray
    """f64 [n]: the distance that offsets onto the centreline leave."""
    astray: np.ndarray
    """f64 [n]: the greatest distance that those leave, of a stroke to the ink or of ink to the strokes."""
    firm: np.ndarray
    """bool [n]: whether copies keep the letter's strokes."""

    @property
    def good(self) -> np.ndarray:
        """Which letters were understood, bool [n]."""
        followed = self.left <= LEFT
        whole = followed | (self.astray <= LOST) | (self.off <= MUCH)
        return np.asarray(((self.off <= WORST) & whole) | (followed & self.firm))

    def take(self, rows: np.ndarray) -> Fitted:
        """Some of the letters."""
        return Fitted(*(getattr(self, part.name)[rows] for part in fields(self)))

    def put(self, rows: np.ndarray, other: Fitted) -> None:
        """Set the letters `rows` to those of `other`."""
        for part in fields(self):
            getattr(self, part.name)[rows] = getattr(other, part.name)


def fitted(
    model: Model, index: np.ndarray, images: np.ndarray, ink: np.ndarray, style: np.ndarray, *, lead: bool = True
) -> Fitted:
    """Latents of `images` uint8 [n,H,H] (255 = ink) with the fields `ink` [n,H,H] of the characters `index` [n].

    `style` f32 [S] draws the other starts. `lead`: all ink is the letter's; strokes that run astray are led along it.
    """
    mean, logvar, *_ = model.encode(images.astype(np.float32) / 255, index)
    letters = _InkLines([[trace.points for trace in letter] for letter in traces(ink, model.frame)])
    deviation = np.exp(0.5 * np.clip(logvar, -12, 4)).astype(np.float64)
    found, off, sure = refined(model, index, mean.astype(np.float64), mean, deviation, letters.targets)
    again = np.flatnonzero((off > POOR) & np.isfinite(off))
    some = letters.take(again)
    start = _starts(model, index[again], some, style, STARTS, 1)
    other, off_other, sure_other = _anew(model, index[again], start, some)
    better = off_other < off[again]
    rows = again[better]
    found[rows], off[rows], sure[rows] = other[better], off_other[better], sure_other[better]
    result = _finished(model, index, found, off, sure, letters, lead)
    again = np.flatnonzero((result.off > WORST) & np.isfinite(off))
    start = _starts(model, index[again], letters.take(again), style, MORE, NEAREST)
    again = np.repeat(again, NEAREST)
    some = letters.take(again)
    trial = _finished(model, index[again], *_anew(model, index[again], start, some), some, lead)
    for k in np.argsort(-trial.left, kind="stable").tolist():  # the nearest last
        if trial.firm[k] and trial.left[k] < result.left[again[k]]:
            result.put(again[[k]], trial.take(np.array([k])))
    if lead:
        _otherwise(model, index, letters, style, result)
        edge = _Edges(model, index, ink)
        result.offsets[:] = edge.moves(np.arange(len(index)), result.latents, result.offsets)
        if model.has("reader"):
            _read_again(model, index, images, pen_width(ink), mean, letters, edge, result)
    return result


class _Edges:
    """The edges of letters' ink with `fields` [n,H,H], of the characters `index` [n]."""

    def __init__(self, model: Model, index: np.ndarray, fields: np.ndarray) -> None:
        self.model, self.index = model, index
        self.found = edges(fields, model.frame)
        self.half = half_pen(self.found)

    def moves(self, rows: np.ndarray, latents: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
        """Offsets f32 [m,P,2] onto the edges of the letters `rows` [m], drawn by `latents` [m,V], from `start`."""
        strokes = LatentStrokes(self.model, self.index[rows], latents)
        start = np.zeros(strokes.points.shape, np.float32) if start is None else start
        ink = [self.found[i] for i in rows.tolist()]
        return moved_to_edges(strokes.points, strokes.exist > 0, start, ink, self.half, self.model.card.slots)


def _read_again(
    model: Model, index: np.ndarray, images: np.ndarray, pen: float, told: np.ndarray, ink: _InkLines, edge: _Edges,
    result: Fitted,
) -> None:  # fmt: skip
    """Letters that are not read where their strokes lie amid the ink, from latents nearer to what the encoder told.

    With offsets onto the ink's edge, or else without.
    """
    known = np.flatnonzero(result.good)
    lost, seen = spoilt(model, index[known], images[known], result.latents[known], result.offsets[known], pen)
    rows, seen = known[lost], seen[lost]
    for way in (edge.moves, None):
        if not len(rows):
            break
        latents, found = brought_back(
            model, index[rows], told[rows], result.latents[rows], seen, pen, way and partial(_of_some, way, rows)
        )
        some, latents = rows[found], latents[found]
        if not len(some):
            continue
        strokes, targets = LatentStrokes(model, index[some], latents), ink.take(some).targets
        off = strokes.off(targets)
        moves = way(some, latents) if way else np.zeros(strokes.points.shape, np.float32)
        strokes.points += moves
        left = strokes.off(targets)
        near = (off <= WORST) | (left <= LEFT)
        put = some[near]
        result.latents[put], result.offsets[put] = latents[near], moves[near]
        result.off[put], result.left[put] = off[near], left[near]
        still = ~np.isin(rows, put)
        rows, seen = rows[still], seen[still]


def _of_some(
    way: Callable[[np.ndarray, np.ndarray], np.ndarray], rows: np.ndarray, some: np.ndarray, latents: np.ndarray
) -> np.ndarray:
    return way(rows[some], latents)


def _otherwise(model: Model, index: np.ndarray, ink: _InkLines, style: np.ndarray, result: Fitted) -> None:
    """Letters whose strokes run astray from drawings with other strokes, which are led along the ink at once."""
    again = np.flatnonzero((result.astray > ASTRAY) & np.isfinite(result.off))
    if not len(again):
        return
    start = _starts(model, index[again], ink.take(again), style, MORE, _OTHERS)
    again = np.repeat(again, _OTHERS)
    some = ink.take(again)
    off = LatentStrokes(model, index[again], start).off(some.targets)
    trial = _finished(model, index[again], start, off, result.deviation[again], some, True)
    for k in np.argsort(-trial.astray - trial.left, kind="stable").tolist():  # the nearest last
        better = trial.astray[k] + trial.left[k] < result.astray[again[k]] + result.left[again[k]] - _NEARER
        if trial.firm[k] and trial.left[k] <= LEFT and better:
            result.put(again[[k]], trial.take(np.array([k])))


class _InkLines:
    """Centrelines of the ink of n letters."""

    def __init__(self, lines: list[list[np.ndarray]], targets: list[np.ndarray] | None = None) -> None:
        self.lines = lines
        self.targets = [_points(letter) for letter in lines] if targets is None else targets

    def take(self, rows: np.ndarray) -> _InkLines:
        return _InkLines([self.lines[i] for i in rows.tolist()], [self.targets[i] for i in rows.tolist()])


def _starts(model: Model, index: np.ndarray, ink: _InkLines, style: np.ndarray, count: int, nearest: int) -> np.ndarray:
    """Of so many drawings of each character [n] the `nearest` to its ink, float64 [n nearest,V], letter by letter."""
    many = np.repeat(index, count)
    places = np.array([noise.key_of("start", k) for k in range(count)] * len(index), np.uint64)
    drawn = noise.normals(0, "hand", places, model.card.variation_size)
    start = model.prior(many, model.style_noise(style), drawn)[1].astype(np.float64)
    # all starts are looked at as they are, the nearest are refined
    far = LatentStrokes(model, many, start).off([target for target in ink.targets for _ in range(count)])
    order = np.argsort(far.reshape(-1, count), axis=1, kind="stable")[:, :nearest]
    return np.asarray(start[(order + count * np.arange(len(index))[:, None]).ravel()])


def _anew(
    model: Model, index: np.ndarray, start: np.ndarray, ink: _InkLines
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `refined`, where the encoder has no say."""
    return refined(model, index, start, start, np.ones_like(start), ink.targets)


def _finished(
    model: Model, index: np.ndarray, place: np.ndarray, off: np.ndarray, sure: np.ndarray, ink: _InkLines, lead: bool
) -> Fitted:
    """Letters of latents [n,V] that are `off` [n] and so `sure` [n,V], with their offsets."""
    place, off, firm = whole(model, index, place, off, ink.targets)
    kept, deviation = (part.astype(np.float16).astype(np.float32) for part in (place, sure))
    strokes = LatentStrokes(model, index, kept)
    moves, left, astray = offsets(strokes.points, strokes.exist > 0, ink.lines, model.card.slots, lead=lead)
    return Fitted(kept, deviation, off, moves, left, astray, firm)


def _points(lines: list[np.ndarray]) -> np.ndarray:
    """Points float64 [k,2] at even distances along all of a glyph's lines."""
    parts = []
    for line in lines:
        length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
        at = np.linspace(0, length[-1], max(2, round(length[-1] / _SPACING) + 1))
        parts.append(np.stack([np.interp(at, length, line[:, k]) for k in (0, 1)], axis=1))
    return np.concatenate(parts) if parts else np.empty((0, 2))
