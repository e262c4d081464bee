"""What differs between two plans of a run, in a reader's words."""

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from nnviz.catalog import CATALOGUES, MODELS, NUMBERS, OPTIMIZERS, SWITCHES, Entry, label_of, optimizers_of
from nnviz.catalog.entry import Knob
from nnviz.catalog.faults import FAULTS
from nnviz.catalog.optimizers import labels
from nnviz.specs.experiment import Choice, ExperimentSpec, Value
from nnviz.specs.race import RaceSpec
from nnviz.words import texts
from nnviz.words.choices import choice_text
from nnviz.words.fresh import FRESH
from nnviz.words.language import say, within
from nnviz.words.messages import player
from nnviz.words.numbers import number

_KINDS = ("dataset", "model", "activation", "initializer", "loss")
_NAMED = 3  # differences that are told one by one
_FEW = 2  # lanes whose turned learning rates are told one by one


class Difference(NamedTuple):
    """One setting that differs: where, such as "optimizer.lr", and the words for it."""

    field: str
    text: str


def differences(before: ExperimentSpec, after: ExperimentSpec) -> list[Difference]:
    """List what differs between two specs in the order of the settings; of an exchanged entry not its knobs, too."""
    found = [part for kind in _KINDS for part in _of_kind(kind, getattr(before, kind), getattr(after, kind))]
    known = optimizers_of(before)
    for field, choice in optimizers_of(after).items():
        if field in known:
            found += _of_optimizer(after, field, known[field], choice)
    found += _of_kind("schedule", before.schedule, after.schedule) + _of_fault(before, after)
    found += _of_numbers(before, after)
    return found + [part for kind in SWITCHES for part in _of_kind(kind, getattr(before, kind), getattr(after, kind))]


def _of_fault(before: ExperimentSpec, after: ExperimentSpec) -> list[Difference]:
    names = [say(FAULTS[spec.fault.name].label) if spec.fault else FRESH["none"] for spec in (before, after)]
    return from_to("fault", texts.SETTINGS["fault"][0], *names)


def race_differences(before: RaceSpec, after: RaceSpec) -> list[Difference]:
    """List what differs between two races: the experiment, then the lanes, then the number of seeds."""
    common = before.base.with_(optimizer=after.base.optimizer)
    found = differences(common, after.base) + _of_lanes(before.lanes, after.lanes)
    return found + from_to("seeds", texts.RATES["seeds"][0], str(before.seeds), str(after.seeds))


def told(found: Sequence[Difference]) -> str:
    """Write a list of differences as part of a sentence: the first three, and how many more there are."""
    named = ", ".join(part.text for part in found[:_NAMED])
    more = len(found) - _NAMED
    return named + FRESH["more"].format(count=more) if more > 0 else named


def _of_kind(kind: str, before: Choice, after: Choice) -> list[Difference]:
    catalogue: Mapping[str, Entry[Any]] = {**CATALOGUES, **SWITCHES}[kind]
    if before.name != after.name:
        names = [say(catalogue[choice.name].label) for choice in (before, after)]
        return from_to(kind, texts.SETTINGS[kind][0], *names)
    return _of_knobs(kind, catalogue[after.name], before, after)


def _of_knobs(start: str, entry: Entry[Any], before: Choice, after: Choice) -> list[Difference]:
    return _turned(start, entry, before, after, lambda knob: say(knob.label))


def _turned(
    start: str, entry: Entry[Any], before: Choice, after: Choice, name: Callable[[Knob], str]
) -> list[Difference]:
    """Compare the knobs of one entry; of a longer text only that it is another one."""
    old, new = entry.values(before), entry.values(after)
    found: list[Difference] = []
    for knob in entry.knobs:
        field, label = f"{start}.{knob.name}", name(knob)
        if knob.lines and old[knob.name] != new[knob.name]:
            found.append(Difference(field, FRESH["other"].format(label=within(label))))
        else:
            found += from_to(field, label, _spelt(old[knob.name]), _spelt(new[knob.name]))
    return found


