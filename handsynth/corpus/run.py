"""Making a corpus, shard by shard: here in some processes, or on a cluster; what is done is never done again."""

from __future__ import annotations

import concurrent.futures as futures
import json
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from handsynth.corpus import containers
from handsynth.corpus.manifest import Plan, Shard, finish, note, noted, notes
from handsynth.corpus.store import Store, digest
from handsynth.errors import InputError, OutputError

PRODUCER = "handsynth.corpus.entries:producer"
"""What makes entries: a function of the recipe's JSON, by its module and name. What it returns has `entries(first,
count)` and `facts`, a mapping."""

TRIES = 3
"""Times that a shard is begun, if the process that makes it dies."""

MOST = 10**9
"""Samples of a corpus: keys have nine digits."""


@dataclass(frozen=True)
class Task:
    """One shard to be made; plain data, for other processes and machines."""

    recipe: str
    producer: str
    out: str
    container: str
    number: int
    first: int
    count: int

    def do(self, made: Any) -> Shard:
        """Make the shard with the producer `made`, put it into its place and remember it."""
        kind = containers.find(self.container)
        store = Store(self.out)
        name = kind.place.format(k=self.number)
        with store.making(name) as path:
            count = kind.write(iter(made.entries(self.first, self.count)), path)
            if count != self.count:
                raise OutputError(
                    f"shard {self.number} has {count} samples, not {self.count}; this is an error of ours"
                )
            size, sha = digest(path)
        shard = Shard(self.number, name, self.first, self.count, size, sha)
        note(store, shard)
        return shard


def run(
    recipe: str,
    out: str,
    *,
    container: str = "webdataset",
    shard: int = 1000,
    count: int = 1000,
    start: int = 0,
    workers: int = 1,
    engine: str = "local",
    address: str = "auto",
    producer: str = PRODUCER,
    progress: Callable[[int, int], None] | None = None,
) -> Mapping[str, Any]:
    """Make samples `start` … `start + count - 1` of the corpus of `recipe` (JSON) in `out`; returns its manifest.

    A folder or URL that holds a part of the same corpus is continued. Shards are the same whoever makes them.
    `progress` is called with samples done and in all. Raises InputError for what cannot be, and for an `out` that holds
    something else; OutputError where it cannot be written: what is done is kept, and the same call goes on.
    """
    for name, value, most in (("shard", shard, 10**7), ("count", count, MOST), ("workers", workers, 1024)):
        if not 1 <= value <= most:
            raise InputError(f"{name} is {value}; give a whole number from 1 to {most:,}")
    if start < 0 or start % shard or start + count > MOST:
        raise InputError(f"start is {start}; give a multiple of the shard's {shard:,} samples, below {MOST:,} in all")
    if engine not in ("local", "ray"):
        raise InputError(f"the engine {engine[:30]!r} is unknown; use local or ray")
    kind = containers.find(container)
    made = loaded(producer)(recipe)
    store = Store(out)
    plan = Plan(json.loads(recipe), container, shard, dict(made.facts))
    plan.claim(store)
    wanted = [
        Task(recipe, producer, str(out), container, at // shard, at, min(shard, start + count - at))
        for at in range(start, start + count, shard)
    ]
    there = notes(store)
    todo = [task for task in wanted if not _done(task, there)]
    done = count - sum(task.count for task in todo)
    names = {kind.place.format(k=task.number) for task in todo} | {noted(task.number) for task in todo}
    store.sweep(names)
    if progress:
        progress(done, count)
    if engine == "ray":
        from handsynth.corpus.engine_ray import shards as on_ray

        finished = on_ray(todo, address)
    elif workers == 1:
        finished = (task.do(made) for task in todo)
    else:
        finished = _pooled(todo, min(workers, max(1, len(todo))))
    try:
        for each in finished:
            done += each.count
            if progress:
                progress(done, count)
    finally:
        # what a process left that died
        store.sweep(names)
    if container == "parquet":
        from handsynth.corpus.hub import readme

        store.write("README.md", readme(plan))
    return finish(store, plan)


def _done(task: Task, there: Mapping[int, Shard]) -> bool:
    shard = there.get(task.number)
    return shard is not None and (shard.first, shard.count) == (task.first, task.count)


def loaded(producer: str) -> Callable[[str], Any]:
    """The function that `producer` names, like `package.module:function`."""
    module, _, name = producer.partition(":")
    found: Callable[[str], Any] = getattr(import_module(module), name)
    return found


_made: dict[tuple[str, str], Any] = {}


def work(task: Task) -> Shard:
    """Do a task in a process of its own, which keeps the producer for the next one."""
    key = task.producer, task.recipe
    if key not in _made:
        _made.clear()
        _made[key] = loaded(task.producer)(task.recipe)
    return task.do(_made[key])


def _pooled(todo: Sequence[Task], workers: int) -> Iterator[Shard]:
    """Shards as they are done, by fresh processes; one that dies is replaced, and its shard begun again."""
    left = {task.number: task for task in todo}
    tries: Counter[int] = Counter()
    while left:
        # fresh interpreters: forks of a process with threads may hang
        pool = futures.ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
        try:
            running = {pool.submit(work, task): task for task in left.values()}
            for future in futures.as_completed(running):
                shard = future.result()
                del left[shard.number]
                yield shard
        except BrokenProcessPool as error:
            # any of those that were at work may be to blame; the first ones of what is left were
            for number in list(left)[:workers]:
                tries[number] += 1
                if tries[number] >= TRIES:
                    raise OutputError(
                        f"the process that made shard {number} died {TRIES} times (too little memory?); "
                        "use fewer --workers, and give the same command again to go on"
                    ) from error
        except BaseException:
            running_ones = list((pool._processes or {}).values())
            for process in running_ones:
                process.terminate()
            for process in running_ones:
                process.join(5)
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
