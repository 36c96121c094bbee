"""How a character is drawn, in words: by the model, by a recipe, by another character, or not at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from handsynth.errors import InputError, MissingCharacterError, option
from handsynth.text.charset import Charset
from handsynth.text.clusters import clusters, describe
from handsynth.text.recipes import Recipes
from handsynth.text.signs import Piece

_ADDED = {
    "above": "above it", "below": "below it", "foot": "hung on its foot", "beside": "at its upper right",
    "at": "at a place of its own", "after": "after it", "against": "against its strokes", "through": "through it",
    "across": "across its strokes",
}  # fmt: skip


def explain(char: str, charset: Iterable[str], recipes: Recipes | None = None) -> str:
    """Where the drawing of a character comes from, and its pieces, a line each.

    Raises InputError for more than one character, MissingCharacterError for one that cannot be drawn.
    """
    if len(list(clusters(char))) != 1:
        raise InputError(f"{char[:30]!r} is not one character; give one, like --char å")
    known = Charset(charset, recipes)
    items, action, became = known.resolve(char)
    if not items:
        raise MissingCharacterError(
            f"the model cannot draw {describe(char)}: there is no recipe; give one by {option('recipes')}", char
        )
    if items[0].kind != "glyph":
        return f"{describe(char)}: a blank or a line's end, without ink"
    whole = unicodedata.normalize("NFC", char)
    if action == "replaced":
        source = f"replaced by {became}"
    elif whole in known.recipes.signs:
        source = f"recipe of {known.recipes.where}"
    elif items[0].pieces == (Piece(whole),):
        return f"{describe(char)}: drawn by the model"
    else:
        source = "recipe"
    return "\n".join(
        [f"{describe(char)}: {source}", *(f"  {_piece(piece)}" for item in items for piece in item.pieces)]
    )


def _piece(piece: Piece) -> str:
    said = [f"{'line' if piece.corners else 'curve'} of {len(piece.path)} points" if piece.path else piece.char]
    if piece.fill:
        said.append("filled")
    if piece.anchor in _ADDED:
        said.append(_ADDED[piece.anchor])
    if piece.cut is not None:
        said.append(f"what is below {piece.cut:g}")
    if piece.side:
        said.append("at its left" if piece.side < 0 else "at its right")
    numbers = {"x": piece.dx, "y": piece.dy, "turn": piece.angle, "width": piece.width, "height": piece.height}
    said += [f"{name} {value:g}" for name, value in numbers.items() if value]
    said += [f"{name} {value:g}" for name, value in {"scale": piece.scale, "stretch": piece.wide}.items() if value != 1]
    return ", ".join(said)
