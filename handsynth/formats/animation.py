"""Pages to files that move: GIF, WebP and APNG, as Pillow writes them, and MP4 (H.264), by FFmpeg."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from handsynth.errors import InputError
from handsynth.formats.extras import needed
from handsynth.formats.film import Film, Frame, film
from handsynth.formats.look import Look
from handsynth.layout.page import Page
from handsynth.provenance.provenance import DESCRIPTION, SOFTWARE, clean, pack

_GIF_TICK = 10
"""ms: GIF counts hundredths of a second."""

_COLOURS = 64
"""Of a GIF: shades between ink and paper."""


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
    # the colours of the finished page and of the pen, for all pictures
    key = made.at(made.track[len(made.track) // 2, 0]) if look.motion.pen_shown else made.done
    both = Image.new("RGB", (made.done.width, 2 * made.done.height))
    both.paste(made.done.convert("RGB"), (0, 0))
    both.paste(key.convert("RGB"), (0, made.done.height))
    palette = both.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    _keep(palette, made.blank)

    def small(frame: Frame) -> Image.Image:
        return frame.picture.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)

    pictures, ms = _shown(made, small, _GIF_TICK)
    _save(pictures, file, "GIF", duration=ms, optimize=False, disposal=1, comment=pack(look.facts).encode())


def _keep(palette: Image.Image, blank: Image.Image) -> None:
    """Let the colour of the paper's corner be in the palette as it is, and not near it."""
    colours = palette.getpalette() or []
    at = 3 * int(
        blank.convert("RGB").crop((0, 0, 1, 1)).quantize(palette=palette, dither=Image.Dither.NONE).tobytes()[0]
    )
    colours[at : at + 3] = blank.convert("RGB").tobytes()[:3]
    palette.putpalette(colours)


def _webp(made: Film, file: BinaryIO, look: Look) -> None:
    exif = Image.Exif()
    exif[SOFTWARE], exif[DESCRIPTION] = look.facts.get("Software", "handsynth"), pack(look.facts)
    pictures, ms = _shown(made, lambda frame: frame.picture, 1)
    _save(pictures, file, "WEBP", duration=ms, exif=exif, lossless=True, method=3, loop=1)


def _apng(made: Film, file: BinaryIO, look: Look) -> None:
    info = PngInfo()
    for key, value in {"Title": look.title, **look.facts}.items():
        info.add_text(clean(key), clean(value))
    pictures, ms = _shown(made, lambda frame: frame.picture, 1)
    _save(pictures, file, "PNG", duration=ms, pnginfo=info, loop=1, default_image=False)


def _shown(made: Film, small: Any, tick: int) -> tuple[list[Image.Image], list[int]]:
    """Pictures and how many ms each stands, whole ticks of the format's clock that do not drift."""
    pictures, ms, clock = [], [], 0
    for frame in made.frames():
        pictures.append(small(frame))
        begin, clock = clock, clock + frame.ms
        ms.append(max(tick, (round(clock / tick) - round(begin / tick)) * tick))
    return pictures, ms


def _save(pictures: list[Image.Image], file: BinaryIO, kind: str, **options: Any) -> None:
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:], **options)


def _mp4(made: Film, file: BinaryIO, look: Look) -> None:
    if look.paper[3] < 255:
        raise InputError("MP4 has no transparency; give the paper a colour, or write .webp or .apng")
    program = needed("imageio_ffmpeg", "video", "MP4").get_ffmpeg_exe()
    width, height = (side - side % 2 for side in made.done.size)  # of 4:2:0
    with tempfile.TemporaryDirectory() as folder:
        target, facts = Path(folder) / "film.mp4", Path(folder) / "facts.txt"
        facts.write_text(";FFMETADATA1\ncomment=" + _escaped(pack(look.facts)) + "\n", "ascii")
        command = [
            program, "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}",
            "-r", f"{look.motion.fps:g}", "-i", "-", "-f", "ffmetadata", "-i", str(facts), "-map", "0:v",
            "-map_metadata", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "20", "-threads", "1",
            "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-y", str(target),
        ]  # fmt: skip
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdin is not None
            clock = shown = 0.0
            try:
                for frame in made.frames():
                    clock += frame.ms * look.motion.fps / 1000
                    data = frame.picture.convert("RGB").crop((0, 0, width, height)).tobytes()
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
