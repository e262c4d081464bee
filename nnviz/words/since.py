"""What the loss has done since a live change: whole sentences, by what happened and which way the knob went."""

from collections.abc import Mapping

from nnviz.words.language import Text

SINCE: Mapping[tuple[str, str], Text] = {
    ("fell", "up"): "Loss fell from {before} to {now} since {knob} was raised.",
    ("fell", "down"): "Loss fell from {before} to {now} since {knob} was lowered.",
    ("fell", "both"): "Loss fell from {before} to {now} since the last changes.",
    ("rose", "up"): "Loss rose from {before} to {now} since {knob} was raised.",
    ("rose", "down"): "Loss rose from {before} to {now} since {knob} was lowered.",
    ("rose", "both"): "Loss rose from {before} to {now} since the last changes.",
    ("same", "up"): "No clear change of the loss yet since {knob} was raised.",
    ("same", "down"): "No clear change of the loss yet since {knob} was lowered.",
    ("same", "both"): "No clear change of the loss yet since the last changes.",
    ("never", "up"): "No clear change of the loss since {knob} was raised.",
    ("never", "down"): "No clear change of the loss since {knob} was lowered.",
    ("never", "both"): "No clear change of the loss since the last changes.",
    ("lost", "up"): "That was {updates} updates after {knob} was raised.",
    ("lost", "down"): "That was {updates} updates after {knob} was lowered.",
    ("lost", "both"): "That was {updates} updates after the last changes.",
}
# Knobs that have an article within a sentence, by their label; the others stand there as they are.
KNOBS: Mapping[str, Text] = {"Learning rate": "the learning rate", "Batch size": "the batch size"}
