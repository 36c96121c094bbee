"""A corpus and its ground truth, opened by the programs that they are for: docs/opened-by.md lists them."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import lmdb
import pytest
from PIL import Image
from pycocotools.coco import COCO

from handsynth.cli.app import main

HERE = Path(__file__).parent
KRAKENS = sorted(Path(os.environ.get("KRAKEN_WHEELS", "none")).glob("kraken-*.whl"))
GREATEST_SEED = (1 << 64) - 1

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")  # of pycocotools


@pytest.fixture(scope="module")
def corpora(tmp_path_factory) -> Path:
    """Small corpora of real lines, one a container, with all that can be asked for."""
    root = tmp_path_factory.mktemp("corpora")
    for container in ("webdataset", "files", "lmdb-ocr"):
        command = ["corpus", "make", "names:fr", "sentences:fr", "-o", str(root / container), "--container", container]
        command += ["--count", "12", "--shard", "5", "--masks", "--truth", "alto,page,hocr,coco,jsonl"]
        assert main([*command, "--seed", str(GREATEST_SEED)]) == 0
    return root


@pytest.fixture(scope="module")
def paragraph(tmp_path_factory) -> Path:
    """A picture of several lines in a folder with its ground truth."""
    out = tmp_path_factory.mktemp("paragraph") / "out"
    command = [
        "corpus",
        "make",
        "sentences",
        "-o",
        str(out),
        "--kind",
        "paragraph",
        "--container",
        "files",
        "--count",
        "1",
    ]
    assert main([*command, "--length", "150,250", "--truth", "alto,page,hocr"]) == 0
    return out / "shards" / "000000"


def texts(corpus: Path) -> list[str]:
    """What a corpus of files says, in order."""
    return [path.read_text("utf-8") for path in sorted(corpus.glob("shards/*/*.txt"))]


def loaded(corpus: Path, cache: Path, how: str) -> list[list[str]]:
    """Rows of `datasets.load_dataset(HOW)`: seed, text, size of the picture."""
    code = (
        f"import json, datasets; rows = datasets.load_dataset({how}, split='train', cache_dir={str(cache)!r})\n"
        "for row in rows:\n"
        "    metadata = row.get('json', row)\n"
        "    image = row.get('image') or row.get('png')\n"
        "    print(json.dumps([metadata['seed'], row.get('txt') or row['text'], image.size, sorted(row)]))"
    )
    environment = {**os.environ, "HF_HOME": str(cache), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=corpus)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_datasets_opens_the_default_container(corpora, tmp_path):
    folder = corpora / "webdataset"
    for how in (repr(str(folder)), "'webdataset', data_files='shards/*.tar'"):
        rows = loaded(folder, tmp_path, how)
        assert [row[1] for row in rows] == texts(corpora / "files")
        assert {type(row[0]) for row in rows} == {str} and all(0 <= int(row[0]) < 1 << 64 for row in rows)


def test_datasets_opens_plain_files_and_takes_no_mask_for_a_sample(corpora, tmp_path):
    folder = corpora / "files"
    for how in (repr(str(folder)), f"'imagefolder', data_dir={str(folder)!r}"):
        rows = loaded(folder, tmp_path, how)
        assert [row[1] for row in rows] == texts(folder)
        assert rows[0][3] == ["height", "image", "index", "mask", "seed", "text", "width", "writer"]


class CocoDetection:
    """As torchvision's class of that name reads (torchvision 0.29.1, datasets/coco.py)."""

    def __init__(self, root: Path, annotations: Path) -> None:
        self.root, self.coco = root, COCO(str(annotations))
        self.ids = sorted(self.coco.imgs)

    def __iter__(self) -> Iterator[tuple[Image.Image, list[dict]]]:
        for number in self.ids:
            path = self.coco.loadImgs(number)[0]["file_name"]
            yield Image.open(self.root / path), self.coco.loadAnns(self.coco.getAnnIds(number))


