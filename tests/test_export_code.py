"""The script of a run is plain PyTorch and prints the run's own losses, bit for bit, for all that can be chosen."""

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import nbformat
import pytest
import torch
from torch import nn

from nnviz.catalog import DATASETS, MODELS, OPTIMIZERS, Entry, Knob, check, check_spec, entry_of, live_of
from nnviz.catalog.faults import FAULTS, faults_for
from nnviz.catalog.files import SOURCES
from nnviz.export import calls
from nnviz.export.borrowed import Borrowed
from nnviz.export.course import course
from nnviz.export.notebook import notebook
from nnviz.export.script import script, sections
from nnviz.export.subject import Length
from nnviz.records.run import Curve
from nnviz.runs.pool import Pool
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.training import Experiment
from nnviz.training.measure import Observer
from tests.branched import branched, lane_of, switches
from tests.conftest import real_data
from tests.homes import EVERYTHING, SMALL, at_home

UPDATES = 24
FEW = 5  # of large networks
SMALL_DIGITS = ExperimentSpec(model=Choice.of("mlp", hidden="8"), epochs=0)
LARGE = ("alexnet", "googlenet", "resnet", "densenet")
WIDTH, MOST_LINES = 99, 90
EACH_LINE = re.compile(r"^update (\d+): (.*)$")
NUMBERS = re.compile(r"-?(?:nan|inf|\d[\d.e+-]*)")
# Runs every script that it is given from a file of its own, as `python script.py` would; one that fails tells why.
RUNNER = """
import contextlib, io, json, pathlib, runpy, sys, traceback
told = {}
for place, (name, code) in enumerate(json.load(sys.stdin).items()):
    out, file = io.StringIO(), pathlib.Path(f"script_{place}.py")
    file.write_text(code, encoding="utf-8")
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_path(str(file), run_name="__main__")
        except Exception:
            traceback.print_exc(file=out)
    told[name] = out.getvalue()
json.dump(told, sys.stdout)
"""


@dataclass(frozen=True)
class Case:
    """A plan, and how many updates of it are compared."""

    plan: Planned
    updates: int = UPDATES
    known: tuple[list[list[float]], float] | None = None  # what the app had, where that is told by a run

    @cached_property
    def code(self) -> str:
        return script(self.plan, Length(self.updates))


def live_turns(spec: ExperimentSpec) -> tuple[Change, ...]:
    """Turn every live knob, one after the other; the velocity stops, and rolls again at once or later."""
    turns = [Change(2, "batch_size", 7.0), Change(11, "batch_size", spec.batch_size + 3.0)]
    for field, choice in live_of(spec).items():
        entry = entry_of(field, choice)
        values = entry.values(choice)
        for place, knob in enumerate(each for each in entry.knobs if each.live):
            value = float(values[knob.name])
            turns.append(Change(3 + place, f"{field}.{knob.name}", 0.5 * value if value else 0.1))
        if choice.name in ("momentum", "rmsprop"):
            rolls = ((12, 0.0), (12, 0.9), (14, 0.0), (17, 0.5))
            turns += [Change(step, f"{field}.momentum", value) for step, value in rolls]
    return tuple(sorted(turns, key=lambda change: change.step))


def entries() -> Iterator[tuple[str, ExperimentSpec]]:
    """Put each entry of each catalogue to where it can train."""
    for kind, catalogue in EVERYTHING.items():
        for name in catalogue:
            if not (kind == "dataset" and name in SOURCES):
                yield f"{kind} {name}", at_home(kind, Choice(name)).with_(seed=3)


