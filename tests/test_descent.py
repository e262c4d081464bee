"""Descents are torch.optim's own steps, bit for bit, whoever else is on the surface."""

import re
from dataclasses import fields

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from nnviz.catalog import OPTIMIZERS, SURFACES, check_descent
from nnviz.catalog.links import read_descent
from nnviz.catalog.optimizers import labels
from nnviz.catalog.surfaces import suggested, surface_of
from nnviz.records.descent import Descent, Trail
from nnviz.records.run import Doubles
from nnviz.specs.descent import LANES, MOST_STEPS, DescentSpec
from nnviz.specs.experiment import Choice
from nnviz.training.descent import descend
from tests.reference import optimizer
from tests.test_update_rules import OTHERS, RATES

WILD = Choice.of("sgd", lr=1e4)  # leaves the finite numbers on every surface with a slope
EVERY_SURFACE = pytest.mark.parametrize("surface", SURFACES)


def by_hand(spec: DescentSpec, lane: Choice, width: int = 8) -> tuple[Tensor, Tensor]:
    """Return points and gradients of a plain loop: one parameter of two numbers, autograd, `optimizer.step()`."""
    surface = surface_of(spec.surface)
    parameter = nn.Parameter(torch.tensor(spec.start or surface.start, dtype=torch.float64))
    rule = optimizer(lane, [parameter])
    points, gradients = [parameter.detach().clone()], []
    for _ in range(spec.steps):
        x, y = (torch.full((width,), part, dtype=torch.float64, requires_grad=True) for part in parameter.tolist())
        surface.value(x, y).backward(torch.ones(width, dtype=torch.float64))  # type: ignore[no-untyped-call]
        assert x.grad is not None
        assert y.grad is not None
        parameter.grad = torch.stack((x.grad[0], y.grad[0]))
        gradients.append(parameter.grad.clone())
        rule.step()
        points.append(parameter.detach().clone())
    return torch.stack(points), torch.stack(gradients)


def parts(trail: Trail) -> list[Doubles | None]:
    """List a trail's arrays."""
    names = ("points", "values", "distances", "gradients", "updates", "velocities", "scales")
    return [getattr(trail, name) for name in names]


def assert_same(one: Trail, other: Trail) -> None:
    """Compare all numbers of two trails, bit for bit."""
    assert one.diverged_at == other.diverged_at
    for first, second in zip(parts(one), parts(other), strict=True):
        assert (first is None) == (second is None)
        if first is not None and second is not None:
            assert first.tobytes() == second.tobytes()


def on(surface: str, *lanes: Choice, steps: int = 60) -> Descent:
    return descend(DescentSpec(Choice(surface), lanes=lanes, steps=steps))


# ---- the link

SPECS = [
    DescentSpec(),
    DescentSpec(
        Choice.of("ravine", condition=3.5),
        (0.1 + 0.2, -1e-7),
        (Choice("adam"), Choice.of("adam", lr=0.3, beta1=0), Choice("radam")),
        steps=1,
        noise=1e-5,
        seed=2**31 - 1,
    ),
    DescentSpec(Choice("ackley"), (-0.0, 1e6), (WILD,), MOST_STEPS, 3, 0),
]


@pytest.mark.parametrize("spec", SPECS, ids=["default", "odd", "extreme"])
def test_a_link_comes_back_exactly(spec: DescentSpec) -> None:
    again = read_descent(spec.to_query())
    assert again == spec
    assert hash(again) == hash(spec)
    assert again.to_query() == spec.to_query()


def test_equal_descents_are_equal_links_however_they_were_written() -> None:
    query = DescentSpec(start=(0.0, 1.0), noise=2).to_query()
    assert DescentSpec(start=(-0.0, 1), noise=2.0).to_query() == query
    assert read_descent({**query, "start": "-0,+1.0", "noise": "2e0"}).to_query() == query


def test_what_a_link_leaves_out_takes_its_default() -> None:
    assert read_descent({}) == read_descent({"lanes": "", "start": ""}) == DescentSpec()
    assert read_descent({"steps": "7"}) == DescentSpec().with_(steps=7)
    assert set(DescentSpec(start=(1, 2)).to_query()) == {part.name for part in fields(DescentSpec)}


