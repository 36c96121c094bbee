"""The studio as a folder of files for any static host: the page, the model and what runs it in the browser.

The page needs the model's data beside its graphs (characters, signs, bearings, quantiles of the noise …): they are
written here, from the modules that hold them, as model/model.json. WebAssembly needs a web server, however simple.
"""

from __future__ import annotations

import json
import lzma
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from handsynth import __version__, noise, temporary
from handsynth.errors import HandsynthError, InputError, OutputError
from handsynth.ink.alphabets.bank import UNIT, bank
from handsynth.layout import spacing
from handsynth.model.model import Model
from handsynth.studio.pagefiles import INDEX, PAGE
from handsynth.text import recipes, signs
from handsynth.text.alphabets import PROBES, RECIPES
from handsynth.text.extents import extents

RUNTIME, PACKED = "ort.wasm", "ort.wasm.xz"
"""What runs the graphs in a browser: on the site, and packed in the package."""

LIST = "handsynth-site.json"
"""Of the files of a site, so that it can be told from a folder that holds anything else."""

GRAPHS = ("prior", "decoder", "reader")
_META = '<meta name="handsynth-engine" content="{}"'
_SCRIPTS = {"<super>": "super", "<sub>": "sub", "<fraction>": "fraction", "<circle>": "circle"}


def write(
    folder: str | Path, model: Model, progress: Callable[[int, int], None] | None = None, page: Path = PAGE
) -> list[Path]:
    """Write the whole site into `folder`, all of it or nothing; returns its files.

    `page` is the folder of the built page. `progress` is called with files done and in all. A `folder` that is no
    earlier site and not empty is refused (InputError). Raises OutputError where it cannot be written.
    """
    target = Path(folder)
    check(target)
    makers = _files(model, page)
    try:
        # what a link names is replaced, not the link
        target = target.resolve()
        with temporary.directory(target.parent, f".{target.name[:40]}.handsynth-") as beside:
            for number, (name, make) in enumerate(makers.items(), 1):
                file = beside / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(make())
                if progress:
                    progress(number, len(makers))
            _take(beside, target)
    except HandsynthError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}; choose another place", folder) from error
    return [Path(folder) / name for name in makers]


