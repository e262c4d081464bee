"""What help texts and lessons say of training, over three seeds: each test holds sentences that readers read."""

import ast
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
import torch
from torch import Tensor

from nnviz.catalog import ACTIVATIONS, INITIALIZERS, LOSSES, MODELS, OPTIMIZERS, SWITCHES
from nnviz.catalog.surfaces import SURFACES, suggested, surface_of
from nnviz.charts import CHARTS
from nnviz.lessons.affine.study_fit import FitState, fit
from nnviz.lessons.depth import study_fold as depth_fold
from nnviz.lessons.depth.state import State as Depth
from nnviz.lessons.depth.study_signal import Signals
from nnviz.lessons.descent_by_hand import study as descent_by_hand
from nnviz.lessons.lab import state as lab
from nnviz.lessons.learning import study as learning
from nnviz.records.descent import Trail
from nnviz.records.run import Doubles, Record
from nnviz.records.shapes import Floats, Shares
from nnviz.runs.timeline import Stream
from nnviz.specs.descent import DescentSpec
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Detail, Experiment, Observer
from nnviz.training.descent import descend
from nnviz.ui.showcase import EXAMPLES
from tests.seeds import FEW, SEEDS, Test, accuracies, accuracy, loss, most, stories

ROOT = Path(__file__).parent.parent
DIGITS = ExperimentSpec(epochs=0)
MOONS = DIGITS.with_(
    dataset=Choice("moons"), model=Choice.of("mlp", hidden="16"), activation=Choice("tanh"),
    initializer=Choice("glorot_normal"),
)  # fmt: skip
LINE = MOONS.with_(dataset=Choice("line"), activation=Choice("identity"), loss=Choice("mse"))
DEEP = DIGITS.with_(initializer=Choice("glorot_normal"), model=Choice.of("mlp", hidden="32,32,32,32"))
# Sentences that tests of other files hold.
ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "test_rate_test.test_from_the_first_weights_training_does_well_at_the_suggestion": (
        "A good rate lies well to the left of where it rises for good: the dot is at a tenth of that.",
    ),
    "test_family_alexnet.test_nothing_is_dropped_while_measuring": (
        "With dropout, batches are learnt from with units left out and measured with all",
    ),
    "test_family_alexnet.test_19_of_20_digits_are_right_after_300_updates_and_the_first_filters_have_grown": (
        "grow out of the noise, which they do where the first weights are small",
    ),
    "test_family_alexnet.test_after_too_large_a_step_it_guesses_and_a_smaller_rate_brings_nothing_back": (
        "Look for everything piled up at zero (dead ReLUs)",
    ),
    "test_family_googlenet.test_plain_filters_learn_in_half_as_many_updates_and_modules_get_there_too": (
        "*What each branch carries* shows that training leaves no branch out.",
    ),
    "test_family_densenet.test_the_digits_are_learnt_in_100_updates_with_half_the_growth_rate_too": (
        "Look whether a source fades: even the last layers go on reading the first.",
    ),
    "test_family_lstm.test_over_fifty_steps_the_lstm_learns_to_add_and_the_plain_network_hears_the_last_steps_only": (
        "The LSTM's cell hears of all of them once it has learnt to keep its forget gate open.",
    ),
    "test_family_lstm.test_the_rhyme_is_learnt_to_less_than_a_bit_a_letter_and_its_own_text_becomes_words": (
        "so what changes is what it has learnt: letters first, then words, then verses.",
    ),
    "test_family_autoencoder.test_without_activation_it_comes_down_to_pca_and_never_below": (
        "the best that a linear network can do on the examples it is fitted to",
    ),
    "test_family_gan.test_at_its_defaults_it_covers_seven_of_eight_modes_or_more_within_2000_updates": (
        "look how the points follow the blue ground until it fades.",
    ),
    "test_catalog.test_the_first_steps_of_rmsprop_and_adadelta_are_as_their_knobs_say": (
        "the first moves each weight by about 0.003 whatever the gradient, and steps grow from there",
        "The first update moves each weight by the rate / √(1 - alpha), ten rates at 0.99",
    ),
    "test_lecture.test_the_lectures_network_learns_the_real_mnist": (
        "A plain MLP gets about 98 of 100 right.",
        "The classic exercise, step by step, from data to 98 %.",
    ),
    "test_descent.test_in_the_ravine_sgd_converges_just_below_and_diverges_just_above_two_over_lambda_max": (
        "one learning rate is too much for one direction and too little for the other.",
        "SGD needs a learning rate below 2 over this number.",
    ),
    "test_lesson_losses.test_both_losses_of_a_mistake_have_their_closed_form_and_slope": (
        "Cross-entropy keeps rising to the left; the squared error goes flat.",
    ),
    "test_lesson_losses.test_a_far_outlier_moves_the_squared_line_and_hardly_the_others": (
        "One wrong measurement can bend a whole model, or hardly touch it: the loss decides.",
    ),
    "test_lesson_affine.test_two_over_the_steepest_curvature_parts_falling_from_rising": (
        "Above 2/λmax the loss rises.",
    ),
    "test_lesson_descent_by_hand.test_just_below_the_stable_learning_rate_the_loss_falls_and_just_above_it_grows": (
        "Above 2/λmax the steps along the steepest direction grow instead of shrinking.",
    ),
}
PROMISING = re.compile(
    r"\b(usually|often|likely|fast(er)?|slow(er|ly)?|quick|best|better|worse|harder|eas(y|ily|iest)|nearly|seconds|about"
    r"|learns?|crawls|overshoots?|diverge(s|nce)?|dies?|vanish(es|ing)?|explodes?|shrinks?|grows?|appear|means)\b"
)
# Their words promise nothing that training could break: definitions, arithmetic, or what the reader may look for.
PLAIN = {
    "fit", "test_loss", "latent", "lane_cost", "rates", "non_saturating", "adagrad", "adam beta1", "adam beta2",
    "nadam momentum_decay", "resnet", "gan",
}  # fmt: skip


