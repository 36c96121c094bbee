"""Galleys to Pages: lines stand on the rules of sheets, as many sheets as it takes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from handsynth import noise
from handsynth.document import imperfections, tables
from handsynth.document.galley import Galley
from handsynth.document.imperfections import Imperfections
from handsynth.errors import InputError
from handsynth.ink.glyph import joined
from handsynth.layout import linework, skyline
from handsynth.layout.joins import join
from handsynth.layout.page import Page, Ruling, Stroke
from handsynth.layout.typeset import Typesetter
from handsynth.text.emphasis import has

SMALLEST = 0.6
"""A letter that would touch the line above is written smaller, down to this; else its line moves on by one."""

TAIL = 0.95
"""What of a descender is kept clear, in x-heights: the ends of longer ones run among the letters of the next line."""

PEN = 0.13
"""Width of the pen of drawn rules, in x-heights."""

_EDGE = 0.04  # what ink may be wider than its box says: edges between pixels, and the small angle
_BARE = Galley("", 0, 1.0)


@dataclass(frozen=True, eq=False)
class EmptySheet:
    """One empty sheet. Lengths are in x-heights from its upper left corner."""

    width: float
    height: float
    left: float
    """Where the text begins."""
    measure: float
    """Width of the text."""
    slots: np.ndarray
    """float64 [k]: the baselines on which one may write, downwards."""
    ruling: Ruling = field(default_factory=Ruling)

    def __post_init__(self) -> None:
        if not len(self.slots):
            raise InputError("no line fits on the sheet; give smaller margins, a smaller size or larger paper")


@dataclass(eq=False)
class _PageLine:
    """One line on a page: which glyphs of which galley, on which baseline, and how much smaller than set."""

    galley: Galley
    order: int
    """Of the galley in the document."""
    number: int
    """Of the line in the galley."""
    first: int
    stop: int
    slot: int
    y: float
    shrink: np.ndarray


def paginate(
    galleys: Iterable[Galley], sheet: EmptySheet, typesetter: Typesetter, amounts: Imperfections
) -> Iterator[Page]:
    """Pages one by one: headings stay with what follows, and no page begins or ends with one line of a paragraph."""
    press = _Press(sheet, typesetter, amounts)
    held: list[tuple[int, Galley]] = []  # headings and blanks after them: they go where the next block goes
    for order, galley in enumerate(galleys):
        if galley.kind == "heading" or (held and galley.kind == "blank"):
            held.append((order, galley))
            continue
        if galley.kind == "break":
            yield from press.place(held, None)
            yield from press.turn()
            press.forced = True
        else:
            yield from press.place(held, (order, galley))
        held = []
    yield from press.place(held, None)
    yield from press.finish()


class _Press:
    """The page that is being filled."""

    def __init__(self, sheet: EmptySheet, typesetter: Typesetter, amounts: Imperfections) -> None:
        self.sheet, self.typesetter, self.amounts = sheet, typesetter, amounts
        self.slot = 0
        self.number = 1
        self.forced = True
        """Whether blank lines at the top of this page are wanted."""
        self.lines: list[_PageLine] = []
        self.rules: list[tuple[int, float]] = []

    def place(self, held: list[tuple[int, Galley]], last: tuple[int, Galley] | None) -> Iterator[Page]:
        group = [*held, last] if last else held
        if not group:
            return
        slots = len(self.sheet.slots)
        need = sum(self._slots(galley) for _, galley in held)
        if last:
            count = last[1].count
            need += count if count <= 3 else 2
        if self.slot and self.slot + need > slots and slots >= 4:
            yield from self.turn()
        for order, galley in group:
            yield from self._galley(order, galley)

    def turn(self) -> Iterator[Page]:
        """Take a new sheet."""
        yield self._page()
        self.slot, self.lines, self.rules, self.forced = 0, [], [], False
        self.number += 1

    def finish(self) -> Iterator[Page]:
        if self.lines or self.rules or self.number == 1:
            yield self._page()

    def _slots(self, galley: Galley) -> int:
        return galley.count * _each(galley) + _framed(galley)

    def _galley(self, order: int, galley: Galley) -> Iterator[Page]:
        slots = self.sheet.slots
        if galley.kind in ("blank", "rule"):
            if self.slot >= len(slots):
                yield from self.turn()
            if galley.kind == "rule":
                self.rules.append((order, float(slots[self.slot])))
            if galley.kind == "rule" or self.slot or self.forced:
                self.slot += 1
            return
        bounds = np.searchsorted(galley.line, np.arange(galley.count + 1))
        each = _each(galley)
        done = 0
        while done < galley.count:
            room = (len(slots) - self.slot + (each - 1 if not self.slot else 0)) // each
            left = galley.count - done
            if room < left and len(slots) >= 4:
                if left - room == 1 and room > 2:
                    room -= 1  # no page begins with the last line of a paragraph
                if room == 1 and done == 0 and self.slot:
                    room = 0  # nor ends with the first
            if room <= 0:
                yield from self.turn()
                continue
            for _ in range(min(room, left)):
                if not self._line(order, galley, done, int(bounds[done]), int(bounds[done + 1]), each):
                    break
                done += 1
            if done < galley.count:
                yield from self.turn()
        self.slot += _framed(galley)

    def _line(self, order: int, galley: Galley, number: int, first: int, stop: int, each: int) -> bool:
        """Put a line on the next slot where its ink clears that of the line above; False if the page is full."""
        slots = self.sheet.slots
        slot = self.slot + (each - 1 if self.slot else 0)
        while slot < len(slots):
            y = float(slots[slot])
            shrink = self._clear(galley, first, stop, y)
            if shrink is not None:
                self.lines.append(_PageLine(galley, order, number, first, stop, slot, y, shrink))
                self.slot = slot + 1
                return True
            slot += 1
        if not self.lines:
            raise InputError("the text is too large for the sheet: no line of it fits; give a smaller size")
        return False

    def _clear(self, galley: Galley, first: int, stop: int, y: float) -> np.ndarray | None:
        """How much smaller each glyph must be to clear the line above and the sheet's edges; None: too much."""
        part = slice(first, stop)
        growth = self._growth(y)
        size, ink = galley.size[part].astype(np.float64), galley.ink[part]
        rise = galley.rise[part] * growth
        over = -ink[:, 1] * size
        under = ink[:, 3] * size
        shrink = np.ones(stop - first)
        room = np.full(stop - first, y - _EDGE)
        if self.lines:
            above = self.lines[-1]
            room = np.minimum(room, self._under(above, galley, part, y) - skyline.CLEAR - _EDGE)
        room_below = self.sheet.height - y - _EDGE
        with np.errstate(divide="ignore", invalid="ignore"):
            shrink = np.minimum(shrink, np.where(over > 0, (room - rise) / over, 1.0))
            shrink = np.minimum(shrink, np.where(under > 0, (room_below + rise) / under, 1.0))
        if len(shrink) and shrink.min() < SMALLEST:
            return None
        return shrink

    def _under(self, above: _PageLine, galley: Galley, part: slice, y: float) -> np.ndarray:
        """Room [n] between the baseline `y` and what hangs down over each glyph from the line above."""
        g, up = above.galley, slice(above.first, above.stop)
        size = g.size[up] * above.shrink
        bottom = above.y + np.minimum(g.ink[up, 3], TAIL) * size - g.rise[up] * self._growth(above.y)
        lined = [has(of, "underline") for of in g.spans[up]]
        bottom[lined] = np.maximum(bottom, above.y + linework.lowest(self.amounts.wander) * size)[lined]
        lean = np.abs(g.slant[up]) + 0.1
        left = g.x[up] + g.ink[up, 0] * size - lean - self.amounts.margin * imperfections.WIDEST_MARGIN
        right = g.x[up] + g.ink[up, 2] * size + lean + self.amounts.margin * imperfections.WIDEST_MARGIN
        low = np.full(math.ceil(self.sheet.width / skyline.BIN) + 64, -np.inf)

        def reached(left: np.ndarray, right: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
            # some bins lie beside the sheet, on both sides
            first, last = (np.clip(side + 8, 0, len(low) - 1) for side in skyline.bins(left, right))
            return skyline.reached(first, last)

        for some, at in reached(left, right):
            np.maximum.at(low, at, bottom[some])
        size = galley.size[part].astype(np.float64)
        lean = np.abs(galley.slant[part]) * 2.5 + 0.1
        middle, ink = galley.x[part], galley.ink[part]
        deepest = np.full(len(size), -np.inf)
        for some, at in reached(middle + ink[:, 0] * size - lean, middle + ink[:, 2] * size + lean):
            deepest[some] = np.maximum(deepest[some], low[at])
        return y - deepest

    def _growth(self, y: float) -> float:
        """How much stronger the faults are at this height of the page."""
        return float(imperfections.tired(np.array([y / self.sheet.height]), self.amounts.tiring)[0])

    def _page(self) -> Page:
        sheet, typesetter, lines = self.sheet, self.typesetter, self.lines
        parts = [(line, slice(line.first, line.stop)) for line in lines]

        def column(name: str) -> np.ndarray:
            return np.concatenate([getattr(line.galley, name)[part] for line, part in parts] or [getattr(_BARE, name)])

        counts = [line.stop - line.first for line in lines]
        number = np.repeat(np.arange(len(lines)), counts).astype(np.int32)
        growth = np.repeat([self._growth(line.y) for line in lines], counts)
        heads = [int(line.galley.keys[line.galley.word[line.first]]) for line in lines if line.stop > line.first]
        inside = np.zeros(len(lines))
        inside[[count > 0 for count in counts]] = imperfections.margins(
            typesetter.seed, np.array(heads, np.uint64), self.amounts.margin
        )
        inside[[len(line.galley.columns) > 0 for line in lines]] = 0.0  # columns stand under each other
        shrink = np.concatenate([line.shrink for line in lines] or [np.empty(0)])
        scale = (column("size") * shrink).astype(np.float32)
        x = sheet.left + column("x") + np.repeat(inside, counts)
        y = np.repeat([line.y for line in lines], counts) - column("rise") * growth
        words: list[str] = []
        word = np.empty(len(x), np.int32)
        at, before = 0, (-1, -1)
        for line, part in parts:
            for glyph in range(part.start, part.stop):
                mine = (line.order, int(line.galley.word[glyph]))
                if mine != before:
                    words.append(line.galley.words[mine[1]])
                    before = mine
                word[at] = len(words) - 1
                at += 1
        glyphs = [line.galley.glyphs.take(part) for line, part in parts]
        page = Page(
            frame=typesetter.frame,
            width=sheet.width,
            height=sheet.height,
            texts=tuple(text for line, part in parts for text in line.galley.texts[part]),
            char=column("char"),
            x=x,
            y=y,
            scale=scale,
            angle=(column("angle") * growth).astype(np.float32),
            slant=(column("slant") * growth).astype(np.float32),
            depth=column("depth"),
            word=word,
            line=number,
            letter=column("letter"),
            place=column("place"),
            shift=column("shift") * growth,
            colour=column("colour"),
            glyphs=joined(glyphs, typesetter.frame.size),
            words=tuple(words),
            baselines=np.array([line.y for line in lines]),
            struck=column("struck"),
            ruling=sheet.ruling,
            paragraph=np.array([line.order for line in lines], np.int32),
            number=self.number,
            seed=typesetter.seed,
        )
        self._keep_inside(page, column("ink"))
        page = join(page, typesetter.setting.joins)
        spans = [of for line, part in parts for of in line.galley.spans[part]]
        return _with_strokes(page, (*self._strokes(page), *linework.lines(page, spans, self.amounts.wander)))

    def _keep_inside(self, page: Page, ink: np.ndarray) -> None:
        """Move lines whose ink would leave the sheet sideways, and letters that would leave it up or down, in place."""
        if not len(page):
            return
        left, top, right, bottom = outer_boxes(page, ink).T
        for line in range(len(page.baselines)):
            mine = np.flatnonzero((page.line == line) & (ink[:, 2] > ink[:, 0]))
            if len(mine):
                low, high = float(left[mine].min()) - _EDGE, float(right[mine].max()) + _EDGE
                page.x[mine] += max(0.0, -low) - max(0.0, high - page.width)
        page.y[:] += np.maximum(0.0, _EDGE - top) * (bottom > top)
        page.y[:] -= np.maximum(0.0, bottom + _EDGE - page.height) * (bottom > top)

    def _strokes(self, page: Page) -> tuple[Stroke, ...]:
        seed = self.typesetter.seed
        strokes: list[Stroke] = []
        for order, y in self.rules:
            strokes.append(_rule(seed, order, self.sheet, y - 0.45))
        rows: dict[int, list[_PageLine]] = {}
        for line in self.lines:
            if len(line.galley.columns):
                rows.setdefault(line.order, []).append(line)
        for order, lines in rows.items():
            galley = lines[0].galley
            header = galley.header and lines[0].number == 0
            edges = galley.columns + self.sheet.left
            begins = np.isin([line.number for line in lines], galley.rows).tolist()
            between = len(galley.rows) <= galley.count  # without lines, rows of several lines are not told apart
            strokes += tables.ruled(edges, [line.y for line in lines], begins, header, between, seed, order)
        boxes = page.boxes()
        struck = np.flatnonzero(page.struck & (boxes[:, 2] > boxes[:, 0]))
        groups: dict[tuple[int, int], list[int]] = {}
        for glyph in struck.tolist():
            groups.setdefault((int(page.word[glyph]), int(page.line[glyph])), []).append(glyph)
        for mine in groups.values():
            left, right = float(boxes[mine, 0].min()), float(boxes[mine, 2].max())
            height = float(np.mean(page.y[mine] - 0.5 * page.scale[mine]))
            stroke = imperfections.strike(left, right, height, seed, int(page.place[mine[0]]))
            depth = float(page.depth[mine].mean())
            strokes.append(replace(stroke, colour=int(page.colour[mine[0]]), depth=depth))
        return tuple(strokes)


def _each(galley: Galley) -> int:
    """Slots that a line takes."""
    return max(1, math.ceil(galley.scale - 0.2))


def _framed(galley: Galley) -> int:
    """Slots that stay free below a galley with a frame."""
    return int(any(has(of, "frame") for of in galley.spans[:1]))


def outer_boxes(page: Page, ink: np.ndarray) -> np.ndarray:
    """Boxes float64 [n,4] around the slanted and turned ink boxes `ink` [n,4] (about the glyphs' points, size 1)."""
    corners = ink[:, [0, 1, 2, 1, 0, 3, 2, 3]].reshape(-1, 4, 2)
    base = np.array([page.frame.size / 2, page.frame.baseline])
    at = corners * page.frame.xheight + base
    matrices = page.matrices()
    moved = np.einsum("nij,nkj->nki", matrices[:, :, :2], at) + matrices[:, None, :, 2]
    return np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1)


def _rule(seed: int, order: int, sheet: EmptySheet, y: float) -> Stroke:
    """A line across the text, drawn by hand with a ruler."""
    drawn = noise.normals(seed, "layout", np.array([noise.key_of("rule", order)], np.uint64), 8)[0].astype(np.float64)
    x = np.linspace(sheet.left, sheet.left + sheet.measure, 6)
    return Stroke(np.stack([x, y + 0.05 * drawn[:6]], axis=1), PEN)


def _with_strokes(page: Page, strokes: tuple[Stroke, ...]) -> Page:
    return replace(page, strokes=strokes) if strokes else page
