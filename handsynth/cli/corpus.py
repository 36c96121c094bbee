"""The commands `corpus make` and `corpus verify`: labelled handwriting by the million."""

from __future__ import annotations

from typing import Annotated, Any, cast

from handsynth.cli import console
from handsynth.cli.commands import Argument, Group, Option
from handsynth.cli.flags import JoinedFlag, LegibilityFlag, ModelFlag, RecipesFlag, SeedFlag, WorkersFlag, option, usual

corpus = Group("corpus", "Labelled handwriting by the million.")


@corpus.adds()
def make(
    texts: Annotated[
        list[str],
        Argument(metavar="TEXTS…", help="Files, folders, or generators like dates, names:de; with =WEIGHT if need be."),
    ],
    out: Annotated[
        str | None, Option("--output", "-o", metavar="OUT", help="A folder, or a URL like s3://bucket/name.")
    ] = None,
    count: Annotated[int, option("corpus.count", "--count", "-n", metavar="N")] = usual("corpus.count"),
    start: Annotated[
        int, Option("--start", metavar="I", help="Number of the first sample; a multiple of --shard.")
    ] = 0,
    kind: Annotated[str, option("corpus.kind")] = usual("corpus.kind"),
    hands: Annotated[list[str] | None, option("corpus.hands", "--hands", "--hand", metavar="HANDS")] = None,
    writers: Annotated[int, option("corpus.writers", metavar="N")] = usual("corpus.writers"),
    height: Annotated[int, option("corpus.height", metavar="PX")] = usual("corpus.height"),
    width: Annotated[int, option("corpus.width", metavar="PX")] = usual("corpus.width"),
    length: Annotated[str, option("corpus.length", metavar="A,B")] = usual("corpus.length"),
    missing: Annotated[str, option("corpus.missing")] = usual("corpus.missing"),
    temperature: Annotated[str, option("temperature", "--temperature", "-t", metavar="A,B")] = usual(
        "temperature", "corpus"
    ),
    vary: Annotated[float, option("corpus.vary")] = usual("corpus.vary"),
    joined: JoinedFlag = usual("joined"),
    legibility: LegibilityFlag = usual("legibility"),
    effects: Annotated[str, option("corpus.effects", metavar="NAMES")] = usual("corpus.effects"),
    picture: Annotated[str, option("corpus.picture")] = usual("corpus.picture"),
    colour: Annotated[bool, option("corpus.colour", "--colour/--grey")] = usual("corpus.colour"),
    truth: Annotated[str, option("corpus.truth", metavar="FORMATS")] = usual("corpus.truth"),
    masks: Annotated[bool, option("corpus.masks", "--masks")] = usual("corpus.masks"),
    papers: Annotated[str, option("corpus.papers", metavar="NAMES")] = usual("corpus.papers"),
    slips: Annotated[float, option("slips")] = usual("slips"),
    pens: Annotated[str, option("corpus.pens", metavar="KINDS")] = usual("corpus.pens"),
    bank: Annotated[int, option("corpus.bank", metavar="N")] = usual("corpus.bank"),
    container: Annotated[str, option("corpus.container")] = usual("corpus.container"),
    shard: Annotated[int, option("corpus.shard", metavar="N")] = usual("corpus.shard"),
    workers: WorkersFlag = usual("workers"),
    engine: Annotated[str, option("corpus.engine")] = usual("corpus.engine"),
    address: Annotated[str, Option("--address", help="Address of the Ray cluster.")] = "auto",
    seed: SeedFlag = usual("seed"),
    recipes: RecipesFlag = None,
    model: ModelFlag = None,
) -> None:
    """Make labelled handwriting.

    Lines, words, paragraphs or pages, with exact ground truth. The same command makes the same bytes, whatever
    --workers and --engine; given again, it goes on where it was interrupted.

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
        raise console.Stopped(
            f"stopped; the shards that were whole stay in {out}, and the same command goes on after them"
        ) from None
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
