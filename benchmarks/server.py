"""The app in a process of its own, as users run it, and what that process costs."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.data import ROOT
from benchmarks.rounds import rest

START_S = 120


class Server:
    """One running app; `settings` are environment variables."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        command = [sys.executable, "-m", "benchmarks.app", "run", "app.py", "--server.headless", "true"]
        command += ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        inherited = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
        environment = {**inherited, "HOME": str(folder), "NNVIZ_PATIENCE": "3600", **settings}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT
            )
        self.pid = self.process.pid

    def wait_until_healthy(self) -> None:
        """Return once pages can be asked for; RuntimeError where that does not come."""
        for _ in range(START_S * 5):
            if self.process.poll() is not None:
                break
            if self._is_healthy():
                return
            rest(0.2)
        raise RuntimeError(f"the app does not answer:\n{self.log.read_text()[-2000:]}")

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far, to the nanosecond (Linux: the clock of another process)."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory_mb(self) -> float:
        """Resident memory in megabytes (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def open_files(self) -> int:
        """Files and sockets that it holds open (Linux)."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def threads(self) -> int:
        """Threads that it has (Linux)."""
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def taken_at(self) -> list[float]:
        """When live changes reached their run, in seconds since 1970; needs NNVIZ_BENCH_STAMPS."""
        return [float(line.split()[1]) for line in self.log.read_text().splitlines() if line.startswith("taken ")]

    def drawn_at(self) -> dict[str, float]:
        """When pushed drawings were taken up first, by their stamps; needs NNVIZ_BENCH_STAMPS."""
        found = [line.split() for line in self.log.read_text().splitlines() if line.startswith("drawing ")]
        return {stamp: float(moment) for _, moment, stamp in reversed(found)}

    def kill(self) -> None:
        """End it, whatever it is doing."""
        self.process.kill()
        self.process.communicate(timeout=20)


@contextmanager
def serving(**settings: str) -> Iterator[Server]:
    """Start the app; RuntimeError at the end where its log has a traceback."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), **settings)
        try:
            server.wait_until_healthy()
            yield server
            if "Traceback" in server.log.read_text():
                raise RuntimeError(f"the app complained:\n{server.log.read_text()[-4000:]}")
        finally:
            server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
