"""Hand: one writer, as the style vector that all of this writer's characters share."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from handsynth import dials, noise
from handsynth.arrays import Floats
from handsynth.dials.choices import Use
from handsynth.dials.renamed import takes_earlier
from handsynth.errors import InputError, option
from handsynth.hands import handfile
from handsynth.hands.cursive import nearest, writes_cursive
from handsynth.hands.defaults import CONTEXTUAL, default_extenders, default_gap, default_pen, default_unevenness
from handsynth.hands.joining import Joining, default_share, joining
from handsynth.hands.letters import Kept, mixed
from handsynth.hands.originals import check_use
from handsynth.hands.traits import Traits
from handsynth.ink import pens

if TYPE_CHECKING:
    from handsynth.model.card import NamedHand
    from handsynth.model.model import Model


KEY_STEPS = 16
"""A hand's key counts its style in steps of so many to the unit."""

MIN_PEN, MAX_PEN = dials.limits("pen_width")
"""Widths of a pen that one may ask for, in x-heights."""

OPEN_PEN = 0.28
"""A kind of pen makes a hand's strokes no wider than this by itself: the eyes of e and a would close, x-heights."""


@dataclass(frozen=True, eq=False)
class Hand(Traits):
    """One writer of one model. Make one with `random`, `gallery`, `blend`, `fit` or `load`."""

    use: Use = dials.default("originals")
    """How letters of the person are drawn."""
    lean: float = 0.0
    """Shear that is asked for beside all that, their own letters' too; no part of a saved hand."""

    @cached_property
    def key(self) -> int:
        """64 bits that tell this hand from all others: those of its style, rounded.

        The last bits of a style that a graph computed are not the same on every machine.
        """
        return noise.key_of("hand", *np.floor(self.style.astype(np.float64) * KEY_STEPS + 0.5).astype(int).tolist())

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What its letter forms are made of."""
        return self.letters or (Kept(self.key),)

    @property
    def pen_width(self) -> float:
        """Width of the usual pen, in x-heights."""
        if self.pen is not None:
            return self.pen
        return default_pen(self.key)

    def joining(self, dial: float = dials.default("joined")) -> Joining | None:
        """Which letters are joined, if any are; `dial`: 0 print, 1 as this hand does, 2 all. Raises InputError.

        Capitals that stand for small letters never are.
        """
        found = joining(self.share, self.key, dial, self.joined_after)
        return None if self.small_capitals else found

    @property
    def extends(self) -> bool:
        """Whether it has longer or shorter extenders than its style."""
        return self.ascenders != 1 or self.descenders != 1

    @property
    def share(self) -> float:
        """Share of the pairs of letters that are joined; a person's letters, read one by one, are printed."""
        if self.joined is not None:
            return self.joined
        printed = self.small_capitals or self.known is not None or self.originals is not None
        return 0.0 if printed else default_share(self.key)

    @property
    def uneven(self) -> float:
        """How far its letters stray; those of a person, read one by one, stray as little as those of the gallery."""
        if self.unevenness is not None:
            return self.unevenness
        return default_unevenness(self.key, neat=self.known is not None or self.originals is not None)

    def letter_owners(self, chars: Sequence[str]) -> np.ndarray:
        """Which of `kept` each character's form is of, int64 [n].

        Between two forms of a letter there may be none that can be read, so a blend takes each letter from one of its
        hands; how many from which, its shares say. Letters go over one by one as a share grows, and the order of the
        hands is nothing: weighted choice by exponential keys (Efraimidis, Spirakis: Weighted random sampling, 2006).
        """
        places = np.array([noise.key_of("share", char) for char in chars], np.uint64)
        waits = [
            -np.log1p(-noise.uniforms(kept.key, "hand", places, 1)[:, 0].astype(np.float64)) / kept.weight
            for kept in self.kept
        ]
        return np.asarray(np.argmin(waits, axis=0))

    def letter_noise(self, chars: Sequence[str], size: int) -> np.ndarray:
        """Standard normal noise f32 [n,size] of this hand's own forms of characters, the same for every text."""
        if len(self.kept) == 1:
            return self.kept[0].noise(chars, size)
        owners = self.letter_owners(chars)
        total = np.zeros((len(chars), size), np.float32)
        for number, kept in enumerate(self.kept):
            mine = np.flatnonzero(owners == number)
            total[mine] = kept.noise([chars[i] for i in mine.tolist()], size)
        return total

    def letter_styles(self, chars: Sequence[str]) -> Floats:
        """Styles f32 [n,S] in which those forms are read well: of the hands that they are of."""
        styles = [self.style if kept.style is None else np.array(kept.style, np.float32) for kept in self.kept]
        owners = self.letter_owners(chars)
        found = np.stack(styles)[owners]
        for number, kept in enumerate(self.kept):
            for char, style in kept.styles.items():
                found[(owners == number) & (np.asarray(chars) == char)] = style
        return np.asarray(found)

    @classmethod
    def random(cls, model: Model, seed: int = 0, index: int = 0) -> Hand:
        """The `index`-th hand of `seed`, drawn from the model's prior; of strokes, with a spacing of its own."""
        return of_style(model, f"random:{index}", random_styles(model, seed, [index])[0])

    @classmethod
    def gallery(cls, model: Model, name: str) -> Hand:
        """The gallery hand `name`, in any case; raises InputError that says the nearest if there is none."""
        hands = {hand.name.casefold(): hand for hand in model.card.gallery}
        hand = hands.get(name.strip().casefold())
        if hand is None:
            raise InputError(unknown_hand(model, name), "hand")
        return _from_gallery(model, hand)

    @classmethod
    @takes_earlier("blend")
    def blend(cls, a: Hand, b: Hand, share: float = dials.default("share")) -> Hand:
        """Between two hands of one model: a share of 0 is a, of 1 is b.

        Styles are mixed linearly and brought back to the length between theirs, since the middle of two
        independent draws is shorter than either: it would be an average hand, not a person's. Each letter has the
        form of one of the two (see `letter_owners`); pen, slant and spacing lie between.
        """
        if not 0 <= share <= 1:
            raise InputError(f"cannot blend by {share:g}; give a number from 0 to 1", "share")
        return _mixed([a, b], np.array([1 - share, share]))

    @classmethod
    def average(cls, hands: Sequence[Hand]) -> Hand:
        """What several hands of one model have in common, mixed as by `blend`. Raises InputError."""
        if not hands:
            raise InputError("an average needs at least one hand")
        return _mixed(hands, np.full(len(hands), 1 / len(hands)))

    def using(self, use: str) -> Hand:
        """The same hand, its own letters `vary`, drawn `always` as they are, or `never`. Raises InputError."""
        check_use(use)
        return replace(self, use=use)  # type: ignore[arg-type]

    def with_usual_extenders(self) -> Hand:
        """The same hand with ascenders and descenders as long as its style's, for which the frame has room."""
        return replace(self, ascenders=1.0, descenders=1.0)

    def without_ink(self) -> Hand:
        """The same hand without the ink of its letters, which are still drawn from what was read of them."""
        return replace(self, originals=None)

    def without(self, chars: str | Sequence[str]) -> Hand:
        """The same hand without these of its letters, which follow its style then. Raises InputError for others."""
        known = set(self.known.chars if self.known else ()) | set(self.originals.chars if self.originals else ())
        missing = [char for char in dict.fromkeys(chars) if char not in known]
        if missing or not chars:
            said = f"holds no letter {' '.join(missing)}" if missing else "is to lose no letter"
            raise InputError(f"the hand {self.name!r} {said}; it holds {''.join(sorted(known)) or 'none'}")
        return replace(
            self,
            known=self.known.without(chars) if self.known else None,
            originals=self.originals.without(chars) if self.originals else None,
        )

    @property
    def knows(self) -> bool:
        """Whether letters are drawn from latents that it knows."""
        return self.known is not None and self.use == "vary"

    def knowing(self, charset: Sequence[str]) -> np.ndarray:
        """Which characters of the charset those are, bool [C]."""
        known = self.known if self.knows else None
        return np.array([known is not None and char in known for char in charset], bool)

    def seed(self, seed: int) -> int:
        """The seed of this hand's page: with one seed two hands share no chance at all."""
        return noise.key_of("page", seed, str(self.key))

    def with_pen(self, width: float | None, model: Model, kind: str | None = None) -> Hand:
        """The same hand with another pen: its width in x-heights, its kind; None: the hand's. Raises InputError.

        A pen of another kind is as wide as such pens are beside the hand's own, unless a width is given.
        """
        if kind:
            kind = pens.check(kind)
            if kind != pens.ROUND and not model.strokes:
                raise InputError(f"the pens of {model.card.name!r} are part of its hands; leave the pen out", "pen")
            ratio = pens.PENS[kind].relative_width / pens.PENS[self.pen_kind].relative_width
            width_of_kind = min(max(self.pen_width * ratio, MIN_PEN), max(self.pen_width, OPEN_PEN))
            own = self.pen if kind == self.pen_kind else width_of_kind
            return replace(self, pen=own, pen_kind=kind).with_pen(width, model)
        if width is None:
            return self
        if not model.strokes:
            raise InputError(
                f"the pens of {model.card.name!r} are part of its hands; leave the pen width out", "pen_width"
            )
        if not MIN_PEN <= width <= MAX_PEN:
            raise InputError(f"{option('pen_width')} is {width:g} x-heights; give {MIN_PEN:g} to {MAX_PEN:g} of them")
        return replace(self, pen=float(width))

    def leaning(self, slant: float) -> Hand:
        """The same hand, leaning to the right by `slant`, x per height, beside its own. Raises InputError."""
        dials.check("slant", slant)
        return replace(self, lean=float(slant))

    @classmethod
    def fit(cls, model: Model, images: np.ndarray, chars: str | Sequence[str], name: str = "fitted") -> Hand:
        """The hand that wrote `images` (uint8 [n,H,H] in the frame, 255 = ink) of the characters `chars`.

        The mean of q(s | glyphs): the product of one Gaussian per glyph with the prior N(0, I) (group VAE,
        Bouchacourt et al. 2018). From one glyph to as many as there are; needs the model's encoder.
        """
        images = np.asarray(images)
        side = model.frame.size
        if images.dtype != np.uint8 or images.shape != (len(chars), side, side) or not len(chars):
            raise InputError(
                f"images are {images.dtype} {list(images.shape)} for {len(chars)} characters; "
                f"give uint8 [n, {side}, {side}] with 255 = ink and n characters, at least one"
            )
        read = model.encode(images.astype(np.float32) / 255, model.index(chars))
        if model.strokes:
            _, _, information, told = (part.astype(np.float64) for part in read)
            covariance = np.linalg.inv(np.eye(model.card.style_size) + told.sum(axis=0))
            deviation = np.sqrt(covariance.diagonal())
            return cls(
                name, covariance @ information.sum(axis=0), model.latent_hash, deviation=deviation.astype(np.float32)
            )
        mean, logvar = read[:2]
        precision = np.exp(-np.clip(logvar.astype(np.float64), -30, 30))
        total = 1 + precision.sum(axis=0)
        style = (mean * precision).sum(axis=0) / total
        return cls(name, style, model.latent_hash, deviation=(1 / np.sqrt(total)).astype(np.float32))

    def save(self, path: str | Path) -> None:
        """Write the hand as a small JSON file, usually named *.hand."""
        handfile.save(self, path)

    @classmethod
    def load(cls, path: str | Path, model: Model | None = None) -> Hand:
        """Read a saved hand. Raises InputError if it is damaged, or not of `model`."""
        hand = handfile.load(path, cls)
        if model is not None and not hand.fits(model):
            raise InputError(
                f"the hand {path} was made with another model ({hand.model_hash[:12]}, not {model.latent_hash[:12]}); "
                "give that model, or `handsynth hand refit` the hand"
            )
        return hand

    def fits(self, model: Model) -> bool:
        """Whether it was made with `model`, and all that it holds is of that model's sizes."""
        pairs = [(len(self.style), model.card.style_size)]
        if self.known is not None:
            pairs.append((self.known.latents.shape[1], len(model.card.spread)))
            if self.known.offsets is not None:
                pairs.append((self.known.offsets.shape[1], sum(model.card.slots)))
        if self.originals is not None:
            pairs.append((self.originals.fields.shape[1], model.frame.size))
        return self.model_hash == model.latent_hash and all(own == models for own, models in pairs)


