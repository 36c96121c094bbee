"""Several effects one after another."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth import noise
from handsynth.corpus.effects import augment
from handsynth.corpus.effects.effect import XHEIGHT, Draw, Effect, Effected
from handsynth.corpus.effects.presets import PRESETS
from handsynth.corpus.effects.table import EFFECTS
from handsynth.errors import InputError

USUAL = 0.3, 1.0
"""Strengths of an effect of which only the name is given."""

_AT_ONCE = 48
_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_ITEM = re.compile(rf"([^=@]+)(?:=({_NUMBER})(?:\.\.({_NUMBER}))?)?(?:@({_NUMBER}))?")


@dataclass(frozen=True)
class Step:
    """An effect, how probable it is, and between which strengths."""

    effect: Effect
    probability: float = 1.0
    least: float = USUAL[0]
    most: float = USUAL[1]

    def __str__(self) -> str:
        return f"{self.effect.name}={self.least:g}..{self.most:g}@{self.probability:g}"


@dataclass(frozen=True)
class Effects:
    """Effects that happen to each picture, in the order of EFFECTS. `str(effects)` is parsed to the same again."""

    steps: tuple[Step, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Effects:
        """Presets and effects, parted by commas: `notebook`, `blur=0.5,paper,camera=0.2..0.6@0.3`.

        `=` gives a strength from 0 to 1, or two that each picture's lies between; `@` a probability. A later one of the
        same name takes the place of an earlier one, so `phone,shadow=0` is phone without shadows. `augraphy`, or
        `augraphy:NAME`, are effects of that library, if it is installed. Raises InputError.
        """
        steps: dict[str, Step] = {}
        for item in filter(None, (part.strip() for part in text.split(","))):
            if item in PRESETS:
                rows = PRESETS[item]
                steps.update({name: Step(EFFECTS[name], chance, low, high) for name, chance, low, high in rows})
            else:
                step = _step(item)
                steps[step.effect.name] = step
        order = list(EFFECTS)
        # what is not in the table comes after all that is done to the sheet, before light and lens
        last = order.index("specks") + 0.5
        kept = [step for step in steps.values() if step.most and step.probability]
        place = {name: float(at) for at, name in enumerate(order)}
        kept.sort(key=lambda step: (place.get(step.effect.name, last), step.effect.name))
        return cls(tuple(kept))

    def apply(
        self,
        image: np.ndarray,
        seed: int,
        index: int,
        *,
        xheight: float = XHEIGHT,
        baselines: Sequence[float] = (),
        colour: bool = True,
    ) -> Effected:
        """What becomes of picture number `index`: uint8 [h,w] or [h,w,3], dark ink on light paper.

        `xheight`: of its writing, in px, which everything is scaled by; `baselines`: where its lines stand, in px from
        the top, for printed lines to lie there; `colour`: False to keep a grey picture grey.
        """
        places = [noise.key_of("effect", index, step.effect.name) for step in self.steps]
        rows = noise.uniforms(seed, "corpus", np.array(places, np.uint64), _AT_ONCE)
        matrix: np.ndarray | None = None
        spread = 0.0
        for step, row in zip(self.steps, rows, strict=True):
            draw = Draw(
                seed,
                index,
                step.effect.name,
                row=row,
                xheight=xheight,
                baselines=baselines,
                colour=colour,
                homography=matrix,
            )
            happens, strength = draw.happens(step.probability), draw.uniform(step.least, step.most)
            if not happens:
                continue
            done = step.effect.apply(image, draw, strength)
            image, spread = done.image, spread + done.spread
            if done.homography is not None:
                matrix = done.homography if matrix is None else done.homography @ matrix
        return Effected(np.ascontiguousarray(image), matrix, spread)

    def __str__(self) -> str:
        return ",".join(map(str, self.steps)) or "clean"


def _step(item: str) -> Step:
    match = _ITEM.fullmatch(item)
    name = (match[1] if match else re.split("[=@]", item)[0]).strip()
    try:
        effect = augment.find(name) if augment.mine(name) else EFFECTS[name]
    except KeyError:
        known = [*PRESETS, *EFFECTS.known, augment.NAME]
        near = difflib.get_close_matches(name, known, 1, 0.7)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        raise InputError(f"there is no effect {name[:40]!r}; {hint}") from None
    if match is None:
        raise InputError(f"the effect {item[:60]!r} is not understood; write NAME, NAME=0.5 or NAME=0.2..0.6@0.3")
    low, high, chance = (None if text is None else float(text) for text in match.group(2, 3, 4))
    least, most = USUAL if low is None else (low, low if high is None else high)
    probability = 1.0 if chance is None else chance
    if not (least <= most <= 1 and probability <= 1):
        raise InputError(
            f"the numbers of {item[:60]!r} cannot be; give strengths, rising, and a probability from 0 to 1"
        )
    return Step(effect, probability, least, most)
