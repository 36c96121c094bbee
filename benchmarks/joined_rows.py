"""Rows of benchmarks/joined.py: where people join, how low their joins come, how far apart and how level letters stand.

Both sides are measured by the same functions, on paths of the pen, the same texts, heights in x-heights of what each
writes: the median height of small letters without ascenders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

import handsynth
from handsynth import Hand, Model
from handsynth.hands.defaults import default_gap
from handsynth.layout.page import Page
from handsynth.learning.joined import shares_after
from train.data.npz import load_arrays
from train.words.letters import BODIES, UPRIGHT
from train.words.pack import Word, open_words

FOLDS = 3, 255
CLASSES = "vbw", "p", "r", "i", "gfsdc", "olmtn", "aueh"
HEIGHTS = {"after v b w": "vbw", "after o": "o", "after r": "r", "after others": "acdehilmnstuk"}
MIXED = 0.15, 0.95
"""Writers who join some of their pairs."""
COPIES = 6
"""Hands that write each word of the joined pack: a hand's pairs are its own."""
BACK, ON = 0.3, 0.1
"""How much of the letters beside a join is looked at with it: where it was cut differs, x-heights."""
FEW = 12
ROWS = 12
"""Rows of text of each writer at most."""
WIDEST, UNEVEN = 1.5, (0.05, 2.0)
"""Gaps and unevenness that hands are fitted to at most."""
SPACED = 3
"""Hands that write those rows: how far apart letters stand is a hand's own."""
PRINTS = 0.15
"""Their writers print, so the hands are of those that join less than this share."""

Letter = tuple[float, float, float, float, str]
"""Left, bottom, right, top of a letter, and what it writes."""
Row = tuple[str, float, float]


def by_class(path: Path, model: Model, hands: Sequence[Hand], fitted: bool = False) -> Iterator[Row]:
    """Shares of pairs joined by the letter that is left, the median lowest point of those joins, and how far it is from
    the middle of a letter to that of the next one.

    All hands join the share that their person does. `fitted`: each word is written by hands that were told from the
    other half of that person's words after which letters more or less is joined.
    """
    some = [word for word in open_words(path, marked=True) if word.fold in FOLDS and len(word.text) > 1]
    people: dict[int, list[Word]] = defaultdict(list)
    for word in some:
        people[word.writer].append(word)
    shares: list[dict[str, list[bool]]] = [defaultdict(list), defaultdict(list)]
    lows: list[dict[str, list[float]]] = [defaultdict(list), defaultdict(list)]
    steps: list[list[float]] = [[], []]
    for number, mine in enumerate(people.values()):
        found = [_marked(word) for word in mine]
        pairs = [joined for ways in found for joined in (way is not None for way in ways)]
        share = float(np.mean(pairs))
        mixed = MIXED[0] < share < MIXED[1]
        size = _size([box for word in mine for box in _boxes(word)])
        for word, ways in zip(mine, found, strict=True):
            _count(word.text, ways, size, shares[0] if mixed else None, lows[0])
            steps[0] += _steps(_boxes(word), size)
        ties = [
            [(a, way is not None) for a, b, way in zip(word.text, word.text[1:], ways, strict=False) if b.islower()]
            for word, ways in zip(mine, found, strict=True)
        ]
        for copy, half in product(range(COPIES), (0, 1)):
            hand = hands[(number * COPIES + copy) % len(hands)]
            hand = replace(hand, joined=share, gap=default_gap(hand.key, share))
            told = [tie for word in ties[1 - half :: 2] for tie in word]
            if fitted and told:
                own = float(np.mean([tied for _, tied in told]))
                hand = replace(hand, joined=own, joined_after=shares_after(told, own, hand.key, 0.0))
            page = handsynth.typeset(" ".join(word.text for word in mine), model=model, hand=hand, seed=number)
            at = 0
            boxes = _page_boxes(page)
            own_size = _size(boxes)
            for place, word in enumerate(mine):
                if place % 2 == half:
                    steps[1] += _steps(boxes[at : at + len(word.text)], own_size)
                    ways = _drawn(page, at, len(word.text))
                    _count(word.text, ways, 1.0, shares[1] if mixed else None, lows[1])
                at += len(word.text)
    for letters in ("capitals", *CLASSES):
        both = [side[letters] for side in shares]
        if len(both[0]) >= FEW:
            yield f"joined after {letters} ({len(both[0])})", float(np.mean(both[0])), float(np.mean(both[1]))
    for name in HEIGHTS:
        one, two = (side[name] for side in lows)
        if len(one) >= FEW and len(two) >= FEW:
            yield f"lowest {name} ({len(one)})", float(np.median(one)), float(np.median(two))
    for q in (0.25, 0.5, 0.75):
        yield f"letter to letter, {q:.0%} ({len(steps[0])})", *(float(np.quantile(side, q)) for side in steps)


