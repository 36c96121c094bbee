"""The rows: every option once. A dial of one table of a style sheet has the table before its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handsynth.dials.dial import MAX_SEED, Dial

PENS = ("round", "ballpoint", "fineliner", "fountain", "felt", "pencil", "brush", "nib")


def _number(name: str, default: float | None, least: float, most: float, doc: str, **more: Any) -> Dial:
    return Dial(name, "number", default, doc, least, most, **more)


def _integer(name: str, default: int | None, least: int, most: int, doc: str, **more: Any) -> Dial:
    return Dial(name, "integer", default, doc, least, most, **{"step": 1, **more})


def _choice(name: str, default: str | None, choices: tuple[str, ...], doc: str, **more: Any) -> Dial:
    return Dial(name, "text", default, doc, choices=choices, **more)


def _text(name: str, default: str | None, doc: str, **more: Any) -> Dial:
    return Dial(name, "text", default, doc, **more)


def _flag(name: str, default: bool, doc: str) -> Dial:
    return Dial(name, "flag", default, doc)


def _fault(name: str, default: float, doc: str) -> Dial:
    return _number(f"person.{name}", default, 0, 3, doc, step=0.1, called=f"person_{name}")


def _dials() -> Iterator[Dial]:
    yield from _writing()
    yield from _setting()
    yield from _pictures()
    yield from _pages()
    yield from _fonts()
    yield from _sheets()
    yield from _corpora()


def _writing() -> Iterator[Dial]:
    """How letters are drawn, whatever they are drawn for."""
    yield _text(
        "hand",
        None,
        "Who writes: a name from `handsynth hands`, a saved .hand file, random, random:7 or "
        "random:7:SEED; else the gallery's first.",
        optional=True,
    )
    yield _text("model", None, "A model's folder or .zip; else the built-in one.", optional=True)
    yield _integer("seed", 0, 0, MAX_SEED, "Same seed, same drawing; another seed, another one.")
    yield _number(
        "temperature",
        0.7,
        0,
        2,
        "How far letters are from the usual: 0 not at all, 1 as people's.",
        elsewhere={"sample": 1.0, "corpus": (0.5, 0.9)},
    )
    yield _number(
        "variation", 0.25, 0, 1, "How far copies of a letter differ: 0 not at all, 1 as if each were by somebody else."
    )
    yield _number(
        "joined",
        1.0,
        0,
        2,
        "How much is written without lifting the pen: 0 print, 1 as the hand does, 2 every pair that can be joined.",
    )
    yield _choice("pen", None, PENS, "Kind of pen; else the hand's own.", optional=True)
    yield Dial(
        "pen_width",
        "length",
        None,
        "Width of the pen: a share of an x-height, like 0.12, or a length like 0.5mm; else the hand's own.",
        0.01,
        0.6,
        unit="x-heights",
        optional=True,
    )
    yield _number("slant", 0.0, -0.5, 0.5, "How far letters lean beside the hand's own slant, x per height.", step=0.01)
    yield _integer(
        "legibility",
        1,
        1,
        16,
        "Draw up to so many of each letter, and keep one that reads well.",
        elsewhere={"font": 4},
    )
    yield _choice("missing", "error", ("error", "skip", "box"), "What to do with characters that cannot be drawn.")
    yield _choice(
        "originals",
        "vary",
        ("vary", "always", "never"),
        "How a learnt hand's own letters are drawn: anew each time, as their ink, or by the style alone.",
    )
    yield _text("recipes", None, "A file with recipes of your own characters (docs/characters.md).", optional=True)


def _setting() -> Iterator[Dial]:
    """How letters are set."""
    yield _number(
        "gap", None, 0, 5, "Clear space between straight stems, in x-heights; else the hand's own.", optional=True
    )
    yield _number("letter_spacing", 1.0, 0, 20, "Space between letters, times the usual.", slider=(0, 3))
    yield _number("word_spacing", 1.0, 0, 20, "Space between words, times the usual.", slider=(0, 3))
    yield _number("line_spacing", 1.0, 0.2, 20, "Distance of the lines, times the usual.", slider=(0.6, 3))
    yield _number("margin", 1.0, 0, 1000, "Paper around the text, in x-heights.")
    yield _number("wander", 1.0, 0, 3, "How baselines drift and slope: 0 a ruler's, 1 as people's.", step=0.1)


def _pictures() -> Iterator[Dial]:
    """How a picture of a text looks."""
    yield Dial(
        "size",
        "length",
        24.0,
        "Height of a small x: pixels, like 24 or 24px, or a length like 3mm.",
        1,
        10_000,
        unit="px",
        slider=(8, 200),
        step=1,
    )
    yield _number("dpi", 300.0, 1, 9600, "Pixels per inch of pictures.", elsewhere={"style": 150.0})
    yield Dial(
        "wrap",
        "length",
        None,
        "Greatest width of a line, without margins: pixels, or a length like 160mm; "
        "else lines end where the text says so.",
        optional=True,
        elsewhere={"studio": 900},
        slider=(0, 4000),
        step=20,
    )
    yield _text(
        "ink",
        "black",
        "Colour of the ink: a name or a value like #1a2b8c.",
        elsewhere={"style": "#1b2440", "studio": "#1b2440"},
    )
    yield _text(
        "paper_colour",
        "white",
        "Colour of the paper: a name, a value like #fffdf5, or transparent.",
        elsewhere={"studio": "#ffffff"},
    )
    yield _integer("max_pixels", 100_000_000, 1, 2**62, "Refuse larger pictures, in pixels.")


def _pages() -> Iterator[Dial]:
    """Of documents: the tables of a style sheet, but for what is above."""
    yield _text(
        "paper.name",
        "a4",
        "Paper and ruling, like a4-ruled, letter, a5-dotted-landscape, card-3x5 or 210x99mm.",
        called="paper",
        elsewhere={"studio": "a4-ruled"},
    )
    yield _text("paper.margins", "", "Margins of a sheet: one length, or top, right, bottom, left, like 25,20,25,30mm.")
    yield _text("paper.pitch", "", "Distance of the rules, like 8mm; else the paper's own.")
    yield _text("paper.first", "", "Height of the first rule, like 25mm; else as usual, or as found in the background.")
    yield _text(
        "paper.colour",
        "",
        "Colour of the paper: a name or a value like #fffdf5; else the sheet's own.",
        called="paper_colour",
        same="paper_colour",
    )
    yield _number("paper.grain", 0.0, 0, 1, "Fibres of the paper that show, in pictures: 0 none, 1 clearly.")
    yield _number("paper.bleed", 0.0, 0, 1, "Ink that spreads into the paper, in pictures: 0 none, 1 much.")
    yield _number(
        "paper.show_through", 0.0, 0, 1, "What is on the sheet's back, seen through it, in pictures: 0 not, 1 clearly."
    )
    yield _text("paper.background", "", "A picture to write on, instead of a sheet.")
    yield _text(
        "text.size", "", "Height of a small x, like 2.5mm; else as it suits the rules and the hand.", same="size"
    )
    yield _choice(
        "text.format", "auto", ("auto", "text", "markdown"), "What the text is written in; auto: by the file's ending."
    )
    yield _flag("text.reflow", False, "Join the lines of plain text up to an empty one.")
    yield _choice("text.align", "left", ("left", "right", "centre", "justify"), "How lines stand between the margins.")
    yield _text("text.indent", "0mm", "How far in the first line of a paragraph begins, like 8mm.")
    yield _text("text.hyphenate", "", "Break words by the rules of this language, like en_GB, de or fr; else do not.")
    yield _choice("text.heading_mark", "none", ("none", "underline", "frame"), "What the pen draws at headings.")
    yield _fault("size", 0.7, "Words that grow and shrink: 1 as people's.")
    yield _fault("slant", 0.7, "Words that lean more and less: 1 as people's.")
    yield _fault("margin", 0.5, "Lines that do not begin under each other: 1 as people's.")
    yield _fault("tiring", 0.5, "All of the writing growing down the page: 1 as people's.")
    yield _fault("pressure", 0.4, "Strokes that thicken and thin: 1 as people's.")
    yield _fault("ink", 0.5, "Ink that runs dry along the line, and is refreshed: 1 as people's.")
    yield _fault("pool", 0.5, "Ink that pools where strokes end: 1 as people's.")
    yield _number(
        "slips", 0.0, 0, 10, "Words struck out and written again, in per cent of the words.", unit="%", step=0.5
    )
    yield _text("output.ink_heading", "", "Colour of headings; else that of the ink.")
    yield _text("output.ink_marked", "#c4212b", "Colour of words that are ==marked== in Markdown.")
    yield _choice(
        "output.look", "", ("", "scanned", "photographed"), "Pictures as if scanned or photographed; else clean."
    )
    yield _number("output.look_strength", 1.0, 0, 2, "How much of that look pictures have.")
    yield _text("output.title", "", "Title of the document, for readers and screen readers.")
    yield _text("output.language", "en", "Language of the text, for screen readers.")
    yield _flag("output.text_layer", True, "A PDF holds its text, so that it can be searched, copied and read aloud.")
    yield _flag("output.embed_text", False, "Write the text into the file's metadata, too.")
    yield _flag("centreline", False, "SVG of single strokes of a pen, one path each, in writing order.")
    yield _text("device", "", "HPGL for a plotter: hp7440a, hp7475a, hp7550a, dxy, or with a paper, as hp7475a-a3.")
    yield _text("profile", "zlift", "How G-code lifts the pen: zlift, servo, m280, laser, or a .toml file like theirs.")
    yield _flag("optimise", False, "Strokes for plotters in the order of the shortest way, not of writing.")
    yield _text("hatch", "", "Width of the plotter's pen, like 0.3mm: broader strokes are filled; else lines alone.")
    yield _flag("rules", False, "Plotters draw the sheet's own lines, too, by a pen of their own.")
    yield _flag("animate", False, "SVG and WebP that are seen being written; GIF, APNG and MP4 always are.")
    yield _number(
        "duration", 0.0, 0, 3600, "Seconds that the writing takes; 0: as long as a person takes.", unit="seconds"
    )
    yield _number("fps", 25.0, 1, 100, "Pictures a second of files that move.")
    yield _flag("pen_shown", False, "A pen is seen that writes.")
    yield _flag("output.outlines", False, "SVG and PDF with the ink's edges, filled, instead of strokes of the pen.")


def _fonts() -> Iterator[Dial]:
    # there are 20 stylistic sets in OpenType
    yield _integer("variants", 5, 1, 20, "Drawings of each character of a font.")
    yield _choice(
        "charset",
        "latin1",
        ("ascii", "latin1", "latin", "cyrillic", "greek", "model"),
        "Characters of a font, as a named set.",
    )
    yield _text("chars", None, "The characters themselves, instead of a named set.", optional=True)
    yield Dial(
        "sizes",
        "names",
        (32,),
        "Pixels per em of bitmap fonts and strikes.",
        6,
        1000,
        unit="px",
        slider=(8, 128),
        step=1,
    )
    yield _choice(
        "strikes",
        "",
        ("", "sbix", "cbdt", "ebdt"),
        "Bitmaps in a .ttf or .otf beside the outlines, and in which table; else none.",
    )
    yield _choice("depth", "8", ("1", "2", "4", "8"), "Bits per pixel of ebdt strikes.")
    yield _choice("dialect", "text", ("text", "xml", "json", "binary"), "How a BMFont's .fnt is written.")
    yield _integer(
        "distance",
        0,
        0,
        16,
        "Pages of a .fnt hold the distance to the edge, as far as so many pixels; 0: coverage.",
        unit="px",
    )
    yield _integer(
        "texture_size", 1024, 16, 16_384, "Greatest width and height of a BMFont's texture or a glyph sheet.", unit="px"
    )
    yield _integer("padding", 0, 0, 127, "Empty pixels around each glyph that belong to it.", unit="px")
    yield _integer("spacing", 1, 0, 127, "Empty pixels between glyphs that belong to none.", unit="px")
    yield _flag("kerning", True, "Distances of pairs of letters from their ink.")
    yield _flag("single_line", False, "Lines of the pen, for plotters: in .svg, .lff, .ttf, .otf or .ufoz.")
    yield _flag("specimen", False, "A picture and a web page that show the font, too.")


def _sheets() -> Iterator[Dial]:
    yield _text("hands", "", "Names of hands, with commas, for a row each; else the gallery.")
    yield _integer(
        "sheet.variants", 0, 0, 1000, "Drawings of each character by the first hand, instead of hands.", same="variants"
    )
    yield _integer("sample.variants", 1, 1, 10_000_000, "Drawings of each character.", same="variants")
    yield _integer(
        "template.variants",
        None,
        1,
        9,
        "Boxes for each character; else two where there is room.",
        optional=True,
        same="variants",
    )
    yield _choice(
        "template.paper", "a4", ("a4", "letter"), "Paper that a form is printed on.", called="paper", same="paper.name"
    )
    yield _integer("columns", 0, 0, 1000, "Characters in a row of a sheet; 0: as many as fit well.")
    yield Dial(
        "sheet.size",
        "length",
        None,
        "Height of a small x: 24 px; in large sheets 16 px.",
        4,
        2000,
        unit="px",
        optional=True,
        same="size",
    )
    yield _number("share", 0.5, 0, 1, "How much of the second hand a blend has: 0 all of the first, 1 of the second.")


def _corpora() -> Iterator[Dial]:
    yield _choice("corpus.kind", "line", ("line", "word", "paragraph", "page"), "What a sample of a corpus is.")
    yield Dial(
        "corpus.hands",
        "names",
        ("prior",),
        "Whose writing: prior (new hands), gallery, names of it, .hand files or folders of them.",
        same="hands",
    )
    yield _integer("corpus.writers", 0, 0, 2**31, "Hands that are drawn from the prior; 0: one for each sample.")
    yield _integer("corpus.height", 64, 16, 1000, "Height of pictures of lines and words.", unit="px")
    yield _integer("corpus.width", 1200, 64, 20_000, "Width at which paragraphs and pages wrap.", unit="px")
    yield _choice(
        "corpus.missing",
        "drop",
        ("drop", "error", "skip", "box"),
        "What to do with texts that have characters which cannot be drawn.",
        same="missing",
    )
    yield Dial(
        "corpus.length",
        "names",
        (1, 0),
        "Least and most characters of a text, like 5,40; most 0: as usual for the kind.",
        0,
        100_000,
    )
    yield _number("corpus.vary", 1.0, 0, 3, "How slant and spacing of a hand differ from sample to sample.")
    yield _text(
        "corpus.effects",
        "clean",
        "What happens to pictures: clean, office, notebook, phone, archive, or names of effects with commas.",
    )
    yield _choice("corpus.picture", "png", ("png", "jpg"), "Format of the pictures.")
    yield _flag("corpus.colour", False, "Pictures in colour instead of grey.")
    yield Dial(
        "corpus.papers",
        "names",
        ("a5", "a5-ruled", "a5-squared", "a6-ruled"),
        "Papers of pages, with commas; each page has one of them.",
    )
    yield Dial(
        "corpus.truth", "names", (), "Formats of ground truth beside JSON: alto, page, hocr, coco, jsonl, with commas."
    )
    yield _flag("corpus.masks", False, "Also a picture that says which glyph each pixel is of.")
    yield Dial("corpus.pens", "names", (), "Kinds of pens, with commas, of which each writer has one; else the hands'.")
    yield _integer(
        "corpus.bank", 0, 0, 1000, "Use so many drawings of each letter of each writer again; 0: draw each glyph anew."
    )
    yield _integer("corpus.count", 1000, 1, 10**12, "How many samples a corpus gets.")
    yield _integer("corpus.shard", 1000, 1, 10**7, "How many samples a shard gets.")
    yield _choice(
        "corpus.container",
        "webdataset",
        ("webdataset", "parquet", "lmdb", "lmdb-ocr", "files"),
        "What shards are written as.",
    )
    yield _choice("corpus.engine", "local", ("local", "ray"), "Where samples are made: here, or on a Ray cluster.")


DIALS = {dial.name: dial for dial in _dials()}
"""By name."""