BAD = {
    "surface": ("bowl", "no surface 'bowl'; choose one of ravine"),
    "lanes": ("adam;sdg", "no optimizer 'sdg'; choose one of sgd"),
    "start": ("1,2,3", "start must be two numbers, x and y, not "),
    "steps": ("1001", "steps must be a whole number from 1 to 1000, not 1001"),
    "noise": ("-1", "noise must be a number from 0 to 1e+06, not -1.0"),
    "seed": ("1.5", "seed must be a whole number from 0 to 2147483647, not '1.5'"),
    "step": ("300", "'step' is not part of a link; did you mean 'steps'?"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_link_is_one_sentence_with_the_value_and_what_is_allowed(name: str) -> None:
    text, said = BAD[name]
    with pytest.raises(ValueError, match=re.escape(said)):
        read_descent({name: text})


@pytest.mark.parametrize("name", ["start", "noise"])
@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "١", "1_0", "1 ", "--1", "1e", "0x1", "."])
def test_a_number_that_is_none_is_refused(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=rf"{name} (takes|must be)"):
        read_descent({name: f"{text},1" if name == "start" else text})


@pytest.mark.parametrize(
    "changes",
    [
        {"lanes": ()},
        {"lanes": (WILD,) * 9},
        {"steps": 0},
        {"steps": True},
        {"seed": -1},
        {"start": (1.0,)},
        {"start": (1.0, float("nan"))},
        {"start": (1.0, True)},
        {"start": (2e6, 0.0)},
        {"noise": float("inf")},
    ],
    ids=str,
)
def test_what_cannot_be_walked_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^(a descent has 1 to 8 lanes|steps|seed|start|noise) ?(must be)?.*not "):
        DescentSpec().with_(**changes)


def test_the_check_looks_at_knobs_of_surface_and_lanes() -> None:
    assert check_descent(DescentSpec()) == DescentSpec()
    for spec in (DescentSpec(Choice.of("ravine", angle=1)), DescentSpec(lanes=(Choice.of("sgd", beta1=0.5),))):
        with pytest.raises(ValueError, match="has no knob"):
            check_descent(spec)


# ---- labels


def test_lanes_are_named_by_optimizer_and_numbered_where_one_comes_again() -> None:
    choices = [Choice("adam"), Choice("sgd"), Choice.of("adam", lr=0.1), Choice("adamw")]
    assert labels(choices) == ("Adam 1", "SGD", "Adam 2", "AdamW")
    assert [trail.label for trail in on("ravine", *choices, steps=1).trails] == ["Adam 1", "SGD", "Adam 2", "AdamW"]


# ---- torch's own steps


