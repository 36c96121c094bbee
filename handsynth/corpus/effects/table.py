"""All effects, in the order in which they happen to a picture, whatever the order in which they are asked for.

What is done to the strokes comes first, on white; then the sheet is moved; then comes what is on the sheet, then the
light, the lens and the file.
"""

from __future__ import annotations

from handsynth.corpus.effects import ink, lens, light, moved, paper, strokes, wear
from handsynth.corpus.effects.effect import Effect
from handsynth.plugins.registry import Registry

_ALL = (
    Effect("underline", "a line below some words", strokes.underline),
    Effect("through", "a thin line through some words", strokes.through),
    Effect("breaks", "gaps in the strokes", ink.breaks),
    Effect("bleed", "ink that runs into the paper", ink.bleed),
    Effect("wear", "thinner or thicker strokes", wear.wear),
    Effect("smudge", "ink wiped over", wear.smudge),
    Effect("scan", "askew, with streaks: moves the picture", moved.scan),
    Effect("camera", "seen from aside: moves the picture", moved.camera),
    Effect("ink", "colours, fading", ink.ink),
    Effect("paper", "colour and grain", paper.paper),
    Effect("rules", "lines, squares or dots behind the writing", paper.rules),
    Effect("stains", "of coffee or water", paper.stains),
    Effect("creases", "folds", paper.creases),
    Effect("specks", "dirt", wear.specks),
    Effect("light", "brighter on one side", light.light),
    Effect("shadow", "of a hand or a head", light.shadow),
    Effect("contrast", "greyer ink and paper", light.contrast),
    Effect("blur", "out of focus", lens.blur),
    Effect("motion", "moved during the exposure", lens.motion),
    Effect("noise", "of a sensor", lens.noise),
    Effect("invert", "light on dark", light.invert),
    Effect("jpeg", "what compression leaves", lens.jpeg),
)

EFFECTS = Registry("effect", {effect.name: effect for effect in _ALL}, "handsynth.effects")
"""By name."""
