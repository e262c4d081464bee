"""Processes of their own that need not load PyTorch anew: one interpreter has loaded it, and forks for each of them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNBUFFERED = "PYTHONUNBUFFERED"  # writes at once, and has nothing left to be lost as a process ends
# Loads what it is told to, and says which of it was there before and after; then one process after the other, each from
# a line: its number as it begins, and its status whenever it is stopped or ends. No thread has been started by then.
SERVER = """
import gc, json, os, sys
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
    child = os.fork()
    if child:
        print(child, flush=True)
        status = None
        while status is None or os.WIFSTOPPED(status):
            status = os.waitpid(child, os.WUNTRACED)[1]
            print(status, flush=True)
if not child:
    for number, place in enumerate((asked["out"], asked["err"]), 1):
        os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT), number)
    os.environ.update(asked["environment"])
    sys.argv[1:] = asked["words"]
    exec(asked["code"], {"__name__": "__main__"})
"""


class Forked:
    """A process that has been forked."""

    def __init__(self, server: "ForkServer", number: int) -> None:
        self._server, self.pid = server, number

    def stop(self) -> None:
        """Hold it, and wait until it is held: on a busy machine it would write on for a while."""
        self.send(signal.SIGSTOP)
        assert os.WIFSTOPPED(int(self._server.heard()))

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Wait for its end; return its exit status, or a signal's number below zero."""
        while os.WIFSTOPPED(status := int(self._server.heard())):
            pass
        self._server.child = None
        return os.waitstatus_to_exitcode(status)


class ForkServer:
    """An interpreter with PyTorch loaded; `loaded` says which packages were there after each of the codes."""

    def __init__(self, *codes: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=heeding_ctrl_c, env={name: value for name, value in os.environ.items() if name != UNBUFFERED},
        )  # fmt: skip
        self.child: Forked | None = None
        self._tell(codes)
        self.loaded: list[list[str]] = json.loads(self.heard())

    def fork(
        self, code: str, words: Sequence[str], out: Path, err: Path, environment: Mapping[str, str] | None = None
    ) -> Forked:
        """Carry out code in a process of its own, which reads the words in `sys.argv` and writes to files."""
        assert self.child is None
        for place in (out, err):
            place.touch()
        self._tell({"code": code, "words": [*words], "out": str(out), "err": str(err),
                    "environment": {**(environment or {})}})  # fmt: skip
        self.child = Forked(self, int(self.heard()))
        return self.child

    def end_child(self) -> None:
        """Kill what has been forked and has not been waited for."""
        if self.child is not None:
            self.child.send(signal.SIGKILL)
            self.child.wait()

    def close(self) -> None:
        """End all."""
        self.end_child()
        self._process.communicate()

    def heard(self) -> str:
        """Return the next thing that it says."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def _tell(self, what: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()


def heeding_ctrl_c() -> None:
    """Take Ctrl-C as a terminal's jobs do, though the tests themselves may run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
