"""What docs and examples show is the public face alone: nobody has to copy an import that a new version may move."""

import ast
import re
from pathlib import Path

import pytest

import handsynth

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted(path for folder in ("docs", "examples") for path in (ROOT / folder).rglob("*.py"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PUBLIC = {*handsynth.__all__, "__all__"}
FENCED = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def asked_for(code: str) -> set[str]:
    """What code takes of handsynth: `render` where it imports or calls it, `fonts.api` where it goes deeper."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "handsynth":
            inside = node.module.partition(".")[2]
            found |= {f"{inside}.{name.name}" if inside else name.name for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name.partition(".")[2] for name in node.names if name.name.startswith("handsynth.")}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "handsynth":
            found.add(node.attr)
    return found


def code_of(page: Path) -> list[str]:
    """Python in fences, but for signatures, which docs/api.md has."""
    return [] if page.name == "api.md" else FENCED.findall(page.read_text("utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_scripts_ask_for_public_names_alone(path):
    assert asked_for(path.read_text("utf-8")) <= PUBLIC


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_ask_for_public_names_alone(path):
    assert {name for code in code_of(path) for name in asked_for(code)} <= PUBLIC


def test_what_is_looked_at_is_there():
    assert len(SCRIPTS) > 10 and sum(len(code_of(path)) for path in PAGES) >= 5
    assert any("import handsynth" in code for path in PAGES for code in code_of(path))


@pytest.mark.parametrize(
    ("code", "deeper"),
    [
        ("from handsynth.fonts import build", {"fonts.build"}),
        ("import handsynth.layout.page as p", {"layout.page"}),
        ("import handsynth\nhandsynth.formats.camera", {"formats"}),
        ("import handsynth\nfrom handsynth import render\nhandsynth.write", {"render", "write"}),
    ],
)
def test_what_goes_deeper_is_seen(code, deeper):
    assert asked_for(code) == deeper