def _mixed(hands: Sequence[Hand], shares: np.ndarray) -> Hand:
    """Hands in these shares, which sum up to 1; their ink is nobody's then, and left out."""
    first = hands[0]
    for hand in hands[1:]:
        if first.model_hash != hand.model_hash or first.style.shape != hand.style.shape:
            names = f"{first.name!r} and {hand.name!r}"
            raise InputError(f"the hands {names} are of different models; take hands of one model")
    styles = np.stack([hand.style for hand in hands]).astype(np.float64)
    style = shares @ styles
    length, target = float(np.linalg.norm(style)), float(shares @ np.linalg.norm(styles, axis=1))
    # sqrt(n) is what n independent draws of equal length need in the middle; opposite ones have no middle
    style *= min(math.sqrt(len(hands)), target / length) if length > 0 else 1.0
    gaps = [hand.gap for hand in hands if hand.gap is not None]
    letters = [
        replace(kept, weight=float(share) * kept.weight, style=kept.style or tuple(hand.style.tolist()))
        for hand, share in zip(hands, shares, strict=True)
        for kept in hand.kept
        if share
    ]
    return Hand(
        "+".join(hand.name for hand in hands)[:200],
        style,
        first.model_hash,
        float(shares @ np.array(gaps)) if len(gaps) == len(hands) else None,
        float(shares @ np.array([hand.weight for hand in hands])),
        float(shares @ np.array([hand.slant for hand in hands])),
        pen=float(shares @ np.array([hand.pen_width for hand in hands])),
        pen_kind=first.pen_kind if len({hand.pen_kind for hand in hands}) == 1 else pens.ROUND,
        letters=tuple(letters),
        joined=_joined(hands, shares),
        joined_after=_joined_after(hands, shares),
        contextual=bool(shares @ np.array([hand.contextual for hand in hands]) > 0.5),
        unevenness=float(shares @ np.array([hand.uneven for hand in hands])),
        small_capitals=_small_capitals(hands, shares),
        ascenders=_geometric(shares, [hand.ascenders for hand in hands]),
        descenders=_geometric(shares, [hand.descenders for hand in hands]),
        size=_geometric(shares, [hand.size for hand in hands]),
        known=mixed([(hand.known, float(share)) for hand, share in zip(hands, shares, strict=True)]),
    )


