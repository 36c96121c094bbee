"""Jobs in processes: in order, whatever dies, and nobody is left at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from handsynth.errors import InputError, OutputError
from handsynth.workers import TRIES, WorkerPool, in_order, tell


def begin():
    return do


def never():
    raise InputError("no model is there")


def do(job: str, item: tuple[str, object]) -> object:
    what, of = item
    if what == "number":
        time.sleep(0.02 * (of % 3))
        return job, of, os.getpid()
    if what == "refuse":
        raise of
    if what == "long":
        return b"x" * 3_000_000 + of
    if what == "tell":
        for i in range(8):
            time.sleep(0.2)
            tell(i)
        return "told"
    if what == "die once" and os.path.exists(of):
        return "came again"
    if what == "die once":
        Path(of).touch()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)
    return None


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_the_order_of_items_that_are_taken_as_they_are_needed(workers):
    taken = []

    def items():
        for i in range(20):
            taken.append(i)
            yield "number", i

    with in_order(begin, workers) as run:
        for number, (job, of, process) in enumerate(run("a", items())):
            assert (job, of) == ("a", number) and (process == os.getpid()) == (workers == 1)
            assert len(taken) <= number + 1 + 2 * workers


@pytest.mark.parametrize("workers", [1, 2])
def test_jobs_feed_on_other_jobs_of_the_same_workers(workers):
    with in_order(begin, workers) as run:
        first = run("first", (("number", i) for i in range(6)))
        assert [of for _, of, _ in run("second", (("number", of) for _, of, _ in first))] == list(range(6))


def test_large_results_and_items_do_not_stand_in_each_others_way():
    with in_order(begin, 2) as run:
        assert [part[-1:] for part in run("a", (("long", b"y" * 3_000_000) for _ in range(6)))] == [b"y"] * 6


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("error", [InputError("a is wrong"), EOFError("of the job's own"), ConnectionError("too")])
def test_what_a_job_raises_comes_at_its_place(workers, error):
    with in_order(begin, workers) as run:
        done = run("a", [("number", 1), ("refuse", error), ("refuse", ValueError("later"))])
        assert next(done)[1] == 1
        with pytest.raises(type(error), match=str(error)):
            next(done)


def test_what_begins_no_worker_is_said():
    with in_order(never, 2) as run, pytest.raises(InputError, match="no model is there"):
        list(run("a", [("number", 1)]))
    with pytest.raises(InputError, match="workers is 0"), in_order(begin, 0):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_process_that_dies_is_replaced_but_not_for_ever(tmp_path):
    with in_order(begin, 2) as run:
        items = [("number", 0), ("die once", str(tmp_path / "died")), ("number", 2)]
        assert [done if isinstance(done, str) else done[1] for done in run("a", items)] == [0, "came again", 2]
        with pytest.raises(OutputError, match=f"the process that made page.pdf died {TRIES} times"):
            list(run("page.pdf", [("die", None)]))


def test_what_jobs_tell_is_heard_as_they_run():
    heard = []
    with WorkerPool(begin, 2) as pool:
        assert list(pool.as_done([("a", ("tell", None))], heard.append)) == ["told"]
    assert 1 <= len(heard) <= 3 and heard == sorted(heard)


def test_who_stops_early_leaves_no_process():
    with in_order(begin, 2) as run, closing(run("a", (("number", i) for i in range(1000)))) as done:
        processes = {next(done)[2] for _ in range(4)}
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_processes_end_with_who_began_them(tmp_path):
    code = "import test_workers\nif __name__ == '__main__':\n    test_workers.endless()\n"
    (tmp_path / "script.py").write_text(code)
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py")], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    )
    processes = [int(parent.stdout.readline()) for _ in range(4)]
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 30
    while any(map(runs, processes)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def endless() -> None:
    with in_order(partial(begin), 2) as run:
        for number, done in enumerate(run("a", (("number", i) for i in range(10**9)))):
            if number < 4:
                print(done[2], flush=True)
