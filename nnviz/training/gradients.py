"""One batch's loss and gradients, by autograd or, for an MLP, in closed form with the same kernels."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from nnviz.catalog.losses import Loss
from nnviz.catalog.models import MLP
from nnviz.training.flat import Flat

Gradients = Callable[[Tensor, Tensor], Tensor]  # (x, target) -> loss, leaving the gradients in the flat buffer


def gradients_of(model: MLP, loss: Loss, flat: Flat) -> Gradients:
    """Pick the way to an MLP's gradients; both give the same bits on the CPU."""
    if flat.gradient.device.type == "cpu":
        return ClosedForm(model, loss, flat)
    return by_autograd(lambda x, target: loss.value(model(x), target), list(model.parameters()), flat.gradient)


def by_autograd(loss: Callable[[Tensor, Tensor], Tensor], parameters: Sequence[Tensor], flat: Tensor) -> Gradients:
    """Let autograd add the gradients of some parameters into their flat buffer, and leave all others alone."""

    def gradients(x: Tensor, target: Tensor) -> Tensor:
        flat.zero_()
        with torch.enable_grad():
            value = loss(x, target)
            torch.autograd.backward(value, inputs=parameters)
        return value.detach()

    return gradients


def accumulated(
    loss: Callable[[Tensor, Tensor], Tensor], parameters: Sequence[Tensor], flat: Tensor, size: Callable[[], int]
) -> Gradients:
    """Add up the gradients of the parts of a batch, of so many examples each; each counts by its share of them."""

    def gradients(x: Tensor, target: Tensor) -> Tensor:
        flat.zero_()
        total = torch.zeros((), device=flat.device)
        with torch.enable_grad():
            for part, wanted in zip(torch.split(x, size()), torch.split(target, size()), strict=True):
                value = loss(part, wanted) / (x.shape[0] / part.shape[0])
                torch.autograd.backward(value, inputs=parameters)
                total = total + value.detach()
        return total

    return gradients


def output_gradient(loss: Loss, output: Tensor, target: Tensor, into: Tensor) -> Tensor:
    """Return a loss and write its gradient by the network's output into `into`, through autograd."""
    output.requires_grad_()
    with torch.enable_grad():
        value = loss.value(output, target)
        (gradient,) = torch.autograd.grad(value, output)
    into.copy_(gradient)
    return value.detach()


class Backward(NamedTuple):
    """One layer's backward pass: its gradient's buffer, the layer's tensors, and the buffer of the layer below."""

    gradient: Tensor
    gradient_t: Tensor
    weight: Tensor
    weight_grad: Tensor
    bias_grad: Tensor
    below: Tensor | None


class ClosedForm:
    """Back-propagation through affine layers written out (Rumelhart et al. 1986).

    It calls the kernels that autograd would call, in the same order on the same layouts, and so skips only
    the graph: for networks of a few units that is most of the time.
    """

    def __init__(self, model: MLP, loss: Loss, flat: Flat) -> None:
        self._linears = model.linears
        self._activation, self._loss = model.activation, loss
        self._one = torch.ones(())
        self._forward = [(linear.bias.detach(), linear.weight.detach().t()) for linear in self._linears]
        grads = flat.views(flat.gradient)
        self._grads = list(zip(grads[::2], grads[1::2], strict=True))  # weight and bias of each layer
        self._plans: dict[int, list[Backward]] = {}

    def __call__(self, x: Tensor, target: Tensor) -> Tensor:
        """Return the loss of a batch and leave its gradients in the parameters' buffers (under no_grad)."""
        activate, addmm = self._activation.forward, torch.addmm
        inner, tape = x, []
        *hidden, (last_bias, last_weight_t) = self._forward
        for bias, weight_t in hidden:
            before = addmm(bias, inner, weight_t)
            tape.append((inner, before))
            inner = activate(before)
        plan = self._plans.get(x.shape[0]) or self._plan(x.shape[0])
        value = self._output(addmm(last_bias, inner, last_weight_t), target, plan[0].gradient)
        self._back(plan, inner, tape)
        return value

    def _output(self, output: Tensor, target: Tensor, into: Tensor) -> Tensor:
        if self._loss.backward is None:
            return output_gradient(self._loss, output, target, into)
        return self._loss.backward(output, target, self._one, into)

    def _back(self, plan: list[Backward], inner: Tensor, tape: list[tuple[Tensor, Tensor]]) -> None:
        mm, add_up, through = torch.mm, torch.sum, self._activation.backward
        for gradient, gradient_t, weight, weight_grad, bias_grad, below in plan:
            mm(gradient_t, inner, out=weight_grad)
            add_up(gradient, 0, out=bias_grad)
            if below is not None:
                outer, (inner, before) = inner, tape.pop()
                through(mm(gradient, weight), before, outer, below)

    def _plan(self, examples: int) -> list[Backward]:
        """Lay out the buffers for batches of that many examples, last layer first."""
        buffers = [torch.empty(examples, linear.out_features) for linear in self._linears]
        below = [None, *buffers[:-1]]
        plan = [
            Backward(buffer, buffer.t(), linear.weight.detach(), *grads, under)
            for linear, buffer, grads, under in zip(self._linears, buffers, self._grads, below, strict=True)
        ]
        if len(self._plans) > 8:  # a batch size that is dragged about leaves its buffers behind
            self._plans.clear()
        self._plans[examples] = plan[::-1]
        return self._plans[examples]
