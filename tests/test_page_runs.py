"""A part of a page that does not hold what a hand has turned lets the whole page be drawn."""

from types import SimpleNamespace

import pytest

from nnviz.ui import page_runs
from nnviz.ui.page_runs import begin_page, end_page, note_drawn, note_turned, whole_part


class DrawnAgainError(Exception):
    pass


def draw_again() -> None:
    raise DrawnAgainError


@pytest.fixture(autouse=True)
def a_whole_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_runs, "st", SimpleNamespace(session_state={}, rerun=draw_again))
    begin_page()
    end_page()


def test_a_part_without_the_turned_widget_asks_for_the_page_which_then_holds_it_or_does_without() -> None:
    note_turned("rate")
    with pytest.raises(DrawnAgainError), whole_part():
        pass
    begin_page()
    with whole_part():
        pass  # the widget comes further down
    end_page()
    with whole_part():
        pass


def test_a_part_that_draws_the_widget_is_enough() -> None:
    note_turned("rate")
    with whole_part():
        note_drawn("rate")
    note_turned("rate")
    note_turned("noise")
    with pytest.raises(DrawnAgainError), whole_part():
        note_drawn("rate")


def test_of_parts_within_one_another_the_outer_one_asks_when_it_is_drawn() -> None:
    note_turned("rate")
    with whole_part():
        with whole_part():
            pass
        note_drawn("rate")


def test_a_fault_in_a_part_is_told_as_it_is_and_the_next_part_counts_as_one_alone() -> None:
    note_turned("rate")
    with pytest.raises(ValueError, match="fault"), whole_part():
        raise ValueError("fault")
    with pytest.raises(DrawnAgainError), whole_part():
        pass
