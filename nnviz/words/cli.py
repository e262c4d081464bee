"""The words of the command line."""

from nnviz.words.language import Table

PROGRAM = "python -m nnviz"

COMMANDS = Table(
    nnviz="Train without a page, and find, look at and take away the runs that were saved.",
    train="train the run of a link",
    resume="go on with a saved run",
    runs="list the saved runs",
    show="tell of one saved run",
    export="take a saved run away",
)
ABOUT = Table(
    train="Train the run of a link to its end, to the very losses that its page would show, live changes included. It "
    "is saved as it goes, among the runs of the app. Ctrl-C pauses it, saves it and says how to go on.",
    resume="Go on with a saved run from its last state, to the very losses that it would have come to without a stop.",
    runs="List all runs of a folder, the newest first, whoever has trained them.",
    show="Tell what a saved run trains, what was changed on the way, how far it has come, and its link.",
    export="Write a saved run, as it stood when it was last saved, for others to read.",
)
ARGUMENTS = Table(
    link="the address of Train, Race, the playground or a model's page, or only what stands behind its question mark, "
    "or the name of such a page; put it in quotes",
    run="a run's id or the beginning of it, or the name that was written on it",
    what="as what; see below",
    epochs="train so many epochs, whatever the link says",
    resume_epochs="train until so many epochs are done, whatever its link says",
    updates="pause when so many updates are done in all",
    jsonl="write to the standard output one JSON object a line: each evaluation, and at last how each network ended",
    every="with --jsonl: write the loss of every N-th update, too",
    json="write JSON",
    quiet="show no progress",
    runs="the folder of the runs, instead of NNVIZ_RUNS or the usual one",
    no_save="save nothing",
    lane="of several networks this one alone: its name, or its number from 0",
    out="the file or folder to write to; - is the standard output. Without it, one in this folder that is named after "
    "the run",
    help="show this text and go",
    version="show the version and go",
)
METAVARS = Table(link="LINK", run="RUN", what="WHAT", number="N", folder="DIR", out="PLACE", command="COMMAND",
    lane="NAME",
)  # fmt: skip
TITLES = Table(arguments="arguments", options="options", commands="commands")
EXAMPLES = Table(
    heading="examples:",
    statuses="exit status",
    more="{program} COMMAND --help tells more of a command",
)
STATUSES = Table(
    _0="done, or paused where --updates says",
    _1="training failed, or could not be saved",
    _2="what was asked for cannot be done",
    _3="the loss stopped being a finite number",
    _130="paused by Ctrl-C",
    _143="paused by SIGTERM",
)
# What a run can be taken away as, for the help.
EXPORTS = Table(
    script="a script of plain PyTorch that prints the same losses; of several networks a folder",
    notebook="the same as a notebook",
    csv="every kept loss and accuracy as a table",
    tensorboard="a folder for TensorBoard: losses, accuracies, histograms, settings",
    state="the weights under torch's own names, as safetensors; of several networks a folder",
    json="the settings and the live changes",
)

# What cannot be done.
REFUSED = {
    "link": "a link is needed, such as {example}, not {value!r}",
    "page": "no page {name!r} trains anything; choose one of {choices}",
    "only_run": "this link holds no settings, only the run {run!r}: go on with that by {command}",
    "endless": "this run has no end of its own: say how far by --epochs or --updates",
    "whole": "{name} must be a whole number from {low} to {high}, not {value!r}",
    "no_run": "there is no run {name!r} in {place}; {choices}",
    "there_are": "there are {choices}",
    "newest": "the newest are {choices}",
    "nothing": "no run is saved there",
    "several": "several runs may be meant by {name!r}: {choices}",
    "off": "no runs are saved here, for NNVIZ_RUNS is off: name their folder by --runs",
    "reached": "this run has done {done} updates already: --updates must be more, not {value}",
    "reached_epochs": "this run has done {done} epochs already: --epochs must be more, not {value}",
    "export": "there is no export {name!r}; choose one of {choices}",
    "there": "{place} is there already and is not empty: name another place by --out",
    "pipe": "a folder cannot be written to the standard output: name a place by --out",
    "disk": "{place} cannot be read or written ({reason})",
    "no_lines": "--every says how often losses are written: it needs --jsonl",
    "folder": "runs cannot be saved in {place}: name another folder by --out, or say --no-save",
    "read_only": "run {name} cannot be gone on with: its folder {place} cannot be written to",
    "argument": "{reason}; {program} --help tells more",
}

# What is told of a training.
TOLD = Table(
    begins="Run {run}: {what}.",
    unsaved="Run, not saved: {what}.",
    goes_on="Run {run}: {what}, from update {step:,}.",
    there="Run {run} is at update {step:,} already.",
    over="Run {run} is over: nothing is left to train.",
    other="It was trained with torch {torch} on {processor} before: what follows here may round otherwise.",
    done="Done: {standing}.",
    reached="Paused where it was asked for: {standing}.",
    paused="Paused: {standing}.",
    diverged="{reason} {standing}.",
    failed="{reason}",
    saved="Saved as {run} in {place}.",
    lost="Nothing was saved.",
    unsettled="The last state could not be saved in time.",
    go_on="Go on with: {command}",
    written="Written: {file}",
    load="Load it with: {line}",
    board="Look at it with: {line}",
    none="No run is saved in {place}.",
)
STANDING = Table(
    update="update {step:,}",
    epoch="epoch {epoch:.4g}",
    epoch_of="epoch {epoch:.4g} of {epochs:,}",
    loss="loss {loss:.4g}",
    test="test {metric} {loss:.4g}",
    accuracy="accuracy {percent:.1f} %",
    leads="{lane} leads",
    seeded="{lane}, seed {seed}",
    rate="{rate:,.0f} a second",
    starting="making data and network",
)
LISTED = Table(
    id="id", name="name", page="page", what="what it trains", saved="saved", step="updates", test_loss="test loss",
    test_accuracy="accuracy", status="status",
)  # fmt: skip
SHOWN = Table(
    run="run",
    name="name",
    note="note",
    page="page",
    what="trains",
    status="status",
    step="updates",
    seconds="seconds of training",
    created="begun",
    saved="saved",
    figures="figures",
    settings="settings",
    branches="branches",
    journal="changes",
    change="before update {step:,}: {change}",
    change_of="before update {step:,}, {lane}: {change}",
    machine="machine",
    folder="folder",
    link="link",
)
FIGURES = Table(
    test_loss="test loss {value:.6g}",
    test_accuracy="test accuracy {value:.4g}",
    train_loss="training loss {value:.6g}",
    best_test_loss="best test loss {value:.6g}",
    best_test_accuracy="its test accuracy {value:.4g}",
    best_train_loss="its training loss {value:.6g}",
    best_step="at update {value:,.0f}",
)
