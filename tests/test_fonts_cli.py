"""`handsynth font` on the command line, its specimens, and what shows the fonts: Chromium and LibreOffice."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from handsynth.cli.app import main

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OFFICE = shutil.which("soffice")


def font(*arguments: object) -> int:
    return main(["font", *map(str, arguments)])


def test_one_call_writes_many_formats(tmp_path, capsys):
    outputs = [
        tmp_path / f"My Hand{end}" for end in (".ttf", ".otf", ".woff", ".woff2", ".bdf", ".pcf", ".fnt", ".png")
    ]
    words = [word for path in outputs for word in ("-o", path)]
    assert font(*words, "--chars", "abc", "--variants", 2, "--sizes", 20) == 0
    assert all(path.stat().st_size > 300 for path in outputs)
    assert TTFont(outputs[0])["name"].getDebugName(1) == "My Hand"
    assert "My Hand-v2.bdf" in capsys.readouterr().err


def test_a_file_does_not_depend_on_what_is_written_with_it(tmp_path, capsys):
    options = ["--chars", "ab", "--variants", "2", "--family", "Two"]
    assert font("-o", tmp_path / "a.ttf", *options) == 0
    assert font("-o", tmp_path / "b.ttf", "-o", tmp_path / "b.bdf", *options, "--specimen") == 0
    assert (tmp_path / "a.ttf").read_bytes() == (tmp_path / "b.ttf").read_bytes()
    assert main(["again", str(tmp_path / "b.bdf")]) == 0
    assert f"-o {tmp_path / 'b.bdf'} --family Two --variants 2 --chars ab" in capsys.readouterr().out


def test_options_without_a_meaning_are_named(tmp_path, capsys):
    assert font("-o", tmp_path / "a.ttf", "--chars", "ab", "--depth", "4", "--dialect", "json", "--sizes", "16") == 0
    said = capsys.readouterr().err
    assert all(f"--{name} has no meaning for .ttf" in said for name in ("depth", "dialect", "sizes"))


def test_letters_with_marks_may_be_given_in_two_characters(tmp_path):
    assert font("-o", tmp_path / "a.ttf", "--chars", "e\u0301", "--variants", "1") == 0
    assert 0xE9 in TTFont(tmp_path / "a.ttf").getBestCmap()


@pytest.mark.parametrize("ending", ["ttf", "otf", "woff", "woff2", "bdf", "pcf", "fnt", "png", "svg", "lff", "ufoz"])
def test_the_command_in_a_font_makes_the_same_font(tmp_path, capsys, ending):
    first, again = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    again.mkdir()
    path = first / f"OUT.{ending}"
    options = ["--chars", "ab--c", "--variants", "2", "--hand", "random", "--seed", "7", "--no-kerning"]
    assert font("-o", path, *options, "--sizes", "16") == 0
    capsys.readouterr()
    assert main(["again", str(path)]) == 0
    words = shlex.split(capsys.readouterr().out)
    assert words[:2] == ["handsynth", "font"]
    assert str(path) in words
    assert main([str(again / path.name) if word == str(path) else word for word in words[1:]]) == 0
    assert path.read_bytes() == (again / f"OUT.{ending}").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ["-o", "a.ttf", "--variants", "0"],
        ["-o", "a.ttf", "--variants", "50"],
        ["-o", "a.ttf", "--charset", "runes"],
        ["-o", "a.ttf", "--chars", "漢"],
        ["-o", "a.ttf", "--family", "a/b"],
        ["-o", "a.ttf", "--font-version", "one"],
        ["-o", "a.doc"],
        ["-o", "a"],
        ["-o", "a.ttf", "-o", "A.ttf", "-o", "a.ttf"],
        ["-o", "a.ttf", "--strikes", "svg"],
        ["-o", "a.ttf", "--strikes", "ebdt", "--depth", "3"],
        ["-o", "a.ttf", "--strikes", "ebdt", "--sizes", "200"],
        ["-o", "a.ttf", "--strikes", "cbdt", "--sizes", "256"],
        ["-o", "a.otf", "--strikes", "sbix"],
        ["-o", "a.bdf", "--sizes", "0"],
        ["-o", "a.bdf", "--sizes", "5000"],
        ["-o", "a.bdf", "--sizes", "ten"],
        ["-o", "a.fnt", "--dialect", "yaml"],
        ["-o", "a.fnt", "--texture-size", "8"],
        ["-o", "a.fnt", "--padding", "-1"],
        ["-o", "a.png", "--spacing", "-1"],
        ["-o", "none/a.ttf"],
        ["-o", "a.ttf", "--hand", "nobody"],
        ["-o", "a.ttf", "-o", "b.ttf", "-o", "c.fnt", "--texture-size", "8"],
        ["-o", "a.bdf", "--strikes", "cbdt"],
        ["-o", "a.ttf", "-o", "a-specimen.png", "--specimen", "--chars", "a", "--variants", "1"],
    ],
)
def test_wrong_input_is_one_line_and_leaves_nothing(tmp_path, capsys, arguments, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert font(*arguments) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and said[0].startswith("handsynth: ")
    assert list(tmp_path.iterdir()) == []


def test_a_specimen_shows_the_font(tmp_path):
    assert font("-o", tmp_path / "S.ttf", "--charset", "ascii", "--variants", 3, "--specimen", "--family", "<b>&") == 2
    assert (
        font("-o", tmp_path / "S.ttf", "--charset", "ascii", "--variants", 3, "--specimen", "--family", "Me & You") == 0
    )
    picture = np.asarray(Image.open(tmp_path / "S-specimen.png"))
    assert picture.shape[1] == 1600 and 0.02 < (picture < 128).mean() < 0.3
    page = (tmp_path / "S-specimen.html").read_text("utf-8")
    assert "Me &amp; You" in page
    assert not re.search(r'(src|href)\s*=\s*"?(https?:)?//', page)


def test_a_font_of_few_characters_has_a_specimen_too(tmp_path):
    assert font("-o", tmp_path / "S.ttf", "--chars", "§", "--variants", 1, "--specimen") == 0
    assert (np.asarray(Image.open(tmp_path / "S-specimen.png")) < 128).any()


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    folder = tmp_path_factory.mktemp("web")
    # copies by one hand are near each other: here they differ by more than the grid of pixels makes of one
    varied = "--hand", "Willow", "--variation", "0.6"
    assert font("-o", folder / "hand.woff2", "--charset", "ascii", *varied, "--family", "Hand") == 0
    return folder


LINE = 128
"""Height of a line on those pages, px."""


def screenshot(folder, name: str, body: str) -> np.ndarray:
    page, shot = folder / f"{name}.html", folder / f"{name}.png"
    page.write_text(
        "<!doctype html><meta charset=utf-8><style>@font-face{font-family:Hand;src:url(hand.woff2)}"
        f"body{{margin:0;background:#fff;color:#000;font:{LINE // 2}px/2 Hand}}</style>" + body,
        "utf-8",
    )
    asked = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--allow-file-access-from-files",
    ]
    asked += [f"--window-size=1200,{6 * LINE}", "--virtual-time-budget=4000", f"--user-data-dir={folder / 'profile'}"]
    subprocess.run([*asked, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True, timeout=120)
    return np.asarray(Image.open(shot).convert("L"))


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_chromium_shows_letters_that_differ(web):
    """The letters e of a line, each cut out of a line of its own: every other letter is transparent there."""
    text = "letter tree meet"
    chosen = [i for i, char in enumerate(text) if char == "e"]

    def line(features: str, number: int) -> str:
        hidden = "".join(
            f"<span style='color:transparent'>{char}</span>" if i != chosen[number] else char
            for i, char in enumerate(text)
        )
        return f"<p style='margin:0;white-space:pre;font-feature-settings:{features}'>{hidden}</p>"

    def letters(features: str) -> list[np.ndarray]:
        found = []
        page = 255 - screenshot(web, "e", "".join(line(features, number) for number in range(len(chosen))))
        for number in range(len(chosen)):
            picture = page[number * LINE : (number + 1) * LINE]
            rows, columns = np.flatnonzero(picture.max(axis=1) > 40), np.flatnonzero(picture.max(axis=0) > 40)
            cut = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            found.append(np.asarray(Image.fromarray(cut).resize((32, 32)), float) / 255)
        return found

    def least(pictures: list[np.ndarray], near: int) -> float:
        pairs = [(i, j) for i in range(len(chosen)) for j in range(i) if chosen[i] - chosen[j] <= near]
        return min(float(np.abs(pictures[i] - pictures[j]).mean()) for i, j in pairs)

    plain = letters('"calt" 0, "rand" 0')
    assert max(float(np.abs(one - plain[0]).mean()) for one in plain) < 0.06  # set 1 alone: all alike but for the grid
    assert least(letters("normal"), near=4) > 0.06


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_chromium_lets_sets_be_chosen(web):
    one, two = (
        screenshot(web, f"ss{k}", f"<p style='font-feature-settings:\"ss0{k}\"'>letter tree</p>") for k in (1, 2)
    )
    assert (one < 128).any() and (np.abs(one.astype(int) - two) > 128).sum() > 500


@pytest.mark.skipif(not OFFICE, reason="needs LibreOffice")
def test_libreoffice_prints_with_the_font(tmp_path):
    import pypdf

    home, fonts = tmp_path / "home", tmp_path / "home" / ".fonts"
    fonts.mkdir(parents=True)
    assert font("-o", fonts / "PrintedHand.ttf", "--charset", "ascii", "--variants", 3, "--family", "Printed Hand") == 0
    letter = tmp_path / "letter.fodt"
    letter.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><office:document office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text" '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
        'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
        '<office:font-face-decls><style:font-face style:name="Printed Hand" svg:font-family="\'Printed Hand\'"/>'
        "</office:font-face-decls><office:automatic-styles>"
        '<style:style style:name="P1" style:family="paragraph"><style:text-properties style:font-name="Printed Hand" '
        'fo:font-size="40pt"/></style:style></office:automatic-styles><office:body><office:text>'
        '<text:p text:style-name="P1">eeee letter</text:p></office:text></office:body></office:document>',
        "utf-8",
    )
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(home / "cache")}
    asked = [OFFICE, f"-env:UserInstallation={(home / 'office').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*asked, "--outdir", str(tmp_path), str(letter)], check=True, capture_output=True, timeout=180, env=environment
    )
    page = pypdf.PdfReader(tmp_path / "letter.pdf").pages[0]
    embedded = [entry.get_object() for entry in page["/Resources"]["/Font"].values()]
    names = [str(entry["/BaseFont"]) for entry in embedded]
    assert any("PrintedHand" in name for name in names), names
    assert "letter" in page.extract_text()
    # the letters of `eeee` are more than one glyph
    shown = next(entry for entry in embedded if "PrintedHand" in str(entry["/BaseFont"]))
    mapped = re.findall(r"<0065>", shown["/ToUnicode"].get_object().get_data().decode("latin-1"))
    assert len(mapped) >= 2
