"""Documents: paragraphs on sheets, whoever draws them and however many there are."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import numpy as np
import pypdfium2
import pytest
import stub_model as stub
from drawn import some
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.errors import HandsynthError, InputError, MissingCharacterError
from handsynth.formats.look import Look
from handsynth.formats.raster import coverage
from handsynth.model.model import Model

LETTER = """Dear Ada,

Thank you for the books, and for the long letter that came with them. I read it twice on the train, once in the
garden, and a third time aloud to Tom.

Yours,
Tessa"""


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(None, threads=1)


def document(text, model, *dials, markdown=False) -> Document:
    return Document(text, Style().set(["paper.name=a6-ruled", *dials]), model=model, markdown=markdown)


PRINT = "writing.joined=0"
"""Letters for themselves: joins follow where their letters stand."""


def pages(text, model, *dials, markdown=False):
    return list(document(text, model, *dials, markdown=markdown).pages())


def written(page) -> list[str]:
    """The words of each line."""
    lines = []
    for line in range(len(page.baselines)):
        seen = dict.fromkeys(page.word[page.line == line].tolist())
        lines.append(" ".join(page.words[word] for word in seen))
    return lines


def alone(page, keep) -> np.ndarray:
    """Where some of a page's glyphs leave ink, 10 px a letter."""
    return coverage(some(page, keep), Look(10.0)) > 127


def inside_and_apart(page) -> None:
    """No ink leaves the sheet, and neither lines nor letters of a line touch."""
    from handsynth.document.pagination import outer_boxes
    from handsynth.ink.fields import ink_boxes

    box = outer_boxes(page, ink_boxes(page.fields, page.frame))
    inked = box[:, 2] > box[:, 0]
    assert (box[inked, :2] >= 0).all()
    assert (box[inked, 2] <= page.width).all()
    assert (box[inked, 3] <= page.height).all()
    lines = [alone(page, page.line == line) for line in range(len(page.baselines))]
    for above, below in pairwise(lines):
        assert not (above & below).any(), "two lines touch"
    # a letter and the two after it
    turns = [alone(page, np.arange(len(page)) % 3 == turn) for turn in range(3)]
    for one, other in combinations(turns, 2):
        assert not (one & other).any(), "two letters touch"


def test_all_words_are_written_in_order(model):
    found = [word for page in pages(LETTER, model) for line in written(page) for word in line.split()]
    assert found == LETTER.split()


def test_lines_stand_on_the_rules(model):
    (page,) = pages("one\ntwo\n\nthree", model, "person.wander=0")
    rules = np.unique(page.ruling.lines[:, 1])
    assert all(np.isclose(rules, y).any() for y in page.baselines)
    gaps = np.diff(page.baselines)
    assert gaps[1] == pytest.approx(2 * gaps[0])


def test_every_fault_is_off_at_zero(model):
    off = [f"person.{name}=0" for name in Style().person.__dataclass_fields__]
    (page,) = pages("one two\nthree", model, *off)
    assert (page.scale == 1).all() and (page.slant == 0).all() and (page.depth == 1).all() and (page.angle == 0).all()
    assert np.array_equal(page.y, page.baselines[page.line])
    assert not page.strokes
    left = [page.x[page.line == line][0] for line in (0, 1)]
    assert abs(left[0] - left[1]) < 0.5


@pytest.mark.parametrize("name", ["size", "slant", "pressure", "ink", "margin", "pool", "tiring"])
def test_every_fault_does_something(model, name):
    still = [f"person.{dial}=0" for dial in Style().person.__dataclass_fields__ if dial != "wander"]
    base, moved = (pages(LETTER, model, *still, f"person.{name}={value}")[0] for value in (0, 2))
    columns = ("x", "y", "scale", "slant", "depth", "fields")
    assert any(not np.array_equal(getattr(base, c), getattr(moved, c)) for c in columns)


