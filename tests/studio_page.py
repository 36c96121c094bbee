"""The studio's page in a real browser, served by the real server, for the tests of what a person can do there.

Whatever is done, nothing is complained of on the console, and nothing but the server is asked.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

from handsynth.studio.pagefiles import INDEX, PAGE  # noqa: F401

CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium"))
sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

LETTER = "Dear Ada,\n\nthis is <b>a letter</b> of some lines, so that there is something to see.\n\nYours"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of a server that runs as a person starts it."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    log = tmp_path_factory.mktemp("studio") / "log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "handsynth", "studio", "--port", "0", "--no-browser"]
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment)
    try:
        for _ in range(600):
            if found := re.search(r"http://[^ ]+/", log.read_text()):
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.05)
        assert found, log.read_text()
        yield found[0]
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Studio:
    """The page as it was opened, and what it asked for and complained of."""

    def __init__(self, browser, address: str, fragment: str = "", **how) -> None:
        how = {"viewport": {"width": 1400, "height": 900}, "reduced_motion": "reduce", **how}
        self.context = browser.new_context(**how)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.address = address
        self.page.goto(address + fragment)
        self.settle()

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, f"blob:{self.address}")):
            self.complaints.append(f"asked for {request.url}")

    def settle(self) -> None:
        """Wait until the sheet shows what was asked for last."""
        self.page.locator('#sheet[aria-busy="false"]').wait_for()

    def settled(self) -> None:
        """… and until the change is a step of the history."""
        self.settle()
        self.page.wait_for_timeout(1000)

    def shown(self) -> np.ndarray:
        """The picture on the sheet, uint8 [H,W,4]."""
        data = self.page.evaluate(
            """() => {
                const picture = document.getElementById("picture"), canvas = document.createElement("canvas");
                [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
                canvas.getContext("2d").drawImage(picture, 0, 0);
                return canvas.toDataURL();
            }"""
        )
        return pixels(base64.b64decode(data.partition(",")[2]))

    @property
    def fragment(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).fragment).items()}

    @property
    def command(self) -> str:
        return self.page.locator("#command").text_content()

    def section(self, name: str) -> None:
        details = self.page.locator(f"#section-{name}")
        if details.get_attribute("open") is None:
            details.locator("summary").first.click()

    def dial(self, name: str, value: float) -> None:
        slider = self.page.get_by_role("slider", name=name, exact=True)
        slider.evaluate("(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }", value)
        self.settle()

    def download(self, name: str) -> tuple[str, bytes]:
        with self.page.expect_download(timeout=60_000) as found:
            self.page.get_by_role("button", name=name).click()
        return found.value.suggested_filename, Path(found.value.path()).read_bytes()


@pytest.fixture
def studio(browser, address):
    """Opens the page, and looks at the end whether all went well."""
    opened: list[Studio] = []

    def open(fragment: str = "", **how) -> Studio:
        opened.append(Studio(browser, address, fragment, **how))
        return opened[-1]

    yield open
    for one in opened:
        one.context.close()
        assert one.complaints == []


@pytest.fixture(scope="module")
def handsynth(tmp_path_factory):
    """A shell in which `handsynth` is the command, in a folder of its own."""
    folder = tmp_path_factory.mktemp("shell")
    command = folder / "bin" / "handsynth"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m handsynth "$@"\n')
    command.chmod(0o755)

    def run(line: str) -> Path:
        path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(["sh", "-c", line], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return folder

    return run


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def ink(picture: np.ndarray) -> int:
    return int((picture[..., :3].min(axis=2) < 128).sum())
