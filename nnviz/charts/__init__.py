"""The charts that a page can show: one entry of CHARTS is one chart."""

from typing import TYPE_CHECKING

from nnviz.charts.baselines import errors, has_baseline
from nnviz.charts.by_layer import are_read, is_read
from nnviz.charts.chart import PLAIN_VIEW, Chart, Figure, View
from nnviz.charts.confusion import confusion_matrix
from nnviz.charts.curves import accuracy_curves, loss_curves
from nnviz.charts.facts import is_compared
from nnviz.charts.fits import (
    has_classes,
    has_line,
    has_one_player,
    has_pictures,
    has_plane,
    has_plane_and_hidden,
    has_players,
    has_search,
    is_drawn,
)
from nnviz.charts.gap import has_gap, train_test_gap
from nnviz.charts.groups import GROUPED_CHARTS
from nnviz.charts.lane_answers import lane_answers
from nnviz.charts.learning_rates import RATE_CHARTS
from nnviz.charts.network import network_drawing
from nnviz.charts.outcome import is_finished_race, lane_costs, outcome
from nnviz.charts.pictures import first_layer_filters, sample_pictures, worst_pictures
from nnviz.charts.plane import output_field
from nnviz.charts.playground import NETWORKS
from nnviz.charts.races import race_test_losses
from nnviz.charts.rate_curve import RANGE_TEST
from nnviz.charts.rates import loss_by_rate
from nnviz.charts.regression import fitted_curve
from nnviz.charts.scores import figure_curves, good_samples, has_distance, has_score, modes_covered
from nnviz.charts.shapes.charts import FAMILY_CHARTS
from nnviz.charts.standings import leaderboard
from nnviz.charts.units import hidden_unit_maps
from nnviz.charts.witnesses import eight_examples
from nnviz.records.run import Snapshot
from nnviz.words.errors import CHOICES, listed
from nnviz.words.language import message

if TYPE_CHECKING:
    import plotly.graph_objects as go

