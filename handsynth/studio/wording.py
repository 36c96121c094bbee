"""What is wrong with a request, in one line and in the words of the API: the field, what it was, what it may be."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

_SHOWN = 60
"""Characters of a wrong value that are shown."""

_KINDS = {
    "string_type": "text", "string_sub_type": "text", "int_type": "a whole number", "int_parsing": "a whole number",
    "int_from_float": "a whole number", "int_parsing_size": "a smaller whole number", "float_type": "a number",
    "float_parsing": "a number", "bool_type": "true or false", "bool_parsing": "true or false",
    "finite_number": "a finite number", "list_type": "a list", "dict_type": "an object",
    "model_type": "an object", "model_attributes_type": "an object", "model_class_type": "an object",
    "base64_decode": "base64", "bytes_type": "base64", "literal_error": "one of {expected}",
    "greater_than_equal": "{ge} or more", "less_than_equal": "{le} or less", "greater_than": "more than {gt}",
    "less_than": "less than {lt}", "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} character", "too_long": "at most {max_length}",
    "too_short": "at least {min_length}",
}  # fmt: skip
"""What is to be given instead, by pydantic's type of error."""

_BRANCH = re.compile(r"str|float|int|bool|bytes|.*[\[(].*")
"""A step on the way to an error that is no field: which of several kinds of a value was tried."""


def said(errors: Sequence[Any], asked: type[BaseModel] | None = None) -> tuple[int, str]:
    """HTTP status and line for the errors of pydantic about one request, whose fields are those of `asked`."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return 400, "the body is no valid JSON"
    where = _where(first)
    same = [error for error in errors if _where(error) == where]
    more = len({_where(error) for error in errors}) - 1
    return 422, _line(where, same, asked) + (f" (and {more} more)" if more else "")


def unknown(name: str, known: Iterable[str]) -> str:
    """That a field or parameter is not one of those `known`."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3)
    if near:
        return f"there is no {_short(name)} here; did you mean {' or '.join(near)}?"
    return f"there is no {_short(name)} here; " + (f"there are {', '.join(names)}" if names else "this takes nothing")


def _where(error: Mapping[str, Any]) -> str:
    path = [str(step) for step in error["loc"][1:]]
    return ".".join(step for step in path if not _BRANCH.fullmatch(step)) or "the body"


def _line(where: str, errors: Sequence[Mapping[str, Any]], asked: type[BaseModel] | None) -> str:
    first = errors[0]
    if first["type"] == "missing":
        return f"{where} is missing; give it"
    if first["type"] == "extra_forbidden":
        table, _, name = where.rpartition(".")
        return (f"{table}: " if table else "") + unknown(name, _fields(asked, table.split(".") if table else []))
    wanted = [_KINDS[error["type"]].format_map(error.get("ctx", {})) for error in errors if error["type"] in _KINDS]
    if not wanted:
        return f"{where}: {first['msg'].removeprefix('Value error, ')}"
    return f"{where} is {_short(first['input'])}; give {' or '.join(dict.fromkeys(wanted))}"


def _fields(asked: type[BaseModel] | None, path: Sequence[str]) -> list[str]:
    """Names of the fields at `path` in a request."""
    for step in path:
        field = asked.model_fields.get(step) if asked else None
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        asked = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
    return list(asked.model_fields) if asked else []


def _short(value: Any) -> str:
    """A value as it stands in JSON, cut where it is long."""
    text = (
        value if isinstance(value, str) and value.isidentifier() else json.dumps(value, ensure_ascii=False, default=str)
    )
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
