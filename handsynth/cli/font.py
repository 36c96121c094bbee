"""The command about fonts."""

from __future__ import annotations

from typing import Annotated, Any, cast

import typer

from handsynth.cli import console
from handsynth.cli.flags import (
    HAND_HELP,
    TEMPERATURE,
    VARIATION,
    ModelPath,
    Originals,
    Pen,
    PenWidth,
    RecipesFile,
    Seed,
    Slant,
    Temperature,
    Variation,
)


def font(
    context: typer.Context,
    out: Annotated[
        list[str],
        typer.Option("--output", "-o", metavar="FILE", help="Where to write, like MyHand.ttf; may be given again."),
    ],
    hand: Annotated[
        str | None, typer.Option("--hand", metavar="HAND", help=HAND_HELP + " Else the gallery's first.")
    ] = None,
    variants: Annotated[int, typer.Option("--variants", "-n", metavar="N", help="Drawings of each character.")] = 5,
    charset: Annotated[
        str,
        typer.Option("--charset", metavar="NAME", help="Characters: ascii, latin1, latin, cyrillic, greek or model."),
    ] = "latin1",
    chars: Annotated[str | None, typer.Option("--chars", metavar="CHARS", help="These characters instead.")] = None,
    family: Annotated[
        str | None, typer.Option("--family", metavar="NAME", help="What it is called; else as the first file.")
    ] = None,
    style: Annotated[str, typer.Option("--style", metavar="NAME", help="Like Regular, Bold or Light.")] = "Regular",
    designer: Annotated[str, typer.Option("--designer", help="Whose hand it is.")] = "",
    copyright: Annotated[str, typer.Option("--copyright", help="Who owns it.")] = "",
    licence: Annotated[str | None, typer.Option("--licence", help="What may be done with it.")] = None,
    licence_url: Annotated[str, typer.Option("--licence-url", metavar="URL", help="Where that is written.")] = "",
    version: Annotated[str, typer.Option("--font-version", help="Like 1.000.")] = "1.000",
    sizes: Annotated[
        str, typer.Option("--sizes", metavar="PX,…", help="Pixels per em of bitmap fonts and strikes.")
    ] = "32",
    strikes: Annotated[
        str, typer.Option("--strikes", metavar="TABLE", help="Bitmaps in a .ttf or .otf too: sbix, cbdt or ebdt.")
    ] = "",
    depth: Annotated[int, typer.Option("--depth", metavar="BITS", help="Of ebdt strikes: 1, 2, 4 or 8.")] = 8,
    ink: Annotated[str, typer.Option("--ink", metavar="COLOUR", help="Of sbix and cbdt strikes.")] = "black",
    bmfont: Annotated[
        str, typer.Option("--bmfont", metavar="FORM", help="How a .fnt is written: text, xml, json or binary.")
    ] = "text",
    distance: Annotated[
        int, typer.Option("--distance", metavar="PX", help="A .fnt holds distances to the edge, so far.")
    ] = 0,
    page: Annotated[int, typer.Option("--page", metavar="PX", help="Largest page of a .fnt, or sheet.")] = 1024,
    padding: Annotated[int, typer.Option("--padding", metavar="PX", help="Around each glyph there.")] = 0,
    spacing: Annotated[int, typer.Option("--spacing", metavar="PX", help="Between glyphs there.")] = 1,
    kerning: Annotated[bool, typer.Option("--kerning/--no-kerning", help="Distances of pairs from the ink.")] = True,
    specimen: Annotated[
        bool, typer.Option("--specimen", help="Also a picture and a web page that show the font.")
    ] = False,
    seed: Seed = 0,
    temperature: Temperature = TEMPERATURE,
    variation: Variation = VARIATION,
    legibility: Annotated[
        int, typer.Option("--legibility", metavar="K", help="Draw up to K of each; keep one that reads well.")
    ] = 4,
    missing: Annotated[
        str, typer.Option("--missing", help="For characters it cannot draw: error, skip or box.")
    ] = "error",
    slant: Slant = 0.0,
    pen: Pen = None,
    pen_width: PenWidth = None,
    originals: Originals = "vary",
    recipes: RecipesFile = None,
    model: ModelPath = None,
) -> None:
    """Make a font in which no two neighbours are alike.

    By the ending of each output: .ttf, .otf, .woff, .woff2 (outlines; letters take turns by themselves), .bdf and .pcf
    (one bit a pixel), .fnt (BMFont, with PNG pages), .png (a glyph sheet, with JSON).

    \b
    Examples:
      handsynth font -o MyHand.ttf --hand Quill
      handsynth font -o MyHand.ttf -o MyHand.woff2 --charset latin --specimen
      handsynth font -o pixel.bdf --sizes 16,24 --charset ascii --variants 3
      handsynth font -o game.fnt --bmfont json --sizes 48 --distance 4
      handsynth font -o strikes.ttf --strikes cbdt --sizes 16,32,64 --ink navy
    """
    from handsynth import units
    from handsynth.fonts.api import font as make
    from handsynth.fonts.names import LICENCE, Names, family_of
    from handsynth.fonts.options import Options, sizes_of

    options = Options(
        sizes=sizes_of(sizes),
        strikes=cast(Any, strikes.strip().lower()),  # the formats check them
        depth=depth,
        ink=units.colour(ink, "ink"),
        dialect=cast(Any, bmfont.strip().lower()),
        distance=distance,
        page=page,
        padding=padding,
        spacing=spacing,
        kerning=kerning,
    )
    names = Names(
        family_of(console.stem(out[0])) if family is None else console.checked(family, "the family"),
        console.checked(style, "the style"),
        version,
        console.checked(designer, "the designer"),
        console.checked(copyright, "the copyright"),
        LICENCE if licence is None else console.checked(licence, "the licence"),
        console.checked(licence_url, "the address of the licence"),
    )
    command = console.again(context, [], leave=("family", "specimen"))
    with console.progress("font, glyphs") as show:
        source, written = make(
            out,
            hand=hand,
            variants=variants,
            charset=charset,
            chars=None if chars is None else console.checked(chars, "the characters"),
            names=names,
            seed=seed,
            temperature=temperature,
            variation=variation,
            legibility=legibility,
            missing=cast(Any, missing),
            slant=slant,
            pen=pen,
            pen_width=pen_width,
            originals=cast(Any, originals),
            recipes=recipes,
            options=options,
            specimen=specimen,
            model=model,
            command=command,
            progress=show,
        )
    for note in source.notes:
        console.say(note)
    console.wrote(*written)
