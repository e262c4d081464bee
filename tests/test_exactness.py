"""Equal spec and journal: bit-equal losses, and those of a loop written by hand."""

import pickle
import threading
from pathlib import Path

import pytest
import torch

from nnviz.catalog import ACTIVATIONS, DATASETS, OPTIMIZERS, SCHEDULES
from nnviz.catalog.models import MLP
from nnviz.runs.run import Run
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Experiment, train
from nnviz.training.gradients import ClosedForm, by_autograd
from nnviz.training.measure import Observer
from tests.homes import with_data
from tests.reference import losses_by_hand

LECTURE = ExperimentSpec(
    dataset=Choice("mnist"),
    model=Choice.of("mlp", hidden=256),
    optimizer=Choice.of("adam", lr=1e-3),
    batch_size=256,
    epochs=10,
)
SPIRAL = ExperimentSpec(
    dataset=Choice.of("spiral", size=300),
    model=Choice.of("mlp", hidden="8,8,8"),
    activation=Choice("tanh"),
    initializer=Choice("glorot_normal"),
    optimizer=Choice.of("adam", lr=0.01),
    batch_size=10,
    epochs=0,
)
TWO_EPOCHS = 95  # of the digits; an epoch of what is smaller ends often on the way
SETS = {"cross_entropy": "moons", "binary_cross_entropy": "moons", "mse": "moons", "gaussian_nll": "sine"}


def losses(spec: ExperimentSpec, updates: int, *changes: Change) -> list[float]:
    experiment = Experiment(spec)
    for change in changes:
        experiment.apply(change)
    experiment.advance(updates)
    return [float(loss) for loss in experiment.curve.freeze().losses]


def with_lr(name: str) -> Choice:
    lr = next(knob.default for knob in OPTIMIZERS[name].knobs if knob.name == "lr")
    return Choice(name, {"lr": lr, **({"weight_decay": 0.01} if name == "adamw" else {})})


def test_the_lecture_network_on_mnist_trains_like_a_loop_written_by_hand(data_folder: Path) -> None:
    assert losses(LECTURE, 60) == list(losses_by_hand(LECTURE, 60))


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("spec", [SPIRAL, ExperimentSpec()], ids=["spiral", "digits"])
def test_every_optimizer_updates_all_parameters_as_torch_does_one_by_one(name: str, spec: ExperimentSpec) -> None:
    spec = spec.with_(optimizer=with_lr(name))
    assert losses(spec, TWO_EPOCHS) == list(losses_by_hand(spec, TWO_EPOCHS))


