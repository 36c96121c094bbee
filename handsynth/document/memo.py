"""Galleys of earlier documents: of a text that is changed while it is looked at, only changed blocks are set again."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from handsynth.document.galley import Draft, Galley
from handsynth.layout.words import Script

_TURNS = 16
"""Settings that can be set at a time."""


class Memo:
    """The galleys that were asked for last, of no more than `most` glyphs; any number of threads may use it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[bytes, Galley] = OrderedDict()
        self._glyphs = 0
        self._lock = threading.Lock()
        self._turns = [threading.Lock() for _ in range(_TURNS)]

    def __len__(self) -> int:
        return len(self._held)

    def set(
        self, settings: str, batch: Sequence[Draft], set_drafts: Callable[[Sequence[Draft]], list[Galley]]
    ) -> list[Galley]:
        """The galleys of `batch`, those that are not known by `set_drafts`.

        `settings` says all else that galleys depend on: the model, the hand, the style.
        """
        # who asks for the same at the same time waits for it, and does not set it, too
        with self._turns[hash(settings) % len(self._turns)]:
            return self._set(settings, batch, set_drafts)

    def _set(
        self, settings: str, batch: Sequence[Draft], set_drafts: Callable[[Sequence[Draft]], list[Galley]]
    ) -> list[Galley]:
        keys = [_key(settings, draft) for draft in batch]
        found = [self._get(key) for key in keys]
        missing = [i for i, galley in enumerate(found) if galley is None]
        for i, galley in zip(missing, set_drafts([batch[i] for i in missing]) if missing else [], strict=True):
            found[i] = galley
            self._keep(keys[i], galley)
        return [galley for galley in found if galley is not None]

    def _get(self, key: bytes) -> Galley | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def _keep(self, key: bytes, galley: Galley) -> None:
        with self._lock:
            if key in self._held:
                return
            self._held[key] = galley
            self._glyphs += len(galley.texts)
            while self._glyphs > self.most:
                _, old = self._held.popitem(last=False)
                self._glyphs -= len(old.texts)


def _key(settings: str, draft: Draft) -> bytes:
    script = draft.script
    # where a block stands in the source matters to what is said of a table alone
    table = (draft.table, draft.line) if draft.table else None
    rest = draft.kind, draft.scale, draft.inset, draft.hang, sorted(draft.struck), draft.align, table
    said = repr((settings, rest, script and (script.items, script.words, script.times, script.ends)))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass") + (_columns(script) if script else b"")).digest()


def _columns(script: Script) -> bytes:
    columns = script.word, script.letter, script.place, script.space, script.newlines
    flags = script.breakable, script.weak, script.optional
    return b"".join(column.tobytes() for column in (*columns, *flags))
