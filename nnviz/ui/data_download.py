"""What stands in the way of a run whose data is not on this machine, and the download that opens the way."""

import streamlit as st

from nnviz.catalog import DATASETS
from nnviz.catalog.download import Download
from nnviz.catalog.files import missing
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.ui.fragment import fragment
from nnviz.ui.note import draw_again
from nnviz.ui.registry import registry
from nnviz.words import texts
from nnviz.words.language import say

EVERY_S = 0.5


def data_download(session: Session, *, rights: Rights) -> None:
    """Say what is missing and offer to fetch it; the rest of the page stays usable."""
    download = registry().download(session.spec.dataset.name)
    is_under_way = download is not None and download.state == "running"
    fragment(_gate, every_s=EVERY_S if is_under_way else None)(session.id, rights)


def _gate(session_id: str, rights: Rights) -> None:
    session = registry().find(session_id)
    if session is None:
        st.rerun()
    name = session.spec.dataset.name
    sentence, download = missing(name), registry().download(name)
    if sentence is None:
        session.begin(is_started=rights.may_steer)
        draw_again()
    if download is not None and download.state == "running":
        _progress(name, download, rights)
    else:
        _offer(name, sentence, download, rights)


def _progress(name: str, download: Download, rights: Rights) -> None:
    percent = int(100 * download.progress)
    st.progress(percent / 100, texts.DOWNLOAD["running"].format(label=say(DATASETS[name].label), percent=percent))
    if st.button(texts.DOWNLOAD["cancel"], key="download.cancel", disabled=not rights.may_steer):
        download.cancel()
        st.rerun()


def _offer(name: str, sentence: str, download: Download | None, rights: Rights) -> None:
    failed = download is not None and download.state in ("failed", "cancelled")
    st.warning(download.message if download is not None and failed else sentence, icon=":material/download:")
    label = texts.DOWNLOAD["retry"] if failed else texts.DOWNLOAD["start"].format(label=say(DATASETS[name].label))
    if st.button(label, key="download.start", type="primary", disabled=not rights.may_steer):
        registry().download(name, is_new=True)
        st.rerun()
