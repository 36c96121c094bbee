"""What a model says of itself, and whether it is whole and draws as it did when it was exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from handsynth import noise
from handsynth.drawing.draw import glyphs
from handsynth.errors import ModelError
from handsynth.hands.hand import random_styles
from handsynth.model.card import GOLDEN_GRID, MEMBERS, Golden
from handsynth.model.model import Model

TOLERANCE = 0.02
"""Largest difference of a golden block mean, in frame px: other processors differ in the last bits only."""


def golden(model: Model, text: str = "Ag&3", seed: int = 1) -> Golden:
    """Draw `text` (characters of the charset) in the first random hand of `seed` and keep its field's block means.

    The export writes this into the card; `verify_model` draws it again.
    """
    places = np.array([noise.key_of("golden", i) for i in range(len(text))], np.uint64)
    # every letter anew: what a hand keeps is the toolkit's, not the model's
    styles = random_styles(model, seed, [0] * len(text))
    fields = glyphs(model, styles, model.index(text), places, seed).fields()
    edges = np.arange(GOLDEN_GRID + 1) * model.frame.size // GOLDEN_GRID
    sums = np.add.reduceat(np.add.reduceat(fields.astype(np.float64), edges[:-1], axis=1), edges[:-1], axis=2)
    sizes = np.diff(edges)
    means = (sums / (sizes[:, None] * sizes)).reshape(len(text), -1).round(5)
    return Golden(text, seed, tuple(tuple(row) for row in means.tolist()))


def verify_model(model: Model | str | Path | None = None) -> list[str]:
    """Check a model (as in `render`) and return what was found good, a line each; raises ModelError at the first fault.

    Hashes of all graphs against the card, signatures of all graphs, and the golden output drawn again.
    """
    model = model if isinstance(model, Model) else Model.open(model)  # checks the card and the sisters' hashes
    lines = [f"card: {model.card.name}, {len(model.charset)} characters, {len(model.card.gallery)} hands"]
    lines.append(f"hashes: {', '.join(model.card.members)} as the card lists them")
    present = [name for name in MEMBERS if name in model.members]
    for name in present:
        model.graph(name)
    lines.append(f"graphs: {', '.join(present)} have the right inputs and outputs")
    expected = model.card.golden
    if expected is None:
        raise ModelError(f"{model.where}: the card has no golden output to compare with; export the model again")
    drawn = golden(model, expected.text, expected.seed)
    differences = np.abs(np.array(drawn.means) - np.array(expected.means)).max(axis=1)
    # written so that NaN counts as a difference
    wrong = [char for char, far in zip(expected.text, differences, strict=True) if not far <= TOLERANCE]
    if wrong:
        raise ModelError(
            f"{model.where}: {wrong[0]!r} is not drawn as when the model was exported "
            f"(off by {differences.max():.3g} px); copy the model again"
        )
    lines.append(f"golden output: {expected.text} drawn as at export (largest difference {differences.max():.2g} px)")
    lines.append(f"model hash: {model.hash}")
    return lines


def describe(model: Model) -> str:
    """The card and the files of a model, readable."""
    card = model.card
    frame = card.frame
    lines = [
        f"{card.name} (format {card.format})",
        "",
        f"  charset     {len(card.charset)} characters",
        *_wrapped("".join(card.charset)),
        f"  frame       {frame.size} px square, baseline {frame.baseline}, x-height {frame.xheight:g}",
        f"  latents     style {card.style_size}, variation {card.variation_size}; slope {card.slope:g}",
        "",
        f"  gallery     {len(card.gallery)} hands",
    ]
    width = max((len(hand.name) for hand in card.gallery), default=0)
    lines += [f"    {hand.name:<{width}}  {_hand_line(hand.description, hand.tags)}".rstrip() for hand in card.gallery]
    lines += ["", "  data"]
    for source in card.data:
        count = source.get("glyphs")
        amount = f", {count:,} glyphs" if isinstance(count, int) else ""
        lines.append(f"    {source['name']}{amount}; licence {source['licence']}")
        if isinstance(source.get("citation"), str) and source["citation"]:
            lines.append(f"      {source['citation']}")
    for title, values in (("scores", card.scores), ("recipe", card.recipe)):
        if values:
            lines += ["", f"  {title}", *_tree(values, 4)]
    lines += ["", "  files"]
    sizes = model.sizes
    lines += [f"    {name:<13} {sizes[name]:>10,} bytes  {digest}" for name, digest in model.members.items()]
    lines += [f"    model hash    {model.hash}"]
    # a foreign card must not steer the terminal
    return "\n".join("".join(char if char.isprintable() else "?" for char in line) for line in lines)


def _wrapped(text: str, width: int = 64) -> list[str]:
    return [f"    {text[i : i + width]}" for i in range(0, len(text), width)]


def _hand_line(description: str, tags: tuple[str, ...]) -> str:
    return f"{description} [{', '.join(tags)}]" if tags else description


def _tree(values: dict[str, object], indent: int) -> list[str]:
    lines = []
    for key, value in values.items():
        if isinstance(value, dict):
            lines += [f"{' ' * indent}{key}", *_tree(value, indent + 2)]
        else:
            shown = f"{value:.4g}" if isinstance(value, float) else str(value)
            lines.append(f"{' ' * indent}{key}: {shown}")
    return lines
