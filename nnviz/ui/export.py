"""What a run leaves to take home: its code, its curves, its settings, and the link that runs it again."""

import json
from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from nnviz.export.notebook import notebook
from nnviz.export.script import script
from nnviz.export.tables import curves_csv
from nnviz.records.run import Lane, Snapshot
from nnviz.sessions.planned_branches import is_untold
from nnviz.sessions.session import Session
from nnviz.specs.planned import Planned
from nnviz.ui.fragment import slot
from nnviz.ui.link import MOST_CHARACTERS, address_of
from nnviz.ui.reader import follow_reader
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound_menu
from nnviz.ui.taken import taken
from nnviz.words import texts
from nnviz.words.language import Translate, language, say, speaking

# Of this tab: whose run is shown to be taken away, and which lane of it.
EXPORT_OPEN, _LANE = "export.open", "export.lane"
_CODE_HEIGHT = 380
_OF_CODE = ("script", "notebook")  # what there is only where there is code
_FILE = "nnviz-run"
_MIMES = {"py": "text/x-python", "ipynb": "application/x-ipynb+json", "json": "application/json", "csv": "text/csv"}


def export_button(session: Session) -> None:
    """Draw the button that opens it."""
    label, help_text = texts.EXPORT["title"]
    st.button(
        label, key="export.button", help=help_text, icon=":material/code:", on_click=_show, args=(session.id,)
    )  # fmt: skip


def _show(session_id: str) -> None:
    st.session_state[EXPORT_OPEN] = session_id
    st.session_state.pop(_LANE, None)


def _hide() -> None:
    st.session_state.pop(EXPORT_OPEN, None)


def export(session: Session, snapshot: Snapshot, view: Mapping[str, str]) -> None:
    """Draw what there is to take, over the page, where this reader has opened it; it is written only then.

    view: the view's part of the link.
    """
    if st.session_state.get(EXPORT_OPEN) == session.id:
        title = say(texts.EXPORT_HEADING)
        st.dialog(title, width="large", on_dismiss=_hide)(_content)(session.id, view)


def _content(session_id: str, view: Mapping[str, str]) -> None:
    follow_reader()
    session = registry().find(session_id)
    if session is None:
        st.rerun()
    snapshot = session.snapshot()
    place = _lane(snapshot)
    _files(session, place, is_written=_code(session, snapshot, place))
    link = replay_link(session, snapshot, view)
    if len(link) > MOST_CHARACTERS:
        st.caption(say(texts.EXPORT_LONG))
    else:
        st.caption(say(texts.EXPORT_LINK))
        st.code(link, language=None, wrap_lines=True)
        if is_untold(snapshot.lanes):
            st.caption(say(texts.EXPORT_UNTOLD))
    st.caption(say(texts.EXPORT_PNG))


def _lane(snapshot: Snapshot) -> int:
    """Draw the choice of a lane where there are several, and return its place."""
    places = range(len(snapshot.lanes))
    chosen = st.session_state.get(_LANE, 0)
    place = chosen if chosen in places else 0
    with slot():
        if len(places) > 1:
            label, help_text = texts.EXPORT["lane"]
            names = [_name(lane, snapshot) for lane in snapshot.lanes]
            bind = bound_menu(places, _LANE + ".menu", place, _choose)
            st.selectbox(label, format_func=lambda each: names[each], help=help_text, **bind)
    return place


def _choose(place: int) -> None:
    st.session_state[_LANE] = place


def _name(lane: Lane, snapshot: Snapshot) -> str:
    """Name a lane, with its seed where others have the same name."""
    label = say(lane.label)
    is_alone = sum(each.label == lane.label for each in snapshot.lanes) == 1
    return label if is_alone else say(texts.EXPORT_LANE, label=label, seed=lane.spec.seed)


def _code(session: Session, snapshot: Snapshot, place: int) -> bool:
    """Draw the code, or say why there is none; return whether there is."""
    if session.is_waiting_for_data:
        st.caption(say(texts.EXPORT_MISSING))
        return False
    try:
        code = script(*taken(session, snapshot, place))
    except ValueError as error:
        st.caption(str(error))
        return False
    st.caption(say(texts.EXPORT_CODE))
    st.code(code, language="python", height=_CODE_HEIGHT)
    return True


def _files(session: Session, place: int, *, is_written: bool) -> None:
    """Draw the buttons that save a file; each holds the run as it is when it is pressed."""
    writers: dict[str, tuple[str, Callable[[], str]]] = {
        "script": ("py", lambda: script(*taken(session, session.snapshot(), place))),
        "notebook": ("ipynb", lambda: notebook(*taken(session, session.snapshot(), place))),
        "json": ("json", lambda: _settings(session, place)),
        "csv": ("csv", lambda: curves_csv(session.snapshot())),
    }
    with st.container(horizontal=True, key="export.files", gap="small"):
        for name, (ending, write) in writers.items():
            label, help_text = texts.EXPORT[name]
            is_off = not is_written and name in _OF_CODE
            st.download_button(
                label, partial(_written, write, language()), f"{_FILE}.{ending}", _MIMES[ending], key=f"export.{name}",
                help=help_text, on_click="ignore", icon=":material/download:", disabled=is_off,
            )  # fmt: skip


def _written(write: Callable[[], str], reader: Translate) -> bytes:
    """Write a file for a reader, wherever the server does that."""
    with speaking(reader):
        return write().encode()


def _settings(session: Session, place: int) -> str:
    snapshot = session.snapshot()
    try:
        plan, _ = taken(session, snapshot, place)
    except ValueError:  # what it went on with, where its beginning cannot be told
        plan = Planned(snapshot.lanes[place].spec, journal=snapshot.lanes[place].journal)
    return json.dumps(plan.to_query(), indent=1, ensure_ascii=False) + "\n"


def replay_link(session: Session, snapshot: Snapshot, view: Mapping[str, str]) -> str:
    """Write the whole address of a run as it went so far, and of how it is looked at."""
    return address_of({**session.replay(snapshot).to_query(), **view})
