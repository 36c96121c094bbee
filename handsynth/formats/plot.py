"""What a machine is told beside the strokes: which machine it is, and how it shall draw; and how strokes are shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from handsynth import dials
from handsynth.errors import InputError
from handsynth.formats import devices, profiles
from handsynth.units import length_mm, plain

LONGEST = 3600.0
"""Greatest length of a film, in seconds."""

HATCHES = 0.05, 5.0
"""Least and greatest width of a plotter's pen, in mm."""


@dataclass(frozen=True)
class Plot:
    """How a machine draws a page."""

    device: devices.Device | None = None
    """The pen plotter that HPGL is for; None: any, with the sheet's lower left corner at 0, 0."""
    profile: profiles.Profile = field(default_factory=profiles.profile)
    """How the machine that G-code is for lifts its pen."""
    optimise: bool = False
    """Strokes in the order of the shortest way, not of writing."""
    hatch: float = 0.0
    """Width of the plotter's pen, in mm, with which broader strokes are filled; 0: each stroke is one line."""
    rules: bool = False
    """The lines of the sheet are drawn, too, by a pen of their own."""

    @classmethod
    def of(
        cls, device: str = "", profile: str = "", optimise: bool = False, hatch: str = "", rules: bool = False
    ) -> Plot:
        """From options as they are given. Raises InputError."""
        return cls(
            devices.device(device) if device.strip() else None,
            profiles.profile(profile.strip() or "zlift"),
            optimise,
            length_mm(hatch, "the hatch", HATCHES) if hatch.strip() else 0.0,
            rules,
        )


@dataclass(frozen=True)
class Motion:
    """How a page is seen being written."""

    animate: bool = False
    """SVG and WebP move, too; GIF, APNG and MP4 always do."""
    duration: float = dials.default("duration")
    """Of the writing, in seconds; 0: as long as a person takes."""
    fps: float = dials.default("fps")
    """Pictures a second."""
    pen_shown: bool = False
    """A pen is seen that writes."""

    def __post_init__(self) -> None:
        if not 0 <= self.duration <= LONGEST:
            raise InputError(
                f"the duration is {plain(self.duration)}; give up to {plain(LONGEST)} seconds, 0: usual", "duration"
            )
        if not 1 <= self.fps <= 100:
            raise InputError(f"fps is {plain(self.fps)}; give 1 to 100 pictures a second", "fps")
