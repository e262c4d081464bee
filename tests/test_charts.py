"""Every chart over every kind of snapshot: valid, finite, small, and saying what it should."""

from collections.abc import Hashable, Iterator
from dataclasses import astuple, replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from nnviz.charts import CHARTS, View, facts, figure
from nnviz.charts.palette import MOST_NAMED, layer_colour
from nnviz.records.readings import Gallery
from nnviz.records.run import Curve, Snapshot
from nnviz.records.status import Status
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Experiment
from nnviz.training.curve import LossCurve
from nnviz.training.measure import Observer
from nnviz.words.classes import CIRCLES, FASHION, MOONS, SPIRAL, XOR
from tests.snapshots import SNAPSHOTS, diverged, empty, finished, lane, many_lanes, one_point, running, starting

VIEWS = {
    "plain": View(),
    "other": View("epochs", True, 0.0, "layer 2", ridges=True, discrete=True, show_test=False),
    "seconds": View("seconds", smoothing=0.99, layer="no such layer"),
}

BLANK = "digits empty"  # where every chart is a word on plain axes: one such figure is as valid as another


def arrays(part: Any) -> Iterator[np.ndarray]:
    """Walk through a figure's arrays."""
    if isinstance(part, np.ndarray):
        yield part
    children = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for child in children:
        yield from arrays(child)


def texts(figure_: dict[str, Any]) -> list[str]:
    return [note["text"] for note in figure_["layout"]["annotations"]]


def names(figure_: dict[str, Any]) -> list[str]:
    return [trace.get("name", "") for trace in figure_["data"]]


def form(part: Any) -> Hashable:
    """Keep of a figure what plotly can object to: names and words as they are, of a number on which side of 0 and 1."""
    if isinstance(part, dict):
        return tuple((key, form(value)) for key, value in part.items())
    if isinstance(part, list | tuple):
        forms = [form(each) for each in part]
        return tuple(forms if len(forms) < 4 else dict.fromkeys(forms))  # a range has two ends
    if isinstance(part, np.ndarray):
        return part.dtype.str, part.ndim
    is_number = isinstance(part, int | float) and not isinstance(part, bool)
    return (type(part), part < 0, part > 1) if is_number else (type(part), part)


@pytest.fixture(scope="module")
def valid() -> set[Hashable]:
    """What plotly took before: another figure of the same form would tell nothing new."""
    return set()


@pytest.mark.parametrize("stage", SNAPSHOTS)
def test_every_figure_is_valid_for_plotly(stage: str, valid: set[Hashable]) -> None:
    for (name, chart), view in product(CHARTS.items(), VIEWS.values()):
        drawn = chart.draw(SNAPSHOTS[stage], view)
        if form(drawn) not in valid and (stage == BLANK or drawn["data"]):
            assert figure(name, SNAPSHOTS[stage], view).layout.uirevision, name
            valid.add(form(drawn))


@pytest.mark.parametrize("stage", SNAPSHOTS)
def test_every_array_is_slim_and_every_axis_finite(stage: str) -> None:
    for (name, chart), view in product(CHARTS.items(), VIEWS.values()):
        drawn = chart.draw(SNAPSHOTS[stage], view)
        for array in arrays(drawn):
            assert array.dtype in (np.float32, np.int32, np.uint8, np.int8), name
        for trace in drawn["data"]:
            assert trace["type"] == "heatmap" or len(trace.get("x", ())) <= 1500, name
        for key in ("xaxis", "yaxis"):
            assert np.isfinite(drawn["layout"].get(key, {}).get("range", [0, 1])).all(), name


@pytest.mark.parametrize("stage", SNAPSHOTS)
def test_lines_hold_at_most_500_points_of_finite_numbers(stage: str) -> None:
    for name in ("loss", "accuracy", "updates"):
        for trace in CHARTS[name].draw(SNAPSHOTS[stage], View())["data"]:
            assert len(trace["x"]) == len(trace["y"]) <= 500
            assert trace["name"] == "changes" or np.isfinite([trace["x"], trace["y"]]).all()


@pytest.mark.parametrize("kind", ["digits", "five_classes", "clothes"])
def test_a_page_of_charts_stays_below_120_kb(kind: str) -> None:
    snapshot = finished(kind)
    drawn = [chart.draw(snapshot, View()) for chart in CHARTS.values() if chart.fits(snapshot)]
    assert sum(array.nbytes for array in arrays(drawn)) * 4 / 3 < 120_000


def test_bytes_do_not_grow_with_the_length_of_a_run() -> None:
    drawn = [CHARTS["loss"].draw(snapshot(kind="digits")) for snapshot in (running, finished)]
    short, long = (sum(array.nbytes for array in arrays(part)) for part in drawn)
    assert long < 1.2 * short


