"""Work in other processes: one that dies is replaced, and none outlives the one that began it.

The results are the same, whatever the number of workers. Processes are fresh interpreters: forks of a process in which
onnxruntime has threads can hang.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

from handsynth import dials
from handsynth.errors import OutputError

if TYPE_CHECKING:  # imported where there are several workers: most commands have one
    from concurrent.futures import Future

Do: TypeAlias = Callable[[str, Any], Any]
"""Does a job: gets what is to be made, in words, and of what."""

JobRunner: TypeAlias = Callable[[str, Iterable[Any]], Iterator[Any]]
"""Has a job done with each item: gives the results in the order of the items, which are taken only as they are needed,
and raises what a job raised."""

TRIES = 3
"""Times that a job is begun, if the process that does it dies."""

AHEAD = 2
"""Jobs a worker that wait or are done and not yet taken, which bounds the memory."""

TELL = 0.5
"""Seconds between what a process tells of its job."""


@contextlib.contextmanager
def in_order(begin: Callable[[], Do], workers: int = 1) -> Iterator[JobRunner]:
    """Some workers, for a `with` block. `begin` gives what does the jobs; with one worker it is called here, else in
    each process, so that it has to be picklable. Raises InputError for a number of workers that cannot be."""
    dials.check("workers", workers)
    if workers > 1:
        with WorkerPool(begin, workers) as pool:
            yield pool.in_order
        return
    do = begin()

    def run(job: str, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            yield do(job, item)

    yield run


class WorkerPool:
    """Some processes that do jobs; use it in a `with` block, at the end of which they are gone."""

    def __init__(self, begin: Callable[[], Do], workers: int) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.workers = workers
        self._begin = begin
        self._threads = ThreadPoolExecutor(workers)  # each of them waits for a process of its own
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._running: set[_Worker] = set()
        self._closed = False

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
            running = list(self._running)
        for worker in running:
            worker.process.terminate()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._running:
            worker.end()

    def in_order(self, job: str, items: Iterable[Any]) -> Iterator[Any]:
        """Results in the order of `items`, which are taken only as they are needed. Raises what a job raised."""
        waiting: deque[Future[Any]] = deque()
        for item in items:
            waiting.append(self._threads.submit(self._do, job, item))
            if len(waiting) >= AHEAD * self.workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def as_done(self, jobs: Iterable[tuple[str, Any]], told: Callable[[Any], None]) -> Iterator[Any]:
        """Results as they come; `told` gets what jobs tell meanwhile. Raises what a job raised."""
        from concurrent.futures import Future

        news: SimpleQueue[Any] = SimpleQueue()
        left = 0
        for job in jobs:
            self._threads.submit(self._do, *job, news.put).add_done_callback(news.put)
            left += 1
        while left:
            new = news.get()
            if isinstance(new, Future):
                left -= 1
                yield new.result()
            else:
                told(new)

    def _do(self, job: str, item: Any, told: Callable[[Any], None] | None = None) -> Any:
        """Have a job done by this thread's process; raises OutputError if that dies each time."""
        for _ in range(TRIES):
            worker = self._worker()
            try:
                kind, answer = worker.do(job, item, told)
            except (EOFError, OSError):
                self._leave(worker)
                continue
            if kind == "raised":
                raise answer
            return answer
        raise OutputError(_why(worker, job))

    def _worker(self) -> _Worker:
        worker: _Worker | None = getattr(self._mine, "worker", None)
        if worker is None:
            self._mine.worker = worker = _Worker(self._begin)
        self._note(worker, runs=True)
        return worker

    def _leave(self, worker: _Worker) -> None:
        self._note(worker, runs=False)
        self._mine.worker = None
        worker.end()

    def _note(self, worker: _Worker, runs: bool) -> None:
        """Note which processes run. Raises CancelledError once the pool is closed: who closes it ends what runs."""
        from concurrent.futures import CancelledError

        with self._lock:
            if runs:
                self._running.add(worker)
            if self._closed:
                raise CancelledError
            if not runs:
                self._running.discard(worker)


class _Worker:
    """One process and the pipe to it, which ends when the process does."""

    def __init__(self, begin: Callable[[], Do]) -> None:
        import multiprocessing

        self.begun = False
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, begin), daemon=True)
        with _uninterrupted():
            self.process.start()
        theirs.close()

    def do(self, job: str, item: Any, told: Callable[[Any], None] | None) -> tuple[str, Any]:
        """("done", its result) of a job, or ("raised", an error). Raises EOFError or OSError if the process dies."""
        if not self.begun:
            self._pipe.recv()
            self.begun = True
        self._pipe.send((job, item))
        while True:
            kind, answer = self._pipe.recv()
            if kind != "told":
                return kind, answer
            if told:
                told(answer)

    def end(self) -> None:
        self.process.terminate()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self._pipe.close()


def _why(worker: _Worker, job: str) -> str:
    if not worker.begun:
        return (
            f"the processes of --workers cannot begin (exit code {worker.process.exitcode}); "
            "in a script, ask for workers under: if __name__ == '__main__'"
        )
    return (
        f"the process that made {job} died {TRIES} times (too little memory?); "
        "use fewer --workers, and give the same command again"
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


_teller: Callable[[Any], None] | None = None


def tell(what: Any) -> None:
    """Tell who waits for a job how far it is, now and then; called by the job, in its process."""
    if _teller:
        _teller(what)


def _serve(pipe: Any, begin: Callable[[], Do]) -> None:
    """Do jobs until the pipe ends."""
    global _teller
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    _teller = _telling(pipe)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(None)
        do: Do | None = None
        while True:
            job = pipe.recv()
            try:
                do = do or begin()
                answer = "done", do(*job)
            except Exception as error:
                answer = "raised", error
            pipe.send(answer)


def _telling(pipe: Any) -> Callable[[Any], None]:
    told = time.monotonic()

    def tell(what: Any) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL:
            told = time.monotonic()
            pipe.send(("told", what))

    return tell


def _follow() -> None:
    """End with the parent, even if that was killed: what is half made would be in the way of who goes on."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
