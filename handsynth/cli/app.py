"""The command line: every command is one call of the library.

Nothing heavy is imported up here: `handsynth --help` loads neither numpy nor onnxruntime.
"""

from __future__ import annotations

from typing import Annotated, Any, cast

import typer

from handsynth import __version__, units
from handsynth.cli import console
from handsynth.cli.commands import App, moved
from handsynth.cli.corpus import corpus
from handsynth.cli.flags import (
    LIMIT,
    TEMPERATURE,
    VARIATION,
    Animate,
    Device,
    Dpi,
    Duration,
    Fps,
    HandName,
    Hatch,
    Joined,
    Legibility,
    MaxPixels,
    Missing,
    ModelArgument,
    ModelPath,
    Optimise,
    Originals,
    Output,
    Pen,
    PenShown,
    PenWidth,
    Profile,
    RecipesFile,
    Seed,
    Size,
    Slant,
    Temperature,
    Variation,
    option,
)
from handsynth.cli.font import font
from handsynth.cli.hand import EARLIER, hand
from handsynth.cli.merge import merge
from handsynth.cli.page import again, page
from handsynth.cli.studio import studio

app = App(
    name="handsynth",
    help="Type, and get handwriting in which no two letters are alike.\n\n"
    'Example: handsynth render "Dear Ada," -o ada.png --hand random --seed 7',
    rich_markup_mode=None,  # plain help: importing rich would cost more than all the rest
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

WRAP_OF_FILES = 60.0
"""Width in x-heights at which lines of files wrap unless --wrap says otherwise: about as many letters as in a book."""

WIDE = 10_000
"""Width in px from which a picture is hardly meant to be a single line: four A4 pages at 300 dpi beside each other."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the status: 0, or 2 after one line that says what is wrong."""
    return console.run(app, "handsynth", arguments)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"handsynth {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def render(
    context: typer.Context,
    out: Output,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="What to write; - reads standard input.")] = None,
    file: Annotated[
        str | None, typer.Option("--file", "-f", metavar="FILE", help="Write the text of this UTF-8 file.")
    ] = None,
    hand: HandName = None,
    seed: Seed = 0,
    size: Size = "24px",
    dpi: Dpi = 300,
    wrap: Annotated[str | None, option("wrap", metavar="WIDTH")] = None,
    ink: Annotated[str, option("ink", metavar="COLOUR")] = "black",
    paper: Annotated[str, option("paper", metavar="COLOUR")] = "white",
    temperature: Temperature = TEMPERATURE,
    variation: Variation = VARIATION,
    joined: Joined = 1.0,
    legibility: Legibility = 1,
    missing: Missing = "error",
    letter_spacing: Annotated[float, option("letter_spacing")] = 1.0,
    word_spacing: Annotated[float, option("word_spacing")] = 1.0,
    line_height: Annotated[float, option("line_spacing", "--line-height")] = 1.0,
    slant: Slant = 0.0,
    pen: Pen = None,
    pen_width: PenWidth = None,
    gap: Annotated[float | None, option("gap")] = None,
    wander: Annotated[float, option("wander")] = 1.0,
    margin: Annotated[float, option("margin")] = 1.0,
    originals: Originals = "vary",
    recipes: RecipesFile = None,
    max_pixels: MaxPixels = LIMIT,
    centreline: Annotated[bool, option("centreline", "--centreline")] = False,
    device: Device = None,
    profile: Profile = None,
    optimise: Optimise = None,
    hatch: Hatch = None,
    animate: Animate = None,
    duration: Duration = None,
    fps: Fps = None,
    pen_shown: PenShown = None,
    model: ModelPath = None,
) -> None:
    """Write a text as a picture.

    What could not be written as it stands is reported on standard error.

    \b
    Examples:
      handsynth render "Dear Ada," -o ada.png
      handsynth render --file letter.txt -o letter.png --hand random --seed 7 --size 3mm --wrap 150mm
      echo "Thank you" | handsynth render - -o thanks.png --ink navy --paper transparent
    """
    from handsynth.api import write

    asked = console.read_text(text, file)
    if hint := console.meant_otherwise(text):
        console.say(hint)
    pixels = units.length_px(size, dpi, "size")
    broken = None if wrap is not None and wrap.strip().casefold() == "none" else wrap
    begin = ["render", "TEXT", "-o", "OUT" + console.suffix(out)]
    if wrap is None and file is not None:
        broken = f"{WRAP_OF_FILES * pixels:g}px"
        begin += ["--wrap", broken]  # the record has no file's name
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
        line_spacing=line_height,
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
        paper=paper,
        max_pixels=max_pixels,
        centreline=centreline,
        device=device or "",
        profile=profile or "",
        optimise=bool(optimise),
        hatch=hatch or "",
        animate=bool(animate),
        duration=duration or 0.0,
        fps=25.0 if fps is None else fps,
        pen_shown=bool(pen_shown),
        command=console.again(context, begin, ("text", "file")),
    )
    for line in page.report.lines():
        console.say(line)
    width = page.width * pixels
    if broken is None and width > WIDE:
        console.say(f"the picture is {width:,.0f} px wide; break its lines with --wrap, or use handsynth page")
    console.wrote(out)


