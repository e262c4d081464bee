"""What is switched about training is what torch does in a loop by hand, to the bit; what is not, leaves no trace."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import Optimizer
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, get_swa_multi_avg_fn

from nnviz.catalog import CATALOGUES, MODELS, NUMBERS, OPTIMIZERS, SWITCHES, check_spec
from nnviz.catalog.links import read_experiment, read_planned
from nnviz.catalog.orders import by_target
from nnviz.library.codec import Arrays, decode, encode
from nnviz.runs.pool import Pool
from nnviz.sessions.difference import differences
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Experiment, Observer
from tests.branched import stepped
from tests.homes import SMALL
from tests.reference import MODULES, batches, loss_of, network, optimizer
from tests.seeds import SEEDS
from tests.test_family_gan import Hand, flat, spec_of
from tests.test_links_replay import link_of

DIGITS = ExperimentSpec(dataset=Choice.of("digits", train_size=300), epochs=0)
SPECS = {"moons": SMALL, "digits": DIGITS}
UPDATES = 40


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def losses(spec: ExperimentSpec, updates: int = UPDATES, *changes: Change) -> list[float]:
    experiment = Experiment(spec)
    for change in changes:
        experiment.apply(change)
    assert experiment.advance(updates) == updates
    found: list[float] = experiment.curve.freeze().losses.tolist()
    return found


def by_hand(
    spec: ExperimentSpec,
    updates: int = UPDATES,
    before_step: Callable[[int, list[Tensor]], object] = lambda *_: None,
    order: Tensor | None = None,
    network: Callable[[Experiment, type[nn.Module]], nn.Module] = network,
    smoothing: float = 0.0,
) -> list[float]:
    """Train with torch alone; `before_step(updates done, parameters)` comes between backward and step.

    order: of the examples in every epoch, where it is not drawn.
    """
    start = Experiment(spec)
    x, y = start.data.train_x, start.data.train_y
    model = network(start, MODULES[spec.activation.name])
    rule, told = optimizer(spec.optimizer, model.parameters()), []
    chosen_each = batches(len(x), spec.batch_size, start.generator) if order is None else again(order, spec.batch_size)
    for done, chosen in zip(range(updates), chosen_each, strict=False):
        rule.zero_grad()
        output = model(x[chosen])
        if smoothing:
            loss = nn.CrossEntropyLoss(label_smoothing=smoothing)(output, y[chosen])
        else:
            loss = loss_of(spec.loss.name, output, y[chosen], len(start.data.classes))
        loss.backward()
        before_step(done, list(model.parameters()))
        rule.step()
        told.append(loss.item())
    return told


def again(order: Tensor, size: int) -> Iterator[Tensor]:
    """Cut one order into batches, epoch after epoch."""
    while True:
        yield from torch.split(order, size)


# ---- what is not switched


def test_nothing_that_is_as_usual_is_written_into_a_link() -> None:
    query = ExperimentSpec().to_query()
    assert {field.name for field in fields(ExperimentSpec)} >= {*SWITCHES}
    assert not query.keys() & SWITCHES.keys()
    for field, catalogue in SWITCHES.items():
        first, *others = catalogue
        assert getattr(ExperimentSpec(), field) == Choice(first)
        for name in others:
            spec = ExperimentSpec().with_(**{field: Choice(name)})
            assert spec.to_query() == {**query, field: name}
            assert read_experiment(spec.to_query()) == spec


@pytest.mark.parametrize("field", SWITCHES)
def test_a_bad_switch_is_answered_with_all_there_are(field: str) -> None:
    with pytest.raises(ValueError, match=f"there is no {field} 'nonesuch'; choose one of {', '.join(SWITCHES[field])}"):
        read_experiment({field: "nonesuch"})


@pytest.mark.parametrize("field", SWITCHES)
def test_what_is_switched_is_told_of_a_fresh_run(field: str) -> None:
    first, *others = SWITCHES[field].values()
    for name, other in zip(list(SWITCHES[field])[1:], others, strict=True):
        (found,) = differences(SMALL, SMALL.with_(**{field: Choice(name)}))
        assert found.field == field
        assert found.text.endswith(f" {first.label} → {other.label}")


# ---- clipping

CLIPS: Mapping[str, Callable[..., Any]] = {"norm": clip_grad_norm_, "value": clip_grad_value_}
RULES = [Choice.of("sgd", lr=0.1), Choice.of("momentum", lr=0.03), Choice.of("adam", lr=0.003)]


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
@pytest.mark.parametrize("name", CLIPS)
@pytest.mark.parametrize("bound", [0.01, 0.3])
def test_clipped_gradients_are_torchs_own(name: str, bound: float, spec: ExperimentSpec, rule: Choice) -> None:
    spec = spec.with_(optimizer=rule, clipping=Choice.of(name, max=bound))
    found = losses(spec)
    assert found == by_hand(spec, before_step=lambda _, parameters: CLIPS[name](parameters, bound))
    assert (found != losses(spec.with_(clipping=Choice("none")))) or bound > 0.1


@pytest.mark.parametrize("name", CLIPS)
def test_a_bound_may_be_turned_while_it_is_used(name: str) -> None:
    spec = SMALL.with_(optimizer=Choice.of("sgd", lr=0.1), clipping=Choice.of(name, max=0.01))
    found = losses(spec, UPDATES, Change(17, "clipping.max", 0.05))
    assert found == by_hand(
        spec, before_step=lambda done, parameters: CLIPS[name](parameters, 0.05 if done >= 17 else 0.01)
    )
    assert found[:18] == losses(spec)[:18]
    assert found != losses(spec)


class Clipped(Hand):
    """Two networks against each other by hand, each one's gradients clipped by themselves."""

    @staticmethod
    def step(optimizer: Optimizer, loss: Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        clip_grad_norm_(optimizer.param_groups[0]["params"], 0.05)
        optimizer.step()


def test_of_two_players_each_one_s_gradients_are_clipped_by_themselves() -> None:
    spec = spec_of("non_saturating", 2).with_(clipping=Choice.of("norm", max=0.05))
    experiment = Experiment(spec)
    hand = Clipped(experiment, "non_saturating", "adam", 2)
    order = batches(len(hand.x), 2 * spec.batch_size, experiment.origin.generator())
    seen = [hand.update(next(order)) for _ in range(9)]
    experiment.advance(9)
    curve = experiment.curve.freeze()
    assert list(zip(curve.losses.tolist(), curve.others[0].tolist(), strict=True)) == seen
    assert torch.equal(flat(experiment.model), flat(hand.model))


def test_going_back_takes_the_bound_of_then_back() -> None:
    experiment = Experiment(SMALL.with_(clipping=Choice.of("norm", max=0.02), optimizer=Choice("sgd")))
    experiment.advance(5)
    first = experiment.checkpoint()
    experiment.apply(Change(5, "clipping.max", 0.1))
    experiment.advance(5)
    second = experiment.checkpoint()
    experiment.advance(5)
    end = experiment.curve.freeze().losses.tolist()
    experiment.restore(first)
    assert experiment.knobs["clipping.max"] == 0.02
    experiment.restore(second)
    assert experiment.knobs["clipping.max"] == 0.1
    experiment.advance(5)
    assert experiment.curve.freeze().losses.tolist() == end


def test_only_a_bound_that_is_there_can_be_turned() -> None:
    with pytest.raises(ValueError, match=r"'clipping\.max' cannot change live"):
        Experiment(SMALL).apply(Change(0, "clipping.max", 1.0))
    clipped = Experiment(SMALL.with_(clipping=Choice("norm")))
    for value in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="max must be a number from"):
            clipped.apply(Change(0, "clipping.max", value))


