"""Every format of ground truth says the same, is valid, and is read by its own library."""

from __future__ import annotations

import io
import itertools
import json
import re
from dataclasses import replace
from functools import cache

import lxml.html
import numpy as np
import pytest
from drawn import HOSTILE, SPITEFUL, full_page, page
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from truths import as_coco, assert_same, check_all, checked, middles, outside, truth, written

from handsynth.errors import InputError, OutputError
from handsynth.formats import camera
from handsynth.formats.look import Look
from handsynth.truth import FORMATS, Truth, jsonl, truth_format
from handsynth.truth import coco as coco_format
from handsynth.truth.polygons import area, clipped, clipped_line

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # of pycocotools
ALTO, PAGE = (
    "{http://www.loc.gov/standards/alto/ns-v4#}",
    "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}",
)


def points_of(text: str) -> np.ndarray:
    return np.array([[float(value) for value in point.split(",")] for point in text.split(" ")])


@pytest.fixture(scope="module", params=["plain", "struck", "photographed", "cut"])
def sample(request) -> Truth:
    if request.param == "plain":
        return truth(written("random:3"), 30)
    if request.param == "struck":
        return truth(full_page(), 30)
    where = camera.camera_geometry(written("random:8"), Look(20, camera="photographed", camera_strength=2.0))
    if request.param == "cut":
        # a picture of the middle of the sheet: much lies outside
        shift = np.array([[1, 0, -90.3], [0, 1, -60.7], [0, 0, 1]])
        return truth(written("random:8")).moved(shift @ where.matrix, 180, 120)
    return truth(written("random:8")).moved(where.matrix, *where.size)


