"""Training the reader: the small classifier of the metrics and of the legibility dial.

Two passes: the first learns from hand-checked labels alone, the second from all glyphs that the first reads as they
are labelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from handsynth.errors import DataError, InputError
from handsynth.text.charset import index_table
from train import checkpoint
from train.classifier import augmented, fit_classifier, labels
from train.clean import agreement
from train.data.dataset import Dataset
from train.lookalikes import ALNUM, accuracy
from train.model import Reader, channels_last
from train.recipe import AugmentConfig

NAME = "reader.pt"
SHIPPED = "default"
"""What the reader of the model that ships is called."""
BATCH = 256
WRITER_CAP = 300  # test characters a writer, so that a few busy writers do not decide the score
AUGMENT = AugmentConfig(slant=0.15, size=0.08, aspect=0.08, rotation=3.0, pen=(1.4, 4.6), bold=0.8)
RARE = 0.3
"""Weight of letters outside ASCII, which are known from fonts alone: real writing comes first."""
SHIFT = 1.5  # px; glyphs are not always placed well


@dataclass(frozen=True)
class ReaderScores:
    """Accuracy on test writers in per cent."""

    strict: float
    merged: float
    glyphs: int
    writers: int

    def to_dict(self) -> dict[str, float]:
        return {"strict": self.strict, "merged": self.merged, "glyphs": self.glyphs, "writers": self.writers}


def train_reader(
    data: Dataset, output: Path, *, epochs: int = 20, seed: int = 1, width: int = 128, batch: int = BATCH,
    start: Path | None = None,
) -> ReaderScores:  # fmt: skip
    """Train, save `output`/reader.pt and return the accuracy on the test split's writers.

    start: a reader to begin from, in place of the first pass; its charset must be the dataset's.
    """
    if (output / NAME).is_file():
        raise InputError(f"{output} holds a reader already; choose another folder")
    charset = [chr(c) for c in np.unique(data.codepoints[data.split == 0])]
    if len(charset) < 2:
        raise DataError(f"{data.path} has glyphs of fewer than two characters to train on; prepare more data")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {output}: {error.strerror}; choose another folder") from error
    train = np.flatnonzero(data.split == 0)
    checked = train[data.checked[train]]
    model = None
    if start is not None:
        model, state = load_reader(start)
        if state["charset"] != charset or state["width"] != width or state["frame"] != data.frame.to_dict():
            raise InputError(f"{start} reads other characters than {data.path} has; train a reader from nothing")
    elif 0 < len(checked) < len(train):
        model = _fit(data, checked, charset, max(1, epochs // 4), seed, width, batch, None, "reader, checked labels")
    if model is not None:
        train = train[agreement(model, data, train, charset) >= 0.05]
    model = _fit(data, train, charset, epochs, seed + 1, width, batch, model, "reader")
    scores = score(model, data, charset)
    state = {
        "charset": charset, "frame": data.frame.to_dict(), "width": width, "scores": scores.to_dict(),
        "glyphs": len(train), "data": data.manifest["sources"], "model": model.state_dict(),
    }  # fmt: skip
    checkpoint.save(output / NAME, state)
    return scores


def load_reader(path: str | Path) -> tuple[Reader, dict[str, Any]]:
    """A reader saved by `train_reader` (its folder or file), or that of a model folder, in eval mode.

    SHIPPED, or the file reader.onnx of a model folder, will do, too. Raises InputError where there is none.
    """
    path = shipped() if str(path) == SHIPPED and not Path(path).exists() else Path(path)
    path = path.parent if path.name == "reader.onnx" else path
    if (path / "reader.onnx").is_file():
        return exported_reader(path)
    state = checkpoint.load(path / NAME if path.is_dir() else path)
    model = Reader(len(state["charset"]), width=state["width"], size=state["frame"]["size"])
    model.load_state_dict(state["model"])
    return model.eval(), state


def shipped() -> Path:
    """The folder of the model that ships."""
    return Path(str(files("handsynth") / "assets" / "default"))


def exported_reader(folder: Path) -> tuple[Reader, dict[str, Any]]:
    """The reader of a model folder, its weights as rounded for export, with its charset, frame and scores."""
    import onnx
    from onnx import numpy_helper

    from handsynth.model.model import Model

    card = Model.open(folder).card
    stored = {w.name: numpy_helper.to_array(w) for w in onnx.load(folder / "reader.onnx").graph.initializer}
    given = {}
    for name, values in stored.items():
        if name.endswith("_scale"):
            continue
        plain = name.removesuffix("_half").removesuffix("_bytes")
        # weights in bytes stand beside their scales (see export.weights)
        given[plain.removeprefix("reader.")] = values * stored[f"{plain}_scale"] if name.endswith("_bytes") else values
    count, width = given["logits.weight"].shape
    model = Reader(count, width=width, size=card.frame.size)
    weights = {name: torch.from_numpy(given[name].astype(np.float32)) for name in model.state_dict() if name in given}
    if len(weights) < len(model.state_dict()):
        raise InputError(f"{folder} has a reader of another shape; train one with `python -m train reader`")
    model.load_state_dict(weights)
    kept = list(card.recipe.get("reader_charset") or card.charset)  # its own order, from before the export
    if len(kept) != count:
        raise InputError(f"{folder} does not say which characters its reader knows; train one on this dataset")
    scores = card.scores.get("reader", {})
    return model.eval(), {"charset": kept, "frame": card.frame.to_dict(), "width": width, "scores": scores}


def unseen_rows(data: Dataset, split: int = 2, chars: str = ALNUM, seed: int = 0) -> np.ndarray:
    """Rows of real writing to measure on: people's, hand-checked where any is, at most 300 a writer.

    Never filtered by a reader, or it would measure itself.
    """
    codes = [ord(c) for c in chars]
    rows = np.flatnonzero((data.split == split) & np.isin(data.codepoints, codes) & ~is_font(data))
    if data.checked[rows].any():
        rows = rows[data.checked[rows]]
    order = np.random.Generator(np.random.Philox(key=seed)).permutation(rows)
    taken: dict[int, int] = {}
    keep = []
    for row in order:
        writer = int(data.writers[row])
        taken[writer] = taken.get(writer, 0) + 1
        if writer < 0 or taken[writer] <= WRITER_CAP:
            keep.append(row)
    return np.sort(np.array(keep, np.int64))


def is_font(data: Dataset) -> np.ndarray:
    """bool [n]: glyphs that come from a font, not from a person's pen or a scan."""
    fonts = np.array(["font" in source["name"].lower() for source in data.manifest["sources"]], bool)
    of_font: np.ndarray = fonts[data.sources]
    return of_font


