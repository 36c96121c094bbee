"""Sources whose lines are shorter than the lines of a corpus are to be: said before anything is made."""

from __future__ import annotations

from handsynth.corpus.rng import CorpusRng
from handsynth.corpus.texts import Texts, gives_words

LOOKED_AT = 200
"""Lines of each source that are looked at, by chance."""

MANY = 0.5
"""Share of them from which on it is said that they are put together."""


def put_together(texts: Texts) -> list[str]:
    """What to say of the sources of `texts`, one line each whose own lines are mostly shorter than its texts.

    Of words texts are made anyway; paragraphs and pages are of several lines.
    """
    notes = []
    for name, source in texts.named if texts.kind == "line" else ():
        if gives_words(source):
            continue
        chance = CorpusRng(texts.seed, "short")
        lengths = [len(source.item(chance)) for _ in range(LOOKED_AT)]
        if sum(length < texts.least for length in lengths) >= MANY * LOOKED_AT:
            usual = sorted(lengths)[LOOKED_AT // 2]
            notes.append(
                f"lines of {name} have about {usual:,} characters: some are put together, with blanks between, "
                f"for lines of at least {texts.least:,}"
            )
    return notes
