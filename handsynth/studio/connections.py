"""Connections that say nothing are closed, so that thousands of them cannot keep others out (Slowloris).

uvicorn closes connections that are idle between requests, not those that never finish one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from handsynth.studio.limits import Limits
from handsynth.studio.metrics import ServerMetrics


class Connections:
    """All open connections of a server."""

    def __init__(self, limits: Limits, metrics: ServerMetrics) -> None:
        self.limits, self.metrics = limits, metrics
        self.open: dict[Connection, float] = {}
        """Since when each waits for what it waits for; the oldest first where nothing has been asked yet."""

    def protocol(self) -> Callable[..., Connection]:
        def make(*args: Any, **named: Any) -> Connection:
            return Connection(self, *args, **named)

        return make

    def add(self, connection: Connection) -> None:
        self.open[connection] = time.monotonic()
        if len(self.open) > self.limits.connections:
            silent = (other for other in self.open if other.silent and other is not connection)
            self.drop(next(silent, connection))
        self.metrics.connections.set(len(self.open))

    def remove(self, connection: Connection) -> None:
        self.open.pop(connection, None)
        self.metrics.connections.set(len(self.open))

    def drop(self, connection: Connection) -> None:
        self.remove(connection)
        self.metrics.dropped.inc()
        connection.transport.abort()

    def sweep(self) -> None:
        """Close what has been silent, or has not taken its answer, for too long."""
        now = time.monotonic()
        for connection, since in list(self.open.items()):
            limit = self.limits.header_seconds if connection.silent else self.limits.answer_seconds
            if now - since > limit:
                self.drop(connection)

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self.limits.header_seconds / 4))
            self.sweep()


class Connection(H11Protocol):
    """One connection: silent until it has asked for something, and again when that was answered."""

    def __init__(self, all_of_them: Connections, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.all = all_of_them
        self.silent = True

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.all.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.all.remove(self)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        super().handle_events()
        self._turn(self.cycle is None or self.cycle.response_complete)

    def on_response_complete(self) -> None:
        self._turn(True)
        super().on_response_complete()

    def _turn(self, silent: bool) -> None:
        if silent != self.silent and self in self.all.open:
            self.silent = silent
            # to the end of the line
            self.all.open.pop(self)
            self.all.open[self] = time.monotonic()
