"""The rows: every option once. A dial of one table of a style sheet has the table before its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from handsynth.dials.choices import PENS, Align, Dialect, Missing, Strikes, Use
from handsynth.dials.corpora import corpora
from handsynth.dials.dial import MAX_SEED, Dial
from handsynth.dials.rows import choice, flag, integer, number, text


def _fault(name: str, default: float, doc: str) -> Dial:
    return number(f"person.{name}", default, 0, 3, doc, step=0.1, called=f"person_{name}")


def _dials() -> Iterator[Dial]:
    yield from _writing()
    yield from _setting()
    yield from _pictures()
    yield from _pages()
    yield from _fonts()
    yield from _sheets()
    yield from _hands()
    yield from corpora()


def _writing() -> Iterator[Dial]:
    """How letters are drawn, whatever they are drawn for."""
    yield text(
        "hand",
        None,
        "Who writes: a name from `handsynth hands`, a saved .hand file, random, random:7 or "
        "random:7:SEED; else the gallery's first.",
        optional=True,
    )
    yield text("model", None, "A model's folder or .zip; else the built-in one.", optional=True)
    yield integer("seed", 0, 0, MAX_SEED, "Same seed, same drawing; another seed, another one.")
    yield number(
        "temperature",
        0.7,
        0,
        2,
        "How far letters are from the usual: 0 not at all, 1 as people's.",
        elsewhere={"sample": 1.0, "corpus": (0.5, 0.9)},
    )
    yield number(
        "variation", 0.25, 0, 1, "How far copies of a letter differ: 0 not at all, 1 as if each were by somebody else."
    )
    yield number(
        "joined",
        1.0,
        0,
        2,
        "How much is written without lifting the pen: 0 print, 1 as the hand does, 2 every pair that can be joined.",
    )
    yield choice("pen", None, PENS, "Kind of pen; else the hand's own.", optional=True)
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
    yield number("slant", 0.0, -0.5, 0.5, "How far letters lean beside the hand's own slant, x per height.", step=0.01)
    yield integer(
        "legibility",
        1,
        1,
        16,
        "Draw up to so many of each letter, and keep one that reads well.",
        elsewhere={"font": 4},  # a font's drawings are seen again and again
    )
    yield choice("missing", "error", get_args(Missing), "What to do with characters that cannot be drawn.")
    yield choice(
        "originals",
        "vary",
        get_args(Use),
        "How a learnt hand's own letters are drawn: anew each time, as their ink, or by the style alone.",
    )
    yield text("recipes", None, "A file with recipes of your own characters (docs/characters.md).", optional=True)


def _setting() -> Iterator[Dial]:
    """How letters are set."""
    yield number(
        "gap", None, 0, 5, "Clear space between straight stems, in x-heights; else the hand's own.", optional=True
    )
    yield number("letter_spacing", 1.0, 0, 20, "Space between letters, times the usual.", slider=(0, 3))
    yield number("word_spacing", 1.0, 0, 20, "Space between words, times the usual.", slider=(0, 3))
    yield number("line_spacing", 1.0, 0.2, 20, "Distance of the lines, times the usual.", slider=(0.6, 3))
    yield number("margin", 1.0, 0, 1000, "Paper around the text, in x-heights.")
    yield number("wander", 1.0, 0, 3, "How baselines drift and slope: 0 a ruler's, 1 as people's.", step=0.1)


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
    yield number("dpi", 300.0, 1, 9600, "Pixels per inch of pictures.", elsewhere={"style": 150.0})
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
    yield text(
        "ink",
        "black",
        "Colour of the ink: a name or a value like #1a2b8c.",
        elsewhere={"style": "#1b2440", "studio": "#1b2440"},
    )
    yield text(
        "paper_colour",
        "white",
        "Colour of the paper: a name, a value like #fffdf5, or transparent.",
        elsewhere={"studio": "#ffffff"},
    )
    yield integer("max_pixels", 100_000_000, 1, 2**62, "Refuse larger pictures, in pixels.")
    yield integer("workers", 1, 1, 1024, "Processes; the result is the same.")


def _pages() -> Iterator[Dial]:
    """Of documents: the tables of a style sheet, but for what is above."""
    yield text(
        "paper.name",
        "a4",
        "Paper and ruling, like a4-ruled, letter, a5-dotted-landscape, card-3x5 or 210x99mm.",
        called="paper",
        elsewhere={"studio": "a4-ruled"},
    )
    yield text("paper.margins", "", "Margins of a sheet: one length, or top, right, bottom, left, like 25,20,25,30mm.")
    yield text("paper.pitch", "", "Distance of the rules, like 8mm; else the paper's own.")
    yield text("paper.first", "", "Height of the first rule, like 25mm; else as usual, or as found in the background.")
    yield text(
        "paper.colour",
        "",
        "Colour of the paper: a name or a value like #fffdf5; else the sheet's own.",
        called="paper_colour",
        same="paper_colour",
    )
    yield number("paper.grain", 0.0, 0, 1, "Fibres of the paper that show, in pictures: 0 none, 1 clearly.")
    yield number("paper.bleed", 0.0, 0, 1, "Ink that spreads into the paper, in pictures: 0 none, 1 much.")
    yield number(
        "paper.show_through", 0.0, 0, 1, "What is on the sheet's back, seen through it, in pictures: 0 not, 1 clearly."
    )
    yield text("paper.background", "", "A picture to write on, instead of a sheet.")
    yield text(
        "text.size", "", "Height of a small x, like 2.5mm; else as it suits the rules and the hand.", same="size"
    )
    yield choice(
        "text.format", "auto", ("auto", "text", "markdown"), "What the text is written in; auto: by the file's ending."
    )
    yield flag("text.reflow", False, "Join the lines of plain text up to an empty one.")
    yield choice("text.align", "left", get_args(Align), "How lines stand between the margins.")
    yield text("text.indent", "0mm", "How far in the first line of a paragraph begins, like 8mm.")
    yield text("text.hyphenate", "", "Break words by the rules of this language, like en_GB, de or fr; else do not.")
    yield choice("text.heading_mark", "none", ("none", "underline", "frame"), "What the pen draws at headings.")
    yield _fault("size", 0.7, "Words that grow and shrink: 1 as people's.")
    yield _fault("slant", 0.7, "Words that lean more and less: 1 as people's.")
    yield _fault("margin", 0.5, "Lines that do not begin under each other: 1 as people's.")
    yield _fault("tiring", 0.5, "All of the writing growing down the page: 1 as people's.")
    yield _fault("pressure", 0.4, "Strokes that thicken and thin: 1 as people's.")
    yield _fault("ink", 0.5, "Ink that runs dry along the line, and is refreshed: 1 as people's.")
    yield _fault("pool", 0.5, "Ink that pools where strokes end: 1 as people's.")
    yield number(
        "slips", 0.0, 0, 10, "Words struck out and written again, in per cent of the words.", unit="%", step=0.5
    )
    yield text("output.ink_heading", "", "Colour of headings; else that of the ink.")
    yield text("output.ink_marked", "#c4212b", "Colour of words that are ==marked== in Markdown.")
    yield choice(
        "output.look", "", ("", "scanned", "photographed"), "Pictures as if scanned or photographed; else clean."
    )
    yield number("output.look_strength", 1.0, 0, 2, "How much of that look pictures have.")
    yield text("output.title", "", "Title of the document, for readers and screen readers.")
    yield text("output.language", "en", "Language of the text, for screen readers.")
    yield flag("output.text_layer", True, "A PDF holds its text, so that it can be searched, copied and read aloud.")
    yield flag("output.embed_text", False, "Write the text into the file's metadata, too.")
    yield flag("centreline", False, "SVG of single strokes of a pen, one path each, in writing order.")
    yield text("device", "", "HPGL for a plotter: hp7440a, hp7475a, hp7550a, dxy, or with a paper, as hp7475a-a3.")
    yield text("profile", "zlift", "How G-code lifts the pen: zlift, servo, m280, laser, or a .toml file like theirs.")
    yield flag("optimise", False, "Strokes for plotters in the order of the shortest way, not of writing.")
    yield text("hatch", "", "Width of the plotter's pen, like 0.3mm: broader strokes are filled; else lines alone.")
    yield flag("rules", False, "Plotters draw the sheet's own lines, too, by a pen of their own.")
    yield flag("animate", False, "SVG and WebP that are seen being written; GIF, APNG and MP4 always are.")
    yield number(
        "duration", 0.0, 0, 3600, "Seconds that the writing takes; 0: as long as a person takes.", unit="seconds"
    )
    yield number("fps", 25.0, 1, 100, "Pictures a second of files that move.")
    yield flag("pen_shown", False, "A pen is seen that writes.")
    yield flag("output.outlines", False, "SVG and PDF with the ink's edges, filled, instead of strokes of the pen.")


def _fonts() -> Iterator[Dial]:
    # there are 20 stylistic sets in OpenType
    yield integer("variants", 5, 1, 20, "Drawings of each character of a font.")
    yield choice(
        "charset",
        "latin1",
        ("ascii", "latin1", "latin", "cyrillic", "greek", "model"),
        "Characters of a font, as a named set.",
    )
    yield text("chars", None, "The characters themselves, instead of a named set.", optional=True)
    yield text("family", "Handsynth", "Name of a font's family; else as its first file, where there is one.")
    yield text("font.ink", "black", "Colour of sbix and cbdt strikes.", same="ink")
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
    yield choice(
        "strikes",
        "",
        get_args(Strikes),
        "Bitmaps in a .ttf or .otf beside the outlines, and in which table; else none.",
    )
    yield choice("depth", "8", ("1", "2", "4", "8"), "Bits per pixel of ebdt strikes.")
    yield choice("dialect", "text", get_args(Dialect), "How a BMFont's .fnt is written.")
    yield integer(
        "distance",
        0,
        0,
        16,
        "Pages of a .fnt hold the distance to the edge, as far as so many pixels; 0: coverage.",
        unit="px",
    )
    yield integer(
        "texture_size", 1024, 16, 16_384, "Greatest width and height of a BMFont's texture or a glyph sheet.", unit="px"
    )
    yield integer("padding", 0, 0, 127, "Empty pixels around each glyph that belong to it.", unit="px")
    yield integer("spacing", 1, 0, 127, "Empty pixels between glyphs that belong to none.", unit="px")
    yield flag("kerning", True, "Distances of pairs of letters from their ink.")
    yield flag("single_line", False, "Lines of the pen, for plotters: in .svg, .lff, .ttf, .otf or .ufoz.")
    yield flag("specimen", False, "A picture and a web page that show the font, too.")


def _sheets() -> Iterator[Dial]:
    yield text("hands", "", "Names of hands, with commas, for a row each; else the gallery.")
    yield integer(
        "sheet.variants", 0, 0, 1000, "Drawings of each character by the first hand, instead of hands.", same="variants"
    )
    yield text(
        "sample.hand",
        "random",
        "Who draws: a name from `handsynth hands`, a saved .hand file, random:7, or random: a new one each time.",
        same="hand",
    )
    yield integer("sample.variants", 1, 1, 10_000_000, "Drawings of each character.", same="variants")
    yield integer(
        "template.variants",
        None,
        1,
        9,
        "Boxes for each character; else two where there is room.",
        optional=True,
        same="variants",
    )
    yield choice(
        "template.paper", "a4", ("a4", "letter"), "Paper that a form is printed on.", called="paper", same="paper.name"
    )
    yield integer("columns", 0, 0, 1000, "Characters in a row of a sheet; 0: as many as fit well.")
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
    yield number("share", 0.5, 0, 1, "How much of the second hand a blend has: 0 all of the first, 1 of the second.")


def _hands() -> Iterator[Dial]:
    yield text("name", "my hand", "Name of a hand; else that of its file, where there is one.")
    yield flag("forget_originals", False, "Keep what was learnt, but not the letters themselves.")
    yield text(
        "template.chars",
        "ascii",
        "Characters of a form: letters, alphanumeric, ascii, western, or themselves.",
        same="chars",
    )
    yield text("learn.chars", None, "Characters of the form, if it was made with others.", optional=True, same="chars")
    yield text(
        "forget.chars",
        None,
        "Forget these characters altogether, like b7: they follow the style.",
        optional=True,
        same="chars",
    )


DIALS = {dial.name: dial for dial in _dials()}
"""By name."""
