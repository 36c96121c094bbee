"""The hand that a request asks for: never a path."""

from __future__ import annotations

from typing import Any

from handsynth import dials
from handsynth.drawing.forms import tidied
from handsynth.drawing.resolve import at_random, resolve
from handsynth.errors import InputError
from handsynth.hands import handfile
from handsynth.hands.hand import Hand, unknown_hand
from handsynth.model.model import Model

_DEPTH = 3


def hand_of(model: Model, asked: Any, seed: int = 0, depth: int = 0) -> Hand:
    """A hand from a gallery name, `random`, `random:INDEX`, `random:INDEX:SEED`, the JSON of a .hand file, or a blend.

    A blend is {"blend": [A, B], "share": 0.3}. Raises InputError.
    """
    if asked is None or asked == "":
        return resolve(model, None, seed)
    if isinstance(asked, str):
        # `resolve` would look for a file of that name
        drawn = at_random(model, asked.strip(), seed)
        if drawn is not None:
            return tidied(model, drawn)
        if asked.strip().casefold() not in {hand.name.casefold() for hand in model.card.gallery}:
            raise InputError(unknown_hand(model, asked, "/v1/hands"))
        return Hand.gallery(model, asked)
    if not isinstance(asked, dict):
        raise InputError("a hand is a name, the JSON of a .hand file or a blend")
    if "blend" in asked:
        return _blend(model, asked, seed, depth)
    hand = handfile.parse(asked, "the hand", Hand)
    if not hand.fits(model):
        raise InputError(
            f"the hand {hand.name!r} was made with another model; learn it again here, or `handsynth hand refit` it"
        )
    return hand


def named(asked: Any) -> str:
    """How a command would name the hand."""
    if isinstance(asked, dict):
        name = "mixed" if "blend" in asked else str(asked.get("name", dials.default("name")))
        return f"{name}{handfile.SUFFIX}"
    return str(asked or "")


def _blend(model: Model, asked: dict[str, Any], seed: int, depth: int) -> Hand:
    parts, share = asked["blend"], asked.get("share", dials.default("share"))
    if set(asked) - {"blend", "share"} or not isinstance(parts, list) or len(parts) != 2 or depth >= _DEPTH:
        raise InputError('a blend is {"blend": [A, B], "share": 0.3} with two hands')
    if not isinstance(share, int | float) or isinstance(share, bool):
        raise InputError("the share of a blend is a number from 0 to 1")
    first, second = (hand_of(model, part, seed, depth + 1) for part in parts)
    return Hand.blend(first, second, float(share))
