"""Named mixtures of effects: each row is an effect, its probability, and the least and greatest strength."""

from __future__ import annotations

PresetRow = tuple[str, float, float, float]

PRESETS: dict[str, tuple[PresetRow, ...]] = {
    # as it was drawn
    "clean": (),
    # white paper, a ball pen, the office's scanner
    "office": (
        ("wear", 0.3, 0.1, 0.6), ("scan", 0.8, 0.2, 1.0), ("ink", 0.7, 0.3, 0.8), ("paper", 0.6, 0.05, 0.3),
        ("specks", 0.25, 0.1, 0.5), ("contrast", 0.5, 0.1, 0.6), ("blur", 0.6, 0.2, 0.6), ("noise", 0.5, 0.1, 0.35),
        ("jpeg", 0.5, 0.1, 0.7),
    ),
    # an exercise book, ruled or squared
    "notebook": (
        ("underline", 0.05, 0.5, 1.0), ("breaks", 0.2, 0.2, 0.7), ("wear", 0.2, 0.1, 0.5), ("smudge", 0.15, 0.1, 0.6),
        ("scan", 0.6, 0.1, 0.8), ("ink", 0.9, 0.4, 1.0), ("paper", 0.9, 0.1, 0.5), ("rules", 0.9, 0.4, 1.0),
        ("light", 0.4, 0.1, 0.5), ("contrast", 0.3, 0.1, 0.5), ("blur", 0.5, 0.2, 0.6), ("noise", 0.4, 0.1, 0.4),
        ("jpeg", 0.4, 0.1, 0.6),
    ),
    # held in one hand, in any light
    "phone": (
        ("wear", 0.2, 0.1, 0.4), ("camera", 0.95, 0.2, 1.0), ("ink", 0.9, 0.3, 1.0), ("paper", 0.9, 0.1, 0.7),
        ("rules", 0.3, 0.3, 0.9), ("creases", 0.15, 0.2, 0.8), ("light", 0.9, 0.2, 1.0), ("shadow", 0.5, 0.2, 0.9),
        ("contrast", 0.4, 0.1, 0.7), ("blur", 0.6, 0.2, 0.9), ("motion", 0.3, 0.2, 0.8), ("noise", 0.8, 0.1, 0.7),
        ("jpeg", 0.9, 0.2, 0.9),
    ),
    # old letters and registers
    "archive": (
        ("through", 0.03, 0.4, 0.9), ("breaks", 0.5, 0.2, 0.9), ("bleed", 0.6, 0.2, 0.9), ("wear", 0.3, 0.1, 0.6),
        ("smudge", 0.25, 0.2, 0.8), ("scan", 0.7, 0.1, 0.8), ("ink", 1.0, 0.5, 1.0), ("paper", 1.0, 0.5, 1.0),
        ("rules", 0.15, 0.3, 0.7), ("stains", 0.35, 0.2, 1.0), ("creases", 0.35, 0.2, 0.9), ("specks", 0.6, 0.2, 0.9),
        ("light", 0.5, 0.1, 0.6), ("contrast", 0.3, 0.1, 0.5), ("blur", 0.5, 0.2, 0.6), ("noise", 0.5, 0.1, 0.4),
        ("jpeg", 0.5, 0.1, 0.5),
    ),
}  # fmt: skip
