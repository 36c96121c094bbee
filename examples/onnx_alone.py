"""The exported model run with onnxruntime and numpy alone, nothing of handsynth.

    python examples/onnx_alone.py MODEL out.pgm

Draws a word in three hands that nobody has, each letter three times, and writes a grey picture that any viewer opens.
MODEL is a model folder; the one that ships is handsynth/assets/default.
"""

import json
import sys
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
    variation_noise = random.standard_normal((len(char), card["variation_size"])).astype(np.float32)

    style, variation = prior.run(
        ["style", "variation"],
        {"char": char, "style_noise": style_noise, "variation_noise": variation_noise},
    )
    (field,) = decoder.run(["field"], {"char": char, "style": style, "variation": variation})

    # the field is the signed distance to the edge of the ink, so coverage is half a pixel either side of zero
    paper = 1 - np.clip(field + 0.5, 0, 1)
    size = card["frame"]["size"]
    rows = paper.reshape(HANDS, 3 * len(WORD), size, size).transpose(0, 2, 1, 3).reshape(HANDS * size, -1)
    grey = (rows * 255).astype(np.uint8)
    output.write_bytes(b"P5 %d %d 255\n" % (grey.shape[1], grey.shape[0]) + grey.tobytes())
    print(f"{len(char)} glyphs in {HANDS} hands: {output}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
