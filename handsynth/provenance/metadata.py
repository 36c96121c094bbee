"""What made a picture, as it is written into its file: never the text."""

from __future__ import annotations

from handsynth import __version__, dials
from handsynth.model.model import Model


def metadata(
    model: Model,
    hand: str,
    seed: int,
    temperature: float,
    legibility: int = dials.default("legibility"),
    variation: float | None = None,
    joined: float | None = None,
) -> dict[str, str]:
    """Key and value pairs for a file's metadata; with the same text they give the same picture."""
    return {
        "Software": f"handsynth {__version__}",
        "Hand": hand,
        "Seed": str(seed),
        "Model": model.hash,
        "Temperature": f"{temperature:g}",
        "Legibility": str(legibility),
    } | {name: f"{value:g}" for name, value in (("Variation", variation), ("Joined", joined)) if value is not None}
