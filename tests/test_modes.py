import pytest
import torch
from torch import Tensor

from nnviz.catalog.densities import ring
from nnviz.catalog.modes import LEAST, REACH, modes_covered

CENTRES = torch.tensor([[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]])
SPREAD = 0.1


def at(*modes: int, each: int = 25) -> Tensor:
    """Plant `each` samples in the middle of each of these modes."""
    return CENTRES[list(modes)].repeat_interleave(each, 0)


def test_samples_at_all_centres_cover_all_modes_in_equal_shares() -> None:
    covered, shares, quality, _ = modes_covered(at(0, 1, 2, 3), CENTRES, SPREAD)
    assert (covered, shares.tolist(), quality) == (4, [0.25] * 4, 1.0)


def test_samples_at_one_centre_cover_one_mode() -> None:
    covered, shares, quality, _ = modes_covered(at(2), CENTRES, SPREAD)
    assert (covered, shares.tolist(), quality) == (1, [0, 0, 1, 0], 1.0)


def test_samples_at_half_of_the_centres_cover_half_of_the_modes() -> None:
    covered, shares, quality, _ = modes_covered(at(0, 3), CENTRES, SPREAD)
    assert (covered, shares.tolist(), quality) == (2, [0.5, 0, 0, 0.5], 1.0)


def test_samples_between_the_modes_cover_none() -> None:
    between = (CENTRES + CENTRES.roll(1, 0)) / 2
    covered, shares, quality, _ = modes_covered(between.repeat(25, 1), CENTRES, SPREAD)
    assert (covered, shares.tolist(), quality) == (0, [0] * 4, 0.0)


def test_samples_of_which_half_are_far_off_have_half_the_quality() -> None:
    far = torch.full((100, 2), 50.0)
    covered, shares, quality, _ = modes_covered(torch.cat([at(0, 1, 2, 3), far]), CENTRES, SPREAD)
    assert (covered, shares.tolist(), quality) == (4, [0.125] * 4, 0.5)


def test_no_samples_cover_nothing() -> None:
    covered, shares, quality, _ = modes_covered(torch.empty(0, 2), CENTRES, SPREAD)
    assert (covered, shares.tolist(), quality) == (0, [0] * 4, 0.0)


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_samples_of_a_generator_that_diverged_cover_nothing(value: float) -> None:
    covered, shares, quality, _ = modes_covered(torch.full((10, 2), value), CENTRES, SPREAD)
    assert (covered, shares.tolist(), quality) == (0, [0] * 4, 0.0)


@pytest.mark.parametrize(("spreads", "covered"), [(REACH - 0.01, 1), (REACH + 0.01, 0)])
def test_a_mode_ends_three_standard_deviations_from_its_centre(spreads: float, covered: int) -> None:
    samples = CENTRES[:1] + torch.tensor([0.6, 0.8]) * spreads * SPREAD
    assert modes_covered(samples, CENTRES, SPREAD).covered == covered


@pytest.mark.parametrize(("strays", "covered"), [(9, 1), (10, 2)])
def test_a_mode_is_covered_from_a_tenth_of_its_fair_share_on(strays: int, covered: int) -> None:
    samples = torch.cat([at(0, each=400 - strays), at(1, each=strays)])
    assert LEAST * len(samples) / len(CENTRES) == 10
    assert modes_covered(samples, CENTRES, SPREAD).covered == covered


def test_each_sample_counts_for_its_nearest_mode_only_where_modes_overlap() -> None:
    covered, shares, quality, _ = modes_covered(at(0, 1, 2, 3), CENTRES, spread=2.0)
    assert (covered, shares.tolist(), quality) == (4, [0.25] * 4, 1.0)


def test_the_density_itself_covers_all_its_modes() -> None:
    data = ring(torch.Generator().manual_seed(1), 4000, 0.1, 0.5)
    assert data.modes is not None
    covered, shares, quality, _ = modes_covered(data.test_x, data.modes, data.spread)
    assert covered == 8
    assert quality == pytest.approx(1 - torch.tensor(-4.5).exp().item(), abs=0.01)  # of a Gaussian within 3 std
    assert shares.tolist() == pytest.approx([0.125] * 8, abs=0.01)
