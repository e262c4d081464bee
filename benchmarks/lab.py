"""The lab's exercise on MNIST beside a plain loop."""

from time import perf_counter

import torch
from torch import nn
from torch.nn import functional

from benchmarks.data import point_to_data
from benchmarks.report import Report
from nnviz.lessons.lab.state import State, spec_of
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.run import Run
from nnviz.training import Detail, Experiment

SEEDS = (10, 11, 12)  # the first is the lab's own
MOST_S = 600.0
NOTE = (
    "784-256-10, He normal, Adam at 0.001, batch 256, {epochs} epochs: the share of the 10,000 test pictures that is "
    "right before training, at the end, and at the best end of an epoch. nnviz: the lab's own run, measured at the end "
    "of every epoch. Plain loop: nn.Sequential and torch.optim.Adam on the same inputs, its weights and order drawn "
    "from torch's own generator with the same number as seed; nothing else is shared."
)


def measure(is_quick: bool) -> Report:
    """Train the lab's network for three seeds, and a loop by hand for three."""
    point_to_data()
    epochs = 1 if is_quick else 10
    report = Report("The lab on MNIST", ("", "seed", "before", "at the end", "best", "seconds"))
    for seed in SEEDS:
        for name, train in (("nnviz, the lab", _lab), ("plain loop", _plain)):
            start = perf_counter()
            shares = train(seed, epochs)
            cells = (f"{100 * share:.2f} %" for share in (shares[0], shares[-1], max(shares)))
            report.add(name, str(seed), *cells, f"{perf_counter() - start:.1f}")
    report.notes = [NOTE.format(epochs=epochs)]
    return report


def _lab(seed: int, epochs: int) -> list[float]:
    """Return the test accuracy before training and at the end of each epoch."""
    spec = spec_of(State(seed=seed)).with_(epochs=epochs)
    run = Run((LaneSpec(spec, "adam", 0, Detail.WHOLE, each_epoch=True),))
    run.start()
    if not run.join(MOST_S):
        raise RuntimeError(f"the run was not over within {MOST_S:.0f} s")
    records = [each for each in run.snapshot().lanes[0].records if each.epoch == int(each.epoch)]
    return [each.test_accuracy or 0.0 for each in records]


def _plain(seed: int, epochs: int) -> list[float]:
    """Return the same for a loop by hand."""
    data = Experiment(spec_of(State())).data  # sets this process to one torch thread
    torch.manual_seed(seed)
    layers = (nn.Linear(784, 256), nn.Linear(256, 10))
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1])
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    shares = [_share(model, data.test_x, data.test_y)]
    for _ in range(epochs):
        for chosen in torch.split(torch.randperm(len(data.train_x)), 256):
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(data.train_x[chosen]), data.train_y[chosen])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        shares.append(_share(model, data.test_x, data.test_y))
    return shares


def _share(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    with torch.no_grad():
        return int((model(x).argmax(1) == y).sum()) / len(x)
