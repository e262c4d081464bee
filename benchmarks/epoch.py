"""An epoch of MNIST against the loop of the tutorial."""

from collections.abc import Callable
from time import perf_counter

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import Compose, Normalize, ToTensor

from benchmarks.data import MNIST, unpacked_mnist
from benchmarks.loops import network
from benchmarks.report import Report, middle
from benchmarks.rounds import interleaved, ratios
from nnviz.training import Experiment

NOTE = (
    "MLP 784-256-10, Adam, batch 64; seconds for an epoch of {updates} updates, {rounds} rounds in turn: median "
    "(least to most). Tutorial: DataLoader(batch_size=64, shuffle=True) over ToTensor and Normalize, zero_grad, "
    "backward, step."
)
UPDATES = 938
MOST_S = 30.0  # on busy cores two torch threads may take minutes


def measure(is_quick: bool) -> Report:
    """Compare seconds per epoch."""
    updates, rounds = (100, 2) if is_quick else (UPDATES, 5)
    threads = torch.get_num_threads()
    with unpacked_mnist() as folder:
        times = interleaved(_contenders(folder, updates, threads), rounds)
    report = Report("An epoch of MNIST", ("", "seconds", "nnviz takes of that"))
    for name, seconds in times.items():
        share = "1" if name == "nnviz" else middle(ratios(times["nnviz"], seconds))
        report.add(name, middle(seconds), share)
    report.notes = [NOTE.format(updates=updates, rounds=rounds)]
    return report


def _contenders(folder: str, updates: int, threads: int) -> dict[str, Callable[[], float]]:
    experiment = Experiment(MNIST)
    transform = Compose([ToTensor(), Normalize((0.1307,), (0.3081,))])
    tutorial = Tutorial(DataLoader(datasets.MNIST(folder, transform=transform), batch_size=64, shuffle=True))

    def nnviz() -> float:
        start = perf_counter()
        experiment.advance(updates)
        return perf_counter() - start

    return {
        "nnviz": nnviz,
        "tutorial, one torch thread": lambda: tutorial.seconds(updates, 1),
        f"tutorial, as it comes ({threads} torch threads)": lambda: tutorial.seconds(updates, threads),
    }


class Tutorial:
    """The loop of the tutorial with its own network."""

    def __init__(self, loader: DataLoader[tuple[torch.Tensor, torch.Tensor]]) -> None:
        self.loader = loader
        self.model = nn.Sequential(nn.Flatten(), network(MNIST, 784, 10))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=0.001)

    def seconds(self, updates: int, threads: int) -> float:
        """Train for that many updates of an epoch; where that takes over MOST_S, work it out from those done."""
        torch.set_num_threads(threads)
        start = perf_counter()
        for number, (x, y) in enumerate(self.loader, 1):
            self.optimizer.zero_grad()
            functional.cross_entropy(self.model(x), y).backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            seconds = perf_counter() - start
            if number == updates or seconds > MOST_S:
                break
        torch.set_num_threads(1)
        return seconds * updates / number
