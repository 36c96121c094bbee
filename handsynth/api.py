"""The library in a few functions: text to a Page, to a picture, to a file, to the bytes of one; single glyphs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np

from handsynth import dials, units
from handsynth.dials.choices import Missing, Use
from handsynth.dials.renamed import takes_earlier
from handsynth.drawing import draw, options
from handsynth.drawing.resolve import joins, resolve
from handsynth.errors import InputError, option
from handsynth.formats import check_kind, check_path, find, unshown
from handsynth.formats import encode as encode_page
from handsynth.formats import write as write_page
from handsynth.formats.look import SIZES, Look
from handsynth.formats.picture import Picture, check_name
from handsynth.formats.raster import check_early, paint
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs
from handsynth.layout.page import Page
from handsynth.layout.setting import WRAP, Setting
from handsynth.layout.spacing import DEFAULT_GAP
from handsynth.layout.text import layout as _set
from handsynth.model.model import Model, opened
from handsynth.provenance.metadata import metadata
from handsynth.text import charset
from handsynth.text.recipes import Recipes, recipes_of
from handsynth.units import RGBA


class WritingOptions(TypedDict, total=False):
    """How text is written: options that `typeset`, `render` and `write` share; `handsynth.dials` says what they are."""

    model: Model | str | Path | None
    hand: Hand | str | Path | None
    seed: int
    temperature: float
    variation: float
    joined: float
    pen: str | None
    pen_width: float | str | None
    legibility: int
    slant: float
    gap: float | None
    letter_spacing: float
    word_spacing: float
    line_spacing: float
    margin: float
    wander: float
    missing: Missing
    originals: Use
    recipes: Recipes | str | Path | None


class PictureOptions(WritingOptions, total=False):
    """How a picture looks: options that `render`, `write` and `encode` add."""

    size: float | str
    dpi: float
    wrap: float | str | None
    ink: str | tuple[int, int, int] | RGBA
    paper_colour: str | tuple[int, int, int] | RGBA
    max_pixels: int
    centreline: bool
    device: str
    profile: str
    optimise: bool
    hatch: str
    animate: bool
    duration: float
    fps: float
    pen_shown: bool
    command: list[str] | None


@options.described(WritingOptions)
@takes_earlier("render")
def typeset(text: str, *, wrap: float | None = None, **how: Unpack[WritingOptions]) -> Page:
    """Set `text` on a Page (lengths in x-heights, `wrap` too). Raises HandsynthError.

    `Page.report` says which characters are not drawn as they were written.
    """
    options.check("typeset", how, WritingOptions.__annotations__)
    if wrap is not None:
        options.number("wrap", wrap)
    return _lay(text, _setting(wrap, how), how)[0]


@options.described(PictureOptions)
@takes_earlier("render")
def render(text: str, **how: Unpack[PictureOptions]) -> Picture:
    """Draw `text` as a picture: a Pillow image that shows itself in Jupyter. Raises HandsynthError.

    render("Dear Ada,", hand="random", seed=7, size=32, paper_colour="transparent").save("ada.png")
    """
    page, look = _prepare("render", text, how)
    return paint(page, look)


@options.described(PictureOptions)
@takes_earlier("render")
def write(text: str, path: str | Path, **how: Unpack[PictureOptions]) -> Page:
    """Draw `text` into a file whose ending names the format; returns what was drawn. Raises HandsynthError."""
    if not isinstance(path, str | Path):
        raise InputError(f"the path is {options.shown(path)}; give a str or a Path")
    check_name(path)
    check_path(path)
    page, look = _prepare("write", text, how, Path(path).suffix)
    write_page(page, path, look)
    return page


@options.described(PictureOptions)
@takes_earlier("render")
def encode(text: str, suffix: str, **how: Unpack[PictureOptions]) -> tuple[Page, bytes]:
    """Draw `text` as a file of the format that ends in `suffix`, like ".png", in memory. Raises HandsynthError."""
    find(f"page{suffix}")
    page, look = _prepare("encode", text, how, suffix)
    return page, encode_page(page, suffix, look)


def _prepare(name: str, text: str, how: PictureOptions, suffix: str = ".png") -> tuple[Page, Look]:
    options.check(name, how, PictureOptions.__annotations__)
    dpi = float(_usual(how, "dpi"))
    xheight = units.length_px(str(_usual(how, "size")), dpi, option("size"), SIZES)
    width, wrap = how.get("wrap"), None
    if width is not None:
        wrap = units.length_px(str(width), dpi, option("wrap"), (WRAP[0] * xheight, WRAP[1] * xheight)) / xheight
        wrap = min(max(wrap, WRAP[0]), WRAP[1])  # the division rounds
    look = Look(
        xheight,
        dpi,
        units.colour(_usual(how, "ink"), option("ink")),
        units.colour(_usual(how, "paper_colour"), option("paper_colour")),
        int(_usual(how, "max_pixels")),
        centreline=_usual(how, "centreline"),
    ).told(
        _given(how, "device", "profile", "optimise", "hatch"), _given(how, "animate", "duration", "fps", "pen_shown")
    )
    check_kind(suffix, look)
    setting = _setting(wrap, how)
    if isinstance(text, str):
        charset.check_length(len(text))
        check_early(text, look, setting)
    page, made_by, pen = _lay(text, setting, how, xheight / dpi * units.MM_PER_INCH, xheight)
    page = replace(page, report=replace(page.report, unshown=tuple(unshown(pen, suffix, look))))
    if command := how.get("command"):
        made_by["Command"] = json.dumps(command, ensure_ascii=False)
    return page, replace(look, metadata=made_by)


def _usual(how: WritingOptions, name: str) -> Any:
    """What was given for the dial `name`, or its default."""
    return how.get(name, dials.default(name))


def _given(how: PictureOptions, *names: str) -> dict[str, Any]:
    return {name: value for name, value in how.items() if name in names}


def _setting(wrap: float | None, how: WritingOptions) -> Setting:
    gap = how.get("gap")
    return Setting(
        wrap,
        DEFAULT_GAP if gap is None else gap,
        _usual(how, "letter_spacing"),
        _usual(how, "word_spacing"),
        _usual(how, "line_spacing"),
        _usual(how, "margin"),
        _usual(how, "wander"),
        _usual(how, "missing"),
        recipes_of(how.get("recipes")),
    )


def _lay(
    text: str, setting: Setting, how: WritingOptions, xheight_mm: float | None = None, xheight_px: float | None = None
) -> tuple[Page, dict[str, str], str]:
    """The page, what made it, and the kind of pen."""
    if not isinstance(text, str):
        raise InputError(f"the text is a {type(text).__name__}; give a str")
    model, seed = opened(how.get("model")), int(_usual(how, "seed"))
    hand = resolve(model, how.get("hand"), seed, how.get("originals")).leaning(_usual(how, "slant"))
    width = units.pen_width(how.get("pen_width"), xheight_mm, xheight_px)
    hand = hand.with_pen(width, model, how.get("pen"))
    if how.get("gap") is None and hand.gap is not None:
        setting = replace(setting, gap=hand.gap)
    setting = replace(setting, unevenness=hand.uneven, key=hand.key)
    setting = replace(setting, joins=joins(model, hand, _usual(how, "joined")))
    temperature, legibility = _usual(how, "temperature"), int(_usual(how, "legibility"))
    variation = _usual(how, "variation")
    pen = partial(
        draw.glyphs, model, hand, seed=seed, temperature=temperature, variation=variation, legibility=legibility
    )
    own, bearings = hand.seed(seed), model.card.bearings
    page = _set(text, pen, model.repertoire, model.frame, seed=own, setting=setting, bearings=bearings)
    return (
        page,
        metadata(model, hand.name, seed, temperature, legibility, variation, _usual(how, "joined")),
        hand.pen_kind,
    )


def glyphs(
    model: Model | str | Path | None,
    hand: Hand | str | Path | np.ndarray | None,
    index: str | Sequence[str] | np.ndarray,
    places: np.ndarray,
    seed: int,
    *,
    temperature: float = draw.SAMPLE_TEMPERATURE,
    variation: float = draw.VARIATION,
    legibility: int = 1,
) -> Glyphs:
    """Drawings of the characters `index`, one for each of `places` uint64 [n].

    `index`: characters, or their numbers in `Model.repertoire`, int64 [n]. `model` and `hand` as in `render`; a hand
    may be a style f32 [S], or styles [n,S], too. A drawing depends on its character, place, hand, seed and these
    dials only, never on what is drawn with it.

    `temperature` 0 … 2 scales all noise: how far letters are from the usual; at 0 all copies of a letter are alike.
    `variation` 0 … 1: how far copies by one writer differ. A letter's noise is sqrt(1 - variation²) of the hand's own
    for this character, which the hand keeps whatever the seed, and `variation` of the place's. A letter that a hand
    knows is drawn about its latent, as far off as the hand says at temperature 1 and the usual variation.
    Styles that are no hands keep nothing. `legibility` k draws up to k candidates: the first that the model's reader
    reads well is taken, else the one that is read best, weighed with how usual it is. Raises InputError for values
    out of range.
    """
    known = opened(model)
    writer = hand if isinstance(hand, np.ndarray) else resolve(known, hand, seed)
    numbers = index if isinstance(index, np.ndarray) else known.index(index)
    return draw.glyphs(
        known, writer, numbers, places, seed, temperature=temperature, variation=variation, legibility=legibility
    )
