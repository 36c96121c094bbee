"""The public face: every feature from the top, with signatures that say something, and errors as Python has them."""

import dataclasses
import inspect
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import stub_model as stub
from PIL import Image

import handsynth
from handsynth.dials import DIALS
from handsynth.errors import InputError, MissingCharacterError, OutputError, UnknownOptionError
from handsynth.formats.look import Look

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "stub"
    return handsynth.Model.open(stub.write_folder(folder, stub.members()))


@pytest.mark.parametrize("name", handsynth.__all__)
def test_every_name_is_there_and_explains_itself(name):
    value = getattr(handsynth, name)
    assert name in dir(handsynth)
    if name != "__version__":
        assert value.__doc__ and callable(value)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        handsynth.nothing  # noqa: B018


def test_earlier_names_go_on_and_say_that_of_today():
    with pytest.warns(DeprecationWarning, match=r"^handsynth.place is now handsynth.noise_key$"):
        assert handsynth.place is handsynth.noise_key
    look = Look(metadata={"Seed": "1"})
    with pytest.warns(DeprecationWarning, match=r"^Look.facts is now Look.metadata$"):
        assert look.facts == {"Seed": "1"}


def test_nothing_is_loaded_before_it_is_asked_for():
    code = "import sys, handsynth; print([name for name in ('numpy', 'PIL', 'onnxruntime') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


@pytest.mark.parametrize("name", ["render", "write", "encode", "typeset", "font"])
def test_help_shows_each_option_with_its_default_and_words(name):
    function = getattr(handsynth, name)
    options = [one for one in inspect.signature(function).parameters.values() if one.kind is one.KEYWORD_ONLY]
    known = [one for one in options if one.name in DIALS and (name, one.name) != ("typeset", "wrap")]
    assert len(known) >= 15
    for one in known:
        assert one.default == DIALS[one.name].default_for("font" if name == "font" else None)
        assert f"{one.name}: {DIALS[one.name].help}" in function.__doc__


def test_a_corpus_shows_the_fields_of_its_recipe_as_options():
    shown = inspect.signature(handsynth.Corpus).parameters
    assert next(iter(shown)) == "texts" and shown["texts"].kind is inspect.Parameter.VAR_POSITIONAL
    fields = {each.name: each.default for each in dataclasses.fields(handsynth.Recipe) if each.name != "texts"}
    assert {name: one.default for name, one in shown.items() if name != "texts"} == fields
    for name in fields:
        assert f"    {name}: " in handsynth.Corpus.__init__.__doc__
    assert handsynth.Corpus("numbers").recipe == handsynth.Corpus("numbers", **fields).recipe


@pytest.mark.parametrize(
    "given",
    [{"height": "64"}, {"colour": 1}, {"seed": True}, {"temperature": 0.7}, {"hands": "gallery"}, {"model": 5}],
)
def test_options_of_a_corpus_have_types(given):
    with pytest.raises(InputError, match="; give ") as caught:
        handsynth.Corpus("numbers", **given)
    assert caught.value.option in given


def test_a_corpus_takes_lists_paths_and_earlier_names():
    recipe = handsynth.Corpus("numbers", hands=["gallery"], temperature=(0, 1), model=Path("m"), vary=2).recipe
    assert recipe == handsynth.Recipe(("numbers",), hands=("gallery",), temperature=(0, 1), model="m", vary=2)
    with pytest.warns(FutureWarning, match="least is now length"):
        assert handsynth.Corpus("numbers", least=5).recipe.length == (5, 0)


@pytest.mark.parametrize("kind", [handsynth.Options, handsynth.Names, handsynth.Recipe, handsynth.Style])
def test_help_has_words_for_each_field(kind):
    told = dict(re.findall(r"^ {4}([\w.]+): (.+)$", kind.__doc__.partition("\nFields:\n")[2], re.MULTILINE))

    def names(table, before=""):
        for each in dataclasses.fields(table):
            if dataclasses.is_dataclass(each.default_factory):
                yield from names(each.default_factory, f"{each.name}.")
            else:
                yield before + each.name

    assert list(told) == list(names(kind)) and all(words.endswith(".") for words in told.values())


