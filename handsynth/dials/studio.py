"""What the studio's page knows of the dials: studio/web/src/dials.json, which `python -m handsynth.dials` prints."""

from __future__ import annotations

import json
import re
from typing import Any

from handsynth import units
from handsynth.dials.dial import MAX_TEXT, Dial, Surface
from handsynth.dials.table import DIALS

STUDIO = {
    "share": "share", "seed": "seed", "temperature": "temperature", "variation": "variation", "joined": "joined",
    "legibility": "legibility", "size": "size", "slant": "slant", "wrap": "wrap", "letterSpacing": "letter_spacing",
    "wordSpacing": "word_spacing", "lineSpacing": "line_spacing", "wander": "wander", "personSize": "person.size",
    "personSlant": "person.slant", "personMargin": "person.margin", "personTiring": "person.tiring",
    "personPressure": "person.pressure", "personInk": "person.ink", "personPool": "person.pool", "slips": "slips",
    "grain": "paper.grain", "variants": "variants", "sizes": "sizes", "pen": "pen", "originals": "originals",
    "align": "text.align", "look": "output.look", "charset": "charset", "ink": "ink", "paperColour": "paper_colour",
    "paperName": "paper.name",
}  # fmt: skip
"""What the studio's page calls its dials; those that are not here are the page's alone."""

ENGINE = {"gap": "gap", "margin": "margin", "penWidth": "pen_width", "dpi": "dpi", "maxPixels": "max_pixels",
          "family": "family"}  # fmt: skip
"""Beside those: what only engines take."""

DEFAULTS: dict[str, tuple[Surface | None, tuple[str, ...]]] = {
    "line": (None, ("seed", "temperature", "variation", "joined", "legibility", "size", "slant", "wrap",
                    "letterSpacing", "wordSpacing", "lineSpacing", "wander", "pen", "originals", "ink", "paperColour",
                    "margin", "dpi", "maxPixels")),
    "page": ("style", ("seed", "temperature", "variation", "joined", "legibility", "slant", "letterSpacing",
                       "wordSpacing", "lineSpacing", "wander", "personSize", "personSlant", "personMargin",
                       "personTiring", "personPressure", "personInk", "personPool", "slips", "grain", "pen",
                       "originals", "align", "look", "ink", "paperName")),
    "font": ("font", ("seed", "temperature", "variation", "joined", "legibility", "slant", "variants", "sizes", "pen",
                      "originals", "charset", "family")),
    "sample": ("sample", ("seed", "temperature", "variation", "legibility")),
}  # fmt: skip
"""The page's names of what commands take that have a default of their own, or may have."""

_INSTALLED = {"charset": ("cyrillic", "greek", "model")}
"""Choices that are for the installed handsynth alone."""


def studio_json() -> str:
    """What the page knows of its dials: studio/web/src/dials.json, which `python -m handsynth.dials` prints.

    Choices are objects, since TypeScript knows the keys of a JSON file, but not the texts that a list holds.
    """
    known: dict[str, dict[str, Any]] = {
        "ranges": {"text": {"least": 1, "most": MAX_TEXT}}, "sliders": {}, "choices": {}, "hints": {}, "usual": {},
        "defaults": {},
    }  # fmt: skip
    for name, key in STUDIO.items():
        dial = DIALS[key]
        usual = known["usual"][name] = _plain(dial, "studio")
        if dial.choices:
            shown = dict.fromkeys([usual, *dial.choices])
            known["choices"][name] = {one: one for one in shown if one not in _INSTALLED.get(name, ())}
        elif dial.kind != "text":
            bounds = (0, 2**53 - 1) if name == "seed" else (dial.least, dial.most)  # what JavaScript counts exactly
            if bounds[0] is not None:
                known["ranges"][name] = dict(zip(("least", "most"), bounds, strict=True))
            slider = dict(zip(("least", "most"), dial.slider or bounds, strict=True))
            known["sliders"][name] = {**slider, "step": dial.step}
            known["hints"][name] = re.split("[:;.]", dial.doc)[0]
    for name, key in ENGINE.items():
        if DIALS[key].least is not None:
            known["ranges"][name] = {"least": DIALS[key].least, "most": DIALS[key].most}
    for command, (surface, names) in DEFAULTS.items():
        dials = {name: DIALS[{**STUDIO, **ENGINE}[name]] for name in names}
        known["defaults"][command] = {name: _plain(dial, surface) for name, dial in dials.items()}
    return json.dumps(known, indent=2) + "\n"


def _plain(dial: Dial, surface: Surface | None) -> Any:
    """A default as the page has it: one size of several, 0 or an empty text for none, colours as values."""
    usual = dial.default_for(surface)
    if dial.name in ("ink", "paper_colour"):
        return "#" + "".join(f"{part:02x}" for part in units.colour(usual)[:3])
    if usual is None:
        return "" if dial.kind == "text" else 0
    return usual[0] if isinstance(usual, tuple) else usual
