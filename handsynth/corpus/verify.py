"""Is a corpus whole? Every shard against its checksum, every sample against what it says of itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from handsynth import truth as truths
from handsynth.corpus import containers
from handsynth.corpus.annotations import CORPUS_FORMATS, target
from handsynth.corpus.entry import Entry
from handsynth.corpus.manifest import Beside, Shard, load
from handsynth.corpus.store import Store, digest
from handsynth.errors import DataError, InputError
from handsynth.formats.pictures import open_picture


def verify_corpus(out: str | Path, progress: Callable[[int, int], None] | None = None) -> list[str]:
    """Check the corpus in the folder or URL `out`: every shard, sample and hash; returns what was checked, a line each.

    `progress` is called with shards done and in all. Raises DataError at the first thing that is wrong.
    """
    if "://" not in str(out) and not Path(out).is_dir():
        raise InputError(f"there is no corpus {out}; give the folder of one")
    store = Store(str(out))
    made = load(store)
    kind = containers.find(made["container"])
    shards: list[Shard] = made["shards"]
    beside: list[Beside] = made["beside"]
    needed = _needed(made["recipe"])
    seen = 0
    for number, shard in enumerate(shards, 1):
        try:
            with store.local(shard.name) as path:
                seen += _shard(shard, path, kind, needed)
        except FileNotFoundError as error:
            raise DataError(f"{shard.name} is missing; make the corpus again into the same place") from error
        if progress:
            progress(number, len(shards))
    listed = {shard.name for shard in shards}
    folder = kind.place.rpartition("/")[0]
    for name in store.names(folder):
        if f"{folder}/{name}" not in listed:
            raise DataError(f"{folder}/{name} is not in the manifest; delete it, or make the corpus again")
    _check_beside(store, beside)
    if seen != made["samples"]:
        raise DataError(f"{out} has {seen:,} samples, its manifest says {made['samples']:,}; make it again")
    what = ", ".join(["keys", "pictures", *sorted(needed - {"txt"})])
    lines = [
        f"{len(shards):,} {'shard has' if len(shards) == 1 else 'shards have'} the bytes that the manifest says",
        f"{seen:,} {'sample is' if seen == 1 else 'samples are'} whole: {what} and texts",
    ]
    if beside:
        lines.append(f"beside them the same of {', '.join(file.name for file in beside)}")
    return lines


def _needed(recipe: Mapping[str, Any]) -> set[str]:
    """Endings of the files that each sample has, beside its picture."""
    wanted = recipe.get("truth")
    # whoever wrote the manifest wrote that, too
    forms = [form for name, form in truths.FORMATS.items() if isinstance(wanted, list) and name in wanted]
    return {"txt", "json", *(form.ending[1:] for form in forms), *(["mask.png"] if recipe.get("masks") is True else [])}


def _check_beside(store: Store, listed: list[Beside]) -> None:
    """Hold files beside the shards against the manifest; what tells of all shards and is not in it is stale."""
    for file in listed:
        try:
            with store.local(file.name) as path:
                _same(file, path)
        except FileNotFoundError as error:
            raise DataError(f"{file.name} is missing; make the corpus again into the same place") from error
    there = set(store.names("")) - {file.name for file in listed}
    for name in map(target, CORPUS_FORMATS):
        if name in there:
            raise DataError(
                f"{name} is not in the manifest, so it may be of other shards; make the corpus again with --truth"
            )


def _same(said: Shard | Beside, path: Path) -> None:
    """Raise DataError where what lies at `path` has other bytes than the manifest says."""
    if not path.exists():
        raise FileNotFoundError(path)
    if not (path.is_file() or path.is_dir()):
        raise DataError(f"{said.name} is no ordinary file; delete it, and make it again")
    size, sha = digest(path)
    if size != said.bytes:
        raise DataError(f"{said.name} has {size:,} bytes, not {said.bytes:,} (cut off?); delete it, and make it again")
    if sha != said.sha256:
        raise DataError(f"{said.name} was changed: its SHA-256 is not the manifest's; delete it, and make it again")


def _shard(shard: Shard, path: Path, kind: containers.Container, needed: set[str]) -> int:
    _same(shard, path)
    count = 0
    for count, entry in enumerate(_entries(shard, path, kind), 1):
        if entry.key.lstrip("0") != str(shard.first + count - 1).lstrip("0"):
            raise DataError(f"{shard.name} holds sample {entry.key} where {shard.first + count - 1} should be")
        _sample(shard, entry, needed)
    if count != shard.count:
        raise DataError(f"{shard.name} has {count:,} samples, not {shard.count:,}; delete it, and make it again")
    return count


def _entries(shard: Shard, path: Path, kind: containers.Container) -> Iterator[Entry]:
    try:
        yield from kind.read(path)
    except Exception as error:  # whoever wrote the manifest wrote the shard, too: a reader can fail in any way
        raise DataError(f"{shard.name} cannot be read; delete it, and make it again") from error


def _sample(shard: Shard, entry: Entry, needed: set[str]) -> None:
    picture = entry.files.get("png") or entry.files.get("jpg") or b""
    try:
        open_picture(io.BytesIO(picture))
    except InputError as error:
        raise DataError(f"the picture of sample {entry.key} in {shard.name} cannot be read") from error
    if not entry.files.get("txt", b"").strip():
        raise DataError(f"sample {entry.key} in {shard.name} has no text")
    for ending in sorted(needed):
        if not entry.files.get(ending):
            raise DataError(f"sample {entry.key} in {shard.name} has no {ending}, which the recipe asks for")
