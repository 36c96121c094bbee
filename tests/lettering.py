"""Fonts that several tests look at, made once a run with the default model."""

from __future__ import annotations

import json
import string
import sys
import tempfile
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from fontTools.ttLib import TTFont

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


def bakery(report: Path, fonts: Sequence[Path], left_out: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What each of FontBakery's checks says of the fonts, by way of a `report` that it writes.

    In this process, since to load its checks takes longer than to do them.
    """
    from fontbakery import cli

    # two ask a server on the internet, one of these whether FontBakery itself is the newest
    names = [word for check in ("fontdata_namecheck", "fontbakery_version", *left_out) for word in ("-x", check)]
    asked = ["fontbakery", "check-universal", "-q", "-n", "-C", "--json", str(report), *names]

    def read_again(font: TTFont, memo: object) -> TTFont:
        """A copy of a font that was opened and not changed. To copy all that it is made of took a third of the time."""
        return TTFont(font.reader.file.name)

    called = mock.patch.object(sys, "argv", [*asked, *map(str, fonts)])
    copied = mock.patch.object(TTFont, "__deepcopy__", read_again, create=True)
    with called, copied, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own libraries
        cli.main()
    return [check for part in json.loads(report.read_text("utf-8"))["sections"] for check in part["checks"]]
