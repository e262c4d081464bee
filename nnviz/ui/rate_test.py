"""The range test of learning rates on the page: its button beside the knobs, and a line on what it found."""

import streamlit as st

from nnviz.catalog.schedules import is_constant
from nnviz.records.rate_curve import RateCurve
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.sessions.trials import RATE, can_try, find_rate, forget_rates, take_rate
from nnviz.ui.fragment import fragment, slot
from nnviz.ui.note import draw_again, refuse
from nnviz.ui.registry import registry
from nnviz.words import texts
from nnviz.words.numbers import number
from nnviz.words.rate_test import RATE_FOUND, RATE_TEST

_EVERY_S = 0.3
_TENTH = 0.1  # of the last rate that is sound: what is suggested


def rate_button(session: Session, snapshot: Snapshot, *, rights: Rights) -> None:
    """Draw the button that begins it, where there is one rate to find."""
    if not can_try(session):
        return
    found = snapshot.rate_curve
    is_off = not rights.may_steer or session.is_waiting_for_data or (found is not None and not found.status.is_over)
    label, help_text = RATE_TEST["find"]
    is_pressed = st.button(
        label, key="rate_test.find", help=help_text, icon=":material/search_insights:", disabled=is_off,
        on_click=_find, args=(session.id,),
    )  # fmt: skip
    if is_pressed:
        st.rerun()  # the line below belongs to the page


def rate_line(session: Session, snapshot: Snapshot, *, rights: Rights) -> None:
    """Draw how far it is, or what it found, for all who look."""
    found = snapshot.rate_curve
    with slot():
        if found is not None and not found.status.is_over:
            fragment(_progress, every_s=_EVERY_S)(session.id, rights)
        elif found is not None:
            _found(session, snapshot, found, rights)


def _progress(session_id: str, rights: Rights) -> None:
    session = registry().find(session_id)
    if session is None:
        st.rerun()
    found = session.snapshot().rate_curve
    if found is None or found.status.is_over:
        draw_again()
    percent = int(100 * found.progress)
    with st.container(horizontal=True, key="rate_test", vertical_alignment="center"):
        st.progress(percent / 100, str(found.message or RATE_FOUND["progress"].format(percent=percent)))
        if st.button(
            RATE_FOUND["cancel"], key="rate_test.cancel", disabled=not rights.may_steer, on_click=_forget,
            args=(session_id,),
        ):  # fmt: skip
            st.rerun()


def _found(session: Session, snapshot: Snapshot, found: RateCurve, rights: Rights) -> None:
    with st.container(horizontal=True, key="rate_test", vertical_alignment="center", gap="small"):
        if found.status == Status.FAILED:
            st.warning(str(found.message), icon=":material/warning:")
        else:
            st.caption(_sentence(snapshot, found), width="content")
        with st.container(horizontal=True, key="rate_test_buttons", width="content", gap="small"):
            if found.suggested is not None:
                _take_button(session, snapshot, found.suggested, rights)
            label, help_text = RATE_TEST["close"]
            st.button(
                label, key="rate_test.close", help=help_text, type="tertiary", icon=":material/close:",
                disabled=not rights.may_steer, on_click=_forget, args=(session.id,),
            )  # fmt: skip


def _sentence(snapshot: Snapshot, found: RateCurve) -> str:
    if found.suggested is None:
        return RATE_FOUND["none"].format(step=found.step)
    words = _words(found) or ("sound" if snapshot.lanes[0].status == Status.DIVERGED else "found")
    edge = float(f"{found.suggested / _TENTH:.2g}")
    told = RATE_FOUND[words].format(step=found.step, edge=number(edge), rate=number(found.suggested))
    factor = _factor(snapshot.lanes[0])
    if factor is None:
        return told
    then = {"factor": f"{factor:.3g}", "next": number(float(f"{factor * found.suggested:.3g}"))}
    return f"{told} {RATE_FOUND['scheduled'].format(rate=number(found.suggested), **then)}"


def _words(found: RateCurve) -> str:
    """Name the sentence of what was tried for longer; none where it was not."""
    if found.has_held is None:
        return ""
    return "held_none" if not found.has_held else "held" if found.suggested == found.first else "held_less"


def _factor(lane: Lane) -> float | None:
    """Return what a schedule multiplies the next update's rate by; None where none runs."""
    base = lane.knobs.get(RATE)
    return lane.rates[0] / base if lane.rates and base else None


def _take_button(session: Session, snapshot: Snapshot, rate: float, rights: Rights) -> None:
    label, help_text = RATE_TEST["take" if is_constant(session.spec) else "take_base"]
    is_off = not rights.may_steer or session.knob(RATE, snapshot) == rate
    st.button(
        label.format(rate=number(rate)), key="rate_test.take", help=help_text, type="primary", disabled=is_off,
        on_click=_take, args=(session.id,),
    )  # fmt: skip


def _find(session_id: str) -> None:
    session = registry().find(session_id)
    if session is not None:
        find_rate(session)


def _forget(session_id: str) -> None:
    session = registry().find(session_id)
    if session is not None:
        forget_rates(session)


def _take(session_id: str) -> None:
    session = registry().find(session_id)
    if session is None:
        return
    try:
        take_rate(session)
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)
