"""Who writes the samples of a corpus: hands from the prior, the gallery or files, by number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from handsynth import noise
from handsynth.drawing.resolve import at_random, resolve
from handsynth.errors import InputError
from handsynth.hands import handfile
from handsynth.hands.hand import Hand, of_style, random_styles
from handsynth.model.model import Model

PRIOR, GALLERY = "prior", "gallery"
_KEPT = 4096


class Writers:
    """Hands by number. `count` of them are drawn from the prior, 0 for as many as there are samples.

    Each has one of `pens`; of none, its own.
    """

    def __init__(self, model: Model, specs: Sequence[str], count: int, seed: int, pens: Sequence[str] = ()) -> None:
        self.model, self.specs, self.count, self.seed, self.pens = model, specs, count, seed, pens
        self.named = [name for spec in specs for name in self._names(spec)]
        self._drawn: dict[str, Hand] = {}

    def of(self, shares: Sequence[float], indices: Sequence[int]) -> list[tuple[str, Hand]]:
        """The writers of samples `indices`, each chosen by a share in 0 … 1: what `--hand` would say, and the hand."""
        names = [self._name(share, index) for share, index in zip(shares, indices, strict=True)]
        if len(self._drawn) >= _KEPT:
            self._drawn.clear()
        new = [name for name in dict.fromkeys(names) if name not in self._drawn and name not in self.files]
        mine = [name for name in new if name.startswith("random:") and name.endswith(f":{self.seed}")]
        if mine:  # all at once, which is much faster
            styles = random_styles(self.model, self.seed, [int(name.split(":")[1]) for name in mine])
            for name, style in zip(mine, styles, strict=True):
                self._drawn[name] = of_style(self.model, name, style)
        for name in set(new) - set(mine):
            self._drawn[name] = at_random(self.model, name, self.seed) or Hand.gallery(self.model, name)
        return [(name, self._with_pen(name, self.files.get(name) or self._drawn[name])) for name in names]

    def _with_pen(self, name: str, hand: Hand) -> Hand:
        """The hand `name` with the one of `pens` that it always has."""
        if not self.pens:
            return hand
        return hand.with_pen(None, self.model, self.pens[noise.key_of("pen", self.seed, name) % len(self.pens)])

    def _name(self, share: float, index: int) -> str:
        if PRIOR not in self.specs:
            return self.named[int(share * len(self.named))]
        if not self.count and not self.named:
            return self._random(0, index)
        # the prior's hands and the named ones are equally likely
        number = int(share * ((self.count or len(self.named)) + len(self.named)))
        return self.named[number] if number < len(self.named) else self._random(number - len(self.named), index)

    def _random(self, number: int, index: int) -> str:
        return f"random:{number if self.count else index}:{self.seed}"

    def _names(self, spec: str) -> list[str]:
        if spec == PRIOR:
            return []
        if spec == GALLERY:
            return [hand.name for hand in self.model.card.gallery]
        return [name for name in self.files if name == spec or Path(name).parent == Path(spec)] or [
            resolve(self.model, spec, self.seed).name
        ]

    @cached_property
    def files(self) -> dict[str, Hand]:
        """Saved hands by their paths, in order. Raises InputError for a folder without any."""
        found: dict[str, Hand] = {}
        for spec in self.specs:
            path = Path(spec)
            if path.is_dir():
                paths = sorted(path.glob(f"*{handfile.SUFFIX}"))
                if not paths:
                    raise InputError(f"the folder {spec} has no {handfile.SUFFIX} files; give one that has")
            else:
                paths = [path] if path.suffix == handfile.SUFFIX else []
            found |= {str(each): Hand.load(each, self.model) for each in paths}
        return found
