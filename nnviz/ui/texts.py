"""The words that a reader sees on the pages, together so that a second language is one more table."""

from collections.abc import Mapping

NAME = "nnviz"

HOME = {
    "title": "Watch a real network learn",
    "lead": (
        "Every slider here turns a knob of a real PyTorch training run. Change the learning rate, a layer or the "
        "data, and see within a moment what it does to the loss, the weights and the answers."
    ),
    "live": "This network is training right now, for everyone who looks at this page.",
    "ways": "Start here",
    "seed": "Nothing is staged: each update is `torch.optim`'s own, and the same link and seed give the same run.",
}

MENU = {
    "home": "Home",
    "train": "Train",
    "race": "Race",
    "surfaces": "Surfaces",
    "foundations": "Foundations",
    "architectures": "Architectures",
}

EXAMPLES: Mapping[str, tuple[str, str, str]] = {
    "digits": (":material/pin:", "Digits", "Handwritten digits, 8 by 8 pixels: nine of ten right within seconds."),
    "spiral": (
        ":material/cyclone:",
        "Spiral with 8-8-8 tanh",
        "Two arms wound around each other: watch the boundary bend.",
    ),
    "mnist": (":material/draw:", "MNIST, 784-256-10", "The lecture's network on 60,000 digits, with Adam at 0.001."),
    "sine": (
        ":material/show_chart:",
        "A wiggly sine with noise",
        "A curve fitted to noisy points, one bend of ReLU at a time.",
    ),
    "foundations": (
        ":material/school:",
        "The lecture, alive",
        "Six lessons from gradient descent by hand to the MLP on MNIST, with small tasks.",
    ),
    "lab": (":material/science:", "Lab: the MLP on MNIST", "The classic exercise, step by step, from data to 98 %."),
    "architectures": (
        ":material/account_tree:",
        "AlexNet to GAN",
        "The lecture's famous models, live: what a shortcut, a gate or a rival does to training.",
    ),
    "race": (
        ":material/sports_score:",
        "Race of eight optimizers",
        "Same first weights, same batches: who is fast, who lasts, and was it luck?",
    ),
    "surfaces": (
        ":material/landscape:",
        "Optimizers on surfaces",
        "Click where to start and watch eight ways down; look at the arrows inside each.",
    ),
}

TRAIN = {
    "title": "Train",
    "own_copy": "Make my own copy",
    "watching": "You are watching somebody else's run. Its controls are theirs; make a copy to turn the knobs.",
    "gone": "The run in this link has ended, so here is a fresh one with the same settings.",
    "bad_link": "This link cannot be used: {reason}. Here are the usual settings instead.",
    "no_plotly": "The charts cannot be drawn: {path} cannot be written. Make that folder writable and start again.",
    "refused": "That does not work: {reason}. The run goes on as it was.",
}

RACE = {
    "title": "Race",
    "fair": "Fair start: all {lanes} lanes begin with the same weights `{start}` and see the same batches in the same "
    "order `{order}` (seed {seed}).",
    "fair_more": " Seeds {seeds} each have a start and an order of their own, again the same for all lanes.",
    "unfair": "The lanes of seed {seed} do not agree on their first weights or on the order of their batches.",
    "running": "Racing. {lost}",
}

LANES = {
    "optimizer": ("Optimizer", "Another rule in this lane. The race starts again."),
    "remove": ("Remove this lane", "The race starts again without it; at least two lanes are needed."),
    "add": ("Add a lane", "Up to eight; the same optimizer may come twice, with other knobs."),
}
LANE_KNOB = "{lane}: {knob}"
LANES_CAPTION = "Each slider is that lane's learning rate; its name opens the other knobs."

RATES = {
    "mode": (
        "Learning rates",
        "One optimizer's good learning rate is another's bad one. Compare each at its usual value, all at the same "
        "value, or each at the best value that a search of short runs finds for it.",
    ),
    "same": ("Learning rate of all", "The race starts again with this value in every lane."),
    "settings": ("Search", "How the best learning rates are searched."),
    "low": ("Grid from", "The smallest learning rate to try."),
    "high": ("Grid to", "The largest learning rate to try."),
    "density": ("Values in each power of ten", "1: 1, 10. 2: 1, 3, 10. 3: 1, 2, 5, 10."),
    "updates": ("Updates of each try", "Longer tries judge better and take longer."),
    "again": ("Search", "Pauses the race, tries the grid, and gives every lane its best learning rate."),
    "seeds": (
        "Seeds",
        "How often the race is run, each time from other first weights and another order of the data. With more than "
        "one, lines are medians and bands go from the least to the largest: luck shows as width.",
    ),
}
SEARCH = {
    "how": "Each lane trains from the same start with every learning rate of a grid for a number of updates; the rate "
    "with the lowest loss on training examples wins. The test examples have no say.",
    "tries": "{count} tries: {rates}.",
    "progress": "Searching learning rates: {percent} %",
    "cancel": "Cancel",
}
RATE_MODES = {"usual": "Each its usual", "same": "The same for all", "best": "The best for each"}

