"""A glyph sheet for games: one picture `NAME.png`, white with the ink in alpha, and `NAME.json` about it.

All in pixels, x to the right and y downwards. The keys of the JSON:

- `facts`: how it was made, as in the picture's text;
- `image`, `width`, `height`: the picture beside it;
- `family`, `style`, `size` (pixels per em), `variants` (drawings of each character);
- `line`: `height` from one line to the next, `ascent` from a line's top to the baseline, `descent`, `xheight`,
  `capheight`;
- `glyphs`: for each character with ink a list of its drawings. One has `x`, `y`, `width`, `height`, where it is in the
  picture; `left`, `top`, from the pen and from the line's top to where that is drawn; `advance`, how far the pen moves;
- `missing`: the box for other characters, a drawing too;
- `blanks`: how far the pen moves for each blank character;
- `kerning`: for a character and the one after it, how much farther the pen moves; any drawings of them, only what is
  not 0.

To write, take another drawing for each letter than its last few times, say the n-th at its n-th time.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

import numpy as np

from handsynth.errors import InputError, option
from handsynth.fonts import textures
from handsynth.fonts.atlas import Atlas
from handsynth.fonts.bitmap import check_sizes, stems
from handsynth.fonts.options import Options
from handsynth.fonts.source import FontSource
from handsynth.fonts.strike import Strike, pixels, strike
from handsynth.provenance.provenance import clean, pack


def check(options: Options) -> None:
    check_sizes(options)
    textures.check(options)


def files(source: FontSource, name: str, options: Options) -> dict[str, bytes]:
    written: dict[str, bytes] = {}
    suffix = PurePath(name).suffix
    for size, stem in stems(name, options):
        drawn = strike(source, size)
        places = textures.arrange(drawn, options)
        if places.pages > 1:
            raise InputError(
                f"{len(source):,} glyphs of {size} pixels per em do not fit on one sheet of {options.texture_size} x "
                f"{options.texture_size}; give a larger {option('texture_size')}, a smaller size or fewer variants, "
                "or write .fnt"
            )
        (written[f"{stem}{suffix}"],) = textures.pages(source, drawn, places, options.padding)
        about = _about(source, drawn, places, f"{stem}{suffix}", options)
        written[f"{stem}.json"] = json.dumps(about, ensure_ascii=False).encode()
    return written


def _about(source: FontSource, drawn: Strike, places: Atlas, image: str, options: Options) -> dict[str, Any]:
    size, variants = drawn.size, source.variants
    drawings = _drawings(drawn, places, options.padding)
    return {
        "facts": json.loads(pack(source.metadata)),
        "image": clean(image),
        "width": places.width,
        "height": places.height,
        "family": source.names.family,
        "style": source.names.style_name,
        "size": size,
        "variants": variants,
        "line": {
            "height": drawn.ascent + drawn.descent,
            "ascent": drawn.ascent,
            "descent": drawn.descent,
            "xheight": int(pixels(source.metrics.xheight, size)),
            "capheight": int(pixels(source.metrics.capheight, size)),
        },
        "glyphs": {char: drawings[i * variants : (i + 1) * variants] for i, char in enumerate(source.chars)},
        "missing": drawings[-1],
        "blanks": {char: int(pixels(width, size)) for char, width in source.blanks.items()},
        "kerning": _kerning(source, size) if options.kerning else {},
    }


def _drawings(drawn: Strike, places: Atlas, padding: int) -> list[dict[str, int]]:
    around = np.where(drawn.width > 0, padding, 0)
    columns = {
        "x": places.x,
        "y": places.y,
        "width": drawn.width + 2 * around,
        "height": drawn.height + 2 * around,
        "left": drawn.left - around,
        "top": drawn.ascent - drawn.top - around,
        "advance": drawn.advance,
    }
    rows = np.stack(list(columns.values()), axis=1).tolist()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _kerning(source: FontSource, size: int) -> dict[str, dict[str, int]]:
    amounts = pixels(source.kerning, size)
    result: dict[str, dict[str, int]] = {}
    for i, j in np.argwhere(amounts).tolist():
        result.setdefault(source.chars[i], {})[source.chars[j]] = int(amounts[i, j])
    return result
