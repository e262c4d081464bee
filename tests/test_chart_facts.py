"""The facts behind the charts, against closed forms, numpy and scikit-learn."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from nnviz.charts import bins, facts, tiles
from nnviz.charts.confusion import confusion_shades
from nnviz.charts.facts import Series
from nnviz.charts.network import edge_bins, node_names, node_places, strongest_edges
from nnviz.charts.palette import OPTIMIZER_STYLES, blend, lane_styles, steps
from nnviz.charts.parameters import parameter_rows
from nnviz.charts.pictures import caption, shown_filters
from nnviz.charts.plane import class_levels, two_class_bytes
from nnviz.charts.units import hidden_sheet, maps_across
from nnviz.records.readings import Field, Histogram
from nnviz.records.run import Curve, Mark
from nnviz.words.language import message
from nnviz.words.messages import CHANGE
from tests.snapshots import histogram, many_lanes, parameters, race, running, weights


def test_the_mean_of_a_constant_is_that_constant_from_the_first_point() -> None:
    assert facts.debiased_mean(np.full(50, 3.0), 0.95) == pytest.approx(np.full(50, 3.0), abs=1e-6)


def test_the_mean_after_a_step_follows_its_closed_form() -> None:
    before, after, past = 20, 30, 0.9
    mean = facts.debiased_mean([0.0] * before + [1.0] * after, past)
    t = np.arange(1, after + 1)
    assert mean[:before] == pytest.approx(np.zeros(before))
    assert mean[before:] == pytest.approx((1 - past**t) / (1 - past ** (before + t)), rel=1e-6)


def test_no_smoothing_leaves_the_values_alone() -> None:
    values = np.array([3, 1, 4, 1, 5], dtype=np.float32)
    assert facts.debiased_mean(values, 0.0).tolist() == values.tolist()


def test_the_mean_of_nothing_is_nothing() -> None:
    assert facts.debiased_mean([], 0.9).shape == (0,)


@given(st.integers(0, 5000), st.integers(2, 600))
def test_thinning_keeps_both_ends_and_the_limit(count: int, most: int) -> None:
    chosen = facts.thinned(count, most)
    assert len(chosen) <= most
    assert not count or (chosen[0], chosen[-1]) == (0, count - 1)
    assert (np.diff(chosen) > 0).all()


def test_thinned_points_stay_in_place_while_a_curve_grows() -> None:
    early, late = facts.thinned(700, 500), facts.thinned(990, 500)
    assert set(early[:-1]) <= set(late)


def test_each_clock_reads_its_own_times() -> None:
    snapshot = running("digits")
    clocks = {name: facts.clock(name, snapshot) for name in facts.CLOCKS}
    curve = Curve(np.array([1.0, 2.0]), np.array([0.5, 1.0]), np.array([0.1, 0.3]), np.array([9.0, 8.0]))
    read = {name: clock.of_curve(curve).tolist() for name, clock in clocks.items()}
    assert read == {"updates": [1, 2], "epochs": [0.5, 1.0], "examples": [718.5, 1437], "seconds": [0.1, 0.3]}
    mark = snapshot.lanes[0].marks[0]
    moments = {name: clock.of_moment(mark) for name, clock in clocks.items()}
    seen = mark.epoch * 1437
    assert moments == {"updates": mark.step, "epochs": mark.epoch, "examples": seen, "seconds": mark.seconds}


def test_examples_are_counted_in_epochs_until_their_number_is_known() -> None:
    assert facts.clock("examples", replace(running("digits"), scene=None)).label == "epochs"


def test_seconds_of_a_race_are_each_lanes_own() -> None:
    labels = [facts.clock("seconds", snapshot).label for snapshot in (running("digits"), race("digits"))]
    assert labels == ["seconds of training", "seconds of compute of each lane alone"]


def test_an_unknown_clock_is_named_with_the_choices() -> None:
    with pytest.raises(ValueError, match=r"no clock 'hours'.*updates, epochs, examples, seconds"):
        facts.clock("hours", running("digits"))


def test_points_that_cannot_be_drawn_are_left_out() -> None:
    x, y = [1, 2, 3, 4, 5], [1.0, np.nan, np.inf, 0.0, -2.0]
    assert facts.series(x, y).x.tolist() == [1, 4, 5]
    assert facts.series(x, y, is_log=True).x.tolist() == [1]


def test_losses_before_divergence_stay_readable() -> None:
    wild = Series(np.zeros(2, np.float32), np.array([3.0, 1e9], np.float32))
    assert facts.ceiling([wild]) == 15.0
    assert facts.ceiling([]) is None


@pytest.mark.parametrize("past", [0.0, 0.5, 0.9, 0.999])
def test_smoothing_in_blocks_equals_smoothing_one_by_one(past: float) -> None:
    values = np.random.default_rng(9).lognormal(0, 2, 333)
    mean, expected = 0.0, []
    for at, value in enumerate(values, 1):
        mean = past * mean + (1 - past) * value
        expected.append(mean / (1 - past**at))
    assert facts.debiased_mean(values, past) == pytest.approx(np.array(expected), rel=1e-6)


def test_log_labels_are_dense_within_a_decade_and_few_over_many() -> None:
    assert facts.log_ticks(0.1, 1)["dtick"] == "D2"
    assert facts.log_ticks(1e-3, 1)["dtick"] == 1
    assert facts.log_ticks(1e-10, 1e11)["dtick"] == 3


@pytest.mark.parametrize("high", [20.1, 50, 99, 101, 300, 1e4])
def test_a_log_axis_over_some_decades_has_at_least_two_labels_too(high: float) -> None:
    for low in np.geomspace(1e-3, 1e4, 30):
        start, end = facts.padded(low, low * high, is_log=True)
        places = np.log10([1, 2, 5]) if facts.log_ticks(low, low * high)["dtick"] == "D2" else np.zeros(1)
        labels = [power + place for power in range(-5, 12) for place in places]
        assert 2 <= sum(start <= label <= end for label in labels) <= 9


@pytest.mark.parametrize("high", [1.0, 1.1, 1.9, 3.0, 5.0])
def test_a_log_axis_over_less_than_a_decade_has_at_least_two_labels(high: float) -> None:
    for low in np.geomspace(1e-3, 1e4, 30):
        start, end = (10**power for power in facts.padded(low, low * high, is_log=True))
        step = float(str(facts.log_ticks(low, low * high)["dtick"]).removeprefix("L"))
        assert 2 <= math.floor(end / step) - math.ceil(start / step) + 1 <= 9


def test_a_mark_that_all_lanes_share_is_kept_once() -> None:
    lane = running("digits").lanes[0]
    found = facts.marks([lane, lane])
    assert [mark.step for mark in found] == [300, 420, 700]
    assert [mark.step for mark in facts.marks([lane], most=2)] == [420, 700]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.12345, "0.123"), (-12.345, "-12.3"), (1234.5, "1234"), (0.00123, "1.2e-3"), (2e7, "2.0e7")],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert facts.number(value) == text


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_becomes_a_dash(value: float | None) -> None:
    assert facts.number(value) == facts.power(value) == "–"


def test_rebinning_onto_a_wider_grid_keeps_every_count() -> None:
    rng = np.random.default_rng(1)
    parts = [histogram(rng.normal(at, 1 + at, 500)) for at in range(4)]
    masses = bins.rebin(bins.stacked(parts), np.linspace(-40, 40, 48))
    assert masses.sum(axis=1) == pytest.approx(np.full(4, 500.0))


def test_rebinning_onto_the_same_grid_changes_nothing() -> None:
    part = histogram(np.random.default_rng(2).normal(0, 1, 500))
    edges = np.linspace(part.low, part.high, len(part.counts) + 1)
    assert bins.rebin(bins.stacked([part]), edges)[0] == pytest.approx(part.counts, abs=1e-6)


def test_rebinning_spreads_a_bin_evenly_and_leaves_the_outside_out() -> None:
    part = Histogram(0.0, 4.0, np.array([8, 4], dtype=np.int64))
    masses = bins.rebin(bins.stacked([part]), np.array([0.5, 1.0, 3.0]))
    assert masses[0] == pytest.approx([2.0, 6.0])


def test_equal_values_all_land_in_one_bin() -> None:
    part = Histogram(0.3, 0.3, np.array([7, 0, 0], dtype=np.int64))
    assert bins.rebin(bins.stacked([part]), np.linspace(-1, 1, 5)).tolist() == [[0, 0, 7, 0]]


@pytest.mark.parametrize("share", [0.01, 0.25, 0.5, 0.99])
def test_quantiles_agree_with_numpy_to_within_a_bin(share: float) -> None:
    values = np.random.default_rng(3).normal(2, 5, 20_000)
    part = histogram(values)
    width = (part.high - part.low) / len(part.counts)
    assert bins.quantile(bins.stacked([part]), share)[0] == pytest.approx(np.quantile(values, share), abs=width)


def test_quantiles_of_an_even_spread_are_exact() -> None:
    part = Histogram(-1.0, 3.0, np.full(64, 5, dtype=np.int64))
    assert bins.quantile(bins.stacked([part]), 0.25)[0] == pytest.approx(0.0)


def test_the_range_holds_the_first_to_ninety_ninth_percentile() -> None:
    values = np.random.default_rng(4).normal(0, 1, 50_000)
    low, high = bins.value_range(bins.stacked([histogram(values)] * 5))
    inner = np.percentile(values, [1, 99])
    assert inner[0] - 1 < low < inner[0] < inner[1] < high < inner[1] + 1


def test_one_wild_moment_does_not_press_the_rest_into_a_line() -> None:
    rng = np.random.default_rng(5)
    calm = [histogram(rng.normal(0, 0.01, 500)) for _ in range(30)]
    low, high = bins.value_range(bins.stacked([histogram(rng.normal(0, 100, 500)), *calm]))
    assert -0.1 < low < 0 < high < 0.1


def test_one_wild_source_does_not_press_the_others_into_needles() -> None:
    rng = np.random.default_rng(6)
    calm = [histogram(rng.normal(0, 1, 5000)) for _ in range(7)]
    low, high = bins.common_range(bins.stacked([*calm, histogram(rng.normal(0, 100, 5000))]))
    assert -10 < low < -2.3
    assert 2.3 < high < 10
    low, high = bins.common_range(bins.stacked([*calm, histogram(rng.normal(0, 2, 5000))]))
    assert low < -4
    assert high > 4


def test_sources_that_are_needles_leave_the_range_to_the_others() -> None:
    needles = [Histogram(0.0, 0.0, np.array([5] + [0] * 63, dtype=np.int64))] * 5
    wide = histogram(np.random.default_rng(7).normal(0, 1, 5000))
    low, high = bins.common_range(bins.stacked([*needles, wide]))
    assert low < -1
    assert high > 1


def test_constant_weights_still_have_a_range() -> None:
    zeros = Histogram(0.0, 0.0, np.array([5, 0], dtype=np.int64))
    low, high = bins.value_range(bins.stacked([zeros]))
    assert low < 0 < high


def test_columns_are_shares_of_the_whole() -> None:
    parts = [histogram(np.random.default_rng(at).uniform(-1, 1, 400)) for at in range(3)]
    found = bins.spread(parts)
    assert found.shares.shape == (48, 3)
    assert found.shares.sum(axis=0) == pytest.approx(np.ones(3))


def test_shades_are_the_root_of_the_share() -> None:
    shares = np.full((100, 1), 0.01)
    shares[0] = 0.0025
    assert bins.shades(shares)[[0, 1], 0].tolist() == [128, 255]


def test_a_histogram_with_ends_that_are_no_numbers_is_not_drawn() -> None:
    counts = np.ones(4, dtype=np.int64)
    assert bins.is_drawable(Histogram(0, 1, counts))
    assert not bins.is_drawable(Histogram(float("nan"), 1, counts))
    assert not bins.is_drawable(Histogram(0, float("inf"), counts))
    assert not bins.is_drawable(Histogram(0, 1, 0 * counts))
    assert not bins.is_drawable(None)


def test_each_tile_is_found_again_where_the_sheet_says() -> None:
    pictures = np.random.default_rng(6).integers(1, 255, (7, 4, 5)).astype(np.uint8)
    pixels, tops, lefts = tiles.tiled(pictures, columns=3, gap=2)
    assert pixels.shape == (3 * 6, 3 * 7)
    found = [pixels[top : top + 4, left : left + 5] for top, left in zip(tops, lefts, strict=True)]
    assert (np.stack(found) == pictures).all()
    assert (pixels > 0).sum() == pictures.size


def test_a_stretched_gap_takes_one_pixel() -> None:
    assert tiles.edges(2, size=3, gap=5).tolist() == [-0.5, 0.5, 1.5, 2.5, 7.5, 8.5, 9.5, 10.5, 15.5]


def test_outlines_run_around_the_pixels() -> None:
    x, y = tiles.outlines(np.array([10]), np.array([20]), (4, 5))
    assert x[:5].tolist() == [19.5, 24.5, 24.5, 19.5, 19.5]
    assert y[:5].tolist() == [9.5, 9.5, 13.5, 13.5, 9.5]
    assert np.isnan([x[5], y[5]]).all()


def test_signed_bytes_are_symmetric_around_zero() -> None:
    values = np.array([-3.0, -1.0, 0.0, 1.0, 3.0, np.nan])
    written = tiles.signed_bytes(values, 2.0).astype(int)
    assert written.tolist() == [1, 64, 128, 192, 255, 128]


def test_the_symmetric_limit_ignores_what_is_no_number() -> None:
    assert tiles.symmetric_limit(np.array([-4.0, 1.0, np.nan, np.inf]), 100) == 4.0
    assert tiles.symmetric_limit(np.array([np.nan])) == 0.0


def test_no_picture_and_black_are_different_bytes() -> None:
    assert tiles.picture_bytes(np.array([0.0, 1.0])).tolist() == [1, 255]


def test_shrinking_keeps_the_corners() -> None:
    maps = np.arange(2 * 24 * 24).reshape(2, 24, 24)
    small = tiles.shrunk(maps, 10)
    assert small.shape == (2, 10, 10)
    assert (small[:, ::9, ::9] == maps[:, ::23, ::23]).all()


def test_hidden_maps_stand_upright_and_a_dead_unit_is_blank() -> None:
    maps = np.zeros((3, 12, 12), dtype=np.float32)
    maps[0, -1] = 1.0  # the top row of the plane
    sheet, shape, names = hidden_sheet((maps,))
    assert (sheet.pixels[0, : shape[1]] == 255).all()
    dead = sheet.pixels[sheet.tops[1] :, sheet.lefts[1] :][: shape[0], : shape[1]]
    assert (dead == 128).all()
    assert (len(sheet.tops), names[0]) == (3, "layer 1")


def test_hidden_maps_are_drawn_as_large_as_can_be() -> None:
    assert maps_across([4, 8]) == 4
    assert maps_across([2]) == 2


def test_two_classes_are_drawn_in_per_cent_of_the_second() -> None:
    field = Field((0, 1), (0, 1), np.array([[[0.0, 0.5, 1.0, np.nan]]], dtype=np.float32), ())
    assert two_class_bytes(field).tolist() == [[0, 50, 100, 0]]


def test_class_levels_name_the_winner_and_how_sure_it_is() -> None:
    values = np.array([[[1.0, 0.25, 0.1]], [[0.0, 0.25, 0.73]], [[0.0, 0.25, 0.1]], [[0, 0.25, 0.07]]])
    assert class_levels(values.astype(np.float32), levels=10).tolist() == [[9, 0, 16]]


def test_confusion_shades_are_signed_roots_of_row_shares() -> None:
    counts = confusion_matrix([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 1])
    assert confusion_shades(counts).tolist() == [[87, -50], [0, 100]]


def test_row_shares_agree_with_scikit_learn() -> None:
    truth, guess = np.random.default_rng(8).integers(0, 5, (2, 300))
    counts = confusion_matrix(truth, guess)
    assert facts.shares(counts) == pytest.approx(confusion_matrix(truth, guess, normalize="true"))
    assert facts.shares(np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]


def test_every_weight_becomes_an_edge_between_its_nodes() -> None:
    matrices = weights(2, 3, 1)
    edges = strongest_edges(matrices)
    places = node_places([2, 3, 1])
    assert edges.weights.tolist() == [*matrices[0].ravel().tolist(), *matrices[1].ravel().tolist()]
    assert (edges.starts[1] == places[0][1]).all()  # the first row's second input
    assert (edges.ends[-1] == places[2][0]).all()


def test_only_the_strongest_edges_are_kept_when_there_are_too_many() -> None:
    matrices = weights(20, 20)
    kept = np.abs(strongest_edges(matrices, most=50).weights)
    assert np.sort(kept) == pytest.approx(np.sort(np.abs(matrices[0]).ravel())[-50:])


def test_edge_widths_are_fifths_of_the_largest_weight() -> None:
    assert edge_bins(np.array([0.0, -0.3, 0.5, -1.0], dtype=np.float32)).tolist() == [0, 1, 2, 4]
    assert edge_bins(np.zeros(2, np.float32)).tolist() == [0, 0]


def test_inputs_and_outputs_are_named() -> None:
    assert node_names([2, 1, 2], ("cat", "dog")) == ["x1", "x2", "", "cat", "dog"]
    assert node_names([1, 1, 1], ()) == ["x1", "", "y"]
    assert node_names([64, 2], ())[:64] == [""] * 64


def test_a_caption_says_right_or_wrong_without_colour() -> None:
    assert caption("7", "7") == "✓ 7"
    assert caption("1", "7") == "✗ 1, is 7"
    assert caption("Ankle boot", "Bag") == "✗ Ankle b…<br>is Bag"


def test_filters_never_outgrow_their_sheet() -> None:
    assert shown_filters(32, 8, 8) == 32
    assert shown_filters(256, 8, 8) == 64
    assert shown_filters(256, 28, 28) == 15


def test_a_parameter_is_written_in_the_tables_order() -> None:
    row = parameter_rows(parameters(0.5))[0]
    assert row[:4] == ("layer 1.weight", "32 × 64", "2,048", "0.123  -4.5e-3  12.5  0")
    assert row[4:] == ("1.2e-5", "0.18", "3.4", "0.5", "3.2e-3")


def test_an_optimizers_colour_and_dash_never_change() -> None:
    lanes = many_lanes("digits").lanes
    looks = lane_styles(lanes)
    assert len(set(looks)) == len(lanes) == len(OPTIMIZER_STYLES)
    assert lane_styles(lanes[::-1]) == looks[::-1]
    assert lane_styles(lanes[4:5]) == looks[4:5]


def test_two_lanes_of_one_optimizer_look_different() -> None:
    lane = many_lanes("digits").lanes[6]
    looks = lane_styles([replace(lane, racer=racer) for racer in range(8)])
    assert looks[0] == OPTIMIZER_STYLES["adam"]
    assert len(set(looks)) == 8


def test_all_seeds_of_a_racer_look_the_same() -> None:
    one, three = (lane_styles(race("digits", seeds).lanes) for seeds in (1, 3))
    assert three == tuple(style for style in one for _ in range(3))
    assert len(set(one)) == 8


def test_blending_reaches_both_ends() -> None:
    assert [blend("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]


def test_steps_give_each_whole_number_its_own_colour() -> None:
    assert steps(["a", "b"]) == [[0.0, "a"], [0.5, "a"], [0.5, "b"], [1.0, "b"]]


def test_a_drag_is_one_change_and_turns_that_lie_apart_or_of_other_knobs_are_not() -> None:
    def turned(step: int, knob: str, before: float, after: float) -> Mark:
        return Mark(step, step / 25, step / 800, message(CHANGE["from_to"], knob=knob, before=before, after=after))

    drag = [turned(100 + at, "lr", at, at + 1) for at in range(20)]
    other, later = turned(121, "momentum", 0, 1), turned(900, "lr", 20, 30)
    found = facts.joined([*drag, other, later], 1000)
    assert [(mark.step, str(mark.text)) for mark in found] == [
        (119, "lr 0 → 20"), (121, "momentum 0 → 1"), (900, "lr 20 → 30")
    ]  # fmt: skip
    assert facts.joined(drag, 0) == drag  # nothing is close on an axis without length
    assert facts.joined([turned(5, "lr", 0, 1), turned(5, "lr", 1, 2)], 5)[0].text.values["before"] == 0
    there_and_back = [turned(100, "lr", 1, 2), turned(101, "lr", 2, 1)]
    assert facts.joined(there_and_back, 1000) == there_and_back
    at_rest = [turned(100, "lr", 3, 2), turned(100, "lr", 2, 1), turned(100, "lr", 1, 2), turned(100, "lr", 2, 3)]
    assert facts.joined([other, *at_rest], 1000) == [other]  # nothing was trained with any of it
    (mark,) = facts.joined([*at_rest[:3]], 1000)
    assert mark.text.values == {"knob": "lr", "before": 3, "after": 2}
    out_and_back = [turned(99, "lr", 3, 2), turned(100, "lr", 2, 1), turned(100, "lr", 1, 3)]
    assert [str(mark.text) for mark in facts.joined(out_and_back, 1000)] == ["lr 3 → 1", "lr 1 → 3"]
