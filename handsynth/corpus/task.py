"""Task: one shard to be made, by whatever process of whatever machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from handsynth.corpus import containers
from handsynth.corpus.entry import Entry
from handsynth.corpus.manifest import Shard, forget, note
from handsynth.corpus.store import Store, digest
from handsynth.errors import HandsynthError, InputError, OutputError
from handsynth.workers import Do, tell

Seen = Callable[[int, int], None]
"""Is told the number of a shard, and how many of its samples are written so far."""


@dataclass(frozen=True)
class Task:
    """One shard to be made; plain data, for other processes and machines."""

    recipe: str
    producer: str
    metadata: Mapping[str, str]
    """Of the producer of who asks: no other one will do."""
    out: str
    container: str
    number: int
    first: int
    count: int

    @property
    def name(self) -> str:
        return containers.find(self.container).place.format(k=self.number)

    def do(self, made: Any, seen: Seen | None = None) -> Shard:
        """Make the shard with the producer `made`, put it into its place and remember it."""
        for name, value in self.metadata.items():
            if (other := made.metadata.get(name)) != value:
                raise InputError(
                    f"the {name} is {str(other)[:70]} where shard {self.number} is made, not {value[:70]}; "
                    "let all processes and machines have the same"
                )
        kind = containers.find(self.container)
        store = Store(self.out)
        with store.making(self.name) as path:
            count = kind.write(self._entries(made, seen), path)
            if count != self.count:
                raise OutputError(
                    f"shard {self.number} has {count} samples, not {self.count}; this is an error of ours"
                )
            size, sha = digest(path)
            forget(store, self.number)  # what is known of a shard that this one replaces
        shard = Shard(self.number, self.name, self.first, self.count, size, sha)
        note(store, shard)
        return shard

    def _entries(self, made: Any, seen: Seen | None) -> Iterator[Entry]:
        """The entries, each of them told to `seen` when it is written.

        Whatever goes wrong with one is said in one line that names it.
        """
        index = self.first
        try:
            for entry in made.entries(self.first, self.count):
                yield entry
                index += 1
                if seen:
                    seen(self.number, index - self.first)
        except (HandsynthError, OSError, MemoryError):
            raise
        except Exception as error:
            said = " ".join(str(error).split())[:200]
            raise HandsynthError(
                f"sample {index} cannot be made: {type(error).__name__}: {said}; this is an error of ours, report it"
            ) from error


def loaded(producer: str) -> Callable[[str], Any]:
    """The function that `producer` names, like `package.module:function`."""
    module, _, name = producer.partition(":")
    found: Callable[[str], Any] = getattr(import_module(module), name)
    return found


_made: dict[tuple[str, str], Any] = {}


def work(task: Task, seen: Seen | None = None) -> Shard:
    """Do a task in a process of its own, which keeps the producer for the next one."""
    key = task.producer, task.recipe
    if key not in _made:
        _made.clear()
        _made[key] = loaded(task.producer)(task.recipe)
    return task.do(_made[key], seen)


def begin() -> Do:
    """What a process of a pool does with tasks: makes them, and tells how far it is."""
    return lambda _, task: work(task, lambda *seen: tell(seen))
