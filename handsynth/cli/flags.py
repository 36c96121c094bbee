"""Options and arguments that several commands share; what they say is that of their dials."""

from __future__ import annotations

from typing import Annotated, Any

from handsynth import dials
from handsynth.cli.commands import Argument, Option
from handsynth.dials import Surface


def option(name: str, *flags: str, metavar: str | None = None, shown: str | None = None) -> Any:
    """The option of a dial: `flags`, or its own name; choices are shown in the place of the value. `shown`: what help
    shows for the default of an option whose own is None, else that of style sheets."""
    dial = dials.DIALS[name]
    if dial.choices:
        metavar = f"[{'|'.join(choice for choice in dial.choices if choice)}]"
    flags = flags or ("--" + dial.option.replace("_", "-"),)
    if shown is None:
        shown = _text(dial.default_for("style"), flags[0])
    ranged = bool(dial.range) and not dial.choices
    return Option(
        *flags,
        metavar=metavar,
        help=dial.help if ranged else dial.doc,
        usual=shown,
    )


def usual(name: str, surface: Surface | None = None) -> Any:
    """The default of a dial, as it is typed on the command line."""
    dial, value = dials.DIALS[name], dials.default(name, surface)
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if dial.kind == "length":
        return f"{value:g}{dial.unit}"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(value: Any, flag: str) -> str:
    """A default as help texts show it; "" where there is none, or where `flag` alone says it: it has no contrary."""
    if isinstance(value, bool):
        return flag.split("/")[not value].removeprefix("--") if "/" in flag else ""
    if value is None or isinstance(value, tuple):
        return ",".join(map(str, value or ()))
    return f"{value:g}" if isinstance(value, float) else str(value)


OutputFlag = Annotated[str, Option("--output", "-o", metavar="FILE", help="Where to write, like page.png.")]
HandFlag = Annotated[str | None, option("hand", metavar="HAND")]
SeedFlag = Annotated[int, option("seed", "--seed", "-s")]
SizeFlag = Annotated[str, option("size")]
DpiFlag = Annotated[float, option("dpi")]
TemperatureFlag = Annotated[float, option("temperature", "--temperature", "-t")]
VariationFlag = Annotated[float, option("variation")]
JoinedFlag = Annotated[float, option("joined")]
PenFlag = Annotated[str | None, option("pen")]
PenWidthFlag = Annotated[str | None, option("pen_width", metavar="WIDTH")]
LegibilityFlag = Annotated[int, option("legibility", metavar="K")]
MissingFlag = Annotated[str, option("missing")]
OriginalsFlag = Annotated[str, option("originals")]
SlantFlag = Annotated[float, option("slant")]
MaxPixelsFlag = Annotated[int, option("max_pixels", metavar="N")]
ModelFlag = Annotated[str | None, option("model", metavar="PATH")]
ModelArgument = Annotated[str | None, Argument(metavar="MODEL", help=dials.DIALS["model"].doc)]
DeviceFlag = Annotated[str | None, option("device", metavar="NAME")]
ProfileFlag = Annotated[str | None, option("profile", metavar="NAME")]
OptimiseFlag = Annotated[bool | None, option("optimise", "--optimise/--as-written")]
HatchFlag = Annotated[str | None, option("hatch", metavar="WIDTH")]
AnimateFlag = Annotated[bool | None, option("animate", "--animate/--still")]
DurationFlag = Annotated[float | None, option("duration", metavar="SECONDS")]
FpsFlag = Annotated[float | None, option("fps")]
PenShownFlag = Annotated[bool | None, option("pen_shown", "--pen-shown/--no-pen")]
WorkersFlag = Annotated[int, option("workers", metavar="N")]
RecipesFlag = Annotated[str | None, option("recipes", metavar="FILE")]

LIMIT: int = dials.DIALS["max_pixels"].default
TEMPERATURE: float = dials.DIALS["temperature"].default
VARIATION: float = dials.DIALS["variation"].default
