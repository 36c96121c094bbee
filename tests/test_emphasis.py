"""Emphasis on pages: pressed, underlined, struck through, framed, and in other inks, in every format."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest
import resvg_py
import stub_model as stub
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from handsynth.document.blocks import markdown
from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.errors import InputError
from handsynth.formats import encode
from handsynth.formats.inks import by_ink, part_of
from handsynth.formats.look import Look
from handsynth.formats.raster import coverage
from handsynth.ink.glyph import PenGlyphs
from handsynth.model.model import Model
from handsynth.text.emphasis import Span, moved, of_each, part

NAVY, GREEN, RED = (20, 40, 120), (0, 110, 50), (200, 30, 30)
INKS = ("output.ink=#142878", "output.ink_heading=#006e32", "output.ink_marked=#c81e1e")
NOTE = "# Heading\n\nplain ==marked== word\n"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(None, threads=1)


def document(text, model, *dials, markdown=True) -> Document:
    return Document(text, Style().set(["paper.name=a6-ruled", *dials]), model=model, markdown=markdown)


def page(text, model, *dials, markdown=True):
    (made,) = document(text, model, *dials, markdown=markdown).pages()
    return made


def of_word(made, word: str) -> np.ndarray:
    """The glyphs of a word."""
    return np.flatnonzero([made.words[i] == word for i in made.word])


def spans_of(text: str) -> dict[str, list[str]]:
    """The emphasised words of a Markdown text by kind."""
    found: dict[str, list[str]] = {}
    for block in markdown(text):
        for span in block.spans:
            found.setdefault(span.kind, []).append(block.text[span.start : span.stop])
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** c", {"bold": ["b"]}),
        ("a *b* _c_", {"underline": ["b", "c"]}),
        ("~~gone~~ H~2~O", {"strike": ["gone"]}),
        ("==red== and ===more===", {"marked": ["red"]}),
        ("if a == b and b == c, or a==b==c", {}),
        ("`**code**` and \\*no\\*", {}),
        ("**bold *both* bold**", {"underline": ["both"], "bold": ["bold both bold"]}),
        ("***a***", {"bold": ["a"], "underline": ["a"]}),
        ("*a *b* c*", {"underline": ["a b c"]}),
        ("[a ==b==](http://x.org) **c\nd**", {"marked": ["b"], "bold": ["c d"]}),
        ("# A *b*\n\n- **c**\n\n> ~~d~~", {"underline": ["b"], "bold": ["c"], "strike": ["d"]}),
    ],
)
def test_markdown_says_what_is_emphasised(text, expected):
    assert spans_of(text) == expected


@given(st.text(st.sampled_from("ab *_~=`\n[]()\\-#>"), max_size=120))
def test_spans_of_one_kind_lie_in_the_text_and_apart(text):
    for block in markdown(text):
        for kind in {span.kind for span in block.spans}:
            ends = sorted((span.start, span.stop) for span in block.spans if span.kind == kind)
            assert all(0 <= start < stop <= len(block.text) for start, stop in ends)
            assert all(one[1] <= other[0] for one, other in pairwise(ends))


@given(st.text("ab ", max_size=20), st.data())
def test_spans_keep_their_characters_where_hyphens_come_in(text, data):
    after = "".join(data.draw(st.sampled_from(["", "-"])) + char for char in text)
    start = data.draw(st.integers(0, len(text)))
    span = Span("bold", start, data.draw(st.integers(start, len(text))))
    spans = (span,) if span.start < span.stop else ()
    bold = [char for char, of in zip(after, of_each(moved(spans, text, after), len(after)), strict=True) if of]
    assert "".join(bold).replace("-", "") == text[span.start : span.stop]


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_part_of_a_text_has_its_emphasis(start, stop, cut):
    spans = (Span("bold", start, stop),) if start < stop else ()
    halves = [*of_each(part(spans, 0, cut), cut), *of_each(part(spans, cut, 20), 20 - cut)]
    assert [bool(of) for of in halves] == [bool(of) for of in of_each(spans, 20)]


WORDS = st.sampled_from(["a", "big", "red", "dog", "ran", "home", "to", "eat", "jam", "pie", "and", "gypsy", "quay"])
MARKS = "*", "**", "~~", "=="


def nested(inner: st.SearchStrategy[tuple[str, str]]) -> st.SearchStrategy[tuple[str, str]]:
    """Texts with emphasis, and without, from smaller ones."""
    joined = st.lists(inner, min_size=1, max_size=4).map(
        lambda all: tuple(" ".join(texts) for texts in zip(*all, strict=True))
    )
    return st.tuples(st.sampled_from(MARKS), joined).map(lambda one: (one[0] + one[1][0] + one[0], one[1][1]))


TEXTS = st.lists(st.recursive(WORDS.map(lambda word: (word, word)), nested, max_leaves=8), min_size=1, max_size=5).map(
    lambda all: tuple(" ".join(texts) for texts in zip(*all, strict=True))
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_emphasis_leaves_the_letters_as_they_are(model, texts):
    emphasised, bare = ("So " + text for text in texts)  # a line that begins with ~~~ would be a program's
    # runs of signs from several marks may mean something else: what is read then is the plain text
    (block,) = markdown(emphasised)
    still = "person.pressure=0", "person.pool=0", "paper.name=a4", "writing.joined=0"
    one, other = page(emphasised, model, *still), page(block.text, model, *still, markdown=False)
    assert one.texts == other.texts
    assert np.array_equal(one.place, other.place) and np.array_equal(one.char, other.char)
    if block.text == bare:
        thin = [i for i, of in enumerate(_emphasis(block)) if not any(span.kind == "bold" for span in of)]
        assert all(one.glyphs.keys()[i] == other.glyphs.keys()[i] for i in thin)


def _emphasis(block):
    """The spans of each glyph of a block of plain letters."""
    return [of for char, of in zip(block.text, of_each(block.spans, len(block.text)), strict=True) if char != " "]


@pytest.mark.parametrize("pens", [True, False])
def test_bold_is_wider_and_darker(model, pens, tmp_path):
    model = model if pens else Model.open(stub.write_folder(tmp_path / "stub", stub.members()), threads=1)
    ink = []
    for text in ("cab **abc**", "cab abc"):
        made = page(text, model, "person.ink=1")
        assert isinstance(made.glyphs, PenGlyphs) == pens
        rows = of_word(made, "abc")
        ink.append(coverage(part_of(made, rows), Look(20.0)).astype(float).sum())
        assert (made.depth[rows] == 1).all() == ("**" in text)
    assert ink[0] > 1.2 * ink[1]


def test_an_underline_lies_under_its_words_and_within_its_line(model):
    made = page("some *two words* more\nof it", model, "person.wander=1")
    rows = np.concatenate([of_word(made, "two"), of_word(made, "words")])
    box = made.boxes()[rows]
    points = np.concatenate([stroke.points for stroke in made.strokes])
    assert len(made.strokes) == 1
    assert abs(points[:, 0].min() - box[:, 0].min()) < 0.3 and abs(points[:, 0].max() - box[:, 2].max()) < 0.3
    assert (points[:, 1] > made.y[rows].max() + 0.1).all()
    assert (points[:, 1] < made.y[rows].max() + 0.8).all()
    # of the pen that wrote the words
    width = np.median(made.glyphs.strokes.width) / made.frame.xheight
    assert made.strokes[0].width == pytest.approx(width, rel=0.25)


def test_an_underline_is_split_where_lines_end_and_wavers_with_the_hand(model):
    text = "*" + "more words without tails in a row " * 4 + "end*"
    made = page(text, model)
    at = [np.abs(made.baselines - stroke.points[:, 1].mean()).argmin() for stroke in made.strokes]
    assert sorted(set(at)) == list(range(len(made.baselines))) and len(at) == len(made.baselines) >= 2
    ruled, loose = (
        page("*summer rain*", model, f"person.wander={wander}").strokes[0].points[:, 1] for wander in (0, 2)
    )
    assert np.ptp(ruled) < 1e-9 < np.ptp(loose)


def test_an_underline_leaves_out_the_tails_of_letters(model):
    made = page("*some long summer page of names*", model)
    assert len(made.strokes) >= 2
    under = coverage(part_of(made, np.zeros(0, np.int64)), Look(20.0)) > 127
    letters = coverage(replace(made, strokes=()), Look(20.0)) > 127
    assert under.any() and not (under & letters).any()


@pytest.mark.parametrize("hand", ["Quill", "Umber"])
def test_letters_below_make_room_for_an_underline(model, hand):
    text = "*some more words on one line*  \nÁÉ BDF ŠŽ lhk ÅÖ tall ones\n\n" * 2
    made = page(text, model, f"writing.hand={hand}", "paper.name=a4", "text.line_spacing=0.8")
    lines = coverage(part_of(made, np.zeros(0, np.int64)), Look(20.0)) > 127
    letters = coverage(replace(made, strokes=()), Look(20.0)) > 127
    assert lines.any() and not (lines & letters).any()


def test_struck_words_are_crossed_and_stay_part_of_the_text(model):
    made = page("one ~~two~~ three", model)
    rows = of_word(made, "two")
    (stroke,) = made.strokes
    box = made.boxes()[rows]
    assert box[:, 1].min() < stroke.points[:, 1].min() and stroke.points[:, 1].max() < made.y[rows].mean()
    assert not made.struck.any()
    found = pypdfium2.PdfDocument(encode(made, ".pdf", Look(20.0)))[0].get_textpage().get_text_range()
    assert found.split() == ["one", "two", "three"]


def test_emphasis_survives_slips_hyphens_and_lines_that_tear(model):
    text = "*extraordinarily comfortable circumstances* " * 6
    made = list(document(text, model, "person.slips=10", "text.hyphenate=en_GB", "paper.name=a7").pages())
    assert any(one.struck.any() for one in made) and any("\xad" in one.texts for one in made)
    for one in made:
        boxes = one.boxes()
        for line in range(len(one.baselines)):
            mine = boxes[one.line == line]
            near = [s for s in one.strokes if 0.1 < s.points[:, 1].mean() - one.baselines[line] < 1.0]
            assert not len(mine) or near


@pytest.mark.parametrize("mark", ["underline", "frame"])
def test_headings_are_underlined_or_framed_and_nothing_touches(model, mark):
    text = "Before it, jpgq.\n\n# Big jolly pages now\n\nAfter it, bdfh."
    made = page(text, model, f"text.heading_mark={mark}")
    rows = np.flatnonzero(made.colour == 1)
    lines = coverage(part_of(made, np.zeros(0, np.int64)), Look(20.0)) > 127
    letters = coverage(replace(made, strokes=()), Look(20.0)) > 127
    assert lines.any() and not (lines & letters).any()
    points = np.concatenate([stroke.points for stroke in made.strokes])
    box = made.boxes()[rows]
    assert points[:, 0].min() < box[:, 0].min() + 0.1 and points[:, 0].max() > box[:, 2].max() - 0.6
    assert (points[:, 1].min() < box[:, 1].min()) == (mark == "frame")


def colours(image: Image.Image) -> list[bool]:
    """Whether the three inks are seen in a picture."""
    found = np.asarray(image.convert("RGB")).reshape(-1, 3).astype(int)
    return [bool((np.abs(found - np.array(ink)).max(axis=1) < 12).any()) for ink in (NAVY, GREEN, RED)]


def drawn(data: bytes, suffix: str) -> Image.Image:
    if suffix == ".pdf":
        return pypdfium2.PdfDocument(data)[0].render(scale=4).to_pil()
    if suffix == ".svg":
        data = bytes(resvg_py.svg_to_bytes(svg_string=data.decode(), dpi=300))
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("more", [(), ("output.centreline=true",), ("output.outlines=true",)])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tiff", ".pdf", ".svg"])
def test_every_ink_is_in_every_format(model, suffix, more):
    made = document(NOTE, model, *INKS, "output.dpi=300", "person.ink=0", *more)
    look = made.plan.look
    data = encode(next(made.pages()), suffix, look)
    assert colours(drawn(data, suffix)) == [True, True, True]


def test_inks_share_out_the_page(model):
    made = document(NOTE, model, *INKS, "text.heading_mark=underline", "person.slips=0")
    only = next(made.pages())
    inks = list(by_ink(only, made.plan.look))
    assert [ink.number for ink in inks] == [1, 2, 3]
    assert ["".join(ink.page.texts) for ink in inks] == ["plainword", "Heading", "marked"]
    assert [len(ink.page.strokes) for ink in inks] == [0, len(only.strokes), 0]
    # where headings have the ink of the rest, they are written with its pen
    same = replace(made.plan.look, heading_ink=None)
    assert [ink.number for ink in by_ink(only, same)] == [1, 2]


def test_plotters_take_a_pen_for_each_ink(model):
    made = document(NOTE, model, *INKS)
    only, look = next(made.pages()), made.plan.look
    assert re.findall(r"SP\d", encode(only, ".hpgl", look).decode()) == ["SP1", "SP2", "SP3", "SP0"]
    code = encode(only, ".gcode", look).decode()
    assert re.findall("M0 ; (.*)", code) == ["pen 2, #006e32", "pen 3, #c81e1e"]
    layers = re.findall('inkscape:label="(.*?)"', encode(only, ".svg", replace(look, centreline=True)).decode())
    assert layers == ["1 #142878", "2 #006e32", "3 #c81e1e"]
    plain = page("one ink", model)
    for suffix, sign in ((".hpgl", "SP2"), (".gcode", "M0"), (".svg", 'label="2')):
        assert sign not in encode(plain, suffix, replace(look, centreline=True)).decode()


def test_plotters_write_bold_twice(model):
    made = [page(text, model, "writing.joined=0") for text in ("**mum**", "mum")]
    heavy, light = (encode(one, ".hpgl", Look(20.0)).count(b"PU") for one in made)
    assert heavy - 1 == 2 * (light - 1)


TWO_PAGES = "front words here\n\n\\newpage\n\nback ==words== there"


def pictures(model, *dials, text=TWO_PAGES) -> list[np.ndarray]:
    made = document(text, model, "paper.name=a7", "output.ink=black", "person.ink=0", *dials)
    return [np.asarray(drawn(encode(one, ".png", made.plan.look), ".png").convert("RGB")) for one in made.pages()]


def test_ink_bleeds_further_out_and_never_far_from_ink(model):
    sharp, soft = (pictures(model, f"paper.bleed={amount}", "output.dpi=300")[0][:, :, 0] for amount in (0, 1))
    added = (soft < sharp - 20).sum() / (sharp < 128).sum()
    assert 0.1 < added < 3
    y, x = np.nonzero(sharp < 255)
    near = np.zeros(sharp.shape, bool)
    for dy in range(-9, 10):
        for dx in range(-9, 10):
            near[np.clip(y + dy, 0, len(near) - 1), np.clip(x + dx, 0, near.shape[1] - 1)] = True
    assert (soft[~near] == 255).all()


def test_pale_ink_stays_pale_where_it_bleeds(model):
    made = document("pale", model, "paper.name=a7", "paper.bleed=1", "output.ink=black", "output.dpi=300")
    one = next(made.pages())
    faint = replace(one, depth=np.full(len(one), 0.4, np.float32))
    assert np.asarray(drawn(encode(faint, ".png", made.plan.look), ".png")).min() > 140


def test_the_back_of_a_sheet_shows_through_mirrored_and_in_its_ink(model):
    bare, seen = pictures(model), pictures(model, "paper.show_through=1")
    faint = bare[0].astype(int) - seen[0]
    written = (bare[1] < 200).any(axis=2)[:, ::-1]
    assert 10 < faint[written].max() < 90
    # the ink of its words darkens the page, and what is far from them does not
    assert faint.sum(axis=2)[written].mean() > 10 * max(faint.sum(axis=2)[~written].mean(), 0.1)
    red = faint[..., 1] - faint[..., 0]
    assert red.max() > 10
    assert np.array_equal(
        pictures(model, text="one page")[0], pictures(model, "paper.show_through=1", text="one page")[0]
    )


def test_a_blank_back_is_said(model):
    for text, blank in ((TWO_PAGES, False), ("one page", True)):
        made = document(text, model, "paper.show_through=0.5")
        list(made.pages())
        assert made.blank_back == blank


@pytest.mark.parametrize(
    ("dial", "words"),
    [
        ("text.heading_mark=box", "none, underline or frame"),
        ("output.ink_marked=reddish", "output.ink_marked"),
        ("output.ink_heading=transparent", "ink of headings is transparent"),
        ("output.ink_heading=white", "ink of headings and paper have the same colour"),
        ("paper.bleed=2", "bleed is 2"),
        ("paper.show_through=-1", "show-through is -1"),
    ],
)
def test_dials_that_cannot_be_are_one_clear_line(model, dial, words):
    with pytest.raises(InputError, match=re.escape(words)) as error:
        list(document("# a", model, dial).pages())
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("dial", ["paper.bleed=0.5", "paper.show_through=0.5"])
def test_soaked_paper_is_refused_where_there_are_no_pixels(model, tmp_path, dial):
    with pytest.raises(InputError, match="made of pixels"):
        document("a", model, dial).write(tmp_path / "a.hpgl")


@pytest.mark.parametrize("ending", [".png", ".pdf", ".svg"])
def test_bytes_are_equal_for_one_and_several_workers(model, tmp_path, ending):
    soaked = ("paper.bleed=0.5", "paper.show_through=0.5") if ending == ".png" else ()
    written = []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        folder.mkdir()
        made = document(NOTE + "\n\n**bold** and *under*\n\n" * 20, model, "paper.name=a7", *soaked)
        written.append([path.read_bytes() for path in made.write(folder / f"a{ending}", workers=workers)])
    assert written[0] == written[1]
