"""Pictures of words for benchmarks/recogniser.py: real ones, ours, and ones set in handwriting fonts.

All are made alike before a recogniser sees them: cut out around their ink, which is then INK px high in a strip of
HEIGHT px, uint8, 255 = ink.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from handsynth import noise
from handsynth.corpus.effects import Effects
from handsynth.corpus.generator import Generator
from handsynth.corpus.recipe import Recipe
from handsynth.corpus.rng import CorpusRng
from handsynth.corpus.sampler import Sampler
from handsynth.text.extents import extents
from train.data.font_pack import FontPack
from train.data.npz import load_arrays
from train.data.source import ReaderOptions
from train.data.strokes import distance_field, grid_step, ink_of, smooth

LETTERS = string.ascii_letters
"""What the recogniser reads; words with other characters are left out everywhere."""

HEIGHT, INK = 32, 28
WIDEST = 320
"""px; wider words are squeezed."""

LETTER_WIDTH = 0.35, 2.2
"""Ink width per letter, in x-heights of the writer, of words that are neither cut off nor wrongly labelled."""

RISE = 0.5, 2.0
"""Height of a word's ink as a share of what its letters usually have; others are cut off or wrongly labelled."""

JOINED = 0.75
"""Words with fewer strokes of the pen per letter are taken as joined; print has more than one, by bars and dots."""

TRAIN = "train"
SPLITS = {TRAIN: 0, "val": 1, "test": 2}
_PACK = {
    "text": "U", "writer": "iu", "split": "iu", "strokes_per_word": "iu", "points_per_stroke": "iu", "points": "iu",
}  # fmt: skip


@dataclass(eq=False)
class Words:
    """Pictures of words: strips uint8 [HEIGHT,w], their texts, who wrote them, and whether letters are joined."""

    strips: list[np.ndarray] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    joined: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.strips)

    def add(self, image: np.ndarray, text: str, writer: str, joined: bool = False) -> None:
        """`image` uint8 [h,w], dark on light; without ink it is left out."""
        cut = strip(image)
        if cut is not None:
            self.strips.append(cut)
            self.texts.append(text)
            self.writers.append(writer)
            self.joined.append(joined)

    def take(self, rows: Iterable[int]) -> Words:
        some = list(rows)
        return Words(*([column[row] for row in some] for column in self.columns()))

    def columns(self) -> tuple[list[Any], ...]:
        return self.strips, self.texts, self.writers, self.joined

    def __add__(self, other: Words) -> Words:
        return Words(*([*one, *two] for one, two in zip(self.columns(), other.columns(), strict=True)))

    def save(self, path: Path) -> None:
        widths = np.array([each.shape[1] for each in self.strips])
        whole = np.concatenate(self.strips, axis=1)
        texts, writers, joined = (np.array(column) for column in self.columns()[1:])
        np.savez(path, strips=whole, widths=widths, texts=texts, writers=writers, joined=joined)

    @classmethod
    def load(cls, path: Path) -> Words:
        with np.load(path, allow_pickle=False) as pack:
            strips = np.split(pack["strips"], np.cumsum(pack["widths"])[:-1], axis=1)
            return cls(strips, pack["texts"].tolist(), pack["writers"].tolist(), pack["joined"].tolist())


def strip(image: np.ndarray) -> np.ndarray | None:
    """uint8 [HEIGHT,w], 255 = ink, of `image` uint8 [h,w], dark on light; None without ink."""
    paper = int(np.median(np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])))
    ink = np.clip(paper - image.astype(np.int16), 0, 255).astype(np.uint8)
    rows, columns = np.flatnonzero((ink > 96).any(axis=1)), np.flatnonzero((ink > 96).any(axis=0))
    if not len(rows):
        return None
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width = min(max(2, round(cut.shape[1] * INK / cut.shape[0])), WIDEST)
    kernel = Image.Resampling.BOX if len(cut) > INK else Image.Resampling.BILINEAR
    small = np.asarray(Image.fromarray(cut).resize((width, INK), kernel))
    around = (HEIGHT - INK) // 2
    return np.pad(small, ((around, HEIGHT - INK - around), (4, 4)))


