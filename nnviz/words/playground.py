"""The words of the playground on the home page."""

from collections.abc import Mapping

from nnviz.words.language import Table

PLAYGROUND = Table(
    open="Open it on Train",
    open_help="The same run, which goes on there, with every chart and every setting.",
    refused="That does not work: {reason:clause}. The run stays as it was.",
)

# id: label, help
DIALS: Mapping[str, tuple[str, str]] = Table(
    activation=("Activation", "What bends each unit's sum. Another one starts afresh."),
    layers=("Hidden layers", "How many layers of units stand between the inputs and the answer. Another number starts "
            "afresh."),
    noise=("Noise", "How far points stray from their place. More of it makes other points, and starts afresh."),
    size=("Points", "Training and test points together. Another number starts afresh."),
)  # fmt: skip

HELP = (
    "What the network learns to tell apart: training points and as many test points that it never learns from. Press a "
    "picture for other data."
)
