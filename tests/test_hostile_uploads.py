"""What strangers send to the studio, and to whoever opens their files."""

from __future__ import annotations

import base64
import io
import json
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from handsynth.cli.app import main
from handsynth.errors import InputError
from handsynth.formats.pictures import ENOUGH, TooLarge, open_picture
from handsynth.hands import handfile
from handsynth.hands.hand import Hand
from handsynth.model.model import Model
from handsynth.studio.decoder import decoded
from handsynth.studio.job_queue import Deadline
from handsynth.studio.limits import Limits
from handsynth.studio.refusal import Refusal

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n{} loop\n"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


def webp(width: int, height: int) -> bytes:
    """A lossless WebP that says it is so large (RFC 9649, 3.4)."""
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "WEBP", lossless=True)
    data = bytearray(file.getvalue())
    at = data.index(b"VP8L") + 9
    rest = int.from_bytes(data[at : at + 4], "little") >> 28 << 28
    data[at : at + 4] = (rest | width - 1 | height - 1 << 14).to_bytes(4, "little")
    return bytes(data)


def saved(image: Image.Image, kind: str, **how) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose last pass comes again and again."""
    data = saved(Image.new("L", (64, 64), 200), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + count * last + data[-2:]


def test_no_other_program_is_asked_to_draw_a_picture(monkeypatch):
    from PIL import EpsImagePlugin

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_, **__: pytest.fail("Ghostscript was asked"))
    for data in (EPS, b"\xc5\xd0\xd3\xc6" + bytes(26) + EPS):
        with pytest.raises(InputError, match="no picture that can be read"):
            open_picture(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PPM", "TGA", "PCX", "SGI", "ICO", "AVIF", "DDS", "JPEG2000"])
def test_only_a_few_formats_are_read(kind):
    try:
        data = saved(Image.new("RGB", (32, 32)), kind)
    except (KeyError, OSError):
        pytest.skip(f"this Pillow does not write {kind}")
    with pytest.raises(InputError, match="no picture that can be read"):
        open_picture(io.BytesIO(data))


def test_the_first_frame_of_a_gif_is_read():
    frames = [Image.new("P", (9, 9), i) for i in range(3)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert open_picture(io.BytesIO(data)).size == (9, 9)


BOMBS = {
    "webp": lambda: webp(10_000, 10_000),
    "deep png": lambda: saved(Image.fromarray(np.zeros((10_000, 10_000), np.uint16)), "PNG", compress_level=1),
    "colours": lambda: saved(Image.new("RGB", (10_000, 10_000)), "PNG", compress_level=1),
    "tiff": lambda: saved(Image.new("RGB", (9000, 9000)), "TIFF", compression="tiff_deflate"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_take_too_much_memory_is_refused_before_it_is_decoded(monkeypatch, name):
    data = BOMBS[name]()
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(TooLarge, match="MB of memory, more than 256; make it smaller"):
        open_picture(io.BytesIO(data))


def test_jpegs_of_many_passes_are_refused():
    assert open_picture(io.BytesIO(many_scans(20))).size == (64, 64)
    with pytest.raises(InputError, match="is built in 5,[0-9]+ passes; save it again as a plain JPEG"):
        open_picture(io.BytesIO(many_scans(5000)))


@pytest.mark.parametrize(
    ("mode", "kind"), [("1", "PNG"), ("L", "TIFF"), ("RGB", "JPEG"), ("P", "PNG"), ("I;16", "PNG")]
)
def test_large_pictures_become_smaller(mode, kind):
    image = (
        Image.fromarray(np.full((6000, 6000), 30_000, np.uint16)) if mode == "I;16" else Image.new(mode, (6000, 6000))
    )
    opened = open_picture(io.BytesIO(saved(image, kind)))
    assert opened.size == (3000, 3000) and ENOUGH <= 3000 * 3000
    assert opened.mode in ("L", "RGB")


def test_uploads_are_decoded_elsewhere_and_in_time():
    plain = io.BytesIO(saved(Image.new("RGBA", (40, 30), (0, 0, 255, 255)), "PNG"))
    plain.name = "a.png"
    made = decoded(plain, Limits(), Deadline(60))
    assert made.name == "a.png" and open_picture(made).getpixel((5, 5)) == (0, 0, 255)
    begun = time.monotonic()
    late = Deadline(0.0)
    with pytest.raises(Refusal, match="takes longer"):
        decoded(plain, Limits(), late)
    assert time.monotonic() - begun < 10


def test_uploads_that_are_no_pictures_or_too_large_are_refused(client):
    for data, status, said in (
        (EPS, 422, "photo.jpg is no picture that can be read; give a JPEG or PNG file"),
        (webp(16383, 16383), 413, "16,383 x 16,383 pixels"),
        (many_scans(5000), 422, "photo.jpg is built in"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), 422, "no picture"),
    ):
        answer = client.post("/v1/learn", files={"photo": ("photo.jpg", data)})
        assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


def hand(model, **changes) -> dict:
    data = handfile.data(Hand.gallery(model, model.card.gallery[0].name))
    return {**data, **changes}


def letters(chars: str, side: int) -> dict:
    fields = base64.b64encode(zlib.compress(bytes(len(chars) * side * side), 9)).decode()
    return {"chars": list(chars), "side": side, "fields": fields}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (lambda: {"originals": letters("a" * 300, 1024)}, "its letters have 314,572,800 pixels, more than 16,384,000"),
        ({"gap": 1000}, "its gap is 1000, not -2 to 5"),
        ({"slant": 1000}, "its slant is 1000"),
        ({"weight": -1000}, "its weight is -1000"),
        ({"pen": 0}, "its pen is 0"),
        ({"name": "\ud800"}, "something in it is not usable"),
    ],
)
def test_hands_that_nobody_writes_are_refused(model, client, changes, said):
    changes = changes() if callable(changes) else changes  # not made where tests are only collected
    begun = time.monotonic()
    with pytest.raises(InputError) as error:
        handfile.parse(hand(model, **changes), "me.hand", Hand)
    assert said in str(error.value) and time.monotonic() - begun < 2
    body = json.dumps({"text": "a", "hand": hand(model, **changes)}).encode()
    answer = client.post("/v1/render", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422


def test_letters_of_another_frame_are_of_another_model(model, client, tmp_path):
    data = hand(model, originals=letters("ab", 2 * model.frame.size))
    file = tmp_path / "me.hand"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError, match="made with another model"):
        Hand.load(file, model)
    answer = client.post("/v1/render", json={"text": "a", "hand": data})
    assert answer.status_code == 422 and "another model" in answer.json()["detail"]


@pytest.mark.parametrize("gap", [-2, 5])
def test_fonts_of_the_widest_and_the_narrowest_hand_are_made(client, model, gap):
    asked = {"hand": hand(model, gap=gap), "chars": "ab", "variants": 1, "format": "ttf"}
    assert client.post("/v1/font", json=asked).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil@localhost", "localhost/evil", "localhost:80:80", "localhost#", "loc alhost", "[::1"]
)
def test_odd_hosts_are_refused(client, host):
    assert client.get("/v1/about", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]:8765"])
def test_hosts_of_this_machine_are_let_in(client, host):
    assert client.get("/v1/about", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "http://]", "://", "", "null"])
def test_odd_origins_are_refused(client, origin):
    assert client.get("/v1/hands", headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "text/plain", "multipart/form-data"])
def test_bodies_of_other_kinds_are_not_taken(client, kind):
    answer = client.post("/v1/render", content=b"<a/>", headers={"content-type": kind})
    assert answer.status_code == 415 and "send application/json" in answer.json()["detail"]


def test_an_empty_token_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("HANDSYNTH_TOKEN", "")
    assert main(["studio", "--no-browser", "--port", "0"]) == 2
    assert "the token is empty (HANDSYNTH_TOKEN or --token)" in capsys.readouterr().err
