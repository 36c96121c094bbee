"""Facts of how a file was made: in every format, back again, and nothing believed."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from drawn import FACTS, HOSTILE, SPITEFUL, page
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handsynth.errors import InputError
from handsynth.formats import FORMATS, write
from handsynth.formats.look import Look
from handsynth.provenance import provenance, recorded

ENDINGS = sorted(FORMATS)
PAGE = page("abc")


def written(folder, ending, metadata, **look):
    file = folder / f"a{ending}"
    write(PAGE, file, Look(20, metadata=metadata, **look))
    return file


@pytest.mark.parametrize("ending", ENDINGS)
def test_facts_are_read_back(tmp_path, ending):
    assert recorded.record_of(written(tmp_path, ending, FACTS)) == FACTS
    with_text = {**FACTS, "Text": "Dear Ada,\n\n\u201cwell\u201d \U0001f600 =41 / >\n/ x: y\n" * 40}
    assert recorded.record_of(str(written(tmp_path, ending, with_text))) == with_text


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_text_is_in_no_metadata_unless_it_is_wanted(tmp_path, ending):
    file = tmp_path / f"a{ending}"
    write(page("Tomb of gnat"), file, Look(20, metadata=FACTS, text_layer=False))
    assert b"Tomb" not in file.read_bytes() and b"T\0o\0m\0b" not in file.read_bytes()
    assert not any("Tomb" in value for value in recorded.record_of(file).values())


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_name_of_the_file_does_not_matter(tmp_path, ending):
    file = written(tmp_path, ending, FACTS).rename(tmp_path / "thing.dat")
    assert recorded.record_of(file) == FACTS


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_facts_come_back_as_they_were(tmp_path, ending, evil):
    metadata = {"Software": "handsynth 0.1.0", "Hand": evil}
    found = recorded.record_of(written(tmp_path, ending, metadata, title=f"x{evil}"))
    assert found == {key: provenance.clean(value) for key, value in metadata.items()}


@pytest.mark.parametrize("ending", [".svg", ".pdf", ".png", ".tiff", ".hpgl", ".gcode"])
def test_untrusted_facts_come_back_as_they_were(tmp_path, ending):
    @settings(max_examples=20, deadline=None)
    @given(SPITEFUL, SPITEFUL)
    def comes_back(hand, command):
        metadata = {"Software": "handsynth 0.1.0", "Hand": hand, "Command": command}
        found = recorded.record_of(written(tmp_path, ending, metadata))
        assert found == {key: provenance.clean(value) for key, value in metadata.items()}

    comes_back()


@given(st.dictionaries(SPITEFUL.filter(lambda key: key.strip()), SPITEFUL, max_size=5))
def test_comments_say_what_they_were_told(metadata):
    metadata = {provenance.clean(key): provenance.clean(value) for key, value in metadata.items()}
    lines = provenance.comments(metadata)
    assert provenance.uncomment(lines) == metadata
    assert all(len(line) < 80 and line.isascii() and not set(line) & set(";\"'!~?%$()\n\r") for line in lines)


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("how", [["--linearize"], ["--object-streams=generate", "--recompress-flate"]])
def test_a_pdf_that_another_program_saved_still_says_it(tmp_path, how):
    subprocess.run(["qpdf", *how, written(tmp_path, ".pdf", FACTS), tmp_path / "b.pdf"], check=True)
    assert recorded.record_of(tmp_path / "b.pdf") == FACTS


NO_RECORD = {
    "empty": b"",
    "text.txt": b"Dear Ada,",
    "zeros": bytes(1000),
    "other.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "json.svg": b"<svg><metadata>[1]</metadata></svg>",
    "deep.svg": b"<svg><metadata>" + b"[" * 100_000 + b"</metadata></svg>",
    "numbers.svg": b'<svg><metadata>{"Software": 3}</metadata></svg>',
    "foreign.svg": b'<svg><metadata>{"Software": "Inkscape"}</metadata></svg>',
    "bomb.svg": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "handsynth"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<svg><metadata>{"Software": "&b;"}</metadata></svg>',
    "file.svg": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    b'<svg><metadata>{"Software": "handsynth &a;"}</metadata></svg>',
    "cut.pdf": b"%PDF-1.7\n1 0 obj\n<</Type",
    "loop.pdf": b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF",
    "packet.pdf": b"%PDF-1.7\n<handsynth:facts>",
    "other.pdf": b"%PDF-1.7\n<handsynth:facts>[]</handsynth:facts>",
    "cut.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "cut.jpg": b"\xff\xd8\xff\xe1\xff\xff",
    "cut.webp": b"RIFF\xff\xff\xff\xffWEBPVP8X",
    "cut.tif": b"II*\0\xff\xff\xff\xff",
    "other.hpgl": b"IN;SP1;PU0,0;",
    "other.gcode": b"; made by hand\nG21\n",
    "bad.gcode": b"; Software: handsynth =FF=FE\n",
}


@pytest.mark.parametrize("name", NO_RECORD)
def test_other_files_hold_no_record(tmp_path, name):
    (tmp_path / name).write_bytes(NO_RECORD[name])
    with pytest.raises(InputError, match=f"{name} holds no record of how it was made$"):
        recorded.record_of(tmp_path / name)


def test_other_pictures_hold_no_record(tmp_path):
    for ending in ("png", "jpg", "webp", "tif"):
        Image.new("L", (9, 9)).save(tmp_path / f"a.{ending}")
        with pytest.raises(InputError, match="holds no record"):
            recorded.record_of(tmp_path / f"a.{ending}")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="cannot read .*none.png: No such file"):
        recorded.record_of(tmp_path / "none.png")
    with pytest.raises(InputError, match="cannot read .*: it is a folder, give a file"):
        recorded.record_of(tmp_path)
    with pytest.raises(InputError, match="no record|cannot read"):
        recorded.record_of("a\0b")


def test_records_that_are_too_long_are_not_believed(tmp_path, monkeypatch):
    file = written(tmp_path, ".pdf", FACTS)
    monkeypatch.setattr(provenance, "LIMIT", 50)
    with pytest.raises(InputError, match="no record"):
        recorded.record_of(file)


@pytest.mark.parametrize("ending", ENDINGS)
def test_damaged_files_end_in_one_line(tmp_path, ending):
    whole = written(tmp_path, ending, FACTS).read_bytes()

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, len(whole) - 1), st.binary(max_size=4)), max_size=6),
        st.integers(0, len(whole)),
    )
    def ends(changes, length):
        data = bytearray(whole)
        for place, new in changes:
            data[place : place + len(new)] = new
        (tmp_path / "b").write_bytes(data[:length])
        try:
            found = recorded.record_of(tmp_path / "b")
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert found["Software"].startswith("handsynth")

    ends()


@pytest.mark.parametrize("stored", ["", "[", "3", '{"a": 1}', '["page", 3]', '["\\u0000"]', "[" * 100_000])
def test_damaged_commands_are_refused(stored):
    with pytest.raises(InputError, match="the record's command is damaged"):
        provenance.command({"Command": stored})


def test_what_is_not_in_the_record_is_said():
    with pytest.raises(InputError, match="names no command"):
        provenance.command({"Software": "handsynth 0.1.0"})
    with pytest.raises(InputError, match="its hand is 'Quill', its seed is '3'"):
        provenance.command({"Software": "handsynth 0.1.0", "Hand": "Quill", "Seed": "3"})
    with pytest.raises(InputError, match="a.pdf does not hold its text: it was made without --embed-text"):
        provenance.text({}, "a.pdf")
    assert provenance.text({"Text": "Dear Ada,"}, "a.pdf") == "Dear Ada,"
