"""Is the ground truth true? How many pixels of ink lie beside their polygon in 1,000 random samples with effects.

python benchmarks/truth.py [--samples 1000]

Ink is what differs by more than 48 of 255 from the same picture without ink; where effects move ink (scan, camera), all
that is dark. By the mask, each glyph's own ink is looked for in its own polygon. The tolerance is 1.5 px.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from truth_check import LIGHT, PLACE, Watched, astray

from handsynth.corpus.recipe import Recipe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1000)
    samples = parser.parse_args().samples
    texts = ("sentences", "names:de", "addresses:fr", "dates:es", "amounts:it")
    for name, effects in (("all effects of light, paper and wear", LIGHT), ("scan and camera", PLACE)):
        recipe = Recipe(texts=texts, hands=("prior", "gallery"), effects=",".join(effects), masks=True, joined=0.5)
        sampler = Watched(recipe)
        glyphs = pixels = own = beyond = bad = 0
        for sample in sampler.samples(0, samples):
            one, other = astray(sample, sampler.bare if effects is LIGHT else None)
            glyphs += len(sample.truth.glyphs)
            pixels += int((sample.mask > 0).sum())
            own, beyond, bad = own + one, beyond + other, bad + bool(one or other)
        print(f"{name}: {samples:,} samples, {glyphs:,} glyphs, {pixels:,} pixels of ink")
        print(f"  beside their own polygon {own}, beside all polygons {beyond}, in {bad} samples")


if __name__ == "__main__":
    main()
