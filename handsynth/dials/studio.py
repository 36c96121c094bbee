"""What the studio's page knows of the dials: studio/web/src/dials.json, which `python -m handsynth.dials` prints."""

from __future__ import annotations

import json
from typing import Any

from handsynth.dials.table import DIALS

STUDIO = {
    "share": "share", "seed": "seed", "temperature": "temperature", "variation": "variation", "joined": "joined",
    "legibility": "legibility", "size": "size", "slant": "slant", "wrap": "wrap", "letterSpacing": "letter_spacing",
    "wordSpacing": "word_spacing", "lineSpacing": "line_spacing", "wander": "wander", "personSize": "person.size",
    "personSlant": "person.slant", "personMargin": "person.margin", "personTiring": "person.tiring",
    "personPressure": "person.pressure", "personInk": "person.ink", "personPool": "person.pool", "slips": "slips",
    "grain": "paper.grain", "variants": "variants", "sizes": "sizes", "pen": "pen", "originals": "originals",
    "align": "text.align", "look": "output.look", "charset": "charset",
}  # fmt: skip
"""What the studio's page calls its dials; those that are not here are the page's alone."""

RANGES = {"gap": "gap", "margin": "margin"}
"""Beside those: what only the page's own engine checks."""


def studio_json() -> str:
    """What the page knows of its dials: studio/web/src/dials.json, which `python -m handsynth.dials` prints."""
    known: dict[str, dict[str, Any]] = {"ranges": {}, "sliders": {}, "choices": {}, "usual": {}}
    for name, key in STUDIO.items():
        dial = DIALS[key]
        usual = dial.default_for("studio")
        known["usual"][name] = usual[0] if isinstance(usual, tuple) else "" if usual is None else usual
        if dial.choices:
            known["choices"][name] = list(dict.fromkeys([known["usual"][name], *dial.choices]))
            continue
        bounds = (0, 2**53 - 1) if name == "seed" else (dial.least, dial.most)  # what JavaScript counts exactly
        if bounds[0] is not None:
            known["ranges"][name] = dict(zip(("least", "most"), bounds, strict=True))
        known["sliders"][name] = {**dict(zip(("least", "most"), dial.slider or bounds, strict=True)), "step": dial.step}
    for name, key in RANGES.items():
        known["ranges"][name] = {"least": DIALS[key].least, "most": DIALS[key].most}
    return json.dumps(known, indent=2) + "\n"
