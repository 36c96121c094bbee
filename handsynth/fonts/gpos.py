"""GPOS: kerning between characters, whatever their variants, and the places of marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from fontTools.otlLib import builder
from fontTools.ttLib import newTable
from fontTools.ttLib.tables import otTables as ot

from handsynth.fonts.features import features

SMALLEST = 5
"""Kerning below this, in units, is none."""


Named = Sequence[tuple[str, int]]
"""Glyphs, each with the place of its character."""


def table(kerning: Any, marks: Sequence[Any]) -> Any:
    """The table of a lookup of kerning and those of `mark` and `mkmk`; None where there is nothing."""
    lookups = [*([kerning] if kerning else []), *marks]
    if not lookups:
        return None
    wanted: list[tuple[str, list[int], Any]] = [("kern", [0], None)] if kerning else []
    wanted += [(tag, [len(lookups) - 2 + i], None) for i, tag in enumerate(("mark", "mkmk")) if marks]
    found = newTable("GPOS")
    found.table = ot.GPOS()
    found.table.Version = 0x00010000
    features(found.table, wanted, lookups)
    return found


def kerning(units: np.ndarray, before: Named, after: Named, numbers: Mapping[str, int], flags: int = 0) -> Any:
    """The lookup for `units` int64 [c,c] to add between characters; None where there is nothing to add.

    `before` and `after` are the glyphs that take part as the first of two and as the second; `numbers` numbers all
    glyphs of the font; `flags` are the LookupFlag.
    """
    units = np.where(np.abs(units) < SMALLEST, 0, units)
    rows, first = np.unique(units, axis=0, return_inverse=True)
    columns, second = np.unique(rows, axis=1, return_inverse=True)
    if not columns.any():
        return None
    return builder.buildLookup([_classes(columns, first.ravel(), second.ravel(), before, after, numbers)], flags)


def _classes(
    values: np.ndarray, first: np.ndarray, second: np.ndarray, before: Named, after: Named, numbers: Mapping[str, int]
) -> Any:
    """Pair adjustment by classes (PairPos, format 2): characters with the same distances share a class.

    Class 0 of the second glyph is whatever is not named, so it has a column of zeros; the first row is class 0 of the
    first glyph, for those that are covered and in no other class.
    """
    subtable = ot.PairPos()
    subtable.Format = 2
    subtable.ValueFormat1, subtable.ValueFormat2 = 4, 0
    subtable.Coverage = builder.buildCoverage({name for name, _ in before}, numbers)
    subtable.ClassDef1, subtable.ClassDef2 = ot.ClassDef(), ot.ClassDef()
    subtable.ClassDef1.classDefs = {name: int(first[char]) for name, char in before if first[char]}
    subtable.ClassDef2.classDefs = {name: int(second[char]) + 1 for name, char in after}
    subtable.Class1Count, subtable.Class2Count = len(values), values.shape[1] + 1
    subtable.Class1Record = [PackedRow(row) for row in np.insert(values, 0, 0, axis=1).astype(">i2")]
    return subtable


class PackedRow(ot.Class1Record):  # type: ignore[misc]
    """What follows a class of glyphs, `row` int16 [k]: how much further each class of the next ones stands.

    Its bytes are those of fontTools, which packs values one by one.
    """

    def __init__(self, row: np.ndarray) -> None:
        super().__init__()
        self.packed, self.count = row.tobytes(), len(row)

    def compile(self, writer: Any, *given: Any) -> None:
        writer["Class2Count"].setValue(self.count)
        writer.writeData(self.packed)
