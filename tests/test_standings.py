"""Who is where in a race, by hand-made records: ranks, targets, the table, the sentences, the CSV."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnviz.charts import View
from nnviz.charts.podium import Finish, podium, sentence
from nnviz.charts.standings import Standing, leaderboard, standings
from nnviz.export.tables import HEAD, curves_csv
from nnviz.records.run import Curve, Lane, Snapshot
from nnviz.records.status import Status
from nnviz.words.charts import PODIUM
from tests.snapshots import SCENES, lane, race, record, starting

EVERY = 50  # updates between two records of `racer`


def racer(label: str, losses: Sequence[float], status: Status = Status.DONE, **more: Any) -> Lane:
    """Return a lane with these test losses, EVERY updates apart; an update took it a hundredth of a second."""
    records = tuple(
        replace(record("digits", at * EVERY, 1000), test_loss=loss, test_accuracy=0.9, seconds=at * EVERY / 100)
        for at, loss in enumerate(losses)
    )
    step = records[-1].step if records else 0
    base = replace(lane("digits", 100, 2, status), label=label, records=records, step=step, seconds=step / 100)
    return replace(base, curve=Curve.empty(), **more)


def of(*lanes: Lane, status: Status = Status.DONE) -> Snapshot:
    return Snapshot(1, status, None, lanes, SCENES["digits"])


def by_label(snapshot: Snapshot, target: float | None = None) -> dict[str, Standing]:
    return {part.label: part for part in standings(snapshot, target)}


def told(snapshot: Snapshot, target: float | None = None) -> dict[str, Finish]:
    return {part.standing.label: part for part in podium(snapshot, target)}


def said(snapshot: Snapshot, label: str, target: float | None = None) -> str:
    return sentence(told(snapshot, target)[label])


def test_the_lowest_present_test_loss_leads_whatever_the_best_was() -> None:
    found = standings(of(racer("early", [2, 0.1, 0.5]), racer("late", [2, 1, 0.4])))
    assert [(part.rank, part.label) for part in found] == [(1, "late"), (2, "early")]
    assert (found[1].best_test_loss, found[1].best_step) == (0.1, EVERY)


def test_lanes_that_were_lost_come_last_the_one_that_got_farthest_first() -> None:
    nan = math.nan
    soon = racer("soon", [2, nan], Status.DIVERGED)
    later = racer("later", [2, 1, 0.2, nan], Status.DIVERGED)
    poor, failed = racer("poor", [2, 9]), racer("failed", [2, 0.1, 0.1], Status.FAILED)
    found = standings(of(soon, later, poor, failed))
    assert [part.label for part in found] == ["poor", "later", "failed", "soon"]
    assert [part.test_loss for part in found] == [9, None, 0.1, None]
    assert [part.diverged_at for part in found] == [None, 3 * EVERY, None, EVERY]


def test_a_lane_without_a_record_stands_behind_the_measured_ones() -> None:
    found = standings(of(racer("new", [], Status.STARTING), racer("old", [2])))
    assert [(part.label, part.test_loss) for part in found] == [("old", 2), ("new", None)]


def test_equal_losses_keep_the_order_of_the_lanes() -> None:
    found = standings(of(racer("b", [1]), racer("a", [1]), racer("c", [1])))
    assert [part.label for part in found] == ["b", "a", "c"]


def test_numbers_of_several_seeds_are_medians_of_those_that_are_left() -> None:
    seeds = [racer("Adam", [2, last]) for last in (0.5, 0.1, 0.2)]
    lost = racer("Adam", [2, 0.01], Status.DIVERGED)
    assert by_label(of(*seeds))["Adam"].test_loss == 0.2
    part = by_label(of(*seeds, lost))["Adam"]
    assert (part.test_loss, part.seeds, part.seeds_diverged, part.diverged_at) == (0.2, 4, 1, EVERY)
    assert part.status == Status.DONE


def test_the_best_of_several_seeds_is_the_lowest_point_of_their_median() -> None:
    seeds = [racer("Adam", losses) for losses in ([2, 0.1, 0.6], [2, 0.5, 0.4], [2, 0.9, 0.5])]
    part = by_label(of(*seeds))["Adam"]
    assert part.best_test_loss == pytest.approx(0.5)
    assert part.best_step == EVERY


def test_a_target_is_reached_between_the_last_measurement_above_and_the_first_below() -> None:
    part = by_label(of(racer("Adam", [2, 1, 0.3, 0.5, 0.1])), target=0.3)["Adam"]
    assert part.reached == (EVERY, 2 * EVERY, EVERY / 100, 2 * EVERY / 100)


def test_a_target_below_every_record_is_not_reached() -> None:
    snapshot = of(racer("Adam", [2, 1, 0.3]))
    assert by_label(snapshot, target=0.29)["Adam"].reached is None
    assert by_label(snapshot)["Adam"].reached is None


@pytest.mark.parametrize(("firsts", "expected"), [((1, 2, 3), 2), ((3, 1), 3), ((1, 2, None), 2), ((1, None), None)])
def test_the_middle_seed_tells_when_a_target_was_reached(firsts: Sequence[int | None], expected: int | None) -> None:
    seeds = [racer("Adam", [2.0] * (first or 5) + [0.1] * bool(first)) for first in firsts]
    found = by_label(of(*seeds), target=0.5)["Adam"].reached
    assert (found.below if found else None) == (None if expected is None else expected * EVERY)


def test_seconds_per_update_are_those_of_the_lane_alone() -> None:
    assert by_label(of(racer("Adam", [2, 1])))["Adam"].seconds_per_update == pytest.approx(0.01)
    assert by_label(of(racer("Adam", [2])))["Adam"].seconds_per_update is None


def columns(table: dict[str, Any]) -> list[str]:
    return [column["id"] for column in table["columns"]]


def cells(table: dict[str, Any], name: str) -> dict[str, str]:
    at = columns(table).index(name)
    return {row["lane"]: row["cells"][at] for row in table["rows"]}


def test_the_leaderboard_shows_accuracy_and_target_only_where_there_are_any() -> None:
    plain = columns(leaderboard(race("digits")))
    assert {"accuracy"} == set(plain) - set(columns(leaderboard(race("regression"))))
    assert {"target"} == set(columns(leaderboard(race("digits"), View(target=0.3)))) - set(plain)


@pytest.mark.parametrize("seeds", [1, 3])
def test_every_row_of_the_leaderboard_has_a_text_for_every_column(seeds: int) -> None:
    table = leaderboard(race("digits", seeds), View(target=0.3))
    assert len(table["rows"]) == 8
    assert all(len(row["cells"]) == len(table["columns"]) and all(row["cells"]) for row in table["rows"])
    assert [row["cells"][0] for row in table["rows"]] == [str(at) for at in range(1, 9)]
    assert len({row["key"] for row in table["rows"]}) == 8
    assert ("3 seeds" in table["note"]) == (seeds == 3)


def test_the_leaderboard_writes_what_was_measured() -> None:
    table = leaderboard(
        of(racer("Adam", [2, 0.1, 0.25]), racer("SGD", [2, 1, math.nan], Status.DIVERGED)), View(target=1)
    )
    assert cells(table, "test_loss") == {"Adam": "0.2500", "SGD": "–"}
    assert cells(table, "best") == {"Adam": "0.1000", "SGD": "1.0000"}
    assert cells(table, "target") == {"Adam": "0 – 50", "SGD": "0 – 50"}
    assert cells(table, "speed") == {"Adam": "10,000", "SGD": "10,000"}
    assert cells(table, "status") == {"Adam": "finished", "SGD": "diverged at 100"}
    assert [row["title"] for row in table["rows"]] == ["", "SGD diverged at update 100"]


def test_the_leaderboard_counts_the_seeds_that_diverged() -> None:
    state = cells(leaderboard(race("digits", 3)), "status")
    assert state["Momentum"] == "training, 1 of 3 seeds diverged"
    assert state["Adam"] == "training"


@pytest.mark.parametrize(
    "snapshot", [Snapshot(0, Status.READY, None, ()), starting("digits")], ids=["empty", "starting"]
)
def test_the_leaderboard_stands_before_anything_is_measured(snapshot: Snapshot) -> None:
    table = leaderboard(snapshot, View(target=0.3))
    assert len(table["rows"]) == len(snapshot.lanes)
    assert podium(snapshot) == () or sentence(podium(snapshot)[0]) == "Adam has not been measured yet."


def test_a_sentence_tells_place_loss_and_accuracy() -> None:
    text = said(of(racer("Adam", [2, 0.25]), racer("SGD", [2, 0.5])), "Adam")
    assert text == "Adam ended in place 1 of 2 with a test loss of 0.25 and 90.0 % right."


def test_a_race_that_goes_on_has_not_ended() -> None:
    text = said(of(racer("Adam", [2, 0.5]), racer("SGD", [2, 0.4]), status=Status.PAUSED), "Adam", target=0.1)
    assert text.startswith("Adam is in place 2 of 2")
    assert "has found it at 0.1 or below yet" in text


@pytest.mark.parametrize(("last", "is_said"), [(0.1099, False), (0.1101, True)])
def test_ending_ten_per_cent_above_the_best_is_said(last: float, is_said: bool) -> None:
    snapshot = of(racer("Adam", [2, 0.1, last]), racer("SGD", [2, 1, 1]))
    assert (told(snapshot)["Adam"].rose is not None) == is_said
    assert ("now stands 10 % above" in said(snapshot, "Adam")) == is_said
    assert "0.1 at update 50" in said(snapshot, "Adam")


def test_ending_far_above_the_best_is_said_as_a_factor() -> None:
    text = said(of(racer("Adam", [2, 0.1, 0.5]), racer("SGD", [2, 1, 1])), "Adam")
    assert "it had been at 0.1 at update 50 and now stands 5 times as high" in text
    assert "%" not in text.partition("right")[2]


def test_losses_below_zero_have_no_share_above_the_best() -> None:
    assert told(of(racer("Adam", [2, -1, -0.5]), racer("SGD", [2, 1, 1])))["Adam"].rose is None


def test_who_was_in_front_after_the_first_tenth_is_said_of_that_one_alone() -> None:
    quick, steady = racer("quick", [2] + [0.5] * 20), racer("steady", [2] + [1.0] * 10 + [0.1] * 10)
    found = told(of(quick, steady))
    assert (found["quick"].early_step, found["steady"].early_step) == (100, None)
    assert "in front after the first tenth, at update 100" in said(of(quick, steady), "quick")


def test_nobody_was_in_front_where_two_were_equal_or_nothing_was_measured_in_time() -> None:
    equal = of(racer("a", [2] + [0.5] * 20), racer("b", [2] + [0.5] * 20))
    late = of(racer("a", [2, 0.5]), racer("b", [2, 0.6]))
    assert all(part.early_step is None for snapshot in (equal, late) for part in podium(snapshot))


def test_the_first_at_the_target_is_named_only_where_that_is_sure() -> None:
    sure = of(racer("a", [2, 0.1, 0.1]), racer("b", [2, 1, 0.1]))
    unsure = of(racer("a", [2, 0.1, 0.1]), racer("b", [2, 0.1, 0.1]))
    assert [told(sure, 0.5)[name].is_first for name in "ab"] == [True, False]
    assert [told(unsure, 0.5)[name].is_first for name in "ab"] == [False, False]
    assert "it was the first to get to 0.5, between updates 0 and 50" in said(sure, "a", 0.5)
    assert "it got to 0.5 between updates 50 and 100" in said(sure, "b", 0.5)


def test_the_least_compute_to_the_target_may_be_another_ones() -> None:
    slow = racer("slow", [2, 0.1, 0.1])
    slow = replace(slow, records=tuple(replace(part, seconds=100.0 * part.step) for part in slow.records))
    quick = racer("quick", [2, 1, 0.1])
    quick = replace(quick, records=tuple(replace(part, seconds=0.001 * part.step) for part in quick.records))
    far = replace(slow, records=(replace(slow.records[0], seconds=1.0), *slow.records[1:]))
    found = told(of(far, quick), 0.5)
    assert (found["slow"].is_first, found["slow"].is_fastest) == (True, False)
    assert (found["quick"].is_first, found["quick"].is_fastest) == (False, True)


def test_a_lane_that_diverged_says_when_and_how_good_it_had_been() -> None:
    text = said(of(racer("SGD", [2, 0.4, math.nan], Status.DIVERGED), racer("Adam", [2, 1])), "SGD", 0.5)
    assert text == "SGD diverged at update 100; its best test loss until then was 0.4 at update 50."


def test_seeds_are_told_with_their_range_and_their_losses() -> None:
    seeds = [racer("Adam", [2, last]) for last in (0.5, 0.1, 0.2)]
    lost = racer("Adam", [2], Status.DIVERGED)
    other = racer("SGD", [2, 1])
    assert "a median test loss of 0.2" in said(of(*seeds, other), "Adam")
    assert "its 3 seeds lie between 0.1 and 0.5" in said(of(*seeds, other), "Adam")
    assert "1 of 4 seeds diverged at update 0; the other 3 lie between 0.1 and 0.5" in said(
        of(*seeds, lost, other), "Adam"
    )


@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("status", [Status.RUNNING, Status.DONE])
def test_every_racer_gets_one_sentence_without_gaps_or_reasons(seeds: int, status: Status) -> None:
    found = podium(replace(race("digits", seeds), status=status), 0.3)
    assert len(found) == 8
    for finish in found:
        text = sentence(finish)
        assert text.startswith(finish.standing.label)
        assert text.count(".") - sum(text.count(f"{digit}.") for digit in range(10)) <= 1
        assert "{" not in text
        assert "because" not in text


def test_another_table_of_words_is_another_language() -> None:
    words = {name: f"<{name}>" for name in PODIUM}
    assert sentence(podium(of(racer("a", [2, 1]), racer("b", [2, 2])))[0], words) == "<over>."


def rows(snapshot: Snapshot) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(curves_csv(snapshot))))


def test_the_table_of_curves_gives_every_number_back_exactly() -> None:
    snapshot = race("digits", 3)
    first = snapshot.lanes[0]
    found = rows(snapshot)
    mine = [row for row in found if (row["lane"], row["seed"]) == (first.label, str(first.spec.seed))]
    batches = [row for row in mine if row["kind"] == "train_batch"]
    assert [float(row["loss"]) for row in batches] == first.curve.losses.tolist()
    assert [float(row["seconds"]) for row in batches] == first.curve.seconds.tolist()
    tests = [row for row in mine if row["kind"] == "test"]
    expected = [(part.step, part.epoch, part.test_loss, part.test_accuracy) for part in first.records]
    assert [(int(r["update"]), float(r["epoch"]), float(r["loss"]), float(r["accuracy"])) for r in tests] == expected
    trains = [float(row["loss"]) for row in mine if row["kind"] == "train"]
    assert trains == [part.train_loss for part in first.records]
    assert len(found) == sum(len(part.curve.steps) + 2 * len(part.records) for part in snapshot.lanes)


def test_the_table_of_curves_counts_examples_and_leaves_out_what_nobody_measured() -> None:
    found = rows(race("regression"))
    assert tuple(found[0]) == HEAD
    assert {row["accuracy"] for row in found} == {""}
    assert all(int(row["examples"]) == round(float(row["epoch"]) * 100) for row in found)
    assert {row["examples"] for row in rows(replace(race("digits"), scene=None))} == {""}


def test_the_table_of_curves_writes_divergence_as_it_was() -> None:
    lost = [row["loss"] for row in rows(race("digits")) if row["lane"] == "Momentum" and row["kind"] == "train_batch"]
    assert lost[-2:] == ["inf", "nan"]
    assert np.isfinite([float(loss) for loss in lost[:-2]]).all()