SMOOTHED = Choice.of("cross_entropy", label_smoothing=0.1)
VARIANTS: dict[str, tuple[Choice, dict[str, object]]] = {
    "no hidden layer": (Choice.of("mlp", hidden=""), {"dataset": "digits:train_size=300"}),
    "deep": (Choice.of("mlp", hidden="8,7,6"), {"dataset": "spiral", "activation": "leaky_relu:slope=0.2"}),
    "own spread": (Choice.of("mlp", hidden="8"), {"dataset": "xor:size=60", "initializer": "normal:std=0.3"}),
    "a smaller set": (Choice.of("mlp", hidden="4"), {"dataset": "digits:normalisation=zero_one,test_share=0.3"}),
    "raw pixels": (Choice.of("mlp", hidden="4"), {"dataset": "digits:normalisation=none"}),
    "five blobs": (Choice.of("mlp", hidden="4"), {"dataset": "blobs:blobs=5", "loss": "mse"}),
    "dropout": (Choice.of("alexnet", dropout="on", channels=4), {}),
    "auxiliary": (Choice.of("googlenet", auxiliary="on", width=16, blocks=2), {}),
    "plain modules": (Choice.of("googlenet", plain="on", width=16, blocks=2), {}),
    "plain blocks": (Choice.of("resnet", plain="on", depth=8, width=4), {}),
    "deep cells": (Choice.of("lstm", cell="rnn", hidden=8, layers=2), {"dataset": "adding:size=500,steps=8"}),
    "denoising": (Choice.of("autoencoder", noise=0.5, hidden="16"), {"activation": "elu:alpha=0.5"}),
    "convolutional code": (Choice.of("autoencoder", kind="conv", channels=4), {"initializer": "orthogonal"}),
    "rounds": (Choice.of("gan", d_steps=3, width=16), {"dataset": "grid:size=200", "second_optimizer": "sgd:lr=0.01"}),
    "penalty": (Choice.of("gan", d_steps=2, latent=3), {"loss": "wasserstein_gp", "second_optimizer": "rmsprop"}),
    "both scheduled": (
        Choice.of("gan", width=16),
        {"schedule": "one_cycle:epochs=1", "second_optimizer": "sgd:lr=0.01"},
    ),
    "both listening": (
        Choice.of("gan", d_steps=2, width=16),
        {"dataset": "grid:size=200", "schedule": "plateau:patience=0,threshold=0.1"},
    ),
    "a step within": (Choice.of("mlp", hidden="4"), {"schedule": "step:every=0.5", "dataset": "moons:size=100"}),
    "standing still": (
        Choice.of("mlp", hidden="4"),
        {"schedule": "plateau:patience=0,threshold=0.3", "dataset": "moons:size=100"},
    ),
    "sorted waves": (Choice.of("mlp", hidden="8"), {"dataset": "sine", "loss": "mse", "order": "sorted"}),
    "sorted players": (Choice.of("gan", d_steps=2, width=16), {"order": "sorted"}),
    "dropped units": (Choice.of("mlp", hidden="8,5", dropout=0.4), {"dataset": "moons:size=100"}),
    "normed units": (
        Choice.of("mlp", hidden="8,5", batch_norm="on", dropout=0.5),
        {"dataset": "moons:size=66,test_share=0.5", "batch_size": 16},
    ),
    "smoothed labels": (
        Choice.of("mlp", hidden="8"),
        {"dataset": "blobs", "loss": SMOOTHED},
    ),
    "smoothed modules": (
        Choice.of("googlenet", auxiliary="on", width=16, blocks=2),
        {"loss": SMOOTHED},
    ),
    "all at once": (
        Choice.of("mlp", hidden="8,5", dropout=0.2, batch_norm="on"),
        {
            "dataset": "digits:train_size=300",
            "loss": SMOOTHED,
            "schedule": "cosine:epochs=1",
            "accumulate": 2,
            "clipping": "norm:max=0.5",
            "decay": "weights",
            "optimizer": "adamw:weight_decay=0.1",
            "order": "sorted",
            "fault": "displaced_labels",
        },
    ),
    "several batches on a schedule": (
        Choice.of("mlp", hidden="8"),
        {"schedule": "cosine:epochs=4", "accumulate": 3, "decay": "weights", "optimizer": "adamw", "batch_size": 8},
    ),
    "several batches listened to": (
        Choice.of("gan", d_steps=2, width=16),
        {"schedule": "plateau:patience=0,threshold=0.1", "accumulate": 2, "dataset": "grid:size=200", "batch_size": 9},
    ),
    "several batches": (Choice.of("mlp", hidden="8", dropout=0.2), {"accumulate": 3, "clipping": "value"}),
    "several noisy pictures": (Choice.of("autoencoder", noise=0.5, hidden="16"), {"accumulate": 2}),
    "several rounds": (Choice.of("gan", d_steps=2, width=16), {"accumulate": 2, "loss": "wasserstein_gp"}),
    "spared biases": (
        Choice.of("mlp", hidden="8", batch_norm="on"),
        {"decay": "weights", "optimizer": "momentum:weight_decay=0.1"},
    ),
    "spared players": (Choice.of("gan", width=16), {"decay": "weights", "optimizer": "rmsprop:weight_decay=0.1"}),
    "spared biases of SGD": (
        Choice.of("lstm", hidden=8),
        {"dataset": "adding:size=500,steps=8", "decay": "weights", "optimizer": "sgd:weight_decay=0.01"},
    ),
    "a mean of weights": (Choice.of("mlp", hidden="8", batch_norm="on", dropout=0.2), {"averaging": "swa:start=10"}),
    "averaged players": (Choice.of("gan", width=16), {"averaging": "ema:decay=0.9"}),
    "clipped players": (Choice.of("gan", d_steps=2, width=16), {"clipping": "norm:max=0.3"}),
    "pictures made": (Choice.of("gan", kind="conv", width=16), {"dataset": "digits", "initializer": "torch_default"}),
}


