"""What the charts and tables of a race say, together so that a second language is one more table."""

from collections.abc import Mapping

from nnviz.words.language import Table

WORDS: Mapping[str, str] = Table(
    diverged="{lane} diverged at update {step}",
    one_diverged="{lane}: 1 of {seeds} seeds diverged at update {step}",
    some_diverged="{lane}: {lost} of {seeds} seeds diverged, the first at update {step}",
    all_diverged="{lane}: all {seeds} seeds diverged, the first at update {step}",
    failed="{lane} stopped with an error",
    median="median; {seeds} seeds:",
    target="target {loss}",
    start="before training",
    before="earlier run, {updates} updates",
    before_lost="earlier run, diverged at {updates}",
    no_log="linear: some are 0 or below",
    lost_log="log: it exploded",
    lost="diverged at update {step}",
    last_finite="last finite loss {loss}",
    not_wanted="Not measured: it costs time",
    untried="Search for learning rates to see this picture",
)


# id of the column: its head, its help
COLUMNS: Mapping[str, tuple[str, str]] = Table(
    rank=("#", "Place by the present test {metric}; lanes that diverged come last."),
    lane=("Optimizer", "Point at a row to bring its lane out in every chart; click to keep it there."),
    test_loss=("Test {metric}", "Mean {metric} on examples that training never sees, at the last evaluation."),
    best=("Best", "The lowest test {metric} so far. Far below the present one: it was there and has left again."),
    accuracy=("Accuracy", "Share of test examples whose most probable class is right."),
    target=("To target", "Updates until the test {metric} was at the target: between these two evaluations."),
    speed=("µs per update", "Compute of one update of this lane alone, in millionths of a second."),
    updates=("Updates", "Steps of the optimizer so far."),
    status=("Status", "Whether the lane is still training, and whether it diverged."),
)

NO_MISTAKES = "No mistakes: all test pictures are right"
TOO_TALL = "More than {most} units in a layer: too many to draw"

JUDGED_AT = "Losses and accuracies are those after update {step}: lanes are judged at updates that the link decides."
SEVERAL_SEEDS = "Losses and accuracies are medians over {seeds} seeds; seeds that diverged do not count."

STATES: Mapping[str, str] = Table(
    ready="ready",
    waiting="waiting",
    starting="starting",
    running="training",
    paused="paused",
    asleep="asleep",
    done="finished",
    stopped="stopped",
    failed="failed",
    diverged="diverged at {step}",
    some_diverged="{state}, {lost} of {seeds} seeds diverged",
    all_diverged="all {seeds} seeds diverged",
)

# Parts of the podium's sentences, in the order in which they are put together.
PODIUM: Mapping[str, str] = Table(
    unmeasured="{lane} has not been measured yet",
    failed="{lane} stopped with an error after {updates} updates",
    diverged="{lane} diverged at update {step}",
    all_diverged="{lane} diverged with all {seeds} seeds, the first at update {step}",
    best_before="its best test {metric} until then was {best} at update {best_step}",
    over="{lane} ended in place {rank} of {count} with a {kind} of {loss}{right}",
    so_far="{lane} is in place {rank} of {count} with a {kind} of {loss}{right}",
    accuracy=" and {accuracy} right",
    one_kind="test {metric}",
    median_kind="median test {metric}",
    seeds="its {seeds} seeds lie between {low} and {high}",
    one_diverged="1 of {seeds} seeds diverged at update {step}",
    some_diverged="{lost} of {seeds} seeds diverged, the first at update {step}",
    other_seeds="the other {left} lie between {low} and {high}",
    early="it was in front after the first tenth, at update {early_step}",
    rose="it had been at {best} at update {best_step} and now stands {percent} % above that",
    rose_far="it had been at {best} at update {best_step} and now stands {times} times as high",
    best="its best was {best} at update {best_step}",
    it="it",
    middle_seed="its middle seed",
    reached="{who} got to {target} between updates {above} and {below}",
    reached_first="{who} was the first to get to {target}, between updates {above} and {below}",
    at_start="{who} was at {target} from the start",
    missed="no evaluation found {who} at {target} or below",
    missed_so_far="no evaluation has found {who} at {target} or below yet",
    fastest="{who} took the least compute to get there, {seconds} s",
)

