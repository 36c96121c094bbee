"""Pages that are seen being written: GIF, WebP, APNG and MP4 read by others, and SVG played by Chromium."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from drawn import FACTS, full_page, page, pen_page
from PIL import Image, ImageSequence

from handsynth.errors import InputError
from handsynth.formats import encode, film
from handsynth.formats.look import Look
from handsynth.formats.plot import Motion
from handsynth.formats.raster import paint

LOOK = Look(20, 150, metadata=FACTS, paper=(250, 245, 230, 255), motion=Motion(animate=True))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def read(data: bytes) -> tuple[list[np.ndarray], list[int]]:
    image = Image.open(io.BytesIO(data))
    pictures, ms = [], []
    for frame in ImageSequence.Iterator(image):
        frame.load()
        ms.append(int(frame.info["duration"]))
        pictures.append(np.asarray(frame.convert("RGB")).astype(int))
    return pictures, ms


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng"])
@pytest.mark.parametrize("made", [pen_page("tij at\nvi"), full_page()], ids=["strokes", "fields"])
def test_pillow_sees_the_ink_grow_to_the_finished_page(suffix, made):
    pictures, ms = read(encode(made, suffix, LOOK))
    done = np.asarray(paint(made, LOOK).convert("RGB")).astype(int)
    near = 24 if suffix == ".gif" else 0
    assert np.abs(pictures[-1] - done).max() <= near
    ink = [(np.abs(picture - pictures[0]).max(axis=2) > 40).sum() for picture in pictures]
    assert ink[0] == 0 and ink == sorted(ink) and len(pictures) > 20
    writing = sum(ms) / 1000 - film.HOLD
    assert writing == pytest.approx(film.film(made, LOOK).track[-1, 0] / 1000, abs=0.12)


def test_mp4_is_read_by_a_player(tmp_path):
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    made = pen_page("tij at")
    data = encode(made, ".mp4", replace(LOOK, motion=Motion(duration=2.0, fps=10)))
    assert data == encode(made, ".mp4", replace(LOOK, motion=Motion(duration=2.0, fps=10)))
    (tmp_path / "a.mp4").write_bytes(data)
    frames = ffmpeg.read_frames(str(tmp_path / "a.mp4"))
    about = next(frames)
    pictures = [np.frombuffer(frame, np.uint8) for frame in frames]
    assert about["codec"] == "h264" and about["fps"] == 10
    assert len(pictures) == pytest.approx((2 + film.HOLD) * 10, abs=2)
    dark = [int((picture < 100).sum()) for picture in pictures]
    assert dark[0] == 0 < dark[len(dark) // 3] < dark[-1]


def test_a_film_lasts_as_long_as_it_is_said_and_has_as_many_pictures():
    pictures, ms = read(encode(pen_page("tij at"), ".apng", replace(LOOK, motion=Motion(duration=2.0, fps=10))))
    assert sum(ms) == pytest.approx(2000 + 1000 * film.HOLD, abs=210) and len(pictures) <= 23


def test_the_pen_is_seen_and_is_gone_in_the_end():
    made = pen_page("tij at")
    pictures, _ = read(encode(made, ".apng", replace(LOOK, motion=Motion(pen_shown=True))))
    grey = [(np.abs(picture - 68).max(axis=2) < 2).sum() for picture in pictures]
    assert min(grey[2:-2]) > 20 and grey[-1] == 0


def test_strokes_are_uncovered_in_their_order():
    made = pen_page("tij")
    found = film.film(made, LOOK)
    bar = found.track[np.searchsorted(found.track[:, 0], found.track[-1, 0] * 0.9) :, 1:]
    early, late = found.at(found.track[-1, 0] * 0.5), found.at(found.track[-1, 0] + 1)
    x, y = bar[-1].astype(int)
    assert early.getpixel((x, y)) == LOOK.paper[:3] != late.getpixel((x, y))


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng", ".svg"])
def test_the_same_page_gives_the_same_bytes(suffix):
    assert encode(full_page(), suffix, LOOK) == encode(full_page(), suffix, LOOK)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"xheight": 600.0}, "pixels is more than the"),
        ({"motion": Motion(duration=3600, fps=100)}, "give a shorter --duration"),
    ],
)
def test_films_that_are_too_large_are_refused(how, said):
    with pytest.raises(InputError, match=said):
        encode(page("ab"), ".gif", replace(LOOK, **how))


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_paper_that_is_seen_through_needs_another_format(suffix):
    pytest.importorskip("imageio_ffmpeg")
    with pytest.raises(InputError, match="write .webp or .apng"):
        encode(page("ab"), suffix, replace(LOOK, paper=(0, 0, 0, 0)))


def test_numbers_that_no_film_has_are_refused():
    with pytest.raises(InputError, match="the duration is -1"):
        Motion(duration=-1)
    with pytest.raises(InputError, match="fps is 0"):
        Motion(fps=0)


def test_a_moving_svg_names_every_stroke_once_and_in_time():
    made = pen_page("tij at\nvi")
    data = encode(made, ".svg", replace(LOOK, motion=Motion(animate=True, duration=4.0))).decode()
    begins = [float(value) for value in re.findall(r'begin="([\d.]+)s"', data)]
    assert len(begins) == len(made.glyphs.strokes.width) and begins == sorted(begins) and begins[-1] < 4
    assert "prefers-reduced-motion" in data and "script" not in data


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")
def test_chromium_plays_the_svg(tmp_path):
    play = pytest.importorskip("playwright.sync_api")
    made = pen_page("tij at\nvi")
    look = replace(LOOK, motion=Motion(animate=True, duration=4.0, pen_shown=False))
    file = tmp_path / "a.svg"
    file.write_bytes(encode(made, ".svg", look))
    still = replace(look, motion=Motion())
    (tmp_path / "still.svg").write_bytes(encode(made, ".svg", still))

    def dark(browser_page) -> int:
        picture = Image.open(io.BytesIO(browser_page.screenshot())).convert("L")
        return int((np.asarray(picture) < 128).sum())

    with play.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 600, "height": 200})
        shown.goto((tmp_path / "still.svg").as_uri())
        whole = dark(shown)
        shown.goto(file.as_uri())
        seen = []
        for seconds in (0.0, 1.5, 3.0, 4.5):
            shown.evaluate(f"document.rootElement.pauseAnimations(); document.rootElement.setCurrentTime({seconds})")
            seen.append(dark(shown))
        calm = browser.new_context(reduced_motion="reduce", viewport={"width": 600, "height": 200}).new_page()
        calm.goto(file.as_uri())
        at_once = dark(calm)
        browser.close()
    assert seen[0] <= 0.05 * whole < seen[1] < seen[2] < seen[3]
    assert seen[3] == pytest.approx(whole, rel=0.05) and at_once == pytest.approx(whole, rel=0.05)
