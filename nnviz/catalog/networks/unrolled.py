"""A recurrent network stepped by hand with its own weights: what it remembers and how gradients flow back."""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

GATES = ("input", "forget", "candidate", "output")  # in the order of torch.nn.LSTM's weights


@dataclass(frozen=True, slots=True)
class Unrolled:
    """The last layer at every step.

    states: h_t of each step, (examples, hidden), each a node of the graph that the later ones are made from: ask
    `torch.autograd.grad(loss, states)` for how the loss depends on each.  cells: c_t likewise (an LSTM's only).
    gates: an LSTM's gates and candidate by name, each (examples, steps, hidden).
    """

    states: tuple[Tensor, ...]
    cells: tuple[Tensor, ...] = ()
    gates: dict[str, Tensor] = field(default_factory=dict)

    @property
    def output(self) -> Tensor:
        """What the module itself returns: (examples, steps, hidden)."""
        return torch.stack(self.states, 1)


def unroll(net: nn.LSTM | nn.RNN, x: Tensor) -> Unrolled:
    """Step through x (examples, steps, features) from a state of zeros, by the equations of torch.nn's documentation.

    For one direction, with biases and without dropout.
    """
    layer = _lstm_layer if isinstance(net, nn.LSTM) else _rnn_layer
    inputs = x.unbind(1)
    for number in range(net.num_layers):
        unrolled = layer(net, number, inputs)
        inputs = unrolled.states
    return unrolled


def gradients(loss: Tensor, nodes: tuple[Tensor, ...]) -> Tensor:
    """Return d loss / d h_t (or c_t) at every step, (examples, steps, hidden); the graph stays for another call."""
    return torch.stack(torch.autograd.grad(loss, nodes, retain_graph=True, materialize_grads=True), 1)


def _lstm_layer(net: nn.LSTM | nn.RNN, layer: int, inputs: tuple[Tensor, ...]) -> Unrolled:
    """c_t = f * c_{t-1} + i * g and h_t = o * tanh(c_t)."""
    h = c = inputs[0].new_zeros(len(inputs[0]), net.hidden_size)
    states, cells, gates = [], [], []
    for x in inputs:
        i, f, g, o = _affine(net, layer, x, h).chunk(4, 1)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        c = f * c + i * g
        h = o * c.tanh()
        states.append(h)
        cells.append(c)
        gates.append((i, f, g, o))
    by_name = {name: torch.stack(steps, 1) for name, steps in zip(GATES, zip(*gates, strict=True), strict=True)}
    return Unrolled(tuple(states), tuple(cells), by_name)


def _rnn_layer(net: nn.LSTM | nn.RNN, layer: int, inputs: tuple[Tensor, ...]) -> Unrolled:
    """h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh), or with a ReLU in place of the tanh."""
    bend = torch.relu if net.nonlinearity == "relu" else torch.tanh
    h = inputs[0].new_zeros(len(inputs[0]), net.hidden_size)
    states = []
    for x in inputs:
        h = bend(_affine(net, layer, x, h))
        states.append(h)
    return Unrolled(tuple(states))


def _affine(net: nn.LSTM | nn.RNN, layer: int, x: Tensor, h: Tensor) -> Tensor:
    """W_ih x + b_ih + W_hh h + b_hh with a layer's own weights."""
    w_ih, w_hh = getattr(net, f"weight_ih_l{layer}"), getattr(net, f"weight_hh_l{layer}")
    b_ih, b_hh = getattr(net, f"bias_ih_l{layer}"), getattr(net, f"bias_hh_l{layer}")
    result: Tensor = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh
    return result
