"""GSUB: variants that really appear.

Set k holds drawing k of every character; set 1 is what the character map gives. In the order of their lookups:

- `ccmp`: letters with marks become the composed letter, marks have the form that their letter asks for, and an i under
  a mark loses its dot (see `gpos_marks`).
- `aalt`: the other drawings, for programs that let people choose one.
- `rand`: any drawing, for engines that know how to choose (HarfBuzz does unless told not to).
- `calt`, on by default wherever OpenType is: first a glyph of set 1 is replaced by the one of the set after that of the
  glyph before it (over blanks too), so that sets take turns; unless the text that follows shows that `rand` has been
  there before. Then whatever drawing stands twice within N - 1 places is replaced by the next one that does not. There
  is always one, since N - 1 places hold no more than N - 1 of the N drawings.
- `ss01` …: one set for all, whatever was done before.

To find what stands twice, a rule says for each set: this glyph, and the same one d places earlier. Written for each
character, the rules would be thousands; so they are written for groups of characters, at most `_RULES` in all, and the
members of a group avoid each other's sets too. The most frequent letters are in different groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fontTools.otlLib import builder
from fontTools.ttLib import newTable
from fontTools.ttLib.tables import otTables as ot

from handsynth.fonts.features import features
from handsynth.fonts.gsub_joins import joins
from handsynth.fonts.joined import Forms
from handsynth.fonts.rules import Rules
from handsynth.text.charset import index_table

_FREQUENT = "etaoinsrhldcumfpgwybvkxjqzETAOINSRHLDCUMFPGWYBVKXJQZ0123456789.,"
_RULES, _GROUPS = 250, 16
_AHEAD = 3
"""Glyphs looked ahead to know whether `rand` was there."""


def variants(
    chars: Sequence[str],
    sets: Sequence[Sequence[str]],
    blanks: Iterable[str],
    numbers: Mapping[str, int],
    titles: Sequence[int],
    forms: Forms | None = None,
    form_names: Sequence[str] = (),
    compose: Callable[[list[Any], Rules], list[int]] | None = None,
) -> Any:
    """The table for `sets` [N][c], the glyphs of each of `chars` in each set; None where nothing is replaced.

    `blanks` names the glyphs of blank characters, `numbers` numbers all glyphs of the font, `titles` [N] are the names
    in the table of names by which programs show the sets. `forms` are the joined forms, whose names are `form_names`;
    `compose` adds the lookups of `ccmp`.
    """
    lookups: list[Any] = []
    wanted: list[tuple[str, list[int], Any]] = []
    rules = Rules(numbers)
    if compose and (numbers_of := compose(lookups, rules)):
        wanted.append(("ccmp", numbers_of, None))
    if len(sets) > 1:
        wanted += _variants(lookups, rules, chars, sets, list(blanks), titles)
    if forms is not None:
        tied = joins(lookups, rules, sets, forms, form_names)
        turns = [lookup for tag, numbers, _ in wanted if tag == "calt" for lookup in numbers]
        wanted = [entry for entry in wanted if entry[0] != "calt"] + [("calt", turns + tied, None)]
    if not wanted:
        return None
    table = newTable("GSUB")
    table.table = ot.GSUB()
    table.table.Version = 0x00010000
    features(table.table, wanted, lookups)
    return table


def _variants(
    lookups: list[Any], rules: Rules, chars: Sequence[str], sets: Sequence[Sequence[str]], blanks: Sequence[str],
    titles: Sequence[int],
) -> list[tuple[str, list[int], Any]]:  # fmt: skip
    """Add the lookups of variants; returns their features."""

    def add(*subtables: Any) -> int:
        lookups.append(builder.buildLookup(list(subtables)))
        return len(lookups) - 1

    copies = list(zip(*sets, strict=True))
    every = add(builder.buildAlternateSubstSubtable({names[0]: list(names[1:]) for names in copies}))
    random = add(builder.buildAlternateSubstSubtable({names[0]: list(names) for names in copies}))
    first = len(lookups)
    turn, repair = first, first + 1
    repeated, following, chosen = first + 2, first + 3, first + 4
    add(*_turns(rules, sets, blanks, chosen))
    add(rules.rule([], [name for names in copies for name in names], [], [repeated] * (len(sets) - 1)))
    add(*_repeats(rules, chars, sets, following))
    add(builder.buildSingleSubstSubtable({a: b for c in copies for a, b in zip(c, (*c[1:], c[0]), strict=True)}))
    for k in range(len(sets)):
        add(builder.buildSingleSubstSubtable({name: names[k] for names in copies for name in names}))
    wanted: list[tuple[str, list[int], Any]] = [("aalt", [every], None), ("rand", [random], None)]
    wanted.append(("calt", [turn, repair], None))
    return wanted + [(f"ss{k + 1:02}", [chosen + k], _title(title)) for k, title in enumerate(titles)]


def _turns(rules: Rules, sets: Sequence[Sequence[str]], blanks: Sequence[str], chosen: int) -> list[Any]:
    """The sets take turns; `chosen` is the first of the lookups that give each set."""
    other = rules.coverage(name for names in sets[1:] for name in names)
    # the first rule that fits ends the search: these three do nothing
    result = [rules.rule([], sets[0], [rules.any] * ahead + [other], []) for ahead in range(_AHEAD)]
    blank = rules.coverage(blanks)
    for k, names in enumerate(sets[:-1]):
        this = rules.coverage(names)
        for skipped in range(3):
            result.append(rules.rule([blank] * skipped + [this], sets[0], [], [chosen + k + 1]))
    return result


def _repeats(rules: Rules, chars: Sequence[str], sets: Sequence[Sequence[str]], following: int) -> list[Any]:
    """A glyph whose set stands within N - 1 places in its group already is given to the lookup `following`."""
    places = len(sets) - 1
    groups = max(1, min(_GROUPS, _RULES // (len(sets) * places)))
    order = index_table(_FREQUENT)
    ranked = sorted(range(len(chars)), key=lambda i: (order.get(chars[i], len(order)), i))
    result = []
    for group in range(groups):
        members = ranked[group::groups]
        for names in sets:
            same = [names[i] for i in members]
            if same:
                covered = rules.coverage(same)
                result += [rules.rule([rules.any] * d + [covered], same, [], [following]) for d in range(places)]
    return result


def _title(name: int) -> Any:
    parameters = ot.FeatureParamsStylisticSet()
    parameters.Version, parameters.UINameID = 0, name
    return parameters
