"""Hands in files: JSON that holds numbers and nothing that runs; whatever it says of itself is checked."""

from __future__ import annotations

import base64
import codecs
import json
import shlex
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from handsynth.errors import InputError, OutputError
from handsynth.files import atomic_path, check_place, read_bounded
from handsynth.hands import letters
from handsynth.hands.joining import SMALL
from handsynth.hands.letters import Kept, LetterLatents
from handsynth.hands.originals import MOST, Originals
from handsynth.hands.traits import Traits
from handsynth.ink import pens

T = TypeVar("T", bound=Traits)

FORMAT = 3
"""1 had no more than a name, model, style and gap; 2 no latents of letters. Offsets of latents, small capitals, the
usual size and lengths of extenders came later and change no number: without them a reader draws the latents alone, and
small letters of the style's own proportions."""

SUFFIX = ".hand"
_MAX_FILE = 2**24
_STEP = 31.75
"""Fields of originals are kept in whole numbers from -127 to 127."""

_MAX_SIDE = 1024
_MOST_PIXELS = MOST * 64 * 64
"""Of all letters together: as many as a hand may hold, in the frame of the default model."""

_CAPITALS, _SIZES, _UNEVENNESS, _EXTENDERS = (0.4, 1.0), (0.25, 4.0), (0, 4), (0.5, 2.0)
_GAP, _PEN, _SLANT, _WEIGHT = (-2, 5), (0.01, 1), (-2, 2), (-32, 32)
"""What a person's hand can be; as in cards of models."""

_ANEW = "use a copy of it, or learn the hand again from the photo"
_UNUSABLE = (ValueError, KeyError, TypeError, OverflowError, zlib.error, InputError)
_PARTS = {"model_hash": "model", "known": "letters' numbers", "originals": "letters' ink", "letters": "letter forms"}

NOT_INK = (
    "known",
    "letters",
    "deviation",
    "measured",
    "joined",
    "joined_after",
    "unevenness",
    "small_capitals",
    "ascenders",
    "descenders",
    "size",
)
"""Parts that a hand is made anew without, from its ink."""

_MOST_KEPT = 64
_MAX_LATENT = 4096
_MAX_POINTS = 1024


def data(hand: Traits) -> dict[str, Any]:
    """What a file says of `hand`, as JSON has it."""
    result: dict[str, Any] = {
        "handsynth_hand": FORMAT,
        "name": hand.name,
        "model": hand.model_hash,
        "style": _numbers(hand.style),
        "deviation": None if hand.deviation is None else _numbers(hand.deviation),
        "gap": hand.gap,
        "weight": hand.weight,
        "slant": hand.slant,
        "measured": hand.measured,
    }
    if hand.pen is not None:
        result["pen"] = hand.pen
    if hand.pen_kind != pens.ROUND:
        result["pen_kind"] = hand.pen_kind
    if hand.joined is not None:
        result["joined"] = hand.joined
    if hand.joined_after:
        result["joined_after"] = dict(hand.joined_after)
    if hand.contextual:
        result["contextual"] = True
    if hand.unevenness is not None:
        result["unevenness"] = hand.unevenness
    if hand.small_capitals is not None:
        result["small_capitals"] = hand.small_capitals
    for name in ("ascenders", "descenders"):
        if getattr(hand, name) != 1:
            result[name] = getattr(hand, name)
    if hand.size != 1:
        result["size"] = hand.size
    if hand.letters:
        # as text: a key has more bits than a number in JSON keeps
        result["letters"] = [
            {"key": f"{kept.key:016x}", "weight": kept.weight, "forms": dict(kept.forms)}
            | ({} if kept.style is None else {"style": _numbers(np.array(kept.style, np.float32))})
            | (
                {"styles": {char: _numbers(np.array(s, np.float32)) for char, s in kept.styles.items()}}
                if kept.styles
                else {}
            )
            for kept in hand.letters
        ]
    if hand.known is not None:
        result["known"] = {
            "chars": list(hand.known.chars),
            "steady": hand.known.steady,
            "latents": _packed(hand.known.latents),
            "deviation": _packed(hand.known.deviation),
        }
        if hand.known.offsets is not None:
            steps = np.rint(hand.known.offsets / letters.OFFSET_STEP).clip(-127, 127).astype(np.int8)
            result["known"]["offsets"] = base64.b64encode(zlib.compress(steps.tobytes(), 9)).decode()
            result["known"]["points"] = steps.shape[1]
    if hand.originals is not None:
        whole = np.rint(hand.originals.fields.astype(np.float32) * _STEP).clip(-127, 127).astype(np.int8)
        result["originals"] = {
            "chars": list(hand.originals.chars),
            "side": whole.shape[1],
            "fields": base64.b64encode(zlib.compress(whole.tobytes(), 9)).decode(),
        }
    return result


