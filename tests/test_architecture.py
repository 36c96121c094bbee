"""The floors of the package: a module imports from its own room and from those below, never up, never in a circle."""

import ast
from collections import defaultdict
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


def imports() -> dict[str, set[str]]:
    """What each module imports of ours, wherever in it, but for types alone."""
    known = modules()
    found: dict[str, set[str]] = defaultdict(set)

    def visit(module: str, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.ImportFrom) and (child.module or "").split(".")[0] == "handsynth":
                for name in child.names:
                    whole = f"{child.module}.{name.name}"
                    found[module].add(whole if whole in known else str(child.module))
            visit(module, child)

    for module, path in known.items():
        visit(module, ast.parse(path.read_text(encoding="utf-8")))
    return found


def room(module: str) -> str:
    return (module.split(".") + [""])[1]


def test_every_room_has_a_floor():
    assert {room(module) for module in modules()} - {""} == set(LEVEL)


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


def test_no_modules_import_each_other_in_a_circle():
    graph = imports()
    done: set[str] = set()
    way: list[str] = []

    def walk(module: str) -> None:
        if module in way:
            raise AssertionError(" -> ".join([*way[way.index(module) :], module]))
        if module in done:
            return
        way.append(module)
        for other in sorted(graph.get(module, ())):
            if other != "handsynth" and other != module:
                walk(other)
        done.add(way.pop())

    for module in sorted(graph):
        walk(module)


def test_few_files_lie_at_the_root():
    assert len(list((ROOT / "handsynth").glob("*.py"))) <= 12


def test_no_two_classes_bear_one_name():
    homes = defaultdict(list)
    for path in (file for part in ("handsynth", "train", "export") for file in (ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(str(path.relative_to(ROOT)))
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
