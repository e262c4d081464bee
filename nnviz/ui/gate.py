"""What stands in the way of a run whose data is not on this machine, and the download that opens the way."""

import streamlit as st

from nnviz.catalog import DATASETS
from nnviz.catalog.download import Download
from nnviz.catalog.files import missing
from nnviz.ui import texts
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat

EVERY_S = 0.5


def gate(seat: Seat, *, is_locked: bool) -> None:
    """Say what is missing and offer to fetch it; the rest of the page stays usable."""
    download = hall().download(seat.spec.dataset.name)
    is_under_way = download is not None and download.state == "running"
    st.fragment(_gate, run_every=EVERY_S if is_under_way else None)(seat.id, is_locked)


def _gate(seat_id: str, is_locked: bool) -> None:
    seat = hall().find(seat_id)
    if seat is None:
        st.rerun()
    name = seat.spec.dataset.name
    sentence, download = missing(name), hall().download(name)
    if sentence is None:
        seat.begin(is_started=not is_locked)
        st.rerun()
    if download is not None and download.state == "running":
        _progress(name, download, is_locked)
    else:
        _offer(name, sentence, download, is_locked)


def _progress(name: str, download: Download, is_locked: bool) -> None:
    percent = int(100 * download.progress)
    st.progress(percent / 100, texts.DOWNLOAD["running"].format(label=DATASETS[name].label, percent=percent))
    if st.button(texts.DOWNLOAD["cancel"], key="gate.cancel", disabled=is_locked):
        download.cancel()
        st.rerun()


def _offer(name: str, sentence: str, download: Download | None, is_locked: bool) -> None:
    failed = download is not None and download.state in ("failed", "cancelled")
    st.warning(download.message if download is not None and failed else sentence, icon=":material/download:")
    label = texts.DOWNLOAD["retry"] if failed else texts.DOWNLOAD["start"].format(label=DATASETS[name].label)
    if st.button(label, key="gate.start", type="primary", disabled=is_locked):
        hall().download(name, is_new=True)
        st.rerun()
