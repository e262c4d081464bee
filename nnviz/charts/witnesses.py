"""The answers to a few test examples over time."""

from dataclasses import replace

from nnviz.charts.by_layer import Quantity, by_layer
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.fits import has_classes
from nnviz.charts.layer_readings import reading
from nnviz.records.run import Snapshot

WITNESSES = Quantity("witnesses", reading("witnesses"), is_share=True)
_NUMBERS = replace(WITNESSES, name="witness_numbers", is_share=False)


def eight_examples(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the probability of the truth of each example, or the number that is answered."""
    return by_layer(answers_of(snapshot))(snapshot, view)


def answers_of(snapshot: Snapshot) -> Quantity:
    """Return what is drawn of the data of a run."""
    return WITNESSES if has_classes(snapshot) else _NUMBERS
