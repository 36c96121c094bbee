"""Blocks to galleys: blocks set in lines of their width, before anybody knows on which page they will stand.

A galley depends on its block, the words counted before it and the width alone, so galleys can be set in any order and
by any process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from handsynth import noise
from handsynth.arrays import Floats
from handsynth.dials.choices import Align
from handsynth.document import imperfections, tables, tabs
from handsynth.document.blocks import Block
from handsynth.document.imperfections import Imperfections
from handsynth.document.slanted import least_steps
from handsynth.ink.glyph import Glyphs
from handsynth.ink.profiles import Profiles
from handsynth.layout import baseline
from handsynth.layout.page import HEADING, MARKED, WRITING, GlyphColumns
from handsynth.layout.pressed import pressed
from handsynth.layout.setting import INDENT, WORD_SPACE, Setting
from handsynth.layout.typeset import Typeset, Typesetter, typeset
from handsynth.layout.words import Script, split
from handsynth.text import emphasis
from handsynth.text.charset import Item, Reading
from handsynth.text.emphasis import Spans
from handsynth.text.hyphens import hyphenator

HEADINGS = (1.5, 1.3, 1.15, 1.0)
"""Size of headings of level 1, 2, 3 and all others."""

HANG, DIGIT = 2.1, 0.95
"""Width of a list item's marker with its blank, in x-heights, and what every further digit adds."""

DEPTH = 1.8
"""How much further in every level of a list stands, in x-heights."""

STRETCH = 1.1
"""A justified line's blanks grow by at most this, in x-heights; a line that needs more stays as it is."""


@dataclass(frozen=True)
class Measure:
    """The measure that blocks are set to. Lengths are in x-heights."""

    width: float
    align: Align = "left"
    indent: float = 0.0
    """How far in the first line of a paragraph begins."""
    language: str = ""
    """Words are hyphenated by the rules of this language; empty: only where the text allows it."""


@dataclass(frozen=True, eq=False)
class Draft:
    """A block ready to be set: read, split into words, its words counted."""

    kind: str
    script: Script | None
    """None for blocks without text."""
    scale: float = 1.0
    inset: float = 0.0
    """How far in all of it stands, in x-heights."""
    hang: float = 0.0
    """How much further in its lines stand that do not begin it: room of the marker, in x-heights."""
    struck: frozenset[int] = frozenset()
    """Words of the script that are slips, struck out afterwards."""
    align: str = ""
    """As of a block."""
    table: tables.Table | None = None
    line: int = 1
    """Where it stands in the source."""


@dataclass(frozen=True, eq=False)
class Galley(GlyphColumns):
    """n glyphs in `count` lines. Lengths are in x-heights."""

    kind: str
    count: int
    scale: float
    keys: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint64))
    """uint64 [w]: noise keys of the words."""
    rise: np.ndarray = field(default_factory=lambda: np.empty(0))
    """float64 [n]: above the line, `shift` with it."""
    size: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    """float32 [n]."""
    spans: tuple[Spans, ...] = ()
    """The emphasis of each glyph."""
    ink: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    """float64 [n,4]: ink boxes about the glyphs' points, of size 1: left, top, right, bottom, y down."""
    columns: np.ndarray = field(default_factory=lambda: np.empty(0))
    """float64 [c+1]: edges of a table's columns, from the text's left edge."""
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    """int64 [r+1]: the lines with which a table's rows begin, and the number of lines."""
    header: bool = False
    """Whether the first row is a table's head."""


def drafts(
    blocks: Iterator[Block], reading: Reading, seed: int, measure: Measure, amounts: Imperfections
) -> Iterator[Draft]:
    """Read blocks one after the other; the words are counted through the document."""
    seen: Counter[str] = Counter()
    hyphens = hyphenator(measure.language) if measure.language else None
    for block in blocks:
        text, spans = block.text, block.spans
        if hyphens and block.kind in ("paragraph", "item"):
            text = hyphens(text)
            spans = emphasis.moved(spans, block.text, text)
        items = reading.add(text, block.line, block.column, spans) if text else []
        if not any(item.kind in ("glyph", "box") for item in items):
            yield Draft(block.kind if block.kind in ("blank", "break", "rule") else "blank", None)
            continue
        struck: frozenset[int] = frozenset()
        if "\t" in text and block.kind in ("paragraph", "code"):
            items = tabs.noted(items)
        if amounts.slips and block.kind in ("paragraph", "item"):
            items, struck = _slip(items, reading, seen, seed, amounts.slips)
        inset = DEPTH * block.level if block.kind in ("item", "code", "table") else 0.0
        if block.kind == "item":
            mark = reading.add(block.marker) if block.marker else []
            if mark:
                items = [*mark, Item(" ", "space", width=1.0), *items]
                struck = frozenset(word + 1 for word in struck)
            hang = HANG + DIGIT * (block.longest - 1)
            yield Draft("item", split(items, seen), 1.0, inset, hang if mark or block.longest > 1 else 0.0, struck)
        elif block.kind == "heading":
            scale = HEADINGS[min(block.level, len(HEADINGS)) - 1]
            yield Draft("heading", split(items, seen), scale, align=block.align)
        else:
            scale = tables.SMALLER if block.table else 1.0
            yield Draft(
                block.kind, split(items, seen), scale, inset,
                struck=struck, align=block.align, table=block.table, line=block.line,
            )  # fmt: skip


