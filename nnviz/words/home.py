"""The words of the ways in on the home page."""

from collections.abc import Mapping

from nnviz.words.language import Table

EXAMPLES: Mapping[str, tuple[str, str]] = Table(
    digits=("Digits", "Handwritten digits, 8 by 8 pixels: nine of ten right within seconds."),
    spiral=(
        "Spiral with 8-8-8 tanh",
        "Two arms wound around each other: watch the boundary bend.",
    ),
    mnist=("MNIST, 784-256-10", "The lecture's network on 60,000 digits, with Adam at 0.001."),
    sine=(
        "A wiggly sine with noise",
        "A curve fitted to noisy points, one bend of ReLU at a time.",
    ),
    lab=("Lab: the MLP on MNIST", "The classic exercise, step by step, from data to 98 %."),
)
# id of the page: its title, what it is
WAYS: Mapping[str, tuple[str, str]] = Table(
    train=("Train", "Any network, any data, every instrument: what is inside while it learns."),
    race=("Race of eight optimizers", "Same first weights, same batches: who is fast, who lasts, and was it luck?"),
    foundations=(
        "The lecture, alive",
        "Six lessons from gradient descent by hand to the MLP on MNIST, with small tasks.",
    ),
    surfaces=(
        "Optimizers on surfaces",
        "Click where to start and watch eight ways down; look at the arrows inside each.",
    ),
    architectures=("AlexNet to GAN", "Famous models, live: what a shortcut, a gate or a rival does to training."),
)
HOME_WAYS = Table(
    examples="Or open an example:",
    film="A film of the page {page}",
)
