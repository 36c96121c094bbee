"""Form: a sheet to write one's own letters on, and where everything stands on it.

Lengths are millimetres from the sheet's upper left corner, y down. A box is the frame itself, so what is written in
it needs no scaling: its baseline and x-height are printed.
"""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from handsynth import dials
from handsynth.errors import InputError
from handsynth.frame import STANDARD, Frame
from handsynth.learning.code import COLUMNS, PAGES, ROOM, ROWS, VERSION, Code, charset_crc

XHEIGHT = 4.0
"""mm between baseline and x-height line."""

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height; the place in this table is part of the code."""

SETS = {
    "letters": string.ascii_lowercase + string.ascii_uppercase,
    "alphanumeric": string.ascii_lowercase + string.ascii_uppercase + string.digits,
    "ascii": string.ascii_lowercase + string.ascii_uppercase + string.digits + string.punctuation,
    "western": string.ascii_lowercase + string.ascii_uppercase + string.digits + string.punctuation
    + "àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿß" + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØŒÙÚÛÜÝ" + "¡¿£€§«»‘’“”„–—…°",
}  # fmt: skip
"""Characters by name: these need not be given again when a form is read."""

CHARS: str = dials.default("template.chars")
PAPER: str = dials.default("template.paper")

REPETITIONS = int(dials.limits("template.variants")[1])
"""Most boxes for one character."""

COPY = "the quick brown fox jumps", "pack my box with five jugs"
"""Lines to copy: how far apart somebody's letters stand is not to be seen in boxes."""

MARK_INSET = 12.0
"""Of the middles of the corner marks from both edges of the sheet."""

MARK_UNIT = 1.0
"""A mark is a disc of 3 units inside a ring of 7 that is 1 thick: 1:1:3:1:1 along any line through its middle."""

SQUARE = 1.0
"""Side of a square of the code."""

LABEL_RISE = 1.3
"""From the top of a box up to the baseline of its label."""

_SIDE, _TOP, _FOOT = 10.0, 33.0, 17.0
_GAP, _STRIP = 1.4, 4.6
"""Least space between boxes, and the space above one, with its label."""
_CODE_RIGHT, _CODE_TOP = 19.0, 8.5


