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
    wait=(
        "The others wait until it is level",
        "It trains alone at full speed to where the run is, then goes in step with it. Else it trails by {behind:,} "
        "updates.",
    ),
    focus=(
        "You steer and look at",
        "The charts of one network show the chosen lane, and the knobs turn it. The others go on as they are.",
    ),
    let_go=("Let it go", "End this branch. The others go on."),
    catch_up=("Catch up", "The branch trains alone at full speed until it is level; the others wait meanwhile."),
    stay=("Go on together", "The others wait no longer; the branch stays as far behind as it is now."),
)
BRANCH = Table(
    catching="{lanes}: catching up alone at full speed while the run goes on; the others wait.",
    behind="{lanes}: behind the rest of the run.",
    ahead="The link lets branches begin after update {steps}.",
    begun="Goes on from {parent} at update {step:,}, with {optimizer}.",
    begun_alone="Goes on from update {step:,} of a lane that has been let go, with {optimizer}.",
    to_go="{lane} catches up: {count:,} updates to go. The others wait.",
)
FORK = Table(
    title="Go on from update {step:,}",
    lead="A branch trains on from there, beside the run, which stays as it is. Change something, or nothing: then it "
    "repeats the run bit for bit, as long as nothing was turned later.",
    optimizer="Optimizer",
    same="{optimizer}, with its memory",
    fresh="{optimizer} begins with a fresh memory: it knows nothing of the gradients before.",
    lane="Of which lane",
    full="This run has {most} lanes, as many as a run can have. Let a branch go first, or begin with fewer lanes.",
    go="Go on",
    nearest="The nearest moment that is kept in full is update {step:,}: the branch begins there.",
    refused="The run goes on without a branch: {reason}",
)
