"""What may be asked for: one model a request, which the OpenAPI schema is made of.

Ranges here are those of the library, as far as a schema can say them; what it cannot say, the library refuses.
"""

from __future__ import annotations

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
from handsynth.dials.renamed import current
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
from handsynth.learning import form
from handsynth.learning.printing import ENDINGS


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


def asked(name: str, default: Any = ..., **more: Any) -> Any:
    """The field of a dial: its default (or this one), its range, and what it says; `more`: other bounds of a field."""
    dial = DIALS[name]
    bounds = {"ge": dial.least, "le": dial.most} if dial.kind in ("number", "integer") else {}
    usual = dial.default if default is ... else default
    return Field(usual, description=dial.doc, **{**bounds, **more})


PENS, ORIGINALS, MISSING = (DIALS[name].choices for name in ("pen", "originals", "missing"))
CHARSETS, STRIKES, DIALECTS = (DIALS[name].choices for name in ("charset", "strikes", "dialect"))

Seed = Annotated[int, asked("seed")]
Temperature = Annotated[float, asked("temperature")]
Variation = Annotated[float, asked("variation")]
Joined = Annotated[float, asked("joined")]
Legibility = Annotated[int, asked("legibility")]
Pen = Annotated[
    Literal[PENS] | None,  # type: ignore[valid-type]
    asked("pen"),
]
PenWidth = Annotated[Short | None, asked("pen_width")]
Slant = Annotated[float, asked("slant")]
Originals = Annotated[
    Literal[ORIGINALS],  # type: ignore[valid-type]
    asked("originals"),
]
Missing = Annotated[
    Literal[MISSING],  # type: ignore[valid-type]
    asked("missing"),
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


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    earlier: ClassVar[str] = ""
    """Whose earlier names of options are taken, too."""

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, given: Any) -> Any:
        return current(cls.earlier, given) if cls.earlier and isinstance(given, dict) else given


class WritingFields(Asked):
    """A text as a picture. Fields are in the order of the options of `handsynth render`."""

    earlier = "render"

    hand: Short | None = Field(None, description="A gallery name, random, random:INDEX or random:INDEX:SEED.")
    seed: Seed
    size: Length = asked("size")
    dpi: float = asked("dpi")
    wrap: Length | None = asked("wrap")
    ink: Short = asked("ink")
    paper_colour: Short = asked("paper_colour")
    temperature: Temperature
    variation: Variation
    joined: Joined
    legibility: Legibility
    missing: Missing
    letter_spacing: float = asked("letter_spacing")
    word_spacing: float = asked("word_spacing")
    line_spacing: float = asked("line_spacing")
    slant: Slant
    pen: Pen
    pen_width: PenWidth
    gap: float | None = asked("gap")
    wander: float = asked("wander")
    margin: float = asked("margin")
    originals: Originals
    centreline: bool = asked("centreline")
    device: Short = asked("device")
    optimise: bool = asked("optimise")
    hatch: Short = asked("hatch")
    animate: bool = asked("animate")
    duration: float = asked("duration")
    fps: float = asked("fps")
    pen_shown: bool = asked("pen_shown")


class Render(WritingFields):
    """A text as a picture, asked for in an address."""

    text: Text
    format: endings(FORMATS) = "png"  # type: ignore[valid-type]


class RenderBody(Render):
    """A text as a picture, by any hand."""

    hand: HandAsked  # type: ignore[assignment]


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
            given[field.name] = (kind | None, asked(dial.name, None))
    return create_model(table.__name__, __base__=Asked, **given)


StyleAsked = create_model(
    "Style",
    __base__=Asked,
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


class PageBody(Asked):
    """A document."""

    text: Text
    hand: HandAsked
    markdown: bool = False
    background: Base64Bytes | None = Field(None, description="A picture to write on, on its own rules, in base64.")
    style: StyleAsked | None = None  # type: ignore[valid-type]
    words: list[Text] | None = Field(
        None, max_length=10_000, description="Only these words are written, where they stand; []: the sheets alone."
    )
    page: int | None = Field(None, ge=1, description="This page alone; none: all of them.")
    format: endings(FORMATS) = "pdf"  # type: ignore[valid-type]


class FontBody(Asked):
    """A font. Fields are in the order of the options of `handsynth font`."""

    earlier = "font"

    hand: HandAsked
    variants: int = asked("variants")
    charset: Literal[CHARSETS] = asked("charset")  # type: ignore[valid-type]
    chars: Text | None = asked("chars")
    sizes: list[Annotated[int, Field(ge=DIALS["sizes"].least, le=DIALS["sizes"].most)]] = asked(
        "sizes", [32], min_length=1, max_length=20
    )
    strikes: Literal[STRIKES] = asked("strikes")  # type: ignore[valid-type]
    depth: Literal[1, 2, 4, 8] = asked("depth", 8)
    ink: Short = Field("black", description="Colour of sbix and cbdt strikes.")
    dialect: Literal[DIALECTS] = asked("dialect")  # type: ignore[valid-type]
    distance: int = asked("distance")
    page: int = asked("page")
    padding: int = asked("padding")
    spacing: int = asked("spacing")
    kerning: bool = asked("kerning")
    single_line: bool = asked("single_line")
    seed: Seed
    temperature: Temperature
    variation: Variation
    joined: Joined
    legibility: int = asked("legibility", DIALS["legibility"].default_for("font"))
    missing: Missing
    slant: Slant
    pen: Pen
    pen_width: PenWidth
    originals: Originals
    family: Short = Field("Handsynth", min_length=1)
    specimen: bool = asked("specimen")
    format: endings(FONTS) = "ttf"  # type: ignore[valid-type]


class SheetQuery(Asked):
    """A labelled sheet of characters, asked for in an address."""

    earlier = "sheet"
    chars: Text = Field("", description="None: letters and digits.")
    hands: list[Short] = Field([], max_length=100, description="A row for each; none: the gallery.")
    variants: int = asked("sheet.variants")
    size: float | None = asked("sheet.size", ge=DIALS["sheet.size"].least, le=DIALS["sheet.size"].most)
    columns: int = asked("columns")
    seed: Seed
    temperature: Temperature
    legibility: Legibility


class SheetBody(SheetQuery):
    """A labelled sheet of characters, by any hands."""

    hands: list[Annotated[str | dict[str, Any], Field()]] = Field([], max_length=100)  # type: ignore[assignment]


class LearnForm(Asked):
    """Photos of somebody's writing: a filled form, or a line."""

    photo: list[UploadFile] = Field([], description="Photos or scans of the filled form.")
    line: UploadFile | None = Field(None, description="Instead, or too: one line of separate letters.")
    text: str = Field("", description="What the line says.", max_length=1000)
    chars: str = Field("", description="The form's characters, if no named set.", max_length=1000)
    name: str = Field("me", description="What the hand is called.", max_length=200)
    forget: bool = Field(False, description="Leave the letters themselves out.")


class Template(Asked):
    """The form to fill in, asked for in an address."""

    earlier = "template"
    paper: str = Field("a4", max_length=20, description=", ".join(form.PAPERS))
    chars: Text = Field("ascii", max_length=1000, description=f"{', '.join(form.SETS)}, or characters.")
    variants: int | None = asked("template.variants")
    format: endings(dict.fromkeys(ENDINGS)) = "pdf"  # type: ignore[valid-type]


class LettersBody(Asked):
    """The letters that a learnt hand holds."""

    hand: HandAsked
    seed: Seed


class ForgetBody(Asked):
    """A learnt hand without some of its letters."""

    hand: HandAsked
    letters: Short = Field(description="Which to leave out, like b7: they follow the style then.")
