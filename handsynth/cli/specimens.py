"""Commands that show what a model and its hands draw, and what they are."""

from __future__ import annotations

from typing import Annotated

import click

from handsynth import units
from handsynth.cli import console
from handsynth.cli.commands import Argument, Option
from handsynth.cli.flags import (
    LIMIT,
    TEMPERATURE,
    DpiFlag,
    LegibilityFlag,
    MaxPixelsFlag,
    ModelArgument,
    ModelFlag,
    OriginalsFlag,
    OutputFlag,
    RecipesFlag,
    SeedFlag,
    SizeFlag,
    TemperatureFlag,
    option,
    usual,
)


def sheet(
    context: click.Context,
    out: OutputFlag,
    chars: Annotated[str | None, Argument(metavar="CHARS", help="Characters; else A-Z, a-z and 0-9.")] = None,
    hands: Annotated[str, option("hands", "--hands", "--hand", metavar="A,B,…")] = usual("hands"),
    variants: Annotated[int, option("sheet.variants", "--variants", "-n", metavar="N")] = usual("sheet.variants"),
    size: Annotated[str | None, option("sheet.size")] = None,
    dpi: DpiFlag = usual("dpi"),
    columns: Annotated[int, option("columns", metavar="N")] = usual("columns"),
    seed: SeedFlag = usual("seed"),
    temperature: TemperatureFlag = TEMPERATURE,
    legibility: LegibilityFlag = usual("legibility"),
    originals: OriginalsFlag = usual("originals"),
    max_pixels: MaxPixelsFlag = LIMIT,
    model: ModelFlag = None,
) -> None:
    """Draw a labelled sheet of characters.

    Characters x hands, or with --variants characters x drawings by one hand.

    \b
    Examples:
      handsynth sheet -o gallery.png
      handsynth sheet abcdefg -o sheet.png --hands random:1,random:2,random:3
      handsynth sheet aegkst -o variants.png --hands random --variants 12
    """
    from handsynth.drawing.resolve import resolve
    from handsynth.errors import InputError
    from handsynth.errors import option as named
    from handsynth.formats import check_path
    from handsynth.model.model import Model
    from handsynth.specimens.sheet import sheet as draw

    if chars == "":
        raise InputError('CHARS is ""; give characters, like abc, or leave it out for A-Z, a-z and 0-9')
    check_path(out)
    pixels = units.length_px(size, dpi, named("size")) if size is not None else None
    names = [name for name in hands.split(",") if name.strip()]
    if hands and not names:
        raise InputError(f"--hands {hands} names no hand; give names like Quill,random:3")
    opened = Model.open(model)
    with console.progress("sheet") as show:
        picture = draw(
            opened,
            console.checked(chars or "", "the characters"),
            [resolve(opened, name, seed, originals) for name in names],
            variants=variants,
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


def sample(
    chars: Annotated[str, Argument(metavar="CHARS", help="The characters to draw, like ABCabc123.")],
    out: Annotated[str, Option("--output", "-o", metavar="PATH", help="A file .npz, or a folder for PNG files.")],
    variants: Annotated[int, option("sample.variants", "--variants", "-n", metavar="N")] = usual("sample.variants"),
    hand: Annotated[str, option("sample.hand", metavar="HAND")] = usual("sample.hand"),
    seed: SeedFlag = usual("seed"),
    temperature: TemperatureFlag = usual("temperature", "sample"),
    legibility: LegibilityFlag = usual("legibility"),
    originals: OriginalsFlag = usual("originals"),
    model: ModelFlag = None,
) -> None:
    """Draw single characters, many times.

    A .npz gets the arrays images (uint8, 255 = ink), codepoints and hands; a folder gets black-on-white
    pictures named like U+0041_000.png.

    \b
    Examples:
      handsynth sample 0123456789 -n 1000 -o digits.npz
      handsynth sample ABC -n 5 --hand random --seed 3 -o letters
    """
    from handsynth.drawing.resolve import resolve
    from handsynth.model.model import Model
    from handsynth.specimens.sample import check_target, write_samples

    check_target(out)
    opened = Model.open(model)
    anew = hand.strip().casefold() == "random"
    chosen = hand if anew else resolve(opened, hand, seed, originals)
    text = console.checked(chars, "the characters")
    with console.progress("sample") as show:
        write_samples(
            opened, out, text, variants, chosen, seed, temperature=temperature, legibility=legibility, progress=show
        )
    console.wrote(out)


def hands(
    context: click.Context,
    out: Annotated[
        str | None,
        Option("--output", "-o", metavar="FILE", help="Draw the hands into this picture, instead of listing them."),
    ] = None,
    text: Annotated[str, Option("--text", help="What each hand writes.")] = "",
    tag: Annotated[
        list[str] | None,
        Option("--tag", metavar="TAG", help="Only hands so tagged, like cursive or light; may be given again."),
    ] = None,
    size: SizeFlag = usual("size"),
    dpi: DpiFlag = usual("dpi"),
    seed: SeedFlag = usual("seed"),
    temperature: TemperatureFlag = TEMPERATURE,
    model: ModelFlag = None,
) -> None:
    """List the hands of a model, or draw them.

    \b
    Examples:
      handsynth hands
      handsynth hands --tag cursive --tag light
      handsynth hands -o hands.png --text "The quick brown fox"
    """
    from handsynth.errors import InputError
    from handsynth.errors import option as named
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
    pixels = units.length_px(size, dpi, named("size"))
    line = console.checked(text, "the text") or gallery.PANGRAM
    opened = Model.open(model)
    chosen = [Hand.gallery(opened, hand.name) for hand in gallery.tagged(opened, tag or ())]
    with console.progress("hands") as show:
        picture = gallery.gallery_picture(
            opened, line, chosen, size=pixels, seed=seed, temperature=temperature, dpi=dpi, progress=show
        )
    command = console.again(context, ["hands", "-o", "OUT" + console.suffix(out)])
    picture.recorded(command).save(out)
    console.wrote(out)


def inspect(
    model: ModelArgument = None,
    char: Annotated[
        str | None, Option("--char", metavar="CHAR", help="Show how this character is drawn, instead of the model.")
    ] = None,
    recipes: RecipesFlag = None,
) -> None:
    """Print what a model says of itself.

    Its characters, hands, training data with licences, scores and files; or how it draws a character, in which pieces.

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


def verify(model: ModelArgument = None) -> None:
    """Check that a model is whole and draws right.

    Hashes, graphs, and a drawing compared with the one made when the model was exported.

    \b
    Example:
      handsynth verify my-model
    """
    from handsynth.specimens.verify import verify_model as check

    for line in check(model):
        print(line)
