"""`python -m train`: prepare data, train the reader and the model, evaluate what was exported."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import click

from handsynth.cli import console
from handsynth.cli.commands import App, Argument, Option
from handsynth.errors import InputError, install
from train import torchrun

try:
    from train.extents import extents
    from train.prepare import prepare
except ModuleNotFoundError as error:
    console.say(f"{error.name} is not installed; {install('train')}", "train")
    raise SystemExit(2) from None


@click.pass_context
def one_process_but_for_fit(context: click.Context) -> None:
    if context.invoked_subcommand != "fit" and torchrun.number("WORLD_SIZE", 1) > 1:
        command = context.invoked_subcommand
        raise InputError(f"`{command}` works in one process: start it as `python -m train {command}`, without torchrun")


app = App(
    "train",
    "Prepare data and train models. Needs the extra `train`, from a checkout.",
    callback=one_process_but_for_fit,
)
app.adds()(prepare)
app.adds()(extents)
app.adds("usual", hidden=True)(extents)  # as it was called

DataOption = Annotated[Path, Option("--data", help="Dataset made by `python -m train prepare`.")]
OutOption = Annotated[Path, Option("-o", "--output", help="Folder to write.")]
ThreadsOption = Annotated[int, Option(help="CPU threads; 0 for all cores.", min=0)]


@app.adds()
def fit(
    recipe: Annotated[str, Argument(help="A recipe's name (default, field, seed) or a TOML file.")],
    data: DataOption,
    output: OutOption,
    resume: Annotated[bool, Option(help="Go on with a run that was stopped or killed.")] = False,
    start: Annotated[
        Path | None, Option("--from", help="Begin from the weights of this run, checkpoint or model folder.")
    ] = None,
    reader: Annotated[
        Path | None,
        Option(help="Leave out training glyphs that this reader (`default`: the shipped one) does not read."),
    ] = None,
    epochs: Annotated[int, Option(help="Train for so many epochs instead of the recipe's.", min=0)] = 0,
    accumulate: Annotated[
        int, Option(help="Parts of a batch that each process takes in turn, instead of the recipe's.", min=0)
    ] = 0,
    threads: ThreadsOption = 0,
) -> None:
    """Train a recipe: `python -m train fit default --data DATASET -o RUN`.

    RUN holds the checkpoints, the metrics log and sheets of samples in generated_images/.

    \b
    Recipes that draw fields, on several cores or GPUs, one process each:
      torchrun --standalone --nproc-per-node 2 -m train fit field --data DATASET -o RUN
    """
    from dataclasses import replace

    import numpy as np
    import torch

    from train.clean import readable
    from train.data.dataset import Dataset
    from train.loop import fit as run_fit
    from train.parallel import process_group
    from train.reader import load_reader
    from train.recipe import load_recipe
    from train.strokes.fit import fit as fit_strokes
    from train.strokes.recipe import StrokeRecipe

    def say(line: str) -> None:
        console.say(line, "train")

    if threads:
        torch.set_num_threads(threads)
    chosen = load_recipe(recipe)
    if isinstance(chosen, StrokeRecipe):
        many = torchrun.number("WORLD_SIZE", 1) > 1
        for given, name in ((many, "torchrun"), (accumulate, "--accumulate"), (start, "--from"), (epochs, "--epochs")):
            if given:
                raise InputError(
                    f"recipes of strokes train in one process, from nothing, as their file says: no {name}"
                )
        strokes_of = Dataset.open(data)
        kept = readable(reader, strokes_of, chosen.strokes.reader_least, say) if reader else None
        fit_strokes(chosen, strokes_of, output, resume=resume, keep=kept)
        return
    changes: dict[str, Any] = {name: value for name, value in (("epochs", epochs), ("accumulate", accumulate)) if value}
    chosen = replace(chosen, train=replace(chosen.train, **changes))
    with process_group() as processes:
        keep = None
        with processes.together():
            dataset = Dataset.open(data)
            if reader:  # one process reads with it for all
                keep = readable(reader, dataset, say=say) if processes.leads else np.zeros(len(dataset.split), bool)
            features = load_reader(reader)[0] if reader and chosen.train.critic else None
        if keep is not None:
            keep = processes.shared(keep)
        run_fit(
            chosen, dataset, output, resume=resume, start=start, keep=keep, critic_start=features, processes=processes
        )


@app.adds()
def reader(
    data: DataOption,
    output: OutOption,
    epochs: Annotated[int, Option(min=1, help="Passes over the training glyphs.")] = 20,
    start: Annotated[Path | None, Option("--from", help="Begin from this reader, in place of the first pass.")] = None,
    seed: Annotated[int, Option(min=0)] = 1,
    threads: ThreadsOption = 0,
) -> None:
    """Train the small classifier and print its accuracy on writers it never saw."""
    import torch

    from train.data.dataset import Dataset
    from train.reader import report, train_reader

    if threads:
        torch.set_num_threads(threads)
    scores = train_reader(Dataset.open(data), output, epochs=epochs, seed=seed, start=start)
    click.echo(report(scores))


@app.adds()
def judge(
    data: DataOption,
    output: OutOption,
    epochs: Annotated[int, Option(min=1, help="Passes over the glyphs that it learns from.")] = 10,
    threads: ThreadsOption = 0,
) -> None:
    """Train the classifier that measures the model and has no part in it, for `evaluate --judge`."""
    import torch

    from train.data.dataset import Dataset
    from train.judge import report, train_judge

    if threads:
        torch.set_num_threads(threads)
    click.echo(report(train_judge(Dataset.open(data), output, epochs=epochs)))


@app.adds()
def evaluate(
    data: DataOption,
    model: Annotated[
        Path | None, Argument(help="Model folder, or a folder of pictures by character; else the shipped model.")
    ] = None,
    output: Annotated[
        Path | None, Option("-o", "--output", help="Folder for the report; without it only a first table.")
    ] = None,
    reader: Annotated[
        Path | None, Option(help="Reader that judges: reader.pt or a model folder. Else the model's own.")
    ] = None,
    judge: Annotated[
        Path | None, Option(help="Judge that the model never met, made by `python -m train judge`.")
    ] = None,
    baseline: Annotated[list[Path] | None, Option(help="Another model to compare with; may be given again.")] = None,
    quick: Annotated[bool, Option("--quick", help="A first look, with wide intervals.")] = False,
    each: Annotated[int, Option(help="Samples of each class; 0 for the usual number.", min=0)] = 0,
    least_reader: Annotated[
        float, Option(help="Refuse a reader that reads fewer per cent of real writing.", min=0, max=100)
    ] = 85.0,
    notes: Annotated[Path | None, Option(help="Markdown that the report ends with.")] = None,
    seed: Annotated[int, Option(min=0)] = 0,
    threads: ThreadsOption = 0,
) -> None:
    """Measure a model beside real writing by people it never saw.

    `python -m train evaluate MODEL --data DATASET -o REPORT`; REPORT holds report.md, report.json and pictures/.
    """
    import torch

    from train.evaluate import evaluate as measure
    from train.evaluate import with_each
    from train.measure.bench import Effort

    if threads:
        torch.set_num_threads(threads)
    effort = with_each(Effort.quick() if quick else Effort(), each)
    report = measure(
        model, data, output=output, reader=reader, judge=judge, baselines=baseline, effort=effort, seed=seed,
        least=least_reader, notes=notes, say=lambda line: click.echo(line, err=True),
    )  # fmt: skip
    click.echo(report.markdown())


@app.adds()
def words(
    words: Annotated[Path, Option("--words", help="Pack of words, letters unknown (.npz).")],
    joined: Annotated[Path, Option("--joined", help="Pack of words whose points name their letters (.npz).")],
    chars: Annotated[Path, Option("--chars", help="Pack of single characters by the same writers (.npz).")],
    output: OutOption,
    model: Annotated[
        Path | None, Option("--run", help="Run of a stroke model that is to draw letters in words, too.")
    ] = None,
    data: Annotated[Path | None, Option("--data", help="Dataset that the run was trained on.")] = None,
    reader: Annotated[
        str, Option(help="Leave out letters that this reader (`default`: the shipped one) does not read.")
    ] = "default",
    threads: ThreadsOption = 0,
) -> None:
    """Find the letters in words of people, how they are joined, and with --run teach a model to draw them so.

    The same command goes on where it was stopped. Then `python -m export.joined RUN FOLDER MODEL`.
    """
    import torch

    from train.words.fit import fit as fit_words
    from train.words.teach import stroke_model, teach

    def say(line: str) -> None:
        console.say(line, "train")

    if (model is None) != (data is None):
        raise InputError("--run and --data go together: give the run, and the dataset that it was trained on")
    if model is not None:
        stroke_model(model)  # what cannot be used is refused before hours of work
    if threads:
        torch.set_num_threads(threads)
    found = fit_words(words, joined, chars, output, say=say)
    if model is not None and data is not None:
        teach(found.cuts, model, data, output, reader, say=say)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the status: 0, or 2 after one line that says what is wrong."""
    return console.run(app, "train", arguments, quiet=os.environ.get("RANK", "0") != "0")


if __name__ == "__main__":
    torchrun.leave(main())
