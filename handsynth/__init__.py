"""handsynth: type, and get handwriting in which no two letters are alike.

    import handsynth

    handsynth.render("Dear Ada,", hand="random", seed=7).save("ada.png")

What the package offers is loaded on first use, so that `import handsynth` itself costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from handsynth.api import layout as layout
    from handsynth.api import render as render
    from handsynth.api import write as write
    from handsynth.card import Card as Card
    from handsynth.draw import glyphs as glyphs
    from handsynth.errors import DataError as DataError
    from handsynth.errors import HandsynthError as HandsynthError
    from handsynth.errors import InputError as InputError
    from handsynth.errors import MissingCharacterError as MissingCharacterError
    from handsynth.errors import ModelError as ModelError
    from handsynth.errors import OutputError as OutputError
    from handsynth.fonts.api import font as font
    from handsynth.frame import Frame as Frame
    from handsynth.hand import Hand as Hand
    from handsynth.model import Model as Model

_HOMES = {
    "Card": "card",
    "DataError": "errors",
    "Frame": "frame",
    "Hand": "hand",
    "HandsynthError": "errors",
    "InputError": "errors",
    "MissingCharacterError": "errors",
    "Model": "model",
    "ModelError": "errors",
    "OutputError": "errors",
    "font": "fonts.api",
    "glyphs": "draw",
    "layout": "api",
    "render": "api",
    "write": "api",
}

__all__ = ["__version__", *_HOMES]


class _Package(ModuleType):
    """This module: functions stay what they are when a sub-package of their name is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'handsynth' has no attribute {name!r}")
        value = getattr(import_module(f"handsynth.{_HOMES[name]}"), name)
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
