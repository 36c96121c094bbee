"""The OpenAPI schema as generators of clients read it: short names of operations, files as bytes, no needless null."""

from __future__ import annotations

from typing import Any

from fastapi.routing import APIRoute

from handsynth.studio.answers import Problem

BYTES = {"type": "string", "format": "binary"}
"""A file. OpenAPI 3.1 leaves it to the media type, but generators go by the format."""


def operation(route: APIRoute) -> str:
    """The name of an operation, which a client's function gets: that of our function."""
    return route.name


def readable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that FastAPI made, changed in place."""
    parts = schema["components"]["schemas"]
    parts["Problem"] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        parts.pop(unused, None)
    # a field of a form is there or it is not: there is no null
    form = parts["LearnForm"]["properties"]
    form.update({key: _without_null(value) for key, value in form.items()})
    _with_bytes(schema)
    return schema


def _without_null(part: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in part.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return part
    return {**{key: value for key, value in part.items() if key not in ("anyOf", "default")}, **kinds[0]}


def _with_bytes(part: Any) -> None:
    if isinstance(part, dict):
        if part.get("contentMediaType") == "application/octet-stream":
            del part["contentMediaType"]
            part.update(BYTES)
        for value in part.values():
            _with_bytes(value)
    elif isinstance(part, list):
        for value in part:
            _with_bytes(value)