@pytest.mark.parametrize("name", CHARTS)
def test_an_empty_run_draws_axes_and_a_friendly_word(name: str) -> None:
    drawn = CHARTS[name].draw(empty(), View())
    assert drawn["data"] == []
    assert texts(drawn) == ["Nothing trained yet"]  # not "Press Play": that may be what one cannot do


def test_a_starting_run_says_so_and_shows_its_data() -> None:
    assert texts(CHARTS["loss"].draw(starting("digits"))) == ["Starting …"]
    assert len(CHARTS["gallery"].draw(starting("digits"))["data"]) == 1
    assert names(CHARTS["field"].draw(starting("two_classes")))[:2] == ["class 0", "class 1"]
    assert names(CHARTS["fit"].draw(starting("regression"))) == ["train", "test"]


FITS = {
    "regression": {"fit", "network"},
    "two_classes": {"accuracy", "field", "hidden_units", "confusion", "network"},
    "five_classes": {"accuracy", "field", "hidden_units", "confusion", "network"},
    "digits": {"accuracy", "gallery", "sample", "confusion", "filters"},
    "clothes": {"accuracy", "gallery", "sample", "confusion", "filters"},
}
ALWAYS = {
    "loss", "weights", "gradients", "activations", "updates", "parameters", "dead_units", "gradient_norms", "moved",
    "gap",
}  # fmt: skip


@pytest.mark.parametrize("kind", FITS)
@pytest.mark.parametrize("make", [starting, one_point, running])
def test_the_charts_that_fit_are_known_before_training(kind: str, make: Any) -> None:
    snapshot = make(kind)
    assert {name for name, chart in CHARTS.items() if chart.fits(snapshot)} == FITS[kind] | ALWAYS


@pytest.mark.parametrize("kind", FITS)
def test_without_a_scene_the_records_tell_which_charts_fit(kind: str) -> None:
    snapshot = replace(running(kind), scene=None)
    assert {name for name, chart in CHARTS.items() if chart.fits(snapshot)} == FITS[kind] | ALWAYS


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_explains_itself(name: str) -> None:
    chart = CHARTS[name]
    assert chart.label
    assert len(chart.help.split()) > 15
    assert 1 <= chart.width <= 3


def test_an_unknown_chart_is_named_with_the_choices() -> None:
    with pytest.raises(ValueError, match=r"no chart 'pie'.*loss, accuracy"):
        figure("pie", empty())


def test_the_loss_shows_raw_smoothed_test_ghost_and_changes() -> None:
    drawn = CHARTS["loss"].draw(running("digits"))
    assert names(drawn) == [*["earlier run, 800 updates"] * 2, "changes", "train batches", "train batches", "test"]
    assert texts(drawn) == ["learning rate 0.0003"]
    assert "batch size 64" in drawn["data"][2]["text"]


def test_train_and_test_differ_in_dash_as_well_as_colour() -> None:
    *_, train, test = CHARTS["loss"].draw(finished("digits"))["data"]
    assert train["line"]["dash"] != test["line"]["dash"]
    assert train["line"]["color"] != test["line"]["color"]


def test_the_clock_and_the_scale_choose_the_axes() -> None:
    snapshot = running("digits")
    plain, other = (CHARTS["loss"].draw(snapshot, view) for view in (View(), View("epochs", log_loss=True)))
    assert [part["layout"]["xaxis"]["title"]["text"] for part in (plain, other)] == ["updates", "epochs"]
    assert other["layout"]["yaxis"]["type"] == "log"
    ends = [part["data"][-1]["x"][-1] for part in (plain, other)]
    assert ends == [snapshot.lanes[0].step, snapshot.lanes[0].epoch]


@pytest.mark.parametrize("name", CHARTS)
def test_a_zoom_survives_refreshes(name: str) -> None:
    first, later = (CHARTS[name].draw(SNAPSHOTS[f"digits {stage}"]) for stage in ("running", "finished"))
    assert first["layout"]["uirevision"] == later["layout"]["uirevision"]


def test_a_zoom_ends_when_the_axis_means_something_else() -> None:
    views = [View(), View("seconds"), View(log_loss=True)]
    assert len({CHARTS["loss"].draw(running("digits"), view)["layout"]["uirevision"] for view in views}) == 3


