"""Recipes: what to train and how, as small TOML files with one dataclass behind each table."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handsynth.errors import InputError
from train.model import ModelConfig

if TYPE_CHECKING:
    from train.strokes.recipe import StrokeRecipe

FOLDER = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class DataConfig:
    """Which glyphs form a batch."""

    characters: str = ""
    """Only these characters; empty for all that the dataset has."""
    groups: int = 16
    """Writers in a batch."""
    group: int = 12
    """Glyphs of one writer in a batch; 1 makes plain batches, one pass over all glyphs an epoch."""
    read: int = 0
    """The hand is read from at most so many of them, the others are hidden from it; 0 for all."""
    source_weights: dict[str, float] = field(default_factory=dict)
    """How often a source is drawn; 1 for those not named."""
    writer_power: float = 0.5
    """A writer with m glyphs is drawn with weight m ** writer_power."""
    rare_weight: float = 0.5
    """Weight of a character outside ASCII letters and digits within a writer."""


@dataclass(frozen=True)
class AugmentConfig:
    """What one writer would share, drawn once a group; every 0 switches its part off."""

    slant: float = 0.0
    """Standard deviation of the shear, in px per px of height."""
    size: float = 0.0
    """Standard deviation of the logarithm of the size."""
    aspect: float = 0.0
    """Standard deviation of the logarithm of width / height."""
    rotation: float = 0.0
    """Standard deviation of the rotation, in degrees."""
    pen: tuple[float, float] = (0.0, 0.0)
    """Pen widths in px, log-uniform, for glyphs drawn from strokes."""
    bold: float = 0.0
    """Largest change of the pen width, in px, for glyphs that come as pictures."""


@dataclass(frozen=True)
class TrainConfig:
    """Optimisation and the terms of the loss."""

    accumulate: int = 1
    """Parts of a batch that a process takes in turn; a batch has `groups` x this x processes groups."""
    precision: str = "bfloat16"
    """Of the networks' arithmetic: `bfloat16` (twice as fast, on processors that have it) or `float32`."""
    epochs: int = 20
    steps_per_epoch: int = 0
    """0: as many as one pass over the training glyphs takes."""
    learning_rate: float = 1e-3
    schedule: str = "cosine"
    """`cosine` over the whole run after the warm-up, or `epoch`: times `decay` after every epoch."""
    decay: float = 0.98
    warmup: int = 500
    weight_decay: float = 1e-4
    ema: float = 0.999
    """Decay of the averaged weights that are sampled and exported; 0 for none."""
    kl_style: float = 1.0
    kl_variation: float = 1.0
    hide_variation: float = 0.0
    """Share of glyphs whose variation is withheld from the decoder."""
    slope: float = 4.0
    """Logits of the Bernoulli likelihood per px of field."""
    distance: float = 0.0
    """Weight of the absolute error of the field, in nats per px, beside the likelihood."""
    decide: float = 0.0
    """Weight, in nats per px, of being grey where the target is clearly ink or paper."""
    edge: float = 0.0
    """Weight, in nats per px, of edges flatter than a distance field's, in drawn and in critic's glyphs."""
    critic: float = 0.0
    """Weight of the critic's term, in nats per glyph; 0 trains none."""
    critic_from: int = 0
    """Step at which the critic begins; the priors should be fitted by then."""
    critic_glyphs: int = 4
    """Glyphs of each group that are drawn from the prior for the critic."""
    critic_rate: float = 2e-4
    """The critic's learning rate."""
    clip: float = 1000.0
    """Largest norm of the gradient."""
    checkpoint_every: int = 500
    seed: int = 1


