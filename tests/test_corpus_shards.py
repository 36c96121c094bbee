"""Shards of a corpus: whole or not there, the same whoever makes them, and taken up again after any end."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handsynth.corpus import containers
from handsynth.corpus.entry import Entry
from handsynth.corpus.recipe import Recipe
from handsynth.corpus.run import run
from handsynth.corpus.store import HIDDEN
from handsynth.corpus.task import Task, loaded
from handsynth.corpus.verify import verify_corpus
from handsynth.errors import DataError, HandsynthError, InputError, OutputError

PRODUCER = "small_producer:producer"
KINDS = list(containers.CONTAINERS)
TESTS = str(Path(__file__).parent)


@pytest.fixture(autouse=True)
def _found_by_workers(monkeypatch):
    """Processes of their own find the producer, too."""
    monkeypatch.setenv("PYTHONPATH", TESTS + os.pathsep + os.environ.get("PYTHONPATH", ""))


def make(out, dials: dict | None = None, **how):
    return run(json.dumps(dials or {}), str(out), producer=PRODUCER, **{"shard": 100, "count": 250, **how})


def content(out: Path) -> dict[str, bytes]:
    """All files of a corpus by name."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(numbers=st.sets(st.integers(0, 10**9 - 1), min_size=1, max_size=5), text=st.text(), data=st.binary(max_size=99))
def test_what_is_written_is_read(tmp_path_factory, kind, numbers, text, data):
    said = text.encode("utf-8", "replace")
    files = {"png": data, "txt": said, "json": b"{}", "alto.xml": said, "mask.png": data}
    entries = [Entry(f"{number:09d}", dict(files)) for number in sorted(numbers)]
    folder = tmp_path_factory.mktemp("shard")
    form = containers.find(kind)
    for name in ("a", "b"):
        assert form.write(iter(entries), folder / name) == len(entries)
    assert list(form.read(folder / "a")) == entries
    assert content(folder / "a") == content(folder / "b")
    if not form.folder:
        assert (folder / "a").read_bytes() == (folder / "b").read_bytes()


def test_webdataset_reads_its_shards(tmp_path):
    import webdataset

    make(tmp_path / "out")
    urls = str(tmp_path / "out" / "shards" / "{000000..000002}.tar")
    rows = list(webdataset.WebDataset(urls, shardshuffle=False).decode("pil").to_tuple("__key__", "png", "txt"))
    assert [row[0] for row in rows] == [f"{index:09d}" for index in range(250)]
    assert rows[7][2] == "sample 7 é" and rows[7][1].size == (16, 8)