def test_the_link_of_a_run_has_its_bound_as_it_was_turned(pool: Pool) -> None:
    session = Session(SMALL.with_(clipping=Choice.of("norm", max=0.1)), "ann", pool)
    session.begin(is_started=False)
    session.turn("clipping.max", 0.5)
    stepped(session, 3)
    session.turn("clipping.max", 0.02)
    snapshot = stepped(session, 3)
    query = link_of(session, snapshot)
    assert query["clipping"] == "norm:max=0.5"
    assert query["journal"] == "3@*:clipping.max:0.02"
    assert session.present_spec(snapshot).clipping == Choice.of("norm", max=0.02)
    session.edit(lambda spec: check_spec(spec.with_(seed=5)))
    assert session.spec.clipping == Choice.of("norm", max=0.02)


# ---- dropout and batch normalisation


class Drop(nn.Module):
    """Dropout by hand."""

    def __init__(self, share: float, generator: torch.Generator) -> None:
        super().__init__()
        self.share, self.generator = share, generator

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return x * (torch.rand(x.shape, generator=self.generator) >= self.share) / (1 - self.share)


def bent(share: float, is_normed: bool) -> Callable[[Experiment, type[nn.Module]], nn.Module]:
    """Return what puts batch normalisation before the activations of a plain network, and dropout behind them."""

    def build(start: Experiment, activation: type[nn.Module]) -> nn.Module:
        plain, noise = network(start, activation), start.origin.noise().generator
        parts: list[nn.Module] = []
        for part in plain:
            if isinstance(part, activation) and is_normed:
                parts.append(nn.BatchNorm1d(parts[-1].out_features))  # type: ignore[arg-type]
            parts.append(part)
            if isinstance(part, activation) and share:
                parts.append(Drop(share, noise))
        return nn.Sequential(*parts)

    return build


