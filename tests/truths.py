"""Truths to test with: pages whose letters stand in all ways, and what checks the files of every format."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from lxml import etree

from handsynth import api
from handsynth.layout.page import Page
from handsynth.truth import FORMATS, Truth, jsonl, truth_format, truth_of

SCHEMAS = Path(__file__).parent / "schemas"
TEXT = "Dear Ada, jumps (fox)!\n\nfrom 12% \u201cquoted\u201d; b\u00e9 \u00f6\u00df\n_/ I'll?"


def truth(made: Page, xheight: float = 20, index: int = 0, **more) -> Truth:
    return truth_of(made, xheight, name=f"{index:09}", writer="random:3", seed=made.seed, index=index, **more)


@cache
def written(hand: str, slant: float = 0.0) -> Page:
    """A page whose letters stand in all ways that a layout could think of."""
    made = api.typeset(TEXT, hand=hand, seed=4, slant=slant, missing="box")
    n = np.arange(len(made))
    return replace(
        made,
        width=made.width + 1,
        scale=(1 + 0.3 * np.sin(n)).astype(np.float32),
        slant=(0.3 * np.cos(n)).astype(np.float32),
        angle=(0.2 * np.sin(3 * n)).astype(np.float32),
    )


def outside(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How far outside a convex polygon, clockwise as seen, points [n,2] lie; negative inside."""
    sides = np.roll(polygon, -1, axis=0) - polygon
    sides, corners = sides[sides.any(axis=1)], polygon[sides.any(axis=1)]
    normals = np.stack([sides[:, 1], -sides[:, 0]], axis=1) / np.hypot(*sides.T)[:, None]
    return (points @ normals.T - (corners * normals).sum(axis=1)).max(axis=1)


def middles(ink: np.ndarray) -> np.ndarray:
    """Middles [n,2] of the pixels that are true."""
    rows, columns = np.nonzero(ink)
    return np.stack([columns, rows], axis=1) + 0.5


@cache
def schemas() -> dict[str, list[etree.XMLSchema]]:
    published = SCHEMAS / "alto-4-4.xsd"
    alto = [SCHEMAS / "alto-part.xsd", *([published] if published.exists() else [])]
    return {
        "alto": [etree.XMLSchema(etree.parse(path)) for path in alto],
        "page": [etree.XMLSchema(etree.parse(SCHEMAS / "pagecontent-2019-07-15.xsd"))],
    }


def checked(name: str, found: Truth, picture: str = "a.png") -> etree._Element:
    """The file of a format, parsed and valid."""
    root = etree.fromstring(truth_format(name).text(found, picture))
    for schema in schemas().get(name, []):
        schema.assertValid(root)
    return root


def check_all(found: Truth, picture: str = "a.png") -> None:
    for name in ("alto", "page", "hocr"):
        checked(name, found, picture)
    as_coco(found)
    assert_same(jsonl.read(truth_format("jsonl").text(found, picture)), found)


def as_coco(*truths: Truth) -> dict:
    file = io.BytesIO()
    FORMATS["coco"].write(((found, f"{found.name}.png") for found in truths), file)
    return json.loads(file.getvalue())


def assert_same(one: Truth, other: Truth) -> None:
    for name in Truth.__dataclass_fields__:
        a, b = getattr(one, name), getattr(other, name)
        if isinstance(b, np.ndarray):
            assert a.dtype == b.dtype and a.shape == b.shape and (a == b).all(), name
        elif b and isinstance(b[0] if isinstance(b, tuple) else None, np.ndarray):
            assert len(a) == len(b) and all(x.shape == y.shape and (x == y).all() for x, y in zip(a, b, strict=True))
        else:
            assert a == b, name
