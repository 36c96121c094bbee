"""The text of a PDF page where it is written, unseen: to be selected, searched, copied and read aloud.

As programs for text recognition do it: text in render mode 3 (neither filled nor stroked; ISO 32000-1, 9.3.6) in a
font that shows nothing, with a table that says which character each code means. A word has one place, size and
width; its letters share that width evenly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from handsynth.formats.vector import decimal
from handsynth.layout.page import Page
from handsynth.text.signs import SOFT_HYPHEN

EM = 2.6
"""Size of the type, in x-heights: from the foot of a g to the head of an l."""

ASCENT, DESCENT, ADVANCE = 720, -280, 500
"""Of every glyph, in thousandths of the size."""

_APART = "\xa0"
"""After a hyphen that ends a word and a line: pdfium would join the next word to it."""

_ASTRAL = range(0xD800, 0xE000)
"""Codes are characters of the Basic Multilingual Plane; those that stand for none there are given to others."""


@dataclass(frozen=True)
class LetterRun:
    """Letters of one word on one line. Lengths are in x-heights."""

    text: str
    x: float
    y: float
    """Left edge, baseline."""
    size: float
    """Height of an x."""
    width: float
    space: float = 0.0
    """Width of the blank that follows on this line; 0: none does."""


@dataclass(frozen=True)
class WordSpan:
    """One word: a run, or several where lines end inside it."""

    runs: tuple[LetterRun, ...]
    whole: str = ""
    """What a word of several runs means."""


def spans(page: Page) -> list[WordSpan]:
    """The words of `page` in reading order, without those that are struck out."""
    kept = np.flatnonzero(~page.struck)
    if not len(kept):
        return []
    boxes = page.boxes()[kept]
    blank = boxes[:, 2] < boxes[:, 0]
    boxes[blank] = page.x[kept][blank, None]
    word, line = page.word[kept], page.line[kept]
    starts = np.flatnonzero(np.concatenate([[True], (np.diff(word) != 0) | (np.diff(line) != 0)]))
    left, right = np.minimum.reduceat(boxes[:, 0], starts), np.maximum.reduceat(boxes[:, 2], starts)
    count = np.diff([*starts, len(kept)])
    y, size = (np.add.reduceat(values[kept].astype(np.float64), starts) / count for values in (page.y, page.scale))
    found: list[WordSpan] = []
    for k, start in enumerate(starts.tolist()):
        text = clean("".join(page.texts[i] for i in kept[start : start + count[k]].tolist()))
        more = k + 1 < len(starts)
        space = 0.0
        if more and line[starts[k + 1]] == line[start]:
            space = max(float(left[k + 1] - right[k]), 0.05 * float(size[k]))
        run = LetterRun(text, float(left[k]), float(y[k]), float(size[k]), max(float(right[k] - left[k]), 0.01), space)
        if k and word[starts[k - 1]] == word[start]:
            before = found.pop()
            whole = (before.whole or before.runs[-1].text).removesuffix(SOFT_HYPHEN) + text
            found.append(WordSpan((*before.runs, run), whole))
        else:
            found.append(WordSpan((run,)))
    return found


def clean(text: str) -> str:
    """`text` with U+FFFD for what no text can hold: control characters, lone surrogates."""
    return "".join("\ufffd" if ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 else c for c in text)


class BlankFont:
    """The blank font of a document: codes for the characters that its pages use."""

    def __init__(self) -> None:
        self.used: dict[int, str] = {}
        self._astral: dict[str, int] = {}

    def content(self, spans: Sequence[WordSpan], height: float, unit: float) -> str:
        """Content stream of a page `height` points high, with `unit` points to an x-height."""
        return "BT 3 Tr\n" + "".join(self._operators(spans, height, unit)) + "ET\n"

    def _operators(self, spans: Sequence[WordSpan], height: float, unit: float) -> Iterator[str]:
        before = ""
        for span in spans:
            if span.whole:
                meant = "\ufeff" + span.whole + (_APART if span.whole.endswith("-") else "")
                yield f"/Span <</ActualText <{meant.encode('utf-16-be').hex()}>>> BDC\n"
            for run in span.runs:
                em = run.size * EM * unit
                if (size := decimal(em, 2)) != before:
                    yield f"/F {size} Tf\n"
                    before = size
                yield f"1 0 0 1 {decimal(run.x * unit, 2)} {decimal(height - run.y * unit, 2)} Tm\n"
                yield self._show(run.text, run.width * unit, em)
            if span.whole:
                yield "EMC\n"
            # at a line's end, too: where a line is very short, pdfium does not see that another follows
            blank = _APART if run.text.endswith("-") and not (run.space or span.whole) else " "
            yield self._show(blank, run.space * unit or 0.3 * em, em)

    def _show(self, text: str, width: float, em: float) -> str:
        """Operators that show `text`, stretched to `width` points."""
        stretch = width / (len(text) * em * ADVANCE / 1000) * 100
        return f"{decimal(max(stretch, 0.1), 2)} Tz <{''.join(f'{self._code(char):04X}' for char in text)}> Tj\n"

    def _code(self, char: str) -> int:
        code = ord(char)
        if code > 0xFFFF:
            if char not in self._astral and len(self._astral) == len(_ASTRAL):
                char, code = "\ufffd", 0xFFFD
            else:
                code = self._astral.setdefault(char, _ASTRAL.start + len(self._astral))
        self.used[code] = char
        return code

    def unicode_map(self) -> str:
        """The ToUnicode CMap (ISO 32000-1, 9.10.3; Adobe technical note 5411)."""
        entries = [f"<{code:04X}> <{char.encode('utf-16-be').hex()}>" for code, char in sorted(self.used.items())]
        blocks = [entries[at : at + 100] for at in range(0, len(entries), 100)]
        body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        )

    def glyph_map(self) -> bytes:
        """CIDToGIDMap: every code is the blank glyph 1."""
        return b"\0\1" * (max(self.used, default=0) + 1)


def blank_font() -> bytes:
    """A TrueType font whose one glyph is a line without area, as `formats.blank_font` makes it."""
    return resources.files("handsynth").joinpath("assets", "blank.ttf").read_bytes()
