"""Run the benchmarks that are named, or all, and print their tables."""

import argparse
import importlib
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

from benchmarks.report import README, Report, machine, write

# name: what it answers; each is a module here with `measure(is_quick) -> Report`
BENCHMARKS: Mapping[str, str] = {
    "training": "how much everything live on the page slows training",
    "epoch": "an epoch of MNIST against the tutorial's loop",
    "small_nets": "epochs per second of small networks",
    "lab": "the lab's exercise on MNIST for three seeds beside a plain loop",
    "edge": "the sharpness in full-batch training beside 2 / learning rate, and what measuring it costs",
    "tiers": "what each tier of instruments costs, beside the bare loop and TensorBoard",
    "architectures": "what the lecture's models reach on MNIST and Fashion-MNIST, and how fast they learn",
    "claims": "what the cards to try promise, over five seeds",
    "race": "a round of eight optimizers against eight loops in turn",
    "race_pages": "refreshes of a large race, and a slider on Surfaces",
    "lessons": "from a dragged dial to the lesson's figure",
    "cold": "from the command to a page that can be read and to its first chart",
    "refresh": "what one refresh costs the server",
    "viewers": "200 viewers of one run",
    "crowd": "30 users with a run each",
    "soak": "what stays when viewers come and go",
    "beside": "how long another run waits beside somebody's large network",
    "saving": "runs that are saved as they go, against the same runs unsaved",
    "kills": "what is left of a run whose process is stopped or killed at any moment",
    "moments": "from one moment of a run to another, on the screen",
    "frames": "chart frames missing in Chromium",
    "strokes": "marks that are set by hand, against the plot library's drawing",
    "first_minutes": "the first screen beside TensorFlow Playground's, where --rival names one",
    "latency": "from a slider to the trainer and to the screen",
}
# whose tables stand elsewhere than in the README beside this
PLACES: Mapping[str, Path] = {"first_minutes": README.parents[1] / "docs" / "first-minutes.md"}


def main() -> None:
    """Measure one after the other; each prints its table as soon as it is known."""
    asked = _arguments()
    print(machine(), flush=True)
    failed = [name for name in asked.names or BENCHMARKS if not _measured(name, asked)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def _measured(name: str, asked: argparse.Namespace) -> bool:
    """Measure one and say how long it took; a failure is shown and leaves the others their turn."""
    start = perf_counter()
    try:
        more = {"rival_address": asked.rival} if name == "first_minutes" else {}
        report: Report = importlib.import_module(f"benchmarks.{name}").measure(asked.quick, **more)
    except Exception:
        traceback.print_exc()
        return False
    print(f"\n{report}\n({perf_counter() - start:.0f} s)", flush=True)
    if asked.write:
        write(name, report, PLACES.get(name, README))
    return True


def _arguments() -> argparse.Namespace:
    lines = [f"  {name:13} {text}" for name, text in BENCHMARKS.items()]
    parser = argparse.ArgumentParser(
        "python -m benchmarks",
        description=__doc__,
        epilog="\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name", help="all if none is named")
    parser.add_argument("--quick", action="store_true", help="short windows: shows that it works, not how fast")
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    parser.add_argument("--rival", default="", metavar="http://...", help="where TensorFlow Playground is served here")
    asked = parser.parse_args()
    for name in asked.names:
        if name not in BENCHMARKS:
            parser.error(f"there is no benchmark {name!r}; choose from {', '.join(BENCHMARKS)}")
    return asked


if __name__ == "__main__":
    main()
