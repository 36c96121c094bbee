"""`python -m export RUN -o MODEL`: a trained run as a model folder, proven equal to PyTorch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import click

from handsynth.cli import console
from handsynth.cli.commands import Argument, Option, command_of
from handsynth.errors import InputError, install


def export(
    run: Annotated[
        Path,
        Argument(
            help="Folder of a run made by `python -m train fit`, its checkpoint, or a model that gets another "
            "--gallery or --cursive."
        ),
    ],
    output: Annotated[Path, Option("-o", "--output", help="Model folder to make.")],
    reader: Annotated[Path | None, Option(help="Reader made by `python -m train reader`.")] = None,
    gallery: Annotated[
        Path | None, Option(help="TOML file of named hands, as `python -m export.gallery` makes it.")
    ] = None,
    cursive: Annotated[
        Path | None, Option(help="TOML file of styles of joined writing, as `python -m export.cursive` makes it.")
    ] = None,
    name: Annotated[str, Option(help="The model's name in its card.")] = "model",
    half: Annotated[bool, Option(help="Round weights to half precision: half the size.")] = True,
) -> None:
    """Export the averaged weights of RUN as ONNX graphs with their card."""
    try:
        from export.build import change_gallery, export_model
        from export.gallery import load_gallery
    except ModuleNotFoundError as error:
        raise InputError(f"{error.name} is not installed; {install('train')}") from error

    if (run / "decoder.onnx").exists():
        if gallery is None and cursive is None:
            raise InputError(f"{run} is a model already; give --gallery or --cursive to change its hands")
        change_gallery(run, output, load_gallery(gallery) if gallery else None, cursive)
        changes = " and ".join(f"the hands of {path}" for path in (gallery, cursive) if path)
        click.echo(f"{output}: the model of {run} with {changes}")
        return
    proof = export_model(
        run,
        output,
        reader=reader,
        name=name,
        gallery=load_gallery(gallery) if gallery else None,
        cursive=cursive,
        half=half,
    )
    for line in proof:
        click.echo(
            f"{line.graph}: {line.output} differs from PyTorch by at most {line.largest:.1e} ({line.inputs} inputs)"
        )
    size = sum(file.stat().st_size for file in output.iterdir())
    click.echo(f"{output}: {size / 2**20:.2f} MiB")


if __name__ == "__main__":
    sys.exit(console.run(command_of(export), "export"))
