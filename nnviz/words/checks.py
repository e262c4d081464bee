"""The checks of a set-up: what they are, and what each found, in a sentence that says what to suspect."""

from nnviz.words.language import Table

CHECK = Table(
    title=(
        "Checks",
        "Check this set-up by three tests of a careful person before a long run (after Karpathy's recipe and CS231n): "
        "ten examples by heart, blank inputs, and gradients against differences.",
    ),
    run=("Run the checks", "Trains copies in the background; the run itself notices nothing."),
    again=("Run again", "With the settings on screen as they are now."),
)
CHECK_WORDS = Table(
    lead="Copies of this network, from its first weights, with the settings on screen. A small network takes a few "
    "seconds, a large one half a minute. The run goes on as it was.",
    cancel="Cancel",
    waiting="not yet",
    going="{percent} %",
)
# name: title, what it does
CHECKS: Table[tuple[str, str]] = Table(
    by_heart=(
        "Ten examples by heart",
        "Trains on ten examples alone until hardly any loss is left: a network that cannot do that will not "
        "learn more.",
    ),
    inputs=(
        "With blank inputs",
        "Trains two copies, one with the same input for all examples: on test examples that one must do clearly worse.",
    ),
    gradients=(
        "Gradients",
        "Compares the gradients that training goes by with differences of the loss in double precision, for a few "
        "weights of every layer.",
    ),
)
CHECKED = Table(
    heart_good="Learnt in {updates:,.0f} updates: {left:.1f} % of what a guess costs is left.",
    heart_slow="After {updates:,.0f} updates {left:.0f} % of what a guess costs is left. Suspect a rate that is too "
    "low or too high, a network that is too small, or too strong a weight decay.",
    heart_stuck="Nothing was learnt in {updates:,.0f} updates: {left:.0f} % of what a guess costs is left. Suspect "
    "first weights that are all alike, a rate far too low, dead units, or a wrong gradient.",
    heart_diverged="The loss left the finite numbers at update {updates:,.0f}. Suspect a learning rate far too high.",
    inputs_good="Of what a guess costs, {seen:.0f} % is left with the inputs and {blind:.0f} % without, after "
    "{updates:,.0f} updates each.",
    inputs_little="Of what a guess costs, {seen:.0f} % is left with the inputs and {blind:.0f} % without, after "
    "{updates:,.0f} updates each: that is little, but no accident. Try more layers or a longer run.",
    inputs_useless="The inputs help too little to tell from chance: of what a guess costs, {seen:.0f} % is left with "
    "them and {blind:.0f} % without. Suspect labels that do not belong to their inputs, or a network or rate that "
    "cannot learn this data in {updates:,.0f} updates.",
    inputs_leak="Without its inputs only {blind:.0f} % of what a guess costs is left. Suspect an answer that finds "
    "another way into the network.",
    inputs_diverged="The loss left the finite numbers at update {updates:,.0f}. Suspect a learning rate far too high.",
    gradients_good="All {count:.0f} agree; the worst, in {where}, is off by {error:.0e} of itself (below 1e-2 is "
    "right).",
    gradients_good_kinks="All {count:.0f} agree; the worst, in {where}, is off by {error:.0e} of itself (below 1e-2 is "
    "right). {kinks:.0f} more were left out: there the loss has a kink, as ReLU has at 0, and its slope is "
    "not the same on both sides.",
    gradients_wrong="Of {count:.0f}, the worst, in {where}, is off by {error:.0e} of itself; from 1e-2 on it is wrong. "
    "Suspect the backward pass of the activation or of the loss.",
    gradients_wrong_kinks="Of {count:.0f}, the worst, in {where}, is off by {error:.0e} of itself; from 1e-2 on it is "
    "wrong. Suspect the backward pass of the activation or of the loss. {kinks:.0f} more were left out: there the loss "
    "has a kink, as ReLU has at 0.",
)