app.command()(page)
app.command()(merge)
app.command()(font)
app.add_typer(hand)
app.add_typer(corpus)
app.command()(again)
app.command()(studio)
for function in EARLIER:
    app.command(cls=moved(f"hand {function.__name__}"), hidden=True)(function)


@app.command()
def sheet(
    context: typer.Context,
    out: Output,
    chars: Annotated[str | None, typer.Argument(metavar="CHARS", help="Characters; else A-Z, a-z and 0-9.")] = None,
    hands: Annotated[str, option("hands", "--hands", "--hand", metavar="A,B,…")] = "",
    variations: Annotated[int, option("variations", metavar="N")] = 0,
    size: Annotated[str | None, option("sheet.size")] = None,
    dpi: Dpi = 300,
    columns: Annotated[int, option("columns", metavar="N")] = 0,
    seed: Seed = 0,
    temperature: Temperature = TEMPERATURE,
    legibility: Legibility = 1,
    originals: Originals = "vary",
    max_pixels: MaxPixels = LIMIT,
    model: ModelPath = None,
) -> None:
    """Draw a labelled sheet of characters.

    Characters x hands, or with --variations characters x variations of one hand.

    \b
    Examples:
      handsynth sheet -o gallery.png
      handsynth sheet abcdefg -o sheet.png --hands random:1,random:2,random:3
      handsynth sheet aegkst -o variations.png --hands random --variations 12
    """
    from handsynth.drawing.resolve import resolve
    from handsynth.errors import InputError
    from handsynth.formats import check_path
    from handsynth.model.model import Model
    from handsynth.specimens.sheet import sheet as draw

    if chars == "":
        raise InputError('CHARS is ""; give characters, like abc, or leave it out for A-Z, a-z and 0-9')
    check_path(out)
    pixels = units.length_px(size, dpi, "size") if size is not None else None
    names = [name for name in hands.split(",") if name.strip()]
    if hands and not names:
        raise InputError(f"--hands {hands} names no hand; give names like Quill,random:3")
    opened = Model.open(model)
    with console.progress("sheet") as show:
        picture = draw(
            opened,
            console.checked(chars or "", "the characters"),
            [resolve(opened, name, seed, originals) for name in names],
            variations=variations,
            seed=seed,
            size=pixels,
            columns=columns,
            temperature=temperature,
            legibility=legibility,
            max_pixels=max_pixels,
            dpi=dpi,
            progress=show,
        )
    command = console.again(context, ["sheet", "-o", "OUT" + console.suffix(out)], ("chars",))
    picture.recorded([*command, "--", chars] if chars else command).save(out)
    console.wrote(out)


