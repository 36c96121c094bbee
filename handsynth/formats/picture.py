"""Picture: a Pillow image that knows what made it, and writes that into its file."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from handsynth.dials.renamed import renamed
from handsynth.errors import OutputError
from handsynth.files import atomic_path
from handsynth.provenance.provenance import DESCRIPTION, NOT_METADATA, SOFTWARE, clean, pack

RASTER = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
"""Formats by file ending, as Pillow names them."""

RUNS = zlib.Z_RLE
"""Run lengths alone: for grey handwriting smaller and faster than a search for repeats."""

_WIDE, _HIGH, _UNIT, _INCH = 0x011A, 0x011B, 0x0128, 2  # Exif 2.3, table 3: resolution


def check_name(path: str | Path) -> None:
    """Raises OutputError for a path that no file system can hold."""
    try:
        whole = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        whole = False
    if not whole:
        raise OutputError(f"cannot write {str(path)!r}: it is no file name; give another", path)


class Picture(Image.Image):
    """A Pillow image (it shows itself in Jupyter) whose file says what made it."""

    metadata: dict[str, str]
    dpi: float
    title: str
    facts = renamed("Picture", "facts", "metadata")

    @classmethod
    def of(cls, image: Image.Image, metadata: Mapping[str, str], dpi: float, title: str = "Handwriting") -> Picture:
        """`image` itself, with `metadata`, its resolution and its title."""
        image.__class__ = cls
        assert isinstance(image, cls)
        # a name may hold what no file format can
        image.metadata, image.dpi, image.title = (
            {key: clean(value) for key, value in metadata.items()},
            dpi,
            clean(title),
        )
        image.info["dpi"] = (dpi, dpi)
        return image

    def recorded(self, command: list[str]) -> Picture:
        """Itself, with the arguments of the command that makes it again."""
        self.metadata = self.metadata | {"Command": clean(json.dumps(command, ensure_ascii=False))}
        return self

    def __getstate__(self) -> list[Any]:
        return [super().__getstate__(), self.metadata, self.dpi, self.title]

    def __setstate__(self, state: list[Any]) -> None:
        image, self.metadata, self.dpi, self.title = state
        super().__setstate__(image)

    def save(self, fp: Any, format: str | None = None, **params: Any) -> None:
        """As in Pillow; a path gets the whole file or nothing. Raises OutputError."""
        if isinstance(fp, str | Path):
            check_name(fp)
            kind = format or RASTER.get(Path(fp).suffix.lower())
            if kind is None:
                raise OutputError(f"cannot write {fp}: unknown file ending; use one of {', '.join(RASTER)}", fp)
            with atomic_path(fp) as path, path.open("wb") as file:
                self._write(file, kind, fp, params)
        else:
            self._write(fp, format or "PNG", None, params)

    def _write(self, file: IO[bytes], kind: str, path: str | Path | None, params: dict[str, Any]) -> None:
        kind, name = kind.upper(), path or "the picture"
        image: Image.Image = self
        if kind == "JPEG" and self.mode == "RGBA":
            raise OutputError(
                f"cannot write {name}: JPEG has no transparency; use .png, or an opaque paper and ink", path
            )
        options = self._options(kind)
        try:
            Image.Image.save(image, file, kind, **{**options, **params})
        except (ValueError, KeyError) as error:
            raise OutputError(f"cannot write {name} as {kind}: {error}; choose another format", path) from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise OutputError(f"cannot write {name} as {kind}: {error}; choose another format", path) from error

    def _options(self, kind: str) -> dict[str, Any]:
        if kind == "PNG":
            info = PngInfo()
            # the keywords of the PNG specification, 11.3.3.2; what the picture says is known only from its metadata
            about = dict(zip(NOT_METADATA, (self.title, self.metadata.get("Text", self.title)), strict=True))
            for key, value in {**about, **self.metadata}.items():
                info.add_text(key, value)
            grey = {"compress_type": RUNS} if self.mode == "L" else {}
            return {"pnginfo": info, "dpi": (self.dpi, self.dpi), "compress_level": 3, **grey}
        if kind in ("JPEG", "WEBP"):
            exif = Image.Exif()
            exif[SOFTWARE] = self.metadata.get("Software", "handsynth")
            exif[DESCRIPTION] = pack(self.metadata)
            exif[_WIDE], exif[_HIGH], exif[_UNIT] = self.dpi, self.dpi, _INCH
            options: dict[str, Any] = {"exif": exif, "quality": 92}
            return options | ({"dpi": (round(self.dpi), round(self.dpi))} if kind == "JPEG" else {})
        return {}
