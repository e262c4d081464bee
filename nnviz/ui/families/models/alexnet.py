"""The page of AlexNet: what its boards show, and what its cards set up."""

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.tries import Try
from nnviz.words.models.alexnet import TEXTS


def _few(spec: ExperimentSpec) -> ExperimentSpec:
    few = Choice.of("digits", train_size=100)
    return spec.with_(dataset=few, model=Choice.of("alexnet", dropout="on"))


def _wild(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(optimizer=Choice.of("momentum", lr=0.4))


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("mnist", train_size=6000, test_size=1000))


def _clothes(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("fashion_mnist", train_size=6000, test_size=1000))


PAGE = FamilyPage(
    "pages/51_AlexNet.py",
    ":material/filter_b_and_w:",
    TEXTS,
    ("loss", "first_filters", "feature_maps", "accuracy"),
    more=("sample", "confusion"),
    tries=(
        Try(*TEXTS.tries["tanh"], beside="tanh"),
        Try(*TEXTS.tries["few"], _few),
        Try(*TEXTS.tries["wild"], _wild),
        Try(*TEXTS.tries["mnist"], _mnist, "tanh"),
        Try(*TEXTS.tries["clothes"], _clothes),
    ),
)
