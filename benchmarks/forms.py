"""Made-up photos of filled forms: how many boxes are cut with the right content; whether hidden corners are refused.

python -m benchmarks.forms --photos 200                   # glyphs that the default model draws
python -m benchmarks.forms --photos 200 --data FOLDER     # … of test writers of a prepared dataset, half of them fonts
python -m benchmarks.forms --show 17 --out photo.jpg      # one of the photos

A box is right when it is cut and shares at least --iou of its ink with what was written, at most one px of the frame
too high or low; an empty one when it is left out.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import photos

from handsynth.errors import InputError
from handsynth.learning.cut import cut
from handsynth.learning.form import Form
from handsynth.learning.locate import locate

FORMS = (
    ("ascii", 1, "a4"),
    ("alphanumeric", 2, "letter"),
    ("letters", 1, "a4"),
    ("western", 1, "a4"),
    ("ascii", 3, "a4"),
)


@cache
def writers(data: str) -> tuple[list[int], list[int]]:
    """Test writers of a dataset that wrote much: of the first source (people), and of the others (fonts)."""
    from train.data.dataset import Dataset

    found = Dataset.open(data)
    test = found.split == 2
    names, counts = np.unique(found.writers[test & (found.writers >= 0)], return_counts=True)
    names = names[counts >= 40]
    person = [int(name) for name in names if found.sources[np.argmax(found.writers == name)] == 0]
    return person, [int(name) for name in names if name not in person]


def glyphs(chars: str, seed: int, data: str | None) -> dict[int, np.ndarray]:
    """What is written in which box; some stay empty."""
    rng = np.random.default_rng([seed, 3])
    if data:
        from train.data.dataset import Dataset

        found = Dataset.open(data)
        group = writers(data)[seed % 2]
        rows = np.flatnonzero(found.writers == group[int(rng.integers(len(group)))])
        result = {}
        for box, char in enumerate(chars):
            own = rows[found.codepoints[rows] == ord(char)]
            if len(own) and rng.random() > 0.05:
                result[box] = np.array(found.images[int(rng.choice(own))])
        return result
    from handsynth import Hand, Model
    from handsynth.drawing import draw

    model = Model.open(threads=1)
    hand = Hand.random(model, seed)
    places = rng.integers(0, 2**63, len(chars)).astype(np.uint64)
    # what the model does not know stays empty
    known = np.array([i for i, char in enumerate(chars) if char in model.charset], np.int64)
    if not len(known):
        return {}
    index = model.index([chars[i] for i in known])
    ink = (draw.glyphs(model, hand, index, places[known], seed).ink() * 255).astype(np.uint8)
    # drawings that hardly leave ink are no writing
    return {int(i): each for i, each in zip(known, ink, strict=True) if rng.random() > 0.05 and each.sum() > 255 * 4}


def photo(seed: int, data: str | None, **changes) -> photos.Photo:
    name, repetitions, paper = FORMS[seed % len(FORMS)]
    form = Form.of(name, repetitions, paper)
    page = 1 + seed // len(FORMS) % form.pages
    return photos.photograph(form, page, glyphs(form.written(page), seed, data), seed, photos.scene(seed, **changes))


def study(job: tuple[int, str | None, float]) -> dict:
    """One photo: how many boxes, how many right, what went wrong, how long it took."""
    seed, data, least = job
    taken = photo(seed, data)
    written, truth = taken.form.written(taken.page), taken.truth
    truth = {box: ink for box, ink in truth.items() if ink.max() >= 128}
    start = time.perf_counter()
    try:
        taken.image.load()
        found = locate(taken.image, name=f"photo {seed}")
        cut_out = cut(found)
        if (found.form, found.page) != (taken.form, taken.page):
            raise InputError(f"taken for page {found.page} of {found.form}")
    except InputError as error:
        return {"seed": seed, "boxes": len(written), "right": 0, "wrong": [str(error)], "seconds": 0.0, "rows": []}
    seconds = time.perf_counter() - start
    cells = {int(cell): image for cell, image in zip(cut_out.cells, cut_out.images, strict=True)}
    right, wrong, rows, shared = 0, [], [], []
    for box, char in enumerate(written):
        if (box in cells) != (box in truth):
            wrong.append(f"{char} {'invented' if box in cells else 'lost'}")
        elif box in cells:
            alike, low = photos.iou(cells[box], photos.centred(truth[box]))
            rows.append(low)
            shared.append(alike)
            if alike >= least and abs(low) <= 1:
                right += 1
            else:
                wrong.append(f"{char} {alike:.2f} {low:+d}")
        else:
            right += 1
    both = [box for box in cells if box in truth]
    amount = sum(float(cells[box].sum()) for box in both) / max(sum(float(truth[box].sum()) for box in both), 1.0)
    return {"seed": seed, "boxes": len(written), "right": right, "wrong": wrong, "seconds": seconds, "rows": rows,
            "iou": shared, "amount": amount}  # fmt: skip


def hidden(job: tuple[int, str | None]) -> str:
    """What is said of a photo that lacks a corner."""
    seed, data = job
    taken = photo(seed, data, hidden=seed % 4)
    try:
        locate(taken.image, name=f"photo {seed}")
    except InputError as error:
        return str(error)
    return "found"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="number of the first photo: others than were looked at")
    parser.add_argument("--hidden", type=int, default=40, help="photos that lack a corner")
    parser.add_argument("--data", help="a prepared dataset, whose test writers fill the forms")
    parser.add_argument("--iou", type=float, default=0.6)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int)
    parser.add_argument("--out", type=Path, default=Path("photo.jpg"))
    options = parser.parse_args()
    if options.show is not None:
        photo(options.show, options.data).image.save(options.out, quality=90)
        return
    numbers = range(options.first, options.first + max(options.photos, options.hidden))
    with ProcessPoolExecutor(options.jobs) as pool:
        results = []
        for result in pool.map(study, [(seed, options.data, options.iou) for seed in numbers[: options.photos]]):
            results.append(result)
            if result["wrong"]:
                boxes = f"{result['right']} of {result['boxes']}"
                print(f"photo {result['seed']}: {boxes}; {', '.join(result['wrong'][:8])}", flush=True)
        said = Counter(pool.map(hidden, [(seed, options.data) for seed in numbers[: options.hidden]]))
    boxes, right = (sum(result[key] for result in results) for key in ("boxes", "right"))
    rows = np.concatenate([np.array(result["rows"], int) for result in results])
    shared = np.concatenate([result.get("iou", []) for result in results])
    seconds = np.array([result["seconds"] for result in results])
    print(f"{len(results)} photos, {boxes:,} boxes: {100 * right / boxes:.2f} % right (IoU at least {options.iou})")
    on, near = (100 * float((np.abs(rows) <= most).mean()) for most in (0, 1))
    wrong = sum(len(result["wrong"]) for result in results)
    print(
        f"of these {len(rows):,} written in and cut; {wrong:,} faults in all, so {100 * (1 - wrong / len(rows)):.2f} %"
    )
    print(f"IoU: mean {shared.mean():.3f}, 1 % below {np.percentile(shared, 1):.3f}")
    print(f"rows off their place: none in {on:.1f} %, at most 1 in {near:.1f} %")
    amounts = np.array([result["amount"] for result in results if result.get("amount")])
    low, high = np.percentile(amounts, (5, 95))
    print(f"ink of a photo, share of what was written: median {np.median(amounts):.3f}, 90 % {low:.3f} to {high:.3f}")
    print(f"decoded picture to glyphs: median {np.median(seconds):.2f} s, at most {seconds.max():.2f} s")
    refused = sum(count for message, count in said.items() if message != "found")
    print(f"a corner hidden: {refused} of {options.hidden} refused")


if __name__ == "__main__":
    main()
