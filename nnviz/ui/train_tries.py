"""What to try on the Train page: each shows one thing that goes wrong, or right, in a second or two."""

import streamlit as st

from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.registry import registry
from nnviz.ui.tries import Try, call, draw_tries
from nnviz.words.language import say
from nnviz.words.tries import TITLE
from nnviz.words.tries import TRIES as WORDS

ANCHOR = "tries"
_ACROSS = 4
USUAL = ExperimentSpec(
    dataset=Choice("moons"),
    model=Choice.of("mlp", hidden="8,8"),
    activation=Choice("tanh"),
    initializer=Choice("glorot_normal"),
    optimizer=Choice.of("adam", lr=0.01),
    epochs=0,
)


def _small(spec: ExperimentSpec) -> ExperimentSpec:
    rings = spec.with_(dataset=Choice("circles"), model=Choice.of("mlp", hidden="2"))
    return rings.with_(optimizer=Choice.of("adam", lr=0.03))


def _rate(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(optimizer=Choice.of("sgd", lr=10.0))


def _overfit(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice.of("moons", size=40, noise=0.3), model=Choice.of("mlp", hidden="32,32"))


def _linear(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(dataset=Choice("circles"), activation=Choice("identity"))


def _deep(spec: ExperimentSpec) -> ExperimentSpec:
    deep = spec.with_(model=Choice.of("mlp", hidden="8,8,8,8,8,8"), activation=Choice("sigmoid"))
    return deep.with_(optimizer=Choice.of("sgd", lr=0.1))


def _zeros(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(initializer=Choice("zeros"))


def _dead(spec: ExperimentSpec) -> ExperimentSpec:
    relu = spec.with_(activation=Choice("relu"), initializer=Choice("he_normal"))
    return relu.with_(optimizer=Choice.of("sgd", lr=10.0))


def _batch(spec: ExperimentSpec) -> ExperimentSpec:
    return spec.with_(batch_size=1, optimizer=Choice.of("sgd", lr=0.03))


TRIES = {
    "small": Try(*WORDS["small"], _small),
    "rate": Try(*WORDS["rate"], _rate),
    "overfit": Try(*WORDS["overfit"], _overfit),
    "linear": Try(*WORDS["linear"], _linear),
    "deep": Try(*WORDS["deep"], _deep),
    "zeros": Try(*WORDS["zeros"], _zeros),
    "dead": Try(*WORDS["dead"], _dead),
    "batch": Try(*WORDS["batch"], _batch),
}


def way_to_tries() -> None:
    """Draw the link that leads down to the cards."""
    with st.container(key="to_tries", width="content"):
        st.markdown(f":material/lightbulb: [{say(TITLE)}](#{ANCHOR})", width="content")


def train_tries(session: Session, *, rights: Rights) -> None:
    """Draw the cards below the charts."""
    with st.container(key=ANCHOR):
        st.subheader(say(TITLE), anchor=ANCHOR)
        draw_tries(tuple(TRIES.values()), _do, session.id, rights, _ACROSS)


def _do(session_id: str, each: Try) -> None:
    session = registry().find(session_id)
    if session is not None:
        session.restart(each.edit(USUAL), is_started=True)
        call()
