"""Things by name, whose code is looked at when it is asked for: formats, containers, effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from handsynth import plugins
from handsynth.errors import InputError, OutputError

T = TypeVar("T")


def function(module: str, name: str) -> Callable[..., Any]:
    """The function `name` of a module, which is imported when this is asked for."""
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


class Registry(dict[str, T]):
    """Rows by name, and what other packages announce, which is looked for where a name is none of ours."""

    def __init__(self, what: str, rows: Mapping[str, T], announced: plugins.EntryPointGroup | None = None) -> None:
        """`what` a row is, for messages; `announced`: the group in which packages announce such rows."""
        super().__init__(rows)
        self.what, self.announced, self.kind = what, announced, type(next(iter(rows.values())))

    def __missing__(self, name: str) -> T:
        if self.announced and (other := plugins.find(self.announced, name.removeprefix("."), self.kind)):
            return other
        raise KeyError(name)

    @property
    def known(self) -> list[str]:
        """The names of all rows: ours, and after them what packages announce."""
        dot = "." if next(iter(self)).startswith(".") else ""
        others = sorted(plugins.announced(self.announced)) if self.announced else []
        return list(dict.fromkeys([*self, *(f"{dot}{name.removeprefix('.')}" for name in others)]))

    def find(self, name: str) -> T:
        """The row called `name`; raises InputError that lists all there are."""
        try:
            return self[name]
        except KeyError:
            raise InputError(f"the {self.what} {name[:30]!r} is unknown; use one of {', '.join(self.known)}") from None

    def by_ending(self, path: str | Path) -> T:
        """The row that the name of a file ends in; raises OutputError that lists all there are."""
        suffix = Path(path).suffix.lower()
        if not suffix:
            raise OutputError(f"cannot write {path}: give a name that ends in {', '.join(self.known)}", path)
        try:
            return self[suffix]
        except KeyError:
            known = ", ".join(self.known)
            shown = repr(suffix) if suffix != suffix.strip() else suffix
            raise OutputError(
                f"cannot write {path}: the ending {shown} is not known; use one of {known}", path
            ) from None
