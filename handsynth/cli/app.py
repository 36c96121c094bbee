"""The command line: every command is one call of the library.

Nothing heavy is imported up here: `handsynth --help` loads neither numpy nor onnxruntime.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, cast

import click

from handsynth import __version__, units
from handsynth.cli import completion, console
from handsynth.cli.commands import App, Argument, Option, moved
from handsynth.cli.corpus import corpus
from handsynth.cli.flags import (
    LIMIT,
    TEMPERATURE,
    VARIATION,
    AnimateFlag,
    DeviceFlag,
    DpiFlag,
    DurationFlag,
    FpsFlag,
    HandFlag,
    HatchFlag,
    JoinedFlag,
    LegibilityFlag,
    MaxPixelsFlag,
    MissingFlag,
    ModelFlag,
    OptimiseFlag,
    OriginalsFlag,
    OutputFlag,
    PenFlag,
    PenShownFlag,
    PenWidthFlag,
    ProfileFlag,
    RecipesFlag,
    SeedFlag,
    SizeFlag,
    SlantFlag,
    TemperatureFlag,
    VariationFlag,
    option,
    usual,
)
from handsynth.cli.font import font
from handsynth.cli.hand import EARLIER, hand
from handsynth.cli.merge import merge
from handsynth.cli.page import again, page
from handsynth.cli.specimens import hands, inspect, sample, sheet, verify
from handsynth.cli.studio import studio


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        print(f"handsynth {__version__}")
        context.exit()


app = App(
    "handsynth",
    "Type, and get handwriting in which no two letters are alike.\n\n"
    'Example: handsynth render "Dear Ada," -o ada.png --hand random --seed 7',
    params=[
        click.Option(
            ["--version"], is_flag=True, callback=_version, is_eager=True, expose_value=False, help="Print the version."
        ),
        completion.OPTION,
    ],
)

WRAP_OF_FILES = 60.0
"""Width in x-heights at which lines of files wrap unless --wrap says otherwise: about as many letters as in a book."""

WIDEST = 1.5
"""Width in x-heights that no usual word of no hand has on average for each of its letters; as in the studio."""

WIDE = 10_000
"""Width in px from which a picture is hardly meant to be a single line: four A4 pages at 300 dpi beside each other."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the status: 0, or 2 after one line that says what is wrong."""
    return console.run(app, "handsynth", arguments, atomic=True)


