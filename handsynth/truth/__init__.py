"""Ground truth: Page -> Truth -> ALTO, PAGE, hOCR, COCO, JSON lines, by one small module for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from handsynth.plugins.registry import Registry, function
from handsynth.truth.truth import Truth, truth_of

__all__ = ["FORMATS", "Truth", "TruthFormat", "truth_format", "truth_of"]


@dataclass(frozen=True)
class TruthFormat:
    """One format: where its code is, how its files end, and whether one file holds many pictures.

    The module of a format of single pictures has `text(truth, picture)`, which gives the file of the picture called
    `picture` as bytes. That of a format of many has `write(pairs, file)`, which writes an iterable of such pairs one at
    a time into a binary file, and `join(files, file)`, which makes one file of several.
    """

    module: str
    ending: str
    many: bool = False

    @property
    def text(self) -> Callable[[Truth, str], bytes]:
        return function(self.module, "text")

    @property
    def write(self) -> Callable[[Iterable[tuple[Truth, str]], BinaryIO], None]:
        return function(self.module, "write")

    @property
    def join(self) -> Callable[[Iterable[BinaryIO], BinaryIO], None]:
        return function(self.module, "join")


FORMATS = Registry(
    "ground truth format",
    {
        "alto": TruthFormat("handsynth.truth.alto", ".alto.xml"),
        "page": TruthFormat("handsynth.truth.page", ".page.xml"),
        "hocr": TruthFormat("handsynth.truth.hocr", ".hocr"),
        "coco": TruthFormat("handsynth.truth.coco", ".coco.json", many=True),
        "jsonl": TruthFormat("handsynth.truth.jsonl", ".jsonl", many=True),
    },
)
"""By name. A new format is one module and one row here."""


def truth_format(name: str) -> TruthFormat:
    """The format of ground truth called `name`: alto, page, hocr, coco or jsonl. Raises InputError for another.

    data = truth_format("alto").text(truth, "page.png")
    """
    return FORMATS.find(name)
