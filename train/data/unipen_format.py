"""The UNIPEN 1.0 text format: pen components and the segments that name them.

Format: Guyon et al., "UNIPEN project of on-line data exchange and recognizer benchmarks", ICPR 1994; its
definition file is unipen.def of the International Unipen Foundation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from handsynth.errors import DataError

KEYWORD = re.compile(r"\.([A-Z][A-Z_0-9]*)(?:\s+|$)")
DEPTH = 8
"""Includes within includes, at most."""
FILES, BYTES = 10_000, 1 << 28
"""Of one recording with all that it includes, at most."""
SEGMENT = re.compile(
    r'(?P<level>\S+)\s+(?P<where>[^"\s]+)(?:\s+(?P<quality>[^"\s]+))?\s*(?:"(?P<label>(?:\\.|[^"\\])*)")?',
    re.DOTALL,
)
PIECE = re.compile(r"(\d{1,9})(?::(\d{1,9}))?(?:-(\d{1,9})(?::(\d{1,9}))?)?")
ESCAPES = {"t": "\t", "n": "\n"}
MM_PER_INCH = 25.4


@dataclass
class Component:
    """The pen's way from one change of pen state to the next."""

    down: bool
    points: np.ndarray | None
    """[n,2] in mm (in the tablet's own steps where its scale is not told), x right, y down; None if
    malformed."""
    writer: str
    place: str
    """file:line"""


@dataclass
class Segment:
    """One `.SEGMENT`: a label for a range of components."""

    level: str
    where: str
    quality: str
    label: str | None
    place: str


@dataclass
class Recording:
    """All that one file and its includes hold."""

    components: list[Component] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    def strokes(self, segment: Segment) -> tuple[list[np.ndarray], str]:
        """The pen-down strokes of a segment and its writer.

        Raises DataError, with file and line, if it names components that do not exist or have malformed
        points.
        """
        strokes: list[np.ndarray] = []
        writer: str | None = None
        for piece in segment.where.split(","):
            match = PIECE.fullmatch(piece)
            if match is None:
                raise DataError(f"{segment.place}: {segment.where!r} names no components; correct or remove this line")
            first = int(match[1])
            last = first if match[3] is None else int(match[3])
            if last < first or last >= len(self.components):
                raise DataError(
                    f"{segment.place}: components {piece} do not exist, the file has {len(self.components)}"
                )
            for number in range(first, last + 1):
                component = self.components[number]
                if not component.down:
                    continue
                if component.points is None:
                    raise DataError(f"{component.place}: the points are not rows of numbers")
                begin = int(match[2]) if number == first and match[2] is not None else 0
                end = int(match[4]) + 1 if number == last and match[4] is not None else None
                if match[3] is None and match[2] is not None:
                    end = begin + 1
                points = component.points[begin:end]
                if len(points):
                    strokes.append(points)
                    writer = component.writer if writer is None else writer
        return strokes, writer or ""


def read_unipen(path: Path, include: Path, root: Path | None = None) -> Recording:
    """Read a UNIPEN file; `.INCLUDE` paths are relative to `include`. Messages name files relative to `root`.

    A component with malformed points is kept as such, for it may belong to no segment. Raises DataError with
    file and line for what makes the rest meaningless: includes that are missing, outside `include` or
    endless, bad `.COORD`.
    """
    reader = _Parser(include, root)
    reader.file(path, 0)
    return reader.recording


def statements(text: str) -> Iterator[tuple[int, str, str]]:
    """(line number from 1, keyword, arguments) of each statement; a keyword is a dot and capitals in column
    1."""
    keyword, start = "", 0
    parts: list[str] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        match = KEYWORD.match(line)
        if match:
            if keyword:
                yield start, keyword, "\n".join(parts)
            keyword, start, parts = match[1], number, [line[match.end() :]]
        else:
            parts.append(line)
    if keyword:
        yield start, keyword, "\n".join(parts)


def unescape(label: str) -> str:
    r"""Undo the escapes of a label: `\"`, `\\`, `\t`, `\n`; white space within counts as spaces."""
    label = re.sub(r"[\t\r\n]", " ", label)
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[1]), label)


