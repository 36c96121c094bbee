"""Every option once: its name, type, range, choices, default, unit, and one sentence that stands alone.

The command line, the Python API, style sheets, corpus recipes, the HTTP schema and the studio's page take theirs from
here: `table` and `corpora` have the rows, `dial` says what a row is, `renamed` which names were other ones once.
Nothing heavy is imported, so that a help text can be made of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from handsynth.dials.choices import PENS
from handsynth.dials.dial import MAX_SEED, MAX_TEXT, Dial, Surface, ValueKind
from handsynth.dials.table import DIALS

T = TypeVar("T")

__all__ = [
    "DIALS", "MAX_SEED", "MAX_TEXT", "PENS", "Dial", "Surface", "ValueKind",
    "check", "default", "documented", "limits", "of_corpus", "words",
]  # fmt: skip


def check(name: str, value: Any, called: str = "") -> None:
    """Raises InputError if `value` is nothing that the dial `name` may be."""
    DIALS[name].check(value, called)


def default(name: str, surface: Surface | None = None) -> Any:
    """The default of the dial `name`; some surfaces have another one."""
    return DIALS[name].default_for(surface)


def limits(name: str) -> tuple[float, float]:
    """The least and the greatest that the number `name` may be."""
    dial = DIALS[name]
    assert dial.least is not None and dial.most is not None
    return dial.least, dial.most


def words(name: str) -> str:
    """What the dial `name` is, with what may be given."""
    return DIALS[name].help


def of_corpus(name: str) -> Dial:
    """The dial of a field of a corpus recipe: one of corpora, or one that is shared with all that writes."""
    return DIALS.get(f"corpus.{name}") or DIALS[name]


def documented(surface: Surface | None = None, **others: str) -> Callable[[type[T]], type[T]]:
    """Adds the words of a dataclass's fields to its docstring, as the table says; `others`: of those that are no dials.

    A class's docstring is all that help() shows of its fields. Fields of a table of fields are told as `table.field`.
    """

    def shown(kind: type[T]) -> type[T]:
        lines = "\n".join(f"    {name}: {said}" for name, said in _told(kind, surface, others))
        kind.__doc__ = f"{inspect.getdoc(kind)}\n\nFields:\n\n{lines}"
        return kind

    return shown


def _told(kind: Any, surface: Surface | None, others: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for each in fields(kind):
        if is_dataclass(each.default_factory):
            yield from ((f"{each.name}.{name}", said) for name, said in _told(each.default_factory, surface, others))
        elif each.name in others:
            yield each.name, others[each.name]
        else:
            dial = of_corpus(each.name) if surface == "corpus" else DIALS.get(each.name)
            yield each.name, each.metadata.get("dial", dial).help
