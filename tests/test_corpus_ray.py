"""Shards on a Ray cluster: the same as here, also where one of its processes is killed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from handsynth.corpus import engine_ray
from handsynth.corpus.recipe import Recipe
from handsynth.corpus.run import run
from handsynth.errors import InputError, OutputError

TESTS = str(Path(__file__).parent)
PRODUCER = "small_producer:producer"


def make(out: Path | str, dials: dict, **how):
    return run(json.dumps(dials), str(out), producer=PRODUCER, shard=50, count=600, **how)


def content(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def cluster():
    """The address of a cluster of two nodes, both of them here, which nobody reaches from outside."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # which means: loopback alone
        patch.setenv("PYTHONPATH", TESTS + os.pathsep + os.environ.get("PYTHONPATH", ""))
        patch.syspath_prepend(TESTS)
        from ray.cluster_utils import Cluster

        sizes = {"num_cpus": 2, "object_store_memory": 80_000_000}
        made = Cluster(initialize_head=True, head_node_args={"include_dashboard": False, **sizes})
        try:
            made.add_node(**sizes)
            yield made.address
        finally:
            made.shutdown()


def test_a_cluster_makes_the_same_shards_though_a_process_of_it_is_killed(cluster, tmp_path):
    assert cluster.startswith("127.0.0.1:")
    dials = {"dies_at": 330, "died": str(tmp_path / "died"), "pause": 0.001}
    seen = []
    made = make(tmp_path / "ray", dials, engine="ray", address=cluster, progress=lambda *at: seen.append(at))
    assert (tmp_path / "died").exists()  # it was killed, in the middle of a shard
    assert seen[0] == (0, 600) and seen[-1] == (600, 600) and made["samples"] == 600
    make(tmp_path / "here", dials)
    assert content(tmp_path / "ray") == content(tmp_path / "here")


def test_files_by_short_names_are_those_of_who_asks(cluster, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("model.txt").write_text("mine")
    made = make("out", {"model": "model.txt"}, engine="ray", address=cluster)
    assert made["samples"] == 600 and made["facts"] == {"model": "mine"}
    assert len(list((tmp_path / "out" / "shards").iterdir())) == 12


def test_lines_of_a_text_file_are_the_same_on_a_cluster(cluster, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("some.txt").write_text("some words to write\nand a few more of them\n")
    recipe = Recipe(texts=("some.txt",), height=24, hands=("Quill",)).to_json()
    run(recipe, "ray", shard=10, count=30, engine="ray", address=cluster)
    run(recipe, "here", shard=10, count=30)
    assert content(tmp_path / "ray") == content(tmp_path / "here")


def test_a_place_that_the_cluster_does_not_share_is_refused(cluster):
    with pytest.raises(OutputError, match="that all processes and machines share"):
        make("memory://cluster/out", {}, engine="ray", address=cluster)


@pytest.mark.parametrize(("dials", "said"), [({"fails_at": 150}, "sample 150"), ({"pause": "long"}, "TypeError")])
def test_what_fails_on_the_cluster_is_said_in_one_line(cluster, tmp_path, dials, said):
    with pytest.raises(OutputError, match=said) as caught:
        make(tmp_path / "out", dials, engine="ray", address=cluster)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:99999", "[::1]:1", "no.such.host.invalid:6379"])
def test_a_cluster_that_is_not_there_is_said_at_once(tmp_path, address):
    begun = time.monotonic()
    with pytest.raises(InputError, match="no Ray cluster"):
        make(tmp_path / "out", {}, engine="ray", address=address)
    assert time.monotonic() - begun < 30
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("answer", [None, b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_what_listens_and_is_no_cluster_is_said_soon(tmp_path, monkeypatch, answer):
    monkeypatch.setattr(engine_ray, "PATIENCE", 1.0)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        held = []

        def serve() -> None:
            line, _ = server.accept()
            held.append(line)  # a silent one stays open
            if answer is not None:
                line.sendall(answer)
                line.close()

        threading.Thread(target=serve, daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(InputError, match="no Ray cluster"):
            make(tmp_path / "out", {}, engine="ray", address=f"127.0.0.1:{server.getsockname()[1]}")
        assert time.monotonic() - begun < 30
        for line in held:
            line.close()


def test_a_cluster_of_the_environment_that_is_gone_ends_in_one_line(tmp_path):
    environment = os.environ | {"RAY_ADDRESS": "127.0.0.1:1"}
    command = [
        sys.executable,
        "-m",
        "handsynth",
        "corpus",
        "make",
        "numbers",
        "-o",
        str(tmp_path / "out"),
        "--count",
        "10",
    ]
    done = subprocess.run([*command, "--engine", "ray"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "no Ray cluster at 127.0.0.1:1" in done.stderr
