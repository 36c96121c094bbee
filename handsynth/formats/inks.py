"""The inks of a page: what is written in each, as a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from handsynth.formats.look import Look
from handsynth.layout.page import Page, part_of
from handsynth.layout.weld import welded
from handsynth.units import RGBA


@dataclass(frozen=True, eq=False)
class Inked:
    """All of a page that is in one colour."""

    number: int
    """Of the pen that writes it, from 1: the same on every page of a document."""
    colour: RGBA
    page: Page


def by_ink(page: Page, look: Look, weld: bool = True) -> Iterator[Inked]:
    """The page ink by ink, joined letters in one; inks of one colour are one.

    There is one at least, even where nothing is written. Without `weld` joined letters stay for themselves.
    """
    page = welded(page) if weld else page
    colours = look.inks
    pens = list(dict.fromkeys(colours))
    pen_of = np.array([pens.index(colour) for colour in colours])
    pen = pen_of[page.colour] if len(page.colour) else np.zeros(len(page), np.int64)
    used = sorted({*pen.tolist(), *(int(pen_of[stroke.colour]) for stroke in page.strokes)}) or [0]
    for number in used:
        some = page
        if len(used) > 1:
            strokes = tuple(stroke for stroke in page.strokes if pen_of[stroke.colour] == number)
            some = replace(part_of(page, np.flatnonzero(pen == number)), strokes=strokes)
        yield Inked(number + 1, pens[number], some)
