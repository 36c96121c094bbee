"""Every option is the same wherever it is asked for: each surface is read, and compared with the table of dials."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import tomllib
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest
import stub_model as stub

from handsynth import dials, units
from handsynth.api import PictureOptions, typeset, write
from handsynth.cli.app import app
from handsynth.corpus.containers import CONTAINERS
from handsynth.corpus.effects import EFFECTS, PRESETS
from handsynth.corpus.recipe import TRUTHS, Recipe
from handsynth.corpus.run import run
from handsynth.dials import DIALS, Dial
from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.errors import HandsynthError, InputError
from handsynth.fonts.api import Making, files
from handsynth.fonts.options import DIALECTS, STRIKES, Options
from handsynth.fonts.repertoire import SETS
from handsynth.formats import devices, profiles
from handsynth.formats.look import CAMERAS, MAX_PIXELS, SIZES
from handsynth.hands.originals import Use
from handsynth.ink import pens
from handsynth.layout.setting import Setting
from handsynth.learning.api import learn
from handsynth.learning.form import PAPERS, Form
from handsynth.learning.form import SETS as FORM_SETS
from handsynth.model.model import Model
from handsynth.specimens.sample import sample
from handsynth.specimens.sheet import sheet
from handsynth.text.charset import Missing


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return Model.open(stub.write_folder(tmp_path_factory.mktemp("models") / "stub", stub.members()))


COMMANDS = dict(app.commands)
COMMANDS["corpus"] = COMMANDS["corpus"].commands["make"]

COMMANDS |= {f"hand {name}": made for name, made in COMMANDS["hand"].commands.items()}
OTHERS = {
    ("merge", "style"), ("page", "style"), ("hands", "text"), ("corpus", "texts"),
}  # fmt: skip
"""Options that are none of the table."""
TABLES = {"page": ("paper", "text", "output"), "merge": ("paper",)}
"""Where a command's names are those of tables of a style sheet, before all others."""
BY_OPTION: dict[str, list[Dial]] = {}
for _dial in DIALS.values():
    BY_OPTION.setdefault(_dial.option, []).append(_dial)


def of_option(command: str, name: str) -> Dial | None:
    """The dial of an option of the command line, by its name alone: its own, a table's, or that of all."""
    if (command, name) in OTHERS:
        return None
    found = BY_OPTION.get(name, [])
    for table in (command.removeprefix("hand "), *TABLES.get(command, ()), ""):
        for dial in found:
            if dial.name.rpartition(".")[0] == table:
                return dial
    return None


SENTENCES = [
    (command, parameter)
    for command, made in COMMANDS.items()
    for parameter in getattr(made, "params", [])
    if parameter.help
]


@pytest.mark.parametrize(("command", "parameter"), SENTENCES, ids=lambda value: getattr(value, "name", value))
def test_sentences_of_the_command_line_stand_alone(command, parameter):
    said = parameter.help.split("  [default")[0]
    assert said.endswith(".") and said[0].isupper()
    assert not re.match(r"(Of|Like|Also|Instead|Another|Too|And|Or|Here|It|They)\b", said)
    assert not re.search(r"\b(likewise|them into this|of the first;|instead\.$)", said)


SWITCHES = [(command, parameter) for command, parameter in SENTENCES
            if parameter.param_type_name == "option" and parameter.is_flag and parameter.secondary_opts]  # fmt: skip


@pytest.mark.parametrize(("command", "parameter"), SWITCHES, ids=lambda value: getattr(value, "name", value))
def test_help_says_which_of_two_is_usual(command, parameter):
    if parameter.name == "centreline":  # a page's strokes are neither of the two
        return
    on, off = parameter.opts[0].removeprefix("--"), parameter.secondary_opts[0].removeprefix("--")
    dial = of_option(command, parameter.name)
    if parameter.default is None:
        assert parameter.help.endswith(f"  [default: {on if dial.default_for('style') else off}]")
    else:
        assert parameter.show_default


def test_help_shows_the_defaults_of_hands_and_of_a_share():
    assert "[default: prior]" in next(one.help for one in COMMANDS["corpus"].params if one.name == "hands")
    assert "[default: 0.5]" in next(one.help for one in COMMANDS["hand blend"].params if one.name == "share")


@pytest.mark.parametrize("group", [app, app.commands["hand"], app.commands["corpus"]], ids=lambda group: group.name)
def test_lists_of_commands_have_whole_sentences(group):
    for name, command in group.commands.items():
        first = inspect.cleandoc(command.help).split("\n\n")[0]
        assert "\n" not in first and len(name) + len(first) < 70, first


