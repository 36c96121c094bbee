"""Text to what a model can draw: normalisation, typographic twins, composed accents and signs, what is missing.

Nothing is left out silently: whatever is not drawn as it was written is in the `Report`. What is composed from parts
of the same hand is drawn as it was written.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from handsynth import dials
from handsynth.dials import MAX_TEXT
from handsynth.dials.choices import Missing
from handsynth.errors import InputError, MissingCharacterError, option
from handsynth.text import signs
from handsynth.text.alphabets import RECIPES
from handsynth.text.clusters import clusters, describe
from handsynth.text.emphasis import Spans, of_each
from handsynth.text.recipes import Recipes, table
from handsynth.text.signs import Piece

MISSING: tuple[Missing, ...] = get_args(Missing)

_NAMED = 5


@dataclass(frozen=True)
class Item:
    """One step of writing: a glyph of one or more pieces, a box for what is missing, a blank, or a line's end."""

    text: str
    """What the user wrote here: one character with its marks, composed (NFC), so that equal texts are drawn alike."""
    kind: Literal["glyph", "box", "space", "newline", "chance"]
    """`chance`: nothing, but a line may break here; its pieces (a hyphen) are drawn only if it does."""
    pieces: tuple[Piece, ...] = ()
    width: float = 0.0
    """Of a space, in word spaces."""
    holds: bool = False
    """A space at which no line may break."""
    spans: Spans = ()
    """The emphasis that it has."""


@dataclass(frozen=True)
class Note:
    """What became of one kind of character that is not drawn as it was written."""

    text: str
    action: Literal["replaced", "left out", "drawn as a box"]
    became: str
    count: int
    line: int
    column: int

    def __str__(self) -> str:
        became = f" by {self.became}" if self.became else ""
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{describe(self.text)} at line {self.line}, column {self.column} {self.action}{became}{times}"


@dataclass(frozen=True)
class Report:
    """All the notes about a text, in the order of their first place in it."""

    notes: tuple[Note, ...] = ()
    unshown: tuple[str, ...] = ()
    """What a kind of file cannot show of what was drawn, a line each."""

    @property
    def lost(self) -> tuple[Note, ...]:
        """Only what is not in the picture: left out or drawn as a box."""
        return tuple(note for note in self.notes if note.action in ("left out", "drawn as a box"))

    def lines(self) -> list[str]:
        """One line a note, for a person; of many that became of the same only the first few, and how many more."""
        result: list[str] = []
        seen: Counter[str] = Counter(note.action for note in self.notes)
        named: Counter[str] = Counter()
        for note in self.notes:
            named[note.action] += 1
            if named[note.action] <= _NAMED:
                result.append(str(note))
            elif named[note.action] == seen[note.action]:
                more = seen[note.action] - _NAMED
                result.append(f"and {more} more character{'s' if more > 1 else ''} {note.action}")
        return [*result, *self.unshown]


def index_table(chars: Iterable[str]) -> dict[str, int]:
    """The place of each character among `chars`, such as a model's."""
    return {char: place for place, char in enumerate(chars)}


def read(
    text: str,
    charset: Iterable[str] | Charset,
    missing: Missing = dials.default("missing"),
    recipes: Recipes | None = None,
) -> tuple[list[Item], Report]:
    """Items to write for `text`, and what was changed on the way.

    `charset`: the characters that the model draws, with the user's `recipes`, or one Charset for many texts. Raises
    InputError for text that is empty, blank or longer than MAX_TEXT, and MissingCharacterError (policy `error`) for
    what cannot be drawn.
    """
    check_length(len(text))
    reading = Reading(charset, missing, recipes)
    items = reading.add(text)
    if missing == "error":
        reading.refuse()
    if not any(item.kind in ("glyph", "box") for item in items):
        lost = reading.missed
        why = f"the model cannot draw {_named(lost)}" if lost else "the text has no character that leaves ink"
        raise InputError(f"there is nothing to write: {why}; give {'other' if lost else 'some'} text")
    return items, reading.report


