"""The words of the page on which saved runs are found."""

from nnviz.words.language import Table

LIBRARY = Table(
    title="Runs",
    lead="Every run on Train, Race and the models' pages that has trained for a few seconds is kept as it goes. Mark a "
    "run to open it, to name it or to put it away; mark several to compare them.",
    none="No run of this browser is kept yet. Train something for a few seconds, then come back.",
    off="Runs are not kept on this server: it was started with NNVIZ_RUNS=off.",
    anyone="This browser keeps no cookies, so its runs cannot be told from others' and are not listed. A run comes "
    "back by its link.",
    quiet="Runs of this browser are not kept at present.",
    room="Runs of this browser: {count}. All runs on this server take {used:,.0f} of {most:,.0f} MB; when that is full "
    "the oldest ones go that are not pinned.",
    away="Runs put away: {count}.",
    unnamed="{what}, {updates} updates",
    refused="The disk did not take that ({reason}).",
    gone="That run is not kept any more.",
    too_many="At most {most} runs can be compared: the first {most} of those marked are shown.",
    alike="These runs have the same settings.",
    torn="One of these runs cannot be read: {reason}.",
    mixed="Accuracies and losses of different data are not comparable: read each by itself.",
)
COLUMNS = Table(
    colour=("Colour", "Of its curves wherever runs are compared. A run keeps it."),
    what=("Run", "Its data, network and optimizer."),
    name=("Name", "What you have called it; mark the row to change it."),
    picture=("Test loss", "From the first evaluation to the last."),
    page=("Page", "Where it was trained."),
    step=("Updates", "Done so far."),
    test_loss=("Last test loss", "Of several lanes, the best one's."),
    best_test_loss=("Best test loss", "The lowest of all evaluations."),
    test_accuracy=("Last accuracy", "On test examples, in per cent."),
    saved=("Saved", "When it was last written down."),
    pinned=("Pinned", "A pinned run is never let go to make room."),
    note=("Note", "What you have written about it."),
)
ACTIONS = Table(
    keep=(
        "Keep my runs",
        "Save every run of this browser as it goes, so that it can be found again.",
    ),
    open=("Open", "Go to this run: look at it, or go on from its last update."),
    name=("Name", "What the run is called in the list."),
    note=("Note", "Anything worth remembering about it."),
    pin=("Pin", "Never let this run go to make room for others."),
    away=("Put away", "Take the marked runs off the list."),
    baseline=("Baseline", "The run beside which the best test losses of the others are told."),
    stretch=("Stretch of updates", "Come closer: a shorter stretch of training losses is drawn from every update."),
    undo=("Undo", "Bring back what was put away last."),
)
TOLD = {
    "elsewhere": "This run is being trained elsewhere at present, by process {process} on {host}. Here it is as it was "
    "when it was last saved; what is trained on from here becomes a run of its own.",
    "parted": "This run was trained on elsewhere meanwhile: what is trained here is saved as a run of its own.",
    "branch": "{label}: from {parent} after update {since:,}",
    "branch_with": "{label}: from {parent} after update {since:,}, with {optimizer}",
    "branch_alone": "{label}: after update {since:,}, from one that was let go",
    "planned": "planned, number {racer}: from number {parent} after update {since:,}",
    "planned_with": "planned, number {racer}: from number {parent} after update {since:,}, with {optimizer}",
}
FILE = Table(
    title="Take away",
    lead="Written from the newest state that is saved, when you press. Of several networks it is an archive.",
    lane="Which network",
    lane_help="Of several networks the one that is taken away.",
    all="All, in an archive",
    branch="{label}, from update {step}",
    seeded="{label}, seed {seed}",
    open="Open settings from a file",
    drop="The JSON file that “Take away” writes as Settings: drop it here, and a run of your own begins with it.",
    refused="This file was not opened: {reason}.",
)
FILE_KINDS = Table(
    script=("Script", "Plain PyTorch that prints the same losses, to the last digit."),
    notebook=("Notebook", "The same code in cells, for Jupyter."),
    csv=("Curves", "Every kept loss and accuracy as CSV."),
    state=(
        "Weights",
        "The network's state_dict as safetensors: model.load_state_dict(safetensors.torch.load_file(file))",
    ),
    tensorboard=("TensorBoard", "Event files: unpack them, then tensorboard --logdir folder"),
    json=("Settings", "Settings, seed and live changes as JSON."),
)
COMPARE = Table(
    heading="Compared",
    differences="What differs",
    setting="Setting",
    row="Run",
    beside="Best test loss beside {name}",
    markdown="Copy as Markdown",
)