def save(hand: Traits, path: str | Path) -> None:
    """Write `hand` into a small JSON file, usually named *.hand."""
    with atomic_path(path) as file:
        file.write_text(json.dumps(data(hand), ensure_ascii=False) + "\n", encoding="utf-8")


def check_name(path: str | Path) -> None:
    """Raises OutputError where no hand can be saved, or should be: other files are not to be lost to a slip."""
    if Path(path).suffix.lower() != SUFFIX:
        raise OutputError(f"cannot write {path}: give a name that ends in {SUFFIX}", path)
    check_place(path)


def load(path: str | Path, build: Callable[..., T], without: Sequence[str] = ()) -> T:
    """Read a saved hand; `build` makes it of what the file holds, but for the parts `without`, which are left unread.

    Raises InputError if it is damaged: where, and what helps.
    """
    source = Path(path)
    if source.suffix != SUFFIX and not source.exists():  # perhaps a name from the gallery
        raise InputError(f"cannot read the hand {source}: there is no such file; give a saved {SUFFIX} file")
    raw = read_bounded(source, "the hand", _MAX_FILE, "it is no saved hand")
    if not raw.strip():
        raise InputError(f"{source} is empty; {_ANEW}")
    if not raw.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
        raise InputError(f"{source} is no saved hand, but something else; give a .hand file")
    try:
        given = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{source} is damaged at byte {error.start + 1:,}; {_ANEW}") from error
    except json.JSONDecodeError as error:
        if not raw.rstrip().endswith(b"}") and error.msg != "Extra data":
            raise InputError(f"{source} is cut off after {len(raw):,} bytes; {_ANEW}") from error
        byte = len(error.doc[: error.pos].encode()) + 1
        raise InputError(f"{source} is damaged at byte {byte:,}; {_ANEW}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is no saved hand, but something else; give a .hand file") from error
    if without and isinstance(given, dict):
        return parse({name: value for name, value in given.items() if name not in without}, str(source), build)
    return parse(given, str(source), build, file=True)


def parse(given: Any, source: str, build: Callable[..., T], *, file: bool = False) -> T:
    """The hand of the JSON `given` in the file `source`, made by `build`. Raises InputError if it is damaged.

    `file`: whether `source` is a path, so that commands that mend the file may be named.
    """
    try:
        version = given["handsynth_hand"]
    except (KeyError, TypeError) as error:
        raise InputError(f"{source} is no saved hand, but other JSON; give a .hand file") from error
    if isinstance(version, bool) or version not in range(1, FORMAT + 1):
        raise InputError(f"the hand {source} has format {version!r}, this handsynth reads 1 to {FORMAT}")
    fields: dict[str, Any] = {}
    part = ""
    try:
        for part, read in _fields(given).items():
            fields[part] = read()
        return build(**fields)
    except _UNUSABLE as error:
        said = str(error) if isinstance(error, InputError) else f"its {_PARTS.get(part, part.replace('_', ' '))}"
        helps = _mending(given, part, source) if file else _ANEW
        raise InputError(f"{source} is no saved hand: something in it is not usable ({said}); {helps}") from error


