"""Mistakes that are made on purpose: each does what its name says, to nothing else, and can be mended."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nnviz.catalog import MODELS, check_spec, read_experiment
from nnviz.catalog.faults import FAULTS, faults_for, loss_of, without_misfit
from nnviz.sessions.difference import differences
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Experiment, train
from nnviz.training.arrays import pictures

DIGITS = ExperimentSpec(epochs=0)
SINE = ExperimentSpec(dataset=Choice("sine"), loss=Choice("mse"), epochs=0)


def place_of(name: str) -> ExperimentSpec:
    """Return where a mistake can be made."""
    return next(spec for spec in (DIGITS, SINE) if name in faults_for(spec))


def both(name: str) -> tuple[Experiment, Experiment]:
    """Return a run without a mistake and one with it."""
    spec = place_of(name)
    return Experiment(spec), Experiment(spec.with_(fault=Choice(name)))


def parts(experiment: Experiment) -> dict[str, Tensor]:
    data = experiment.data
    found = {name: getattr(data, name) for name in ("train_x", "train_y", "test_x", "test_y")}
    return {**found, "weights": experiment.start}


CHANGED = {
    "permuted_labels": {"train_y"}, "displaced_labels": {"train_y"}, "imbalance": {"train_x", "train_y"},
    "raw_inputs": {"train_x", "test_x"}, "low_biases": {"weights"},
    "equal_weights": {"weights"}, "softmax_twice": set(), "mixed_shapes": set(),
}  # fmt: skip


@pytest.mark.parametrize("name", list(FAULTS))
def test_a_fault_changes_what_it_says_and_nothing_else(name: str) -> None:
    sound, ill = both(name)
    before, after = parts(sound), parts(ill)
    changed = {each for each in before if not torch.equal(before[each], after[each])}
    assert changed == CHANGED[name]
    assert sound.generator.get_state().equal(ill.generator.get_state())


@pytest.mark.parametrize("name", list(FAULTS))
def test_a_fault_stands_in_the_link_and_equal_links_train_alike(name: str) -> None:
    spec = place_of(name).with_(fault=Choice(name), epochs=1)
    assert spec.to_query()["fault"] == name
    again = read_experiment(spec.to_query())
    assert again == spec
    first, second = (list(train(each, every=20)) for each in (spec, again))
    assert [record.train_loss for record in first] == [record.train_loss for record in second]
    assert "fault" not in spec.with_(fault=None).to_query()


def test_permuted_labels_are_the_same_labels_in_another_order() -> None:
    sound, ill = (each.data.train_y for each in both("permuted_labels"))
    assert torch.equal(sound.sort().values, ill.sort().values)
    assert 0.05 < (sound == ill).float().mean() < 0.15  # chance alone


def test_displaced_labels_count_from_one_and_the_last_becomes_the_first() -> None:
    sound, ill = (each.data.train_y for each in both("displaced_labels"))
    assert torch.equal((sound + 1) % 10, ill)


def test_classes_out_of_balance_leave_one_in_thirty_of_the_others() -> None:
    sound, ill = (np.bincount(each.data.train_y.numpy(), minlength=10) for each in both("imbalance"))
    assert ill[0] == sound[0]
    assert ill[1:].sum() == math.ceil(sound[1:].sum() / 30)


def test_raw_inputs_go_from_0_to_255_and_their_pictures_look_the_same() -> None:
    sound, ill = (each.data for each in both("raw_inputs"))
    assert (ill.train_x.min().item(), ill.train_x.max().item()) == (0, 255)
    assert torch.equal(ill.train_x, ill.train_x.round())
    shown = [pictures(data, data.test_x[:20]) for data in (sound, ill)]
    assert np.abs(shown[0] - shown[1]).max() < 0.5 / 255 + 1e-6


def test_low_biases_silence_every_hidden_unit_and_leave_the_last_layer_alone() -> None:
    _, ill = both("low_biases")
    first, last = ill.model.get_submodule("lin_1"), ill.model.get_submodule("lin_2")
    assert isinstance(first, nn.Linear)
    assert isinstance(last, nn.Linear)
    assert (first.bias == -10).all()
    assert (last.bias == 0).all()
    assert (first(ill.data.train_x) < 0).float().mean() > 0.99


def test_equal_weights_stay_equal_within_a_layer_however_long_it_learns() -> None:
    _, ill = both("equal_weights")
    ill.advance(50)
    first = ill.model.get_submodule("lin_1")
    assert isinstance(first, nn.Linear)
    assert (first.weight == first.weight[0]).all()
    assert (first.weight[0] != 0.1).any()


def test_a_softmax_twice_has_a_floor_that_no_answer_goes_below() -> None:
    value = loss_of(DIGITS.with_(fault=Choice("softmax_twice"))).value
    sure = 1e4 * torch.eye(10)
    assert value(sure, torch.arange(10)).item() == pytest.approx(math.log(math.e + 9) - 1, rel=1e-6)
    assert F.cross_entropy(sure, torch.arange(10)).item() == 0


def test_mixed_shapes_compare_each_output_with_each_target() -> None:
    value = loss_of(SINE.with_(fault=Choice("mixed_shapes"))).value
    outputs, targets = torch.tensor([[1.0], [2.0]]), torch.tensor([[0.0], [4.0]])
    assert value(outputs, targets).item() == pytest.approx((1 + 9 + 4 + 4) / 4)


def test_the_gradients_with_a_fault_in_the_loss_are_those_of_autograd() -> None:
    for name in ("softmax_twice", "mixed_shapes"):
        _, ill = both(name)
        x, target = ill.data.train_x[: ill.spec.batch_size], ill.targets[: ill.spec.batch_size]
        with torch.no_grad():
            ill._learn(x, target)
        found = [each.clone() for each in ill.flat.views(ill.flat.gradient)]
        _, other = both(name)
        with torch.enable_grad():
            loss = loss_of(other.spec).value(other.model(x), target)
            wanted = torch.autograd.grad(loss, list(other.model.parameters()))
        torch.testing.assert_close(found, list(wanted))


def test_what_cannot_be_planted_is_refused_in_a_sentence_and_taken_out_where_other_data_are_chosen() -> None:
    with pytest.raises(ValueError, match=r"'mixed_shapes' cannot be planted into 'mlp' on 'digits'.*permuted_labels"):
        check_spec(DIGITS.with_(fault=Choice("mixed_shapes")))
    with pytest.raises(ValueError, match="no fault 'rust'; choose one of permuted_labels"):
        check_spec(DIGITS.with_(fault=Choice("rust")))
    ill = DIGITS.with_(fault=Choice("raw_inputs"))
    assert without_misfit(ill) == ill
    assert without_misfit(ill.with_(dataset=Choice("moons"))).fault is None


def test_what_differs_is_told() -> None:
    (found,) = differences(DIGITS, DIGITS.with_(fault=Choice("raw_inputs")))
    assert found.text.endswith("none → Inputs from 0 to 255")


def test_players_and_mirrors_have_no_labels_to_be_mistaken() -> None:
    for name in ("gan", "autoencoder"):
        assert faults_for(MODELS[name].usual) == []