def _steps(boxes: Sequence[Letter], size: float) -> list[float]:
    """From the middle of each small letter of a word to that of the next one, in x-heights."""
    pairs = [(a, b) for a, b in zip(boxes, boxes[1:], strict=False) if max(a[0], b[0]) < 1e9]
    return [(b[0] + b[2] - a[0] - a[2]) / 2 / size for a, b in pairs if a[4].islower() and b[4].islower()]


def _count(
    text: str, ways: Sequence[np.ndarray | None], size: float, shares: dict[str, list[bool]] | None,
    lows: dict[str, list[float]],
) -> None:  # fmt: skip
    for char, way in zip(text, ways, strict=False):
        letters = next((some for some in CLASSES if char in some), "capitals" if char.isupper() else "others")
        if shares is not None:
            shares[letters].append(way is not None)
        if way is not None:
            for name, some in HEIGHTS.items():
                if char in some:
                    lows[name].append(float(way[:, 1].min()) / size)


def _marked(word: Word) -> list[np.ndarray | None]:
    """The pen's way from each letter to the next, where it was not lifted; a word stands on its upright bottoms."""
    assert word.letters is not None
    ways: list[np.ndarray | None] = [None] * (len(word.text) - 1)
    bottoms = [box[1] for char, box in zip(word.text, _boxes(word), strict=True) if char in UPRIGHT and box[0] < 1e9]
    up = float(np.median(bottoms)) if bottoms else 0.0
    for line, letters in zip(word.strokes, word.letters, strict=True):
        known = np.flatnonzero(letters >= 0)
        for a, b in zip(known[:-1].tolist(), known[1:].tolist(), strict=True):
            if letters[b] == letters[a] + 1:
                ways[int(letters[a])] = _around(line - (0.0, up), a, b)
    return ways


def _around(line: np.ndarray, a: int, b: int) -> np.ndarray:
    """The part of a line from BACK before point `a` to ON after point `b`."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    return line[(along >= along[a] - BACK) & (along <= along[b] + ON)]


def _drawn(page: Page, first: int, count: int) -> list[np.ndarray | None]:
    """The same of `count` glyphs of a page from `first` on, heights over their own baseline."""
    paths, maps, size = page.glyphs.strokes, page.matrices(), _page_size(page)
    ways: list[np.ndarray | None] = []
    for i in range(first, first + count - 1):
        if page.ties[i] < 0:
            ways.append(None)
            continue
        parts = []
        for k, stroke in ((i, paths.glyphs[i] + page.ties[i]), (i + 1, paths.glyphs[i + 1])):
            points = paths.points[paths.strokes[stroke] : paths.strokes[stroke + 1]]
            placed = points @ maps[k, :, :2].T + maps[k, :, 2]
            parts.append(np.column_stack([placed[:, 0], page.y[k] - placed[:, 1]]) / size)
        # both halves are of the join: 7 points each, the middle in both
        line, middle = np.concatenate([parts[0], parts[1][1:]]), len(parts[0]) - 1
        way = _around(line, middle - 6, middle + 6)
        pen = float(paths.width[paths.glyphs[i]]) / page.frame.xheight
        ways.append(way - (0.0, pen / 2 / size))  # ink stands on the baseline, the path half a pen above
    return ways


def _boxes(word: Word) -> list[Letter]:
    """Left, bottom, right, top of each letter of a marked word."""
    assert word.letters is not None
    points, letters = np.concatenate(word.strokes), np.concatenate(word.letters)
    result = []
    for number, char in enumerate(word.text):
        mine = points[letters == number]
        low, high = (mine.min(axis=0), mine.max(axis=0)) if len(mine) else (np.full(2, 1e9), np.full(2, 1e9))
        result.append((float(low[0]), float(low[1]), float(high[0]), float(high[1]), char))
    return result


def _size(boxes: Sequence[Letter]) -> float:
    heights = [box[3] - box[1] for box in boxes if box[4] in BODIES and box[4] not in "iz" and box[0] < 1e9]
    return float(np.median(heights)) if heights else 1.0


def _page_boxes(page: Page) -> list[Letter]:
    """The same of a page's glyphs, as the pen went, x-heights of the page."""
    paths, maps = page.glyphs.strokes, page.matrices()
    placed = paths.moved(maps).points.astype(np.float64)
    first = paths.strokes[paths.glyphs[:-1]]
    low, high = np.minimum.reduceat(placed, first), np.maximum.reduceat(placed, first)
    return [
        (float(a[0]), -float(b[1]), float(b[0]), -float(a[1]), text)
        for a, b, text in zip(low, high, page.texts, strict=True)
    ]


def _page_size(page: Page) -> float:
    return _size(_page_boxes(page))


