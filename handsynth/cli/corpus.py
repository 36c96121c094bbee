"""The commands `corpus make` and `corpus verify`: labelled handwriting by the million."""

from __future__ import annotations

from typing import Annotated, Any, cast

from handsynth.cli import console
from handsynth.cli.commands import Argument, Group, Option
from handsynth.cli.flags import Joined, Legibility, ModelPath, RecipesFile, Seed, option

corpus = Group("corpus", "Labelled handwriting by the million, with exact ground truth.")


@corpus.adds()
def make(
    texts: Annotated[
        list[str],
        Argument(metavar="TEXTS…", help="Files, folders, or generators like dates, names:de; with =WEIGHT if need be."),
    ],
    out: Annotated[
        str | None, Option("--output", "-o", metavar="OUT", help="A folder, or a URL like s3://bucket/name.")
    ] = None,
    count: Annotated[int, option("corpus.count", "--count", "-n", metavar="N")] = 1000,
    start: Annotated[int, Option("--start", metavar="I", help="Number of the first; a multiple of --shard.")] = 0,
    kind: Annotated[str, option("corpus.kind")] = "line",
    hands: Annotated[list[str] | None, option("corpus.hands", "--hands", "--hand", metavar="HANDS")] = None,
    writers: Annotated[int, option("corpus.writers", metavar="N")] = 0,
    height: Annotated[int, option("corpus.height", metavar="PX")] = 64,
    width: Annotated[int, option("corpus.width", metavar="PX")] = 1200,
    length: Annotated[str, option("corpus.length", metavar="A,B")] = "1,0",
    missing: Annotated[str, option("corpus.missing")] = "drop",
    temperature: Annotated[str, option("temperature", "--temperature", "-t", metavar="A,B")] = "0.5,0.9",
    vary: Annotated[float, option("corpus.vary")] = 1.0,
    joined: Joined = 1.0,
    legibility: Legibility = 1,
    effects: Annotated[str, option("corpus.effects", metavar="NAMES")] = "clean",
    picture: Annotated[str, option("corpus.picture")] = "png",
    colour: Annotated[bool, option("corpus.colour", "--colour/--grey")] = False,
    truth: Annotated[str, option("corpus.truth", metavar="FORMATS")] = "",
    masks: Annotated[bool, option("corpus.masks", "--masks")] = False,
    papers: Annotated[str, option("corpus.papers", metavar="NAMES")] = "a5,a5-ruled,a5-squared,a6-ruled",
    slips: Annotated[float, option("slips")] = 0.0,
    pens: Annotated[str, option("corpus.pens", metavar="KINDS")] = "",
    bank: Annotated[int, option("corpus.bank", metavar="N")] = 0,
    container: Annotated[str, option("corpus.container")] = "webdataset",
    shard: Annotated[int, option("corpus.shard", metavar="N")] = 1000,
    workers: Annotated[int, Option("--workers", metavar="N", help="Processes; the result is the same.")] = 1,
    engine: Annotated[str, option("corpus.engine")] = "local",
    address: Annotated[str, Option("--address", help="Address of the Ray cluster.")] = "auto",
    seed: Seed = 0,
    recipes: RecipesFile = None,
    model: ModelPath = None,
) -> None:
    """Make labelled handwriting: lines, words, paragraphs or pages, with exact ground truth.

    The same command makes the same bytes, whatever --workers and --engine; given again, it goes on where it was
    interrupted.

    \b
    Examples:
      handsynth corpus make book.txt -o lines --count 100000 --workers 2
      handsynth corpus make names:de dates=0.5 -o words --kind word --effects notebook --container parquet
      handsynth corpus make texts -o pages --kind page --truth alto,page,coco --masks
    """
    from handsynth.errors import InputError

    if out is None:
        raise InputError("give --output, a folder for the corpus")
    from handsynth.corpus.annotations import CORPUS_FORMATS, finish
    from handsynth.corpus.recipe import Recipe, range_of, whole_range
    from handsynth.corpus.run import run
    from handsynth.text.recipes import text_of
    from handsynth.truth import truth_format

    wanted = [name.strip() for name in truth.split(",") if name.strip()]
    for name in wanted:
        truth_format(name)
    recipe = Recipe(
        texts=tuple(console.checked(text, "the texts") for text in texts),
        kind=cast(Any, kind),  # the recipe checks them
        seed=seed,
        hands=tuple(hands or ["prior"]),
        writers=writers,
        model=model or "",
        height=height,
        width=width,
        length=whole_range("length", length),
        missing=cast(Any, missing),
        temperature=range_of("temperature", temperature),
        vary=vary,
        joined=joined,
        legibility=legibility,
        effects=effects,
        picture=cast(Any, picture),
        colour=colour,
        truth=tuple(name for name in wanted if name not in CORPUS_FORMATS),
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
        finish(out, [name for name in wanted if name in CORPUS_FORMATS])
    except KeyboardInterrupt:
        raise console.Stopped(f"stopped; whole shards stay in {out}, and the same command goes on after them") from None
    console.say(f"wrote {count:,} samples; check them with: handsynth corpus verify {out}")


@corpus.adds()
def verify(
    out: Annotated[str, Argument(metavar="OUT", help="A corpus: a folder, or a URL like s3://bucket/name.")],
) -> None:
    """Check that a corpus is whole: every shard, sample and hash.

    \b
    Example:
      handsynth corpus verify lines
    """
    from handsynth.corpus.verify import verify_corpus as check

    with console.progress("corpus verify, shards") as show:
        lines = check(out, show)
    for line in lines:
        print(line)
