from collections.abc import Callable

import pytest
import torch
from torch import Generator

from nnviz.catalog.data import Data
from nnviz.catalog.densities import grid, ring

DENSITIES: list[tuple[Callable[..., Data], int]] = [(ring, 8), (grid, 25)]
each_density = pytest.mark.parametrize(("density", "modes"), DENSITIES)


def generator(seed: int = 1) -> Generator:
    return torch.Generator().manual_seed(seed)


@each_density
def test_a_density_knows_its_centres_and_its_spread(density: Callable[..., Data], modes: int) -> None:
    data = density(generator(), 1000, 0.07, 0.2)
    assert data.modes is not None
    assert data.modes.shape == (modes, 2)
    assert data.spread == 0.07
    assert data.modes.abs().max() == pytest.approx(2)
    assert len(data.classes) == modes


@each_density
def test_points_scatter_around_the_centre_of_their_class_by_the_spread(
    density: Callable[..., Data], modes: int
) -> None:
    data = density(generator(), 20_000, 0.2, 0.2)
    assert data.modes is not None
    off = data.train_x - data.modes[data.train_y]
    assert off.std(0).tolist() == pytest.approx([0.2, 0.2], rel=0.03)
    assert off.mean(0).tolist() == pytest.approx([0, 0], abs=0.01)


@each_density
def test_without_noise_every_point_is_a_centre(density: Callable[..., Data], modes: int) -> None:
    data = density(generator(), 200, 0.0, 0.2)
    assert data.modes is not None
    assert torch.equal(data.train_x, data.modes[data.train_y])
    assert torch.equal(data.test_x, data.modes[data.test_y])


@each_density
def test_every_mode_has_as_many_points_as_the_others_in_training_and_test(
    density: Callable[..., Data], modes: int
) -> None:
    data = density(generator(), 40 * modes, 0.1, 0.25)
    assert torch.bincount(data.train_y).tolist() == [30] * modes
    assert torch.bincount(data.test_y).tolist() == [10] * modes


@each_density
def test_a_seed_gives_the_same_density_and_another_seed_another(density: Callable[..., Data], modes: int) -> None:
    one, again, other = (density(generator(seed), 300, 0.1, 0.2) for seed in (1, 1, 2))
    assert torch.equal(one.train_x, again.train_x)
    assert torch.equal(one.test_y, again.test_y)
    assert not torch.equal(one.train_x, other.train_x)


def test_the_rings_centres_are_neighbours_at_equal_distance_on_radius_2() -> None:
    centres = ring(generator(), 80, 0.1, 0.2).modes
    assert centres is not None
    gaps = (centres - centres.roll(1, 0)).norm(dim=1)
    assert centres.norm(dim=1).tolist() == pytest.approx([2.0] * 8)
    assert gaps.tolist() == pytest.approx([gaps[0].item()] * 8, rel=1e-5)


def test_the_grids_centres_stand_one_apart_in_five_rows_and_columns() -> None:
    centres = grid(generator(), 250, 0.1, 0.2).modes
    assert centres is not None
    assert {tuple(centre) for centre in centres.tolist()} == {(x, y) for x in range(-2, 3) for y in range(-2, 3)}
