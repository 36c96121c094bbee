"""What other packages add: file formats, effects and containers, announced by entry points (docs/plugins.md).

They are looked for where a name is none of ours, so that ours stay what they are and cost nothing more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar

from handsynth.errors import InputError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

EntryPointGroup = Literal["handsynth.formats", "handsynth.effects", "handsynth.containers"]
T = TypeVar("T")


@cache
def announced(group: EntryPointGroup) -> dict[str, EntryPoint]:
    """What installed packages announce in `group`, by name; of two with one name, the first by what it names."""
    # it takes as long to load as a hand takes to write a line
    from importlib.metadata import entry_points

    found = sorted(entry_points(group=group), key=lambda point: (point.name, point.value), reverse=True)
    return {point.name: point for point in found}


def find(group: EntryPointGroup, name: str, kind: type[T]) -> T | None:
    """The object of `kind` that a package announces as `name`; None where none does.

    Raises InputError for one that cannot be loaded or is of another kind.
    """
    point = announced(group).get(name)
    if point is None:
        return None
    whose = f"{point.value} of {point.dist.name if point.dist else 'a package'}"
    try:
        value = point.load()
    except Exception as error:  # it is code of others
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{name} cannot be loaded from {whose}: {reason}; repair or remove that package") from error
    if not isinstance(value, kind):
        raise InputError(f"{name} from {whose} is no {kind.__name__}; repair or remove that package")
    return value
