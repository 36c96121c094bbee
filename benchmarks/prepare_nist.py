"""Prepare a made-up NIST SD19: images per second and peak memory.

    python benchmarks/prepare_nist.py --images 100000 --workers 1

NIST SD19's by_class.zip has 814,255 images. The zip made here has as many members as asked for, in the same folders,
each a 128x128 PNG of a letter; only a few hundred of them differ, which makes no difference to the reader.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CHARS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def picture(char: str, size: int) -> bytes:
    """A letter, black on white, as PNG."""
    image = Image.new("L", (128, 128), 255)
    ImageDraw.Draw(image).text((64, 64), char, 0, ImageFont.load_default(size), anchor="mm")
    buffer = io.BytesIO()
    image.convert("1").save(buffer, "png")
    return buffer.getvalue()


def make_zip(path: Path, count: int) -> None:
    """Write `count` members like those of by_class.zip."""
    pictures = {(char, size): picture(char, size) for char in CHARS for size in (60, 75, 90)}
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(count):
            char, part = CHARS[number % 62], "0123467"[number // 62 % 7]
            name = f"by_class/{ord(char):02x}/hsf_{part}/hsf_{part}_{number // 62:06d}.png"
            archive.writestr(name, pictures[char, 60 + 15 * (number % 3)])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--images", type=int, default=20_000)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--placement", choices=("frame", "resize"), default="frame")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "by_class.zip"
        make_zip(source, asked.images)
        command = [sys.executable, "-m", "train", "prepare", "--nist", str(source), "-o", f"{folder}/set"]
        command += ["--workers", str(asked.workers), "--placement", asked.placement]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True)
        wall = time.perf_counter() - start
        print(done.stdout.strip())
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime
        # kilobytes on Linux, of the largest process
        rate, peak = asked.images / wall, used.ru_maxrss / 1024
        print(f"{asked.images} images in {wall:.1f} s: {rate:.0f}/s, peak RSS {peak:.0f} MB")
        print(f"CPU time, start included: {cpu:.1f} s, {asked.images / cpu:.0f}/s")


if __name__ == "__main__":
    main()
