"""The sources of the studio's page have every default, range and choice from the table of dials."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from handsynth import dials
from handsynth.dials import DIALS, studio

SOURCES = Path(__file__).parent.parent / "handsynth/studio/web/src"


def test_the_page_has_the_dials_of_the_table():
    source = (SOURCES / "dials.json").read_text(encoding="utf-8")
    assert source == studio.studio_json(), (
        "make it anew: python -m handsynth.dials > handsynth/studio/web/src/dials.json"
    )


STATE = (SOURCES / "state.ts").read_text(encoding="utf-8")
ENGINE = (SOURCES / "engine.ts").read_text(encoding="utf-8")
COMMAND = (SOURCES / "command.ts").read_text(encoding="utf-8")
PAGE_SOURCES = {str(path.relative_to(SOURCES)): path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.ts")}


def test_the_page_declares_no_range_of_its_own():
    body = STATE.split("export const RANGES = {")[1].split("} satisfies")[0]
    own = re.findall(r"^  (\w+): \{ least", body, re.M)
    assert "...DIALS.sliders" in body and own == ["pageSize"]
    for numbers in re.findall(r"least: ([-\d.]+), most: ([-\d.]+)", STATE):
        assert numbers == ("0", "8")
    setting = (SOURCES / "engine/browser/setting.ts").read_text(encoding="utf-8")
    assert "= DIALS.ranges[name]" in setting
    assert not re.findall(r"-?\d+(?:\.\d+)? … -?\d+", ENGINE), "ranges are those of dials.json"


KNOWN = json.loads(studio.studio_json())


def test_what_is_usual_in_the_page_is_that_of_the_table():
    body = STATE.split("export const USUAL: State = {")[1].split("\n};")[0]
    said = dict(re.findall(r"^  (\w+): (.+),$", body, re.M))
    assert "const usual = DIALS.usual as" in STATE
    assert {name: said.get(name) for name in studio.STUDIO} == {name: f"usual.{name}" for name in studio.STUDIO}
    assert KNOWN["usual"]["temperature"] == DIALS["temperature"].default
    assert KNOWN["usual"]["paperName"] == "a4-ruled" and DIALS["paper.name"].default == "a4"


def test_the_page_takes_what_its_commands_leave_out_from_the_table():
    added = re.findall(r'add\(line, "--([\w-]+)", (.+), (.+)\);', COMMAND)
    added += re.findall(r'\["(\w+\.\w+)", (.+), (.+)\],$', COMMAND, re.M)
    taken = {option: usual for option, _, usual in added}
    assert len(added) > 50 and {"seed", "person.tiring", "charset", "align"} <= set(taken)
    by_hand = {(option, usual) for option, _, usual in added if not re.search(r"\b(LINE|PAGE|FONT)\.\w+", usual)}
    # these have none: they are said wherever the state has one
    none = {("family", "stem(family)"), ("wrap", '""'), ("size", '""'), ("text.format", '"text"'),
            ("paper.colour", '""'), ("paper.background", '""')}  # fmt: skip
    assert by_hand == none
    for line, command in (("LINE", "line"), ("PAGE", "page"), ("FONT", "font")):
        assert set(re.findall(rf"\b{line}\.(\w+)", COMMAND)) <= set(KNOWN["defaults"][command])
    assert KNOWN["defaults"]["font"]["legibility"] == dials.default("legibility", "font") != dials.default("legibility")
    assert KNOWN["defaults"]["page"]["ink"] == dials.default("ink", "style")


BY_HAND = {
    # forms and alphabets are chosen by drawings that nothing else chooses among
    "engine/browser/forms.ts": {"seed", "legibility"},
    "engine/browser/alphabets.ts": {"seed", "variation", "legibility"},
    # samples of the gallery are small
    "engine/browser.ts": {"size", "margin"}, "engine/server.ts": {"size", "margin", "sizes"},
    # a font is called as its hand
    "state.ts": {"family"},
    # a hand's own
    "engine/browser/hand.ts": {"slant"}, "engine/browser/smallcaps.ts": {"size"}, "ui/pen.ts": {"size"},
}  # fmt: skip
"""What a source of the page sets to something else than is usual."""
CONSTANTS = {"MAX_PIXELS", "SIZES", "MIN_PEN", "MAX_PEN", "PENS", "DPI", "WARMTH", "CHARSETS"}
SET = re.compile(
    rf"\b({'|'.join([*studio.STUDIO, *studio.ENGINE, *CONSTANTS])})"
    r"(?: = |: )(?:-?\d|\[|\"[^\"]*\" (?:\||,|;|as)|\"[^\"]*\",$)",
    re.M,
)


@pytest.mark.parametrize("name", PAGE_SOURCES)
def test_no_source_of_the_page_copies_a_dial(name):
    assert set(SET.findall(PAGE_SOURCES[name])) <= BY_HAND.get(name, set())


@pytest.mark.parametrize("copied", [
    "const MAX_PIXELS = 100_000_000;", "const SIZES = [1, 10_000];", "  temperature: 0.7,",
    '  pen: "" | "round";', '  ink: "#1b2440",', "const DPI = 300;", '  originals: "vary" as const',
])  # fmt: skip
def test_a_copy_of_a_dial_is_seen(copied):
    assert SET.search(copied)


@pytest.mark.parametrize("name", ["pen", "originals", "align", "look", "charset"])
def test_the_page_has_the_choices_of_the_table(name):
    assert re.search(rf"^  {name}: (.+);$", ENGINE, re.M)[1] == f'Choice<"{name}">'
    found = set(KNOWN["choices"][name])
    # alphabets beside Latin are for the installed handsynth
    others = {"cyrillic", "greek", "model"} if name == "charset" else set()
    assert found == {*DIALS[studio.STUDIO[name]].choices, KNOWN["usual"][name]} - others
    assert f"oneOf(DIALS.choices.{name})" in STATE


def test_hints_of_the_page_do_not_repeat_the_table():
    source = PAGE_SOURCES["ui/dials.ts"]
    assert "HINTS.temperature" in source
    assert not set(re.findall(r'hint: "(.+?)"', source)) & set(KNOWN["hints"].values())
