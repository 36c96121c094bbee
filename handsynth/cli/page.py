"""The commands about documents: `page`, and `again` for what any command wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import click

from handsynth.cli import console
from handsynth.cli.commands import Argument, Option
from handsynth.cli.flags import (
    AnimateFlag,
    DeviceFlag,
    DurationFlag,
    FpsFlag,
    HandFlag,
    HatchFlag,
    ModelFlag,
    OptimiseFlag,
    PenFlag,
    PenShownFlag,
    PenWidthFlag,
    ProfileFlag,
    RecipesFlag,
    WorkersFlag,
    option,
    usual,
)


def page(
    file: Annotated[
        str | None, Argument(metavar="FILE", help="Text or Markdown (.md) in UTF-8; - reads standard input.")
    ] = None,
    out: Annotated[
        str | None, Option("--output", "-o", metavar="FILE", help="Where to write, like letter.pdf.")
    ] = None,
    hand: HandFlag = None,
    seed: Annotated[int | None, option("seed", "--seed", "-s")] = None,
    paper: Annotated[str | None, option("paper.name", "--paper", metavar="NAME")] = None,
    margins: Annotated[str | None, option("paper.margins")] = None,
    size: Annotated[str | None, option("text.size")] = None,
    align: Annotated[str | None, option("text.align")] = None,
    indent: Annotated[str | None, option("text.indent")] = None,
    hyphenate: Annotated[str | None, option("text.hyphenate", metavar="LANG")] = None,
    reflow: Annotated[bool | None, option("text.reflow", "--reflow/--no-reflow")] = None,
    ink: Annotated[str | None, option("ink", metavar="COLOUR")] = None,
    ink_heading: Annotated[str | None, option("output.ink_heading", metavar="COLOUR")] = None,
    ink_marked: Annotated[str | None, option("output.ink_marked", metavar="COLOUR")] = None,
    dpi: Annotated[float | None, option("dpi")] = None,
    look: Annotated[str | None, option("output.look")] = None,
    temperature: Annotated[float | None, option("temperature", "--temperature", "-t")] = None,
    variation: Annotated[float | None, option("variation")] = None,
    joined: Annotated[float | None, option("joined")] = None,
    pen: PenFlag = None,
    pen_width: PenWidthFlag = None,
    slant: Annotated[float | None, option("slant")] = None,
    legibility: Annotated[int | None, option("legibility", metavar="K")] = None,
    missing: Annotated[str | None, option("missing")] = None,
    originals: Annotated[str | None, option("originals")] = None,
    recipes: RecipesFlag = None,
    title: Annotated[str | None, option("output.title")] = None,
    centreline: Annotated[bool | None, option("centreline", "--centreline/--outlines", shown="")] = None,
    text_layer: Annotated[bool | None, option("output.text_layer", "--text-layer/--no-text-layer")] = None,
    embed_text: Annotated[bool | None, option("output.embed_text", "--embed-text")] = None,
    rules: Annotated[bool | None, option("rules", "--rules/--no-rules")] = None,
    device: DeviceFlag = None,
    profile: ProfileFlag = None,
    optimise: OptimiseFlag = None,
    hatch: HatchFlag = None,
    animate: AnimateFlag = None,
    duration: DurationFlag = None,
    fps: FpsFlag = None,
    pen_shown: PenShownFlag = None,
    style: Annotated[
        str | None, Option("--style", metavar="FILE", help="TOML with all dials; see --show-style.")
    ] = None,
    dials: Annotated[
        list[str] | None, Option("--set", metavar="DIAL=VALUE", help="Any dial, like person.slips=0.5.")
    ] = None,
    show_style: Annotated[
        bool, Option("--show-style", help="Print the style sheet that is in force, with comments.")
    ] = False,
    workers: WorkersFlag = usual("workers"),
    model: ModelFlag = None,
) -> None:
    """Write a document: as many pages as it takes.

    By the ending of the output: .pdf, .tiff, .json and .inkml hold all pages; .png, .jpg, .webp, .svg, .hpgl, .gcode
    and .dxf get a file a page, and so do .gif, .apng and .mp4, in which the page is seen being written.

    \b
    Examples:
      handsynth page letter.txt -o letter.pdf --paper a4-ruled --hand Quill
      handsynth page notes.md -o notes.png --paper letter-college --look scanned
      handsynth page --show-style > letter.toml
      handsynth page letter.txt -o letter.svg --style letter.toml --set person.slips=0.5
    """
    from handsynth.document.style import Style
    from handsynth.errors import InputError

    chosen = Style.load(style) if style else Style()
    flags: dict[str, dict[str, Any]] = {
        "writing": {"hand": hand, "seed": seed, "temperature": temperature, "variation": variation, "joined": joined,
                    "slant": slant, "pen": pen, "pen_width": pen_width, "legibility": legibility, "missing": missing,
                    "originals": originals, "recipes": recipes},
        "paper": {"name": paper, "margins": margins},
        "text": {"size": size, "align": align, "indent": indent, "hyphenate": hyphenate, "reflow": reflow},
        "output": {"ink": ink, "ink_heading": ink_heading, "ink_marked": ink_marked, "dpi": dpi, "look": look,
                   "title": title, "centreline": centreline,
                   "outlines": None if centreline is None else not centreline,
                   "text_layer": text_layer, "embed_text": embed_text},
        "plotter": {"device": device, "profile": profile, "optimise": optimise, "hatch": hatch, "rules": rules},
        "motion": {"animate": animate, "duration": duration, "fps": fps, "pen_shown": pen_shown},
    }  # fmt: skip
    chosen = chosen.set(dials or []).changed(
        {table: {name: value for name, value in given.items() if value is not None} for table, given in flags.items()},
        "the command line",
    )
    if show_style:
        print(chosen.toml(), end="")
        return
    if file is None or out is None:
        raise InputError("give a text file and --output, like: handsynth page letter.txt -o letter.pdf")
    from handsynth.document.pages import BLANK_BACK, MARKDOWN, Document, stale
    from handsynth.formats import check_path

    out_form = check_path(out)
    text = console.read_text(None, file)
    if file.lower().endswith(MARKDOWN) and chosen.text.format == "auto":
        chosen = chosen.set(["text.format=markdown"])  # as the command says that makes it again
    command = ["page", "-" if chosen.output.embed_text else "FILE", "-o", "OUT" + console.suffix(out)]
    command += chosen.arguments() + (["--model", model] if model else [])
    document = Document(text, chosen, model=model)
    for line in [*document.report.lines(), *document.unshown(console.suffix(out))]:
        console.say(line)
    with console.progress("page, characters") as show:
        written = document.write(out, workers=workers, command=command, progress=show)
    if document.blank_back:
        console.say(BLANK_BACK)
    console.wrote(*written)
    if out_form.many:
        return
    if left := stale(Path(out), written):
        names = left[0].name if len(left) == 1 else f"{left[0].name} to {left[-1].name}"
        console.say(f"of an earlier run, and no part of this document: {names}")


def again(
    context: click.Context,
    file: Annotated[str, Argument(metavar="FILE", help="Something that handsynth wrote.")],
    show_text: Annotated[
        bool,
        Option("--show-text", help="Print the text that the file holds, if it does, instead of the command."),
    ] = False,
) -> None:
    """Print the command that made a file.

    It writes that file anew. The text is in the file only if it was made with --embed-text; else the command reads it
    from standard input. Whoever made the file chose the command: look at it before you run it.

    \b
    Examples:
      handsynth again letter.pdf
      handsynth again letter.png --show-text > letter.txt
    """
    from handsynth.cli import commandline
    from handsynth.cli.placeholders import filled, reads_text
    from handsynth.provenance import provenance, recorded

    metadata = recorded.record_of(file)
    if show_text:
        print(provenance.text(metadata, file))
        return
    recorded_words, group = provenance.command(metadata), context.find_root().command
    words = filled(recorded_words, file)
    line = commandline.line(group, words)
    if reads_text(words) and "Text" in metadata:
        source = ["--", file] if file.startswith("-") else [file]
        line = " ".join(["handsynth again --show-text", *map(commandline.quoted, source), "|", line])
    print(line)
    if reads_text(words) and "Text" not in metadata:
        instead = "the text" if words[0] == "render" else "the name of its file"
        console.say(
            f"{file} does not hold its text, so the command reads it from standard input; or give {instead} for -"
        )
    for path in commandline.outputs_elsewhere(group, recorded_words):
        console.say(f"this command writes outside the current folder, to {path}; look at it before you run it")
