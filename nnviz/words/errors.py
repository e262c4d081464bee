"""What is said of a value, a name or a link that cannot be used; `{...!r}` shows it as it was written."""

from collections.abc import Iterable

from nnviz.words.language import Message, message

NONE = "none"  # of the names that could be chosen

NUMBERS = {
    "whole_within": "{name} must be a whole number from {low} to {high}, not {value!r}",
    "whole_from": "{name} must be a whole number from {low:g} to {high:g}, not {value!r}",
    "number_from": "{name} must be a number from {low:g} to {high:g}, not {value!r}",
    "typed": "{name:within} must be a number from {low:g} to {high:,g}, such as 0.01 or 3e-4, not {value!r}",
    "from": "{name} must be from {low:g} to {high:g}, not {value!r}",
    "whole": "{name} must be a whole number, not {value!r}",
    "number": "{name} must be a number, not {value!r}",
    "plain": "{name} takes plain numbers such as 0.5, not {value!r}",
    "finite": "{value!r} is not a finite number",
    "knob": "a knob's value is a number or a short text, not {value!r}",
    "point": "start must be two numbers, x and y, not {value!r}",
    "points": "{name} takes points written as x,y, not {value!r}",
    "entries": "{name} takes {least} to {most} entries, not {count}",
    "every": "every must be a number of updates from 1 up, not {value!r}",
    "updates": "the number of updates must be 1 or more, not {value!r}",
    "search_updates": "updates must be a whole number from 1 to {most:,}, not {value!r}",
    "pace": "pace is seconds per update from 0 (as fast as it can) to {most:g}, not {value!r}",
    "lone": "batch_norm needs a batch_size of 2 or more, not {value!r}: one example alone has no spread to measure",
    "hidden": "hidden must be up to {layers} layers of 1 to {units} units such as 256,128, not {value!r}",
}

CHOICES = {
    "is_one_of": "{name} is one of {choices}, not {value!r}",
    "one_of": "{name} must be one of {choices}, not {value!r}",
    "per_decade": "values per decade must be one of {choices}, not {value!r}",
    "choice": "{name} must be a Choice, not {value!r}",
    "knob": "{name} has no knob {knob!r}; its knobs are: {choices}",
    "entry": "there is no {kind} {name!r}; choose one of {choices}",
    "device": "there is no device {name!r} here; choose one of {choices}",
    "twin": "there is no twin {name!r}; choose one of {choices}",
    "chart": "there is no chart {name!r}; choose one of {choices}",
    "clock": "there is no clock {name!r}; choose one of {choices}",
    "tier": "there is no tier {name!r} of instruments; choose one of {choices}",
    "lane": "there is no lane {name!r}; choose one of {choices}",
    "lane_alone": "there is no lane {name!r} alone; choose one of {choices}",
    "lane_from": "there is no lane {name!r}; choose one from 0 to {last}",
    "racer": "there is no racer {name}; choose one from 0 to {last}",
    "setting": "there is no setting {name!r} in this lesson; choose among {choices}",
    "download": "{name!r} is not a data set to download; choose one of {choices}",
    "live": "{target!r} cannot change live; choose one of {choices}",
    "weight": "there is no weight {target!r} to set; the last of each layer: {choices}",
    "playable": "the playground shows an mlp of up to {layers} hidden layers of up to {units} units on one of "
    "{choices}, not {model!r} on {dataset!r}",
    "data": "the model {model!r} cannot learn from {dataset!r}; choose one of {choices}",
    "loss": "the loss {loss!r} cannot train {model!r} on {dataset!r}; choose one of {choices}",
    "fault": "the fault {name!r} cannot be planted into {model!r} on {dataset!r} with {loss!r}; choose one "
    "of {choices}",
    "second": "the model {model!r} has no second optimizer; models that have one: {choices}",
}
# What a catalogue holds, within a sentence.
KINDS = (
    "dataset", "model", "activation", "initializer", "loss", "optimizer", "data set", "surface", "schedule",
    "clipping", "order", "decay", "averaging", "fault",
)  # fmt: skip

LINKS = {
    "file": "it holds no settings as “Take away” writes them",
    "unknown": "{name!r} is not part of a link; did you mean {close!r}?",
    "name": "{word!r} is not a name: use lower-case letters, digits and _",
    "choice": "{value!r} does not read as name:knob=value",
    "twice": "{value!r} sets a knob twice",
    "turn": "{value!r} does not read as step@racer:target:value, such as 120@0:optimizer.lr:0.01",
    "branch": "{value!r} does not read as racer@parent:step or racer@parent:step:optimizer, such as 1@0:120:adam",
    "model": "this page shows the model {shown!r}, not {model!r}",
}

LANES = {
    "race": "a race has 2 to {most} lanes, not {count}",
    "descent": "a descent has 1 to {most} lanes, not {count}",
    "labels": "{lanes} lanes need as many labels, not {count}",
    "taken": "there is a lane {name!r} already",
    "last": "the last lane of a run cannot leave it",
    "none": "a run needs at least one spec",
    "over": "the run is over: it takes no lane",
    "many": "a run has at most {most} lanes: let one go first",
    "racer": "there is a lane number {number} already",
    "before": "branch {number} cannot begin at update {step}: the lane that it comes from begins at {least}",
    "unstored": "the lane {name!r} keeps no moments to go on from",
}

RUNS = {
    "late": "a change before update {step} comes too late: {done} updates are done",
    "elsewhere": "{spec} does not begin like {like}: only optimizer, batch size and epochs may differ",
    "empty_replay": "a replay needs at least one snapshot",
    "replay": "a replay takes no {command!r}: it shows what a run has left",
    "grid": "a grid goes from a positive number to one at least as large, not from {low!r} to {high!r}",
    "empty_grid": "no round value lies from {low:g} to {high:g}; choose bounds further apart",
    "no_rates": "a search needs at least one learning rate",
    "other_search": "the search was over {searched}, the race is of {raced}",
}

LIBRARY = {
    "name": "{name!r} is no name of a saved run",
    "format": "this run was not saved in format {format}, the only one that this nnviz reads",
    "torn": "this saved run cannot be read ({reason})",
    "strange": "this saved run holds a {kind!r}, which this nnviz does not know ({reason})",
    "elsewhere": "run {name} is being trained elsewhere at present, by process {process} on {host}: pause it there "
    "first",
    "disk": "Runs are not saved at present: {place} does not take them ({reason}).",
}

DATA = {
    "refused": "the model '{model}' cannot learn from {dataset!r}: {reason}",
    "flat": "convolutions make pictures only; choose kind=dense",
    "windows": "{count:,} characters with a test share of {share:g} are too few for windows of {steps} steps: "
    "training and test parts need {least} or more",
    "length": "the passage has {count:,} characters, not {least} to {most:,}",
    "different": "the passage has {count} different characters, not 2 to {most}",
}

EXPORT = {"unshown": "{name} has no code of its own that a script could show"}


def listed(names: Iterable[object]) -> str | Message:
    """List what can be chosen, or say that there is nothing."""
    return ", ".join(map(str, names)) or message(NONE)
