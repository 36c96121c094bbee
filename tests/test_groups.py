"""The parts of training: batches, augmentation, group posterior, priors, recipes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import letter, tiny_recipe

from handsynth.errors import InputError
from handsynth.frame import STANDARD
from train.augment import augment, redraw
from train.batches import Batches
from train.data.picture import field_of
from train.loss import reconstruction
from train.model import CVAE, ModelConfig, VariationPrior
from train.priors import conditional_gaussians
from train.recipe import DataConfig, TrainRecipe

SMALL = ModelConfig(style=3, variation=4, embedding=8, hidden=16, decoder=(8, 8, 8), encoder=(8, 8, 8))


def test_groups_have_one_writer_and_hide_some_glyphs(tiny_data):
    rows = np.flatnonzero(tiny_data.split == 0)
    batches = Batches(tiny_data, DataConfig(groups=5, group=7), rows, seed=3)
    seen = []
    for step in range(40):
        batch = batches(step)
        writers = tiny_data.writers[batch.rows]
        assert (writers == writers[:, :1]).all()
        assert np.isin(batch.rows, rows).all()
        seen.append(batch.seen.sum(1))
    counts = np.concatenate(seen)
    assert counts.min() == 1 and counts.max() == 7  # a hand can be read from one glyph and from all
    assert (batches(3).rows == batches(3).rows).all() and (batches(3).rows != batches(4).rows).any()


def test_plain_pass_sees_each_glyph_once(tiny_data):
    rows = np.flatnonzero(tiny_data.split == 0)
    batches = Batches(tiny_data, DataConfig(groups=10, group=1), rows, seed=3)
    epoch = np.concatenate([batches(step).rows.ravel() for step in range(batches.steps_per_pass)])
    assert len(np.unique(epoch)) == len(epoch) == len(rows) // 10 * 10


def field(char: str = "h") -> torch.Tensor:
    return torch.from_numpy(field_of(letter(char, 0.0, 1.0)))[None]


def parameters(slant=0.0, size=0.0, aspect=0.0, angle=0.0, pen=0.0, bold=0.0) -> torch.Tensor:
    return torch.tensor([[slant, size, aspect, angle, pen, bold]])


def area(value: torch.Tensor) -> float:
    return float((value + 0.5).clamp(0, 1).sum())


def test_no_augmentation_is_the_identity():
    drawn = augment(field(), torch.zeros(1), parameters(), STANDARD)
    assert (drawn - field()).abs().max() < 0.51  # at most the half pixel that centring moves
    assert abs(area(drawn) / area(field()) - 1) < 0.02


def test_slant_leans_right_and_stays_centred():
    drawn = augment(field("l"), torch.zeros(1), parameters(slant=0.4), STANDARD)[0] > 0
    columns = torch.arange(64.0) + 0.5
    rows = drawn.any(1).nonzero().ravel()
    top, bottom = (float(columns[drawn[r]].mean()) for r in (rows[2], rows[-3]))
    assert top > bottom + 5
    across = drawn.any(0).nonzero().ravel()
    assert abs(float(across[0] + across[-1] + 1) / 2 - 32) <= 1
    assert int(rows[-1]) == STANDARD.baseline - 1


def test_pen_width_is_set_for_strokes_and_bold_for_pictures():
    thin = augment(field("l"), torch.tensor([2.5]), parameters(pen=1.5), STANDARD)
    thick = augment(field("l"), torch.tensor([2.5]), parameters(pen=4.5), STANDARD)
    assert area(thick) > area(thin) * 1.5
    bold = augment(field("l"), torch.zeros(1), parameters(pen=4.5, bold=1.0), STANDARD)
    assert area(bold) > area(field("l")) and area(bold) < area(thick) * 1.6


def test_redrawing_with_another_pen_changes_the_pen_alone():
    pens = torch.tensor([2.5])
    thin, thick = parameters(slant=0.2, pen=1.5), parameters(slant=0.2, pen=4.0)
    drawn = augment(field(), pens, thin, STANDARD)
    assert torch.allclose(redraw(drawn, pens, thin, thick), augment(field(), pens, thick, STANDARD), atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from("gWjM@|lQ"), st.floats(-0.5, 0.5), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.floats(-0.1, 0.1)
)
def test_augmented_glyphs_stay_in_the_frame(char, slant, size, aspect, angle):
    drawn = augment(field(char), torch.zeros(1), parameters(slant, size, aspect, angle), STANDARD)[0] > 0
    edge = torch.cat([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]])
    assert drawn.any() and not edge.any()


def test_group_posterior_is_the_product_with_the_prior():
    model = CVAE(SMALL, ["a", "b"])
    mean, logvar = torch.randn(1, 4, 3), torch.randn(1, 4, 3)
    seen = torch.tensor([[1.0, 0, 1, 0]])
    got_mean, got_logvar = model.group_posterior(mean, logvar, seen)
    precision = 1 + sum(torch.exp(-logvar[0, i]) for i in (0, 2))
    expected = sum(torch.exp(-logvar[0, i]) * mean[0, i] for i in (0, 2)) / precision
    assert torch.allclose(got_mean[0], expected) and torch.allclose(got_logvar[0], -precision.log())


def test_variation_prior_follows_the_posteriors():
    torch.manual_seed(0)
    prior = VariationPrior(3, 4)
    root = torch.tril(torch.randn(4, 4)) + 2 * torch.eye(4)
    centre = torch.tensor([1.0, -2, 3, 0])
    draws = centre + torch.randn(4000, 4) @ root.T
    for part in draws.split(16):
        prior.update(torch.ones(len(part), dtype=torch.long), part, torch.full_like(part, -3.0))
    covariance = prior.regular()
    assert (prior.mean[1] - centre).abs().max() < 0.8
    expected = root @ root.T + torch.eye(4) * np.exp(-3)
    assert ((covariance[1] - expected).abs() / expected.diagonal().max()).max() < 0.3
    assert prior.mean[0].abs().max() == 0  # never seen: the mean stays, the covariance leans on the others
    assert covariance[0].diagonal().min() > 0.5


def test_kl_of_the_variation_agrees_with_torch():
    torch.manual_seed(1)
    prior = VariationPrior(2, 3)
    char = torch.tensor([0, 1, 1, 0] * 20)
    prior.update(char, torch.randn(80, 3) * 2 + 1, torch.randn(80, 3))
    mean, logvar = torch.randn(4, 3), torch.randn(4, 3)
    for i, c in enumerate((0, 1, 1, 0)):
        q = torch.distributions.MultivariateNormal(mean[i], torch.diag(logvar[i].exp()))
        p = torch.distributions.MultivariateNormal(prior.mean[c], prior.regular()[c])
        expected = torch.distributions.kl_divergence(q, p)
        assert torch.allclose(prior.kl(char[:4], mean, logvar)[i], expected, rtol=1e-4)


def test_variation_given_the_hand_is_recovered():
    random = torch.Generator().manual_seed(2)
    char = torch.arange(2000) % 2
    style = torch.randn(2000, 3, generator=random).double()
    slope = torch.randn(2, 4, 3, generator=random).double()
    mean = torch.randn(2, 4, generator=random).double()
    noise = 0.3 * torch.randn(2000, 4, generator=random).double()
    v = mean[char] + (slope[char] @ style[:, :, None]).squeeze(2) + noise
    got_mean, got_slope, rest = conditional_gaussians(char, style, v, torch.full_like(v, 0.01), 3)
    assert (got_mean[:2] - mean).abs().max() < 0.1 and (got_slope[:2] - slope).abs().max() < 0.2
    assert torch.allclose(rest[0], 0.1 * torch.eye(4).double(), atol=0.05)
    assert got_mean[2].abs().max() == 0 and rest[2].diagonal().min() > 0.05  # a character that was never seen


def test_reconstruction_is_best_at_the_target():
    target = field("a")
    at = sum(part.item() for part in reconstruction(target, target, 4.0, 4.0, 0.15))
    for other in (target + 0.5, target - 0.5, -target, torch.zeros_like(target)):
        assert sum(part.item() for part in reconstruction(other, target, 4.0, 4.0, 0.15)) > at
    far = torch.where(target < -4, target - 10, target)  # beyond the limit on the right side: no matter
    assert reconstruction(far, target, 4.0, 4.0, 0.15)[1] == reconstruction(target, target, 4.0, 4.0, 0.15)[1]


def test_deciding_pushes_grey_to_the_side_it_leans_to():
    target = torch.full((1, 4, 4), -3.0)
    for lean in (-0.3, 0.3):
        drawn = torch.full((1, 4, 4), lean, requires_grad=True)
        reconstruction(drawn, target, 4.0, 0.0, 0.0, decide=1.0)[1].sum().backward()
        assert (torch.sign(-drawn.grad) == np.sign(lean)).all()
    edge = torch.zeros(1, 4, 4)  # at an edge of the target grey is right
    assert reconstruction(torch.zeros(1, 4, 4), edge, 4.0, 4.0, 0.0, decide=1.0)[1] == 0


def test_recipes_round_trip_and_shipped_ones_load():
    for name in ("field", "seed"):
        recipe = TrainRecipe.load(name)
        assert TrainRecipe.from_dict(recipe.to_dict()) == recipe and recipe.name == name
    assert TrainRecipe.from_dict(tiny_recipe().to_dict()) == tiny_recipe()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[train]\nepochz = 3", "unknown key 'epochz'"),
        ("[train]\nepochs = 'many'", "'epochs' must be a int"),
        ("[train]\nepochs = 0", "train.epochs is out of range"),
        ("[training]\n", "unknown key 'training'"),
        ("epochs = = 3", "not a TOML file"),
    ],
)
def test_faulty_recipes_are_one_line(tmp_path, text, message):
    path = tmp_path / "faulty.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        TrainRecipe.load(path)
    with pytest.raises(
        InputError, match="no recipe 'nothing'; give a TOML file or one of: default, field, first, seed"
    ):
        TrainRecipe.load("nothing")
