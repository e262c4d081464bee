"""A source that nobody trains: a whole page is drawn from what a run has left."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnviz.records.run import Snapshot
from nnviz.runs.pool import Pool
from nnviz.runs.replay import ReplaySource
from nnviz.runs.run import Run
from nnviz.runs.source import Command, Source
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.ui.registry import registry
from tests.test_pages import drawn

ROOT = Path(__file__).resolve().parent.parent
SPEC = ExperimentSpec(epochs=1)


class Replayed(Session):
    """A session whose run is a replay."""

    snapshots: tuple[Snapshot, ...] = ()

    def _fresh_run(self, plan: ExperimentSpec, pace: float) -> Source:
        return ReplaySource(self.snapshots)


@pytest.fixture(scope="module")
def left() -> tuple[Snapshot, ...]:
    """What a run of one epoch left: after 3 updates, and at its end."""
    run = Run((SPEC,))
    run.step(3)
    early = run.snapshot()
    while early.lanes[0].step < 3:
        early = run.snapshot()
    run.start()
    assert run.join(60)
    return early, run.snapshot()


def no_trainer(*_: object) -> None:
    raise AssertionError("nothing may be trained here")


@pytest.mark.usefixtures("own_registry")
def test_a_whole_page_is_drawn_from_a_replay_and_nothing_is_trained(
    left: tuple[Snapshot, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Replayed, "snapshots", left)
    session = registry().open(Replayed, SPEC, "somebody")
    monkeypatch.setattr(Pool, "wake", no_trainer)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.query_params["run"] = session.id
    page = page.switch_page("pages/1_Train.py").run()
    assert not page.exception
    assert counters(page)["step"] == "3"
    assert isinstance(session.run, ReplaySource)
    session.run.show(1)
    page.run()
    assert not page.exception
    assert counters(page)["step"] == f"{left[1].lanes[0].step:,}"
    charts = {chart["id"] for chart in drawn(page)["charts"]}
    assert charts >= {"loss", "accuracy", "weights", "gradients", "activations"}
    assert not any(button.key and button.key.startswith("bar.") for button in page.button)  # it takes no commands
    steering = [each for each in [*page.slider, *page.select_slider] if not str(each.key).startswith("view.")]
    assert len(steering) > 3
    assert all(each.disabled for each in steering)


def counters(page: AppTest) -> dict[str, str]:
    return {each["id"]: each["value"] for each in drawn(page)["counters"]}


def test_a_replay_shows_the_numbers_that_were_left_bit_for_bit(left: tuple[Snapshot, ...]) -> None:
    source = ReplaySource(left)
    source.show(5)
    lane, before = source.snapshot().lanes[0], left[1].lanes[0]
    assert np.array_equal(lane.curve.losses, before.curve.losses)
    assert (lane.records, lane.knobs, source.specs) == (before.records, before.knobs, (SPEC,))
    assert (source.newer(0, 0.0), source.newer(1, 0.0)) == (True, False)
    source.show(-1)
    assert source.snapshot().lanes[0].step == 3


def test_a_replay_refuses_every_command_by_its_name_and_a_run_takes_them_all(left: tuple[Snapshot, ...]) -> None:
    source = ReplaySource(left)
    with pytest.raises(ValueError, match="takes no 'play'"):
        source.start()
    with pytest.raises(ValueError, match="takes no 'step'"):
        source.step()
    with pytest.raises(ValueError, match="takes no 'step'"):
        source.epoch()
    with pytest.raises(ValueError, match="takes no 'change'"):
        source.apply(Change(0, "optimizer.lr", 0.1))
    source.prepare()
    source.pause()
    source.stop()
    assert source.join() is False
    source.show(1)
    assert source.join() is True
    assert (source.can, Run.can) == (frozenset(), frozenset(Command))
    with pytest.raises(ValueError, match="at least one snapshot"):
        ReplaySource(())


def test_a_run_tells_when_there_is_a_newer_snapshot() -> None:
    run = Run((SPEC,))
    before = run.snapshot()
    assert not run.newer(before.version, 0.0)
    run.step(1)
    assert run.newer(before.version, 60)
    assert run.peek().version > before.version
    run.stop()
