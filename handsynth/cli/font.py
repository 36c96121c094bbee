"""The command about fonts."""

from __future__ import annotations

from typing import Annotated, Any, cast

import click

from handsynth.cli import console
from handsynth.cli.commands import Option
from handsynth.cli.flags import (
    TEMPERATURE,
    VARIATION,
    HandFlag,
    JoinedFlag,
    MissingFlag,
    ModelFlag,
    OriginalsFlag,
    PenFlag,
    PenWidthFlag,
    RecipesFlag,
    SeedFlag,
    SlantFlag,
    TemperatureFlag,
    VariationFlag,
    option,
    usual,
)


def font(
    context: click.Context,
    out: Annotated[
        list[str],
        Option("--output", "-o", metavar="FILE", help="Where to write, like MyHand.ttf; may be given again."),
    ],
    hand: HandFlag = None,
    variants: Annotated[int, option("variants", "--variants", "-n", metavar="N")] = usual("variants"),
    charset: Annotated[str, option("charset")] = usual("charset"),
    chars: Annotated[str | None, option("chars", metavar="CHARS")] = None,
    family: Annotated[str | None, option("family", metavar="NAME", shown="")] = None,
    style_name: Annotated[
        str, Option("--style-name", metavar="NAME", help="Name of the style, like Regular, Bold or Light.")
    ] = "Regular",
    designer: Annotated[str, Option("--designer", help="Name of whose hand the font is.")] = "",
    copyright: Annotated[str, Option("--copyright", help="Who owns the font.")] = "",
    licence: Annotated[str | None, Option("--licence", help="What may be done with the font.")] = None,
    licence_url: Annotated[str, Option("--licence-url", metavar="URL", help="Address of the licence.")] = "",
    font_version: Annotated[str, Option("--font-version", help="Version of the font, like 1.000.")] = "1.000",
    sizes: Annotated[str, option("sizes", metavar="PX,…")] = usual("sizes"),
    strikes: Annotated[str, option("strikes")] = usual("strikes"),
    depth: Annotated[int, option("depth")] = int(usual("depth")),
    ink: Annotated[str, option("font.ink", metavar="COLOUR")] = usual("font.ink"),
    dialect: Annotated[str, option("dialect")] = usual("dialect"),
    distance: Annotated[int, option("distance", metavar="PX")] = usual("distance"),
    texture_size: Annotated[int, option("texture_size", metavar="PX")] = usual("texture_size"),
    padding: Annotated[int, option("padding", metavar="PX")] = usual("padding"),
    spacing: Annotated[int, option("spacing", metavar="PX")] = usual("spacing"),
    kerning: Annotated[bool, option("kerning", "--kerning/--no-kerning")] = usual("kerning"),
    single_line: Annotated[bool, option("single_line", "--single-line")] = usual("single_line"),
    specimen: Annotated[bool, option("specimen", "--specimen")] = usual("specimen"),
    seed: SeedFlag = usual("seed"),
    temperature: TemperatureFlag = TEMPERATURE,
    variation: VariationFlag = VARIATION,
    joined: JoinedFlag = usual("joined"),
    legibility: Annotated[int, option("legibility", metavar="K")] = usual("legibility", "font"),
    missing: MissingFlag = usual("missing"),
    slant: SlantFlag = usual("slant"),
    pen: PenFlag = None,
    pen_width: PenWidthFlag = None,
    originals: OriginalsFlag = usual("originals"),
    recipes: RecipesFlag = None,
    model: ModelFlag = None,
) -> None:
    """Make a font in which no two neighbours are alike.

    By the ending of each output: .ttf, .otf, .woff, .woff2 (outlines; letters take turns by themselves), .bdf and .pcf
    (one bit a pixel), .fnt (BMFont, with PNG pages), .png (a glyph sheet, with JSON), .ufoz (for font editors);
    of single lines .svg (Hershey Text of Inkscape) and .lff (LibreCAD).

    \b
    Examples:
      handsynth font -o MyHand.ttf --hand Quill
      handsynth font -o MyHand.ttf -o MyHand.woff2 --charset latin --specimen
      handsynth font -o pixel.bdf --sizes 16,24 --charset ascii --variants 3
      handsynth font -o game.fnt --dialect json --sizes 48 --distance 4
      handsynth font -o strikes.ttf --strikes cbdt --sizes 16,32,64 --ink navy
      handsynth font -o MyHand.svg -o MyHand.lff -o MyHand-line.ttf --single-line
    """
    from handsynth import units
    from handsynth.errors import option as named
    from handsynth.fonts.api import font as make
    from handsynth.fonts.names import LICENCE, Names, family_of
    from handsynth.fonts.options import Options, sizes_of

    options = Options(
        sizes=sizes_of(sizes),
        strikes=cast(Any, strikes.strip().lower()),  # the formats check them
        depth=depth,
        ink=units.colour(ink, named("ink")),
        dialect=cast(Any, dialect.strip().lower()),
        distance=distance,
        texture_size=texture_size,
        padding=padding,
        spacing=spacing,
        kerning=kerning,
        single_line=single_line,
    )
    names = Names(
        family_of(console.stem(out[0])) if family is None else console.checked(family, "the family"),
        console.checked(style_name, "the style"),
        font_version,
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
            joined=joined,
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
