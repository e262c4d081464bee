"""The rules: each looks at one lane and finds one thing that is wrong with it, or nothing."""

from collections.abc import Callable, Mapping

from nnviz.diagnosis.batches import far_off, lonely, unshuffled
from nnviz.diagnosis.contest import collapsed, starved
from nnviz.diagnosis.examples import alike, crowded, displaced, floored, raw, unrelated
from nnviz.diagnosis.explosion import exploding, unstable
from nnviz.diagnosis.finding import Finding
from nnviz.diagnosis.fitting import bare, overfit, small
from nnviz.diagnosis.movement import decay, decay_lost, fast, lost, slow, still
from nnviz.diagnosis.signals import dead, saturated, twins, vanishing
from nnviz.diagnosis.standstill import noisy, plateau
from nnviz.records.run import DataSummary, Lane

Rule = Callable[[Lane, DataSummary], Finding | None]

RULES: Mapping[str, Rule] = {
    "decay_lost": decay_lost, "exploding": exploding, "lost": lost, "still": still, "raw": raw, "displaced": displaced,
    "crowded": crowded, "unrelated": unrelated, "floored": floored, "dead": dead, "saturated": saturated,
    "twins": twins, "fast": fast, "unshuffled": unshuffled, "lonely": lonely, "decay": decay, "vanishing": vanishing,
    "far_off": far_off, "slow": slow, "bare": bare, "small": small, "alike": alike, "overfit": overfit,
    "noisy": noisy, "plateau": plateau, "unstable": unstable,
}  # fmt: skip
# Of two that train against each other.
CONTEST: Mapping[str, Rule] = {"lost": lost, "starved": starved, "collapsed": collapsed}
DIVERGED: Mapping[str, Rule] = {"decay_lost": decay_lost, "lost": lost}  # of every run that is over for that reason

# What each of them brings about, which need not be told besides.
_FLAT = frozenset({"slow", "bare", "small", "alike", "noisy", "unstable", "plateau"})  # a loss that does not fall
_BRINGS: Mapping[str, frozenset[str]] = {
    "decay_lost": frozenset(RULES),
    "exploding": frozenset({"lost", "dead", "fast", "far_off", "vanishing"}) | _FLAT,
    "lost": frozenset((*RULES, *CONTEST)) - {"raw", "exploding"},
    "still": frozenset({"dead", "vanishing", "decay", "unrelated", "twins"}) | _FLAT,
    "raw": frozenset(RULES) - {"decay_lost", "still"},
    "displaced": frozenset({"unrelated", "overfit", "crowded"}),
    "crowded": frozenset({"unrelated", "overfit", "alike", "far_off"}),
    "unrelated": frozenset({"overfit", "noisy", "plateau"}),
    "floored": frozenset({"noisy", "plateau"}),
    "dead": frozenset({"vanishing", "decay", "overfit", "fast", "far_off"}) | _FLAT,
    "saturated": frozenset({"vanishing", "exploding", "overfit", "far_off", "fast"}) | _FLAT,
    "twins": frozenset({"vanishing"}) | _FLAT,
    "fast": frozenset({"decay", "vanishing", "overfit", "far_off"}) | _FLAT,
    "unshuffled": frozenset({"overfit", "fast", "crowded"}) | _FLAT,
    "lonely": frozenset({"overfit", "noisy", "unstable", "plateau"}),
    "decay": frozenset({"vanishing", "overfit"}) | _FLAT,
    "vanishing": frozenset({"slow", "alike", "small", "plateau"}),
    "slow": frozenset({"alike", "bare", "small"}),
    "bare": frozenset({"alike", "plateau"}),
    "small": frozenset({"alike", "plateau"}),
    "alike": frozenset({"plateau", "unstable"}),
    "noisy": frozenset({"unstable", "alike", "slow"}),
    "plateau": frozenset({"unstable"}),
    "starved": frozenset({"collapsed"}),
}


def can_judge(scene: DataSummary | None) -> bool:
    """Tell whether enough rules look at such a run for it to be called well: not one of two that play a game."""
    return scene is not None and not scene.players and scene.metric_name == "loss"


def diagnosis(lane: Lane, scene: DataSummary | None) -> list[Finding]:
    """List what is wrong with a lane, the gravest first."""
    if scene is None:
        return []
    rules = CONTEST if scene.players else RULES if can_judge(scene) else DIVERGED
    found = [finding for rule in rules.values() if (finding := rule(lane, scene)) is not None]
    brought = {name for finding in found for name in _BRINGS.get(finding.name, ()) if name != finding.name}
    return [finding for finding in found if finding.name not in brought]


def divergence(lane: Lane, scene: DataSummary) -> Finding | None:
    """Return why a lane that stands beside others diverged, as long as it can go on from where it was sound."""
    found = next((each for rule in DIVERGED.values() if (each := rule(lane, scene)) is not None), None)
    return found if found is not None and found.cure is not None and found.cure.step is not None else None