def _mending(given: dict[str, Any], part: str, source: str) -> str:
    """What helps where this part of the file at `source` is damaged."""
    mended = f"{shlex.quote(source)} -o mended{SUFFIX}"
    if part == "originals":
        return f"handsynth hand forget {mended} leaves the ink out; or {_ANEW}"
    if part in NOT_INK and given.get("originals") is not None:
        with suppress(*_UNUSABLE):
            _originals(given["originals"])
            return f"handsynth hand refit {mended} makes it anew from its ink; or {_ANEW}"
    return _ANEW


def _fields(data: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """What reads each part of a hand, in this order."""

    def optional(name: str, bounds: tuple[float, float]) -> Callable[[], float | None]:
        return lambda: None if data.get(name) is None else _within(name, data[name], bounds)

    def style() -> np.ndarray:
        return _vector(data["style"])

    return {
        "name": lambda: _text(data["name"])[:200],
        "style": style,
        "model_hash": lambda: _text(data["model"]),
        "gap": optional("gap", _GAP),
        "weight": lambda: _within("weight", data.get("weight", 0.0), _WEIGHT),
        "slant": lambda: _within("slant", data.get("slant", 0.0), _SLANT),
        "deviation": lambda: None if data.get("deviation") is None else _vector(data["deviation"], len(style())),
        "measured": lambda: {_text(key): _number(value) for key, value in dict(data.get("measured") or {}).items()},
        "originals": lambda: None if data.get("originals") is None else _originals(data["originals"]),
        "pen": optional("pen", _PEN),
        "pen_kind": lambda: pens.check(_text(data.get("pen_kind", pens.ROUND))),
        "letters": lambda: tuple(_kept(entry, len(style())) for entry in list(data.get("letters") or [])[:_MOST_KEPT]),
        "known": lambda: None if data.get("known") is None else _known(data["known"]),
        "joined": lambda: _joined(data),
        "joined_after": lambda: _joined_after(dict(data.get("joined_after") or {})),
        "contextual": lambda: _flag("contextual", data.get("contextual", False)),
        "unevenness": optional("unevenness", _UNEVENNESS),
        "small_capitals": optional("small_capitals", _CAPITALS),
        "ascenders": lambda: _within("ascenders", data.get("ascenders", 1.0), _EXTENDERS),
        "descenders": lambda: _within("descenders", data.get("descenders", 1.0), _EXTENDERS),
        "size": lambda: _within("size", data.get("size", 1.0), _SIZES),
    }


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false")
    return value


def _joined(data: dict[str, Any]) -> float | None:
    """The share of joined pairs; files from before there was one, of people, print."""
    if data.get("joined") is None:
        return 0.0 if data.get("known") or data.get("originals") else None
    return _within("joined", data["joined"], (0, 1))


def _joined_after(data: dict[str, Any]) -> dict[str, float]:
    """Shares of joined pairs after some letters, each of which is in one set alone."""
    letters = "".join(_text(some) for some in data)
    if len(set(letters)) < len(letters) or not set(letters) <= set(SMALL) or "" in data:
        raise ValueError("joined_after names each small letter once")
    return {some: _within("joined_after", share, (0, 1)) for some, share in data.items()}


def _kept(data: dict[str, Any], size: int) -> Kept:
    key = _text(data["key"])
    if len(key) != 16:
        raise ValueError("a key of letters has 16 digits")
    forms = {_text(char): int(number) for char, number in dict(data.get("forms") or {}).items()}
    if any(not 0 <= number < 256 for number in forms.values()):
        raise ValueError("forms are numbered from 0 to 255")
    weight = _number(data.get("weight", 1.0))
    if weight <= 0:
        raise ValueError("shares of letters are above zero")
    style = None if data.get("style") is None else tuple(_vector(data["style"], size).tolist())
    own = dict(data.get("styles") or {})
    styles = {_text(char): tuple(_vector(one, size).tolist()) for char, one in own.items()}
    return Kept(int(key, 16), weight, forms, style, styles=styles)


def _known(data: dict[str, Any]) -> LetterLatents:
    chars = tuple(_text(char) for char in data["chars"])
    if not 0 < len(chars) <= letters.MOST:
        raise ValueError("letters")
    latents, deviation = (_unpacked(_text(data[name]), len(chars)) for name in ("latents", "deviation"))
    steady = _number(data["steady"])
    if latents.shape != deviation.shape or not 0 <= steady <= 10:
        raise ValueError("sizes")
    return LetterLatents(chars, latents, deviation, steady, _offsets(data, len(chars)))


def _offsets(data: dict[str, Any], count: int) -> np.ndarray | None:
    """Offsets f32 [count,P,2] of points; None in files from before there were any."""
    if data.get("offsets") is None:
        return None
    points = data["points"]
    if not isinstance(points, int) or isinstance(points, bool) or not 0 < points <= _MAX_POINTS:
        raise ValueError("points")
    steps = np.frombuffer(_inflated(data["offsets"], 2 * count * points), np.int8).reshape(count, points, 2)
    return letters.in_steps(steps * np.float32(letters.OFFSET_STEP))


def _packed(rows: np.ndarray) -> str:
    return base64.b64encode(rows.astype("<f2").tobytes()).decode()


def _unpacked(text: str, count: int) -> np.ndarray:
    """Rows f32 [count,_] of half precision."""
    raw = base64.b64decode(text, validate=True)
    size = len(raw) // (2 * count)
    if not 0 < size <= _MAX_LATENT or len(raw) != 2 * count * size:
        raise ValueError("length")
    rows = np.frombuffer(raw, "<f2").astype(np.float32).reshape(count, size)
    if not np.isfinite(rows).all() or np.abs(rows).max() > 1e3:
        raise ValueError("numbers")
    return rows


def _originals(data: dict[str, Any]) -> Originals:
    chars = tuple(_text(char) for char in data["chars"])
    side = data["side"]
    if not isinstance(side, int) or not 8 <= side <= _MAX_SIDE or not 0 < len(chars) <= MOST:
        raise ValueError("sizes")
    size = len(chars) * side * side
    if size > _MOST_PIXELS:
        raise InputError(f"its letters have {size:,} pixels, more than {_MOST_PIXELS:,}")
    raw = _inflated(data["fields"], size)
    fields = (np.frombuffer(raw, np.int8).astype(np.float32) / _STEP).astype(np.float16)
    return Originals(chars, fields.reshape(len(chars), side, side))


def _inflated(packed: Any, size: int) -> bytes:
    """Exactly so many bytes, however much it would become."""
    unpacker = zlib.decompressobj()
    given = base64.b64decode(_text(packed), validate=True)
    raw = unpacker.decompress(given, size)
    if len(raw) != size or unpacker.decompress(unpacker.unconsumed_tail, 1):
        raise ValueError("length")
    return raw


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    value.encode("utf-8")  # halves of surrogate pairs cannot be written again
    return value


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= 1e3:
        raise ValueError("number")
    return float(value)


def _within(name: str, value: Any, bounds: tuple[float, float]) -> float:
    number = _number(value)
    if not bounds[0] <= number <= bounds[1]:
        raise InputError(f"its {name} is {number:g}, not {bounds[0]:g} to {bounds[1]:g}")
    return number


def _vector(values: Any, size: int | None = None) -> np.ndarray:
    if not isinstance(values, list) or not 1 <= len(values) <= 4096 or size not in (None, len(values)):
        raise ValueError("vector")
    return np.array([_number(value) for value in values], np.float32)


def _numbers(values: np.ndarray) -> list[float]:
    """The shortest decimals that give the same float32 again."""
    return [float(str(value)) for value in values]
