"""The names that scripts may rely on, and what they cost."""

import subprocess
import sys

import pytest

import nnviz

NAMES = {"ExperimentSpec", "RaceSpec", "Choice", "Change", "train", "Run", "Record", "Snapshot"}
DESCRIBE = """
import sys
from nnviz import Change, Choice, ExperimentSpec, RaceSpec
spec = ExperimentSpec(optimizer=Choice.of("sgd", lr=0.1))
RaceSpec(spec, (Choice("sgd"), Choice("adam")))
Change(3, "optimizer.lr", 0.01)
assert "torch" not in sys.modules
from nnviz import train
assert "torch" in sys.modules
print(sum(1 for _ in train(ExperimentSpec(epochs=2))))
"""


def test_the_public_names_are_these_and_no_others() -> None:
    assert set(nnviz.__all__) == NAMES
    assert {name: getattr(nnviz, name).__name__ for name in NAMES} == {name: name for name in NAMES}
    with pytest.raises(AttributeError, match="has no attribute 'Runs'; it has Change, Choice"):
        nnviz.Runs  # noqa: B018


def test_describing_a_run_needs_no_pytorch_and_training_it_does() -> None:
    told = subprocess.run([sys.executable, "-c", DESCRIBE], capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.split() == ["3"]
