"""GPOS `mark` and `mkmk`, GDEF and GSUB `ccmp`: combining marks in their places, whatever drawing of a letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from fontTools.otlLib import builder
from fontTools.ttLib import newTable
from fontTools.ttLib.tables import otTables as ot

from handsynth.fonts.marks import BACK, STACKED, Marks
from handsynth.fonts.rules import Rules
from handsynth.fonts.shapes import UNITS
from handsynth.fonts.source import XHEIGHT, FontSource
from handsynth.text.signs import COMMA_BELOW, TALL_CARON, mark_on

IGNORE_MARKS = 0x0008
"""LookupFlag: whatever is a mark is passed over."""

_BASE, _MARK = 1, 3
"""Classes of glyphs in GDEF."""


def lookups(source: FontSource, names: Mapping[int, Sequence[tuple[str, float]]], marks: Sequence[str],
            numbers: Mapping[str, int]) -> list[Any]:  # fmt: skip
    """The lookups of `mark` and `mkmk`.

    `names`: for each of the font's drawings its glyphs (it may have joined forms) and how far from their origins the
    frame's centre line is, in x-heights; `marks` are the names of the marks.
    """
    given = source.marks
    assert given is not None
    held = {
        name: (int(kind), _anchor(given.own[kind], -BACK))
        for name, kind in zip(marks, given.kind.tolist(), strict=True)
    }
    letters = {
        name: {k: _anchor(place, left) for k, place in enumerate(places)}
        for row, places in zip(given.letters.tolist(), given.places, strict=True)
        for name, left in names[row]
    }
    return [
        builder.buildLookup([builder.buildMarkBasePosSubtable(held, letters, numbers)]),
        builder.buildLookup([_stacked(given, held, marks, numbers)]),
    ]


def _stacked(
    given: Marks, held: Mapping[str, tuple[int, Any]], marks: Sequence[str], numbers: Mapping[str, int]
) -> Any:
    """Marks on marks (MarkMarkPos, format 1): each on those of its own place alone."""
    on = {
        name: {k: _anchor(given.stacked[i, k], -BACK)}
        for i, (name, k) in enumerate(zip(marks, given.kind.tolist(), strict=True))
        if given.kinds[k].anchor in STACKED
    }
    subtable = ot.MarkMarkPos()
    subtable.Format = 1
    subtable.Mark1Coverage = builder.buildCoverage(set(held), numbers)
    subtable.Mark1Array = builder.buildMarkArray(held, numbers)
    subtable.ClassCount = len(given.kinds)
    subtable.Mark2Coverage = builder.buildCoverage(set(on), numbers)
    subtable.Mark2Array = ot.Mark2Array()
    subtable.Mark2Array.Mark2Record = [
        builder.buildMark2Record([on[name].get(k) for k in range(len(given.kinds))])
        for name in sorted(on, key=numbers.__getitem__)
    ]
    subtable.Mark2Array.Mark2Count = len(on)
    return subtable


def _anchor(place: np.ndarray, left: float) -> Any:
    x, y = np.rint((place + (left, 0.0)) * XHEIGHT * UNITS).astype(int).tolist()
    return builder.buildAnchor(x, y)


def classes(order: Sequence[str], marks: Sequence[str]) -> Any:
    """GDEF: which glyphs are marks; all others are bases."""
    table = newTable("GDEF")
    table.table = ot.GDEF()
    table.table.Version = 0x00010000
    table.table.GlyphClassDef = ot.GlyphClassDef()
    table.table.GlyphClassDef.classDefs = dict.fromkeys(order[1:], _BASE) | dict.fromkeys(marks, _MARK)
    return table


def _other_forms(done: list[Any], rules: Rules, cmap: Mapping[int, str]) -> list[int]:
    """Add a rule for each mark that is another one after some letters."""
    letters: dict[tuple[str, str], list[str]] = {}
    for mark, some in ("\u030c", TALL_CARON), ("\u0327", COMMA_BELOW):
        for base in sorted(some):
            letters.setdefault((mark, mark_on(base, mark)), []).append(base)
    numbers = []
    for (mark, other), bases in letters.items():
        names = [cmap[ord(base)] for base in bases if ord(base) in cmap]
        if names and ord(mark) in cmap and ord(other) in cmap:
            given = cmap[ord(mark)]
            done.append(builder.buildLookup([builder.buildSingleSubstSubtable({given: cmap[ord(other)]})]))
            single = len(done) - 1
            done.append(builder.buildLookup([rules.rule([rules.coverage(names)], [given], [], [single])]))
            numbers.append(len(done) - 1)
    return numbers


def composed(done: list[Any], rules: Rules, cmap: Mapping[int, str], given: Marks) -> list[int]:
    """Add the lookups of `ccmp`: composed letters where the font has them, marks that some letters have in another
    form (t with the caron of ť), and i without its dot under a mark.
    """
    pairs: dict[tuple[str, ...], str] = {}
    for code, name in cmap.items():
        parts = unicodedata.normalize("NFD", chr(code))
        first = unicodedata.normalize("NFC", parts[:-1])
        for some in {tuple(parts), (first, parts[-1])} if len(parts) > 1 else ():
            if len(some) > 1 and all(len(part) == 1 and ord(part) in cmap for part in some):
                pairs[tuple(cmap[ord(part)] for part in some)] = name
    wanted = []
    if pairs:
        done.append(builder.buildLookup([builder.buildLigatureSubstSubtable(pairs)]))
        wanted.append(len(done) - 1)
    wanted += _other_forms(done, rules, cmap)
    above = [cmap[ord(char)] for char, k in zip(given.chars, given.kind.tolist(), strict=True)
             if given.kinds[k].anchor == "above"]  # fmt: skip
    dotless = {cmap[ord(a)]: cmap[ord(b)] for a, b in ("iı", "jȷ") if ord(a) in cmap and ord(b) in cmap}
    if dotless and above:
        done.append(builder.buildLookup([builder.buildSingleSubstSubtable(dotless)]))
        others = [cmap[ord(char)] for char, k in zip(given.chars, given.kind.tolist(), strict=True)
                  if given.kinds[k].anchor != "above"]  # fmt: skip
        single, over = len(done) - 1, rules.coverage(above)
        between = [[rules.coverage(others)], []] if others else [[]]
        done.append(builder.buildLookup([rules.rule([], dotless, [*some, over], [single]) for some in between]))
        wanted.append(len(done) - 1)
    return wanted
