"""How fast labelled lines are made, beside TextRecognitionDataGenerator on the same texts; the cost of effects.

python -m benchmarks.corpus [--count 512] [--rounds 3] [--trdg PYTHON]     # rates on one core and on two
python -m benchmarks.corpus --effects                                     # ms a line of each effect, rates of presets …
python -m benchmarks.corpus --bank 4 16                                   # … and what drawings used again would save
python -m benchmarks.corpus --legibility 1 2 4                            # … and what legible letters cost
python -m benchmarks.corpus --profile                                     # where the time of a line goes
python -m benchmarks.corpus --lines 100000 [--workers 2]                  # one long run: memory and time every 10,000

Lines are 64 px high and have 30 letters (and the blanks between their words). Ours are PNG, text and JSON with all
polygons, in the memory of the process, every glyph drawn anew by a new hand for each line. PYTHON is that of an
environment with trdg and Pillow below 10, which trdg 1.8 needs; its lines are set in its own fonts, on white, without
skew, blur or noise, and encoded as PNG; it gives no boxes. Each process has one core and starts its clock when all are
warm. Rounds alternate; the best of each is shown, by the clock, and by the processor's time, which says more on a
machine that has other work to do.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import multiprocessing
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # noqa: E402

from handsynth.corpus.generator import Generator  # noqa: E402
from handsynth.corpus.recipe import Recipe  # noqa: E402
from handsynth.corpus.rng import CorpusRng  # noqa: E402

LETTERS, HEIGHT = 30, 64
WARM = 64
"""Lines before the clock starts."""

UNREAD = 0.5
"""A letter and its look-alikes share less than this: it is read as another one."""

FEW, FULL = 20, 2000
"""Writers of a corpus with a bank, and the lines after which the bank has all that it needs."""

_TRDG = """
import io, json, os, sys, time
os.sched_setaffinity(0, {int(sys.argv[1])})
from trdg.generators import GeneratorFromStrings
asked = json.loads(sys.stdin.readline())
texts = asked["texts"]
lines = GeneratorFromStrings(texts, count=len(texts) + 8, size=asked["height"], skewing_angle=0, random_skew=False,
    blur=0, random_blur=False, background_type=1, distorsion_type=0, word_split=asked["words"])
for _ in range(8):
    next(lines)
print("ready", flush=True)
sys.stdin.readline()
wall, spent, size, count = time.perf_counter(), time.process_time(), 0, 0
for image, text in lines:
    if image is not None:
        file = io.BytesIO()
        image.save(file, "PNG")
        size, count = size + len(file.getvalue()), count + 1
