"""Processes of their own that need not load PyTorch anew: one interpreter has loaded it, and forks for each of them."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNBUFFERED = "PYTHONUNBUFFERED"  # writes at once, and has nothing left to be lost as a process ends
# Loads what it is told to, and says which of it was there before and after; then one process after the other, each from
# a line: its number as it begins, and its status when that is asked for. No thread has been started by then. A process
# reads, in place of those lines, from a pipe that ends with the tests.
SERVER = """
import gc, json, os, sys
lifeline = int(sys.argv[1])
known = {"__name__": "__main__"}
found = []
for code in json.loads(sys.stdin.readline()):
    exec(code, known)
    found.append([name for name in ("torch", "streamlit") if name in sys.modules])
print(json.dumps(found), flush=True)
gc.freeze()  # else each process would walk through all of it as it ends
child = -1
while child and (line := sys.stdin.readline()):
    asked = json.loads(line)
    if "child" in asked:
        print(json.dumps(os.waitpid(asked["child"], asked["options"])), flush=True)
    else:
        child = os.fork()
        if child:
            print(child, flush=True)
if not child:
    os.setsid()
    os.dup2(lifeline, 0)
    for number, place in enumerate((asked["out"], asked["err"]), 1):
        os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.environ.update(asked["environment"])
    sys.argv[1:] = asked["words"]
    exec(asked["code"], {"__name__": "__main__"})
"""
_PAUSE = threading.Event()  # never set: waiting on it is a sleep that a timeout ends


class Forked:
    """A process that has been forked, in a session of its own; it is asked for what `subprocess.Popen` is."""

    def __init__(self, server: "ForkServer", pid: int) -> None:
        self._server, self.pid = server, pid
        self.returncode: int | None = None  # a signal's number below zero

    def stop(self) -> None:
        """Hold it, and wait until it is held: on a busy machine it would write on for a while."""
        self.send_signal(signal.SIGSTOP)
        assert os.WIFSTOPPED(self._asked(os.WUNTRACED)[1])

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def poll(self) -> int | None:
        """Return its exit status, None as long as it is there."""
        return self._look(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return its exit status; subprocess.TimeoutExpired where that does not come in time."""
        for _ in range(int(20 * (timeout or 0))):
            if self.poll() is not None:
                break
            _PAUSE.wait(0.05)
        else:
            if timeout is not None:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
        found = self._look(0)
        assert found is not None
        return found

    def _look(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status = self._asked(options)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def _asked(self, options: int) -> tuple[int, int]:
        pid, status = json.loads(self._server.ask({"child": self.pid, "options": options}))
        return pid, status


class ForkServer:
    """An interpreter with PyTorch loaded; `loaded` says which packages were there after each of the codes.

    lacks: variables of the environment that it is not to have, for some are read but once.
    """

    def __init__(self, *codes: str, lacks: Sequence[str] = (UNBUFFERED,)) -> None:
        ours = {name: value for name, value in os.environ.items() if name not in lacks}
        lifeline, self._lifeline = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(lifeline)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, preexec_fn=heeding_ctrl_c, env=ours, pass_fds=[lifeline],
        )  # fmt: skip
        os.close(lifeline)
        self._children: list[Forked] = []
        self.loaded: list[list[str]] = json.loads(self.ask(codes))

    def fork(
        self, code: str, words: Sequence[str], out: Path, err: Path, environment: Mapping[str, str] | None = None
    ) -> Forked:
        """Carry out code in a process of its own, which reads the words in `sys.argv` and writes to files."""
        for place in (out, err):
            place.touch()
        asked = {"code": code, "words": [*words], "out": str(out), "err": str(err)}
        child = Forked(self, int(self.ask({**asked, "environment": {**(environment or {})}})))
        self._children.append(child)
        return child

    def end_children(self) -> None:
        """Kill what has been forked and has not been waited for."""
        for child in self._children:
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
                child.wait()
        self._children = []

    def close(self) -> None:
        """End all."""
        self.end_children()
        os.close(self._lifeline)
        self._process.communicate()

    def ask(self, what: object) -> str:
        """Tell it something, and return what it says."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


def heeding_ctrl_c() -> None:
    """Take Ctrl-C as a terminal's jobs do, though the tests themselves may run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