def test_slips_are_struck_out_and_written_again(model):
    text = "something wonderful happened yesterday morning " * 6
    made = pages(text, model, "person.slips=10")
    assert any(page.struck.any() for page in made)
    for page in made:
        assert len(page.strokes) >= len({int(word) for word in page.word[page.struck]})
    kept = [page.words[w] for page in made for w in dict.fromkeys(page.word[~page.struck].tolist())]
    assert kept == text.split()


def test_a_changed_word_leaves_the_other_letters_as_they_were(model):
    def shapes(text: str, *dials: str) -> dict[int, np.ndarray]:
        """The fields of letters, by their place."""
        return {
            int(place): field
            for page in pages(text, model, PRINT, *dials)
            for place, field in zip(page.place, page.fields, strict=True)
        }

    texts = LETTER, LETTER.replace("garden", "orchard")
    before, after = (shapes(text) for text in texts)
    shared = set(before) & set(after)
    assert len(shared) == len(before) - len("garden,")
    # pressure changes with the neighbours, so the shapes are compared without it
    plain = [shapes(text, "person.pressure=0") for text in texts]
    assert all(np.array_equal(plain[0][place], plain[1][place]) for place in shared)


def test_headings_are_larger_and_stay_with_what_follows(model):
    text = "\n\n".join(["Line."] * 11) + "\n\n# A heading\n\nIts text.\n"
    made = pages(text, model, markdown=True)
    for page in made:
        lines = written(page)
        assert not lines or lines[-1] != "A heading"
    page = next(page for page in made if "heading" in " ".join(page.words))
    at = [i for i, word in enumerate(page.word) if page.words[word] == "heading"]
    rest = [i for i, word in enumerate(page.word) if page.words[word] == "text."]
    assert page.scale[at].mean() > 1.3 * page.scale[rest].mean()


def test_no_page_begins_or_ends_with_one_line_of_a_paragraph(model):
    text = "\n".join(["many words that fill some lines of this small sheet, one after the other " * 3] * 6)
    made = pages(text, model)
    assert len(made) > 2
    for before, after in pairwise(made):
        shared = set(before.paragraph) & set(after.paragraph)
        for paragraph in shared:
            assert (before.paragraph == paragraph).sum() >= 2
            assert (after.paragraph == paragraph).sum() >= 2


def test_lists_hang(model):
    (page,) = pages("- short\n- several words that need more than one line of it\n", model, markdown=True)
    first = [float(page.x[page.line == line].min()) for line in range(len(page.baselines))]
    assert first[2] > first[1] + 1.0
    assert abs(first[0] - first[1]) < 0.7


@pytest.mark.parametrize("align", ["left", "right", "centre", "justify"])
def test_alignment(model, align):
    still = [f"person.{name}=0" for name in Style().person.__dataclass_fields__]
    text = "so many of the words that fill up a line or three of it, one by one, as we go on and on and on, as one does"
    (page,) = pages(text, model, f"text.align={align}", *still)
    box = page.boxes()
    lines = range(len(page.baselines) - 1)
    left, right = ([f(box[page.line == n, k]) for n in lines] for f, k in ((np.min, 0), (np.max, 2)))
    spread = {"left": np.ptp(left), "right": np.ptp(right), "centre": np.ptp(np.add(left, right))}
    if align == "justify":
        assert np.ptp(right) < 0.05
    else:
        assert spread[align] < 0.1
        assert max(np.ptp(left), np.ptp(right)) > 0.3


def test_hyphenation_breaks_long_words_between_syllables(model):
    text = "extraordinary circumstances notwithstanding, responsibilities " * 3
    free, broken = (pages(text, model, f"text.hyphenate={language}") for language in ("", "en_GB"))
    assert any("\u00ad" in page.texts for page in broken)
    assert not any("\u00ad" in page.texts for page in free)
    (address,) = pages("https://extraordinary.org/circumstances/notwithstanding", model, "text.hyphenate=en_GB")
    assert "\u00ad" not in address.texts
    with pytest.raises(InputError, match="hyphenation patterns"):
        pages(text, model, "text.hyphenate=xx_nowhere")


