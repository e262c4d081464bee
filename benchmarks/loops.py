"""Training written by hand, bare or with the loggers that people use."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from importlib import import_module
from itertools import pairwise
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.functional import one_hot
from torch.optim import Optimizer

from nnviz.specs.experiment import ExperimentSpec
from nnviz.training import Experiment

Hook = Callable[[int, float, nn.Module], None]  # (updates done, loss, network) after every update
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": functional.cross_entropy,
    "mse": functional.mse_loss,
}
OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def network(spec: ExperimentSpec, inputs: int, classes: int) -> nn.Sequential:
    """Build an MLP out of plain modules."""
    widths = [inputs, *map(int, str(spec.model.knobs["hidden"]).split(",")), classes]
    parts: list[nn.Module] = []
    for before, after in pairwise(widths):
        parts += [nn.Linear(before, after), ACTIVATIONS[spec.activation.name]()]
    return nn.Sequential(*parts[:-1])


class BareLoop:
    """The in-memory loop that every tutorial ends with: index, forward, backward, step, item."""

    def __init__(self, spec: ExperimentSpec, hook: Hook | None = None) -> None:
        data = Experiment(spec).data  # sets this process to one torch thread
        self.x, self.batch_size = data.train_x, spec.batch_size
        self.model = network(spec, data.inputs, len(data.classes))
        self.y = one_hot(data.train_y, len(data.classes)).float() if spec.loss.name == "mse" else data.train_y
        self.loss = LOSSES[spec.loss.name]
        self.optimizer = OPTIMIZERS[spec.optimizer.name](self.model.parameters(), lr=float(spec.optimizer.knobs["lr"]))
        self.hook, self.step = hook, 0
        self._losses = self._endless()

    def _endless(self) -> Iterator[float]:
        while True:
            order = torch.randperm(len(self.x))
            for first in range(0, len(order), self.batch_size):
                chosen = order[first : first + self.batch_size]
                yield self._update(self.x[chosen], self.y[chosen])

    def _update(self, x: Tensor, y: Tensor) -> float:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(x), y)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return loss.item()

    def rate(self, seconds: float) -> float:
        """Train for that long and return updates per second."""
        start, before, now = perf_counter(), self.step, 0.0
        while now < seconds:
            loss = next(self._losses)
            self.step += 1
            if self.hook is not None:
                self.hook(self.step, loss, self.model)
            now = perf_counter() - start
        return (self.step - before) / now


@contextmanager
def tensorboard() -> Iterator[Hook]:
    """Log the loss of each update, and histograms of all weights and gradients at every 100th."""
    writer_class = import_module("torch.utils.tensorboard").SummaryWriter
    with tempfile.TemporaryDirectory() as folder, writer_class(folder) as writer:

        def log(step: int, loss: float, model: nn.Module) -> None:
            writer.add_scalar("loss", loss, step)
            if step % 100 == 0:
                for name, parameter in model.named_parameters():
                    writer.add_histogram(f"weights/{name}", parameter, step)
                    writer.add_histogram(f"gradients/{name}", parameter.grad, step)

        yield log


@contextmanager
def livelossplot() -> Iterator[Hook]:
    """Plot the loss of each update, redrawn once a second."""
    import_module("matplotlib").use("Agg")
    outputs, pyplot = import_module("livelossplot.outputs"), import_module("matplotlib.pyplot")
    plot = import_module("livelossplot").PlotLosses(outputs=[outputs.MatplotlibPlot()])
    drawn_at = perf_counter()

    def log(step: int, loss: float, model: nn.Module) -> None:
        nonlocal drawn_at
        plot.update({"loss": loss})
        if perf_counter() - drawn_at > 1:
            with redirect_stdout(io.StringIO()):  # it clears the terminal
                plot.send()
            pyplot.close("all")  # it leaves each figure open
            drawn_at = perf_counter()

    yield log


LOGGERS: dict[str, Callable[[], AbstractContextManager[Hook]]] = {
    "TensorBoard": tensorboard,
    "livelossplot": livelossplot,
}
