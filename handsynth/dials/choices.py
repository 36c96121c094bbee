"""What dials with choices may be, as types: the table has its choices from here, and so have signatures."""

from __future__ import annotations

from typing import Literal

PENS = ("round", "ballpoint", "fineliner", "fountain", "felt", "pencil", "brush", "nib")
"""Kinds of pens."""

EFFECTS = (
    "underline", "through", "breaks", "bleed", "wear", "smudge", "scan", "camera", "ink", "paper", "rules", "stains",
    "creases", "specks", "light", "shadow", "contrast", "blur", "motion", "noise", "invert", "jpeg",
)  # fmt: skip
"""What can happen to a corpus's pictures."""

Missing = Literal["error", "skip", "box"]
"""What to do with characters that cannot be drawn."""

CorpusMissing = Literal["drop", "error", "skip", "box"]
"""What to do with texts that have such characters."""

Use = Literal["vary", "always", "never"]
"""How a learnt hand's own letters are drawn."""

Align = Literal["left", "right", "centre", "justify"]
"""How lines stand between the margins."""

Strikes = Literal["", "sbix", "cbdt", "ebdt"]
"""Bitmaps in a font, by their table."""

Dialect = Literal["text", "xml", "json", "binary"]
"""Of BMFont descriptions."""

CorpusKind = Literal["line", "word", "paragraph", "page"]
"""What a sample of a corpus is."""

CorpusPicture = Literal["png", "jpg"]
"""Format of a corpus's pictures."""