@pytest.mark.parametrize("hidden", ["", "4,2", "33,17,5"])
@pytest.mark.parametrize("loss", SETS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_closed_form_gives_the_bits_of_autograd(activation: str, loss: str, hidden: str) -> None:
    spec = SPIRAL.with_(
        dataset=Choice(SETS[loss]),
        activation=Choice(activation),
        loss=Choice(loss),
        model=Choice.of("mlp", hidden=hidden),
    )
    assert losses(spec, 8) == list(losses_by_hand(spec, 8))


def test_the_closed_form_leaves_the_gradients_of_autograd() -> None:
    experiment = Experiment(SPIRAL)
    x, target = experiment.batches.next()
    assert isinstance(experiment.model, MLP)
    with torch.no_grad():
        ClosedForm(experiment.model, experiment.loss, experiment.flat)(x, target)
    written_out = experiment.flat.gradient.clone()
    value, parameters = experiment.loss.value, list(experiment.model.parameters())
    by_autograd(lambda x, y: value(experiment.model(x), y), parameters, experiment.flat.gradient)(x, target)
    assert torch.equal(written_out, experiment.flat.gradient)


@pytest.mark.parametrize("dataset", [name for name, entry in DATASETS.items() if not entry.download])
def test_equal_specs_give_equal_losses_and_another_seed_gives_others(dataset: str) -> None:
    spec = with_data(SPIRAL, Choice(dataset))
    assert losses(spec, 50) == losses(spec, 50)
    assert losses(spec, 50) != losses(spec.with_(seed=2), 50)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_equal_specs_with_a_schedule_give_equal_losses_in_a_run_and_alone(schedule: str) -> None:
    spec = SPIRAL.with_(schedule=Choice(schedule), epochs=12)
    run = Run([spec, SPIRAL.with_(epochs=12)])
    run.start()
    assert run.join(60)
    scheduled, constant = (lane.curve.losses.tolist() for lane in run.snapshot().lanes)
    assert scheduled == losses(spec, 10_000)
    assert (scheduled == constant) == (schedule == "constant") or schedule == "plateau"


def test_a_live_learning_rate_change_is_the_loop_by_hand_with_the_same_change() -> None:
    change = Change(37, "optimizer.lr", 0.001)
    assert losses(SPIRAL, 120, change) == list(losses_by_hand(SPIRAL, 120, {37: 0.001}))
    assert losses(SPIRAL, 120, change) != losses(SPIRAL, 120)


def test_a_change_keeps_the_moments_bit_equal() -> None:
    experiment = Experiment(SPIRAL)
    experiment.advance(50)
    before = {name: value.clone() for name, value in experiment.optimizer.state[experiment.flat.parameter].items()}
    for target, value in (("optimizer.lr", 0.5), ("optimizer.beta1", 0.5), ("batch_size", 7.0)):
        experiment.apply(Change(50, target, value))
    after = experiment.optimizer.state[experiment.flat.parameter]
    assert before.keys() == after.keys()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert experiment.optimizer.param_groups[0]["betas"] == (0.5, 0.999)


def test_a_batch_size_change_goes_on_within_the_same_permutation() -> None:
    experiment = Experiment(SPIRAL)
    experiment.advance(3)  # 30 of 150 examples
    order = experiment.batches.place.order
    experiment.apply(Change(3, "batch_size", 50.0))
    x, _ = experiment.batches.next()
    assert torch.equal(x, experiment.data.train_x[order[30:80]])
    experiment.batches.next()
    last, _ = experiment.batches.next()
    assert len(last) == 20
    assert experiment.epoch == 1.0


def test_an_epoch_shows_every_example_once() -> None:
    experiment = Experiment(SPIRAL)
    seen = torch.cat([experiment.batches.next()[0] for _ in range(15)])
    assert torch.equal(seen.sort(0).values, experiment.data.train_x.sort(0).values)


def test_measuring_often_or_never_changes_nothing() -> None:
    often = Experiment(SPIRAL)
    for _ in range(60):
        often.advance(1)
        Observer(often).measure()
    assert often.curve.freeze().losses.tolist() == losses(SPIRAL, 60)


def test_training_leaves_torchs_own_generator_alone() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    for _ in zip(range(3), train(ExperimentSpec(), every=5), strict=False):
        pass
    assert torch.equal(torch.get_rng_state(), before)


def test_the_journal_replays_a_run_that_was_steered() -> None:
    run = Run([SPIRAL.with_(epochs=40)])
    run.step(25)
    assert run.snapshot().lanes[0].step == 25
    run.apply(Change(0, "optimizer.lr", 0.1))
    run.apply(Change(0, "batch_size", 4.0))
    run.start()
    assert run.join(60)
    lane = run.snapshot().lanes[0]
    assert [(change.step, change.value) for change in lane.journal] == [(25, 0.1), (25, 4.0)]
    *_, last = train(SPIRAL.with_(epochs=40), lane.journal)
    assert (last.step, last.train_loss, last.test_loss) == (
        lane.step,
        lane.records[-1].train_loss,
        lane.records[-1].test_loss,
    )


def test_runs_beside_each_other_in_other_threads_train_as_if_alone() -> None:
    specs = [SPIRAL.with_(epochs=20, seed=seed) for seed in (1, 2, 3)]
    alone = [losses(spec, 10_000) for spec in specs]
    runs = [Run([spec]) for spec in specs]  # a thread each
    noise = threading.Event()
    drawing = threading.Thread(target=lambda: [torch.rand(10) for _ in iter(noise.is_set, True)])
    drawing.start()
    for run in runs:
        run.start()
    assert all(run.join(60) for run in runs)
    noise.set()
    drawing.join()
    assert [run.snapshot().lanes[0].curve.losses.tolist() for run in runs] == alone


def test_paused_stepped_and_paced_runs_train_as_one_that_is_not() -> None:
    spec = SPIRAL.with_(epochs=4)
    straight = losses(spec, 10_000)
    run = Run([spec], pace=0.001)
    run.step(3)
    run.snapshot()
    run.start()
    run.snapshot()
    run.pause()
    assert run.snapshot().status == "paused"
    run.epoch()
    run.pace = 0.0
    run.start()
    assert run.join(60)
    assert run.snapshot().lanes[0].curve.losses.tolist() == straight


def test_lanes_that_differ_in_optimizer_start_equal_and_train_as_if_alone() -> None:
    specs = [SPIRAL.with_(epochs=5, optimizer=with_lr(name)) for name in ("sgd", "adam", "rmsprop")]
    starts = [Experiment(spec).start for spec in specs]
    assert all(torch.equal(start, starts[0]) for start in starts)
    run = Run(specs)
    run.start()
    assert run.join(60)
    assert [lane.curve.losses.tolist() for lane in run.snapshot().lanes] == [losses(spec, 999) for spec in specs]


def test_a_restored_checkpoint_goes_on_bit_equal() -> None:
    experiment = Experiment(SPIRAL)
    experiment.advance(37)
    experiment.apply(Change(60, "optimizer.lr", 0.1))
    checkpoint = experiment.checkpoint()
    experiment.advance(50)
    straight = experiment.curve.freeze().losses.tolist()
    name = experiment.batches.name()
    other = Experiment(SPIRAL)
    other.advance(5)
    for again, place in ((experiment, checkpoint), (other, pickle.loads(pickle.dumps(checkpoint)))):
        again.restore(place)
        assert again.step == 37
        again.advance(50)
        assert again.curve.freeze().losses.tolist() == straight
        assert again.batches.name() == name


def test_records_of_the_same_moment_are_equal_however_they_were_reached() -> None:
    one, other = Experiment(SPIRAL), Experiment(SPIRAL)
    one.advance(30)
    for _ in range(30):
        other.advance(1)
    assert Observer(one).measure().parameters == Observer(other).measure().parameters


def test_the_order_of_draws_is_data_then_weights_then_batches() -> None:
    experiment = Experiment(ExperimentSpec(initializer=Choice("torch_default"), seed=11))
    experiment.batches.next()
    torch.manual_seed(11)
    first, second = torch.nn.Linear(64, 32), torch.nn.Linear(32, 10)
    order = torch.randperm(len(experiment.data.train_x))
    start = experiment.flat.views(experiment.start)
    for ours, theirs in zip(start, [first.weight, first.bias, second.weight, second.bias], strict=True):
        assert torch.equal(ours, theirs)
    assert torch.equal(experiment.batches.place.order, order)