@dataclass(frozen=True)
class Form:
    """A form for some characters. Make one with `Form.of`."""

    chars: str
    repetitions: int | None = 1
    """Boxes for each character, beside each other; None for one, and a second for as many of the first characters as
    there is room for on the pages that are needed anyway."""
    paper: str = PAPER
    frame: Frame = STANDARD
    version: int = VERSION

    def __post_init__(self) -> None:
        if self.paper not in PAPERS:
            raise InputError(f"a form cannot be made on {self.paper!r}; use {' or '.join(PAPERS)}")
        if self.repetitions is not None and not 1 <= self.repetitions <= REPETITIONS:
            raise InputError(f"repetitions is {self.repetitions}; give a whole number from 1 to {REPETITIONS}")
        for char in self.chars:
            if unicodedata.category(char)[0] in "CZM":
                raise InputError(
                    f"U+{ord(char):04X} cannot be written in a box; leave spaces, marks and controls out of the form"
                )
        if not self.chars:
            raise InputError("a form needs at least one character; give some, or the name of a set: " + ", ".join(SETS))
        if self.pages > PAGES:
            raise InputError(f"the form would have {self.pages} pages, more than {PAGES}; give fewer characters")

    @classmethod
    def of(cls, chars: str = CHARS, repetitions: int | None = 1, paper: str = PAPER, version: int = VERSION) -> Form:
        """A form for the characters of a named set (one of SETS), or for these, each once and in this order.

        Raises InputError.
        """
        given = SETS.get(chars) or unicodedata.normalize("NFC", "".join(chars.split()))
        return cls("".join(dict.fromkeys(given)), repetitions, paper.strip().casefold(), version=version)

    @classmethod
    def from_code(cls, code: Code, chars: str | None = None) -> Form:
        """The form that a code speaks of; `chars` as for `of`, where its characters are none of SETS.

        Raises InputError where the characters are not known, or others.
        """
        paper = list(PAPERS)[code.paper]
        for known in [chars] if chars is not None else SETS:
            form = cls.of(known, None if code.repetitions == ROOM else code.repetitions, paper, code.version)
            if charset_crc(form.chars) == code.charset:
                return form
        if chars is None:
            raise InputError("the form was made for characters of its own; give the same chars again")
        raise InputError("the form was made for other characters than chars gives; give those it was made with")

    @property
    def name(self) -> str:
        """The name of the set, or nothing."""
        return next((name for name, chars in SETS.items() if chars == self.chars), "")

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        return PAPERS[self.paper]

    @property
    def pixel(self) -> float:
        """mm of one px of the frame."""
        return XHEIGHT / self.frame.xheight

    @property
    def box(self) -> float:
        """Side of a box."""
        return self.frame.size * self.pixel

    @property
    def marks(self) -> np.ndarray:
        """float64 [4,2]: middles of the corner marks, clockwise from the upper left."""
        (width, height), inset = self.size, MARK_INSET
        return np.array(
            [[inset, inset], [width - inset, inset], [width - inset, height - inset], [inset, height - inset]]
        )

    @property
    def code_box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the grid of squares."""
        right = self.size[0] - _CODE_RIGHT
        return right - COLUMNS * SQUARE, _CODE_TOP, right, _CODE_TOP + ROWS * SQUARE

    @cached_property
    def _grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Left edges of columns, top edges of rows."""
        width, height = self.size
        columns = int((width - 2 * _SIDE + _GAP) / (self.box + _GAP))
        rows = int((height - _TOP - _FOOT + _STRIP) / (self.box + _STRIP))
        return np.linspace(_SIDE, width - _SIDE - self.box, columns), _TOP + (self.box + _STRIP) * np.arange(rows)

    @property
    def gap(self) -> float:
        """Space between two boxes beside each other."""
        return float(self._grid[0][1] - self._grid[0][0]) - self.box

    @property
    def per_page(self) -> int:
        """Boxes of a full page."""
        return len(self._grid[0]) * len(self._grid[1])

    @cached_property
    def _boxes(self) -> str:
        """The character of each box of all pages, in reading order."""
        if self.repetitions is not None:
            return "".join(char * self.repetitions for char in self.chars)
        count = len(self.chars)
        lines = len(self._texts) * len(self._grid[0])
        room = -(-(count + lines) // self.per_page) * self.per_page - lines - count
        return "".join(char * (2 if i < room else 1) for i, char in enumerate(self.chars))

    @property
    def _texts(self) -> tuple[str, ...]:
        """Lines to copy, if there is room."""
        return COPY if self.version > 1 and set("".join(COPY).replace(" ", "")) <= set(self.chars) else ()

    @property
    def pages(self) -> int:
        return -(-len(self._boxes) // self.per_page)

    def code(self, page: int) -> Code:
        """What the code of this page (from 1) says."""
        paper = list(PAPERS).index(self.paper)
        repetitions = ROOM if self.repetitions is None else self.repetitions
        return Code(page, self.pages, repetitions, paper, charset_crc(self.chars), self.version)

    def written(self, page: int) -> str:
        """The character of each box of a page (from 1), in reading order."""
        return self._boxes[(page - 1) * self.per_page : page * self.per_page]

    def cells(self, page: int) -> np.ndarray:
        """float64 [n,2]: the upper left corners of the boxes of a page (from 1), in reading order."""
        across, down = self._grid
        places = np.stack(np.meshgrid(across, down), axis=2).reshape(-1, 2)
        return places[: len(self.written(page))]

    def lines(self, page: int) -> list[tuple[str, float]]:
        """Lines to copy on a page (from 1): the text, and where the row of boxes would begin in whose place it is."""
        if page != self.pages:
            return []
        across, down = self._grid
        free = down[-(-len(self.written(page)) // len(across)) :]
        return [(text, float(top)) for text, top in zip(self._texts, free, strict=False)]

    @property
    def line_ends(self) -> tuple[float, float]:
        """Where lines to copy begin and end, from the left edge of the sheet."""
        return _SIDE, self.size[0] - _SIDE