print(json.dumps([time.perf_counter() - wall, time.process_time() - spent, size, count]), flush=True)
"""


@dataclass(frozen=True)
class Rate:
    """Of some processes that worked side by side."""

    lines: int
    wall: float
    cpu: float
    """Seconds, those of all processes together."""
    size: int
    """Bytes."""

    def __str__(self) -> str:
        return f"{self.lines / self.wall:7.1f} lines/s, {self.lines / self.cpu:7.1f} a second of processor time"


def texts(count: int) -> list[str]:
    """Lines of English words with LETTERS letters each."""
    made = []
    number = 0
    while len(made) < count:
        chance, words, maker = CorpusRng(0, "benchmark", number), [], Generator("words", "en")
        number += 1
        while sum(map(len, words)) < LETTERS:
            words.append(maker.item(chance))
        if sum(map(len, words)) == LETTERS:
            made.append(" ".join(words))
    return made


def ours(recipe: Recipe, count: int, cores: int, warm: int = WARM) -> Rate:
    """`count` entries of a recipe on so many cores, after `warm` ones that are not counted."""
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(cores), context.Queue()
    share = count // cores
    processes = [
        context.Process(target=_work, args=(recipe.to_json(), warm, warm + k * share, share, k, barrier, answers))
        for k in range(cores)
    ]
    for one in processes:
        one.start()
    found = [answers.get(timeout=3600) for _ in processes]
    for one in processes:
        one.join()
    return Rate(share * cores, max(f[0] for f in found), sum(f[1] for f in found), sum(f[2] for f in found))


def _work(recipe: str, warm: int, first: int, count: int, core: int, barrier: Any, answers: Any) -> None:
    from handsynth.corpus.entries import producer

    _bind(core)
    maker = producer(recipe)
    for _ in maker.entries(0, warm):
        pass
    barrier.wait()
    wall, spent = time.perf_counter(), time.process_time()
    size = sum(len(part) for entry in maker.entries(first, count) for part in entry.files.values())
    answers.put((time.perf_counter() - wall, time.process_time() - spent, size))


def _bind(core: int) -> None:
    """To one of the cores that there are; only Linux can."""
    if hasattr(os, "sched_setaffinity"):
        free = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {free[core % len(free)]})


def trdg(python: str, lines: list[str], cores: int, words: bool) -> Rate:
    """The same texts by TextRecognitionDataGenerator; `words`: set word by word, not letter by letter."""
    free = sorted(os.sched_getaffinity(0))
    share = len(lines) // cores
    processes = [
        subprocess.Popen(
            [python, "-c", _TRDG, str(free[k % len(free)])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        for k in range(cores)
    ]  # fmt: skip
    for k, one in enumerate(processes):
        assert one.stdin
        asked = {"texts": lines[k * share : (k + 1) * share], "height": HEIGHT, "words": words}
        one.stdin.write(json.dumps(asked) + "\n")
        one.stdin.flush()
    for one in processes:
        assert one.stdout
        for line in one.stdout:  # it greets before
            if line.strip() == "ready":
                break
        else:
            raise SystemExit(f"{python} cannot run trdg; give an environment with trdg and Pillow below 10")
    for one in processes:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    found = [json.loads(one.communicate()[0].splitlines()[-1]) for one in processes]
    done = sum(f[3] for f in found)
    return Rate(done, max(f[0] for f in found), sum(f[1] for f in found), sum(f[2] for f in found))


def compared(recipe: Recipe, count: int, rounds: int, python: str | None) -> None:
    """Rates of both on one core and on two, and their ratio."""
    lines = Path(recipe.texts[0]).read_text(encoding="utf-8").splitlines()
    kinds = ["handsynth"]
    if python:
        kinds += ["trdg", "trdg, word by word"]
    for cores in (1, 2):
        rates: dict[str, list[Rate]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            rates["handsynth"].append(ours(recipe, count, cores))
            if python:
                # it is slow: fewer of the same lines
                some = lines[: max(16, count // 4)]
                rates["trdg"].append(trdg(python, some, cores, False))
                rates["trdg, word by word"].append(trdg(python, some, cores, True))
        best = {kind: min(found, key=lambda rate: rate.wall / rate.lines) for kind, found in rates.items()}
        for kind, rate in best.items():
            print(f"{cores} core(s), {kind:20} {rate}, {rate.size / rate.lines:,.0f} bytes a line", flush=True)
        for kind in kinds[1:]:
            wall = best[kind].wall / best[kind].lines * best["handsynth"].lines / best["handsynth"].wall
            cpu = best[kind].cpu / best[kind].lines * best["handsynth"].lines / best["handsynth"].cpu
            print(f"{cores} core(s): handsynth / {kind}: {wall:.1f} times by the clock, {cpu:.1f} by processor time")


def effects(recipe: Recipe, count: int) -> None:
    """What each effect costs at a middling strength, on grey and on coloured lines, and rates with whole presets."""
    from handsynth.corpus.effects import EFFECTS, Effects
    from handsynth.corpus.effects.presets import PRESETS
    from handsynth.corpus.sampler import Sampler

    images = [sample.image for sample in Sampler(recipe).samples(0, WARM)]
    print(f"effects at strength 0.6, ms of processor time a line ({np.mean([i.shape[1] for i in images]):.0f} px wide)")
    for name in EFFECTS:
        chain = Effects.parse(f"{name}=0.6")
        row = []
        for colour in (False, True):
            some = [np.repeat(image[..., None], 3, axis=2) for image in images] if colour else images
            for index in range(8):
                chain.apply(some[index], 0, index, colour=colour)
            spent = time.process_time()
            for index, image in enumerate(some):
                chain.apply(image, 0, index, colour=colour)
            row.append(1000 * (time.process_time() - spent) / len(some))
        print(f"{name:12} grey {row[0]:6.2f}   colour {row[1]:6.2f}", flush=True)
    for name in PRESETS:
        for colour in (False, True):
            rate = ours(replace(recipe, effects=name, colour=colour), count, 1)
            print(f"{name:12} {'colour' if colour else 'grey':6} {rate}", flush=True)
    print(f"all lines with joined letters {ours(replace(recipe, joined=1.0), count, 1)}", flush=True)


def bank(recipe: Recipe, count: int, sizes: list[int]) -> None:
    """What drawings that are used again would save."""
    few = replace(recipe, writers=FEW)
    for size in [0, *sizes]:
        some = replace(few, bank=size)
        rate = ours(some, count, 1, FULL if size else WARM)
        print(f"{FEW} writers, bank {size or 'none':>4}: {rate}", flush=True)


def legibility(recipe: Recipe, count: int, tries: list[int]) -> None:
    """What `--legibility` costs, and the share of letters to which the model's reader gives less than UNREAD.

    It is the reader that chooses them, so beyond 1 the share flatters; look at some lines, too.
    """
    from handsynth.corpus.sampler import Sampler
    from handsynth.drawing import draw
    from handsynth.text.lookalikes import merge_table

    for most in tries:
        some = replace(recipe, legibility=most)
        sampler, shares = Sampler(some), []
        same = merge_table(sampler.model.charset)

        def watched(model: Any, hands: Any, seeds: Any, owner: Any, index: np.ndarray, *rest: Any, **how: Any) -> Any:
            drawn = draw.several(model, hands, seeds, owner, index, *rest, **how)
            if len(index):
                shares.append((np.exp(model.read(drawn.ink())[0]) * same[index]).sum(axis=1))  # noqa: B023
            return drawn

        sampler.drawing = watched
        for _ in sampler.samples(0, count):
            pass
        unread = (np.concatenate(shares) < UNREAD).mean()
        print(f"legibility {most:2}: {ours(some, count, 1)}, {unread:.1%} of letters not read", flush=True)


def profile(recipe: Recipe, count: int) -> None:
    from handsynth.corpus.entries import Producer

    maker = Producer(recipe)
    for _ in maker.entries(0, WARM):
        pass
    watch = cProfile.Profile(time.process_time)
    watch.runcall(lambda: [None for _ in maker.entries(WARM, count)])
    pstats.Stats(watch).sort_stats("tottime").print_stats(25)


def long(recipe: Recipe, count: int, workers: int, step: int) -> None:
    """Makes `count` lines into tar shards; prints memory of all processes and time at every `step` lines."""
    from handsynth.corpus.run import run

    begun = last = time.perf_counter()
    peak = 0.0

    def seen(done: int, _: int) -> None:
        nonlocal last, peak
        peak = max(peak, memory())
        if done and not done % step:
            now = time.perf_counter()
            rate = f"{step / (now - last):6.1f} lines/s"
            print(f"{done:>9,} lines: {now - begun:8.1f} s, {rate}, memory {memory():5.0f} MB, most {peak:5.0f} MB")
            sys.stdout.flush()
            last, peak = now, 0.0

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "corpus"
        run(recipe.to_json(), str(out), shard=min(1000, step), count=count, workers=workers, progress=seen)
        spent, size = time.perf_counter() - begun, sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    rate = f"{count / spent:.1f} lines/s, {size / 1e6:,.0f} MB on disk"
    print(f"{count:,} lines, {workers} worker(s): {spent:,.0f} s, {rate}")


def peak() -> float:
    """GFLOP a second of processor time now: what else a machine does slows this too, by its caches and its clock."""
    a = np.ones((1024, 1024), np.float32)
    times = []
    for _ in range(8):
        spent = time.process_time()
        a @ a
        times.append(time.process_time() - spent)
    return float(2e-9 * 1024**3 / min(times))


def memory() -> float:
    """Resident memory of this process and its children, in MB (Linux); what they share counts for each."""
    return sum(_resident(pid) for pid in (os.getpid(), *_children(os.getpid())))


def _children(parent: int) -> Iterator[int]:
    for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            found = [int(pid) for pid in tasks.read_text().split()]
        except OSError:
            continue
        for pid in found:
            yield pid
            yield from _children(pid)


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=512, help="lines of a measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trdg", metavar="PYTHON")
    parser.add_argument("--effects", action="store_true")
    parser.add_argument("--bank", type=int, nargs="+", metavar="N")
    parser.add_argument("--legibility", type=int, nargs="+", metavar="K")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--lines", type=int)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--step", type=int, default=10_000, help="lines between two reports of a long run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.txt"
        file.write_text("\n".join(texts(max(1000, options.count))) + "\n", encoding="utf-8")
        recipe = Recipe(texts=(str(file),), height=HEIGHT)
        print(
            f"{sys.platform}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; a core multiplies at "
            f"{peak():.0f} GFLOP/s of processor time (float32 matrices)"
        )
        if options.lines:
            long(recipe, options.lines, options.workers, options.step)
        elif options.effects:
            effects(recipe, options.count)
        elif options.bank:
            bank(recipe, options.count, options.bank)
        elif options.legibility:
            legibility(recipe, options.count, options.legibility)
        elif options.profile:
            profile(recipe, options.count)
        else:
            compared(recipe, options.count, options.rounds, options.trdg)


if __name__ == "__main__":
    main()
