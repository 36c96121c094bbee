"""A tiny dataset, recipe and model for tests: letters of Pillow's built-in font as some made-up writers draw them."""

from __future__ import annotations

import string
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from handsynth.frame import STANDARD
from train.data.dataset import Dataset, DatasetWriter
from train.data.picture import field_of, store
from train.data.source import GlyphBatch, Source, SourceInfo
from train.recipe import TrainRecipe

CHARS = string.digits + string.ascii_letters + string.punctuation + "éüßÄ“”"
BIG = 4  # supersampling


class Nobody(Source):
    """The source of the made-up writers."""

    about = SourceInfo("made-up writers", "CC0-1.0")
    details: dict[str, str] = {}

    def total(self) -> int | None:
        return None

    def tasks(self, options):
        return iter(())

    @staticmethod
    def draw(task, options):
        return GlyphBatch()


def letter(char: str, slant: float, size: float, shift: float = 0.0) -> np.ndarray:
    """uint8 [H, H], 255 = ink: one character on the baseline, centred left to right."""
    frame = STANDARD
    font = ImageFont.load_default(size=size * BIG * frame.xheight / 0.52)
    side = frame.size * BIG
    image = Image.new("L", (side, side))
    ImageDraw.Draw(image).text((side / 2 + shift * BIG, frame.baseline * BIG), char, 255, font, anchor="ms")
    image = image.transform(image.size, Image.Transform.AFFINE, (1, slant, -slant * frame.baseline * BIG, 0, 1, 0))
    return np.asarray(image.resize((frame.size, frame.size), Image.Resampling.BOX))


def make_dataset(folder: Path, writers: int = 8, chars: str = CHARS, copies: int = 1, tests: int = 1) -> Dataset:
    """The last `tests` writers are of the test split, the one before them of val, the others of train."""
    random = np.random.Generator(np.random.Philox(key=3))
    folder.mkdir(parents=True)
    writer = DatasetWriter(folder, STANDARD, "frame")
    writer.start(Nobody())
    for w in range(writers):
        batch = GlyphBatch()
        slant, size = random.uniform(-0.1, 0.35), random.uniform(0.85, 1.1)
        for char in chars * copies:
            image = letter(char, slant + random.normal(0, 0.03), size * random.uniform(0.96, 1.04))
            split = 2 if w >= writers - tests else 1 if w == writers - tests - 1 else 0
            batch.add(char, image, store(field_of(image)), writer=f"w{w}", split=split)
        writer.add(batch)
    writer.end()
    writer.finish({})
    return Dataset.open(folder)


def tiny_recipe(**train: object) -> TrainRecipe:
    """Small enough to train in seconds."""
    values = {"epochs": 2, "steps_per_epoch": 75, "warmup": 10, "learning_rate": 4e-3, "kl_style": 0.3}
    values |= {"hide_variation": 0.3, "distance": 0.15, "ema": 0.95, "checkpoint_every": 20}
    return TrainRecipe.from_dict(
        {
            "name": "tiny",
            "model": {
                "style": 8, "variation": 4, "embedding": 24, "hidden": 64,
                "decoder": [32, 16, 16], "encoder": [8, 16, 16],
            },
            "data": {"groups": 8, "group": 8},
            "augment": {"slant": 0.1, "size": 0.04, "pen": [1.8, 3.5], "bold": 0.4},
            "train": values | train,
        }
    )  # fmt: skip