def test_datasets_loads_parquet_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    make(tmp_path / "out", container="parquet")
    code = (
        "import sys, datasets; rows = datasets.load_dataset(sys.argv[1], split='train'); row = rows[7]; "
        "print(len(rows), row['key'], row['text'], row['image'].size, sorted(row))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "out")], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.stdout.strip() == "250 000000007 sample 7 é (16, 8) ['image', 'key', 'text', 'truth']", done.stderr


def test_lmdb_reads_its_shards(tmp_path):
    import lmdb

    make(tmp_path / "out", container="lmdb")
    with lmdb.open(str(tmp_path / "out" / "shards" / "000001.lmdb"), subdir=False, readonly=True, lock=False) as base:
        view = base.begin()
        assert view.get(b"__len__") == b"100" and view.get(b"000000150.txt") == "sample 150 é".encode()
        assert Image.open(io.BytesIO(view.get(b"000000150.png"))).size == (16, 8)


@pytest.mark.parametrize("kind", KINDS)
def test_ranges_and_workers_make_the_same_shards(tmp_path, kind):
    make(tmp_path / "whole", container=kind)
    make(tmp_path / "parts", container=kind, count=50, start=200)
    make(tmp_path / "parts", container=kind, count=200, workers=2)
    assert content(tmp_path / "parts") == content(tmp_path / "whole")
    assert "samples are whole" in verify_corpus(str(tmp_path / "parts"))[1]


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_moves_within_a_shard(tmp_path, workers):
    make(tmp_path / "out", {"pause": 0.02}, count=100)
    told = []
    make(tmp_path / "out", {"pause": 0.02}, count=300, workers=workers, progress=lambda *now: told.append(now))
    done = [now for now, _ in told]
    assert done[0] == 100 and done[-1] == 300 and {total for _, total in told} == {300}
    assert done == sorted(done) and len({now for now in done if now % 100}) >= 3


def test_more_samples_are_added_and_a_short_shard_is_made_whole(tmp_path):
    make(tmp_path / "grown", count=130)
    made = make(tmp_path / "grown", count=250)
    assert made["samples"] == 250
    make(tmp_path / "whole")
    assert content(tmp_path / "grown") == content(tmp_path / "whole")


SCRIPT = """
import sys
from handsynth.corpus.run import run
if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], shard=100, count=2000, workers=2)
"""


def test_a_smaller_count_takes_nothing_away(tmp_path):
    make(tmp_path / "out")
    whole = content(tmp_path / "out")
    assert make(tmp_path / "out", count=130)["samples"] == 250
    assert content(tmp_path / "out") == whole


@pytest.mark.parametrize("kind", KINDS)
def test_a_shard_that_was_lost_or_cut_off_is_made_again(tmp_path, kind):
    out = tmp_path / "out"
    make(out, container=kind)
    whole = content(out)
    shard = out / containers.CONTAINERS[kind].place.format(k=1)
    if shard.is_dir():
        shutil.rmtree(shard)
    else:
        shard.unlink()
    make(out, container=kind)
    assert content(out) == whole
    if shard.is_file():
        shard.write_bytes(shard.read_bytes()[:-9])
        make(out, container=kind)
        assert content(out) == whole
    verify_corpus(str(out))


def test_lines_that_were_killed_again_and_again_are_the_same_in_the_end(tmp_path):
    """2,000 real lines; a worker and the parent are killed three times each, at moments of all kinds."""
    # short ones, from a bank: so many take seconds
    recipe = Recipe(texts=("numbers",), length=(1, 4), height=16, hands=("Quill",), bank=4).to_json()
    run(recipe, str(tmp_path / "whole"), shard=100, count=2000, workers=2)
    chance = random.Random(4)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    for kill in range(6):
        process = subprocess.Popen([sys.executable, str(script), recipe, str(tmp_path / "out")], start_new_session=True)
        begun = len(list((tmp_path / "out").glob("shards/*")))
        end = time.monotonic() + 30
        while len(list((tmp_path / "out").glob("shards/*"))) < begun + 2 and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.02)
        time.sleep(0.3 * chance.random())
        if kill % 2 == 0:
            kill_a_worker(process.pid)
            time.sleep(0.3)
        process.kill()  # its workers end by themselves
        process.wait()
        for path in (tmp_path / "out" / "shards").glob("*"):
            assert path.read_bytes() == (tmp_path / "whole" / "shards" / path.name).read_bytes()
    run(recipe, str(tmp_path / "out"), shard=100, count=2000, workers=2)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_no_process_outlives_a_parent_that_was_killed(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("workers=2", "workers=2, producer='small_producer:producer'"))
    dials = json.dumps({"pause": 0.01})
    process = subprocess.Popen([sys.executable, str(script), dials, str(tmp_path / "out")], start_new_session=True)
    while not list((tmp_path / "out").glob("shards/*")):
        time.sleep(0.05)
    process.kill()
    process.wait()
    end = time.monotonic() + 10
    while True:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        assert time.monotonic() < end
        time.sleep(0.05)


def kill_a_worker(parent: int) -> None:
    children = subprocess.run(["pgrep", "-P", str(parent), "-f", "spawn_main"], capture_output=True, text=True).stdout
    for child in children.split()[:1]:
        os.kill(int(child), signal.SIGKILL)


