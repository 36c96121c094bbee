"""What many tests share: a tiny dataset, and a tiny model that is really trained and exported, once a run."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import torch
from filelock import FileLock  # torch needs it, too
from hypothesis import settings

# a check of a change should fail for the change alone: there the examples are always the same, elsewhere always others
settings.register_profile("same", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail if a test is skipped: its judge is missing")


SLOW = (
    "training", "learn_fit", "train_distributed", "training_guide", "learn_copied", "cli_hand", "fonts_opentype",
    "studio_page", "evaluate", "corpus_shards", "studio_browser", "studio_api", "studio_taken", "fonts_cli", "export",
    "interrupted", "corpus_ray", "learn_line", "studio_moving", "learn_guides", "learn_doubts", "fuzz",
    "corpus_command", "studio_guard", "fonts_styles", "studio_browser_hands", "truth", "train_cli", "judge",
    "penoutline", "pages", "same_everywhere", "studio_phone", "letters",
)  # fmt: skip
"""What follows `test_` in the names of the files that take longest: the last minutes are to be of short ones, shared
evenly. The second needs nothing that the first makes."""


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # files with most tests first, whatever those take


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {f"test_{name}.py": number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: place.get(item.path.name, len(SLOW)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Half a million things are made and kept while tests are found: no time is to go by looking for garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("skipped", []) if terminalreporter.config.getoption("--no-skips") else []:
        terminalreporter.write_line(f"SKIPPED, which --no-skips forbids: {report.nodeid}: {report.longrepr}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and terminal is not None and terminal.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


torch.set_num_threads(1)  # networks this small gain nothing from a second thread, and results must not depend on it


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` that `make` fills, once for all processes of a run of the tests."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared" / name
    folder.parent.mkdir(exist_ok=True)
    done = folder.with_suffix(".done")
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory):
    """A dataset of eight made-up writers."""
    from tiny import make_dataset

    from train.data.dataset import Dataset

    return Dataset.open(made_once(tmp_path_factory, "data", make_dataset))


@pytest.fixture(scope="session")
def tiny_run(tiny_data, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished training run."""
    from tiny import tiny_recipe

    from train.loop import fit

    return made_once(tmp_path_factory, "run", lambda run: fit(tiny_recipe(), tiny_data, run))


@pytest.fixture(scope="session")
def tiny_reader(tiny_data, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a trained reader."""
    from train.reader import train_reader

    def make(folder: Path) -> None:
        train_reader(tiny_data, folder, epochs=12, width=64, batch=32)

    return made_once(tmp_path_factory, "reader", make)


@pytest.fixture(scope="session")
def tiny_model(tiny_run: Path, tiny_reader: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported model folder, with three gallery hands."""
    from export.build import export_model

    gallery = [{"name": name, "seed": seed, "tags": ["print"]} for seed, name in enumerate(("Ash", "Birch", "Cedar"))]

    def make(folder: Path) -> None:
        export_model(tiny_run, folder, reader=tiny_reader, name="tiny", gallery=gallery)

    return made_once(tmp_path_factory, "model", make)


@pytest.fixture(scope="module")
def client(model):
    """The studio's HTTP API over the `model` of a test's own module, asked without a socket."""
    from starlette.testclient import TestClient

    from handsynth.studio.app import create_app

    with TestClient(create_app(model), base_url="http://localhost") as client:
        yield client
