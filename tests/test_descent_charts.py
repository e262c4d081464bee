"""Every chart of a descent: valid, slim, made for the playback, and true to the numbers."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from nnviz.catalog import OPTIMIZERS, SURFACES
from nnviz.catalog.surfaces import suggested
from nnviz.charts import relief
from nnviz.charts.arrows import HEAD, LENGTH, SHORTEST, arrows, shown_share
from nnviz.charts.descent import CLOSEST, DESCENT_CHARTS
from nnviz.charts.palette import OPTIMIZER_STYLES, styles
from nnviz.records.descent import Descent
from nnviz.specs.descent import LANES, MOST_STEPS, DescentSpec
from nnviz.specs.experiment import Choice
from nnviz.training.descent import descend
from nnviz.ui.board.payload import encode
from tests.test_charts import arrays

WILD = Choice.of("sgd", lr=1e4)
SPECS = {
    **{name: DescentSpec(Choice(name), lanes=suggested(Choice(name), LANES), steps=40) for name in SURFACES},
    "diverged": DescentSpec(Choice("rosenbrock"), lanes=(WILD, Choice("adam")), steps=40),
    "only diverged": DescentSpec(Choice("saddle"), lanes=(WILD,), steps=100),
    "one step": DescentSpec(steps=1, lanes=(Choice("adam"),)),
    "twice": DescentSpec(steps=20, lanes=(Choice("adam"), Choice.of("adam", lr=1), Choice("sgd"))),
    "far": DescentSpec(start=(1e6, -1e6), steps=20),
    "at the minimum": DescentSpec(start=(0.0, 0.0), steps=20),
    "nearly flat": DescentSpec(Choice.of("ravine", condition=1), steps=20),
    "steep": DescentSpec(Choice.of("ravine", condition=1000), lanes=(Choice.of("adam", lr=0.1),), steps=20),
}
EVERY = pytest.mark.parametrize("name", SPECS)


@cache
def walked(name: str) -> Descent:
    return descend(SPECS[name])


def drawn(name: str, chart: str, internals: str | None = None) -> dict[str, Any]:
    return DESCENT_CHARTS[chart].draw(walked(name), internals)


def played(figure: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace.get("meta", {}).get("playback", {}).get("kind") == kind]


def named(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace.get("name", "").startswith(name)]


# ---- every chart


@EVERY
def test_every_figure_is_valid_for_plotly_and_for_the_board(name: str) -> None:
    labels = [trail.label for trail in walked(name).trails]
    for chart in DESCENT_CHARTS:
        for internals in (None, *labels):
            figure = drawn(name, chart, internals)
            assert go.Figure(figure).layout.uirevision
            assert (b"null" in encode({"figure": figure})) <= (chart == "terrain")  # blank off the ground


@EVERY
def test_every_array_is_slim_and_only_what_is_off_the_ground_is_blank(name: str) -> None:
    for chart in DESCENT_CHARTS:
        figure = drawn(name, chart, walked(name).trails[-1].label)
        for array in arrays(figure):
            assert array.dtype in (np.float32, np.int32, np.uint16)
        for trace in figure["data"]:
            for axis in {"x", "y", "z"} & trace.keys():
                assert np.isfinite(trace[axis]).all() or (trace["type"], axis) == ("scatter3d", "z")


@EVERY
def test_traces_belong_to_their_lane_and_have_the_steps_of_its_trail(name: str) -> None:
    trails = {trail.label: trail for trail in walked(name).trails}
    for chart in ("contour", "terrain"):
        figure = drawn(name, chart)
        for kind in ("head", "now"):
            assert [trace["meta"]["lane"] for trace in played(figure, kind)] == list(trails)
            for trace in played(figure, kind):
                assert len(trace["x"]) == len(trace["y"]) == len(trails[trace["meta"]["lane"]].points)
    lines = [trace for trace in drawn(name, "distances")["data"] if "lane" in trace.get("meta", {})]
    assert [len(trace["y"]) for trace in lines] == [len(trail.points) for trail in trails.values()]


def test_eight_lanes_of_300_steps_stay_slim() -> None:
    descent = descend(DescentSpec())
    sizes = {
        inside: sum(len(encode(chart.draw(descent, inside))) for chart in DESCENT_CHARTS.values())
        for inside in (None, "Adam")
    }
    assert sizes[None] < 215_000
    assert sizes["Adam"] < 280_000


def test_a_new_surface_resets_the_view_and_a_new_learning_rate_does_not() -> None:
    for chart in DESCENT_CHARTS:
        one, other = (drawn(name, chart)["layout"]["uirevision"] for name in ("ravine", "steep"))
        assert one != other
        assert drawn("ravine", chart)["layout"]["uirevision"] == drawn("one step", chart)["layout"]["uirevision"]


# ---- styles


def test_an_optimizer_that_comes_again_gets_a_style_of_its_own() -> None:
    names = ["adam", "sgd", "adam", "adam"]
    assert styles(names)[:2] == (OPTIMIZER_STYLES["adam"], OPTIMIZER_STYLES["sgd"])
    assert len(set(styles(names))) == 4
    assert styles(list(OPTIMIZERS)) == tuple(OPTIMIZER_STYLES[name] for name in OPTIMIZERS)


def test_a_lane_has_one_colour_in_all_charts() -> None:
    for trail, style in zip(walked("twice").trails, styles(["adam", "adam", "sgd"]), strict=True):
        for chart in DESCENT_CHARTS:
            traces = [
                trace for trace in drawn("twice", chart)["data"] if trace.get("meta", {}).get("lane") == trail.label
            ]
            assert traces
            for trace in traces:
                assert style.colour in (trace.get("line", {}).get("color"), trace.get("marker", {}).get("color"))


# ---- from above


def test_the_plane_reports_places_and_has_its_start_and_minima() -> None:
    figure = drawn("himmelblau", "contour")
    assert figure["layout"]["meta"] == {"places": True}
    assert figure["layout"]["dragmode"] is False
    (start,) = [trace for trace in figure["data"] if trace.get("meta", {}).get("start")]
    assert (start["x"].tolist(), start["y"].tolist()) == ([0.5], [pytest.approx(-4.7)])
    assert len(named(figure, "minimum")[0]["x"]) == 4
    assert named(drawn("saddle", "contour"), "minimum") == []


def test_a_trail_from_above_is_the_walk() -> None:
    for trace, trail in zip(played(drawn("beale", "contour"), "head"), walked("beale").trails, strict=True):
        np.testing.assert_allclose(np.stack([trace["x"], trace["y"]], axis=1), trail.points, rtol=1e-6, atol=1e-7)


def test_the_ground_covers_the_domain() -> None:
    for name in SURFACES:
        terrain = walked(name).terrain
        ground = drawn(name, "contour")["data"][0]
        rows, columns = ground["z"].shape
        assert ground["x0"] + (columns - 1) * ground["dx"] == pytest.approx(terrain.x[1])
        assert ground["y0"] + (rows - 1) * ground["dy"] == pytest.approx(terrain.y[1])
        assert drawn(name, "contour")["layout"]["xaxis"]["range"] == list(terrain.x)


# ---- relief


@pytest.mark.parametrize("name", SURFACES)
def test_the_relief_keeps_the_order_of_heights_and_uses_all_shades(name: str) -> None:
    terrain = walked(name).terrain
    flat, order = relief.steps_of(terrain).ravel(), np.argsort(terrain.heights, axis=None)
    assert (np.diff(flat[order].astype(int)) >= 0).all()
    assert flat.max() == relief.TOP
    assert relief.heights_of(terrain, np.array([terrain.lowest, 1e300])).tolist() == [0, relief.TOP]
    assert np.quantile(flat, 0.25) > 0.49 * relief.TOP or name in ("saddle", "rastrigin")


def test_a_squeezed_relief_puts_a_quarter_of_the_ground_into_half_of_the_shades() -> None:
    terrain = walked("rosenbrock").terrain
    assert relief.is_squeezed(terrain)
    assert np.quantile(relief.steps_of(terrain), 0.25) == pytest.approx(relief.TOP / 2, rel=0.01)
    assert drawn("rosenbrock", "terrain")["layout"]["scene"]["zaxis"]["title"]["text"] == "height, log-like"


def test_a_relief_that_needs_no_squeezing_is_proportional() -> None:
    terrain = walked("plateau").terrain
    assert not relief.is_squeezed(terrain)
    highest = float(terrain.heights.max())
    assert relief.heights_of(terrain, np.array([highest / 4])).item() == pytest.approx(relief.TOP / 4)
    assert drawn("plateau", "terrain")["layout"]["scene"]["zaxis"]["title"]["text"] == "height"


@EVERY
def test_names_on_the_height_axis_stand_at_their_height_and_apart(name: str) -> None:
    terrain = walked(name).terrain
    found = relief.ticks(terrain)
    named_heights = [float(text.replace(",", "")) for text in found["ticktext"]]
    places = relief.heights_of(terrain, np.array(named_heights) + terrain.lowest)
    np.testing.assert_allclose(found["tickvals"], places, atol=1)
    assert len(places) >= 3
    assert np.abs(np.diff(found["tickvals"])).min() > relief.TOP / 20


# ---- in space


def test_a_trail_in_space_lies_just_above_the_ground_and_ends_where_that_ends() -> None:
    terrain = walked("saddle").terrain
    for trace, trail in zip(played(drawn("saddle", "terrain"), "head"), walked("saddle").trails, strict=True):
        x, y = trail.points.T
        is_on = (np.abs(x) <= 2) & (np.abs(y) <= 2)
        assert np.array_equal(np.isfinite(trace["z"]), is_on)
        above = trace["z"][is_on] - relief.heights_of(terrain, trail.values[is_on])
        assert (above > 0).all()
        assert (above < relief.TOP / 50).all()
    assert not np.isfinite(played(drawn("far", "terrain"), "head")[0]["z"]).any()


# ---- distances


def test_distances_are_the_trails_on_a_log_axis() -> None:
    figure = drawn("ravine", "distances")
    assert figure["layout"]["yaxis"]["type"] == "log"
    for trace, trail in zip(figure["data"], walked("ravine").trails, strict=False):
        np.testing.assert_allclose(trace["y"], trail.distances, rtol=1e-6)


def test_a_distance_of_nothing_is_drawn_at_the_floor() -> None:
    assert (drawn("at the minimum", "distances")["data"][0]["y"] == np.float32(CLOSEST)).all()


def test_without_a_minimum_the_value_is_drawn_over_the_heights_of_the_ground() -> None:
    figure = drawn("saddle", "distances")
    assert "type" not in figure["layout"]["yaxis"]
    assert figure["layout"]["yaxis"]["title"]["text"] == "value"
    np.testing.assert_allclose(figure["data"][0]["y"], walked("saddle").trails[0].values, rtol=1e-6, atol=1e-12)
    low, high = figure["layout"]["yaxis"]["range"]
    assert -5 <= low < -4
    assert 4 < high <= 5


def test_who_diverged_is_said_and_does_not_stretch_the_axis() -> None:
    figure = drawn("diverged", "distances")
    end = walked("diverged").trails[0].diverged_at
    assert [note["text"] for note in figure["layout"]["annotations"]] == [f"SGD diverged at step {end}"]
    assert figure["layout"]["yaxis"]["range"][1] < 3
    assert drawn("ravine", "distances")["layout"]["annotations"] == []


def test_an_upright_line_stands_at_each_step() -> None:
    (line,) = played(drawn("diverged", "distances"), "frame")
    assert line["meta"]["playback"]["size"] == 2
    assert line["x"].reshape(-1, 2).tolist() == [[step, step] for step in range(41)]
    assert len(set(map(tuple, line["y"].reshape(-1, 2).tolist()))) == 1


# ---- arrows


def test_arrows_point_where_the_optimizer_s_state_points_and_longer_ones_are_longer() -> None:
    trail, terrain = walked("beale").trails[6], walked("beale").terrain
    assert trail.label == "Adam"
    assert trail.velocities is not None
    assert trail.scales is not None
    known = {"− gradient": -trail.gradients, "− velocity": -trail.velocities, "update": trail.updates}
    traces = {trace["name"].split(" (")[0]: trace for trace in arrows(trail, terrain)}
    assert list(traces) == [*known, "scale"]
    for name, vectors in known.items():
        rows = np.stack([traces[name]["x"], traces[name]["y"]], axis=1).reshape(-1, 5, 2).astype(np.float64)
        np.testing.assert_allclose(rows[:-1, 0], trail.points[:-1], atol=1e-5)
        along, lengths = rows[:-1, 1] - rows[:-1, 0], np.hypot(*vectors.T)
        drawn_lengths = np.hypot(*along.T)
        np.testing.assert_allclose(along / drawn_lengths[:, None], vectors / lengths[:, None], atol=1e-4)
        assert drawn_lengths.max() == pytest.approx(LENGTH * 9, rel=1e-4)
        assert (np.diff(drawn_lengths[np.argsort(lengths)]) > -1e-5).all()
        assert np.array_equal(rows[-1], rows[-2])  # after the last step, what led there
    box = np.stack([traces["scale"]["x"], traces["scale"]["y"]], axis=1).reshape(-1, 5, 2)
    sides = np.ptp(box[:-1].astype(np.float64), axis=1)
    np.testing.assert_allclose(sides[:, 0] * trail.scales[:, 1], sides[:, 1] * trail.scales[:, 0], atol=1e-3)
    assert sides.max() == pytest.approx(LENGTH * 9, rel=1e-4)
    np.testing.assert_allclose(box[:-1, :4].mean(axis=1), trail.points[:-1], atol=1e-5)
    assert np.array_equal(box[:, 0], box[:, 4])


def test_an_arrow_ends_in_a_head_on_both_sides_of_its_tip() -> None:
    trail, terrain = walked("ravine").trails[0], walked("ravine").terrain
    trace = arrows(trail, terrain)[0]
    foot, tip, left, right, again = np.stack([trace["x"], trace["y"]], axis=1).reshape(-1, 5, 2)[0]
    along = (tip - foot) / np.hypot(*(tip - foot))
    side = np.array([-along[1], along[0]])
    assert np.array_equal(tip, again)
    assert (left - tip) @ along == pytest.approx((right - tip) @ along, abs=1e-5)
    assert (left - tip) @ along == pytest.approx(-HEAD * 10, abs=1e-5)
    assert (left - tip) @ side == pytest.approx(-((right - tip) @ side), abs=1e-5)
    assert abs((left - tip) @ side) > 0.1


def test_only_the_lane_that_is_named_shows_its_inside() -> None:
    usual = len(drawn("ravine", "contour")["data"])
    assert len(drawn("ravine", "contour", "Adam")["data"]) == usual + 4
    assert len(drawn("ravine", "contour", "SGD")["data"]) == usual + 2
    assert len(drawn("ravine", "contour", "Momentum")["data"]) == usual + 3
    assert len(drawn("ravine", "contour", "RMSprop")["data"]) == usual + 3
    assert len(drawn("ravine", "contour", "nobody")["data"]) == usual


def test_a_lane_that_never_stepped_has_no_arrows() -> None:
    trail = walked("ravine").trails[0]
    nowhere = replace(trail, points=trail.points[:1], updates=trail.updates[:0], gradients=trail.gradients[:0])
    assert arrows(nowhere, walked("ravine").terrain) == []


def test_lengths_are_drawn_on_a_log_scale_and_never_too_short_to_see() -> None:
    lengths = np.array([2.0, 0.2, 0.002, 2e-9, 0.0])
    assert shown_share(lengths, 2.0).tolist() == pytest.approx([1, 5 / 6, 0.5, SHORTEST, 0])
    assert shown_share(np.zeros(2), 0.0).tolist() == [0, 0]


def test_the_longest_descent_that_is_allowed_can_be_drawn() -> None:
    descent = descend(DescentSpec(lanes=(Choice("radam"), WILD), steps=MOST_STEPS))
    for chart in DESCENT_CHARTS.values():
        assert go.Figure(chart.draw(descent, "RAdam")).data
