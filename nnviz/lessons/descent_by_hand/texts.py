"""The words of the lesson on gradient descent by hand."""

from nnviz.words.lesson import LessonTexts, Task

TEXTS = LessonTexts(
    title="Gradient descent by hand",
    menu="Gradient descent",
    card="A line through points: its loss, its two gradients term by term, and what the learning rate does.",
    lead=(
        "The line $\\hat y = wx + b$ has two numbers to learn. The **loss** is the mean of its squared errors, the "
        "**gradient** says how the loss changes with each number, and one **step** moves both a little against it. "
        "Drag the samples, click one to see its part in every sum, and click the contour to start elsewhere."
    ),
    knobs={
        "lr": (
            "Learning rate η, stable below {stable}",
            "How far a step goes: the gradient times η. Above 2/λmax the "
            "steps along the steepest direction grow instead of shrinking.",
        ),
        "step": ("Steps done", "How often w and b have been updated. Drag back to see where they came from."),
        "chosen": ("Sample", "Whose terms stand out in the formulas and figures; a click on a sample does the same."),
        "w": ("Start: w", "The slope that the descent begins with; a click on the contour sets it, too."),
        "b": ("Start: b", "The intercept that the descent begins with; a click on the contour sets it, too."),
        "slope": ("Slope of the data", "The line that the samples are made around. Turning it makes the data anew."),
        "noise": ("Noise", "How far the samples lie from that line (standard deviation). Makes the data anew."),
        "count": ("Samples", "How many there are. Makes the data anew."),
        "outliers": ("Outliers", "Samples that lie far off the line, as wrong measurements do. Makes the data anew."),
        "batch": ("Samples in each step", "All of them, four, or one. Each epoch shuffles them and takes all in turn."),
        "new": ("New data", "Draw other samples with the same settings; the order of the batches changes, too."),
        "made": ("Undo moves", "Bring back the samples as they were made, before you moved any."),
    },
    choices={"batch": {"full": "All", "mini": "4", "one": "1"}},
    charts={
        "data": (
            "Data, line and errors",
            "Dots are the samples, upright strokes the errors that the next step looks at, the dashed line is the one "
            "that least squares finds. Drag a dot; click the ground to add one; click twice, or press Delete, to "
            "remove one. Look for the line turning towards the dots.",
        ),
        "contour": (
            "The loss over w and b",
            "Every place is one line; curves join lines of equal loss, dark is low, the star is the lowest point. The "
            "path is the way of the descent, dotted what the next step does. Click or drag to start elsewhere. Look "
            "for steps at right angles to the curves.",
        ),
        "losses": (
            "The loss after each step",
            "The loss over all samples, on a scale of powers of ten; the dashed level is the least that any line can "
            "have. With small batches, grey dots show the loss that each step saw. Look for how fast it reaches the "
            "level, and whether it stays.",
        ),
        "bowl": (
            "The same in space",
            "The loss as a bowl with the same path; drag to turn it. Upwards is how far the loss is above the least, "
            "squeezed like a log scale so that the ground can be seen. Look for the narrow "
            "direction, where steps overshoot first, and the flat one, where they crawl.",
        ),
        "terms": (
            "What each sample adds to the gradient",
            "One pair of bars for each sample: its term in ∂L/∂w and, hatched, in ∂L/∂b; at the right their sums, "
            "which are the gradient. Look at the lowest point: the sums are zero, although the terms are not.",
        ),
    },
    words={
        "samples": "samples",
        "sample": "sample",
        "errors": "errors",
        "chosen": "chosen",
        "line": "line now",
        "best": "least squares",
        "least": "least possible loss",
        "loss": "loss",
        "batch_loss": "loss of the batch",
        "now": "now",
        "step": "step",
        "term": "term",
        "sum": "sum",
        "gradient_w": "∂L/∂w",
        "gradient_b": "∂L/∂b",
        "path": "path",
        "next": "next step",
        "start": "start",
        "height": "above least",
        "part_predict": "**1 · Predict** and compare, for sample {sample} of {count}",
        "part_loss": "**2 · Loss**: the mean of the squared errors",
        "part_loss_batch": "**2 · Loss** of this step's batch $B$: {batch}",
        "part_gradient": "**3 · Gradients**, derived by hand, beside torch.autograd",
        "part_update": "**4 · Update** both numbers against the gradient",
        "part_stable": "**How long may a step be?** The curvature of the bowl decides",
        "one_sample": "sample {samples}",
        "some_samples": "samples {samples}",
        "left_out": "Sample {sample} is not in it, pale in the figure, and adds nothing to the sums.",
        "agreement": "| gradient | by hand | autograd | difference |\n|:--|--:|--:|--:|\n"
        "| $\\partial L/\\partial w$ | {hand_w} | {torch_w} | {apart_w} |\n"
        "| $\\partial L/\\partial b$ | {hand_b} | {torch_b} | {apart_b} |",
        "at_start": "Nothing done yet: press One step and compare the four parts with what moves in the figures.",
        "below": "η = {lr} is below 2/λmax = {stable}: every step goes down. The loss is {times} times the least.",
        "arrived": "η = {lr} is below 2/λmax = {stable}, and the path has arrived: less than 1 % above the least.",
        "zigzag": "η = {lr} is just below 2/λmax = {stable}: steps jump across the valley and back, yet shrink.",
        "above": "η = {lr} is above 2/λmax = {stable}: each step lands farther away on the other side, and the path "
        "zigzags out.",
        "lost": "η = {lr} against 2/λmax = {stable}: the path left the picture, and at step {step} its numbers passed "
        "10¹²; it ends there.",
        "noisy": "Each step sees {size} of {count} samples, so it goes only roughly downhill and jitters at the star.",
        "noisy_out": "Each step sees {size} of {count} samples, and η = {lr} is too long for some of them: the loss "
        "is higher than at the start.",
    },
    tasks={
        "arrive": Task(
            "Reach the least-squares line in 30 steps or fewer: a loss within 1 % of the least, from a start with at "
            "least twice that loss.",
            "Set the steps to 30, then turn the learning rate up until the path just reaches the star.",
            "A good learning rate is as large as the steep direction allows, so that the flat one gets on as well.",
            "Leave the start where it is and all samples in each step. Set the learning rate to 0.15 and the steps to "
            "30.",
        ),
        "diverge": Task(
            "Set the learning rate so that it just diverges: at most 5 % above 2/λmax, with all samples in each step.",
            "The largest stable value stands at the dial; go a little beyond it, and do five steps or more.",
            "Along the steepest direction each step multiplies the error by 1 − ηλmax. Once that passes −1, it grows.",
            "With the samples of the beginning 2/λmax is 0.214: set the learning rate to 0.22 and the steps to 20.",
        ),
        "tip": Task(
            "Tip the line with one sample: change the least-squares slope by at least half, or its sign.",
            "Drag one sample at the far right or left up or down, as far as it goes. Undo moves if you moved others.",
            "Errors count squared, and far from the middle they have a long lever: one wrong sample can turn the line.",
            "Take one of the samples that lie farthest to the right and drag it straight down to the lower edge.",
        ),
        "jitter": Task(
            "Make the path jitter: with one sample in each step, stay near the star without coming to rest on it.",
            "Choose 1 sample in each step and 40 steps or more; too long a learning rate throws the path out.",
            "The gradient of one sample is zero at that sample's own best line, not at everybody's. Smaller steps "
            "jitter less.",
            "1 sample in each step, learning rate 0.06, 60 steps.",
        ),
    },
)
