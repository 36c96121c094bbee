"""Mail merge: a letter and a table to many letters, one for each row, each written anew."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.errors import InputError
from handsynth.files import atomic_path
from handsynth.formats import check_path
from handsynth.formats.picture import check_name
from handsynth.hands.hand import Hand
from handsynth.model.model import Model, opened

_FIELD = re.compile(r"\{([^{}\n]{1,200})\}")
_MARKUP = re.compile(r"([\\`*_~=\[\]<>#|])")
"""What Markdown takes for its own."""

_DELIMITERS = ",;\t"
_MOST_COLUMNS = 1000
_MOST_CELL = 1 << 20
_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')
"""What names of files cannot hold everywhere."""

ROW = "row"
"""A field that every table has: the number of the row, from 1."""


@dataclass(frozen=True)
class MergeTable:
    """A table of text, in UTF-8, whose first line names the columns; commas, semicolons or tabs part them."""

    path: Path
    columns: tuple[str, ...]
    delimiter: str

    @classmethod
    def open(cls, path: str | Path) -> MergeTable:
        """Read the names of the columns. Raises InputError."""
        source = Path(path)
        try:
            with source.open(encoding="utf-8-sig", newline="") as file:
                line = file.readline(_MOST_CELL)
        except OSError as error:
            raise InputError(f"cannot read the table {source}: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise _not_utf8(source) from error
        delimiter = max(_DELIMITERS, key=line.count)
        columns = tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter), []))
        if not any(columns):
            raise InputError(f"the table {source} is empty; its first line names the columns, like name,city")
        if len(columns) > _MOST_COLUMNS:
            raise InputError(f"the table {source} has {len(columns):,} columns; give at most {_MOST_COLUMNS:,}")
        again = next((name for i, name in enumerate(columns) if not name or name in (*columns[:i], ROW)), None)
        if again is not None:
            raise InputError(f"the table {source} has a column {again!r} that is taken or has no name; give it another")
        return cls(source, columns, delimiter)

    def rows(self) -> Iterator[dict[str, str]]:
        """The rows, one at a time; those without any text are passed over. Raises InputError."""
        number = 0
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, delimiter=self.delimiter, strict=True)
                next(reader)
                for cells in reader:
                    if not any(cell.strip() for cell in cells):
                        continue
                    number += 1
                    if len(cells) > len(self.columns):
                        raise InputError(
                            f"row {number} of {self.path} has {len(cells)} cells for {len(self.columns)} columns; "
                            "put text with commas in quotes"
                        )
                    cells += [""] * (len(self.columns) - len(cells))
                    yield dict(zip(self.columns, cells, strict=True)) | {ROW: str(number)}
        except UnicodeDecodeError as error:
            raise _not_utf8(self.path) from error
        except csv.Error as error:
            if "end of data" in str(error):
                raise InputError(f"{self.path} ends within quotes, which row {number + 1} opens; close them") from error
            raise InputError(f"row {number + 1} of {self.path} cannot be read: {error}; look at its quotes") from error
        except OSError as error:
            raise InputError(f"cannot read the table {self.path}: {error.strerror or error}") from error


def _not_utf8(path: Path) -> InputError:
    return InputError(f"the table {path} is not UTF-8; save it as CSV in UTF-8, as spreadsheets can")


def filled(template: str, row: dict[str, str], marked: bool = False) -> str:
    """`template` with the fields in braces, like {name}, of `row`; `marked`: it is Markdown, and they are none."""

    def value(match: re.Match[str]) -> str:
        text = row[match[1].strip()].strip()
        return _MARKUP.sub(r"\\\1", text) if marked else text

    return _FIELD.sub(value, template)


def check_fields(template: str, table: MergeTable, what: str) -> None:
    """Raises InputError for a field of `template`, called `what`, that the table lacks."""
    known = (*table.columns, ROW)
    for match in _FIELD.finditer(template):
        name = match[1].strip()
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise InputError(f"{what} asks for {{{name}}}{hint}; the columns of {table.path} are {', '.join(known)}")


def merge(
    table: str | Path,
    template: str,
    out: str,
    style: Style | None = None,
    *,
    hand: Hand | str | Path | None = None,
    model: Model | str | Path | None = None,
    markdown: bool = False,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write a letter for each row of the .csv file `table`, whose first line names the columns; returns the files.

    Fields of the text `template`, like {name}, become what the row has in that column; {row} is its number. `out`
    names the files, with fields, too; without any all letters go into one. `style`, `hand`, `model` and `markdown` as
    in Document. `resume` leaves files that are there as they are, `progress` is called with letters done and in all,
    `say` with what of a row is not drawn as it stands. Raises HandsynthError.

        merge("guests.csv", "Dear {name},", "out/{row}-{name}.pdf", hand="Quill")
    """
    made = Merge(template, MergeTable.open(table), str(out), style or Style(), markdown, opened(model), hand)
    return made.write(resume, progress, say or (lambda line: None))


