"""Who writes the samples of a corpus: hands from the prior, the gallery or files, by number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from handsynth import handfile
from handsynth.errors import InputError
from handsynth.hand import Hand, at_random, resolve
from handsynth.model import Model

PRIOR, GALLERY = "prior", "gallery"
_KEPT = 4096


class Writers:
    """Hands by number. `count` of them are drawn from the prior, 0 for as many as there are samples."""

    def __init__(self, model: Model, specs: Sequence[str], count: int, seed: int) -> None:
        self.model, self.specs, self.count, self.seed = model, specs, count, seed
        self.named = [name for spec in specs for name in self._names(spec)]
        self._drawn: dict[str, Hand] = {}

    def of(self, share: float, index: int) -> tuple[str, Hand]:
        """The writer of sample `index`, chosen by `share` in 0 … 1: what `--hand` would say, and the hand."""
        if PRIOR not in self.specs:
            name = self.named[int(share * len(self.named))]
        elif self.count or self.named:
            # the prior's hands and the named ones are equally likely
            number = int(share * ((self.count or len(self.named)) + len(self.named)))
            name = self.named[number] if number < len(self.named) else self._random(number - len(self.named), index)
        else:
            name = self._random(0, index)
        return name, self._hand(name)

    def _random(self, number: int, index: int) -> str:
        return f"random:{number if self.count else index}:{self.seed}"

    def _hand(self, name: str) -> Hand:
        if name in self.files:
            return self.files[name]
        if name not in self._drawn:
            if len(self._drawn) >= _KEPT:
                self._drawn.clear()
            self._drawn[name] = at_random(self.model, name, self.seed) or Hand.gallery(self.model, name)
        return self._drawn[name]

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
