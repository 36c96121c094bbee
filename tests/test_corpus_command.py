"""`handsynth corpus` as people use it: made, interrupted, gone on with, verified, refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

from test_corpus_shards import content

from handsynth.cli.app import main
from handsynth.cli.console import progress
from handsynth.hands.hand import Hand
from handsynth.model.model import Model


def test_the_command_line_makes_continues_and_verifies(tmp_path, capsys):
    out = str(tmp_path / "out")
    command = [
        "corpus",
        "make",
        "names",
        "dates:de",
        "-o",
        out,
        "--count",
        "30",
        "--shard",
        "20",
        "--truth",
        "alto,coco",
    ]
    assert main(command) == 0
    first = content(tmp_path / "out")
    assert main(command) == 0
    assert content(tmp_path / "out") == first
    assert {"manifest.json", "recipe.json", "shards/000000.tar", "truth.coco.json"} <= set(first)
    assert main(["corpus", "verify", out]) == 0
    assert "30 samples are whole" in capsys.readouterr().out
    for wrong in (["corpus", "make", "names"], ["corpus", "verify"], ["corpus", "verify", str(tmp_path / "none")],
                  ["corpus", "make", "names", "-o", out, "--kind", "word"],
                  ["corpus", "make", "names", "-o", out, "--truth", "xml"],
                  ["corpus", "make", "names", "-o", str(tmp_path / "b"), "--length", "a"]):  # fmt: skip
        assert main(wrong) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_slip_leaves_the_place_free(tmp_path, capsys):
    out = str(tmp_path / "out")
    for wrong in (["--papers", "a9", "--kind", "page"], ["--hands", "Nobody"], ["--effects", "snow"]):
        assert main(["corpus", "make", "names", "-o", out, "--count", "2", *wrong]) == 2
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_said_with_what_to_do_and_the_same_command_goes_on(tmp_path, capsys, monkeypatch):
    command = ["corpus", "make", "names", "--count", "2", "-o"]
    assert main([*command, str(tmp_path / "whole")]) == 0
    capsys.readouterr()
    with monkeypatch.context() as full:
        full.setattr(tarfile.TarFile, "addfile", lambda *_: (_ for _ in ()).throw(OSError(28, os.strerror(28))))
        assert main([*command, str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert "No space left" in error and "the same command goes on" in error and error.count("\n") == 1, error
    assert main([*command, str(tmp_path / "out")]) == 0
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_text_that_was_changed_is_another_corpus(tmp_path, capsys):
    book, out = tmp_path / "book.txt", str(tmp_path / "out")
    book.write_text("one line\n")
    assert main(["corpus", "make", str(book), "-o", out, "--count", "2"]) == 0
    book.write_text("another line\n")
    assert main(["corpus", "make", str(book), "-o", out, "--count", "3"]) == 2
    assert "book.txt" in capsys.readouterr().err


def test_a_hand_that_was_changed_is_another_corpus(tmp_path, capsys):
    mine, out = tmp_path / "me.hand", str(tmp_path / "out")
    model = Model.open()
    Hand.random(model, 1).save(mine)
    command = ["corpus", "make", "names", "-o", out, "--hands", str(mine), "--count"]
    assert main([*command, "2"]) == 0
    Hand.random(model, 2).save(mine)
    assert main([*command, "3"]) == 2
    assert "me.hand" in capsys.readouterr().err


def test_an_interrupt_ends_in_one_line_and_goes_on(tmp_path):
    out = str(tmp_path / "out")
    command = [
        sys.executable,
        "-m",
        "handsynth",
        "corpus",
        "make",
        "sentences",
        "-o",
        out,
        "--count",
        "3000",
        "--shard",
        "20",
    ]
    process = subprocess.Popen([*command, "--workers", "2"], stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not list(Path(out).glob("shards/*")):
        time.sleep(0.1)
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)  # all of them, as a terminal does
    error = process.communicate(timeout=30)[1]
    assert process.returncode == 130 and "the same command goes on" in error
    done = subprocess.run([*command[:-4], "--count", "40", "--shard", "20"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_lines_that_cannot_be_drawn_are_said(tmp_path, capsys):
    book = tmp_path / "book.txt"
    book.write_text("one fine line\n\u05e9\u05dc\u05d5\u05dd\nok \u6f22 done\n", "utf-8")
    command = ["corpus", "make", str(book), "-o", str(tmp_path / "out"), "--count", "4", "--container", "files"]
    assert main(command) == 2
    error = capsys.readouterr().err
    assert "2 of 3 lines" in error and "less than half" in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()
    assert main([*command, "--missing", "box"]) == 0
    assert "boxes are drawn for them" in capsys.readouterr().err
    assert main([*command[:4], str(tmp_path / "none"), "--missing", "guess"]) == 2
    assert "drop, error, skip or box" in capsys.readouterr().err


def test_time_left_counts_what_this_run_does(monkeypatch, capsys):
    now = iter([0.0, 10.0, 10.0, 12.0, 14.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress("corpus, samples", resumes=True) as show:
        for done in (9000, 9100, 9200):
            show(done, 10_000)
    assert "9,200 of 10,000, 50/s, 16 s left" in capsys.readouterr().err


def test_a_log_gets_a_line_of_progress_a_minute(monkeypatch, capsys):
    now = iter([0.0, 5.0, 61.0, 90.0, 122.0, 125.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    with progress("page, characters") as show:
        for done in (100, 1220, 1800, 2440, 2500):
            show(done, 2500)
    assert capsys.readouterr().err.splitlines() == [
        "handsynth: page, characters: 1,220 of 2,500, 20/s, 64 s left",
        "handsynth: page, characters: 2,440 of 2,500, 20/s, 3 s left",
    ]
