"""Which parts of a text are emphasised, that is pressed harder, underlined, struck through, framed or in another ink;
and which are the cells of a table or stand at a tab stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

EmphasisKind = Literal["bold", "underline", "strike", "marked", "frame", "cell", "tab"]


@dataclass(frozen=True)
class Span:
    """Characters `start` … `stop` - 1 of a text. Spans of one kind never overlap."""

    kind: EmphasisKind
    start: int
    stop: int


Spans = tuple[Span, ...]


def of_each(spans: Sequence[Span], size: int) -> list[Spans]:
    """The spans of each of `size` characters."""
    result: list[Spans] = [()] * size
    for span in spans:
        for at in range(span.start, min(span.stop, size)):
            result[at] += (span,)
    return result


def part(spans: Sequence[Span], start: int, stop: int) -> Spans:
    """The spans of the characters `start` … `stop` - 1, counted from `start`."""
    cut = (replace(one, start=max(one.start, start) - start, stop=min(one.stop, stop) - start) for one in spans)
    return tuple(one for one in cut if one.start < one.stop)


def moved(spans: Sequence[Span], before: str, after: str) -> Spans:
    """The spans of `before` in `after`, which has characters more, such as hyphens."""
    if not spans or before == after:
        return tuple(spans)
    places = []  # of each character of `before` in `after`
    at = 0
    for char in before:
        at = after.index(char, at)
        places.append(at)
        at += 1
    return tuple(replace(one, start=places[one.start], stop=places[one.stop - 1] + 1) for one in spans)


def has(spans: Spans, kind: EmphasisKind) -> bool:
    return any(one.kind == kind for one in spans)
