"""Writers' strokes on the way into the frame: what both UNIPEN readers share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from train.data.picture import store
from train.data.place import place_strokes, writer_scale
from train.data.source import Drops, GlyphBatch, ReaderOptions
from train.data.strokes import distance_field, grid_step, ink_of, smooth

CHUNK = 256
UNCHECKED_FAULTS = frozenset({"ibm", "kai", "val"})
"""UNIPEN sources that often lost strokes, were cut from cursive or are stretched: kept only where curated."""


@dataclass
class WrittenChar:
    """One character as it was written."""

    char: str
    strokes: list[np.ndarray]
    """[n,2] each, any unit, x right, y down."""
    checked: bool
    name: str
    """Where it stands in the source, for reports."""


@dataclass
class PenTask:
    """Some characters of one writer."""

    writer: str
    split: int
    scale: float | None
    """px per unit."""
    grid: float
    """Resolution of the tablet, in the strokes' unit."""
    glyphs: list[WrittenChar]
    drops: Drops = field(default_factory=Drops)
    skipped: int = 0


def pen_tasks(
    writer: str, source: str, split: int, glyphs: Sequence[WrittenChar], options: ReaderOptions
) -> Iterator[PenTask]:
    """All characters of one writer, in portions; the writer's size and the tablet's grid are measured on
    all."""
    drops = Drops()
    kept = []
    for glyph in glyphs:
        if not glyph.strokes:
            drops.add("no strokes", glyph.name)
        elif source in UNCHECKED_FAULTS and not glyph.checked:
            drops.add(f"unchecked glyph of a source with faults ({source})", glyph.name)
        else:
            kept.append(glyph)
    heights = np.array([np.ptp(np.concatenate([s[:, 1] for s in glyph.strokes])) for glyph in kept])
    scale = writer_scale([glyph.char for glyph in kept], heights, options.frame, options.pen)
    grid = grid_step([stroke for glyph in kept[:300] for stroke in glyph.strokes])
    wanted = [glyph for glyph in kept if options.wants(glyph.char)]
    skipped = len(glyphs) - len(wanted)
    if not wanted:
        yield PenTask(writer, split, scale, grid, [], drops, skipped)
    for first in range(0, len(wanted), CHUNK):
        yield PenTask(writer, split, scale, grid, wanted[first : first + CHUNK], drops, skipped)
        drops, skipped = Drops(), 0


def draw_strokes(task: PenTask, options: ReaderOptions) -> GlyphBatch:
    """Place and draw one portion."""
    batch = GlyphBatch(drops=task.drops, done=len(task.glyphs) + task.skipped)
    frame, pen = options.frame, options.pen
    for glyph in task.glyphs:
        if task.scale is None:
            batch.drops.add("nothing tells the writer's size", glyph.name)
            continue
        # a coarse tablet draws staircases: smooth over its grid; a fine one needs little
        sigma = min(max(1.3 * task.grid * task.scale, 0.4), 2.2)
        px = [smooth(stroke * task.scale, sigma) for stroke in glyph.strokes]
        placed = place_strokes(px, glyph.char, 1.0, frame, pen)
        if isinstance(placed, str):
            batch.drops.add(placed, glyph.name)
            continue
        field_px = distance_field(placed[0], frame.size, pen)
        batch.add(
            glyph.char,
            ink_of(field_px),
            store(field_px),
            writer=task.writer,
            split=task.split,
            checked=glyph.checked,
            pen=pen,
            strokes=placed[0],
        )
    return batch
