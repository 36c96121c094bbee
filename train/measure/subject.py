"""What is measured: a model folder, or a folder of anybody's pictures of characters."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from handsynth import noise
from handsynth.drawing.draw import TEMPERATURE
from handsynth.drawing.resolve import resolve
from handsynth.errors import DataError, InputError
from handsynth.hands.hand import random_styles
from handsynth.model.model import Model
from train.data.dataset import Dataset
from train.measure.drawing import drawn


@dataclass
class Subject:
    """Draws ink for given characters: samples of `model`, or pictures by codepoint."""

    name: str
    sha256: str
    size: float
    """MiB on disk."""
    model: Model | None = None
    pictures: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def chars(self) -> str:
        return "".join(self.model.charset) if self.model else "".join(chr(code) for code in self.pictures)

    def draw(self, codes: np.ndarray, temperature: float = 1.0, seed: int = 0) -> np.ndarray:
        """Ink f32 [n, H, H] of the characters `codes` [n]: each by a new hand, or a random picture of it."""
        return self.draw_strokes(codes, temperature, seed)[0]

    def draw_strokes(
        self, codes: np.ndarray, temperature: float = 1.0, seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """The same, and how many strokes [n] each has, where it is made of strokes."""
        if self.model is None:
            random = np.random.Generator(np.random.Philox(key=seed))
            ink = [self.pictures[int(c)][random.integers(len(self.pictures[int(c)]))] for c in codes]
            return np.stack(ink), None
        places = np.array([noise.key_of("evaluate", i) for i in range(len(codes))], np.uint64)
        styles = random_styles(self.model, seed, np.arange(len(codes)))
        return drawn(self.model, styles, [chr(c) for c in codes], places, seed, temperature)


def as_rendered(model: Model, chars: str | list[str], hands: int, seed: int) -> np.ndarray:
    """Ink f32 [hands * len(chars), H, H]: `chars` by each of so many hands, as `render --hand random` draws them.

    These hands have letter forms of their own that the model's reader reads (handsynth.forms), unlike bare samples.
    """
    places = np.array([noise.key_of("render", char) for char in chars], np.uint64)
    some = (resolve(model, f"random:{number}", seed) for number in range(hands))
    return np.concatenate([drawn(model, hand, list(chars), places, seed, TEMPERATURE)[0] for hand in some])


def open_subject(path: Path | None, data: Dataset, scratch: Path) -> Subject:
    """A model folder or .zip (None: the shipped one), or a folder of pictures, drawn into `scratch` as a dataset."""
    if path is not None and path.is_dir() and not (path / "decoder.onnx").is_file():
        return Subject(path.name, "", _size(path), None, _pictures(path, data, scratch))
    model = Model.open(path)
    if model.frame != data.frame:
        raise InputError(f"{path} has another frame than {data.path}; evaluate it on data prepared for its frame")
    folder = path or Path(__file__).parents[2] / "handsynth" / "assets" / "default"
    return Subject(model.card.name, model.hash, _size(folder), model)


def _pictures(path: Path, data: Dataset, scratch: Path) -> dict[int, np.ndarray]:
    from train.data.image_folder import ImageFolder
    from train.data.source import ReaderOptions
    from train.measure.reading import real_ink
    from train.prepare import prepare_dataset

    prepare_dataset([ImageFolder(path)], scratch, ReaderOptions(frame=data.frame), workers=1)
    read = Dataset.open(scratch)
    if read.frame != data.frame:
        raise DataError(f"{data.path} has another frame than pictures are drawn into; prepare it again")
    codes = np.asarray(read.codepoints)
    return {int(code): real_ink(read, np.flatnonzero(codes == code)) for code in np.unique(codes)}


def _size(path: Path) -> float:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 2**20
