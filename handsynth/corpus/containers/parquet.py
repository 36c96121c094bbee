"""Parquet shards, as `datasets.load_dataset` reads them: pictures are a column of its type Image."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from handsynth.corpus.containers import needed
from handsynth.corpus.entry import Entry

pyarrow, parquet = needed("pyarrow"), needed("pyarrow.parquet")

ROWS = 256
"""Of a row group."""

PICTURES = ("png", "jpg", "mask.png")
_NAMES = {"png": "image", "jpg": "image", "mask.png": "mask", "txt": "text", "json": "truth"}
_BACK = {"mask": "mask.png", "text": "txt", "truth": "json"}


def write(entries: Iterator[Entry], path: Path) -> int:
    """Write a Parquet file; all entries have the same endings as the first one."""
    first = next(entries, None)
    if first is None:
        return 0
    endings = list(first.files)
    schema = _schema(endings)
    count, held = 0, [first]
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while held:
            writer.write_table(pyarrow.Table.from_pylist([_row(entry) for entry in held], schema))
            count += len(held)
            held = list(islice(entries, ROWS))
    return count


def read(path: Path) -> Iterator[Entry]:
    """The entries of a shard, some at a time."""
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(ROWS):
            for row in batch.to_pylist():
                yield Entry(row.pop("key"), dict(_file(name, value) for name, value in row.items()))


def _file(name: str, value: Any) -> tuple[str, bytes]:
    if isinstance(value, dict):
        return value["path"].partition(".")[2], value["bytes"]
    return _BACK.get(name, name.replace("_", ".")), value.encode("utf-8")


def _row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"key": entry.key}
    for ending, data in entry.files.items():
        picture = ending in PICTURES
        row[_column(ending)] = {"bytes": data, "path": f"{entry.key}.{ending}"} if picture else data.decode("utf-8")
    return row


def _column(ending: str) -> str:
    return _NAMES.get(ending, ending.replace(".", "_"))


def _schema(endings: list[str]) -> Any:
    """With the features of `datasets`, which are JSON in the schema's metadata."""
    picture = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    text = {"dtype": "string", "_type": "Value"}
    columns = [("key", pyarrow.string())]
    features: dict[str, Any] = {"key": text}
    for ending in endings:
        columns.append((_column(ending), picture if ending in PICTURES else pyarrow.string()))
        features[_column(ending)] = {"_type": "Image"} if ending in PICTURES else text
    info = json.dumps({"info": {"features": features}})
    return pyarrow.schema(columns, metadata={"huggingface": info})
