"""What may be asked for: one model a request, which the OpenAPI schema is made of.

Ranges here are those of the library, as far as a schema can say them; what it cannot say, the library refuses.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import fields
from typing import Annotated, Any, ClassVar, Literal

from fastapi import UploadFile
from pydantic import (
    AfterValidator,
    Base64Bytes,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
    model_validator,
)

from handsynth.dials import DIALS, Dial
from handsynth.dials.renamed import EARLIER, current, said
from handsynth.document.style import (
    MotionStyle,
    OutputStyle,
    PaperStyle,
    PersonStyle,
    PlotterStyle,
    Style,
    TextStyle,
    WritingStyle,
)
from handsynth.fonts import FORMATS as FONTS
from handsynth.formats import FORMATS
from handsynth.learning.printing import ENDINGS


def _text(value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"character {error.start + 1} is half of a surrogate pair; give valid text") from error
    return value


Text = Annotated[str, AfterValidator(_text)]
Short = Annotated[str, AfterValidator(_text), Field(max_length=200)]

HandField = Annotated[
    str | dict[str, Any] | None,
    Field(
        default=None,
        description="A gallery name, random, random:INDEX, random:INDEX:SEED, the JSON of a .hand file, or "
        '{"blend": [A, B], "share": 0.3}. None: the first of the gallery.',
    ),
]


def dial_field(name: str, default: Any = ..., **more: Any) -> Any:
    """The field of a dial: its default (or this one), its range, and what it says; `more`: other bounds of a field."""
    dial = DIALS[name]
    bounds = {"ge": dial.least, "le": dial.most} if dial.kind in ("number", "integer") else {}
    usual = dial.default if default is ... else default
    return Field(usual, description=dial.doc, **{**bounds, **more})


PENS, ORIGINALS, MISSING = (DIALS[name].choices for name in ("pen", "originals", "missing"))
CHARSETS, STRIKES, DIALECTS = (DIALS[name].choices for name in ("charset", "strikes", "dialect"))

PAPERS = DIALS["template.paper"].choices

SeedField = Annotated[int, dial_field("seed")]
TemperatureField = Annotated[float, dial_field("temperature")]
VariationField = Annotated[float, dial_field("variation")]
JoinedField = Annotated[float, dial_field("joined")]
LegibilityField = Annotated[int, dial_field("legibility")]
PenField = Annotated[
    Literal[PENS] | None,  # type: ignore[valid-type]
    dial_field("pen"),
]
PenWidthField = Annotated[Short | None, dial_field("pen_width")]
SlantField = Annotated[float, dial_field("slant")]
OriginalsField = Annotated[
    Literal[ORIGINALS],  # type: ignore[valid-type]
    dial_field("originals"),
]
MissingField = Annotated[
    Literal[MISSING],  # type: ignore[valid-type]
    dial_field("missing"),
]


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


RENAMED: ContextVar[list[str] | None] = ContextVar("RENAMED", default=None)
"""Where a request that is being read keeps the lines that say the names of today of options in it."""


class RequestBody(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    earlier: ClassVar[str] = ""
    """Whose earlier names of options are taken, too."""

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, given: Any) -> Any:
        if not cls.earlier or not isinstance(given, dict):
            return given
        if (lines := RENAMED.get()) is not None:
            lines += [said(name, now) for name, now in EARLIER[cls.earlier].items() if name in given]
        return current(cls.earlier, given)


class WritingFields(RequestBody):
    """A text as a picture. Fields are in the order of the options of `handsynth render`."""

    earlier = "render"

    hand: Short | None = Field(None, description="A gallery name, random, random:INDEX or random:INDEX:SEED.")
    seed: SeedField
    size: Length = dial_field("size")
    dpi: float = dial_field("dpi")
    wrap: Length | None = dial_field("wrap")
    ink: Short = dial_field("ink")
    paper_colour: Short = dial_field("paper_colour")
    temperature: TemperatureField
    variation: VariationField
    joined: JoinedField
    legibility: LegibilityField
    missing: MissingField
    letter_spacing: float = dial_field("letter_spacing")
    word_spacing: float = dial_field("word_spacing")
    line_spacing: float = dial_field("line_spacing")
    slant: SlantField
    pen: PenField
    pen_width: PenWidthField
    gap: float | None = dial_field("gap")
    wander: float = dial_field("wander")
    margin: float = dial_field("margin")
    originals: OriginalsField
    centreline: bool = dial_field("centreline")
    device: Short = dial_field("device")
    optimise: bool = dial_field("optimise")
    hatch: Short = dial_field("hatch")
    animate: bool = dial_field("animate")
    duration: float = dial_field("duration")
    fps: float = dial_field("fps")
    pen_shown: bool = dial_field("pen_shown")


class Render(WritingFields):
    """A text as a picture, asked for in an address."""

    text: Text
    format: endings(FORMATS) = "png"  # type: ignore[valid-type]


class RenderBody(Render):
    """A text as a picture, by any hand."""

    hand: HandField  # type: ignore[assignment]


# not what names a file, nor what a request says elsewhere
_ELSEWHERE = {WritingStyle: {"hand"}, PaperStyle: {"background"}, TextStyle: {"format"}, PlotterStyle: {"profile"}}


def _table(table: type) -> Any:
    """A model of some dials of one table of a style sheet; what is not given stays as usual."""
    kinds: dict[str, Any] = {"str": Short, "bool": bool, "int": int, "float": float}
    given: dict[str, Any] = {}
    for field in fields(table):
        dial: Dial = field.metadata["dial"]
        if field.name not in _ELSEWHERE.get(table, set()):
            kind = Literal[tuple(dict.fromkeys(("", *dial.choices)))] if dial.choices else kinds[str(field.type)]
            given[field.name] = (kind | None, dial_field(dial.name, None))

    class StyleTable(RequestBody):
        earlier = table.__name__ if table.__name__ in EARLIER else ""

    return create_model(table.__name__, __base__=StyleTable, **given)


StyleBody = create_model(
    "Style",
    __base__=RequestBody,
    __doc__="Dials of a page, by table, as `handsynth page --show-style` prints them.",
    **{
        field.name: (_table(table) | None, None)
        for field, table in zip(
            fields(Style),
            (WritingStyle, PaperStyle, TextStyle, PersonStyle, OutputStyle, PlotterStyle, MotionStyle),
            strict=True,
        )
    },  # type: ignore[call-overload]
)


class PageBody(RequestBody):
    """A document."""

    text: Text
    hand: HandField
    markdown: bool = False
    background: Base64Bytes | None = Field(None, description="A picture to write on, on its own rules, in base64.")
    style: StyleBody | None = None  # type: ignore[valid-type]
    words: list[Text] | None = Field(
        None, max_length=10_000, description="Only these words are written, where they stand; []: the sheets alone."
    )
    page: int | None = Field(None, ge=1, description="This page alone; none: all of them.")
    format: endings(FORMATS) = "pdf"  # type: ignore[valid-type]


class FontBody(RequestBody):
    """A font. Fields are in the order of the options of `handsynth font`."""

    earlier = "font"

    hand: HandField
    variants: int = dial_field("variants")
    charset: Literal[CHARSETS] = dial_field("charset")  # type: ignore[valid-type]
    chars: Text | None = dial_field("chars")
    sizes: list[Annotated[int, Field(ge=DIALS["sizes"].least, le=DIALS["sizes"].most)]] = dial_field(
        "sizes", [32], min_length=1, max_length=20
    )
    strikes: Literal[STRIKES] = dial_field("strikes")  # type: ignore[valid-type]
    depth: Literal[1, 2, 4, 8] = dial_field("depth", 8)
    ink: Short = dial_field("font.ink")
    dialect: Literal[DIALECTS] = dial_field("dialect")  # type: ignore[valid-type]
    distance: int = dial_field("distance")
    texture_size: int = dial_field("texture_size")
    padding: int = dial_field("padding")
    spacing: int = dial_field("spacing")
    kerning: bool = dial_field("kerning")
    single_line: bool = dial_field("single_line")
    seed: SeedField
    temperature: TemperatureField
    variation: VariationField
    joined: JoinedField
    legibility: int = dial_field("legibility", DIALS["legibility"].default_for("font"))
    missing: MissingField
    slant: SlantField
    pen: PenField
    pen_width: PenWidthField
    originals: OriginalsField
    family: Short = dial_field("family", min_length=1)
    specimen: bool = dial_field("specimen")
    format: endings(FONTS) = "ttf"  # type: ignore[valid-type]


class SheetQuery(RequestBody):
    """A labelled sheet of characters, asked for in an address."""

    earlier = "sheet"
    chars: Text = Field("", description="None: letters and digits.")
    hands: list[Short] = Field([], max_length=100, description="A row for each; none: the gallery.")
    variants: int = dial_field("sheet.variants")
    size: float | None = dial_field("sheet.size", ge=DIALS["sheet.size"].least, le=DIALS["sheet.size"].most)
    columns: int = dial_field("columns")
    seed: SeedField
    temperature: TemperatureField
    legibility: LegibilityField


class SheetBody(SheetQuery):
    """A labelled sheet of characters, by any hands."""

    hands: list[Annotated[str | dict[str, Any], Field()]] = Field([], max_length=100)  # type: ignore[assignment]


class LearnForm(RequestBody):
    """Photos of somebody's writing: a filled form, or a line."""

    earlier = "learning"

    photo: list[UploadFile] = Field([], description="Photos or scans of the filled form.")
    line: UploadFile | None = Field(None, description="A photo of one line of writing, instead of a form or beside it.")
    text: str = Field("", description="What the line says.", max_length=1000)
    chars: str = dial_field("learn.chars", "", max_length=1000)
    name: str = dial_field("name", max_length=200)
    forget_originals: bool = dial_field("forget_originals")


class Template(RequestBody):
    """The form to fill in, asked for in an address."""

    earlier = "template"
    paper: Annotated[
        Literal[PAPERS],  # type: ignore[valid-type]
        BeforeValidator(lambda given: given.strip().casefold() if isinstance(given, str) else given),
    ] = dial_field("template.paper")
    chars: Text = dial_field("template.chars", max_length=1000)
    variants: int | None = dial_field("template.variants")
    format: endings(dict.fromkeys(ENDINGS)) = "pdf"  # type: ignore[valid-type]


class LettersBody(RequestBody):
    """The letters that a learnt hand holds."""

    hand: HandField
    seed: SeedField


class ForgetBody(RequestBody):
    """A learnt hand without some of its letters."""

    earlier = "forget"

    hand: HandField
    chars: Short = Field(description=DIALS["forget.chars"].doc)
