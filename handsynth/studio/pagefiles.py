"""The page's files, in memory: a request names one of these, and nothing on the disk."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).with_name("page")
INDEX = "index.html"

_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
# what the static site alone needs
_NOT_SERVED = (".xz",)


@dataclass(frozen=True)
class PageFile:
    data: bytes
    kind: str
    etag: str
    lasting: bool
    """Its name changes with its content."""


def read(folder: Path = PAGE) -> dict[str, PageFile]:
    """All files of the built page by their paths, like `assets/index-1a2b.js`; none where it was not built."""
    result = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if not path.is_file() or path.suffix in _NOT_SERVED:
            continue
        data, name = path.read_bytes(), path.relative_to(folder).as_posix()
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        result[name] = PageFile(data, kind, etag, name.startswith("assets/"))
    return result