@dataclass(frozen=True)
class TrainRecipe:
    name: str = "default"
    about: str = ""
    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    train: TrainConfig = field(default_factory=TrainConfig)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any], where: str = "recipe") -> TrainRecipe:
        """Raises InputError for an unknown key or a value of the wrong type."""
        tables = {"model": ModelConfig, "data": DataConfig, "augment": AugmentConfig, "train": TrainConfig}
        parts = parse(data, tables, {"name": str, "about": str}, where)
        recipe = cls(**parts)
        _check(recipe, where)
        return recipe

    @classmethod
    def load(cls, spec: str | Path) -> TrainRecipe:
        """A recipe by its name in train/recipes or by the path of a TOML file; of a model that draws fields."""
        recipe = load_recipe(spec)
        if not isinstance(recipe, cls):
            raise InputError(f"the recipe '{spec}' draws strokes, and fields are asked for; take the recipe field")
        return recipe


def load_recipe(spec: str | Path) -> TrainRecipe | StrokeRecipe:
    """A recipe by its name in train/recipes or by the path of a TOML file; its `draws` says of which kind."""
    from train.strokes.recipe import StrokeRecipe

    path = FOLDER / f"{spec}.toml" if (FOLDER / f"{spec}.toml").is_file() else Path(spec)
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.toml")))
        raise InputError(f"no recipe '{spec}'; give a TOML file or one of: {known}")
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a TOML file ({error})") from error
    draws = data.get("draws", "field")
    if draws == "strokes":
        return StrokeRecipe.from_dict({"name": path.stem} | data, str(path))
    if draws != "field":
        raise InputError(f"{path}: draws is {draws!r}, not 'field' or 'strokes'")
    data.pop("draws", None)
    return TrainRecipe.from_dict({"name": path.stem} | data, str(path))


def parse(data: dict[str, Any], tables: dict[str, type], plain: dict[str, type], where: str) -> dict[str, Any]:
    """What a recipe's file says: a dataclass of each of `tables`, and what is `plain`. Raises InputError."""
    parts: dict[str, Any] = {}
    for key, value in data.items():
        if key in tables:
            parts[key] = build(tables[key], value, f"{where} [{key}]")
        elif key not in plain:
            raise InputError(f"{where}: unknown key '{key}'; known are {', '.join([*plain, *tables])}")
        elif type(value) is not plain[key]:
            raise InputError(f"{where}: '{key}' must be a {plain[key].__name__}, not {value!r}")
        else:
            parts[key] = value
    return parts


def build(kind: type, values: Any, where: str) -> Any:
    known = {f.name: f for f in fields(kind)}
    if not isinstance(values, dict):
        raise InputError(f"{where}: expected a table")
    defaults = kind()
    clean = {}
    for key, value in values.items():
        if key not in known:
            raise InputError(f"{where}: unknown key '{key}'; known are {', '.join(known)}")
        default = getattr(defaults, key)
        if isinstance(default, tuple):
            value = tuple(value) if isinstance(value, list | tuple) else value
        elif isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(default):
            raise InputError(f"{where}: '{key}' must be a {type(default).__name__}, not {value!r}")
        clean[key] = value
    return kind(**clean)


def _check(recipe: TrainRecipe, where: str) -> None:
    train, data, model = recipe.train, recipe.data, recipe.model
    for name, good in {
        "train.epochs": train.epochs >= 1,
        "train.accumulate": train.accumulate >= 1,
        "train.precision": train.precision in ("bfloat16", "float32"),
        "train.learning_rate": train.learning_rate > 0,
        "train.schedule": train.schedule in ("cosine", "epoch"),
        "train.ema": 0 <= train.ema < 1,
        "train.hide_variation": 0 <= train.hide_variation < 1,
        "train.critic": train.critic >= 0 and train.critic_rate > 0,
        "train.critic_glyphs": 1 <= train.critic_glyphs <= data.group or train.critic == 0,
        "train.checkpoint_every": train.checkpoint_every >= 1,
        "data.groups": data.groups >= 1,
        "data.group": data.group >= 1,
        "model.style": model.style >= 0 and model.style + model.variation >= 1,
        "model.decoder": len(model.decoder) == 3 and len(model.encoder) == 3,
    }.items():
        if not good:
            raise InputError(f"{where}: {name} is out of range")
