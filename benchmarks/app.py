"""Start the app as users do, but let it end with the benchmark: `python -m benchmarks.app run app.py ...`."""

import os
import threading
import time

from streamlit.web.cli import main


def end_with_the_benchmark() -> None:
    """End where whoever started this does."""
    threading.Thread(target=lambda: os.read(0, 1) or os._exit(9), daemon=True).start()


def stamp_changes() -> None:
    """Print the moment in which a run takes a live change."""
    from nnviz.runs.lane import LaneTrainer  # only here: it loads PyTorch, which the app itself does later
    from nnviz.specs.experiment import Change

    taken = LaneTrainer.apply

    def apply(lane: LaneTrainer, change: Change) -> None:
        taken(lane, change)
        print("taken", time.time(), flush=True)

    setattr(LaneTrainer, "apply", apply)  # noqa: B010


if __name__ == "__main__":
    end_with_the_benchmark()
    if os.environ.get("NNVIZ_BENCH_STAMPS"):
        stamp_changes()
    main()
