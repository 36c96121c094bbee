"""Connections that say nothing are closed, so that thousands of them cannot keep others out (Slowloris).

uvicorn closes connections that are idle between requests, not those that never finish one. What a connection does is
seen from outside: by asyncio's interface of protocols, around the server's own, and by an ASGI layer, around the
application; nothing of the server's is overridden.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from handsynth.studio.guard import Application, Message, Receive, Scope, Send
from handsynth.studio.limits import Limits
from handsynth.studio.metrics import ServerMetrics

_spoke: ContextVar[Connection | None] = ContextVar("_spoke", default=None)
"""Which connection's data made the server ask the application: tasks are made with the context of what makes them."""


class Connections:
    """All open connections of a server."""

    def __init__(self, limits: Limits, metrics: ServerMetrics) -> None:
        self.limits, self.metrics = limits, metrics
        self.open: dict[Connection, float] = {}
        """Since when each waits for what it waits for; the oldest first where nothing has been asked yet."""

    def protocol(self, served: Callable[..., asyncio.Protocol]) -> Callable[..., Connection]:
        """Makes connections of what makes the server's own."""

        def make(*args: Any, **named: Any) -> Connection:
            return Connection(self, served(*args, **named))

        return make

    def application(self, app: Application) -> Application:
        """`app`, which says of each request that it was asked and that it was answered."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            connection = _spoke.get()
            if connection is None or scope["type"] != "http":
                await app(scope, receive, send)
                return
            answered = False

            def end() -> None:
                nonlocal answered
                if not answered:
                    answered = True
                    connection.asked(-1)

            async def answer(message: Message) -> None:
                await send(message)
                if message["type"] == "http.response.body" and not message.get("more_body", False):
                    end()

            connection.asked(1)
            try:
                await app(scope, receive, answer)
            finally:
                end()

        return watched

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


class Connection(asyncio.Protocol):
    """One connection: silent until it has asked for something, and again when that was answered."""

    transport: asyncio.Transport

    def __init__(self, all_of_them: Connections, served: asyncio.Protocol) -> None:
        self.all, self.served = all_of_them, served
        self.requests = 0
        """That wait for their answers."""

    @property
    def silent(self) -> bool:
        return not self.requests

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.served.connection_made(transport)
        self.all.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.all.remove(self)
        self.served.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = _spoke.set(self)
        try:
            self.served.data_received(data)
        finally:
            _spoke.reset(before)

    def eof_received(self) -> bool | None:
        return self.served.eof_received()

    def pause_writing(self) -> None:
        self.served.pause_writing()

    def resume_writing(self) -> None:
        self.served.resume_writing()

    def asked(self, requests: int) -> None:
        """It has so many more requests open."""
        silent = self.silent
        self.requests += requests
        if silent != self.silent and self in self.all.open:
            # to the end of the line
            self.all.open.pop(self)
            self.all.open[self] = time.monotonic()
