"""The app as a person starts it: its own process, its own empty folders, a free port on this machine."""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120
# Streamlit as usual, except that SIGUSR1 prints the names of its threads, and that it dies with the tests.
START = """
import os, signal, threading
def tell(signum, frame):
    print("threads:", *(thread.name.replace(" ", "_") for thread in threading.enumerate()), flush=True)
signal.signal(signal.SIGUSR1, tell)
threading.Thread(target=lambda: os.read(0, 1) or os._exit(9), daemon=True).start()
from streamlit.web.cli import main
main()
"""
_PAUSE = threading.Event()  # never set: waiting on it is a sleep that a timeout ends


def free_port() -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class AppServer:
    """One running app; `folder` takes its home, its cache and its log, `settings` are environment variables.

    start_as: a command that starts another one, as somebody else.
    """

    def __init__(
        self, folder: Path, *, script: str = "app.py", start_as: Sequence[str] = (), port: str = "", **settings: str
    ) -> None:
        port = port or str(free_port())
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "server.log"
        self.script = script
        self.checked = 0  # bytes of the log in which tracebacks were looked for
        command = [*start_as, sys.executable, "-c", START, "run", script, "--server.headless", "true"]
        command += ["--server.port", port, "--server.address", "127.0.0.1"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=_environment(folder, settings), stdin=subprocess.PIPE,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
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
        self.process.communicate(timeout=120)


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    own = {name: str(folder / name.lower()) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "NNVIZ_DATA")}
    inherited = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    return {**inherited, **own, "PYTHONUNBUFFERED": "1", **settings}
