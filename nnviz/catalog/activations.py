"""The functions between layers, each with its own closed-form backward kernel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from nnviz.catalog.entry import Entry, Knob

aten = torch.ops.aten


@dataclass(frozen=True, slots=True)
class Activation:
    """A pointwise function as a module, as a plain call, and its backward pass.

    `backward(grad, x, out, into)` writes the gradient by x into `into` with the kernel that autograd would call,
    so both give the same bits.
    """

    module: Callable[[], nn.Module]
    forward: Callable[[Tensor], Tensor]
    backward: Callable[[Tensor, Tensor, Tensor, Tensor], object]


def _identity() -> Activation:
    return Activation(nn.Identity, lambda x: x, lambda grad, x, out, into: into.copy_(grad))


def _relu() -> Activation:
    kernel = aten.threshold_backward.grad_input
    return Activation(nn.ReLU, torch.relu, lambda grad, x, out, into: kernel(grad, out, 0, grad_input=into))


def _leaky_relu(slope: float) -> Activation:
    kernel = aten.leaky_relu_backward.grad_input
    forward = aten.leaky_relu.default
    return Activation(
        lambda: nn.LeakyReLU(slope),
        lambda x: forward(x, slope),
        lambda grad, x, out, into: kernel(grad, x, slope, False, grad_input=into),
    )


def _elu(alpha: float) -> Activation:
    kernel = aten.elu_backward.grad_input
    forward = aten.elu.default
    return Activation(
        lambda: nn.ELU(alpha),
        lambda x: forward(x, alpha),
        lambda grad, x, out, into: kernel(grad, alpha, 1, 1, False, x, grad_input=into),
    )


def _gelu() -> Activation:
    kernel = aten.gelu_backward.grad_input
    return Activation(nn.GELU, nn.functional.gelu, lambda grad, x, out, into: kernel(grad, x, grad_input=into))


def _silu() -> Activation:
    kernel = aten.silu_backward.grad_input
    return Activation(nn.SiLU, aten.silu.default, lambda grad, x, out, into: kernel(grad, x, grad_input=into))


def _softplus() -> Activation:
    kernel = aten.softplus_backward.grad_input
    return Activation(
        nn.Softplus, aten.softplus.default, lambda grad, x, out, into: kernel(grad, x, 1, 20, grad_input=into)
    )


def _sigmoid() -> Activation:
    kernel = aten.sigmoid_backward.grad_input
    return Activation(nn.Sigmoid, torch.sigmoid, lambda grad, x, out, into: kernel(grad, out, grad_input=into))


def _tanh() -> Activation:
    kernel = aten.tanh_backward.grad_input
    return Activation(nn.Tanh, torch.tanh, lambda grad, x, out, into: kernel(grad, out, grad_input=into))


ACTIVATIONS: Mapping[str, Entry[Activation]] = {
    "identity": Entry("Identity (none)", _identity, note="No bend at all: a stack of layers stays one affine map."),
    "relu": Entry("ReLU", _relu, note="max(0, x): cheap, does not saturate for x > 0, can die for x < 0."),
    "leaky_relu": Entry(
        "Leaky ReLU",
        _leaky_relu,
        (Knob("slope", "Slope below zero", 0.01, 0.001, 0.5, log=True, help="Slope for negative inputs."),),
        note="ReLU with a small slope below zero, so that no unit can die.",
    ),
    "elu": Entry(
        "ELU",
        _elu,
        (Knob("alpha", "Floor", 1.0, 0.1, 3.0, help="The output tends to minus this value for very negative inputs."),),
        note="Smooth below zero with outputs that average closer to zero than ReLU's (Clevert et al. 2016).",
    ),
    "gelu": Entry("GELU", _gelu, note="x times the normal distribution's Phi(x); usual in transformers."),
    "silu": Entry("SiLU", _silu, note="x times sigmoid(x), also called swish: smooth, with a small dip below zero."),
    "softplus": Entry("Softplus", _softplus, note="log(1 + e^x): a smooth ReLU whose slope is the sigmoid."),
    "sigmoid": Entry(
        "Sigmoid", _sigmoid, note="Squashes to 0..1; its slope is at most 1/4, so deep stacks learn slowly."
    ),
    "tanh": Entry("Tanh", _tanh, note="Squashes to -1..1 around zero; saturates for large inputs."),
}