@app.command()
def sample(
    chars: Annotated[str, typer.Argument(metavar="CHARS", help="The characters to draw, like ABCabc123.")],
    out: Annotated[str, typer.Option("--output", "-o", metavar="PATH", help="A file .npz, or a folder for PNG files.")],
    number: Annotated[int, typer.Option("-n", "--number", metavar="N", help="Drawings of each character.")] = 1,
    hands: Annotated[
        str,
        typer.Option(
            "--hands",
            "--hand",
            metavar="HAND",
            help="A gallery's name, a saved .hand file, random:7, or random: a new hand for every drawing.",
        ),
    ] = "random",
    seed: Seed = 0,
    temperature: Temperature = 1.0,
    legibility: Legibility = 1,
    originals: Originals = "vary",
    model: ModelPath = None,
) -> None:
    """Draw single characters, many times.

    A .npz gets the arrays images (uint8, 255 = ink), codepoints and hands; a folder gets black-on-white
    pictures named like U+0041_000.png.

    \b
    Examples:
      handsynth sample 0123456789 -n 1000 -o digits.npz
      handsynth sample ABC -n 5 --hands random --seed 3 -o letters
    """
    from handsynth.drawing.resolve import resolve
    from handsynth.model.model import Model
    from handsynth.specimens.sample import check_target, write_samples

    check_target(out)
    opened = Model.open(model)
    anew = hands.strip().casefold() == "random"
    chosen = hands if anew else resolve(opened, hands, seed, originals)
    text = console.checked(chars, "the characters")
    with console.progress("sample") as show:
        write_samples(
            opened, out, text, number, chosen, seed, temperature=temperature, legibility=legibility, progress=show
        )
    console.wrote(out)


@app.command()
def hands(
    context: typer.Context,
    out: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Draw them into this picture instead."),
    ] = None,
    text: Annotated[str, typer.Option("--text", help="What each hand writes.")] = "",
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="Only hands so tagged, like cursive or light; may be given again."),
    ] = None,
    size: Size = "24px",
    dpi: Dpi = 300,
    seed: Seed = 0,
    temperature: Temperature = TEMPERATURE,
    model: ModelPath = None,
) -> None:
    """List the hands of a model, or draw them.

    \b
    Examples:
      handsynth hands
      handsynth hands --tag cursive --tag light
      handsynth hands -o hands.png --text "The quick brown fox"
    """
    from handsynth.errors import InputError
    from handsynth.formats import check_path
    from handsynth.hands.hand import Hand
    from handsynth.model.model import Model
    from handsynth.specimens import gallery

    if out is None:
        if text:
            raise InputError("--text needs --output FILE, the picture to draw it in; without it hands are only listed")
        print(gallery.table(Model.open(model), tag or ()))
        return
    check_path(out)
    pixels = units.length_px(size, dpi, "size")
    line = console.checked(text, "the text") or gallery.PANGRAM
    opened = Model.open(model)
    chosen = [Hand.gallery(opened, hand.name) for hand in gallery.tagged(opened, tag or ())]
    with console.progress("hands") as show:
        picture = gallery.picture(
            opened, line, chosen, size=pixels, seed=seed, temperature=temperature, dpi=dpi, progress=show
        )
    command = console.again(context, ["hands", "-o", "OUT" + console.suffix(out)])
    picture.recorded(command).save(out)
    console.wrote(out)


@app.command()
def inspect(
    model: ModelArgument = None,
    char: Annotated[
        str | None, typer.Option("--char", metavar="CHAR", help="Instead: how this character is drawn.")
    ] = None,
    recipes: RecipesFile = None,
) -> None:
    """Print what a model says of itself, or how it draws a character.

    Its characters, hands, training data with licences, scores and files; or the pieces of a character.

    \b
    Examples:
      handsynth inspect my-model.zip
      handsynth inspect --char å
    """
    from handsynth.errors import InputError
    from handsynth.model.model import Model
    from handsynth.specimens.verify import describe
    from handsynth.text.inspection import explain
    from handsynth.text.recipes import recipes_of

    if char is None:
        if recipes is not None:
            raise InputError("--recipes needs --char, the character to show")
        print(describe(Model.open(model)))
        return
    print(explain(console.checked(char, "the character"), Model.open(model).repertoire, recipes_of(recipes)))


@app.command()
def verify(model: ModelArgument = None) -> None:
    """Check that a model is whole and draws right.

    Hashes, graphs, and a drawing compared with the one made when the model was exported.

    \b
    Example:
      handsynth verify my-model
    """
    from handsynth.specimens.verify import verify as check

    for line in check(model):
        print(line)