SURFACES = {
    "title": "Surfaces",
    "surface": "Surface",
    "walk": "Walk",
    "stable": "Plain gradient descent is stable below a learning rate of 2 / λ = {limit:.4g}, "
    "where λ = {curvature:g} is the largest curvature.",
    "refused": "That does not work: {reason}. The picture stays as it was.",
    "closest": "{lane} is closest to the minimum after {steps} steps: {distance} away.",
    "gone": "{lane} left the finite numbers at step {step}.",
}

SURFACE: Mapping[str, tuple[str, str]] = {
    "surface": ("Surface", "A function of two numbers with known minima; the stars mark them."),
    "x": ("Start x", "Where all lanes begin. You can also click on the picture, or drag."),
    "y": ("Start y", "Where all lanes begin. You can also click on the picture, or drag."),
    "usual_start": ("Usual start", "Go back to where this surface shows most."),
    "steps": ("Steps", "How often each optimizer may move."),
    "noise": (
        "Gradient noise σ",
        "Standard deviation of what is added to both parts of each gradient, as a batch of examples would; the same "
        "for all lanes.",
    ),
    "seed": ("Noise seed", "The same seed gives the same noise."),
    "optimizer": ("Optimizer", "Another rule in this lane, with a learning rate that suits the surface."),
    "remove": ("Remove this lane", "Walk without it; at least one lane stays."),
    "inside": (
        "Look inside",
        "Draws arrows at the present step: the gradient, the velocity that the optimizer carries, and the step it "
        "makes; a box shows the scale that divides each direction. Read from the optimizer's own state.",
    ),
    "all": ("Usual lanes", "Bring the eight optimizers back with learning rates that suit this surface."),
}

EXPORT = {
    "title": ("Export", "Curves as a table, and the link that replays this race."),
    "csv": ("Curves as CSV", "Every kept loss and accuracy of every lane and seed."),
}
EXPORT_PNG = "A chart becomes a PNG with the small arrow in its corner."
EXPORT_LINK = "This link runs the same race again, live changes included, to the same last digit:"

BAR = {
    "play": ("Play", "Train on (key P)."),
    "pause": ("Pause", "Hold still; nothing is lost (key P)."),
    "step": ("Step", "Do exactly one update: one batch, one step of the optimizer (key S)."),
    "epoch": ("Epoch", "Train to the end of this pass over the data, then pause (key E)."),
    "reset": ("Reset", "Start again from the same first weights with the settings on screen (key B)."),
    "seed": ("New seed", "Start again with other first weights, other noise and another order (key N)."),
    "speed": ("Speed", "Updates per second. Small networks learn in a blink, so slow down to watch."),
}
FULL_SPEED = "full speed"

SECTIONS = {"data": "1 · Data", "network": "2 · Network", "training": "3 · Training"}

SETTINGS = {
    "dataset": ("Data set", "What the network learns from. Changing it starts a fresh run."),
    "model": ("Network", "The family of networks."),
    "layers": ("Hidden layers", "How many layers lie between input and output; 0 leaves a linear model."),
    "units": ("Layer {number}", "Units of hidden layer {number}, from 1 to 1024."),
    "activation": (
        "Activation",
        "The bend after each hidden layer. Without one, all layers together are one affine map.",
    ),
    "initializer": ("First weights", "How the weights are drawn before the first update."),
    "loss": ("Loss", "What training makes small. Only losses that fit the data are offered."),
    "optimizer": ("Optimizer", "The rule that turns gradients into steps. Its knobs are above the charts."),
    "players": ("{player}'s optimizer", "The rule that moves the {player}'s weights. Its knobs are above the charts."),
    "epochs": ("Epochs", "Passes over the training data before the run ends."),
    "seed": ("Seed", "Fixes first weights, noise and order of the data: the same seed gives the same run."),
    "device": ("Device", "Where the arithmetic happens: the processor, or a graphics card where there is one."),
}
UNTIL_STOPPED = "until stopped"
MORE_KNOBS = "More knobs"

