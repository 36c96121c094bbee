"""Preparing a dataset: any mix of sources, the same bytes with any number of workers, nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from data_makers import (
    ell,
    nist_members,
    prepared,
    write_emnist,
    write_femnist,
    write_folder,
    write_font,
    write_unipen,
    write_unipen_pack,
    write_zip,
)

from handsynth.errors import DataError, HandsynthError, OutputError
from handsynth.frame import STANDARD
from train.__main__ import main
from train.data.dataset import Dataset, DatasetWriter, file_hash
from train.data.font_pack import FontPack, on_baseline
from train.data.nist import Nist
from train.data.picture import STEPS
from train.data.source import GlyphBatch, ReaderOptions, Source, SourceInfo, batches, split_of
from train.data.unipen_pack import UnipenPack
from train.prepare import collect, prepare_dataset

ROOT = Path(__file__).parents[1]


def write_font_pack(path: Path, lift: int = 0) -> Path:
    """Two fonts of H, x and g as boxes in the frame; the second one sits `lift` px above the baseline."""
    boxes = {"H": (20, 45), "x": (27, 45), "g": (27, 55)}
    images, codes, rows = [], [], []
    for row in (0, 1):
        for char, (top, bottom) in boxes.items():
            image = np.zeros((64, 64), np.uint8)
            image[top - row * lift : bottom - row * lift, 28:36] = 255
            images.append(image)
            codes.append(ord(char))
            rows.append(row)
    np.savez(path, images=np.stack(images), codepoint=np.array(codes, np.int32), font=np.array(rows, np.int16))
    font = {"weight": 400, "variant": False, "tier": 1, "cls": "print", "licence": "OFL-1.1", "name": "F"}
    index = [font | {"key": f"f{row}", "family": f"f{row}", "split": ["train", "test"][row]} for row in (0, 1)]
    path.with_suffix(".json").write_text(json.dumps(index))
    return path


def mixed(folder: Path) -> list[str]:
    """The options that name one tiny source of each kind."""
    folder.mkdir()
    write_font(folder / "fonts" / "one.ttf", "One")
    write_folder(folder / "images", {"U+0041.png": nist_members()["by_class/41/hsf_0/hsf_0_00000.png"]})
    return [
        *("--unipen-pack", str(write_unipen_pack(folder / "pack.npz"))),
        *("--unipen", str(write_unipen(folder / "release"))),
        *("--font-pack", str(write_font_pack(folder / "fonts.npz"))),
        *("--fonts", str(folder / "fonts")),
        *("--nist", str(write_zip(folder / "by_class.zip", nist_members()))),
        *("--emnist", str(write_emnist(folder / "emnist"))),
        *("--femnist", str(write_femnist(folder / "all.json", {"f1": [1, 2]}))),
        *("--images", str(folder / "images")),
    ]


def test_command_mixes_all_sources(tmp_path: Path) -> None:
    args = [sys.executable, "-m", "train", "prepare", *mixed(tmp_path / "raw")]
    args += ["-o", str(tmp_path / "set"), "--workers", "2"]
    done = subprocess.run(args, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    data = Dataset.open(tmp_path / "set")
    assert [source["glyphs"] for source in data.manifest["sources"]] == [6, 4, 6, 5, 24, 124, 2, 1]
    assert len(data) == 172 == sum(data.manifest["classes"].values()) == sum(data.manifest["splits"].values())
    assert np.bincount(data.sources).tolist() == [source["glyphs"] for source in data.manifest["sources"]]
    # dense writer numbers, unique over all sources; none in two
    known = data.writers[data.writers >= 0]
    assert np.array_equal(np.unique(known), np.arange(len(data.manifest["writers"])))
    assert all(len(set(data.sources[data.writers == writer])) == 1 for writer in np.unique(known))
    ink = np.clip(0.5 + data.fields / STEPS, 0, 1) * 255
    assert np.abs(ink - data.images).max() <= 255 / STEPS / 2 + 1


def test_result_does_not_depend_on_workers(tmp_path: Path) -> None:
    sources = [Nist(write_zip(tmp_path / "a.zip", nist_members(chars="ABC", count=30)))]
    one = prepare_dataset(sources, tmp_path / "one", workers=1)
    two = prepare_dataset(sources, tmp_path / "two", workers=2)
    assert one == two and one["n"] == 360


def test_manifest_tells_what_is_there(tmp_path: Path) -> None:
    data = prepared(UnipenPack(write_unipen_pack(tmp_path / "pack.npz")), tmp_path / "set")
    manifest = data.manifest
    assert manifest["format"] == 2 and manifest["n"] == len(data) == 6
    assert manifest["frame"] == STANDARD.to_dict() and manifest["splits"] == {"train": 3, "val": 3, "test": 0}
    source = manifest["sources"][0]
    assert source["licence"] == "CC BY 4.0" and "Guyon" in source["citation"] and source["writers"] == 2
    assert source["dropped_examples"] == {"unchecked glyph of a source with faults (kai)": ["row 6", "row 7", "row 8"]}
    assert {path.name for path in (tmp_path / "set").glob("*.npy")} == set(manifest["sha256"])
    for name, digest in manifest["sha256"].items():
        assert file_hash(tmp_path / "set" / name) == digest
    assert data.images.dtype == np.uint8 and data.fields.dtype == np.int8 and data.pens.dtype == np.float32


class Endless(Source):
    """Gives batches for ever, or fails after some."""

    about = SourceInfo("endless", "none")

    def __init__(self, fail_after: int | None = None, chars: str = "ab", size: int = 50) -> None:
        self.fail_after, self.chars, self.size, self.details = fail_after, chars, size, {}

    def total(self) -> None:
        return None

    def tasks(self, options: ReaderOptions) -> Iterator[Any]:
        number = 0
        while self.fail_after is None or number < self.fail_after:
            yield self.chars, self.size
            number += 1
        if self.fail_after is not None and self.size:
            raise KeyboardInterrupt

    @staticmethod
    def draw(task: Any, options: ReaderOptions) -> GlyphBatch:
        batch = GlyphBatch()
        for number in range(task[1]):
            batch.add(task[0][number % len(task[0])], ell(64), np.zeros((64, 64), np.int8))
        return batch


def test_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        prepare_dataset([Endless(fail_after=3)], tmp_path / "set", workers=1)
    assert list(tmp_path.iterdir()) == []


def test_killed_run_leaves_nothing_that_looks_finished(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "by_class.zip", nist_members(count=400))
    args = [
        sys.executable,
        "-m",
        "train",
        "prepare",
        "--nist",
        str(path),
        "-o",
        str(tmp_path / "set"),
        "--workers",
        "1",
    ]
    process = subprocess.Popen(args, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".set.handsynth-*/images.npy")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "set").exists()
    for left in tmp_path.glob(".set*"):
        with pytest.raises(DataError, match=r"no manifest\.json"):
            Dataset.open(left)


def test_memory_is_bounded_by_the_batch(tmp_path: Path) -> None:
    """200 batches of 50 glyphs are 80 MB on disk; only a few of them may be in memory."""
    writer = DatasetWriter(tmp_path, STANDARD, "frame")
    source = Endless()
    writer.start(source)
    tracemalloc.start()
    for _ in range(200):
        writer.add(Endless.draw(("ab", 50), ReaderOptions()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    writer.end()
    manifest = writer.finish({})
    assert manifest["n"] == 10_000 and (tmp_path / "images.npy").stat().st_size > 40e6
    assert peak < 8e6


def test_tasks_are_not_read_far_ahead() -> None:
    class Pool:
        """Stands for a process pool that has not begun."""

        given = 0

        def submit(self, work: Any, task: Any) -> Future[GlyphBatch]:
            self.given += 1
            future: Future[GlyphBatch] = Future()
            future.set_result(work(task))
            return future

    pool = Pool()
    drawn = batches(Endless(), ReaderOptions(), pool)  # type: ignore[arg-type]
    for _ in range(5):
        next(drawn)
    assert 5 < pool.given < 40


@pytest.mark.parametrize(("chars", "message"), [("A", "only 'A'"), ("?", "no glyph")])
def test_no_glyph_or_one_class_is_refused(tmp_path: Path, chars: str, message: str) -> None:
    source = Nist(write_zip(tmp_path / "a.zip", nist_members(chars="AB")))
    with pytest.raises(DataError, match=message) as caught:
        prepare_dataset([source], tmp_path / "set", ReaderOptions(chars=frozenset(chars)), workers=1)
    assert "\n" not in str(caught.value) and not (tmp_path / "set").exists()


def test_bad_input_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut = write_zip(tmp_path / "cut.zip", nist_members())
    cut.write_bytes(cut.read_bytes()[:-100])
    out = str(tmp_path / "set")
    for args in (["--nist", str(cut)], ["--unipen", str(tmp_path)], ["--nist-writers", str(cut)], []):
        assert main(["prepare", *args, "-o", out]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_existing_dataset_is_not_overwritten(tmp_path: Path) -> None:
    pack = UnipenPack(write_unipen_pack(tmp_path / "pack.npz"))
    prepared(pack, tmp_path / "set")
    with pytest.raises(OutputError, match="exists already"):
        prepared(pack, tmp_path / "set")


def test_writers_of_by_write_need_by_class() -> None:
    with pytest.raises(DataError, match="--nist"):
        collect(nist_writers=Path("by_write.zip"))


@pytest.mark.parametrize("damage", ["manifest", "format", "cut", "missing", "shape"])
def test_damaged_datasets_are_one_clear_line(tmp_path: Path, damage: str) -> None:
    folder = prepared(UnipenPack(write_unipen_pack(tmp_path / "pack.npz")), tmp_path / "set").path
    manifest = json.loads((folder / "manifest.json").read_text())
    if damage == "manifest":
        (folder / "manifest.json").write_text("{")
    elif damage == "cut":
        (folder / "images.npy").write_bytes((folder / "images.npy").read_bytes()[:-9])
    elif damage == "missing":
        (folder / "pens.npy").unlink()
    else:
        manifest["n" if damage == "shape" else "format"] = 7
        (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(HandsynthError) as caught:
        Dataset.open(folder)
    assert "\n" not in str(caught.value) and "prepare" in str(caught.value)


def test_font_pack_is_moved_onto_the_baseline_and_keeps_its_split(tmp_path: Path) -> None:
    data = prepared(FontPack(write_font_pack(tmp_path / "fonts.npz", lift=4)), tmp_path / "set")
    assert np.array_equal(data.images[:3], data.images[3:])
    assert data.split.tolist() == [0, 0, 0, 2, 2, 2] and data.checked.all()
    assert [writer["name"] for writer in data.manifest["writers"]] == ["f0", "f1"]


def test_font_glyphs_that_leave_the_frame_are_dropped(tmp_path: Path) -> None:
    path = write_font_pack(tmp_path / "fonts.npz")
    arrays = dict(np.load(path))
    arrays["images"][0, 0, 30] = 9
    arrays["images"][4] = 0
    np.savez(path, **arrays)
    source = prepared(FontPack(path), tmp_path / "set").manifest["sources"][0]
    assert source["dropped"] == {"empty picture": 1, "ink leaves the frame": 1}
    assert source["dropped_examples"]["empty picture"] == ["f1 U+0078"]


def test_moving_a_font_keeps_lost_ink_noticeable() -> None:
    image = np.zeros((1, 64, 64), np.uint8)
    image[0, 2:41, 30] = 255
    for shift in (image, image[:, ::-1]):
        moved = on_baseline(["x"], shift)
        assert moved.any()
    high = np.zeros((1, 64, 64), np.uint8)
    high[0, 0:35, 30] = 255
    assert on_baseline(["x"], high)[0].max(axis=1).nonzero()[0].tolist() == list(range(10, 45))


def test_split_of_writers_is_spread_and_never_changes() -> None:
    counts = np.bincount([split_of("handsynth", "s", str(w)) for w in range(4000)]) / 4000
    assert np.allclose(counts, [0.80, 0.05, 0.15], atol=0.02)
    assert split_of("handsynth", "tos", "3007") == 0  # a changed rule would move people between train and test
