"""Which types a text meets on its way through the rooms, and which calls go up: `python tests/walk.py`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any


@dataclass
class Walk:
    """What was seen while something was drawn."""

    used: set[str] = field(default_factory=set)
    """Types of which a method ran, private ones and rows of tables too."""
    handed: set[str] = field(default_factory=set)
    """Types that one room hands to another: as argument, as result, or in a short list of them."""
    calls: set[tuple[str, str]] = field(default_factory=set)
    """(module, function of another room's module that it called)."""


def room(module: str) -> str:
    return (module.split(".") + [""])[1]


def walk(draw: Callable[[], object]) -> Walk:
    """Run `draw`, and note what it calls in this process and thread."""
    seen = Walk()
    draw()  # modules are imported when they are needed, and what they do then is no text's way

    def note(frame: FrameType, event: str, result: Any) -> None:
        if event not in ("call", "return"):
            return
        code, module = frame.f_code, frame.f_globals.get("__name__", "")
        if event == "call" and code.co_argcount and code.co_varnames[0] == "self":
            seen.used.update(_ours(frame.f_locals["self"]))
        before = frame.f_back.f_globals.get("__name__", "") if frame.f_back else ""
        if not (module.startswith("handsynth.") and before.startswith("handsynth.") and room(before) != room(module)):
            return
        if event == "call":
            seen.calls.add((before, f"{module}.{code.co_qualname}"))
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] if event == "call" else ()
        for value in [frame.f_locals[name] for name in names if name in frame.f_locals] or [result]:
            for part in value if isinstance(value, tuple | list) and len(value) < 50 else [value]:
                seen.handed.update(_ours(part))

    sys.setprofile(note)
    try:
        draw()
    finally:
        sys.setprofile(None)
    return seen


def line() -> None:
    """One string to pixels."""
    import handsynth

    handsynth.render("Dear Ada,").tobytes()


def page() -> None:
    """A page to PDF."""
    import handsynth

    with tempfile.TemporaryDirectory() as folder:
        handsynth.Document("Dear Ada,\n\nno two letters are alike.\n").write(Path(folder) / "letter.pdf")


def _ours(value: object) -> set[str]:
    kind = type(value)
    return {f"{kind.__module__}.{kind.__qualname__}"} if kind.__module__.startswith("handsynth.") else set()


if __name__ == "__main__":
    for name, draw in (("a line", line), ("a page", page)):
        seen = walk(draw)
        print(f"{name}: {len(seen.used)} types of which a method runs; handed from room to room, {len(seen.handed)}:")
        print("  " + ", ".join(sorted(kind.rpartition(".")[2] for kind in seen.handed)))
