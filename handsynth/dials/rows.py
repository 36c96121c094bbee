"""Rows of the table, by kind."""

from __future__ import annotations

from typing import Any

from handsynth.dials.dial import Dial


def number(name: str, default: float | None, least: float, most: float, doc: str, **more: Any) -> Dial:
    return Dial(name, "number", default, doc, least, most, **more)


def integer(name: str, default: int | None, least: int, most: int, doc: str, **more: Any) -> Dial:
    return Dial(name, "integer", default, doc, least, most, **{"step": 1, **more})


def choice(name: str, default: str | None, choices: tuple[str, ...], doc: str, **more: Any) -> Dial:
    return Dial(name, "text", default, doc, choices=choices, **more)


def text(name: str, default: str | None, doc: str, **more: Any) -> Dial:
    return Dial(name, "text", default, doc, **more)


def flag(name: str, default: bool, doc: str) -> Dial:
    return Dial(name, "flag", default, doc)