def variants() -> Iterator[tuple[str, ExperimentSpec]]:
    """Give those knobs by which a family's code differs, its own settings among them."""
    for name, family in MODELS.items():
        if family.usual.model != Choice(name):  # else an entry is just that
            yield f"usual {name}", family.usual.with_(epochs=0)
    for name, (model, changes) in VARIANTS.items():
        usual = MODELS[model.name].usual.with_(epochs=0, model=model)
        yield name, usual.with_(**changes)


def planted() -> Iterator[tuple[str, ExperimentSpec]]:
    """Plant each mistake where it can be made."""
    sine = at_home("dataset", Choice("sine")).with_(loss=Choice("mse"))
    for name in FAULTS:
        base = next(spec for spec in (SMALL_DIGITS, sine) if name in faults_for(spec))
        yield f"planted {name}", base.with_(fault=Choice(name))


@cache
def cases() -> dict[str, Case]:
    found = {}
    for name, spec in [*entries(), *variants(), *planted()]:
        updates = FEW if spec.model.name in LARGE else UPDATES
        found[name] = Case(Planned(check_spec(spec), journal=live_turns(spec)), updates)
    by_hand = (Change(0, "lin_1.weight.2.0", 1.5), Change(6, "lin_2.weight.0.3", -0.25))
    found["weights by hand"] = Case(Planned(SMALL, journal=by_hand))
    found["as it was begun"] = Case(Planned(ExperimentSpec(epochs=1)), 45)
    normed = SMALL.with_(model=Choice.of("mlp", hidden="8", batch_norm="on", dropout=0.5))
    found["normed weights by hand"] = Case(Planned(normed, journal=by_hand))
    wild = SMALL.with_(dataset=Choice("sine"), loss=Choice("mse"), optimizer=Choice.of("sgd", lr=1e4))
    found["diverged"] = Case(Planned(wild), diverged_at(wild))
    own = "Wörter, \"Zeichen\" und 'Striche' \\ ohne Ende:\n" + "".join(map(chr, range(0x391, 0x3C0))) * 8
    text = at_home("dataset", Choice.of("text", passage=own, steps=8))
    found["a text of one's own"] = Case(Planned(text), 6)
    return found | dict(switched())


def diverged_at(spec: ExperimentSpec) -> int:
    experiment = Experiment(spec)
    experiment.advance(500)
    assert experiment.diverged_at is not None
    return experiment.diverged_at


def trained(case: Case) -> tuple[list[list[float]], float]:
    """Return each update's losses, those of every player, and the test loss at the end, as the app has them."""
    if case.known is not None:
        return case.known
    experiment = Experiment(case.plan.spec)
    for change in case.plan.journal:
        experiment.apply(change)
    assert experiment.advance(case.updates) == case.updates
    return losses_in(experiment.curve.freeze()), Observer(experiment).evaluate(with_train=False).test_loss


def losses_in(curve: Curve) -> list[list[float]]:
    """Return each update's losses, those of every player."""
    players = [each.tolist() for each in (curve.losses, *curve.others)]
    return [list(each) for each in zip(*players, strict=True)]


def switched() -> Iterator[tuple[str, Case]]:
    """Take the code of runs whose optimizer was exchanged on the way, with the losses that they had on the screen."""
    pool = Pool()
    for name, spec, choice in switches():
        lane = lane_of(branched(spec, choice, pool))
        plan, length = course(lane, lane.pending, None)
        yield f"switched to {name}", Case(plan, length.updates, (losses_in(lane.curve), lane.records[-1].test_loss))
    pool.close()


def printed(told: str) -> tuple[dict[int, list[float]], float]:
    """Read what a script has printed: the losses of some updates, and the test loss."""
    *lines, last = told.splitlines()
    found = [match for line in lines if (match := EACH_LINE.match(line))]
    assert len(found) == len(lines) > 0
    assert last.startswith("test loss ")
    losses = {int(match[1]): [float(number) for number in NUMBERS.findall(match[2])] for match in found}
    return losses, float(last.removeprefix("test loss "))