OUTCOME = Table(rank="#", told="What happened")

AXES = Table(
    updates="updates",
    epochs="epochs",
    examples="examples seen",
    seconds="seconds of training",
    seconds_alone="seconds of compute of each lane alone",
)

# Words within the charts: titles of axes, names of lines, and what is said where the pointer is.
PLOT = Table(
    ready="Nothing trained yet",
    starting="Starting …",
    waiting="Waiting for a free place …",
    failed="This run failed",
    unmeasured="Nothing measured yet",
    weight="weight",
    gradient="gradient",
    activation="activation",
    update="update",
    dead_units="dead units",
    ratio="update / parameter",
    rule="rule of thumb",
    prediction="prediction",
    truth="truth",
    mistaken="is {truth}, taken for {prediction}: {count}",
    verdict="is {truth}",
    says="says {prediction}, is {truth}",
    confidence="confidence {share} %",
    filters="the first {count} units; full colour: ±{limit}",
    full_colour="full colour: ±{limit}",
    accuracy="accuracy (%)",
    test_accuracy="test accuracy (%)",
    test_metric="test {metric}",
    rate="learning rate",
    training_loss="training loss",
    training_loss_after="training loss after {updates} updates",
    player_loss="{player}'s loss",
    guessing="guessing",
    price="guessing: {loss}",
    undecided="{player}, nobody can tell: {loss}",
    train="train",
    test="test",
    spread="all train batches",  # from the least to the greatest, where the line does not show all
    batches="train batches",  # not "train": that is what records measure, without dropout
    tested="{name}, test",
    second_class="P(second class) = {share} %",
    network="network",
    changes="changes",
    diverged="diverged",
    at="{lane} {loss} at {rate}",
    diverged_at="{lane} diverged at {rate}",
    best_at="{lane}: best at {rate}, loss {loss}",
    share_at="{lane}: {share} % at {value}",
    costs="µs of compute per update",
    cost="{lane} {cost} µs",
    share="share (%)",
    step="step",
    stepped="{lane}<br>step {step}: {value}",
    diverged_at_step="{lane} diverged at step {step}",
    height="height",
    squeezed_height="height, log-like",
    value="value",
    minus_gradient="− gradient",
    minus_velocity="− velocity",
    no_hidden="No hidden layer",
    scale="scale (log size)",
    arrow="{name} (log length)",
    distance="distance to the nearest minimum",
    covered="covered",
    not_covered="not covered",
    within_a_mode="samples within a mode (%)",
    modes="modes covered",
    all="all",
    to_training="to training examples",
    to_test="to test examples",
    pca="PCA",
    noisy="noisy pictures",
    minimum="minimum",
    start="start",
    layer="layer {number}",
    depth="layer, first to last",
    gradient_norm="gradient norm",
    cosine="cosine",
    saturated_units="saturated values",
    twin_units="twin units",
    noise_scale="noise scale (examples)",
    batch_size="batch size",
    alpha="alpha",
    moved="distance from the start",
    effective_rank="effective rank",
    hessian_trace="trace of the Hessian",
    of_layer="{quantity}, {layer}",
    witnesses="probability of the truth",
    witness_numbers="answer",
    gap="test loss − train loss",
    whole="whole network",
    mean_and_std="mean {mean}, std {std}",
    percentile="{share} % lie below",
    healthy="healthy",
    parameters="{count} parameters",
    costs_of="{name}: {parameters} parameters, {multiply_adds} multiply-adds",
    sharpness="sharpness",
    two_over_rate="2 / learning rate",
    stable="stable below",
    stable_of="{lane}, stable below",
    stable_above="stable below {limit}, far above ↑",
    largest="the {count} largest of {total} weights",
)
# What groups of charts are headed by.
GROUPS = Table(step_size="Step size", gradients="Gradients", curvature="Curvature")
# Heads of the table of parameters.
PARAMETERS = Table(
    name="name",
    shape="shape",
    count="count",
    first="first values",
    mean="mean",
    std="std",
    norm="norm",
    moved="moved",
    ratio="update ratio",
)
