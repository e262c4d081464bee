"""The slider that goes back in a run, and what goes on from there."""

from nnviz.words.language import Table

PAST = Table(
    now="Now: update {step:,}",
    then="Update {step:,} of {end:,}",
    status="Every chart shows the moment after update {step:,}.",
    best="lowest test loss so far",
    branch="{lane} begins",
    end="diverged",
    run="Run",
    branch_name="Branch {number}",
)
BRANCHES = Table(
    focus=(
        "You steer and look at",
        "The charts of one network show the chosen lane, and the knobs turn it. The others go on as they are.",
    ),
    let_go=("Let it go", "End the chosen branch. The others go on."),
    way_out=(
        "Go on from update {step:,} with a tenth of the rate",
        "A branch goes on from the last moment kept before the loss began to run away, at a learning rate of {rates}.",
    ),
)
FORK = Table(
    title="Go on from update {step:,}",
    lead="A branch trains on from there, beside the run, which stays as it is. Change something, or nothing: then it "
    "repeats the run bit for bit, as long as nothing was turned later.",
    optimizer="Optimizer",
    same="{optimizer}, with its memory",
    fresh="{optimizer} begins with a fresh memory: it knows nothing of the gradients before.",
    go="Go on",
    nearest="The nearest moment that is kept in full is update {step:,}: the branch begins there.",
    refused="The run goes on without a branch: {reason}",
)
