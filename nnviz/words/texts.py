"""The words that a reader sees on the pages, together so that a second language is one more table."""

from collections.abc import Mapping

from nnviz.words.language import Table

NAME = "nnviz"

HOME = Table(
    title="Watch a real network learn",
    lead="Press Play: a real PyTorch network learns to tell the colours apart. Turn anything while it does.",
    ways="Where to go from here",
    seed="Nothing is staged: each update is `torch.optim`'s own, and the same link and seed give the same run.",
)

MENU = Table(
    home="Home",
    train="Train",
    race="Race",
    surfaces="Surfaces",
    foundations="Foundations",
    architectures="Architectures",
    faults="Faults",
    runs="Runs",
)

LOADING = Table(
    wait="PyTorch is loading: only the first moments after a start take this long. ({seconds} s)",
    failed="nnviz cannot start, because something that it needs cannot be loaded. {reason}  \nMend that on the "
    "machine it runs on and start it again; the terminal tells more.",
)

TRAIN = Table(
    title="Train",
    own_copy="Make my own copy",
    watching="You are watching somebody else's run. Its controls are theirs; make a copy to turn the knobs.",
    anyones="Whoever has this page's link can steer this run: without the server's cookie, which this browser or "
    "this server does not use, nobody can be told from others.",
    gone="The run in this link has ended, so here is a fresh one with the same settings.",
    bad_link="This link cannot be used: {reason:clause}. Here are the usual settings instead.",
    refused="That does not work: {reason:clause}. The run stays as it was.",
)

RACE = Table(
    title="Race",
    fair="Fair start: all {lanes} lanes begin with the same weights `{start}` and see the same batches in the same "
    "order `{order}` (seed {seed}).",
    fair_more=" Seeds {seeds} each have a start and an order of their own, again the same for all lanes.",
    unfair="The lanes of seed {seed} do not agree on their first weights or on the order of their batches.",
    running="Racing.",
    lost="{lost} A lower learning rate and Reset bring it back.",
)

LANES = Table(
    optimizer=("Optimizer", "Another rule in this lane. The race starts again."),
    remove=("Remove this lane", "The race starts again without it; at least two lanes are needed."),
    add=("Add a lane", "Up to eight; the same optimizer may come twice, with other knobs."),
)
LANE_KNOB = "{lane}: {knob}"
LANES_CAPTION = (
    "Each slider is that lane's learning rate; its name opens the other knobs, and a field to type the rate."
)

RATES = Table(
    mode=(
        "Learning rates",
        "One optimizer's good learning rate is another's bad one. Compare each at its usual value, all at the same "
        "value, or each at the best value that a search of short runs finds for it.",
    ),
    same=("Learning rate of all", "The race starts again with this value in every lane."),
    settings=("Search", "How the best learning rates are searched."),
    low=("Grid from", "The smallest learning rate to try."),
    high=("Grid to", "The largest learning rate to try."),
    density=("Values in each power of ten", "1: 1, 10. 2: 1, 3, 10. 3: 1, 2, 5, 10."),
    updates=("Updates of each try", "Longer tries are closer to the race itself and take longer."),
    again=("Search", "Pauses the race, tries the grid, and gives every lane its best learning rate."),
    seeds=(
        "Seeds",
        "How often the race is run, each time from other first weights and another order of the data. With more than "
        "one, lines are medians and bands go from the least to the largest: luck shows as width.",
    ),
)
SEARCH = Table(
    how="Each lane trains from the same start with every learning rate of a grid for a number of updates; the rate "
    "with the lowest loss on training examples wins. The test examples have no say. A schedule runs, too.",
    tries="{count} tries: {rates}.",
    progress="Searching learning rates: {percent} %",
    cancel="Cancel",
)
RATE_MODES = Table(usual="Each its usual", same="The same for all", best="The best for each")

