"""What a record's losses measure, in words; texts about them have a place for it, `{metric}`."""

from nnviz.words.language import Table, Text

LOSS = "loss"
METRICS = Table(
    loss="loss",
    reconstruction_error="reconstruction error",
    energy_distance="energy distance",
)


def of_metric(text: Text, metric: str) -> str:
    """Write a text, which was looked up already, for a metric."""
    return text.replace("{metric}", METRICS[metric])