@pytest.mark.parametrize(("ending", "many"), [("png", 2), ("pdf", 4), ("svg", 2), ("tiff", 2)])
def test_bytes_are_equal_for_one_and_several_workers(model, tmp_path, ending, many):
    text = (LETTER + "\n\n") * 4
    for workers in (1, many):
        (tmp_path / str(workers)).mkdir()
        document(text, model).write(tmp_path / str(workers) / f"out.{ending}", workers=workers)
    files = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert files == sorted(path.name for path in (tmp_path / str(many)).iterdir())
    assert len(files) == 1 if ending in ("pdf", "tiff") else len(files) > 1
    for name in files:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / str(many) / name).read_bytes()


def test_what_cannot_be_drawn_is_found_before_any_work(model, tmp_path):
    with pytest.raises(MissingCharacterError, match="line 3, column 5"):
        document("one\n\ntwo 漢", model)
    boxed = document("one\n\ntwo 漢", model, "writing.missing=box")
    assert boxed.report.lost[0].line == 3
    with pytest.raises(InputError, match="nothing to write"):
        document(" \n\n", model)


@pytest.mark.parametrize(
    ("dials", "words"),
    [
        (["paper.margins=60mm"], "margins"),
        (["paper.name=a9"], "a9"),
        (["text.size=90mm"], "smaller size|no line fits"),
        (["text.align=middle"], "text.align"),
        (["person.wander=4"], "person.wander"),
        (["paper.margins=1mm,2mm"], "2 lengths"),
        (["output.dpi=0"], "output.dpi"),
        (["text.indent=200mm"], "text.indent"),
    ],
)
def test_absurd_styles_are_one_clear_line(model, dials, words):
    with pytest.raises(InputError, match=words) as caught:
        pages("Hello there", model, *dials)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("dial", ["output.look=scanned", "paper.grain=0.5", "paper.bleed=0.5"])
def test_what_is_made_of_pixels_is_refused_by_plotters(model, tmp_path, dial):
    with pytest.raises(InputError, match="made of pixels"):
        document("Hello", model, dial).write(tmp_path / "out.hpgl")
    with pytest.raises(InputError, match="centre lines are for plotters"):
        document("Hello", model, dial, "output.centreline=true").write(tmp_path / "out.svg")
    assert not list(tmp_path.iterdir())
    said = document("Hello", model, dial).unshown(".pdf")
    assert len(said) == 1 and said[0].endswith(f"because of {dial.partition('=')[0]}")
    assert not document("Hello", model, dial).unshown(".png")


def test_a_failure_leaves_nothing_behind(model, tmp_path, monkeypatch):
    from handsynth.formats import pdf

    def fail(page, look):
        raise InputError("no")

    monkeypatch.setattr(pdf, "part", fail)
    with pytest.raises(InputError):
        document("Hello", model).write(tmp_path / "out.pdf")
    assert not list(tmp_path.iterdir())


def test_a_word_wider_than_the_page_is_broken(model):
    (page,) = pages("x" * 60, model, PRINT)  # letters that are joined touch
    assert len(page.baselines) > 1
    inside_and_apart(page)


