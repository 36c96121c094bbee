"""Letters of one person to a hand: style, pen, slant, and the letters themselves."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from handsynth import noise
from handsynth.drawing import draw
from handsynth.errors import InputError
from handsynth.hands.hand import MAX_PEN, MIN_PEN, Hand, random_styles
from handsynth.hands.letters import LetterLatents, steadiness
from handsynth.hands.originals import MOST, Originals
from handsynth.ink.glyph import Glyphs
from handsynth.ink.measure import pen_width, slant
from handsynth.learning.fields import EDGE, NEAR_EDGE, REACH, fields_of
from handsynth.learning.follow import follow
from handsynth.learning.latents import WORST, fitted
from handsynth.learning.likeness import likeness
from handsynth.model.model import Model

_WEIGHT, _SLANT = 2.0, 0.6
"""Most that a pen's half width, in px, and a slant are corrected by."""

_MEAN, _STYLE_DOUBT = 400, 2.0
"""Random hands whose mean is that of all, and letters that it counts as."""

_DOUBT = 0.5, 4.0
"""Letters that the model's own pen and slant count as, beside those that were read."""

_LEAST_WEIGHT = 0.1
"""Half widths, in px, that are not corrected."""

_PENS = 6
"""Times that a pen is measured and corrected: what is measured overshoots, since thin strokes are seen thinner."""

_SAME_PEN = 2e-3
"""Widths that differ by no more than this share are the same."""

_LEANING, _FEW = string.ascii_letters + string.digits, 10
"""Characters whose slant is measured: those that are not known, where there are so many of them, else the known."""

_PEOPLE = 8
"""Random hands that say how letters lean beside others."""

_SAMPLES = 120
"""Letters of the model that pen and slant are measured on."""


@dataclass(frozen=True)
class Learnt:
    """A hand, and what was noticed on the way, one line each."""

    hand: Hand
    notes: tuple[str, ...]


def fit(
    model: Model,
    chars: Sequence[str],
    images: np.ndarray,
    name: str,
    *,
    gap: float | None = None,
    keep: bool = True,
) -> Learnt:
    """The hand that wrote `images` uint8 [n,H,H] (255 = ink, in the frame) of `chars` [n].

    The style is the mean of the encoder's posterior. Of a model that draws strokes each letter becomes a latent, from
    which it is drawn anew; letters that were not given take the form that goes best with the style. What the model
    then draws is compared with the letters in the width of its strokes and in slant, and what sets them apart is kept
    as the hand's `pen` (of a model that draws fields: `weight`) and `slant`. All letters are taken for what they are
    said to be (see `doubts`). `gap` is the usual space between letters in x-heights, where it is known; `keep` keeps
    the letters in the hand. Raises InputError where there is nothing to learn from.
    """
    if not len(chars):
        raise InputError("there are no letters to learn from; write some")
    if len(chars) > MOST:
        raise InputError(f"{len(chars):,} letters are too many to learn from; give at most {MOST:,}")
    notes: list[str] = []
    fields = fields_of(images)
    known = np.array([char in model.charset for char in chars])
    if not known.any():
        raise InputError("the model knows none of these characters; write letters and digits, too")
    letters = [char for char, there in zip(chars, known, strict=True) if there]
    strange = list(dict.fromkeys(char for char, there in zip(chars, known, strict=True) if not there))
    if strange:
        notes.append(f"the model does not know {' '.join(strange[:20])}: kept, but not drawn in texts")
    hand = Hand.fit(model, images[known], letters, name)
    if model.strokes:
        hand, said = _with_letters(model, hand, letters, images[known], fields[known], keep)
        notes += said
    else:
        hand = _cautious(model, hand, len(letters))
    hand = matched(model, hand, letters, fields[known])
    measured = {"letters": float(len(chars)), **hand.measured} | ({} if gap is None else {"gap": gap})
    kept = Originals(tuple(chars), fields.astype(np.float16)) if keep else None
    if (nearer := likeness(model, hand, letters, images[known])) is not None:
        measured["nearer"] = float(nearer)
    return Learnt(replace(hand, gap=gap, measured=measured, originals=kept), tuple(notes))


def _with_letters(
    model: Model, hand: Hand, chars: Sequence[str], images: np.ndarray, fields: np.ndarray, keep: bool
) -> tuple[Hand, list[str]]:
    """`hand` with the latents of its letters, and forms of those that were not given that go with them."""
    found = fitted(model, model.index(chars), images, fields, hand.style)
    good = found.good
    notes = []
    poor = sorted({char for char, near in zip(chars, good, strict=True) if not near})
    if poor:
        drawn = "drawn as they are" if keep else "drawn as the style has them"
        notes.append(
            f"{' '.join(poor)}: too unusual to be drawn anew (more than {WORST:g} px off, or a stroke astray): {drawn}"
        )
    steady = steadiness(chars, found.latents, np.array(model.card.spread))
    letters = LetterLatents(tuple(chars), found.latents, found.deviation, steady, found.offsets)
    hand = replace(hand, known=letters.take(good))
    if model.has("reader"):
        hand = replace(hand, letters=(replace(hand.kept[0], forms=follow(model, hand, model.charset)),))
    return hand, notes


