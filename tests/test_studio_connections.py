"""Which connections are silent is seen from outside, whatever server makes them."""

from __future__ import annotations

import asyncio
import inspect

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol

from handsynth.studio.connections import Connection, Connections
from handsynth.studio.limits import Limits
from handsynth.studio.metrics import ServerMetrics


class Transport(asyncio.Transport):
    dropped = False

    def abort(self) -> None:
        self.dropped = True


class Lines(asyncio.Protocol):
    """A server that asks the application once for each byte, all at once."""

    def __init__(self, app) -> None:
        self.app, self.tasks = app, []

    def data_received(self, data: bytes) -> None:
        async def send(message) -> None:
            pass

        for _ in data:
            self.tasks.append(asyncio.ensure_future(self.app({"type": "http"}, None, send)))


def _opened(all_of_them: Connections, app) -> Connection:
    connection = all_of_them.protocol(Lines)(all_of_them.application(app))
    connection.connection_made(Transport())
    return connection


@pytest.fixture
def connections() -> Connections:
    return Connections(Limits().set(["header_seconds=0.05", "answer_seconds=30", "connections=3"]), ServerMetrics())


def test_a_connection_is_silent_but_while_it_waits_for_answers(connections):
    async def run() -> None:
        told, after = asyncio.Event(), asyncio.Event()

        async def app(scope, receive, send) -> None:
            await told.wait()
            await send({"type": "http.response.start"})
            await send({"type": "http.response.body", "more_body": True})
            assert not connection.silent
            await send({"type": "http.response.body"})
            await after.wait()

        connection, other = _opened(connections, app), _opened(connections, app)
        assert connection.silent
        connection.data_received(b"12")
        await asyncio.sleep(0.1)
        assert not connection.silent and other.silent
        connections.sweep()
        assert other.transport.dropped and not connection.transport.dropped
        told.set()
        await asyncio.sleep(0.01)
        assert connection.silent and not any(task.done() for task in connection.served.tasks)
        after.set()
        await asyncio.gather(*connection.served.tasks)
        assert connection.silent  # said once of each answer
        await asyncio.sleep(0.1)
        connections.sweep()
        assert connection.transport.dropped and not connections.open

    asyncio.run(run())


def test_an_application_that_fails_has_answered(connections):
    async def run() -> None:
        async def app(scope, receive, send) -> None:
            raise ValueError

        connection = _opened(connections, app)
        connection.data_received(b"1")
        assert isinstance((await asyncio.gather(*connection.served.tasks, return_exceptions=True))[0], ValueError)
        assert connection.silent

    asyncio.run(run())


def test_of_too_many_the_one_that_is_silent_longest_goes(connections):
    async def run() -> None:
        async def app(scope, receive, send) -> None:
            await asyncio.Event().wait()

        busy, *silent = (_opened(connections, app) for _ in range(3))
        busy.data_received(b"1")
        await asyncio.sleep(0)
        _opened(connections, app)
        assert [one.transport.dropped for one in (busy, *silent)] == [False, True, False]
        for task in busy.served.tasks:
            task.cancel()

    asyncio.run(run())


def test_nothing_of_the_server_is_overridden():
    """All that asyncio calls in the server's protocol is passed on, and no class of uvicorn is inherited."""
    assert Connection.__mro__[1] is asyncio.Protocol
    called = {name for name, _ in inspect.getmembers(asyncio.Protocol, inspect.isfunction)}
    assert called - {"__init__"} <= vars(Connection).keys()
    assert issubclass(H11Protocol, asyncio.Protocol)