def _geometric(shares: np.ndarray, values: Sequence[float]) -> float:
    return float(np.exp(shares @ np.log(values)))


def _joined(hands: Sequence[Hand], shares: np.ndarray) -> float:
    return float(np.clip(shares @ np.array([hand.share for hand in hands]), 0, 1))


def _joined_after(hands: Sequence[Hand], shares: np.ndarray) -> dict[str, float]:
    """What is known of all of them."""
    known = set.intersection(*(set(hand.joined_after) for hand in hands))
    return {some: float(shares @ [hand.joined_after[some] for hand in hands]) for some in sorted(known)}


def _small_capitals(hands: Sequence[Hand], shares: np.ndarray) -> float | None:
    """As most of them write small letters: a hand that mixes both is nobody's."""
    heights = np.array([hand.small_capitals or 0.0 for hand in hands])
    those = float(shares @ (heights > 0))
    return float(shares @ heights) / those if those > 0.5 else None


def random_styles(model: Model, seed: int, indices: Sequence[int] | np.ndarray) -> np.ndarray:
    """Styles f32 [n,S] of the random hands with these indices, each as Hand.random makes it."""
    places = np.array([noise.key_of("random", int(index)) for index in indices], np.uint64)
    drawn = noise.normals(seed, "hand", places, model.card.style_size)
    still = np.zeros(model.card.variation_size, np.float32)
    return model.prior(np.zeros(len(places), np.int64), drawn, still)[0]


