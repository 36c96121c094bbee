"""Earlier names of options: each is taken wherever it was, and one line says that of today."""

from __future__ import annotations

import json
from typing import Any

import pytest
import stub_model as stub

import handsynth
from handsynth.api import typeset
from handsynth.cli.app import app
from handsynth.corpus.recipe import Recipe
from handsynth.dials import renamed
from handsynth.dials.renamed import EARLIER, RenamedWarning, american, british
from handsynth.document.style import Style
from handsynth.errors import InputError
from handsynth.fonts.names import Names
from handsynth.fonts.options import Options
from handsynth.hands.hand import Hand
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return Model.open(stub.write_folder(tmp_path_factory.mktemp("models") / "stub", stub.members()))


COMMANDS_OF = {"render": "render", "font": "font", "sheet": "sheet", "sample": "sample", "template": "hand template",
               "forget": "hand forget", "again": "again"}  # fmt: skip
REQUIRED = {"render": ["a", "-o", "a.png"], "font": ["-o", "a.ttf"], "sheet": ["-o", "a.png"],
            "sample": ["a", "-o", "a.npz"], "template": ["-o", "a.pdf"], "forget": ["a.hand", "-o", "b.hand"],
            "again": ["a.pdf"]}  # fmt: skip


def command_of(name: str) -> Any:
    found: Any = app
    for word in name.split():
        found = found.commands[word]
    return found


@pytest.mark.parametrize(
    ("owner", "earlier", "now"),
    [(owner, *pair) for owner, names in EARLIER.items() if owner in COMMANDS_OF for pair in names.items()],
)
def test_earlier_names_are_taken_by_the_command_line_with_one_line(owner, earlier, now, capsys):
    made = command_of(COMMANDS_OF[owner])
    option = next(one for one in made.params if one.name == now)
    if len(earlier) == 1:
        return
    flag = "--" + earlier.replace("_", "-")
    value = [] if option.is_flag else ["7"]
    with made.make_context(owner, [*REQUIRED[owner], flag, *value], resilient_parsing=False) as context:
        assert str(context.params[now]) in ("7", "7.0", "True")
    said = capsys.readouterr().err.splitlines()
    assert said == [f"handsynth: {flag} is now {max(option.opts, key=len)}"]


@pytest.mark.parametrize(
    ("name", "flag"),
    [("render", "--paper-color"), ("font", "--license"), ("font", "--license-url"), ("render", "--optimize"),
     ("corpus make", "--color")],
)  # fmt: skip
def test_american_spellings_are_taken_by_the_command_line_without_a_word(name, flag, capsys):
    made = command_of(name)
    option = next(one for one in made.params if british(flag) in one.opts)
    required = {**REQUIRED, "corpus make": ["a.txt", "-o", "b"]}[name]
    with made.make_context(name, [*required, flag, *([] if option.is_flag else ["red"])]) as context:
        assert context.params[option.name] in ("red", True)
    assert capsys.readouterr().err == "" and flag not in option.opts
    twice = [*([flag] * 2)] if option.is_flag else [flag, "red", option.opts[0], "red"]
    with pytest.raises(InputError, match="twice|2 times"):
        made.make_context(name, [*required, *twice])


@pytest.mark.filterwarnings("error")
def test_american_spellings_are_taken_by_python_style_sheets_and_requests(model):
    assert Names("A", license="mine", license_url="a.example") == Names("A", licence="mine", licence_url="a.example")
    red, blue = (handsynth.render("a", model=model, **{name: "#ff000080"}) for name in ("paper_color", "paper_colour"))
    assert red.tobytes() == blue.tobytes()
    with pytest.raises(InputError, match="paper_colour is given twice, as paper_color, too"):
        handsynth.render("a", model=model, paper_color="red", paper_colour="red")
    with pytest.raises(InputError, match="no dial 'flavour'"):
        Style().set(["paper.flavour=1"])
    assert Style().set(["paper.color=red", "text.align=center"]) == Style().set(
        ["paper.colour=red", "text.align=centre"]
    )
    assert Style().changed({"text": {"align": "center"}}).text.align == "centre"
    requests = pytest.importorskip("handsynth.studio.requests")
    assert requests.RenderBody(text="a", paper_color="red").paper_colour == "red"
    assert american("paper.colour") == "paper.color" and british("--license-url") == "--licence-url"