def says(*sentences: str) -> Callable[[Test], Test]:
    """Note on a test which sentences it holds."""

    def noted(test: Test) -> Test:
        test.says = sentences  # type: ignore[attr-defined]
        return test

    return noted


@cache
def words() -> str:
    """Join all that is written in the folders that speak to readers."""
    files = (
        file
        for folder in ("charts", "words", "lessons", "ui", "catalog")
        for file in sorted((ROOT / "nnviz" / folder).rglob("*.py"))
    )
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    return "\n".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def held() -> list[str]:
    """List the sentences that tests hold, here or elsewhere."""
    return [each for test in list(globals().values()) for each in getattr(test, "says", ())] + [
        sentence for sentences in ELSEWHERE.values() for sentence in sentences
    ]


def trained(spec: ExperimentSpec, updates: int) -> Iterator[Experiment]:
    """Train with each of a few seeds."""
    for seed in FEW:
        experiment = Experiment(spec.with_(seed=seed))
        experiment.advance(updates)
        yield experiment


def after(updates: int, spec: ExperimentSpec) -> tuple[Record, ...]:
    """Train with each of the seeds and measure after so many updates."""
    return stories(spec, updates, seeds=FEW)[0]


def by(spec: ExperimentSpec, optimizer: str, rate: float) -> ExperimentSpec:
    return spec.with_(optimizer=Choice.of(optimizer, lr=rate))


# ---- the words themselves


def test_every_sentence_that_is_held_still_stands_where_readers_read_it() -> None:
    assert [sentence for sentence in held() if sentence not in words()] == []


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_held_elsewhere_is_held_by_a_test(name: str) -> None:
    module, test = name.split(".")
    assert callable(getattr(importlib.import_module(f"tests.{module}"), test))


def helped() -> Iterator[tuple[str, str]]:
    """Name the texts of charts and of all that can be chosen; test_dataset_notes lists the data."""
    yield from ((name, chart.help) for name, chart in CHARTS.items())
    for menu in (ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, MODELS, SURFACES, *SWITCHES.values()):
        for name, entry in menu.items():
            yield name, entry.note
            yield from ((f"{name} {knob.name}", knob.help) for knob in entry.knobs)


def test_every_text_that_sounds_like_a_promise_is_held_or_plain() -> None:
    free: dict[str, str] = {}  # optimizers share knobs: the first one that has a text names it
    for name, text in helped():
        if PROMISING.search(text) and not any(sentence in text for sentence in held()):
            free.setdefault(text, name)
    assert set(free.values()) == PLAIN


# ---- charts