def check(folder: Path) -> None:
    """Raises InputError for what is neither free, empty nor an earlier site with nothing else in it."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is a file; give a folder for the site")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    if not found:
        return
    try:
        known = set(json.loads((folder / LIST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        known = set()
    if strange := sorted(found - known):
        raise InputError(f"{folder} holds {strange[0]!r}, which is no part of a site; give an empty or a new folder")


def data(model: Model) -> dict[str, Any]:
    """What the page must know of the model and of writing, as JSON has it; see web/src/engine/browser/tables.ts."""
    card = model.card
    return {
        "version": __version__,
        "name": card.name,
        "hash": model.hash,
        "latentHash": model.latent_hash,
        "charset": list(model.charset),
        "foreign": list(model.repertoire[len(model.charset) :]),
        "frame": model.frame.to_dict(),
        "styleSize": card.style_size,
        "variationSize": card.variation_size,
        "draws": card.draws,
        "slots": list(card.slots),
        "spread": list(card.spread),
        "tops": [extents(char).top for char in card.charset],
        "graphs": {name: model.sizes[f"{name}.onnx"] for name in GRAPHS if f"{name}.onnx" in model.sizes},
        "gallery": [
            {
                "name": hand.name,
                "style": list(hand.style),
                "description": hand.description,
                "tags": list(hand.tags),
                "gap": hand.gap,
                "pen": hand.pen,
                "slant": hand.slant,
                "smallCapitals": hand.small_capitals,
                "ascenders": hand.ascenders,
                "descenders": hand.descenders,
                "size": hand.size,
                "forms": hand.forms,
                "cursive": hand.cursive,
            }
            for hand in card.gallery
        ],
        "cursive": {char: [list(style) for style in styles] for char, styles in card.cursive.items()},
        "bearings": {char: list(sides) for char, sides in {**spacing.BEARINGS, **card.bearings}.items()},
        "quantiles": noise.quantiles().tolist(),
        "signs": {
            "marks": {mark: _pieces(pieces) for mark, pieces in recipes.table().marks.items()},
            "spacingMarks": signs.SPACING_MARKS,
            "tallCaron": sorted(signs.TALL_CARON),
            "commaBelow": sorted(signs.COMMA_BELOW),
            "learnt": sorted(signs.LEARNT),
            "signs": {sign: _pieces(pieces) for sign, pieces in {**RECIPES, **recipes.table().signs}.items()},
            "twins": {char: list(twins) for char, twins in signs.TWINS.items()},
            "spaces": signs.SPACES,
            "holding": sorted(signs.HOLDING),
            "newlines": sorted(signs.NEWLINES),
            "invisible": sorted(signs.INVISIBLE),
            "softHyphen": signs.SOFT_HYPHEN,
            "zeroSpace": signs.ZERO_SPACE,
            "breakAfter": sorted(signs.BREAK_AFTER),
            "scripts": _scripts(),
        },
    }


def _files(model: Model, page: Path) -> dict[str, Callable[[], bytes]]:
    """What writes each file of the site, by its path."""
    if not (page / INDEX).is_file() or not (page / PACKED).is_file():
        raise OutputError(f"this installation has no built page in {page}; reinstall, or run npm run build")
    makers: dict[str, Callable[[], bytes]] = {}
    for path in sorted(page.rglob("*")):
        name = path.relative_to(page).as_posix()
        if path.is_file() and name not in (INDEX, PACKED):
            makers[name] = path.read_bytes
    makers[RUNTIME] = lambda: lzma.decompress((page / PACKED).read_bytes())
    makers["model/model.json"] = lambda: _json(data(model))
    if model.repertoire != model.charset:
        makers["model/alphabets.json"] = lambda: _json(_bank())
    for name in GRAPHS:
        if f"{name}.onnx" in model.sizes:
            makers[f"model/{name}.onnx"] = lambda name=name: model.data(f"{name}.onnx")  # type: ignore[misc]
    makers[INDEX] = lambda: _index((page / INDEX).read_text(encoding="utf-8")).encode()
    makers[LIST] = lambda: _json({"files": [*makers]})
    return makers


def _index(text: str) -> str:
    """The page's own HTML, which says that the model is in the browser."""
    server, browser = _META.format("server"), _META.format("browser")
    if text.count(server) != 1:
        raise OutputError(f"the built {INDEX} does not name its engine once; run npm run build again")
    return text.replace(server, browser)


def _take(beside: Path, target: Path) -> None:
    """Put the finished folder in the place of `target`."""
    umask = os.umask(0)
    os.umask(umask)
    beside.chmod(0o777 & ~umask)
    if not target.exists():
        os.replace(beside, target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.old-", dir=target.parent))
    os.replace(target, old / "site")
    try:
        os.replace(beside, target)
    except OSError:
        os.replace(old / "site", target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _bank() -> dict[str, Any]:
    """The bank of Greek and Cyrillic letters; see web/src/engine/browser/alphabets.ts."""
    store = bank()
    writers: list[dict[str, list[list[int]]]] = [{} for _ in store.writers]
    for (writer, char), number in store.places.items():
        letter = store.letters.take(slice(number, number + 1))
        steps = np.rint(letter.points / UNIT).astype(int)
        ends = letter.strokes.tolist()
        writers[writer][char] = [steps[a:b].ravel().tolist() for a, b in pairwise(ends)]
    return {"unit": UNIT, "probes": PROBES, "writers": writers}


def _pieces(pieces: tuple[signs.Piece, ...]) -> list[dict[str, Any]]:
    return [asdict(piece) for piece in pieces]


def _scripts() -> dict[str, list[str]]:
    """Superscripts, subscripts, fractions and circled signs: what kind, and of what; JavaScript does not say."""
    result = {}
    for code in range(0x80, 0x20000):
        tag, _, codes = unicodedata.decomposition(chr(code)).partition(" ")
        if tag in _SCRIPTS:
            result[chr(code)] = [_SCRIPTS[tag], "".join(chr(int(part, 16)) for part in codes.split())]
    return result


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
