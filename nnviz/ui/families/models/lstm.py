"""The page of the LSTM: what its boards show, and what its cards set up."""

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.families.family_page import FamilyPage
from nnviz.ui.tries import Try
from nnviz.words.models.lstm import TEXTS


def _short(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("adding", steps=10))


def _long(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("adding", steps=100))


def _waves(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice("waves"), optimizer=Choice.of("adam", lr=0.005))


def _text(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(
        dataset=Choice("text"),
        model=Choice.of("lstm", hidden=64),
        initializer=Choice("glorot_uniform"),
        loss=Choice("cross_entropy"),
        optimizer=Choice("adam"),
        batch_size=32,
    )


def _rows(spec: ExperimentSpec) -> ExperimentSpec:
    return _text(spec).with_(dataset=Choice("digits"), optimizer=Choice.of("adam", lr=0.01), batch_size=64)


def _mnist(spec: ExperimentSpec) -> ExperimentSpec:
    return _text(spec).with_(dataset=Choice.of("mnist", test_size=1000), batch_size=64)


PAGE = FamilyPage(
    "pages/55_LSTM.py",
    ":material/memory:",
    TEXTS,
    ("loss", "gradient_flow", "sums", "forecast", "generated", "reading", "gates"),
    more=("test_loss", "accuracy", "sample"),
    tries=(
        Try(*TEXTS.tries["short"], _short, "rnn"),
        Try(*TEXTS.tries["long"], _long, "rnn"),
        Try(*TEXTS.tries["waves"], _waves),
        Try(*TEXTS.tries["text"], _text),
        Try(*TEXTS.tries["rows"], _rows, "rnn"),
        Try(*TEXTS.tries["mnist"], _mnist, "rnn"),
    ),
)