EXPORT = Table(
    title=("Take away", "This run as PyTorch code, as a table, and as a link."),
    lane=("Whose code", "Each lane is a run of its own."),
    script=("Script", "A file of plain PyTorch: python nnviz-run.py"),
    notebook=("Notebook", "The same code in cells, for Jupyter."),
    json=("Settings", "The settings and live changes as JSON, as they stand in a link."),
    csv=("Curves", "Every kept loss and accuracy as CSV, of every lane and seed."),
)
EXPORT_LANE = "{label}, seed {seed}"
EXPORT_HEADING = "Take this run away"
EXPORT_CODE = (
    "Plain PyTorch, without nnviz: on this machine it prints the losses of this run to the last digit, live changes "
    "included. What you save holds the run as far as it has come when you press."
)
EXPORT_MISSING = "The code can be written once the data is here."
EXPORT_PNG = "A chart becomes a PNG or an SVG with the small arrow in its corner."
EXPORT_LONG = (
    "This run is too long for a link. Save its Settings, and open that file on the page Runs: the same run begins "
    "anew, live changes included."
)
EXPORT_UNTOLD = (
    "It leaves out a branch whose parent has been let go; choose that lane above, and its Settings hold it to the bit."
)
EXPORT_LINK = (
    "This link runs the same again, live changes included, to the same last digit, and shows it in the same view:"
)

BAR: Mapping[str, tuple[str, str | None]] = Table(
    # No help on these: where the pointer rests after a click, it would lie over the menu.
    play=("Play", None),
    pause=("Pause", None),
    again=("Play again", None),
    step=("Step", "Do exactly one update: one batch, one step of the optimizer (key S)."),
    epoch=("Epoch", "Train to the end of this pass over the data, then pause (key E)."),
    reset=("Reset", "Start again from the same first weights with the settings on screen (key B)."),
    seed=("New seed", "Start again with other first weights, other noise and another order (key N)."),
    speed=("Speed", "Updates per second, of each network. Small networks learn in a blink, so slow down to watch."),
)
FULL_SPEED = "full speed"

SECTIONS = Table(data="1 · Data", network="2 · Network", training="3 · Training")

SETTINGS = Table(
    dataset=("Data set", "What the network learns from. Changing it starts a fresh run."),
    model=("Network", "The family of networks."),
    layers=("Hidden layers", "How many layers lie between input and output; 0 leaves a linear model."),
    units=("Layer {number}", "Units of hidden layer {number}, from 1 to 1024."),
    activation=(
        "Activation",
        "The bend after each hidden layer. Without one, all layers together are one affine map.",
    ),
    initializer=("First weights", "How the weights are drawn before the first update."),
    loss=("Loss", "What training makes small. Only losses that fit the data are offered."),
    optimizer=("Optimizer", "The rule that turns gradients into steps. Its knobs are above the charts."),
    fault=(
        "Planted mistake",
        "Plant a mistake that people make, and see what it does to a run. Changing it starts a fresh run.",
    ),
    players=("{player}'s optimizer", "The rule that moves the {player}'s weights. Its knobs are above the charts."),
    schedule=(
        "Learning-rate schedule",
        "What becomes of the learning rate in the course of a run. The slider is the base: each update is done at the "
        "slider's rate times the schedule's factor. Turning the slider moves the base; the factor goes on.",
    ),
    batch_size=(
        "Batch size",
        "Examples averaged for one update. Small batches are noisy, large ones slow per epoch.",
    ),
    epochs=("Epochs", "Passes over the training data before the run ends."),
    seed=("Seed", "Fixes first weights, noise and order of the data: the same seed gives the same run."),
    accumulate=(
        "Batches per update",
        "Gradient accumulation: the gradients of so many batches are added up, each by its share of the examples, "
        "before the optimizer steps once. Apart from rounding that is one large batch, in the memory of a small one; "
        "batch normalisation still measures each batch by itself.",
    ),
    averaging=("Averaged weights", "Whether the network is evaluated with an average of its weights over the updates."),
    decay=("What decays", "Which parameters the optimizer's weight decay pulls towards zero."),
    order=("Order of the examples", "Which training examples come into a batch together."),
    clipping=("Gradient clipping", "A bound on the gradients before the optimizer steps."),
    device=("Device", "Where the arithmetic happens: the processor, or a graphics card where there is one."),
)
NO_FAULT = "none"
MORE_SETTINGS = "More settings"
UNTIL_STOPPED = "until stopped"
MORE_KNOBS = "More knobs"
TYPED = "{label}, typed"

LIVE = Table(
    help="{help} Changes take effect at the next update; the optimizer keeps its memory.",
    next="This run is over. The next start has: {changes}.",
)
WHOLE_BATCH = "{size} (all {count})"

