"""The page of the GAN: what its boards show, and what its cards set up."""

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.tries import Try
from nnviz.words.models.gan import TEXTS


def _rates(spec: ExperimentSpec, generator: float, discriminator: float) -> ExperimentSpec:
    """Set the learning rates of both players."""
    first, second = (spec.optimizer.with_knobs(lr=rate) for rate in (generator, discriminator))
    return spec.with_(optimizer=first, second_optimizer=second)


def _collapse(spec: ExperimentSpec) -> ExperimentSpec:
    return _rates(spec.with_(model=Choice.of("gan", latent=128)), 0.001, 0.005)


def _chase(spec: ExperimentSpec) -> ExperimentSpec:
    return _rates(spec, 0.003, 0.0001)


def _careful(spec: ExperimentSpec) -> ExperimentSpec:
    return _rates(spec.with_(model=Choice.of("gan", d_steps=3)), 0.005, 0.005)


def _grid(spec: ExperimentSpec) -> ExperimentSpec:
    return _rates(spec.with_(dataset=Choice("grid"), batch_size=256), 0.002, 0.002)


def _digits(spec: ExperimentSpec) -> ExperimentSpec:
    model = Choice.of("gan", latent=16, width=128)
    return spec.with_(dataset=Choice("digits"), model=model, batch_size=64)


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    model = Choice.of("gan", kind="conv", latent=32, width=32)
    data = Choice.of("mnist", train_size=6000, test_size=1000)
    return _rates(spec.with_(dataset=data, model=model, batch_size=64), 0.002, 0.001)


PAGE = FamilyPage(
    "pages/57_GAN.py",
    ":material/swords:",
    TEXTS,
    ("density", "samples", "modes", "verdicts"),
    more=("players", "distance"),
    tries=(
        Try(*TEXTS.tries["collapse"], _collapse),
        Try(*TEXTS.tries["chase"], _chase),
        Try(*TEXTS.tries["careful"], _careful, "wasserstein"),
        Try(*TEXTS.tries["grid"], _grid),
        Try(*TEXTS.tries["digits"], _digits),
        Try(*TEXTS.tries["mnist"], _mnist),
    ),
)
