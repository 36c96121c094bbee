"""The hands of a model: as a list for the terminal, and as a picture with a line of text in each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from handsynth import __version__
from handsynth.errors import InputError
from handsynth.hand import Hand
from handsynth.model import Model

if TYPE_CHECKING:
    from PIL import Image

PANGRAM = "Pack my box with five dozen liquor jugs, 1234567890."
_LABEL = 110


def table(model: Model) -> str:
    """The gallery, one hand a line: name, tags, description."""
    hands = model.card.gallery
    if not hands:
        return f"{model.card.name} has no gallery; use --hand random"
    rows = [(hand.name, " ".join(hand.tags), hand.description) for hand in hands]
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    return "\n".join(f"{name:<{widths[0]}}  {tags:<{widths[1]}}  {text}".rstrip() for name, tags, text in rows)
