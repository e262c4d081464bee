from typing import Literal, TypeVar

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nnviz.catalog.networks.generation import continue_text, roll_out
from nnviz.catalog.networks.recurrent import Recurrent
from nnviz.catalog.networks.unrolled import GATES, gradients, unroll

Kind = Literal["lstm", "rnn"]
Net = TypeVar("Net", bound=nn.Module)


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def module(kind: str, layers: int, dtype: torch.dtype = torch.float64) -> nn.LSTM | nn.RNN:
    """Make a module of 3 features and 5 hidden units with drawn weights, large enough to bend its gates."""
    net: nn.LSTM | nn.RNN
    if kind == "lstm":
        net = nn.LSTM(3, 5, layers, batch_first=True, dtype=dtype)
    else:
        net = nn.RNN(3, 5, layers, nonlinearity="relu" if kind == "relu" else "tanh", batch_first=True, dtype=dtype)
    return drawn(net)


def drawn(net: Net) -> Net:
    own = generator()
    with torch.no_grad():
        for value in net.parameters():
            value.copy_(0.7 * torch.randn(value.shape, generator=own, dtype=torch.float64))
    return net


def sequence(steps: int = 7, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(4, steps, 3, generator=generator(2), dtype=torch.float64).to(dtype)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("kind", ["lstm", "rnn", "relu"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
def test_stepping_by_hand_gives_what_torch_gives(kind: str, layers: int, dtype: torch.dtype, tolerance: float) -> None:
    net, x = module(kind, layers, dtype), sequence(dtype=dtype)
    unrolled, (expected, last) = unroll(net, x), net(x)
    size = max(1.0, expected.abs().max().item())
    torch.testing.assert_close(unrolled.output, expected, rtol=0, atol=tolerance * size)
    if kind == "lstm":
        torch.testing.assert_close(unrolled.cells[-1], last[1][-1], rtol=0, atol=tolerance)


def test_the_gates_are_those_that_make_the_cells_and_states() -> None:
    unrolled = unroll(module("lstm", 2), sequence())
    assert tuple(unrolled.gates) == GATES
    i, f, g, o = unrolled.gates.values()
    cells = torch.stack(unrolled.cells, 1)
    before = torch.cat([torch.zeros_like(cells[:, :1]), cells[:, :-1]], 1)
    torch.testing.assert_close(cells, f * before + i * g)
    torch.testing.assert_close(unrolled.output, o * cells.tanh())


def test_a_plain_rnn_has_no_gates_and_no_cells() -> None:
    unrolled = unroll(module("rnn", 1), sequence())
    assert (unrolled.cells, unrolled.gates) == ((), {})


def by_cell(net: nn.LSTM, x: Tensor, nudge: Tensor) -> Tensor:
    """Return the last state of a loop over torch's own cell, nudge (steps, examples, hidden) added to each h_t."""
    cell = nn.LSTMCell(3, 5, dtype=torch.float64)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in net.state_dict().items()})
    h = c = torch.zeros(len(x), 5, dtype=torch.float64)
    for step, value in enumerate(x.unbind(1)):
        h, c = cell(value, (h, c))
        h = h + nudge[step]
    return h


def test_the_gradient_by_each_state_is_that_of_a_loop_over_torchs_cell() -> None:
    net, x = module("lstm", 1), sequence()
    assert isinstance(net, nn.LSTM)
    unrolled = unroll(net, x)
    found = gradients(unrolled.states[-1].square().sum(), unrolled.states)
    nudge = torch.zeros(7, 4, 5, dtype=torch.float64, requires_grad=True)
    (expected,) = torch.autograd.grad(by_cell(net, x, nudge).square().sum(), nudge)
    torch.testing.assert_close(found, expected.transpose(0, 1), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("step", [0, 3, 6])
def test_the_gradient_by_a_state_is_the_slope_of_the_loss(step: int) -> None:
    net, x = module("rnn", 1), sequence()
    unrolled = unroll(net, x)
    found = gradients(unrolled.states[-1].square().sum(), unrolled.states)[0, step, 2]
    losses = []
    for nudge in (1e-6, -1e-6):
        h = unrolled.states[step].detach().clone()
        h[0, 2] += nudge
        rest = x[:, step + 1 :]
        last = net(rest, h[None])[0][:, -1] if rest.shape[1] else h
        losses.append(last.square().sum().item())
    assert found.item() == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-6, abs=1e-9)


def test_a_loss_that_ends_early_has_no_gradient_by_later_states() -> None:
    unrolled = unroll(module("lstm", 1), sequence())
    found = gradients(unrolled.states[3].sum(), unrolled.cells).abs().amax((0, 2))
    assert (found[:4] > 0).all()
    assert (found[4:] == 0).all()


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
def test_the_last_step_answers_unless_every_step_does(kind: Kind) -> None:
    last = drawn(Recurrent(8, 3, 10, 6, 2, kind))
    every = Recurrent(8, 3, 10, 6, 2, kind, is_every_step=True)
    every.load_state_dict(last.state_dict())
    x = torch.randn(5, 24, generator=generator())
    assert last(x).shape == (5, 10)
    assert every(x).shape == (5, 10, 8)
    torch.testing.assert_close(every(x)[:, :, -1], last(x))


def test_characters_are_read_as_one_hot_vectors() -> None:
    net = Recurrent(6, 1, 4, 5, is_every_step=True, vocabulary=4)
    x = torch.tensor([[0.0, 3.0, 1.0, 2.0, 2.0, 0.0]])
    assert torch.equal(net.sequence(x)[0], torch.eye(4)[x[0].long()])
    loss = F.cross_entropy(net(x), torch.tensor([[3, 1, 2, 2, 0, 1]]))
    assert all(slope.abs().sum() > 0 for slope in torch.autograd.grad(loss, list(net.parameters())))


def test_text_goes_on_with_the_likeliest_character_at_temperature_zero() -> None:
    net, text = drawn(Recurrent(6, 1, 4, 5, layers=2, is_every_step=True, vocabulary=4)), [1, 2, 0]
    for drawn_code in continue_text(net, torch.tensor(text), 20, generator(), 0.0):
        likeliest = net(torch.tensor([text]).float())[0, :, -1].argmax()  # read again from the start
        assert drawn_code == likeliest
        text.append(drawn_code)


def test_text_is_drawn_from_the_generator_alone() -> None:
    net, start = drawn(Recurrent(6, 1, 4, 5, is_every_step=True, vocabulary=4)), torch.tensor([1, 2])
    state = torch.get_rng_state()
    one, again, other = (continue_text(net, start, 40, generator(seed), 1.0) for seed in (1, 1, 2))
    assert one == again != other
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_the_temperature_divides_the_logits(temperature: float) -> None:
    net, start = drawn(Recurrent(2, 1, 3, 5, is_every_step=True, vocabulary=3)), torch.tensor([1, 2])
    own, counts = generator(), torch.zeros(3)
    for _ in range(2000):
        counts[continue_text(net, start, 1, own, temperature)[0]] += 1
    expected = (net(start[None].float())[0, :, -1] / temperature).softmax(0)
    assert (counts / 2000 - expected).abs().max() < 0.04


@pytest.mark.parametrize("features", [1, 2])
def test_forecasts_are_fed_back_as_if_they_had_happened(features: int) -> None:
    net = drawn(Recurrent(4, features, features, 5))
    window = torch.randn(3, 4 * features, generator=generator())
    whole = torch.cat([window, roll_out(net, window, 6)], 1)
    for step in range(6):
        start, end = step * features, (step + 4) * features
        torch.testing.assert_close(net(whole[:, start:end]), whole[:, end : end + features])
    assert not whole.requires_grad
