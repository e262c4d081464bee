"""The charts of a race: facts over seeds, marks, and figures that say which lane is which."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from nnviz.charts import CHARTS, View, bands
from nnviz.charts.bands import Band, band
from nnviz.charts.changes import turns
from nnviz.charts.chart import Figure
from nnviz.charts.facts import Series, clock
from nnviz.charts.palette import lane_styles
from nnviz.charts.racers import racers
from nnviz.records.rate_grid import RateGrid
from nnviz.records.run import Comparison, Curve, Lane, Mark, Snapshot, comparison_of
from nnviz.records.status import Status
from nnviz.records.tier import Tier
from nnviz.runs.timeline import snapshot_of
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Detail, Experiment, Observer
from nnviz.training.measure import at_tier
from nnviz.ui.board.payload import encode
from tests.snapshots import RACERS, lane, many_lanes, race, racer_lane, running, searched, turned, wild

CURVES = ("loss", "test_loss", "accuracy")
PANELS = ("lane_weights", "lane_updates")
LANES = [*CURVES, *PANELS, "rates"]


def line(*points: tuple[float, float]) -> Series:
    x, y = np.array(points, dtype=np.float32).T
    return Series(x, y)


def flat(low: float, high: float, end: float | None = None) -> Band:
    """Return a band that goes from `high` down to `low`, or up to `end`."""
    y = np.array([high, low if end is None else end], dtype=np.float32)
    return Band(np.array([0, 1], dtype=np.float32), y, y, y)


def of_lane(figure: Figure, label: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace.get("meta", {}).get("lane") == label]


def main_line(figure: Figure, label: str) -> dict[str, Any]:
    (found,) = [trace for trace in of_lane(figure, label) if trace.get("showlegend", True)]
    return found


def texts(figure: Figure) -> list[str]:
    return [note["text"] for note in figure["layout"]["annotations"]]


def with_marks(snapshot: Snapshot, **marks: list[tuple[int, str]]) -> Snapshot:
    """Give the lanes of some racers (by label) live changes, and take all others away."""
    lanes = [
        replace(
            lane_,
            marks=tuple(Mark(step, step / 25, step / 800, turned(text)) for step, text in marks.get(lane_.label, [])),
        )
        for lane_ in snapshot.lanes
    ]
    return replace(snapshot, lanes=tuple(lanes))


def test_lanes_are_grouped_by_racer_and_the_old_ones_by_label() -> None:
    assert [len(racer.lanes) for racer in racers(race("digits", 3))] == [3] * 8
    assert [racer.label for racer in racers(race("digits", 3))] == list(RACERS.values())
    old = many_lanes("digits")
    assert {one.racer for one in old.lanes} == {0}
    assert [racer.label for racer in racers(old)] == [one.label for one in old.lanes]
    assert len(racers(running("digits"))) == 1


def test_two_racers_make_a_race_and_two_seeds_do_not() -> None:
    like = lane("digits", 100, 3)
    seeds = tuple(racer_lane("digits", 6, seed, like) for seed in range(2))
    snapshot = Snapshot(1, Status.RUNNING, None, seeds)
    assert snapshot.comparison == Comparison.SINGLE
    other = racer_lane("digits", 0, 0, like)
    assert replace(snapshot, lanes=(*seeds, other)).comparison == Comparison.RACE


def test_networks_that_differ_in_more_than_their_optimizer_are_twins_and_three_of_them_race() -> None:
    first, other = (racer_lane("digits", racer, 0, lane("digits", 100, 3)) for racer in (6, 0))
    twin = replace(other, spec=other.spec.with_(activation=Choice("tanh")))
    assert comparison_of((first, twin)) == Comparison.TWIN
    assert comparison_of((first, other, replace(twin, racer=1))) == Comparison.RACE


def test_a_band_is_the_median_and_the_extremes_where_all_seeds_have_points() -> None:
    found = band([line((0, 0), (2, 4), (4, 8)), line((1, 10), (3, 10), (5, 10)), line((0, -1), (5, -1))])
    assert found.x.tolist() == [2, 4]
    assert found.middle.tolist() == [4, 8]
    assert (found.low.tolist(), found.high.tolist()) == ([-1, -1], [10, 10])


def test_a_band_reaches_to_the_end_of_the_shortest_seed() -> None:
    found = band([line((0, 0), (2, 2), (4, 4)), line((0, 1), (3, 1))])
    assert found.x.tolist() == [0, 2, 3]
    assert found.high.tolist() == [1, 2, 3]


def test_seeds_measured_at_other_steps_are_interpolated() -> None:
    found = band([line((0, 0), (10, 0)), line((0, 2), (4, 6), (10, 12))])
    assert found.middle.tolist() == [1, 6]


def test_a_single_seed_is_left_as_it_is_and_a_missing_one_leaves_nothing() -> None:
    only = line((0, 3), (1, 2))
    assert band([only]).middle is only.y
    assert len(band([only, Series(only.x[:0], only.y[:0])]).x) == len(band([]).x) == 0


def test_a_seed_that_diverged_has_no_part_in_the_band() -> None:
    snapshot = race("digits", 3)
    (momentum,) = [racer for racer in racers(snapshot) if racer.label == "Momentum"]
    found = bands.recorded(momentum, clock("updates", snapshot), lambda record: record.test_loss)
    assert found.x[-1] == 600
    assert len(momentum.shown) == 2
    assert found.high[-1] == pytest.approx(momentum.shown[1].records[-1].test_loss)


def test_a_racer_that_shoots_up_does_not_decide_how_far_the_axis_reaches() -> None:
    calm = [flat(0.1, 2.0), flat(0.3, 2.0), flat(0.2, 2.0)]
    assert bands.ceiling(calm, []) == 2.0
    wild_ones = [*calm, flat(0.1, 2.0, end=500.0)]
    assert bands.ceiling(wild_ones, []) == pytest.approx(0.1 + 2.5 * 1.9)
    assert bands.ceiling(calm, [flat(0, 2, end=1e9)]) == 2.0


def test_where_all_racers_are_lost_their_first_losses_decide() -> None:
    assert bands.ceiling([], [flat(0, 2, end=1e9), flat(0, 2, end=1e20)]) == 10.0
    assert bands.ceiling([], []) is None


def test_losses_below_zero_can_be_shown() -> None:
    top = bands.ceiling([flat(-3, -1), flat(-2, -1)], [])
    assert top == -1


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("seeds", [1, 3])
def test_each_racer_has_one_line_in_the_legend_in_its_own_style(name: str, seeds: int) -> None:
    snapshot = race("digits", seeds)
    drawn = CHARTS[name].draw(snapshot, View())
    shown = [trace for trace in drawn["data"] if trace.get("showlegend", True)]
    assert [trace["name"] for trace in shown] == list(RACERS.values())
    looks = [(trace["line"]["color"], trace["line"]["dash"]) for trace in shown]
    assert looks == [tuple(style) for style in lane_styles(snapshot.lanes)[::seeds]]


@pytest.mark.parametrize("name", LANES)
@pytest.mark.parametrize("seeds", [1, 3])
def test_every_trace_of_a_racer_says_whose_it_is(name: str, seeds: int) -> None:
    drawn = CHARTS[name].draw(race("digits", seeds), View())
    assert all(of_lane(drawn, label) for label in RACERS.values())
    assert [trace["name"] for trace in drawn["data"] if "meta" not in trace] == ["changes"] * (name in CURVES)


def test_several_seeds_are_a_median_in_a_band_that_says_its_ends() -> None:
    snapshot = race("digits", 3)
    drawn = CHARTS["test_loss"].draw(snapshot)
    area, median = [trace for trace in of_lane(drawn, "SGD") if trace["mode"] == "lines"]
    losses = np.array([[record.test_loss for record in one.records] for one in snapshot.lanes[:3]])
    assert median["y"] == pytest.approx(np.median(losses, axis=0))
    assert median["customdata"] == pytest.approx(np.column_stack([losses.min(axis=0), losses.max(axis=0)]))
    assert area["y"] == pytest.approx(np.concatenate([losses.max(axis=0), losses.min(axis=0)[::-1]]))
    assert (area["fill"], area["line"]["width"], area["legendgroup"]) == ("toself", 0, "SGD")


def test_a_single_seed_has_no_band() -> None:
    drawn = CHARTS["test_loss"].draw(race("digits"))
    assert not [trace for trace in drawn["data"] if "fill" in trace]


def test_the_loss_of_a_race_is_the_training_loss_and_nothing_else() -> None:
    drawn = CHARTS["loss"].draw(race("digits"), View(smoothing=0.0))
    adam = next(one for one in race("digits").lanes if one.label == "Adam")
    shown = main_line(drawn, "Adam")
    kept = np.isin(adam.curve.steps, shown["x"])
    assert shown["y"] == pytest.approx(adam.curve.losses[kept])


def test_accuracy_of_a_race_is_that_of_the_test_examples() -> None:
    snapshot = race("digits")
    drawn = CHARTS["accuracy"].draw(snapshot)
    adam = next(one for one in snapshot.lanes if one.label == "Adam")
    assert main_line(drawn, "Adam")["y"] == pytest.approx(
        [100 * (record.test_accuracy or 0) for record in adam.records], abs=1e-4
    )


@pytest.mark.parametrize("log", [False, True])
def test_the_target_is_a_line_that_can_be_dragged_and_is_in_sight(log: bool) -> None:
    drawn = CHARTS["test_loss"].draw(race("digits"), View(target=0.01, log_loss=log))
    (shape,) = drawn["layout"]["shapes"]
    assert (shape["name"], shape["editable"], shape["y0"], shape["y1"]) == ("target", True, 0.01, 0.01)
    assert shape["label"]["text"] == "target 0.01"
    low, high = drawn["layout"]["yaxis"]["range"]
    assert low < (np.log10(0.01) if log else 0.01) < high


@pytest.mark.parametrize("view", [View(), View(target=float("nan"))])
def test_a_target_that_cannot_be_shown_is_not_drawn(view: View) -> None:
    assert CHARTS["test_loss"].draw(race("digits"), view)["layout"]["shapes"] == []


@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("name", ["loss", "test_loss"])
def test_losses_below_zero_are_all_drawn_and_the_axis_says_that_it_is_linear(name: str, seeds: int) -> None:
    snapshot = race("regression", seeds)
    lanes = [
        replace(
            one,
            curve=replace(one.curve, losses=one.curve.losses - 1.5),
            records=tuple(replace(part, test_loss=part.test_loss - 1.5) for part in one.records),
        )
        for one in snapshot.lanes
    ]
    below = replace(snapshot, lanes=tuple(lanes))
    asked, plain = (CHARTS[name].draw(below, View(log_loss=log)) for log in (True, False))
    assert asked["layout"]["yaxis"]["title"]["text"].endswith(" loss (linear: some are 0 or below)")
    assert "type" not in asked["layout"]["yaxis"]
    assert asked["layout"]["yaxis"]["range"] == plain["layout"]["yaxis"]["range"]
    line = main_line(asked, "Adam")
    assert (line["y"] < 0).any()
    assert len(line["x"]) == len(main_line(CHARTS[name].draw(snapshot, View()), "Adam")["x"])
    assert CHARTS[name].draw(snapshot, View(log_loss=True))["layout"]["yaxis"]["type"] == "log"


def test_a_target_below_zero_needs_a_linear_axis() -> None:
    drawn = CHARTS["test_loss"].draw(race("digits"), View(target=-1.0, log_loss=True))
    assert "linear" in drawn["layout"]["yaxis"]["title"]["text"]
    assert drawn["layout"]["shapes"][0]["y0"] == -1.0


def test_the_axis_of_examples_counts_examples() -> None:
    drawn = CHARTS["test_loss"].draw(race("digits"), View("examples"))
    assert drawn["layout"]["xaxis"]["title"]["text"] == "examples seen"
    assert main_line(drawn, "Adam")["x"][-1] == 600 / 25 * 1437


def test_a_change_of_one_racer_names_it_and_wears_its_colour() -> None:
    snapshot = with_marks(race("digits", 3), Adam=[(90, "Learning rate 0.003 → 0.03")])
    drawn = CHARTS["test_loss"].draw(snapshot)
    (mark,) = [trace for trace in of_lane(drawn, "Adam") if trace["name"] == "changes"]
    assert mark["text"][0] == "Adam: Learning rate 0.003 → 0.03"
    assert mark["x"][0] == 90
    assert mark["line"]["color"] == main_line(drawn, "Adam")["line"]["color"]
    assert "Adam: Learning rate 0.003 → 0.03" in texts(drawn)


def test_a_change_of_all_racers_is_named_once() -> None:
    changes = {label: [(90, "Batch size 32 → 64")] for label in RACERS.values()}
    found = turns(racers(with_marks(race("digits", 3), **changes)))
    assert [turn.text for turn in found] == ["Batch size 32 → 64"]


def test_a_change_of_all_from_different_values_names_the_new_one() -> None:
    changes = {label: [(90, f"Learning rate {at}e-05 → 0.3")] for at, label in enumerate(RACERS.values(), 1)}
    found = turns(racers(with_marks(race("digits"), **changes)))
    assert [turn.text for turn in found] == ["Learning rate → 0.3"]


def test_a_change_of_all_that_one_did_not_take_is_each_ones_own() -> None:
    changes = {label: [(90, "Batch size 32 → 64")] for label in RACERS.values() if label != "Adam"}
    found = turns(racers(with_marks(race("digits"), **changes)))
    assert len(found) == 7
    assert found[0].text == "SGD: Batch size 32 → 64"


@pytest.mark.parametrize("at", [300, 400])
def test_a_racer_that_is_gone_need_not_take_a_change_of_all(at: int) -> None:
    changes = {label: [(at, "Batch size 32 → 64")] for label in RACERS.values() if label != "Momentum"}
    found = turns(racers(with_marks(race("digits"), **changes)))
    assert [turn.text for turn in found] == ["Batch size 32 → 64"]


@pytest.mark.parametrize("name", CURVES)
def test_a_lane_that_diverged_is_named_and_marked_where_it_did(name: str) -> None:
    drawn = CHARTS[name].draw(race("digits"))
    assert "Momentum diverged at update 300" in texts(drawn)
    (cross,) = [trace for trace in of_lane(drawn, "Momentum") if trace["mode"] == "markers"]
    assert cross["x"].tolist() == [300]
    assert drawn["layout"]["yaxis"]["range"][1] < 103


def test_seeds_that_diverged_are_counted() -> None:
    assert "Momentum: 1 of 3 seeds diverged at update 300" in texts(CHARTS["loss"].draw(race("digits", 3)))
    like = lane("digits", 100, 5)
    lost = tuple(wild(racer_lane("digits", 0, seed, like)) for seed in range(3))
    other = racer_lane("digits", 6, 0, like)
    drawn = CHARTS["loss"].draw(Snapshot(1, Status.RUNNING, None, (*lost, other)))
    assert "SGD: all 3 seeds diverged, the first at update 100" in texts(drawn)


@pytest.mark.parametrize("name", PANELS)
def test_each_racer_has_a_panel_under_its_name_on_the_same_values(name: str) -> None:
    drawn = CHARTS[name].draw(race("digits", 3))
    assert texts(drawn) == list(RACERS.values())
    assert len({trace["xaxis"] for trace in drawn["data"]}) == 8
    ranges = [tuple(part["range"]) for key, part in drawn["layout"].items() if key.startswith("xaxis")]
    assert len(ranges) == 8
    assert len(set(ranges)) == 1
    assert all((trace["x"] == drawn["data"][0]["x"]).all() for trace in drawn["data"])


def test_panels_of_weights_show_the_start_and_those_of_updates_do_not() -> None:
    weights, updates = (CHARTS[name].draw(race("digits"))["data"] for name in PANELS)
    assert [trace["name"] for trace in weights[:2]] == ["SGD", "before training"]
    assert len(weights) == 16
    assert len(updates) == 8
    now, start = (float(np.sum(trace["y"] * trace["x"] ** 2)) for trace in weights[:2])
    assert now > 2 * start


def test_panels_show_shares_of_the_newest_drawable_histogram() -> None:
    drawn = CHARTS["lane_weights"].draw(race("digits"), View(layer="layer 2"))
    sums = [float(trace["y"].sum()) for trace in drawn["data"]]
    assert all(90 < total <= 100.01 for total in sums)
    first = CHARTS["lane_weights"].draw(race("digits"))
    assert (first["data"][0]["y"] != drawn["data"][0]["y"]).any()


def test_the_search_shows_every_loss_and_marks_the_best() -> None:
    snapshot, found = race("digits"), searched()
    drawn = CHARTS["rates"].draw(snapshot)
    every, crosses, best = of_lane(drawn, "SGD")
    assert every["x"] == pytest.approx(found.rates)
    assert every["y"] == pytest.approx(np.where(np.isinf(found.losses[0]), np.nan, found.losses[0]), nan_ok=True)
    assert crosses["x"] == pytest.approx(found.rates[np.isinf(found.losses[0])])
    column = found.chosen[0]
    assert column is not None
    assert (best["x"][0], best["y"][0]) == pytest.approx((found.rates[column], found.losses[0, column]))
    assert best["marker"]["size"] > every["marker"]["size"]
    assert best["text"] == [f"{found.rates[column]:g}"]


def test_a_learning_rate_that_two_racers_share_is_written_once() -> None:
    found = searched()
    same = replace(found, losses=np.tile(found.losses[0], (8, 1)), chosen=(found.chosen[0],) * 8)
    drawn = CHARTS["rates"].draw(replace(race("digits"), search=same))
    assert [trace["text"] for trace in drawn["data"] if "text" in trace].count(["0.0003"]) == 1


def test_a_search_under_way_shows_what_was_tried() -> None:
    found = searched()
    losses = found.losses.copy()
    losses[3:] = np.nan
    half = replace(found, losses=losses, chosen=(*found.chosen[:3], *[None] * 5))
    drawn = CHARTS["rates"].draw(replace(race("digits"), search=half))
    assert {trace["name"] for trace in drawn["data"]} == {"SGD", "Momentum", "NAG"}


@pytest.mark.parametrize("fill", [np.nan, np.inf, 1e30, -2.0])
@pytest.mark.parametrize("log", [False, True])
def test_a_search_with_odd_losses_still_has_finite_axes(fill: float, log: bool) -> None:
    found = searched()
    odd: RateGrid = replace(found, losses=np.full_like(found.losses, fill), chosen=(None,) * 8)
    drawn = CHARTS["rates"].draw(replace(race("digits"), search=odd), View(log_loss=log))
    assert np.isfinite(drawn["layout"]["yaxis"]["range"]).all()


def test_one_huge_loss_of_the_search_does_not_flatten_the_rest() -> None:
    found = searched()
    losses = np.where(np.isinf(found.losses), 1e6, found.losses)
    drawn = CHARTS["rates"].draw(replace(race("digits"), search=replace(found, losses=losses)))
    assert drawn["layout"]["yaxis"]["range"][1] < 5


def test_charts_of_a_race_fit_races_only() -> None:
    named = {"test_loss", *PANELS}
    assert named <= {name for name, chart in CHARTS.items() if chart.fits(race("digits"))}
    assert not named & {name for name, chart in CHARTS.items() if chart.fits(running("digits"))}
    assert CHARTS["rates"].fits(race("digits"))
    assert not CHARTS["rates"].fits(replace(race("digits"), search=None))


def long_lane(one: Lane, place: int) -> Lane:
    """Give a lane a curve as long as a run keeps."""
    steps = np.linspace(24, 24 * 4096, 4096)
    losses = 2 * np.exp(-steps / 20_000) + 0.1 * np.random.default_rng(place).random(4096)
    return replace(one, curve=Curve(steps, steps / 25, steps / 800, losses, 24))


def test_eight_racers_with_three_long_seeds_stay_below_250_kb() -> None:
    snapshot = race("digits", 3, 100_000, 256)
    snapshot = replace(snapshot, lanes=tuple(long_lane(one, place) for place, one in enumerate(snapshot.lanes)))
    sent = sum(len(encode(CHARTS[name].draw(snapshot, View(target=0.3)))) for name in LANES)
    assert sent < 250_000


# ---- what instruments tell of each lane


def measured_lanes(**spec: Any) -> tuple[Snapshot, list[Experiment]]:
    """Two lanes of a race that were measured as a race measures where all is wanted."""
    base = ExperimentSpec(model=Choice.of("mlp", hidden="12,8"), **spec)
    experiments = [Experiment(base.with_(optimizer=Choice(name))) for name in ("sgd", "adam")]
    lanes = []
    for place, experiment in enumerate(experiments):
        records = []
        for _ in range(3):
            experiment.advance(10)
            records.append(Observer(experiment).measure(at_tier(Detail.LAYERS, Tier.FULL)))
        (lane_,) = snapshot_of(experiment, tuple(records)).lanes
        lanes.append(replace(lane_, racer=place))
    return replace(snapshot_of(experiments[0], ()), lanes=tuple(lanes)), experiments


@pytest.mark.parametrize("layer", ["", "lin_2", "lin_3"])
def test_the_singular_values_and_the_rank_of_a_layer_are_those_of_each_lanes_own_weights(layer: str) -> None:
    snapshot, experiments = measured_lanes()
    spectra = CHARTS["lane_spectrum"].draw(snapshot, View(layer=layer))
    ranks = CHARTS["lane_rank"].draw(snapshot, View(layer=layer))
    for experiment in experiments:
        weight = dict(experiment.model.named_parameters())[f"{layer or 'lin_1'}.weight"].detach().numpy()
        values = np.linalg.svd(weight, compute_uv=False)
        shares = values / values.sum()
        (spectrum,), (rank,) = (of_lane(found, experiment.spec.optimizer.name) for found in (spectra, ranks))
        assert spectrum["y"][[0, -1]] == pytest.approx(values[[0, -1]], rel=1e-4)
        assert rank["y"][-1] == pytest.approx(np.exp(-(shares * np.log(shares)).sum()), rel=1e-4)
    for found in (spectra, ranks):
        assert found["layout"]["yaxis"]["title"]["text"].endswith(f", {layer or 'lin_1'}")


def test_each_lanes_answers_to_the_same_eight_examples_stand_in_a_panel_of_its_own() -> None:
    snapshot, experiments = measured_lanes()
    drawn = CHARTS["lane_witnesses"].draw(snapshot)
    assert texts(drawn) == ["sgd", "adam"]
    for place, experiment in enumerate(experiments):
        with torch.no_grad():
            given = experiment.model(experiment.data.test_x[:8]).softmax(1)
        truth = experiment.data.test_y[:8]
        found = of_lane(drawn, experiment.spec.optimizer.name)
        assert [trace["y"][-1] for trace in found] == pytest.approx(
            [100 * float(row[at]) for row, at in zip(given, truth, strict=True)], rel=1e-3, abs=1e-4
        )
        assert {(trace["xaxis"], trace["yaxis"]) for trace in found} == {("x", "y") if not place else ("x2", "y2")}
        assert [trace["showlegend"] for trace in found] == [not place] * 8


def test_of_a_regression_the_answers_of_each_lane_are_its_numbers() -> None:
    snapshot, experiments = measured_lanes(dataset=Choice("sine"), loss=Choice("mse"))
    drawn = CHARTS["lane_witnesses"].draw(snapshot)
    with torch.no_grad():
        given = experiments[1].model(experiments[1].data.test_x[:8]).flatten()
    assert [trace["y"][-1] for trace in of_lane(drawn, "adam")] == pytest.approx(given.tolist(), rel=1e-3, abs=1e-5)


def test_one_network_has_no_charts_of_lanes_and_a_race_that_nobody_measured_more_of_has_none_either() -> None:
    snapshot, _ = measured_lanes()
    for name in ("lane_spectrum", "lane_rank", "lane_witnesses"):
        assert CHARTS[name].fits(snapshot)
        assert not CHARTS[name].fits(replace(snapshot, lanes=snapshot.lanes[:1]))
        assert not CHARTS[name].fits(many_lanes("digits"))
        assert encode(CHARTS[name].draw(snapshot))
        assert CHARTS[name].draw(many_lanes("digits"))["data"] == []
