"""What the API answers, as its OpenAPI schema says it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from handsynth.studio.jobs import TYPES
from handsynth.studio.refusal import PROBLEM


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class GalleryHand(BaseModel):
    name: str
    tags: list[str]
    description: str


class AboutModel(BaseModel):
    name: str
    hash: str


class About(BaseModel):
    """What this server can do."""

    version: str
    model: AboutModel
    charset: list[str]
    hands: list[GalleryHand]
    papers: list[str]
    rulings: list[str]
    charsets: list[str]
    formats: dict[str, list[str]]
    limits: dict[str, float]


class LearntHand(BaseModel):
    """A hand: what a .hand file holds, what was noticed, and what was measured."""

    hand: dict[str, Any]
    notes: list[str]
    measured: dict[str, float]


class HeldLetter(BaseModel):
    """A letter that a hand holds; pictures are `data:` addresses of PNGs, black ink on nothing."""

    char: str
    read: str | None
    drawn: str
    doubtful: bool


class HeldLetters(BaseModel):
    """What was read, beside what is drawn; those that are doubtful were not understood."""

    letters: list[HeldLetter]


class ChangedHand(BaseModel):
    """What the .hand file of a changed hand holds."""

    hand: dict[str, Any]


ANY = "application/octet-stream"
"""What a file is called for who asks for it by `Accept`."""

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, text in {
        400: "The body cannot be read.",
        401: "The server's token is missing.",
        403: "Asked by a page of another site.",
        408: "The request took too long to arrive.",
        413: "The request, or a picture in it, is too large.",
        415: "The body is of a type that is not read here.",
        421: "Asked by a name that is not the server's.",
        422: "Something in the request cannot be used.",
        429: "Too many requests of one client at a time.",
        503: "Too much to do, or it takes too long.",
    }.items()
}


def file_answers(formats: list[str], described: str, *other: str) -> dict[int | str, dict[str, Any]]:
    # first, since generators of clients take the first that they know
    kinds = dict.fromkeys([ANY, *(TYPES[name] for name in formats), *other])
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    found = {"description": described, "content": content}
    return {**REFUSALS, 200: found, 304: {"description": "As it was: the ETag is the one given."}}
