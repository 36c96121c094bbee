"""Forms to files: PDF, SVG and PNG of the same drawing.

Guides are printed in a light orange: it vanishes in the red channel of a photo, where black and blue ink do not.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from handsynth import __version__, dials
from handsynth.errors import OutputError, option
from handsynth.files import atomic_path, check_place
from handsynth.formats.vector import decimal
from handsynth.learning import lettering
from handsynth.learning.code import squares
from handsynth.learning.form import LABEL_RISE, MARK_UNIT, SQUARE, XHEIGHT, Form
from handsynth.learning.lettering import Polygons
from handsynth.units import MM_PER_INCH

RGB = tuple[int, int, int]

BLACK, TEXT, LABEL, NOTE = (0, 0, 0), (58, 58, 62), (112, 112, 116), (150, 150, 154)
EDGE, GUIDE, BASE = (255, 216, 178), (255, 220, 186), (255, 186, 128)
"""Of a box, its x-height line and its baseline."""

EDGE_WIDTH, GUIDE_WIDTH, BASE_WIDTH = 0.25, 0.22, 0.3

DPI = 300
"""Of PNG files."""

_NOTES = {
    "I": "capital i", "l": "small L", "|": "bar", "O": "letter", "o": "letter", "0": "zero", "1": "one",
    "'": "quote", "`": "grave", ",": "comma", ".": "period", "-": "hyphen", "_": "low line", "–": "short dash",
    "—": "long dash", "‘": "left", "’": "right", "“": "left", "”": "right", "„": "low", "…": "dots",
    ":": "colon", ";": "semicolon", '"': "quotes", "^": "caret", "~": "tilde", "°": "degree",
}  # fmt: skip
"""What is said beside a label that could be mistaken."""

ENDINGS = ".pdf", ".svg", ".png"


@dataclass
class PrintedPage:
    """One printed page, in mm, in the order in which it is drawn: lines, discs, outlines."""

    width: float
    height: float
    lines: list[tuple[float, float, float, float, float, RGB]] = field(default_factory=list)
    """x0, y0, x1, y1, width, colour; cut square at the ends."""
    discs: list[tuple[float, float, float, RGB]] = field(default_factory=list)
    """x, y, diameter, colour."""
    outlines: list[tuple[Polygons, RGB]] = field(default_factory=list)
    """Filled by the even-odd rule."""

    def text(self, words: str, size: float, x: float, y: float, colour: RGB, anchor: str = "left") -> None:
        contours = lettering.line(words, size, x, y, anchor)
        if contours:
            self.outlines.append((contours, colour))


def draw(form: Form, page: int) -> PrintedPage:
    """What is printed on a page (from 1) of a form."""
    width, height = form.size
    drawing = PrintedPage(width, height)
    for x, y in form.marks.tolist():
        for units, colour in ((7, BLACK), (5, (255, 255, 255)), (3, BLACK)):
            drawing.discs.append((x, y, units * MARK_UNIT, colour))
    left, top, right, bottom = form.code_box
    for row, dark in enumerate(squares(form.code(page))):
        y = top + (row + 0.5) * SQUARE
        # neighbours are one bar, so that no viewer shows a seam
        edges = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]])))
        for start, stop in edges.reshape(-1, 2).tolist():
            drawing.lines.append((left + start * SQUARE, y, left + stop * SQUARE, y, SQUARE, BLACK))
    _head(drawing, form, page)
    for (x, y), char in zip(form.cells(page).tolist(), form.written(page), strict=True):
        _cell(drawing, form, x, y, char)
    for text, y in form.lines(page):
        _line(drawing, form, text, y)
    return drawing


def _head(drawing: PrintedPage, form: Form, page: int) -> None:
    width, height = form.size
    drawing.text("Your handwriting", 6.4, 20.0, 14.6, TEXT)
    drawing.text(
        "Write each character in its box, on the darker line, as you usually write: same size, same slant.",
        2.75, 20.0, 20.4, TEXT,
    )  # fmt: skip
    drawing.text(
        "Small letters reach up to the upper line. A dark pen is best. Leave a box empty rather than correct it.",
        2.75, 20.0, 24.4, TEXT,
    )  # fmt: skip
    pages = f"page {page} of {form.pages}   ·   " if form.pages > 1 else ""
    times = f", {form.repetitions} times each" if form.repetitions and form.repetitions > 1 else ""
    what = f"{form.name or 'own set'}: {len(form.chars)} characters{times}"
    drawing.text(
        f"{pages}{what}   ·   photograph or scan the whole sheet, all four round marks in view   ·   "
        f"handsynth form {form.version}",
        2.4, width / 2, height - 11.2, LABEL, "middle",
    )  # fmt: skip


def _line(drawing: PrintedPage, form: Form, text: str, y: float) -> None:
    """A line to copy, with the guides that boxes have."""
    left, right = form.line_ends
    base = y + form.frame.baseline * form.pixel
    drawing.lines += [
        (left, base - XHEIGHT, right, base - XHEIGHT, GUIDE_WIDTH, GUIDE),
        (left, base, right, base, BASE_WIDTH, BASE),
    ]
    drawing.text(text, 3.0, left, y - LABEL_RISE, LABEL)
    note = "copy this line: letters that do not touch, as far apart as you usually write"
    drawing.text(note, 1.9, left + lettering.width(text, 3.0) + 3.0, y - LABEL_RISE, NOTE)


def _cell(drawing: PrintedPage, form: Form, x: float, y: float, char: str) -> None:
    side, half = form.box, EDGE_WIDTH / 2
    base = y + form.frame.baseline * form.pixel
    right, bottom = x + side, y + side
    drawing.lines += [
        (x, base - XHEIGHT, right, base - XHEIGHT, GUIDE_WIDTH, GUIDE),
        (x - half, y, right + half, y, EDGE_WIDTH, EDGE),
        (x - half, bottom, right + half, bottom, EDGE_WIDTH, EDGE),
        (x, y, x, bottom, EDGE_WIDTH, EDGE),
        (right, y, right, bottom, EDGE_WIDTH, EDGE),
        (x, base, right, base, BASE_WIDTH, BASE),
    ]
    size, gap, small = 3.0, 0.8, 1.9
    note = _NOTES.get(char, "")
    wide = lettering.width(char, size)
    both = wide + (gap + lettering.width(note, small) if note else 0.0)
    start = x + (side - both) / 2
    drawing.text(char, size, start, y - LABEL_RISE, LABEL)
    drawing.text(note, small, start + wide + gap, y - LABEL_RISE, NOTE)


def template(
    path: str | Path,
    chars: str = "ascii",
    variants: int | None = None,
    paper: str = "a4",
    *,
    dpi: float = DPI,
) -> tuple[Form, list[Path]]:
    """Write a form to write one's own letters on, of which `learn` makes a hand; returns it and all files.

    `path` ends in .pdf, or in .svg or .png, where each page of several has a file, with its number. `chars` is the name
    of a set (letters, alphanumeric, ascii or western) or the characters themselves, `variants` how many boxes each has
    (None: as many as there is room for), `paper` a4 or letter; `dpi` is of .png. Raises InputError and OutputError.
    """
    if variants is not None:
        dials.DIALS["template.variants"].check(variants, option("variants"))
    form = Form.of(chars, variants, paper)
    return form, write(form, path, dpi)


def write(form: Form, path: str | Path, dpi: float = DPI) -> list[Path]:
    """Write a form as PDF, or as SVG or PNG (a numbered file for each page where there are several).

    Returns the files. Raises OutputError.
    """
    dials.check("dpi", dpi)
    target = Path(path)
    if target.suffix.lower() not in ENDINGS:
        raise OutputError(f"cannot write {target}: a form ends in {', '.join(ENDINGS)}", target)
    check_place(target)
    written = []
    for ending, data in encoded(form, target.suffix, dpi):
        name = target.with_name(f"{target.stem}{ending}")
        with atomic_path(name) as temporary:
            temporary.write_bytes(data)
        written.append(name)
    return written


def encoded(form: Form, suffix: str, dpi: float = DPI) -> Iterator[tuple[str, bytes]]:
    """The files of a form in a format of ENDINGS: how the name of each ends, and its bytes."""
    kind = suffix.lower()
    if kind == ".pdf":
        yield suffix, pdf(form)
        return
    for number in range(1, form.pages + 1):
        drawing = draw(form, number)
        yield suffix if form.pages == 1 else f"-{number:03d}{suffix}", _encoded(drawing, kind, dpi)


def _encoded(drawing: PrintedPage, kind: str, dpi: float) -> bytes:
    if kind == ".svg":
        return svg(drawing).encode("utf-8")
    file = io.BytesIO()
    picture(drawing, dpi).save(file, "PNG", dpi=(dpi, dpi))
    return file.getvalue()


def picture(drawing: PrintedPage, dpi: float = DPI) -> Image.Image:
    """A drawing as an RGB picture."""
    from handsynth.formats import marks

    k = dpi / MM_PER_INCH
    image = Image.new("RGB", (round(drawing.width * k), round(drawing.height * k)), (255, 255, 255))
    shape = image.height, image.width
    of_colour: dict[RGB, list[tuple[float, ...]]] = {}
    for *numbers, colour in drawing.lines:
        of_colour.setdefault(colour, []).append(tuple(numbers))
    for colour, lines in of_colour.items():
        mask = np.zeros(shape, np.uint8)
        marks.lines(mask, np.array(lines) * k)
        image.paste(colour, mask=Image.fromarray(mask))
    for x, y, diameter, colour in drawing.discs:
        low = np.floor([(x - diameter) * k, (y - diameter) * k]).astype(int)
        mask = np.zeros((math.ceil(2 * diameter * k) + 2,) * 2, np.uint8)
        marks.dots(mask, np.array([[x * k - low[0], y * k - low[1], diameter * k]]))
        image.paste(colour, (int(low[0]), int(low[1])), Image.fromarray(mask))
    for contours, colour in drawing.outlines:
        left, top, filled = _filled(contours, k)
        image.paste(colour, (left, top), filled)
    return image


_FINE = 4
"""Times that letters are drawn larger, and averaged."""


def _filled(contours: Polygons, k: float) -> tuple[int, int, Image.Image]:
    """Left, top and coverage of outlines at k px per mm."""
    t = np.linspace(0, 1, 9)[:-1, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    flat = [(np.einsum("tp,kpd->ktd", weights, contour).reshape(-1, 2) * k) for contour in contours]
    every = np.concatenate(flat)
    low, high = np.floor(every.min(axis=0)).astype(int), np.ceil(every.max(axis=0)).astype(int) + 1
    size = tuple(((high - low) * _FINE).tolist())
    whole = Image.new("1", size)
    for points in flat:
        one = Image.new("1", size)
        ImageDraw.Draw(one).polygon([tuple(point) for point in ((points - low) * _FINE).tolist()], fill=1)
        whole = ImageChops.logical_xor(whole, one)
    return int(low[0]), int(low[1]), whole.convert("L").reduce(_FINE)


def svg(drawing: PrintedPage) -> str:
    """A drawing as an SVG file."""
    width, height = decimal(drawing.width), decimal(drawing.height)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}">\n<title>A form for your handwriting</title>\n'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/>\n'
    ]
    for x0, y0, x1, y1, wide, colour in drawing.lines:
        ends = f"M{decimal(x0)} {decimal(y0)}L{decimal(x1)} {decimal(y1)}"
        parts.append(f'<path d="{ends}" stroke="{_hex(colour)}" stroke-width="{decimal(wide)}"/>\n')
    for x, y, diameter, colour in drawing.discs:
        place = f'cx="{decimal(x)}" cy="{decimal(y)}" r="{decimal(diameter / 2)}"'
        parts.append(f'<circle {place} fill="{_hex(colour)}"/>\n')
    for contours, colour in drawing.outlines:
        path = "".join(
            f"M{_pair(contour[0, 0])}" + "".join("C" + " ".join(map(_pair, curve[1:])) for curve in contour) + "Z"
            for contour in contours
        )
        parts.append(f'<path fill="{_hex(colour)}" fill-rule="evenodd" d="{path}"/>\n')
    return "".join([*parts, "</svg>\n"])


def pdf(form: Form) -> bytes:
    """All pages of a form as a PDF file."""
    from handsynth.formats.look import Look
    from handsynth.formats.pdf import PdfPage, join

    k = 72 / MM_PER_INCH
    drawings = (draw(form, page) for page in range(1, form.pages + 1))
    parts = (
        PdfPage(d.width * k, d.height * k, zlib.compress(_content(d, k).encode("ascii")), (), ()) for d in drawings
    )
    metadata = {"Software": f"handsynth {__version__}"}
    file = io.BytesIO()
    join(parts, file, Look(metadata=metadata, title="A form for your handwriting"))
    return file.getvalue()


def _content(drawing: PrintedPage, k: float) -> str:
    """Operators of a content stream (ISO 32000-1, 8.5)."""
    parts = [f"q {decimal(k, 6)} 0 0 -{decimal(k, 6)} 0 {decimal(drawing.height * k)} cm 0 J\n"]
    for x0, y0, x1, y1, wide, colour in drawing.lines:
        ends = f"{decimal(x0)} {decimal(y0)} m {decimal(x1)} {decimal(y1)} l S"
        parts.append(f"{_ink(colour, 'RG')} {decimal(wide)} w {ends}\n")
    parts.append("1 J\n")
    for x, y, diameter, colour in drawing.discs:
        # a line of no length with round ends is a disc
        at = f"{decimal(x)} {decimal(y)}"
        parts.append(f"{_ink(colour, 'RG')} {decimal(diameter)} w {at} m {at} l S\n")
    for contours, colour in drawing.outlines:
        parts.append(_ink(colour, "rg") + "\n")
        for contour in contours:
            parts.append(_pair(contour[0, 0]) + " m\n")
            parts += [" ".join(map(_pair, curve[1:])) + " c\n" for curve in contour]
            parts.append("h\n")
        parts.append("f*\n")
    return "".join([*parts, "Q\n"])


def _pair(point: np.ndarray) -> str:
    return f"{decimal(float(point[0]), 3)} {decimal(float(point[1]), 3)}"


def _ink(colour: RGB, operator: str) -> str:
    return " ".join(decimal(value / 255, 3) for value in colour) + f" {operator}"


def _hex(colour: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
