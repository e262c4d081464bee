"""The range test of learning rates: its button, what it found, and its chart."""

from nnviz.words.language import Table

RATE_TEST = Table(
    find=(
        "Find a rate",
        "Trains a copy of this network, as it is now, at a rate that grows with every update from tiny to huge, until "
        "the loss explodes: a range test (Smith 2017). It takes at most 200 updates. The run itself notices nothing.",
    ),
    take=("Set the rate to {rate}", "Takes effect at the next update, as if you had moved the slider."),
    take_base=(
        "Set the base rate to {rate}",
        "Takes effect at the next update, as if you had moved the slider; the schedule goes on.",
    ),
    close=("Close", "Take the chart away."),
)
RATE_FOUND = Table(
    progress="Trying learning rates on a copy: {percent} %",
    cancel="Cancel",
    found="From update {step:,} on, the loss stays near its least up to a rate of {edge}. A tenth of that, {rate}, is "
    "a good one to train with.",
    sound="This run diverged, so the test began at update {step:,}, where the weights were still sound. Up to a rate "
    "of {edge} the loss stays near its least. A tenth of that, {rate}, is a good one to train with.",
    held="From update {step:,} on, the loss stays near its least up to a rate of {edge}. At a tenth of that, {rate}, a "
    "copy trained soundly for 200 updates.",
    held_less="At {rate} a copy trained soundly for 200 updates from update {step:,} on. Higher rates are too high.",
    held_none="At none of the rates that were tried did a copy train soundly for 200 updates from update {step:,} on; "
    "{rate} is less than all of them.",
    scheduled="The test leaves the schedule out. Set, {rate} becomes the schedule's base, the highest rate that it "
    "comes to: at its present factor of {factor} the next update would be done at {next}.",
    none="From update {step:,} on, no rate changes the loss: look for weights that are all alike, or dead units.",
)
RATE_CURVE = Table(
    title="loss on a copy",
    batches="each batch",
    mean="running mean",
    suggested="suggested: {rate}",
    present="now: {rate}",
    base="base now: {rate}",
)
# Of the search of a race, whose best rate is at an end of what was tried.
EDGE = Table(
    low="The best rate of {lanes} is the smallest that was tried, {rate}: a better one may be smaller still.",
    high="The best rate of {lanes} is the largest that was tried, {rate}: a better one may be larger still.",
    on="Search on to {rate}",
)
