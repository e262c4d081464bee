"""What is told of a saved run by the words that were written down with it: the catalogue would take PyTorch."""

from collections.abc import Mapping

from nnviz.library.saved import Saved
from nnviz.specs.branches import PlannedBranch, read_branches
from nnviz.specs.experiment import Choice
from nnviz.specs.race import LaneChange, numbered
from nnviz.specs.weight_name import weight_label, weight_place
from nnviz.words.language import Message, Text, message, say
from nnviz.words.library import TOLD
from nnviz.words.messages import CHANGE

Words = Mapping[str, Text]  # by "dataset:moons", "optimizer:adam", "optimizer.lr", or a player's field


def settings_told(page: str, query: Mapping[str, str], words: Words) -> str:
    """Name a link's data, network and optimizers in a few words; what has no word goes by its id."""
    lanes = _lanes(query) if page == "race" else [query.get("optimizer", "")]
    parts = [("dataset", query.get("dataset", "")), ("model", query.get("model", ""))]
    named = [*parts, *(("optimizer", lane) for lane in lanes)]
    return " · ".join(_choice_told(kind, text, words) for kind, text in named if text)


def _lanes(query: Mapping[str, str]) -> list[str]:
    return [text for text in query.get("lanes", "").split(";") if text]


def _choice_told(kind: str, text: str, words: Words) -> str:
    try:
        choice = Choice.parse(text)
    except ValueError:
        return text
    knob = choice.knobs.get("hidden") or choice.knobs.get("lr")
    name = _word(words, f"{kind}:{choice.name}", choice.name)
    return f"{name} {knob}" if knob else name


def _word(words: Words, name: str, usual: str) -> str:
    return say(words[name]) if name in words else usual


def turns_told(saved: Saved) -> list[tuple[int, str, Message]]:
    """Tell each live change: the update before which it came, whose it was ("" for all) and what.

    Raises ValueError where they cannot be read.
    """
    turns = [LaneChange.parse(text) for text in saved.query.get("journal", "").split(";") if text]
    choices = [Choice.parse(text).name for text in _lanes(saved.query)]
    racers = numbered([_word(saved.words, f"optimizer:{name}", name) for name in choices])
    branches = {lane["id"]: lane["label"] for lane in saved.lanes if lane.get("parent")}
    names = {**{str(place): name for place, name in enumerate(racers)}, **branches}
    return [(turn.change.step, _whose(turn.racer, names), _change_told(turn, saved.words)) for turn in turns]


def _whose(racer: int | None, names: Mapping[str, str]) -> str:
    return "" if racer is None else names.get(str(racer), str(racer))


def branches_told(saved: Saved) -> list[Message]:
    """Tell each branch that has begun, and those that are planned: from which lane, after which update, with what.

    Raises ValueError where they cannot be read.
    """
    lanes = {lane["id"]: lane for lane in saved.lanes}
    begun = [lane for lane in saved.lanes if lane.get("parent")]
    there = {lane.get("since") for lane in begun}
    ahead = [each for each in read_branches(saved.query) if str(each.step) not in there]
    return [*(_branch_told(lane, lanes, saved.words) for lane in begun), *(_plan_told(each, saved) for each in ahead)]


def _branch_told(lane: Mapping[str, str], lanes: Mapping[str, Mapping[str, str]], words: Words) -> Message:
    parent = lanes.get(lane["parent"])
    is_other = parent is not None and parent["optimizer"] != lane["optimizer"]
    what = "branch_with" if is_other else "branch" if parent is not None else "branch_alone"
    return message(
        TOLD[what], label=lane["label"], parent=parent["label"] if parent else "", since=int(lane.get("since", 0)),
        optimizer=_choice_told("optimizer", lane["optimizer"], words),
    )  # fmt: skip


def _plan_told(branch: PlannedBranch, saved: Saved) -> Message:
    what = "planned" if branch.optimizer is None else "planned_with"
    optimizer = _choice_told("optimizer", str(branch.optimizer), saved.words)
    return message(TOLD[what], racer=branch.racer, parent=branch.parent, since=branch.step, optimizer=optimizer)


def _change_told(turn: LaneChange, words: Words) -> Message:
    return message(CHANGE["to"], knob=_target_told(turn.change.target, words), after=turn.change.value)


def _target_told(target: str, words: Words) -> object:
    if weight_place(target) is not None:
        return weight_label(target)
    if target == "batch_size":
        return message(CHANGE["batch_size"])
    player = target.partition(".")[0]
    if target not in words or player not in words:
        return _word(words, target, target)
    return message(CHANGE["player"], player=message(words[player]), knob=message(words[target]))
