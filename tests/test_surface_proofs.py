"""The surfaces against finite differences and textbooks, and the descents against loops and closed forms."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.surfaces import SURFACES, Surface, suggested, surface_of
from nnviz.descent import LANES, DescentSpec
from nnviz.race import MOST_LANES
from nnviz.spec import Choice
from nnviz.trails import Trail
from nnviz.training.descent import descend

CHOICES = [*(Choice(name) for name in SURFACES), Choice.of("ravine", condition=1), Choice.of("ravine", condition=100)]


def value(surface: Surface, x: float, y: float) -> float:
    return float(surface.value(torch.tensor([x], dtype=torch.float64), torch.tensor([y], dtype=torch.float64)))


def gradient(surface: Surface, x: float, y: float) -> tuple[float, float]:
    """Ask autograd, at the width at which descents ask it."""
    places = [torch.full((MOST_LANES,), part, dtype=torch.float64, requires_grad=True) for part in (x, y)]
    parts = torch.autograd.grad(surface.value(*places).sum(), places)
    return float(parts[0][0]), float(parts[1][0])


# ---- surfaces


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_a_gradient_is_what_central_differences_say(choice: Choice) -> None:
    surface = surface_of(choice)
    generator, step = np.random.default_rng(3), 1e-6
    for _ in range(25):
        x, y = (float(generator.uniform(*ends)) for ends in (surface.x, surface.y))
        across = (value(surface, x + step, y) - value(surface, x - step, y)) / (2 * step)
        up = (value(surface, x, y + step) - value(surface, x, y - step)) / (2 * step)
        assert gradient(surface, x, y) == pytest.approx((across, up), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_known_minima_have_no_slope_and_the_value_stated_and_are_the_lowest_around(choice: Choice) -> None:
    surface = surface_of(choice)
    generator = np.random.default_rng(4)
    for x, y in surface.minima:
        assert gradient(surface, x, y) == pytest.approx((0, 0), abs=1e-4)
        assert value(surface, x, y) == pytest.approx(surface.lowest, abs=1e-6)
        for _ in range(50):
            dx, dy = generator.normal(0, 0.05, 2)
            assert value(surface, x + dx, y + dy) >= value(surface, x, y) - 1e-12


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_nothing_on_the_ground_shown_lies_below_the_lowest_value(choice: Choice) -> None:
    surface = surface_of(choice)
    x, y = (torch.linspace(*ends, 201, dtype=torch.float64) for ends in (surface.x, surface.y))
    heights = surface.value(*(part.contiguous() for part in torch.meshgrid(x, y, indexing="ij")))
    assert surface.lowest is None or float(heights.min()) >= surface.lowest - 1e-9
    assert (surface.lowest is None) == (not surface.minima) == (choice.name == "saddle")


TEXTBOOK = [
    ("rosenbrock", (1, 1), 0),
    ("rosenbrock", (0, 0), 1),
    ("rosenbrock", (-1.2, 1), 24.2),
    ("beale", (3, 0.5), 0),
    ("beale", (0, 0), 1.5**2 + 2.25**2 + 2.625**2),
    ("himmelblau", (3, 2), 0),
    ("himmelblau", (-2.805118, 3.131312), 0),
    ("himmelblau", (-3.779310, -3.283186), 0),
    ("himmelblau", (3.584428, -1.848126), 0),
    ("himmelblau", (0, 0), 170),
    ("rastrigin", (0, 0), 0),
    ("rastrigin", (1, 1), 2),
    ("rastrigin", (0.5, 0), 20.25),
    ("styblinski_tang", (-2.903534, -2.903534), -78.33233),
    ("styblinski_tang", (1, 1), -10),
    ("ackley", (0, 0), 0),
    ("ackley", (1, 1), 20 + math.e - 20 * math.exp(-0.2) - math.e),
    ("saddle", (0, 0), 0),
    ("ravine", (1, 1), 0.5 * (1 + 20)),
]


@pytest.mark.parametrize(("name", "place", "known"), TEXTBOOK, ids=[f"{name}{place}" for name, place, _ in TEXTBOOK])
def test_values_are_those_of_the_textbooks(name: str, place: tuple[float, float], known: float) -> None:
    assert value(surface_of(Choice(name)), *place) == pytest.approx(known, abs=5e-5)


def test_every_surface_suggests_a_learning_rate_for_every_optimizer() -> None:
    for name in SURFACES:
        assert set(surface_of(Choice(name)).rates) == set(OPTIMIZERS)


# ---- descents


SETTINGS: dict[str, tuple[dict[str, float], ...]] = {
    "sgd": ({"lr": 0.01}, {"lr": 0.05, "weight_decay": 0.1}),
    "momentum": ({"lr": 0.01, "momentum": 0.5}, {"lr": 0.002, "momentum": 0.99, "weight_decay": 0.01}),
    "nag": ({"lr": 0.01, "momentum": 0.5}, {"lr": 0.002, "momentum": 0.99, "weight_decay": 0.01}),
    "adagrad": ({"lr": 0.5}, {"lr": 1.0, "lr_decay": 0.01, "weight_decay": 0.01, "eps": 1e-3}),
    "adadelta": ({"lr": 10}, {"lr": 3, "rho": 0.5, "eps": 1e-4, "weight_decay": 0.01}),
    "rmsprop": ({"lr": 0.05}, {"lr": 0.01, "alpha": 0.9, "momentum": 0.5, "eps": 1e-4, "weight_decay": 0.01}),
    "adam": ({"lr": 0.2}, {"lr": 0.1, "beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.01}),
    "adamw": ({"lr": 0.2}, {"lr": 0.1, "beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.3}),
    "adamax": ({"lr": 0.2}, {"lr": 0.1, "beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.01}),
    "nadam": ({"lr": 0.2}, {"lr": 0.1, "beta1": 0.5, "beta2": 0.9, "momentum_decay": 0.05, "weight_decay": 0.01}),
    "radam": ({"lr": 0.2}, {"lr": 0.1, "beta1": 0.5, "beta2": 0.9, "eps": 1e-3, "weight_decay": 0.01}),
}
RULES = {
    "sgd": torch.optim.SGD, "momentum": torch.optim.SGD, "nag": torch.optim.SGD, "adagrad": torch.optim.Adagrad,
    "adadelta": torch.optim.Adadelta, "rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW, "adamax": torch.optim.Adamax, "nadam": torch.optim.NAdam, "radam": torch.optim.RAdam,
}  # fmt: skip


def by_hand(choice: Choice, surface: Surface, start: tuple[float, float], steps: int) -> list[list[float]]:
    """Walk down with the loop that everybody writes; only the gradient is asked for eight places at once."""
    knobs = dict(OPTIMIZERS[choice.name].values(choice))
    if "beta1" in knobs:
        knobs["betas"] = (knobs.pop("beta1"), knobs.pop("beta2"))
    if choice.name == "nag":
        knobs["nesterov"] = True
    point = nn.Parameter(torch.tensor(start, dtype=torch.float64))
    optimizer = RULES[choice.name]([point], **knobs)
    path = [point.tolist()]
    for _ in range(steps):
        optimizer.zero_grad()
        places = [point.detach()[part].repeat(MOST_LANES).requires_grad_() for part in (0, 1)]
        parts = torch.autograd.grad(surface.value(*places).sum(), places)
        point.grad = torch.stack([part[0] for part in parts])
        optimizer.step()
        path.append(point.tolist())
    return path


def trail_of(choice: Choice, **more: object) -> Trail:
    (trail,) = descend(DescentSpec(lanes=(choice,), **more)).trails  # type: ignore[arg-type]
    return trail


def test_the_table_covers_the_catalogue() -> None:
    assert set(SETTINGS) == set(RULES) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("surface", ["ravine", "rosenbrock"])
def test_a_trail_is_a_loop_of_torch_optim_bit_for_bit(name: str, surface: str) -> None:
    for knobs in ({}, *SETTINGS[name]):
        choice = Choice.of(name, **knobs)
        trail = trail_of(choice, surface=Choice(surface), steps=200)
        known = surface_of(Choice(surface))
        path = by_hand(choice, known, known.start, len(trail.points) - 1)
        assert trail.points.tolist() == path
        assert len(path) == 201 or trail.diverged_at is not None


def test_a_lane_walks_alone_as_it_walks_beside_others() -> None:
    for name in ("rastrigin", "ackley", "himmelblau"):
        surface = Choice(name)
        lanes = suggested(surface, LANES)
        together = descend(DescentSpec(surface, lanes=lanes)).trails
        for lane, trail in zip(lanes, together, strict=True):
            assert trail_of(lane, surface=surface).points.tolist() == trail.points.tolist()


def test_a_lane_that_leaves_the_numbers_leaves_the_others_alone() -> None:
    wild, calm = Choice.of("sgd", lr=10_000), Choice.of("adam", lr=0.1)
    first, second = descend(DescentSpec(lanes=(wild, calm))).trails
    assert first.diverged_at is not None
    assert np.isfinite(first.points).all()
    assert second.points.tolist() == trail_of(calm).points.tolist()


@pytest.mark.parametrize("condition", [2, 20, 100])
def test_the_ravine_with_plain_descent_diverges_just_above_two_over_lambda_and_converges_just_below(
    condition: int,
) -> None:
    ravine = Choice.of("ravine", condition=condition)
    limit = surface_of(ravine).lambda_max
    assert limit == condition
    below = trail_of(Choice.of("sgd", lr=2 / limit * 0.98), surface=ravine, steps=1000)
    above = trail_of(Choice.of("sgd", lr=2 / limit * 1.02), surface=ravine, steps=1000)
    assert abs(below.points[-1, 1]) < 1e-6
    assert abs(above.points[-1, 1]) > 1e6


def test_plain_descent_in_the_ravine_is_the_closed_form() -> None:
    trail = trail_of(Choice.of("sgd", lr=0.03), steps=100)
    factor = np.array([1 - 0.03 * 1, 1 - 0.03 * 20])
    known = np.array([-4.5, 2.0]) * factor ** np.arange(101)[:, None]
    np.testing.assert_allclose(trail.points, known, rtol=1e-10, atol=1e-14)


def test_momentum_s_velocity_is_the_sum_of_past_gradients_and_the_update_follows_it() -> None:
    trail = trail_of(Choice.of("momentum", lr=0.01, momentum=0.8), steps=50)
    assert trail.velocities is not None
    assert trail.scales is None
    carried = np.zeros(2)
    for gradient_, velocity, update in zip(trail.gradients, trail.velocities, trail.updates, strict=True):
        carried = 0.8 * carried + gradient_
        np.testing.assert_allclose(velocity, carried, rtol=1e-12)
        np.testing.assert_allclose(update, -0.01 * carried, rtol=1e-9)


def test_adam_s_velocity_and_scale_are_its_two_moments() -> None:
    trail = trail_of(Choice.of("adam", lr=0.1, beta1=0.7, beta2=0.9), steps=50)
    assert trail.velocities is not None
    assert trail.scales is not None
    mean, square = np.zeros(2), np.zeros(2)
    for step, slope in enumerate(trail.gradients, 1):
        mean, square = 0.7 * mean + 0.3 * slope, 0.9 * square + 0.1 * slope**2
        np.testing.assert_allclose(trail.velocities[step - 1], mean, rtol=1e-9)
        np.testing.assert_allclose(trail.scales[step - 1], np.sqrt(square), rtol=1e-9)
        root = np.sqrt(square / (1 - 0.9**step)) + 1e-8
        np.testing.assert_allclose(trail.updates[step - 1], -0.1 * mean / (1 - 0.7**step) / root, rtol=1e-6)


def test_plain_descent_has_neither_velocity_nor_scale() -> None:
    trail = trail_of(Choice.of("sgd", lr=0.01), steps=5)
    assert trail.velocities is None
    assert trail.scales is None


def test_noise_is_seeded_and_the_same_for_all_lanes() -> None:
    lanes = (Choice.of("sgd", lr=0.001), Choice.of("sgd", lr=0.001, weight_decay=0))
    spec = DescentSpec(lanes=lanes, noise=2.0, steps=400)
    first, second = descend(spec).trails
    assert first.points.tolist() == second.points.tolist()
    assert descend(spec).trails[0].points.tolist() == first.points.tolist()
    assert descend(spec.with_(seed=2)).trails[0].points.tolist() != first.points.tolist()
    slopes = np.array([1.0, 20.0]) * first.points[:-1]
    added = first.gradients - slopes
    assert added.std() == pytest.approx(2.0, rel=0.1)
    assert added.mean() == pytest.approx(0.0, abs=0.3)


def test_a_longer_walk_begins_with_the_shorter_one() -> None:
    short = trail_of(Choice.of("adam", lr=0.1), steps=50, noise=1.0)
    long = trail_of(Choice.of("adam", lr=0.1), steps=100, noise=1.0)
    assert long.points[:51].tolist() == short.points.tolist()


def test_distances_are_to_the_nearest_minimum_and_unknown_where_there_is_none() -> None:
    trail = trail_of(Choice.of("adam", lr=0.1), surface=Choice("himmelblau"), steps=20)
    minima = np.array(surface_of(Choice("himmelblau")).minima)
    known = [min(math.dist(point, minimum) for minimum in minima) for point in trail.points]
    np.testing.assert_allclose(trail.distances, known, rtol=1e-12)
    assert np.isnan(trail_of(Choice.of("adam", lr=0.1), surface=Choice("saddle"), steps=5).distances).all()


def test_most_of_the_usual_lanes_arrive_on_the_first_picture() -> None:
    ends = [trail.distances[-1] for trail in descend(DescentSpec()).trails if trail.diverged_at is None]
    assert len(ends) == 8
    assert sum(end < 0.1 for end in ends) >= 6


# ---- links


def test_a_link_brings_back_the_same_descent() -> None:
    spec = DescentSpec(Choice.of("ravine", condition=50), (1.25, -0.1), LANES[:3], 120, 0.3, 7)
    assert DescentSpec.from_query(spec.to_query()) == spec
    assert DescentSpec.from_query({}) == DescentSpec()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"surface": "moon"}, "himmelblau"),
        ({"surface": "ravine:condition=0"}, "condition"),
        ({"lanes": ";".join(["sgd"] * 9)}, "1 to 8"),
        ({"lanes": "adem"}, "adam"),
        ({"steps": "1001"}, "1000"),
        ({"start": "1,nan"}, "start"),
        ({"start": "1,2,3"}, "start"),
        ({"noise": "-1"}, "noise"),
        ({"surfac": "ravine"}, "surface"),
    ],
)
def test_a_link_that_cannot_be_walked_is_refused_with_the_choices(query: dict[str, str], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        DescentSpec.from_query(query)
