"""Fonts that several tests look at, made once a run with the default model."""

from __future__ import annotations

import string
import tempfile
from functools import cache
from pathlib import Path

from handsynth.drawing.resolve import resolve
from handsynth.fonts import FontSource, Options, build, write
from handsynth.fonts.names import Names
from handsynth.model.model import Model

LETTERS = string.ascii_letters + string.digits + ".,!?'-& éÉàÀ"


@cache
def model() -> Model:
    return Model.open()


@cache
def source(variants: int = 5, chars: str = LETTERS, hand: str = "Quill") -> FontSource:
    opened = model()
    return build(opened, resolve(opened, hand), Names("Two Words", designer="Ada"), chars, variants)


@cache
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fonts-"))


@cache
def file(name: str, options: Options = Options(), variants: int = 5) -> Path:
    """A font file by this name, of the standard source."""
    path = folder() / f"{variants}-{name}"
    write(source(variants), path, options)
    return path
