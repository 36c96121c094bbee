"""How a font was made is read out of every format, and damaged files end in one line."""

from __future__ import annotations

from dataclasses import replace

import lettering
import pytest
from drawn import HOSTILE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handsynth.errors import InputError
from handsynth.fonts import Options, write
from handsynth.provenance import provenance, recorded

ENDINGS = [".ttf", ".otf", ".woff", ".woff2", ".bdf", ".pcf", ".fnt", ".png", ".svg", ".lff", ".ufoz"]
FACTS = {"Software": "handsynth 0.1.0", "Hand": "Quill", "Command": '["font", "-o", "OUT.ttf", "--chars", "a--b"]'}


def written(folder, ending, metadata, dialect="text"):
    path = folder / f"a{ending}"
    write(replace(lettering.source(2, "ab"), metadata=metadata), path, Options(sizes=(12,), dialect=dialect))
    return path


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("more", [{}, *({"Hand": f"x{evil}"} for evil in HOSTILE)])
def test_facts_are_read_back(tmp_path, ending, more):
    metadata = FACTS | more
    assert recorded.record_of(written(tmp_path, ending, metadata)) == {
        k: provenance.clean(v) for k, v in metadata.items()
    }


@pytest.mark.parametrize("dialect", ["xml", "json", "binary"])
def test_every_dialect_of_bmfont_has_them(tmp_path, dialect):
    assert recorded.record_of(written(tmp_path, ".fnt", FACTS, dialect)) == FACTS


@pytest.mark.parametrize("ending", ENDINGS)
def test_damaged_files_end_in_one_line(tmp_path, ending):
    path = written(tmp_path, ending, FACTS)
    whole = path.read_bytes()

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        # most changes are near the beginning, where the headers are
        st.lists(st.tuples(st.integers(0, len(whole) - 1) | st.integers(0, 300), st.binary(max_size=4)), max_size=6),
        st.integers(0, len(whole)) | st.just(len(whole)),
    )
    def ends(changes, length):
        data = bytearray(whole)
        for place, new in changes:
            data[place : place + len(new)] = new
        path.write_bytes(data[:length])
        try:
            found = recorded.record_of(path)
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert found["Software"].startswith("handsynth")

    ends()