def test_no_public_function_hides_what_it_takes():
    for name in handsynth.__all__:
        value = getattr(handsynth, name)
        if name != "__version__" and not (inspect.isclass(value) and issubclass(value, Exception)):
            hidden = [one.name for one in inspect.signature(value).parameters.values() if one.kind is one.VAR_KEYWORD]
            assert not hidden, f"{name} takes {hidden}"
    assert "how" not in inspect.signature(handsynth.Corpus.write).parameters


@pytest.mark.parametrize(
    ("called", "call"),
    [
        ("sheet", lambda: handsynth.sheet(bogus=1)),
        ("sample", lambda: handsynth.sample(None, "a", 1, bogus=1)),
        ("glyphs", lambda: handsynth.glyphs(None, None, "a", [], 1, bogus=1)),
        ("learn", lambda: handsynth.learn(bogus=1)),
        ("merge", lambda: handsynth.merge("a.csv", "a", "a.pdf", bogus=1)),
        ("template", lambda: handsynth.template("a.pdf", bogus=1)),
        ("Document", lambda: handsynth.Document("a", bogus=1)),
        ("Corpus.write", lambda: handsynth.Corpus("numbers").write("a", bogus=1)),
        ("Names", lambda: handsynth.Names("a", bogus=1)),
        ("Options", lambda: handsynth.Options(bogus=1)),
        ("Recipe", lambda: handsynth.Recipe(("a",), bogus=1)),
    ],
)
def test_an_unknown_keyword_is_a_type_error_that_says_of_what(called, call):
    with pytest.raises(TypeError, match=rf"^{called}(\.__init__)?\(\) got an unexpected keyword argument 'bogus'"):
        call()


def test_the_defaults_that_help_shows_are_those_that_are_used(model):
    shown = {
        one.name: one.default
        for one in inspect.signature(handsynth.encode).parameters.values()
        if one.kind is one.KEYWORD_ONLY and one.name not in ("model", "command")
    }
    assert handsynth.encode("abc", ".svg", model=model)[1] == handsynth.encode("abc", ".svg", model=model, **shown)[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda: handsynth.render("a", bogus=1),
        lambda: handsynth.write("a", "a.png", bogus=1),
        lambda: handsynth.encode("a", ".png", bogus=1),
        lambda: handsynth.typeset("a", bogus=1),
        lambda: handsynth.font("a.ttf", bogus=1),
        lambda: handsynth.Corpus("numbers", bogus=1),
    ],
)
def test_an_unknown_option_is_a_type_error_and_an_input_error(call):
    with pytest.raises(TypeError, match="has no option 'bogus'") as caught:
        call()
    assert isinstance(caught.value, UnknownOptionError) and isinstance(caught.value, InputError)


def test_errors_are_those_of_python_too(model, tmp_path):
    with pytest.raises(ValueError, match="temperature is 9"):
        handsynth.render("a", model=model, temperature=9)
    with pytest.raises(OSError, match="cannot write"):
        handsynth.write("a", tmp_path / "none" / "a.png", model=model)
    assert not issubclass(InputError, OSError) and not issubclass(OutputError, ValueError)


@pytest.mark.parametrize(
    ("call", "option"),
    [
        (lambda how: handsynth.render("a", temperature=9, **how), "temperature"),
        (lambda how: handsynth.render("a", temperature="warm", **how), "temperature"),
        (lambda how: handsynth.render("a", paper_colour="blurple", **how), "paper_colour"),
        (lambda how: handsynth.render("a", pen="quill", **how), "pen"),
        (lambda how: handsynth.write("a", "a.png", hatch="1mm", **how), "hatch"),
        (lambda how: handsynth.render("a", bogus=1, **how), "bogus"),
        (lambda how: handsynth.Document("a", handsynth.Style().set(["person.slant=9"]), **how), "person.slant"),
        (lambda how: handsynth.Corpus("numbers", height=1), "height"),
        (lambda how: handsynth.render("", **how), None),
        (lambda how: handsynth.render("\u6f22", **how), None),
    ],
)
def test_the_option_at_fault_is_carried(model, call, option):
    with pytest.raises(InputError) as caught:
        call({"model": model})
    assert caught.value.option == option
    assert pickle.loads(pickle.dumps(caught.value)).option == option


