"""The app in a process of its own, with its own empty folders and a free port on this machine."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.forked import Forked, ForkServer, heeding_ctrl_c

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120
OMP = "OMP_NUM_THREADS"  # the tests' own, of which a server does not know
FRESH = ("env",)  # starts a server that loads everything itself, as a person's does
# Streamlit as usual, except that SIGUSR1 prints the names of its threads, and that it dies with the tests.
START = """
import os, signal, sys, threading
sys.stdout.reconfigure(line_buffering=True)
def tell(signum, frame):
    print("threads:", *(thread.name.replace(" ", "_") for thread in threading.enumerate()), flush=True)
signal.signal(signal.SIGUSR1, tell)
threading.Thread(target=lambda: os.read(0, 1) or os._exit(9), daemon=True).start()
from streamlit.web.cli import main
main()
"""
# Streamlit would warn of caches that are made outside of a server.
LOAD = """
import importlib, logging
logging.disable(logging.WARNING)
import streamlit.web.cli
from nnviz.ui.loading import PARTS
for part in PARTS:
    importlib.import_module(part)
logging.disable(logging.NOTSET)
"""
_PAUSE = threading.Event()  # never set: waiting on it is a sleep that a timeout ends


@cache
def loaded() -> ForkServer:
    """Return what starts a server that need not load anything, once in each process of the tests; it ends with it."""
    found = ForkServer(LOAD, lacks=("PYTHONUNBUFFERED", OMP))
    atexit.register(found.close)
    return found


def free_port() -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class AppServer:
    """One running app; `folder` takes its home, its cache and its log, `settings` are environment variables.

    start_as: a command that starts another one, as somebody else; without, it is forked from what has loaded all that
    it needs, which spares ten seconds.
    """

    def __init__(
        self, folder: Path, *, script: str = "app.py", start_as: Sequence[str] = (), port: str = "", **settings: str
    ) -> None:
        port = port or str(free_port())
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "server.log"
        self.script = script
        self.checked = 0  # bytes of the log in which tracebacks were looked for
        words = ["run", script, "--server.headless", "true", "--server.port", port, "--server.address", "127.0.0.1"]
        environment = _environment(folder, settings)
        self.log.write_bytes(b"")
        self.process: Forked | subprocess.Popen[bytes] = (
            self._start([*start_as, sys.executable, "-c", START, *words], environment)
            if start_as
            else loaded().fork(START, words, self.log, self.log, environment)
        )

    def _start(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with self.log.open("w") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=heeding_ctrl_c,
            )  # fmt: skip

    def wait_until_healthy(self) -> None:
        """Return once pages can be asked for; AssertionError with the log's end where that does not come."""
        for _ in range(START_SECONDS * 5):
            assert self.process.poll() is None, f"the app ended at once:\n{self.tail()}"
            if self._is_healthy():
                return
            _PAUSE.wait(0.2)
        raise AssertionError(f"the app does not answer:\n{self.tail()}")

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def tail(self) -> str:
        """The last lines of what the server printed."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])

    def threads(self) -> list[str]:
        """Name the threads of the app, spaces as underscores."""
        before = len(self.log.read_bytes())
        self.process.send_signal(signal.SIGUSR1)
        for _ in range(100):
            _PAUSE.wait(0.1)
            lines = self.log.read_bytes()[before:].decode().splitlines(keepends=True)
            for line in lines:
                if line.startswith("threads:") and line.endswith("\n"):
                    return line.split()[1:]
        raise AssertionError("the app does not answer")

    def wait_until_gone(self, thread: str, seconds: int = 120) -> None:
        """Return once no thread has that name; AssertionError where that does not come."""
        for _ in range(2 * seconds):
            if thread not in self.threads():
                return
            _PAUSE.wait(0.5)
        raise AssertionError(f"{thread} is still there: {self.threads()}")

    def interrupt(self, seconds: float = 120) -> int:
        """Press Ctrl-C and return the exit code; subprocess.TimeoutExpired where it does not end."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End it and everything it started, whatever it is doing."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(120)
        if isinstance(self.process, subprocess.Popen) and self.process.stdin:
            self.process.stdin.close()


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    own = {name: str(folder / name.lower()) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "NNVIZ_DATA")}
    inherited = {name: value for name, value in os.environ.items() if name != OMP}
    return {**inherited, **own, "PYTHONUNBUFFERED": "1", **settings}