def same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def differences(case: Case, told: str) -> list[str]:
    """Say in which updates a script printed something else than the app has."""
    if "Traceback" in told:
        return [told]
    losses, test_loss = trained(case)
    shown, shown_test = printed(told)
    assert {1, 2, 3, case.updates} <= shown.keys()
    found = [
        f"update {step}: {mine} but {losses[step - 1]}"
        for step, mine in shown.items()
        if not all(map(same, mine, losses[step - 1])) or len(mine) != len(losses[step - 1])
    ]
    return found + ([] if same(shown_test, test_loss) else [f"test loss {shown_test} but {test_loss}"])


def run(codes: dict[str, str], folder: Path) -> dict[str, str]:
    """Run scripts in a fresh interpreter that cannot find this project."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", RUNNER], input=json.dumps(codes), cwd=folder, env=elsewhere(), text=True,
        capture_output=True, timeout=250, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, str] = json.loads(done.stdout)
    return told


def elsewhere() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


ALONE = "as it was begun"
NOTEBOOKS = (ALONE, "rounds")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run the scripts of all cases, the cells of notebooks and faulty scripts: PyTorch takes seconds to start."""
    folder = tmp_path_factory.mktemp("told")
    found = {ALONE: cases()[ALONE], **cases()}  # the first one finds nothing that another has imported
    codes = {name: case.code for name, case in found.items()} | codes_of_files(folder)
    codes |= {f"cells {name}": "\n".join(texts_of(cells_of(cases()[name]), "code")) for name in NOTEBOOKS}
    return run(codes | faulty(), folder)


def cells_of(case: Case) -> list[dict[str, str]]:
    found = nbformat.reads(notebook(case.plan, Length(case.updates)), as_version=4)
    nbformat.validate(found)
    return list(found["cells"])


def texts_of(cells: list[dict[str, str]], kind: str) -> list[str]:
    return [cell["source"] for cell in cells if cell["cell_type"] == kind]


