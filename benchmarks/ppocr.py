"""PP-OCRv6, a reader of print and handwriting that is not ours, from an environment that has `rapidocr`.

python -m venv ocr && ocr/bin/pip install rapidocr onnxruntime

The package ships it. It takes pictures of single lines, 48 px high, and any of its 18,708 characters: no language and
no list of words.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

READER = """
import json, sys
import cv2
from rapidocr import RapidOCR
engine = RapidOCR(params={"Global.log_level": "error"})
for name in open(sys.argv[1], encoding="utf-8").read().split():
    found = engine(cv2.imread(name), use_det=False, use_cls=False, use_rec=True)
    print("line", json.dumps(found.txts[0] if found.txts else ""))
"""
PAD, INK = 4, 40
"""px of paper around the ink, and how dark ink is at least: lines are read at one height, so paper costs detail."""


def read(python: str, pictures: Sequence[Image.Image]) -> list[str]:
    """What it makes of pictures of single lines; `python` is that of an environment with `rapidocr`."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / f"{i:05d}.png" for i in range(len(pictures))]
        for name, picture in zip(names, pictures, strict=True):
            _tight(picture.convert("L")).save(name)
        (Path(folder) / "list.txt").write_text("\n".join(map(str, names)), encoding="utf-8")
        command = [python, "-c", READER, str(Path(folder) / "list.txt")]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [json.loads(line[5:]) for line in told.splitlines() if line.startswith("line ")]
    if len(lines) != len(pictures):
        raise RuntimeError(f"{len(lines)} of {len(pictures)} lines were read")
    return [unicodedata.normalize("NFC", " ".join(line.split())) for line in lines]


def _tight(picture: Image.Image) -> Image.Image:
    box = ImageOps.invert(picture).point(lambda value: 255 * (value > INK)).getbbox()
    return ImageOps.expand(picture.crop(box), PAD, 255)
