"""The exported model run with onnxruntime and numpy alone, nothing of handsynth.

    python examples/onnx_alone.py MODEL out.svg

Writes a word in three hands that nobody has, each letter three times, as the strokes of a pen. MODEL is a model folder;
the one that ships is handsynth/assets/default.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime

WORD = "model"
HANDS = 3


def main(folder: Path, output: Path) -> None:
    decoder = onnxruntime.InferenceSession(folder / "decoder.onnx")
    prior = onnxruntime.InferenceSession(folder / "prior.onnx")
    card = json.loads(decoder.get_modelmeta().custom_metadata_map["handsynth"])

    char = np.array([card["charset"].index(c) for c in WORD] * 3 * HANDS, np.int64)
    random = np.random.default_rng(1)
    hands = random.standard_normal((HANDS, card["style_size"])).astype(np.float32)
    style_noise = np.repeat(hands, 3 * len(WORD), axis=0)  # all letters of a row share the hand
    variation_noise = 0.7 * random.standard_normal((len(char), card["variation_size"])).astype(np.float32)

    style, variation = prior.run(
        ["style", "variation"],
        {"char": char, "style_noise": style_noise, "variation_noise": variation_noise},
    )
    points, exist = decoder.run(["points", "exist"], {"char": char, "style": style, "variation": variation})

    # a stroke is the points of its slot, if its number is positive; y grows downwards
    starts = np.concatenate([[0], np.cumsum(card["slots"])])
    size, columns, lines = card["frame"]["size"], 3 * len(WORD), []
    for i, glyph in enumerate(points):
        place = np.array([i % columns, i // columns]) * size
        for slot in np.flatnonzero(exist[i] > 0):
            path = glyph[starts[slot] : starts[slot + 1]] + place
            lines.append(f'<polyline points="{" ".join(f"{x:.2f},{y:.2f}" for x, y in path)}"/>')
    output.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size * columns} {size * HANDS}" fill="none" '
        'stroke="black" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">\n'
        + "\n".join(lines)
        + "\n</svg>\n",
        encoding="utf-8",
    )
    print(f"{len(char)} glyphs in {HANDS} hands: {output}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("model", metavar="MODEL", type=Path, help="like handsynth/assets/default")
    parser.add_argument("output", metavar="out.svg", type=Path)
    given = parser.parse_args()
    if not (given.model / "decoder.onnx").is_file():
        parser.error(f"{given.model} has no decoder.onnx; give the folder of a model, like handsynth/assets/default")
    if given.output.suffix.lower() != ".svg":
        parser.error(f"{given.output} does not end in .svg, and nothing else is written; give a name like out.svg")
    main(given.model, given.output)
