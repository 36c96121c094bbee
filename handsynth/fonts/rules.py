"""Rules of GSUB: chaining contextual substitutions by coverage (ChainContextSubst, format 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fontTools.otlLib import builder
from fontTools.ttLib.tables import otTables as ot


class Rules:
    """Makes rules for a font whose glyphs have these numbers."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self.numbers = numbers
        self.any = builder.buildCoverage(set(numbers), numbers)

    def coverage(self, names: Iterable[str]) -> Any:
        return builder.buildCoverage(set(names), self.numbers)

    def rule(self, before: Sequence[Any], glyphs: Iterable[str], after: Sequence[Any], lookups: Sequence[int]) -> Any:
        """`before` (the nearest first) and `after` are coverages; `lookups` are applied to the glyph one by one."""
        subtable = ot.ChainContextSubst()
        subtable.Format = 3
        subtable.BacktrackGlyphCount, subtable.BacktrackCoverage = len(before), list(before)
        subtable.InputGlyphCount, subtable.InputCoverage = 1, [self.coverage(glyphs)]
        subtable.LookAheadGlyphCount, subtable.LookAheadCoverage = len(after), list(after)
        subtable.SubstCount, subtable.SubstLookupRecord = len(lookups), []
        for lookup in lookups:
            record = ot.SubstLookupRecord()
            record.SequenceIndex, record.LookupListIndex = 0, lookup
            subtable.SubstLookupRecord.append(record)
        return subtable
