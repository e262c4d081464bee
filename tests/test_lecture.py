from pathlib import Path

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import train

LECTURE = ExperimentSpec(
    dataset=Choice("mnist"),
    model=Choice.of("mlp", hidden=256),
    activation=Choice("relu"),
    initializer=Choice("he_normal"),
    loss=Choice("cross_entropy"),
    optimizer=Choice.of("adam", lr=1e-3),
    batch_size=256,
    epochs=3,
    seed=1,
)


def test_the_lectures_network_learns_the_real_mnist(data_folder: Path) -> None:
    first, *_, last = train(LECTURE, every=705)
    assert (last.step, last.epoch) == (705, 3.0)
    assert first.test_accuracy is not None
    assert first.test_accuracy < 0.3
    assert last.test_accuracy is not None
    assert last.test_accuracy >= 0.96
