"""The stage that sets a critic before the prior: steps of their own weights, loaded again as they were left."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from export.strokes import PriorGraph
from handsynth.errors import InputError
from train.strokes.distil import Teacher
from train.strokes.factors import fit_factors
from train.strokes.glyphs import StrokeGlyphs
from train.strokes.networks import FewStepPrior, Flow, Steps, StrokeDecoder
from train.strokes.recipe import DistilConfig, SharpenConfig, StrokeRecipe, StrokesConfig
from train.strokes.sharpen import fit_sharp
from train.strokes.stage import Run

SIZES = StrokesConfig(characters="abc", points=(6, 4), variation=4, style=3)
RECIPE = StrokeRecipe(
    strokes=SIZES,
    distil=DistilConfig(width=16, blocks=1),
    sharpen=SharpenConfig(steps=12, batch=32, width=16, blocks=1, least=0.0, bank=8192, reader_steps=10),
)


def parts(seed: int = 0):
    """Glyphs of 6 writers and untrained networks, the same each time."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    n = 120
    char, writer = torch.arange(n) % 3, np.arange(n) % 6
    names = tuple(f"tablet/{w}" for w in range(6))
    points, exist = torch.randn(n, 10, 2), torch.ones(n, 2)
    glyphs = StrokeGlyphs(points, exist, char, writer, names, np.arange(n))
    mean = random.standard_normal((n, 4))
    factors = fit_factors(mean, char.numpy(), writer, names, 3, 3)
    latents = torch.from_numpy(mean).float(), torch.full((n, 4), 0.1)
    flow, weak = Flow(3, 4, 3, 16, 1).eval(), Flow(3, 4, 3, 8, 1).eval()
    decoder = StrokeDecoder(3, 10, 2, 4, 16, 1).eval().requires_grad_(False)
    draw = FewStepPrior(3, 4, 3, 16, 1, 2).eval().requires_grad_(False)
    return glyphs, latents, factors, Teacher(flow, weak, 2, 1.5), decoder, draw


def run(folder, recipe=RECIPE) -> Run:
    folder.mkdir(exist_ok=True)
    return Run(folder, recipe.seed, json.loads(json.dumps(recipe.to_dict())))


def test_each_step_gets_weights_of_its_own_and_what_was_done_is_loaded(tmp_path):
    *given, draw = parts()
    steps = fit_sharp(run(tmp_path / "a"), RECIPE, *given, draw)
    first, second = (dict(part.named_parameters()) for part in steps.parts)
    assert any(not torch.equal(first[name], second[name]) for name in first)
    assert any(not torch.equal(first[name], value) for name, value in draw.named_parameters())
    assert not (tmp_path / "a" / "sharp-pairs.pt").exists(), "the bank is of no further use"
    again = fit_sharp(run(tmp_path / "a"), RECIPE, *given, draw)
    inputs = torch.randn(5, 4), torch.tensor([0, 1, 2, 0, 1]), torch.randn(5, 3)
    assert torch.equal(steps(*inputs), again(*inputs))


def test_a_stage_that_was_stopped_ends_in_the_same_bits(tmp_path):
    *given, draw = parts()
    whole = fit_sharp(run(tmp_path / "whole"), RECIPE, *given, draw)
    # time is over before the first step of every stage but what is done already
    for _ in range(40):
        try:
            pieces = fit_sharp(run(tmp_path / "pieces"), RECIPE, *given, draw, stop=time.monotonic())
            break
        except InputError as error:
            assert "go on with --resume" in str(error)
    for one, other in zip(whole.state_dict().values(), pieces.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_another_recipe_does_not_go_on_with_it(tmp_path):
    *given, draw = parts()
    fit_sharp(run(tmp_path / "a"), RECIPE, *given, draw)
    other = replace(RECIPE, sharpen=replace(RECIPE.sharpen, gamma=1.0))
    with pytest.raises(InputError, match="other numbers"):
        fit_sharp(run(tmp_path / "a", other), other, *given, draw)


def test_an_exported_prior_draws_styles_as_people_are_and_takes_a_style_as_it_is():
    _, _, factors, _, _, draw = parts()
    prior = PriorGraph(Steps(draw), factors, blur=0.2)
    noise = torch.from_numpy(np.random.default_rng(3).standard_normal((40_000, 3))).float()
    char, variation = torch.zeros(len(noise), dtype=torch.long), torch.zeros(len(noise), 4)
    style, drawn = prior(char, noise, variation)
    assert torch.equal(drawn[:9], Steps(draw)(variation[:9], char[:9], noise[:9]))
    people = torch.from_numpy(factors.style).float()
    assert np.allclose(style.mean(0), people.mean(0), atol=0.05)
    inside = factors.style.T @ factors.style / len(people) + factors.unsure.mean(0) + 0.04 * np.eye(3)
    # what the first number gives away by choosing the person is small beside the whole
    assert np.allclose(np.cov(style.numpy().T, bias=True), inside, atol=0.25 * np.trace(inside) / 3)
    ends = prior(char[:2], torch.tensor([[-9.0, 0, 0], [9.0, 0, 0]]), variation[:2])[0]
    assert torch.isfinite(ends).all()
