"""The home page's ways on: pages, and examples that open on Train."""

import html
from collections.abc import Mapping

import streamlit as st

from nnviz.catalog.openings import FIRST
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.board.serving import address
from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.shell import PAGES
from nnviz.words.home import EXAMPLES as EXAMPLE_TEXTS
from nnviz.words.home import HOME_WAYS
from nnviz.words.home import WAYS as WAY_TEXTS

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
WAYS = ("train", "race", "foundations", "surfaces", "architectures")  # pages, each with a film of it
_ICONS = {
    "digits": ":material/pin:",
    "spiral": ":material/cyclone:",
    "mnist": ":material/draw:",
    "sine": ":material/show_chart:",
    "lab": ":material/science:",
}


def ways() -> None:
    """Draw a card for each page, with a short film of it, then links to examples that open on Train, and to the lab."""
    with st.container(key="ways"):
        for column, name in zip(st.columns(len(WAYS), gap="small"), WAYS, strict=True):
            with column, st.container(border=True, height="stretch", gap="xsmall"):
                _way(name)
    with st.container(horizontal=True, key="examples", vertical_alignment="center", gap="small"):
        st.markdown(HOME_WAYS["examples"], width="content")
        for name, spec in EXAMPLES.items():
            _example(name, PAGES["train"][0], spec.to_query())
        _example("lab", LESSONS["lab"].path, {})


def _way(name: str) -> None:
    label, text = WAY_TEXTS[name]
    st.html(_film(name, label))
    st.page_link(PAGES[name][0], label=f"**{label}**", icon=PAGES[name][1])
    st.caption(text)


def _film(name: str, label: str) -> str:
    """Write a film that plays twice and then stands still, or only stands for who wants no motion."""
    still = "(prefers-reduced-motion: reduce)"
    dark = "(prefers-color-scheme: dark)"
    sources = [
        (f"{still} and {dark}", "dark.png"), (still, "light.png"), (dark, "dark.gif"),
    ]  # fmt: skip
    listed = "".join(f'<source media="{when}" srcset="{_address(name, file)}">' for when, file in sources)
    alt = html.escape(HOME_WAYS["film"].format(page=label), quote=True)
    return f'<picture>{listed}<img src="{_address(name, "light.gif")}" alt="{alt}" loading="lazy"></picture>'


def _address(name: str, file: str) -> str:
    return address(f"way_{name}_{file}")


def _example(name: str, page: str, query: dict[str, str]) -> None:
    label, text = EXAMPLE_TEXTS[name]
    st.page_link(page, label=label, icon=_ICONS[name], help=text, query_params=query, width="content")
