"""Truth to JSON lines and back: one object a line, with all that a Truth holds, by the same names, and the picture.

The seed, a whole number of 64 bits, is written as text: JSON's readers hold numbers as doubles, which are exact up to
2^53 (RFC 8259, section 6), or as int64. Lines of before, in which it was a number, are read, too.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import numpy as np

from handsynth.errors import HandsynthError, InputError
from handsynth.provenance.exact import seed_of
from handsynth.truth.truth import DIGITS, Truth

LIMIT = 1 << 30
"""Greatest length of a line, in characters."""

_WORDS = "name", "text", "writer"
_NUMBERS = "width", "height", "index"
_TEXTS = "lines", "words", "glyphs"

_DECIMALS = [f".{n:0{DIGITS}d}".rstrip("0") if n else ".0" for n in range(10**DIGITS)]
"""Of each number of thousandths."""

_GREATEST = 1e9


def text(truth: Truth, picture: str) -> bytes:
    """One line, in ASCII, with its end."""
    record: dict[str, Any] = {"picture": picture}
    record |= {name: getattr(truth, name) for name in (*_WORDS, *_NUMBERS)} | {"seed": str(truth.seed)}
    parts = {
        "lines": _json(truth.lines),
        "line_polygons": _shapes(truth.line_polygons),
        "line_baselines": _shapes(truth.line_baselines),
        "words": _json(truth.words),
        "word_line": _json(truth.word_line.tolist()),
        "word_polygons": _shapes(truth.word_polygons),
        "struck": _json(truth.struck.tolist()),
        "glyphs": _json(truth.glyphs),
        "glyph_word": _json(truth.glyph_word.tolist()),
        "glyph_polygons": _shapes(truth.glyph_polygons),
    }
    line = _json(record)[:-1] + "".join(f',"{name}":{part}' for name, part in parts.items()) + "}\n"
    return line.encode("ascii")


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _shapes(shapes: Sequence[np.ndarray] | np.ndarray) -> str:
    """JSON of lists of points: what `json` gives, in a third of its time, for they are most of a line."""
    points = np.concatenate([np.empty((0, 2)), *shapes]).ravel()
    if not np.isfinite(points).all() or np.abs(points).max(initial=0.0) > _GREATEST:
        return _json([shape.tolist() for shape in shapes])
    units = np.rint(points * len(_DECIMALS)).astype(np.int64)
    whole, decimals = np.divmod(np.abs(units), len(_DECIMALS))
    texts = [str(a) + _DECIMALS[b] for a, b in zip(whole.tolist(), decimals.tolist(), strict=True)]
    for i in np.flatnonzero(units < 0).tolist():
        texts[i] = "-" + texts[i]
    pairs = [f"{x},{y}" for x, y in zip(texts[::2], texts[1::2], strict=True)]
    ends = np.cumsum([0, *map(len, shapes)]).tolist()
    return "[" + ",".join(f"[[{'],['.join(pairs[a:b])}]]" for a, b in zip(ends[:-1], ends[1:], strict=True)) + "]"


def write(pairs: Iterable[tuple[Truth, str]], file: BinaryIO) -> None:
    """A line for each Truth and its picture's name."""
    for truth, picture in pairs:
        file.write(text(truth, picture))


def join(files: Iterable[BinaryIO], file: BinaryIO) -> None:
    """One file of several."""
    for part in files:
        shutil.copyfileobj(part, file)


def read(line: str | bytes) -> Truth:
    """The Truth of one line. Raises InputError for anything that `text` does not write."""
    try:
        if len(line) > LIMIT:
            raise ValueError("it is too long")
        record = json.loads(line)
        if not isinstance(record, dict):
            raise ValueError("it is no object")
        return _truth(record)
    except HandsynthError:
        raise
    except KeyError as error:
        raise InputError(f"the line of ground truth has no {error.args[0]}; give one that handsynth wrote") from error
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        reason = "it is not JSON" if isinstance(error, json.JSONDecodeError) else str(error).splitlines()[0]
        raise InputError(f"the line of ground truth is damaged: {reason}; give one that handsynth wrote") from error


def _truth(record: dict[str, Any]) -> Truth:
    for names, kind in ((_WORDS, str), (_NUMBERS, int)):
        for name in names:
            if type(record[name]) is not kind:
                raise ValueError(f"{name} is no {'text' if kind is str else 'whole number'}")
    for name in _TEXTS:
        if not isinstance(record[name], list) or not all(isinstance(value, str) for value in record[name]):
            raise ValueError(f"{name} are no texts")
    lines, words, glyphs = (len(record[name]) for name in _TEXTS)
    struck = record["struck"]
    if not isinstance(struck, list) or not all(isinstance(value, bool) for value in struck) or len(struck) != words:
        raise ValueError("struck does not say yes or no of each word")
    return Truth(
        **{name: record[name] for name in (*_WORDS, *_NUMBERS)},
        seed=seed_of(record["seed"]),
        lines=tuple(record["lines"]),
        line_polygons=_same(record, "line_polygons", lines),
        line_baselines=_points(record, "line_baselines", lines, 2),
        words=tuple(record["words"]),
        word_line=_numbers(record, "word_line", words, lines),
        word_polygons=_same(record, "word_polygons", words),
        glyphs=tuple(record["glyphs"]),
        glyph_word=_numbers(record, "glyph_word", glyphs, words),
        glyph_polygons=_points(record, "glyph_polygons", glyphs, 3),
        struck=np.array(struck, bool),
    )


def _points(record: dict[str, Any], name: str, count: int, least: int) -> tuple[np.ndarray, ...]:
    """`count` arrays float64 [m,2] of at least `least` points each."""
    values = record[name]
    if not isinstance(values, list) or len(values) != count:
        raise ValueError(f"{name} are not {count} lists of points")
    arrays = tuple(np.array(value, np.float64) for value in values)
    if not all(a.ndim == 2 and a.shape[1] == 2 and len(a) >= least and np.isfinite(a).all() for a in arrays):
        raise ValueError(f"{name} has an entry that is no list of points")
    return arrays


def _same(record: dict[str, Any], name: str, count: int) -> np.ndarray:
    """float64 [count,k,2]: polygons of as many points."""
    arrays = _points(record, name, count, 4)
    if len({len(polygon) for polygon in arrays}) > 1 or (name == "word_polygons" and any(len(a) != 4 for a in arrays)):
        raise ValueError(f"{name} have different numbers of corners")
    return np.stack(arrays) if arrays else np.empty((0, 4, 2))


def _numbers(record: dict[str, Any], name: str, count: int, limit: int) -> np.ndarray:
    """int32 [count] from 0 to below `limit`."""
    values = record[name]
    if not isinstance(values, list) or not all(type(value) is int and 0 <= value < limit for value in values):
        raise ValueError(f"{name} has an entry out of range")
    if len(values) != count:
        raise ValueError(f"{name} has {len(values)} entries, not {count}")
    return np.array(values, np.int32)
