"""The learning-rate schedule of a script: lines before the loop, before each update and after it."""

from collections.abc import Iterable

from nnviz.catalog.schedules import Schedule, is_constant
from nnviz.export.lines import comment
from nnviz.export.subject import Subject
from nnviz.training.players import BASE
from nnviz.training.scheduled import schedule_from
from nnviz.words.script import COMMENTS

_LOSSES = {"": "loss", "generator": "g_loss", "discriminator": "d_loss"}  # by the module that a player moves
_LOOP = "for group in {groups}:"


def knob(subject: Subject, name: str) -> str:
    """Name what a turn of a knob sets: of a rate that follows a schedule its base."""
    return BASE if name == "lr" and not is_constant(subject.spec) else name


def setting(subject: Subject) -> list[str]:
    """Write what stands before the loop."""
    if is_constant(subject.spec):
        return []
    schedule = _schedule(subject)
    name = subject.borrowed.define(schedule.rule)
    made = [f"{heard} = {name}({_given(schedule)})" for heard in _heard(subject)] if schedule.hears else []
    return [*comment(COMMENTS["schedule"]), *based(subject, subject.players.values()), *made]


def based(subject: Subject, optimizers: Iterable[str]) -> list[str]:
    """Write that the rates of optimizers are what factors are multiplied with, where there are any."""
    return [] if is_constant(subject.spec) else _each(optimizers, BASE, 'group["lr"]')


def before(subject: Subject) -> list[str]:
    """Write how the rates of an update are set."""
    if is_constant(subject.spec):
        return []
    schedule, names = _schedule(subject), subject.players.values()
    if not schedule.hears:
        factor = f"factor = {schedule.rule.__name__}(step, {_given(schedule)})"
        return [factor, *_each(names, "lr", f'group["{BASE}"] * factor')]
    pairs = zip(names, _heard(subject), strict=True)
    return [line for name, heard in pairs for line in _each([name], "lr", f'group["{BASE}"] * {heard}.factor')]


def after(subject: Subject) -> list[str]:
    """Write how a schedule that listens hears the loss of an update."""
    if is_constant(subject.spec) or not _schedule(subject).hears:
        return []
    players = subject.family.task.players.values()
    return [f"{heard}.hear({_LOSSES[child]}.item())" for heard, child in zip(_heard(subject), players, strict=True)]


def _each(optimizers: Iterable[str], name: str, value: str) -> list[str]:
    """Write a number into what optimizers work with."""
    groups = " + ".join(f"{each}.param_groups" for each in optimizers)
    return [_LOOP.format(groups=groups), f'    group["{name}"] = {value}']


def _heard(subject: Subject) -> list[str]:
    """Name the objects that listen, one for each player."""
    return [name.replace("optimizer", "schedule") for name in subject.players.values()]


def _given(schedule: Schedule) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in schedule.given.items())


def _schedule(subject: Subject) -> Schedule:
    each = subject.spec.accumulate * subject.family.task.batches(subject.knobs)
    return schedule_from(subject.spec, subject.journal, subject.examples, each)
