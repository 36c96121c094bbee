"""The folder of the static site: whole, the same each time, and nothing of anybody else's lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handsynth.errors import InputError, OutputError
from handsynth.model.model import Model
from handsynth.studio import static
from handsynth.studio.pagefiles import PAGE


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Path:
    folder = tmp_path_factory.mktemp("site") / "studio"
    static.write(folder, model)
    return folder


def test_the_runtime_is_packed_not_raw(folder: Path) -> None:
    assert not list(PAGE.rglob("*.wasm"))
    assert (PAGE / static.PACKED).stat().st_size < 3 << 20
    assert (folder / static.RUNTIME).read_bytes()[:4] == b"\0asm"


def test_a_site_is_written_over_an_earlier_one_and_over_nothing_else(
    folder: Path, model: Model, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(folder, site)
    before = {path.relative_to(site) for path in site.rglob("*")}
    (site / "ort.wasm").write_bytes(b"cut off")
    files = static.write(site, model)
    assert {path.relative_to(site) for path in site.rglob("*")} == before
    assert all(path.is_file() for path in files)
    assert (site / "ort.wasm").read_bytes()[:4] == b"\0asm"
    (site / "CNAME").write_text("mine")
    with pytest.raises(InputError, match="CNAME"):
        static.write(site, model)
    assert (site / "CNAME").read_text() == "mine"
    with pytest.raises(InputError, match="is a file"):
        static.write(site / "CNAME", model)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site"]


def test_nothing_is_left_of_a_site_that_cannot_be_written(model: Model, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no built page"):
        static.write(tmp_path / "site", model, page=tmp_path)
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<p>no engine named</p>")
    (page / static.PACKED).write_bytes((PAGE / static.PACKED).read_bytes())
    with pytest.raises(OutputError, match="engine"):
        static.write(tmp_path / "site", model, page=page)
    assert [path.name for path in tmp_path.iterdir()] == ["page"]


def test_the_same_model_gives_the_same_site(folder: Path, model: Model, tmp_path: Path) -> None:
    again = {path.relative_to(tmp_path / "site"): path for path in static.write(tmp_path / "site", model)}
    assert {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} == set(again)
    assert all((folder / name).read_bytes() == path.read_bytes() for name, path in again.items())


def test_a_folder_that_a_link_names_is_replaced_and_the_link_stays(model: Model, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    static.write(tmp_path / "link", model)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "index.html").is_file()