@says(
    "A gap that opens between them: the network learns by heart.",
    "Few are learnt by heart: the test loss tells.",
)
def test_a_hundred_digits_are_learnt_by_heart_and_the_test_loss_tells() -> None:
    few, many = (after(600, spec) for spec in (DIGITS.with_(dataset=Choice.of("digits", train_size=100)), DIGITS))
    assert all(record.test_loss > 10 * record.train_loss for record in few)
    assert mean(record.test_loss for record in few) > 2 * mean(record.test_loss for record in many)


@says("Look for lines that jump up when the learning rate is much too large.")
def test_a_learning_rate_much_too_large_kills_most_rectified_units_and_a_usual_one_few() -> None:
    usual, large = (
        mean(dead(experiment) for experiment in trained(by(DIGITS, "sgd", rate), 200)) for rate in (0.1, 3.0)
    )
    assert usual < 0.15
    assert large > 0.6


def dead(experiment: Experiment) -> float:
    """Average over layers the share of units that never answer."""
    found = Observer(experiment).measure().readings["dead_units"]
    assert isinstance(found, Shares)
    return float(found.values.mean())


def alikeness(filters: Floats | None) -> float:
    """Correlate the weights of pixels that lie side by side."""
    assert filters is not None
    pairs = ((filters[:, :, 1:], filters[:, :, :-1]), (filters[:, 1:], filters[:, :-1]))
    return mean(float(np.corrcoef(one.ravel(), other.ravel())[0, 1]) for one, other in pairs)


@says("They start as noise; look for strokes and blobs that appear as it learns.")
def test_neighbours_among_the_first_weights_begin_unlike_and_grow_alike() -> None:
    before, after = (
        mean(alikeness(Observer(experiment).measure().filters) for experiment in trained(DIGITS, updates))
        for updates in (0, 500)
    )
    assert abs(before) < 0.05
    assert after > 0.1


def spread(record: Record) -> float:
    return record.parameters[0].std


@says(
    "A band that widens means that the layer is learning; one that never moves is stuck, or so wide that tiny steps "
    "are enough."
)
def test_weights_spread_while_a_layer_learns_stay_when_it_is_dead_and_hardly_move_when_it_is_wide() -> None:
    wide = by(DIGITS, "sgd", 0.05).with_(model=Choice.of("mlp", hidden="1024"))
    for spec, updates, low, high in ((DIGITS, 500, 1.08, 2.0), (wide, 300, 0.99, 1.01)):
        for experiment in trained(spec, 0):
            before = Observer(experiment).measure()
            experiment.advance(updates)
            then = Observer(experiment).measure()
            assert low < spread(then) / spread(before) < high
            assert (then.test_accuracy or 0) > 0.9
    for experiment in trained(by(DIGITS, "sgd", 10), 50):
        dead = Observer(experiment).measure()
        experiment.advance(50)
        assert spread(Observer(experiment).measure()) == pytest.approx(spread(dead), rel=1e-3)  # or nearly dead


def gradients(experiment: Experiment) -> list[float]:
    """The size of the last gradient of each layer's weights, the first layer's first."""
    found = (each for each in Observer(experiment).measure().parameters if len(each.shape) > 1)
    return [each.gradient or 0.0 for each in found]


@says(
    "A band that is a thin line at zero from the start means vanishing gradients,",
    "A line that falls to the left means that the first layers hardly hear what went wrong.",
    "Squashes to 0..1; its slope is at most 1/4, so deep stacks learn slowly.",
)
def test_a_deep_stack_of_sigmoids_hardly_tells_its_first_layer_and_learns_slowly() -> None:
    sigmoid, tanh = (DEEP.with_(activation=Choice(name)) for name in ("sigmoid", "tanh"))
    for experiment in trained(sigmoid, 1):
        first, *_, last = gradients(experiment)
        assert first < last / 20
    assert all(first > last / 20 for first, *_, last in map(gradients, trained(tanh, 1)))
    assert loss(after(300, sigmoid)) > 5 * loss(after(300, tanh))


@says("one that shrinks to it late, that little is left to learn;")
def test_gradients_shrink_when_little_is_left_to_learn() -> None:
    quick = by(DIGITS, "adam", 0.01)
    early, late = (mean(gradients(experiment)[0] for experiment in trained(quick, count)) for count in (5, 600))
    assert late < early / 4
    assert loss(after(600, quick)) < 0.03