def vocabulary(data: Path, words: Path | None, count: int = 20_000) -> list[str]:
    """Words to train on, sorted: a file's, or the generator's (English) and the texts of UNIPEN's train split."""
    if words:
        found = set(words.read_text(encoding="utf-8").split())
    else:
        pack = _pack(data)
        found = set(pack["text"][pack["split"] == SPLITS[TRAIN]].tolist())
        makers = [Generator(name, "en") for name in ("words", "names", "sentences")]
        for number in range(count):
            found.update(makers[number % 3].item(CorpusRng(0, "vocabulary", number)).split())
    return sorted(word for word in (each.strip(".,;:!?'\"()") for each in found) if _readable(word))


def real(data: Path, split: str, cap: int) -> Words:
    """Words of a split of UNIPEN's writers, at most `cap` of each, by chance, drawn with the pen of train/data."""
    pack, options = _pack(data), ReaderOptions()
    strokes = np.concatenate([[0], np.cumsum(pack["strokes_per_word"].astype(int))])
    points = np.concatenate([[0], np.cumsum(pack["points_per_stroke"].astype(int))])
    random = np.random.default_rng(0)
    words = Words()
    chosen = pack["split"] == SPLITS[split]
    for writer in np.unique(pack["writer"][chosen]).tolist():
        rows = np.flatnonzero((pack["writer"] == writer) & chosen)
        rows = np.array([row for row in rows if _readable(str(pack["text"][row]))], int)
        written = {
            int(row): [pack["points"][points[j] : points[j + 1]] / 100.0 for j in range(strokes[row], strokes[row + 1])]
            for row in rows
        }
        sizes = np.array([np.ptp(np.concatenate(written[int(row)]), axis=0) for row in rows]).reshape(-1, 2)
        texts = [str(pack["text"][row]) for row in rows]
        usually = np.array([_rise(text) for text in texts])
        # px per mm: as for characters in train/data, the median over the writer's words of usual height / height
        tall = sizes[:, 1] > 0
        if not tall.any():
            continue
        scale = float(np.median((usually[tall] * options.frame.xheight - options.pen) / sizes[tall, 1]))
        size = sizes * scale / options.frame.xheight
        broad = size[:, 0] / np.array([len(text) for text in texts])
        right = (broad > LETTER_WIDTH[0]) & (broad < LETTER_WIDTH[1])
        right &= (size[:, 1] > RISE[0] * usually) & (size[:, 1] < RISE[1] * usually)
        kept = np.sort(random.permutation(np.flatnonzero(right))[:cap])
        grid = grid_step([stroke for row in rows[:100] for stroke in written[int(row)]])
        for at in kept.tolist():
            ink = written[int(rows[at])]
            joined = len(ink) < JOINED * len(texts[at])
            words.add(_drawn(ink, scale, grid, options.pen), texts[at], str(writer), joined)
    return words


def ours(texts: Path, count: int, seed: int, effects: str, **dials: object) -> Words:
    """Words by Sampler; the texts are lines of a file."""
    recipe = Recipe(texts=(str(texts),), kind="word", seed=seed, effects=effects, height=48, **dials)  # type: ignore[arg-type]
    words = Words()
    for sample in Sampler(recipe).samples(0, count):
        words.add(sample.image, sample.truth.text, sample.truth.writer)
    return words