def _cautious(model: Model, hand: Hand, count: int) -> Hand:
    """`hand`, read from `count` letters, as much nearer to the mean of all hands as so few leave doubt.

    The encoder takes letters of one writer for independent, so it is surer of the first than it should be.
    """
    mean = random_styles(model, 0, range(_MEAN)).mean(axis=0)
    return replace(hand, style=mean + (hand.style - mean) * count / (count + _STYLE_DOUBT))


def matched(model: Model, hand: Hand, chars: Sequence[str], fields: np.ndarray) -> Hand:
    """`hand` with the pen and the slant of letters of `chars` [n] with `fields` [n,H,H]."""
    frame = model.frame
    pen, lean = pen_width(fields), slant(fields, frame)
    some = list(dict.fromkeys(chars))
    plain = replace(hand, weight=0.0, slant=0.0, originals=None)
    drawn = _sample(model, plain, some)
    if model.strokes:
        # the pen is a number in the hand; what is measured hangs on the letters and on the grid, so it is the one
        # whose strokes measure alike, and the slant is compared in strokes of that width
        width, as_wide, widths = plain.pen_width, drawn, [0.0, 0.0]
        for turn in range(_PENS if pen else 0):
            width = float(np.clip(width * pen / max(pen_width(_seen(as_wide, EDGE)), 0.1), MIN_PEN, MAX_PEN))
            if (_PENS - 1 - turn) % 2 == 0 and abs(width / widths[-2] - 1 if widths[-2] else 1.0) < _SAME_PEN:
                break  # it goes to and fro between two, of which this is the last
            widths.append(width)
            as_wide = drawn.thicker((width - plain.pen_width) * frame.xheight / 2)
        plain = replace(plain, pen=width)
        # letters that are known lean as they were written; what leans too much or too little are those of the style
        unknown = [char for char in _LEANING if char in model.charset and char not in some]
        measured_on, wanted = some, lean
        if len(unknown) >= _FEW:
            measured_on, wanted = unknown, lean + _leaning_more(model, tuple(unknown), tuple(some))
        bare = _sample(model, plain.using("never"), measured_on)
        usual_lean = slant(_seen(bare, NEAR_EDGE), frame)
        turned = (wanted - usual_lean) * len(chars) / (len(chars) + _DOUBT[1])
        # a second look at what comes of it: edges of turned letters are others
        became = slant(_seen(bare.sheared(turned, frame), NEAR_EDGE), frame)
        turned = float(np.clip(turned + usual_lean + turned - became, -_SLANT, _SLANT))
        measured = {**hand.measured, "pen": width if pen else 0.0, "slant": lean}
        return replace(hand, pen=width if pen else None, slant=round(turned, 4), measured=measured)
    exact = _seen(drawn)
    # few letters say little of what is usual
    count = len(chars)
    usual_pen, usual_lean = pen_width(exact), slant(exact, frame)
    wide = usual_pen + (pen - usual_pen) * count / (count + _DOUBT[0])
    leant = usual_lean + (lean - usual_lean) * count / (count + _DOUBT[1])
    weight = float(np.clip((wide - usual_pen) / 2, -_WEIGHT, _WEIGHT))
    turned = float(np.clip(leant - usual_lean, -_SLANT, _SLANT))
    # a second look at what comes of it: thin strokes vanish, thick ones close
    again = _seen(drawn.thicker(weight).sheared(turned, frame))
    weight = float(np.clip(weight + (wide - pen_width(again)) / 2, -_WEIGHT, _WEIGHT))
    turned = float(np.clip(turned + leant - slant(again, frame), -_SLANT, _SLANT))
    if abs(weight) < _LEAST_WEIGHT:
        weight = 0.0  # within what is measured, and thin strokes would only fade
    measured = {**hand.measured, "pen": pen / frame.xheight, "slant": lean}
    return replace(hand, weight=round(weight, 4), slant=round(turned, 4), measured=measured)


@lru_cache(8)
def _leaning_more(model: Model, chars: tuple[str, ...], given: tuple[str, ...]) -> float:
    """How much more letters `chars` lean than `given` ones by the same people, as measured."""
    # each letter in the style of its hand, as a hand that is learnt draws what was not given
    plain = [replace(Hand.random(model, 0, number), letters=()) for number in range(_PEOPLE)]
    hands = [hand.with_usual_extenders() for hand in plain]
    more, usual = (
        slant(np.concatenate([_seen(_sample(model, hand, some, 1), NEAR_EDGE) for hand in hands]), model.frame)
        for some in (chars, given)
    )
    return more - usual


def _sample(model: Model, hand: Hand, chars: Sequence[str], least: int = _SAMPLES) -> Glyphs:
    """Letters that pen and slant are measured on, at least so many."""
    many = (list(chars) * (least // len(chars) + 1))[: max(least, len(chars))]
    places = np.array([noise.key_of("match", char, number) for number, char in enumerate(many)], np.uint64)
    return draw.glyphs(model, hand, model.index(many), places, 0, temperature=draw.TEMPERATURE)


def _seen(drawn: Glyphs, outside: float = REACH) -> np.ndarray:
    """Fields [n,H,H] as if read from pictures, since a decoder's field is no exact distance; `outside` as there."""
    return fields_of((drawn.ink() * 255 + np.float32(0.5)).astype(np.uint8), outside)