def test_a_diverged_run_says_when_from_where_and_keeps_its_early_curve_readable() -> None:
    drawn = CHARTS["loss"].draw(diverged("digits"))
    assert texts(drawn) == ["diverged at update 200<br>last finite loss 1.0e20"]
    first = float(diverged("digits").lanes[0].curve.losses[0])
    assert drawn["layout"]["yaxis"]["range"][1] >= 5 * first  # there is room to see it leave
    assert drawn["layout"]["yaxis"]["range"][1] < 10
    (end,) = [trace for trace in drawn["data"] if trace["name"] == "diverged"]
    assert end["x"].tolist() == [200, 200]


@pytest.mark.parametrize("losses", [[3.7, 4e6, np.nan], [3.7, 1e3, 1e9, 1e20, np.inf], [2.0, np.nan]])
def test_a_run_that_diverges_at_once_shows_every_finite_loss(losses: list[float]) -> None:
    drawn = CHARTS["loss"].draw(exploded(losses))
    axis = drawn["layout"]["yaxis"]
    low, high = (10.0**end if axis.get("type") == "log" else end for end in axis["range"])
    finite = [loss for loss in losses if np.isfinite(loss)]
    shown = next(trace["y"] for trace in drawn["data"] if trace["name"] == "train batches")
    assert shown.tolist() == pytest.approx(finite)
    assert low < min(finite) <= max(finite) < high
    assert (axis["title"]["text"] == "loss") == (max(finite) < 10)


@pytest.mark.parametrize("is_log", [False, True])
def test_every_burst_of_a_long_run_is_in_the_band_of_its_loss(is_log: bool) -> None:
    losses = np.exp(-np.arange(1, 60_001) / 20_000) * 1e-3
    bursts = np.arange(101, 60_000, 257)  # 233, most of them at updates that the curve does not keep
    losses[bursts] *= 6
    kept = LossCurve()
    for step, loss in enumerate(losses.tolist(), 1):
        if step % kept.stride == 0:
            kept.add(step, step, step, loss)
        else:
            kept.skip((loss,))
    running_ = running("digits")
    snapshot = replace(running_, lanes=(replace(running_.lanes[0], curve=kept.freeze(), step=60_000),))
    drawn = CHARTS["loss"].draw(snapshot, View(log_loss=is_log))
    (band,) = [trace for trace in drawn["data"] if trace["name"] == "all train batches"]
    count = len(band["x"]) // 2
    x, high, low = band["x"][:count], band["y"][:count], band["y"][count:][::-1]
    at = np.searchsorted(x, bursts + 1)  # the bucket that ends there or later
    assert count <= 250
    assert (high[at] >= losses[bursts].astype(np.float32)).all()
    assert (low <= high).all()
    assert low[-1] == pytest.approx(losses[x[-2].astype(int) : 60_000].min())
    assert "all train batches" not in names(CHARTS["loss"].draw(running_))  # whose 400 losses are all drawn


def exploded(losses: list[float]) -> Snapshot:
    """Return a run whose losses these were, until it diverged."""
    steps = np.arange(1.0, len(losses) + 1)
    curve = Curve(steps, steps, steps, np.array(losses))
    lane_ = replace(lane("digits", len(losses), 2, Status.DIVERGED), curve=curve)
    first, last = lane_.records
    records = (replace(first, test_loss=losses[0]), replace(last, test_loss=np.nan, train_loss=np.nan))
    return Snapshot(5, Status.DIVERGED, None, (replace(lane_, records=records),), diverged("digits").scene)


def ranges(drawn: dict[str, Any]) -> tuple[list[float], list[float]]:
    return drawn["layout"]["xaxis"]["range"], drawn["layout"]["yaxis"]["range"]


def test_the_run_before_moves_no_axis_after_a_divergence_or_a_long_run() -> None:
    present = replace(running("digits"), ghosts=())
    plain = CHARTS["loss"].draw(present)
    values = np.concatenate([trace["y"] for trace in plain["data"] if trace.get("yaxis") != "y2"])
    for before in (exploded([3.0, 1e9, 5e21, np.nan]).lanes[0], finished("digits").lanes[0]):
        drawn = CHARTS["loss"].draw(replace(present, ghosts=(before,)))
        x, y = ranges(drawn)
        assert x == [0, pytest.approx(1.02 * present.lanes[0].step)]
        assert y[0] < values.min() < values.max() < y[1] < 1.2 * values.max()
        ghost = drawn["data"][0]
        assert ghost["name"].startswith("earlier run, ")
        assert f"{before.step:,}" in ghost["name"]
        assert len(ghost["x"]) > 1
        assert ghost["x"][-2] <= x[1]  # what the axis does not reach is not sent


