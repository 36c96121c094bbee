"""Photos, pictures and lines of one person's writing to a hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from handsynth import dials
from handsynth.dials.renamed import takes_earlier
from handsynth.errors import InputError
from handsynth.formats.pictures import PictureSource, called
from handsynth.hands.hand import Hand
from handsynth.learning.fit import Learnt, fit
from handsynth.learning.joined import share, shares_after, untouched
from handsynth.learning.line import LetterLine, read_line
from handsynth.learning.place import with_descenders
from handsynth.model.model import Model, opened

NAME: str = dials.default("name")

_TELLING, _OFF = 3, 0.12
"""Letters that tell how large somebody writes, and how far from usual that has to be to matter."""

_SHOWN = 12
"""Notes about single boxes that are told in full; of more the characters are."""


@dataclass(frozen=True, eq=False)
class WrittenLetters:
    """n letters of one person, in the frame."""

    chars: tuple[str, ...]
    images: np.ndarray
    """uint8 [n,H,H], 255 = ink."""
    notes: tuple[str, ...] = ()
    gap: float | None = None
    """Usual space between letters, in x-heights, where it could be seen."""
    joined: float | None = None
    """Share of the pairs of letters that hang together, where it could be seen."""
    ties: tuple[tuple[str, bool], ...] = ()
    """Each of those pairs: the letter that it begins with, and whether it does."""
    page: tuple[int, int] | None = None
    """Of a form: which page of how many."""
    descenders: float = 1.0
    """How many times as long what hangs below the line was as in `images`."""


@takes_earlier("learning")
def learn(
    model: Model | str | Path | None = None,
    photos: Sequence[PictureSource] = (),
    *,
    letters: str | Path | None = None,
    line: PictureSource | None = None,
    text: str = "",
    chars: str | None = None,
    name: str = NAME,
    forget_originals: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Learnt:
    """The hand of whoever filled in the form on `photos`, wrote the pictures in the folder `letters`, or a `line`.

    `model` as in `render`. `chars`: the characters of the form, where they are none of its named sets. `text`: what the
    line says. All that is given is put together. `forget_originals`: the hand keeps what was learnt, but not the
    letters themselves. Raises InputError.
    """
    model = opened(model)
    if line is not None and not text.strip():
        raise InputError("a line needs its text, too; give what it says as text")
    if text and line is None:
        raise InputError("the text is what a line of writing says; give the photo of that line as the line (--line)")
    _check_twice([*photos, *([line] if line is not None else [])])
    jobs: list[Callable[[], WrittenLetters]] = [lambda path=path: _form(path, chars, model) for path in photos]  # type: ignore[misc]
    if letters is not None:
        jobs.append(lambda: _letters(letters, model))
    if line is not None:
        jobs.append(lambda: _line(line, text, model))
    if not jobs:
        raise InputError("give a photo of a filled form, or letters, or a line with its text")
    found = []
    for number, job in enumerate(jobs):
        found.append(job())
        if progress:
            progress(number + 1, len(jobs))
    gaps = [part.gap for part in found if part.gap is not None]
    long = max(part.descenders for part in found)
    learnt = fit(
        model,
        [char for part in found for char in part.chars],
        np.concatenate([_as_long(part, long, model) for part in found]),
        name,
        gap=gaps[0] if gaps else None,
        keep=not forget_originals,
    )
    notes = [note for part in found for note in part.notes] + _absent(found)
    hand, said = _with_share(replace(learnt.hand, descenders=long if model.strokes else 1.0), found)
    return Learnt(hand, (*notes, *said, *learnt.notes))


def learn_letters(
    model: Model | str | Path | None,
    chars: Sequence[str],
    images: np.ndarray,
    *,
    name: str = "my hand",
    forget_originals: bool = False,
) -> Learnt:
    """The hand that wrote `images` uint8 [n,H,H] (255 = ink, in the model's frame) of `chars` [n].

    For letters that were found and cut out already; all are taken for what they are said to be. `model` as in
    `render`, `forget_originals` as in `learn`. Raises InputError.
    """
    return fit(opened(model), list(chars), images, name, keep=not forget_originals)


def _with_share(hand: Hand, found: Sequence[WrittenLetters]) -> tuple[Hand, list[str]]:
    """`hand` with the share of pairs that lines join, and what is said of it; a `line` says more than a form's, whose
    letters are not to touch."""
    told = [part for part in found if part.joined is not None]
    told = [part for part in told if part.page is None] or told
    ties = [tie for part in told for tie in part.ties]
    if not ties:
        return hand, []
    share = untouched(float(np.mean([tied for _, tied in ties])))
    said = f"joins {share:.0%} of its letters" if share else "joins no letters"
    after = shares_after(ties, share, hand.key)
    hand = replace(hand, joined=share, joined_after=after, measured={**hand.measured, "joined": share})
    return hand, [f"{said}, by {len(ties)} pairs"]


def _as_long(part: WrittenLetters, long: float, model: Model) -> np.ndarray:
    """The letters uint8 [n,H,H], all as many times shorter below the line as is best for those that need it most."""
    ratio = long / part.descenders
    return np.stack(
        [with_descenders(image, char, ratio, model.frame) for char, image in zip(part.chars, part.images, strict=True)]
    )


def _absent(found: Sequence[WrittenLetters]) -> list[str]:
    """Which pages of a form of several were not given."""
    seen = {part.page for part in found if part.page is not None}
    count = max((pages for _, pages in seen), default=0)
    missing = [str(page) for page in range(1, count + 1) if (page, count) not in seen]
    return [f"page {', '.join(missing)} of {count} was not given"] if missing else []


def _check_twice(sources: Sequence[PictureSource]) -> None:
    """Raises InputError where the same file is given twice: its letters would count twice."""
    seen: set[tuple[int, int] | str] = set()
    for path in sources:
        if not isinstance(path, str | Path):
            continue
        try:
            there = Path(path).stat()
        except OSError:
            continue  # said by who reads it
        key = (there.st_dev, there.st_ino) if there.st_ino else str(Path(path).resolve())
        if key in seen:
            raise InputError(f"{path} is given twice; give each photo once")
        seen.add(key)


def _form(source: PictureSource, chars: str | None, model: Model) -> WrittenLetters:
    from handsynth.learning.copied import read_copied
    from handsynth.learning.cut import cut, resized, writer_size
    from handsynth.learning.locate import locate

    path = called(source)
    found = locate(source, chars)
    glyphs = cut(found)
    if not len(glyphs):
        raise InputError(f"the form on {path} is empty; write in its boxes first")
    size = writer_size(glyphs) if len(glyphs) >= _TELLING else 1.0
    # large or small writing is the same hand: its letters are as large as the model's
    glyphs = resized(glyphs, 1 / size if abs(size - 1) > _OFF else 1.0, settled=True)
    where = f"page {found.page}, " if found.form.pages > 1 else ""
    bad = {warning.box for warning in glyphs.warnings if warning.kind in ("misplaced", "touches")}
    kept = np.array([int(cell) not in bad for cell in glyphs.cells])
    said = []
    for warning in glyphs.warnings:
        if warning.kind != "empty":
            said.append((warning.char, f"{warning}{', and was left out' if warning.box in bad else ''}"))
    boxes = [f"box {cell + 1} ({char}):" for cell, char in zip(glyphs.cells, glyphs.chars, strict=True)]
    right, doubted = _undoubted(model, glyphs.chars, glyphs.images, boxes, kept)
    kept, said = kept & right, said + doubted
    if not kept.any():
        raise InputError(
            f"not one letter of the form on {path} was read as what it should be: is it the right form, filled in?"
        )
    empty = sum(warning.kind == "empty" for warning in glyphs.warnings)
    notes = [f"{where}{what}" for _, what in said[:_SHOWN]]
    if more := list(dict.fromkeys(char for char, _ in said[_SHOWN:])):
        notes.append(f"{where}{len(said) - _SHOWN} more like these, of {' '.join(more)}")
    if empty:
        notes.append(f"{where}{empty} box{'es are' if empty > 1 else ' is'} empty")
    lines, unread = read_copied(found, model)
    gaps = [line.gap for line in lines if line.gap is not None]
    return WrittenLetters(
        tuple(char for char, good in zip(glyphs.chars, kept, strict=True) if good),
        glyphs.images[kept],
        (*notes, *unread),
        float(np.mean(gaps)) if gaps else None,
        *_pooled(lines),
        page=(found.page, found.form.pages),
        descenders=glyphs.descenders,
    )


def _pooled(lines: Sequence[LetterLine]) -> tuple[float | None, tuple[tuple[str, bool], ...]]:
    """The share of joined pairs of several lines, and those that say so."""
    ties = tuple(tie for line in lines if line.joined is not None for tie in line.ties)
    return share(ties), ties


def _letters(folder: str | Path, model: Model) -> WrittenLetters:
    from handsynth.learning.letters import read_letters

    read = read_letters(folder, model.frame)
    kept, said = _undoubted(model, read.chars, read.images, read.names)
    if not kept.any():
        raise InputError(f"not one letter in {folder} was read as what its name says: {said[0][1]}")
    chars = tuple(char for char, good in zip(read.chars, kept, strict=True) if good)
    notes = (*read.notes, *(note for _, note in said))
    return WrittenLetters(chars, read.images[kept], notes, descenders=read.descenders)


def _line(source: PictureSource, text: str, model: Model) -> WrittenLetters:
    read = read_line(source, text, model)
    kept, said = _undoubted(model, read.chars, read.images, [f"the line's {char}" for char in read.chars])
    if not kept.any():
        raise InputError(
            f"not one letter in {called(source)} was read as what the text says; give the text written there"
        )
    chars = tuple(char for char, good in zip(read.chars, kept, strict=True) if good)
    return WrittenLetters(
        chars,
        read.images[kept],
        (*read.notes, *(note for _, note in said)),
        read.gap,
        *_pooled([read]),
        descenders=read.descenders,
    )


def _undoubted(
    model: Model, chars: Sequence[str], images: np.ndarray, places: Sequence[str], asked: np.ndarray | None = None
) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Which of the letters [n] are what they should be, bool [n], and the others' characters and notes.

    `places`: where each was written. Only those `asked` for, bool [n], are spoken of.
    """
    from handsynth.learning.doubts import doubts

    found = doubts(model, chars, images)
    said = [
        (char, f"{place} {doubt}, and was left out")
        for char, place, doubt, wanted in zip(
            chars, places, found, np.ones(len(chars), bool) if asked is None else asked, strict=True
        )
        if doubt and wanted
    ]
    return np.array([doubt is None for doubt in found]), said
