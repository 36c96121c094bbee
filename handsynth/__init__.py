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
    from handsynth.corpus.containers import Container as Container
    from handsynth.corpus.corpus import Corpus as Corpus
    from handsynth.corpus.effects import Draw as Draw
    from handsynth.corpus.effects import Effect as Effect
    from handsynth.corpus.effects import Effected as Effected
    from handsynth.corpus.entry import Entry as Entry
    from handsynth.corpus.recipe import Recipe as Recipe
    from handsynth.corpus.verify import verify_corpus as verify_corpus
    from handsynth.document.merge import merge as merge
    from handsynth.document.pages import Document as Document
    from handsynth.document.style import Style as Style
    from handsynth.errors import DataError as DataError
    from handsynth.errors import HandsynthError as HandsynthError
    from handsynth.errors import InputError as InputError
    from handsynth.errors import MissingCharacterError as MissingCharacterError
    from handsynth.errors import ModelError as ModelError
    from handsynth.errors import OutputError as OutputError
    from handsynth.errors import UnknownOptionError as UnknownOptionError
    from handsynth.fonts.api import charset as charset
    from handsynth.fonts.api import font as font
    from handsynth.fonts.names import Names as Names
    from handsynth.fonts.options import Options as Options
    from handsynth.fonts.source import FontSource as FontSource
    from handsynth.formats import Format as Format
    from handsynth.formats.camera import camera_geometry as camera_geometry
    from handsynth.formats.look import Look as Look
    from handsynth.formats.picture import Picture as Picture
    from handsynth.formats.writing import PenStroke as PenStroke
    from handsynth.formats.writing import strokes as strokes
    from handsynth.frame import Frame as Frame
    from handsynth.hands.hand import Hand as Hand
    from handsynth.layout.page import Page as Page
    from handsynth.learning.api import learn as learn
    from handsynth.learning.api import learn_letters as learn_letters
    from handsynth.learning.fit import Learnt as Learnt
    from handsynth.learning.form import Form as Form
    from handsynth.learning.printing import template as template
    from handsynth.learning.refit import refit as refit
    from handsynth.model.card import Card as Card
    from handsynth.model.model import Model as Model
    from handsynth.noise import key_of as _key_of
    from handsynth.provenance.recorded import record_of as record_of
    from handsynth.specimens.gallery import gallery_picture as gallery_picture
    from handsynth.specimens.sample import sample as sample
    from handsynth.specimens.sample import write_samples as write_samples
    from handsynth.specimens.sheet import sheet as sheet
    from handsynth.specimens.show import hand_picture as hand_picture
    from handsynth.specimens.verify import verify_model as verify_model
    from handsynth.text.recipes import Recipes as Recipes
    from handsynth.truth import Truth as Truth
    from handsynth.truth import TruthFormat as TruthFormat
    from handsynth.truth import truth_format as truth_format
    from handsynth.truth import truth_of as truth_of

    noise_key = _key_of

_HOMES = {
    "Card": "model.card",
    "Container": "corpus.containers",
    "Corpus": "corpus.corpus",
    "DataError": "errors",
    "Document": "document.pages",
    "Draw": "corpus.effects",
    "Effect": "corpus.effects",
    "Effected": "corpus.effects",
    "Entry": "corpus.entry",
    "FontSource": "fonts.source",
    "Form": "learning.form",
    "Format": "formats",
    "Frame": "frame",
    "Hand": "hands.hand",
    "HandsynthError": "errors",
    "InputError": "errors",
    "Learnt": "learning.fit",
    "Look": "formats.look",
    "MissingCharacterError": "errors",
    "Model": "model.model",
    "ModelError": "errors",
    "Names": "fonts.names",
    "Options": "fonts.options",
    "OutputError": "errors",
    "Page": "layout.page",
    "PenStroke": "formats.writing",
    "Picture": "formats.picture",
    "Recipe": "corpus.recipe",
    "Recipes": "text.recipes",
    "Style": "document.style",
    "Truth": "truth",
    "TruthFormat": "truth",
    "UnknownOptionError": "errors",
    "camera_geometry": "formats.camera",
    "charset": "fonts.api",
    "encode": "api",
    "font": "fonts.api",
    "gallery_picture": "specimens.gallery",
    "glyphs": "api",
    "hand_picture": "specimens.show",
    "learn": "learning.api",
    "learn_letters": "learning.api",
    "merge": "document.merge",
    "noise_key": "noise:key_of",
    "record_of": "provenance.recorded",
    "refit": "learning.refit",
    "render": "api",
    "sample": "specimens.sample",
    "sheet": "specimens.sheet",
    "strokes": "formats.writing",
    "template": "learning.printing",
    "truth_format": "truth",
    "truth_of": "truth",
    "typeset": "api",
    "verify_corpus": "corpus.verify",
    "verify_model": "specimens.verify",
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