DEEP = SMALL.with_(model=Choice.of("mlp", hidden="8,5"), optimizer=Choice.of("adam", lr=0.003))


@pytest.mark.parametrize("spec", [DEEP, DIGITS.with_(optimizer=DEEP.optimizer)], ids=["deep", "digits"])
@pytest.mark.parametrize(("share", "is_normed"), [(0.5, False), (0.0, True), (0.2, True)])
def test_dropout_and_batch_normalisation_are_those_of_a_loop_by_hand(
    share: float, is_normed: bool, spec: ExperimentSpec
) -> None:
    model = spec.model.with_knobs(dropout=share, batch_norm="on" if is_normed else "off")
    found = losses(spec.with_(model=model))
    assert found == by_hand(spec, network=bent(share, is_normed))
    assert found != losses(spec)


def test_without_them_a_network_is_the_plain_one() -> None:
    model = DEEP.model.with_knobs(dropout=0, batch_norm="off")
    experiment = Experiment(DEEP.with_(model=model))
    assert [name for name, _ in experiment.model.named_children()] == ["lin_1", "act_1", "lin_2", "act_2", "lin_3"]
    assert losses(DEEP.with_(model=model)) == losses(DEEP)


BENT = DEEP.with_(model=DEEP.model.with_knobs(dropout=0.3, batch_norm="on"), batch_size=16)


def test_evaluation_drops_nothing_and_uses_the_running_averages() -> None:
    experiment = Experiment(BENT)
    experiment.advance(30)
    record = Observer(experiment).measure()
    model, data = experiment.model.eval(), experiment.data
    with torch.no_grad():
        assert record.test_loss == F.cross_entropy(model(data.test_x), data.test_y).item()
    assert [layer.name for layer in record.layers] == ["lin_1", "lin_2", "lin_3"]
    assert record.weights is not None
    assert [weight.shape for weight in record.weights] == [(8, 2), (5, 8), (2, 5)]
    assert record.field is not None
    assert [len(maps) for maps in record.field.hidden] == [8, 5]
    x = torch.tensor([[record.field.x[0], record.field.y[0]]])
    hidden = nn.Sequential(*list(model)[:3])(x)  # type: ignore[call-overload]  # affine, norm, activation
    assert_allclose(record.field.hidden[0][:, 0, 0], hidden.detach()[0], atol=1e-6)


def test_measuring_changes_neither_the_averages_nor_what_is_dropped_next() -> None:
    often = Experiment(BENT)
    for _ in range(20):
        often.advance(1)
        Observer(often).measure()
    assert often.curve.freeze().losses.tolist() == losses(BENT, 20)


def test_a_last_batch_of_one_is_normalised_by_the_running_averages() -> None:
    spec = BENT.with_(dataset=Choice.of("moons", size=66, test_share=0.5))  # 33 for training: 16, 16, 1
    with pytest.raises(ValueError, match="more than 1 value"):
        nn.BatchNorm1d(8)(torch.zeros(1, 8))
    assert losses(spec) == by_hand(spec.with_(model=DEEP.model), network=forgiving)
    assert {len(batch) for batch in torch.split(Experiment(spec).data.train_x, 16)} == {16, 1}


