"""The page of GoogLeNet: what its boards show, and what its cards set up."""

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.tries import Try
from nnviz.words.models.googlenet import TEXTS


def _wide(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("googlenet", width=64))


def _narrow(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("googlenet", width=16))


def _nine(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("googlenet", blocks=9))


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    mnist = Choice.of("mnist", train_size=6000, test_size=1000)
    return spec.with_(dataset=mnist, optimizer=Choice.of("adam", lr=0.01))


PAGE = FamilyPage(
    "pages/52_GoogLeNet.py",
    ":material/account_tree:",
    TEXTS,
    ("loss", "branch_shares", "branch_costs", "accuracy"),
    more=("sample", "confusion"),
    tries=(
        Try(*TEXTS.tries["plain"], beside="plain"),
        Try(*TEXTS.tries["wide"], _wide, "plain"),
        Try(*TEXTS.tries["narrow"], _narrow),
        Try(*TEXTS.tries["nine"], _nine, "auxiliary"),
        Try(*TEXTS.tries["mnist"], _mnist),
    ),
)