def gaps_and_bottoms(path: Path, model: Model, hands: Sequence[Hand], fitted: bool = False) -> Iterator[Row]:
    """Gaps between boxes of printed letters of a word, by hands that print, and what bottoms wander about their line.

    `fitted`: hands have the usual gap and the wandering of the first half of that person's rows, and both sides are the
    others.
    """
    kinds = {"text": "U", "writer": "iu", "source": "iu", "source_names": "U", "split": "iu",
             "letters_per_row": "iu", "word": "iu", "box": "iu"}  # fmt: skip
    pack = load_arrays(path, kinds)
    ends = np.concatenate([[0], np.cumsum(pack["letters_per_row"].astype(int))])
    joined = np.isin(pack["source_names"][pack["source"]].astype(str), ["cea", "ceb"])
    sides: list[dict[str, list[float]]] = [defaultdict(list), defaultdict(list)]
    chance = np.random.default_rng(0)
    hidden = (pack["split"] > 0) & ~joined
    hands = [hand for hand in hands if hand.share < PRINTS]
    for number, writer in enumerate(np.unique(pack["writer"][hidden]).tolist()):
        rows = np.flatnonzero(hidden & (pack["writer"] == writer))
        rows = np.sort(chance.permutation(rows)[:ROWS])
        texts = [str(pack["text"][row]) for row in rows]
        real: list[list[Letter]] = []
        for row, text in zip(rows.tolist(), texts, strict=True):
            box = pack["box"][ends[row] : ends[row + 1]].astype(float)
            letters = text.replace(" ", "")
            real.append([(b[0], -b[3], b[2], -b[1], char) for b, char in zip(box, letters, strict=True)])
        half = len(rows) // 2 if fitted else 0
        if fitted and half < 2:
            continue
        _stand(texts[half:], real[half:], sides[0])
        shown = ["".join(char if char in model.charset or char == " " else "x" for char in text) for text in texts]
        for copy in range(SPACED):
            hand = hands[(number * SPACED + copy) % len(hands)]

            def drawn(hand: Hand, some: slice, rows: np.ndarray = rows, shown: list[str] = shown) -> list[list[Letter]]:
                return [
                    _page_boxes(handsynth.typeset(text, model=model, hand=hand, seed=row, joined=0))
                    for row, text in zip(rows[some].tolist(), shown[some], strict=True)
                ]

            if fitted:
                hand = _as_far(hand, texts[:half], real[:half], partial(drawn, some=slice(half)))
            _stand(texts[half:], drawn(hand, slice(half, None)), sides[1])
    people, mine_ = sides
    for q in (0.25, 0.5, 0.75):
        yield f"gap, {q:.0%} ({len(people['gap'])})", *(float(np.quantile(side["gap"], q)) for side in sides)
    for q in (0.1, 0.9):
        yield f"gap, {q:.0%} of writers", *(float(np.quantile(side["hand"], q)) for side in sides)
    yield "gap, spread in a writer", float(np.median(people["within"])), float(np.median(mine_["within"]))
    for name, key in ((f"bottoms, sd ({len(people['bottom'])})", "bottom"), ("gap between words", "words")):
        yield name, float(np.median(people[key])), float(np.median(mine_[key]))


def _as_far(
    hand: Hand, texts: list[str], real: list[list[Letter]], drawn: Callable[[Hand], list[list[Letter]]]
) -> Hand:
    """`hand` with letters as far apart, and as uneven, as those that somebody wrote of `texts`."""
    for _ in range(3):  # how uneven letters are moves how far apart they stand, too
        sides: list[dict[str, list[float]]] = [defaultdict(list), defaultdict(list)]
        _stand(texts, real, sides[0])
        _stand(texts, drawn(hand), sides[1])
        both = [{name: float(np.median(side[name])) for name in ("gap", "bottom") if side[name]} for side in sides]
        if "gap" not in both[0] or "gap" not in both[1]:
            return hand
        gap = float(np.clip((hand.gap or 0.0) + both[0]["gap"] - both[1]["gap"], 0.0, WIDEST))
        more = both[0]["bottom"] / both[1]["bottom"] if all("bottom" in side for side in both) else 1.0
        hand = replace(hand, gap=gap, unevenness=float(np.clip(hand.uneven * more, *UNEVEN)))
    return hand


def _stand(texts: Sequence[str], lines: Sequence[Sequence[Letter]], side: dict[str, list[float]]) -> None:
    """Add to `side` how far apart and how level the letters of one hand's `lines` stand; nothing without bodies."""
    if not any(box[4] in BODIES and box[4] not in "iz" for line in lines for box in line):
        return
    size = _size([box for line in lines for box in line])
    gaps: list[float] = []
    for text, line in zip(texts, lines, strict=True):
        word = np.repeat(np.arange(len(text.split())), [len(part) for part in text.split()])
        if len(word) != len(line):
            continue
        for a, b, ends in zip(line, line[1:], np.diff(word), strict=False):
            (side["words"] if ends else gaps).append((b[0] - a[2]) / size)
        at = np.array([((a[0] + a[2]) / 2, a[1]) for a in line if a[4] in UPRIGHT]).reshape(-1, 2) / size
        if len(at) >= 6:
            fit = np.polyval(np.polyfit(at[:, 0], at[:, 1], 1), at[:, 0])
            side["bottom"].append(float(np.std(at[:, 1] - fit, ddof=2)))
    if gaps:
        side["gap"] += gaps
        side["hand"].append(float(np.median(gaps)))
        side["within"].append(float(np.std(gaps)))
