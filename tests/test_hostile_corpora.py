"""Recipes, notes, manifests and shards of corpora that somebody else wrote."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from handsynth.cli.app import main
from handsynth.corpus.containers import lmdb

DEEP = "[" * 100_000


@pytest.fixture
def corpus(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["corpus", "make", "numbers", "-o", "c", "--count", "2", "--container", "lmdb"]) == 0
    return tmp_path / "c"


def refused(capsys, *words: str) -> str:
    capsys.readouterr()
    assert main(list(words)) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


@pytest.mark.parametrize("recipe", ['{"recipe":null}', '{"recipe":5,"facts":{}}', "null", "7", "[]", DEEP])
def test_recipes_of_any_kind_are_refused_in_one_line(tmp_path, capsys, recipe):
    (tmp_path / "recipe.json").write_text(recipe, encoding="utf-8")
    said = refused(capsys, "corpus", "make", "numbers", "-o", str(tmp_path), "--count", "2")
    assert "its recipe cannot be read" in said or "is no recipe of a corpus" in said


@pytest.mark.parametrize("note", ['{"number":"a"}', "null", DEEP, '{"number":9,"name":5}'])
def test_notes_of_any_kind_count_as_none(corpus, capsys, note):
    (corpus / ".handsynth" / "000009.json").write_text(note, encoding="utf-8")
    assert main(["corpus", "make", "numbers", "-o", "c", "--count", "2", "--container", "lmdb"]) == 0
    assert main(["corpus", "verify", "c"]) == 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "../../../../etc/passwd"),
        ("name", "/dev/zero"),
        ("name", "shards/../../x"),
        ("name", 5),
        ("name", "shards/" + "a" * 5000),
        ("bytes", "x"),
        ("first", -1),
        ("count", 1e9),
        ("sha256", None),
    ],
)
def test_manifests_name_nothing_outside_the_corpus(corpus, capsys, key, value):
    manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    manifest["shards"][0][key] = value
    (corpus / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "manifest.json is damaged" in refused(capsys, "corpus", "verify", "c")


def fitting(corpus: Path, data: bytes) -> None:
    """Put `data` in the place of the shard, and its hash into the manifest."""
    manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    shard = manifest["shards"][0]
    (corpus / shard["name"]).write_bytes(data)
    shard |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (corpus / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("keep", [0, 1, 4096, 5000, 8192])
def test_a_cut_database_ends_in_one_line(corpus, capsys, keep):
    whole = next((corpus / "shards").iterdir()).read_bytes()
    fitting(corpus, whole[:keep])
    assert "cannot be read; delete it" in refused(capsys, "corpus", "verify", "c")


def test_a_whole_database_is_as_long_as_it_says(corpus):
    lmdb._check_length(next((corpus / "shards").iterdir()))


def test_a_device_is_no_text(tmp_path, capsys):
    (tmp_path / "zero").symlink_to("/dev/zero")
    said = refused(capsys, "corpus", "make", str(tmp_path / "zero"), "-o", str(tmp_path / "c"), "--count", "2")
    assert "no ordinary file" in said


ALL = ("--truth", "alto,page,hocr,coco,jsonl", "--masks")


def make(*more: str, count: int = 2, container: str = "files") -> None:
    words = ["corpus", "make", "numbers", "-o", "c", "--count", str(count), "--container", container, "--shard", "2"]
    assert main([*words, *more]) == 0


@pytest.mark.parametrize("name", ["truth.jsonl", "truth.coco.json", "metadata.jsonl", "labels.tsv", "README.md"])
@pytest.mark.parametrize("how", ["changed", "cut", "missing"])
def test_what_lies_beside_the_shards_is_verified(tmp_path, monkeypatch, capsys, name, how):
    monkeypatch.chdir(tmp_path)
    make(*ALL)
    assert main(["corpus", "verify", "c"]) == 0
    assert name in capsys.readouterr().out
    path = tmp_path / "c" / name
    data = path.read_bytes()
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if how == "cut" else data[:-1] + b"x")
    said = refused(capsys, "corpus", "verify", "c")
    assert name in said and {"cut": "cut off", "changed": "was changed", "missing": "is missing"}[how] in said
    make(*ALL)  # what is said to mend it does
    assert main(["corpus", "verify", "c"]) == 0 and path.read_bytes() == data


def test_truth_of_a_corpus_grows_with_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    make("--truth", "jsonl", container="webdataset")
    make(count=4, container="webdataset")  # asked for once is enough
    assert len((tmp_path / "c" / "truth.jsonl").read_bytes().splitlines()) == 4
    assert main(["corpus", "verify", "c"]) == 0


def test_truth_that_the_manifest_does_not_know_is_stale(corpus, capsys):
    (corpus / "truth.coco.json").write_text("garbage", encoding="utf-8")
    assert "truth.coco.json is not in the manifest" in refused(capsys, "corpus", "verify", "c")


@pytest.mark.parametrize("ending", ["alto.xml", "page.xml", "hocr", "mask.png", "json"])
def test_samples_have_all_that_the_recipe_asks_for(tmp_path, monkeypatch, capsys, ending):
    from handsynth.corpus.store import digest

    monkeypatch.chdir(tmp_path)
    make(*ALL)
    shard = tmp_path / "c" / "shards" / "000000"
    (shard / f"000000001.{ending}").unlink()
    manifest = json.loads((tmp_path / "c" / "manifest.json").read_text(encoding="utf-8"))
    size, sha = digest(shard)
    manifest["shards"][0] |= {"bytes": size, "sha256": sha}
    (tmp_path / "c" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert f"has no {ending}" in refused(capsys, "corpus", "verify", "c")


@pytest.mark.parametrize("beside", [5, [None], [{"name": "../x", "bytes": 1, "sha256": ""}], [{"name": "README.md"}]])
def test_files_beside_that_are_none_are_damage(corpus, capsys, beside):
    manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    (corpus / "manifest.json").write_text(json.dumps(manifest | {"beside": beside}), encoding="utf-8")
    assert "manifest.json is damaged" in refused(capsys, "corpus", "verify", "c")


@pytest.mark.parametrize("truth", [5, [[]], [{}], ["x"], None])
def test_a_recipe_may_name_any_truth(corpus, capsys, truth):
    manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    manifest["recipe"]["truth"] = truth
    (corpus / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert main(["corpus", "verify", "c"]) == 0


@pytest.mark.parametrize("recipe", [DEEP, '{"texts":' + DEEP, '{"height":' + "9" * 400 + "}", '{"vary":1e999}'])
def test_recipes_that_no_reader_holds_are_refused(recipe):
    from handsynth.corpus.recipe import Recipe
    from handsynth.errors import InputError

    with pytest.raises(InputError):
        Recipe.from_json(recipe)
