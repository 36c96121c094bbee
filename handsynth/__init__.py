"""handsynth: type, and get handwriting in which no two letters are alike.

    import handsynth

    handsynth.render("Dear Ada,", hand="random", seed=7).save("ada.png")

What the package offers is loaded on first use, so that `import handsynth` itself costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from handsynth.api import encode as encode
    from handsynth.api import glyphs as glyphs
    from handsynth.api import render as render
    from handsynth.api import typeset as typeset
    from handsynth.api import write as write
    from handsynth.corpus.corpus import Corpus as Corpus
    from handsynth.document.pages import Document as Document
    from handsynth.document.style import Style as Style
    from handsynth.errors import DataError as DataError
    from handsynth.errors import HandsynthError as HandsynthError
    from handsynth.errors import InputError as InputError
    from handsynth.errors import MissingCharacterError as MissingCharacterError
    from handsynth.errors import ModelError as ModelError
    from handsynth.errors import OutputError as OutputError
    from handsynth.errors import UnknownOptionError as UnknownOptionError
    from handsynth.fonts.api import font as font
    from handsynth.fonts.names import Names as Names
    from handsynth.fonts.options import Options as Options
    from handsynth.frame import Frame as Frame
    from handsynth.hands.hand import Hand as Hand
    from handsynth.layout.page import Page as Page
    from handsynth.learning.api import learn as learn
    from handsynth.model.card import Card as Card
    from handsynth.model.model import Model as Model
    from handsynth.noise import key_of as _key_of
    from handsynth.specimens.sample import sample as sample
    from handsynth.specimens.sample import write_samples as write_samples
    from handsynth.specimens.sheet import sheet as sheet
    from handsynth.text.recipes import Recipes as Recipes
    from handsynth.truth import truth_of as truth_of

    noise_key = _key_of

_HOMES = {
    "Card": "model.card",
    "Corpus": "corpus.corpus",
    "DataError": "errors",
    "Document": "document.pages",
    "Frame": "frame",
    "Hand": "hands.hand",
    "HandsynthError": "errors",
    "InputError": "errors",
    "MissingCharacterError": "errors",
    "Model": "model.model",
    "ModelError": "errors",
    "Names": "fonts.names",
    "Options": "fonts.options",
    "OutputError": "errors",
    "Page": "layout.page",
    "Recipes": "text.recipes",
    "Style": "document.style",
    "UnknownOptionError": "errors",
    "encode": "api",
    "font": "fonts.api",
    "glyphs": "api",
    "learn": "learning.api",
    "noise_key": "noise:key_of",
    "render": "api",
    "sample": "specimens.sample",
    "sheet": "specimens.sheet",
    "truth_of": "truth",
    "typeset": "api",
    "write": "api",
    "write_samples": "specimens.sample",
}

__all__ = ["__version__", *_HOMES]


_EARLIER = {"place": "noise_key"}
"""Names of today by earlier ones."""


def __getattr__(name: str) -> Any:
    if name in _EARLIER:
        import warnings

        warnings.warn(f"handsynth.{name} is now handsynth.{_EARLIER[name]}", DeprecationWarning, stacklevel=2)
        return getattr(import_module("handsynth"), _EARLIER[name])
    if name not in _HOMES:
        raise AttributeError(f"module 'handsynth' has no attribute {name!r}")
    module, _, known_as = _HOMES[name].partition(":")
    value = getattr(import_module(f"handsynth.{module}"), known_as or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
