"""What only a process of its own can show: how it ends, what it leaves when it is killed, and what it has to load."""

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from time import sleep

import pytest

from nnviz.cli.main import main
from nnviz.cli.status import ExitStatus
from nnviz.export.kept import KeptRun
from nnviz.library.library import Library
from nnviz.sessions.environment import Environment
from nnviz.sessions.registry import SessionRegistry
from nnviz.sessions.session import Session
from nnviz.specs.planned import Planned
from tests.branched import stepped
from tests.forked import ROOT, Forked, ForkServer
from tests.runs import SMALL, replayed, wait_for

LINK = "dataset=moons:size=100&model=mlp:hidden=4&batch_size=10&optimizer=adam:lr=0.01"
DESCRIBE = """
from nnviz import Change, Choice, ExperimentSpec, RaceSpec
spec = ExperimentSpec(optimizer=Choice.of("sgd", lr=0.1))
RaceSpec(spec, (Choice("sgd"), Choice("adam")))
Change(3, "optimizer.lr", 0.01)
"""
TRAIN = "from nnviz import train"
# What is loaded for every process: with an optimizer, for the first one loads another part of PyTorch.
ALL = """
from nnviz.cli.commands import train, resume
from nnviz.sessions import registry
from nnviz.training import Experiment
Experiment(ExperimentSpec(dataset=Choice("moons")))
"""


