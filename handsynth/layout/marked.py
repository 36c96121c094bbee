"""`==text==` in Markdown: a rule for markdown-it, built as its own rule for `~~text~~` is."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_SIGN = "="


def marked(parser: MarkdownIt) -> None:
    """Teach `parser` that `==text==` is marked: tokens `mark_open` and `mark_close`.

    Two signs, no more and no fewer, and not inside a word, so that programs and sums stay as they are.
    """
    parser.inline.ruler.before("emphasis", "mark", _tokenize)
    parser.inline.ruler2.before("emphasis", "mark", _pair)


def _tokenize(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != _SIGN:
        return False
    run = state.scanDelims(state.pos, False)
    state.push("text", "", 0).content = _SIGN * run.length
    if run.length == 2:
        token = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(_SIGN), 0, token, -1, run.can_open, run.can_close))
    state.pos += run.length
    return True


def _pair(state: StateInline) -> None:
    # those inside links are kept apart
    inner: list[Sequence[Delimiter]] = [meta.get("delimiters", []) for meta in state.tokens_meta if meta]
    for delimiters in (state.delimiters, *inner):
        for opening in delimiters:
            if opening.marker == ord(_SIGN) and opening.end >= 0:
                for token, kind in ((opening.token, "mark_open"), (delimiters[opening.end].token, "mark_close")):
                    state.tokens[token].type, state.tokens[token].content = kind, ""
