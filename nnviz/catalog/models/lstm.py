"""LSTM: gates keep a memory open over many steps, and the way back for the gradient with it."""

from typing import Literal

from nnviz.catalog.activations import Activation
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Knob
from nnviz.catalog.family import Family, Paper, Twin, on_large
from nnviz.catalog.made import made
from nnviz.catalog.networks.recurrent import Recurrent
from nnviz.specs.experiment import Choice, ExperimentSpec

_USUAL = ExperimentSpec(
    dataset=Choice("adding"),
    model=Choice("lstm"),
    initializer=Choice("torch_default"),
    loss=Choice("mse"),
    optimizer=Choice.of("adam", lr=0.02),
    batch_size=64,
    epochs=0,
)
_WAVES = _USUAL.with_(dataset=Choice("waves"), optimizer=Choice.of("adam", lr=0.005))
_ROWS = _USUAL.with_(
    dataset=Choice("digits"),
    initializer=Choice("glorot_uniform"),
    loss=Choice("cross_entropy"),
    optimizer=Choice.of("adam", lr=0.01),
)
_LARGE_ROWS = _ROWS.with_(dataset=Choice("mnist"), optimizer=Choice("adam"))
_TEXT = _LARGE_ROWS.with_(dataset=Choice("text"), batch_size=32)


def _lstm(
    data: Data, outputs: int, activation: Activation, cell: Literal["lstm", "rnn"], hidden: int, layers: int
) -> Recurrent:
    steps, features = data.sequence or data.picture or (data.inputs, 1)
    is_every_step = bool(data.classes) and data.train_y.dim() == 2
    vocabulary = len(data.classes) if is_every_step else 0
    return made(Recurrent, steps, features, outputs, hidden, layers, cell, is_every_step, vocabulary)


FAMILY = Family(
    "LSTM",
    _lstm,
    (
        Knob(
            "cell",
            "Cell",
            "lstm",
            choices=("lstm", "rnn"),
            help="An LSTM cell with its gates, or a plain recurrent cell: h = tanh(W x + U h + b).",
        ),
        Knob("hidden", "Units", 32, 4, 128, whole=True, help="Numbers in the state that is carried from step to step."),
        Knob("layers", "Layers", 1, 1, 3, whole=True, help="Cells on top of each other, each reading the one below."),
    ),
    note="One small network read step by step; its gates decide what to keep, what to forget and what to tell.",
    takes=frozenset({"picture", "sequence", "text"}),
    usual=_USUAL,
    usual_for={
        "waves": _WAVES,
        "text": _TEXT,
        "digits": _ROWS,
        **on_large(_LARGE_ROWS),
    },
    instruments=("gradient_flow", "gates", "sums", "forecast", "reading", "generated"),
    beside="rnn",
    twins={"rnn": Twin.of_knob("plain RNN", "LSTM", "cell", "lstm", "rnn")},
    bends=False,
    measured=500,
    watching=0.25,
    paper=Paper(
        "S. Hochreiter, J. Schmidhuber",
        1997,
        "Long short-term memory",
        "Neural Computation 9",
        "https://doi.org/10.1162/neco.1997.9.8.1735",
    ),
    networks=(Recurrent,),
)