def _of_optimizer(spec: ExperimentSpec, field: str, before: Choice, after: Choice) -> list[Difference]:
    """Compare the optimizers of one player, named by the player where there are two."""
    players = MODELS[spec.model.name].task.players
    entry = OPTIMIZERS[after.name]
    if before.name == after.name:
        return _turned(field, entry, before, after, lambda knob: str(label_of(spec, f"{field}.{knob.name}")))
    label = texts.SETTINGS["players"][0].format(player=player(players[field]) if players[field] else "")
    names = [say(OPTIMIZERS[choice.name].label) for choice in (before, after)]
    return from_to(field, texts.SETTINGS["optimizer"][0] if len(players) == 1 else label, *names)


def _of_numbers(before: ExperimentSpec, after: ExperimentSpec) -> list[Difference]:
    """Compare batch size, epochs, seed and device."""
    heads = {
        "batch_size": texts.SETTINGS["batch_size"][0],
        **{name: texts.SETTINGS[name][0] for name in ("epochs", "seed", "device")},
    }
    ends: dict[str, tuple[str, str]] = {
        name: (_spelt(getattr(before, name)), _spelt(getattr(after, name))) for name in heads
    }
    ends["epochs"] = (_epochs(before.epochs), _epochs(after.epochs))
    for name, knob in NUMBERS.items():
        heads[name], ends[name] = say(knob.label), (_spelt(getattr(before, name)), _spelt(getattr(after, name)))
    return [part for name, head in heads.items() for part in from_to(name, head, *ends[name])]


def _epochs(count: int) -> str:
    return number(count) if count else say(texts.UNTIL_STOPPED)


def _of_lanes(before: Sequence[Choice], after: Sequence[Choice]) -> list[Difference]:
    """Compare the lanes of two races: who came, who left, who took whose place, and whose knobs were turned."""
    names = labels(before), labels(after)
    is_exchange = len(before) == len(after)
    old_ids, new_ids = ([lane.name if is_exchange else str(lane) for lane in lanes] for lanes in (before, after))
    found: list[Difference] = []
    for _, start, end, begin, stop in SequenceMatcher(None, old_ids, new_ids, autojunk=False).get_opcodes():
        pairs = list(zip(range(start, end), range(begin, stop), strict=False))
        for old, new in pairs:
            found += _of_pair(names[0][old], names[1][new], before[old], after[new])
        found += [_lane("removed", names[0][old]) for old in range(start + len(pairs), end)]
        found += [_lane("added", names[1][new]) for new in range(begin + len(pairs), stop)]
    rates = [part for part in found if part.field == "lanes.lr"]
    if len(rates) <= _FEW:
        return found
    return [
        *(part for part in found if part not in rates),
        Difference("lanes.lr", FRESH["rates"].format(count=len(rates))),
    ]


def _of_pair(old: str, new: str, before: Choice, after: Choice) -> list[Difference]:
    """Compare two lanes at one place."""
    if before.name != after.name:
        return [Difference("lanes", FRESH["from_to"].format(label=FRESH["lane"], before=old, after=new))]
    knobs = _of_knobs("lanes", OPTIMIZERS[after.name], before, after)
    return [Difference(part.field, say(texts.LANE_KNOB, lane=new, knob=part.text)) for part in knobs]


def _lane(key: str, label: str) -> Difference:
    return Difference("lanes", FRESH[key].format(lane=label))


def from_to(field: str, label: str, before: str, after: str) -> list[Difference]:
    """Write "label before → after", or nothing where both are the same."""
    if before == after:
        return []
    return [Difference(field, FRESH["from_to"].format(label=within(label), before=before, after=after))]


def _spelt(value: Value) -> str:
    """Write a value as its control does: 10,000 and 0.003, words without underscores, layers with room between."""
    if isinstance(value, str):
        return choice_text(value.replace(",", ", ")) if value else FRESH["none"]
    return number(value)
