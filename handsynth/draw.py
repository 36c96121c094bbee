"""Drawing glyphs: the one place where noise, prior, decoder and reader meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from handsynth import noise
from handsynth.errors import InputError, MissingCharacterError
from handsynth.frame import Frame
from handsynth.hand import Hand
from handsynth.model import Model

CHUNK = 1024
"""Glyphs drawn at a time, which bounds the memory."""

WELL_READ = 0.9
"""A candidate that the reader gives this probability is taken as it is."""

UNREAD = -10.0
"""Log-probabilities below this mean the same: not read at all."""

FAR = np.float32(-4)
"""The field where there is no ink anywhere near."""

MAX_TEMPERATURE = 3.0
MAX_LEGIBILITY = 64


def glyphs(
    model: Model,
    hand: Hand | np.ndarray,
    index: np.ndarray,
    places: np.ndarray,
    seed: int,
    *,
    temperature: float = 1.0,
    legibility: int = 1,
) -> np.ndarray:
    """Fields f32 [n,H,H] of the characters `index` int64 [n], one drawing for each of `places` uint64 [n].

    `hand` is one Hand, a style f32 [S] or styles [n,S]. A drawing depends on its character, place, style,
    seed, temperature and legibility only, never on what is drawn with it.

    `temperature` 0 … 3 scales the noise of the variation: 0 draws all copies of a letter alike.
    `legibility` k draws up to k candidates: the first that the model's reader reads well is taken, else the
    one that is read best, weighed with how usual it is. Raises InputError for values out of range.
    """
    fields = list(stream(model, hand, index, places, seed, temperature=temperature, legibility=legibility))
    if len(fields) == 1:
        return fields[0]
    side = model.frame.size
    return np.concatenate(fields) if fields else np.empty((0, side, side), np.float32)


def stream(
    model: Model,
    hand: Hand | np.ndarray,
    index: np.ndarray,
    places: np.ndarray,
    seed: int,
    *,
    temperature: float = 1.0,
    legibility: int = 1,
) -> Iterator[np.ndarray]:
    """The same as `glyphs`, in pieces of at most `CHUNK` drawings."""
    if not 0 <= temperature <= MAX_TEMPERATURE:
        raise InputError(f"temperature is {temperature:g}; give a number from 0 to {MAX_TEMPERATURE:g}")
    if not 1 <= legibility <= MAX_LEGIBILITY:
        raise InputError(f"legibility is {legibility}; give a whole number from 1 to {MAX_LEGIBILITY}")
    index, places = np.asarray(index), np.asarray(places, np.uint64)
    if index.shape != places.shape:
        raise InputError(f"{index.shape} characters have {places.shape} places; give one place for each")
    if legibility > 1 and not model.has("reader"):
        raise InputError("legibility needs a model with a reader; this one has none, so leave it at 1")
    style = hand.style if isinstance(hand, Hand) else np.asarray(hand, np.float32)
    size = model.card.style_size
    if style.shape not in ((size,), (len(index), size)):
        raise InputError(f"style has shape {list(style.shape)}, not [{size}] or [{len(index)}, {size}]")
    for start in range(0, len(index), CHUNK):
        part = slice(start, start + CHUNK)
        rows = style if style.ndim == 1 else style[part]
        drawn = _noise(model, places[part], seed, legibility)
        fields = _draw(model, rows, index[part], drawn, temperature, legibility)
        yield _own(model, hand, fields, index[part], places[part], seed, temperature)


def several(
    model: Model,
    hands: Sequence[Hand],
    seeds: Sequence[int],
    owner: np.ndarray,
    index: np.ndarray,
    places: np.ndarray,
    *,
    temperature: Sequence[float] | np.ndarray,
    legibility: int = 1,
) -> np.ndarray:
    """Fields f32 [n,H,H] of glyphs by several hands, each with a seed and a temperature [m] of its own, at once.

    `owner` int64 [n], rising: which of the m hands draws each. The same as `glyphs` for each of them.
    """
    bounds = np.searchsorted(owner, np.arange(len(hands) + 1))
    parts = [slice(a, b) for a, b in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)]
    drawn = _noise(model, places, np.array(seeds, np.uint64)[owner], legibility)
    style = np.stack([hand.style for hand in hands])[owner]
    heat = np.asarray(temperature, np.float32)[owner]
    some = [
        _draw(model, style[p], index[p], drawn[p], heat[p, None], legibility)
        for p in (slice(start, start + CHUNK) for start in range(0, len(index), CHUNK))
    ]
    fields = some[0] if len(some) == 1 else np.concatenate(some)
    for p, hand, seed, warm in zip(parts, hands, seeds, temperature, strict=True):
        if hand.weight or hand.slant or hand.lean or hand.originals is not None:
            fields[p] = _own(model, hand, fields[p], index[p], places[p], seed, float(warm))
    return fields


def own(model: Model, chars: str) -> np.ndarray:
    """`Model.index`, for what draws single characters and composes none; its MissingCharacterError says so."""
    missing = [char for char in dict.fromkeys(chars) if char not in model.charset]
    if missing:
        named = ", ".join(f"{char!r} (U+{ord(char):04X})" for char in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise MissingCharacterError(
            f"cannot draw {named}{more}: sheet and sample draw only the model's own characters, "
            f"without those that render composes: {''.join(model.charset)}"
        )
    return model.index(chars)


def ink(fields: np.ndarray) -> np.ndarray:
    """Coverage 0..1 of the frame's own pixels by ink: clip(0.5 + field, 0, 1)."""
    result: np.ndarray = np.clip(fields + np.float32(0.5), 0, 1)
    return result


