"""Directions, step quality and noise of two networks against each other, each by itself: beside a loop by hand."""

import math
from copy import deepcopy
from typing import NamedTuple, cast

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from nnviz.catalog import MODELS
from nnviz.catalog.networks.gan import GAN
from nnviz.catalog.noise import MEASURING
from nnviz.charts import CHARTS
from nnviz.records.run import Record
from nnviz.records.shapes import LayerNumbers
from nnviz.records.tier import Tier
from nnviz.runs.timeline import snapshot_of
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Detail, Experiment, Observer
from nnviz.training.measure import at_tier

ALL = at_tier(Detail.WHOLE, Tier.FULL)
RATE = 0.05
DUEL = MODELS["gan"].usual.with_(
    optimizer=Choice.of("sgd", lr=RATE), second_optimizer=Choice.of("sgd", lr=RATE), batch_size=32
)
NAMES = ["Discriminator", "Generator"]
READ = ("successive_gradients", "gradient_update", "alpha", "noise_scale")


def measured(spec: ExperimentSpec, updates: int) -> tuple[Experiment, Record]:
    experiment = Experiment(spec)
    experiment.keep_former(True)
    experiment.advance(updates)
    return experiment, Observer(experiment).measure(ALL)


def numbers(record: Record, name: str) -> dict[str, float]:
    found = cast(LayerNumbers, record.readings[name])
    assert math.isnan(found.whole)
    return {str(each): float(value) for each, value in zip(found.names, found.values, strict=True)}


class Round(NamedTuple):
    """What a loop by hand leaves of one update: the networks before, between and after, and both gradients."""

    before: GAN
    between: GAN
    after: GAN
    batch: Tensor
    gradients: dict[str, Tensor]


def catch(net: GAN, x: Tensor, z: Tensor) -> Tensor:
    real, made = net.discriminator(x), net.discriminator(net.generator(z).detach())
    ones, zeros = torch.ones_like(real), torch.zeros_like(made)
    return F.binary_cross_entropy_with_logits(real, ones) + F.binary_cross_entropy_with_logits(made, zeros)


def fool(net: GAN, x: Tensor, z: Tensor) -> Tensor:
    scores = net.discriminator(net.generator(z))
    return F.binary_cross_entropy_with_logits(scores, torch.ones_like(scores))


LOSSES = {"Discriminator": catch, "Generator": fool}


def own(net: GAN, name: str) -> list[Tensor]:
    return list(net.get_submodule(name.lower()).parameters())


def flat(parts: list[Tensor]) -> Tensor:
    return torch.cat([part.detach().reshape(-1) for part in parts]).double()


def slope(net: GAN, name: str, x: Tensor, z: Tensor) -> tuple[float, Tensor]:
    loss = LOSSES[name](net, x, z)
    return loss.item(), flat(list(torch.autograd.grad(loss, own(net, name))))


def by_hand(updates: int) -> list[Round]:
    """Train the same network with plain autograd and plain steps."""
    twin = Experiment(DUEL)
    net, noise, done = cast(GAN, deepcopy(twin.model)), twin.noise.generator, []
    for _ in range(updates):
        x, _ = twin.batches.next()
        stages, gradients = [deepcopy(net)], {}
        for name in NAMES:
            z = torch.randn(len(x), net.latent, generator=noise)
            _, gradients[name] = slope(net, name, x, z)
            step = torch.autograd.grad(LOSSES[name](net, x, z), own(net, name))
            with torch.no_grad():
                for value, each in zip(own(net, name), step, strict=True):
                    value -= RATE * each
            stages.append(deepcopy(net))
        done.append(Round(stages[0], stages[1], stages[2], x, gradients))
    return done


def cosine(one: Tensor, other: Tensor) -> float:
    return float(one @ other / (one.norm() * other.norm()))


