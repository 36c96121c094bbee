"""Ground truth is true: ink lies where it says, also after a camera, and every format says the same."""

from __future__ import annotations

import io
import itertools
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import lxml.html
import numpy as np
import pytest
from drawn import HOSTILE, SPITEFUL, full_page, page, some
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageDraw
from pycocotools.coco import COCO

from handsynth import api
from handsynth.errors import InputError, OutputError
from handsynth.layout.page import Page
from handsynth.layout.setting import LINE_HEIGHT
from handsynth.pages import Document
from handsynth.render import camera
from handsynth.render.look import CAMERAS, Look
from handsynth.render.raster import coverage, paint, size
from handsynth.style import Style
from handsynth.truth import FORMATS, Truth, find, jsonl, truth_of
from handsynth.truth import coco as coco_format
from handsynth.truth.polygons import area, clipped, clipped_line, whole

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # of pycocotools

SCHEMAS = Path(__file__).parent / "schemas"
ALTO, PAGE = (
    "{http://www.loc.gov/standards/alto/ns-v4#}",
    "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}",
)
TEXT = "Dear Ada, jumps (fox)!\n\nfrom 12% \u201cquoted\u201d; b\u00e9 \u00f6\u00df\n_/ I'll?"
INK = 16
"""A pixel is ink from this coverage on, of 255."""
NEAR = 1.0
"""Its middle lies within its glyph's polygon, or so far outside at most, in px; of letters over 40 px, 1/40 of it."""


def truth(made: Page, xheight: float = 20, index: int = 0, **more) -> Truth:
    return truth_of(made, xheight, name=f"{index:09}", writer="random:3", seed=made.seed, index=index, **more)


@cache
def written(hand: str, slant: float = 0.0) -> Page:
    """A page whose letters stand in all ways that a layout could think of."""
    made = api.layout(TEXT, hand=hand, seed=4, slant=slant, missing="box")
    n = np.arange(len(made))
    return replace(
        made,
        width=made.width + 1,
        scale=(1 + 0.3 * np.sin(n)).astype(np.float32),
        slant=(0.3 * np.cos(n)).astype(np.float32),
        angle=(0.2 * np.sin(3 * n)).astype(np.float32),
    )


