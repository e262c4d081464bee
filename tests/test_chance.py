"""What guessing costs: no constant answer is cheaper, and charts of losses name its level."""

from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
import torch

from nnviz.catalog import DATASETS, LOSSES, MODELS, losses_for
from nnviz.charts import CHARTS
from nnviz.charts.chart import PLAIN_VIEW, View
from nnviz.records.run import Snapshot
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training.chance import chance
from nnviz.training.experiment import Experiment
from tests.snapshots import race, running

HERE = [name for name, entry in DATASETS.items() if entry.kind in ("points", "curve") or name == "digits"]
EACH = [(data, loss) for data in HERE for loss in losses_for(Choice(data))]


def price(spec: ExperimentSpec) -> float:
    (found,) = chance(Experiment(spec))
    return found


@pytest.mark.parametrize(("data", "loss"), EACH)
def test_no_constant_answer_is_cheaper_than_guessing(data: str, loss: str) -> None:
    experiment = Experiment(ExperimentSpec(dataset=Choice(data), loss=Choice(loss)))
    (found,) = chance(experiment)
    targets = experiment.targets[: experiment.family.measured]
    rows = torch.zeros(1, experiment.loss.outputs(experiment.data), dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([rows], max_iter=300, line_search_fn="strong_wolfe", tolerance_grad=1e-9)

    def cost() -> torch.Tensor:
        search.zero_grad()
        wanted = targets.double() if targets.is_floating_point() else targets
        value = experiment.loss.value(rows.expand(len(targets), -1), wanted)
        torch.autograd.backward(value)
        return value

    search.step(cost)  # type: ignore[no-untyped-call]
    with torch.enable_grad():
        cheapest = cost().item()
    assert found == pytest.approx(cheapest, rel=1e-4, abs=1e-5)


def test_guessing_costs_ln_k_for_k_even_classes_and_the_variance_of_numbers() -> None:
    assert price(ExperimentSpec()) == pytest.approx(log(10), abs=2e-3)
    assert price(ExperimentSpec(dataset=Choice("moons"))) == pytest.approx(log(2), abs=1e-3)
    sine = ExperimentSpec(dataset=Choice("sine"), loss=Choice("mse"))
    targets = Experiment(sine).targets.numpy()
    assert price(sine) == pytest.approx(float(targets.var()), rel=1e-5)


def test_at_every_step_of_a_text_guessing_costs_the_entropy_of_its_characters() -> None:
    spec = MODELS["lstm"].usual.with_(dataset=Choice("text"), loss=Choice("cross_entropy"))
    experiment = Experiment(spec)
    counts = np.bincount(experiment.targets[: experiment.family.measured].numpy().ravel())
    shares = counts[counts > 0] / counts.sum()
    assert price(spec) == pytest.approx(float(-(shares * np.log(shares)).sum()), rel=1e-4)


def test_where_nobody_can_tell_players_pay_ln_2_and_ln_4_and_of_scores_there_is_no_price() -> None:
    spec = MODELS["gan"].usual
    assert chance(Experiment(spec)) == pytest.approx((log(2), log(4)))
    assert chance(Experiment(spec.with_(loss=Choice("wasserstein_gp")))) == ()


def test_every_loss_says_what_guessing_costs() -> None:
    assert {name for name, entry in LOSSES.items() if not (entry.build().guess or entry.build().versus)} == set()


def levels(snapshot: Snapshot, name: str, view: View = PLAIN_VIEW) -> list[tuple[float, str]]:
    shapes: list[dict[str, Any]] = CHARTS[name].draw(snapshot, view)["layout"]["shapes"]
    return [(shape["y0"], shape["label"]["text"]) for shape in shapes]


def priced(snapshot: Snapshot, **about: Any) -> Snapshot:
    assert snapshot.scene is not None
    return replace(snapshot, scene=replace(snapshot.scene, **about))


@pytest.mark.parametrize("name", ["loss", "test_loss"])
@pytest.mark.parametrize("is_log", [False, True])
def test_the_charts_of_losses_name_what_guessing_costs(name: str, *, is_log: bool) -> None:
    snapshot = priced(race("digits") if name == "test_loss" else running("digits"), chance=(2.302,))
    assert levels(snapshot, name, View(log_loss=is_log)) == [(2.302, "guessing: 2.3")]


@pytest.mark.parametrize("name", ["loss", "test_loss"])
@pytest.mark.parametrize("is_log", [False, True])
def test_the_word_of_a_price_stands_above_a_low_one_and_below_a_high_one(name: str, *, is_log: bool) -> None:
    snapshot = race("digits") if name == "test_loss" else running("digits")
    drawn = CHARTS[name].draw(snapshot, View(log_loss=is_log))["data"]
    losses = np.concatenate([trace["y"] for trace in drawn if trace.get("name", "changes") != "changes"])
    losses = losses[np.isfinite(losses)]
    for price, side in ((losses.min(), "bottom"), (1.05 * losses.min(), "bottom"), (losses.max(), "top")):
        (level,) = CHARTS[name].draw(priced(snapshot, chance=(float(price),)), View(log_loss=is_log))["layout"][
            "shapes"
        ]
        assert level["label"]["yanchor"] == side


@pytest.mark.parametrize("is_log", [False, True])
def test_an_axis_ends_beyond_a_price_that_lies_little_beyond_the_losses_and_not_at_one_far_off(*, is_log: bool) -> None:
    snapshot = race("digits")
    low, high = ends(snapshot, is_log)
    near = high * (high / low) ** 0.02 if is_log else high + 0.02 * (high - low)
    assert ends(snapshot, is_log, near)[1] > near > high
    far = high * (high / low) if is_log else 2 * high - low
    assert ends(snapshot, is_log, far) == (low, high)


def ends(snapshot: Snapshot, is_log: bool, *prices: float) -> tuple[float, float]:
    """Return where the axis of a race's test losses ends when guessing costs that."""
    axis = CHARTS["test_loss"].draw(priced(snapshot, chance=prices), View(log_loss=is_log))["layout"]["yaxis"]
    low, high = axis["range"]
    return (10**low, 10**high) if axis.get("type") == "log" else (low, high)


def test_on_an_axis_of_powers_a_price_below_zero_has_no_place() -> None:
    snapshot = priced(running("digits"), chance=(-0.5,))
    assert levels(snapshot, "loss", View(log_loss=True)) == []
    assert levels(snapshot, "loss") == [(-0.5, "guessing: -0.5")]


def test_a_race_of_players_names_no_price_and_one_pair_names_each_players() -> None:
    players = ("generator", "discriminator")
    assert levels(priced(race("digits"), chance=(0.69, 1.39), players=players), "loss") == []
    both = levels(priced(running("digits"), chance=(0.69, 1.39), players=players), "loss")
    assert both == [(0.69, "generator, nobody can tell: 0.69"), (1.39, "discriminator, nobody can tell: 1.39")]
