"""Samples of a corpus: each by itself, whatever is made with it, and with ground truth that is true."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import label
from truth_check import LIGHT, PLACE, Watched, astray

from handsynth import api
from handsynth.corpus.entries import Producer, producer
from handsynth.corpus.recipe import Recipe, range_of
from handsynth.corpus.sampler import Sampler
from handsynth.corpus.several import Job, layouts
from handsynth.errors import InputError
from handsynth.formats.raster import coverages
from handsynth.hands.hand import Hand
from handsynth.layout.setting import Setting
from handsynth.layout.weld import welded
from handsynth.model.model import Model
from handsynth.truth import jsonl


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


def _same(one, other) -> bool:
    return one.image.tobytes() == other.image.tobytes() and one.truth.text == other.truth.text


def test_texts_written_together_are_those_written_alone(model, tmp_path):
    own, quill = Hand.random(model, 1, 1), Hand.gallery(model, "Quill")
    jobs = [
        Job("one line, é and “quotes”", quill, 3, 0.7, Setting(joins=quill.joining())),
        Job("two\nlines of it", Hand.random(model, 7, 2).leaning(0.2), 2**64 - 1, 0.3, Setting(gap=0.4)),
        Job("a paragraph that is wrapped, withaverylongwordthatistorn", own, 0, 1.0, Setting(wrap=9.0)),
    ]
    boxes = [Job("a \u4e00 b", hand, 5 + i, 0.7, Setting(missing="box")) for i, hand in enumerate((quill, own))]
    jobs, boxes = (
        [replace(job, setting=replace(job.setting, unevenness=job.hand.uneven, key=job.hand.key)) for job in some]
        for some in (jobs, boxes)
    )
    pages = layouts(model, jobs, legibility=2) + layouts(model, boxes, legibility=2)
    for job, page in zip(jobs + boxes, pages, strict=True):
        alone = api.typeset(
            job.text,
            model=model,
            hand=job.hand,
            slant=job.hand.lean,
            seed=job.seed,
            temperature=job.temperature,
            legibility=2,
            wrap=job.setting.wrap,
            gap=job.setting.gap,
            joined=0 if job.setting.joins is None else 1,
            missing=job.setting.missing,
        )
        assert (page.fields == alone.fields).all() and page.texts == alone.texts
        assert (page.x == alone.x).all() and (page.y == alone.y).all() and page.width == alone.width


@pytest.mark.parametrize("kind", ["line", "word", "paragraph", "page"])
def test_a_sample_depends_on_its_number_alone(model, kind):
    dials = {"texts": ("sentences", "names:de"), "kind": kind, "effects": "notebook,camera=0.3", "masks": True}
    dials |= {"width": 500, "length": (1, 120 if kind == "page" else 0), "joined": 0.5}
    recipe = Recipe(**dials)
    count = 3 if kind == "page" else 12
    whole = list(Sampler(recipe, model).samples(0, count))
    later = list(Sampler(recipe, model).samples(count - 2, 2))
    assert all(_same(*pair) for pair in zip(whole[-2:], later, strict=True))
    assert len({sample.image.tobytes() for sample in whole}) == count
    other = Recipe(**dials, seed=1)
    assert not _same(whole[0], next(iter(Sampler(other, model).samples(0, 1))))


@pytest.mark.parametrize(("effects", "shown"), [(",".join(PLACE), False), (",".join(LIGHT), True), ("phone", None)])
def test_ink_is_in_its_polygon_and_nowhere_else(model, effects, shown):
    """By the mask, and by what differs from the same picture without ink (where effects leave it in its place)."""
    recipe = Recipe(texts=("sentences:fr",), effects=effects, masks=True, hands=("gallery", "prior"), joined=0.5)
    sampler = Watched(recipe, model)
    for sample in sampler.samples(0, 40):
        bare = sampler.bare if shown else None
        own, beyond = astray(sample, bare)
        assert own == 0, sample.index
        assert shown is None or beyond == 0, sample.index
        inked = [(sample.mask == number + 1).any() for number in range(len(sample.truth.glyphs))]
        assert np.mean(inked) > 0.99


def test_letters_are_joined_as_the_dial_says(model):
    """Print, as the hand, all: the more is joined, the fewer pieces a word has; its truth stays the same."""
    dials = (0.0, 1.0, 2.0)
    recipes = [
        Recipe(texts=("names",), kind="word", joined=dial, length=(5, 0), temperature=(0.3, 0.5)) for dial in dials
    ]
    made = [list(Sampler(recipe, model).samples(0, 40)) for recipe in recipes]
    counts = [sum(pieces(sample.image < 128) for sample in some) for some in made]
    assert counts[0] > 1.2 * counts[1] > 1.3 * counts[2]
    for samples in zip(*made, strict=True):
        assert len({(sample.truth.text, sample.truth.writer) for sample in samples}) == 1


@pytest.mark.parametrize("pen", ["brush", "fountain"])
def test_a_pen_that_tapers_does_not_taper_amid_joins(model, pen):
    """What a corpus draws is what `render` draws, and its mask follows."""
    recipe = Recipe(texts=("words",), hands=("Quill",), pens=(pen,), masks=True, effects="clean", joined=2.0, vary=0.0)
    sampler = Laid(recipe, model)
    for sample in sampler.samples(0, 8):
        page, k, size = sampler.laid
        assert (page.ties >= 0).sum() > 3
        torn, whole = (coverages([some], [k], [size])[0] for some in (page, welded(page)))
        assert (sample.image == 255 - whole).all()
        amid = (whole > 60) & (torn < whole - 60.0)
        assert amid.any()
        assert ((sample.mask > 0) == (whole > 31)).mean() > 0.9995
        own, _ = astray(sample, None)
        assert own == 0


class Laid(Sampler):
    """A sampler that keeps how the last sample was laid out: Page, x-height in px, size in px."""

    def _finished(self, plain, mask):
        self.laid = plain.page, plain.xheight, plain.image.shape[1::-1]
        return super()._finished(plain, mask)


def pieces(ink: np.ndarray) -> int:
    return int(label(ink, np.ones((3, 3)))[1])


def test_pages_have_ground_truth_with_slips_and_lines(model):
    recipe = Recipe(
        texts=("sentences",), kind="page", masks=True, slips=10.0, width=700, length=(1, 900), papers=("a6-ruled",)
    )
    sample = next(iter(Sampler(recipe, model).samples(0, 1)))
    assert sample.image.shape[1] == 700 and sample.truth.width == 700
    assert sample.truth.struck.any() and len(sample.truth.lines) > 5
    assert astray(sample, sample.image)[0] == 0
    said = " ".join(word for word, out in zip(sample.truth.words, sample.truth.struck, strict=True) if not out)
    assert said == " ".join(sample.truth.lines)


def test_lines_are_as_high_as_asked_and_say_who_wrote_them(model):
    recipe = Recipe(texts=("dates",), height=48, hands=("prior", "Quill"), writers=3)
    samples = list(Sampler(recipe, model).samples(0, 40))
    assert {sample.image.shape[0] for sample in samples} == {48}
    assert {sample.truth.writer for sample in samples} == {"random:0:0", "random:1:0", "random:2:0", "Quill"}
    assert all(sample.image.dtype == np.uint8 and sample.image.ndim == 2 for sample in samples)
    coloured = next(iter(Sampler(Recipe(texts=("dates",), colour=True), model).samples(0, 1)))
    assert coloured.image.ndim == 3


def test_saved_hands_write(model, tmp_path):
    for number in range(3):
        Hand.random(model, 5, number).save(tmp_path / f"{number}.hand")
    recipe = Recipe(texts=("numbers",), hands=(str(tmp_path),))
    writers = {sample.truth.writer for sample in Sampler(recipe, model).samples(0, 30)}
    assert writers == {str(tmp_path / f"{number}.hand") for number in range(3)}


def test_a_bank_uses_its_drawings_again(model):
    recipe = Recipe(texts=("numbers",), hands=("Quill",), bank=2, vary=0.0, effects="clean", kind="word")
    sampler = Sampler(recipe, model)
    first = list(sampler.samples(0, 30))
    drawn = len(sampler.bank.kept)
    assert drawn <= 2 * len({char for sample in first for char in sample.truth.text})
    sampler.bank.kept.clear()  # as where it is full
    assert all(_same(*pair) for pair in zip(first, sampler.samples(0, 30), strict=True))


def test_an_entry_has_the_files_that_were_asked_for(model):
    recipe = Recipe(texts=("names",), truth=("alto", "page", "hocr"), masks=True, picture="jpg")
    entry = next(iter(producer(recipe.to_json()).entries(7, 1)))
    assert entry.key == "000000007"
    assert list(entry.files) == ["jpg", "txt", "json", "alto.xml", "page.xml", "hocr", "mask.png"]
    truth = jsonl.read(entry.files["json"])
    assert truth.text.encode() == entry.files["txt"] and truth.index == 7
    assert json.loads(entry.files["json"])


def test_a_recipe_is_the_same_after_json():
    recipe = Recipe(texts=("names", "a=0.5"), kind="word", temperature=(0.1, 0.2), truth=("alto",))
    assert Recipe.from_json(recipe.to_json()) == recipe
    for text in ("", "[]", '{"texts": 3}', '{"colour_of": 1}', '{"texts": ["a"], "height": "tall"}'):
        with pytest.raises(InputError):
            Recipe.from_json(text)


@pytest.mark.parametrize(
    ("dials", "said"),
    [
        ({"texts": ()}, "give texts"),
        ({"kind": "book"}, "line, word, paragraph or page"),
        ({"height": 2}, "from 16 to 1,000"),
        ({"truth": ("xml",)}, "alto, page, hocr"),
        ({"hands": ()}, "give hands"),
        ({"slips": 2.0}, "slips are of pages"),
        ({"joined": 2.5}, "from 0 to 2"),
        ({"hands": ("Nobody",)}, "no hand 'Nobody'"),
        ({"hands": ("nothing/me.hand",)}, "nothing/me.hand"),
        ({"effects": "snow"}, "snow"),
        ({"texts": ("nothing.txt",)}, "nothing.txt"),
        ({"length": (9, 3)}, "cannot be"),
        ({"temperature": (2.0, 1.0)}, "two rising numbers"),
        ({"bank": 3}, "give a number of writers"),
        ({"model": "nothing.zip"}, "nothing.zip"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(dials, said):
    from handsynth.errors import HandsynthError

    with pytest.raises(HandsynthError, match="(?s).*") as caught:
        Producer(Recipe(**{"texts": ("names",), **dials}))
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_ranges_as_people_type_them():
    assert range_of("length", "3") == (3, 3) and range_of("length", "1.5,2") == (1.5, 2)
    for text in ("", "a", "1,2,3", "nan"):
        with pytest.raises(InputError):
            range_of("length", text)


def test_each_writer_has_one_of_the_pens(model):
    recipe = Recipe(texts=("words",), kind="word", writers=6, pens=("felt", "nib", "pencil"))
    sampler = Sampler(recipe, model)
    drawn = [(name, hand.pen_kind) for name, hand in sampler.writers.of([i / 60 for i in range(60)], range(60))]
    assert len(set(drawn)) == len({name for name, _ in drawn}) > 3, "a writer keeps the pen"
    assert {pen for _, pen in drawn} <= set(recipe.pens) and len({pen for _, pen in drawn}) > 1
    assert "pens" not in json.loads(Recipe(texts=("words",)).to_json())
    assert Recipe.from_json(recipe.to_json()) == recipe
    with pytest.raises(InputError, match="the pen is 'crayon'; give round"):
        Recipe(texts=("words",), pens=("crayon",))


def test_capitals_are_taller_than_small_letters(model):
    """Of c, o, s, v, w, x and z the case shows in height alone; a label with a capital needs a capital."""
    recipe = Recipe(texts=("names:fr", "names"), length=(5, 0))
    for sample in Sampler(recipe, model).samples(0, 64):
        boxes, glyphs = sample.truth.boxes("glyphs"), sample.truth.glyphs
        # letters stray from the line, so by their own height
        small = [box[3] - box[1] for box, char in zip(boxes, glyphs, strict=True) if char in "acemnorsuvwxz"]
        for box, char in zip(boxes, glyphs, strict=True):
            assert char not in "COSUVWXZ" or box[3] - box[1] > 1.05 * np.median(small), (sample.truth.text, char)


@pytest.mark.parametrize("kind", ["line", "page"])
def test_labels_of_a_hand_of_capitals_are_capitals(model, tmp_path, kind):
    (tmp_path / "words.txt").write_text("Hello World\ncafé no 7 µm, Straße\n", "utf-8")
    recipe = Recipe(texts=(str(tmp_path / "words.txt"),), hands=("Graphite", "Quill"), kind=kind, legibility=1)
    found: dict[str, set[str]] = {"Graphite": set(), "Quill": set()}
    for sample in Sampler(recipe, model).samples(0, 12):
        assert "".join(sample.truth.glyphs) == "".join(sample.truth.text.split())
        found[sample.truth.writer] |= set(sample.truth.text.split())
    assert {"HELLO", "WORLD", "CAFÉ", "NO", "7", "µM,", "STRAßE"} & found["Graphite"]
    assert not {"Hello", "World", "café", "no", "Straße"} & found["Graphite"]
    assert {"Hello", "café"} & found["Quill"]


@pytest.mark.parametrize("kind", ["line", "word"])
def test_greek_and_cyrillic_letters_are_drawn(model, tmp_path, kind):
    """Their numbers lie beyond the model's own characters."""
    words = ["Жук", "шёл", "Ψωμί", "aB"]
    (tmp_path / "words.txt").write_text("\n".join(words), "utf-8")
    made = list(Sampler(Recipe(texts=(str(tmp_path / "words.txt"),), kind=kind), model).samples(0, 12))
    written = {word for sample in made for word in sample.truth.text.split()}
    assert written <= set(words) and len(written) > 2
    assert all(np.asarray(sample.image).min() < 128 for sample in made)


