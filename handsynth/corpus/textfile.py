"""A text file of any size as numbered lines: a sparse index in memory, the text itself never."""

from __future__ import annotations

import codecs
import hashlib
import mmap
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from handsynth.errors import HandsynthError, InputError

WINDOW = 1 << 16
"""Bytes: of a longer line only so many are looked at."""

_CHUNK = 1 << 20
_STRIDE = 64
"""Lines between two entries of the index, at most."""

_NEWLINE, _BLANK = 10, 32


@dataclass(frozen=True, eq=False)
class TextFile:
    """The lines of a UTF-8 file that are not blank, from number 0 on. `TextFile.open` makes it; it can be pickled."""

    path: Path
    size: int
    """Bytes."""
    digest: str
    """SHA-256 of the file, hexadecimal."""
    count: int
    """Lines that are not blank."""
    listed: bool
    """Whether it is a list of words: no line has more than one."""
    _numbers: np.ndarray
    """int64 [e] of the indexed lines, rising from 0; every 64th, and the first that begins in each 64 KB."""
    _offsets: np.ndarray
    """int64 [e]: where they begin."""
    _held: list[mmap.mmap] = field(default_factory=list)

    @classmethod
    def open(cls, path: str | Path) -> TextFile:
        """Read the file once, in parts, and remember where its lines are. Raises InputError if it is no UTF-8 text."""
        source = Path(path)
        if source.exists() and not source.is_file():
            raise InputError(f"{source} is no ordinary file; give a text file")
        scan = _Scan(source)
        try:
            with source.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    scan.add(chunk)
        except HandsynthError:
            raise
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InputError(f"cannot read the text {source}: {reason}; give a text file") from error
        scan.end()
        if not scan.lines:
            raise InputError(f"the text {source} is {'blank' if scan.size else 'empty'}; give a file with some text")
        numbers, offsets = (np.concatenate(parts) for parts in (scan.numbers, scan.offsets))
        return cls(source, scan.size, scan.hash.hexdigest(), scan.lines, scan.words == scan.lines, numbers, offsets)

    def line(self, number: int) -> str:
        """Line `number`, without its end, its words parted by single blanks; of a very long line the first 64 KB."""
        begin, end = self._span(number)
        return _clean(self._bytes()[begin : min(end, begin + WINDOW)])

    def part(self, number: int, share: float) -> str:
        """As `line`, but of a very long line the 64 KB that begin at `share` (0 … 1) of what can be left out."""
        begin, end = self._span(number)
        spare = end - begin - WINDOW
        if spare <= 0:
            return self.line(number)
        begin += int(share * spare)
        # the words at both ends may be cut
        cut = _clean(self._bytes()[begin : begin + WINDOW]).split(" ")
        return " ".join(cut[1:-1] or cut)

    def paragraph(self, number: int, most: int) -> tuple[str, int]:
        """Lines from `number` on up to a blank one or to `most` characters, as one; and how many they are."""
        data = self._bytes()
        begin, end = self._span(number)
        parts, length = [self.line(number)], 0
        while end < len(data) and (length := length + len(parts[-1]) + 1) < most:
            begin, end = end + 1, _line_end(data, end + 1)
            text = _clean(data[begin : min(end, begin + WINDOW)])
            if not text:
                break
            parts.append(text)
        return " ".join(parts), len(parts)

    def _span(self, number: int) -> tuple[int, int]:
        """Where line `number` begins and ends, in bytes."""
        data = self._bytes()
        entry = int(np.searchsorted(self._numbers, number, "right")) - 1
        begin, left = int(self._offsets[entry]), number - int(self._numbers[entry])
        following = int(self._numbers[entry + 1]) if entry + 1 < len(self._numbers) else -1
        while True:
            end = data.find(b"\n", begin, begin + WINDOW + 1)
            if end < 0 and not left and following == number + 1:
                # a long line: its end is not looked for byte by byte
                end = int(self._offsets[entry + 1]) - 1
            elif end < 0:
                end = _line_end(data, begin)
            if _inked(data[begin : min(end, begin + WINDOW)]) or end - begin > WINDOW:
                if not left:
                    return begin, end
                left -= 1
            begin = end + 1

    def _bytes(self) -> mmap.mmap:
        if not self._held:
            try:
                with self.path.open("rb") as file:
                    self._held.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or error
                raise InputError(f"cannot read the text {self.path}: {reason}; it was there before") from error
        if len(self._held[0]) != self.size:
            raise InputError(f"the text {self.path} has changed since it was looked through; leave it, or begin again")
        return self._held[0]

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_held": []}


class _Scan:
    """What is known of a file whose parts are added one after another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = self.lines = self.words = 0
        self.numbers: list[np.ndarray] = []
        self.offsets: list[np.ndarray] = []
        self.hash = hashlib.sha256()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._start = 0  # of the line that is not yet ended
        self._inked = False  # whether there is something on it
        self._within = False  # whether the last byte was part of a word
        self._last = -1  # where the last line began that is not blank

    def add(self, chunk: bytes) -> None:
        self.hash.update(chunk)
        self._decode(chunk)
        data = np.frombuffer(chunk, np.uint8)
        if (null := chunk.find(b"\0")) >= 0:
            raise InputError(
                f"the text {self.path} has a null at byte {self.size + null}: it is UTF-16 or no text; save it as UTF-8"
            )
        ink = data > _BLANK
        if not self.size and chunk.startswith(codecs.BOM_UTF8):
            ink[:3] = False
            self._start = 3
        before = np.concatenate([[self._within], ink[:-1]])
        self.words += int(np.count_nonzero(ink & ~before))
        self._within = bool(ink[-1])
        ends = np.flatnonzero(data == _NEWLINE)
        if len(ends):
            total = np.cumsum(ink, dtype=np.int32)[ends]
            inked = np.diff(total, prepend=0) > 0
            inked[0] |= self._inked
            starts = np.concatenate([[self._start], self.size + ends[:-1] + 1])
            self._enter(starts[inked])
            self._start, self._inked = self.size + int(ends[-1]) + 1, False
            ink = ink[ends[-1] + 1 :]
        self._inked |= bool(ink.any())
        self.size += len(chunk)

    def end(self) -> None:
        self._decode(b"", final=True)
        if self._inked:
            self._enter(np.array([self._start]))

    def _enter(self, starts: np.ndarray) -> None:
        """Some of the next lines, which begin at `starts`, into the index."""
        numbers = self.lines + np.arange(len(starts))
        self.lines += len(starts)
        if not len(starts):
            return
        far = np.diff(starts // WINDOW, prepend=self._last // WINDOW) > 0
        kept = far | (numbers % _STRIDE == 0)
        if kept.any():
            self.numbers.append(numbers[kept].astype(np.int64))
            self.offsets.append(starts[kept].astype(np.int64))
        self._last = int(starts[-1])

    def _decode(self, chunk: bytes, final: bool = False) -> None:
        pending = len(self._decoder.getstate()[0])
        try:
            self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            place = self.size - pending + error.start
            raise InputError(
                f"the text {self.path} is not UTF-8: byte {place} is 0x{error.object[error.start]:02x}; "
                "save it as UTF-8"
            ) from None


def _line_end(data: mmap.mmap, begin: int) -> int:
    end = data.find(b"\n", begin)
    return len(data) if end < 0 else end


def _inked(raw: bytes) -> bool:
    return bool(raw.strip(_BLANKS))


_BLANKS = bytes(range(_BLANK + 1))


def _clean(raw: bytes) -> str:
    """Text of bytes that may be cut within a character, its words parted by single blanks."""
    return " ".join(raw.decode("utf-8", "ignore").split())
