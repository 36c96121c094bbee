"""A document's text to blocks: paragraphs, headings, list items, blank lines, rules and page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from handsynth import dials
from handsynth.document import tables
from handsynth.text import emphasis
from handsynth.text.emphasis import Span, Spans

BlockKind = Literal["paragraph", "heading", "item", "code", "table", "blank", "rule", "break"]

LONGEST = 8000
"""Characters of one block; a longer paragraph, of three pages and more, is set as several."""

"""What the pen may draw about a heading."""

PAGE_BREAK = "\f"
_CHUNK = 65536
_NEWPAGE = re.compile(r"\\(newpage|pagebreak)\s*")
_ALIGNED = re.compile(r"\\(left|right|centre|center)[ \t]+(?=\S)")
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_FOOTNOTE, _HTML = re.compile(r"\[\^[^\]\s]+\]"), re.compile(r"</?[A-Za-z][^<>]*>|<!--")
_EMPHASIS: dict[str, emphasis.EmphasisKind] = {"strong": "bold", "em": "underline", "s": "strike", "mark": "marked"}
"""By the names of markdown-it's tokens."""

_ALIGNS = {"text-align:right": "right", "text-align:center": "centre"}
"""Of columns, by markdown-it's attributes."""

_LIST = re.compile(r"(?P<marker>[-*•–]|[0-9]{1,3}[.)]|[A-Za-z][.)])(?P<gap>[ \t]+)(?=\S)")


@dataclass(frozen=True)
class Block:
    """One piece of a document. A newline in its text is a forced end of a line."""

    kind: BlockKind
    text: str = ""
    level: int = 0
    """Of a heading from 1; of a list item how deep it lies, from 0."""
    marker: str = ""
    """What a list item begins with, like • or 2. ."""
    line: int = 1
    """Where it stands in the source, from 1."""
    column: int = 1
    spans: Spans = ()
    """Its emphasis."""
    align: str = ""
    """left, right or centre; empty: as the document's."""
    longest: int = 1
    """Digits of the longest number in its list."""
    table: tables.Table | None = None
    group: int = 0
    """The line where the list or quotation begins that it is part of; 0 for none."""


def plain(text: str, reflow: bool = False) -> Iterator[Block]:
    """Blocks of plain text: every line is one, or, with `reflow`, the lines up to an empty one.

    A form feed, or a line `\\newpage`, begins a new page. A line that begins with `\\right` or `\\centre` is set so.
    """
    held: list[str] = []
    began = 1

    def flush() -> Iterator[Block]:
        if held:
            yield from _split(Block("paragraph", " ".join(held), line=began))
            held.clear()

    for number, line in enumerate(re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text), 1):
        for turn, part in enumerate(line.split(PAGE_BREAK)):
            if turn or _NEWPAGE.fullmatch(part):
                yield from flush()
                yield Block("break", line=number)
                part = "" if _NEWPAGE.fullmatch(part) else part
                if not part.strip():
                    continue
            elif PAGE_BREAK in line and not part.strip():
                continue
            if not part.strip():
                yield from flush()
                yield Block("blank", line=number)
            elif reflow and _ALIGNED.match(part):
                yield from flush()
                yield from _split(_aligned(Block("paragraph", part.rstrip(), line=number)))
            elif reflow:
                began = began if held else number
                held.append(part.strip())
            else:
                yield from _split(_aligned(Block("paragraph", part.rstrip(), line=number)))
    yield from flush()


def markdown(text: str) -> Iterator[Block]:
    """Blocks of simple Markdown (CommonMark): headings, paragraphs, lists, quotes, rules, code as it stands; tables.

    Of emphasis there are `*underlined*`, `**bold**`, `~~struck through~~` and `==marked==`; links, pictures and code
    leave their words. Items that begin with `[ ]` or `[x]` have boxes. A form feed, or a paragraph `\\newpage`, begins
    a new page; a paragraph that begins with `\\right` or `\\centre` is set so.
    """
    parser = _parser()
    before, group = None, 0
    for source, first in _pieces(text):
        fresh = [Block("break", line=first)] if source == PAGE_BREAK else _tokens(parser.parse(source), first)
        for block in fresh:
            # as in print: space before headings, between paragraphs, around lists
            together = block.kind == before == "item" and block.group == group
            tight = before in (None, "break", "blank") or block.kind == "break" or together
            if not tight and (before != "heading" or block.kind == "table"):
                yield Block("blank", line=block.line)
            yield from _split(block)
            before, group = block.kind, block.group


