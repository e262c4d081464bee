"""A weight set by hand is a change like any other: in the journal, exact to the bit, refused in one sentence."""

from itertools import pairwise

import numpy as np
import pytest

from nnviz.catalog import sizes_of, weight_target
from nnviz.catalog.links import read_experiment
from nnviz.catalog.weights import check_weight
from nnviz.records.status import Status
from nnviz.runs.run import Run
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.weight_name import weight_place
from nnviz.training import Experiment, train
from tests.reference import trained_by_hand
from tests.runs import SMALL, wait_for

SET = Change(37, "lin_1.weight.2.1", 1.5)


def test_what_follows_is_the_loop_by_hand_with_the_same_weight() -> None:
    experiment = Experiment(SMALL)
    experiment.apply(SET)
    experiment.advance(120)
    by_hand, model = trained_by_hand(SMALL, 120, weights={37: (0, 2, 1, 1.5)})
    assert [float(loss) for loss in experiment.curve.freeze().losses] == by_hand
    assert by_hand != trained_by_hand(SMALL, 120)[0]
    assert np.array_equal(model.state_dict()["0.weight"], experiment.layers[0].weight.detach())


def test_a_weight_of_the_last_of_eleven_layers_is_set_too() -> None:
    deep = SMALL.with_(model=Choice.of("mlp", hidden=",".join(["3"] * 10)))
    target = Change(0, "lin_11.weight.1.2", -1.25)
    assert read_experiment({**deep.to_query()}) == deep
    experiment = Experiment(deep)
    experiment.apply(target)
    assert float(experiment.model.get_parameter("lin_11.weight")[1, 2].detach()) == -1.25
    assert [name for name in experiment.flat.names if name.endswith("weight")] == [
        f"lin_{at}.weight" for at in range(1, 12)
    ]
    with pytest.raises(ValueError, match=r"lin_11\.weight\.1\.2"):
        check_weight(deep, "lin_12.weight.0.0", 1.0)


def test_no_update_is_said_to_have_done_it() -> None:
    experiment = Experiment(SMALL)
    experiment.advance(37)
    experiment.apply(SET)
    weight, before = experiment.layers[0].weight, experiment.flat.views(experiment.before)[0]
    assert float(weight[2, 1].detach()) == float(before[2, 1]) == 1.5


def test_equal_journals_give_equal_runs_and_the_log_names_the_weight() -> None:
    once, again = ([record.train_loss for record in train(SMALL.with_(epochs=12), [SET])] for _ in range(2))
    assert once == again
    experiment = Experiment(SMALL)
    experiment.apply(Change(0, SET.target, 1.5))
    assert experiment.journal == (Change(0, SET.target, 1.5),)
    assert str(experiment.marks[0].text).startswith("Weight of layer 1, unit 3, for input 2")


def test_a_run_at_rest_is_measured_anew_at_the_same_update() -> None:
    run = Run((SMALL,))
    try:
        run.step(5)
        assert wait_for(lambda: run.snapshot().status == Status.PAUSED and run.snapshot().lanes[0].step == 5)
        before = run.snapshot().lanes[0].records[-1]
        run.apply(Change(0, SET.target, 1.5))
        assert wait_for(lambda: run.snapshot().lanes[0].records[-1] is not before)
        after = run.snapshot().lanes[0].records
        assert (after[-1].step, after[-2].step < 5) == (5, True)
        assert after[-1].weights is not None
        assert after[-1].weights[0][2, 1] == 1.5
        assert after[-1].test_loss != before.test_loss
    finally:
        run.stop()


@pytest.mark.parametrize(
    ("dataset", "loss", "hidden", "sizes"),
    [
        ("moons", "cross_entropy", "4,3", (2, 4, 3, 2)),
        ("moons", "binary_cross_entropy", "", (2, 1)),
        ("blobs:blobs=5", "mse", "6", (2, 6, 5)),
        ("sine", "gaussian_nll", "3", (1, 3, 2)),
    ],
)
def test_the_sizes_are_those_of_the_network(dataset: str, loss: str, hidden: str, sizes: tuple[int, ...]) -> None:
    spec = ExperimentSpec(
        dataset=Choice.parse(dataset), loss=Choice(loss), model=Choice.of("mlp", hidden=hidden), epochs=1
    )
    shapes = [tuple(part.weight.shape) for part in Experiment(spec).layers]
    assert sizes_of(spec) == sizes
    assert shapes == [(after, before) for before, after in pairwise(sizes)]


@pytest.mark.parametrize("target", ["lin_1.weight.4.0", "lin_3.weight.0.0", "lin_1.weight.0.2", "lin_2.weight.2.0"])
def test_a_weight_that_is_not_there_is_refused_with_those_that_are(target: str) -> None:
    with pytest.raises(ValueError, match="there is no weight") as told:
        check_weight(SMALL, target, 1.0)
    assert target in str(told.value)
    assert "lin_1.weight.3.1, lin_2.weight.1.3" in str(told.value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e6])
def test_a_value_out_of_range_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="from -100 to 100"):
        check_weight(SMALL, "lin_1.weight.0.0", value)


def test_a_network_with_many_inputs_has_no_weights_to_set() -> None:
    with pytest.raises(ValueError, match="there is no weight"):
        check_weight(read_experiment({"dataset": "digits"}), "lin_1.weight.0.0", 1.0)


def test_names_are_read_as_they_are_written() -> None:
    assert weight_place(weight_target(2, 7, 0)) == (2, 7, 0)
    assert weight_place(weight_target(11, 1, 7)) == (11, 1, 7)
    assert [
        weight_place(name) for name in ("lin_0.weight.1.1", "lin_1.bias.1", "optimizer.lr", "lin_1.weight.01.1")
    ] == [None] * 4
