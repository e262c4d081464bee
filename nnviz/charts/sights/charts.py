"""The charts of what families show: one entry a sight, whichever family shows it."""

from nnviz.charts.chart import Chart
from nnviz.charts.sights import has_sight, sight

SIGHT_CHARTS: dict[str, Chart] = {
    "gradient_flow": Chart(
        "Gradient by step",
        sight("gradient_flow"),
        "How strongly the loss of the last answer depends on what the network carried after each step, on "
        "test examples; an LSTM carries a state and a cell. A line that falls to the left: what came long ago "
        "has no say in learning.",
        has_sight("gradient_flow"),
    ),
    "gates": Chart(
        "Gates",
        sight("gates"),
        "One test example from its first step to its last: what is read, then each unit's gates (blue is open, blank "
        "is shut) and the candidate for its memory (blue above zero, orange below). Look for ones that open at a mark.",
        has_sight("gates"),
        width=2,
    ),
    "sums": Chart(
        "Answers against the truth",
        sight("sums"),
        "Each mark is a test example: the sum it asks for and what the network answers. At first all lie on one level, "
        "the average; when it has understood, they lie on the rising diagonal.",
        has_sight("sums"),
    ),
    "forecast": Chart(
        "Forecast",
        sight("forecast"),
        "A test series, the forecast that was made one step before each value, and how the network goes on by itself, "
        "reading its own forecasts. Look how far it keeps both rhythms.",
        has_sight("forecast"),
    ),
    "reading": Chart(
        "While reading",
        sight("reading"),
        "What the network would answer after each row of the picture: the darker, the surer. Look at which row it "
        "makes up its mind, and whether it changes it.",
        has_sight("reading"),
    ),
    "generated": Chart(
        "A text of its own",
        sight("generated"),
        "The grey beginning is given; the network goes on letter by letter, each drawn from its answer to the last. "
        "The draws are always the same, so what changes is what it has learnt: letters first, then words, then verses.",
        has_sight("generated"),
    ),
    "latent": Chart(
        "Map of the codes",
        sight("latent"),
        "Each mark is a test picture at the place of its code; the network never learns the classes that colour it. "
        "Look for classes that gather in regions of their own, then click or drag: the decoder draws what lies there.",
        has_sight("latent"),
        width=2,
    ),
    "decoded": Chart(
        "What the decoder draws there",
        sight("decoded"),
        "What the decoder makes of the code at the cross, with the newest weights, beside the test picture whose code "
        "is nearest. Look how one digit turns into another between two regions.",
        has_sight("decoded"),
    ),
    "atlas": Chart(
        "What the decoder draws everywhere",
        sight("atlas"),
        "The map of the codes, drawn by the decoder: each picture comes from the middle of its part of the same axes. "
        "Look for regions of clean strokes, for what lies between them, and beyond the last mark.",
        has_sight("atlas"),
    ),
    "reconstructions": Chart(
        "Pictures and what comes back",
        sight("reconstructions"),
        "The same test pictures all the time: as they are, with noise where some is added, and what comes back through "
        "the bottleneck. Look for what the code keeps, and for what it has no room for.",
        has_sight("reconstructions"),
        width=2,
    ),
    "density": Chart(
        "Real and made points",
        sight("density"),
        "Blue points are real, orange ones are made; the ground is the discriminator's verdict on each place, blue for "
        "real and orange for made. A green ring is a mode that the made points cover, a crossed red one is missed: "
        "look how the points follow the blue ground until it fades.",
        has_sight("density"),
        width=2,
        rows=2,
    ),
    "samples": Chart(
        "Made pictures",
        sight("samples"),
        "Pictures that the generator makes, always from the same noise. Look for strokes that come out of the fog, and "
        "for pictures that are all alike; the Moment dial goes back in time.",
        has_sight("samples"),
        width=2,
    ),
    "verdicts": Chart(
        "The discriminator's verdicts",
        sight("verdicts"),
        "What the discriminator says of real and of made examples. Two hills apart: it tells them from each other; one "
        "on the other: it can only guess.",
        has_sight("verdicts"),
    ),
}