def test_the_file_that_cannot_be_written_is_carried(model, tmp_path):
    for path in (tmp_path / "none" / "a.png", tmp_path / "a.xyz", tmp_path):
        with pytest.raises(OutputError) as caught:
            handsynth.write("a", path, model=model)
        error = caught.value
        assert error.filename == str(path) and str(error).startswith("cannot write")
        copy = pickle.loads(pickle.dumps(error))
        assert copy.filename == error.filename and str(copy) == str(error)
    with pytest.raises(OutputError) as caught:
        handsynth.render("a", model=model).save(tmp_path / "a.xyz")
    assert caught.value.filename == str(tmp_path / "a.xyz")


def test_a_model_and_a_hand_are_given_alike_everywhere(model, tmp_path):
    place, name = model.where, model.card.gallery[0].name
    hand = handsynth.Hand.gallery(model, name)
    hand.save(tmp_path / "a.hand")
    numbers, places = model.index("ab"), np.array([1, 2], np.uint64)
    ways = [(model, hand), (place, name), (Path(place), str(tmp_path / "a.hand")), (model, tmp_path / "a.hand")]
    drawn = [
        (
            handsynth.render("ab", model=one, hand=who).tobytes(),
            handsynth.sheet(one, "ab", who).tobytes(),
            handsynth.sheet(one, "ab", [who]).tobytes(),
            handsynth.sample(one, "ab", 2, who).images.tobytes(),
            handsynth.glyphs(one, who, "ab", places, 3).ink().tobytes(),
            handsynth.glyphs(one, who, numbers, places, 3).ink().tobytes(),
            handsynth.Document("ab", model=one, hand=who).write(tmp_path / "a.png")[0].read_bytes(),
        )
        for one, who in ways
    ]
    assert all(one == drawn[0] for one in drawn)
    assert drawn[0][1] == drawn[0][2] and drawn[0][4] == drawn[0][5]


def test_no_model_is_the_default_one():
    model = handsynth.Model.open()
    assert handsynth.sheet(chars="a").tobytes() == handsynth.sheet(model, "a").tobytes()
    places = np.array([1], np.uint64)
    assert (
        handsynth.glyphs(None, None, "a", places, 3).ink() == handsynth.glyphs(model, None, "a", places, 3).ink()
    ).all()
    assert handsynth.Document("a").model is handsynth.Document("a").model
    with pytest.raises(InputError, match="give a photo of a filled form"):
        handsynth.learn()


@pytest.mark.parametrize(
    "call",
    [
        lambda model: handsynth.render("a", model=model),
        lambda model: handsynth.sheet(model),
        lambda model: handsynth.sample(model, "a", 1),
        lambda model: handsynth.learn(model, ["a.jpg"]),
        lambda model: handsynth.glyphs(model, None, "a", np.array([1], np.uint64), 3),
        lambda model: handsynth.Document("a", model=model),
    ],
)
def test_what_is_no_model_is_refused_in_the_same_words(call):
    with pytest.raises(InputError, match="give an open Model, or the path of one") as caught:
        call(5)
    assert caught.value.option == "model"