class Reading:
    """A text read in parts: the items of each, and the report of all of them."""

    def __init__(
        self,
        charset: Iterable[str] | Charset,
        missing: Missing = dials.default("missing"),
        recipes: Recipes | None = None,
    ) -> None:
        """`charset` as for `read`. Raises InputError for an unknown policy, and as Charset does. See also `refuse`."""
        if missing not in MISSING:
            raise InputError(f"{option('missing')} is {missing!r}; give one of {', '.join(MISSING)}")
        self.table = charset if isinstance(charset, Charset) else Charset(charset, recipes)
        self.missing = missing
        self._notes: dict[str, Note] = {}

    def add(self, text: str, line: int = 1, column: int = 1, spans: Spans = ()) -> list[Item]:
        """Items to write for `text`, which begins at this line and column of the whole; `spans`: its emphasis."""
        items: list[Item] = []
        gone = False
        emphasis = of_each(spans, len(text)) if spans else []
        at = 0
        for cluster, row, place in _positions(text, line, column):
            drawn, action, became = self.table.resolve(cluster)
            if not drawn and not action:
                action = "drawn as a box" if self.missing == "box" else "left out"
                drawn = (Item(cluster, "box"),) if self.missing == "box" else ()
            if gone and drawn and drawn[0].kind == "space" and (not items or items[-1].kind in ("space", "newline")):
                # what stood between two blanks was left out: one of them is enough
                drawn = (replace(drawn[0], width=0.0), *drawn[1:])
            gone = not drawn
            if emphasis and emphasis[at]:
                drawn = tuple(replace(item, spans=emphasis[at]) for item in drawn)
            at += len(cluster)
            items.extend(drawn)
            if action:
                known = self._notes.get(cluster)
                if known:
                    self._notes[cluster] = replace(known, count=known.count + 1)
                else:
                    self._notes[cluster] = Note(cluster, action, became, 1, row, place)  # type: ignore[arg-type]
        return items

    @property
    def report(self) -> Report:
        return Report(tuple(self._notes.values()))

    @property
    def missed(self) -> list[Note]:
        """What is lost of the text, but for characters that never leave ink."""
        return [note for note in self.report.lost if note.text not in self.table.unseen]

    def refuse(self) -> None:
        """Raises MissingCharacterError if anything cannot be drawn."""
        _refuse(self.missed)


def check_length(count: int) -> None:
    """Raises InputError if a text of `count` characters is too long for one picture."""
    if count > MAX_TEXT:
        raise InputError(
            f"the text has {count:,} characters, more than the {MAX_TEXT:,} of one picture; give it in parts"
        )


class Charset:
    """How each character is drawn with what a model has; remembers what it has worked out."""

    def __init__(self, charset: Iterable[str], recipes: Recipes | None = None) -> None:
        """`recipes`: the user's, which go before the toolkit's and the model's own drawings.

        Raises InputError if those need a character that the model lacks.
        """
        self.known = frozenset(charset)
        self.recipes = recipes or Recipes()
        for char, pieces in (*self.recipes.signs.items(), *self.recipes.marks.items()):
            if lacks := [piece.char for piece in pieces if piece.char not in self.known]:
                raise InputError(
                    f"{self.recipes.where}: the recipe of {describe(char)} draws {describe(lacks[0])}, which the model "
                    "has not learnt; make it from characters of the model"
                )
        self.unseen: set[str] = set()
        """Characters met so far that never leave ink and are left out."""
        self._resolved: dict[str, tuple[tuple[Item, ...], str, str]] = {}

    def resolve(self, cluster: str) -> tuple[tuple[Item, ...], str, str]:
        """Items, what was done (`replaced`, `left out` or nothing) and with what; all empty: missing."""
        if cluster not in self._resolved:
            self._resolved[cluster] = self._resolve(cluster)
        return self._resolved[cluster]

    def _resolve(self, cluster: str) -> tuple[tuple[Item, ...], str, str]:
        if cluster in signs.SPACES:
            return (_space(cluster),), "", ""
        if cluster in signs.NEWLINES:
            return (Item(cluster, "newline"),), "", ""
        if cluster in (signs.SOFT_HYPHEN, signs.ZERO_SPACE):
            hyphen = self.pieces("-") or () if cluster == signs.SOFT_HYPHEN else ()
            return (Item(cluster, "chance", hyphen),), "", ""
        bare = "".join(char for char in cluster if char not in signs.INVISIBLE)
        if not bare:
            self.unseen.add(cluster)
            return (), "left out", ""
        items, action, became = self._visible(bare, cluster)
        if items and bare != cluster and not action:
            action, became = "replaced", f"'{bare}'"
        return items, action, became

    def _visible(self, bare: str, cluster: str) -> tuple[tuple[Item, ...], str, str]:
        whole = unicodedata.normalize("NFC", bare)
        pieces = self.pieces(whole)
        if pieces:
            return (Item(unicodedata.normalize("NFC", cluster), "glyph", pieces),), "", ""
        for twin in (*signs.TWINS.get(whole, ()), unicodedata.normalize("NFKC", whole)):
            spelled = [self._spell(char, cluster) for char in clusters(twin)]
            if twin and twin != whole and all(spelled):
                return tuple(item for item in spelled if item), "replaced", f"'{twin}'"
        return (), "", ""

    def _spell(self, char: str, cluster: str) -> Item | None:
        if char in signs.SPACES:
            return _space(char)
        pieces = self.pieces(char)
        return Item(cluster, "glyph", pieces) if pieces else None

    def pieces(self, cluster: str) -> tuple[Piece, ...] | None:
        """The pieces that make a character with its marks, or None.

        The user's recipe goes first. Outside ASCII then the toolkit's: what models learn there, they learn from fonts.
        """
        whole = unicodedata.normalize("NFC", cluster)
        if whole in self.recipes.signs:
            return self.recipes.signs[whole]
        if whole in self.known and (whole.isascii() or whole in signs.LEARNT):
            return (Piece(whole),)
        return self._recipe(whole) or ((Piece(whole),) if whole in self.known else None)

    def _recipe(self, whole: str) -> tuple[Piece, ...] | None:
        parts = table().signs.get(whole) or RECIPES.get(whole)
        if parts and all(piece.char in self.known for piece in parts):
            return parts
        if whole in signs.SPACING_MARKS:
            return self.mark(signs.SPACING_MARKS[whole])
        return self._accented(whole) or (self._script(whole) if len(whole) == 1 else None)

    def _accented(self, whole: str) -> tuple[Piece, ...] | None:
        letters = unicodedata.normalize("NFD", whole)
        if len(letters) < 2:
            return None
        base, marks = letters[0], letters[1:]
        drawn = [self.mark(mark, base) or () for mark in marks]
        if base in "ij" and any(piece.anchor == "above" for mark in drawn for piece in mark):
            base = {"i": "ı", "j": "ȷ"}[base]
        stem = self.pieces(base)
        if not stem or not all(drawn):
            return self._longest(letters)
        return (*stem, *_stacked(drawn))

    def _longest(self, letters: str) -> tuple[Piece, ...] | None:
        """The longest beginning that the model has, with its further marks one by one."""
        for end in range(len(letters) - 1, 0, -1):
            whole = unicodedata.normalize("NFC", letters[:end])
            drawn = [self.mark(mark) or () for mark in letters[end:]]
            if whole in self.known and all(drawn):
                return (Piece(whole), *_stacked(drawn))
        return None

    def mark(self, mark: str, base: str = "") -> tuple[Piece, ...] | None:
        """The pieces of a combining mark, on the letter `base` or on any; None where it has no recipe."""
        mark = signs.mark_on(base, mark)
        pieces = self.recipes.marks.get(mark) or table().marks.get(mark, ())
        return pieces if pieces and all(piece.char in self.known for piece in pieces) else None

    def _script(self, char: str) -> tuple[Piece, ...] | None:
        """Superscripts, subscripts, fractions and circled signs, by their compatibility decomposition."""
        tag, _, codes = unicodedata.decomposition(char).partition(" ")
        try:
            inner = [chr(int(code, 16)) for code in codes.split()]
        except ValueError:
            return None
        drawn = [self.pieces(c) or () for c in inner if c != "\u2044"]
        if not drawn or not all(drawn):
            return None
        if tag == "<fraction>" and "\u2044" in inner and "/" in self.known:
            slash = inner.index("\u2044")
            return (
                *_row(drawn[:slash], 0.55, -0.25 - 0.28 * slash, 0.72),
                Piece("/", 1.0, dy=-0.05),
                *_row(drawn[slash:], 0.55, 0.25 + 0.28 * (len(drawn) - slash), -0.05),
            )
        if tag in ("<super>", "<sub>"):
            return _row(drawn, 0.6, 0.0, 0.7 if tag == "<super>" else -0.35)
        if tag == "<circle>" and "O" in self.known and len(drawn) < 3:
            return (Piece("O", 1.2, wide=1.25, dy=-0.15), *_row(drawn, 0.5, 0.0, 0.3))
        return None


