"""Who judges: a reader, of which most features and readings of a report come, and the outsider (see train.judge)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from handsynth.errors import InputError
from handsynth.model.model import Model
from train.data.dataset import Dataset
from train.judge import NAME as JUDGE_NAME
from train.judge import load_judge, run, writer_names
from train.lookalikes import ALNUM, accuracy
from train.reader import NAME, load_reader, unseen_rows

LEAST = 85.0
"""Case-merged accuracy in per cent on unseen writers, below which a reader judges nothing."""
BATCH = 256


@dataclass(frozen=True)
class Judge:
    """A reader with its charset; `read` maps ink [n, H, H] in 0..1 to log-probabilities [n, C] and features [n, F]."""

    read: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
    charset: list[str]
    what: str
    sha256: str
    strict: float = 0.0
    merged: float = 0.0
    glyphs: int = 0
    writers: int = 0

    @property
    def chars(self) -> str:
        """Those of the 62 classes that it knows."""
        return "".join(c for c in ALNUM if c in self.charset)

    def right(self, scores: np.ndarray, chars: np.ndarray) -> np.ndarray:
        """bool [2, n]: read strictly, and case-merged, as `chars` (codepoints [n])."""
        look = {ord(c): i for i, c in enumerate(self.charset)}
        return accuracy(scores, np.array([look[int(c)] for c in chars]), self.charset)


def open_judge(data: Dataset, reader: Path | None, model: Model | None, least: float = LEAST) -> Judge:
    """`reader` (a reader.pt, its folder, or a model folder), else the model's own, else that of the shipped model.

    Raises InputError where it is of another frame, or reads the test writers of `data` worse than `least` per cent.
    """
    if reader is not None and not (reader / "reader.onnx").is_file():
        module, state = load_reader(reader)
        frame, charset = state["frame"], state["charset"]
        path = reader / NAME if reader.is_dir() else reader
        digest, what = hashlib.sha256(path.read_bytes()).hexdigest(), path.name
        names = ", ".join(source["name"] for source in state["data"])
        what = f"{what}, trained on {state['glyphs']:,} glyphs of {names}" if names else what

        @torch.no_grad()
        def read(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            parts = [module(torch.from_numpy(ink[i : i + BATCH])) for i in range(0, len(ink), BATCH)]
            logits, features = (torch.cat(part) for part in zip(*parts, strict=True))
            return logits.log_softmax(1).numpy(), features.numpy()

    else:
        owner = (
            Model.open(reader) if reader is not None else model if model and model.has("reader") else Model.open(None)
        )
        frame, charset = owner.frame.to_dict(), list(owner.charset)
        digest = owner.card.members.get("reader.onnx", "")
        names = ", ".join(source["name"] for source in owner.card.data)
        what = f"reader.onnx of the model {owner.card.name!r}, trained on {names}"

        def read(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            parts = [owner.read(ink[i : i + BATCH]) for i in range(0, len(ink), BATCH)]
            scores, features = (np.concatenate(part) for part in zip(*parts, strict=True))
            return scores, features

    if frame != data.frame.to_dict():
        raise InputError(f"the reader ({what}) was trained on another frame than {data.path}; give one with --reader")
    return _examined(data, Judge(read, charset, what, digest), least, "reader")


def open_outsider(data: Dataset, path: Path, least: float = LEAST) -> Judge:
    """The judge saved by `train.judge` at `path`, which the model never met.

    Raises InputError where it is of another frame, has learnt from a test writer of `data`, or reads them badly.
    """
    network, state = load_judge(path)
    path = path / JUDGE_NAME if path.is_dir() else path
    what = (
        f"{path.name}, a residual network (batch norm, {' '.join(map(str, state['widths']))} channels, averaged over "
        f"the frame), trained with seed {state['seed']} on {state['glyphs']:,} glyphs of {len(state['writers'])} people"
    )
    if state["frame"] != data.frame.to_dict():
        raise InputError(f"the judge ({path}) was trained on another frame than {data.path}; train one on this dataset")
    names = writer_names(data)
    met = {names[w] for w in np.unique(data.writers[data.split == 2]) if w >= 0} & set(state["writers"])
    if met:
        raise InputError(f"the judge ({path}) has learnt from {len(met)} test writers of {data.path}; train another")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    judge = Judge(lambda ink: run(network, ink), state["charset"], what, digest)
    return _examined(data, judge, least, "judge")


def _examined(data: Dataset, judge: Judge, least: float, title: str) -> Judge:
    """The same judge with its accuracy on the test writers of `data`; InputError below `least` per cent."""
    rows = unseen_rows(data, chars=judge.chars)
    if not len(rows):
        raise InputError(f"{data.path} has no test writers to compare with; prepare data that has some")
    strict, merged = 100 * judge.right(judge.read(real_ink(data, rows))[0], data.codepoints[rows]).mean(1)
    if merged < least:
        raise InputError(
            f"the {title} ({judge.what}) reads {merged:.1f} % of real writing, less than {least:g} %: train it longer"
        )
    writers = len(np.unique(data.writers[rows]))
    return replace(judge, strict=float(strict), merged=float(merged), glyphs=len(rows), writers=writers)


def real_ink(data: Dataset, rows: np.ndarray) -> np.ndarray:
    """Ink f32 [n, H, H] of a dataset's rows, made from the fields exactly as a model's ink is."""
    ink: np.ndarray = np.clip(data.fields[rows].astype(np.float32) / 16 + np.float32(0.5), 0, 1)
    return ink
