"""The floors of the package: a module imports from its own room and from those below, never up, never in a circle."""

import ast
import re
from collections import defaultdict
from collections.abc import Container, Mapping
from pathlib import Path

import pytest
import walk

ROOT = Path(__file__).parent.parent
FLOORS = (
    ("arrays", "errors", "dials", "plugins", "temporary", "files", "units", "noise", "frame", "homography", "workers"),
    ("text",),
    ("model",),
    ("ink",),
    ("hands",),
    ("drawing",),
    ("layout",),
    ("provenance",),
    ("formats",),
    ("document",),
    ("api",),
    ("specimens", "fonts", "learning", "truth"),
    ("corpus",),
    ("studio",),
    ("cli",),
    ("__main__",),
)
"""From the ground up. Rooms of one floor know nothing of each other, but for files of the ground."""
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}


def modules() -> dict[str, Path]:
    found = {}
    for path in (ROOT / "handsynth").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "web" not in parts:
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(source: str, known: Container[str]) -> set[str]:
    """What a module of this source imports of the modules `known`, wherever in it, types alone, too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name in known}
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "handsynth":
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                found.add(whole if whole in known else str(node.module))
    return found


def imports() -> dict[str, set[str]]:
    known = modules()
    return {module: imported(path.read_text(encoding="utf-8"), known) for module, path in known.items()}


def room(module: str) -> str:
    return (module.split(".") + [""])[1]


def test_every_room_has_a_floor():
    assert {room(module) for module in modules()} - {""} == set(LEVEL)


def test_all_ways_to_import_are_seen():
    source = """
import os, handsynth.units as units
from handsynth import noise
if TYPE_CHECKING:
    from handsynth.cli.app import main
def hidden():
    import handsynth.cli.app
    from handsynth.hands.hand import Hand
"""
    names = {"units", "noise", "cli.app", "hands.hand"}
    assert imported(source, modules()) == {f"handsynth.{name}" for name in names}


def test_arrows_go_down_only():
    wrong = [
        f"{module} -> {other}"
        for module, others in imports().items()
        for other in others
        if room(module) and room(other) and room(module) != room(other)
        and not LEVEL[room(other)] < LEVEL[room(module)]
        and not LEVEL[room(module)] == 0 == LEVEL[room(other)]
    ]  # fmt: skip
    assert not wrong, wrong


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules that import each other in turn, the first again at the end; none where there is no circle."""
    done: set[str] = set()
    way: list[str] = []

    def walk(module: str) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        way.append(module)
        for other in sorted(graph.get(module, ())):
            if other not in ("handsynth", module) and (found := walk(other)):
                return found
        done.add(way.pop())
        return []

    return next((found for module in sorted(graph) if (found := walk(module))), [])


def test_no_modules_import_each_other_in_a_circle():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert not circle(imports())


def test_few_files_lie_at_the_root():
    assert len(list((ROOT / "handsynth").glob("*.py"))) <= 12


def named_types(source: str) -> list[str]:
    """Names of the classes and the aliases of types in a module, without the underscores of private ones."""
    tree = ast.parse(source)
    found = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).endswith("TypeAlias"):
            found.append(ast.unparse(node.target))
        elif isinstance(node, ast.Assign) and isinstance(
            node.value, ast.Subscript | ast.BinOp | ast.Attribute | ast.Name
        ):
            found += [name for name in map(ast.unparse, node.targets) if re.fullmatch(r"_*[A-Z]+[a-z]\w*", name)]
    return [name.strip("_") for name in found]


def test_no_two_types_bear_one_name():
    source = (
        "class _Page:\n    pass\n_Page2 = Page | None\nRun: TypeAlias = int\nKind = Literal['a']\nT = a[0]\nNo = f()"
    )
    assert named_types(source) == ["Page", "Page2", "Run", "Kind"]
    homes = defaultdict(list)
    for path in (file for part in ("handsynth", "train", "export") for file in (ROOT / part).rglob("*.py")):
        for name in named_types(path.read_text(encoding="utf-8")):
            homes[name].append(str(path.relative_to(ROOT)))
    twice = {name: where for name, where in homes.items() if len(where) > 1}
    assert not twice, twice


@pytest.mark.parametrize(("draw", "types"), [(walk.line, 12), (walk.page, 24)])
def test_a_text_goes_down_and_never_climbs_back(draw, types):
    """A room may call what was handed down to it: a function made on the spot, a pool's jobs, what is wrapped."""
    seen = walk.walk(draw)
    up = {
        (module, called)
        for module, called in seen.calls
        if room(module) and LEVEL[room(module)] < LEVEL[room(called)]
        and "<locals>" not in called and module not in ("handsynth.workers", "handsynth.dials.renamed")
    }  # fmt: skip
    assert not up, up
    assert {room(called) for _, called in seen.calls} > {"text", "drawing", "model", "ink", "layout", "formats"}
    assert len(seen.handed) <= types, sorted(seen.handed)
