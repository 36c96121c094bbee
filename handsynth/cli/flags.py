"""Options and arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

HAND_HELP = "A name from `handsynth hands`, a saved .hand file, or random, random:7."
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write, like page.png.")]
Seed = Annotated[int, typer.Option("--seed", "-s", help="Same seed, same drawing; another seed, another one.")]
Size = Annotated[str, typer.Option("--size", help="Height of a small x: 24, 24px, or 3mm with --dpi.")]
Dpi = Annotated[float, typer.Option("--dpi", help="Pixels per inch, for lengths in mm.")]
Temperature = Annotated[
    float,
    typer.Option("--temperature", "-t", help="How far letters are from the usual: 0 not at all, 1 as people's."),
]
Variation = Annotated[
    float,
    typer.Option("--variation", help="How far copies of a letter by one hand differ: 0 not at all, 1 as by anybody."),
]
PEN_HELP = "Kind of pen: round, ballpoint, fineliner, fountain, felt, pencil, brush or nib; else the hand's."
Pen = Annotated[str | None, typer.Option("--pen", metavar="KIND", help=PEN_HELP)]
PenWidth = Annotated[
    str | None,
    typer.Option("--pen-width", metavar="WIDTH", help="A share of an x-height, like 0.12, or 0.5mm; else the hand's."),
]
Legibility = Annotated[
    int,
    typer.Option("--legibility", metavar="K", help="Draw up to K of each letter; keep one that reads well."),
]
Originals = Annotated[str, typer.Option("--originals", help="A learnt hand's own letters: vary, always or never.")]
Slant = Annotated[float, typer.Option("--slant", help="How far letters lean beside the hand's own slant: -0.5 to 0.5.")]
MaxPixels = Annotated[int, typer.Option("--max-pixels", metavar="N", help="Refuse larger pictures.")]
ModelPath = Annotated[
    str | None,
    typer.Option("--model", metavar="PATH", help="A model's folder or .zip; else the built-in one."),
]
ModelArgument = Annotated[
    str | None, typer.Argument(metavar="MODEL", help="A model's folder or .zip; else the built-in one.")
]
Device = Annotated[
    str | None, typer.Option("--device", metavar="NAME", help="HPGL for this plotter: hp7475a, hp7440a, hp7550a, dxy.")
]
Profile = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="G-code for zlift, servo, m280, laser, or as a .toml file says."),
]
Optimise = Annotated[
    bool | None, typer.Option("--optimise/--as-written", help="For plotters: the shortest way, not that of writing.")
]
Hatch = Annotated[
    str | None, typer.Option("--hatch", metavar="WIDTH", help="Fill broad strokes with a plotter's pen, like 0.3mm.")
]
Animate = Annotated[
    bool | None, typer.Option("--animate/--still", help="SVG and WebP that move, as .gif, .apng and .mp4 always do.")
]
Duration = Annotated[
    float | None, typer.Option("--duration", metavar="SECONDS", help="Of the writing; else as long as people take.")
]
Fps = Annotated[float | None, typer.Option("--fps", help="Pictures a second of .gif, .webp, .apng and .mp4.")]
PenShown = Annotated[bool | None, typer.Option("--pen-shown/--no-pen", help="A pen is seen that writes.")]
LIMIT = 100_000_000
TEMPERATURE = 0.7
VARIATION = 0.25
"""As in handsynth.api and handsynth.draw, which are too heavy to import for a help text."""

RecipesFile = Annotated[
    str | None, typer.Option("--recipes", metavar="FILE", help="Your own characters; see docs/characters.md.")
]
