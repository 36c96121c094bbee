"""Runs that are broken off, meet each other, or write where something is already."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handsynth import files, temporary
from handsynth.cli.app import main
from handsynth.errors import OutputError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and locks are those of POSIX")

LONG = "It was a bright cold day in April, and the clocks were striking thirteen.\n\n" * 400


def started(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    (folder / "t.txt").write_text(LONG, encoding="utf-8")
    return subprocess.Popen([sys.executable, "-m", "handsynth", *words], cwd=folder, stderr=subprocess.PIPE)


def begun(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait for what a run writes beside its output."""
    for _ in range(600):
        if any(path.name.startswith(".") for path in folder.iterdir()):
            break
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    time.sleep(0.2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("out", ["out.pdf", "out.png"])
def test_a_run_that_is_asked_to_end_leaves_nothing_and_the_old_file(tmp_path, number, out):
    (tmp_path / out).write_bytes(b"old")
    process = started(tmp_path, "page", "t.txt", "-o", out)
    begun(tmp_path, process)
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + number and b"Traceback" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([out, "t.txt"])
    assert (tmp_path / out).read_bytes() == b"old"


def test_the_next_run_clears_what_a_killed_one_left(tmp_path):
    process = started(tmp_path, "page", "t.txt", "-o", "out.pdf")
    begun(tmp_path, process)
    process.kill()
    process.communicate()
    assert len(list(tmp_path.glob(".out.pdf.handsynth-*"))) == 1
    with files.atomic_path(tmp_path / "out.pdf") as path:
        path.write_bytes(b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.pdf", "t.txt"]


def test_what_another_run_is_at_is_left_alone(tmp_path):
    target = tmp_path / "out.bin"
    with files.atomic_path(target) as first:
        first.write_bytes(b"first")
        with files.atomic_path(target) as second:
            second.write_bytes(b"second")
            temporary.sweep(tmp_path, ".out.bin")
            assert first.exists() and second.exists()
        assert target.read_bytes() == b"second"
    assert target.read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["out.bin"]


def test_files_of_people_are_not_cleared(tmp_path):
    for name in (".out.bin", ".out.bin-backup.bin", "out.bin.handsynth-x", ".other.handsynth-abcdefgh"):
        (tmp_path / name).write_bytes(b"mine")
    with files.atomic_path(tmp_path / "out.bin") as path:
        path.write_bytes(b"new")
    assert len(list(tmp_path.iterdir())) == 5


def test_a_link_stays_a_link_and_permissions_stay(tmp_path):
    real = tmp_path / "real" / "t.hand"
    real.parent.mkdir()
    real.write_bytes(b"old")
    real.chmod(0o600)
    link = tmp_path / "l.hand"
    link.symlink_to(real)
    with files.atomic_path(link) as path:
        path.write_bytes(b"new")
    assert link.is_symlink() and real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    with files.atomic_path(tmp_path / "fresh") as path:
        path.write_bytes(b"new")
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "fresh").stat().st_mode) == 0o666 & ~umask


def test_a_hand_stays_private(tmp_path):
    from handsynth.hands.hand import Hand
    from handsynth.model.model import Model

    model = Model.open(threads=1)
    file = tmp_path / "me.hand"
    Hand.gallery(model, model.card.gallery[0].name).save(file)
    file.chmod(0o600)
    assert main(["hand", "forget", str(file), "-o", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_pages_as_files_are_all_or_none(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("t.txt").write_text(LONG[:9000], encoding="utf-8")
    how = ["page", "t.txt", "--set", "output.dpi=30", "-o", "p.png"]
    assert main(how) == 0
    before = {path.name: path.read_bytes() for path in sorted(Path().glob("p-*.png"))}
    assert len(before) > 2
    from handsynth.formats import pixels

    join, calls = pixels.join, []

    def failing(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        return join(*args, **kwargs)

    monkeypatch.setattr(pixels, "join", failing)
    assert main([*how, "--seed", "2"]) == 2
    assert {path.name: path.read_bytes() for path in sorted(Path().glob("p-*.png"))} == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_pages_of_an_earlier_run_are_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    how = ["--set", "output.dpi=30", "-o", "p.png"]
    for length in (9000, 5000):
        Path("t.txt").write_text(LONG[:length], encoding="utf-8")
        capsys.readouterr()
        assert main(["page", "t.txt", *how]) == 0
    said = capsys.readouterr().err
    assert "of an earlier run, and no part of this document: p-00" in said
    Path("t.txt").write_text("Dear Ada", encoding="utf-8")
    assert main(["page", "t.txt", *how]) == 0
    assert "no part of this document: p-001.png to p-0" in capsys.readouterr().err


@pytest.mark.parametrize("closed", ["stdin", "stdout", "stderr"])
def test_closed_streams_are_no_matter(tmp_path, closed):
    number = ("stdin", "stdout", "stderr").index(closed)
    for words in (["render", "Hi", "-o", "a.png"], ["font", "-o", "f.ttf", "--chars", "ab", "--variants", "1"]):
        line = f'"{sys.executable}" -m handsynth {" ".join(words)} {number}>&-'
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True)
        assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "f.ttf"]


def test_no_text_on_a_closed_input_is_one_line(tmp_path):
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m handsynth render - -o a.png <&-'], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("name", ["x.png/", "x.pdf//", "a" * 252 + ".png"])
def test_names_that_are_none_are_refused(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    assert main(["render", "Hi", "-o", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1 and not list(tmp_path.iterdir())


def test_the_longest_name_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = "é" * 125 + "a.png"
    assert len(name.encode()) == 255
    assert main(["render", "Hi", "-o", name]) == 0 and Path(name).is_file()


def test_text_is_utf8_in_any_locale(tmp_path):
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "handsynth", "render", "é", "-o", "é.png"], cwd=tmp_path, env=env, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["é.png"]


def test_an_unwritable_place_is_one_line(tmp_path):
    with pytest.raises(OutputError, match="cannot write"), files.atomic_path(tmp_path / "no" / "out.bin"):
        pass