def test_before_the_first_update_the_axes_are_those_of_the_run_before() -> None:
    start = one_point("digits")
    x, y = ranges(CHARTS["loss"].draw(replace(start, ghosts=(finished("digits").lanes[0],))))
    assert x[1] >= 100_000 > y[1]
    lost = exploded([3.0, 3.1, 3.2, 3.1, 3.0, 5e21, np.nan]).lanes[0]
    assert ranges(CHARTS["loss"].draw(replace(start, ghosts=(lost,))))[1][1] < 20


def test_the_run_before_can_be_left_out() -> None:
    drawn = CHARTS["loss"].draw(running("digits"), View(earlier=False))
    assert not [name for name in names(drawn) if "earlier" in name]
    assert "range" not in drawn["layout"]["yaxis"]


def test_losses_below_zero_have_a_linear_axis_with_a_word_however_it_was_asked_for() -> None:
    snapshot = running("regression")
    lane_ = snapshot.lanes[0]
    lower = replace(lane_, curve=replace(lane_.curve, losses=lane_.curve.losses - 1.2))
    records = tuple(replace(part, test_loss=part.test_loss - 1.2) for part in lower.records)
    drawn = CHARTS["loss"].draw(replace(snapshot, lanes=(replace(lower, records=records),)), View(log_loss=True))
    axis = drawn["layout"]["yaxis"]
    assert "type" not in axis
    assert axis["title"]["text"] == "loss (linear: some are 0 or below)"
    raw = next(trace for trace in drawn["data"] if trace["name"] == "train batches")
    assert raw["y"].min() < -0.5
    assert drawn["layout"]["uirevision"] == CHARTS["loss"].draw(snapshot, View())["layout"]["uirevision"]


def test_a_race_has_one_look_per_lane_and_names_the_one_that_diverged() -> None:
    snapshot = many_lanes("digits")
    drawn = CHARTS["loss"].draw(snapshot)
    shown = [trace for trace in drawn["data"] if trace.get("showlegend", True)]
    assert [trace["name"] for trace in shown] == [lane.label for lane in snapshot.lanes]
    looks = {(trace["line"]["color"], trace["line"]["dash"]) for trace in shown}
    assert len(looks) == len(snapshot.lanes)
    assert texts(drawn) == ["adagrad diverged at update 600"]


def test_accuracy_is_in_per_cent_with_the_level_of_guessing() -> None:
    drawn = CHARTS["accuracy"].draw(running("digits"))
    assert 95 < drawn["data"][0]["y"][-1] <= 100
    assert drawn["layout"]["shapes"][0]["y0"] == 10


def test_test_points_can_be_hidden() -> None:
    shown, hidden = (
        names(CHARTS["field"].draw(running("five_classes"), View(show_test=flag))) for flag in (True, False)
    )
    assert len(shown) - len(hidden) == 5


def test_another_layer_gives_another_histogram() -> None:
    snapshot = running("digits")
    first, second = (CHARTS["weights"].draw(snapshot, View(layer=name))["data"][0]["z"] for name in ("", "layer 2"))
    assert (first != second).any()


def test_heat_maps_have_at_most_80_columns_and_ridges_ten_outlines() -> None:
    snapshot = finished("digits")
    heat, ridges = (CHARTS["gradients"].draw(snapshot, View(ridges=flag))["data"] for flag in (False, True))
    assert heat[0]["z"].shape[1] == len(heat[0]["x"]) <= 80
    assert len(ridges) == 10


def test_the_newest_ridge_lies_in_front() -> None:
    ridges = CHARTS["weights"].draw(finished("digits"), View(ridges=True))["data"]
    bases = [float(ridge["y"][0]) for ridge in ridges]
    assert bases == sorted(bases, reverse=True)