@says("one that grows without end comes before divergence.")
def test_gradients_grow_without_end_before_divergence() -> None:
    for experiment in trained(by(LINE, "sgd", 3.0), 0):
        sizes: list[float] = []
        while len(sizes) < 20 and np.isfinite(Observer(experiment).measure(Detail.SCORES).train_loss):
            experiment.advance(1)
            sizes.append(gradients(experiment)[0])
        assert 3 <= len(sizes) < 20
        assert sizes[0] < sizes[1] < sizes[2] / 100


def ratio_and_losses(spec: ExperimentSpec) -> tuple[float, float, float]:
    """The first layer's update ratio after 10 updates, and the training losses at the start and after 300."""
    ratios, before, after = [], [], []
    for experiment in trained(spec, 0):
        before.append(Observer(experiment).measure(Detail.SCORES).train_loss)
        experiment.advance(10)
        ratios.append(Observer(experiment).measure().parameters[0].update_ratio or 0.0)
        experiment.advance(290)
        after.append(Observer(experiment).measure(Detail.SCORES).train_loss)
    return mean(ratios), mean(before), mean(after)


@says(
    "small networks often learn best when they begin at ten times that. Far below, learning crawls; far above, the "
    "learning rate may be too high."
)
@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_the_best_learning_rate_begins_with_updates_near_a_hundredth_of_the_weights(optimizer: str) -> None:
    rates = {"adam": (1e-5, 1e-3, 1e-2, 1.0), "momentum": (1e-6, 1e-3, 1e-1, 1.0)}[optimizer]
    crawling, *_, wild = found = [ratio_and_losses(by(DIGITS, optimizer, rate)) for rate in rates]
    best = min(found, key=lambda each: each[-1])
    assert 2e-3 < best[0] < 1e-1
    assert crawling[0] < 1e-4
    assert crawling[2] > 0.9 * crawling[1]
    assert wild[0] > best[0]
    assert wild[2] > 10 * best[2]


def likeness_of_moves(spec: ExperimentSpec) -> float:
    """The share of the weights that the first update moves by half to twice as much as the median one."""
    shares = []
    for experiment in trained(spec, 0):
        before = [value.detach().clone() for value in experiment.model.parameters()]
        experiment.advance(1)
        pairs = zip(experiment.model.parameters(), before, strict=True)
        moves = torch.cat([(now.detach() - then).abs().flatten() for now, then in pairs])
        shares.append(((moves > moves.median() / 2) & (moves < 2 * moves.median())).double().mean().item())
    return mean(shares)


@says("two humps are a rule that moves every weight by about the same.")
def test_adam_first_moves_every_weight_by_about_the_same_and_sgd_does_not() -> None:
    assert likeness_of_moves(MOONS.with_(optimizer=Choice("adam"))) > 0.9
    assert likeness_of_moves(MOONS.with_(optimizer=Choice("sgd"))) < 0.65


@says("At first all lie on one level, soon the average;")
def test_sums_of_the_lstm_first_lie_on_one_level_the_average() -> None:
    for experiment in trained(MODELS["lstm"].usual, 40):
        with torch.no_grad():
            answers = experiment.model(experiment.data.test_x)
        assert answers.std() < 0.2 * experiment.data.test_y.std()
        assert answers.mean().item() == pytest.approx(experiment.data.test_y.mean().item(), abs=0.2)


# ---- models


@says("until then accuracy looks worse than the training loss of the batches")
def test_running_averages_lag_at_first() -> None:
    usual = MODELS["googlenet"].usual
    lags = [
        Observer(experiment).measure(Detail.SCORES).train_loss - experiment.curve.freeze().losses[-3:].mean()
        for experiment in trained(usual, 10)
    ]
    assert mean(lags) > 0.05


@says("*Gradient by depth* shows that the plain network's gradients do not vanish here,")
def test_the_gradients_of_resnets_plain_twin_do_not_vanish() -> None:
    family = MODELS["resnet"]
    for experiment in trained(family.twins["plain"].edit(family.usual), 4):
        sizes = [each.gradient or 0.0 for each in Observer(experiment).measure().parameters if len(each.shape) == 4]
        assert min(sizes) > max(sizes) / 20


# ---- activations, initialisers, optimizers, knobs


