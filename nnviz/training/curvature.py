"""The curvature of a loss over all parameters: its Hessian is asked by products with vectors and never written out."""

from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor

Product = Callable[[Tensor], Tensor]  # a flat vector -> the Hessian times it

MOST = 80  # products
_SEED = 0  # of the vectors that are drawn, always the same ones


class Hessian:
    """The second derivatives of a scalar by some parameters; `gradient` at this point, and products, are flat.

    Nothing is written to the parameters or to their gradients.  value(): the scalar with its graph, the same one each
    time; it must be twice differentiable by torch.
    """

    def __init__(self, value: Callable[[], Tensor], parameters: Sequence[Tensor]) -> None:
        self._parameters = list(parameters)
        with torch.enable_grad():
            found = torch.autograd.grad(value(), self._parameters, create_graph=True)
            self._gradient = _flat(found)
        self.gradient = self._gradient.detach()

    def __call__(self, vector: Tensor) -> Tensor:
        """Multiply with a flat vector: the gradient of (gradient . vector)."""
        with torch.enable_grad():
            along = self._gradient @ vector
            # A parameter on which the gradient does not depend has no second derivatives.
            found = torch.autograd.grad(
                along, self._parameters, retain_graph=True, allow_unused=True, materialize_grads=True
            )
        return _flat(found).detach()


def _flat(tensors: Sequence[Tensor]) -> Tensor:
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def largest_eigenvalue(product: Product, like: Tensor, tolerance: float = 3e-3, most: int = MOST) -> float:
    """Return the largest eigenvalue of a symmetric product, a negative one where all are, by Lanczos iterations.

    like: a flat vector of the size, type and device.  Ends where an eigenvalue is sure to lie within `tolerance` times
    the value, or after `most` products.  It begins with the same vector every time, so that equal products give equal
    values; nan where a product is not finite.
    """
    basis = [_unit(_drawn(like, Generator().manual_seed(_SEED)))]
    diagonal: list[float] = []
    beside: list[float] = []
    while True:
        image = product(basis[-1])
        diagonal.append((image @ basis[-1]).item())
        if not image.isfinite().all():
            return float("nan")
        rest = _apart(image, basis)
        beside.append(torch.linalg.vector_norm(rest).item())
        value, error = _top(diagonal, beside)
        if error <= tolerance * abs(value) or len(basis) == min(most, like.numel()):
            return value
        basis.append(rest / beside[-1])


def _top(diagonal: list[float], beside: list[float]) -> tuple[float, float]:
    """Return the largest eigenvalue of the tridiagonal matrix so far, and how far off an eigenvalue can be."""
    table = torch.diag(torch.tensor(diagonal, dtype=torch.float64))
    if len(diagonal) > 1:
        edge = torch.diag(torch.tensor(beside[:-1], dtype=torch.float64), 1)
        table = table + edge + edge.t()
    values, vectors = torch.linalg.eigh(table)
    return values[-1].item(), beside[-1] * abs(vectors[-1, -1].item())


def _apart(vector: Tensor, basis: Sequence[Tensor]) -> Tensor:
    """Take away what lies along the basis, twice, for once leaves what was rounded."""
    stack = torch.stack(list(basis))
    for _ in range(2):
        vector = vector - stack.t() @ (stack @ vector)
    return vector


def diagonal(product: Product, like: Tensor, draws: int = 30) -> Tensor:
    """Estimate the diagonal as the mean of v * Hv over vectors v of signs, the same ones every time.

    The sum over some parameters estimates the trace of their part (Hutchinson 1990).
    """
    generator = Generator().manual_seed(_SEED)
    total = torch.zeros_like(like)
    for _ in range(draws):
        signs = _drawn(like, generator).sign()
        total += product(signs) * signs
    return total / draws


def _drawn(like: Tensor, generator: Generator) -> Tensor:
    """Draw on the CPU, so that every device begins alike."""
    return torch.randn(like.numel(), generator=generator).to(like)


def _unit(vector: Tensor) -> Tensor:
    length: Tensor = torch.linalg.vector_norm(vector)
    return vector / length