def score(model: Reader, data: Dataset, charset: list[str]) -> ReaderScores:
    rows = unseen_rows(data)
    if not len(rows):
        return ReaderScores(0.0, 0.0, 0, 0)
    index = index_table(charset)
    rows = rows[[chr(c) in index for c in data.codepoints[rows]]]
    label = np.array([index[chr(c)] for c in data.codepoints[rows]])
    right = accuracy(read(model, np.asarray(data.images[rows])), label, charset)
    strict, merged = (round(100 * float(r.mean()), 2) for r in right)
    return ReaderScores(strict, merged, len(rows), len(np.unique(data.writers[rows])))


@torch.no_grad()
def read(model: Reader, images: np.ndarray) -> np.ndarray:
    """uint8 [n, H, H] -> log-probabilities float32 [n, C]."""
    parts: list[np.ndarray] = [
        F.log_softmax(model(torch.from_numpy(images[i : i + BATCH]).float() / 255)[0], 1).numpy()
        for i in range(0, len(images), BATCH)
    ]
    return np.concatenate(parts)


def report(scores: ReaderScores) -> str:
    return (
        f"reads {scores.glyphs} characters of {scores.writers} writers it never saw, 62 classes: "
        f"{scores.strict:.1f} % right, {scores.merged:.1f} % case-merged"
    )


def _fit(
    data: Dataset, rows: np.ndarray, charset: list[str], epochs: int, seed: int, width: int, batch: int,
    start: Reader | None, title: str,
) -> Reader:  # fmt: skip
    label = labels(data, rows, charset)
    count = np.bincount(label, minlength=len(charset))
    weight = count[label] ** -0.5  # between natural and equal classes
    weight[data.codepoints[rows] > 127] *= RARE
    torch.manual_seed(seed)
    model = Reader(len(charset), width=width, size=data.frame.size)
    if start is not None:
        model.load_state_dict(start.state_dict())
    channels_last(model).train()
    fit_classifier(
        model, label, weight, lambda chosen, random: augmented(data, rows[chosen], random, AUGMENT, SHIFT),
        steps=max(1, epochs * len(rows) // batch), batch=batch, seed=seed, rate=2e-3, weight_decay=1e-2, warmup=0.1,
        title=title,
    )  # fmt: skip
    return model.eval()
