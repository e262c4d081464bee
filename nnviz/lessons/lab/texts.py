"""The words of the lab."""

from nnviz.words.lesson import LessonTexts, Task

_HIDDEN = ("16", "32", "48", "64", "128", "256", "512")
_RATES = ("0.0001", "0.001", "0.01", "0.1", "1")
_BATCHES = ("32", "64", "128", "256", "1024")
_EPOCHS = ("1", "2", "5", "10", "20")

TEXTS = LessonTexts(
    title="Lab: the MLP on MNIST",
    menu="Lab: MNIST",
    card="The classic exercise from the data to 98 of 100 right, step by step, with the code that really runs.",
    lead=(
        "A network reads handwritten digits. Seven steps lead from the raw pictures to a trained network. The code "
        "you see is the code that runs, and every number comes from it.  \n[1 Data](#data) · [2 Module](#module) · "
        "[3 Forward](#forward) · [4 Parameters](#parameters) · [5 Evaluate](#evaluate) · [6 Train](#train) · [7 "
        "Answers](#answers)"
    ),
    knobs={
        "data": (
            "Data",
            "MNIST has 28 x 28 pixels; the small digits have 8 x 8 and are always at hand. Starts afresh.",
        ),
        "hidden": ("Hidden units", "Rows of lin_1: how many features the network may look for. Starts afresh."),
        "lr": ("Learning rate", "How far Adam moves each weight per update. The exercise takes 0.001. Starts afresh."),
        "batch": ("Batch size", "Pictures per update. The exercise takes 256 on MNIST. Starts afresh."),
        "epochs": ("Epochs", "Passes over all training pictures. The exercise takes 10. Starts afresh."),
        "seed": ("Seed", "Another number gives other first weights and another order of the pictures. Starts afresh."),
        "page": ("Page", "Leafs through the training pictures, 25 at a time."),
        "example": ("Test picture", "Chooses the picture x that goes forward through the network."),
        "another": ("Another x", "Takes a random picture of the test set."),
        "sheet": ("Page", "Leafs through the test pictures, 25 at a time."),
        "more": ("Other 25", "Takes a random page of the test set."),
        "play": ("Play", "Train on."),
        "replay": ("Play again", "Train again from the same first weights."),
        "pause": ("Pause", "Hold still; nothing is lost."),
        "epoch": ("One epoch", "Train to the end of this pass over the data, then pause."),
        "reset": ("Reset", "Back to the first weights; the settings stay."),
        "copy": ("Take my own copy", "Opens a run of your own with the same settings, which you may steer."),
    },
    choices={
        "data": {"mnist": "MNIST", "digits": "Digits 8x8"},
        "hidden": {name: name for name in _HIDDEN},
        "lr": {name: name for name in _RATES},
        "batch": {name: name for name in _BATCHES},
        "epochs": {name: name for name in _EPOCHS},
    },
    charts={
        "examples": (
            "25 training pictures",
            "Real pictures from the training set with their labels below. Turn the page: would you have read them all?",
        ),
        "class_counts": (
            "How many of each",
            "The number of pictures of each digit, to train on and to test. Look whether any digit is rare.",
        ),
        "values": (
            "Values in these pictures",
            "How often each brightness comes in these 25 pictures, as numbers that the network gets; the count is "
            "on a logarithmic scale. The most frequent by far is black, the lowest value.",
        ),
        "first_weights": (
            "First weights, and He's bell",
            "Filled: the first weights of the run in each layer. Dashed: the normal distribution that they were "
            "drawn from. The fewer inputs a layer has, the wider its bell.",
        ),
        "picture": ("The picture x", "The test picture that goes forward, and its true label."),
        "path": (
            "x on its way",
            "Every stage from the pixels to the ten probabilities: blue is above zero, orange below, blank near "
            "zero. The numbers below are real values of that stage. ReLU wipes out all orange.",
        ),
        "parameters": (
            "Parameter check",
            "Every parameter in numbers. After training, 'moved' tells how far each is from its start, and 'update "
            "ratio' how large the last update was beside it.",
        ),
        "losses": (
            "Loss",
            "Faint: the loss of each batch. Bold: its running mean. Dashed: the loss on test pictures. Grey: the "
            "run before, to compare with.",
        ),
        "accuracies": (
            "Accuracy",
            "The share of right answers on training pictures (the first 2,000) and on all test pictures. Dotted: "
            "guessing.",
        ),
        "epochs": (
            "Epoch by epoch",
            "One row for each pass over the training pictures, measured at its end. The training columns use the "
            "first 2,000 training pictures, the test columns the whole test set.",
        ),
        "answers": (
            "25 test pictures",
            "Green frames are right, red ones are wrong: the answer, and what it really is. Click a picture to look "
            "closer at it.",
        ),
        "chosen": (
            "The chosen picture",
            "The picture that was clicked last, in a blue frame on its page: its label and the network's answer.",
        ),
        "probabilities": (
            "What the network believes",
            "The softmax of the chosen picture: one probability for each digit. Green is the truth, red a wrong "
            "answer.",
        ),
        "confusion": (
            "Which digit is taken for which",
            "All test pictures: rows are what they are, columns what the network says. Blue on the diagonal is right. "
            "Look which two digits are mixed up most.",
        ),
    },
    words={
        "pixel": "pixel",
        "drawn": "drawn:",
        "loss": "loss",
        "guessing": "guessing:",
        "updates": "updates",
        "step_data": "1 · Look at the data and the split",
        "step_module": "2 · Build the module",
        "step_forward": "3 · Send one picture forward",
        "step_parameters": "4 · Check the parameters",
        "step_evaluate": "5 · Evaluate before training",
        "step_train": "6 · Train",
        "step_answers": "7 · Look at the answers",
        "in_use": (
            "Data in use: **{label}**, {train:,} pictures to train on and {test:,} to test, {rows} x {columns} "
            "pixels each. A picture is a row of {inputs} numbers."
        ),
        "normalised": "Pixels run from 0 to {top}. They are shifted and scaled, so that the training pixels have mean "
        "0 and standard deviation 1; the network gets values from {low} to {high}:",
        "not_here": "MNIST is not on this machine, so the lab uses the small digits that come with it. Everything "
        "below works with them. Choose MNIST to download it.",
        "waiting_for_data": "The data is not here yet. Download it above, or choose the small digits.",
        "building": "Making the data and the network …",
        "watching": "You are watching somebody's run: it is theirs to steer, and yours to look at.",
        "module_text": "Two affine layers with a ReLU between them. The weights are drawn from a normal distribution "
        "with He's variance, 2 over the number of inputs, so that signals keep their size behind a ReLU; biases begin "
        "at 0.",
        "hash_equal": "This code, run just now with seed {seed}, draws weights with the fingerprint `{code}`. The "
        "first weights of the run below: `{run}`. The same bits.",
        "hash_other": "This code draws weights with the fingerprint `{code}`, the run below began at `{run}`. They "
        "differ.",
        "forward_text": "A picture goes in as a row of numbers, moves to the device that computes, and comes back as "
        "ten scores, the logits. Softmax turns them into probabilities. This uses the weights of this moment: come "
        "back after training.",
        "forward_code": "The code of this step",
        "predicted": "The largest of the ten probabilities belongs to **{said}**, and the label is **{truth}**.",
        "parameters_text": "Each affine layer has a weight for every pair of input and unit, and a bias for every "
        "unit. Work out the count of lin_2 before you look for it in the table.",
        "parameters_total": "All together: {count:,} numbers to learn.",
        "evaluate_text": "Untrained, the network should be right about one time in ten, and its loss should be about "
        "that of a guess, or higher where it is sure of nonsense.",
        "before": "Before training",
        "now": "Now, after {step:,} updates",
        "then": "After {step:,} updates",
        "back": "As it was after {step:,} updates, epoch {epoch:.3g}. Live, above, leads back to the present.",
        "later": "Now",
        "later_value": "–",
        "later_going": "…",
        "right_of": "{right:,} of {count:,} right, loss {loss}",
        "train_text": "Adam changes the weights a little after each batch. One pass over the training pictures is an "
        "epoch.",
        "answers_text": "Test pictures that the network has never trained on, with its answers at this moment.",
        "train": "train",
        "test": "test",
        "digit": "digit",
        "pictures": "pictures",
        "value": "value",
        "count": "pixels",
        "weight": "weight",
        "density": "density",
        "bell": "{layer}: He normal",
        "is": "test picture {index}: a {truth}",
        "said_right": "test picture {index}: {said} ({sure}), right",
        "said_wrong": "test picture {index}: says {said} ({sure}), is {truth}",
        "stage_x": "<b>x</b>  numpy {shape}",
        "stage_lin_1": "<b>lin_1(x)</b>  torch, {device} {shape}",
        "stage_relu": "<b>relu</b>  torch, {device} {shape}",
        "stage_logits": "<b>logits</b>  numpy {shape}",
        "stage_softmax": "<b>softmax</b>  numpy {shape}",
        "from": "[{index}] ",
        "probability": "probability (%)",
        "epoch_heads": "epoch|updates|train loss|train accuracy|test loss|test accuracy|seconds",
    },
    tasks={
        "goal": Task(
            "Reach 97.8 % test accuracy on MNIST (on the small digits: 96 %).",
            "Press Play and wait for the last epoch.",
            "The exercise is solved: two layers read digits nearly as well as you do.",
            "Leave all settings as they were (256 hidden units, learning rate 0.001, 10 epochs), and press Play.",
        ),
        "small": Task(
            "Reach 96 % on MNIST with fewer than 50,000 parameters (small digits: 95 % with fewer than 2,500).",
            "Choose fewer hidden units in step 2 and train again. Some learning rates are faster than others.",
            "Most of the large network is luxury: the last one or two per cent are what it pays for.",
            "48 hidden units on MNIST, 32 on the small digits, with a learning rate of 0.01 and 10 epochs; then Play.",
        ),
        "wild": Task(
            "Choose a learning rate so large that the test accuracy stays below 90 %.",
            "Raise the learning rate above and train for an epoch or more.",
            "Each update throws the weights further than the loss can be trusted: more of the same does not help.",
            "Set the learning rate to 1, and press Play.",
        ),
        "wrong": Task(
            "Find a picture that a network with 90 % or more gets wrong, and click it.",
            "Train, then turn the pages of the test pictures until you see a red frame.",
            "Look at its probabilities: often the truth comes second, and some pictures would puzzle anybody.",
            "Press Other 25 until a picture has a red frame, and click that one. With 95 of 100 right there is about "
            "one on each page.",
        ),
    },
)
