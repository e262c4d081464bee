"""What the rules look at: the newest numbers of a lane, what guessing costs, and since when a knob is as it is."""

from collections.abc import Mapping
from math import isfinite, log

import numpy as np

from nnviz.diagnosis.finding import Cure
from nnviz.records.moments import sound_moment
from nnviz.records.readings import Parameter
from nnviz.records.run import DataSummary, Evaluation, Lane, Record
from nnviz.specs.experiment import Choice
from nnviz.words.diagnosis import CURES
from nnviz.words.language import message

EARLY = 20  # updates before which nothing can be said
NO_BETTER = 0.95  # of the loss of guessing
_TENTH = 0.1
_LATELY, _ABOVE = 10, 1.3  # records; times what guessing costs
_DEEP = 4  # weight matrices
_BOUND = 1.0  # of the gradients' norm
_RISING = 200  # updates of a warm-up


def passed(record: Record) -> float | None:
    """Return the first weights' gradient beside the last ones'; None where there are too few, or none."""
    norms = [each.gradient for each in weights(record)]
    if len(norms) < _DEEP or not norms[0] or not norms[-1]:
        return None
    return norms[0] / norms[-1]


def newest(lane: Lane) -> Record | None:
    """Return the newest record with a parameter check."""
    return next((record for record in reversed(lane.records) if record.parameters), None)


def weights(record: Record | None) -> list[Parameter]:
    """List the weight matrices of a record in order."""
    return [each for each in (record.parameters if record else ()) if len(each.shape) > 1]


def ratio(lane: Lane) -> float:
    """Return the size of the last update beside its weights, in the layer where it is greatest; 0 where unknown."""
    return _ratio(newest(lane))


def lately(lane: Lane) -> float:
    """Return the greatest such size of the last records: where updates are wild, single ones may be small."""
    return max(map(_ratio, lane.records[-_LATELY:]), default=0.0)


def largest_step(lane: Lane, after: float) -> float:
    """Return the greatest such size of all records of the updates after one."""
    return max((_ratio(record) for record in lane.records if record.step >= after), default=0.0)


def _ratio(record: Record | None) -> float:
    return max((each.update_ratio for each in weights(record) if each.update_ratio), default=0.0)


def is_above_guessing(lane: Lane, scene: DataSummary, times: float = _ABOVE, count: int = 50) -> bool:
    """Tell whether the last batches cost so many times what guessing costs."""
    return bool(scene.chance) and 0 < times * scene.chance[0] < late(lane, count)


def guessed(lane: Lane, scene: DataSummary) -> float | None:
    """Return the cross-entropy of guessing; None of other losses."""
    is_told = lane.spec.loss.name in ("cross_entropy", "binary_cross_entropy") and len(scene.classes) > 1
    return log(len(scene.classes)) if is_told else None


def judged(lane: Lane) -> float | None:
    """Return the newest test loss."""
    return lane.measured[-1].test_loss if lane.measured and isfinite(lane.measured[-1].test_loss) else None


def both(lane: Lane) -> list[Evaluation | Record]:
    """List the moments of which the losses on training and on test examples are known."""
    return [part for part in lane.measured if is_known(part)]


def is_known(part: Evaluation | Record) -> bool:
    """Tell whether the losses on training and on test examples are known of a moment."""
    return part.train_loss is not None and isfinite(part.test_loss)


def late(lane: Lane, count: int = 50) -> float:
    """Return the mean loss of the last batches that are kept; nan where there are none."""
    return float(np.mean(lane.curve.losses[-count:])) if len(lane.curve.losses) else float("nan")


def turned(lane: Lane, target: str) -> int:
    """Return the update since which a knob is as it is."""
    return max((change.step for change in lane.journal if change.target == target), default=0)


def smaller_rate(lane: Lane, before: int) -> Cure:
    """Go on from before a moment with a rate that is found on a copy, or begin anew with a tenth of it.

    Where two players have a rate each, both go on with a tenth.
    """
    step, rates = sound_moment(lane, before), {name: _TENTH * lane.knobs[name] for name in lane.knobs if _is_rate(name)}
    if step is not None:
        text = "slower" if len(rates) < 2 else "slower_both"
        return Cure(message(CURES.english[text], step=step), rates, step, is_tried=True)
    players = {field.partition(".")[0]: rate for field, rate in rates.items()}
    settings: dict[str, Choice | None] = {
        player: lane.spec.optimizer_of(player).with_knobs(lr=rate) for player, rate in players.items()
    }
    return Cure(message(CURES.english["slower_fresh"]), settings=settings)


def _is_rate(target: str) -> bool:
    return target.endswith(".lr")


def clipped(lane: Lane) -> Cure | None:
    """Begin anew with a bound on the gradients' norm, where there is none yet."""
    if lane.spec.clipping.name != "none":
        return None
    return Cure(message(CURES.english["clip"], max=_BOUND), settings={"clipping": Choice.of("norm", max=_BOUND)})


def warmed(lane: Lane, scene: DataSummary) -> Cure | None:
    """Begin anew with a rate that rises to where it is and stays there, where no schedule moves it yet."""
    if lane.spec.schedule.name != "constant":
        return None
    epochs = 2 * _RISING * lane.spec.batch_size / max(1, scene.train_count)  # half of them rise
    warmup = Choice.of("warmup_cosine", epochs=float(f"{epochs:.3g}"), warmup=0.5, floor=1.0)
    return Cure(message(CURES.english["warm"], count=_RISING), settings={"schedule": warmup})


def mended(lane: Lane, *names: str) -> Cure | None:
    """Take a planted mistake out, if it is one of these."""
    fault = lane.spec.fault
    return Cure(message(CURES.english["mend"]), settings={"fault": None}) if fault and fault.name in names else None


def afresh(text: str, **settings: Choice) -> Cure:
    """Begin anew with other settings."""
    found: Mapping[str, Choice | None] = settings
    return Cure(message(CURES.english[text]), settings=found)
