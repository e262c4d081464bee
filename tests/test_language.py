"""Texts are looked up when they are drawn, in the language of whoever reads."""

import pickle
import string
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.words import errors, messages
from nnviz.words.language import Message, message, message_of, pseudo, say, speaking


def test_a_text_is_looked_up_when_it_is_drawn_and_filled_in() -> None:
    assert say("{count} seeds", count=3) == "3 seeds"
    with speaking(pseudo):
        assert say("{count} seeds", count=3) == "⟦3 seeds⟧"
    assert say("a plain one with {braces}") == "a plain one with {braces}"


def test_a_message_is_written_for_its_reader_also_inside_another_and_in_an_error() -> None:
    lost = message("{lane} is lost: {reason}", lane="Adam", reason=message("too fast"))
    error = ValueError(lost)
    assert str(error) == "Adam is lost: too fast"
    with speaking(pseudo):
        assert str(error) == "⟦Adam is lost: ⟦too fast⟧⟧"


def test_a_value_may_have_any_name() -> None:
    assert say("{text} of {values}", text="one", values=2) == "one of 2"


def test_nothing_to_say_is_not_looked_up() -> None:
    with speaking(lambda text: "notes of a translator"):
        assert say("") == ""


def test_a_message_travels_and_compares_with_all_that_fills_it_in() -> None:
    change = message("{knob} → {after:g}", knob=message("Learning rate"), after=[0.3][0])
    assert pickle.loads(pickle.dumps(change)) == change
    assert len({change, message(change.text, **change.values), message(change.text, knob="Noise", after=0.3)}) == 2


def test_an_error_keeps_its_message_and_a_foreign_one_its_words() -> None:
    told = message("too {much}", much="fast")
    assert message_of(ValueError(told)) is told
    assert str(message_of(OSError("no {room} left"))) == "no {room} left"


def test_what_cannot_be_used_is_told_in_the_language_of_who_reads_it() -> None:
    with pytest.raises(ValueError, match="seed must be") as caught:
        ExperimentSpec(seed=-1)
    assert str(caught.value) == "seed must be a whole number from 0 to 2147483647, not -1"
    with speaking(lambda text: "{value!r} geht nicht" if "whole number" in text else text):
        assert str(caught.value) == "-1 geht nicht"


def test_where_there_is_nothing_to_choose_that_is_said() -> None:
    assert str(errors.listed([])) == "none"
    assert errors.listed(("sgd", 3)) == "sgd, 3"
    with speaking(pseudo):
        assert str(errors.listed([])) == "⟦none⟧"


def texts_of(module: Any) -> Iterator[str]:
    for name, table in vars(module).items():
        if name.isupper():
            yield from table.values() if isinstance(table, Mapping) else [table] if isinstance(table, str) else table


@pytest.mark.parametrize("text", [*texts_of(errors), *texts_of(messages)])
def test_a_text_of_the_tables_has_named_places_only(text: str) -> None:
    places = [place for _, place, _, _ in string.Formatter().parse(text) if place is not None]
    assert all(place.isidentifier() for place in places)
    assert text == text.strip()


def test_a_name_in_an_error_is_shown_as_it_was_written() -> None:
    with pytest.raises(ValueError, match="is not a name") as caught:
        Choice("{name}")
    assert str(caught.value) == "'{name}' is not a name: use lower-case letters, digits and _"
    assert isinstance(caught.value.args[0], Message)
