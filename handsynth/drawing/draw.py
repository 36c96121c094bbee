"""Drawing glyphs: the one place where noise, prior, decoder and reader meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from handsynth import dials, noise
from handsynth.arrays import Floats
from handsynth.drawing.decode import PLAIN_PEN, by_pens, decoded, nothing
from handsynth.drawing.extenders import extended
from handsynth.drawing.known import Known, known
from handsynth.drawing.smallcaps import meant, scaled
from handsynth.errors import InputError, MissingCharacterError
from handsynth.hands.hand import Hand
from handsynth.ink import pens
from handsynth.ink.glyph import Glyphs, joined
from handsynth.model.graphs import TILES
from handsynth.model.model import Model

CHUNK = 1024
"""Glyphs drawn at a time, which bounds the memory."""

WELL_READ = 0.9
"""A candidate that the reader gives this probability is taken as it is."""

UNREAD = -10.0
"""Log-probabilities below this mean the same: not read at all."""

VARIATION: float = dials.default("variation")
"""How far two copies of a letter by one writer differ, as a share of how far those of two writers do."""

TEMPERATURE: float = dials.default("temperature")
"""Letters differ clearly and are read well; at 1 they differ as much as in the training data, slips included."""

SAMPLE_TEMPERATURE: float = dials.default("temperature", "sample")
"""That of single letters, as far from the usual as people's."""


def glyphs(
    model: Model,
    hand: Hand | np.ndarray,
    index: np.ndarray,
    places: np.ndarray,
    seed: int,
    *,
    temperature: float = SAMPLE_TEMPERATURE,
    variation: float = VARIATION,
    legibility: int = dials.default("legibility"),
    contexts: Floats | None = None,
) -> Glyphs:
    """Drawings of the characters `index` int64 [n] of `Model.repertoire`, one for each of `places` uint64 [n].

    `hand` is one Hand, a style f32 [S] or styles [n,S]. A drawing depends on its character, place, hand, seed and these
    dials only, never on what is drawn with it; `handsynth.api.glyphs` says what they are. `contexts` f32 [n,CONTEXT]:
    how letters are joined to their neighbours, see `Model.decode_joined`. Raises InputError for values out of range.
    """
    how: dict[str, Any] = {"temperature": temperature, "variation": variation, "legibility": legibility}
    index = np.asarray(index)
    if isinstance(hand, Hand):
        index, sizes = meant(model, [hand], np.zeros(index.shape, np.int64), index)
        if (sizes != 1).any():
            return scaled(glyphs(model, hand, index, places, seed, contexts=contexts, **how), sizes, model)
    foreign = index >= len(model.charset)
    if isinstance(hand, Hand) and foreign.any():
        places = np.asarray(places, np.uint64)
        told = None if contexts is None else contexts[~foreign]
        own = glyphs(model, hand, index[~foreign], places[~foreign], seed, contexts=told, **how)
        others = _letters(model, hand, index[foreign], places[foreign], seed, temperature, variation)
        return _merged(own, others, foreign, model.frame.size)
    parts = list(stream(model, hand, index, places, seed, contexts=contexts, **how))
    return joined(parts, model.frame.size) if parts else nothing(model)


def stream(
    model: Model,
    hand: Hand | np.ndarray,
    index: np.ndarray,
    places: np.ndarray,
    seed: int,
    *,
    temperature: float = SAMPLE_TEMPERATURE,
    variation: float = VARIATION,
    legibility: int = dials.default("legibility"),
    contexts: Floats | None = None,
) -> Iterator[Glyphs]:
    """The same as `glyphs`, in pieces of at most `CHUNK` drawings."""
    dials.check("temperature", temperature)
    dials.check("variation", variation)
    dials.check("legibility", legibility)
    index, places = np.asarray(index), np.asarray(places, np.uint64)
    if index.shape != places.shape:
        raise InputError(f"{index.shape} characters have {places.shape} places; give one place for each")
    if legibility > 1 and not model.has("reader"):
        raise InputError("legibility needs a model with a reader; this one has none, so leave it at 1", "legibility")
    style = hand.style if isinstance(hand, Hand) else np.asarray(hand, np.float32)
    size = model.card.style_size
    if style.shape not in ((size,), (len(index), size)):
        raise InputError(f"style has shape {list(style.shape)}, not [{size}] or [{len(index)}, {size}]")
    hands = [hand] if isinstance(hand, Hand) else []
    index, sizes = meant(model, hands, np.zeros(index.shape, np.int64), index, own=True)
    for start in range(0, len(index), CHUNK):
        part = slice(start, start + CHUNK)
        owner = np.zeros(len(index[part]), np.int64)
        rows = _styles(model, hands, owner, index[part]) if hands else style if style.ndim == 1 else style[part]
        drawn, here = _noise(model, hands, [seed], owner, index[part], places[part], variation, legibility)
        own = known(model, hands, [seed], owner, index[part], places[part], variation)
        told = None if contexts is None else contexts[part]
        found = _draw(model, rows, index[part], drawn, here, temperature, legibility, own, told)
        yield scaled(_own(model, hand, found, index[part], places[part], seed, temperature), sizes[part], model)


