"""What a corpus is and what is in it: recipe.json at first, a note for each shard that is done, manifest.json last."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from handsynth.corpus.store import HIDDEN, PARTIAL, Store, digest
from handsynth.errors import DataError, InputError, OutputError

FORMAT = 1
_NAME = re.compile(r"[a-z]{1,20}/[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""Of a shard: a folder and a file in it."""
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

RECIPE, MANIFEST, README = "recipe.json", "manifest.json", "README.md"


@dataclass(frozen=True)
class Shard:
    """One shard that is done."""

    number: int
    name: str
    first: int
    count: int
    bytes: int
    sha256: str

    @classmethod
    def of(cls, said: Any) -> Shard:
        """The shard that JSON says; raises ValueError for anything else, and for a name that leads elsewhere."""
        if not isinstance(said, dict) or set(said) != {each.name for each in fields(cls)}:
            raise ValueError("no shard")
        numbers = [said[name] for name in ("number", "first", "count", "bytes")]
        if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 1 << 53 for n in numbers):
            raise ValueError("numbers")
        if not isinstance(said["name"], str) or not _NAME.fullmatch(said["name"]) or ".." in said["name"]:
            raise ValueError("name")
        if not isinstance(said["sha256"], str):
            raise ValueError("checksum")
        return cls(**said)


@dataclass(frozen=True)
class Beside:
    """A file beside the shards that was made from all of them, like truth.jsonl."""

    name: str
    bytes: int
    sha256: str

    @classmethod
    def of(cls, said: Any) -> Beside:
        """The file that JSON says; raises ValueError for anything else, and for a name that leads elsewhere."""
        if not isinstance(said, dict) or set(said) != {each.name for each in fields(cls)}:
            raise ValueError("no file")
        if not isinstance(said["name"], str) or not _FILE.fullmatch(said["name"]):
            raise ValueError("name")
        if type(said["bytes"]) is not int or not isinstance(said["sha256"], str):
            raise ValueError("bytes or checksum")
        return cls(**said)

    @classmethod
    def made(cls, name: str, path: Path) -> Beside:
        """What lies at `path`, before it takes its place in the corpus."""
        return cls(name, *digest(path))


@dataclass(frozen=True)
class CorpusPlan:
    """What decides every byte of a corpus."""

    recipe: Mapping[str, Any]
    container: str
    shard: int
    """Samples of a shard."""
    metadata: Mapping[str, str]
    """Of what made it: version and model."""

    def said(self) -> dict[str, Any]:
        """As files say it: there, what made a corpus is called `facts`."""
        return {"facts" if name == "metadata" else name: value for name, value in asdict(self).items()}

    def claim(self, store: Store) -> None:
        """Write the plan into an empty store; raises InputError for one that holds another corpus, or other things."""
        said = {"handsynth_corpus": FORMAT, **self.said()}
        raw = store.read(RECIPE)
        if raw is None:
            strange = [name for name in store.names("") if name != HIDDEN]
            if strange:
                raise InputError(f"{store.out} holds {strange[0]!r} and is no corpus; give an empty or a new place")
            store.write(RECIPE, _json(said))
            return
        try:
            there = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{store.out}/{RECIPE} is no recipe of a corpus; give another place") from error
        if there != json.loads(_json(said)):
            raise InputError(f"{store.out} holds another corpus: {_difference(there, said)}; give another place")


def noted(number: int) -> str:
    """Where it is remembered that a shard is done."""
    return f"{HIDDEN}/{number:06d}.json"


def note(store: Store, shard: Shard) -> None:
    """Remember that a shard is done."""
    store.write(noted(shard.number), _json(asdict(shard)))


def forget(store: Store, number: int) -> None:
    """Forget that a shard is done, before another one takes its place."""
    store.remove(noted(number))


def notes(store: Store, known: Mapping[int, Shard] | None = None) -> dict[int, Shard]:
    """The shards that are done, by number; of `known` ones the notes are not read again. Notes that cannot be read
    count as none."""
    found = {}
    by_name = {noted(number).rpartition("/")[2]: shard for number, shard in (known or {}).items()}
    for name in store.names(HIDDEN):
        if not name.endswith(".json") or name.startswith(PARTIAL):
            continue
        try:
            shard = by_name.get(name) or Shard.of(json.loads(store.read(f"{HIDDEN}/{name}") or b""))
            found[shard.number] = shard
        except (ValueError, RecursionError):
            continue
    return dict(sorted(found.items()))


def gather(store: Store, plan: CorpusPlan, known: Mapping[int, Shard]) -> dict[str, Any]:
    """The manifest of all shards that are done: the `known` ones, and what others made at the same time.

    Raises OutputError where notes of known ones are not to be seen: then processes do not share one place.
    """
    shards = notes(store, known)
    unseen = [number for number in known if number not in shards]
    if unseen:
        raise OutputError(
            f"shard {unseen[0]} is done but not in {store.out} as seen from here; "
            "give a place that all processes and machines share, or use --workers 1",
            store.out,
        )
    return {
        "handsynth_corpus": FORMAT,
        **plan.said(),
        "samples": sum(shard.count for shard in shards.values()),
        "shards": [asdict(shard) for shard in shards.values()],
    }


def finish(store: Store, made: Mapping[str, Any], beside: Iterable[Beside]) -> dict[str, Any]:
    """Write the manifest `made`, which then names the files `beside` the shards; returns it as written."""
    files = sorted((asdict(file) for file in beside), key=lambda file: str(file["name"]))
    whole = {**made, "beside": files}
    store.write(MANIFEST, _json(whole))
    return whole


def load(store: Store) -> dict[str, Any]:
    """The manifest. Raises DataError where there is none, or where it is damaged."""
    raw = store.read(MANIFEST)
    if raw is None:
        raise DataError(f"{store.out} has no {MANIFEST}: it is no corpus, or was not finished; make it again")
    try:
        made: dict[str, Any] = json.loads(raw)
        made["shards"] = [Shard.of(shard) for shard in made["shards"]]
        # manifests of before name none
        made["beside"] = [Beside.of(file) for file in made.get("beside", [])]
        if not isinstance(made["recipe"], dict):
            raise ValueError("recipe")
        if not isinstance(made["container"], str) or not isinstance(made["samples"], int):
            raise ValueError("container or samples")
        return made
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(f"{store.out}/{MANIFEST} is damaged; make the corpus again") from error


def _difference(there: Any, said: Mapping[str, Any]) -> str:
    if not isinstance(there, dict) or not all(isinstance(there.get(name), dict) for name in ("recipe", "facts")):
        return "its recipe cannot be read"
    for name in ("recipe", "facts"):
        for dial, value in said[name].items():
            if (old := there.get(name, {}).get(dial)) != json.loads(json.dumps(value)):
                return f"it has {dial} {json.dumps(old)[:40]}, not {json.dumps(value)[:40]}"
    for dial in ("container", "shard", "handsynth_corpus"):
        if there.get(dial) != said[dial]:
            return f"it has {dial} {json.dumps(there.get(dial))}, not {json.dumps(said[dial])}"
    return "its recipe differs"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
