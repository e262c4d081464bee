"""The home page's ways on: pages, and examples that open on Train."""

from collections.abc import Mapping

import streamlit as st

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.link import FIRST
from nnviz.ui.shell import PAGES
from nnviz.words.home import EXAMPLES as EXAMPLE_TEXTS

_SPIRAL = ExperimentSpec(
    dataset=Choice("spiral"),
    model=Choice.of("mlp", hidden="8,8,8"),
    activation=Choice("tanh"),
    initializer=Choice("glorot_normal"),
    optimizer=Choice.of("adam", lr=0.03),
    batch_size=32,
    epochs=0,
)
_MNIST = ExperimentSpec(
    dataset=Choice("mnist"),
    model=Choice.of("mlp", hidden="256"),
    optimizer=Choice.of("adam", lr=0.001),
    batch_size=256,
    epochs=10,
)
_SINE = ExperimentSpec(
    dataset=Choice.of("sine", noise=0.2),
    model=Choice.of("mlp", hidden="32,32"),
    loss=Choice("mse"),
    optimizer=Choice.of("adam", lr=0.01),
    epochs=500,
)
EXAMPLES: Mapping[str, ExperimentSpec] = {
    "digits": FIRST,
    "spiral": _SPIRAL,
    "mnist": _MNIST,
    "sine": _SINE,
}
ICONS = {
    "digits": ":material/pin:",
    "spiral": ":material/cyclone:",
    "mnist": ":material/draw:",
    "sine": ":material/show_chart:",
    "foundations": ":material/school:",
    "lab": ":material/science:",
    "architectures": ":material/account_tree:",
    "race": ":material/sports_score:",
    "surfaces": ":material/landscape:",
}
_ACROSS = 3


def examples() -> None:
    """Draw a card for each way in: pages, and examples that open on Train."""
    pages = {**{name: path for name, (path, _) in PAGES.items()}, "lab": LESSONS["lab"].path}
    cards = [(name, "train", spec.to_query()) for name, spec in EXAMPLES.items()]
    cards += [(name, name, {}) for name in ("race", "surfaces", "lab")]
    cards = [(name, name, {}) for name in ("foundations", "architectures")] + cards
    for row in (cards[at : at + _ACROSS] for at in range(0, len(cards), _ACROSS)):
        for column, (name, page, query) in zip(st.columns(_ACROSS), row, strict=False):
            label, text = EXAMPLE_TEXTS[name]
            with column, st.container(border=True, height="stretch"):
                st.page_link(pages[page], label=f"**{label}**", icon=ICONS[name], query_params=query)
                st.caption(text)