def _stacked(marks: list[tuple[Piece, ...]]) -> Iterator[Piece]:
    """The pieces of marks on one letter; those after a horn stand where they would without it."""
    horned = False
    for pieces in marks:
        yield replace(pieces[0], joined=True) if horned else pieces[0]
        yield from pieces[1:]
        horned = pieces[0].anchor == "across"


def _row(drawn: list[tuple[Piece, ...]], scale: float, centre: float, lift: float) -> tuple[Piece, ...]:
    """Characters side by side, smaller and lifted."""
    middle = (len(drawn) - 1) / 2
    return tuple(
        _smaller(p, scale, centre + 0.55 * (i - middle), lift) for i, pieces in enumerate(drawn) for p in pieces
    )


def _smaller(piece: Piece, scale: float, dx: float, dy: float) -> Piece:
    """A piece of a smaller sign, shifted; one that is carried to other ink goes with that."""
    small = replace(piece, scale=piece.scale * scale)
    if piece.anchor == "through":
        return small
    small = replace(
        small,
        dx=piece.dx * scale,
        width=piece.width and piece.width * scale,
        height=piece.height and piece.height * scale,
    )
    if piece.anchor == "across":
        return small
    small = replace(small, dy=piece.dy * scale)
    if piece.anchor in ("frame", "at"):
        return replace(small, dx=small.dx + dx, dy=small.dy + dy)
    return replace(small, dy=small.dy + dy) if piece.anchor in ("after", "against") else small


def _space(char: str) -> Item:
    return Item(char, "space", width=signs.SPACES[char], holds=char in signs.HOLDING)


def _positions(text: str, line: int, column: int) -> Iterator[tuple[str, int, int]]:
    for cluster in clusters(text):
        yield cluster, line, column
        if cluster in signs.NEWLINES:
            line, column = line + 1, 1
        else:
            column += len(cluster)


def _refuse(lost: list[Note]) -> None:
    if not lost:
        return
    raise MissingCharacterError(
        f"the model cannot draw {_named(lost)}; change the text, or " + option("missing", "skip", "box"),
        (note.text for note in lost),
    )


def _named(lost: list[Note]) -> str:
    named = ", ".join(f"{describe(n.text)} at line {n.line}, column {n.column}" for n in lost[:_NAMED])
    return named + (f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else "")
