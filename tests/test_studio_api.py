"""The HTTP API: what it answers is what the library draws, and it never answers by half."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from photos import photograph, scene
from PIL import Image
from starlette.testclient import TestClient

from handsynth import noise
from handsynth.cli.app import main
from handsynth.drawing import draw
from handsynth.formats import FORMATS
from handsynth.hands import handfile
from handsynth.hands.hand import Hand
from handsynth.learning.form import Form
from handsynth.model.model import Model
from handsynth.studio.app import create_app
from handsynth.studio.limits import Limits


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


def _pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def _command(*arguments: str) -> None:
    assert main(list(arguments)) == 0


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ({"text": "Dear Ada,"}, []),
        ({"text": "the gallery's first", "hand": ""}, []),
        ({"text": "a\nb & <b>ü</b>", "hand": "Fern", "seed": 2**64 - 1}, ["--hand", "Fern", "--seed", str(2**64 - 1)]),
        (
            {"text": "wide lines of words", "size": "3mm", "wrap": 300, "ink": "navy", "paper_colour": "transparent"},
            ["--size", "3mm", "--wrap", "300px", "--ink", "navy", "--paper-colour", "transparent"],
        ),
        (
            {"text": "dials", "slant": -0.2, "temperature": 0.0, "legibility": 3, "wander": 0.0, "margin": 2.5},
            ["--slant", "-0.2", "--temperature", "0.0", "--legibility", "3", "--wander", "0.0", "--margin", "2.5"],
        ),
        (
            {"text": "☃ box", "missing": "box", "gap": 0.5, "line_spacing": 2.0, "hand": "random:7:3"},
            ["--missing", "box", "--gap", "0.5", "--line-spacing", "2.0", "--hand", "random:7:3"],
        ),
    ],
)
def test_a_picture_is_the_file_that_the_command_writes(client, tmp_path, asked, options):
    _command("render", asked["text"], "-o", str(tmp_path / "a.png"), *options)
    wanted = (tmp_path / "a.png").read_bytes()
    by_post = client.post("/v1/render", json=asked)
    assert by_post.status_code == 200 and by_post.headers["content-type"] == "image/png"
    assert by_post.content == wanted
    assert client.get("/v1/render", params=asked).content == wanted


@pytest.mark.parametrize("ending", sorted(name[1:] for name in FORMATS))
def test_every_format_is_the_file_that_the_command_writes(client, tmp_path, ending):
    _command("render", "Ada", "-o", str(tmp_path / f"a.{ending}"))
    answer = client.get("/v1/render", params={"text": "Ada", "format": ending})
    assert answer.content == (tmp_path / f"a.{ending}").read_bytes()
    assert ending in answer.headers["content-disposition"]


def test_a_document_is_the_file_that_the_command_writes(client, tmp_path):
    text = "# Dear Ada\n\nno *two* letters are alike, " * 8
    (tmp_path / "a.md").write_text(text)
    dials = ["--paper", "a6-ruled", "--seed", "5", "--set", "person.slips=10", "--set", "text.align=justify"]
    _command("page", str(tmp_path / "a.md"), "-o", str(tmp_path / "a.pdf"), *dials)
    style = {
        "paper": {"name": "a6-ruled"},
        "writing": {"seed": 5},
        "person": {"slips": 10},
        "text": {"align": "justify"},
    }
    answer = client.post("/v1/page", json={"text": text, "markdown": True, "style": style})
    assert answer.content == (tmp_path / "a.pdf").read_bytes()
    document = pypdfium2.PdfDocument(answer.content)
    count = len(document)
    document.close()
    assert count > 1

    # the same pages one by one, and as a zip
    asked = {"text": text, "markdown": True, "style": style, "format": "png"}
    whole = zipfile.ZipFile(io.BytesIO(client.post("/v1/page", json=asked).content))
    assert len(whole.namelist()) == count and whole.testzip() is None
    for number, name in enumerate(whole.namelist(), 1):
        one = client.post("/v1/page", json={**asked, "page": number})
        assert one.headers["handsynth-last-page"] == ("true" if number == count else "false")
        assert one.content == whole.read(name)
    beyond = client.post("/v1/page", json={**asked, "page": count + 1})
    assert beyond.status_code == 404 and f"has {count}" in beyond.json()["detail"]


def test_pages_are_sent_as_they_are_drawn(client):
    """A zip is no file with a length that is known: its pieces come one by one."""
    answer = client.post(
        "/v1/page", json={"text": "one\f two\f three", "format": "svg", "style": {"paper": {"name": "a7"}}}
    )
    assert "content-length" not in answer.headers
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["page-001.svg", "page-002.svg", "page-003.svg"]
    one = client.post("/v1/page", json={"text": "one", "format": "svg", "style": {"paper": {"name": "a7"}}})
    assert one.headers["content-type"] == "image/svg+xml" and one.headers["handsynth-last-page"] == "true"


def test_a_font_is_the_file_that_the_command_writes(client, tmp_path):
    _command("font", "-o", str(tmp_path / "Ada.ttf"), "--chars", "abc", "--variants", "3", "--hand", "Quill")
    asked = {"chars": "abc", "variants": 3, "hand": "Quill", "family": "Ada"}
    answer = client.post("/v1/font", json=asked)
    assert answer.headers["content-type"] == "font/ttf"
    assert answer.content == (tmp_path / "Ada.ttf").read_bytes()
    for kind in ("otf", "woff", "woff2"):
        font = TTFont(io.BytesIO(client.post("/v1/font", json={**asked, "format": kind}).content))
        assert font["name"].getBestFamilyName() == "Ada"
    files = zipfile.ZipFile(io.BytesIO(client.post("/v1/font", json={**asked, "format": "fnt"}).content))
    assert files.namelist() == ["Ada.fnt", "Ada_0.png"]
    files = zipfile.ZipFile(io.BytesIO(client.post("/v1/font", json={**asked, "format": "bdf"}).content))
    assert files.namelist() == ["Ada.bdf", "Ada-v2.bdf", "Ada-v3.bdf"]
    assert all(files.read(name).startswith(b"STARTFONT 2.1") for name in files.namelist())
    files = zipfile.ZipFile(io.BytesIO(client.post("/v1/font", json={**asked, "format": "svg"}).content))
    assert files.namelist() == ["Ada.svg", "Ada-v2.svg", "Ada-v3.svg"]
    one = client.post("/v1/font", json={**asked, "format": "ttf", "single_line": True})
    assert one.status_code == 200 and one.content != answer.content
    refused = client.post("/v1/font", json={**asked, "format": "woff", "single_line": True})
    assert refused.status_code == 422 and "cannot be of single lines" in refused.text


def test_a_sheet_and_the_lists(client, model, tmp_path):
    _command("sheet", "abc", "-o", str(tmp_path / "a.png"), "--hands", "Quill,random:3", "--seed", "4")
    asked = {"chars": "abc", "hands": ["Quill", "random:3"], "seed": 4}
    drawn = [client.get("/v1/sheet", params=asked).content, client.post("/v1/sheet", json=asked).content]
    assert drawn[0] == drawn[1]
    assert (_pixels(drawn[0]) == _pixels((tmp_path / "a.png").read_bytes())).all()
    hands = client.get("/v1/hands").json()
    assert [hand["name"] for hand in hands] == [hand.name for hand in model.card.gallery]
    about = client.get("/v1/about").json()
    assert about["hands"] == hands and about["charset"] == list(model.card.charset)
    assert client.get("/v1/template", params={"paper": "letter"}).content.startswith(b"%PDF-1.7")
    form = client.get("/v1/template", params={"chars": "ab", "format": "png"})
    assert form.headers["content-type"] == "image/png" and form.content.startswith(b"\x89PNG")
    _command("hand", "template", "-o", str(tmp_path / "form.svg"), "--chars", "ascii", "-n", "2")
    forms = client.get("/v1/template", params={"format": "svg", "variants": 2})
    files = zipfile.ZipFile(io.BytesIO(forms.content))
    assert {name: files.read(name) for name in files.namelist()} == {
        path.name: path.read_bytes() for path in tmp_path.glob("form-*.svg")
    }
    assert client.get("/healthz").json()["status"] == "ok"


@pytest.fixture(scope="module")
def photo(model) -> bytes:
    """A photo of a form of letters, as a random hand filled it in."""
    form = Form.of("letters")
    chars = form.written(1)
    places = np.array([noise.key_of("form", char) for char in chars], np.uint64)
    person = Hand.random(model, 21, 3)
    ink = draw.glyphs(model, person, model.index(chars), places, 2, temperature=0.7, legibility=6).ink()
    letters = {box: (image * 255).astype(np.uint8) for box, image in enumerate(ink)}
    file = io.BytesIO()
    photograph(form, 1, letters, 4, scene(8, size=(2250, 3000))).image.convert("RGB").save(file, "JPEG", quality=85)
    return file.getvalue()


@pytest.fixture(scope="module")
def learnt(client, photo) -> dict:
    """What the API answers when a hand is learnt from the photo."""
    answer = client.post("/v1/learn", files={"photo": ("photo.jpg", photo)}, data={"name": "Ada"})
    assert answer.status_code == 200
    return answer.json()


def test_a_hand_is_learnt_from_a_photo_and_writes(client, photo, learnt, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(photo)
    _command("hand", "learn", str(tmp_path / "photo.jpg"), "-o", str(tmp_path / "me.hand"), "--name", "Ada")
    assert learnt["hand"] == json.loads((tmp_path / "me.hand").read_text())
    assert learnt["measured"]["letters"] > 46
    _command("render", "my own letters", "-o", str(tmp_path / "a.png"), "--hand", str(tmp_path / "me.hand"))
    drawn = client.post("/v1/render", json={"text": "my own letters", "hand": learnt["hand"]})
    assert (_pixels(drawn.content) == _pixels((tmp_path / "a.png").read_bytes())).all()
    forgetful = client.post("/v1/learn", files={"photo": photo}, data={"forget_originals": "true"}).json()
    assert "originals" not in forgetful["hand"]


def test_letters_of_a_learnt_hand_are_shown_and_dropped(client, learnt, tmp_path):
    # one that was not understood
    known = learnt["hand"]["known"]["chars"].index("e")
    person = handfile.parse(learnt["hand"], "it", Hand)
    person = replace(person, known=person.known.take(np.arange(len(person.known)) != known))
    hand = handfile.data(person)
    letters = client.post("/v1/letters", json={"hand": hand}).json()["letters"]
    assert [letter["char"] for letter in letters] == hand["originals"]["chars"]
    assert [letter["char"] for letter in letters if letter["doubtful"]] == ["e"]
    ink = [_alpha(letter["read"]) for letter in letters]
    assert np.abs(np.array(ink) - 255 * np.clip(person.originals.fields + 0.5, 0, 1)).max() < 2
    drawn = {letter["char"]: _alpha(letter["drawn"]) for letter in letters}
    assert all(picture.max() == 255 for picture in drawn.values())

    less = client.post("/v1/forget", json={"hand": hand, "chars": "eb"}).json()["hand"]
    (tmp_path / "me.hand").write_text(json.dumps(hand))
    _command("hand", "forget", str(tmp_path / "me.hand"), "--chars", "eb", "-o", str(tmp_path / "less.hand"))
    assert less == json.loads((tmp_path / "less.hand").read_text())
    left = client.post("/v1/letters", json={"hand": less}).json()["letters"]
    assert [letter["char"] for letter in left] == [char for char in hand["originals"]["chars"] if char not in "eb"]
    inkless = {key: value for key, value in less.items() if key != "originals"}
    assert {letter["read"] for letter in client.post("/v1/letters", json={"hand": inkless}).json()["letters"]} == {None}
    assert client.post("/v1/letters", json={"hand": "Fern"}).json() == {"letters": []}
    refused = client.post("/v1/forget", json={"hand": less, "chars": "b"})
    assert refused.status_code == 422 and "holds no letter b" in refused.json()["detail"]


def _alpha(address: str) -> np.ndarray:
    """How much ink is where in the picture of a `data:` address."""
    kind, data = address.split(",", 1)
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).getchannel("A")).astype(float)


def test_a_blend_is_the_command_s(client, tmp_path):
    _command("hand", "blend", "Quill", "Fern", "0.3", "-o", str(tmp_path / "mixed.hand"))
    _command("render", "mixed", "-o", str(tmp_path / "a.png"), "--hand", str(tmp_path / "mixed.hand"))
    answer = client.post("/v1/render", json={"text": "mixed", "hand": {"blend": ["Quill", "Fern"], "share": 0.3}})
    assert (_pixels(answer.content) == _pixels((tmp_path / "a.png").read_bytes())).all()


def test_a_random_hand_with_a_seed_of_its_own_stays_when_the_seed_changes(model):
    from handsynth.drawing.resolve import resolve

    hands = [resolve(model, "random:7:3", seed) for seed in (0, 1)]
    assert (hands[0].style == hands[1].style).all()
    assert (hands[0].style == Hand.random(model, 3, 7).style).all()
    assert (resolve(model, "random:7", 1).style != hands[0].style).any()


def test_the_same_request_is_known_again(client):
    asked = {"text": "Ada", "seed": "3"}
    first = client.get("/v1/render", params=asked)
    tag = first.headers["etag"]
    again = client.get("/v1/render", params=asked, headers={"If-None-Match": f'"x", W/{tag}'})
    assert again.status_code == 304 and not again.content and again.headers["etag"] == tag
    other = client.get("/v1/render", params={**asked, "seed": "4"}, headers={"If-None-Match": tag})
    assert other.status_code == 200 and other.headers["etag"] != tag
    assert client.get("/v1/render", params=asked).content == first.content


def test_many_at_once_get_what_one_gets(client):
    asked = [{"text": f"no {i} two {i * i} alike", "hand": f"random:{i}", "legibility": 1 + i % 3} for i in range(6)]
    alone = [client.post("/v1/render", json=one).content for one in asked]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda one: client.post("/v1/render", json=one).content, asked * 2))
    assert together == alone * 2


def test_what_is_not_drawn_as_written_is_said(client):
    answer = client.get("/v1/render", params={"text": "a ☃ b", "missing": "box"})
    assert "☃" in "".join(json.loads(answer.headers["handsynth-notes"]))
    refused = client.get("/v1/render", params={"text": "a ☃ b"})
    assert refused.status_code == 422 and "☃" in refused.json()["detail"]


def test_markup_in_a_text_stays_text(client):
    text = '</title><script>alert(1)</script>"&'
    for path in ("/v1/render", "/v1/page"):
        style = {"style": {"output": {"title": text, "embed_text": True}}} if path == "/v1/page" else {}
        asked = {"text": text, "format": "svg", **style, **({"page": 1} if style else {})}
        answer = client.post(path, json=asked)
        assert answer.status_code == 200 and b"<script" not in answer.content


def test_head_is_get_without_the_body(client):
    for path, asked in (("/v1/render", {"text": "Ada"}), ("/v1/about", {}), ("/healthz", {}), ("/", {})):
        got, head = client.get(path, params=asked), client.head(path, params=asked)
        assert head.status_code == 200 and not head.content
        assert head.headers == got.headers and int(head.headers["content-length"]) == len(got.content)
    assert client.head("/v1/page").status_code == 405 and not client.head("/v1/page").content


def test_who_asks_for_bytes_gets_them_as_such(client):
    asked, wanted = {"text": "Ada"}, {"accept": "application/octet-stream"}
    plain, named = client.get("/v1/render", params=asked), client.get("/v1/render", params=asked, headers=wanted)
    assert named.headers["content-type"] == "application/octet-stream" and named.content == plain.content
    assert named.headers["etag"] != plain.headers["etag"] and named.headers["vary"] == "Accept"


def test_what_takes_too_long_is_given_up(model):
    with TestClient(create_app(model, Limits(seconds=0.2)), base_url="http://localhost") as client:
        answer = client.post("/v1/page", json={"text": "many words here\n\n" * 2000})
        assert answer.status_code == 503 and "longer than 0.2 s" in answer.json()["detail"]
        assert client.get("/v1/render", params={"text": "a"}).status_code == 200


def test_what_happens_is_counted(model):
    with TestClient(create_app(model), base_url="http://localhost") as client:
        client.get("/v1/render", params={"text": "four"})
        client.get("/v1/render")
        client.get("/made/up/path")
        counted = client.get("/metrics").text
    assert 'handsynth_requests_total{method="GET",route="/v1/render",status="200"} 1.0' in counted
    assert 'handsynth_requests_total{method="GET",route="/v1/render",status="422"} 1.0' in counted
    assert 'route="other",status="404"} 1.0' in counted and "made" not in counted
    assert "handsynth_characters_total 4.0" in counted
    assert "handsynth_jobs_working 0.0" in counted


def test_a_page_is_written_on_a_background(client, tmp_path):
    from test_background import lined

    lined().save(tmp_path / "paper.png")
    style = {"paper": {"name": "a6"}, "output": {"dpi": 100.0}}
    picture = base64.b64encode((tmp_path / "paper.png").read_bytes()).decode()
    (tmp_path / "a.txt").write_text("one\ntwo")
    for ending in ("png", "pdf", "svg"):
        asked = {"text": "one\ntwo", "style": style, "background": picture, "format": ending, "page": 1}
        made = client.post("/v1/page", json=asked)
        assert made.status_code == 200, made.text
        out = str(tmp_path / f"a.{ending}")
        dials = ["--set", f"paper.background={tmp_path / 'paper.png'}", "--dpi", "100"]
        _command("page", str(tmp_path / "a.txt"), "-o", out, "--paper", "a6", *dials)
        if ending == "png":
            assert np.array_equal(_pixels(made.content), _pixels((tmp_path / "a.png").read_bytes()))
        else:
            assert (b"/DCTDecode" if ending == "pdf" else b"<image ") in made.content


def test_some_words_can_be_had_where_they_stand_and_the_sheet_without_any(client):
    style = {"paper": {"name": "a6-ruled"}, "output": {"dpi": 60.0, "embed_text": True}}
    asked = {"text": "one\ntwo", "style": style, "format": "json", "page": 1}
    (whole,), (part,) = (
        client.post("/v1/page", json=asked | more).json()["pages"] for more in ({}, {"words": ["two"]})
    )
    assert part["words"] == whole["words"] == ["one", "two"]
    known = [{**stroke, "t": 0} for stroke in whole["strokes"] if stroke["word"] == 1]
    assert [{**stroke, "t": 0} for stroke in part["strokes"]] == known
    (none,) = client.post("/v1/page", json=asked | {"words": ["three"]}).json()["pages"]
    assert none["words"] == whole["words"] and none["strokes"] == []
    asked["format"] = "png"
    done, bare = (_pixels(client.post("/v1/page", json=asked | more).content) for more in ({}, {"words": []}))
    differs = (done != bare).any(axis=2)
    assert done.shape == bare.shape and 0 < differs.mean() < 0.1
    # what differs is darker: ink on the same rules
    assert (done.astype(int)[differs].sum(axis=1) < bare.astype(int)[differs].sum(axis=1)).all()


def test_formats_that_need_a_library_are_offered_where_it_is(client, model, monkeypatch):
    from handsynth import formats

    assert {"mp4", "gif", "dxf"} <= set(client.get("/v1/about").json()["formats"]["render"])
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    with TestClient(create_app(model), base_url="http://localhost") as other:
        offered = other.get("/v1/about").json()["formats"]["render"]
    assert "gif" in offered and not {"mp4", "dxf"} & set(offered)
