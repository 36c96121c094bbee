"""Work in other processes: the same results in the same order, whatever the number of workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, Protocol

from handsynth.errors import HandsynthError, InputError

AHEAD = 2
"""Jobs a worker that wait or are done and not yet taken, which bounds the memory."""


class Worker(Protocol):
    """Does jobs by name; made anew in each process from a plan that can be pickled."""

    def do(self, job: str, item: Any) -> Any: ...


_worker: Worker | None = None


def _enter(make: Callable[[Any], Worker], plan: Any) -> None:
    global _worker
    _worker = make(plan)


def _do(job: str, item: Any) -> Any:
    assert _worker is not None
    return _worker.do(job, item)


class WorkerPool:
    """Some workers; use it in a `with` block. With one, all is done in this process."""

    def __init__(self, make: Callable[[Any], Worker], plan: Any, workers: int = 1) -> None:
        if not 1 <= workers <= 256:
            raise InputError(f"workers is {workers}; give 1 to 256")
        self.workers = workers
        self._own: Worker | None = None
        self._pool: ProcessPoolExecutor | None = None
        if workers == 1:
            self._own = make(plan)
        else:
            import multiprocessing

            # a fresh interpreter each: forking a process in which onnxruntime has threads can hang
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(workers, context, _enter, (make, plan))

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, job: str, items: Iterable[Any]) -> Iterator[Any]:
        """Results in the order of `items`, which are taken only as they are needed. Raises what a job raised."""
        if self._own:
            yield from (self._own.do(job, item) for item in items)
            return
        assert self._pool
        waiting: deque[Future[Any]] = deque()
        try:
            for item in items:
                waiting.append(self._pool.submit(_do, job, item))
                if len(waiting) >= AHEAD * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise HandsynthError("a worker process died (out of memory?); run it again with fewer --workers") from error