@pytest.fixture(scope="module")
def server(own_machine: None) -> Iterator[ForkServer]:
    found = ForkServer(DESCRIBE, TRAIN, ALL)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def own_folder(server: ForkServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Save in a folder of the test's own, and leave no process behind."""
    monkeypatch.setenv("NNVIZ_RUNS", str(tmp_path / "runs"))
    yield
    server.end_children()


def begin(server: ForkServer, code: str, *words: str) -> Forked:
    """Carry out code that writes to `out` and `err` in the folder of the test's own."""
    runs = Path(os.environ["NNVIZ_RUNS"])
    return server.fork(code, words, runs.parent / "out", runs.parent / "err", {"NNVIZ_RUNS": str(runs)})


def carry_out(server: ForkServer, code: str, *words: str) -> tuple[int, str, str]:
    """Carry out code to its end; return its status, and what it wrote to either output."""
    status = begin(server, code, *words).wait()
    return status, written("out"), written("err")


def written(name: str) -> str:
    return (Path(os.environ["NNVIZ_RUNS"]).parent / name).read_text()


def library() -> Library:
    return Library(Path(os.environ["NNVIZ_RUNS"]))


# ---- the names that scripts may rely on


def test_describing_a_run_needs_no_pytorch_and_training_it_does(server: ForkServer) -> None:
    assert server.loaded[:2] == [[], ["torch"]]
    assert "streamlit" not in server.loaded[2]
    count = "from nnviz import ExperimentSpec, train; print(sum(1 for _ in train(ExperimentSpec(epochs=2))))"
    assert carry_out(server, count) == (0, "3\n", "")


def test_the_readme_script_runs(server: ForkServer) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    status, out, err = carry_out(server, script)
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 4  # before the first epoch and after each of three


# ---- the end of the program

LIVE = """
import threading
from nnviz.runs.run import Run
from nnviz.specs.experiment import ExperimentSpec
run = Run([ExperimentSpec(epochs=0)])
try:
    run.start()
    while run.snapshot().lanes[0].step < 5:
        threading.Event().wait(0.01)
    print("training", flush=True)
    {wait}
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize(("wait", "word"), [("pass", ""), ("threading.Event().wait(60)", "interrupted\n")])
def test_the_program_ends_by_itself_and_at_ctrl_c_while_a_run_is_live(wait: str, word: str, server: ForkServer) -> None:
    program = begin(server, LIVE.format(wait=wait))
    if word:
        assert wait_for(lambda: written("out"))
        program.send_signal(signal.SIGINT)
    assert (program.wait(), written("out"), written("err")) == (0, f"training\n{word}", "")


# ---- the command line

AT_ONCE = """
import sys
from nnviz.runs import keeper
keeper.Keeper.__init__.__defaults__ = (0.0, 0.0)
"""
COMMAND = """
import sys
from nnviz.cli.main import main
sys.exit(main())
"""


@pytest.fixture
def started(server: ForkServer) -> Forked:
    """Train in a process of its own, which saves as often as it can; it has saved something."""
    process = begin(server, AT_ONCE + COMMAND, "train", LINK, "--updates", "900000", "--jsonl")
    assert wait_for(partial(has_saved, 50), 100), written("err")
    return process


def has_saved(updates: int) -> bool:
    """Look whether there is a run of more than so many updates, after a while: to look costs the process its time."""
    sleep(0.03)
    return any(saved.step > updates for saved in library().all())


def test_a_process_that_is_killed_at_any_moment_leaves_a_run_that_goes_on_to_the_same_bits(
    started: Forked, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random, places = Random(3), []
    for number in range(8):  # what stands on the disk at some moments, as if it had been killed there
        sleep(random.uniform(0, 0.2))
        started.stop()
        places.append(tmp_path / f"killed-{number}")
        shutil.copytree(library().place, places[-1])
        started.send_signal(signal.SIGCONT)
    started.send_signal(signal.SIGKILL)  # and at a last one it is
    assert started.wait() == -signal.SIGKILL
    for place in (*places, library().place):
        (saved,) = Library(place).all()
        goal = saved.step + 30
        assert main(["resume", saved.id[:6], "--runs", str(place), "--updates", str(goal), "--quiet"]) == 0
        capsys.readouterr()
        (lane,) = KeptRun.of(Library(place), saved).snapshot.lanes
        assert lane.step == goal
        assert lane.curve.losses.tolist() == replayed(lane)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_pauses_saves_and_says_how_to_go_on(
    number: signal.Signals, started: Forked, capsys: pytest.CaptureFixture[str]
) -> None:
    (saved,) = library().all()
    assert main(["resume", saved.id]) == ExitStatus.REFUSED
    said = capsys.readouterr().err
    assert f"run {saved.id} is being trained elsewhere at present, by process {started.pid} on " in said
    started.send_signal(number)
    assert started.wait() == 128 + number
    (saved,) = library().all()
    lines = [json.loads(line) for line in written("out").splitlines()]
    assert saved.status == "paused"
    assert lines[-1]["update"] <= saved.step
    assert f"Paused: update {saved.step:,} · epoch" in written("err")
    (command,) = re.findall("Go on with: (.*)", written("err"))
    assert command == f"python -m nnviz resume {saved.id} --updates 900000"
    assert main([*command.split()[3:-1], str(saved.step + 10), "--quiet"]) == 0
    capsys.readouterr()
    (lane,) = KeptRun.of(library(), saved).snapshot.lanes
    assert lane.curve.losses.tolist() == replayed(lane)


def test_whoever_stops_reading_pauses_the_run(server: ForkServer, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "out")
    process = begin(server, COMMAND, "train", LINK, "--updates", "900000", "--jsonl")
    with (tmp_path / "out").open() as lines:  # as `| head -1` does
        assert json.loads(lines.readline())["update"] == 0
    assert process.wait() == ExitStatus.BROKEN_PIPE
    assert "Traceback" not in written("err")
    assert "Exception" not in written("err")
    (saved,) = library().all()
    assert saved.status == "paused"


# ---- a server

SERVE = """
from pathlib import Path
from threading import Event
from nnviz.sessions.environment import Environment
from nnviz.sessions.registry import SessionRegistry
from nnviz.sessions.session import Session
from tests.runs import SMALL
registry = SessionRegistry(Environment(runs=sys.argv[1]))
session = registry.open(Session, SMALL, "ann")
session.play()
print(session.id, flush=True)
while True:
    session.snapshot()
    Event().wait(0.001)
"""


def test_a_server_that_is_killed_at_any_moment_leaves_a_run_that_goes_on(server: ForkServer) -> None:
    random, place = Random(1), library().place
    writer = begin(server, AT_ONCE + SERVE, str(place))
    assert wait_for(partial(has_saved, 0))
    name = written("out").strip()
    saved = library().find(name)
    assert saved is not None
    for _ in range(100):  # what stands on the disk at 100 moments, as if it had been killed there
        sleep(random.uniform(0, 0.03))
        writer.send_signal(signal.SIGSTOP)
        assert library().lanes(saved.id)[0].start is not None
        writer.send_signal(signal.SIGCONT)
    writer.send_signal(signal.SIGKILL)
    assert writer.wait() == -signal.SIGKILL
    registry = SessionRegistry(Environment(runs=str(place)))
    session = registry.reopen(name)
    assert session is not None
    assert wait_for(lambda: session.snapshot().scene is not None)
    before = session.snapshot().lanes[0].step
    straight = Session(Planned(SMALL, journal=()), "bob", registry.pool)
    after, alone = (stepped(each, count).lanes[0] for each, count in ((session, 20), (straight, before + 20)))
    assert after.curve.losses.tolist() == alone.curve.losses.tolist()
    registry.close()
