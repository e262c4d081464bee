"""What a race leaves to take home: its curves, and the link that runs it again."""

from urllib.parse import urlencode

import streamlit as st

from nnviz.charts.table import curves_csv
from nnviz.records import Snapshot
from nnviz.ui import texts
from nnviz.ui.race_seats import RaceSeat


def export(seat: RaceSeat, snapshot: Snapshot) -> None:
    """Draw the popover with the table of all curves and the link that replays the race."""
    title, help_text = texts.EXPORT["title"]
    with st.popover(title, icon=":material/download:", help=help_text):
        label, csv_help = texts.EXPORT["csv"]
        st.download_button(
            label, lambda: curves_csv(seat.snapshot()).encode(), "nnviz-race.csv", "text/csv", key="export.csv",
            help=csv_help, on_click="ignore", icon=":material/table:",
        )  # fmt: skip
        st.caption(texts.EXPORT_PNG)
        st.caption(texts.EXPORT_LINK)
        st.code(replay_link(seat, snapshot), language=None, wrap_lines=True)


def replay_link(seat: RaceSeat, snapshot: Snapshot) -> str:
    """Write the whole address of a race as it went so far."""
    address = str(st.context.url or "").partition("?")[0]
    return f"{address}?{urlencode(seat.replay(snapshot).to_query(), safe=':;,@*')}"
