"""When the lanes of a run are evaluated: after updates that follow from their specs and journals alone.

Nothing here knows what time it is: equal runs are judged at the same updates, however fast or often interrupted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

FORWARD = 3  # an example that is trained on goes forward and back: about as much as to look at three
SHARE = 20  # trained examples for each evaluated one, counted so
EARLY = 32.0  # updates' worth of evaluations while updates grow e-fold, until these cost no more than their share
MOST, LEAST = 16.0, 0.5  # evaluations meanwhile: of small tests and of large ones
HASTE = 4  # times the cost of the updates before it: what an early evaluation may cost


@dataclass(frozen=True, slots=True)
class Load:
    """One lane's part: examples trained on since its last evaluation, in a batch, and looked at to evaluate."""

    since: int
    batch: int
    evaluated: int


def updates_to_evaluation(step: int, last: int, loads: Sequence[Load]) -> int:
    """Return in how many updates the next evaluation is due, at the present batch sizes: at once where 0 or less.

    Evaluations come with growing gaps, many at first, until their examples are a twentieth of those trained on.
    """
    price = sum(load.evaluated for load in loads) / FORWARD
    batch = sum(load.batch for load in loads)
    per_growth = min(max(EARLY * batch / price, LEAST), MOST)
    early = last + max(1, ceil(price / batch / HASTE), ceil(last / per_growth)) - step
    return min(early, ceil((SHARE * price - sum(load.since for load in loads)) / batch))
