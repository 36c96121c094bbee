"""The card: what a model says of itself, as JSON in its decoder's ONNX metadata.

Reading is strict: whatever a damaged or foreign model may hold, `Card.from_json` returns a card that the
rest of the system can trust, or raises ModelError.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from handsynth.errors import ModelError
from handsynth.frame import STANDARD, Frame

FORMATS = 1, 2
"""1: models that draw fields; 2: those that say what they draw."""
DRAWS = ("field", "strokes")
METADATA_KEY = "handsynth"
"""Key of the card in the decoder's `metadata_props`."""
SISTERS = ("encoder.onnx", "prior.onnx", "reader.onnx")
JOINED = "joined.onnx"
"""Letters in words, for models that draw strokes. It names its decoder itself: without it a model is the same one."""
DECODER_KEY = "handsynth.decoder"
"""Key, in its `metadata_props`, of the SHA-256 (hex) of the decoder, or of that without its card."""
MEMBERS = ("decoder.onnx", *SISTERS, JOINED)
GOLDEN_GRID = 8
"""A golden glyph is kept as the means of its field over this many blocks a side."""

_MAX_JSON = 16 * 2**20
_MAX_LATENT = 4096
_MAX_SLOTS, _MAX_POINTS = 64, 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class NamedHand:
    """A named hand inside a model."""

    name: str
    style: tuple[float, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    gap: float | None = None
    """Usual clear space between facing letters, in x-heights; None: the layout's own."""
    pen: float | None = None
    """Width of the usual pen in x-heights, where strokes are drawn; None: the hand's own key says."""
    slant: float = 0.0
    """Shear beside the style's own, x per height, positive to the right."""
    small_capitals: float | None = None
    """Small letters are written as capitals, so many times as high as those; None: as small letters."""
    ascenders: float = 1.0
    """How long is what rises above small letters, as a share of the style's own."""
    descenders: float = 1.0
    """How long is what hangs below the line, as a share of the style's own."""
    size: float = 1.0
    """Usual height of its small letters, as a share of other hands'."""
    forms: dict[str, int] = field(default_factory=dict)
    """Which form of a character the hand keeps, where it is not the first (see `forms`)."""
    cursive: str = ""
    """Characters that it writes as in joined writing, among those of which the card has such styles."""


@dataclass(frozen=True)
class Golden:
    """A drawing to compare with: block means of the fields of `text`; see handsynth.verify."""

    text: str
    seed: int
    means: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Card:
    """Everything that handsynth needs to know of a model."""

    name: str
    charset: tuple[str, ...]
    """The characters; `char` in the graphs is an index into it."""
    style_size: int
    variation_size: int
    slope: float
    """Logit of ink per frame px of the field, as in training; 1 for strokes, which have none."""
    frame: Frame = STANDARD
    gallery: tuple[NamedHand, ...] = ()
    bearings: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Extra space left and right, in x-heights, of characters whose ink misleads."""
    data: tuple[dict[str, Any], ...] = ()
    """One entry for each source of training data: name, licence, citation, glyphs."""
    scores: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    """SHA-256 (hex) of each of the decoder's sisters."""
    decoder: str = ""
    """SHA-256 (hex) of the decoder without its card; empty: not known."""
    golden: Golden | None = None
    cursive: dict[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)
    """Styles whose form of a character is that of joined writing: random hands that join take it from the nearest."""
    draws: str = "field"
    """What the decoder draws: `field` or `strokes`."""
    slots: tuple[int, ...] = ()
    """Points of each stroke that a glyph may have, where strokes are drawn."""
    spread: tuple[float, ...] = ()
    """[V]: standard deviations of one writer's copies of a letter in the variation, where strokes are drawn."""

    @property
    def format(self) -> int:
        """Of the card: old toolkits open what they can draw."""
        return FORMATS[0] if self.draws == "field" else FORMATS[1]

    def to_json(self) -> str:
        """The card as it is put into the decoder's metadata."""
        data = {
            "format": self.format,
            "name": self.name,
            "charset": list(self.charset),
            "frame": self.frame.to_dict(),
            "style_size": self.style_size,
            "variation_size": self.variation_size,
            "slope": self.slope,
            "gallery": [
                {
                    "name": hand.name,
                    "style": list(hand.style),
                    "description": hand.description,
                    "tags": list(hand.tags),
                    "gap": hand.gap,
                    **({} if hand.pen is None else {"pen": hand.pen}),
                    **({"slant": hand.slant} if hand.slant else {}),
                    **({} if hand.small_capitals is None else {"small_capitals": hand.small_capitals}),
                    **({} if hand.ascenders == 1 else {"ascenders": hand.ascenders}),
                    **({} if hand.descenders == 1 else {"descenders": hand.descenders}),
                    **({} if hand.size == 1 else {"size": hand.size}),
                    **({"forms": hand.forms} if hand.forms else {}),
                    **({"cursive": hand.cursive} if hand.cursive else {}),
                }
                for hand in self.gallery
            ],
            "bearings": {char: list(sides) for char, sides in self.bearings.items()},
            "data": list(self.data),
            "scores": self.scores,
            "recipe": self.recipe,
            "members": self.members,
            **({"decoder": self.decoder} if self.decoder else {}),
            **(
                {"cursive": {c: [list(style) for style in some] for c, some in self.cursive.items()}}
                if self.cursive
                else {}
            ),
        }
        if self.draws != "field":
            data |= {"draws": self.draws, "slots": list(self.slots), "spread": list(self.spread)}
        if self.golden:
            golden = self.golden
            data["golden"] = {
                "text": golden.text,
                "seed": golden.seed,
                "means": [list(m) for m in golden.means],
            }
        return json.dumps(data, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read and check a card; raises ModelError with one line that names the faulty entry."""
        if len(text) > _MAX_JSON:
            raise _fault("JSON", f"is larger than {_MAX_JSON} characters")
        try:
            data = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise _fault("JSON", "cannot be read") from error
        if not isinstance(data, dict):
            raise _fault("JSON", "is not an object")
        version = data.get("format")
        if isinstance(version, int) and version > FORMATS[-1]:
            raise ModelError(f"the model has format {version}, this handsynth reads {FORMATS[-1]}; update handsynth")
        if version not in FORMATS or isinstance(version, bool):
            raise _fault("format", f"is {_short(version)}, not {' or '.join(map(str, FORMATS))}")
        style_size = _whole(data, "style_size", 1, _MAX_LATENT)
        charset = _charset(data.get("charset"))
        return cls(
            name=_text(data.get("name"), "name"),
            charset=charset,
            style_size=style_size,
            variation_size=_whole(data, "variation_size", 1, _MAX_LATENT),
            slope=_number(data.get("slope"), "slope", 1e-3, 1e3),
            frame=Frame.from_dict(data.get("frame")),
            gallery=_gallery(data.get("gallery", []), style_size, set(charset)),
            bearings=_bearings(data.get("bearings", {}), set(charset)),
            data=tuple(_source(entry, f"data[{i}]") for i, entry in enumerate(_list(data.get("data", []), "data"))),
            scores=_dict(data.get("scores", {}), "scores"),
            recipe=_dict(data.get("recipe", {}), "recipe"),
            members=_members(data.get("members")),
            decoder=_digest(data.get("decoder", ""), "decoder", empty=True),
            golden=_golden(data.get("golden"), set(charset)),
            cursive=_cursive(data.get("cursive", {}), style_size, set(charset)),
            **_drawing(data, version),
        )


def _drawing(data: dict[str, Any], version: int) -> dict[str, Any]:
    """What the decoder draws: `draws`, `slots` and `spread`."""
    if version == FORMATS[0]:
        return {}
    draws = data.get("draws")
    if draws not in DRAWS[1:]:
        raise _fault("draws", f"is {_short(draws)}, not {' or '.join(DRAWS[1:])}")
    slots = _list(data.get("slots"), "slots")
    if not 1 <= len(slots) <= _MAX_SLOTS:
        raise _fault("slots", f"are {len(slots)}, not 1 to {_MAX_SLOTS}")
    points = tuple(_whole({"slots": entry}, "slots", 2, _MAX_POINTS) for entry in slots)
    size = _whole(data, "variation_size", 1, _MAX_LATENT)
    spread = tuple(_number(entry, "spread", 0, 1e3) for entry in _list(data.get("spread"), "spread"))
    if len(spread) != size:
        raise _fault("spread", f"has {len(spread)} numbers, not {size}")
    return {"draws": draws, "slots": points, "spread": spread}


def _fault(what: str, problem: str) -> ModelError:
    return ModelError(f"the card's {what} {problem}; export the model again")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} in JSON")


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise _fault(what, "is not a list")
    return value


def _dict(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _fault(what, "is not an object")
    return value


def _text(value: object, what: str, most: int = 200) -> str:
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise _fault(what, f"is not a printable line of at most {most} characters ({_short(value)})")
    return value


def _whole(data: dict[str, Any], what: str, low: int, high: int) -> int:
    value = data.get(what)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise _fault(what, f"is {_short(value)}, not a whole number from {low} to {high}")
    return value


def _number(value: object, what: str, low: float, high: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise _fault(what, f"is {_short(value)}, not a number from {low:g} to {high:g}")
    return float(value)


def _charset(value: object) -> tuple[str, ...]:
    chars = _list(value, "charset")
    if not 1 <= len(chars) <= 0x10000:
        raise _fault("charset", "is empty" if not chars else "is too long")
    for char in chars:
        if not isinstance(char, str) or len(char) != 1 or unicodedata.category(char)[0] in "CZ":
            raise _fault("charset", f"has {_short(char)}, which is not one visible character")
    seen: set[str] = set()
    for char in chars:
        if char in seen:
            raise _fault("charset", f"names {char!r} twice")
        seen.add(char)
    return tuple(chars)


def _gallery(value: object, style_size: int, charset: set[str]) -> tuple[NamedHand, ...]:
    hands = []
    seen = set()
    for i, entry in enumerate(_list(value, "gallery")):
        what = f"gallery[{i}]"
        entry = _dict(entry, what)
        name = _text(entry.get("name"), f"{what}.name", 40)
        if not name.strip() or name.casefold() in seen or name.casefold() == "random":
            raise _fault(f"{what}.name", f"is empty, taken or reserved ({name!r})")
        seen.add(name.casefold())
        gap, pen, capitals = entry.get("gap"), entry.get("pen"), entry.get("small_capitals")
        hands.append(
            NamedHand(
                name=name,
                style=_style(entry.get("style"), style_size, f"{what}.style"),
                description=_text(entry.get("description", ""), f"{what}.description"),
                tags=tuple(_text(tag, f"{what}.tags", 40) for tag in _list(entry.get("tags", []), f"{what}.tags")),
                gap=None if gap is None else _number(gap, f"{what}.gap", -2, 5),
                pen=None if pen is None else _number(pen, f"{what}.pen", 0.01, 1),
                slant=_number(entry.get("slant", 0), f"{what}.slant", -1, 1),
                small_capitals=None if capitals is None else _number(capitals, f"{what}.small_capitals", 0.4, 1),
                ascenders=_number(entry.get("ascenders", 1), f"{what}.ascenders", 0.5, 2),
                descenders=_number(entry.get("descenders", 1), f"{what}.descenders", 0.5, 2),
                size=_number(entry.get("size", 1), f"{what}.size", 0.25, 4),
                forms=_forms(entry.get("forms", {}), charset, f"{what}.forms"),
                cursive=_text(entry.get("cursive", ""), f"{what}.cursive"),
            )
        )
    return tuple(hands)


def _style(value: object, size: int, what: str) -> tuple[float, ...]:
    style = _list(value, what)
    if len(style) != size:
        raise _fault(what, f"has {len(style)} numbers, not {size}")
    return tuple(_number(x, what, -1e3, 1e3) for x in style)


def _cursive(value: object, size: int, charset: set[str]) -> dict[str, tuple[tuple[float, ...], ...]]:
    found = {}
    for char, styles in _dict(value, "cursive").items():
        if char not in charset or not _list(styles, "cursive"):
            raise _fault("cursive", f"names {_short(char)}, which is not in the charset, or has no style")
        found[char] = tuple(_style(style, size, "cursive") for style in styles)
    return found


def _forms(value: object, charset: set[str], what: str) -> dict[str, int]:
    given = _dict(value, what)
    for char in given:
        if char not in charset:
            raise _fault(what, f"name {_short(char)}, which is not in the charset")
    return {char: _whole(given, char, 0, 255) for char in given}


def _bearings(value: object, charset: set[str]) -> dict[str, tuple[float, float]]:
    bearings = {}
    for char, sides in _dict(value, "bearings").items():
        if char not in charset:
            raise _fault("bearings", f"name {_short(char)}, which is not in the charset")
        if not isinstance(sides, list) or len(sides) != 2:
            raise _fault("bearings", f"of {char!r} are not two numbers")
        left, right = (_number(x, "bearings", -5, 5) for x in sides)
        bearings[char] = (left, right)
    return bearings


def _source(value: object, what: str) -> dict[str, Any]:
    source = _dict(value, what)
    for key in ("name", "licence"):
        _text(source.get(key), f"{what}.{key}")
    return source


def _members(value: object) -> dict[str, str]:
    members = _dict(value, "members")
    for name, digest in members.items():
        if name not in SISTERS:
            raise _fault("members", f"name {_short(name)}, which is not one of {', '.join(SISTERS)}")
        _digest(digest, f"entry for the member {name}")
    if "prior.onnx" not in members:
        raise _fault("members", "lack prior.onnx")
    return members


def _digest(value: object, what: str, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not (_SHA256.fullmatch(value) or (empty and not value)):
        raise _fault(what, "is no SHA-256")
    return value


def _golden(value: object, charset: set[str]) -> Golden | None:
    if value is None:
        return None
    data = _dict(value, "golden")
    text = _text(data.get("text"), "golden.text")
    if not text or not set(text) <= charset:
        raise _fault("golden.text", "is empty or has characters that are not in the charset")
    means = []
    for row in _list(data.get("means"), "golden.means"):
        if not isinstance(row, list) or len(row) != GOLDEN_GRID**2:
            raise _fault("golden.means", f"are not rows of {GOLDEN_GRID**2} numbers")
        means.append(tuple(_number(x, "golden.means", -1e3, 1e3) for x in row))
    if len(means) != len(text):
        raise _fault("golden.means", f"have {len(means)} rows for {len(text)} characters")
    seed = _whole(data, "seed", 0, 2**64 - 1)
    return Golden(text, seed, tuple(means))
