"""The page of the autoencoder: what its boards show, and what its cards set up."""

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.tries import Try
from nnviz.words.models.autoencoder import TEXTS


def _with(spec: ExperimentSpec, **knobs: float) -> ExperimentSpec:
    return spec.with_(model=spec.model.with_knobs(**knobs))


def _wide(spec: ExperimentSpec) -> ExperimentSpec:
    return _with(spec, bottleneck=8)


def _line(spec: ExperimentSpec) -> ExperimentSpec:
    return _with(spec, bottleneck=1)


def _noisy(spec: ExperimentSpec) -> ExperimentSpec:
    return _with(spec, bottleneck=32, noise=1)


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("mnist", train_size=6000, test_size=1000))


def _clothes(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("fashion_mnist", train_size=6000, test_size=1000))


PAGE = FamilyPage(
    "pages/56_Autoencoder.py",
    ":material/compress:",
    TEXTS,
    ("latent", "decoded", "atlas", "reconstructions"),
    more=("test_error", "loss"),
    tries=(
        Try(*TEXTS.tries["pca"], beside="linear"),
        Try(*TEXTS.tries["wide"], _wide, "linear"),
        Try(*TEXTS.tries["line"], _line),
        Try(*TEXTS.tries["noisy"], _noisy),
        Try(*TEXTS.tries["mnist"], _mnist),
        Try(*TEXTS.tries["clothes"], _clothes),
    ),
)