def of_style(table: str, name: str) -> Dial:
    return DIALS.get(f"{table}.{name}") or DIALS[name]


OPTIONS = [
    (command, parameter, of_option(command, parameter.name))
    for command, made in COMMANDS.items()
    for parameter in getattr(made, "params", [])
    if parameter.param_type_name == "option" and of_option(command, parameter.name)
]


@pytest.mark.parametrize(("command", "parameter", "dial"), OPTIONS, ids=lambda value: getattr(value, "name", value))
def test_the_command_line_says_what_the_table_says(command, parameter, dial):
    assert dial.doc[:-1] in parameter.help
    if dial.choices:
        assert parameter.metavar == f"[{'|'.join(filter(None, dial.choices))}]"
    elif dial.range:
        assert dial.range in parameter.help
    kinds = {"number": float, "integer": int, "flag": bool}
    if dial.kind in kinds and (command, dial.name) != ("corpus", "temperature"):
        hint = get_type_hints(COMMANDS[command].callback)[parameter.name]
        assert kinds[dial.kind] in (hint, *get_args(hint))
    if command == "page" and any(of_style(table, field.name) is dial for table, field in STYLE):
        assert parameter.default is None  # what is not said is as the style sheet says
    elif parameter.default is not None:
        assert text(parameter.default) == text(dial.default_for(command if command in dial.elsewhere else None)), (
            dial.name
        )


@pytest.mark.parametrize("command", sorted({command for command, _, _ in OPTIONS}))
def test_the_command_line_spells_no_default(command):
    source = textwrap.dedent(inspect.getsource(COMMANDS[command].callback))
    arguments = ast.parse(source).body[0].args
    positional = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    said = dict(zip(positional, arguments.defaults, strict=True))
    said |= dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    spelled = {
        name.arg
        for name, default in said.items()
        if isinstance(default, ast.Constant) and default.value is not None and of_option(command, name.arg)
    }
    assert not spelled


def text(value: Any) -> str:
    """A value as people type it."""
    if isinstance(value, tuple):
        return ",".join(map(text, value))
    if isinstance(value, bool):
        return str(value)
    return "" if value is None else str(value).removesuffix("px").removesuffix(".0")


def test_each_command_has_dials_of_the_table():
    found = {command for command, _, _ in OPTIONS}
    assert {"render", "page", "font", "sheet", "sample", "hands", "corpus"} <= found
    assert len(OPTIONS) > 100


def options_of(function: Any) -> dict[str, Any]:
    """Keyword arguments with defaults, by name."""
    found = inspect.signature(function).parameters.values()
    return {one.name: one.default for one in found if one.default is not one.empty}


# a sheet's characters and hands may be none
OTHERWISE = ("size", "hands", "chars", "ink", "depth", "legibility")
SHEET = [(name, value) for name, value in options_of(sheet).items() if name not in OTHERWISE]
PYTHON = [
    *((name, ...) for name in PictureOptions.__annotations__ if name != "command"),
    *((field.name, field.default) for field in fields(Setting) if field.name in DIALS),
    *((name, value) for name, value in options_of(files).items() if name in DIALS and name not in OTHERWISE),
    *((field.name, field.default) for field in fields(Options) if field.name in DIALS and field.name not in OTHERWISE),
    ("font.ink", Options().ink), ("depth", str(Options().depth)),
    *((name, value) for name, value in options_of(learn).items() if name in ("name", "forget_originals")),
    ("learn.chars", options_of(learn)["chars"]),
    ("template.chars", options_of(Form.of)["chars"]), ("template.paper", options_of(Form.of)["paper"]),
    ("workers", options_of(Document.write)["workers"]), ("workers", options_of(Document.pages)["workers"]),
    *((f"corpus.{name}" if f"corpus.{name}" in DIALS else name, value)
      for name, value in options_of(run).items() if name in ("container", "shard", "count", "workers", "engine")),
    ("sample.hand", options_of(sample)["hand"]), ("legibility", options_of(sample)["legibility"]),
    *((f"sheet.{name}" if f"sheet.{name}" in DIALS else name, value) for name, value in SHEET if name in DIALS),
]  # fmt: skip


@pytest.mark.parametrize(("name", "default"), PYTHON)
def test_the_library_has_the_dials_and_defaults_of_the_table(name, default):
    dial = DIALS[name]
    if default is ...:
        return
    # a Setting without a hand has the gap of fonts
    usual = units.colour(dial.default) if name == "font.ink" else dial.default
    assert default == usual or (name == "gap" and dial.default is None)


