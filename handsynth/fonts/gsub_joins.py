"""GSUB of joined hands: letters take the form that their neighbours ask for.

After the variants have been chosen, whatever they are: first each letter that is joined to the next one is replaced by
its form that is left; then each letter after such a one by its form that is entered, through the gate at which that one
is left. Which pairs are joined is the hand's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from fontTools.otlLib import builder

from handsynth.fonts.joined import HIGH, KINDS, LOW, Forms
from handsynth.fonts.rules import Rules


def joins(
    lookups: list[Any], rules: Rules, sets: Sequence[Sequence[str]], forms: Forms, names: Sequence[str]
) -> list[int]:
    """Add the lookups of the joined `forms`, which have these `names` [f]; returns the numbers of those of `calt`."""
    named: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for name, kind, char, variant in zip(names, forms.kind, forms.char.tolist(), forms.variant.tolist(), strict=True):
        named[kind][sets[variant][char]] = name
    first = len(lookups)
    left, low, high, leave, enter = range(first, first + 5)
    init = named["init"]
    lookups.append(builder.buildLookup([builder.buildSingleSubstSubtable(init)]))
    for ends in ("", ".high"):
        into = dict(named["fina" + ends])
        # a letter that is left already is in the middle then
        into |= {init[name]: form for name, form in named["medi" + ends].items() if name in init}
        lookups.append(builder.buildLookup([builder.buildSingleSubstSubtable(into)]))
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for char, rights in forms.pairs.items():
        alike[rights].append(char)
    leaving = [
        rules.rule([], _all(sets, chars), [rules.coverage(_all(sets, rights))], [left])
        for rights, chars in alike.items()
    ]
    lookups.append(builder.buildLookup(leaving))
    entering = []
    for gate, lookup in ((LOW, low), (HIGH, high)):
        through = {char for char, exit_gate in forms.exits.items() if exit_gate == gate}
        before = [
            name
            for name, kind, char in zip(names, forms.kind, forms.char.tolist(), strict=True)
            if KINDS[kind][1] and char in through
        ]
        entered = [*named["fina"], *(init[name] for name in named["medi"] if name in init)]
        if before:
            entering.append(rules.rule([rules.coverage(before)], entered, [], [lookup]))
    lookups.append(builder.buildLookup(entering))
    return [leave, enter]


def _all(sets: Sequence[Sequence[str]], chars: Sequence[int]) -> list[str]:
    """The glyphs of `chars` in all sets."""
    return [names[char] for names in sets for char in chars]
