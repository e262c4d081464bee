"""What holds for every family of networks, and what makes training with noise, norms and twins exact."""

import copy
import math
import pickle

import pytest
import torch
import torchvision
from numpy.testing import assert_allclose
from torch import nn
from torch.nn import functional as F

from nnviz.catalog import INITIALIZERS, MODELS, OPTIMIZERS
from nnviz.catalog.noise import Dropout, Noise, draw_from
from nnviz.catalog.parts import parts_of
from nnviz.records.shapes import Question
from nnviz.specs.experiment import Change, Choice
from nnviz.training import Detail, Experiment
from nnviz.training.anatomy import dissected
from nnviz.training.instruments import FAMILY_INSTRUMENTS, INSTRUMENTS
from nnviz.training.instruments.taking import asked, rebuilt
from nnviz.training.measure import Observer
from nnviz.training.origin import seed_of
from tests.homes import smallest

FAMILIES = [name for name in MODELS if name != "mlp"]
TWINS = [(name, twin) for name in FAMILIES for twin in MODELS[name].twins]
UPDATES = 4


def losses(experiment: Experiment) -> list[float]:
    """List all that was learnt: each player's losses in order."""
    curve = experiment.curve.freeze()
    return [float(loss) for losses in (curve.losses, *curve.others) for loss in losses]


# ---- every family


@pytest.mark.parametrize("name", FAMILIES)
def test_equal_specs_give_equal_losses_also_while_others_train_and_draw_from_torch(name: str) -> None:
    alone, beside, other = (Experiment(smallest(name)) for _ in range(3))
    other.advance(1)
    alone.advance(UPDATES)
    for _ in range(UPDATES):
        beside.advance(1)
        torch.rand(3)
        other.advance(1)
    assert losses(alone) == losses(beside)
    assert all(map(math.isfinite, losses(alone)))


@pytest.mark.parametrize("name", FAMILIES)
def test_training_draws_nothing_from_torchs_own_generator(name: str) -> None:
    before = torch.get_rng_state()
    experiment = Experiment(smallest(name))
    experiment.advance(2)
    Observer(experiment).measure(Detail.WHOLE)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", FAMILIES)
def test_measuring_changes_neither_statistics_nor_draws_nor_what_is_learnt_next(name: str) -> None:
    watched, unwatched = Experiment(smallest(name)), Experiment(smallest(name))
    for experiment in (watched, unwatched):
        experiment.advance(2)
    state, noise = copy.deepcopy(watched.model.state_dict()), watched.noise.state
    Observer(watched).measure(Detail.WHOLE)
    assert all(torch.equal(value, state[key]) for key, value in watched.model.state_dict().items())
    assert torch.equal(noise, watched.noise.state)
    assert watched.model.training
    for experiment in (watched, unwatched):
        experiment.advance(2)
    assert losses(watched) == losses(unwatched)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_checkpoint_brings_back_statistics_draws_and_every_optimizer(name: str) -> None:
    experiment = Experiment(smallest(name))
    experiment.advance(2)
    place, state = experiment.checkpoint(), copy.deepcopy(experiment.model.state_dict())
    experiment.advance(3)
    first = losses(experiment)
    experiment.restore(place)
    assert all(torch.equal(value, state[key]) for key, value in experiment.model.state_dict().items())
    experiment.advance(3)
    assert losses(experiment) == first
    fresh = Experiment(smallest(name))
    fresh.restore(pickle.loads(pickle.dumps(place)))  # as a file or another process would have it
    fresh.advance(3)
    assert losses(fresh) == first


@pytest.mark.parametrize("name", FAMILIES)
def test_live_changes_of_every_player_are_replayed_exactly(name: str) -> None:
    live, replay = Experiment(smallest(name)), Experiment(smallest(name))
    fields = MODELS[name].task.players
    for field in fields:
        replay.apply(Change(2, f"{field}.lr", 0.002))
    live.advance(2)
    for field in fields:
        live.apply(Change(2, f"{field}.lr", 0.002))
    live.advance(2)
    replay.advance(4)
    assert losses(live) == losses(replay)
    assert live.journal == replay.journal
    assert {live.knobs[f"{field}.lr"] for field in fields} == {0.002}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_record_has_what_the_family_names_and_they_are_plain_numbers(name: str) -> None:
    experiment = Experiment(smallest(name))
    experiment.advance(1)
    record = Observer(experiment).measure()
    own = record.readings.keys() & FAMILY_INSTRUMENTS.keys()
    assert own <= set(MODELS[name].instruments)
    assert record.kept == {key for key in record.readings if INSTRUMENTS[key].is_kept}
    assert record.as_kept().readings.keys() == record.kept
    assert all(math.isfinite(value) for value in (record.train_loss, record.test_loss, *record.scores.values()))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_network_rebuilt_from_a_record_answers_as_the_network_did(name: str) -> None:
    experiment = Experiment(smallest(name))
    experiment.advance(2)
    record = Observer(experiment).measure(Detail.WHOLE)
    look = rebuilt(experiment.spec, record)
    for key, value in experiment.model.state_dict().items():
        assert torch.equal(value, look.model.state_dict()[key])
    for key, found in asked(experiment.spec, look, Question(1, (0.5, 0.5))).items():
        assert type(found) is type(record.readings[key])