def test_wrong_pictures_are_framed_apart_and_crossed() -> None:
    *_, right, wrong, captions = CHARTS["sample"].draw(running("digits"))["data"]
    assert (len(right["x"]) // 6, len(wrong["x"]) // 6) == (18, 7)
    assert right["line"]["color"] != wrong["line"]["color"]
    assert [text[0] for text in captions["text"]] == ["✗"] * 7 + ["✓"] * 18


def test_where_nothing_is_mistaken_the_worst_mistakes_say_so() -> None:
    snapshot = running("digits")
    lane = snapshot.lanes[0]
    last = lane.records[-1]
    assert last.gallery is not None
    nothing = Gallery(*(part[:0] for part in astuple(last.gallery)))
    right = replace(snapshot, lanes=(replace(lane, records=(*lane.records[:-1], last.with_readings(gallery=nothing))),))
    assert texts(CHARTS["gallery"].draw(right)) == ["No mistakes: all test pictures are right"]


def test_as_many_layers_as_have_names_have_colours_of_their_own() -> None:
    assert len({layer_colour(at, MOST_NAMED) for at in range(MOST_NAMED)}) == MOST_NAMED


@pytest.mark.parametrize("units", ["8,8,8,8,8,8", "8,8,8,8,8,8,8,8,8,8", "32,33"])
def test_a_network_drawing_stays_when_layers_are_added_and_says_why_it_is_empty(units: str) -> None:
    experiment = Experiment(ExperimentSpec(dataset=Choice("moons"), model=Choice.of("mlp", hidden=units)))
    plain = one_point("two_classes")
    lane = replace(plain.lanes[0], records=(Observer(experiment).measure(),))
    snapshot = replace(plain, lanes=(lane,))
    assert CHARTS["network"].fits(snapshot)
    drawn = CHARTS["network"].draw(snapshot)
    if "33" in units:
        assert texts(drawn) == ["More than 32 units in a layer: too many to draw"]
    else:
        count = len(units.split(","))
        assert texts(drawn) == [f"the 200 largest of {16 + 64 * (count - 1) + 16} weights"]
        assert len(drawn["data"][-1]["x"]) == 2 + count * 8 + 2
        low, high = drawn["layout"]["xaxis"]["range"]
        assert (high - count - 1) / (high - low) > 0.15  # room for the names of the classes


@pytest.mark.parametrize("names", [CIRCLES, MOONS, XOR, SPIRAL, FASHION])
def test_the_confusion_matrix_writes_the_names_of_the_data_sets_in_full(names: tuple[str, ...]) -> None:
    snapshot = running("clothes" if len(names) == 10 else "two_classes")
    assert snapshot.scene is not None
    figure = CHARTS["confusion"].draw(replace(snapshot, scene=replace(snapshot.scene, classes=names)))
    assert figure["layout"]["yaxis"]["ticktext"] == list(names)


def test_the_confusion_matrix_writes_every_count_that_is_not_zero() -> None:
    snapshot = running("digits")
    counts = snapshot.lanes[0].records[-1].confusion
    assert counts is not None
    cells, numbers = CHARTS["confusion"].draw(snapshot)["data"]
    assert (cells["customdata"] == counts).all()
    assert numbers["text"] == [str(count) if count else " " for count in counts.ravel()]


def test_the_fit_shows_its_band_only_where_the_network_gives_one() -> None:
    snapshot = running("regression")
    lane = snapshot.lanes[0]
    last = lane.records[-1]
    assert last.fit is not None
    plain = last.with_readings(fit=replace(last.fit, sigma=None))
    without = replace(snapshot, lanes=(replace(lane, records=(*lane.records[:-1], plain)),))
    assert "±2σ" in names(CHARTS["fit"].draw(snapshot))
    assert "±2σ" not in names(CHARTS["fit"].draw(without))


def test_the_network_needs_few_traces() -> None:
    assert len(CHARTS["network"].draw(running("five_classes"))["data"]) <= 12


def test_drawing_changes_nothing_it_was_given() -> None:
    snapshot = running("five_classes")
    for chart in CHARTS.values():
        once, again = repr(chart.draw(snapshot)), repr(chart.draw(snapshot))
        assert once == again


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_word_for_missing_data(status: Status) -> None:
    waiting: Snapshot = replace(empty(), status=status)
    assert all(texts(chart.draw(waiting))[0] for chart in CHARTS.values())


def test_dead_units_are_drawn_as_the_share_of_units_that_never_answer_in_per_cent() -> None:
    first, second = figure("dead_units", running("digits"))["data"]
    assert (first["name"], second["name"]) == ("layer 1", "layer 2")
    assert (first["y"][0], first["y"][-1]) == (0.0, 50.0)
    assert not np.any(second["y"])


@pytest.mark.parametrize(("low", "high", "ends"), [(0.0, 6.0, [0, 6]), (0.1, 6.2, [0, 7]), (-0.61, 2.0, [-0.75, 2.0])])
def test_an_axis_ends_at_steps_of_a_twelfth_of_it_or_more(low: float, high: float, ends: list[float]) -> None:
    assert facts.stepped(low, high) == ends


@pytest.mark.parametrize(("at", "side"), [(0, "left"), (10, "left"), (700, "right")])
def test_the_last_change_is_named_beside_its_line_where_the_plot_has_room(at: int, side: str) -> None:
    snapshot = running("digits")
    turned = replace(snapshot.lanes[0].marks[-1], step=at)
    found = figure("loss", replace(snapshot, lanes=(replace(snapshot.lanes[0], marks=(turned,)),)))
    assert [note["xanchor"] for note in found["layout"]["annotations"] if note["text"] == str(turned.text)] == [side]
