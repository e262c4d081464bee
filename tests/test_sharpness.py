"""The instrument and the chart of the sharpness: right, without consequences for training, and only where wanted."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.autograd.functional import hessian as hessian_of
from torch.nn import functional as F

from nnviz.catalog import MODELS, OPTIMIZERS
from nnviz.charts import CHARTS, figure
from nnviz.charts.sharpness import has_sharpness
from nnviz.library.codec import Arrays, decode, encode
from nnviz.records.readings import Sharpness
from nnviz.records.run import Snapshot
from nnviz.records.shapes import NOTHING, LayerNumbers
from nnviz.records.tier import Tier
from nnviz.runs.timeline import snapshot_of
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Experiment, Observer
from nnviz.training.instruments.hessian_trace import hessian_trace
from nnviz.training.instruments.sharpness import limit_of
from nnviz.training.measure import Detail, at_tier, in_training
from tests.homes import SMALLEST, smallest
from tests.snapshots import SNAPSHOTS, many_lanes, running

WANTED = Detail.SCORES | {"sharpness"}
SMALL = ExperimentSpec(
    dataset=Choice.of("moons", size=60), model=Choice.of("mlp", hidden="4"), activation=Choice("tanh"),
    loss=Choice("mse"), optimizer=Choice.of("sgd", lr=0.1), batch_size=16,
)  # fmt: skip


def sharpness_of(experiment: Experiment) -> Sharpness:
    found = Observer(experiment).measure(WANTED).readings["sharpness"]
    assert isinstance(found, Sharpness)
    return found


@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_largest_eigenvalue_of_the_hessian_that_torch_writes_out(loss: str, seed: int) -> None:
    experiment = Experiment(SMALL.with_(loss=Choice(loss), seed=seed))
    experiment.advance(20)
    largest = torch.linalg.eigvalsh(written_out(experiment))[-1].item()
    assert sharpness_of(experiment).value == pytest.approx(largest, rel=1e-2)


def written_out(experiment: Experiment) -> Tensor:
    """The Hessian of the training loss of a network of two layers, by torch."""
    loss = experiment.spec.loss.name
    x, y = experiment.data.train_x, experiment.data.train_y
    sizes = [part.numel() for part in experiment.model.parameters()]
    shapes = [part.shape for part in experiment.model.parameters()]

    def value(flat: Tensor) -> Tensor:
        first, one, second, two = (
            part.view(shape) for part, shape in zip(torch.split(flat, sizes), shapes, strict=True)
        )
        output = F.linear(torch.tanh(F.linear(x, first, one)), second, two)
        return F.cross_entropy(output, y) if loss == "cross_entropy" else F.mse_loss(output, F.one_hot(y, 2).float())

    flat = torch.cat([part.detach().reshape(-1) for part in experiment.model.parameters()])
    table: Tensor = hessian_of(value, flat)  # type: ignore[no-untyped-call]
    return table


@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_the_trace_of_the_whole_and_of_each_layer_is_that_of_the_hessian_that_torch_writes_out(loss: str) -> None:
    experiment = Experiment(SMALL.with_(loss=Choice(loss)))
    experiment.advance(20)
    table = written_out(experiment)
    ends = np.cumsum([0, *(part.numel() for part in experiment.model.parameters())])
    found = hessian_trace(in_training(experiment), NOTHING, draws=1000)
    assert found is not None
    parts = [slice(start, end) for start, end in zip(ends[0::2], ends[1::2], strict=False)]
    assert found.names == ("lin_1", "lin_2")
    for told, rows in [(found.whole, slice(None)), *zip(found.values, parts, strict=True)]:
        # v_i (H v)_i of some rows has the variance of the sum of squares beside the diagonal, twice within the rows
        off = (table - torch.diag(table.diagonal()))[rows]
        error = (2 * off.square().sum() / 1000).sqrt().item()
        assert told == pytest.approx(table.diagonal()[rows].sum().item(), abs=4 * error)
        assert 4 * error < 0.25 * abs(told)


def test_the_trace_is_measured_where_all_is_and_of_a_straight_line_it_is_what_the_inputs_say() -> None:
    line = ExperimentSpec(
        dataset=Choice.of("line", size=100), model=Choice.of("mlp", hidden=""), loss=Choice("mse"),
        optimizer=Choice.of("sgd", lr=0.1),
    )  # fmt: skip
    experiment = Experiment(line)
    x = experiment.data.train_x[:, 0]
    found = Observer(experiment).measure(at_tier(Detail.LAYERS, Tier.FULL)).readings["hessian_trace"]
    assert isinstance(found, LayerNumbers)
    # (w x + b - y)² curves by 2 x² along w, by 2 along b; what the two share comes into both estimates alike
    along, shared = 2 * float((x * x).mean()), 2 * float(x.mean())
    assert found.whole - 2 * float(found.values[0]) == pytest.approx(2 - along, abs=1e-4)
    assert found.whole == pytest.approx(along + 2, abs=2 * abs(shared) + 1e-4)
    assert "hessian_trace" not in Observer(experiment).measure(Detail.WHOLE).readings


def test_nobody_gets_it_who_has_not_named_it() -> None:
    experiment = Experiment(SMALL)
    for detail in (Detail.FULL, Detail.WHOLE, Detail.SCORES, Detail.LAYERS):
        assert "sharpness" not in Observer(experiment).measure(detail).readings


@pytest.mark.parametrize("name", MODELS)
def test_measuring_it_changes_no_bit_of_what_any_network_learns_next(name: str) -> None:
    spec = smallest(name) if name in SMALLEST else MODELS[name].usual
    watched, unwatched = (Experiment(spec.with_(batch_size=8)) for _ in range(2))
    for experiment in (watched, unwatched):
        experiment.advance(2)
    draws, gradient = torch.random.get_rng_state(), watched.flat.gradient.clone()
    first, second = (Observer(watched).measure(WANTED).readings.get("sharpness") for _ in range(2))
    assert first == second
    assert (first is None) == (len(MODELS[name].task.players) > 1)
    assert torch.equal(torch.random.get_rng_state(), draws)
    assert torch.equal(watched.flat.gradient, gradient)
    for experiment in (watched, unwatched):
        experiment.advance(2)
    assert torch.equal(watched.flat.parameter, unwatched.flat.parameter)
    assert watched.curve.freeze().losses.tolist() == unwatched.curve.freeze().losses.tolist()


def test_where_the_loss_is_lost_there_is_none() -> None:
    experiment = Experiment(SMALL)
    with torch.no_grad():
        experiment.flat.parameter.fill_(math.nan)
    assert "sharpness" not in Observer(experiment).measure(WANTED).readings


RULES = {
    "sgd": {"lr": 0.3},
    "momentum": {"lr": 0.2, "momentum": 0.9},
    "nag": {"lr": 0.2, "momentum": 0.7},
    "sgd decayed": {"lr": 0.3, "weight_decay": 0.2},
    "momentum at rest": {"lr": 0.3, "momentum": 0.0},
}


@pytest.mark.parametrize("named", RULES)
def test_a_parabola_a_little_below_the_limit_is_descended_and_one_a_little_above_is_not(named: str) -> None:
    def end(share: float) -> float:
        """The size of the weight after many steps on a parabola of that share of the limit."""
        weight = nn.Parameter(torch.ones(1, dtype=torch.float64))
        entry = OPTIMIZERS[named.split()[0]]
        rule = entry.build([weight], **{**entry.values(Choice(named.split()[0])), **RULES[named]})
        limit = limit_of(rule)
        assert limit is not None
        for _ in range(2000):
            weight.grad = share * limit * weight.detach()
            rule.step()
        return abs(weight.item())

    assert end(0.98) < 1e-3
    assert end(1.02) > 1e3


def test_rules_that_scale_each_weight_by_itself_have_no_such_limit() -> None:
    weight = nn.Parameter(torch.ones(1))
    for name, entry in OPTIMIZERS.items():
        is_plain = name in ("sgd", "momentum", "nag")
        assert (limit_of(entry.build([weight], **entry.values(Choice(name)))) is not None) == is_plain


def test_the_limit_follows_the_rate_as_it_is_turned() -> None:
    experiment = Experiment(SMALL)
    assert sharpness_of(experiment).limit == pytest.approx(20)
    experiment.apply(Change(0, "optimizer.lr", 0.5))
    assert sharpness_of(experiment).limit == pytest.approx(4)


def test_a_reading_is_saved_and_read_back() -> None:
    for reading in (Sharpness(3.5, 4.0), Sharpness(-0.5, None)):
        arrays = Arrays()
        assert decode(encode(reading, arrays), arrays) == reading


# ---- the chart


def with_sharpness(snapshot: Snapshot, value: float = 4.0, limit: float | None = 5.0) -> Snapshot:
    """A run whose records have all been measured, the value rising to its end."""
    lanes = []
    for each in snapshot.lanes:
        last = each.records[-1].step or 1
        found = [part.with_readings(sharpness=Sharpness(value * part.step / last, limit)) for part in each.records]
        lanes.append(replace(each, records=tuple(found)))
    return replace(snapshot, lanes=tuple(lanes))


def test_the_chart_is_there_only_where_it_was_measured() -> None:
    assert not any(CHARTS["sharpness"].fits(snapshot) for snapshot in SNAPSHOTS.values())
    assert has_sharpness(with_sharpness(running("digits")))


def test_it_draws_what_was_measured_and_the_limit_as_steps_in_one_picture() -> None:
    drawn = CHARTS["sharpness"].draw(with_sharpness(running("digits")))
    found, limit = drawn["data"]
    assert found["y"][-1] == pytest.approx(4.0)
    assert set(limit["y"]) == {np.float32(5.0)}
    assert limit["line"]["shape"] == "hv"
    low, high = drawn["layout"]["yaxis"]["range"]
    assert low == 0 <= 5 < high < 10
    assert figure("sharpness", with_sharpness(running("digits")))


@pytest.mark.parametrize("named", RULES)
def test_the_limit_is_drawn_to_the_present_as_the_knobs_stand_before_anybody_has_measured_again(named: str) -> None:
    experiment = Experiment(SMALL.with_(optimizer=Choice(named.split()[0], RULES[named])))
    first = Observer(experiment).measure(WANTED)
    before = sharpness_of(experiment).limit
    assert before is not None
    experiment.advance(3)
    experiment.apply(Change(3, "optimizer.lr", 0.25))
    at_the_edge = first.with_readings(sharpness=Sharpness(before, before))
    _, limit = CHARTS["sharpness"].draw(snapshot_of(experiment, (at_the_edge,)))["data"]
    assert limit["x"].tolist() == [0, 3]
    assert limit["y"].tolist() == pytest.approx([before, sharpness_of(experiment).limit])


def test_a_limit_far_above_is_named_and_leaves_the_line_its_room() -> None:
    drawn = CHARTS["sharpness"].draw(with_sharpness(running("digits"), limit=2000.0))
    assert len(drawn["data"]) == 1
    assert drawn["layout"]["yaxis"]["range"][1] < 8
    assert "2000" in drawn["layout"]["annotations"][0]["text"]


def test_what_explodes_leaves_the_picture_and_what_rises_without_a_limit_does_not() -> None:
    for limit, is_inside in ((1.0, False), (None, True)):
        snapshot = with_sharpness(running("digits"), value=1e9, limit=limit)
        _, high = CHARTS["sharpness"].draw(snapshot)["layout"]["yaxis"]["range"]
        assert (high > 1e9) == is_inside


def test_a_rule_without_a_limit_has_the_line_alone() -> None:
    drawn = CHARTS["sharpness"].draw(with_sharpness(running("digits"), limit=None))
    assert [trace["name"] for trace in drawn["data"]] == ["sharpness"]
    assert drawn["layout"]["annotations"] == []


def test_in_a_race_every_lane_has_its_line_and_its_limit() -> None:
    snapshot = with_sharpness(many_lanes("digits"))
    drawn = CHARTS["sharpness"].draw(snapshot)
    assert len(drawn["data"]) == 2 * len(snapshot.lanes)
    assert len({trace["name"] for trace in drawn["data"]}) == 2 * len(snapshot.lanes)