class _Parser:
    def __init__(self, include: Path, root: Path | None) -> None:
        self.include, self.root = include, root
        self.recording = Recording()
        self.columns = ["X", "Y"]
        self.per_mm: dict[str, float | None] = {"X": None, "Y": None}
        self.writer = ""
        self.files = self.bytes = 0

    def file(self, path: Path, depth: int) -> None:
        try:
            self.files += 1
            self.bytes += path.stat().st_size
            if self.files > FILES or self.bytes > BYTES:
                raise DataError(
                    f"{path}: with all that is included there are more than {FILES:,} files or {BYTES >> 20} MB; "
                    "files include each other again and again"
                )
            text = path.read_bytes().decode("latin-1")
        except OSError as error:
            raise DataError(f"cannot read {path}: {error.strerror or error}") from error
        name = path.relative_to(self.root) if self.root and path.is_relative_to(self.root) else path
        for line, keyword, rest in statements(text):
            self.statement(f"{name.as_posix()}:{line}", keyword, rest, depth)

    def statement(self, place: str, keyword: str, rest: str, depth: int) -> None:
        if keyword in ("PEN_DOWN", "PEN_UP"):
            # a component without points is none: segments do not count it
            if not rest.strip():
                return
            down = keyword == "PEN_DOWN"
            points = self.points(rest) if down else None
            self.recording.components.append(Component(down, points, self.writer, place))
        elif keyword == "SEGMENT":
            match = SEGMENT.match(rest.strip())
            if match:
                label = None if match["label"] is None else unescape(match["label"])
                quality = match["quality"] or "?"
                segment = Segment(match["level"].upper(), match["where"], quality.upper(), label, place)
                self.recording.segments.append(segment)
        elif keyword == "COORD":
            self.columns = rest.upper().split()
            if not {"X", "Y"} <= set(self.columns) or len(self.columns) > 32:
                raise DataError(f"{place}: .COORD must name X and Y; correct the line")
        elif keyword in ("X_POINTS_PER_INCH", "Y_POINTS_PER_INCH", "X_POINTS_PER_MM", "Y_POINTS_PER_MM"):
            self.per_mm[keyword[0]] = self.scale(place, rest) / (MM_PER_INCH if keyword.endswith("INCH") else 1.0)
        elif keyword == "WRITER_ID":
            self.writer = rest.split()[0] if rest.split() else ""
        elif keyword == "INCLUDE":
            self.included(place, rest.split("\n")[0].strip(), depth)

    def scale(self, place: str, rest: str) -> float:
        try:
            value = float(rest.split()[0])
        except (IndexError, ValueError):
            value = 0.0
        if not 1e-3 < value < 1e6:
            raise DataError(f"{place}: the scale must be a number above 0, not {rest.strip()[:40]!r}")
        return value

    def points(self, rest: str) -> np.ndarray | None:
        try:
            numbers = np.array(rest.split(), np.float64)
        except ValueError:
            return None
        width = len(self.columns)
        if len(numbers) % width or not np.all(np.abs(numbers) < 1e7):
            return None
        rows = numbers.reshape(-1, width)
        x, y = rows[:, self.columns.index("X")], rows[:, self.columns.index("Y")]
        # a tablet that tells one scale only has square steps
        per_x, per_y = (
            self.per_mm["X"] or self.per_mm["Y"] or 1.0,
            self.per_mm["Y"] or self.per_mm["X"] or 1.0,
        )
        return np.stack([x / per_x, -y / per_y], axis=1)

    def included(self, place: str, name: str, depth: int) -> None:
        relative = PurePosixPath(name.replace("\\", "/"))
        outside = relative.is_absolute() or ".." in relative.parts or ":" in name
        if not name.isprintable() or not 0 < len(name) < 256 or outside:
            raise DataError(f"{place}: .INCLUDE {name[:80]!r} leads out of {self.include}; correct the line")
        if depth >= DEPTH:
            raise DataError(f"{place}: includes are nested more than {DEPTH} deep: a file includes itself")
        path = self.include / relative
        if not path.is_file():
            raise DataError(f"{place}: included file {path} is missing; unpack the whole release")
        self.file(path, depth + 1)