def test_a_worker_that_dies_is_replaced(tmp_path):
    dials = {"dies_at": 150, "died": str(tmp_path / "died")}
    make(tmp_path / "out", dials, workers=2)
    assert (tmp_path / "died").exists()
    make(tmp_path / "whole", dials)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_processes_that_are_not_alike_are_refused(tmp_path):
    model = tmp_path / "model.txt"
    model.write_text("old")
    made = loaded(PRODUCER)(json.dumps({"model": str(model)}))
    task = Task("{}", PRODUCER, {"model": "new"}, str(tmp_path / "out"), "webdataset", 3, 300, 100)
    with pytest.raises(InputError, match="the model is old where shard 3 is made, not new"):
        task.do(made)
    assert not (tmp_path / "out").exists()


def test_a_worker_that_dies_each_time_ends_in_one_line(tmp_path):
    with pytest.raises(OutputError, match="died 3 times"):
        make(tmp_path / "out", {"dies_at": 150}, workers=2)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_is_said_and_what_is_done_is_kept(tmp_path, workers):
    with pytest.raises(InputError, match="sample 150 cannot be made"):
        make(tmp_path / "out", {"fails_at": 150}, workers=workers)
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert not list((tmp_path / "out" / HIDDEN).glob("partial-*"))
    with pytest.raises(DataError, match="was not finished"):
        verify_corpus(str(tmp_path / "out"))


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_a_producer_is_said_in_one_line(tmp_path, workers):
    with pytest.raises(HandsynthError, match=r"sample \d+ cannot be made: TypeError") as caught:
        make(tmp_path / "out", {"pause": "long"}, workers=workers)
    assert "\n" not in str(caught.value)


def test_a_script_that_begins_itself_again_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from handsynth.corpus.run import run\n"
        f"run('{{}}', {str(tmp_path / 'out')!r}, shard=100, count=250, workers=2, producer='{PRODUCER}')\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert "cannot begin" in done.stderr.strip().splitlines()[-1]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("kind", ["webdataset", "parquet", "lmdb", "lmdb-ocr"])
