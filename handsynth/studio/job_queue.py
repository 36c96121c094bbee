"""The queue of jobs: how many jobs are worked on at a time, how many wait, how long each may take."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from handsynth.studio.limits import Limits
from handsynth.studio.refusal import Refusal

T = TypeVar("T")


class Deadline:
    """When a job has to be done. Jobs call `check` (or report progress) now and then; threads cannot be stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.end, self.cancelled = seconds, time.monotonic() + seconds, False

    def check(self, done: int = 0, count: int = 0) -> None:
        """Raises Refusal when time is up, or nobody waits for the answer any more."""
        if self.cancelled:
            raise Refusal(503, "nobody waits for this any more")
        if time.monotonic() > self.end:
            raise Refusal(503, f"this takes longer than {self.seconds:g} s; ask for less at a time")


class JobQueue:
    """Runs jobs in threads: `limits.workers` at a time, in order of arrival, with a queue of `limits.queue`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.slots = asyncio.Semaphore(limits.workers)
        self.waiting = self.working = 0
        self.threads = ThreadPoolExecutor(limits.workers, "job")

    def close(self) -> None:
        self.threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, job: Callable[[Deadline], T]) -> T:
        """The result of `job`. Raises Refusal (503) where too much waits, or it takes too long; what it raises."""
        await self._take()
        deadline = Deadline(self.limits.seconds)
        future = self._start(lambda: job(deadline))
        future.add_done_callback(self._leave_from_thread(asyncio.get_running_loop()))
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            deadline.cancelled = True
            raise

    async def stream(self, job: Callable[[Deadline], Iterator[T]]) -> AsyncGenerator[T, None]:
        """What `job` yields, piece by piece, in one turn of the queue; to be closed (`aclose`) by who takes it."""
        await self._take()
        deadline = Deadline(self.limits.seconds)
        pieces: Iterator[T] = iter(())
        last: Future[Any]
        last = begin = self._start(lambda: job(deadline))
        try:
            pieces = await asyncio.wrap_future(begin)
            while True:
                last = step = self._start(lambda: next(pieces, None))
                if (piece := await asyncio.wrap_future(step)) is None:
                    return
                yield piece
        finally:
            deadline.cancelled = True
            closing = self._start(lambda: _close(pieces, last))
            closing.add_done_callback(self._leave_from_thread(asyncio.get_running_loop()))

    async def _take(self) -> None:
        if self.slots.locked() and self.waiting >= self.limits.queue:
            raise Refusal(503, "too much is being written here at the moment; try again in a moment", 2)
        self.waiting += 1
        try:
            await asyncio.wait_for(self.slots.acquire(), self.limits.wait)
        except TimeoutError:
            raise Refusal(503, "too much is being written here at the moment; try again in a moment", 2) from None
        finally:
            self.waiting -= 1
        self.working += 1

    def _start(self, work: Callable[[], T]) -> Future[T]:
        return self.threads.submit(work)

    def _leave_from_thread(self, loop: asyncio.AbstractEventLoop) -> Callable[[object], None]:
        def leave() -> None:
            self.working -= 1
            self.slots.release()

        def called(_: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(leave)

        return called


def _close(pieces: Iterator[Any], last: Future[Any]) -> None:
    """Close a generator, as soon as it does not run any more."""
    wait([last])
    if isinstance(pieces, Generator):
        pieces.close()
