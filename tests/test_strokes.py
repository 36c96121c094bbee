"""The training of stroke models: recipes, factors of writers, what the parts make of simple things."""

import numpy as np
import pytest
import torch
from torch import nn

from handsynth.errors import InputError
from train.recipe import TrainRecipe, load_recipe
from train.strokes.factors import Factors, fit_factors
from train.strokes.ink import ink
from train.strokes.networks import FewStepPrior, StrokeDecoder
from train.strokes.paths import Slots
from train.strokes.pixels import chamfer, shaken
from train.strokes.recipe import EncoderConfig, StrokeRecipe


def test_the_shipped_recipe_draws_strokes_and_comes_back_from_its_dictionary():
    recipe = load_recipe("default")
    assert isinstance(recipe, StrokeRecipe) and recipe.draws == "strokes"
    assert StrokeRecipe.from_dict(recipe.to_dict()) == recipe
    assert isinstance(load_recipe("field"), TrainRecipe)
    with pytest.raises(InputError, match="draws strokes"):
        TrainRecipe.load("default")


def macs(module: nn.Module) -> int:
    """Multiply-adds of one row through the linear layers of `module`."""
    return sum(layer.weight.numel() for layer in module.modules() if isinstance(layer, nn.Linear))


def test_the_shipped_recipe_is_cheap_to_draw_with():
    recipe = load_recipe("default")
    sizes, vae, distil = recipe.strokes, recipe.vae, recipe.distil
    decoder = StrokeDecoder(94, sum(sizes.points), len(sizes.points), sizes.variation, vae.width, vae.blocks)
    draw = FewStepPrior(94, sizes.variation, sizes.style, distil.width, distil.blocks, distil.unrolled)
    assert macs(decoder) + distil.unrolled * macs(draw) < 3.0e6


def written(seed: int = 0, writers: int = 120, characters: int = 12, size: int = 3):
    """Latents of letters by writers of two tablets, of which one moves all that is written on it."""
    random = np.random.default_rng(seed)
    loadings = random.standard_normal((characters, 6, size))
    style = random.standard_normal((writers, size))
    tablet = np.arange(writers) % 2
    rows = [(w, c) for w in range(writers) for c in range(characters) if random.random() < 0.6]
    writer, char = np.array(rows).T
    felt = style[writer] + 2.0 * tablet[writer, None]
    latents = (loadings[char] @ felt[..., None])[..., 0] + 0.3 * random.standard_normal((len(rows), 6))
    names = tuple(f"{'ab'[t]}/{w}" for w, t in enumerate(tablet))
    return latents, char, writer, names, style, tablet


def test_factors_find_people_and_not_tablets(tmp_path):
    latents, char, writer, names, style, tablet = written()
    found = fit_factors(latents, char, writer, names, 12, 3)
    second = found.style.T @ found.style / len(style) + found.unsure.mean(0)
    assert np.allclose(second, np.eye(3), atol=1e-6)
    gap = found.style[tablet == 0].mean(0) - found.style[tablet == 1].mean(0)
    assert np.abs(gap).max() < 0.2
    told = np.linalg.lstsq(np.column_stack([found.style, np.ones(len(style))]), style, rcond=None)[1]
    assert (told / (len(style) * style.var(0)) < 0.15).all()
    found.save(tmp_path / "factors.pt")
    again = Factors.load(tmp_path / "factors.pt")
    assert (again.style == found.style).all() and again.explained == found.explained
    twice = fit_factors(latents, char, writer, names, 12, 3)
    assert (twice.style == found.style).all()


def test_characters_and_writers_without_a_letter_are_no_trouble():
    latents, char, writer, names, _, _ = written(writers=8)
    found = fit_factors(latents, char, writer, (*names, "c/none"), 20, 3)
    assert np.isfinite(found.style).all() and (found.loadings[12:] == 0).all()


def stroke() -> tuple[torch.Tensor, torch.Tensor, Slots]:
    """A slanted line and, to its right, a dot."""
    slots = Slots((40, 2))
    t = torch.linspace(-0.5, 0.5, 40)
    points = torch.cat([torch.stack([0.3 * t, t], 1), torch.tensor([[0.8, -0.6], [0.8, -0.6]])])[None]
    return points, torch.ones(1, 2), slots


def test_pictures_and_their_points_are_shaken_alike():
    points, exist, slots = stroke()
    pen = np.array([2.5])
    seen = torch.from_numpy(ink(points.numpy(), exist.numpy(), slots, pen)).float() / 255
    config = EncoderConfig(slant=0.4, size=0.2)
    for seed in range(4):
        chance = torch.Generator().manual_seed(seed)
        moved, where = shaken(seen, points, torch.ones(1, 42), config, chance)
        expected = torch.from_numpy(ink(where.numpy(), exist.numpy(), slots, pen)).float() / 255
        best = max(
            (moved * torch.roll(expected, (0, by), (1, 2))).sum()
            / (moved.square().sum() * expected.square().sum()) ** 0.5
            for by in (-1, 0, 1)
        )
        assert best > 0.9, seed


def test_chamfer_sees_places_and_not_the_order():
    points, _, _ = stroke()
    has = torch.ones(1, 42)
    back = points.flip(1)
    assert chamfer(points, has, points, has) == 0 and chamfer(back, has, points, has) < 0.5
    aside = points + torch.tensor([1.0, 0.0])
    assert chamfer(aside, has, points, has) < 1e-3  # centred left to right
    below = points + torch.tensor([0.0, 0.25])
    assert chamfer(below, has, points, has) > 1
    without = has.clone()
    without[:, 40:] = 0
    assert chamfer(points, without, points, has) > 1
