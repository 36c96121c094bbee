"""`handsynth merge`: a letter and a table to many letters."""

from __future__ import annotations

from typing import Annotated, Any

from handsynth.cli import console
from handsynth.cli.commands import Argument, Option
from handsynth.cli.flags import HandFlag, ModelFlag, option


def merge(
    table: Annotated[str, Argument(metavar="TABLE", help="A .csv file; its first line names the columns.")],
    template: Annotated[str, Argument(metavar="TEMPLATE", help="A text or Markdown file with {fields}.")],
    out: Annotated[
        str, Option("--output", "-o", metavar="FILE", help="Where to write, like letters.pdf or out/{name}.pdf.")
    ],
    hand: HandFlag = None,
    seed: Annotated[int | None, option("seed", "--seed", "-s")] = None,
    paper: Annotated[str | None, option("paper.name", "--paper", metavar="NAME")] = None,
    style: Annotated[
        str | None, Option("--style", metavar="FILE", help="A style sheet; see handsynth page --show-style.")
    ] = None,
    dials: Annotated[
        list[str] | None, Option("--set", metavar="DIAL=VALUE", help="Any dial of a page, like person.slips=0.5.")
    ] = None,
    resume: Annotated[bool, Option("--resume", help="Leave letters that are there as they are.")] = False,
    model: ModelFlag = None,
) -> None:
    """Write a letter for each row of a table.

    {name} in the template becomes what the row has in the column name; {row} is the number of
    the row. Each letter has a seed of its own, so no two are alike.

    \b
    Examples:
      handsynth merge guests.csv invitation.md -o invitations.pdf --hand Moss
      handsynth merge guests.csv invitation.md -o "{row}-{name}.png" --paper card-3x5
    """
    from handsynth.document.merge import merge as write
    from handsynth.document.pages import MARKDOWN
    from handsynth.document.style import Style

    chosen = (Style.load(style) if style else Style()).set(dials or [])
    given: dict[str, dict[str, Any]] = {"writing": {"hand": hand, "seed": seed}, "paper": {"name": paper}}
    chosen = chosen.changed(
        {name: {key: value for key, value in flags.items() if value is not None} for name, flags in given.items()},
        "the command line",
    )
    marked = template.lower().endswith(MARKDOWN)
    text = console.read_text(None, template)
    with console.progress("merge, letters") as show:
        console.wrote(
            *write(
                table, text, out, chosen, model=model, markdown=marked, resume=resume, progress=show, say=console.say
            )
        )
