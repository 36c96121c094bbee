"""Pen plotters that take HP-GL: where their coordinates begin on the paper, and how far their pens reach.

Plotter units and hard-clip limits are those of the makers' manuals (HP 7475A Interfacing and Programming Manual, 1984,
chapter 1); where the origin lies on the paper is as vpype's table of devices has it, measured on such machines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.errors import InputError
from handsynth.units import plain

_SPARE = 0.6
"""A sheet may be so many mm larger than a machine's paper: sizes in inches are rounded."""


@dataclass(frozen=True)
class MachinePaper:
    """One size of paper as it lies in a machine, its longer side along x."""

    name: str
    width: float
    height: float
    """mm."""
    reach: tuple[int, int]
    """Hard-clip limits: x and y of the corner that is furthest from 0, 0, in plotter units."""
    origin: tuple[float, float]
    """Where 0, 0 lies: mm from the paper's left and lower edges."""
    size_code: int | None = None
    """What PS says for this paper, where the machine knows the instruction."""


@dataclass(frozen=True)
class Device:
    """A machine with one of its papers, or all of them."""

    name: str
    unit: float
    """mm of one plotter unit."""
    pens: int
    papers: tuple[MachinePaper, ...]

    def placed(self, paths: list[np.ndarray], width: float, height: float) -> tuple[MachinePaper, list[np.ndarray]]:
        """The paper that holds a sheet of `width` x `height` mm, and `paths` (mm from its lower left corner) in units.

        An upright sheet is turned clockwise by a right angle; one that is smaller than the paper lies in the corner
        where the pen begins. Raises InputError if the sheet is too large, or a path leaves the hard-clip limits.
        """
        turned = height > width
        long, short = max(width, height), min(width, height)
        fits = [p for p in self.papers if long <= p.width + _SPARE and short <= p.height + _SPARE]
        if not fits:
            sizes = ", ".join(f"{p.name} ({plain(p.width)} x {plain(p.height)} mm)" for p in self.papers)
            raise InputError(
                f"a sheet of {width:.0f} x {height:.0f} mm does not fit into the {self.name}, which takes {sizes}; "
                "choose another --paper or --device"
            )
        paper = min(fits, key=lambda p: p.width * p.height)
        found = []
        for path in paths:
            flat = np.stack([path[:, 1], width - path[:, 0]], axis=1) if turned else path
            found.append(np.rint((flat - paper.origin) / self.unit).astype(np.int64))
        points = np.concatenate(found)
        if (points < 0).any() or (points > paper.reach).any():
            left, low = paper.origin
            right, top = (paper.reach[i] * self.unit + paper.origin[i] for i in (0, 1))
            raise InputError(
                f"the writing reaches beyond where the {self.name} can draw on {paper.name} paper, {left:.0f} to "
                f"{right:.0f} mm along its length and {low:.0f} to {top:.0f} mm across; give larger margins"
            )
        return paper, found


_A4, _A3, _A = (297.0, 210.0), (420.0, 297.0), (279.4, 215.9)

DEVICES = {
    "hp7440a": Device("hp7440a", 0.02488, 8, (MachinePaper("a4", *_A4, (11040, 7721), (15.0, 10.0)),)),
    "hp7475a": Device("hp7475a", 0.02488, 6, (
        MachinePaper("a4", *_A4, (11040, 7721), (10.0, 4.0), 4), MachinePaper("a", *_A, (10365, 7962), (10.0, 4.9), 4),
        MachinePaper("a3", *_A3, (16158, 11040), (15.0, 10.0), 0),
    )),
    "hp7550a": Device("hp7550a", 0.02488, 8, (
        MachinePaper("a4", *_A4, (10870, 7600), (12.0, 4.0), 4), MachinePaper("a", *_A, (10170, 7840), (12.0, 4.9), 4),
        MachinePaper("a3", *_A3, (15970, 10870), (20.0, 12.0), 0),
    )),
    "dxy": Device("dxy", 0.025, 8, (
        MachinePaper("a4", *_A4, (11880, 8400), (0.0, 0.0)), MachinePaper("a", *_A, (10365, 7962), (0.0, 0.9)),
        MachinePaper("a3", *_A3, (16800, 11880), (0.0, 0.0)),
    )),
}  # fmt: skip


def device(name: str) -> Device:
    """The machine called `name`, like hp7475a, or hp7475a-a3 for one of its papers alone. Raises InputError."""
    machine, _, paper = name.strip().casefold().partition("-")
    if machine not in DEVICES:
        raise InputError(
            f"the device is {name[:30]!r}; give {', '.join(DEVICES)}, or one with a paper, like hp7475a-a3",
            "device",
        )
    found = DEVICES[machine]
    papers = tuple(p for p in found.papers if p.name == paper) if paper else found.papers
    if not papers:
        known = ", ".join(f"{machine}-{p.name}" for p in found.papers)
        raise InputError(f"the {machine} takes no paper {paper[:20]!r}; give {known}", "device")
    return Device(found.name, found.unit, found.pens, papers)
