"""The charts of what families show: one entry an instrument, whichever family shows it."""

from nnviz.charts.chart import Chart
from nnviz.charts.shapes import drawing, has_reading

FAMILY_CHARTS: dict[str, Chart] = {
    "first_filters": Chart(
        "First filters",
        drawing("first_filters"),
        "The weights with which the first convolution looks at every place of the picture: blue adds, orange takes "
        "away. Look for edges and strokes that grow out of the noise, which they do where the first weights are "
        "small; the slider over the run goes back to their start.",
        has_reading("first_filters"),
    ),
    "feature_maps": Chart(
        "What each convolution sees",
        drawing("feature_maps"),
        "The test picture, then where the filters of each of the three convolutions find what they look for: the "
        "brighter, the stronger. Look how maps become coarser, and answer to parts of a digit instead of edges.",
        has_reading("feature_maps"),
        width=2,
    ),
    "branch_shares": Chart(
        "What each branch carries",
        drawing("branch_shares"),
        "How large each branch's maps are on average, on test examples, as a share of all four's; per map, so that a "
        "branch of many maps is not larger for that alone. Even quarters: every filter size is used. “5×5” is what the "
        "paper calls the third branch; in torchvision's module its filters are 3×3, an old slip that was kept.",
        has_reading("branch_shares"),
    ),
    "branch_costs": Chart(
        "What each branch costs",
        drawing("branch_costs"),
        "Parameters and one example's multiply-adds in all modules, by branch and together, beside 5×5 convolutions of "
        "equal width in their place. 1×1 convolutions before the larger filters leave them fewer maps to look at. "
        "(“5×5” has 3×3 filters in torchvision's module; with real 5×5 ones this branch would cost twice as much.)",
        has_reading("branch_costs"),
        width=2,
    ),
    "layer_reads": Chart(
        "Who listens to whom",
        drawing("layer_reads"),
        "Each row is a layer, each column something that it reads: its block's input or an earlier layer. 100 is as "
        "much as it hears on average (mean |weight|, relative to the row's); the bluer, the more. At first all "
        "differences are chance. Look whether a source fades: even the last layers go on reading the first.",
        has_reading("layer_reads"),
        width=3,
    ),
    "gradient_flow": Chart(
        "Gradient by step",
        drawing("gradient_flow"),
        "How strongly the loss of the last answer depends on what the network carried after each step, on "
        "test examples; an LSTM carries a state and a cell. A line that falls to the left: what came long ago "
        "has no say in learning.",
        has_reading("gradient_flow"),
    ),
    "gates": Chart(
        "Gates",
        drawing("gates"),
        "One test example from its first step to its last: what is read, then each unit's input, forget and output "
        "gates (blue is open, blank is shut) and the candidate for its memory (blue above zero, orange below). Look "
        "for units that open at a mark.",
        has_reading("gates"),
        width=2,
    ),
    "sums": Chart(
        "Answers against the truth",
        drawing("sums"),
        "Each mark is a test example: the sum it asks for and what the network answers. At first all lie on one level, "
        "soon the average; when it has understood, they lie on the rising diagonal.",
        has_reading("sums"),
    ),
    "forecast": Chart(
        "Forecast",
        drawing("forecast"),
        "A test series, the forecast that was made one step before each value, and how the network goes on by itself, "
        "reading its own forecasts. Look how far it keeps both rhythms.",
        has_reading("forecast"),
    ),
    "reading": Chart(
        "While reading",
        drawing("reading"),
        "What the network would answer after each row of the picture: the bluer, the surer. Look at which row it "
        "makes up its mind, and whether it changes it.",
        has_reading("reading"),
    ),
    "generated": Chart(
        "A text of its own",
        drawing("generated"),
        "The grey beginning is given; the network goes on letter by letter, each drawn from its answer to the last. "
        "The draws are always the same, so what changes is what it has learnt: letters first, then words, then verses.",
        has_reading("generated"),
    ),
    "latent": Chart(
        "Map of the codes",
        drawing("latent"),
        "Each mark is a test picture at the place of its code; the network never learns the classes that colour it. "
        "Look for classes that gather in regions of their own, then click or drag: the decoder draws what lies there.",
        has_reading("latent"),
        width=2,
    ),
    "decoded": Chart(
        "What the decoder draws there",
        drawing("decoded"),
        "What the decoder makes of the code at the cross, with the newest weights, beside the test picture whose code "
        "is nearest. Look how one digit turns into another between two regions.",
        has_reading("decoded"),
    ),
    "atlas": Chart(
        "What the decoder draws everywhere",
        drawing("atlas"),
        "The map of the codes, drawn by the decoder: each picture comes from the middle of its part of the same axes. "
        "Look for regions of clean strokes, for what lies between them, and beyond the last mark.",
        has_reading("atlas"),
    ),
    "reconstructions": Chart(
        "Pictures and what comes back",
        drawing("reconstructions"),
        "The same test pictures all the time: as they are, with noise where some is added, and what comes back through "
        "the bottleneck. Look for what the code keeps, and for what it has no room for.",
        has_reading("reconstructions"),
        width=2,
    ),
    "density": Chart(
        "Real and made points",
        drawing("density"),
        "Blue points are real, orange ones are made; the ground is the discriminator's verdict on each place, blue for "
        "real and orange for made. A green ring is a mode that the made points cover, a crossed red one is missed: "
        "look how the points follow the blue ground until it fades.",
        has_reading("density"),
        width=2,
        rows=2,
    ),
    "samples": Chart(
        "Made pictures",
        drawing("samples"),
        "Pictures that the generator makes, always from the same noise. Look for strokes that come out of the fog, and "
        "for pictures that are all alike; the slider over the run goes back in time.",
        has_reading("samples"),
        width=2,
    ),
    "verdicts": Chart(
        "The discriminator's verdicts",
        drawing("verdicts"),
        "What the discriminator says of real and of made examples. Two hills apart: it tells them from each other; one "
        "on the other: it can only guess.",
        has_reading("verdicts"),
    ),
}
