"""Pictures of a report: rows of glyphs with a caption, black on white."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from handsynth import noise
from handsynth.drawing.draw import TEMPERATURE
from handsynth.hands.hand import Hand, random_styles
from handsynth.model.model import Model
from train.measure.drawing import drawn, draws_strokes

LETTERS = "ABDEGHKMQRabdefghkmnqrt23578"
CAPTION = 15  # px


def rows_of_glyphs(rows: Sequence[tuple[str, np.ndarray]], path: Path) -> None:
    """Save rows of (caption, ink f32 [k, H, H]) as a PNG; an empty caption joins a row to the one above."""
    font = ImageFont.load_default(11)
    side = rows[0][1].shape[1]
    width = max(len(ink) for _, ink in rows) * side + 8
    height = sum(side + (CAPTION if caption else 0) for caption, _ in rows) + 8
    sheet = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(sheet)
    y = 4
    for caption, ink in rows:
        if caption:
            pen.text((6, y), caption, 90, font)
            y += CAPTION
        strip = (255 - 255 * ink.transpose(1, 0, 2).reshape(side, -1)).round().astype(np.uint8)
        sheet.paste(Image.fromarray(strip), (4, y))
        y += side
    sheet.save(path, "PNG", optimize=True)


def draw(model: Model, style: np.ndarray | Hand, text: str, seed: int, temperature: float = TEMPERATURE) -> np.ndarray:
    """Ink [len(text), H, H]."""
    places = np.array([noise.key_of("pictures", i) for i in range(len(text))], np.uint64)
    return drawn(model, style, text, places, seed, temperature)[0]


def all_pictures(
    model: Model, real: np.ndarray, images: np.ndarray, codes: np.ndarray, writers: np.ndarray, folder: Path, seed: int
) -> dict[str, str]:
    """Write the pictures of a model into `folder`; returns name -> what it shows.

    real f32 and images uint8 [n, H, H], codes [n], writers [n]: the test glyphs.
    """
    random = np.random.Generator(np.random.Philox(key=seed))
    letters = "".join(c for c in LETTERS if c in model.charset)[:22]
    shown: dict[str, str] = {}
    places = [random.permutation(np.flatnonzero(codes == ord(c))) for c in letters]
    deep = min((len(p) for p in places), default=0)
    rows: list[tuple[str, np.ndarray]] = []
    for i in range(min(4, deep)):
        rows.append(("" if i else "real writing, unseen writers", np.stack([real[p[i]] for p in places])))
    for temperature in (0.7, 1.0):
        for i in range(4):
            index = model.index(letters)
            style = random_styles(model, seed, np.arange(100 * i, 100 * i + len(index)))
            ink = draw(model, style, letters, seed + i, temperature)
            rows.append(("" if i else f"samples, each by a new hand, temperature {temperature:g}", ink))
    rows_of_glyphs(rows, folder / "samples.png")
    shown["samples.png"] = "Real writing and samples, every glyph by another writer"

    hands = [Hand.random(model, seed, i) for i in range(8)]
    rows_of_glyphs(
        [("" if i else "a random hand a line", draw(model, s, letters, seed)) for i, s in enumerate(hands)],
        folder / "hands.png",
    )
    shown["hands.png"] = "Random hands, one a line"

    picked = random.permutation(len(codes))[:44]
    index = model.index([chr(c) for c in codes[picked]])
    rows = []
    if model.has("encoder") and not draws_strokes(model):
        s_mean, s_logvar, v_mean, _ = model.encode(real[picked], index)
        style = s_mean * np.exp(-s_logvar) / (1 + np.exp(-s_logvar))
        again = np.clip(model.decode(index, style, v_mean) + 0.5, 0, 1)
        for at in (0, 22):
            part = slice(at, at + 22)
            rows += [("real, and below it as the model draws it again", real[picked[part]]), ("", again[part])]
        rows_of_glyphs([row for row in rows if len(row[1])], folder / "reconstructions.png")
        shown["reconstructions.png"] = "Reconstructions"

    draws = random_styles(model, seed, np.arange(1000)).astype(np.float64)
    mean = draws.mean(0)
    _, scale, axes = np.linalg.svd(draws - mean, full_matrices=False)
    rows = []
    for axis in range(min(4, len(axes))):
        for step in (-2, -1, 0, 1, 2):
            style = mean + step * scale[axis] / np.sqrt(len(draws)) * axes[axis]
            title = f"main direction {axis + 1}, from -2 to 2 standard deviations" if step == -2 else ""
            rows.append((title, draw(model, style.astype(np.float32), letters, seed, 0.0)))
    rows_of_glyphs(rows, folder / "traversals.png")
    shown["traversals.png"] = "The main directions of the hand"

    rows = []
    for pair in range(2):
        first, second = Hand.random(model, seed, 20 + 2 * pair), Hand.random(model, seed, 21 + 2 * pair)
        for t in (0.0, 0.25, 0.5, 0.75, 1.0):
            ink = draw(model, Hand.blend(first, second, t), letters, seed, 0.3)
            rows.append(("one hand blended into another in four steps" if t == 0 else "", ink))
    rows_of_glyphs(rows, folder / "blends.png")
    shown["blends.png"] = "Blends between two hands"

    if model.has("encoder"):
        rows = []
        busy = [w for w in np.unique(writers) if (writers == w).sum() >= 60][:4]
        for writer in busy:
            mine = random.permutation(np.flatnonzero(writers == writer))
            given, others = mine[:5], mine[5:]
            _, once = np.unique(codes[others], return_index=True)
            truth = others[np.sort(once)][:22]
            text = [chr(c) for c in codes[truth]]
            hand = Hand.fit(model, images[given], [chr(c) for c in codes[given]])
            rows += [
                (
                    f"a writer's own letters; below, a hand fitted to five others ({' '.join(map(chr, codes[given]))})",
                    real[truth],
                ),
                ("", draw(model, hand, "".join(text), seed)),
            ]
        if rows:
            rows_of_glyphs(rows, folder / "fitted.png")
            shown["fitted.png"] = "Hands fitted to five letters, beside the true writers"
    return shown
