"""The page of ResNet: what its boards show, and what its cards set up."""

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.tries import Try
from nnviz.words.models.resnet import TEXTS


def _shallow(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("resnet", depth=8))


def _middle(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("resnet", depth=20))


def _deep(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("resnet", depth=56), optimizer=Choice.of("momentum", lr=0.02))


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    return _middle(spec).with_(dataset=Choice.of("mnist", train_size=6000, test_size=1000))


def _gentle(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(optimizer=Choice.of("momentum", lr=0.003))


PAGE = FamilyPage(
    "pages/53_ResNet.py",
    ":material/alt_route:",
    TEXTS,
    ("loss", "gradient_depth"),
    more=("accuracy", "sample", "confusion"),
    tries=(
        Try(*TEXTS.tries["shallow"], _shallow, "plain"),
        Try(*TEXTS.tries["middle"], _middle, "plain"),
        Try(*TEXTS.tries["deep"], _deep, "plain"),
        Try(*TEXTS.tries["gentle"], _gentle, "plain"),
        Try(*TEXTS.tries["mnist"], _mnist, "plain"),
    ),
)