def of_style(model: Model, name: str, style: np.ndarray) -> Hand:
    """The random hand of a style f32 [S]."""
    hand = Hand(name, style, model.latent_hash)
    if not model.strokes:
        return hand
    ascenders, descenders = default_extenders(hand.key)
    chars = [char for char in model.card.cursive if writes_cursive(hand.key, char, hand.share)]
    letters = (Kept(hand.key, styles=nearest(model, style, chars)),) if chars else ()
    gap = default_gap(hand.key, hand.share)
    contextual = model.has("joined") and hand.share >= CONTEXTUAL
    return replace(hand, gap=gap, ascenders=ascenders, descenders=descenders, letters=letters, contextual=contextual)


def _from_gallery(model: Model, hand: NamedHand) -> Hand:
    plain = Hand(
        hand.name, np.array(hand.style, np.float32), model.latent_hash, hand.gap, slant=hand.slant, pen=hand.pen
    )
    share = default_share(plain.key, "cursive" in hand.tags)
    steady = default_unevenness(plain.key, neat=True)
    plain = replace(plain, joined=share, unevenness=steady, small_capitals=hand.small_capitals, size=hand.size)
    plain = replace(plain, ascenders=hand.ascenders, descenders=hand.descenders)
    styles = nearest(model, plain.style, hand.cursive)
    kept = Kept(plain.key, forms=hand.forms, styles=styles)
    return replace(plain, letters=(kept,)) if hand.forms or styles else plain


def unknown_hand(model: Model, name: str, all_of: str = "`handsynth hands`") -> str:
    """That the gallery has no such hand, with the names that are nearest, and what lists all of them."""
    names = [hand.name for hand in model.card.gallery]
    lower = {n.casefold(): n for n in names}
    close = [lower[n] for n in difflib.get_close_matches(name.strip().casefold(), lower, 3, 0.5)]
    if not names:
        return f"there is no hand {name!r}, since the model has no gallery; give random or a saved .hand file"
    hint = f"did you mean {' or '.join(close)}?" if close else "give random, a saved .hand file or a name;"
    return f"there is no hand {name!r}; {hint} {all_of} lists all {len(names)}"