def test_fonts_have_the_dials_of_the_table():
    others = {"names", "options", "command", "progress"}
    assert set(Making.__annotations__) - others <= set(DIALS)
    assert options_of(files)["legibility"] == DIALS["legibility"].default_for("font")


BOUNDED = [
    name for name in PictureOptions.__annotations__ if name in DIALS and DIALS[name].kind in ("number", "integer")
]


@pytest.mark.parametrize("name", BOUNDED)
def test_the_library_refuses_what_is_out_of_range(name, model, tmp_path):
    dial = DIALS[name]
    for wrong in (dial.least - 1, dial.most * 2 + 1):
        with pytest.raises(HandsynthError) as caught:
            write("a", tmp_path / "a.png", model=model, **{name: wrong})
        assert "\n" not in str(caught.value) and str(name.replace("_", " ")) in str(caught.value)


OF_PICTURES = "dpi", "max_pixels", "margin", "joined", "duration", "fps"


@pytest.mark.parametrize("name", [name for name in BOUNDED if name not in OF_PICTURES])
def test_the_library_takes_the_bounds_themselves(name, model):
    dial = DIALS[name]
    for right in (dial.least, dial.most):
        if not (name == "legibility" and right > 1):  # the model of the tests has no reader
            typeset("a", model=model, **{name: right})


STYLE = [(table.name, field) for table in fields(Style) for field in fields(getattr(Style(), table.name))]


@pytest.mark.parametrize(("table", "field"), STYLE, ids=lambda value: getattr(value, "name", value))
def test_style_sheets_have_the_dials_of_the_table(table, field):
    dial = of_style(table, field.name)
    assert field.metadata["dial"] is dial
    assert field.default == dial.default_for("style")
    source = Style().toml()
    assert tomllib.loads(source)[table][field.name] == dial.default_for("style")
    assert f"# {dial.help}\n{field.name} = " in source


@pytest.mark.parametrize("field", fields(Recipe), ids=lambda field: field.name)
def test_corpus_recipes_have_the_dials_of_the_table(field):
    if field.name in ("texts", "characters", "model"):  # what is written, and files
        return
    dial = dials.of_corpus(field.name)
    assert field.default == dial.default_for("corpus")
    if dial.kind not in ("number", "integer") or field.name == "temperature":
        return
    for wrong in (dial.least - 1, dial.most + 1):
        with pytest.raises(InputError, match=field.name):
            Recipe(("numbers",), kind="page", **{field.name: wrong})


@pytest.fixture(scope="module")
def schemas():
    requests = pytest.importorskip("handsynth.studio.requests")
    return {name: getattr(requests, name).model_json_schema() for name in TABLE_OF}


TABLE_OF = {
    "Render": "", "RenderBody": "", "PageBody": "", "FontBody": "font.", "SheetQuery": "sheet.", "SheetBody": "sheet.",
    "LearnForm": "learn.", "Template": "template.", "LettersBody": "", "ForgetBody": "forget.",
}  # fmt: skip
"""Requests, with the table of dials whose names are before all others."""


def test_the_http_schema_has_the_ranges_of_the_table(schemas):
    seen = set()
    for request, schema in schemas.items():
        for name, said in schema["properties"].items():
            dial = DIALS.get(TABLE_OF[request] + name) or DIALS.get(name)
            if dial is None or name in ("hand", "hands") or (request, name) == ("ForgetBody", "chars"):
                continue
            same(said, dial, default=name not in ("legibility", "depth", "sizes", "chars") or request == "Template")
            seen.add(dial.name)
    assert {"temperature", "variation", "joined", "legibility", "wander", "variants", "letter_spacing"} <= seen
    assert {"name", "family", "forget_originals", "font.ink", "template.chars", "template.paper",
            "template.variants", "learn.chars"} <= seen  # fmt: skip
    assert schemas["ForgetBody"]["properties"]["chars"]["description"] == DIALS["forget.chars"].doc
    assert schemas["FontBody"]["properties"]["legibility"]["default"] == DIALS["legibility"].default_for("font")


def test_the_http_schema_has_the_dials_of_style_sheets(schemas):
    tables = schemas["PageBody"]["$defs"]
    for table, field in STYLE:
        said = tables[table.capitalize() + "Style"]["properties"].get(field.name)
        if said is None:
            assert (table, field.name) in {
                ("writing", "hand"),
                ("paper", "background"),
                ("text", "format"),
                ("plotter", "profile"),  # it would read files
            }
        else:
            same(said, of_style(table, field.name), default=False)


