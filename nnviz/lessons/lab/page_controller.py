"""The lab's state in one tab: which run is looked at, whose it is, and what of it; all of it in the link."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog.files import missing
from nnviz.lessons.lab.state import State, changed_by, settings_of, spec_of
from nnviz.lessons.lab.texts import TEXTS
from nnviz.sessions.lab import LabSession
from nnviz.specs.experiment import ExperimentSpec
from nnviz.ui.lesson_kit.run_controller import RunController


class LabController(RunController[State, LabSession]):
    """A controller whose run begins afresh with every setting."""

    def spec_of(self, state: State) -> ExperimentSpec:
        """Return the run that a state describes."""
        return spec_of(state)

    def settings_of(self, session: LabSession) -> dict[str, Any]:
        """Read the settings back from a run."""
        return settings_of(session.spec)

    def completed(self, state: State, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Complete some changes: other data is looked at from its beginning."""
        return changed_by(state, changes)

    def at_hand(self, state: State) -> State:
        """Fall back to the digits where the data of a state is not on this machine."""
        if missing(state.data) is None:
            return state
        return state.with_(**changed_by(state, {"data": "digits"}))


CONTROLLER = LabController("lab", State, TEXTS, LabSession)
