"""What a session tells of the run that it holds, and of the settings on screen."""

from typing import Any, cast

from nnviz.records.run import Snapshot
from nnviz.runs.source import Source
from nnviz.sessions.stand import Stand
from nnviz.specs.experiment import ExperimentSpec


class Look:
    """Looks at a stand, which is replaced as a whole: every method takes it once."""

    _stand: Stand

    @property
    def stand(self) -> Stand:
        """What it holds at this moment."""
        return self._stand

    @property
    def run(self) -> Source:
        """The run that is shown."""
        return self._stand.run

    @property
    def spec(self) -> ExperimentSpec:
        """What it was started with; of several lanes, what they have in common."""
        return self._stand.focused

    @property
    def focus(self) -> int:
        """The racer whose knobs are turned and whose panels are shown."""
        return self._stand.focus

    @property
    def turns(self) -> int:
        """Live changes asked for since it was started."""
        return self._stand.turns

    @property
    def generation(self) -> int:
        """Which of its runs is shown: it grows with every fresh one."""
        return self._stand.generation

    def knobs(self, snapshot: Snapshot, racer: int | None = None) -> dict[str, float]:
        """Return the values last asked for, which a paused run may not have reached yet; by itself the focus's."""
        stand = self._stand
        return stand.knobs(stand.seen(snapshot), stand.focus if racer is None else racer)

    def knob(self, target: str, snapshot: Snapshot, racer: int | None = None) -> float:
        """Return one of these values, or the spec's before anything is built."""
        stand = self._stand
        return stand.knob(target, stand.seen(snapshot), stand.focus if racer is None else racer)

    def present_spec(self, snapshot: Snapshot) -> ExperimentSpec:
        """Return the settings on screen: the spec with every live change written into it."""
        return cast(ExperimentSpec, self.present_plan(snapshot).spec)

    def replay(self, snapshot: Snapshot) -> Any:
        """Return the plan whose run is this one to the bit: each live change at the update at which it came."""
        stand = self._stand
        return self.replay_of(stand, stand.seen(snapshot))

    def is_ahead(self, snapshot: Snapshot) -> bool:
        """Whether anything was turned that the run has not reached; after its end only the next one can."""
        return self._stand.is_ahead(self._stand.seen(snapshot))

    # What a session plans, which kinds of sessions spell differently.

    def present_plan(self, snapshot: Snapshot) -> Any:
        """Return the plan with the settings on screen."""
        stand = self._stand
        return self._with_turns(stand, stand.seen(snapshot))

    def _with_turns(self, stand: Stand, snapshot: Snapshot) -> Any:
        return stand.present(snapshot)

    def replay_of(self, stand: Stand, snapshot: Snapshot) -> Any:
        """Return the plan of a run, which need not be shown any more, as it went."""
        return stand.replay(snapshot)
