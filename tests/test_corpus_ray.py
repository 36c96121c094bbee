"""Shards on a Ray cluster: the same as here, also where one of its processes is killed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handsynth.corpus.run import run
from handsynth.errors import InputError, OutputError

TESTS = str(Path(__file__).parent)
PRODUCER = "small_producer:producer"


def make(out: Path, dials: dict, **how):
    return run(json.dumps(dials), str(out), producer=PRODUCER, shard=50, count=600, **how)


def content(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def cluster():
    """A cluster of this machine alone, as `ray start` makes it."""
    environment = os.environ | {
        "RAY_USAGE_STATS_ENABLED": "0",
        "PYTHONPATH": TESTS + os.pathsep + os.environ.get("PYTHONPATH", ""),
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ray = str(Path(sys.executable).with_name("ray"))
    start = [ray, "start", "--head", f"--port={port}", "--node-ip-address=127.0.0.1", "--num-cpus=3"]
    start += ["--object-store-memory=80000000", "--include-dashboard=false", "--disable-usage-stats"]
    done = subprocess.run(start, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    try:
        yield f"127.0.0.1:{port}"
    finally:
        subprocess.run([ray, "stop", "--force"], env=environment, capture_output=True, timeout=120)


def test_a_cluster_makes_the_same_shards_though_a_process_of_it_is_killed(cluster, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(TESTS)
    dials = {"dies_at": 330, "died": str(tmp_path / "died"), "pause": 0.001}
    seen = []
    made = make(tmp_path / "ray", dials, engine="ray", address=cluster, progress=lambda *at: seen.append(at))
    assert (tmp_path / "died").exists()  # it was killed, in the middle of a shard
    assert seen[0] == (0, 600) and seen[-1] == (600, 600) and made["samples"] == 600
    make(tmp_path / "here", dials)
    assert content(tmp_path / "ray") == content(tmp_path / "here")


def test_what_fails_on_the_cluster_is_said_in_one_line(cluster, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(TESTS)
    with pytest.raises((OutputError, InputError), match="sample 150 cannot be made") as caught:
        make(tmp_path / "out", {"fails_at": 150}, engine="ray", address=cluster)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:99999", "no.such.host.invalid:6379"])
def test_a_cluster_that_is_not_there_is_said_at_once(tmp_path, address):
    begun = time.monotonic()
    with pytest.raises(InputError, match="no Ray cluster"):
        make(tmp_path / "out", {}, engine="ray", address=address)
    assert time.monotonic() - begun < 30
