"""Making a corpus, shard by shard: here in some processes, or on a cluster; what is done is never done again."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

from handsynth import dials
from handsynth.corpus import containers, index
from handsynth.corpus.manifest import CorpusPlan, Shard, finish, gather, notes
from handsynth.corpus.store import Store
from handsynth.corpus.task import Seen, Task, begin, loaded
from handsynth.dials import DIALS
from handsynth.errors import InputError, option
from handsynth.workers import WorkerPool

PRODUCER = "handsynth.corpus.entries:producer"
"""What makes entries: a function of the recipe's JSON, by its module and name. What it returns has `entries(first,
count)` and `metadata`, a mapping; it may have `notes()`, remarks in one line each."""

MOST = int(dials.limits("corpus.count")[1])
"""Samples of a corpus: keys have nine digits."""


def run(
    recipe: str,
    out: str,
    *,
    container: str = dials.default("corpus.container"),
    shard: int = dials.default("corpus.shard"),
    count: int = dials.default("corpus.count"),
    start: int = 0,
    workers: int = dials.default("workers"),
    engine: str = dials.default("corpus.engine"),
    address: str = "auto",
    producer: str = PRODUCER,
    progress: Callable[[int, int], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> Mapping[str, Any]:
    """Make samples `start` … `start + count - 1` of the corpus of `recipe` (JSON) in `out`; returns its manifest.

    A folder or URL that holds a part of the same corpus is continued: what is missing or cut off is made, a shard that
    holds more than is asked for stays. Shards are the same whoever makes them. `progress` is called with samples done
    and in all, at first with those that were done before; `say` with remarks on the texts. Raises InputError for what
    cannot be, and for an `out` that holds something else; OutputError where it cannot be written: what is done is kept,
    and the same call goes on.
    """
    for name, value in (("corpus.shard", shard), ("corpus.count", count), ("workers", workers)):
        dials.check(name, value, option(DIALS[name].option))
    if start < 0 or start % shard or start + count > MOST:
        raise InputError(f"start is {start}; give a multiple of the shard's {shard:,} samples, below {MOST:,} in all")
    dials.check("corpus.engine", engine, option("engine"))
    if engine == "ray":
        from handsynth.corpus.engine_ray import check

        containers.needed("ray", "cluster")  # before anything is written
        check(address)
    kind = containers.find(container)
    made = loaded(producer)(recipe)
    notes_of = made.notes() if hasattr(made, "notes") else []
    if say:
        for line in notes_of:
            say(line)
    store = Store(out)
    plan = CorpusPlan(json.loads(recipe), container, shard, dict(made.metadata))
    plan.claim(store)
    wanted = [
        Task(recipe, producer, plan.metadata, store.place, container, at // shard, at, min(shard, start + count - at))
        for at in range(start, start + count, shard)
    ]
    known = notes(store)
    sizes = store.sizes(kind.place.rpartition("/")[0])
    todo = [task for task in wanted if not _done(task, known, sizes)]
    done = count - sum(task.count for task in todo)
    store.sweep()
    begun: dict[int, int] = {}  # samples of shards that are not done

    def seen(number: int, some: int) -> None:
        begun[number] = some
        if progress:
            progress(done + sum(begun.values()), count)

    if progress:
        progress(done, count)
    try:
        # closed before the sweep: then nobody is at work any more
        with closing(_shards(todo, made, workers, engine, address, seen)) as finished:
            for each in finished:
                known[each.number] = each
                done += each.count
                begun.pop(each.number, None)
                if progress:
                    progress(done + sum(begun.values()), count)
    finally:
        # what a process left that died
        store.sweep()
    whole = gather(store, plan, known)
    return finish(store, whole, index.write(store, whole))


def _done(task: Task, known: Mapping[int, Shard], sizes: Mapping[str, int | None]) -> bool:
    """Whether a shard is known, and still there in full."""
    shard = known.get(task.number)
    file = task.name.rpartition("/")[2]
    return (
        shard is not None
        and shard.first == task.first
        and shard.count >= task.count
        and file in sizes
        and sizes[file] in (shard.bytes, None)
    )


def _shards(
    todo: Sequence[Task], made: Any, workers: int, engine: str, address: str, seen: Seen
) -> Generator[Shard, None, None]:
    """The shards of `todo`, as they are done; `seen` is told how far the others are, but by a cluster."""
    if not todo:
        return
    if engine == "ray":
        from handsynth.corpus.engine_ray import shards as on_ray

        yield from on_ray(todo, address)
    elif workers == 1:
        yield from (task.do(made, seen) for task in todo)
    else:
        with WorkerPool(begin, workers) as pool:
            yield from pool.as_done(((f"shard {task.number}", task) for task in todo), lambda told: seen(*told))
