"""Look: how a Page becomes a file, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from handsynth import dials
from handsynth.dials.renamed import renamed
from handsynth.errors import InputError, option
from handsynth.formats.plot import Motion, Plot
from handsynth.layout.page import Page
from handsynth.units import MM_PER_INCH, RGBA, plain

MAX_PIXELS: int = dials.default("max_pixels")
"""Larger pictures are refused unless asked for."""

CAMERAS = "scanned", "photographed"

LESS = f"give less text, a smaller {option('size')}, another {option('wrap')} or a larger {option('max_pixels')}"

SIZES = dials.limits("size")
"""Least and greatest x-height, in px."""


@dataclass(frozen=True)
class Look:
    """How a Page becomes a file."""

    xheight: float = 24.0
    """Height of a small x, in px."""
    dpi: float = dials.default("dpi")
    ink: RGBA = (0, 0, 0, 255)
    paper: RGBA = (255, 255, 255, 255)
    """Alpha 0: none."""
    max_pixels: int = MAX_PIXELS
    less: str = LESS
    """What to do about a picture that is too large."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What made the picture, for its metadata: seed, hand, model, version, and the text only where it is wanted."""
    title: str = "Handwriting"
    """Of the document, for its metadata and for screen readers."""
    language: str = "en"
    """BCP 47 tag of the text, for screen readers."""
    text_layer: bool = True
    """Whether a PDF holds the text, invisibly, where it is written."""
    outlined: bool = False
    """Vector files fill the outlines of what a pen's strokes would draw exactly."""
    centreline: bool = False
    """Vector files draw single strokes of a pen instead of outlines."""
    grain: float = 0.0
    """Fibres of the paper in pixel files: 0 none, 1 coarse."""
    background: str | bytes | None = None
    """Picture that is the paper: a file's name, or what is in it."""
    camera: str = ""
    """What took the picture, in pixel files: nothing, or one of CAMERAS."""
    camera_strength: float = 1.0
    """How far that shows: 0 not at all, 1 as usual, 2 at most."""
    heading_ink: RGBA | None = None
    """Of headings; none: as all else."""
    marked_ink: RGBA | None = None
    """Of marked words; none: as all else."""
    bleed: float = 0.0
    """How far ink spreads into the paper of pixel files: 0 not at all, 1 as in blotting paper."""
    show_through: float = 0.0
    """How much of what is on the sheet's back is seen in pixel files: 0 nothing, 1 as through thin paper."""
    plot: Plot = field(default_factory=Plot)
    """How machines draw it."""
    motion: Motion = field(default_factory=Motion)
    """How it is seen being written."""
    facts = renamed("Look", "facts", "metadata")

    def __post_init__(self) -> None:
        if not SIZES[0] <= self.xheight <= SIZES[1]:
            least, most = map(plain, SIZES)
            raise InputError(f"the size is {plain(self.xheight)} px; give an x-height of {least} to {most} px", "size")
        dials.check("max_pixels", self.max_pixels)
        for name, ink in zip(("ink", "ink of headings", "ink of marked words"), self.inks, strict=True):
            if ink[3] == 0:
                raise InputError(f"the {name} is transparent, so nothing would be visible; give it a colour")
            if ink[:3] == self.paper[:3] and self.paper[3] == 255 and self.background is None:
                raise InputError(
                    f"{name} and paper have the same colour, so nothing would be visible; change one of them"
                )
        for name in ("grain", "bleed", "show_through"):
            dials.check(f"paper.{name}", getattr(self, name), f"the {name.replace('_', '-')}")
        if self.camera and self.camera not in CAMERAS:
            raise InputError(f"the camera {self.camera!r} is unknown; use one of {', '.join(CAMERAS)}, or none")
        dials.check("output.look_strength", self.camera_strength, "the camera's strength")
        if self.camera and self.paper[3] < 255 and self.background is None:
            raise InputError(f"transparent paper cannot be {self.camera}; give it a colour")

    def told(self, plot: Mapping[str, Any], motion: Mapping[str, Any]) -> Look:
        """The same, with what machines and films are told: arguments of Plot.of and of Motion. Raises InputError."""
        return replace(self, plot=Plot.of(**plot), motion=Motion(**motion))

    @property
    def inks(self) -> tuple[RGBA, ...]:
        """By the numbers of `Page.colour`."""
        return self.ink, self.heading_ink or self.ink, self.marked_ink or self.ink

    @property
    def mm(self) -> float:
        """Millimetres of one x-height on paper."""
        return self.xheight / self.dpi * MM_PER_INCH


def size(page: Page, look: Look) -> tuple[int, int]:
    """Width and height in px. Raises InputError if that is more than `look.max_pixels`."""
    width, height = (max(1, int(np.ceil(length * look.xheight - 1e-6))) for length in (page.width, page.height))
    if width * height > look.max_pixels:
        raise InputError(
            f"the picture would have {width:,} x {height:,} pixels, more than the {look.max_pixels:,} allowed; "
            + look.less
        )
    return width, height
