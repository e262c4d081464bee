"""PyTorch and all that stands on it, loaded in the background from the moment the server starts."""

import gc
import importlib
import logging
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

LOGGER = logging.getLogger("nnviz")
# In this order: what takes longest comes by itself, so that a server that is told to end need not load the rest.
PARTS = (
    "numpy", "torch", "sklearn.datasets", "nnviz.catalog", "nnviz.ui.showcase", "nnviz.ui.families.page",
    "nnviz.ui.descent_view", "nnviz.lessons.lab.page", "nnviz.ui.registry",
)  # fmt: skip
_GOODBYE_S = 1  # for which a server that is told to end waits for browsers; some never take what they have asked for
_SWITCH_S = 0.0005  # while imports run, a tenth of Python's usual 5 ms: who opens a page meanwhile goes first


class Loading:
    """One loading of everything; it ends with the registry open, or with the error that is in the way."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self._ends = threading.Event()
        self._is_done = threading.Event()
        # No daemon: left inside an import at Ctrl-C it would abort the process.
        threading.Thread(target=self._work, name="nnviz-loading").start()

    def wait(self, seconds: float) -> bool:
        """Wait for at most so many seconds, and tell whether it is over."""
        return self._is_done.wait(seconds)

    def cancel(self) -> None:
        """Load no further part."""
        self._ends.set()

    def _work(self) -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        gc.disable()  # what is loaded stays; to look through it again and again takes a fifth of the time
        try:
            for part in PARTS:
                if self._ends.is_set():
                    return
                module = importlib.import_module(part)
            module.registry()
        except Exception as error:  # a thread has no caller to tell; the pages tell their readers
            LOGGER.exception("nnviz cannot start: %s", sentence(error))
            self.error = error
        finally:
            sys.setswitchinterval(usual)
            gc.enable()
            self._is_done.set()


@st.cache_resource(max_entries=1, show_spinner=False)
def loading() -> Loading:
    """Return the one loading of this process, begun at the first call."""
    return Loading()


def sentence(error: Exception) -> str:
    """Say what failed in the words of whoever raised it, for they often hold the cure."""
    return f"{type(error).__name__}: {str(error).strip() or 'no further words'}"


@asynccontextmanager
async def from_the_start(app: object) -> AsyncIterator[None]:
    """Load while the server starts; at its end load no further, and end as what was asked for, not as a failure."""
    loading()
    _limit_goodbye()
    yield
    loading().cancel()
    if hasattr(signal, "pthread_sigmask"):  # the server raises the signal again that has ended it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})


def _limit_goodbye() -> None:
    """Let the server end although a browser holds a line open; Streamlit has no setting for it."""
    server = getattr(signal.getsignal(signal.SIGINT), "__self__", None)
    config = getattr(server, "config", None)
    if config is not None and hasattr(config, "timeout_graceful_shutdown"):
        config.timeout_graceful_shutdown = _GOODBYE_S