CHARTS: dict[str, Chart] = {
    **RANGE_TEST,
    "field": Chart(
        "Decision boundary",
        output_field,
        "What the network answers at every place of the plane: colour is its answer, strength its confidence. "
        "Filled circles are training points, hollow diamonds test points; look for points on ground of another colour.",
        has_plane,
    ),
    "fit": Chart(
        "Fitted curve",
        fitted_curve,
        "The data's points and the curve that the network draws through them, with a band of two standard deviations "
        "either way where it also learns the noise. Look for bends that follow single points: that is overfitting.",
        has_line,
        width=2,
    ),
    "sample": Chart(
        "Test pictures",
        sample_pictures,
        "The same 25 test pictures all the time, with the network's answer: a tick and a green frame where it is "
        "right, a cross and a red frame with the truth where it is wrong. Watch them turn green.",
        has_pictures,
    ),
    "loss": Chart(
        "Loss",
        loss_curves,
        "How wrong the network is, over time. Train batches: faint, each update's own batch as it was learnt from (in "
        "long runs every second, fourth ... one, and a pale band from the least to the greatest of all); bold, their "
        "running mean. Test, dashed: examples it never trains on, as measured now and then. A gap that opens between "
        "them: the network learns by heart. With dropout, batches are learnt from with units left out and measured "
        "with all: compare the numbers Train loss and Test loss then. The dotted line is what guessing costs: the best "
        "answer that takes no notice of the example. Drag across a stretch to come closer: that is drawn from every "
        "update.",
        has_one_player,
        width=2,
        follows_updates=True,
        over_time=True,
        has_stretches=True,
    ),
    "players": Chart(
        "Losses of the players",
        loss_curves,
        "What each player makes small, over time: faint, of single batches; bold, the running mean. They pull in "
        "opposite directions, so that neither has to fall: look for a balance, and for one that runs away. The dotted "
        "lines are what each pays where nobody can tell made examples from real ones. Drag across a stretch to come "
        "closer: that is drawn from every update.",
        has_players,
        width=2,
        follows_updates=True,
        over_time=True,
        has_stretches=True,
    ),
    **RATE_CHARTS,
    "test_loss": Chart(
        "Test {metric}",
        race_test_losses,
        "How wrong each lane is on examples that it never trains on. Fast is not all: look for a line that falls first "
        "and rises later, and for one that starts slowly and ends lowest. Drag the dashed target up and down.",
        is_compared,
        width=2,
        over_time=True,
    ),
    "accuracy": Chart(
        "Accuracy",
        accuracy_curves,
        "The share of examples that the network gets right, for those it trains on and for those it never sees. "
        "The dotted line is what pure guessing would reach.",
        has_classes,
        over_time=True,
    ),
    "test_error": Chart(
        "Error beside PCA",
        errors,
        "The mean squared error of what comes back of test pictures. The dashed line is principal component analysis, "
        "fitted to the same training examples, with as many components as the code has numbers: without noise, the "
        "best that a linear network can do on the examples it is fitted to.",
        has_baseline,
        over_time=True,
    ),
    "distance": Chart(
        "Distance to the data",
        figure_curves,
        "The energy distance between made examples and the data: 0 where nobody could tell two large samples apart, "
        "and a little below or above by chance. The players' losses need not fall; look whether this does.",
        has_distance,
        over_time=True,
    ),
    "modes": Chart(
        "Modes covered",
        modes_covered,
        "How many of the data's clouds get a fair number of made points: at least a tenth of their share within three "
        "standard deviations. A line that falls back is mode collapse.",
        has_score("modes"),
        over_time=True,
    ),
    "good": Chart(
        "Samples within a mode",
        good_samples,
        "The share of made points within three standard deviations of a cloud's centre; the rest lie between the "
        "clouds. Of the data's own points it is 98.9 %.",
        has_score("good"),
        over_time=True,
    ),
    **FAMILY_CHARTS,
    "hidden_units": Chart(
        "Hidden units",
        hidden_unit_maps,
        "What each hidden unit alone makes of the plane: blue above zero, orange below, blank near zero. The first "
        "layer draws straight edges, later ones combine them; a blank picture is a dead unit.",
        has_plane_and_hidden,
    ),
    "gallery": Chart(
        "Worst mistakes",
        worst_pictures,
        "Test pictures that the network takes for something else, at most 25, worst first: what it says, and what is "
        "true. Would you have known?",
        has_pictures,
    ),
    "confusion": Chart(
        "Confusion matrix",
        confusion_matrix,
        "Each row is a true class, each column what the network took it for. Right answers are the blue diagonal; "
        "orange cells are mistakes: look for the pair that is mixed up most.",
        has_classes,
    ),
    "network": Chart(
        "Network",
        network_drawing,
        "The whole network: each line is a weight, blue if positive and orange if negative, thicker if larger; of many "
        "weights the 200 largest. "
        "Look for units whose lines all fade, and for the few lines that carry the answer.",
        is_drawn,
    ),
    "filters": Chart(
        "First-layer weights",
        first_layer_filters,
        "The weights of first-layer units, as pictures: blue where ink speaks for the unit, orange where it speaks "
        "against. They start as noise; look for strokes and blobs that appear as it learns.",
        has_pictures,
    ),
    "lane_cost": Chart(
        "What an update costs",
        lane_costs,
        "The compute that one update of each lane takes, its own part of the round alone. A rule that needs fewer "
        "updates may still need more time: put seconds on the horizontal axis to see.",
        is_compared,
    ),
    "rates": Chart(
        "Loss by learning rate",
        loss_by_rate,
        "The training loss after short runs, for each learning rate that was tried. The big dots are the best of each "
        "lane, crosses at the top diverged. A wide valley forgives a bad guess, a narrow one does not.",
        has_search,
        width=2,
    ),
    "gap": Chart(
        "Train-test gap",
        train_test_gap,
        "By how much the loss on examples that it never sees lies above that on examples it trains on, both measured "
        "alike. Healthy: near 0. A line that keeps rising is learning by heart.",
        has_gap,
        over_time=True,
    ),
    "witnesses": Chart(
        "Eight test examples",
        eight_examples,
        "What the network answers to the first eight test examples over time: the probability that it gives to the "
        "truth, or the number itself. Healthy: lines that rise and stay; one that falls late is being forgotten.",
        is_read("witnesses"),
        over_time=True,
    ),
    "lane_witnesses": Chart(
        "Eight test examples of each lane",
        lane_answers,
        "What each lane answers to the same eight test examples over time: the probability that it gives to the truth, "
        "or the number itself. Look for lanes whose lines jump up and down: their steps are large for these examples.",
        are_read("witnesses"),
        width=3,
        over_time=True,
    ),
    **GROUPED_CHARTS,
}

TABLES: dict[str, Chart] = {
    "leaderboard": Chart(
        "Leaderboard",
        leaderboard,
        "The lanes by their present test {metric}. Best is the lowest it ever was; to target is when it first stood at "
        "or below the dashed line of the test {metric}, between two measurements. Point at a lane to bring it out "
        "everywhere.",
        is_compared,
        width=3,
    ),
    "podium": Chart(
        "Podium",
        outcome,
        "One sentence for each lane, from what was measured and nothing else.",
        is_finished_race,
        width=3,
        over_time=True,
    ),
}


def figure(chart_id: str, snapshot: Snapshot, view: View = PLAIN_VIEW) -> "go.Figure":
    """Draw a chart as a `plotly` figure for export; raises ValueError naming the choices for an unknown id."""
    if chart_id not in CHARTS:
        raise ValueError(message(CHOICES["chart"], name=chart_id, choices=listed(CHARTS)))
    import plotly.graph_objects as go  # only an export pays for it

    return go.Figure(CHARTS[chart_id].draw(snapshot, view))


__all__ = ["CHARTS", "NETWORKS", "PLAIN_VIEW", "TABLES", "Chart", "Figure", "View", "figure"]
