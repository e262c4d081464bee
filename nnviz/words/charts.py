"""What the charts and tables of a race say, together so that a second language is one more table."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "diverged": "{lane} diverged at update {step}",
    "one_diverged": "{lane}: 1 of {seeds} seeds diverged at update {step}",
    "some_diverged": "{lane}: {lost} of {seeds} seeds diverged, the first at update {step}",
    "all_diverged": "{lane}: all {seeds} seeds diverged, the first at update {step}",
    "failed": "{lane} stopped with an error",
    "median": "median; {seeds} seeds:",
    "target": "target {loss}",
    "start": "before training",
    "before": "earlier run, {updates} updates",
    "before_lost": "earlier run, diverged at {updates}",
    "no_log": "linear: some are 0 or below",
    "lost_log": "log: it exploded",
    "lost": "diverged at update {step}",
    "last_finite": "last finite loss {loss}",
    "untried": "Search for learning rates to see this picture",
}


def fitting(text: str, figure: str) -> str:
    """Write a text about losses of records for records that measure something else, such as a distance."""
    if figure == "loss":
        return text
    text = text.replace("Mean loss on", f"{figure.capitalize()} on")
    for kind in ("test", "Test", "Train"):
        text = text.replace(f"{kind} loss", f"{kind} {figure}")
    return text


# id of the column: its head, its help
COLUMNS: Mapping[str, tuple[str, str]] = {
    "rank": ("#", "Place by the present test loss; lanes that diverged come last."),
    "lane": ("Optimizer", "Point at a row to bring its lane out in every chart; click to keep it there."),
    "test_loss": ("Test loss", "Mean loss on examples that training never sees, at the last evaluation."),
    "best": ("Best", "The lowest test loss so far. Far below the present one: it was there and has left again."),
    "accuracy": ("Accuracy", "Share of test examples whose most probable class is right."),
    "target": ("To target", "Updates until the test loss was at the target: between these two evaluations."),
    "speed": ("µs per update", "Compute of one update of this lane alone, in millionths of a second."),
    "updates": ("Updates", "Steps of the optimizer so far."),
    "status": ("Status", "Whether the lane is still training, and whether it diverged."),
}

NO_MISTAKES = "No mistakes: all test pictures are right"
TOO_TALL = "More than {most} units in a layer: too many to draw"

JUDGED_AT = "Losses and accuracies are those after update {step}: lanes are judged at updates that the link decides."
SEVERAL_SEEDS = "Losses and accuracies are medians over {seeds} seeds; seeds that diverged do not count."

STATES: Mapping[str, str] = {
    "ready": "ready",
    "waiting": "waiting",
    "starting": "starting",
    "running": "training",
    "paused": "paused",
    "asleep": "asleep",
    "done": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "diverged": "diverged at {step}",
    "some_diverged": "{state}, {lost} of {seeds} seeds diverged",
    "all_diverged": "all {seeds} seeds diverged",
}

# Parts of the podium's sentences, in the order in which they are put together.
PODIUM: Mapping[str, str] = {
    "unmeasured": "{lane} has not been measured yet",
    "failed": "{lane} stopped with an error after {updates} updates",
    "diverged": "{lane} diverged at update {step}",
    "all_diverged": "{lane} diverged with all {seeds} seeds, the first at update {step}",
    "best_before": "its best test loss until then was {best} at update {best_step}",
    "over": "{lane} ended in place {rank} of {count} with a {kind} of {loss}{right}",
    "so_far": "{lane} is in place {rank} of {count} with a {kind} of {loss}{right}",
    "accuracy": " and {accuracy} right",
    "one_kind": "test loss",
    "median_kind": "median test loss",
    "seeds": "its {seeds} seeds lie between {low} and {high}",
    "one_diverged": "1 of {seeds} seeds diverged at update {step}",
    "some_diverged": "{lost} of {seeds} seeds diverged, the first at update {step}",
    "other_seeds": "the other {left} lie between {low} and {high}",
    "early": "it was in front after the first tenth, at update {early_step}",
    "rose": "it had been at {best} at update {best_step} and now stands {percent} % above that",
    "rose_far": "it had been at {best} at update {best_step} and now stands {times} times as high",
    "best": "its best was {best} at update {best_step}",
    "it": "it",
    "middle_seed": "its middle seed",
    "reached": "{who} got to {target} between updates {above} and {below}",
    "reached_first": "{who} was the first to get to {target}, between updates {above} and {below}",
    "at_start": "{who} was at {target} from the start",
    "missed": "no evaluation found {who} at {target} or below",
    "missed_so_far": "no evaluation has found {who} at {target} or below yet",
    "fastest": "{who} took the least compute to get there, {seconds} s",
}

OUTCOME = {"rank": "#", "told": "What happened"}
