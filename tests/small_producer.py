"""Small entries for tests of shards: made from the number of the sample, at once or slowly, or not at all."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from handsynth.corpus.entry import Entry
from handsynth.errors import InputError


class Producer:
    def __init__(self, recipe: str) -> None:
        self.dials = json.loads(recipe)
        # a file's text, if one is named: what a producer is may depend on where it is
        self.metadata = {"model": Path(self.dials["model"]).read_text() if "model" in self.dials else "none"}

    def entries(self, first: int, count: int) -> Iterator[Entry]:
        for index in range(first, first + count):
            time.sleep(self.dials.get("pause", 0.0))
            if index == self.dials.get("fails_at"):
                raise InputError("sample 150 cannot be made")
            if index == self.dials.get("full_at") and not Path(self.dials["room"]).exists():
                raise OSError(28, os.strerror(28))
            if index == self.dials.get("dies_at"):
                once = Path(self.dials["died"]) if "died" in self.dials else None
                if once is None or not once.exists():
                    if once:
                        once.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            yield entry(index)


def entry(index: int) -> Entry:
    image = np.full((8, 16), index % 251, np.uint8)
    image[index % 8, index % 16] = 255
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    text = f"sample {index} é"
    said = json.dumps({"text": text})
    return Entry(f"{index:09d}", {"png": file.getvalue(), "txt": text.encode(), "json": said.encode()})


def producer(recipe: str) -> Producer:
    return Producer(recipe)
