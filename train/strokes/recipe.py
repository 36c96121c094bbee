"""The recipe of a stroke model: all that is chosen, as one TOML file with a table for each stage."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from handsynth.errors import InputError


@dataclass(frozen=True)
class StrokesConfig:
    """What is drawn, and from which glyphs it is learned."""

    characters: str = "".join(map(chr, range(33, 127)))
    """The characters, in the order of the charset."""
    points: tuple[int, ...] = (40, 24, 16, 16)
    """Points of each stroke; glyphs with more strokes are left out."""
    variation: int = 24
    """Size of a glyph's latent v."""
    style: int = 16
    """Size of a hand's vector s: factors of what differs between writers."""
    reader_least: float = 0.3
    """With a reader: glyphs whose label it gives less probability, look-alikes included, are left out."""
    dotted: str = "ij"
    """Characters that are left out where they were written in one stroke: the tablet lost the dot."""


@dataclass(frozen=True)
class VaeConfig:
    steps: int = 60_000
    batch: int = 256
    learning_rate: float = 1e-3
    width: int = 512
    blocks: int = 2
    kl: float = 1.0
    sigma: float = 0.5
    """Standard deviation of points, in frame px."""
    points: float = 8.0
    """Points of a stroke that count as independent."""
    slant: float = 0.08
    size: float = 0.06
    """Augmentation: standard deviations of the shear and of the logarithms of width and height."""


@dataclass(frozen=True)
class PriorConfig:
    steps: int = 44_000
    batch: int = 768
    learning_rate: float = 1e-3
    width: int = 512
    blocks: int = 3
    withheld: float = 0.15
    """Share of glyphs whose style is withheld."""
    blur: float = 0.2
    """Noise added to styles beside what is not known of them, standard deviation."""
    spread: float = 0.5
    """Posteriors are drawn with this share of their standard deviation."""


@dataclass(frozen=True)
class DistilConfig:
    steps: int = 20_000
    batch: int = 768
    learning_rate: float = 1.5e-3
    width: int = 448
    blocks: int = 2
    unrolled: int = 2
    """Steps of the exported flow."""
    guidance: float = 1.5
    """How far velocities go beyond those of a weak copy of the flow, in what sets the two apart; 1 is not at all."""
    teacher: int = 8
    """Heun steps of the teacher."""
    bank: int = 262_144
    """The teacher's drawings that the student learns from at a time."""
    banks: int = 4
    """How often they are drawn anew."""
    straight: float = 0.3
    """Share of the steps that learn straight ways; the others learn what they come to."""


@dataclass(frozen=True)
class SharpenConfig:
    steps: int = 9000
    batch: int = 512
    learning_rate: float = 7e-4
    width: int = 512
    blocks: int = 2
    """Of the critic."""
    gamma: float = 0.15
    """Weight of the critic's gradient penalties."""
    keep: float = 0.02
    """Weight of what the teacher drew from the same noise."""
    legible: float = 0.2
    """Weight of the log-probability by the reader of strokes."""
    teacher: float = 0.8
    """Share of the real glyphs that the teacher drew; the others are people's."""
    least: float = 0.9
    """Of the teacher's, those that the reader of strokes gives less probability are left out."""
    bank: int = 196_608
    """The teacher's drawings."""
    reader_steps: int = 6000
    """Of the reader of strokes."""


@dataclass(frozen=True)
class EncoderConfig:
    steps: int = 10_000
    batch: int = 128
    learning_rate: float = 1e-3
    width: int = 288
    blocks: int = 2
    slant: float = 0.08
    size: float = 0.06
    """Augmentation, as of the strokes."""


@dataclass(frozen=True)
class StrokeRecipe:
    name: str = "default"
    about: str = ""
    draws: str = "strokes"
    seed: int = 1
    strokes: StrokesConfig = field(default_factory=StrokesConfig)
    vae: VaeConfig = field(default_factory=VaeConfig)
    prior: PriorConfig = field(default_factory=PriorConfig)
    distil: DistilConfig = field(default_factory=DistilConfig)
    sharpen: SharpenConfig = field(default_factory=SharpenConfig)
    encoder: EncoderConfig = field(default_factory=EncoderConfig)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any], where: str = "recipe") -> StrokeRecipe:
        """Raises InputError for an unknown key or a value of the wrong type."""
        from train.recipe import parse

        tables = {
            "strokes": StrokesConfig, "vae": VaeConfig, "prior": PriorConfig, "distil": DistilConfig,
            "sharpen": SharpenConfig,
            "encoder": EncoderConfig,
        }  # fmt: skip
        parts = parse(data, tables, {"name": str, "about": str, "draws": str, "seed": int}, where)
        if parts.get("seed", 0) < 0:
            raise InputError(f"{where}: seed is out of range; give 0 or more")
        recipe = cls(**parts)
        for stage in ("vae", "prior", "distil", "sharpen", "encoder"):
            config = getattr(recipe, stage)
            if min(config.steps, config.batch, config.width, config.blocks) < 1 or config.learning_rate <= 0:
                raise InputError(f"{where}: [{stage}] has a number that is out of range")
        if min(recipe.strokes.points, default=0) < 2 or len(recipe.strokes.characters) < 2:
            raise InputError(f"{where}: [strokes] needs two points a stroke and two characters at least")
        return recipe