def _noise(model: Model, places: np.ndarray, seed: int | np.ndarray, legibility: int) -> np.ndarray:
    """Noise f32 [n,legibility,V] of as many candidates as are drawn."""
    # candidate k takes the k-th V numbers of the place's row, so the first is the one drawn at legibility 1
    size = model.card.variation_size
    return noise.normals(seed, "glyph", places, size * legibility).reshape(len(places), legibility, size)


def _draw(
    model: Model,
    style: np.ndarray,
    index: np.ndarray,
    drawn: np.ndarray,
    temperature: float | np.ndarray,
    legibility: int,
) -> np.ndarray:
    """Fields of the characters `index` [n] from `drawn` [n,legibility,V]; `temperature` is one, or [n,1]."""
    style = np.concatenate([style, model.style_noise(style)], axis=-1)
    style = np.broadcast_to(style, (len(index), style.shape[-1]))
    fields = _decode(model, style, index, drawn[:, 0], temperature)
    if legibility == 1:
        return fields
    best, done = _judge(model, fields, index, drawn[:, 0])
    for attempt in range(1, legibility):
        todo = np.flatnonzero(~done)
        if not len(todo):
            break
        warm = temperature[todo] if isinstance(temperature, np.ndarray) else temperature
        candidates = _decode(model, style[todo], index[todo], drawn[todo, attempt], warm)
        score, good = _judge(model, candidates, index[todo], drawn[todo, attempt])
        better = good | (score > best[todo])
        fields[todo[better]] = candidates[better]
        best[todo] = np.maximum(best[todo], score)
        done[todo] = good
    return fields


def _own(
    model: Model,
    hand: Hand | np.ndarray,
    fields: np.ndarray,
    index: np.ndarray,
    places: np.ndarray,
    seed: int,
    temperature: float,
) -> np.ndarray:
    """`fields` as this person writes: with their pen and slant, and their own letters among them."""
    if not isinstance(hand, Hand):
        return fields
    if hand.weight:
        # what is far from ink stays so: pieces of signs are scaled
        fields = np.where(fields > FAR, np.clip(fields + np.float32(hand.weight), FAR, -FAR), FAR)
    if hand.slant:
        fields = sheared(fields, hand.slant, model.frame)
    if hand.originals is not None:
        rows = hand.originals.chosen(model.charset, index, places, seed, hand.use)
        there = np.flatnonzero(rows >= 0)
        fields[there] = hand.originals.drawn(rows[there], places[there], seed, temperature, model.frame)
    if hand.lean:
        fields = sheared(fields, hand.lean, model.frame)
    return fields


def sheared(fields: np.ndarray, slant: float, frame: Frame) -> np.ndarray:
    """`fields` f32 [n,H,H] sheared by `slant`, x per height, about the middle of a small letter."""
    size = frame.size
    shift = slant * (frame.baseline - frame.xheight / 2 - np.arange(size) - 0.5)
    column = (np.arange(size)[None, :] - shift[:, None]).clip(0, size - 1.001)
    left = column.astype(np.int64)
    part = (column - left).astype(np.float32)
    place = (left + size * np.arange(size)[:, None]).ravel()
    flat = np.ascontiguousarray(fields).reshape(len(fields), -1)
    start, result = flat.take(place, axis=1), flat.take(place + 1, axis=1)
    result -= start
    result *= part.ravel()
    result += start
    return result.reshape(fields.shape)


def _decode(
    model: Model, style: np.ndarray, index: np.ndarray, drawn: np.ndarray, temperature: float | np.ndarray
) -> np.ndarray:
    style, style_noise = np.split(style, 2, axis=1)
    variation = model.prior(index, style_noise, drawn * np.asarray(temperature, np.float32))[1]
    return model.decode(index, style, variation)


def _judge(model: Model, fields: np.ndarray, index: np.ndarray, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score [n] (log-probability of the reader plus log-density of the noise) and whether read well [n]."""
    logprob = model.read(ink(fields))[0][np.arange(len(index)), index]
    # a character that the reader never learnt is unlikely to it whatever is drawn: there, noise alone decides
    return np.maximum(logprob, UNREAD) - 0.5 * (drawn**2).mean(axis=1), logprob >= np.log(WELL_READ)