def test_the_loop_by_hand_is_the_run() -> None:
    experiment, _ = measured(DUEL, 6)
    last = by_hand(6)[-1]
    for ours, theirs in zip(experiment.model.parameters(), last.after.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("updates", [2, 7])
def test_the_angle_between_two_gradients_is_that_of_each_player_by_itself(updates: int) -> None:
    _, record = measured(DUEL, updates)
    former, last = by_hand(updates)[-2:]
    found = numbers(record, "successive_gradients")
    assert list(found) == NAMES
    for name in NAMES:
        assert found[name] == pytest.approx(cosine(former.gradients[name], last.gradients[name]), abs=1e-3)
    assert len({round(value, 3) for value in found.values()}) == 2


def test_plain_steps_go_straight_against_each_players_gradient_and_adam_does_not() -> None:
    assert list(numbers(measured(DUEL, 5)[1], "gradient_update").values()) == pytest.approx([-1, -1], abs=1e-4)
    turned = numbers(measured(MODELS["gan"].usual, 5)[1], "gradient_update")
    assert all(-0.99 < value < 0 for value in turned.values())


@pytest.mark.parametrize("updates", [1, 6])
def test_step_quality_is_that_of_each_players_step_with_the_other_one_as_it_stood_then(updates: int) -> None:
    _, record = measured(DUEL, updates)
    last = by_hand(updates)[-1]
    ends = {"Discriminator": (last.before, last.between), "Generator": (last.between, last.after)}
    found = numbers(record, "alpha")
    for name, (start, end) in ends.items():
        z = torch.randn(len(last.batch), start.latent, generator=torch.Generator().manual_seed(MEASURING))
        (a, first), (b, second) = (slope(net, name, last.batch, z) for net in (start, end))
        step = flat(own(end, name)) - flat(own(start, name))
        table = np.array([[1, 0, 0], [1, 1, 1], [0, 1, 0], [0, 1, 2]], float)  # values and slopes at both ends
        values = np.array([a, b, float(first @ step), float(second @ step)])
        _, fall, bend = np.linalg.lstsq(table, values, rcond=None)[0]
        assert found[name] == pytest.approx(-2 * bend / fall - 1, rel=2e-2, abs=2e-3)


def test_the_noise_scale_is_that_of_each_players_gradient_over_examples_and_draws() -> None:
    experiment, record = measured(DUEL, 6)
    net, found = cast(GAN, experiment.model.eval()), numbers(record, "noise_scale")
    parts = torch.split(experiment.data.train_x[:256], 16)
    for name in found:
        noise = torch.Generator().manual_seed(MEASURING)
        rows = torch.stack([slope(net, name, x, torch.randn(16, net.latent, generator=noise))[1] for x in parts])
        spread = 16 * rows.var(0, correction=1).sum()  # of one example's gradient
        size = rows.mean(0).square().sum() - spread / 256
        if size > 0:
            assert found[name] == pytest.approx(float(spread / size), rel=1e-3)
        else:
            assert math.isnan(found[name])
    assert any(math.isfinite(value) for value in found.values())


def test_who_takes_several_steps_in_an_update_has_no_one_step_to_judge() -> None:
    spec = DUEL.with_(model=Choice.of("gan", d_steps=3))
    _, record = measured(spec, 4)
    for name in ("alpha", "gradient_update"):
        assert math.isnan(numbers(record, name)["Discriminator"])
        assert math.isfinite(numbers(record, name)["Generator"])
    assert all(map(math.isfinite, numbers(record, "successive_gradients").values()))


@pytest.mark.parametrize("loss", ["non_saturating", "wasserstein_gp"])
def test_measuring_rivals_changes_no_bit_of_what_they_learn_next(loss: str) -> None:
    spec = MODELS["gan"].usual.with_(loss=Choice(loss))
    watched, alone = Experiment(spec), Experiment(spec)
    watched.keep_former(True)
    for _ in range(3):
        watched.advance(1)
        alone.advance(1)
        found = Observer(watched).measure(ALL)
        assert {"alpha", "gradient_update"} <= found.readings.keys()
        assert torch.equal(watched.flat.parameter, alone.flat.parameter)
        assert torch.equal(watched.noise.state, alone.noise.state)
    assert watched.curve.freeze().losses.tolist() == alone.curve.freeze().losses.tolist()


@pytest.mark.parametrize("chart", READ)
def test_the_charts_have_a_line_for_each_player(chart: str) -> None:
    experiment = Experiment(DUEL)
    experiment.keep_former(True)
    records = []
    for _ in range(4):
        experiment.advance(2)
        records.append(Observer(experiment).measure(ALL))
    drawn = CHARTS[chart].draw(snapshot_of(experiment, tuple(records)))
    assert {trace["name"] for trace in drawn["data"]} <= set(NAMES)
    assert len(drawn["data"]) >= 1
    assert CHARTS[chart].fits(snapshot_of(experiment, tuple(records)))