def in_fonts(data: Path, texts: Sequence[str], seed: int, effects: str) -> Words:
    """The same in handwriting fonts of the train split (not those of capitals alone), each word in one of them."""
    pack = FontPack(data / "font_glyphs.npz")
    with np.load(pack.path) as arrays:
        advances, origins = arrays["advance"], arrays["origin_x"]
    fonts: list[tuple[str, dict[str, tuple[np.ndarray, float, float]]]] = []
    for row, (font, glyphs) in enumerate(pack.fonts()):
        if font["split"] == "train" and font["cls"] != "caps" and font["tier"] in (1, 2):
            at = np.flatnonzero(pack.rows == row)
            known = {
                char: (img, float(advances[i]), float(origins[i])) for i, (char, img) in zip(at, glyphs, strict=True)
            }
            if set(LETTERS) <= set(known):
                fonts.append((font["key"], known))
    done = Effects.parse(effects)
    places = np.array([noise.key_of("font", index) for index in range(len(texts))], np.uint64)
    shares = noise.uniforms(seed, "corpus", places, 1)[:, 0].astype(float)
    words = Words()
    for index, text in enumerate(texts):
        name, glyphs_of = fonts[int(shares[index] * len(fonts))]
        image = done.apply(255 - _set(text, glyphs_of), seed, index).image
        words.add(image, text, name)
    return words


def _pack(data: Path) -> dict[str, np.ndarray]:
    return load_arrays(data / "unipen_words.npz", _PACK)


def _readable(text: str) -> bool:
    return len(text) > 1 and all(char in LETTERS for char in text)


def _rise(text: str) -> float:
    """Usual height of a word's ink, in x-heights."""
    boxes = [extents(char) for char in text]
    return max(box.top for box in boxes) - min(box.bottom for box in boxes)


def _drawn(strokes: Sequence[np.ndarray], scale: float, grid: float, pen: float) -> np.ndarray:
    """Dark on light; as `train.data.pen` draws characters."""
    sigma = min(max(1.3 * grid * scale, 0.4), 2.2)
    px = [smooth(stroke * scale, sigma) for stroke in strokes if len(stroke)]
    low = np.concatenate(px).min(axis=0) - pen - 4
    px = [stroke - low for stroke in px]
    width, height = np.ceil(np.concatenate(px).max(axis=0) + pen + 4).astype(int)
    return 255 - ink_of(distance_field(px, int(max(width, height)), pen))[:height, :width]


def _set(text: str, glyphs: dict[str, tuple[np.ndarray, float, float]]) -> np.ndarray:
    """Coverage uint8 [h,w] of a word set with a font's own advances, with its margins."""
    pens = np.cumsum([0.0] + [glyphs[char][1] for char in text[:-1]])
    lefts = [round(pen - glyphs[char][2]) for pen, char in zip(pens.tolist(), text, strict=True)]
    size = glyphs[text[0]][0].shape[0]
    page = np.zeros((size + 12, max(lefts) - min(lefts) + size), np.uint8)
    for left, char in zip(lefts, text, strict=True):
        at = left - min(lefts)
        part = page[6 : 6 + size, at : at + size]
        np.maximum(part, glyphs[char][0], out=part)
    ink = np.flatnonzero(page.any(axis=0))
    return np.pad(page[:, ink[0] : ink[-1] + 1], ((0, 0), (6, 6)))


def sheet(words: Words, columns: int = 8, rows: int = 12, width: int = 170) -> np.ndarray:
    """Some of the pictures on a sheet, to look at: uint8, dark on light."""
    page = np.zeros((rows * (HEIGHT + 4), columns * width), np.uint8)
    for at, one in enumerate(words.strips[: rows * columns]):
        y, x = at // columns * (HEIGHT + 4), at % columns * width
        page[y : y + HEIGHT, x : x + min(one.shape[1], width)] = one[:, :width]
    return 255 - page


def batches(count: int, size: int, steps: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """`steps` batches of row numbers, epoch by epoch."""
    order = np.empty(0, int)
    for _ in range(steps):
        while len(order) < size:
            order = np.concatenate([order, random.permutation(count)])
        yield order[:size]
        order = order[size:]
