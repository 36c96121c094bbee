"""The studio on a port of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from handsynth.errors import InputError
from handsynth.model.model import Model
from handsynth.studio.app import create_app
from handsynth.studio.connections import Connections
from handsynth.studio.guard import LOCAL
from handsynth.studio.limits import Limits

PORT = 8765
BACKLOG = 512


def listen(host: str, port: int | None) -> socket.socket:
    """A socket on `port` (0: any that is free; None: PORT, or any). Raises InputError where there is none."""
    tried = [PORT, 0] if port is None else [port]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in tried:
        # named as TCP, it gets TCP_NODELAY from asyncio; else each answer would wait 40 ms
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, number))
            found.listen(BACKLOG)
            return found
        except (OSError, OverflowError) as error:
            found.close()
            reason = getattr(error, "strerror", None) or error
            failed = InputError(f"cannot listen on {host} port {number}: {reason}; give another --port or --host")
    raise failed


def serve(
    model: Model,
    limits: Limits,
    place: socket.socket,
    *,
    token: str | None = None,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until interrupted. Anybody may ask by any name where the socket is not on the loopback."""
    host = str(place.getsockname()[0])
    guard = create_app(model, limits, names=LOCAL if host in LOCAL or host.startswith("127.") else None, token=token)
    connections = Connections(limits, guard.metrics)
    config = uvicorn.Config(
        connections.application(guard),
        http=connections.protocol(H11Protocol),  # type: ignore[arg-type]
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=32 << 10,
    )

    async def run() -> None:
        server = uvicorn.Server(config)
        watch = asyncio.ensure_future(connections.watch())
        serving = asyncio.ensure_future(server.serve([place]))
        while not (server.started or serving.done()):
            await asyncio.sleep(0.01)
        if server.started:
            ready()
        await serving
        watch.cancel()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())