def several(
    model: Model,
    hands: Sequence[Hand],
    seeds: Sequence[int],
    owner: np.ndarray,
    index: np.ndarray,
    places: np.ndarray,
    *,
    temperature: Sequence[float] | np.ndarray,
    variation: float = VARIATION,
    legibility: int = dials.default("legibility"),
    contexts: Floats | None = None,
) -> Glyphs:
    """Glyphs by several hands, each with a seed and a temperature [m] of its own, at once.

    `owner` int64 [n], rising: which of the m hands draws each. The same as `glyphs` for each of them.
    """
    if not len(index):
        return nothing(model)
    index, sizes = meant(model, hands, owner, index)
    foreign = np.asarray(index) >= len(model.charset)
    if foreign.any():
        how: dict[str, Any] = {"temperature": temperature, "variation": variation, "legibility": legibility}
        how["contexts"] = None if contexts is None else contexts[~foreign]
        latin = several(model, hands, seeds, owner[~foreign], index[~foreign], places[~foreign], **how)
        others = [
            _letters(model, hand, index[some], places[some], seed, float(warm), variation)
            for number, (hand, seed, warm) in enumerate(zip(hands, seeds, temperature, strict=True))
            if (some := foreign & (owner == number)).any()
        ]
        return scaled(_merged(latin, joined(others, model.frame.size), foreign, model.frame.size), sizes, model)
    bounds = np.searchsorted(owner, np.arange(len(hands) + 1))
    parts = [slice(a, b) for a, b in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)]
    drawn, here = _noise(model, hands, seeds, owner, index, places, variation, legibility)
    style = _styles(model, hands, owner, index)
    heat = np.asarray(temperature, np.float32)[owner]
    own_letters = known(model, hands, seeds, owner, index, places, variation)
    some = [
        _draw(
            model,
            style[p],
            index[p],
            drawn[p],
            here[p],
            heat[p, None],
            legibility,
            own_letters and own_letters.take(p),
            None if contexts is None else contexts[p],
        )  # fmt: skip
        for p in (slice(start, start + CHUNK) for start in range(0, len(index), CHUNK))
    ]
    found = joined(some, model.frame.size)
    if model.strokes and not any(hand.slant or hand.lean or hand.originals is not None for hand in hands):
        found = extended(model, hands, owner, index, found)
        widths = np.array([hand.pen_width for hand in hands]) * model.frame.xheight
        kinds = np.array([pens.number(hand.pen_kind) for hand in hands], np.uint8)
        return scaled(by_pens(found, widths[owner], kinds[owner]), sizes, model)
    if not model.strokes and not any(h.weight or h.slant or h.lean or h.originals is not None for h in hands):
        return scaled(found, sizes, model)
    own = [
        _own(model, hand, found.take(p), index[p], places[p], seed, float(warm))
        for p, hand, seed, warm in zip(parts, hands, seeds, temperature, strict=True)
    ]
    return scaled(joined(own, model.frame.size), sizes, model)


