"""How a race went, one plain sentence for each racer: measured facts only."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nnviz.charts import bands, facts
from nnviz.charts.racers import Racer, racers
from nnviz.charts.standings import Reached, Standing, percent, standings
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.words.charts import PODIUM
from nnviz.words.metrics import LOSS, METRICS

ROSE = 0.1  # share above its best from which on a racer is said to have left it
FAR = 1.0  # share from which on a factor reads better
EARLY = 0.1  # share of the race after which the early leader is looked up


@dataclass(frozen=True, slots=True)
class Finish:
    """What can be said about one racer.

    rose: by which share the last test loss lies above the best, None below ROSE.  low, high: of the last test losses
    of the seeds that are left, None for fewer than two.  early_step: where it was in front after the first tenth, None
    if it was not.  is_first, is_fastest: whether the others surely got to the target later, or took more compute.
    """

    standing: Standing
    count: int  # racers
    is_over: bool  # whether the race is
    target: float | None
    rose: float | None
    low: float | None
    high: float | None
    early_step: int | None
    is_first: bool
    is_fastest: bool


def podium(snapshot: Snapshot, target: float | None = None) -> tuple[Finish, ...]:
    """Return what can be said about each racer, by rank."""
    found, parts = standings(snapshot, target), racers(snapshot)
    leader = early_leader(snapshot, parts)
    return tuple(_finish(snapshot, part, found, parts[part.racer], leader, target) for part in found)


def _finish(
    snapshot: Snapshot, part: Standing, found: Sequence[Standing], racer: Racer,
    leader: tuple[str, int] | None, target: float | None,
) -> Finish:  # fmt: skip
    others = [other.reached for other in found if other is not part and other.reached]
    ends = [lane.judged[-1].test_loss for lane in racer.sound if lane.judged]
    known = [loss for loss in ends if math.isfinite(loss)]
    return Finish(
        standing=part,
        count=len(found),
        is_over=snapshot.status.is_over,
        target=target,
        rose=_rose(part),
        low=min(known) if len(known) > 1 else None,
        high=max(known) if len(known) > 1 else None,
        early_step=leader[1] if leader and leader[0] == part.label else None,
        is_first=_is_ahead(part.reached, others, "below", "above"),
        is_fastest=bool(others) and _is_ahead(part.reached, others, "seconds_below", "seconds_above"),
    )


def _rose(part: Standing) -> float | None:
    """Return the share above the best; None where it is small or, with losses below zero, means nothing."""
    if part.test_loss is None or part.best_test_loss is None or part.best_test_loss <= 0:
        return None
    share = part.test_loss / part.best_test_loss - 1
    return share if share >= ROSE else None


def _is_ahead(mine: Reached | None, others: Sequence[Reached], until: str, since: str) -> bool:
    """Tell whether the latest moment for one is no later than the earliest for each of the others."""
    return mine is not None and all(
        getattr(mine, until) <= getattr(other, since) < getattr(other, until) for other in others
    )


def early_leader(snapshot: Snapshot, parts: Sequence[Racer]) -> tuple[str, int] | None:
    """Return who had the lowest test loss at the first measurement after a tenth of the race, and at which update.

    None where two were equal, or where nothing was measured between a tenth and a half.
    """
    end = max((lane.step for lane in snapshot.lanes), default=0)
    clock = facts.clock("updates", snapshot)
    found = []
    for part in parts:
        line = bands.every_evaluation(part, clock, lambda record: record.test_loss)
        later = line.x >= max(1, EARLY * end)
        if later.any() and line.x[later][0] <= end / 2:
            found.append((float(line.middle[later][0]), part.label, round(float(line.x[later][0]))))
    found.sort()
    is_clear = len(found) > 1 and found[0][0] < found[1][0]
    return found[0][1:] if is_clear else None


def sentence(finish: Finish, words: Mapping[str, str] = PODIUM, metric: str = LOSS) -> str:
    """Put the facts about one racer into a sentence, in the language of `words`, keyed as PODIUM is."""
    values = {**_values(finish), "metric": METRICS[metric]}
    values["right"] = "" if finish.standing.test_accuracy is None else words["accuracy"].format(**values)
    values["kind"] = words["one_kind" if finish.standing.seeds == 1 else "median_kind"].format(**values)
    values["who"] = words["it" if finish.standing.seeds == 1 else "middle_seed"]
    return "; ".join(words[name].format(**values) for name in _parts(finish)) + "."


def _parts(finish: Finish) -> list[str]:
    part = finish.standing
    if part.status in (Status.DIVERGED, Status.FAILED):
        return _lost_parts(part)
    if part.test_loss is None:
        return ["unmeasured"]
    facts_ = {
        "over": finish.is_over,
        "so_far": not finish.is_over,
        "seeds": finish.low is not None and not part.seeds_diverged,
        "one_diverged": part.seeds_diverged == 1,
        "some_diverged": part.seeds_diverged > 1,
        "other_seeds": finish.low is not None and part.seeds_diverged > 0,
        "early": finish.early_step is not None,
        **_best_parts(finish),
        **_target_parts(finish),
    }
    return [name for name, holds in facts_.items() if holds]


def _lost_parts(part: Standing) -> list[str]:
    if part.status == Status.FAILED:
        return ["failed"]
    head = "diverged" if part.seeds == 1 else "all_diverged"
    return [head, "best_before"] if part.best_test_loss is not None and part.best_step else [head]


def _best_parts(finish: Finish) -> dict[str, bool]:
    part = finish.standing
    loss, best = part.test_loss, part.best_test_loss
    is_past = loss is not None and best is not None and not math.isclose(loss, best, rel_tol=1e-5)
    rose = finish.rose or 0.0
    return {"rose": 0 < rose < FAR, "rose_far": rose >= FAR, "best": is_past and not rose}


def _target_parts(finish: Finish) -> dict[str, bool]:
    if finish.target is None:
        return {}
    reached = finish.standing.reached
    is_bracket = reached is not None and reached.above < reached.below
    return {
        "reached_first": is_bracket and finish.is_first,
        "reached": is_bracket and not finish.is_first,
        "at_start": reached is not None and not is_bracket,
        "fastest": is_bracket and finish.is_fastest,
        "missed": reached is None and finish.is_over,
        "missed_so_far": reached is None and not finish.is_over,
    }


def _values(finish: Finish) -> dict[str, str]:
    part = finish.standing
    reached = part.reached or Reached(0, 0, 0.0, 0.0)
    return {
        "lane": part.label,
        "rank": str(part.rank),
        "count": str(finish.count),
        "updates": f"{part.updates:,}",
        "loss": facts.number(part.test_loss),
        "accuracy": percent(part.test_accuracy),
        "best": facts.number(part.best_test_loss),
        "best_step": f"{part.best_step or 0:,}",
        "percent": f"{100 * (finish.rose or 0):.0f}",
        "times": facts.number(1 + (finish.rose or 0)),
        "low": facts.number(finish.low),
        "high": facts.number(finish.high),
        "lost": str(part.seeds_diverged),
        "seeds": str(part.seeds),
        "left": str(part.seeds - part.seeds_diverged),
        "step": f"{part.diverged_at or 0:,}",
        "early_step": f"{finish.early_step or 0:,}",
        "target": facts.number(finish.target),
        "above": f"{reached.above:,}",
        "below": f"{reached.below:,}",
        "seconds": facts.number(reached.seconds_below),
    }
