"""What the page of GoogLeNet says."""

from nnviz.spec import Choice, ExperimentSpec
from nnviz.ui.family_texts import FamilyTexts, Try


def _wide(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("googlenet", width=64))


def _paper(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(model=Choice.of("googlenet", blocks=9))


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    mnist = Choice.of("mnist", train_size=6000, test_size=1000)
    return spec.with_(dataset=mnist, optimizer=Choice.of("adam", lr=0.01))


def _slow(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(optimizer=Choice.of("momentum", lr=0.005))


TEXTS = FamilyTexts(
    title="GoogLeNet",
    menu="GoogLeNet",
    card="Filters of several sizes side by side, at a tenth of the price of one large filter.",
    lead="TODO",
    idea="TODO",
    tries=(
        Try("Plain 5×5 filters", "TODO", beside="plain"),
        Try("Twice as wide", "TODO", _wide, "plain"),
        Try("Nine modules", "TODO", _paper, "auxiliary"),
        Try("A smaller step", "TODO", _slow, "plain"),
        Try("MNIST", "TODO", _mnist),
    ),
)