def _letters(
    model: Model, hand: Hand, index: np.ndarray, places: np.ndarray, seed: int, temperature: float, variation: float
) -> Glyphs:
    """Drawings [n] of characters `index` int64 [n] that are in the repertoire, but not in the charset."""
    from handsynth.drawing.alphabets import letters

    chars = [model.repertoire[number] for number in index.tolist()]
    return letters(model, hand, chars, places, seed, temperature, variation, glyphs)


def _merged(own: Glyphs, others: Glyphs, foreign: np.ndarray, size: int) -> Glyphs:
    """All drawings in one order; `foreign` bool [n]: which are of `others`."""
    place = np.where(foreign, len(own) + np.cumsum(foreign) - 1, np.cumsum(~foreign) - 1)
    return joined([own, others], size).take(place)


def own(model: Model, chars: str) -> np.ndarray:
    """`Model.index`, for what draws single characters and composes none; its MissingCharacterError says so."""
    missing = [char for char in dict.fromkeys(chars) if char not in model.charset]
    if missing:
        named = ", ".join(f"{char!r} (U+{ord(char):04X})" for char in missing[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise MissingCharacterError(
            f"cannot draw {named}{more}: sheet and sample draw only the model's own characters, "
            f"without those that render composes: {''.join(model.charset)}",
            missing,
        )
    return model.index(chars)


def _styles(model: Model, hands: Sequence[Hand], owner: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Style f32 [n,S] of each drawing: its hand's; in a blend that draws strokes, of the hand that the form is of."""
    rows: np.ndarray = np.stack([hand.style for hand in hands])[owner]
    for number, hand in enumerate(hands):
        if model.strokes and any(kept.style is not None or kept.styles for kept in hand.letters):
            mine = np.flatnonzero(owner == number)
            rows[mine] = hand.letter_styles([model.charset[i] for i in index[mine].tolist()])
    return rows


def _noise(
    model: Model,
    hands: Sequence[Hand],
    seeds: Sequence[int],
    owner: np.ndarray,
    index: np.ndarray,
    places: np.ndarray,
    variation: float,
    legibility: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Noise f32 [n,legibility,V] of as many candidates as are drawn, and the place's part of it alone.

    `hands` may be none, which keep nothing.
    """
    # candidate k takes the k-th V numbers of the place's row, so the first is the one drawn at legibility 1
    size = model.card.variation_size
    if hands:
        # two hands with one seed share nothing
        places = places ^ np.array([hand.key for hand in hands], np.uint64)[owner]
    seed: int | np.ndarray = seeds[0] if len(seeds) == 1 else np.array(seeds, np.uint64)[owner]
    drawn = noise.normals(seed, "glyph", places, size * legibility).reshape(len(places), legibility, size)
    if not hands or not len(places):
        return drawn, drawn
    pairs, which = np.unique(np.stack([owner, index]), axis=1, return_inverse=True)
    kept = np.empty((pairs.shape[1], size), np.float32)
    for number, hand in enumerate(hands):
        mine = pairs[0] == number
        kept[mine] = hand.letter_noise([model.charset[i] for i in pairs[1, mine]], size)
    # later candidates go further from the hand's own form, which may itself be hard to read
    share = np.sqrt(variation**2 + (1 - variation**2) * np.arange(legibility) / legibility).astype(np.float32)
    share = share[None, :, None]
    if any(hand.knows for hand in hands):
        # a letter that is known differs by its own noise alone
        there = np.zeros(len(places), bool)
        for number, hand in enumerate(hands):
            if hand.knows:
                mine = np.flatnonzero(owner == number)
                there[mine] = hand.knowing(model.charset)[index[mine]]
        share = np.where(there[:, None, None], np.float32(1), share)
    return np.sqrt(1 - share * share) * kept[which.ravel()][:, None] + share * drawn, drawn


def _draw(
    model: Model,
    style: np.ndarray,
    index: np.ndarray,
    drawn: np.ndarray,
    here: np.ndarray,
    temperature: float | np.ndarray,
    legibility: int,
    own: Known | None = None,
    contexts: Floats | None = None,
) -> Glyphs:
    """The characters `index` [n] from noise [n,legibility,V], see `_noise`; `temperature` is one, or [n,1]."""
    style = np.concatenate([style, model.style_noise(style)], axis=-1)
    style = np.broadcast_to(style, (len(index), style.shape[-1]))
    found = _decode(model, style, index, drawn[:, 0], here[:, 0], temperature, own, contexts)
    if legibility == 1:
        return found
    parts, row, count = [found], np.arange(len(index)), len(index)
    best, done = _judge(model, found, index, drawn[:, 0])
    attempt = 1
    while attempt < legibility and not done.all():
        todo = np.flatnonzero(~done)
        # a graph takes as long for a tile of few: what is left of it tries further candidates
        ahead = min(legibility - attempt, max(1, TILES[model.card.draws] // len(todo)))
        which, tried = np.tile(todo, ahead), np.repeat(np.arange(attempt, attempt + ahead), len(todo))
        warm = temperature[which] if isinstance(temperature, np.ndarray) else temperature
        noises = drawn[which, tried], here[which, tried]
        told = None if contexts is None else contexts[which]
        candidates = _decode(model, style[which], index[which], *noises, warm, own and own.take(which), told)
        scores, reads = (part.reshape(ahead, -1) for part in _judge(model, candidates, index[which], noises[0]))
        for score, good in zip(scores, reads, strict=True):
            better = ~done[todo] & (good | (score > best[todo]))
            row[todo[better]] = count + np.flatnonzero(better)
            count += len(todo)
            best[todo] = np.maximum(best[todo], score)
            done[todo] |= good
        parts, attempt = [*parts, candidates], attempt + ahead
    return joined(parts, model.frame.size).take(row)


def _own(
    model: Model,
    hand: Hand | np.ndarray,
    found: Glyphs,
    index: np.ndarray,
    places: np.ndarray,
    seed: int,
    temperature: float,
) -> Glyphs:
    """`found` as this person writes: with their pen and slant, and their own letters among them."""
    frame = model.frame
    if not isinstance(hand, Hand):
        return by_pens(found, np.full(len(found), PLAIN_PEN * frame.xheight)) if model.strokes else found
    if model.strokes:
        kind = np.full(len(found), pens.number(hand.pen_kind), np.uint8)
        found = by_pens(found, np.full(len(found), hand.pen_width * frame.xheight), kind)
    elif hand.weight:
        found = found.thicker(hand.weight)
    if hand.slant:
        leant = found.sheared(hand.slant, frame)
        if hand.knows:
            own_rows = hand.knowing(model.charset)[index]
            place = np.where(own_rows, np.arange(len(found)), len(found) + np.arange(len(found)))
            leant = joined([found, leant], frame.size).take(place)
        found = leant
    if hand.originals is not None:
        rows = hand.originals.chosen(model.charset, index, places, seed, hand.use, hand.known)
        there = np.flatnonzero(rows >= 0)
        if len(there):
            place = np.arange(len(found))
            place[there] = len(found) + np.arange(len(there))
            letters = hand.originals.drawn(rows[there], places[there], seed, temperature, frame, model.strokes)
            found = joined([found, letters], frame.size).take(place)
    found = extended(model, [hand], np.zeros(len(found), np.int64), index, found)
    if hand.lean:
        found = found.sheared(hand.lean, frame)
    return found


def _decode(
    model: Model,
    style: np.ndarray,
    index: np.ndarray,
    drawn: np.ndarray,
    here: np.ndarray,
    temperature: float | np.ndarray,
    own: Known | None = None,
    contexts: Floats | None = None,
) -> Glyphs:
    style, style_noise = np.split(style, 2, axis=1)
    heat = np.asarray(temperature, np.float32)
    variation = model.prior(index, style_noise, drawn * heat)[1]
    if own is not None:
        variation = np.where(own.there[:, None], own.latents, variation) + own.reach * (here * heat)
    return decoded(model, index, style, variation, None if own is None else own.offsets, contexts)


def _judge(model: Model, found: Glyphs, index: np.ndarray, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score [n] (log-probability of the reader plus log-density of the noise) and whether read well [n]."""
    logprob = model.read(found.ink())[0][np.arange(len(index)), index]
    # a character that the reader never learnt is unlikely to it whatever is drawn: there, noise alone decides
    return np.maximum(logprob, UNREAD) - 0.5 * (drawn**2).mean(axis=1), logprob >= np.log(WELL_READ)