def test_a_file_that_the_system_refuses_leaves_nothing_corrupt(tmp_path, kind):
    make(tmp_path / "whole", container=kind)
    code = (
        "import resource, sys\nfrom handsynth.corpus import containers\nfrom handsynth.corpus.run import run\n"
        "from handsynth.errors import OutputError\ncontainers.find(sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))\n"
        f"try:\n run('{{}}', sys.argv[1], producer='{PRODUCER}', shard=100, count=250, container=sys.argv[2])\n"
        "except OutputError as error:\n print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "out"), kind], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.count("\n") == 1 and "cannot write" in done.stdout, done.stdout + done.stderr
    assert sorted(content(tmp_path / "out")) == ["recipe.json"]
    make(tmp_path / "out", container=kind)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_package_that_is_missing_is_named_with_its_extra(tmp_path, monkeypatch):
    for package, kind in (("lmdb", "lmdb"), ("pyarrow", "parquet")):
        monkeypatch.delitem(sys.modules, f"handsynth.corpus.containers.{kind}", raising=False)
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(
            InputError,
            match=rf"needs {package}: pip install 'handsynth\[corpus\]' \(in a clone: pip install '\.\[corpus\]'\)",
        ):
            make(tmp_path / "out", container=kind)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(InputError, match=r"handsynth\[cluster\]"):
        make("memory://nowhere")
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"needs ray: pip install 'handsynth\[cluster\]'"):
        make(tmp_path / "out", engine="ray")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_ends_in_one_line_and_the_rest_is_made_later(tmp_path, workers):
    dials = {"full_at": 150, "room": str(tmp_path / "room")}
    with pytest.raises(OutputError, match="No space left on device; .*the same command goes on"):
        make(tmp_path / "out", dials, workers=workers)
    kept = content(tmp_path / "out")
    assert not any("partial" in name for name in kept)
    (tmp_path / "room").touch()
    make(tmp_path / "out", dials, workers=workers)
    make(tmp_path / "whole", dials)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_place_that_holds_something_else_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="holds 'thesis.txt' and is no corpus"):
        make(tmp_path / "mine")
    assert list(content(tmp_path / "mine")) == ["thesis.txt"] and len(list((tmp_path / "mine").iterdir())) == 1
    with pytest.raises(OutputError, match="it is no folder"):
        make(tmp_path / "mine" / "thesis.txt")
    made = make(tmp_path / "out", {"height": 64})
    assert made.keys() == {"handsynth_corpus", "recipe", "container", "shard", "facts", "samples", "shards", "beside"}
    for how, said in (
        ({"dials": {"height": 32}}, "it has height 64, not 32"),
        ({"dials": {"height": 64}, "container": "files"}, "it has container"),
        ({"dials": {"height": 64}, "shard": 50}, "it has shard 100, not 50"),
    ):
        with pytest.raises(InputError, match=said):
            make(tmp_path / "out", **how)
    (tmp_path / "out" / "recipe.json").write_text("{")
    with pytest.raises(InputError, match=r"recipe\.json"):
        make(tmp_path / "out", {"height": 64})


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"start": 50}, "multiple"),
        ({"start": -100}, "multiple"),
        ({"count": 0}, "count is 0"),
        ({"workers": 0}, "workers is 0"),
        ({"shard": 0}, "shard is 0"),
        ({"container": "zip"}, "webdataset, parquet, lmdb, lmdb-ocr, files"),
        ({"engine": "steam"}, "local or ray"),
        ({"count": 10**10}, "count is"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, how, said):
    with pytest.raises(InputError, match=said):
        make(tmp_path / "out", **how)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_wrong_with_a_corpus_is_found(tmp_path, kind):
    out = tmp_path / "out"
    make(out, container=kind)
    shard = out / containers.CONTAINERS[kind].place.format(k=1)
    inside = {"files": "000000150.txt", "lmdb-ocr": "data.mdb"}
    victim = shard / inside[kind] if shard.is_dir() else shard
    whole = victim.read_bytes()
    for damage, said in (
        (whole[:-7], "cut off"),
        (whole[:-1] + bytes([whole[-1] ^ 1]), "was changed"),
        (None, "missing|not"),
    ):
        victim.unlink() if damage is None else victim.write_bytes(damage)
        with pytest.raises(DataError, match=said) as caught:
            verify_corpus(str(out))
        assert "\n" not in str(caught.value)
        victim.write_bytes(whole)
    verify_corpus(str(out))
    stray = shard.with_name(shard.name.replace("1", "9"))
    stray.touch()
    with pytest.raises(DataError, match="is not in the manifest"):
        verify_corpus(str(out))
    stray.unlink()
    made = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps({**made, "samples": 7}))
    with pytest.raises(DataError, match="its manifest says 7"):
        verify_corpus(str(out))
    (out / "manifest.json").write_text("[]")
    with pytest.raises(DataError, match="damaged"):
        verify_corpus(str(out))


def test_a_place_by_url(tmp_path):
    make(tmp_path / "whole")
    make(f"file://{tmp_path}/out")
    there, whole = content(tmp_path / "out"), content(tmp_path / "whole")
    assert there == whole
    assert "samples are whole" in verify_corpus(f"file://{tmp_path}/out")[1]
    assert make("memory://corpus/whole")["samples"] == 250
    assert "samples are whole" in verify_corpus("memory://corpus/whole")[1]
    with pytest.raises(OutputError, match="that all processes and machines share"):
        make("memory://corpus/parts", workers=2)
    with pytest.raises(HandsynthError, match="strange"):
        make("strange://bucket/name")
