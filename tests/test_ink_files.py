"""Strokes with time and width: JSON and InkML, read by parsers that are not ours, and how fast a pen goes."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pen_judges
import pytest
from drawn import FACTS, HOSTILE, full_page, inkless, page, pen_page

from handsynth.errors import InputError
from handsynth.formats import FORMATS, encode, inkml, json_ink, timing, writing
from handsynth.formats.look import Look
from handsynth.formats.plot import Motion
from handsynth.formats.writing import PenStroke

LOOK = Look(30, 150, metadata=FACTS)
INKML = "{http://www.w3.org/2003/InkML}"


def circle(radius: float) -> PenStroke:
    turn = np.linspace(0, 2 * np.pi, 200)
    points = radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return PenStroke(points, np.full(200, 0.1))


def test_speed_goes_with_the_cube_root_of_the_radius():
    small, large = (timing.timed([circle(radius)])[0][-1] for radius in (0.1, 0.2))
    # way by time, twice the radius: 2^(1/3) times as fast, but for what counts as straight
    assert (2 / (large / small)) == pytest.approx(2 ** (1 / 3), rel=0.03)


def test_times_rise_with_rests_between_strokes_and_longer_ones_between_words():
    strokes = writing.strokes(pen_page("aa a\na"))
    times = timing.timed(strokes)
    assert all((np.diff(time) > 0).all() for time in times) and times[0][0] == 0
    gap = {}
    for (one, when), (other, then) in zip(
        zip(strokes, times, strict=True), zip(strokes[1:], times[1:], strict=True), strict=False
    ):
        kind = "line" if one.line != other.line else "word" if one.word != other.word else "stroke"
        gap.setdefault(kind, []).append(then[0] - when[-1])
    assert max(gap["stroke"]) < min(gap["word"]) < min(gap["line"])
    assert timing.timed(strokes, 3.0)[-1][-1] == pytest.approx(3.0)


def test_a_person_writes_two_to_four_letters_a_second():
    from handsynth import typeset

    text = "the first of the letters came on a tuesday"
    times = timing.timed(writing.strokes(typeset(text)))
    assert 2 < len(text.replace(" ", "")) / times[-1][-1] < 4


def traces(data: bytes) -> list[np.ndarray]:
    """Of an InkML file, by its rules: channels in the order of the trace format."""
    root = ElementTree.fromstring(data)
    assert [(c.get("name"), c.get("units")) for c in root.iter(f"{INKML}channel")] == [
        ("X", "mm"), ("Y", "mm"), ("T", "ms"), ("W", "mm")
    ]  # fmt: skip
    return [
        np.array([list(map(float, point.split())) for point in trace.text.split(",")])
        for trace in root.iter(f"{INKML}trace")
    ]


def test_inkml_and_json_hold_the_same_strokes_near_where_the_pen_was():
    made = full_page()
    found = traces(encode(made, ".inkml", LOOK))
    data = json.loads(encode(made, ".json", LOOK))
    strokes = data["pages"][0]["strokes"]
    assert list(data)[0] == "facts" and data["facts"]["Hand"] == FACTS["Hand"]
    assert len(found) == len(strokes) == len(writing.strokes(made))
    for trace, stroke, true in zip(found, strokes, writing.strokes(made), strict=True):
        assert np.array_equal(trace, np.array([stroke[name] for name in "xytw"]).T)
        assert stroke["word"] == true.word and (np.diff(stroke["t"]) >= 0).all()
        assert np.abs(trace[[0, -1], :2] - true.points[[0, -1]] * LOOK.mm).max() < 0.001
        assert trace[:, 3] == pytest.approx(true.width.mean() * LOOK.mm, rel=0.5)


@pen_judges.needed
def test_wacoms_reader_opens_inkml(tmp_path):
    (tmp_path / "a.inkml").write_bytes(encode(pen_page("ab"), ".inkml", LOOK))
    program = (
        "import json, sys; from uim.codec.parser.inkml import InkMLParser\n"
        "sensed = InkMLParser().parse(sys.argv[1]).sensor_data.sensor_data\n"
        "print('\\n' + json.dumps([[list(c.values) for c in one.data_channels[:3]] for one in sensed]))"
    )
    read = pen_judges.asked(program, tmp_path / "a.inkml")
    wanted = traces((tmp_path / "a.inkml").read_bytes())
    assert len(read) == len(wanted)
    for channels, trace in zip(read, wanted, strict=True):
        # metres and seconds
        assert np.allclose(np.array(channels) * 1000, trace.T[:3], atol=0.51)


def test_words_are_named_only_where_the_file_may_hold_the_text():
    made = pen_page("ab cd")
    assert b"truth" not in encode(made, ".inkml", LOOK) and "words" not in json.loads(encode(made, ".json", LOOK))
    open_ = replace(LOOK, metadata=FACTS | {"Text": "ab cd"})
    groups = ElementTree.fromstring(encode(made, ".inkml", open_)).findall(f"{INKML}traceGroup")
    assert [group.find(f"{INKML}annotation").text for group in groups] == ["ab", "cd"]
    assert [len(group.findall(f"{INKML}trace")) for group in groups] == [4, 4]
    assert json.loads(encode(made, ".json", open_))["pages"][0]["words"] == ["ab", "cd"]


@pytest.mark.parametrize("module", [json_ink, inkml])
def test_pages_are_written_one_at_a_time(module):
    drawn = 0

    def parts():
        nonlocal drawn
        for number in (1, 2, 3):
            drawn += 1
            yield module.part(replace(pen_page("a"), number=number), LOOK)

    class File(io.BytesIO):
        def write(self, data):
            nonlocal drawn
            drawn = 0 if b"page" in data or b'"number"' in data else drawn
            assert drawn <= 1  # never two pages before one is written
            return super().write(data)

    file = File()
    module.join(parts(), file, LOOK)
    if module is json_ink:
        assert [page["number"] for page in json.loads(file.getvalue())["pages"]] == [1, 2, 3]
    else:
        assert len(traces(file.getvalue())) == 6


@pytest.mark.parametrize("suffix", [".json", ".inkml"])
@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_texts_are_data(suffix, evil):
    made = replace(pen_page("a"), words=(evil,), texts=(evil or "a",))
    data = encode(made, suffix, replace(LOOK, metadata={"Text": evil, "Hand": evil}))
    if suffix == ".json":
        assert len(json.loads(data)["pages"][0]["strokes"]) == 2
    else:
        assert len(traces(data)) == 2


@pytest.mark.parametrize("suffix", [".json", ".inkml"])
def test_pages_without_ink_are_refused_and_others_are_the_same_bytes(suffix):
    with pytest.raises(InputError, match="no ink on the page"):
        encode(inkless(page("a")), suffix, LOOK)
    assert encode(full_page(), suffix, LOOK) == encode(full_page(), suffix, LOOK)
    assert FORMATS[suffix].many
    short = json.loads(encode(full_page(), ".json", replace(LOOK, motion=Motion(duration=2.0))))
    assert short["pages"][0]["strokes"][-1]["t"][-1] == pytest.approx(2000, abs=5)
