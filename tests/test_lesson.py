"""The state of a lesson: bounds that hold, links that come back the same, refusals in one sentence."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnviz.specs.lesson import LessonState, choice, number, numbers, pairs, switch, whole


@dataclass(frozen=True)
class Everything(LessonState):
    """One field of each kind."""

    rate: float = number(0.1, 0.001, 10, is_log=True)
    steps: int = whole(5, 0, 20)
    shape: str = choice("house", ("house", "letter"))
    is_bent: bool = switch(False)
    entries: tuple[float, ...] = numbers((1, 0, 0, 1), -3, 3, least=4, most=4)
    points: tuple[tuple[float, float], ...] = pairs(((0.0, 1.0),), -5, 5, least=0, most=3)


inside = st.floats(-3, 3)
states = st.builds(
    Everything,
    rate=st.floats(0.001, 10),
    steps=st.integers(0, 20),
    shape=st.sampled_from(["house", "letter"]),
    is_bent=st.booleans(),
    entries=st.tuples(inside, inside, inside, inside),
    points=st.lists(st.tuples(inside, inside), min_size=1, max_size=3).map(tuple),
)


@given(states)
def test_a_state_comes_back_from_its_link_to_the_last_digit(state: Everything) -> None:
    assert Everything.from_query(state.to_query()) == state


def test_a_link_names_only_what_differs_from_where_the_lesson_begins() -> None:
    assert Everything().to_query() == {}
    assert Everything(steps=7, is_bent=True).to_query() == {"steps": "7", "is_bent": "yes"}


def test_no_points_at_all_come_back_too() -> None:
    assert Everything.from_query(Everything(points=()).to_query()).points == ()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"rate": "20"}, "rate must be from 0.001 to 10, not 20.0"),
        ({"rate": "nan"}, "rate must be from 0.001 to 10, not nan"),
        ({"rate": "fast"}, "rate must be a number, not 'fast'"),
        ({"steps": "2.5"}, "steps must be a whole number, not 2.5"),
        ({"shape": "dog"}, "shape is one of house, letter, not 'dog'"),
        ({"is_bent": "maybe"}, "is_bent is one of yes, no, not 'maybe'"),
        ({"entries": "1;2"}, "entries takes 4 to 4 entries, not 2"),
        ({"points": "1;2"}, "points takes points written as x,y, not '1'"),
        ({"points": "1,9"}, "points must be from -5 to 5, not 9.0"),
        ({"size": "1"}, "there is no setting 'size' in this lesson; choose among rate, steps, shape"),
    ],
)
def test_a_link_that_cannot_be_used_is_refused_in_one_sentence(query: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(sentence)):
        Everything.from_query(query)


def test_a_change_is_checked_and_leaves_the_old_state_alone() -> None:
    state = Everything()
    assert state.with_(steps=9).steps == 9
    with pytest.raises(ValueError, match="steps must be from 0 to 20, not 21"):
        state.with_(steps=21)
    assert state == Everything()


@given(st.dictionaries(st.sampled_from(["rate", "steps", "shape", "entries", "points", "x"]), st.text(max_size=12)))
def test_a_mangled_link_is_a_state_or_a_sentence(query: dict[str, str]) -> None:
    try:
        state = Everything.from_query(query)
    except ValueError:
        return
    assert Everything.from_query(state.to_query()) == state
