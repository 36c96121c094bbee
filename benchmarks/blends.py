"""Do blends stay whole? Every pair of gallery hands, mixed: which letters are read clearly worse than both hands'.

python -m benchmarks.blends [--share 0.5] [--pairs 0] [--worst 10] [--picture worst.png]
"""

import argparse
import itertools
import string

import numpy as np
from PIL import Image

from handsynth import api, noise
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.model.model import Model
from handsynth.text.lookalikes import merge_table

CHARS = string.ascii_letters + string.digits
LOST, KEPT = 0.5, 0.8
"""A letter is lost that the reader gives less than this, where it gives both hands' more than that."""
TEXT = "The quick brown fox jumps over the lazy dog; SPHINX OF BLACK QUARTZ, 0123456789"


def read(model: Model, hand: Hand) -> np.ndarray:
    """What the reader gives each of CHARS and its look-alikes, drawn by `hand`: f64 [62]."""
    index = model.index(CHARS)
    places = np.array([noise.key_of("blends", char) for char in CHARS], np.uint64)
    ink = draw.glyphs(model, hand, index, places, 0, temperature=draw.TEMPERATURE).ink()
    result: np.ndarray = (np.exp(model.read(ink)[0].astype(float)) * merge_table(model.charset)[index]).sum(axis=1)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--pairs", type=int, default=0, help="how many, spread over all; 0: all")
    parser.add_argument("--worst", type=int, default=10)
    parser.add_argument("--picture")
    how = parser.parse_args()
    model = Model.open(threads=1)
    hands = [Hand.gallery(model, each.name) for each in model.card.gallery]
    alone = [read(model, hand) for hand in hands]
    pairs = list(itertools.combinations(range(len(hands)), 2))
    pairs = pairs[:: max(1, len(pairs) // how.pairs)] if how.pairs else pairs
    mixed = np.array([read(model, Hand.blend(hands[a], hands[b], how.share)) for a, b in pairs])
    lower = np.array([np.minimum(alone[a], alone[b]) for a, b in pairs])
    lost = (mixed < LOST) & (lower > KEPT)
    print(
        f"hands: {100 * (np.array(alone) >= LOST).mean():.2f} % of letters read; {len(pairs)} blends by {how.share:g}:"
    )
    print(f"{100 * (mixed >= LOST).mean():.2f} % read, {100 * lost.mean():.3f} % clearly worse than by both hands")
    order = np.lexsort((mixed.mean(axis=1), -lost.sum(axis=1)))[: how.worst]
    lines = []
    for a, b in (pairs[i] for i in order):
        blend = Hand.blend(hands[a], hands[b], how.share)
        row = lost[pairs.index((a, b))]
        print(f"{blend.name}: {''.join(char for char, bad in zip(CHARS, row, strict=True) if bad) or 'none'}")
        lines.append(np.asarray(api.render(TEXT, model=model, hand=blend, size=22).convert("L")))
    if how.picture and lines:
        width = max(line.shape[1] for line in lines)
        padded = [np.pad(line, ((0, 0), (0, width - line.shape[1])), constant_values=255) for line in lines]
        Image.fromarray(np.concatenate(padded)).save(how.picture)


if __name__ == "__main__":
    main()