@dataclass(frozen=True)
class Merge:
    """All letters of a template and a table."""

    template: str
    table: MergeTable
    out: str
    """The name of each file, with fields, like letters/{name}.pdf; without any all letters go into one."""
    style: Style
    markdown: bool
    model: Model
    hand: Hand | str | Path | None = None
    """In place of the style's."""

    def __post_init__(self) -> None:
        check_fields(self.template, self.table, "the template")
        check_fields(self.out, self.table, "the name of the output")

    @property
    def single(self) -> bool:
        """Whether all letters go into one file."""
        return not _FIELD.search(self.out)

    def names(self) -> list[Path]:
        """The file of each row. Raises InputError where two rows have the same, or a row asks for what cannot be."""
        folder, file = Path(self.out).parent, Path(self.out).name
        if _FIELD.search(str(folder)):
            raise InputError(f"{self.out}: fields stand in the name of the file alone, not in that of its folder")
        known: dict[str, int] = {}
        result = []
        for number, row in enumerate(self.table.rows(), 1):
            name = filled(file, {key: _UNSAFE.sub("-", text).strip(" .") for key, text in row.items()})
            first = known.setdefault(name.casefold(), number)
            if first != number:
                raise InputError(f"rows {first} and {number} would both write {name}; add {{row}} to the name")
            result.append(folder / name)
        if not result:
            raise InputError(f"the table {self.table.path} has no rows below its columns; give some")
        for path in result[:1]:
            check_name(path)
            check_path(path)
        return result

    def document(self, row: dict[str, str]) -> Document:
        """The letter of one row, by a seed of its own."""
        seed = (self.style.writing.seed + int(row[ROW])) % 2**64
        style = replace(self.style, writing=replace(self.style.writing, seed=seed))
        text = filled(self.template, row, self.markdown)
        try:
            return Document(text, style, hand=self.hand, model=self.model, markdown=self.markdown)
        except InputError as error:
            raise InputError(f"row {row[ROW]} of {self.table.path}: {error.marked}", error.option) from error

    def write(
        self,
        resume: bool = False,
        progress: Callable[[int, int], None] | None = None,
        say: Callable[[str], None] = lambda line: None,
    ) -> list[Path]:
        """Write all letters; returns the files. Raises InputError.

        `resume` leaves files that are there as they are; `say` is told what of a row is not drawn as it stands.
        """
        if self.single:
            return [self._whole(progress, say)]
        paths = self.names()
        for path, row in zip(paths, self.table.rows(), strict=True):
            if not (resume and path.is_file()):
                document = self.document(row)
                _tell(document, row[ROW], say)
                document.write(path)
            if progress:
                progress(int(row[ROW]), len(paths))
        return paths

    def _whole(self, progress: Callable[[int, int], None] | None, say: Callable[[str], None]) -> Path:
        target = Path(self.out)
        check_name(target)
        form = check_path(target)
        if not form.many:
            raise InputError(f"{self.out} holds one page; put a field like {{row}} into the name, or write a .pdf")
        total = sum(1 for _ in self.table.rows())
        if not total:
            raise InputError(f"the table {self.table.path} has no rows below its columns; give some")
        rows = self.table.rows()
        first = self.document(next(rows))
        first.check_format(target.suffix.lower())
        look = first.plan.look

        def parts() -> Iterator[object]:
            document = first
            for number in range(1, total + 1):
                _tell(document, str(number), say)
                yield from (form.part(page, look) for page in document.pages())
                if progress:
                    progress(number, total)
                if number < total:
                    document = self.document(next(rows))

        with atomic_path(target) as temporary, temporary.open("w+b") as file:
            form.join(parts(), file, look)
        return target


def _tell(document: Document, row: str, say: Callable[[str], None]) -> None:
    for line in document.report.lines():
        say(f"row {row}: {line}")
