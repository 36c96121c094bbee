"""Draw the pictures of docs/your-hand.md: python docs/your_hand.py

The letters on the form are a made-up person's, drawn by the model and printed to pixels as a phone would see them.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from photos import photograph, scene  # noqa: E402
from PIL import Image, ImageDraw, ImageFont  # noqa: E402

import handsynth  # noqa: E402
from handsynth import Hand, Model  # noqa: E402

HERE = Path(__file__).parent / "your-hand"
PERSON = "random:4:11"
TEXT = "Dear Ada, all of this is in a hand that was read from one photo. No two letters are alike."


def main() -> None:
    HERE.mkdir(exist_ok=True)
    model = Model.open()
    form = forms()
    chars = form.written(1)
    places = np.array([handsynth.noise_key("person", char, box) for box, char in enumerate(chars)], np.uint64)
    ink = handsynth.glyphs(model, PERSON, chars, places, 3, temperature=0.9, legibility=6).ink()
    letters = {box: (image * 255).astype(np.uint8) for box, image in enumerate(ink) if chars[box] not in "qQxX7"}
    photo = photograph(form, 1, letters, 5, scene(4, turns=0, angle=3.0, shadow=0.35, things=2))
    path = HERE / "photo.jpg"
    photo.image.convert("RGB").save(path, quality=92)
    learnt = handsynth.learn(model, [path], name="Ada")
    for note in learnt.notes:
        print(note)
    handsynth.hand_picture(model, learnt.hand).quantize(16).save(HERE / "hand.png", optimize=True)
    written = handsynth.render(TEXT, model=model, hand=learnt.hand, size=26, wrap=900)
    written.convert("L").quantize(16).save(HERE / "text.png", optimize=True)
    few(model)
    font(model, learnt.hand)
    small = photo.image.convert("RGB")
    small.thumbnail((900, 900))
    small.save(path, quality=80)


def forms() -> handsynth.Form:
    """The form, of which form.png is a small picture."""
    form, (path,) = handsynth.template(HERE / "form.png", "alphanumeric", dpi=60)
    with Image.open(path) as sheet:
        small = sheet.convert("L").quantize(16)
    small.save(path, optimize=True)
    return form


def font(model: Model, hand: Hand) -> None:
    """A specimen of a font by `hand`, half as large."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "Ada.ttf"
        handsynth.font(path, model=model, hand=hand, charset="ascii", joined=0, specimen=True)
        with Image.open(path.with_name("Ada-specimen.png")) as shown:
            half = shown.resize((shown.width // 2, shown.height // 2), Image.Resampling.LANCZOS)
    half.quantize(16).save(HERE / "font.png", optimize=True)


def few(model: Model) -> None:
    """Letters that were not given, by the person, and by hands learnt from 1, 5, 20 and 40 others."""
    given, held = "nRgeTahdWkisboMuyEtApGmvBcLfrHlwPzNSDKCj", "QquxOJVXZYU7426"
    rows = [_written(model, PERSON, held)]
    images = _written(model, PERSON, given)
    for count in (1, 5, 20, 40):
        hand = handsynth.learn_letters(model, given[:count], images[:count], forget_originals=True).hand
        rows.append(_written(model, hand, held, "y"))
    sheet = Image.fromarray(255 - np.concatenate([np.concatenate(list(row), axis=1) for row in rows]))
    whole = Image.new("L", (sheet.width + 150, sheet.height), 255)
    whole.paste(sheet, (150, 0))
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(size=15)
    for number, name in enumerate(("the person", "learnt from 1", "from 5", "from 20", "from 40")):
        pen.text((10, 64 * number + 32), name, 110, font, "lm")
    whole.quantize(16).save(HERE / "few.png", optimize=True)


def _written(model: Model, hand: Hand | str, chars: str, tag: str = "x") -> np.ndarray:
    places = np.array([handsynth.noise_key(tag, char) for char in chars], np.uint64)
    ink = handsynth.glyphs(model, hand, chars, places, 3, temperature=0.6, legibility=4).ink()
    return (ink * 255 + 0.5).astype(np.uint8)


if __name__ == "__main__":
    main()