@app.adds()
def render(
    context: click.Context,
    out: OutputFlag,
    text: Annotated[str | None, Argument(metavar="TEXT", help="What to write; - reads standard input.")] = None,
    file: Annotated[
        str | None,
        Option(
            "--file",
            "-f",
            metavar="FILE",
            help=f"Write the text of this UTF-8 file; long lines wrap at {WRAP_OF_FILES:.0f} x-heights, or at --wrap.",
        ),
    ] = None,
    hand: HandFlag = None,
    seed: SeedFlag = usual("seed"),
    size: SizeFlag = usual("size"),
    dpi: DpiFlag = usual("dpi"),
    wrap: Annotated[str | None, option("wrap", metavar="WIDTH")] = None,
    ink: Annotated[str, option("ink", metavar="COLOUR")] = usual("ink"),
    paper_colour: Annotated[str, option("paper_colour", metavar="COLOUR")] = usual("paper_colour"),
    temperature: TemperatureFlag = TEMPERATURE,
    variation: VariationFlag = VARIATION,
    joined: JoinedFlag = usual("joined"),
    legibility: LegibilityFlag = usual("legibility"),
    missing: MissingFlag = usual("missing"),
    letter_spacing: Annotated[float, option("letter_spacing")] = usual("letter_spacing"),
    word_spacing: Annotated[float, option("word_spacing")] = usual("word_spacing"),
    line_spacing: Annotated[float, option("line_spacing")] = usual("line_spacing"),
    slant: SlantFlag = usual("slant"),
    pen: PenFlag = None,
    pen_width: PenWidthFlag = None,
    gap: Annotated[float | None, option("gap")] = None,
    wander: Annotated[float, option("wander")] = usual("wander"),
    margin: Annotated[float, option("margin")] = usual("margin"),
    originals: OriginalsFlag = usual("originals"),
    recipes: RecipesFlag = None,
    max_pixels: MaxPixelsFlag = LIMIT,
    centreline: Annotated[bool, option("centreline", "--centreline")] = usual("centreline"),
    device: DeviceFlag = None,
    profile: ProfileFlag = None,
    optimise: OptimiseFlag = None,
    hatch: HatchFlag = None,
    animate: AnimateFlag = None,
    duration: DurationFlag = None,
    fps: FpsFlag = None,
    pen_shown: PenShownFlag = None,
    model: ModelFlag = None,
) -> None:
    """Write a text as a picture.

    What could not be written as it stands is reported on standard error.

    \b
    Examples:
      handsynth render "Dear Ada," -o ada.png
      handsynth render --file letter.txt -o letter.png --hand random --seed 7 --size 3mm --wrap 150mm
      echo "Thank you" | handsynth render - -o thanks.png --ink navy --paper-colour transparent
    """
    from handsynth.api import write
    from handsynth.errors import option as named

    asked = console.read_text(text, file)
    if hint := console.meant_otherwise(text):
        console.say(hint)
    pixels = units.length_px(size, dpi, named("size"))
    broken = None if wrap is not None and wrap.strip().casefold() == "none" else wrap
    begin = ["render", "TEXT", "-o", "OUT" + console.suffix(out)]
    if wrap is None and file is not None and not _surely_fits(asked, max(letter_spacing, word_spacing)):
        broken = f"{WRAP_OF_FILES * pixels:g}px"
        context.params["wrap"] = broken  # the record has no file's name
    moving_or_plotted: dict[str, Any] = {
        "device": device, "profile": profile, "optimise": optimise, "hatch": hatch,
        "animate": animate, "duration": duration, "fps": fps, "pen_shown": pen_shown,
    }  # fmt: skip
    page = write(
        asked,
        out,
        model=model,
        hand=hand,
        seed=seed,
        temperature=temperature,
        variation=variation,
        joined=joined,
        legibility=legibility,
        letter_spacing=letter_spacing,
        word_spacing=word_spacing,
        line_spacing=line_spacing,
        slant=slant,
        pen=pen,
        pen_width=pen_width,
        gap=gap,
        wander=wander,
        margin=margin,
        missing=cast(Any, missing),  # `write` checks it
        originals=cast(Any, originals),
        recipes=recipes,
        size=size,
        dpi=dpi,
        wrap=broken,
        ink=ink,
        paper_colour=paper_colour,
        max_pixels=max_pixels,
        centreline=centreline,
        **{name: value for name, value in moving_or_plotted.items() if value is not None},
        command=console.again(context, begin, ("text", "file")),
    )
    for line in page.report.lines():
        console.say(line)
    width = math.ceil(page.width * pixels - 1e-6)  # as pictures are made
    if broken is None and width > WIDE:
        console.say(f"the picture is {width:,} px wide; break its lines with --wrap, or use handsynth page")
    console.wrote(out)


def _surely_fits(text: str, spacing: float) -> bool:
    """Whether no line comes near WRAP_OF_FILES: a short text needs no paper of that width."""
    # a tab is as wide as some letters
    longest = max(len(line) + 3 * line.count("\t") for line in text.splitlines() or [""])
    return longest * WIDEST * max(1.0, spacing) <= WRAP_OF_FILES


app.adds()(page)
app.adds()(merge)
app.adds()(font)
app.add_command(hand)
app.add_command(corpus)
app.adds()(again)
app.adds()(studio)
for function in EARLIER:
    app.adds(cls=moved(f"hand {function.__name__}"), hidden=True)(function)
app.adds()(sheet)
app.adds()(sample)
app.adds()(hands)
app.adds()(inspect)
app.adds()(verify)
