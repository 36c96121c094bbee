"""Pages to files that move: GIF, WebP and APNG, as Pillow writes them, and MP4 (H.264), by FFmpeg."""

from __future__ import annotations

import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import GifImagePlugin, Image
from PIL.PngImagePlugin import PngInfo

from handsynth.errors import InputError
from handsynth.formats.extras import needed
from handsynth.formats.film import PEN_COLOUR, Film, FilmFrame, film
from handsynth.formats.look import Look
from handsynth.layout.page import Page
from handsynth.provenance.provenance import DESCRIPTION, SOFTWARE, clean, pack

_GIF_TICK = 10
"""ms: GIF counts hundredths of a second."""

_NO_KEYS = 100_000
"""Pictures of a WebP film between two that are whole: none need be, for it plays from its beginning."""

_COLOURS = 255
"""Of a GIF: shades between ink and paper; the pen's comes after them."""


def part(page: Page, look: Look) -> Film:
    """What the pictures are made of. Raises InputError if there are too many or too large ones, or nothing to write."""
    return film(page, look)


def join(parts: Iterator[Film], file: BinaryIO, look: Look, kind: str) -> None:
    """Write one page into `file` in the format `kind`."""
    made = next(parts)
    {"GIF": _gif, "WEBP": _webp, "PNG": _apng, "MP4": _mp4}[kind](made, file, look)


def _gif(made: Film, file: BinaryIO, look: Look) -> None:
    if look.paper[3] < 255:
        raise InputError("GIF knows no half-transparent ink; give the paper a colour, or write .webp or .apng")
    made, colours = _few_colours(made)
    width, height = made.done.size
    # GIF 89a: screen of 256 colours, comment, pictures, trailer
    file.write(struct.pack("<6s2H3B", b"GIF89a", width, height, 0xF7, 0, 0) + colours)
    file.write(b"\x21\xfe" + _blocks(pack(look.metadata).encode()))
    for frame, ticks in _ticking(made.frames(), _GIF_TICK):
        file.write(struct.pack("<4BH2B", 0x21, 0xF9, 4, 4, min(ticks, 0xFFFF), 0, 0))  # stays as it is (disposal 1)
        for data in GifImagePlugin.getdata(made.at(frame.now, frame.box), frame.box[:2]):
            file.write(data)
    file.write(b";")


def _few_colours(made: Film) -> tuple[Film, bytes]:
    """The film in a palette of 256 colours, and these: the paper's and the pen's as they are."""
    width, height = made.done.size
    both = Image.new("RGB", (width, 2 * height))
    both.paste(made.blank.convert("RGB"), (0, 0))
    both.paste(made.done.convert("RGB"), (0, height))
    few = both.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    colours = bytearray(bytes(few.getpalette() or ()).ljust(768, b"\0"))
    paper = 3 * few.crop((0, 0, 1, 1)).tobytes()[0]
    colours[paper : paper + 3] = both.crop((0, 0, 1, 1)).tobytes()
    colours[3 * _COLOURS : 3 * _COLOURS + 3] = bytes(PEN_COLOUR[:3])
    blank, done = few.crop((0, 0, width, height)), few.crop((0, height, width, 2 * height))
    return replace(made, blank=blank, done=done, pen=_COLOURS), bytes(colours)


def _blocks(data: bytes) -> bytes:
    """Data of a GIF, in pieces of up to 255 bytes, each after its length."""
    pieces = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def _ticking(frames: Iterator[FilmFrame], tick: int) -> Iterator[tuple[FilmFrame, int]]:
    """Frames, and for how many ticks of a format's clock (ms each) they stand, so that nothing drifts."""
    clock = 0
    for frame in frames:
        begin, clock = clock, clock + frame.ms
        yield frame, max(1, round(clock / tick) - round(begin / tick))


def _webp(made: Film, file: BinaryIO, look: Look) -> None:
    exif = Image.Exif()
    exif[SOFTWARE], exif[DESCRIPTION] = look.metadata.get("Software", "handsynth"), pack(look.metadata)
    frames = list(made.frames())
    pictures = (made.at(frame.now) for frame in frames)
    ms = [frame.ms for frame in frames]
    options = {"exif": exif, "lossless": True, "method": 1, "loop": 1, "kmin": _NO_KEYS - 1, "kmax": _NO_KEYS}
    next(pictures).save(file, "WEBP", save_all=True, append_images=pictures, duration=ms, **options)


def _apng(made: Film, file: BinaryIO, look: Look) -> None:
    # PNG 3: the first picture is the one that programs show which know no films
    colour = 6 if made.done.mode == "RGBA" else 2
    frames = list(made.frames())
    file.write(b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">2L5B", *made.done.size, 8, colour, 0, 0, 0)))
    for key, value in {"Title": look.title, **look.metadata}.items():
        file.write(_text(clean(key), clean(value)))
    file.write(_chunk(b"acTL", struct.pack(">2L", len(frames), 1)))
    number = 0
    for frame in frames:
        left, top, right, bottom = frame.box
        place = (right - left, bottom - top, left, top)
        file.write(_chunk(b"fcTL", struct.pack(">5L2H2B", number, *place, min(frame.ms, 0xFFFF), 1000, 0, 0)))
        rows = np.asarray(made.at(frame.now, frame.box)).reshape(bottom - top, -1)
        data = zlib.compress(np.pad(rows, ((0, 0), (1, 0))).tobytes(), 6)  # each row after its filter, 0: none
        file.write(_chunk(b"fdAT", struct.pack(">L", number + 1) + data) if number else _chunk(b"IDAT", data))
        number += 2 if number else 1
    file.write(_chunk(b"IEND", b""))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def _text(key: str, value: str) -> bytes:
    """The chunks of PNG that Pillow makes of a text, whatever its characters."""
    info = PngInfo()
    info.add_text(key, value)
    return b"".join(_chunk(name, data) for name, data, *_ in info.chunks)


def _mp4(made: Film, file: BinaryIO, look: Look) -> None:
    if look.paper[3] < 255:
        raise InputError("MP4 has no transparency; give the paper a colour, or write .webp or .apng")
    program = needed("imageio_ffmpeg", "video", "MP4").get_ffmpeg_exe()
    width, height = (side - side % 2 for side in made.done.size)  # of 4:2:0
    with tempfile.TemporaryDirectory() as folder:
        target, metadata = Path(folder) / "film.mp4", Path(folder) / "metadata.txt"
        metadata.write_text(";FFMETADATA1\ncomment=" + _escaped(pack(look.metadata)) + "\n", "ascii")
        command = [
            program, "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}",
            "-r", f"{look.motion.fps:g}", "-i", "-", "-f", "ffmetadata", "-i", str(metadata), "-map", "0:v",
            "-map_metadata", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "20", "-threads", "1",
            "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-y", str(target),
        ]  # fmt: skip
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdin is not None
            clock = shown = 0.0
            try:
                for frame in made.frames():
                    clock += frame.ms * look.motion.fps / 1000
                    data = made.at(frame.now).convert("RGB").crop((0, 0, width, height)).tobytes()
                    while shown < clock - 0.5:
                        running.stdin.write(data)
                        shown += 1
            except BrokenPipeError:
                pass
            _, said = running.communicate()
        if running.returncode:
            raise InputError(f"FFmpeg could not make the film: {said.decode(errors='replace').strip()[:200]}")
        file.write(target.read_bytes())


def _escaped(text: str) -> str:
    """As FFmpeg's metadata files want it: =, ;, # and the backslash after a backslash."""
    return "".join("\\" + char if char in "=;#\\" else char for char in text)
