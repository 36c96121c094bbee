"""Shards on a Ray cluster: the same tasks, on whatever machines it has."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing

from handsynth.corpus.containers import needed
from handsynth.corpus.manifest import Shard
from handsynth.corpus.run import TRIES, Task, work
from handsynth.errors import InputError, OutputError

PATIENCE = 5.0
"""Seconds until a cluster has to answer."""


def shards(todo: Sequence[Task], address: str) -> Iterator[Shard]:
    """Shards as they are done on the cluster at `address` (HOST:PORT, or auto: the one that this machine is part of).

    A task whose process or machine dies is begun again elsewhere. Raises InputError where there is no cluster.
    """
    # nothing is to be reported to anybody
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_DEDUP_LOGS", "0")
    ray = needed("ray", "cluster")
    _check(address)
    ours = not ray.is_initialized()
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", ignore_reinit_error=True)
    except Exception as error:  # Ray's own errors share no base
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"there is no Ray cluster at {address}: {said[:200]}; start one, or use --engine local"
        ) from error
    remote = ray.remote(max_retries=TRIES)(work)
    waiting = [remote.remote(task) for task in todo]
    try:
        while waiting:
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


def _check(address: str) -> None:
    """Raises InputError at once where nobody listens: Ray itself would try for a minute."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdigit():
        return
    try:
        with closing(socket.create_connection((host or "127.0.0.1", int(port)), PATIENCE)):
            pass
    except (OSError, OverflowError) as error:
        raise InputError(f"there is no Ray cluster at {address}: {error}; start one, or use --engine local") from error