VIEW_HEADING = "View"
VIEW = Table(
    tier=(
        "Instruments",
        "How much is measured while this run trains. Economy: what costs next to nothing. Business: also the angles of "
        "gradients, step quality, saturated and twin units and eight answers. Full: also gradient noise and singular "
        "values. The numbers above the charts then say what that costs. What is measured never changes what is learnt. "
        "After the end it holds for the next run.",
    ),
    clock=("Horizontal axis", "Count progress in updates, in epochs or in seconds of training."),
    log_loss=(
        "Logarithmic loss",
        "Shows equal ratios as equal distances, so late progress stays visible. Losses of 0 or below keep it linear.",
    ),
    earlier=("Earlier run", "Draw the run before, grey, as far as the axes of the present one reach."),
    pin=(
        "Keep this earlier run",
        "Compare further fresh runs with this one, too, instead of with the one just before.",
    ),
    smoothing=("Smoothing", "Share of the past in the running mean of the loss; 0 shows every batch as it is."),
    layer=("Layer", "Which layer the histograms show."),
    ridges=("Histograms as ridges", "Draw one outline per moment instead of a heat map."),
    discrete=("Field as regions", "Colour each place by the winning class only, without shades."),
    show_test=("Show test points", "Draw the points that training never sees."),
    target=("Target test {metric}", "The leaderboard counts the updates to get there. You can also drag the line."),
)

TIERS = Table(economy="Economy", business="Business", full="Full")
CLOCKS = Table(updates="updates", epochs="epochs", examples="examples", seconds="seconds")

STATUS = Table(
    ready="Ready. Press Play to train.",
    waiting="Waiting for a free place among the running networks.",
    starting="Making the data and the network …",
    running="Training.",
    paused="Paused.",
    asleep="Asleep, because nobody was looking. It wakes now.",
    done="Finished: all epochs are trained. Play again starts from the same first weights.",
    diverged="Diverged at update {step}: the loss has left the finite numbers. Lower the learning rate, then press "
    "Play again (or Reset): both start from the same first weights.",
    all_diverged="Diverged: no lane has a finite loss any more. Lower the learning rates, then press Play again.",
    failed="Training ended with an error.",
    stopped="Stopped.",
    missing="The data is not on this machine yet.",
)
STATUS_WATCHED = Table(
    ready="Ready. Its owner has not started it yet.",
    done="Finished: all epochs are trained.",
    diverged="Diverged at update {step}: the loss has left the finite numbers.",
    all_diverged="Diverged: no lane has a finite loss any more.",
)

COUNTERS = Table(
    epoch=("Epoch", "Passes over the training data so far."),
    step=("Update", "Steps of the optimizer so far; each looks at one batch."),
    rate=("Rate in use", "The learning rate of the next update: the slider's, times the schedule's factor."),
    train_loss=(
        "Train {metric}",
        "Mean {metric} on training examples (up to 2,000 of them) at the last measurement, with all units at work. The "
        'curve "train batches" is another number: each update\'s own batch while it is learnt from, with units left '
        "out where there is dropout.",
    ),
    test_loss=("Test {metric}", "Mean {metric} on examples that training never sees."),
    test_accuracy=("Test accuracy", "Share of test examples whose most probable class is right."),
    speed=("Updates/s", "Updates of each network in the last second or so."),
    measuring=(
        "Measuring",
        "What the instruments cost: the time of the last measuring, and all of it as a share of training time since "
        "they were chosen. It is done beside training, in a paced run while that waits, and changes no number of it.",
    ),
    leader=("In front", "The lane with the lowest test {metric} at the last measurement."),
    start=(
        "First weights #",
        "A fingerprint (SHA-256) of the weights before the first update: the same bits in every lane.",
    ),
    order=(
        "Batch order #",
        "A fingerprint (SHA-256) of which examples came in which batch up to the end of this epoch: the same in every "
        "lane. It changes with each epoch, in all lanes alike.",
    ),
)
REACH = Table(
    skip="Shortcut",
    controls="To the controls",
    content="To the content",
    menus="Menus and dialogs",
    hints="Hints",
)

DOWNLOAD = Table(
    start="Download {label}",
    cancel="Cancel",
    running="Downloading {label}: {percent} %",
    cancelled="The download was cancelled.",
    retry="Download again",
)
