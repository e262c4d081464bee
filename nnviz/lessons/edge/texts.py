"""The words of the lesson on the edge of stability."""

from nnviz.words.lesson import LessonTexts, Task

TEXTS = LessonTexts(
    title="The edge of stability",
    menu="Edge",
    card="Why a learning rate that should be too large works: turn it, and the sharpness of the loss follows.",
    lead=(
        "How large may a learning rate be? On a parabola the answer is a number: a step of rate $\\eta$ shrinks the "
        "distance from the middle as long as the curvature $\\lambda$ is below $2/\\eta$, and overshoots further and "
        "further beyond. A network's loss is no parabola. Its curvature along the steepest direction, the "
        "**sharpness**, is the largest eigenvalue of its Hessian, and it changes while the network learns: it *rises*, "
        "until it reaches $2/\\eta$, and then stays there, though the loss goes on falling, no longer at every step. "
        "Press **Play**, and turn the **Learning rate** while it trains."
    ),
    knobs={
        "rule": (
            "Rule",
            "Plain steps down the gradient, or a heavy ball that keeps 0.9 of its velocity. Starts afresh.",
        ),
        "batch": (
            "Batch",
            "All 500 pictures in every update, or 25 of them, so that the gradient is noisy. Starts afresh.",
        ),
        "lr": ("Learning rate", "How far each update goes. Turn it while it trains: the dashed line moves at once."),
        "copy": ("Take my own copy", "Opens a run of your own with the same settings, which you may steer."),
    },
    choices={
        "rule": {"gd": "Gradient descent", "momentum": "Momentum 0.9"},
        "batch": {"500": "All 500", "25": "25 at a time"},
    },
    charts={
        "steps": (
            "The same steps on a parabola",
            "A parabola as sharp as the loss is now, and steps of the present rate on it. Below the edge they come "
            "closer to the middle, from side to side where they overshoot; above it, in red, they lead away. A network "
            "at the edge does better than its parabola: it turns to where the loss is less sharp.",
        ),
    },
    words={
        "watching": "You are watching somebody else's run: what is turned there shows here.",
        "building": "Making the data and the network …",
        "distance": "distance from the middle",
        "height": "height",
        "stable": "stable",
        "on_a_parabola": "One step on a parabola $\\tfrac12\\lambda x^2$, and its numbers in the run now:",
        "limits": "Where it does not hold",
        "why": "What is seen",
        "why_text": (
            "In the beginning the sharpness is low, and gradient descent goes to places where it is higher, step by "
            "step: *progressive sharpening*. At $2/\\eta$ the steps along the sharpest direction begin to bounce from "
            "side to side and grow, and what is beyond the parabola, the loss's third derivatives, pushes the network "
            "back to where it is less sharp. Both balance, and the sharpness hovers at the line. Cohen et al. (2021), "
            "[Gradient descent on neural networks typically occurs at the edge of stability]"
            "(https://arxiv.org/abs/2103.00065), found it in many networks; Damian et al. (2023), "
            "[Self-stabilization](https://arxiv.org/abs/2209.15594), explain how it comes about.  \n"
            "Here: 500 handwritten digits, a network of 64-64-64-10 with tanh, and the squared error to the right "
            "answers, as a mean over pictures and outputs. A sum over the ten outputs would make every sharpness ten "
            "times as large, and the same rates ten times as small."
        ),
        "limits_text": (
            "- It is an observation with an explanation, and no theorem for every network: with a small rate the "
            "network may be done before it gets to the edge.\n"
            "- **Momentum** can bear more: its line is at $2(1+\\beta)/\\eta$. Choose it above.\n"
            "- **Small batches** keep the sharpness *below* the line, for their noise bounces, too: choose 25 at a "
            "time.\n"
            "- **Adaptive rules** such as Adam scale each weight by itself; what hovers at an edge there is the "
            "sharpness seen through that scale ([Cohen et al. 2022](https://arxiv.org/abs/2207.14484)), not this one.\n"
            "- With **cross-entropy** the sharpness falls again late, when the network has become sure of itself."
        ),
    },
    tasks={
        "settle": Task(
            "Make the sharpness settle at 4.",
            "The line is at 2 divided by the learning rate.",
            "The rate has chosen how sharp a place the network trains at: a rate of 0.5 holds it at 4.",
            "Set the learning rate to 0.5, press Play, and wait for 1,500 updates.",
        ),
        "follow": Task(
            "Turn the rate while it trains, and see the sharpness follow: let it settle at two lines, one at least "
            "half as high again as the other.",
            "Let it settle first, then make the rate twice as large, and do not stop it.",
            "A larger rate brings it down within some dozens of updates: steps that are too large for a place throw "
            "the network out of it, and not away. With a smaller one it climbs again, slowly.",
            "Let it settle with a learning rate of 0.5, then turn the rate to 1 while it trains, and wait for 500 "
            "updates.",
        ),
        "never": Task(
            "Find a rate with which it rises and has not reached the line after 1,500 updates.",
            "Reset, and make the rate small, so that the line is high.",
            "Far from the edge the loss falls at every step, and slowly. The sharpness rises all the same.",
            "Press Reset, set the learning rate to 0.1, press Play, and wait for 1,500 updates.",
        ),
        "lost": Task(
            "Make the training diverge from the start.",
            "Look how sharp it is before the first update. Where must the line be?",
            "The first weights were far too sharp for this rate, and there was no time to turn to a better place.",
            "Press Reset, set the learning rate to 3, and press Play.",
        ),
        "momentum": Task(
            "Let the sharpness settle at the line of momentum.",
            "Choose Momentum above: the line is almost twice as high for the same rate, so take a large rate.",
            "A ball that rolls on can bear almost twice the sharpness, and so the network becomes almost twice as "
            "sharp.",
            "Choose Momentum 0.9, set the learning rate to 1.2, press Play, and wait for 2,000 updates.",
        ),
    },
)
