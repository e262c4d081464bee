"""What a fresh run has that the one before had not, in the words of the menus, for everything that can be chosen."""

from dataclasses import replace
from itertools import permutations

import pytest

from nnviz.catalog import MODELS, OPTIMIZERS, optimizers_of
from nnviz.catalog.entry import Knob
from nnviz.sessions.difference import differences, race_differences, told
from nnviz.specs.experiment import Change, Choice, ExperimentSpec, Value
from nnviz.specs.race import DEFAULT_LANES, LaneChange, RaceSpec
from tests.homes import EVERYTHING

PLAIN = ExperimentSpec()
HEADS = {
    "dataset": "data set",
    "model": "network",
    "activation": "activation",
    "initializer": "first weights",
    "loss": "loss",
    "optimizer": "optimizer",
    "schedule": "learning-rate schedule",
    "clipping": "gradient clipping",
    "decay": "what decays",
    "averaging": "averaged weights",
    "order": "order of the examples",
}
KNOBS = [
    (kind, name, knob)
    for kind, catalogue in EVERYTHING.items()
    for name, entry in catalogue.items()
    for knob in entry.knobs
]


def texts(before: ExperimentSpec, after: ExperimentSpec) -> list[str]:
    return [part.text for part in differences(before, after)]


@pytest.mark.parametrize("kind", EVERYTHING)
def test_an_exchanged_entry_is_told_by_its_label_and_by_nothing_else(kind: str) -> None:
    for one, other in permutations(EVERYTHING[kind], 2):
        before, after = (PLAIN.with_(**{kind: Choice(name)}) for name in (one, other))
        labels = [EVERYTHING[kind][name].label for name in (one, other)]
        assert texts(before, after)[0] == f"{HEADS[kind]} {labels[0]} → {labels[1]}"
        if optimizers_of(before).keys() == optimizers_of(after).keys():
            assert len(texts(before, after)) == 1


def turned(knob: Knob) -> Value:
    """Return a value that is not the knob's default."""
    if knob.choices:
        return next(value for value in knob.choices if value != knob.default)
    if knob.check is not None:
        return "O rose thou art sick. " * 20 if knob.lines else "7,5"
    return knob.high if knob.default != knob.high and knob.high is not None else knob.low or 0


@pytest.mark.parametrize(("kind", "name", "knob"), KNOBS, ids=lambda part: getattr(part, "name", part))
def test_a_turned_knob_is_told_by_its_label_and_both_values(kind: str, name: str, knob: Knob) -> None:
    before = PLAIN.with_(**{kind: Choice(name)})
    (found,) = differences(before, before.with_(**{kind: Choice(name, {knob.name: turned(knob)})}))
    assert found.field == f"{kind}.{knob.name}"
    label = knob.label if knob.label[:2].isupper() else knob.label[0].lower() + knob.label[1:]
    if knob.lines:
        assert found.text == f"another {label}"
    else:
        assert found.text.startswith(f"{label} ")
        assert found.text.count(" → ") == 1


def test_numbers_and_layers_are_told_as_their_controls_write_them() -> None:
    after = PLAIN.with_(batch_size=1024, epochs=0, seed=2, model=Choice.of("mlp", hidden=""))
    assert texts(PLAIN, after) == [
        "hidden layers 32 → none", "batch size 32 → 1,024", "epochs 30 → until stopped", "seed 1 → 2"
    ]  # fmt: skip
    assert texts(PLAIN, PLAIN.with_(optimizer=Choice.of("adam", lr=0.03))) == ["learning rate 0.003 → 0.03"]
    assert differences(PLAIN, PLAIN) == []
    assert told(differences(PLAIN, after)).endswith("epochs 30 → until stopped and 1 more")


def test_of_two_players_each_one_s_optimizer_is_told_by_its_name() -> None:
    usual = MODELS["gan"].usual
    other = usual.with_(second_optimizer=Choice("sgd"), optimizer=usual.optimizer.with_knobs(lr=0.01))
    assert texts(usual, other) == ["generator: learning rate 0.001 → 0.01", "discriminator's optimizer Adam → SGD"]
    # a second optimizer that only follows the first is no setting of its own
    follows = usual.with_(second_optimizer=None)
    assert differences(follows, follows.with_(second_optimizer=follows.optimizer)) == []


RACE = RaceSpec(PLAIN, DEFAULT_LANES[:3])  # SGD, Momentum, NAG
ADAMS = replace(RACE, lanes=(Choice("adam"), Choice("sgd"), Choice.of("adam", lr=0.01)))
RACES = {
    "added": (RACE, replace(RACE, lanes=(*RACE.lanes, Choice("adam"))), ["Adam added"]),
    "removed": (RACE, replace(RACE, lanes=RACE.lanes[1:]), ["SGD removed"]),
    "one of two alike removed": (ADAMS, replace(ADAMS, lanes=ADAMS.lanes[1:]), ["Adam 1 removed"]),
    "exchanged": (RACE, replace(RACE, lanes=(Choice("adamw"), *RACE.lanes[1:])), ["lane SGD → AdamW"]),
    "a rate": (
        RACE,
        replace(RACE, lanes=(Choice.of("sgd", lr=0.3), *RACE.lanes[1:])),
        ["SGD: learning rate 0.1 → 0.3"],
    ),
    "all rates": (
        RACE,
        replace(RACE, lanes=tuple(lane.with_knobs(lr=0.01) for lane in RACE.lanes)),
        ["learning rates of 3 lanes"],
    ),
    "seeds": (RACE, replace(RACE, seeds=3), ["seeds 1 → 3"]),
    "the experiment": (RACE, RACE.with_base(batch_size=64, seed=2), ["batch size 32 → 64", "seed 1 → 2"]),
    "what no lane uses": (RACE, RACE.with_base(optimizer=Choice("radam")), []),
    "its journal": (RACE, replace(RACE, journal=(LaneChange(0, Change(3, "optimizer.lr", 0.3)),)), []),
}


@pytest.mark.parametrize(("before", "after", "expected"), RACES.values(), ids=list(RACES))
def test_races_are_compared_lane_by_lane(before: RaceSpec, after: RaceSpec, expected: list[str]) -> None:
    assert [part.text for part in race_differences(before, after)] == expected


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_can_come_and_go_in_a_race(name: str) -> None:
    more = replace(RACE, lanes=(*RACE.lanes, Choice(name)))
    came, left = (race_differences(*pair) for pair in ((RACE, more), (more, RACE)))
    label = OPTIMIZERS[name].label
    assert came[-1].text.startswith(label)
    assert came[-1].text.endswith("added")
    assert left[-1].text.endswith("removed")