def test_earlier_names_are_taken_by_python_style_sheets_and_requests(model, tmp_path):
    with pytest.warns(RenamedWarning, match="^line_height is now line_spacing$"):
        old = typeset("a\na", model=model, line_height=2.0)
    assert (old.y == typeset("a\na", model=model, line_spacing=2.0).y).all()
    with pytest.raises(InputError, match="given twice"):
        typeset("a", model=model, line_height=2.0, line_spacing=2.0)
    sheet_of = tmp_path / "s.toml"
    sheet_of.write_text("[text]\nline_height = 1.5\n", encoding="utf-8")
    with pytest.warns(RenamedWarning, match="^text.line_height is now text.line_spacing$"):
        assert Style.load(sheet_of).text.line_spacing == 1.5
    with pytest.warns(RenamedWarning):
        assert Style().set(["text.line_height=2"]).text.line_spacing == 2.0
    requests = pytest.importorskip("handsynth.studio.requests")
    with pytest.warns(RenamedWarning, match="^paper is now paper_colour$"):
        assert requests.RenderBody(text="a", paper="red").paper_colour == "red"
    with pytest.warns(RenamedWarning):
        assert requests.Template(repetitions=3).variants == 3
    with pytest.warns(RenamedWarning, match="^forget is now forget_originals$"):
        assert requests.LearnForm(forget=True).forget_originals
    with pytest.warns(RenamedWarning, match="^letters is now chars$"):
        assert requests.ForgetBody(hand="Fern", letters="b").chars == "b"


def test_earlier_names_are_taken_by_functions_and_classes_of_the_library(model, tmp_path):
    with pytest.warns(RenamedWarning, match="^page is now texture_size$"):
        made = Options(page=64)
    assert made == Options(texture_size=64) and made != Options()
    with pytest.warns(DeprecationWarning, match="^Options.page is now Options.texture_size$"):
        assert made.page == 64
    a, b = Hand.random(model, 1), Hand.random(model, 2)
    with pytest.warns(RenamedWarning, match="^t is now share$"):
        assert (Hand.blend(a, b, t=0.3).style == Hand.blend(a, b, share=0.3).style).all()
    with pytest.warns(RenamedWarning, match="^keep is now forget_originals, which says the contrary$"):
        assert renamed.current("learning", {"keep": True}) == {"forget_originals": False}
    with pytest.warns(RenamedWarning), pytest.raises(InputError, match="give a photo"):
        handsynth.learn(model, keep=True)
    with pytest.raises(InputError, match="forget_originals is given twice"):
        handsynth.learn(model, keep=True, forget_originals=True)


def test_recipes_of_corpora_take_their_length_by_its_earlier_names():
    with pytest.warns(RenamedWarning, match="^least is now length$"):
        assert Recipe(texts=("names",), least=5).length == (5, 0)
    old = json.dumps({"texts": ["names"], "least": 3, "most": 9})
    assert Recipe.from_json(old) == Recipe(texts=("names",), length=(3, 9))
    with pytest.raises(InputError, match="length is given twice"):
        Recipe(texts=("names",), most=5, length=(1, 2))


def test_texts_of_a_font_are_taken_by_their_earlier_names():
    with pytest.warns(RenamedWarning, match="^style is now style_name$"):
        assert Names("Ada", style="Bold") == Names("Ada", style_name="Bold")
    with pytest.warns(DeprecationWarning, match="^Names.version is now Names.font_version$"):
        assert Names("Ada").version == "1.000"


ASKED = [
    ("GET", "/v1/template", {"params": {"repetitions": "2", "chars": "ab"}}, ["repetitions is now variants"]),
    ("GET", "/v1/template", {"params": {"variants": "2", "chars": "ab"}}, None),
    ("GET", "/v1/render", {"params": {"text": "a", "paper": "red"}}, ["paper is now paper_colour"]),
    ("POST", "/v1/render", {"json": {"text": "a", "paper": "red", "line_height": 2}},
     ["paper is now paper_colour", "line_height is now line_spacing"]),
    ("POST", "/v1/render", {"json": {"text": "a", "paper_colour": "red"}}, None),
    ("POST", "/v1/page", {"json": {"text": "a", "format": "png", "style": {"text": {"line_height": 2.0}}}},
     ["line_height is now line_spacing"]),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::handsynth.dials.renamed.RenamedWarning")
@pytest.mark.parametrize(("method", "path", "asked", "said"), ASKED)
def test_answers_say_the_names_of_today_of_what_was_asked_by_earlier_ones(client, method, path, asked, said):
    answer = client.request(method, path, **asked)
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.headers.get("Handsynth-Renamed", "null")) == said


@pytest.mark.filterwarnings("ignore::handsynth.dials.renamed.RenamedWarning")
def test_earlier_names_ask_for_the_same(client):
    now, earlier = (
        client.post("/v1/render", json={"text": "a", **how}) for how in ({"paper_colour": "red"}, {"paper": "red"})
    )
    assert now.content == earlier.content and now.headers["ETag"] == earlier.headers["ETag"]
    again = client.post(
        "/v1/render", json={"text": "a", "paper": "red"}, headers={"If-None-Match": now.headers["ETag"]}
    )
    assert again.status_code == 304 and "Handsynth-Renamed" in again.headers
    assert client.get("/v1/template", params={"repetition": "2"}).status_code == 422