def set_drafts(
    typesetter: Typesetter, batch: Sequence[Draft], measure: Measure, amounts: Imperfections
) -> list[Galley]:
    """Set some drafts; all their glyphs are drawn at once."""
    drawn = typesetter.written([draft.script for draft in batch if draft.script])
    result, at = [], 0
    for draft in batch:
        count = len(draft.script.items) if draft.script else 0
        result.append(_set(typesetter, draft, drawn.take(slice(at, at + count)), measure, amounts))
        at += count
    return result


def _set(typesetter: Typesetter, draft: Draft, drawn: Glyphs, measure: Measure, amounts: Imperfections) -> Galley:
    script, seed, setting = draft.script, typesetter.seed, typesetter.setting
    if script is None:
        return Galley(draft.kind, 1, 1.0)
    keys = typesetter.keys(script)
    if amounts.pressure:
        weight = imperfections.weights(seed, keys, script.place, script.word, amounts.pressure)
        drawn = drawn.thicker(weight)
    bold = np.array([emphasis.has(item.spans, "bold") for item in script.items], bool)
    drawn = pressed(drawn, bold, seed, script.place)
    if amounts.pool:
        drawn = drawn.pooled(typesetter.frame, amounts.pool)
    size = draft.scale * imperfections.sizes(seed, keys, amounts.size)
    indent = _indenting(draft, measure, setting, setting.wander * baseline.margins(seed, keys))
    adjust = _adjusting(typesetter, draft, amounts, keys, size, indent)
    wrap = None if draft.table else _room(draft, measure)
    done = typeset(typesetter, script, drawn, indent, wrap, size, adjust)
    return _galley(typesetter, draft, done, keys, size, measure, amounts)


def _room(draft: Draft, measure: Measure) -> float:
    return max(measure.width - draft.inset, 1e-6)


def _indenting(draft: Draft, measure: Measure, setting: Setting, inside: Floats) -> Callable[[Script], Floats]:
    """What says where a line begins that begins with each glyph [n]; `inside` [w]: how far in each word would stand."""

    def indent(script: Script) -> Floats:
        blank = np.where(script.newlines > 0, script.space, 0.0)
        if len(blank):
            blank[0] = script.space[0]
        indents = np.asarray(blank * INDENT * setting.word_spacing * draft.scale + inside[script.word] + draft.hang)
        stops = tabs.counts(script)
        indents[(stops > 0) & (script.newlines > 0)] = (tabs.STOP * stops)[(stops > 0) & (script.newlines > 0)]
        if len(indents) and stops[0]:
            indents[0] = tabs.STOP * stops[0] + draft.hang
        if len(indents):
            indents[0] += (measure.indent if draft.kind == "paragraph" else 0.0) - draft.hang
        return indents

    return indent


def _adjusting(
    typesetter: Typesetter, draft: Draft, amounts: Imperfections, keys: np.ndarray, size: np.ndarray,
    indent: Callable[[Script], Floats],
) -> Callable[[Script, np.ndarray, Profiles, np.ndarray], np.ndarray]:  # fmt: skip
    """What changes the distances [n] of glyphs whose words have `keys` and `size` [w]."""
    seed, frame = typesetter.seed, typesetter.frame

    def adjust(script: Script, step: np.ndarray, edges: Profiles, shift: np.ndarray) -> np.ndarray:
        """Letters that lean or stray keep clear; after a marker the text begins where the other lines do, if it can."""
        if amounts.slant or amounts.wander:
            zoom = size[script.word]
            lean = imperfections.slants(seed, keys, script.place, script.word, amounts.slant)
            growth = float(imperfections.tired(np.ones(1), amounts.tiring)[0])
            strayed = amounts.wander * shift / zoom
            step = np.maximum(step, least_steps(script, edges, frame, lean, strayed, growth) * zoom)
        stops = tabs.counts(script)
        if stops.any():
            left, right = edges.box()
            zoom = size[script.word]
            step = tabs.stopped(script, step, left * zoom, right * zoom, indent(script), stops)
        second = int(np.searchsorted(script.word, 1))
        if draft.hang and 0 < second < len(step):
            left, right = edges.box()
            wanted = draft.hang + left[0] - step[1:second].sum() - left[second]
            least = right[second - 1] - left[second] + 0.7 * WORD_SPACE
            step[second] = max(wanted, least)
        return step

    return adjust