@pytest.mark.parametrize("surface", ["ravine", "beale", "ackley"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_trail_is_a_loop_by_hand_at_defaults_and_two_other_settings(name: str, surface: str) -> None:
    lanes = (Choice(name), *(Choice(name, knobs) for knobs in OTHERS[name]))
    spec = DescentSpec(Choice(surface), lanes=lanes, steps=60)
    for trail, knobs in zip(descend(spec).trails, ({"lr": RATES[name]}, *OTHERS[name]), strict=True):
        points, gradients = by_hand(spec, Choice(name, knobs))
        count = len(trail.points)
        assert (count == 61) == (trail.diverged_at is None)
        assert trail.points.tobytes() == points[:count].numpy().tobytes()
        assert trail.gradients.tobytes() == gradients[: count - 1].numpy().tobytes()
        assert trail.updates.tobytes() == np.diff(trail.points, axis=0).tobytes()


@EVERY_SURFACE
def test_a_lane_alone_walks_as_beside_others_of_which_one_diverges(surface: str) -> None:
    lanes = suggested(Choice(surface), LANES)[1:]
    together = on(surface, WILD, *lanes, steps=120)
    assert (together.trails[0].diverged_at is None) == (surface in ("plateau", "ackley"))  # their slopes are bounded
    for lane, trail in zip(lanes, together.trails[1:], strict=True):
        assert_same(on(surface, lane, steps=120).trails[0], trail)


def test_the_place_among_the_lanes_changes_nothing() -> None:
    one, other = (on("ackley", *lanes) for lanes in (LANES, LANES[::-1]))
    for trail, same in zip(one.trails, other.trails[::-1], strict=True):
        assert_same(trail, same)


def test_equal_specs_give_equal_trails() -> None:
    spec = DescentSpec(Choice("beale"), (2.0, 2.0), steps=40, noise=0.3)
    for one, other in zip(descend(spec).trails, descend(read_descent(spec.to_query())).trails, strict=True):
        assert_same(one, other)


def test_neither_grad_mode_nor_threads_nor_the_global_generator_are_left_changed() -> None:
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    descend(DescentSpec(steps=2, noise=1.0))
    assert torch.is_grad_enabled()
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


# ---- noise


def test_noise_is_drawn_from_the_seed() -> None:
    spec = DescentSpec(steps=30, noise=0.5)
    one, same, other = (descend(spec.with_(seed=seed)) for seed in (1, 1, 2))
    assert_same(one.trails[0], same.trails[0])
    assert not np.array_equal(one.trails[0].points, other.trails[0].points)


def test_every_lane_gets_the_same_noise_of_the_size_asked_for() -> None:
    steps = 400
    still, loud = (descend(DescentSpec(Choice("plateau"), (6e5, 6e5), steps=steps, noise=noise)) for noise in (0, 0.25))
    first = loud.trails[0].gradients
    assert np.abs(still.trails[0].gradients).max() < 1e-12  # so far out the surface itself has no slope
    assert first.std() == pytest.approx(0.25, rel=0.1)
    assert abs((first[:, 0] * first[:, 1]).mean()) < 0.1 * 0.25**2  # x and y are drawn apart
    for trail in loud.trails:
        np.testing.assert_allclose(trail.gradients, first, atol=1e-12)


def test_a_longer_descent_begins_with_the_shorter_one() -> None:
    short, long = (descend(DescentSpec(steps=steps, noise=0.5)) for steps in (20, 50))
    for one, other in zip(short.trails, long.trails, strict=True):
        assert one.points.tobytes() == other.points[:21].tobytes()


# ---- what is told


def test_momentum_and_adam_hold_what_is_computed_by_hand() -> None:
    momentum, adam = on("beale", Choice.of("momentum", lr=0.001, momentum=0.8), Choice.of("adam", lr=0.1)).trails
    velocity = np.zeros(2)
    for gradient, held in zip(momentum.gradients, momentum.velocities, strict=True):  # type: ignore[arg-type]
        velocity = 0.8 * velocity + gradient
        np.testing.assert_allclose(held, velocity, rtol=1e-12)
    mean = square = np.zeros(2)
    held_means = zip(adam.gradients, adam.velocities, adam.scales, strict=True)  # type: ignore[arg-type]
    for gradient, held, scale in held_means:
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        np.testing.assert_allclose(held, mean, rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(scale, np.sqrt(square), rtol=1e-10)
    assert momentum.scales is None


def test_sums_and_largest_gradients_are_told_too() -> None:
    adagrad, adamax, rmsprop = on("beale", Choice("adagrad"), Choice("adamax"), Choice("rmsprop")).trails
    summed = np.sqrt(np.cumsum(adagrad.gradients**2, axis=0))
    np.testing.assert_allclose(adagrad.scales, summed, rtol=1e-12)  # type: ignore[arg-type]
    largest = np.zeros(2)
    for gradient, scale in zip(adamax.gradients, adamax.scales, strict=True):  # type: ignore[arg-type]
        largest = np.maximum(0.999 * largest, np.abs(gradient) + 1e-8)
        np.testing.assert_allclose(scale, largest, rtol=1e-10)
    square = np.zeros(2)
    for gradient, scale in zip(rmsprop.gradients, rmsprop.scales, strict=True):  # type: ignore[arg-type]
        square = 0.99 * square + 0.01 * gradient**2
        np.testing.assert_allclose(scale, np.sqrt(square), rtol=1e-10)


HOLDS = {
    "sgd": (False, False),
    "momentum": (True, False),
    "nag": (True, False),
    "adagrad": (False, True),
    "adadelta": (False, True),
    "rmsprop": (False, True),
    **dict.fromkeys(("adam", "adamw", "adamax", "nadam", "radam"), (True, True)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_tells_what_it_holds(name: str) -> None:
    (trail,) = on("ravine", Choice(name), steps=5).trails
    assert (trail.velocities is not None, trail.scales is not None) == HOLDS[name]
    assert all(part is None or part.shape == (5, 2) for part in (trail.velocities, trail.scales))


def test_momentum_of_rmsprop_is_a_velocity_and_momentum_of_zero_is_none() -> None:
    rmsprop, still = on("ravine", Choice.of("rmsprop", momentum=0.5), Choice.of("momentum", momentum=0)).trails
    assert rmsprop.velocities is not None
    assert still.velocities is None


def test_values_and_distances_are_those_of_the_points() -> None:
    (trail,) = on("himmelblau", Choice.of("sgd", lr=0.01)).trails
    surface = surface_of(Choice("himmelblau"))
    x, y = trail.points.T
    np.testing.assert_allclose(trail.values, (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, rtol=1e-9, atol=1e-12)
    away = [min(np.hypot(px - mx, py - my) for mx, my in surface.minima) for px, py in trail.points]
    np.testing.assert_allclose(trail.distances, away, rtol=1e-12)


def test_where_there_is_no_minimum_there_is_no_distance() -> None:
    found = on("saddle", Choice("sgd"))
    assert np.isnan(found.trails[0].distances).all()
    assert found.terrain.minima.shape == (0, 2)
    assert found.terrain.lowest == -4


@EVERY_SURFACE
def test_a_terrain_has_the_heights_of_its_places(surface: str) -> None:
    terrain = on(surface, Choice("sgd"), steps=1).terrain
    rows, columns = terrain.heights.shape
    known = surface_of(Choice(surface))
    for row, column in ((0, 0), (0, columns - 1), (rows - 1, 0), (rows // 3, columns // 2)):
        x = terrain.x[0] + column / (columns - 1) * (terrain.x[1] - terrain.x[0])
        y = terrain.y[0] + row / (rows - 1) * (terrain.y[1] - terrain.y[0])
        height = known.value(*(torch.tensor([part], dtype=torch.float64) for part in (x, y))).item()
        assert terrain.heights[row, column] == pytest.approx(height, rel=1e-5, abs=1e-5)
    assert (terrain.label, terrain.formula, terrain.lambda_max) == (
        SURFACES[surface].label,
        known.formula,
        known.lambda_max,
    )


def test_nobody_can_write_to_what_all_viewers_share() -> None:
    found = on("beale", Choice("adam"), steps=3)
    shared = [*parts(found.trails[0]), found.terrain.minima]
    assert len([part for part in shared if part is not None and not part.flags.writeable]) == 8
    assert not found.terrain.heights.flags.writeable


# ---- divergence


def test_a_lane_ends_where_it_leaves_the_finite_numbers() -> None:
    wild, calm = on("rosenbrock", WILD, Choice.of("sgd", lr=1e-4)).trails
    end = wild.diverged_at
    assert end is not None
    assert 1 < end < 10
    lengths = [len(part) for part in (wild.points, wild.values, wild.distances, wild.gradients, wild.updates)]
    assert lengths == [end, end, end, end - 1, end - 1]
    assert all(np.isfinite(part).all() for part in parts(wild) if part is not None)
    points = by_hand(DescentSpec(Choice("rosenbrock"), steps=end), WILD)[0]
    x, y = points[end]
    assert not bool(torch.isfinite(surface_of(Choice("rosenbrock")).value(x, y)))
    assert calm.diverged_at is None
    assert len(calm.points) == 61


@pytest.mark.parametrize("condition", [1, 20, 400])
def test_in_the_ravine_sgd_converges_just_below_and_diverges_just_above_two_over_lambda_max(condition: float) -> None:
    surface = Choice.of("ravine", condition=condition)
    edge = 2 / float(surface_of(surface).lambda_max or 0)
    lanes = tuple(Choice.of("sgd", lr=lr) for lr in (0.99 * edge, 1.01 * edge, 3 * edge))
    below, above, far = descend(DescentSpec(surface, (0.0, 1.0), lanes, MOST_STEPS)).trails
    assert below.distances[-1] < 1e-8
    assert (np.diff(below.distances[:500]) < 0).all()
    assert above.distances[-1] > 1e8
    assert (np.diff(above.distances) > 0).all()
    assert far.diverged_at is not None


# ---- the first picture


def test_on_the_default_ravine_most_arrive_on_ways_of_their_own() -> None:
    trails = descend(DescentSpec()).trails
    assert len(trails) == 8
    assert sum(trail.distances[-1] < 0.01 for trail in trails) >= 7
    for place, trail in enumerate(trails):
        for other in trails[:place]:
            assert np.hypot(*(trail.points - other.points).T).max() > 0.1, (trail.label, other.label)


@EVERY_SURFACE
def test_with_suggested_rates_nobody_diverges_and_somebody_arrives(surface: str) -> None:
    trails = on(surface, *suggested(Choice(surface), LANES), steps=300).trails
    assert [trail.label for trail in trails if trail.diverged_at] == []
    reached = [trail.distances[-1] for trail in trails]
    assert np.isnan(reached).all() if surface == "saddle" else min(reached) < 0.3
