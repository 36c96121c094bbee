"""What happens to writing on its way into a picture: paper, ink, wear, light, lenses; the geometry stays known.

`Effects.parse("notebook").apply(image, seed, index)`; sample i depends on the seed and i alone.
"""

from __future__ import annotations

from handsynth.corpus.effects.chain import Effects, Step
from handsynth.corpus.effects.effect import Draw, Effect, Effected
from handsynth.corpus.effects.presets import PRESETS
from handsynth.corpus.effects.table import EFFECTS

__all__ = ["EFFECTS", "PRESETS", "Draw", "Effect", "Effected", "Effects", "Step"]
