"""What a race leaves to take home: its curves, and the link that runs it again."""

from collections.abc import Mapping

import streamlit as st

from nnviz.export.tables import curves_csv
from nnviz.records.run import Snapshot
from nnviz.sessions.race import RaceSession
from nnviz.ui.link import spelled
from nnviz.words import texts
from nnviz.words.language import say


def export(session: RaceSession, snapshot: Snapshot, view: Mapping[str, str]) -> None:
    """Draw the popover with the table of all curves and the link that replays the race, seen as it is now.

    view: the view's part of the link.
    """
    title, help_text = texts.EXPORT["title"]
    with st.popover(title, icon=":material/download:", help=help_text):
        label, csv_help = texts.EXPORT["csv"]
        st.download_button(
            label, lambda: curves_csv(session.snapshot()).encode(), "nnviz-race.csv", "text/csv", key="export.csv",
            help=csv_help, on_click="ignore", icon=":material/table:",
        )  # fmt: skip
        st.caption(say(texts.EXPORT_PNG))
        st.caption(say(texts.EXPORT_LINK))
        st.code(replay_link(session, snapshot, view), language=None, wrap_lines=True)


def replay_link(session: RaceSession, snapshot: Snapshot, view: Mapping[str, str]) -> str:
    """Write the whole address of a race as it went so far, and of how it is looked at."""
    address = str(st.context.url or "").partition("?")[0]
    return f"{address}?{spelled({**session.replay(snapshot).to_query(), **view})}"