def test_a_form_is_made_and_a_hand_looked_at(model, tmp_path):
    form, files = handsynth.template(tmp_path / "form.png", "abc", 2, dpi=50)
    assert files == [tmp_path / "form.png"] and form.written(1) == "aabbcc"
    with Image.open(files[0]) as sheet:
        assert sheet.size == (round(210 / 25.4 * 50), round(297 / 25.4 * 50))
    images = np.rint(handsynth.glyphs(model, None, "abc", np.arange(3, dtype=np.uint64), 1).ink() * 255).astype(
        np.uint8
    )
    learnt = handsynth.learn_letters(model, "abc", images, name="Ada")
    assert learnt.hand.originals.chars == ("a", "b", "c")
    learnt.hand.save(tmp_path / "a.hand")
    shown = handsynth.hand_picture(model, tmp_path / "a.hand", "ab")
    assert shown.metadata["Hand"] == "Ada"
    assert handsynth.refit(model, tmp_path / "a.hand").hand.name == "Ada"
    name = model.card.gallery[0].name
    assert handsynth.gallery_picture(model, "a", [name]).metadata["Hand"] == name


def test_letters_are_merged_and_files_say_how_they_were_made(model, tmp_path):
    (tmp_path / "who.csv").write_text("name\nab\nba\n")
    files = handsynth.merge(tmp_path / "who.csv", "{name}", str(tmp_path / "{row}.png"), hand="random:3", model=model)
    assert [file.name for file in files] == ["1.png", "2.png"]
    assert [handsynth.record_of(file)["Seed"] for file in files] == ["1", "2"]
    assert handsynth.record_of(files[0])["Hand"] == "random:3"
    document = handsynth.Document("ab", hand="random:3", model=model)
    (picture,) = document.pictures()
    written = document.write(tmp_path / "a.png")[0]
    with Image.open(written) as image:
        assert image.tobytes() == picture.tobytes()


def test_models_and_corpora_are_verified(tmp_path):
    said = handsynth.verify_model()
    assert said == handsynth.verify_model(handsynth.Model.open()) and any("drawn as at export" in line for line in said)
    handsynth.Corpus("numbers", height=32).write(str(tmp_path / "out"), count=2, shard=2, container="files")
    assert "2 samples are whole" in handsynth.verify_corpus(tmp_path / "out")[1]
    next((tmp_path / "out").rglob("*.png")).write_bytes(b"")
    with pytest.raises(handsynth.DataError):
        handsynth.verify_corpus(tmp_path / "out")


def test_ground_truth_has_formats(model):
    page = handsynth.typeset("ab", model=model)
    truth = handsynth.truth_of(page, 24, name="a", writer="x", seed=0, index=0)
    assert b"<String" in handsynth.truth_format("alto").text(truth, "a.png")
    assert (handsynth.camera_geometry(page, handsynth.Look()).matrix == np.eye(3)).all()
    strokes = handsynth.strokes(page)
    assert strokes and all(stroke.points.shape == (len(stroke.width), 2) for stroke in strokes)


def test_named_characters_are_told(model):
    assert handsynth.charset("ascii") == "".join(map(chr, range(32, 127)))
    assert set(handsynth.charset("model", model=model)) == {" ", *model.charset}
    assert "æ" in handsynth.Recipes.load().signs


def test_missing_characters_are_carried(model):
    with pytest.raises(MissingCharacterError) as caught:
        handsynth.render("a\u6f22b\u5b57\u6f22", model=model)
    assert caught.value.characters == ("\u6f22", "\u5b57")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.characters == caught.value.characters and str(copy) == str(caught.value)


def test_a_corpus_is_its_recipe(tmp_path):
    corpus = handsynth.Corpus("numbers", seed=3, height=32)
    first, second = corpus.samples(0, 2)
    again = next(iter(handsynth.Corpus("numbers", seed=3, height=32).samples(1, 1)))
    assert (again.image == second.image).all() and again.truth.text == second.truth.text
    assert first.image.shape[0] == 32
    made = corpus.write(str(tmp_path / "out"), count=2, shard=2, container="files")
    assert made["samples"] == 2


def test_the_reference_is_what_the_docstrings_say():
    made = subprocess.run(
        [sys.executable, "docs/api.py", "--print"], cwd=ROOT, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONIOENCODING": "utf-8"}, encoding="utf-8",
    )  # fmt: skip
    assert made.stdout == (ROOT / "docs/api.md").read_text(encoding="utf-8"), "make it anew: python docs/api.py"
