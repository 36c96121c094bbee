"""Lines by hands that join, for tests of joins."""

from __future__ import annotations

from handsynth import api
from handsynth.layout.page import Page

HANDS = "Quill", "Walnut", "Moss"


def written(text: str, hand: str = "Walnut", **more) -> Page:
    return api.typeset(text, hand=hand, seed=5, **more)
