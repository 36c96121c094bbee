"""Measure the usual top, bottom and width of each character over everyday fonts."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Annotated

import click
import numpy as np

from handsynth.cli.commands import Option
from handsynth.errors import DataError
from handsynth.files import atomic_path
from handsynth.frame import STANDARD, Frame, ink_box
from train.data.font_pack import FontPack

ENOUGH = 8
"""A character is listed if at least this many fonts draw it."""


def measure(pack: FontPack, frame: Frame = STANDARD) -> dict[str, tuple[float, float, float]]:
    """Median (top, bottom, width) in x-heights of each character, over regular everyday fonts with small
    letters.

    Raises DataError if the pack has no such fonts.
    """
    boxes: dict[str, list[tuple[float, float, float]]] = {}
    for font, glyphs in pack.fonts():
        if font["variant"] or font["tier"] != 1 or font["cls"] == "caps":
            continue
        for char, image in glyphs:
            box = ink_box(image)
            if box is None:
                continue
            left, top, right, bottom = box
            boxes.setdefault(char, []).append(
                ((frame.baseline - top) / frame.xheight, (frame.baseline - bottom) / frame.xheight,
                 (right - left) / frame.xheight)
            )  # fmt: skip
    table = {
        char: (round(float(t), 3), round(float(b), 3), round(float(w), 3))
        for char, seen in sorted(boxes.items())
        if len(seen) >= ENOUGH
        for t, b, w in [np.median(np.array(seen), axis=0)]
    }
    lacking = set(string.ascii_letters + string.digits) - table.keys()
    if lacking:
        raise DataError(
            f"{pack.path} draws {', '.join(sorted(lacking))} in fewer than {ENOUGH} fonts; use the whole pack"
        )
    return table


def extents(
    font_pack: Annotated[Path, Option(help="font_glyphs.npz, with its .json beside it.")],
    output: Annotated[Path, Option("-o", "--output", help="Table to write.")] = Path("handsynth/assets/extents.json"),
) -> None:
    """Measure how high, low and wide each character usually is, from a font glyph pack."""
    table = measure(FontPack(font_pack))
    rows = ",\n".join(f"  {json.dumps(char, ensure_ascii=False)}: {json.dumps(box)}" for char, box in table.items())
    about = "[top, bottom, width] in x-heights above the baseline: medians over everyday handwriting fonts"
    with atomic_path(output) as temporary:
        text = f'{{\n "about": {json.dumps(about)},\n "characters": {{\n{rows}\n }}\n}}\n'
        temporary.write_text(text, encoding="utf-8")
    click.echo(f"{output}: {len(table)} characters")