@says(
    "max(0, x): cheap, does not saturate for x > 0, can die for x < 0.",
    "ReLU with a small slope below zero, so that no unit can die.",
)
@pytest.mark.parametrize(("name", "is_dead"), [("relu", True), ("leaky_relu", False)])
def test_units_below_zero_everywhere_are_dead_with_relu_and_learn_with_leaky_relu(name: str, is_dead: bool) -> None:
    for experiment in trained(DIGITS.with_(activation=Choice(name)), 0):
        with torch.no_grad():
            list(experiment.model.parameters())[1].fill_(-100.0)
        experiment.advance(3)
        assert (gradients(experiment)[0] == 0) == is_dead


@says("Smooth below zero with outputs that average closer to zero than ReLU's (Clevert et al. 2016).")
def test_outputs_of_elu_average_closer_to_zero_than_those_of_relu() -> None:
    inputs = torch.randn(10_000, generator=torch.Generator().manual_seed(1))
    elu, relu = (
        float(ACTIVATIONS[name].build(**ACTIVATIONS[name].values(Choice(name))).forward(inputs).mean())
        for name in ("elu", "relu")
    )
    assert abs(elu) < 0.6 * relu


@says("All weights 0: every unit of a layer stays the same as its neighbours.")
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_units_that_begin_at_zero_stay_alike(activation: str) -> None:
    for experiment in trained(MOONS.with_(initializer=Choice("zeros"), activation=Choice(activation)), 100):
        weight = next(experiment.model.parameters())
        torch.testing.assert_close(weight, weight[:1].expand_as(weight))


@says(
    "Too small crawls, too large overshoots or diverges.",
    "One optimizer's good learning rate is another's bad one.",
)
def test_a_rate_that_suits_sgd_is_too_large_for_adam_and_one_that_suits_adam_lets_sgd_crawl() -> None:
    sgd_crawls, adam_learns, sgd_learns, adam_overshoots = (
        loss(after(300, by(DIGITS, name, rate))) for rate in (0.001, 0.3) for name in ("sgd", "adam")
    )
    assert adam_learns < 0.5 < 1.5 < sgd_crawls
    assert sgd_learns < 0.15 < 1 < adam_overshoots
    wild = after(20, by(DIGITS, "sgd", 100))
    assert all(not record.train_loss < 2.3 for record in wild)


@says("none keeps the raw pixels and shows why one should not.")
def test_raw_pixels_are_learnt_worse() -> None:
    for optimizer, updates in (("sgd", 300), ("adam", 50)):
        raw, standard = (
            accuracy(after(updates, DIGITS.with_(optimizer=Choice(optimizer), dataset=data)))
            for data in (Choice.of("digits", normalisation="none"), Choice("digits"))
        )
        assert raw < standard - 0.1


def noise(experiment: Experiment, size: int) -> float:
    """How much the loss of a batch varies from batch to batch, the weights held still."""
    with torch.no_grad():
        scores = experiment.model(experiment.data.train_x)
        losses = torch.nn.functional.cross_entropy(scores, experiment.data.train_y, reduction="none")
    order = torch.randperm(len(losses), generator=torch.Generator().manual_seed(1))
    batches = [losses[order[start : start + size]].mean() for start in range(0, len(order) - size, size)]
    return torch.stack(batches).std().item()