AWKWARD = [
    "To",
    "AV",
    "r.",
    '"A',
    "gjpqy",
    "fjord",
    "Übergröße",
    "QUAY",
    "¿Qué?",
    "łódź",
    "{[(|)]}",
    "_ff,",
    "Ågj",
    "lll",
]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=40),
    hand=st.sampled_from(range(24, 32)),  # forms that are read well take long to find
    size=st.sampled_from(["", "1mm", "1.5mm", "4mm", "9mm"]),
    margins=st.sampled_from(["", "0mm", "2mm,30mm,5mm,1mm"]),
    paper=st.sampled_from(["a6", "a6-ruled", "a7-squared", "card-3x5", "40x60mm"]),
    faults=st.sampled_from([0, 1, 3]),
    breaks=st.integers(1, 9),
)  # fmt: skip
@example(  # what strays up and down leans, too
    words=["Ågj"], hand=28, size="", margins="", paper="a6", faults=3, breaks=1,
)  # fmt: skip
@example(  # A and V lean apart
    words=[*["To To To"] * 3, "To", '"A AV AV', "fjord", "AV"],
    hand=28, size="4mm", margins="", paper="a6", faults=3, breaks=1,
)  # fmt: skip
def test_no_inks_overlap_and_no_letter_leaves_its_page(model, words, hand, size, margins, paper, faults, breaks):
    text = "\n".join(" ".join(words[i : i + breaks]) for i in range(0, len(words), breaks))
    dials = [f"person.{name}={faults}" for name in Style().person.__dataclass_fields__]
    style = Style().set(
        [
            f"paper.name={paper}",
            f"text.size={size}",
            f"paper.margins={margins}",
            f"writing.hand=random:{hand}",
            "writing.joined=0",
            *dials,
        ]
    )
    try:
        made = list(Document(text, style, model=model).pages())
    except HandsynthError as error:
        assert size == "9mm" or "no line" in str(error) or "smaller margins" in str(error), error
        return
    for page in made:
        inside_and_apart(page)


def test_the_stub_model_writes_pages_too(tmp_path):
    folder = stub.write_folder(tmp_path / "stub", stub.members())
    made = Document("abc abc", Style().set(["writing.missing=skip"]), model=str(folder))
    assert len(list(made.pages())) == 1


def test_the_text_of_a_pdf_is_the_text_that_was_given(model, tmp_path):
    """Also with slips, broken words and many pages; read by pdfium, which leaves a word's parts on their two pages."""
    text = (LETTER.replace("\n", " ") + " Extraordinary circumstances notwithstanding. ") * 5
    made = document(text, model, "person.slips=10", "text.hyphenate=en_GB", "text.align=justify")
    made.write(tmp_path / "out.pdf")
    opened = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    assert len(opened) > 1
    read = " ".join(opened[i].get_textpage().get_text_range() for i in range(len(opened)))
    assert re.sub("\xad *", "", read).split() == text.split()


def test_what_follows_a_tab_begins_at_a_tab_stop(model):
    from handsynth.document.tabs import STOP

    still = [f"person.{name}=0" for name in Style().person.__dataclass_fields__]
    (page,) = pages("a\tb\nlonger word\tc\n\td\nab\t\te", model, "text.size=1.5mm", *still)
    box = page.boxes()
    edge = float(box[0, 0])
    at = {
        text: (float(box[i, 0]) - edge) / STOP
        for i, text in enumerate(page.texts)
        if text in "bcd" and page.letter[i] == 0
    }
    e = (float(box[[page.word == page.words.index("e")][0], 0].min()) - edge) / STOP
    assert (at["b"], at["c"], at["d"], e) == pytest.approx((1, 2, 1, 2), abs=0.01)


def test_text_of_long_lists_begins_under_each_other(model):
    still = [f"person.{name}=0" for name in Style().person.__dataclass_fields__]
    text = "".join(f"{n}. mm\n" for n in (998, 999, 1000))
    (page,) = pages(text, model, *still, markdown=True)
    first = [float(page.boxes()[(page.line == line) & (page.letter == 0), 0].max()) for line in range(3)]
    assert np.ptp(first) < 0.1


def test_lines_are_set_right_and_centred_one_by_one(model):
    still = [f"person.{name}=0" for name in Style().person.__dataclass_fields__]
    (page,) = pages("left\n\\right right\n\\centre middle", model, *still)
    box = page.boxes()
    left, right = ([f(box[page.line == line, k]) for line in range(3)] for f, k in ((np.min, 0), (np.max, 2)))
    assert left[0] < left[2] < left[1]
    assert left[2] - left[0] == pytest.approx(right[1] - right[2], abs=0.05)
