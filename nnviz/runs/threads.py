"""More threads for lanes whose updates are long, so that a race uses the whole machine."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

MOST_HELPERS = 3


class LaneThreads:
    """Helper threads beside the calling one; none where the machine has one core, made when first needed.

    They pay only for jobs that spend their time in large kernels: those let go of the interpreter lock.
    """

    def __init__(self, helpers: int | None = None) -> None:
        self.helpers = min(MOST_HELPERS, (os.cpu_count() or 1) - 1) if helpers is None else helpers
        self._executor: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def work_off(self, jobs: Iterable[Callable[[], object]]) -> None:
        """Do all jobs, some on the helpers, and return when the last is done; an exception is raised here."""
        left = deque(jobs)
        working = self._call(left)
        _work(left)
        for helper in working:
            helper.result()

    def _call(self, left: deque[Callable[[], object]]) -> list[Future[None]]:
        if len(left) < 2 or not self.helpers:
            return []
        with self._lock:  # two races may have long updates at a time
            executor = self._executor = self._executor or ThreadPoolExecutor(self.helpers, "nnviz-crew")
        try:
            return [executor.submit(_work, left) for _ in range(min(self.helpers, len(left) - 1))]
        except RuntimeError:  # the program is ending and takes no new jobs: the calling thread does them
            return []

    def close(self) -> None:
        """Let the helpers finish what they do and end; the next jobs call new ones."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=False)


def _work(left: deque[Callable[[], object]]) -> None:
    while True:
        try:
            job = left.popleft()
        except IndexError:
            return
        job()
