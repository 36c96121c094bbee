"""Rows of the table that are of corpora alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from handsynth.dials.choices import EFFECTS, PENS, CorpusKind, CorpusMissing, CorpusPicture
from handsynth.dials.dial import Dial
from handsynth.dials.rows import choice, flag, integer, number, text


def corpora() -> Iterator[Dial]:
    yield choice("corpus.kind", "line", get_args(CorpusKind), "What a sample of a corpus is.")
    yield Dial(
        "corpus.hands",
        "names",
        ("prior",),
        "Whose writing: prior (new hands), gallery, names of it, .hand files or folders of them.",
        same="hands",
    )
    yield integer("corpus.writers", 0, 0, 2**31, "Hands that are drawn from the prior; 0: one for each sample.")
    yield integer("corpus.height", 64, 16, 1000, "Height of pictures of lines and words.", unit="px")
    yield integer("corpus.width", 1200, 64, 20_000, "Width at which paragraphs and pages wrap.", unit="px")
    yield choice(
        "corpus.missing",
        "drop",
        get_args(CorpusMissing),
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
    yield number("corpus.vary", 1.0, 0, 3, "How slant and spacing of a hand differ from sample to sample.")
    yield text(
        "corpus.effects",
        "clean",
        "What happens to pictures: clean, office, notebook, phone, archive, or effects with commas: "
        f"{', '.join(EFFECTS)}.",
    )
    yield choice("corpus.picture", "png", get_args(CorpusPicture), "Format of the pictures.")
    yield flag("corpus.colour", False, "Pictures in colour instead of grey.")
    yield Dial(
        "corpus.papers",
        "names",
        ("a5", "a5-ruled", "a5-squared", "a6-ruled"),
        "Papers of pages, with commas; each page has one of them.",
    )
    yield Dial(
        "corpus.truth", "names", (), "Formats of ground truth beside JSON: alto, page, hocr, coco, jsonl, with commas."
    )
    yield flag("corpus.masks", False, "A second picture of each sample, which says which glyph each pixel is of.")
    yield Dial(
        "corpus.pens",
        "names",
        (),
        f"Kinds of pens, with commas, of which each writer has one: {', '.join(PENS)}; else the hands'.",
    )
    yield integer(
        "corpus.bank", 0, 0, 1000, "Use so many drawings of each letter of each writer again; 0: draw each glyph anew."
    )
    yield integer("corpus.count", 1000, 1, 10**9, "How many samples a corpus gets.")
    yield integer("corpus.shard", 1000, 1, 10**7, "How many samples a shard gets.")
    yield choice(
        "corpus.container",
        "webdataset",
        ("webdataset", "parquet", "lmdb", "lmdb-ocr", "files"),
        "What shards are written as.",
    )
    yield choice("corpus.engine", "local", ("local", "ray"), "Where samples are made: here, or on a Ray cluster.")
