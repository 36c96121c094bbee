"""What one option is: its name, kind, range, choices, default, unit, and one sentence that stands alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from handsynth.errors import InputError, option
from handsynth.units import plain

ValueKind = Literal["number", "integer", "flag", "text", "length", "names"]
"""`length`: a number of pixels (of x-heights, for a pen), or a text like 3mm; `names`: several texts."""

MAX_SEED = 2**64 - 1

MAX_TEXT = 100_000
"""Characters of one picture."""

Surface = Literal["style", "font", "sample", "corpus", "studio"]
"""Where a default is another one than elsewhere."""


@dataclass(frozen=True)
class Dial:
    """One option."""

    name: str
    kind: ValueKind
    default: Any
    """None: something that depends on others, which the sentence says."""
    doc: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    optional: bool = False
    """Whether None may be given, for the default."""
    elsewhere: dict[Surface, Any] = field(default_factory=dict)
    """Other defaults."""
    slider: tuple[float, float] | None = None
    """What the page's slider goes over, where the whole range would be of no use."""
    step: float = 0.05
    """Of the slider."""
    called: str = ""
    """Its name outside of style sheets, where that is not the name without the table."""
    same: str = ""
    """The dial that is the same thing elsewhere, with another default or range."""

    @property
    def option(self) -> str:
        """Its name on the command line and in Python, recipes and HTTP."""
        return self.called or self.name.rpartition(".")[2]

    @property
    def thing(self) -> str:
        """What it is about: equal for dials that are one thing, so that one name never means two."""
        return self.same or self.name

    @property
    def range(self) -> str:
        """What it may be, in words; "" where that is no matter of numbers or choices."""
        if self.choices:
            named = [choice for choice in self.choices if choice]
            return f"{', '.join(named[:-1])} or {named[-1]}"
        if self.least is None or self.most is None or self.most > 2**53:
            return ""
        return f"{_shown(self.least)} to {_shown(self.most)}" + (f" {self.unit}" if self.unit else "")

    @property
    def help(self) -> str:
        """The sentence, with what may be given."""
        return f"{self.doc[:-1]} ({self.range})." if self.range else self.doc

    def default_for(self, surface: Surface | None = None) -> Any:
        """The default; in a style sheet an empty text stands for none."""
        if surface in self.elsewhere:
            return self.elsewhere[surface]
        return "" if surface == "style" and self.default is None else self.default

    def check(self, value: Any, called: str = "") -> None:
        """Raises InputError if `value` is out of range, or none of the choices; `called`: its name in the message."""
        name = called or (self.name if "." in self.name else option(self.name))
        at_fault = self.name if called in ("", self.name) else self.option
        if self.choices:
            if value not in self.choices:
                raise InputError(f"{name} is {str(value)[:30]!r}; give {self.range}", at_fault)
        elif self.least is not None and self.most is not None and not self.least <= value <= self.most:
            number = "a whole number" if self.kind == "integer" else "a number"
            raise InputError(
                f"{name} is {plain(value)}; give {number} from {_shown(self.least)} to {_shown(self.most)}",
                at_fault,
            )


def _shown(bound: float) -> str:
    return f"{bound:,}" if isinstance(bound, int) and bound < MAX_SEED else str(bound)