LIVE = {"help": "{help} Changes take effect at the next update; the optimizer keeps its memory."}
BATCH_SIZE = ("Batch size", "Examples averaged for one update. Small batches are noisy, large ones slow per epoch.")

VIEW_HEADING = "View"
VIEW = {
    "clock": ("Horizontal axis", "Count progress in updates, in epochs or in seconds of training."),
    "log_loss": ("Logarithmic loss", "Shows equal ratios as equal distances, so late progress stays visible."),
    "smoothing": ("Smoothing", "Share of the past in the running mean of the loss; 0 shows every batch as it is."),
    "layer": ("Layer", "Which layer the histograms show."),
    "ridges": ("Histograms as ridges", "Draw one outline per moment instead of a heat map."),
    "discrete": ("Field as regions", "Colour each place by the winning class only, without shades."),
    "show_test": ("Show test points", "Draw the points that training never sees."),
    "target": ("Target test loss", "The leaderboard counts the updates to get there. You can also drag the line."),
}

STATUS = {
    "ready": "Ready. Press Play to train.",
    "waiting": "Waiting for a free place among the running networks.",
    "starting": "Making the data and the network …",
    "running": "Training.",
    "paused": "Paused.",
    "asleep": "Asleep, because nobody was looking. It wakes now.",
    "done": "Finished: all epochs are trained.",
    "diverged": "The loss is no longer a finite number. A smaller learning rate often helps.",
    "failed": "Training ended with an error.",
    "stopped": "Stopped.",
    "missing": "The data is not on this machine yet.",
}
STATUS_KIND = {
    "running": "good", "done": "good", "diverged": "bad", "failed": "bad", "waiting": "warn", "missing": "warn",
}  # fmt: skip

COUNTERS = {
    "epoch": ("Epoch", "Passes over the training data so far."),
    "step": ("Update", "Steps of the optimizer so far; each looks at one batch."),
    "train_loss": ("Train loss", "Mean loss on training examples (up to 2,000 of them) at the last measurement."),
    "test_loss": ("Test loss", "Mean loss on examples that training never sees."),
    "test_accuracy": ("Test accuracy", "Share of test examples whose most probable class is right."),
    "speed": ("Updates/s", "Updates in the last second or so."),
    "leader": ("In front", "The lane with the lowest test loss at the last measurement."),
    "start": (
        "First weights #",
        "A fingerprint (SHA-256) of the weights before the first update: the same bits in every lane.",
    ),
    "order": (
        "Batch order #",
        "A fingerprint (SHA-256) of which examples came in which batch up to the end of this epoch: the same in every "
        "lane. It changes with each epoch, in all lanes alike.",
    ),
}
BOARD = {
    "explain": "What am I looking at?",
    "about": "About",
    "loading": "Loading the charts …",
    "failed": "This chart could not be drawn:",
    "offline": "The plot library could not be loaded. Is the server still running?",
    "log": "Changes while training",
    "png": "Save as a picture:",
    "target": "Target: drag it, or press the arrow keys",
    "film": {"play": "Play", "pause": "Pause", "step": "Step", "speed": "Speed"},
}

DOWNLOAD = {
    "start": "Download {label}",
    "cancel": "Cancel",
    "running": "Downloading {label}: {percent} %",
    "cancelled": "The download was cancelled.",
    "retry": "Try again",
}

LESSON = {
    "bad_link": "This link cannot be used: {reason}. Here is the lesson from its start.",
    "refused": "That does not work: {reason}. The picture stays as it was.",
    "tasks": "**Try it** · {done} of {count} done",
    "start_over": "Start over",
    "start_over_help": "Bring this lesson back to where it begins, tasks included.",
}
LESSON_PLAYER = {
    "play": ("Play", "Go on step by step."),
    "pause": ("Pause", "Hold still."),
    "step": ("One step", "Do exactly one step."),
    "reset": ("Reset", "Back to the start; everything else stays."),
}
FOUNDATIONS = {
    "title": "Foundations",
    "lead": "The first lecture on deep learning, alive: every figure answers while you drag, every number is computed "
    "on the spot, and small tasks turn green when you have got there.",
    "tasks": "{done} of {count} tasks done",
}
