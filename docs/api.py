"""Makes docs/api.md of the docstrings of what `import handsynth` offers; `--print` shows it instead.

python docs/api.py
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from pathlib import Path
from typing import Any

import handsynth

ROOMS = (
    ("Writing", ("render", "write", "encode", "typeset", "Page", "Picture", "strokes", "PenStroke", "record_of")),
    ("Documents", ("Document", "Style", "merge")),
    ("Hands", ("Hand", "template", "Form", "learn", "learn_letters", "Learnt", "refit", "hand_picture",
               "gallery_picture")),
    ("Fonts", ("font", "Names", "Options", "charset", "FontSource")),
    ("Glyphs, sheets and samples", ("glyphs", "noise_key", "sheet", "sample", "write_samples")),
    ("Corpora and ground truth", ("Corpus", "Recipe", "verify_corpus", "truth_of", "Truth", "truth_format",
                                  "TruthFormat", "camera_geometry")),
    ("Models", ("Model", "verify_model", "Card", "Frame", "Recipes")),
    ("Plugins", ("Format", "Look", "Effect", "Effected", "Draw", "Container", "Entry")),
    ("Errors", ("HandsynthError", "InputError", "UnknownOptionError", "MissingCharacterError", "OutputError",
                "ModelError", "DataError")),
)  # fmt: skip
"""All names, in the order of the page."""


def main() -> None:
    text = "\n".join(_page()).rstrip() + "\n"
    if "--print" in sys.argv:
        sys.stdout.write(text)
    else:
        (Path(__file__).parent / "api.md").write_text(text, encoding="utf-8")


def _page() -> list[str]:
    left = {*handsynth.__all__} - {"__version__"} - {name for _, names in ROOMS for name in names}
    if left:
        raise SystemExit(f"no room for {', '.join(sorted(left))}")
    lines = ["# The library", "", "Made from docstrings by `python docs/api.py`; `help()` shows the same.", ""]
    for title, names in ROOMS:
        lines += [f"## {title}", ""]
        for name in names:
            lines += _entry(name, getattr(handsynth, name))
    return lines


def _entry(name: str, value: Any) -> list[str]:
    lines = [f"### `{name}`", ""]
    if inspect.isclass(value):
        bases = [base.__name__ for base in value.__bases__ if _known(base)]
        lines += [f"Kind of {', '.join(f'`{base}`' for base in bases)}.", ""] if bases else []
        about, _, told = value.__doc__.partition(FIELDS)
        lines += [*_prose(about), "", *_fields(value, _words(told))]
        if value.__init__.__doc__ and OPTIONS in value.__init__.__doc__:
            lines += _called(name, value, value.__init__.__doc__)
        if not issubclass(value, Exception):
            lines += _members(value)
        return lines
    return [*lines, *_called(name, value, value.__doc__)]


def _fields(kind: type, words: dict[str, str]) -> list[str]:
    """A table of the fields of a dataclass."""
    if not words:
        return []
    rows = [f"| `{path}` | {_default(kind, path)} | {_cell(said)} |" for path, said in words.items()]
    return ["| field | default | |", "|---|---|---|", *rows, ""]


def _default(kind: Any, path: str) -> str:
    name, _, rest = path.partition(".")
    (found,) = (each for each in dataclasses.fields(kind) if each.name == name)
    if rest:
        return _default(found.default_factory, rest)
    return "" if found.default is dataclasses.MISSING else f"`{found.default!r}`"


def _called(name: str, function: Any, doc: str) -> list[str]:
    """How something is called: its signature, its words, and a table of options."""
    doc, _, told = doc.partition(OPTIONS)
    words = _words(told)
    defaults = {one.name: one.default for one in inspect.signature(function).parameters.values() if one.name in words}
    shown = ["```python", _signature(name, function, words), "```", ""]
    return [*shown, *_prose(doc), "", *_options(name, defaults, words)]


OPTIONS, FIELDS = "\nOptions:\n", "\nFields:\n"
"""What stands before a list of `name: words` in a docstring."""


def _words(lines: str) -> dict[str, str]:
    """The words of each option or field, by its name."""
    return dict(re.findall(r"^ {4}([\w.]+): (.*)$", lines, re.MULTILINE))


def _known(base: type) -> bool:
    """Whether readers have met it: of Python, or on this page."""
    return base is not object and (base.__name__ in handsynth.__all__ or not base.__module__.startswith("handsynth"))


_TABLES: dict[str, dict[str, Any]] = {}
"""Options that the page has already, by the function."""


def _options(name: str, options: dict[str, Any], words: dict[str, str]) -> list[str]:
    """A table of options; of what another function has, only its name."""
    if not options:
        return []
    for other, known in _TABLES.items():
        if options.items() <= known.items():
            without = ", ".join(f"`{option}`" for option in known if option not in options)
            return [f"Options are those of `{other}`" + (f", without {without}." if without else "."), ""]
    _TABLES[name] = options
    rows = [f"| `{option}` | `{usual!r}` | {_cell(words[option])} |" for option, usual in options.items()]
    return ["| option | default | |", "|---|---|---|", *rows, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _members(kind: type) -> list[str]:
    lines = []
    for name, member in vars(kind).items():
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        function = getattr(function, "fget", None) or getattr(function, "func", None) or function
        if name.startswith("_") or not inspect.isfunction(function) or not function.__doc__:
            continue
        first = inspect.cleandoc(function.__doc__).split("\n\n")[0].replace("\n", " ")
        called = "" if function is not member and not isinstance(member, classmethod | staticmethod) else "(…)"
        lines.append(f"- `{kind.__name__}.{name}{called}`: {first}")
    return [*lines, ""] if lines else []


def _signature(name: str, function: Any, words: dict[str, str]) -> str:
    """The signature, without what a table below says."""
    own = [
        one.replace(
            annotation=one.empty if isinstance(one.annotation, str) and len(one.annotation) > 60 else one.annotation
        )
        for one in inspect.signature(function).parameters.values()
        if one.name not in words
    ]
    more = ", **options" if len(own) < len(inspect.signature(function).parameters) else ""
    text = str(inspect.Signature(own)).removesuffix(")") + more + ")"
    return name + re.sub(r"(: |-> )'([^']+)'", r"\1\2", text)


def _prose(doc: str) -> list[str]:
    """A docstring as Markdown: what is indented is an example."""
    return inspect.cleandoc(doc).split("\n")


if __name__ == "__main__":
    main()
