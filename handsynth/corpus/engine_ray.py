"""Shards on a Ray cluster: the same tasks, on whatever machines it has."""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from handsynth.corpus.containers import needed
from handsynth.corpus.manifest import Shard
from handsynth.corpus.task import Task, work
from handsynth.errors import InputError, OutputError
from handsynth.workers import TRIES

PATIENCE = 5.0
"""Seconds until a cluster has to answer."""

AHEAD = 1000
"""Shards that the cluster knows of at a time: enough to grow for, few enough to look through."""

_HELLO = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
"""How a client of gRPC begins: RFC 9113, section 3.4, with empty settings (section 6.5)."""


def shards(todo: Sequence[Task], address: str) -> Iterator[Shard]:
    """Shards as they are done on the cluster at `address` (HOST:PORT, or auto: the one that this machine is part of).

    A task whose process or machine dies is begun again elsewhere. Raises InputError where there is no cluster.
    """
    # nothing is to be reported to anybody
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_DEDUP_LOGS", "0")
    # a cluster that is gone is tried for minutes otherwise
    os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "2")
    ray = needed("ray", "cluster")
    ours = not ray.is_initialized()
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", ignore_reinit_error=True)
    except Exception as error:  # Ray's own errors share no base
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"there is no Ray cluster at {address}: {said[:200]}; start one, or use --engine local"
        ) from error
    remote = ray.remote(max_retries=TRIES)(_work)
    left, waiting = deque(todo), list[Any]()
    try:
        while left or waiting:
            while left and len(waiting) < AHEAD:
                waiting.append(remote.remote(left.popleft(), os.getcwd()))
            ready, waiting = ray.wait(waiting)
            for each in ready:
                yield ray.get(each)
    except ray.exceptions.RayTaskError as error:
        said = (str(error.cause).strip().splitlines() or [type(error.cause).__name__])[-1]
        raise OutputError(
            f"a shard failed on the cluster: {said[:300]}; give the same command again to go on"
        ) from error
    except ray.exceptions.RayError as error:
        said = (str(error).strip().splitlines() or [""])[0]
        raise OutputError(f"the cluster lost a shard: {said[:300]}; give the same command again to go on") from error
    finally:
        for each in waiting:
            ray.cancel(each, force=True)
        if ours:
            ray.shutdown()


def _work(task: Task, folder: str) -> Shard:
    """Do a task in `folder`, if this machine has it: the recipe may name files as they are seen from there."""
    if os.path.isdir(folder):
        os.chdir(folder)
    return work(task)


def check(address: str) -> None:
    """Raises InputError soon where no cluster listens: Ray itself would try for many minutes."""
    if address == "auto":
        address = os.environ.get("RAY_ADDRESS", address)
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return
    try:
        with closing(socket.create_connection((host.strip("[]") or "127.0.0.1", int(port)), PATIENCE)) as line:
            if os.environ.get("RAY_USE_TLS", "0") != "0":
                return
            line.sendall(_HELLO)
            # a frame of settings, whose kind is 4, is the first thing that a server says
            answer = line.recv(9)
            if len(answer) < 4 or answer[3] != 4:
                raise OSError("what listens there is something else")
    except (OSError, OverflowError, UnicodeError) as error:
        raise InputError(f"there is no Ray cluster at {address}: {error}; start one, or use --engine local") from error
