"""What must not change while the house is rebuilt: what each entry of the catalogue trains to, and which links open.

The figures lie in `fingerprints.json`. They hold to the last bit where they were written down; another processor or
another PyTorch rounds otherwise and training amplifies it, so there only the first loss is compared. Written anew
only for a change that is meant: `python -m tests.test_fingerprints`.
"""

import hashlib
import json
import math
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from nnviz import Change, ExperimentSpec, Run
from nnviz.catalog import CATALOGUES, MODELS
from nnviz.catalog.links import read_experiment, read_race
from nnviz.specs.experiment import Choice
from tests.homes import at_home

FILE = Path(__file__).with_name("fingerprints.json")
UPDATES, TURN = 50, 25
KINDS = ("dataset", "model", "activation", "initializer", "loss", "optimizer")
ELSEWHERE = {"mnist", "fashion_mnist"}  # data that is not on every machine
CPU_FACTS = {"vendor_id", "cpu family", "model", "model name", "stepping", "cache size", "flags"}
LINKS = (
    {"dataset": "spiral", "model": "mlp:hidden=8,8,8", "activation": "tanh", "optimizer": "adam:lr=0.03"},
    {"dataset": "sine:noise=0.2", "loss": "mse", "optimizer": "sgd:lr=0.01,weight_decay=0.001", "batch_size": "7"},
    {"model": "gan", "dataset": "ring", "loss": "wasserstein_gp", "second_optimizer": "sgd:lr=0.001"},
    {"model": "resnet:depth=14", "dataset": "digits", "seed": "7", "device": "cpu"},
)
RACE_LINKS = (
    {"dataset": "moons", "lanes": "sgd;momentum:lr=0.1;adam", "seeds": "3", "epochs": "20"},
    {"dataset": "digits", "lanes": "sgd;adam", "journal": "120@0:optimizer.lr:0.01;130@*:batch_size:64.0"},
)


def specs() -> Iterator[tuple[str, ExperimentSpec]]:
    """Give each entry of the catalogue a small spec to train in, by kind and name."""
    for kind in KINDS:
        for name in CATALOGUES[kind]:
            if name not in ELSEWHERE:
                yield f"{kind} {name}", at_home(kind, Choice(name)).with_(seed=3)
    for name, family in MODELS.items():
        if family.usual.dataset.name not in ELSEWHERE:
            yield f"usual {name}", family.usual.with_(epochs=0)


def trained(spec: ExperimentSpec) -> dict[str, Any]:
    """Train for some updates with a live change in the middle; return the losses and what the last record says."""
    run = Run([spec])
    run.prepare()
    rate = run.snapshot(60).lanes[0].knobs["optimizer.lr"]
    run.apply(Change(TURN, "optimizer.lr", rate / 2))
    run.step(UPDATES)
    lane = run.snapshot().lanes[0]
    while lane.step < UPDATES and not lane.status.is_over:
        run.join(0.05)
        lane = run.snapshot().lanes[0]
    run.stop()
    record = lane.records[-1]
    told = [record.train_loss, record.test_loss, *(part.norm for part in record.parameters)]
    return {"losses": lane.curve.losses.tolist(), "record": [float(value) for value in told]}


def processor() -> str:
    """Name the processor as closely as its system tells: libraries choose kernels and block sizes by it."""
    try:
        told = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    except OSError:
        return platform.processor()
    named = [line for line in told if line.split(":")[0].strip() in CPU_FACTS]
    return hashlib.sha256("\n".join(named).encode()).hexdigest()[:16]


def machine() -> str:
    """Name what decides how numbers are rounded."""
    capability = torch.backends.cpu.get_cpu_capability()
    return f"{platform.machine()} {capability} processor {processor()} torch {torch.__version__}"


def bits(found: dict[str, Any]) -> str:
    """Name all bits of a fingerprint."""
    return hashlib.sha256(np.array([*found["losses"], *found["record"]]).tobytes()).hexdigest()[:16]


def short(found: dict[str, Any]) -> dict[str, Any]:
    """Keep of a fingerprint what another machine can be held to."""
    return {"losses": found["losses"][::7], "record": found["record"][:8], "bits": bits(found)}


KEPT: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {"machine": "", "runs": {}}


@pytest.mark.parametrize(("name", "spec"), [pytest.param(*each, id=each[0]) for each in specs()])
def test_an_entry_trains_as_it_did(name: str, spec: ExperimentSpec) -> None:
    found, kept = short(trained(spec)), KEPT["runs"][name]
    assert math.isclose(found["losses"][0], kept["losses"][0], rel_tol=1e-3, abs_tol=1e-4)
    if machine() == KEPT["machine"]:
        assert found == kept


def test_every_entry_has_a_fingerprint() -> None:
    assert KEPT["runs"].keys() == dict(specs()).keys()
    assert all(math.isfinite(kept["losses"][0]) for kept in KEPT["runs"].values())


@pytest.mark.parametrize("link", LINKS)
def test_a_link_of_before_says_what_it_said(link: dict[str, str]) -> None:
    query = read_experiment(link).to_query()
    assert {name: query[name] for name in link} == link
    assert read_experiment(query).to_query() == query


@pytest.mark.parametrize("link", RACE_LINKS)
def test_a_race_s_link_of_before_says_what_it_said(link: dict[str, str]) -> None:
    query = read_race(link).to_query()
    assert {name: query[name] for name in link} == link


if __name__ == "__main__":
    torch.set_num_threads(1)
    runs = {name: short(trained(spec)) for name, spec in specs()}
    FILE.write_text(json.dumps({"machine": machine(), "runs": runs}, indent=1) + "\n")
