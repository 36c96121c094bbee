"""What may be asked for: one model a request, which the OpenAPI schema is made of.

Ranges here are those of the library, as far as a schema can say them; what it cannot say, the library refuses.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
)

from handsynth.document.style import OutputStyle, PaperStyle, PersonStyle, Style, TextStyle, WritingStyle
from handsynth.fonts import FORMATS as FONTS
from handsynth.formats import FORMATS
from handsynth.ink.pens import NAMES

SEEDS = 1 << 64


def _text(value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"character {error.start + 1} is half of a surrogate pair; give valid text") from error
    return value


Text = Annotated[str, AfterValidator(_text)]
Short = Annotated[str, AfterValidator(_text), Field(max_length=200)]

HandAsked = Annotated[
    str | dict[str, Any] | None,
    Field(
        default=None,
        description="A gallery name, random, random:INDEX, random:INDEX:SEED, the JSON of a .hand file, or "
        '{"blend": [A, B], "share": 0.3}. None: the first of the gallery.',
    ),
]
Seed = Annotated[int, Field(0, ge=0, lt=SEEDS, description="Same seed, same drawing.")]
Temperature = Annotated[float, Field(0.7, ge=0, le=3, description="How far letters are from the usual.")]
Variation = Annotated[float, Field(0.25, ge=0, le=1, description="How far copies of a letter differ.")]
Pen = Annotated[
    Literal[NAMES] | None,  # type: ignore[valid-type]
    Field(None, description="Kind of pen; none: the hand's own."),
]
PenWidth = Annotated[Short | None, Field(None, description="A share of an x-height, or a length like 0.5mm.")]
Slant = Annotated[float, Field(0.0, ge=-0.5, le=0.5, description="Lean beside the hand's own.")]
Originals = Annotated[Literal["vary", "always", "never"], Field("vary", description="A learnt hand's own letters.")]
Missing = Annotated[Literal["error", "skip", "box"], Field("error", description="For characters that cannot be drawn.")]


def _length(value: Any) -> Any:
    """Addresses hold text alone: there, a number is one of pixels, too."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


Length = Annotated[
    float | Short,
    BeforeValidator(_length),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "maxLength": 200}]}),
]


def endings(formats: dict[str, Any]) -> Any:
    return Literal[tuple(suffix[1:] for suffix in formats)]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Writing(Asked):
    """A text as a picture. Fields are in the order of the options of `handsynth render`."""

    hand: Short | None = Field(None, description="A gallery name, random, random:INDEX or random:INDEX:SEED.")
    seed: Seed
    size: Length = Field(24.0, description="x-height: pixels, or a length like 3mm.")
    dpi: float = Field(300, ge=1, le=9600)
    wrap: Length | None = Field(None, description="Longest line: pixels, or a length like 120mm.")
    ink: Short = Field("black", description="A name or a value like #1a2b8c.")
    paper: Short = Field("white", description="A name, a value, or transparent.")
    temperature: Temperature
    variation: Variation
    legibility: int = Field(1, ge=1, le=16, description="Draw up to so many of each letter; keep one that reads well.")
    missing: Missing
    letter_spacing: float = Field(1.0, description="Times the usual.")
    word_spacing: float = Field(1.0, description="Times the usual.")
    line_height: float = Field(1.0, description="Times the usual.")
    slant: Slant
    pen: Pen
    pen_width: PenWidth
    gap: float | None = Field(None, description="Space between stems, in x-heights; none: the hand's own.")
    wander: float = Field(1.0, description="Of the baseline.")
    margin: float = Field(1.0, description="Paper around the text, in x-heights.")
    originals: Originals


class Render(Writing):
    """A text as a picture, asked for in an address."""

    text: Text
    format: endings(FORMATS) = "png"  # type: ignore[valid-type]


class RenderBody(Render):
    """A text as a picture, by any hand."""

    hand: HandAsked  # type: ignore[assignment]


# not what names a file, nor what a request says elsewhere
_ELSEWHERE = {WritingStyle: {"hand"}, PaperStyle: {"background"}, TextStyle: {"format"}}


