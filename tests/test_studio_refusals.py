"""What the HTTP API refuses, each in one line that says what was wrong."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib

import pytest

from handsynth.hands.hand import Hand
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


UNKNOWN = [
    ("GET", "/v1/about", {"params": {"x": 1}}, "there is no x here; this takes nothing"),
    ("GET", "/v1/hands", {"params": {"tag": "neat"}}, "there is no tag here; this takes nothing"),
    ("GET", "/v1/template", {"params": {"papers": "a4"}}, "there is no papers here; did you mean paper?"),
    ("GET", "/v1/sheet", {"params": {"char": "a"}}, "there is no char here; did you mean chars"),
    ("POST", "/v1/render", {"params": {"seed": 3}, "json": {"text": "a"}}, "there is no seed here; this takes nothing"),
    ("POST", "/v1/render", {"json": {"text": "a", "sed": 3}}, "there is no sed here; did you mean seed?"),
    ("POST", "/v1/page", {"json": {"text": "a", "style": {"paper": {"nam": "a4"}}}}, "style.paper: there is no nam"),
    ("POST", "/v1/font", {"json": {"charsett": "ascii"}}, "there is no charsett here; did you mean charset"),
    ("POST", "/v1/learn", {"data": {"txt": "a"}}, "there is no txt here; did you mean text?"),
    ("POST", "/v1/letters", {"json": {"hand": "Fern", "letters": "a"}}, "there is no letters here"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "asked", "said"), UNKNOWN)
def test_what_is_not_known_is_refused_with_what_is(client, method, path, asked, said):
    answer = client.request(method, path, **asked)
    assert answer.status_code == 422 and said in answer.json()["detail"]


BAD = [
    ("/v1/render", {}, "text is missing; give it"),
    ("/v1/render", {"text": ""}, "nothing to write"),
    ("/v1/render", {"text": "a", "seed": -1}, "seed is -1; give 0 or more"),
    ("/v1/render", {"text": "a", "seed": "x"}, "seed is x; give a whole number"),
    ("/v1/render", {"text": "a", "colour": "red"}, "there is no colour here; "),
    ("/v1/render", {"text": "a", "ink": "blurple"}, "blurple"),
    ("/v1/render", {"text": "a", "ink": "white"}, "same colour"),
    ("/v1/render", {"text": "a", "format": "exe"}, "format is exe; give one of 'png'"),
    ("/v1/render", {"text": "a", "size": 0}, "size"),
    ("/v1/render", {"text": "a", "hand": 7}, "hand is 7; give text or an object"),
    ("/v1/render", {"text": "a", "hand": "Quil"}, "did you mean Quill or"),
    ("/v1/render", {"text": "a", "hand": "Nobody"}, "/v1/hands lists all"),
    ("/v1/render", {"text": "a", "hand": {"handsynth_hand": 2}}, "no saved hand"),
    ("/v1/render", {"text": "a", "hand": {"blend": ["Quill"]}}, "two hands"),
    ("/v1/render", {"text": "a", "hand": {"blend": ["Quill", "Fern"], "share": 7}}, "from 0 to 1"),
    ("/v1/render", {"text": "a\ud800"}, "surrogate"),
    ("/v1/render", {"text": "☃"}, "set missing to skip"),
    ("/v1/render", {"text": "a" * 6000}, "more than the 5,000"),
    ("/v1/render", {"text": "mmmmmmmm", "size": 2000}, "pixels"),
    ("/v1/page", {"text": "a", "style": {"paper": {"name": "b9"}}}, "b9"),
    ("/v1/page", {"text": "a", "style": {"paper": {"background": "/etc/passwd"}}}, "background"),
    ("/v1/page", {"text": "a", "background": "bm8gcGljdHVyZQ=="}, "background"),
    ("/v1/page", {"text": "a", "style": {"writing": {"hand": "Quill"}}}, "hand"),
    ("/v1/page", {"text": "a", "style": {"text": {"hyphenate": "../../etc/passwd"}}}, "hyphenation"),
    ("/v1/page", {"text": "a", "style": {"output": {"dpi": 9000}}, "format": "png", "page": 1}, "pixels"),
    ("/v1/page", {"text": "a", "style": {"output": {"look": "scanned"}}, "format": "hpgl"}, "pixels"),
    ("/v1/page", {"text": "\f".join("a" * 70)}, "more than 60 pages"),
    ("/v1/font", {"variants": 50}, "variants is 50; give 20 or less"),
    ("/v1/font", {"variants": 12}, "10 allowed"),
    ("/v1/font", {"chars": "☃"}, "set missing to skip"),
    ("/v1/font", {"sizes": [0]}, "size"),
    ("/v1/font", {"format": "bdf", "strikes": "sbix"}, "strikes"),
    ("/v1/sheet", {"chars": "☃"}, "☃"),
    ("/v1/sheet", {"legibility": 16}, "too many"),
]


@pytest.mark.parametrize(("path", "asked", "said"), BAD)
def test_what_cannot_be_done_is_refused_in_one_line(client, path, asked, said):
    body = json.dumps(asked)  # with half a surrogate pair, as JSON can say it
    answer = client.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == 422 and said in found["detail"] and "\n" not in found["detail"]
    assert "--" not in found["detail"], "fields have no dashes: those are of the command line"


def test_bodies_that_are_none_are_refused(client):
    said = {
        "not JSON": (b"{", "application/json", 400),
        "too deep": (b"[" * 100_000, "application/json", 400),
        "not UTF-8": (b'{"text": "\xff"}', "application/json", 400),
        "another type": (b"text=a", "application/x-www-form-urlencoded", 415),
        "no type": (b"{}", "", 422),
        "NaN": (b'{"text": "a", "slant": NaN}', "application/json", 422),
    }
    for what, (body, kind, status) in said.items():
        answer = client.post("/v1/render", content=body, headers={"content-type": kind} if kind else {})
        assert answer.status_code == status, what
        assert answer.headers["content-type"] == "application/problem+json", what
    assert client.post("/v1/learn", content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 400
    assert client.post("/v1/learn").status_code == 422
    assert client.delete("/v1/render").status_code == 405
    assert client.delete("/v1/render").headers["allow"] == "GET, HEAD, POST"
    assert client.get("/v1/nothing").json()["title"] == "Not Found"


def test_names_of_files_are_never_hands(client, tmp_path, model):
    Hand.gallery(model, "Quill").save(tmp_path / "me.hand")
    for name in (str(tmp_path / "me.hand"), "../me.hand", "random:1:2:3", str(tmp_path), "Quill/../Fern", "\0"):
        answer = client.get("/v1/render", params={"text": "a", "hand": name})
        assert answer.status_code == 422 and "there is no hand" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/../pyproject.toml", "/%2e%2e/app.py", "/assets/../../app.py", "//etc/passwd", "/.env"]
)
def test_the_page_has_its_own_files_alone(client, path):
    assert client.get(path).status_code == 404


def test_pictures_to_learn_from_are_bounded(client, model):
    def head(wide: int, high: int) -> bytes:
        """A PNG that says it is so large."""
        chunks = [(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(99)))]
        whole = b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )
        return b"\x89PNG\r\n\x1a\n" + whole

    for size in ((50_000, 50_000), (2**31 - 1, 2**31 - 1), (9_000, 8_000)):
        answer = client.post("/v1/learn", files={"photo": ("big.png", head(*size))})
        assert answer.status_code == 413 and "pixels" in answer.json()["detail"], size
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a", b"0" * 10_000_000)
    for data in (b"", b"x", b"%PDF-1.7", bomb.getvalue(), head(10, 10)):
        answer = client.post("/v1/learn", files={"photo": ("<b>photo</b>\n.png", data)})
        assert answer.status_code == 422 and "\n" not in answer.json()["detail"]
    many = client.post("/v1/learn", files=[("photo", (f"{i}.png", b"x")) for i in range(9)])
    assert many.status_code == 413 and "8 allowed" in many.json()["detail"]
