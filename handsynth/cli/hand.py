"""The commands `hand …`: learn, show, refit, forget, blend, average and template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from handsynth import dials
from handsynth.cli import console
from handsynth.cli.commands import App, Argument, Option
from handsynth.cli.flags import ModelFlag, SeedFlag, option, usual
from handsynth.errors import HandsynthError

Name = Annotated[str | None, option("name", shown="")]
HandFile = Annotated[str, Option("--output", "-o", metavar="FILE", help="Where to write, like me.hand.")]

hand = App("hand", "Learn a hand, look at it, change it, mix several.")


@hand.adds()
def template(
    out: Annotated[str, Option("--output", "-o", metavar="FILE", help="Where to write: .pdf, .png or .svg.")],
    chars: Annotated[str, option("template.chars")] = usual("template.chars"),
    variants: Annotated[int | None, option("template.variants", "--variants", "-n", metavar="N")] = None,
    paper: Annotated[str, option("template.paper")] = usual("template.paper"),
) -> None:
    """Make a form to write your own letters on.

    Print it at 100 %, fill it in with a dark pen, and give a photo or scan of it to `handsynth hand learn`.

    \b
    Examples:
      handsynth hand template -o form.pdf
      handsynth hand template -o form.pdf --chars western --paper letter
      handsynth hand template -o form.png --chars "abcxyz" --variants 4
    """
    from handsynth.files import check_place
    from handsynth.learning.printing import template as write

    check_place(out)
    form, written = write(out, console.checked(chars, "the characters"), variants, paper)
    console.wrote(*written)
    count, pages = len(form.chars), form.pages
    console.say(
        f"the form has {count} character{'s' if count > 1 else ''}, {pages} page{'s' if pages > 1 else ''}"
        + (f" ({form.name})" if form.name else "")
    )


@hand.adds()
def learn(
    out: HandFile,
    photos: Annotated[list[str] | None, Argument(metavar="PHOTO…", help="Photos or scans of the filled form.")] = None,
    letters: Annotated[
        str | None,
        Option("--letters", metavar="FOLDER", help="Learn from a folder of pictures, each named by its character."),
    ] = None,
    line: Annotated[
        str | None, Option("--line", metavar="PHOTO", help="Learn from a photo of one line of writing.")
    ] = None,
    text: Annotated[str, Option("--text", help="What the line of --line says.")] = "",
    chars: Annotated[str | None, option("learn.chars")] = None,
    name: Name = None,
    forget_originals: Annotated[bool, option("forget_originals", "--forget-originals")] = usual("forget_originals"),
    model: ModelFlag = None,
) -> None:
    """Learn a hand from somebody's writing.

    Of your own writing, or that of somebody who agrees. Nothing leaves this machine. The hand holds your letters,
    unless they are to be forgotten.

    \b
    Examples:
      handsynth hand learn photo.jpg -o me.hand
      handsynth hand learn page1.jpg page2.jpg -o me.hand --name "Ada"
      handsynth hand learn --letters folder -o me.hand
      handsynth hand learn --line line.jpg --text "the quick brown fox" -o me.hand
    """
    from handsynth.hands.handfile import check_name
    from handsynth.learning.api import learn as read
    from handsynth.learning.likeness import PEOPLE
    from handsynth.model.model import Model

    check_name(out)
    opened = Model.open(model)
    called = console.checked(name, "the name") if name is not None else Path(out).stem
    with console.progress("learn, photos") as show:
        learnt = read(
            opened,
            photos or [],
            letters=letters,
            line=line,
            text=console.checked(text, "the text"),
            chars=None if chars is None else console.checked(chars, "the characters"),
            name=called,
            forget_originals=forget_originals,
            progress=show,
        )
    for note in learnt.notes:
        console.say(note)
    learnt.hand.save(out)
    console.wrote(out)
    measured = learnt.hand.measured
    count = int(measured["letters"])
    if "nearer" in measured:
        console.say(f"the hand is nearer to this writing than {measured['nearer']:.0f} of {PEOPLE} other people's are")
    console.say(
        f"learnt from {count} letter{'s' if count > 1 else ''}: pen {measured['pen']:.2f} x-heights, slant "
        f"{measured['slant']:+.2f}; look at it with: handsynth hand show {out} -o hand.png"
    )


@hand.adds()
def show(
    file: Annotated[str, Argument(metavar="HAND", help="A saved .hand file, or a name from the gallery.")],
    out: Annotated[str, Option("--output", "-o", metavar="FILE", help="Where to write, like hand.png.")],
    text: Annotated[str, Option("--text", help="A text to write.")] = "",
    seed: SeedFlag = usual("seed"),
    model: ModelFlag = None,
) -> None:
    """Draw what was read beside what is generated."""
    from handsynth.formats import check_path
    from handsynth.specimens.show import TEXT, hand_picture

    check_path(out)
    shown = hand_picture(model, file, console.checked(text, "the text") or TEXT, seed)
    shown.save(out)
    console.wrote(out)


@hand.adds()
def refit(
    file: Annotated[str, Argument(metavar="HAND", help="A saved .hand file of another model.")],
    out: HandFile,
    model: ModelFlag = None,
) -> None:
    """Make a hand anew for this model, from the letters that it holds."""
    from handsynth.hands.handfile import check_name
    from handsynth.learning.refit import refit as again

    check_name(out)
    learnt = again(model, Path(file))
    for note in learnt.notes:
        console.say(note)
    learnt.hand.save(out)
    console.wrote(out)


@hand.adds()
def forget(
    file: Annotated[str, Argument(metavar="HAND", help="A saved .hand file.")],
    out: HandFile,
    chars: Annotated[str | None, option("forget.chars")] = None,
) -> None:
    """Leave the ink of letters out of a hand.

    That of all letters, or some letters altogether.

    \b
    Examples:
      handsynth hand forget me.hand -o light.hand
      handsynth hand forget me.hand --chars b7 -o better.hand
    """
    from handsynth.hands.hand import Hand
    from handsynth.hands.handfile import check_name, load

    check_name(out)
    try:
        hand = Hand.load(file)
    except HandsynthError as damage:
        if chars is not None:
            raise
        try:
            hand = load(file, Hand, without=("originals",))  # what is damaged may be the ink
        except HandsynthError:
            raise damage from None  # which says what mends it
    hand = hand.without_ink() if chars is None else hand.without(console.checked(chars, "the characters"))
    hand.save(out)
    console.wrote(out)


@hand.adds()
def blend(
    first: Annotated[str, Argument(metavar="A", help="One hand: a file, a gallery's name, random:1.")],
    second: Annotated[str, Argument(metavar="B", help="The other hand: a file, a gallery's name, random:1.")],
    share: Annotated[float, Argument(metavar="SHARE", help=dials.DIALS["share"].help)] = usual("share"),
    *,
    out: HandFile,
    name: Name = None,
    seed: SeedFlag = usual("seed"),
    model: ModelFlag = None,
) -> None:
    """Mix two hands into a new one.

    \b
    Example:
      handsynth hand blend me.hand Quill 0.3 -o mixed.hand
    """
    from handsynth.drawing.resolve import resolve
    from handsynth.hands.hand import Hand
    from handsynth.hands.handfile import check_name
    from handsynth.model.model import Model

    check_name(out)
    opened = Model.open(model)
    mixed = Hand.blend(resolve(opened, first, seed), resolve(opened, second, seed), share)
    _save(mixed, out, name)


@hand.adds()
def average(
    hands: Annotated[list[str], Argument(metavar="HAND…", help="Hands: files, gallery's names, random:1.")],
    out: HandFile,
    name: Name = None,
    seed: SeedFlag = usual("seed"),
    model: ModelFlag = None,
) -> None:
    """Average several hands into one: what they have in common.

    \b
    Example:
      handsynth hand average a.hand b.hand c.hand -o ours.hand
    """
    from handsynth.drawing.resolve import resolve
    from handsynth.hands.hand import Hand
    from handsynth.hands.handfile import check_name
    from handsynth.model.model import Model

    check_name(out)
    opened = Model.open(model)
    _save(Hand.average([resolve(opened, spec, seed) for spec in hands]), out, name)


def _save(made: object, out: str, name: str | None) -> None:
    from dataclasses import replace

    from handsynth.hands.hand import Hand

    assert isinstance(made, Hand)
    replace(made, name=name or Path(out).stem).save(out)
    console.wrote(out)


EARLIER = (template, learn, blend, average)
"""Commands that stood beside `hand` once, and still work there."""