def _table(table: type) -> Any:
    """A model of some dials of one table of a style sheet; what is not given stays as usual."""
    kinds: dict[str, Any] = {"str": Short, "bool": bool, "int": int, "float": float}
    dials: dict[str, Any] = {
        field.name: (kinds[str(field.type)] | None, Field(None, description=field.metadata["doc"]))
        for field in fields(table)
        if field.name not in _ELSEWHERE.get(table, set())
    }
    return create_model(table.__name__, __base__=Asked, **dials)


StyleAsked = create_model(
    "Style",
    __base__=Asked,
    __doc__="Dials of a page, by table, as `handsynth page --show-style` prints them.",
    **{
        field.name: (_table(table) | None, None)
        for field, table in zip(
            fields(Style), (WritingStyle, PaperStyle, TextStyle, PersonStyle, OutputStyle), strict=True
        )
    },  # type: ignore[call-overload]
)


class PageBody(Asked):
    """A document."""

    text: Text
    hand: HandAsked
    markdown: bool = False
    background: Base64Bytes | None = Field(None, description="A picture to write on, on its own rules, in base64.")
    style: StyleAsked | None = None  # type: ignore[valid-type]
    page: int | None = Field(None, ge=1, description="This page alone; none: all of them.")
    format: endings(FORMATS) = "pdf"  # type: ignore[valid-type]


class FontBody(Asked):
    """A font. Fields are in the order of the options of `handsynth font`."""

    hand: HandAsked
    variants: int = Field(5, ge=1, le=100, description="Drawings of each character.")
    charset: Literal["ascii", "latin1", "latin", "cyrillic", "greek", "model"] = "latin1"
    chars: Text | None = Field(None, description="These characters instead.")
    sizes: list[Annotated[int, Field(ge=1, le=2000)]] = Field(
        [32], min_length=1, max_length=20, description="Pixels per em of bitmap fonts, strikes."
    )
    strikes: Literal["", "sbix", "cbdt", "ebdt"] = ""
    depth: Literal[1, 2, 4, 8] = 8
    ink: Short = "black"
    bmfont: Literal["text", "xml", "json", "binary"] = "text"
    distance: int = Field(0, ge=0, le=64)
    page: int = Field(1024, ge=1, le=4096, description="Largest page of a BMFont or sheet.")
    padding: int = Field(0, ge=0, le=64)
    spacing: int = Field(1, ge=0, le=64)
    kerning: bool = True
    seed: Seed
    temperature: Temperature
    variation: Variation
    legibility: int = Field(4, ge=1, le=16)
    missing: Missing
    slant: Slant
    pen: Pen
    pen_width: PenWidth
    originals: Originals
    family: Short = Field("Handsynth", min_length=1)
    specimen: bool = False
    format: endings(FONTS) = "ttf"  # type: ignore[valid-type]


class Sheet(Asked):
    """A labelled sheet of characters, asked for in an address."""

    chars: Text = Field("", description="None: letters and digits.")
    hands: list[Short] = Field([], max_length=100, description="A row for each; none: the gallery.")
    variations: int = Field(0, ge=0, le=100, description="Instead: so many drawings of each, by the first hand.")
    size: float | None = Field(None, ge=4, le=2000, description="x-height in pixels.")
    columns: int = Field(0, ge=0, le=1000)
    seed: Seed
    temperature: Temperature
    legibility: int = Field(1, ge=1, le=16)


class SheetBody(Sheet):
    """A labelled sheet of characters, by any hands."""

    hands: list[Annotated[str | dict[str, Any], Field()]] = Field([], max_length=100)  # type: ignore[assignment]


class LettersBody(Asked):
    """The letters that a learnt hand holds."""

    hand: HandAsked
    seed: Seed


class ForgetBody(Asked):
    """A learnt hand without some of its letters."""

    hand: HandAsked
    letters: Short = Field(description="Which to leave out, like b7: they follow the style then.")
