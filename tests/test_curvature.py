"""The largest eigenvalue of a Hessian and its trace, beside the Hessian written out."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.autograd.functional import hessian as hessian_of
from torch.nn import functional as F

from nnviz.training.curvature import Hessian, diagonal, largest_eigenvalue

DRAWS = torch.Generator().manual_seed(11)
X = torch.randn(20, 3, generator=DRAWS, dtype=torch.float64)
Y = torch.randn(20, 2, generator=DRAWS, dtype=torch.float64)


def _quadratic(eigenvalues: list[float]) -> tuple[Hessian, Tensor, Tensor]:
    """A quadratic whose Hessian has these eigenvalues, in a rotated basis."""
    draws = torch.Generator().manual_seed(5)
    size = len(eigenvalues)
    turn, _ = torch.linalg.qr(torch.randn(size, size, generator=draws, dtype=torch.float64))
    table = turn @ torch.diag(torch.tensor(eigenvalues, dtype=torch.float64)) @ turn.t()
    point = torch.randn(size, generator=draws, dtype=torch.float64, requires_grad=True)
    return Hessian(lambda: 0.5 * point @ table @ point, [point]), point, table


@pytest.mark.parametrize(
    "eigenvalues", [[5.0, 1.0, 0.5, 0.1], [3.0, 2.99, -8.0, 0.0], [-1.0, -2.0, -3.0], [7.0], [2.0, 2.0, 2.0]]
)
def test_the_largest_eigenvalue_of_a_quadratic_is_found_whatever_its_others_are(eigenvalues: list[float]) -> None:
    hessian, point, _ = _quadratic(eigenvalues)
    assert largest_eigenvalue(hessian, point, tolerance=1e-8) == pytest.approx(max(eigenvalues), rel=1e-7)


def test_a_product_is_the_hessian_times_the_vector_and_the_gradient_is_its_gradient() -> None:
    hessian, point, table = _quadratic([5.0, -1.0, 0.5, 0.1])
    vector = torch.tensor([1.0, -2.0, 3.0, 0.5], dtype=torch.float64)
    torch.testing.assert_close(hessian(vector), table @ vector)
    torch.testing.assert_close(hessian.gradient, table @ point.detach())


@pytest.mark.parametrize("activation", [nn.Tanh(), nn.GELU(), nn.ReLU()], ids=["tanh", "gelu", "relu"])
@pytest.mark.parametrize("seed", range(3))
def test_both_are_those_of_the_hessian_that_torch_writes_out_for_a_small_network(
    activation: nn.Module, seed: int
) -> None:
    net, value, flat = _network(activation, seed)
    table = hessian_of(value, flat)  # type: ignore[no-untyped-call]
    eigenvalues = torch.linalg.eigvalsh(table)
    hessian = _of_network(net)
    assert largest_eigenvalue(hessian, flat, tolerance=1e-6) == pytest.approx(eigenvalues[-1].item(), rel=1e-5)
    # A draw's variance is twice the sum of squares beside the diagonal; 400 of them, and five standard errors.
    off = table - torch.diag(table.diagonal())
    error = (2 * off.square().sum() / 400).sqrt().item()
    assert diagonal(hessian, flat, draws=400).sum().item() == pytest.approx(
        eigenvalues.sum().item(), abs=5 * error + 1e-9
    )


def _network(activation: nn.Module, seed: int) -> tuple[nn.Sequential, Callable[[Tensor], Tensor], Tensor]:
    """A network with seven units in all, its loss as a function of all its parameters in a row, and that row."""
    draws = torch.Generator().manual_seed(seed)
    net = nn.Sequential(nn.Linear(3, 5), activation, nn.Linear(5, 2)).double()
    with torch.no_grad():
        for part in net.parameters():
            part.copy_(torch.randn(part.shape, generator=draws, dtype=torch.float64))
    flat = torch.cat([part.detach().reshape(-1) for part in net.parameters()])

    def value(each: Tensor) -> Tensor:
        first, bias, second, end = torch.split(each, [15, 5, 10, 2])
        hidden = activation(F.linear(X, first.view(5, 3), bias))
        return F.mse_loss(F.linear(hidden, second.view(2, 5), end), Y)

    return net, value, flat


def _of_network(net: nn.Module) -> Hessian:
    return Hessian(lambda: F.mse_loss(net(X), Y), list(net.parameters()))


def test_measuring_writes_nothing_and_draws_nothing_from_torchs_own_generator() -> None:
    net, _, flat = _network(nn.Tanh(), 0)
    for part in net.parameters():
        part.grad = torch.full_like(part, 7.0)
    before, draws = [part.clone() for part in net.parameters()], torch.random.get_rng_state()
    with torch.no_grad():
        first = largest_eigenvalue(_of_network(net), flat)
    assert all(torch.equal(part, old) for part, old in zip(net.parameters(), before, strict=True))
    assert all(torch.equal(part.grad, torch.full_like(part, 7.0)) for part in net.parameters() if part.grad is not None)
    assert torch.equal(torch.random.get_rng_state(), draws)
    torch.rand(3)
    assert largest_eigenvalue(_of_network(net), flat) == first


def test_a_wider_tolerance_takes_fewer_products_and_its_promise_is_kept() -> None:
    hessian, point, _ = _quadratic([float(value) for value in range(1, 61)])
    counted: list[int] = []

    def product(vector: Tensor) -> Tensor:
        counted[-1] += 1
        return hessian(vector)

    for tolerance in (0.1, 0.01, 1e-6):
        counted.append(0)
        assert largest_eigenvalue(product, point, tolerance) == pytest.approx(60, rel=tolerance)
    assert counted[0] < counted[1] < counted[2] <= 60
    counted.append(0)
    largest_eigenvalue(product, point, 0.0, most=4)
    assert counted[-1] == 4


def test_what_is_not_finite_has_no_eigenvalue() -> None:
    point = torch.tensor([1.0, float("inf")], requires_grad=True)
    assert torch.tensor(largest_eigenvalue(Hessian(lambda: (point**3).sum(), [point]), point)).isnan()


def test_a_loss_without_curvature_has_none() -> None:
    point = torch.ones(4, requires_grad=True)
    other = torch.ones(2, requires_grad=True)
    assert (
        largest_eigenvalue(Hessian(lambda: point.sum() + (other * 3).sum() ** 2 * 0, [point, other]), torch.ones(6))
        == 0.0
    )
