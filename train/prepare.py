"""`python -m train prepare`: any mix of sources -> one dataset."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from handsynth.cli.commands import Option
from handsynth.errors import DataError
from handsynth.files import atomic_folder
from train.data.dataset import DatasetWriter
from train.data.source import ReaderOptions, Source, batches, worker_pool


class Placement(StrEnum):
    """How pictures come into the frame whose true size is not known."""

    frame = "frame"
    resize = "resize"


def prepare_dataset(
    sources: Sequence[Source], output: str | Path, options: ReaderOptions | None = None, workers: int | None = None
) -> dict[str, Any]:
    """Read all sources, one after another, into a new dataset folder; returns its manifest.

    `workers` processes draw (None: one for each core); the dataset does not depend on their number. An
    interrupted run leaves no dataset. Raises DataError if a source cannot be read or the result has fewer
    than two characters, OutputError if `output` exists or cannot be written.
    """
    if not sources:
        raise DataError("no source is given; name at least one, such as --unipen-pack or --images")
    options = options or ReaderOptions()
    workers = workers or os.cpu_count() or 1
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with ExitStack() as stack:
        folder = stack.enter_context(atomic_folder(output))
        pool = stack.enter_context(worker_pool(workers)) if workers > 1 else None
        stack.enter_context(bar)
        writer = DatasetWriter(folder, options.frame, options.placement)
        try:
            for source in sources:
                shown = bar.add_task(f"{source.about.name} ({source.unit})", total=source.total(), rate="")
                writer.start(source)
                for batch in batches(source, options, pool):
                    source.complete(batch)
                    writer.add(batch)
                    speed = bar.tasks[shown].speed
                    bar.update(
                        shown,
                        total=source.total(),
                        advance=batch.done,
                        rate=f"{speed:.0f}/s" if speed else "",
                    )
                writer.end()
                if source.total() is None:
                    bar.update(shown, total=bar.tasks[shown].completed)
            chars = None if options.chars is None else "".join(sorted(options.chars))
            return writer.finish({"chars": chars, "split_seed": options.split_seed, "pen": options.pen})
        finally:
            writer.close()


def collect(
    unipen_pack: Sequence[Path] = (),
    unipen: Sequence[Path] = (),
    font_pack: Sequence[Path] = (),
    fonts: Sequence[Path] = (),
    nist: Sequence[Path] = (),
    nist_writers: Path | None = None,
    emnist: Sequence[Path] = (),
    femnist: Sequence[Path] = (),
    images: Sequence[Path] = (),
) -> list[Source]:
    """The sources of these paths, in a fixed order. Raises DataError if one cannot be used at all."""
    from train.data.emnist import Emnist
    from train.data.femnist import Femnist
    from train.data.font_files import FontFiles
    from train.data.font_pack import FontPack
    from train.data.image_folder import ImageFolder
    from train.data.nist import Nist
    from train.data.unipen import Unipen
    from train.data.unipen_pack import UnipenPack

    if nist_writers is not None and not nist:
        raise DataError("--nist-writers tells who wrote the images of --nist; give that too")
    made: list[Source] = []
    made += [UnipenPack(path) for path in unipen_pack]
    made += [Unipen(path) for path in unipen]
    made += [FontPack(path) for path in font_pack]
    made += [FontFiles(path) for path in fonts]
    made += [Nist(path, nist_writers) for path in nist]
    made += [Emnist(path) for path in emnist]
    made += [Femnist(path) for path in femnist]
    made += [ImageFolder(*images)] if images else []
    return made


def summary(manifest: dict[str, Any]) -> str:
    """What a dataset holds and what was left out, in a few lines."""
    splits = ", ".join(f"{count} {name}" for name, count in manifest["splits"].items())
    lines = [f"{manifest['n']} glyphs of {len(manifest['classes'])} characters ({splits})"]
    for source in manifest["sources"]:
        lines.append(f"  {source['name']}: {source['glyphs']} glyphs, {source['writers'] or 'no known'} writers")
        for reason, count in source["dropped"].items():
            examples = source["dropped_examples"][reason]
            lines.append(f"    dropped {count}: {reason}, such as {examples[0]}")
    return "\n".join(lines)


SourcePaths = list[Path] | None


def prepare(
    output: Annotated[Path, Option("--output", "-o", help="Dataset folder to make.")],
    unipen_pack: Annotated[SourcePaths, Option(help="UNIPEN stroke pack (unipen_chars.npz).")] = None,
    unipen: Annotated[SourcePaths, Option(help="Folder of UNIPEN's own release (data/, include/).")] = None,
    font_pack: Annotated[SourcePaths, Option(help="Font glyph pack (.npz, its .json beside it).")] = None,
    fonts: Annotated[SourcePaths, Option(help="Folder of font files: .ttf, .otf, .woff, .woff2.")] = None,
    nist: Annotated[SourcePaths, Option(help="NIST SD19 by_class.zip, or the unpacked folder.")] = None,
    nist_writers: Annotated[Path | None, Option(help="NIST SD19 by_write.zip, or the folder.")] = None,
    emnist: Annotated[SourcePaths, Option(help="Folder of EMNIST idx files, gzipped or not.")] = None,
    femnist: Annotated[SourcePaths, Option(help="FEMNIST as LEAF JSON: a file or a folder.")] = None,
    images: Annotated[SourcePaths, Option(help="Pictures by character: a folder a writer, or folders in one.")] = None,
    placement: Annotated[
        Placement, Option(help="Cropped pictures: at the usual size, or filling the square.")
    ] = Placement.frame,
    chars: Annotated[str | None, Option(help="Keep these characters only.")] = None,
    split_seed: Annotated[str, Option(help="Decides who is in train, val, test.")] = ReaderOptions.split_seed,
    pen: Annotated[float, Option(help="Pen width of strokes, frame px.", min=0.5, max=8)] = ReaderOptions.pen,
    workers: Annotated[int | None, Option(help="Processes; by default one for each core.", min=1)] = None,
) -> None:
    """Read handwriting from any mix of sources into one dataset.

    Each source option but --nist-writers may be given several times. Example:

    python -m train prepare --unipen-pack unipen_chars.npz --font-pack font_glyphs.npz -o dataset
    """
    sources = collect(
        unipen_pack or (),
        unipen or (),
        font_pack or (),
        fonts or (),
        nist or (),
        nist_writers,
        emnist or (),
        femnist or (),
        images or (),
    )
    kept = frozenset(chars) if chars else None
    options = ReaderOptions(placement=placement.value, chars=kept, split_seed=split_seed, pen=pen)
    click.echo(summary(prepare_dataset(sources, output, options, workers)))
