"""Letters from a photo or scan of one line whose text is known, and how much of it is joined."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.errors import InputError
from handsynth.formats.pictures import PictureSource, called, open_picture
from handsynth.frame import Frame, ink_box
from handsynth.learning import joined as joining
from handsynth.learning import match as matching
from handsynth.learning import reading
from handsynth.learning.gaps import letter_gap, word_space
from handsynth.learning.ligatures import cut_letter, without
from handsynth.learning.pieces import InkPiece, pieces, slant_of, together
from handsynth.learning.place import framed, hangs, long_descenders
from handsynth.learning.strip import FINE, strip
from handsynth.model.model import Model
from handsynth.text.clusters import describe
from handsynth.text.extents import extents

MOST = 400
"""Characters of one line."""

_ROUNDS = 3
"""Times that letters are matched, and size and baseline read from them."""

_LATE = 0.0, 0.3
"""x-heights that dots are tried to stand to the right of their letters."""

_MISSED, _COST, _DOUBT = 0.12, 3.4, 2.6
"""Share of letters that may be missed, and mean cost and doubt of a letter, above which the text is another."""

_SURE, _MORE = 0.8, 0.6
"""Mean doubt of letters that are surely those of the text, and how many more the line may then have, as a share."""

_TWO = 1.5
"""Doubt above which what lies beside each other is not one letter."""

_PANGRAM = "thequickbrownfoxjumpsoverthelazydog"

_LETTER = 0.12
"""Squares of an x-height that ink is at least that is called a letter."""


@dataclass(frozen=True, eq=False)
class LetterLine:
    """n letters of one line, in their order."""

    chars: tuple[str, ...]
    images: np.ndarray
    """uint8 [n,H,H], 255 = ink: in the frame, centred left to right, at their true relative size and height."""
    gap: float | None
    """Usual space between the letters of a word, in x-heights, as `layout.spacing` has it; None for single letters."""
    word_space: float | None
    """Usual clear space between words, in x-heights; None where there is but one."""
    joined: float | None
    """Share of the pairs of letters that hang together, 0 … 1; None where there are too few to tell."""
    ties: tuple[tuple[str, bool], ...]
    """Each of those pairs: the letter that it begins with, and whether it does."""
    notes: tuple[str, ...]
    """What was left out or may be wrong, one line each."""
    descenders: float = 1.0
    """How many times as long what hangs below the line was as in `images`."""

    def __len__(self) -> int:
        return len(self.chars)

    @property
    def pairs(self) -> int:
        """How many pairs tell what share is joined."""
        return len(self.ties)


def read_line(source: PictureSource, text: str, model: Model) -> LetterLine:
    """The letters of `text` in the picture of one line that is at `path`.

    Raises InputError for what is no picture or shows no line, or several, or no letters that match the text.
    """
    chars, _ = letters_of(text)
    expected = np.array([extents(char) for char in chars])
    tall = max(float(np.median(expected[:, 0] - expected[:, 1])), 0.5)
    path = called(source)
    return read_ink(strip(open_picture(source), tall, model.frame, path).ink, text, model, path, bare=True)


def read_ink(ink: np.ndarray, text: str, model: Model, path: str, *, bare: bool = False) -> LetterLine:
    """The letters of `text` in the ink uint8 [h,w] of a line, about as large as a `Strip`'s; `path` for messages.

    `bare`: those of joined writing without their ligatures. Raises InputError as `read_line` does.
    """
    chars, blank = letters_of(text)
    frame = model.frame
    expected = np.array([extents(char) for char in chars])
    slant = slant_of(ink)

    def cut(xheight: float, late: float = 0.0) -> list[InkPiece]:
        found = pieces(ink, xheight, slant, late * xheight)
        if not found:
            raise InputError(f"{path} shows no writing; give a sharp photo of one line of dark letters on light paper")
        return found

    found = cut(FINE * frame.xheight)
    line = _rough(found, expected)
    for _ in range(_ROUNDS - 1):
        found = cut(line.xheight)
        line = _fitted(found, chars, matching.match(found, chars, blank, line, model, frame), line)
    # dots often come late: over the next letter
    tried = [cut(line.xheight, late) for late in _LATE]
    read: matching.Readings = {}
    results = [matching.match(found, chars, blank, line, model, frame, read) for found in tried]
    best = int(np.argmin([result.total for result in results]))
    found, result = tried[best], results[best]
    line = _fitted(found, chars, result, line)
    _check(result, chars, found, model, path)
    tied = joining.pairs(ink, found, result)
    return _read(found, chars, blank, result, line, model, tied, path, slant if bare else None)


def letters_of(text: str) -> tuple[list[str], np.ndarray]:
    """The characters of a text that leave ink, and whether a space stands before each, bool [n]. Raises InputError."""
    chars, blank = [], []
    space = False
    for char in unicodedata.normalize("NFC", text):
        if char.isspace() or not char.isprintable():
            space = True
        elif unicodedata.combining(char):
            raise InputError(f"the text has {describe(char)}, which makes no single character here; leave it out")
        else:
            chars.append(char)
            blank.append(space and len(chars) > 1)
            space = False
    if not chars:
        raise InputError("the text has no letters; give what is written in the picture")
    if len(chars) > MOST:
        raise InputError(f"the text has {len(chars):,} letters; give one line of at most {MOST}")
    return chars, np.array(blank, bool)


def _rough(found: Sequence[InkPiece], expected: np.ndarray) -> matching.FittedBaseline:
    """Baseline and size by the whole of the line: as many tops and bottoms at each height as the text should have."""
    tall = max(piece.bottom - piece.top for piece in found)
    some = [piece for piece in found if piece.bottom - piece.top > 0.3 * tall] or list(found)
    letters = expected[expected[:, 0] - expected[:, 1] > 0.6]
    letters = letters if len(letters) else expected
    share = np.linspace(0.1, 0.9, 9)
    seen, heights = [], []
    for values, side in (([piece.top for piece in some], 0), ([piece.bottom for piece in some], 1)):
        seen.append(np.quantile(values, share))
        heights.append(np.quantile(letters[:, side], 1 - share))
    base, unit = _regression(np.concatenate(heights), np.concatenate(seen))
    return matching.FittedBaseline(base, 0.0, max(unit, 0.2 * tall))


def _regression(height: np.ndarray, row: np.ndarray) -> tuple[float, float]:
    """Base and unit of row = base - unit height, by least squares."""
    basis = np.stack([np.ones_like(height), -height], axis=1)
    base, unit = np.linalg.lstsq(basis, row.astype(np.float64), rcond=None)[0]
    return float(base), float(unit)


def _fitted(
    found: Sequence[InkPiece], chars: Sequence[str], result: matching.Match, line: matching.FittedBaseline
) -> matching.FittedBaseline:
    """Baseline, its slope, and size by robust least squares of tops and bottoms against the usual ones."""
    rows, heights, places, weights = [], [], [], []
    for i, char in enumerate(chars):
        some = found[result.first[i] : result.last[i]]
        if not some:
            continue
        ink, left, top = together(some)
        bounds = ink_box(ink)
        if bounds is None:
            continue
        box = extents(char)
        rows += [top + bounds[1], top + bounds[3]]
        heights += [box.top, box.bottom]
        places += [left + (bounds[0] + bounds[2]) / 2] * 2
        weights += [1.0 if char.isalnum() else 0.3] * 2
    if len(set(heights)) < 2:
        return line
    y, x = np.array(rows, np.float64), np.array(places) / line.xheight
    basis = np.stack([np.ones(len(y)), x, -np.array(heights)], axis=1)
    # a slope that few letters say is not believed
    prior = np.diag([1e-9, 20.0, 1e-9])
    weight = np.array(weights)
    solution = np.array([line.base, line.slope * line.xheight, line.xheight])
    for _ in range(10):
        miss = (y - basis @ solution) / line.xheight
        weighed = basis * (weight / (1 + (miss / 0.2) ** 2))[:, None]
        solution = np.linalg.solve(basis.T @ weighed + prior, weighed.T @ y)
    base, slope, unit = solution.tolist()
    unit = float(np.clip(unit, line.xheight / 1.5, line.xheight * 1.5))
    return matching.FittedBaseline(float(base), float(slope) / line.xheight, unit)


def _check(result: matching.Match, chars: Sequence[str], found: Sequence[InkPiece], model: Model, path: str) -> None:
    """Raises InputError where the letters are not those of the text: with what they seem to be, if they can be read."""
    there = result.last > result.first
    missed = int((~there).sum())
    parts = len({piece.part for piece in found})
    far = missed > _MISSED * len(chars)
    stray = len({found[k].part for k in result.left_out} - {found[k].part for k in _used(result)})
    # a text that says less than the line is no other text, as long as what it says is there
    sure = there.any() and result.doubt[there].mean() < _SURE
    strange = far or stray > max(2, (_MORE if sure else 0.25) * len(chars))
    if not strange and result.cost[there].mean() <= _COST and result.doubt[there].mean() <= _DOUBT:
        return
    # about as many letters, but others: to say how many there are would help nobody
    if strange and abs(parts - len(chars)) > _MISSED * len(chars):
        said = f"{path} shows about {parts} letters and the text has {len(chars)}"
    else:
        said = f"the {len(chars)} letters of the text do not look like those in {path}"
    # the text did not help to find the line's height: letters as they are usually mixed do
    usual = np.array([extents(char) for char in _PANGRAM])
    read = reading.read_freely(found, _rough(found, usual), model, model.frame)
    if read is None:  # what is joined looks like no letters
        raise InputError(f"{said}; give the text of this one line, in letters that do not touch")
    where = reading.parting("".join(chars), read.text)
    parted = f", which the text leaves after letter {where} ({chars[where - 1]})" if where else ""
    raise InputError(f"{said}: it reads like {reading.shown(read.text)}{parted}; give the text that is written there")


def _used(result: matching.Match) -> list[int]:
    return [k for first, last in zip(result.first, result.last, strict=True) for k in range(first, last)]


def _left_out(
    found: Sequence[InkPiece], chars: Sequence[str], result: matching.Match, line: matching.FittedBaseline
) -> list[str]:
    """What is said of ink that is no letter of the text: where letters are, and how many spots."""
    used = {found[k].part for k in _used(result)}
    amounts: dict[int, float] = {}
    after: dict[int, int] = {}
    for k in result.left_out:
        part = found[k].part
        if part not in used:
            amounts[part] = amounts.get(part, 0.0) + found[k].amount / line.xheight**2
            after.setdefault(part, int((result.last[result.last > result.first] <= k).sum()))
    letters = [part for part, amount in amounts.items() if amount >= _LETTER]
    there = np.flatnonzero(result.last > result.first)
    notes = []
    for place in dict.fromkeys(after[part] for part in letters):
        count = sum(after[part] == place for part in letters)
        where = (
            f"after letter {there[place - 1] + 1} ({chars[there[place - 1]]})" if place else "before the first letter"
        )
        what = f"{count} letters that are" if count > 1 else "1 letter that is"
        notes.append(f"{what} not in the text, {where}, left out")
    if spots := len(amounts) - len(letters):
        notes.append(f"{spots} {'spot' if spots == 1 else 'spots'} of ink between the letters left out")
    return notes


def _read(
    found: Sequence[InkPiece], chars: Sequence[str], blank: np.ndarray, result: matching.Match,
    line: matching.FittedBaseline, model: Model, joined: np.ndarray, path: str, slant: float | None,
) -> LetterLine:  # fmt: skip
    """`slant`: of the writing, where letters of joined writing are to be read without their ligatures."""
    frame = model.frame
    ties = joining.ties(chars, blank, result, joined)
    share = joining.share(ties)
    unsure = joining.doubtful(result, joined, share)
    bare = {}
    if slant is not None and joining.mostly(share):
        bare = _without_ligatures(found, chars, np.flatnonzero(~unsure), joined, result, line, slant, model)
    notes: list[str] = []
    inks: list[tuple[np.ndarray, float]] = []
    kept, middles = [], []
    for i, char in enumerate(chars):
        some = found[result.first[i] : result.last[i]]
        if not some:
            notes.append(f"letter {i + 1} ({char}) was not found")
            continue
        if len({piece.part for piece in some}) > 1 and result.doubt[i] > _TWO:
            notes.append(f"letter {i + 1} ({char}) is more than one letter in the picture, and was left out")
            continue
        if unsure[i]:
            continue
        ink, left, top = together(some)
        ink = bare.get(i, ink)
        box = ink_box(ink)
        if box is None:
            notes.append(f"letter {i + 1} ({char}) is too faint")
            continue
        middle = left + (box[0] + box[2]) / 2
        base = line.base + line.slope * middle
        inks.append((ink, base - top))
        kept.append(i)
        middles.append(middle)
    if not inks:
        raise InputError(f"no letter in {path} could be cut from the others surely; write some that do not touch")
    if unsure.any():
        which = " ".join(chars[i] for i in np.flatnonzero(unsure).tolist())
        notes.append(f"{which}: joined, and could not be cut from the letters beside them surely, so left out")
    notes += _left_out(found, chars, result, line)
    order = np.array(kept)
    pictures, long, said = _placed([chars[i] for i in kept], kept, inks, frame.xheight / line.xheight, frame)
    notes += said
    distance = np.diff(np.array(middles)) / line.xheight
    # neighbours in the picture, too
    next_to = (np.diff(order) == 1) & (result.first[order[1:]] == result.last[order[:-1]])
    within, between = (np.flatnonzero(next_to & (blank[order[1:]] == apart)) for apart in (False, True))
    written = [chars[i] for i in kept]
    gap = letter_gap(pictures, written, within, distance[within], frame, model.card.bearings)
    space = word_space(pictures, between, distance[between], frame)
    return LetterLine(tuple(written), pictures, gap, space, share, ties, tuple(notes), long)


def _placed(
    chars: Sequence[str], places: Sequence[int], inks: Sequence[tuple[np.ndarray, float]], scale: float, frame: Frame
) -> tuple[np.ndarray, float, list[str]]:
    """Letters uint8 [n,H,H] in the frame, how many times as long they were below the line, and what is said of them.

    `places` [n]: which letters of the text they are; `inks` [n]: the ink of each, and the row of its baseline.
    """
    bottoms = [(ink_box(ink) or (0, 0, 0, 0))[3] for ink, _ in inks]
    depths = [(bottom - base) * scale for bottom, (_, base) in zip(bottoms, inks, strict=True)]
    long = long_descenders([depth for char, depth in zip(chars, depths, strict=True) if hangs(char)], frame)
    images, notes = [], []
    for char, place, (ink, base) in zip(chars, places, inks, strict=True):
        image, shrunk = framed(ink, scale, base, frame, char, long)
        if shrunk:
            notes.append(f"letter {place + 1} ({char}) is larger than the frame and was made smaller")
        images.append(image)
    return np.stack(images), long, notes


def _without_ligatures(
    found: Sequence[InkPiece], chars: Sequence[str], rows: np.ndarray, joined: np.ndarray, result: matching.Match,
    line: matching.FittedBaseline, slant: float, model: Model,
) -> dict[int, np.ndarray]:  # fmt: skip
    """The ink of the letters `rows` that were cut from their neighbours, without the ligatures."""
    tied = np.concatenate([[False], joined[1:], [False]])
    rows = rows[tied[rows] | tied[rows + 1]]
    pieces_of = [found[first:last] for first, last in zip(result.first, result.last, strict=True)]
    letters = [
        cut_letter(pieces_of[i], pieces_of[i - 1] if tied[i] else (), pieces_of[i + 1] if tied[i + 1] else ())
        for i in rows.tolist()
    ]
    bases = [line.base + line.slope * (each.left + each.ink.shape[1] / 2) - each.top for each in letters]
    some = [chars[i] for i in rows.tolist()]
    inks = without(letters, some, bases, model.frame.xheight / line.xheight, slant, model)
    return dict(zip(rows.tolist(), inks, strict=True))