def test_one_root_for_coco_torchvision_and_a_plain_loader(corpora):
    root = corpora / "files"
    images = CocoDetection(root, root / "truth.coco.json")
    sizes = []
    for image, drawn in images:
        image.load()
        sizes.append(image.size)
        assert {entry["category_id"] for entry in drawn} >= {1, 2}
        assert images.coco.annToMask(drawn[0]).shape == image.size[::-1]
    listed = [line.split("\t") for line in (root / "labels.tsv").read_text("utf-8").splitlines()]
    assert [Image.open(root / path).size for path, _ in listed] == sizes
    assert [text for _, text in listed] == texts(root)
    lines = [json.loads(line) for line in (root / "truth.jsonl").read_text().splitlines()]
    assert [line["picture"] for line in lines] == [path for path, _ in listed]
    rows = [json.loads(line) for line in (root / "metadata.jsonl").read_text("utf-8").splitlines()]
    assert [row["file_name"] for row in rows] == [path for path, _ in listed]
    assert all((root / row["mask_file_name"]).is_file() for row in rows)


def test_trainers_of_text_recognition_open_the_lmdb(corpora):
    """By PARSeq's rule: every data.mdb below a root, opened by its folder, samples counted from 1."""
    found = []
    for file in sorted((corpora / "lmdb-ocr").glob("**/data.mdb")):
        how = {"readonly": True, "create": False, "readahead": False, "meminit": False, "lock": False}
        with lmdb.open(str(file.parent), max_readers=1, **how) as base, base.begin() as view:
            for number in range(1, int(view.get(b"num-samples")) + 1):
                image = Image.open(io.BytesIO(view.get(f"image-{number:09d}".encode()))).convert("RGB")
                assert image.height == 64
                found.append(view.get(f"label-{number:09d}".encode()).decode())
    assert found == texts(corpora / "files")


def numbers(value: object) -> Iterator[float]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, int | float):
        yield value


def test_every_number_survives_a_double(corpora):
    """As JavaScript reads them: no whole number is beyond 2^53."""
    held = []
    for path in corpora.rglob("*.json*"):
        held += [(path, line) for line in path.read_bytes().splitlines()] if path.suffix == ".jsonl" else []
        held += [(path, path.read_bytes())] if path.suffix == ".json" else []
    for path in corpora.rglob("*.tar"):
        with tarfile.open(path) as tar:
            held += [(path, tar.extractfile(name).read()) for name in tar.getnames() if name.endswith(".json")]
    assert len(held) > 30
    for path, data in held:
        assert all(float(number) == number and abs(number) <= 1 << 53 for number in numbers(json.loads(data))), path


@pytest.mark.skipif(not KRAKENS, reason="KRAKEN_WHEELS names no folder with kraken's wheels")
@pytest.mark.parametrize("wheel", KRAKENS, ids=lambda path: path.name.split("-")[1])
def test_kraken_reads_page_and_alto(paragraph, wheel):
    files = [str(next(paragraph.glob(f"*.{kind}.xml"))) for kind in ("page", "alto")]
    command = [sys.executable, str(HERE / "kraken_reads.py"), str(wheel), *files]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    size = Image.open(next(paragraph.glob("*0.png"))).size
    for found in map(json.loads, done.stdout.splitlines()):
        assert " ".join(found["lines"]).split() == next(paragraph.glob("*.txt")).read_text().split()
        assert len(found["lines"]) > 1 and found["regions"] == 1
        assert Path(found["picture"]).is_file() and tuple(found["size"]) == size
        assert min(found["baselines"]) >= 2 and min(found["boundaries"]) >= 4


def test_a_region_has_an_order_where_its_lines_have_one(paragraph):
    """kraken 5.2 to 6.0 takes the order of a line's region from its `custom`, and fails where there is none."""
    from lxml import etree

    root = etree.parse(next(paragraph.glob("*.page.xml")))
    lines = [line for line in root.iterfind(".//{*}TextLine") if "readingOrder" in line.get("custom", "")]
    assert lines and all("readingOrder {index:" in line.getparent().get("custom", "") for line in lines)


def tool(name: str) -> str:
    """A program of the environment that the tests run in."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_hocr_tools_check_and_read_hocr(paragraph):
    file = next(paragraph.glob("*.hocr"))
    checked = subprocess.run([sys.executable, tool("hocr-check"), str(file)], capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stderr.count("ok ") > 8 and "not ok" not in checked.stderr
    read = subprocess.run([sys.executable, tool("hocr-lines"), str(file)], capture_output=True, text=True)
    assert read.stdout.split() == file.with_suffix(".txt").read_text().split()


def test_alto_tools_read_alto(paragraph):
    file = next(paragraph.glob("*.alto.xml"))
    read = subprocess.run([sys.executable, tool("alto-tools"), "-t", str(file)], capture_output=True, text=True)
    assert read.stdout.split() == next(paragraph.glob("*.txt")).read_text().split(), read.stderr