def unsupported(text: str) -> list[str]:
    """What of Markdown in `text` stands as it is written, or leaves its words alone, a line a kind for a person."""
    first: dict[str, int] = {}
    parser = _parser()
    for source, begins in _pieces(text):
        for token in parser.parse(source):
            for child in token.children or []:
                line = begins + (token.map[0] if token.map else 0)
                if child.type == "image":
                    first.setdefault("pictures leave their words alone", line)
                if child.type == "text" and _FOOTNOTE.search(child.content):
                    first.setdefault("footnotes stand as they are written", line)
                if child.type == "text" and _HTML.search(child.content):
                    first.setdefault("HTML stands as it is written", line)
    return [f"{what} (first in line {line})" for what, line in first.items()]


def headed(blocks: Iterable[Block], mark: str) -> Iterator[Block]:
    """`blocks` whose headings are underlined or framed, as `mark` says. Raises InputError."""
    dials.check("text.heading_mark", mark, "text.heading_mark")
    kind: emphasis.EmphasisKind = "frame" if mark == "frame" else "underline"
    for block in blocks:
        if mark != "none" and block.kind == "heading" and block.text:
            other = tuple(span for span in block.spans if span.kind != kind)
            block = replace(block, spans=(*other, Span(kind, 0, len(block.text))))
        yield block


def _parser() -> Any:
    from markdown_it import MarkdownIt

    from handsynth.layout.marked import marked

    parser = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
    marked(parser)
    # CommonMark takes what a footnote says for where a link leads, and leaves it out
    parser.block.ruler.at("reference", _reference, {"alt": []})
    return parser


def _reference(state: Any, begin: int, end: int, silent: bool) -> bool:
    """markdown-it's rule of link references, but for the text of footnotes."""
    from markdown_it.rules_block import reference

    start = state.bMarks[begin] + state.tShift[begin]
    return not state.src.startswith("[^", start) and reference(state, begin, end, silent)


def _aligned(block: Block) -> Block:
    """`block` without the word that says how it is aligned, if it begins with one."""
    found = _ALIGNED.match(block.text)
    if found is None:
        return block
    cut = found.end()
    spans = emphasis.part(block.spans, cut, len(block.text))
    align = "centre" if found[1] == "center" else found[1]
    return replace(block, text=block.text[cut:], column=block.column + cut, spans=spans, align=align)


def _tokens(tokens: Sequence[Any], first: int) -> Iterator[Block]:
    lists: list[int | None] = []  # number of the next item, or None for bullets
    delimiters: list[str] = []
    longest: list[int] = []
    heading, marker, quote = 0, "", 0
    rows: list[list[tuple[str, Spans]]] | None = None
    aligns: list[str] = []
    began, group = first, first
    for at, token in enumerate(tokens):
        line = first + (token.map[0] if token.map else 0)
        if token.type.endswith(("list_open", "blockquote_open")) and not lists and not quote:
            group = line
        match token.type:
            case "bullet_list_open":
                lists.append(None)
                delimiters.append("")
                longest.append(1)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") if token.attrGet("start") is not None else 1))
                delimiters.append(token.markup or ".")
                longest.append(len(str((lists[-1] or 0) + _items(tokens, at) - 1)))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                delimiters.pop()
                longest.pop()
            case "list_item_open":
                number = lists[-1]
                marker = "•" if number is None else f"{number}{delimiters[-1]}"
                lists[-1] = None if number is None else number + 1
            case "heading_open":
                heading = int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "blockquote_open":
                quote += 1
            case "blockquote_close":
                quote -= 1
            case "hr":
                yield Block("rule", line=line)
            case "fence" | "code_block":
                words = token.content.strip("\n")
                if words.strip():
                    line += token.type == "fence"
                    line += len(token.content) - len(token.content.lstrip("\n"))
                    yield Block("code", words, len(lists) + quote, line=line)
            case "table_open":
                rows, aligns, began = [], [], line
            case "tr_open" if rows is not None:
                rows.append([])
            case "th_open":
                aligns.append(_ALIGNS.get(str(token.attrGet("style") or ""), "left"))
            case "table_close" if rows is not None:
                yield from _tables(rows, aligns, began, len(lists) + quote)
                rows = None
            case "inline" if rows is not None:
                rows[-1].append(_inline(token.children or []))
            case "inline":
                words, spans = _inline(token.children or [])
                if _NEWPAGE.fullmatch(words):
                    yield Block("break", line=line)
                elif not words.strip():
                    continue
                elif heading:
                    yield _aligned(Block("heading", words, heading, line=line, spans=spans))
                elif lists or quote:
                    level = max(0, len(lists) - 1) + quote
                    task = _TASK.match(words) if marker else None
                    if task:
                        box = "☐" if task[1] == " " else "☑"
                        marker = box if lists[-1] is None or marker == "•" else f"{marker} {box}"
                        spans, words = emphasis.part(spans, task.end(), len(words)), words[task.end() :]
                    digits = longest[-1] if lists else 1
                    yield Block("item", words, level, marker, line=line, spans=spans, longest=digits, group=group)
                    marker = ""
                else:
                    yield _aligned(Block("paragraph", words, line=line, spans=spans))