def _galley(
    typesetter: Typesetter, draft: Draft, done: Typeset, keys: np.ndarray, size: np.ndarray, measure: Measure,
    amounts: Imperfections,
) -> Galley:  # fmt: skip
    """The lines of `done`, aligned, as uneven as a person's; `keys` and `size` [w] are those of its words."""
    seed, room = typesetter.seed, _room(draft, measure)
    align = draft.align or ("left" if draft.kind in ("item", "code", "table") else measure.align)
    script, lines, kept = done.script, done.lines, done.lines.kept
    line, x, edges, rows = lines.line, lines.x.copy(), np.empty(0), np.empty(0, np.int64)
    shapes = done.drawn if len(kept) == len(done.drawn) else done.drawn.take(kept)
    ink, zoom = shapes.boxes(typesetter.frame), size[script.word[kept]]
    if align != "left":
        x += _aligned(x + ink[:, 2] * zoom, script, kept, line, room, align)
    if draft.table:
        of = [script.items[i].spans for i in kept.tolist()]
        low, high = x + ink[:, 0] * zoom, x + ink[:, 2] * zoom
        found = tables.columns(draft.table, of, line, script.breakable[kept], low, high, room, draft.line)
        x, line, edges, rows = x + found.move, found.line, found.edges, found.rows
        # lines are written one after the other, so that of a cell of several the second comes after its neighbours'
        turn = np.argsort(line, kind="stable")
        kept, x, line, shapes, ink, zoom = kept[turn], x[turn], line[turn], shapes.take(turn), ink[turn], zoom[turn]
    word, place = script.word[kept], script.place[kept]
    items = [script.items[i] for i in kept.tolist()]
    texts = tuple(item.text for item in items)
    rise, angle = baseline.wander(baseline.chances(seed, keys), word, line, x, typesetter.setting.unevenness)
    shift = done.shift[kept]
    slant = imperfections.slants(seed, keys, place, word, amounts.slant)
    depth = imperfections.depths(seed, keys, word, line, x, amounts.ink)
    depth[[emphasis.has(item.spans, "bold") for item in items]] = 1.0
    marked = [emphasis.has(item.spans, "marked") for item in items]
    return Galley(
        kind=draft.kind,
        count=int(rows[-1]) if len(rows) else lines.count,
        scale=draft.scale,
        texts=texts,
        words=script.words,
        keys=keys,
        char=np.array([typesetter.index[item.pieces[0].char] if item.pieces else -1 for item in items], np.int32),
        x=x + draft.inset,
        rise=(rise + shift) * amounts.wander,
        shift=shift * amounts.wander,
        size=zoom.astype(np.float32),
        angle=(angle * amounts.wander).astype(np.float32),
        slant=slant,
        depth=depth,
        word=word,
        line=line,
        letter=script.letter[kept],
        place=place,
        colour=np.where(marked, MARKED, HEADING if draft.kind == "heading" else WRITING).astype(np.uint8),
        spans=tuple(item.spans for item in items),
        struck=np.isin(word, list(draft.struck)),
        ink=ink,
        glyphs=shapes,
        columns=edges + draft.inset,
        rows=rows,
        header=bool(draft.table and draft.table.header),
    )


def _aligned(
    right: np.ndarray, script: Script, kept: np.ndarray, line: np.ndarray, wrap: float, align: str
) -> np.ndarray:
    """How far to move each glyph [n] to the right."""
    used, row = np.unique(line, return_inverse=True)
    edge = np.full(len(used), -np.inf)
    np.maximum.at(edge, row, right)
    slack = np.maximum(wrap - edge, 0.0)
    if align != "justify":
        return (slack * (1.0 if align == "right" else 0.5))[row]
    # the lines that end where the text says so stay as they are
    first = np.searchsorted(line, used)
    ends = np.concatenate([script.newlines[kept[first[1:]]] > 0, [True]])
    gap = (script.space[kept] > 0) & (np.diff(line, prepend=-1) == 0)
    gaps = np.bincount(row, gap)
    stretch = np.where(~ends & (gaps > 0), slack / np.maximum(gaps, 1), 0.0)
    stretch[stretch > STRETCH] = 0.0
    number = np.cumsum(gap)
    number = number - number[first][row]  # no gap comes before the first glyph of a line
    return np.asarray(stretch[row] * number)


def _slip(
    items: Sequence[Item], reading: Reading, seen: Counter[str], seed: int, amount: float
) -> tuple[list[Item], frozenset[int]]:
    """The items with slips before the words that they miss, and which words of all they are."""
    seen = Counter({word: seen[word] for word in map(_word, _runs(items))})  # counted on here, for good by `split`
    result: list[Item] = []
    struck: set[int] = set()
    number = 0
    for run in _runs(items):
        if run[0].kind in ("space", "newline"):
            result += run
            continue
        text = _word(run)
        if any(item.kind != "chance" for item in run):
            slip = imperfections.slip(seed, noise.key_of(text, seen[text]), text, amount)
            drawn = [reading.table.resolve(char)[0] for char in slip or ""]
            if slip and all(drawn):
                result += [replace(item, spans=run[0].spans) for part in drawn for item in part]
                result.append(Item(" ", "space", width=1.0))
                struck.add(number)
                number += 1
            seen[text] += 1
            number += 1
        result += run
    return result, frozenset(struck)


def _runs(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Words, and what stands between them, one by one."""
    held: list[Item] = []
    for item in items:
        if item.kind in ("space", "newline"):
            if held:
                yield held
                held = []
            yield [item]
        else:
            held.append(item)
    if held:
        yield held


def _word(run: Sequence[Item]) -> str:
    return "".join(item.text for item in run if item.kind != "chance")
