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


def stamp_drawings() -> None:
    """Print the moment in which a drawing was taken up that is pushed to browsers, and its stamp."""
    from nnviz.ui.board.drawn import Drawn
    from nnviz.ui.push.stage import Stage

    begun, offered = Stage._draw, Stage._offer
    moments: dict[int, float] = {}

    async def draw(stage: Stage) -> None:
        moments[id(stage)] = time.time()
        await begun(stage)

    def offer(stage: Stage, found: Drawn | None, *, is_answer: bool) -> None:
        if found is not None:
            print("drawing", moments[id(stage)], found.stamp, flush=True)
        offered(stage, found, is_answer=is_answer)

    setattr(Stage, "_draw", draw)  # noqa: B010
    setattr(Stage, "_offer", offer)  # noqa: B010


def push_at(hz: float) -> None:
    """Push so many drawings a second, where the run has as many."""
    from nnviz.runs import run
    from nnviz.ui.push import stage

    stage.GAP_S = stage.LOOK_S = 1 / hz
    run.PUBLISH_GAP = min(run.PUBLISH_GAP, 0.8 / hz)


if __name__ == "__main__":
    end_with_the_benchmark()
    if os.environ.get("NNVIZ_BENCH_STAMPS"):
        stamp_changes()
        stamp_drawings()
    if hz := os.environ.get("NNVIZ_BENCH_HZ"):
        push_at(float(hz))
    main()