def test_alto_says_what_the_truth_says(sample):
    root = checked("alto", sample, "pictures/a & b.png")
    kept = [i for i in range(len(sample.words)) if not sample.struck[i]]
    strings = root.findall(f".//{ALTO}String")
    assert [string.get("CONTENT") for string in strings] == [sample.words[i] for i in kept]
    assert root.findtext(f".//{ALTO}fileName") == "pictures/a & b.png"
    lines = root.findall(f".//{ALTO}TextLine")
    assert [" ".join(s.get("CONTENT") for s in line.findall(f"{ALTO}String")) for line in lines] == [
        line for line in sample.lines if line
    ]
    assert len(root.findall(f".//{ALTO}Illustration")) == sample.struck.sum()
    for element in root.iter(f"{ALTO}Glyph", f"{ALTO}String", f"{ALTO}TextLine"):
        kind, number = element.get("ID").split("_")
        polygon = {"glyph": sample.glyph_polygons, "word": sample.word_polygons, "line": sample.line_polygons}[kind][
            int(number) - 1
        ]
        shape = points_of(element.find(f"{ALTO}Shape/{ALTO}Polygon").get("POINTS"))
        left, top, wide, high = (float(element.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
        assert (
            np.abs([*shape.min(axis=0), *shape.max(axis=0)] - np.array([left, top, left + wide, top + high])).max()
            < 0.02
        )
        assert np.abs(shape - clipped(polygon, sample.width, sample.height)).max() < 0.006
    for line in lines:
        assert len(points_of(line.get("BASELINE"))) >= 2


def test_page_says_what_the_truth_says(sample):
    root = checked("page", sample)
    words = root.findall(f".//{PAGE}Word")
    said = [word.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") for word in words]
    assert said == [word for word, out in zip(sample.words, sample.struck, strict=True) if not out]
    region = root.find(f".//{PAGE}TextRegion")
    assert region.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") == "\n".join(line for line in sample.lines if line)
    assert len(root.findall(f".//{PAGE}GraphicRegion")) == sample.struck.sum()
    for element in root.iter(f"{PAGE}Glyph"):
        polygon = sample.glyph_polygons[int(element.get("id").split("_")[1]) - 1]
        shape = points_of(element.find(f"{PAGE}Coords").get("points"))
        assert len(shape) >= 3 and (shape <= [sample.width, sample.height]).all()
        part = clipped(polygon, sample.width, sample.height)
        assert np.abs([shape.min(axis=0) - part.min(axis=0), shape.max(axis=0) - part.max(axis=0)]).max() <= 1
    for element in root.iter(f"{PAGE}Baseline"):
        assert (points_of(element.get("points")) <= [sample.width, sample.height]).all()


def test_hocr_says_what_the_truth_says(sample):
    data = truth_format("hocr").text(sample, "a.png")
    root = lxml.html.fromstring(data)
    checked("hocr", sample)
    words = root.find_class("ocrx_word")
    assert [word.text_content() for word in words] == [
        word for word, out in zip(sample.words, sample.struck, strict=True) if not out
    ]
    lines = root.find_class("ocr_line")
    assert [line.text_content() for line in lines] == [line for line in sample.lines if line]
    assert len(root.find_class("ocr_linedrawing")) == sample.struck.sum()
    assert root.xpath("//meta[@name='ocr-system']/@content")[0].startswith("handsynth")
    can = root.xpath("//meta[@name='ocr-capabilities']/@content")[0].split()
    for element in root.xpath("//*[@class]"):
        assert element.get("class") in can
        boxes = re.search(r"bbox(?:es)? ([\d ]+)", element.get("title"))[1].split()
        left, top, right, bottom = map(int, boxes[:4])
        assert 0 <= left <= right <= sample.width and 0 <= top <= bottom <= sample.height
    for line in lines:
        title, number = line.get("title"), int(line.get("id").split("_")[1])
        slope, offset = map(float, re.search(r"baseline (\S+) (\S+?);", title).groups())
        left, _, _, bottom = map(int, re.search(r"bbox (\d+) (\d+) (\d+) (\d+)", title).groups())
        x, y = clipped_line(sample.line_baselines[number - 1], sample.width, sample.height).T
        assert np.abs(bottom + offset + slope * (x - left) - y).max() < 0.2 * 30


def test_coco_loads_and_its_masks_are_the_polygons(sample, tmp_path):
    path = tmp_path / "all.json"
    with path.open("wb") as file:
        FORMATS["coco"].write([(sample, "a.png"), (replace(sample, index=7), "b.png")], file)
    loaded = COCO(str(path))
    assert [image["file_name"] for image in loaded.loadImgs(loaded.getImgIds())] == ["a.png", "b.png"]
    glyphs = loaded.getAnnIds(imgIds=[7], catIds=loaded.getCatIds(supNms=["character"]))
    names = {category["id"]: category["name"] for category in loaded.loadCats(loaded.getCatIds())}
    shown = [area(clipped(polygon, sample.width, sample.height)) > 0.01 for polygon in sample.glyph_polygons]
    assert sorted(names[entry["category_id"]] for entry in loaded.loadAnns(glyphs)) == sorted(
        itertools.compress(sample.glyphs, shown)
    )
    for entry in loaded.loadAnns(loaded.getAnnIds(imgIds=[7])):
        polygon = np.array(entry["segmentation"][0]).reshape(-1, 2)
        mask = loaded.annToMask(entry).astype(bool)
        assert mask.shape == (sample.height, sample.width)
        # a pixel is in or out where the outline leaves no doubt
        (left, top), (right, bottom) = (
            np.floor(polygon.min(axis=0)).astype(int),
            np.ceil(polygon.max(axis=0)).astype(int),
        )
        part = mask[top:bottom, left:right]
        away = outside(polygon, middles(np.ones_like(part)) + [left, top]).reshape(part.shape)
        assert not part[away > 0.8].any() and part[away < -0.8].all() and mask.sum() == part.sum()
        left, top, wide, high = entry["bbox"]
        assert (
            np.abs([left, top, left + wide, top + high] - np.array([*polygon.min(axis=0), *polygon.max(axis=0)])).max()
            < 0.03
        )
        assert entry["area"] == pytest.approx(area(polygon), abs=0.02 * (wide + high) + 0.02)
        if "inside" in entry:
            assert loaded.anns[entry["inside"]]["image_id"] == 7


def test_coco_shards_join_to_what_one_run_writes():
    truths = [truth(page(text), index=i) for i, text in enumerate(["Tomb", "of a gnat", "b-g", "AVA"])]
    pairs = [(found, f"{found.name}.png") for found in truths]
    for name in ("coco", "jsonl"):
        form, whole_file, joined = FORMATS[name], io.BytesIO(), io.BytesIO()
        form.write(pairs, whole_file)
        shards = []
        for part in (pairs[:1], [], pairs[1:3], pairs[3:]):
            shards.append(io.BytesIO())
            form.write(part, shards[-1])
            shards[-1].seek(0)
        form.join(shards, joined)
        assert joined.getvalue() == whole_file.getvalue()
        assert FORMATS[name].many
    ids = [entry["id"] for entry in as_coco(*truths)["annotations"]]
    assert len(set(ids)) == len(ids) and min(ids) > 0


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b'{"info": {},\n"images": [\n', b'"images": [\n],\n"annotations": [\n],\n"categories": [\n1\n]}'],
)
def test_what_is_no_coco_file_of_ours_is_not_joined(data):
    with pytest.raises(InputError, match="COCO file"):
        coco_format.join([io.BytesIO(data)], io.BytesIO())


def test_coco_refuses_what_it_cannot_count():
    with pytest.raises(OutputError, match="index"):
        coco_format.records(replace(truth(page("a")), index=1 << 40), "a.png")


def test_json_lines_come_back_as_they_were(sample):
    line = truth_format("jsonl").text(sample, "a.png")
    assert line.endswith(b"\n") and line.count(b"\n") == 1 and json.loads(line)["picture"] == "a.png"
    assert_same(jsonl.read(line), sample)
    assert_same(jsonl.read(line.decode()), sample)


@given(st.lists(st.lists(st.tuples(*[st.integers(-(10**12), 10**12)] * 2), min_size=1, max_size=5), max_size=4))
def test_numbers_of_json_lines_are_those_of_json(shapes):
    arrays = [np.array(shape, np.float64) / 1000 for shape in shapes]
    assert jsonl._shapes(arrays) == json.dumps([array.tolist() for array in arrays], separators=(",", ":"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("words", None), ("words", [1]), ("word_line", [9, 0]), ("word_line", [True, 0]), ("word_line", [0]),
        ("struck", [0, 1]), ("glyph_polygons", [[[0, 0]]]), ("line_polygons", [[[0, 0], [1, 1], [2, "x"], [3, 3]]]),
        ("word_polygons", [[[0, 0]] * 5] * 2), ("line_baselines", [[[0, 1]]]), ("width", "9"),
        ("text", 7), ("seed", 1.5),
    ],
)  # fmt: skip
def test_damaged_json_lines_are_refused(name, value):
    record = json.loads(truth_format("jsonl").text(truth(page("of gnat")), "a.png"))
    for damaged in (record | {name: value}, {key: entry for key, entry in record.items() if key != name}):
        with pytest.raises(InputError, match="line of ground truth") as caught:
            jsonl.read(json.dumps(damaged))
        assert "\n" not in str(caught.value)


@given(st.one_of(st.text(), st.recursive(st.none() | st.text(max_size=3) | st.integers(), st.lists).map(json.dumps)))
@settings(max_examples=100, deadline=None)
def test_any_line_is_read_or_refused(line):
    with pytest.raises(InputError):
        jsonl.read(line)


@cache
def small() -> Truth:
    return truth(page("of gnat"))


@given(st.lists(SPITEFUL | st.sampled_from(HOSTILE), min_size=2, max_size=2), SPITEFUL, SPITEFUL, SPITEFUL)
@settings(max_examples=60, deadline=None)
def test_any_text_gives_well_formed_files(words, glyph, writer, picture):
    known = small()
    said = replace(
        known,
        name=writer,
        text=" ".join(words),
        lines=(" ".join(words),),
        words=tuple(words),
        glyphs=(glyph, *known.glyphs[1:]),
        writer=writer,
    )
    check_all(said, picture)


def test_control_characters_become_the_replacement_character():
    said = replace(small(), words=("a\0b", "c"), glyphs=("\x1b", *small().glyphs[1:]))
    assert checked("alto", said).find(f".//{ALTO}String").get("CONTENT") == "a\ufffdb"
    assert checked("alto", said).find(f".//{ALTO}Glyph").get("CONTENT") == "\ufffd"


def test_a_letter_without_a_code_point_of_its_own_is_whole_in_every_format():
    said = replace(small(), glyphs=("x\u0301", *small().glyphs[1:]))
    glyph = checked("alto", said).find(f".//{ALTO}Glyph")
    assert glyph.get("CONTENT") == "x" and glyph.find(f"{ALTO}Variant").get("CONTENT") == "x\u0301"
    assert checked("page", said).findtext(f".//{PAGE}Glyph/{PAGE}TextEquiv/{PAGE}Unicode") == "x\u0301"
    cinfo = lxml.html.fromstring(truth_format("hocr").text(said, "a.png")).find_class("ocrx_cinfo")[0]
    assert cinfo.text_content() == "x\u0301" and len(cinfo.get("title").split()) == 1 + 2 * 4
    made = as_coco(said)
    assert "x\u0301" in [category["name"] for category in made["categories"]]
    # one that has one is the same however it is spelled
    assert coco_format.character("e\u0301") == coco_format.character("\u00e9") == 0xE9


def test_the_same_truth_gives_the_same_bytes_without_a_date():
    for name, form in FORMATS.items():
        files = []
        for _ in range(2):
            found, file = truth(written("random:3")), io.BytesIO()
            if form.many:
                form.write([(found, "a.png")], file)
            else:
                file.write(form.text(found, "a.png"))
            files.append(file.getvalue())
        assert files[0] == files[1], name
        assert not re.search(rb"20\d\d-\d\d-\d\dT", files[0])
