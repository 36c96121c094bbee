"""Pages to TIFF, and what pixel files say of themselves: read by Pillow, and by ImageMagick where it is there."""

from __future__ import annotations

import io
import itertools
import json
import pickle
import shutil
import subprocess

import numpy as np
import pytest
from drawn import FACTS, HOSTILE, page
from PIL import Image

from handsynth.errors import InputError, OutputError
from handsynth.formats import FORMATS, pixels, tiff, write
from handsynth.formats.look import Look, size
from handsynth.formats.raster import paint
from handsynth.provenance.provenance import DESCRIPTION, SOFTWARE, clean

LOOKS = {
    "L": Look(20, 240, metadata=FACTS),
    "RGB": Look(20, 240, ink=(20, 30, 120, 255), metadata=FACTS),
    "RGBA": Look(20, 240, paper=(0, 0, 0, 0), metadata=FACTS),
}


def save(pages, file, look):
    tiff.join((tiff.part(made, look) for made in pages), file, look)


@pytest.mark.parametrize("mode", LOOKS)
def test_every_page_is_the_picture_that_png_has(tmp_path, mode):
    look, pages = LOOKS[mode], [page("abc"), page("Tomb of gnat\nAVA"), page("z")]
    save(pages, tmp_path / "a.tif", look)
    with Image.open(tmp_path / "a.tif") as picture:
        assert picture.n_frames == 3
        for number, made in enumerate(pages):
            picture.seek(number)
            assert picture.mode == mode and picture.size == size(made, look)
            assert np.array_equal(np.asarray(picture), np.asarray(paint(made, look)))
            assert picture.info["dpi"] == (240, 240) and picture.info["compression"] == "tiff_adobe_deflate"
            assert picture.tag_v2[SOFTWARE] == "handsynth 0.1.0"
            assert json.loads(picture.tag_v2[DESCRIPTION]) == FACTS


@pytest.mark.skipif(shutil.which("identify") is None, reason="ImageMagick is not installed")
@pytest.mark.parametrize("ending", ["tif", "png"])
def test_imagemagick_reads_it(tmp_path, ending):
    file = tmp_path / f"a.{ending}"
    pages = [page("abc"), page("Tomb")] if ending == "tif" else [page("abc")]
    save(pages, file, LOOKS["L"]) if ending == "tif" else write(pages[0], file, LOOKS["L"])
    template = "%w %h %z %[colorspace] %[fx:round(resolution.x)] %U\\n"
    done = subprocess.run(["identify", "-units", "PixelsPerInch", "-format", template, str(file)], capture_output=True)
    assert done.returncode == 0 and not done.stderr
    sizes = [size(made, LOOKS["L"]) for made in pages]
    assert done.stdout.decode().splitlines() == [f"{w} {h} 8 Gray 240 PixelsPerInch" for w, h in sizes]


def test_pages_are_taken_one_at_a_time(tmp_path):
    taken = itertools.count()
    data = tiff.part(page("a"), Look(8))

    def parts():
        for _ in range(300):
            next(taken)
            yield data

    with (tmp_path / "a.tif").open("w+b") as file:
        tiff.join(parts(), file, Look(8))
    with Image.open(tmp_path / "a.tif") as picture:
        assert picture.n_frames == 300 == next(taken)
    assert pickle.loads(pickle.dumps(data)) == data


def test_no_pages_and_too_many_are_refused(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="no page"):
        tiff.join(iter([]), io.BytesIO(), Look(8))
    data = tiff.part(page("a"), Look(8))
    monkeypatch.setattr(tiff, "MOST", 3 * len(data))
    with pytest.raises(OutputError, match="4 GB"):
        tiff.join(itertools.repeat(data), io.BytesIO(), Look(8))
    with pytest.raises(InputError, match="more than the 100,000,000 allowed"):
        tiff.part(page(), Look(5000))


@pytest.mark.parametrize("ending", [".tif", ".png", ".jpg", ".webp"])
def test_the_same_page_gives_the_same_bytes(tmp_path, ending):
    files = [tmp_path / f"{name}{ending}" for name in "ab"]
    for file in files:
        write(page(), file, LOOKS["RGB"])
    assert files[0].read_bytes() == files[1].read_bytes()


def test_pictures_from_other_processes_are_the_same(tmp_path):
    look = Look(20, 240, metadata=FACTS, title="A letter")
    for name, part in (("a", pixels.part(page(), look)), ("b", pickle.loads(pickle.dumps(pixels.part(page(), look))))):
        with (tmp_path / f"{name}.png").open("wb") as file:
            FORMATS[".png"].join(iter([part]), file, look)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_pictures_have_a_title_and_a_description(tmp_path):
    for metadata, described in ((FACTS, "A letter"), ({**FACTS, "Text": "Tomb of gnat"}, "Tomb of gnat")):
        write(page(), tmp_path / "a.png", Look(20, metadata=metadata, title="A letter"))
        with Image.open(tmp_path / "a.png") as picture:
            assert picture.mode == "L"
            assert (picture.info["Title"], picture.info["Description"]) == ("A letter", described)


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif"])
def test_resolution_is_kept(tmp_path, ending):
    write(page(), tmp_path / f"a{ending}", LOOKS["RGB"])
    with Image.open(tmp_path / f"a{ending}") as picture:
        exif = picture.getexif()
        found = picture.info.get("dpi") or (float(exif[0x011A]), float(exif[0x011B]))
        assert found == pytest.approx((240, 240), abs=0.1)


@pytest.mark.parametrize("evil", HOSTILE)
@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif"])
def test_hostile_names_and_titles_are_only_text(tmp_path, ending, evil):
    look = Look(20, metadata={"Software": "handsynth", "Hand": evil}, title=f"x{evil}")
    write(page("a"), tmp_path / f"a{ending}", look)
    with Image.open(tmp_path / f"a{ending}") as picture:
        picture.load()
        if ending == ".png":
            assert picture.info["Hand"] == clean(evil) and picture.info["Title"] == clean(f"x{evil}")
        else:
            assert json.loads(picture.getexif()[DESCRIPTION])["Hand"] == clean(evil)