@pytest.mark.parametrize("name", FAMILIES)
def test_the_diagram_counts_the_parameters_that_are_trained(name: str) -> None:
    experiment = Experiment(smallest(name))
    total = sum(found.parameters for _, found in dissected(experiment.spec))
    assert total == sum(value.numel() for value in experiment.model.parameters())


@pytest.mark.parametrize("name", FAMILIES)
def test_weights_come_from_the_initializer_and_all_else_begins_as_torch_begins_it(name: str) -> None:
    experiment = Experiment(smallest(name))
    spec, fresh = experiment.spec, Experiment(smallest(name)).model
    filled = {part.weight.data_ptr() for part in parts_of(fresh)} | {
        part.bias.data_ptr() for part in parts_of(fresh) if part.bias is not None
    }
    fill = INITIALIZERS[spec.initializer.name].build(**INITIALIZERS[spec.initializer.name].values(spec.initializer))
    for part in parts_of(fresh):
        expected = torch.empty_like(part.weight)
        with torch.no_grad():
            fill(expected, None, torch.Generator().manual_seed(seed_of(spec, part.name)))
        assert torch.equal(part.weight, expected), part.name
    for key, value in fresh.named_parameters():
        if value.data_ptr() not in filled:
            assert set(value.flatten().tolist()) <= {0.0, 1.0}, key


# ---- twins


@pytest.mark.parametrize(("name", "twin"), TWINS)
def test_a_twin_begins_with_the_same_weights_where_both_have_them_and_sees_the_same_batches(
    name: str, twin: str
) -> None:
    own = Experiment(smallest(name))
    other = Experiment(MODELS[name].twins[twin].edit(smallest(name)))
    assert other.spec != own.spec
    mine, its = dict(own.model.named_parameters()), dict(other.model.named_parameters())
    shared = [key for key in mine if key in its and mine[key].shape == its[key].shape]
    assert shared
    assert all(torch.equal(mine[key], its[key]) for key in shared)
    own.advance(3)
    other.advance(3)
    assert own.batches.name() == other.batches.name()


@pytest.mark.parametrize(("name", "twin"), TWINS)
def test_each_of_a_pair_has_its_own_name_whichever_comes_first(name: str, twin: str) -> None:
    found, own = MODELS[name].twins[twin], MODELS[name].usual
    other = found.edit(own)
    assert found.name(other) == found.label
    assert found.name(found.edit(other)) == found.name(own) != found.label


@pytest.mark.parametrize(("name", "twin"), TWINS)
def test_the_twin_of_a_twin_is_the_family_again(name: str, twin: str) -> None:
    edit = MODELS[name].twins[twin].edit
    once = edit(smallest(name))
    again = edit(once)
    entry = MODELS[name]
    assert entry.values(again.model) == entry.values(smallest(name).model)
    assert again.with_(model=once.model) == smallest(name).with_(model=once.model) or again == smallest(name)


# ---- noise


def test_dropout_keeps_each_number_with_the_right_probability_and_keeps_the_mean() -> None:
    dropout = Dropout(0.3, Noise(1)).train()
    out = dropout(torch.ones(200_000))
    assert_allclose((out == 0).float().mean(), 0.3, atol=0.005)
    assert set(out.unique().tolist()) == {0.0, float(torch.tensor(1.0) / (1 - 0.3))}
    assert_allclose(out.mean(), 1.0, atol=0.01)


def test_dropout_passes_everything_on_in_evaluation_and_draws_nothing() -> None:
    noise = Noise(1)
    x = torch.arange(5.0)
    assert torch.equal(Dropout(0.5, noise).eval()(x), x)
    assert torch.equal(noise.state, Noise(1).state)


def test_every_dropout_of_a_model_draws_from_the_experiments_noise_under_its_old_name() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.2), nn.Sequential(nn.Dropout(0.4)))
    names = [name for name, _ in model.named_modules()]
    draw_from(model, Noise(1))
    assert [name for name, _ in model.named_modules()] == names
    assert [module.p for module in model.modules() if isinstance(module, Dropout)] == [0.2, 0.4]


# ---- against a loop by hand


def test_a_resnet_learns_bit_for_bit_as_a_loop_by_hand_does() -> None:
    spec = smallest("resnet").with_(model=Choice.of("resnet", depth=14))
    experiment = Experiment(spec)
    model = copy.deepcopy(experiment.model).train()
    entry = OPTIMIZERS[spec.optimizer.name]
    optimizer = torch.optim.SGD(model.parameters(), **entry.values(spec.optimizer))
    generator = experiment.origin.generator()
    x, y, seen = experiment.data.train_x, experiment.data.train_y, []
    for indices in torch.randperm(len(x), generator=generator).split(spec.batch_size)[:UPDATES]:  # type: ignore[no-untyped-call]
        loss = F.cross_entropy(model(x[indices]), y[indices])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        seen.append(loss.item())
    experiment.advance(UPDATES)
    assert losses(experiment) == seen


def test_the_blocks_of_a_resnet_keep_torchvisions_parameter_names() -> None:
    ours = Experiment(smallest("resnet").with_(model=Choice.of("resnet", depth=14))).model
    theirs = torchvision.models.ResNet(torchvision.models.resnet.BasicBlock, [2, 2, 2, 2])
    for number in (1, 2, 3):
        stage, layer = ours.get_submodule(f"stage{number}"), theirs.get_submodule(f"layer{number}")
        assert list(stage.state_dict()) == list(layer.state_dict())