def outside(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """How far outside a convex polygon, clockwise as seen, points [n,2] lie; negative inside."""
    sides = np.roll(polygon, -1, axis=0) - polygon
    sides, corners = sides[sides.any(axis=1)], polygon[sides.any(axis=1)]
    normals = np.stack([sides[:, 1], -sides[:, 0]], axis=1) / np.hypot(*sides.T)[:, None]
    return ((points[:, None] - corners) * normals).sum(axis=2).max(axis=1)


def middles(ink: np.ndarray) -> np.ndarray:
    """Middles [n,2] of the pixels that are true."""
    rows, columns = np.nonzero(ink)
    return np.stack([columns, rows], axis=1) + 0.5


def glyph_inks(made: Page, look: Look):
    """Each glyph alone on the page."""
    for i in range(len(made)):
        yield i, some(made, np.arange(len(made)) == i)


@pytest.mark.parametrize("hand", ["random:3", "random:8"])
@pytest.mark.parametrize(("xheight", "slant"), [(9, 0.0), (20, -0.4), (20, 0.5), (60, 0.2)])
def test_every_glyph_s_ink_lies_in_its_polygon_and_fills_it(hand, xheight, slant):
    made, look = written(hand, slant), Look(xheight)
    found = truth(made, xheight)
    assert (found.width, found.height) == size(made, look)
    for i, one in glyph_inks(made, look):
        ink = middles(coverage(one, look) >= INK)
        assert len(ink)
        assert outside(found.glyph_polygons[i], ink).max() <= max(NEAR, xheight / 40)
        box = found.boxes("glyphs")[i]
        slack = np.abs(box - [*(ink.min(axis=0) - 0.5), *(ink.max(axis=0) + 0.5)])
        assert slack.max() <= 1.5 + 0.02 * xheight


@pytest.mark.parametrize(
    "made", [written("random:21"), page("Tomb of gnat\nAVA"), full_page()], ids=["hand", "made", "full"]
)
def test_no_ink_lies_outside_all_polygons(made):
    found = truth(made)
    ink = middles(coverage(made, Look(20)) >= INK)
    polygons = [*found.glyph_polygons, *found.word_polygons[found.struck]]
    assert np.min([outside(polygon, ink) for polygon in polygons], axis=0).max() <= NEAR


@pytest.mark.parametrize("kind", CAMERAS)
def test_ink_lies_in_its_polygon_in_a_camera_s_picture(kind):
    made = written("random:3")
    look = Look(24, camera=kind, camera_strength=1.5)
    where = camera.geometry(made, look)
    flat = truth(made, 24)
    found = flat.moved(where.matrix, *where.size)
    same = truth(made, 24, homography=where.matrix, size=where.size)
    assert (found.width, found.height) == (same.width, same.height) == where.size
    assert all((a == b).all() for a, b in zip(found.glyph_polygons, same.glyph_polygons, strict=True))
    assert np.abs(found.boxes("glyphs") - flat.boxes("glyphs")).max() > 3
    sheet = where.map(np.array([[6, 6], [flat.width - 6, 6], [flat.width - 6, flat.height - 6], [6, flat.height - 6]]))
    on_sheet = None
    for i, one in itertools.islice(glyph_inks(made, look), 0, None, 4):
        image = np.asarray(paint(one, look).convert("L"))
        if on_sheet is None:
            drawn = Image.new("1", where.size)
            ImageDraw.Draw(drawn).polygon([tuple(corner) for corner in sheet.tolist()], fill=1)
            on_sheet = np.asarray(drawn)
        ink = middles(on_sheet & (image < 0.5 * np.median(image[on_sheet])))
        assert len(ink) > 3
        assert outside(found.glyph_polygons[i], ink).max() <= NEAR


def test_polygons_are_convex_run_clockwise_and_hold_one_another():
    where = camera.geometry(written("random:8"), Look(20, camera="photographed", camera_strength=2.0))
    for found in (
        truth(written("random:8")),
        truth(full_page()),
        truth(written("random:8")).moved(where.matrix, *where.size),
    ):
        for polygon in (*found.glyph_polygons, *found.word_polygons, *found.line_polygons):
            assert outside(polygon, polygon).max() < 0.01
            x, y = polygon.T
            assert (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() > 0
        for i, word in enumerate(found.glyph_word.tolist()):
            assert outside(found.word_polygons[word], found.glyph_polygons[i]).max() < 0.01
        for i, line in enumerate(found.word_line.tolist()):
            assert outside(found.line_polygons[line], found.word_polygons[i]).max() < 0.01


def test_a_truth_says_what_stands_there():
    found = truth(written("random:3"))
    assert found.text == TEXT
    assert found.lines == tuple(line for line in found.text.split("\n") if line)
    assert found.words == tuple(found.text.split())
    for i, word in enumerate(found.words):
        assert "".join(found.glyphs[j] for j in np.flatnonzero(found.glyph_word == i)) == word
    for i, line in enumerate(found.lines):
        assert " ".join(found.words[j] for j in np.flatnonzero(found.word_line == i)) == line
    tops = found.boxes("lines")[:, 1]
    assert (np.diff(tops) > 0).all() and not found.struck.any()


def test_a_word_that_goes_on_in_the_next_line_is_two():
    made = page("extraordinarily", wrap=6.0)
    found = truth(made)
    assert len(found.lines) > 1 and found.lines == found.words
    assert all(word.endswith("-") for word in found.words[:-1])
    assert "".join(found.words).replace("-", "") == "extraordinarily"


def test_baselines_go_through_where_the_letters_stand():
    made = api.layout("mimic nun\nvenom mixer venom mixer venom mixer venom", hand="random:3", seed=4)
    for matrix in (np.eye(3), np.array([[1.1, 0.1, 5], [0.05, 0.9, 9], [1e-4, 5e-5, 1]])):
        found = truth(made, 40).moved(matrix, 2000, 900)
        feet = np.stack([made.x, made.y, np.ones(len(made)) / 40], axis=1) * 40 @ matrix.T
        feet = feet[:, :2] / feet[:, 2:]
        boxes = found.boxes("lines")
        for i, line in enumerate(found.line_baselines):
            assert len(line) >= 2 and (np.diff(line[:, 0]) > 0).all()
            assert abs(line[0, 0] - boxes[i, 0]) < 20 and abs(line[-1, 0] - boxes[i, 2]) < 20
            mine = feet[made.line == i]
            away = np.abs(np.interp(mine[:, 0], *line.T) - mine[:, 1])
            # letters stand loosely about their line, by 0.012 x-heights as a rule
            assert away.max() < 0.05 * 40


def test_what_is_struck_out_is_no_text_but_its_ink_is_found():
    made = full_page()
    found = truth(made)
    gone = np.flatnonzero(found.struck)
    assert [found.words[i] for i in gone] == ["of"]
    assert found.lines[0] == "Tomb gnat" and found.text == "Tomb gnat\nAVA (fjord) I\nb-g"
    ink = middles(coverage(replace(some(made, np.zeros(len(made), bool)), strokes=made.strokes), Look(20)) >= INK)
    assert outside(found.word_polygons[gone[0]], ink).max() <= NEAR
    ruled = replace(made, struck=np.zeros(len(made), bool))
    assert truth(ruled).text == "Tomb of gnat\nAVA (fjord) I\nb-g"


def test_slips_of_a_person_s_page_lie_in_their_words_polygons():
    text = "several people happily wrote something about handwriting yesterday " * 4
    style = Style().set(["paper.name=a6-ruled", "person.slips=40", "person.slant=2", "person.size=2"])
    made = next(iter(Document(text, style, markdown=False).pages()))
    found = truth(made, 16)
    assert len(made.strokes) == found.struck.sum() >= 3
    kept = [word for word, out in zip(found.words, found.struck, strict=True) if not out]
    assert found.text.replace("\n", " ").split() == kept and text.startswith(" ".join(kept[:9]))
    ink = middles(coverage(made, Look(16)) >= INK)
    polygons = [*found.glyph_polygons, *found.word_polygons[found.struck]]
    assert np.min([outside(polygon, ink) for polygon in polygons], axis=0).max() <= NEAR
    check_all(found)


def test_a_line_all_struck_out_is_in_the_truth_and_in_no_format_s_text():
    made = page("gone\nhere")
    found = truth(replace(made, struck=made.line == 0))
    assert found.lines == ("", "here") and found.text == "\nhere"
    for name in ("alto", "page", "hocr"):
        data = find(name).text(found, "a.png")
        assert b"gone" not in data and data.count(b'id="line_' if name != "alto" else b'ID="line_') == 1
        assert b"struck_1" in data


def test_a_sheet_without_a_word():
    made = some(page("x"), np.zeros(1, bool))
    empty = truth(made)
    assert empty.lines == empty.words == empty.glyphs == () and empty.text == ""
    assert [len(empty.boxes(kind)) for kind in ("lines", "words", "glyphs")] == [0, 0, 0]
    assert empty.moved(np.eye(3), 9, 9).width == 9
    check_all(empty)


def test_glyphs_without_ink_have_a_speck_where_they_would_stand():
    made = page("ab")
    made.fields[1] = -4
    box = truth(made).boxes("glyphs")[1]
    foot = np.array([made.x[1], made.y[1]]) * 20
    assert (box[:2] < foot).all() and (box[2:] > foot).all() and (box[2:] - box[:2] < 3).all()
    made.fields[:] = -4
    check_all(truth(made))


def test_a_map_beyond_the_horizon_is_refused():
    found = truth(page("Tomb"))
    with pytest.raises(InputError, match="tears"):
        found.moved(np.array([[1, 0, 0], [0, 1, 0], [-0.02, 0, 1.0]]), 100, 100)
    with pytest.raises(InputError, match="lines, words or glyphs"):
        found.boxes("pages")


def test_no_unknown_format():
    with pytest.raises(InputError, match="alto, page, hocr, coco, jsonl"):
        find("docx")


# --- the formats


@cache
def schemas() -> dict[str, list[etree.XMLSchema]]:
    published = SCHEMAS / "alto-4-4.xsd"
    alto = [SCHEMAS / "alto-part.xsd", *([published] if published.exists() else [])]
    return {
        "alto": [etree.XMLSchema(etree.parse(path)) for path in alto],
        "page": [etree.XMLSchema(etree.parse(SCHEMAS / "pagecontent-2019-07-15.xsd"))],
    }


def checked(name: str, found: Truth, picture: str = "a.png") -> etree._Element:
    """The file of a format, parsed and valid."""
    root = etree.fromstring(find(name).text(found, picture))
    for schema in schemas().get(name, []):
        schema.assertValid(root)
    return root


def check_all(found: Truth, picture: str = "a.png") -> None:
    for name in ("alto", "page", "hocr"):
        checked(name, found, picture)
    as_coco(found)
    assert_same(Truth.from_json(find("jsonl").text(found, picture)), found)


def as_coco(*truths: Truth) -> dict:
    file = io.BytesIO()
    FORMATS["coco"].write(((found, f"{found.name}.png") for found in truths), file)
    return json.loads(file.getvalue())


def points_of(text: str) -> np.ndarray:
    return np.array([[float(value) for value in point.split(",")] for point in text.split(" ")])


def assert_same(one: Truth, other: Truth) -> None:
    for name in Truth.__dataclass_fields__:
        a, b = getattr(one, name), getattr(other, name)
        if isinstance(b, np.ndarray):
            assert a.dtype == b.dtype and a.shape == b.shape and (a == b).all(), name
        elif b and isinstance(b[0] if isinstance(b, tuple) else None, np.ndarray):
            assert len(a) == len(b) and all(x.shape == y.shape and (x == y).all() for x, y in zip(a, b, strict=True))
        else:
            assert a == b, name


@pytest.fixture(scope="module", params=["plain", "struck", "photographed", "cut"])
def sample(request) -> Truth:
    if request.param == "plain":
        return truth(written("random:3"), 30)
    if request.param == "struck":
        return truth(full_page(), 30)
    where = camera.geometry(written("random:8"), Look(20, camera="photographed", camera_strength=2.0))
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
    data = find("hocr").text(sample, "a.png")
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
    line = find("jsonl").text(sample, "a.png")
    assert line.endswith(b"\n") and line.count(b"\n") == 1 and json.loads(line)["picture"] == "a.png"
    assert_same(Truth.from_json(line), sample)
    assert_same(Truth.from_json(line.decode()), sample)


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
    record = json.loads(find("jsonl").text(truth(page("of gnat")), "a.png"))
    for damaged in (record | {name: value}, {key: entry for key, entry in record.items() if key != name}):
        with pytest.raises(InputError, match="line of ground truth") as caught:
            Truth.from_json(json.dumps(damaged))
        assert "\n" not in str(caught.value)


@given(st.one_of(st.text(), st.recursive(st.none() | st.text(max_size=3) | st.integers(), st.lists).map(json.dumps)))
@settings(max_examples=100, deadline=None)
def test_any_line_is_read_or_refused(line):
    with pytest.raises(InputError):
        Truth.from_json(line)


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
    cinfo = lxml.html.fromstring(find("hocr").text(said, "a.png")).find_class("ocrx_cinfo")[0]
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


# --- polygons on a picture


@given(
    st.lists(st.tuples(st.floats(-50, 150), st.floats(-50, 150)), min_size=3, max_size=12),
    st.integers(1, 100),
    st.integers(1, 100),
)
@settings(deadline=None)
def test_a_polygon_is_cut_to_the_picture(points, width, height):
    angle = np.linspace(0, 2 * np.pi, len(points), endpoint=False)
    radius = 10 + abs(points[0][0])
    polygon = np.stack([points[0][0] + radius * np.cos(angle), points[0][1] + radius * np.sin(angle)], axis=1)
    cut = clipped(polygon, width, height)
    assert (cut >= 0).all() and (cut <= [width, height]).all()
    grid = middles(np.ones((height, width), bool))
    sure = np.abs(outside(polygon, grid)) > 1e-6
    inside = outside(polygon, grid) < 0
    if inside[sure].any():
        assert ((outside(cut, grid) < 1e-6) == inside)[sure].all()
    corners = whole(cut, width, height)
    assert len(corners) >= 3 and (corners >= 0).all() and (corners <= [width, height]).all()
    assert (np.ptp(corners, axis=0) > 0).all()


def test_a_baseline_is_cut_where_it_leaves_the_picture():
    line = np.array([[-10.0, 10.0], [10.0, 20.0], [30.0, 40.0], [70.0, 80.0]])
    assert clipped_line(line, 50, 100).tolist() == [[0, 15], [10, 20], [30, 40], [50, 60]]
    assert clipped_line(line, 100, 100)[1:].tolist() == line[1:].tolist()
    assert clipped_line(line - [0, 200], 100, 100)[:, 1].max() == 0


def test_lines_do_not_overlap_at_the_usual_distance():
    boxes = truth(written("random:3")).boxes("lines")
    assert (np.diff(boxes[:, 1]) > 0.3 * LINE_HEIGHT * 20).all()
