"""The way into every page: the menu at once, and what needs PyTorch as soon as that is loaded."""

from collections.abc import Callable
from itertools import count

import streamlit as st

from nnviz.ui.loading import Loading, loading, sentence
from nnviz.ui.page_runs import end_page
from nnviz.ui.shell import shell
from nnviz.ui.whole import end_watch
from nnviz.words import texts
from nnviz.words.language import Text


def entrance(title: Text, page: Callable[[], None], *, is_bare: bool = False) -> None:
    """Draw a whole page; `page` imports by itself what it draws with, for before it there may be no PyTorch."""
    shell(title, is_bare=is_bare)
    load = loading()
    if not load.wait(0):
        _pass_the_time(load)
    if load.error is not None:
        st.error(texts.LOADING["failed"].format(reason=sentence(load.error)), icon=":material/error:")
    else:
        page()
    end_watch()
    end_page()


def _pass_the_time(load: Loading) -> None:
    """Say what is being waited for, and how long already; then draw the page afresh."""
    place = st.empty()
    for seconds in count():
        place.info(texts.LOADING["wait"].format(seconds=seconds), icon=":material/hourglass_top:")
        if load.wait(1.0):
            st.rerun()
