"""What a font is called, and what else it says of itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields

from handsynth.dials import documented
from handsynth.dials.renamed import fields_earlier
from handsynth.errors import InputError
from handsynth.fonts.styles import FontStyle, style_of

_FORBIDDEN = frozenset("[](){}<>/%\\:;\"'`")
"""PostScript's delimiters (PLRM 3.2.2), and what paths, XLFD and style sheets take for their own."""

_MAX_NAME, _MAX_TEXT = 50, 4000
_SHOWN = 31
"""Characters of a family's name that Windows keeps (LOGFONT has 32, the last one empty), and Office with it."""

_VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,3}")

LICENCE = "This font was made with handsynth and belongs to whoever made it, for any use."
OFL = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
OFL_URL = "https://openfontlicense.org"
"""Of fonts with letters of the bank, which come from fonts under this licence; its words for the name table."""


@fields_earlier
@documented(
    family="The font's name, by which menus list it.",
    style_name="Its weight and slant in words, like Regular or Bold Italic.",
    font_version="A number like 1.000.",
    designer="Who drew it.",
    copyright="Whose it is, as a line of text.",
    licence="What others may do with it.",
    licence_url="Where the licence is to be read.",
)
@dataclass(frozen=True)
class Names:
    """The texts of a font. Raises InputError for what font files cannot hold."""

    family: str
    style_name: str = "Regular"
    font_version: str = "1.000"
    designer: str = ""
    copyright: str = ""
    licence: str = LICENCE
    licence_url: str = ""

    def __post_init__(self) -> None:
        for entry in fields(self):
            value, called = getattr(self, entry.name), entry.name.removesuffix("_name").removeprefix("font_")
            bad = next((char for char in value if unicodedata.category(char)[0] == "C"), None)
            if bad is not None and not (bad in "\n\t" and entry.name in ("copyright", "licence")):
                raise InputError(f"the font's {called} holds U+{ord(bad):04X}, which no font can; leave it out")
            if len(value) > _MAX_TEXT:
                raise InputError(f"the font's {called} has {len(value):,} characters; give at most {_MAX_TEXT:,}")
        for name, value in (("family", self.family), ("style", self.style_name)):
            if not value.strip():
                example = "My Hand" if name == "family" else "Regular"
                raise InputError(f"the font's {name} is empty; give a name like {example}")
            if len(value) > _MAX_NAME:
                raise InputError(f"the font's {name} has {len(value)} characters; give at most {_MAX_NAME}")
            found = next((char for char in value if char in _FORBIDDEN), None)
            if found:
                raise InputError(f"the font's {name} {value!r} holds {found}, which font names cannot; leave it out")
        if not _VERSION.fullmatch(self.font_version):
            raise InputError(f"the font's version is {self.font_version!r}; give a number like 1.000")

    @property
    def kind(self) -> FontStyle:
        """What the style's name says."""
        return style_of(self.style_name)

    @property
    def menu(self) -> str:
        """Name ID 1: the family for menus that know four styles of each; others are families of their own."""
        return f"{self.family} {self.kind.upright}" if self.kind.apart else self.family

    def cut(self) -> str | None:
        """What to say of a family's name that Office cuts; None where it does not."""
        if len(self.menu) <= _SHOWN:
            return None
        return (
            f"the family {self.menu!r} has {len(self.menu)} characters, of which Office shows {_SHOWN}; give a shorter "
            "family"
        )

    @property
    def full(self) -> str:
        return self.family if self.style_name == "Regular" else f"{self.family} {self.style_name}"

    @property
    def postscript(self) -> str:
        """Name ID 6: printable ASCII without PostScript's delimiters, at most 63 characters."""
        family, style = (_plain(part) for part in (self.family, self.style_name))
        return f"{family or 'Handwriting'}-{style or 'Regular'}"[:63]


def family_of(stem: str) -> str:
    """A family's name from that of a file, whatever it holds."""
    kept = "".join(" " if char in _FORBIDDEN or unicodedata.category(char)[0] == "C" else char for char in stem)
    return " ".join(kept.replace("_", " ").split())[:_MAX_NAME].strip() or "Handwriting"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(char for char in letters if char.isascii() and char.isprintable() and char not in " -")
