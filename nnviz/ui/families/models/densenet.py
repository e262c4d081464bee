"""The page of DenseNet: what its boards show, and what its cards set up."""

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.tries import Try
from nnviz.words.models.densenet import TEXTS


def _large_step(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(optimizer=Choice.of("adam", lr=0.02))


def _narrow(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("densenet", growth_rate=4))


def _deep(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("densenet", growth_rate=4, layers=12))


def _shallow(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("densenet", blocks=1))


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("mnist", train_size=6000, test_size=1000))


PAGE = FamilyPage(
    "pages/54_DenseNet.py",
    ":material/hub:",
    TEXTS,
    ("loss", "accuracy", "layer_reads"),
    more=("sample", "confusion"),
    tries=(
        Try(*TEXTS.tries["large_step"], _large_step),
        Try(*TEXTS.tries["narrow"], _narrow),
        Try(*TEXTS.tries["deep"], _deep),
        Try(*TEXTS.tries["shallow"], _shallow),
        Try(*TEXTS.tries["mnist"], _mnist),
    ),
)
