"""Which hand is meant by what a person typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from handsynth import dials
from handsynth.drawing import options
from handsynth.drawing.forms import tidied
from handsynth.errors import InputError
from handsynth.hands import handfile
from handsynth.hands.hand import Hand
from handsynth.hands.joining import Joining
from handsynth.model.model import Model


def resolve(model: Model, spec: str | Path | Hand | None = None, seed: int = 0, originals: str | None = None) -> Hand:
    """A hand from what a person typed.

    A gallery name, a saved hand's path, `random`, `random:INDEX`, or `random:INDEX:SEED`, which stays the same whatever
    `seed` is. None is the first of the gallery. `originals`: when letters that the hand holds are drawn (see
    `Hand.using`), if not as the hand says. Raises InputError that says what could have been meant.
    """
    if originals is not None:
        return resolve(model, spec, seed).using(originals)
    if isinstance(spec, Hand):
        if len(spec.style) != model.card.style_size:
            raise InputError(f"the hand {spec.name!r} is of another model; make one of {model.card.name!r}", "hand")
        return spec
    if spec is None:
        first = model.card.gallery[:1]
        return Hand.gallery(model, first[0].name) if first else Hand.random(model, seed)
    options.check_object("hand", spec)
    text = str(spec).strip()
    if (drawn := at_random(model, text, seed)) is not None:
        return tidied(model, drawn)
    known = any(hand.name.casefold() == text.casefold() for hand in model.card.gallery)
    looks_like_path = isinstance(spec, Path) or text.endswith(handfile.SUFFIX) or "/" in text or "\\" in text
    if not known and (looks_like_path or Path(text).is_file()):
        return Hand.load(spec, model)
    return Hand.gallery(model, text)


def joins(model: Model, hand: Hand, dial: float = dials.default("joined")) -> Joining | None:
    """Which letters `hand` joins, if any: `dial` 0 print, 1 as the hand does, 2 all. Raises InputError.

    Only strokes can be joined, so a model that draws none is left as it is, unless more than its usual is asked for.
    """
    found = hand.joining(dial)
    if model.strokes:
        return replace(found, contextual=hand.contextual and model.has("joined")) if found else None
    if dial > 1:
        raise InputError(
            f"the model {model.card.name!r} draws no strokes, which could be joined; leave joined at 1", "joined"
        )
    return None


def at_random(model: Model, text: str, seed: int) -> Hand | None:
    """The random hand that `text` asks for, if it asks for one."""
    word, *parts = text.split(":")
    usable = all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts)
    if word.casefold() != "random" or len(parts) > 2 or not usable:
        return None
    index = int(parts[0]) if parts else 0
    if len(parts) < 2:
        return Hand.random(model, seed, index)
    return replace(Hand.random(model, int(parts[1]), index), name=f"random:{index}:{int(parts[1])}")
