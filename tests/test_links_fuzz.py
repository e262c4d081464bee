"""Links as they arrive after being cut, retyped and tampered with."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from nnviz.catalog import SWITCHES
from nnviz.catalog.links import read_experiment
from nnviz.specs.experiment import Choice, ExperimentSpec
from tests.homes import EVERYTHING

WITH_SCHEDULE = ExperimentSpec(schedule=Choice.of("one_cycle", epochs=3, rise=0.5)).to_query()
KEYS = [*WITH_SCHEDULE, *SWITCHES, "accumulate"]
PIECES = [
    ":",
    ",",
    "=",
    "%",
    "%2C",
    "+",
    "-",
    ".",
    " ",
    "\n",
    "\0",
    "nan",
    "inf",
    "1e999",
    "-1",
    "0",
    "9" * 30,
    "é",
    "🎲",
]
ENTRIES = [name for catalogue in EVERYTHING.values() for name in catalogue]
KNOBS = [knob.name for catalogue in EVERYTHING.values() for entry in catalogue.values() for knob in entry.knobs]
LINKS = [
    {**ExperimentSpec().to_query(), "schedule": "constant"},
    WITH_SCHEDULE,
    ExperimentSpec(
        dataset=Choice.of("moons", noise=0.3, size=400),
        model=Choice.of("mlp", hidden="8,8"),
        activation=Choice.of("elu", alpha=0.5),
        initializer=Choice.of("normal", std=0.3),
        loss=Choice("binary_cross_entropy"),
        schedule=Choice.of("step", every=2, gamma=0.5),
        optimizer=Choice.of("nadam", lr=0.001, beta1=0.8, momentum_decay=0.01),
        batch_size=7,
        epochs=0,
        seed=12,
        clipping=Choice.of("norm", max=0.5),
    ).to_query(),
    ExperimentSpec(
        dataset=Choice.of("sine", noise=0),
        loss=Choice("gaussian_nll"),
        model=Choice.of("mlp", hidden=""),
        schedule=Choice("plateau"),
    ).to_query(),
]


def sentence(query: dict[str, str]) -> str:
    """Return what is wrong with a link, or an empty text if it is a spec that comes back exactly."""
    try:
        spec = read_experiment(query)
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    again = read_experiment(spec.to_query())
    assert again == spec
    assert again.to_query() == spec.to_query()
    return ""


def check(query: dict[str, str]) -> None:
    """Hold a link against the promise: a spec that comes back, or one sentence."""
    said = sentence(query)
    assert not said or re.fullmatch(r"ValueError: .{10,}", said)


@st.composite
def cut_and_pasted(draw: st.DrawFn) -> dict[str, str]:
    """Take a good link and delete, insert, replace or double pieces of its texts."""
    query = dict(draw(st.sampled_from(LINKS)))
    for _ in range(draw(st.integers(1, 3))):
        key = draw(st.sampled_from(KEYS))
        text = query.get(key, "")
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        piece = draw(st.sampled_from(["", *PIECES]) | st.text(max_size=3) | st.just(text[start:end] * 2))
        query[key] = text[:start] + piece + text[end:]
    return query


@st.composite
def swapped(draw: st.DrawFn) -> dict[str, str]:
    """Take a good link and give its keys the values of others, drop some, misspell some."""
    query = dict(draw(st.sampled_from(LINKS)))
    values = draw(st.permutations(list(query.values())))
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=3, unique=True)):
        query[key] = draw(st.sampled_from(values))
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True)):
        value = query.pop(key, "")
        query[draw(st.sampled_from([key[:-1], key.upper(), key + "s", "run"]))] = value
    return query


NUMBERS = st.floats().map(repr) | st.integers().map(str) | st.floats(0, 1).map(repr) | st.integers(1, 2000).map(str)
CHOICES = st.builds(
    lambda name, knobs: name + ":" + ",".join(f"{knob}={value}" for knob, value in knobs),
    st.sampled_from(ENTRIES),
    st.lists(st.tuples(st.sampled_from(KNOBS), NUMBERS | st.sampled_from(PIECES)), max_size=3),
)


@given(cut_and_pasted())
@settings(max_examples=300)
def test_a_link_that_was_cut_and_pasted_is_a_spec_or_a_sentence(query: dict[str, str]) -> None:
    check(query)


@given(swapped())
@settings(max_examples=150)
def test_a_link_with_swapped_or_misspelt_parts_is_a_spec_or_a_sentence(query: dict[str, str]) -> None:
    check(query)


@given(st.dictionaries(st.sampled_from(KEYS), CHOICES | NUMBERS | st.sampled_from(ENTRIES), max_size=5))
@settings(max_examples=250)
def test_a_link_of_known_words_in_any_order_is_a_spec_or_a_sentence(query: dict[str, str]) -> None:
    check(query)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=12), st.text(max_size=40), max_size=6))
@settings(max_examples=150)
def test_a_link_of_anything_is_a_spec_or_a_sentence(query: dict[str, str]) -> None:
    check(query)


def test_many_mangled_links_are_still_specs() -> None:
    good = 0

    @given(st.one_of(cut_and_pasted(), swapped()))
    @settings(max_examples=100)
    def count(query: dict[str, str]) -> None:
        nonlocal good
        good += not sentence(query)

    count()
    assert good >= 10  # otherwise the mangling is too rough to test the round trip
