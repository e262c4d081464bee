"""What each of the lecture's models reaches on MNIST and Fashion-MNIST in a short budget, and how fast it learns."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from benchmarks.data import point_to_data
from benchmarks.report import Report, middle
from nnviz.catalog import MODELS, datasets_for
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Detail, Experiment
from nnviz.training.measure import Observer

SEEDS = (1, 2, 3)
PICTURES = ("mnist", "fashion_mnist")
CLASSIFIERS = ("alexnet", "googlenet", "resnet", "densenet", "lstm")
UPDATES = 600  # of batches of 64: about 38,000 pictures, less than one pass over all of them
FOR_LONGER, LONG = ("alexnet", "resnet"), 3000  # the published levels are of networks trained for long
WARM = 10
NOTE = (
    "Each model with the size, optimizer and rate that its page uses for these sets, on all 60,000 training pictures, "
    "judged on all 10,000 test pictures; seeds {seeds}. One torch thread. Budget: {updates} updates of 64 pictures, "
    "that is {share:.2f} of one pass over the training set ({long} updates: {passes:.1f} passes), no augmentation. "
    "Updates a second: the middle seed's, training alone. For Fashion-MNIST the table in its README names, for "
    "networks trained for many passes, 0.876 to 0.932 (two or three convolutions), 0.937 (GoogLeNet), 0.949 "
    "(ResNet18, augmented), 0.954 (DenseNet-BC, augmented), 0.888 (GRU); people reach 0.835."
)
TWO = (
    "The autoencoder is judged by its mean squared error on test pictures (standardised pixels) beside PCA with as "
    "many components fitted on the same training pictures; the GAN by the energy distance of 500 made pictures to 500"
    " test pictures, before training and at the end, and on its ring of 8 Gaussians by the modes it covers."
)


def measure(is_quick: bool) -> Report:
    """Train every model for three seeds on both sets, then the two that do not classify."""
    point_to_data()
    updates = 30 if is_quick else UPDATES
    report = Report("The lecture's models", ("model", "data", "updates", "updates/s", "reached, seeds 1 to 3"))
    for name in CLASSIFIERS:
        for data in PICTURES:
            _classify(report, name, data, updates)
    for name in FOR_LONGER:
        _classify(report, name, "fashion_mnist", updates if is_quick else LONG)
    for part in (_reconstruct, _generate):
        for data in PICTURES:
            part(report, data, updates)
    _cover(report, is_quick)
    _add_up(report, is_quick)
    passes = {"share": updates * 64 / 60_000, "passes": LONG * 64 / 60_000}
    report.notes = [NOTE.format(seeds=SEEDS, updates=updates, long=LONG, **passes), TWO]
    return report


def _classify(report: Report, name: str, data: str, updates: int) -> None:
    runs = [_trained(_on(name, data, seed), updates) for seed in SEEDS]
    shares = [100 * (Observer(run).measure(Detail.SCORES).test_accuracy or 0.0) for run, _ in runs]
    report.add(name, data, str(updates), _speed(runs), middle(shares, "{:.1f} %"))


def _on(name: str, data: str, seed: int) -> ExperimentSpec:
    """Put the settings that suit a model on one of the large sets."""
    family = MODELS[name]
    assert data in datasets_for(family.usual.model)
    usual = family.usual_for.get(data, family.usual)
    return usual.with_(dataset=Choice(data), seed=seed, epochs=0, batch_size=64)


def _trained(spec: ExperimentSpec, updates: int) -> tuple[Experiment, float]:
    """Train, and return the updates done in a second."""
    experiment = Experiment(spec)
    experiment.advance(WARM)
    start = perf_counter()
    experiment.advance(updates - WARM)
    return experiment, (updates - WARM) / (perf_counter() - start)


def _speed(runs: list[tuple[Experiment, float]]) -> str:
    return f"{median(speed for _, speed in runs):.0f}"


def _reconstruct(report: Report, data: str, updates: int) -> None:
    from sklearn.decomposition import PCA

    runs = [_trained(_on("autoencoder", data, seed), updates) for seed in SEEDS]
    errors = [Observer(run).measure(Detail.SCORES).test_loss for run, _ in runs]
    first = runs[0][0]
    count = int(first.look.knobs["bottleneck"])
    pca = PCA(count, random_state=0).fit(first.data.train_x.numpy())
    test = first.data.test_x.numpy()
    rival = float(((pca.inverse_transform(pca.transform(test)) - test) ** 2).mean())
    report.add("autoencoder", data, str(updates), _speed(runs), f"{middle(errors, '{:.3f}')}; PCA {rival:.3f}")


def _generate(report: Report, data: str, updates: int) -> None:
    specs = [_on("gan", data, seed) for seed in SEEDS]
    before = [Observer(Experiment(spec)).measure(Detail.SCORES).test_loss for spec in specs]
    runs = [_trained(spec, updates) for spec in specs]
    after = [Observer(run).measure(Detail.SCORES).test_loss for run, _ in runs]
    report.add("gan", data, str(updates), _speed(runs), f"{middle(after, '{:.2f}')}; before {middle(before, '{:.2f}')}")


def _cover(report: Report, is_quick: bool) -> None:
    updates = 100 if is_quick else 3000
    runs = [_trained(MODELS["gan"].usual.with_(seed=seed, epochs=0), updates) for seed in SEEDS]
    modes = [Observer(run).measure(Detail.SCORES).scores["modes"] for run, _ in runs]
    report.add("gan", "ring", str(updates), _speed(runs), f"{middle(modes, '{:.0f}')} of 8 modes")


def _add_up(report: Report, is_quick: bool) -> None:
    updates = 100 if is_quick else 800
    usual = MODELS["lstm"].usual.with_(dataset=Choice.of("adding", steps=50), loss=Choice("mse"), epochs=0)
    change: Callable[[ExperimentSpec], ExperimentSpec] = MODELS["lstm"].twins["rnn"].edit
    for name, edit in (("lstm", lambda spec: spec), ("rnn", change)):
        runs = [_trained(edit(usual.with_(seed=seed)), updates) for seed in SEEDS]
        errors = [Observer(run).measure(Detail.SCORES).test_loss for run, _ in runs]
        report.add(name, "adding, 50 steps", str(updates), _speed(runs), f"error {middle(errors, '{:.4f}')}")
