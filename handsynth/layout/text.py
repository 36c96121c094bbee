"""Text to a Page: one picture of a text, as large as it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.layout import baseline, skyline
from handsynth.layout.drawing import GlyphDrawer, draw_glyphs
from handsynth.layout.joins import join
from handsynth.layout.lines import BrokenLines, break_lines
from handsynth.layout.page import Page
from handsynth.layout.setting import INDENT, LINE_HEIGHT, Setting
from handsynth.layout.taken import taken
from handsynth.layout.typeset import Typeset, Typesetter, as_written, distances, told, typeset
from handsynth.layout.words import Script, split
from handsynth.text import charset as characters


def layout(
    text: str,
    draw: GlyphDrawer,
    charset: Sequence[str],
    frame: Frame,
    *,
    seed: int = 0,
    setting: Setting | None = None,
    bearings: Mapping[str, tuple[float, float]] | None = None,
) -> Page:
    """Set `text` on one Page.

    `charset`: what `draw` can draw, in the order of its indices. `bearings`: space to add left and right, in
    x-heights, of characters whose ink misleads; instead of, or beside, spacing.BEARINGS. Raises InputError for text
    that cannot be set (see charset.read).
    """
    how = setting or Setting()
    items, report = characters.read(text, charset, how.missing, how.recipes)
    return layouts([Typesetter(draw, charset, frame, seed, how, bearings or {})], [split(items)], [report], draw)[0]


def layouts(
    typesetters: Sequence[Typesetter],
    scripts: Sequence[Script],
    reports: Sequence[characters.Report],
    draw: GlyphDrawer,
) -> list[Page]:
    """A Page for each of the scripts, none of which sees the others; all are drawn and spaced at once, by `draw`.

    Decoder, profiles and spacing cost as much for one line as for some. `typesetters`: of each script; their settings
    differ in `wrap`, `gap`, `unevenness` and `joins` alone.
    """
    first = typesetters[0]
    counts = [len(script.items) for script in scripts]
    glyphs = [(script, glyph) for script, count in zip(scripts, counts, strict=True) for glyph in range(count)]
    seeds = np.array([typesetter.seed for typesetter in typesetters], np.uint64)
    owner = np.repeat(seeds, counts)
    plain = draw_glyphs(glyphs, draw, first.index, first.frame, owner, told(typesetters, scripts))
    drawn = as_written(typesetters, scripts, plain)
    edges = drawn.profiles(first.frame)
    step, shift = distances(typesetters, scripts, drawn, edges)
    left, right = edges.box()
    keys = [typesetter.keys(script) for typesetter, script in zip(typesetters, scripts, strict=True)]
    every, word_seeds = np.concatenate(keys), np.repeat(seeds, list(map(len, keys)))
    margins = baseline.margins(word_seeds, every)
    chances = baseline.chances(word_seeds, every)
    pages, part, some = [], slice(0, 0), slice(0, 0)
    for at, (typesetter, script, report) in enumerate(zip(typesetters, scripts, reports, strict=True)):
        part, some = slice(part.stop, part.stop + counts[at]), slice(some.stop, some.stop + len(keys[at]))
        indent = _indents(typesetter.setting, margins[some])
        lines = break_lines(script, step[part], left[part], right[part], indent(script), typesetter.setting.wrap)
        done = Typeset(script, taken(drawn, part), lines, shift[part])
        if len(lines.torn):
            # words with hyphens are drawn anew: seldom, so one by one
            done = typeset(typesetter, script, done.drawn, indent, typesetter.setting.wrap)
        pages.append(_page_of(typesetter, done, chances[some], report))
    return pages


def _indents(setting: Setting, margins: np.ndarray) -> Callable[[Script], np.ndarray]:
    """What says where a line begins that begins with each glyph of a script; `margins` [w] of its words."""
    inside = setting.wander * margins

    def indent(script: Script) -> np.ndarray:
        result = np.where(script.newlines > 0, script.space, 0.0) * INDENT * setting.word_spacing
        if len(result):
            result[0] = script.space[0] * INDENT * setting.word_spacing
        result += inside[script.word]
        return result

    return indent


def _page_of(typesetter: Typesetter, done: Typeset, chance: np.ndarray, report: characters.Report) -> Page:
    """The Page of a script in lines; `chance` [w,3] is that of its words, see `baseline.wander`."""
    script, lines, drawn, frame, setting = done.script, done.lines, done.drawn, typesetter.frame, typesetter.setting
    kept = lines.kept
    word, place, x = script.word[kept], script.place[kept], lines.x + setting.margin
    shapes = drawn if len(kept) == len(drawn) else taken(drawn, kept)
    items = [script.items[i] for i in kept.tolist()]
    texts = tuple(item.text for item in items)
    rise, angle = baseline.wander(chance, word, lines.line, lines.x, setting.unevenness)
    shift = setting.wander * done.shift[kept]
    rise, angle = rise * setting.wander + shift, angle * setting.wander
    ink = shapes.boxes(frame)
    top, bottom = rise - ink[:, 1], ink[:, 3] - rise
    baselines, height = _stack(lines, x + ink[:, 0], x + ink[:, 2], top, bottom, setting)
    widest = float((x + ink[:, 2]).max())
    if setting.wrap is not None:
        widest = max(widest, setting.margin + setting.wrap)
    page = Page(
        frame=frame,
        width=widest + setting.margin,
        height=height,
        texts=texts,
        char=np.array([typesetter.index[item.pieces[0].char] if item.pieces else -1 for item in items], np.int32),
        x=x,
        y=baselines[lines.line] - rise,
        scale=np.ones(len(items), np.float32),
        angle=angle.astype(np.float32),
        slant=np.zeros(len(items), np.float32),
        depth=np.ones(len(items), np.float32),
        struck=np.zeros(len(items), bool),
        word=word,
        line=lines.line,
        letter=script.letter[kept],
        place=place,
        shift=shift,
        glyphs=shapes,
        words=script.words,
        baselines=baselines,
        seed=typesetter.seed,
        report=report,
    )
    return join(page, setting.joins)


def _stack(
    lines: BrokenLines, left: np.ndarray, right: np.ndarray, top: np.ndarray, bottom: np.ndarray, setting: Setting
) -> tuple[np.ndarray, float]:
    """Baselines [lines] and the height of the sheet: even, but wider where ink would touch the line above."""
    if lines.count == 1:
        head = setting.margin + max(1.6, float(top.max()))
        return np.array([head]), head + max(0.6, float(bottom.max())) + setting.margin
    pitch = LINE_HEIGHT * setting.line_spacing
    first, last = skyline.bins(left, right)
    low = int(first.min()) - 1
    first, last = first - 1 - low, last + 1 - low
    used, row = np.unique(lines.line, return_inverse=True)
    over = np.full((len(used), int(last.max()) + 1), -np.inf, np.float32)
    under = over.copy()
    for some, at in skyline.reached(first, last):
        np.maximum.at(over, (row[some], at), top[some].astype(np.float32))
        np.maximum.at(under, (row[some], at), bottom[some].astype(np.float32))
    need = np.zeros(lines.count)
    follows = np.flatnonzero(np.diff(used) == 1)
    need[used[follows + 1]] = (under[follows] + over[follows + 1]).max(axis=1) + skyline.CLEAR
    gaps = np.maximum(pitch, need)
    gaps[0] = setting.margin + max(1.6, float(over[0].max()) if used[0] == 0 else 0.0)
    baselines = np.cumsum(gaps)
    foot = max(0.6, float(under[-1].max()) if used[-1] == lines.count - 1 else 0.0)
    # ink of an earlier line could hang lower than that of the last
    foot = max(foot, float((baselines[lines.line] + bottom).max() - baselines[-1]))
    return baselines, float(baselines[-1] + foot + setting.margin)