def test_a_script_prints_the_losses_of_its_run_to_the_last_digit(told: dict[str, str]) -> None:
    wrong = {name: differences(case, told[name]) for name, case in cases().items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def codes_of_files(folder: Path) -> dict[str, str]:
    """Put the packed pictures where torchvision finds them and downloads nothing, and write what reads them."""
    data = real_data()
    if data is None:
        return {}
    for source in SOURCES.values():
        raw = source.raw(folder / "data")
        raw.mkdir(parents=True)
        for packed, _ in source.known.resources:
            (raw / packed).symlink_to(source.raw(data) / packed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNVIZ_DATA", str(data))
        return {name: case.code for name, case in of_files().items()}


@cache
def of_files() -> dict[str, Case]:
    """Train on the pictures of each source."""
    usual = ExperimentSpec(epochs=0)
    specs = {name: usual.with_(dataset=Choice.of(name, train_size=2000, test_size=300)) for name in SOURCES}
    return {f"pictures {name}": Case(Planned(spec, journal=live_turns(spec))) for name, spec in specs.items()}


def test_a_script_reads_the_same_pictures_from_files(data_folder: Path, told: dict[str, str]) -> None:
    mine = of_files()
    assert {name: differences(case, told[name]) for name, case in mine.items()} == {name: [] for name in mine}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_cells_of_a_notebook_are_the_sections_of_the_script_and_print_the_same(
    name: str, told: dict[str, str]
) -> None:
    case = cases()[name]
    titles = texts_of(cells_of(case), "markdown")
    assert titles[1:] == [f"## {section.title}" for section in sections(case.plan, Length(case.updates))]
    assert "Traceback" not in told[name]
    assert told[f"cells {name}"] == told[name]


def test_a_notebook_is_the_same_each_time() -> None:
    case = cases()["as it was begun"]
    assert notebook(case.plan, Length(9)) == notebook(case.plan, Length(9))
    assert len({cell["id"] for cell in json.loads(notebook(case.plan, Length(9)))["cells"]}) == 15


# ---- how it reads


def test_a_script_knows_nothing_of_this_project_and_is_in_good_style(tmp_path: Path) -> None:
    for place, case in enumerate(cases().values()):
        (tmp_path / f"run_{place}.py").write_text(case.code, encoding="utf-8")
        assert "nnviz" not in case.code.lower()
    style = ["check", "--isolated", "--no-cache", "--select", "E,F,W,I001", "--line-length", str(WIDTH), str(tmp_path)]
    done = subprocess.run([sys.executable, "-m", "ruff", *style], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_script_is_short_and_spells_nothing_out_that_is_usual() -> None:
    code = cases()["as it was begun"].code
    assert len(code.splitlines()) <= MOST_LINES
    assert "optimizer = torch.optim.Adam(model.parameters(), lr=0.003)\n" in code
    assert "turns = " not in code
    assert all(word not in code for word in ("foreach", "betas", "nn.ReLU(inplace", ": Tensor", "->"))


def test_what_was_turned_stands_in_the_script_at_its_update() -> None:
    turns = (Change(3, "optimizer.lr", 0.5), Change(9, "batch_size", 8.0))
    code = script(Planned(SMALL, journal=turns), Length(20))
    assert '    3: [("lr", 0.5)],\n' in code
    assert "batch_sizes = {9: 8}\n" in code
    assert "optimizer.param_groups[0][knob] = value\n" in code


def test_a_script_of_a_run_that_is_over_says_so() -> None:
    assert "updates = 30  # as many as the run is to do\n" in script(Planned(SMALL), Length(30, "end"))
    assert "updates = 30  # as far as the run had come\n" in script(Planned(SMALL), Length(30))


def test_all_that_can_be_chosen_is_written() -> None:
    chosen = {name for case in cases().values() for name in cases_of(case.plan.spec)} | {*SOURCES}
    assert {name for catalogue in EVERYTHING.values() for name in catalogue} <= chosen


def cases_of(spec: ExperimentSpec) -> set[str]:
    return {getattr(spec, kind).name for kind in EVERYTHING}


def test_an_activation_and_an_optimizer_need_no_code_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = Entry("Rprop", lambda parameters, **knobs: torch.optim.Rprop(parameters, **knobs), (Knob("lr", "", 0.02),))
    monkeypatch.setitem(OPTIMIZERS, "rprop", rule)
    assert calls.optimizer(Choice("rprop"), "parameters") == "torch.optim.Rprop(parameters, lr=0.02)"
    assert calls.layer(nn.Hardtanh(-1.0, 2.0), Borrowed()) == ["nn.Hardtanh(max_val=2.0)"]


def test_data_without_a_function_to_show_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    unshown = replace(DATASETS["moons"], build=lambda generator, **knobs: DATASETS["moons"].build(generator, **knobs))
    monkeypatch.setitem(DATASETS, "unshown", unshown)
    with pytest.raises(ValueError, match="has no code"):
        script(Planned(SMALL.with_(dataset=Choice("unshown"))), Length(3))


def test_a_plan_that_cannot_be_run_is_refused() -> None:
    with pytest.raises(ValueError, match="sdg"):
        script(Planned(SMALL.with_(optimizer=Choice("sdg"))), Length(3))


def test_a_script_for_a_card_moves_there_what_was_drawn_on_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "devices", lambda: ["cpu", "cuda"])
    code = script(Planned(MODELS["gan"].usual.with_(device="cuda")), Length(5))
    assert 'train_x = train_x.to("cuda")\n' in code
    assert 'model.to("cuda")\n' in code
    assert code.count('generator=noise_rng).to("cuda")') == 2
    assert "foreach=False" in code


# ---- the comparison sees what is wrong


WRONG = {
    "SEED = 1": "SEED = 2",
    "    9: [": "    10: [",
    "{14: 3}": "{15: 3}",
    "lr=0.003": "lr=0.00300003",
    "noise = 0.2": "noise = 0.200002",
    "nn.Tanh(),": "nn.Sigmoid(),",
    "total / len(test_x)": "total / (len(test_x) + 1)",
    "for knob, value in turns.get(step, []):": "for knob, value in []:",
}


TURNED = Case(Planned(SMALL, journal=(Change(9, "optimizer.lr", 0.01), Change(14, "batch_size", 3.0))))


def faulty() -> dict[str, str]:
    assert [right for right in WRONG if right not in TURNED.code] == []
    return {f"fault {right}": TURNED.code.replace(right, wrong) for right, wrong in WRONG.items()}


def test_a_fault_in_a_script_is_seen(told: dict[str, str]) -> None:
    assert [right for right in WRONG if differences(TURNED, told[f"fault {right}"]) == []] == []