@says("Small batches are noisy, large ones slow per epoch.")
def test_small_batches_are_noisy_and_large_ones_slow_per_epoch() -> None:
    fast, slow = (after(3 * 1437 // size, DIGITS.with_(batch_size=size)) for size in (8, 128))
    assert loss(slow) > 3 * loss(fast)
    assert all(noise(experiment, 8) > 1.5 * noise(experiment, 128) for experiment in trained(DIGITS, 50))


@says("The standard deviation of each cloud on each axis. Small clouds are the harder ones to hit.")
def test_small_clouds_are_hit_more_rarely() -> None:
    ring = MODELS["gan"].usual
    small, large = (after(150, ring.with_(dataset=Choice.of("ring", noise=noise))) for noise in (0.05, 0.25))
    assert mean(record.scores["good"] for record in small) < 0.5 * mean(record.scores["good"] for record in large)
    assert mean(record.scores["modes"] for record in small) < mean(record.scores["modes"] for record in large) - 2


# ---- surfaces


def walked(surface: Choice, *lanes: Choice, start: tuple[float, float] | None = None, steps: int = 300) -> list[Trail]:
    return list(descend(DescentSpec(surface, start or surface_of(surface).start, lanes, steps)).trails)


def suited(name: str, *optimizers: str, steps: int = 300) -> dict[str, Trail]:
    lanes = suggested(Choice(name), tuple(map(Choice, optimizers)))
    return dict(zip(optimizers, walked(Choice(name), *lanes, steps=steps), strict=True))


@says("Another rule in this lane, with a learning rate that suits the surface.")
@pytest.mark.parametrize("surface", [*map(Choice, SURFACES), Choice.of("ravine", condition=1000)], ids=repr)
def test_the_suggested_rate_of_no_optimizer_throws_it_out(surface: Choice) -> None:
    reach = 2 * max(map(abs, (*surface_of(surface).x, *surface_of(surface).y)))
    steps = 30 if surface.name == "saddle" else 60  # it has no lowest point
    for name in OPTIMIZERS:
        (trail,) = walked(surface, *suggested(surface, (Choice(name),)), steps=steps)
        assert abs(trail.points).max() < reach, name


@says("A heavy ball: past gradients add up, so it speeds along valleys and overshoots (Polyak 1964).")
def test_a_heavy_ball_speeds_along_the_valley_and_overshoots() -> None:
    plain, heavy = walked(Choice("ravine"), Choice.of("sgd", lr=0.03), Choice.of("momentum", lr=0.03), steps=20)
    assert heavy.points[10, 0] > plain.points[10, 0] + 1
    assert heavy.points[:, 0].max() > 0.1 > 0 > plain.points[:, 0].max()


@says("A bent valley: to find its floor is easy, to follow it to the minimum is not.")
def test_the_floor_of_the_bent_valley_is_found_long_before_the_minimum() -> None:
    for name, trail in suited("rosenbrock", "sgd", "momentum", "nag", "adagrad", "rmsprop", "adam", "nadam").items():
        x, y = trail.points[60]
        assert abs(y - x * x) < 0.1, name
        assert trail.distances[60] > 0.8, name


@says("Flat valleys between steep corners: gradients differ by orders of magnitude.")
def test_gradients_of_beale_differ_by_orders_of_magnitude() -> None:
    surface = surface_of(Choice("beale"))
    x, y = (part.flatten().requires_grad_() for part in torch.meshgrid(line(surface.x), line(surface.y), indexing="xy"))
    sizes = torch.stack(torch.autograd.grad(surface.value(x, y).sum(), (x, y))).norm(dim=0)
    assert sizes.quantile(0.95) > 1000 * sizes.quantile(0.05)


def line(ends: tuple[float, float]) -> Tensor:
    return torch.linspace(*ends, 40, dtype=torch.float64)


@says("Four minima of equal depth: who starts alike need not end alike.")
def test_optimizers_that_start_alike_end_in_different_minima() -> None:
    trails = suited("himmelblau", "sgd", "momentum", "adam", "adagrad").values()
    assert all(trail.distances[-1] < 0.1 for trail in trails)
    assert len({tuple(trail.points[-1].round(0)) for trail in trails}) > 1


@says("A bowl with a dent at every whole number: most of them catch, one is the lowest.")
def test_dents_catch_who_takes_small_steps() -> None:
    starts = [(x, y) for x in (-3.4, 1.6) for y in (-2.7, 2.3)]
    for start in starts:
        for trail in walked(Choice("rastrigin"), Choice.of("sgd", lr=0.002), Choice.of("adam", lr=0.01), start=start):
            assert trail.distances[-1] > 0.5


@says("Down along one line to a point that is no minimum, then ever steeper away: it has no lowest value.")
def test_away_from_the_saddle_it_grows_steeper() -> None:
    trail = suited("saddle", "sgd")["sgd"]
    away = abs(trail.points[:, 1])
    assert abs(trail.points[100:, 0]).max() < 0.1
    assert (np.diff(away) > 0).all()
    assert (np.diff(away, 2) > 0).all()


@says("A dented plain around a narrow funnel: small steps never leave their dent.")
def test_small_steps_never_leave_their_dent() -> None:
    for trail in walked(Choice("ackley"), Choice.of("sgd", lr=0.01), Choice.of("adam", lr=0.01)):
        assert abs(trail.points - trail.points[0]).max() < 0.6


@says(
    "Far out the gradient is nearly nothing (Geman and McClure 1985): who divides by it moves on, the others wait.",
)
def test_on_the_plateau_who_divides_by_the_gradient_moves_on_and_the_others_wait() -> None:
    dividing, plain = ("adagrad", "rmsprop", "adam", "adamw", "nadam"), ("sgd", "momentum", "nag")
    trails = suited("plateau", *dividing, *plain, steps=20)
    assert all(trails[name].distances[-1] < 0.5 * trails[name].distances[0] for name in dividing)
    assert all(trails[name].distances[-1] > 0.9 * trails[name].distances[0] for name in plain)


# ---- lessons and ways in


@says("Handwritten digits, 8 by 8 pixels: nine of ten right within seconds.", "Small enough to be learnt in seconds")
def test_nine_of_ten_digits_are_right_after_three_epochs() -> None:
    assert most(share > 0.9 for share in accuracies(after(150, EXAMPLES["digits"].with_(epochs=0))))


@says("A straight line cannot follow a wave, however long it is trained: the model is part of the answer.")
def test_a_straight_line_cannot_follow_a_wave() -> None:
    line, bent = (learning.spec_of(learning.State(hidden=units), "curve") for units in (0, 8))
    assert loss(after(400, line)) > 5 * loss(after(400, bent))
    assert loss(after(1500, line)) > 0.95 * loss(after(400, line))


@says(
    "it falls fast at first and then ever slower.",
    "Total cholesterol and LDL rise and fall together, so many pairs of weights are nearly as good: gradient descent "
    "is slow to tell them apart.",
    "Inputs that do not follow each other make a round valley, and gradient descent is quick in it.",
)
def test_descent_slows_down_and_inputs_that_follow_each_other_are_told_apart_last() -> None:
    found, few = fit(FitState(steps=500)), fit(FitState(steps=500, inputs=4))
    gaps = np.log(found.losses - found.least)
    assert (np.diff(gaps, 2) > -1e-6).all()
    assert (gaps[0] - gaps[40]) / 40 > 10 * (gaps[40] - gaps[-1]) / 460 > 0
    apart = dict(zip(found.inputs, abs(found.weights - found.best_weights).max(axis=1), strict=True))
    assert {"s1", "s2"} == set(sorted(apart, key=lambda name: apart[name])[-2:])
    assert np.corrcoef(found.x[:, found.inputs.index("s1")], found.x[:, found.inputs.index("s2")])[0, 1] > 0.8
    assert few.difference < 1e-6 < 0.1 < found.difference


def unrest(rate: float, seed: int) -> float:
    """How far the loss stays above the least of all lines, in the end, with one sample in each step."""
    found = descent_by_hand.study(descent_by_hand.State(batch="one", step=200, lr=rate, seed=seed))
    return float(found.losses[-60:].mean() / found.fit.loss - 1)


@says(
    "so it goes only roughly downhill and jitters at the star.",
    "The gradient of one sample is zero at that sample's own best line, not at everybody's. Smaller steps jitter less.",
)
def test_a_path_of_single_samples_jitters_and_less_with_smaller_steps() -> None:
    small, large = ([unrest(rate, seed) for seed in SEEDS] for rate in (0.02, 0.1))
    assert min(large) > 0.05
    assert all(little < much / 2 for little, much in zip(small, large, strict=True))


@says("Where training gets stuck, try a new start.")
def test_most_starts_solve_xor() -> None:
    found = [depth_fold.study_fold(Depth(data="xor", start=start), Stream()).deep.lanes[0] for start in range(1, 9)]
    solved = [(lane.records[-1].test_accuracy or 0) >= 0.98 for lane in found]
    assert sum(solved) >= 4


def left(initializer: Choice, draw: int) -> float:
    """The share of a signal's mean square that 30 layers of ReLU leave."""
    forward: Doubles = Signals().signal(initializer, "relu", 30, draw).forward
    return float(forward[-1] / forward[1])


@says(
    "Where chance spoils it, take a new draw.",
    "With a factor near 1 per layer even 30 layers pass the signal on.",
    "A factor a little below 1, applied again and again, leaves nothing: this is the vanishing signal.",
)
def test_he_s_start_keeps_a_signal_of_relu_within_a_factor_of_3_or_nearly_and_glorot_s_loses_it() -> None:
    kept = [left(Choice("he_normal"), draw) for draw in range(1, 13)]
    assert all(0.02 < share < 50 for share in kept)
    assert 4 <= sum(1 / 3 < share < 3 for share in kept) < 12
    assert all(left(Choice("glorot_normal"), draw) < 1e-6 for draw in SEEDS)


@says("too small and signals vanish, too large and they explode.")
def test_with_one_spread_signals_vanish_or_explode() -> None:
    small, large = ([left(Choice.of("normal", std=std), draw) for draw in SEEDS] for std in (0.05, 0.3))
    assert max(small) < 1e-6
    assert min(large) > 1e6


# ---- the lab


def laboratory(**settings: str) -> ExperimentSpec:
    return lab.spec_of(lab.State(**{"data": "digits", "batch": "32", **settings})).with_(epochs=0)  # type: ignore[arg-type]


@says("Untrained, the network should be right about one time in ten, and its loss should be about that of a guess, or")
def test_an_untrained_network_guesses() -> None:
    start = after(0, laboratory())
    assert 0.05 < accuracy(start) < 0.2
    assert all(record.test_loss > 2.2 for record in start)


@says(
    "Reach 97.8 % test accuracy on MNIST (on the small digits: 96 %).",
    "Some learning rates are faster than others.",
    "Most of the large network is luxury: the last one or two per cent are what it pays for.",
    "Raise the learning rate above and train for an epoch or more.",
)
def test_a_small_network_with_a_faster_rate_reads_digits_nearly_as_well_and_a_wild_one_does_not() -> None:
    large, slow, small = (
        accuracy(after(450, laboratory(hidden=units, lr=rate)))
        for units, rate in (("256", "0.001"), ("32", "0.001"), ("32", "0.01"))
    )
    assert large > 0.965
    assert slow + 0.005 < small
    assert small > 0.955
    assert large - small < 0.02
    assert all(share < 0.7 for share in accuracies(after(45, laboratory(lr="1"))))


@says("Look at its probabilities: often the truth comes second, and some pictures would puzzle anybody.")
def test_behind_a_wrong_answer_the_truth_often_comes_second() -> None:
    second = []
    for experiment in trained(laboratory(), 450):
        with torch.no_grad():
            places = experiment.model(experiment.data.test_x).argsort(dim=1, descending=True)
        is_wrong = places[:, 0] != experiment.data.test_y
        second += (places[:, 1] == experiment.data.test_y)[is_wrong].tolist()
    assert len(second) > 20
    assert mean(second) > 0.4


@says("The most frequent by far is black, the lowest value.")
@pytest.mark.parametrize("data", ["digits", "mnist"])
def test_black_is_the_most_frequent_brightness(data: str, data_folder: Path) -> None:
    pixels = Experiment(DIGITS.with_(dataset=Choice.of(data, train_size=1000))).data.train_x
    values, counts = np.unique(pixels.numpy(), return_counts=True)
    *_, second, first = np.sort(counts)
    assert values[counts.argmax()] == values[0]
    assert first > 3 * second


# ---- the real MNIST and Fashion-MNIST


@says("The first half of the file is the harder half, so a few make the network look worse than it is.")
def test_the_first_half_of_mnists_test_pictures_is_the_harder_one(data_folder: Path) -> None:
    mnist = DIGITS.with_(dataset=Choice.of("mnist", train_size=10_000), batch_size=128)
    for experiment in trained(mnist, 300):
        with torch.no_grad():
            is_right = (experiment.model(experiment.data.test_x).argmax(dim=1) == experiment.data.test_y).double()
        assert is_right[:5000].mean() < is_right[5000:].mean() - 0.015


@says("shirts, pullovers and coats are easily confused, as the confusion matrix shows.")
def test_shirts_pullovers_and_coats_are_a_third_of_fashions_mistakes(data_folder: Path) -> None:
    fashion = DIGITS.with_(dataset=Choice.of("fashion_mnist", train_size=6000, test_size=2000), batch_size=128)
    shares = []
    for experiment in trained(fashion, 200):
        confusion = Observer(experiment).measure().confusion
        assert confusion is not None
        mistakes = confusion - np.diag(np.diag(confusion))
        tops = [experiment.data.classes.index(name) for name in ("Pullover", "Coat", "Shirt")]
        shares.append(mistakes[np.ix_(tops, tops)].sum() / mistakes.sum())
    assert mean(shares) > 0.25  # chance: 6 of 90 pairs