def test_the_paper_of_a_paragraph_is_as_wide_as_its_text(model):
    recipe = Recipe(texts=("amounts:fr", "sentences"), kind="paragraph", height=64)
    widths = []
    for sample in Sampler(recipe, model).samples(0, 12):
        right = sample.truth.boxes("lines")[:, 2].max()
        assert right < sample.truth.width < right + 1.6 * 64 / 5
        widths.append(sample.truth.width)
    assert min(widths) < 500 < 1000 < max(widths)


def test_signs_that_stand_apart_begin_no_line(model, tmp_path):
    """French parts `? ! : ; » €` from words by blanks, and thousands by blanks; a line ends at none of them."""
    texts = ["« Où est la clé ? »", "Quelle journée !", "il coûte 13 445 € : trop ;", "le 3 mars 1 234 567 € »"]
    (tmp_path / "fr.txt").write_text("\n".join(" ".join(texts) for _ in range(4)), "utf-8")
    for width in range(300, 460, 20):
        recipe = Recipe(texts=(str(tmp_path / "fr.txt"),), kind="paragraph", width=width, length=(1, 300))
        for sample in Sampler(recipe, model).samples(0, 2):
            lines = sample.truth.lines
            assert len(lines) > 2 and not any(line[0] in "?!:;»€" for line in lines), lines
            assert not any(line.endswith("«") or line.startswith(("445", "234", "567")) for line in lines), lines


def test_a_row_of_signs_is_broken_where_it_must_be(model):
    page = api.typeset("! " * 40 + "end", model=model, hand="Quill", seed=1, wrap=12)
    assert len(page.baselines) > 3 and float(page.width) <= 14.5
