"""Shards made by processes of this machine: one that dies is replaced, and none outlives the one that began it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from multiprocessing import connection
from typing import Any

from handsynth.corpus.manifest import Shard
from handsynth.corpus.task import TRIES, Seen, Task, work
from handsynth.errors import OutputError

TELL = 0.5
"""Seconds between what a process tells of its shard."""


def shards(todo: Sequence[Task], workers: int, seen: Seen | None = None) -> Iterator[Shard]:
    """Shards as they are done, by fresh processes; `seen` is told how far each is. Raises what a task raised, and
    OutputError for one that cannot be done because its process dies each time."""
    # fresh interpreters: forks of a process with threads may hang
    context = multiprocessing.get_context("spawn")
    waiting, tries = deque(todo), Counter[int]()
    running: dict[Any, _Worker] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                worker = _Worker(context, waiting.popleft())
                running[worker.pipe] = worker
            for pipe in connection.wait(list(running)):
                worker = running[pipe]
                try:
                    answer = worker.pipe.recv()
                except (EOFError, OSError):  # it died
                    del running[pipe]
                    worker.end()
                    tries[worker.task.number] += 1
                    if tries[worker.task.number] >= TRIES:
                        raise OutputError(_why(worker)) from None
                    waiting.appendleft(worker.task)
                    continue
                if answer is None:
                    worker.begun = True
                    continue
                if isinstance(answer, int):
                    if seen:
                        seen(worker.task.number, answer)
                    continue
                if isinstance(answer, BaseException):
                    raise answer
                if waiting:
                    worker.give(waiting.popleft())
                else:
                    del running[pipe]
                    worker.end()
                yield answer
    finally:
        for worker in running.values():
            worker.end()


class _Worker:
    """One process, its task, and the pipe to it, which ends when the process does."""

    def __init__(self, context: Any, task: Task) -> None:
        self.begun = False
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _uninterrupted():
            self.process.start()
        theirs.close()
        self.give(task)

    def give(self, task: Task) -> None:
        self.task = task
        with contextlib.suppress(OSError):  # it is dead, which reading will show
            self.pipe.send(task)

    def end(self) -> None:
        self.process.terminate()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


def _why(worker: _Worker) -> str:
    if not worker.begun:
        return (
            f"the processes of --workers cannot begin (exit code {worker.process.exitcode}); "
            "in a script, call run() under: if __name__ == '__main__'"
        )
    return (
        f"the process that made shard {worker.task.number} died {TRIES} times (too little memory?); "
        "use fewer --workers, and give the same command again to go on"
    )


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that begin in this block never see Ctrl-C, which is for their parent to act on."""
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its start would end the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Any) -> None:
    """Do tasks until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            task = pipe.recv()
            try:
                answer: Any = work(task, _teller(pipe))
            except Exception as error:
                answer = error
            pipe.send(answer)


def _teller(pipe: Any) -> Seen:
    """Sends how many samples of a shard are written, now and then."""
    told = time.monotonic()

    def tell(_: int, count: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL:
            told = time.monotonic()
            pipe.send(count)

    return tell


def _follow() -> None:
    """End with the parent, even if that was killed: what is half made would be in the way of who goes on."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
