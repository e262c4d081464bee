"""The checks of a set-up on the page: behind a quiet button at the end of the bar."""

import streamlit as st

from nnviz.records.checked import Checked, CheckList
from nnviz.records.status import Status
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.sessions.trials import can_try, check_setup, forget_checks
from nnviz.ui.fragment import fragment, slot
from nnviz.ui.note import draw_again
from nnviz.ui.registry import registry
from nnviz.words.checks import CHECK, CHECK_WORDS, CHECKED, CHECKS

_EVERY_S = 0.4
_GOOD, _BAD = ":green[:material/check_circle:]", ":red[:material/cancel:]"
_WAITING, _GOING = ":gray[:material/radio_button_unchecked:]", ":blue[:material/pending:]"


def setup_check(session: Session, *, rights: Rights) -> None:
    """Draw the button with the checks behind it, where there are any."""
    if not can_try(session):
        return
    label, help_text = CHECK["title"]
    with st.popover(label, icon=":material/fact_check:", help=help_text, type="tertiary"):
        every_s = _EVERY_S if _is_going(_found(session)) else None
        fragment(_content, every_s=every_s)(session.id, rights, is_timed=every_s is not None)


def _found(session: Session) -> CheckList | None:
    checks = session.stand.checks
    return checks.state() if checks else None


def _is_going(found: CheckList | None) -> bool:
    return found is not None and not found.status.is_over


def _content(session_id: str, rights: Rights, *, is_timed: bool) -> None:
    session = registry().find(session_id)
    if session is None:
        st.rerun()
    found = _found(session)
    if is_timed != _is_going(found):
        draw_again()  # what goes on is looked at again and again, what is over is not
    st.caption(CHECK_WORDS["lead"])
    for place, name in enumerate(CHECKS):
        _row(place, name, found)
    with slot():
        if found is not None and found.message:
            st.warning(str(found.message), icon=":material/warning:")
    _button(session, found, rights)


def _row(place: int, name: str, found: CheckList | None) -> None:
    title, what = CHECKS[name]
    done = {each.name: each for each in found.checks} if found else {}
    if name in done:
        st.markdown(f"{_GOOD if done[name].is_good else _BAD} **{title}** · {told(done[name])}", help=what)
    elif found is not None and found.status == Status.RUNNING and place == len(done):
        percent = int(100 * max(0.0, min(1.0, len(CHECKS) * found.progress - place)))
        st.markdown(f"{_GOING} **{title}** · {CHECK_WORDS['going'].format(percent=percent)}", help=what)
    else:
        st.markdown(f"{_WAITING} **{title}** · {CHECK_WORDS['waiting']}", help=what)


def told(check: Checked) -> str:
    """Say what a check found."""
    return CHECKED[check.told].format(**check.values)


def _button(session: Session, found: CheckList | None, rights: Rights) -> None:
    is_off = not rights.may_steer or session.is_waiting_for_data
    if _is_going(found):
        st.button(CHECK_WORDS["cancel"], key="checks.cancel", disabled=is_off, on_click=_forget, args=(session.id,))
    else:
        label, help_text = CHECK["again" if found else "run"]
        st.button(label, key="checks.run", help=help_text, disabled=is_off, on_click=_check, args=(session.id,))


def _check(session_id: str) -> None:
    session = registry().find(session_id)
    if session is not None:
        check_setup(session)


def _forget(session_id: str) -> None:
    session = registry().find(session_id)
    if session is not None:
        forget_checks(session)
