"""A small network that tells real joined words from ours, for benchmarks/joined.py: the lower its accuracy, the better.

Real words are those of writers who join most pairs; ours are the same texts by hands that join as much as that
writer. Both are strokes, smoothed and drawn with one pen, and cut out around their ink. It learns from words of
UNIPEN's train writers and half of the hands, and is tried on words of the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import handsynth
from benchmarks.recog_words import HEIGHT, strip
from handsynth import Hand, Model
from handsynth.layout.page import Page
from handsynth.layout.weld import welded
from train.data.strokes import distance_field, ink_of, smooth
from train.words.pack import Word

TRAIN, TRIED = 1500, 600
"""Words of each kind."""
JOINS = 0.75
"""Writers who join more of their pairs are taken."""
XHEIGHT, PEN, SIGMA = 16.0, 2.4, 1.2
"""px: of the drawing, its pen, and how strokes are smoothed."""
WIDTH, EPOCHS, BATCH = 160, 8, 64


def accuracies(path: Path, model: Model, hands: Sequence[Hand]) -> Iterator[tuple[str, float]]:
    """Accuracy by what ours are: as print, and joined as the hands join."""
    known, new = _joined_words(path, (0,), TRAIN), _joined_words(path, (1, 2), TRIED)
    half = len(hands) // 2
    real = [[_picture(list(word.strokes)) for word, _ in part] for part in (known, new)]
    for name, dial in (("--joined 0", 0.0), ("joined", 1.0)):
        ours = [
            [_picture(_written(word, share, model, some[n % half], n, dial)) for n, (word, share) in enumerate(part)]
            for part, some in ((known, hands[:half]), (new, hands[half:]))
        ]
        yield name, _accuracy(*(_together(*both) for both in zip(real, ours, strict=True)))


def _joined_words(path: Path, splits: tuple[int, ...], count: int) -> list[tuple[Word, float]]:
    """Words of writers who join, by turns, and the shares that these join."""
    from benchmarks.joined import lifts, words

    people: dict[int, list[Word]] = defaultdict(list)
    for word in words(path, 1_000_000, splits):
        people[word.writer].append(word)
    turns: list[tuple[int, Word, float]] = []
    for mine in people.values():
        share = float(np.mean([1 - max(lifts(len(w.strokes), w.text), 0) / (len(w.text) - 1) for w in mine]))
        if share > JOINS:
            turns += [(turn, word, min(share, 1.0)) for turn, word in enumerate(mine)]
    turns.sort(key=lambda one: one[0])
    return [(word, share) for _, word, share in turns[:count]]


def _written(word: Word, share: float, model: Model, hand: Hand, number: int, dial: float) -> list[np.ndarray]:
    page = handsynth.typeset(word.text, model=model, hand=replace(hand, joined=share), seed=number, joined=dial)
    return _strokes(welded(page))


def _strokes(page: Page) -> list[np.ndarray]:
    """The pen's strokes, float64 [k,2] in x-heights, y up."""
    paths = page.glyphs.strokes.moved(page.matrices())
    return [part * (1.0, -1.0) for part in np.split(paths.points.astype(np.float64), paths.strokes[1:-1])]


def _picture(strokes: Sequence[np.ndarray]) -> np.ndarray:
    """uint8 [HEIGHT,WIDTH], 255 = ink."""
    tall = max(float(np.ptp(np.concatenate(strokes)[:, 1])), 0.2)
    px = [smooth(stroke * (1.0, -1.0) * (2.4 * XHEIGHT / tall), SIGMA) for stroke in strokes if len(stroke)]
    low = np.concatenate(px).min(axis=0) - PEN - 4
    px = [stroke - low for stroke in px]
    width, height = np.ceil(np.concatenate(px).max(axis=0) + PEN + 4).astype(int)
    cut = strip(255 - ink_of(distance_field(px, int(max(width, height)), PEN))[:height, :width])
    result = np.zeros((HEIGHT, WIDTH), np.uint8)
    if cut is not None:
        result[:, : cut.shape[1]] = cut[:, :WIDTH]
    return result


def _together(real: Sequence[np.ndarray], ours: Sequence[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    ink = torch.from_numpy(np.stack([*real, *ours])).float()[:, None] / 255
    return ink, torch.cat([torch.ones(len(real)), torch.zeros(len(ours))])


def _accuracy(seen: tuple[torch.Tensor, torch.Tensor], new: tuple[torch.Tensor, torch.Tensor]) -> float:
    torch.manual_seed(0)
    sizes = (1, 16, 32, 64)
    layers: list[nn.Module] = []
    for before, after in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
    net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(sizes[-1], 1))
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=1e-3)
    ink, real = seen
    chance = torch.Generator().manual_seed(0)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(ink), generator=chance).split(BATCH):
            loss = functional.binary_cross_entropy_with_logits(net(ink[rows])[:, 0], real[rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    net.eval()
    with torch.inference_mode():
        said = torch.cat([net(part)[:, 0] for part in new[0].split(256)]) > 0
    return float((said == (new[1] > 0.5)).float().mean())
