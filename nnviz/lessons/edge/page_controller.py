"""The lesson's state in one tab: which run is looked at, and its settings; all of it in the link."""

from typing import Any

from nnviz.lessons.edge.state import RATES, State, settings_of, spec_of
from nnviz.lessons.edge.texts import TEXTS
from nnviz.sessions.edge import EdgeSession
from nnviz.specs.experiment import ExperimentSpec
from nnviz.ui.lesson_kit.run_controller import RunController


class EdgeController(RunController[State, EdgeSession]):
    """A controller whose run begins afresh with every setting but the rate, which the board turns."""

    def spec_of(self, state: State) -> ExperimentSpec:
        """Return the run that a state describes."""
        return spec_of(state)

    def settings_of(self, session: EdgeSession) -> dict[str, Any]:
        """Read the settings back from a run, the rate as it was turned last."""
        low, high = RATES
        return settings_of(session.spec, min(max(session.knob("optimizer.lr", session.glance()), low), high))

    def change(self, **changes: Any) -> None:
        """Change a setting at the rate that was turned last."""
        self.adopt(self.session)
        super().change(**changes)


CONTROLLER = EdgeController("edge", State, TEXTS, EdgeSession)