def same(said: dict[str, Any], dial: Dial, default: bool) -> None:
    """`said` in a schema is what the dial says."""
    kinds = [said, *said.get("anyOf", [])]
    found = {key: value for kind in kinds for key, value in kind.items()}
    if dial.kind in ("number", "integer") or dial.name == "sheet.size":
        assert (found["minimum"], found["maximum"]) == (dial.least, dial.most), dial.name
    if dial.choices and found.get("type") != "integer":
        assert set(found.get("enum", [])) | {""} == {*dial.choices, ""}, dial.name
    if default:
        assert said.get("default") == dial.default, dial.name


def test_choices_are_those_of_what_can_be_done():
    assert DIALS["pen"].choices == tuple(pens.NAMES)
    assert DIALS["missing"].choices == get_args(Missing)
    assert DIALS["originals"].choices == get_args(Use)
    assert DIALS["charset"].choices == tuple(SETS)
    assert DIALS["strikes"].choices == STRIKES and DIALS["dialect"].choices == DIALECTS
    assert DIALS["output.look"].choices == ("", *CAMERAS)
    assert set(DIALS["corpus.container"].choices) == set(CONTAINERS)
    assert all(name in DIALS["corpus.effects"].doc for name in (*PRESETS, *EFFECTS))
    assert all(name in DIALS["corpus.truth"].doc for name in TRUTHS)
    assert all(name in DIALS["corpus.pens"].doc for name in pens.NAMES)
    assert all(name in DIALS["device"].doc for name in devices.DEVICES)
    assert all(name in DIALS["profile"].doc for name in profiles.PRESETS)
    assert DIALS["template.paper"].choices == tuple(PAPERS)
    assert all(name in DIALS["template.chars"].doc for name in FORM_SETS)
    assert (DIALS["size"].least, DIALS["size"].most) == SIZES and DIALS["max_pixels"].default == MAX_PIXELS


@pytest.mark.parametrize("dial", DIALS.values(), ids=lambda dial: dial.name)
def test_a_dial_is_whole(dial):
    assert dial.doc.endswith(".") and len(dial.doc) > 20 and not dial.doc.startswith(("Of ", "Like "))
    if dial.least is not None and isinstance(dial.default, int | float):
        assert dial.least <= dial.default <= dial.most
    if dial.choices and dial.default is not None:
        assert dial.default in dial.choices
    if dial.slider and dial.least is not None:
        assert dial.least <= dial.slider[0] < dial.slider[1] <= dial.most


def named() -> list[tuple[str, str, str]]:
    """Each name of an option with where it is and what it is about there: commands, the API, recipes and requests."""
    requests = pytest.importorskip("handsynth.studio.requests")
    found = [(parameter.name, command, dial.thing) for command, parameter, dial in OPTIONS]
    found += [(DIALS[name].option, "API", DIALS[name].thing) for name, _ in PYTHON]
    found += [(field.name, "recipe", dials.of_corpus(field.name).thing) for field in fields(Recipe)
              if field.name in BY_OPTION]  # fmt: skip
    for request, table in TABLE_OF.items():
        found += [(name, request, (DIALS.get(table + name) or DIALS[name]).thing)
                  for name in getattr(requests, request).model_fields
                  if table + name in DIALS or name in DIALS]  # fmt: skip
    return found


def test_a_name_means_one_thing_everywhere():
    things: dict[str, dict[str, str]] = {}
    for name, where, thing in [*named(), *((dial.option, dial.name, dial.thing) for dial in DIALS.values())]:
        things.setdefault(name, {}).setdefault(thing, where)
    assert not {name: found for name, found in things.items() if len(found) > 1}
    assert all(DIALS[dial.thing].option == dial.option for dial in DIALS.values()), "one thing has one name"


def test_an_option_of_two_commands_is_in_the_table():
    """What has no row may not be one thing here and another there: its sentence is the same wherever it is."""
    said: dict[str, set[str]] = {}
    for command, made in COMMANDS.items():
        for parameter in getattr(made, "params", []):
            if parameter.param_type_name == "option" and not of_option(command, parameter.name):
                said.setdefault(parameter.name, set()).add(parameter.help.split(",")[0].split(";")[0].split(":")[0])
    several = {name for name, found in said.items() if len(found) > 1}
    # what is written where, the sentences of a form, and of dials that name their example
    assert several <= {"out", "chars", "text", "dials", "style"}