def _items(tokens: Sequence[Any], at: int) -> int:
    """How many items the list has that is opened at `at`."""
    count = 0
    for token in tokens[at + 1 :]:
        if token.level == tokens[at].level:
            break
        count += token.type == "list_item_open" and token.level == tokens[at].level + 1
    return count


def _tables(rows: list[list[tuple[str, Spans]]], aligns: list[str], line: int, level: int) -> Iterator[Block]:
    """The block of a table, or several of LONGEST characters at most. Its second line has no row."""
    begin, size = 0, 0
    for number, row in enumerate(rows):
        width = sum(len(words) + 1 for words, _ in row)
        if number > begin and size + width > LONGEST:
            yield _table(rows[begin:number], aligns, line + begin + (begin > 0), level, not begin)
            begin, size = number, 0
        size += width
    yield _table(rows[begin:], aligns, line + begin + (begin > 0), level, not begin)


def _table(rows: list[list[tuple[str, Spans]]], aligns: list[str], line: int, level: int, header: bool) -> Block:
    text, spans, table = tables.written(rows, aligns, header)
    return Block("table", text, level, line=line, spans=spans, table=table)


def _inline(children: Sequence[Any]) -> tuple[str, Spans]:
    """The words and their emphasis; what is emphasised twice in one way is so once."""
    parts: list[str] = []
    spans: list[Span] = []
    begun: dict[str, list[int]] = {name: [] for name in _EMPHASIS}
    size = 0
    for child in children:
        name, _, end = child.type.rpartition("_")
        if child.type in ("softbreak", "hardbreak"):
            part = " " if child.type == "softbreak" else "\n"
        elif child.type == "image":
            part, _ = _inline(child.children or [])
        else:
            part = child.content
        if name in begun and end == "open":
            begun[name].append(size)
        elif name in begun and end == "close":
            start = begun[name].pop()
            if not begun[name] and start < size:
                spans.append(Span(_EMPHASIS[name], start, size))
        parts.append(part)
        size += len(part)
    return "".join(parts), tuple(spans)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """The source in pieces of some 64 kB that end between blocks, so that the parser's memory is bounded."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    first = 1
    for turn, sheet in enumerate(whole.split(PAGE_BREAK)):
        if turn:
            yield PAGE_BREAK, first
        yield from _chunks(sheet, first)
        first += sheet.count("\n")


def _chunks(text: str, first: int) -> Iterator[tuple[str, int]]:
    held: list[str] = []
    size = 0
    for number, line in enumerate(text.split("\n"), first):
        plain_start = line[:1].strip() != "" and not _LIST.match(line)
        if size > _CHUNK and held and not held[-1].strip() and plain_start and not line.startswith(("```", "~~~", ">")):
            fences = sum(row.lstrip().startswith(("```", "~~~")) for row in held)
            if fences % 2 == 0:
                yield "\n".join(held), first
                held, size, first = [], 0, number
        held.append(line)
        size += len(line) + 1
    yield "\n".join(held), first


def _split(block: Block) -> Iterator[Block]:
    """The block itself, or blocks of at most LONGEST characters, ended between words."""
    text, column = block.text, block.column
    if block.table is not None:
        yield block
        return
    while len(text) > LONGEST:
        cut = max(text.rfind(" ", LONGEST // 2, LONGEST), text.rfind("\n", LONGEST // 2, LONGEST))
        cut = cut if cut > 0 else LONGEST
        yield replace(block, text=text[:cut], column=column, spans=emphasis.part(block.spans, 0, cut))
        column += cut
        rest = text[cut:].lstrip(" ") if text[cut : cut + 1] in (" ", "\n") else text[cut:]
        spans = emphasis.part(block.spans, len(text) - len(rest), len(text))
        text, block = rest, replace(block, marker="", spans=spans)
    yield replace(block, text=text, column=column)
