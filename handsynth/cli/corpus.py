"""The command `corpus`: labelled handwriting by the million, and `corpus verify`."""

from __future__ import annotations

from typing import Annotated, Any, cast

import typer

from handsynth.cli import console
from handsynth.cli.commands import Command
from handsynth.cli.flags import Legibility, ModelPath, RecipesFile, Seed

VERIFY = "verify"

VERIFY_HELP = """Usage: handsynth corpus verify FOLDER

  Check that a corpus is whole: its manifest, every shard and its hash.

  Example:
    handsynth corpus verify lines

Arguments:
  FOLDER  A corpus that handsynth corpus wrote: its folder or URL.  [required]

Options:
  -h, --help  Show this message and exit."""


class CorpusCommand(Command):
    """`corpus`, whose first word `verify` makes it another command with its own help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args[:1] == [VERIFY] and {"-h", "--help"} & set(args):
            print(VERIFY_HELP)
            raise typer.Exit
        return super().parse_args(ctx, args)


def corpus(
    texts: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXTS…", help="Files, folders, or generators like dates, names:de; with =WEIGHT if need be."
        ),
    ],
    out: Annotated[
        str | None, typer.Option("--output", "-o", metavar="OUT", help="A folder, or a URL like s3://bucket/name.")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", metavar="N", help="Samples.")] = 1000,
    start: Annotated[int, typer.Option("--start", metavar="I", help="Number of the first; a multiple of --shard.")] = 0,
    kind: Annotated[str, typer.Option("--kind", help="line, word, paragraph or page.")] = "line",
    hands: Annotated[
        list[str] | None,
        typer.Option(
            "--hands", "--hand", metavar="HANDS", help="prior, gallery, a name, a .hand file or a folder of them."
        ),
    ] = None,
    writers: Annotated[
        int, typer.Option("--writers", metavar="N", help="Hands drawn from the prior; 0: one for each sample.")
    ] = 0,
    height: Annotated[int, typer.Option("--height", metavar="PX", help="Of lines and words.")] = 64,
    width: Annotated[int, typer.Option("--width", metavar="PX", help="At which paragraphs and pages wrap.")] = 1200,
    length: Annotated[
        str, typer.Option("--length", metavar="A,B", help="Least and most characters; else as usual for the kind.")
    ] = "",
    missing: Annotated[
        str,
        typer.Option("--missing", help="Of texts with characters that cannot be drawn: drop, error, skip or box."),
    ] = "drop",
    temperature: Annotated[
        str, typer.Option("--temperature", "-t", metavar="A,B", help="How copies of a letter differ.")
    ] = "0.5,0.9",
    vary: Annotated[float, typer.Option("--vary", help="How slant and spacing differ from sample to sample.")] = 1.0,
    joined: Annotated[
        float, typer.Option("--joined", metavar="SHARE", help="Of the samples, 0 to 1, have joined letters.")
    ] = 0.0,
    legibility: Legibility = 1,
    effects: Annotated[
        str, typer.Option("--effects", metavar="NAMES", help="clean, office, notebook, phone, archive, or effects.")
    ] = "clean",
    picture: Annotated[str, typer.Option("--picture", help="png or jpg.")] = "png",
    colour: Annotated[bool, typer.Option("--colour/--grey", help="Pictures in colour.")] = False,
    truth: Annotated[
        str, typer.Option("--truth", metavar="FORMATS", help="Beside JSON: alto, page, hocr, coco, jsonl, with commas.")
    ] = "",
    masks: Annotated[bool, typer.Option("--masks", help="Also a picture that says which glyph each pixel is.")] = False,
    papers: Annotated[
        str, typer.Option("--papers", metavar="NAMES", help="Of pages, with commas.")
    ] = "a5,a5-ruled,a5-squared,a6-ruled",
    slips: Annotated[
        float, typer.Option("--slips", help="Words of pages that are struck out, in per cent: 0 to 10.")
    ] = 0.0,
    pens: Annotated[
        str, typer.Option("--pens", metavar="KINDS", help="Kinds of pens, with commas; each writer has one.")
    ] = "",
    bank: Annotated[
        int, typer.Option("--bank", metavar="N", help="Use N drawings of each letter of each writer again.")
    ] = 0,
    container: Annotated[str, typer.Option("--container", help="webdataset, parquet, lmdb or files.")] = "webdataset",
    shard: Annotated[int, typer.Option("--shard", metavar="N", help="Samples of a shard.")] = 1000,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Processes; the result is the same.")] = 1,
    engine: Annotated[str, typer.Option("--engine", help="local, or ray for a Ray cluster.")] = "local",
    address: Annotated[str, typer.Option("--address", help="Of the Ray cluster.")] = "auto",
    seed: Seed = 0,
    recipes: RecipesFile = None,
    model: ModelPath = None,
) -> None:
    """Make labelled handwriting: lines, words, paragraphs or pages, with exact ground truth.

    The same command makes the same bytes, whatever --workers and --engine; given again, it goes on where it was
    interrupted.

    \b
    Examples:
      handsynth corpus book.txt -o lines --count 100000 --workers 2
      handsynth corpus names:de dates=0.5 -o words --kind word --effects notebook --container parquet
      handsynth corpus texts -o pages --kind page --truth alto,page,coco --masks
      handsynth corpus verify lines
    """
    from handsynth.errors import InputError

    if texts[0] == VERIFY and out is None:
        if len(texts) != 2:
            raise InputError("give one corpus to verify, like: handsynth corpus verify lines")
        from handsynth.corpus.verify import verify

        with console.progress("corpus verify, shards") as show:
            lines = verify(texts[1], show)
        for line in lines:
            print(line)
        return
    if out is None:
        raise InputError("give --output, a folder for the corpus")
    from handsynth.corpus.recipe import Recipe, range_of
    from handsynth.corpus.run import run
    from handsynth.corpus.whole import WHOLE, finish
    from handsynth.text.recipes import text_of
    from handsynth.truth import find

    least, most = range_of("length", length) if length else (1, 0)
    wanted = [name.strip() for name in truth.split(",") if name.strip()]
    for name in wanted:
        find(name)
    recipe = Recipe(
        texts=tuple(console.checked(text, "the texts") for text in texts),
        kind=cast(Any, kind),  # the recipe checks them
        seed=seed,
        hands=tuple(hands or ["prior"]),
        writers=writers,
        model=model or "",
        height=height,
        width=width,
        least=int(least),
        most=int(most),
        missing=cast(Any, missing),
        temperature=range_of("temperature", temperature),
        vary=vary,
        joined=joined,
        legibility=legibility,
        effects=effects,
        picture=cast(Any, picture),
        colour=colour,
        truth=tuple(name for name in wanted if name not in WHOLE),
        papers=tuple(name.strip() for name in papers.split(",") if name.strip()),
        slips=slips,
        masks=masks,
        pens=tuple(name.strip().casefold() for name in pens.split(",") if name.strip()),
        bank=bank,
        characters="" if recipes is None else text_of(recipes),
    )
    try:
        with console.progress("corpus, samples", resumes=True) as show:
            run(
                recipe.to_json(),
                out,
                container=container,
                shard=shard,
                count=count,
                start=start,
                workers=workers,
                engine=engine,
                address=address,
                progress=show,
                say=console.say,
            )
    except KeyboardInterrupt:
        console.say(f"interrupted; whole shards stay in {out}, and the same command goes on after them")
        raise
    finish(out, [name for name in wanted if name in WHOLE])
    console.say(f"wrote {count:,} samples; check them with: handsynth corpus verify {out}")
