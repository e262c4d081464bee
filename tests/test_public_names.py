"""The names that scripts may rely on; what they cost is told in test_processes."""

import pytest

import nnviz

NAMES = {"ExperimentSpec", "RaceSpec", "Choice", "Change", "train", "Run", "Record", "Snapshot"}


def test_the_public_names_are_these_and_no_others() -> None:
    assert set(nnviz.__all__) == NAMES
    assert {name: getattr(nnviz, name).__name__ for name in NAMES} == {name: name for name in NAMES}
    with pytest.raises(AttributeError, match="has no attribute 'Runs'; it has Change, Choice"):
        nnviz.Runs  # noqa: B018