class Forgiving(nn.Module):
    """Normalises as in evaluation where there is one example only."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        for part in self.inner.modules():
            if isinstance(part, nn.BatchNorm1d):
                part.train(len(x) > 1)
        out: Tensor = self.inner(x)
        return out


def forgiving(start: Experiment, activation: type[nn.Module]) -> nn.Module:
    return Forgiving(bent(0.3, True)(start, activation))


@pytest.mark.parametrize("size", [1, 1.0])
def test_batches_of_one_are_refused_where_batches_are_normalised(size: float, pool: Pool) -> None:
    with pytest.raises(ValueError, match="batch_norm needs a batch_size of 2 or more, not 1"):
        check_spec(BENT.with_(batch_size=1))
    session = Session(BENT, "ann", pool)
    session.begin(is_started=False)
    with pytest.raises(ValueError, match="batch_norm needs a batch_size of 2 or more, not 1"):
        session.turn("batch_size", size)
    with pytest.raises(ValueError, match="batch_norm needs"):
        read_planned({**BENT.to_query(), "journal": "3@*:batch_size:1.0"})
    assert stepped(session, 3).lanes[0].journal == ()
    check_spec(BENT.with_(batch_size=1, model=Choice.of("mlp", dropout=0.5)))


def test_a_run_with_both_goes_on_from_a_checkpoint_to_the_same_bits() -> None:
    experiment = Experiment(BENT)
    experiment.advance(7)
    kept = experiment.checkpoint()
    experiment.advance(9)
    end = experiment.curve.freeze().losses.tolist()
    other = Experiment(BENT)
    other.restore(kept)
    other.advance(9)
    assert other.curve.freeze().losses.tolist() == end == losses(BENT, 16)


# ---- label smoothing


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_smoothed_labels_are_torchs_own(spec: ExperimentSpec, share: float) -> None:
    spec = spec.with_(optimizer=RULES[2])
    smooth = spec.with_(loss=Choice.of("cross_entropy", label_smoothing=share))
    assert losses(smooth) == by_hand(spec, smoothing=share)
    assert losses(smooth) != losses(spec) == losses(spec.with_(loss=Choice.of("cross_entropy", label_smoothing=0)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_losses_shown_are_smoothed_ones_which_never_come_down_to_zero(seed: int) -> None:
    share, classes = 0.2, 10
    experiment = Experiment(DIGITS.with_(loss=Choice.of("cross_entropy", label_smoothing=share), seed=seed))
    experiment.advance(300)
    record, data = Observer(experiment).measure(), experiment.data
    with torch.no_grad():
        log_p = experiment.model(data.test_x).log_softmax(1)
    target = torch.full_like(log_p, share / classes)
    target[torch.arange(len(data.test_y)), data.test_y] += 1 - share
    assert_allclose(record.test_loss, -(target * log_p).sum(1).mean(), rtol=1e-5)
    least = -(target[0] * target[0].log()).sum().item()
    assert record.train_accuracy == 1
    assert 0.5 < least < record.train_loss < record.test_loss
    help_text = CATALOGUES["loss"]["cross_entropy"].knobs[0].help
    assert "Every loss shown, also the test loss, is then the smoothed one, which never comes down to 0." in help_text


# ---- gradient accumulation


def added_up(spec: ExperimentSpec, many: int, updates: int = UPDATES) -> list[float]:
    """Train with torch alone, as is usual: `loss / many` for each batch, then one step; the last may be fewer."""
    start = Experiment(spec)
    x, y = start.data.train_x, start.data.train_y
    model, told = network(start, MODULES[spec.activation.name]), []
    rule = optimizer(spec.optimizer, model.parameters())
    for _, chosen in zip(range(updates), batches(len(x), many * spec.batch_size, start.generator), strict=False):
        rule.zero_grad()
        whole = torch.zeros(())
        for part in torch.split(chosen, spec.batch_size):
            loss = F.cross_entropy(model(x[part]), y[part])
            is_full = len(chosen) == many * spec.batch_size
            loss = loss / many if is_full else loss / (len(chosen) / len(part))
            loss.backward()  # type: ignore[no-untyped-call]
            whole += loss.detach()
        rule.step()
        told.append(whole.item())
    return told


@pytest.mark.parametrize("many", [2, 3, 64])
@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_gradients_of_several_batches_are_added_up_as_in_a_loop_by_hand(spec: ExperimentSpec, many: int) -> None:
    spec = spec.with_(optimizer=RULES[2], batch_size=7)
    assert losses(spec.with_(accumulate=many)) == added_up(spec, many)


def test_several_batches_are_one_large_one_apart_from_rounding() -> None:
    large = DIGITS.with_(batch_size=64, optimizer=RULES[0])
    several = losses(large.with_(batch_size=16, accumulate=4))
    assert_allclose(several, losses(large), rtol=1e-4)
    assert several != losses(large)
    assert Experiment(large.with_(batch_size=16, accumulate=4)).batches.name() == Experiment(large).batches.name()


def test_a_live_batch_size_is_that_of_each_of_the_batches() -> None:
    experiment = Experiment(DIGITS.with_(accumulate=3, batch_size=8))
    experiment.advance(2)
    assert experiment.batches.seen == 2 * 3 * 8
    experiment.apply(Change(2, "batch_size", 5))
    assert experiment.knobs["batch_size"] == 5
    experiment.advance(1)
    assert experiment.batches.seen == 2 * 3 * 8 + 3 * 5


def test_each_batch_is_normalised_by_itself() -> None:
    normed = DIGITS.with_(model=Choice.of("mlp", hidden="8", batch_norm="on"), optimizer=RULES[0])
    apart = losses(normed.with_(batch_size=16, accumulate=4), 10)
    assert abs(apart[0] - losses(normed.with_(batch_size=64), 10)[0]) > 1e-3


class Joined(Hand):
    """Two networks against each other by hand, the gradients of two batches of eight added up for each step."""

    def update(self, indices: Tensor) -> tuple[float, float]:
        real = self.x[indices]
        second = self.joined(self.by_discriminator, real, self.discriminator_loss)
        return self.joined(self.by_generator, real, self.generator_loss), second

    def generator_loss(self, real: Tensor) -> Tensor:
        found: Tensor = F.softplus(-self.model.discriminator(self.made(len(real)))).mean()
        return found

    def joined(self, optimizer: Optimizer, real: Tensor, loss_of: Callable[[Tensor], Tensor]) -> float:
        optimizer.zero_grad()
        total = torch.zeros(())
        for part in torch.split(real, 8):
            loss = loss_of(part) / (len(real) / len(part))
            loss.backward()  # type: ignore[no-untyped-call]
            total += loss.detach()
        optimizer.step()
        return total.item()


def test_both_players_add_the_gradients_of_several_batches_up() -> None:
    experiment = Experiment(spec_of(batch_size=8, accumulate=2))
    hand = Joined(experiment, "non_saturating", "adam", 1)
    order = batches(len(hand.x), 2 * 8, experiment.origin.generator())
    seen = [hand.update(next(order)) for _ in range(9)]
    experiment.advance(9)
    curve = experiment.curve.freeze()
    assert list(zip(curve.losses.tolist(), curve.others[0].tolist(), strict=True)) == seen


@pytest.mark.parametrize("value", ["0", "65", "two", "1.5"])
def test_a_number_of_batches_that_cannot_be_is_answered_with_a_sentence(value: str) -> None:
    knob = NUMBERS["accumulate"]
    with pytest.raises(ValueError, match=f"accumulate must be a whole number from {knob.low} to {knob.high}, not"):
        read_experiment({"accumulate": value})


def test_numbers_are_left_out_of_links_and_told_as_the_switches_are() -> None:
    assert not ExperimentSpec().to_query().keys() & NUMBERS.keys()
    spec = SMALL.with_(accumulate=4)
    assert spec.to_query() == {**SMALL.to_query(), "accumulate": "4"}
    assert read_experiment(spec.to_query()) == spec
    assert [part.text for part in differences(SMALL, spec)] == ["batches per update 1 → 4"]


# ---- what decays


def spared_by_hand(
    spec: ExperimentSpec, decay: float, updates: int = UPDATES, turns: Mapping[int, float] = {}
) -> list[float]:
    """Train with torch alone: two groups of parameters, told apart by their names; only the first one decays."""
    start = Experiment(spec)
    x, y = start.data.train_x, start.data.train_y
    model = network(start, MODULES[spec.activation.name])
    named, told = dict(model.named_parameters()), []
    groups = [
        {"params": [value for name, value in named.items() if "weight" in name], "weight_decay": decay},
        {"params": [value for name, value in named.items() if "bias" in name], "weight_decay": 0.0},
    ]
    rule = optimizer(spec.optimizer, groups)  # type: ignore[arg-type]
    for done, chosen in zip(range(updates), batches(len(x), spec.batch_size, start.generator), strict=False):
        rule.param_groups[0]["weight_decay"] = turns.get(done, rule.param_groups[0]["weight_decay"])
        rule.zero_grad()
        loss = F.cross_entropy(model(x[chosen]), y[chosen])
        loss.backward()  # type: ignore[no-untyped-call]
        rule.step()
        told.append(loss.item())
    return told


WEIGHTS = Choice("weights")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_only_weights_decay_as_in_two_groups_of_torch(name: str) -> None:
    lr = next(knob.default for knob in OPTIMIZERS[name].knobs if knob.name == "lr")
    rule = Choice(name, {"lr": lr, "weight_decay": 0.1})
    spec = SMALL.with_(optimizer=rule, decay=WEIGHTS)
    by_torch = SMALL.with_(optimizer=Choice(name, {"lr": lr}))
    assert losses(spec) == spared_by_hand(by_torch, 0.1)
    assert losses(spec) != losses(spec.with_(decay=Choice("all")))
    turn = Change(9, "optimizer.weight_decay", 0.3)
    assert losses(spec, UPDATES, turn) == spared_by_hand(by_torch, 0.1, turns={9: 0.3})


def test_without_decay_it_is_the_same_which_parameters_would_decay() -> None:
    assert losses(SMALL.with_(decay=WEIGHTS)) == losses(SMALL)


def test_scales_and_shifts_of_normalisation_are_spared_too() -> None:
    experiment = Experiment(BENT.with_(decay=WEIGHTS, optimizer=Choice.of("sgd", weight_decay=0.1)))
    first, second = experiment.optimizer.param_groups
    shapes = {name: value.shape for name, value in experiment.model.named_parameters()}
    assert [value.shape for value in first["params"]] == [shapes[f"lin_{place}.weight"] for place in (1, 2, 3)]
    assert len(second["params"]) == 3 + 2 * 2
    assert (first["weight_decay"], second["weight_decay"]) == (0.1, 0.0)


@pytest.mark.parametrize("name", ["momentum", "rmsprop", "adam"])
def test_groups_turn_together_and_come_back_from_a_checkpoint(name: str) -> None:
    spec = SMALL.with_(decay=WEIGHTS, optimizer=Choice.of(name, weight_decay=0.1))
    experiment = Experiment(spec)
    experiment.advance(4)
    experiment.apply(Change(4, "optimizer.lr", 0.02))
    experiment.apply(Change(4, "optimizer.weight_decay", 0.2))
    assert [group["lr"] for group in experiment.optimizer.param_groups] == [0.02, 0.02]
    assert [group["weight_decay"] for group in experiment.optimizer.param_groups] == [0.2, 0.0]
    assert experiment.knobs["optimizer.weight_decay"] == 0.2
    experiment.advance(4)
    kept = experiment.checkpoint()
    experiment.advance(6)
    end = experiment.curve.freeze().losses.tolist()
    other = Experiment(spec)
    other.restore(kept)
    other.advance(6)
    assert other.curve.freeze().losses.tolist() == end


# ---- averaged weights

AVERAGES: Mapping[str, Callable[[], Any]] = {
    "ema:decay=0.9": lambda: get_ema_multi_avg_fn(0.9),  # type: ignore[no-untyped-call]
    "swa:start=0": get_swa_multi_avg_fn,
    "swa:start=10": get_swa_multi_avg_fn,
}


@pytest.mark.parametrize("written", AVERAGES)
@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_the_weights_that_are_evaluated_are_those_of_torchs_averaged_model(spec: ExperimentSpec, written: str) -> None:
    spec, start = (
        spec.with_(optimizer=RULES[0], averaging=Choice.parse(written)),
        int(written.partition("start=")[2] or 0),
    )
    experiment, plain = Experiment(spec), Experiment(spec.with_(averaging=Choice("none")))
    averaged = AveragedModel(network(experiment, MODULES[spec.activation.name]), multi_avg_fn=AVERAGES[written]())
    data = experiment.data
    for step in range(30):
        assert experiment.advance(1) == plain.advance(1) == 1
        if step >= start:
            averaged.update_parameters(network(plain, MODULES[spec.activation.name]))
        judged = averaged.module if step >= start else network(plain, MODULES[spec.activation.name])
        with torch.no_grad():
            expected = F.cross_entropy(judged(data.test_x), data.test_y).item()
        assert Observer(experiment).evaluate(with_train=False).test_loss == expected
    assert experiment.curve.freeze().losses.tolist() == plain.curve.freeze().losses.tolist()
    assert torch.equal(experiment.flat.parameter, plain.flat.parameter)


def test_an_average_comes_back_from_a_checkpoint_and_from_a_file() -> None:
    spec = SMALL.with_(averaging=Choice.of("ema", decay=0.9))
    straight = Experiment(spec)
    straight.advance(6)
    kept = straight.checkpoint()
    arrays = Arrays()
    again = decode(encode(kept, arrays), arrays)
    straight.advance(6)
    other = Experiment(spec)
    other.restore(again)
    other.advance(6)
    found = [Observer(each).measure().test_loss for each in (straight, other)]
    assert found[0] == found[1] != Observer(Experiment(spec)).measure().test_loss
    straight.restore(kept)
    straight.advance(6)
    assert Observer(straight).measure().test_loss == found[0]


def test_a_checkpoint_without_an_average_is_written_as_before() -> None:
    assert "averages" not in encode(Experiment(SMALL).checkpoint(), Arrays())
    assert "averages" in encode(Experiment(SMALL.with_(averaging=Choice("ema"))).checkpoint(), Arrays())


# ---- the order of the examples


def sorted_by_hand(y: Tensor) -> Tensor:
    first = [row if isinstance(row, (int, float)) else row[0] for row in y.tolist()]
    return torch.tensor(sorted(range(len(first)), key=first.__getitem__))


WAVE = SMALL.with_(dataset=Choice("sine"), loss=Choice("mse"))


@pytest.mark.parametrize("spec", [SMALL, DIGITS, WAVE], ids=["moons", "digits", "sine"])
def test_examples_come_as_they_are_stored_or_sorted_by_their_targets(spec: ExperimentSpec) -> None:
    spec = spec.with_(optimizer=RULES[2])
    y = Experiment(spec).data.train_y
    stored = losses(spec.with_(order=Choice("stored")))
    in_order = losses(spec.with_(order=Choice("sorted")))
    assert stored == by_hand(spec, order=torch.arange(len(y)))
    assert in_order == by_hand(spec, order=sorted_by_hand(y))
    assert len({stored[-1], in_order[-1], losses(spec)[-1]}) == 3


def test_where_nothing_is_shuffled_nothing_is_drawn_and_every_batch_has_the_same_name_in_each_run() -> None:
    spec = DIGITS.with_(order=Choice("sorted"))
    experiment, other = Experiment(spec), Experiment(spec.with_(optimizer=Choice("sgd")))
    before = experiment.generator.get_state()
    name = experiment.batches.name()
    experiment.advance(12)  # into the second epoch
    assert torch.equal(experiment.generator.get_state(), before)
    assert name == other.batches.name() != Experiment(DIGITS).batches.name()
    classes = [batch.tolist() for batch in torch.split(experiment.data.train_y[experiment.batches.place.order], 32)]
    assert all(len(set(batch)) <= 3 for batch in classes)


def test_a_text_is_sorted_by_the_first_letter_to_come() -> None:
    y = torch.tensor([[2, 0], [1, 5], [2, 1], [0, 9]])
    assert by_target(y).tolist() == sorted_by_hand(y).tolist() == [3, 1, 0, 2]


@pytest.mark.parametrize("spec", [DIGITS, MODELS["gan"].usual, MODELS["autoencoder"].usual], ids=lambda s: s.model.name)
def test_in_the_middle_of_a_sorted_epoch_a_run_goes_on_to_the_same_bits(spec: ExperimentSpec) -> None:
    experiment = Experiment(spec.with_(order=Choice("sorted")))
    experiment.advance(3)
    kept = experiment.checkpoint()
    experiment.advance(8)
    end = experiment.curve.freeze().losses.tolist()
    other = Experiment(spec.with_(order=Choice("sorted")))
    other.restore(kept)
    other.advance(8)
    assert other.curve.freeze().losses.tolist() == end
