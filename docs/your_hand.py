"""Draw the pictures of docs/your-hand.md: python docs/your_hand.py

The letters on the form are a made-up person's, drawn by the model and printed to pixels as a phone would see them.
"""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from photos import photograph, scene  # noqa: E402
from PIL import Image, ImageDraw, ImageFont  # noqa: E402

from handsynth import noise, render  # noqa: E402
from handsynth.drawing import draw  # noqa: E402
from handsynth.drawing.resolve import resolve  # noqa: E402
from handsynth.fonts import build  # noqa: E402
from handsynth.fonts.names import Names  # noqa: E402
from handsynth.fonts.repertoire import ASCII  # noqa: E402
from handsynth.fonts.specimen import picture as specimen  # noqa: E402
from handsynth.hands.hand import Hand  # noqa: E402
from handsynth.learning.api import learn  # noqa: E402
from handsynth.learning.fit import fit  # noqa: E402
from handsynth.learning.form import Form  # noqa: E402
from handsynth.learning.printing import draw as draw_form  # noqa: E402
from handsynth.learning.printing import picture as form_picture  # noqa: E402
from handsynth.model.model import Model  # noqa: E402
from handsynth.specimens.show import picture  # noqa: E402

HERE = Path(__file__).parent / "your-hand"
TEXT = "Dear Ada, all of this is in a hand that was read from one photo. No two letters are alike."


def main() -> None:
    HERE.mkdir(exist_ok=True)
    model = Model.open()
    person = resolve(model, "random:4:11")
    form = Form.of("alphanumeric", None)
    chars = form.written(1)
    places = np.array([noise.key_of("person", char, box) for box, char in enumerate(chars)], np.uint64)
    ink = draw.glyphs(model, person, model.index(chars), places, 3, temperature=0.9, legibility=6).ink()
    letters = {box: (image * 255).astype(np.uint8) for box, image in enumerate(ink) if chars[box] not in "qQxX7"}
    photo = photograph(form, 1, letters, 5, scene(4, turns=0, angle=3.0, shadow=0.35, things=2))
    path = HERE / "photo.jpg"
    photo.image.convert("RGB").save(path, quality=92)
    learnt = learn(model, [path], name="Ada")
    for note in learnt.notes:
        print(note)
    picture(model, learnt.hand).quantize(16).save(HERE / "hand.png", optimize=True)
    written = render(TEXT, model=model, hand=learnt.hand, size=26, wrap=900)
    written.convert("L").quantize(16).save(HERE / "text.png", optimize=True)
    few(model, person)
    sheet = draw_form(form, 1)
    form_picture(sheet, 60).convert("L").quantize(16).save(HERE / "form.png", optimize=True)
    source = build(model, learnt.hand, Names("Ada"), ASCII, 5, legibility=4)
    shown = specimen(source)
    shown.resize((shown.width // 2, shown.height // 2), Image.Resampling.LANCZOS).quantize(16).save(
        HERE / "font.png", optimize=True
    )
    small = photo.image.convert("RGB")
    small.thumbnail((900, 900))
    small.save(path, quality=80)


def few(model: Model, person: Hand) -> None:
    """Letters that were not given, by the person, and by hands learnt from 1, 5, 20 and 40 others."""
    given, held = "nRgeTahdWkisboMuyEtApGmvBcLfrHlwPzNSDKCj", "QquxOJVXZYU7426"
    rows = [_written(model, person, held)]
    images = _written(model, person, given)
    for count in (1, 5, 20, 40):
        hand = fit(model, list(given[:count]), images[:count], "x", keep=False).hand
        rows.append(_written(model, hand, held, "y"))
    sheet = Image.fromarray(255 - np.concatenate([np.concatenate(list(row), axis=1) for row in rows]))
    whole = Image.new("L", (sheet.width + 150, sheet.height), 255)
    whole.paste(sheet, (150, 0))
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(size=15)
    for number, name in enumerate(("the person", "learnt from 1", "from 5", "from 20", "from 40")):
        pen.text((10, 64 * number + 32), name, 110, font, "lm")
    whole.quantize(16).save(HERE / "few.png", optimize=True)


def _written(model: Model, hand: Hand, chars: str, tag: str = "x") -> np.ndarray:
    places = np.array([noise.key_of(tag, char) for char in chars], np.uint64)
    ink = draw.glyphs(model, hand, model.index(chars), places, 3, temperature=0.6, legibility=4).ink()
    return (ink * 255 + 0.5).astype(np.uint8)


if __name__ == "__main__":
    main()
