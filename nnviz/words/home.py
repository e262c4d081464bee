"""The words of the ways in on the home page."""

from collections.abc import Mapping

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
