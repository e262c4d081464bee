"""Every control of Race, the lab and Surfaces, in every state, in any order."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.lessons.lab.state import State, settings_of
from nnviz.sessions.session import Session
from nnviz.specs.descent import DescentSpec
from nnviz.ui.registry import registry
from tests.monkey import Monkey, RunMonkey, Truth
from tests.test_pages import ROOT
from tests.test_race_page import open_race, race_in
from tests.test_race_page import session_of as race_of
from tests.test_surfaces_page import open_surfaces
from tests.test_surfaces_page import spec_in as descent_in

pytestmark = pytest.mark.usefixtures("own_registry")

STEPS = 40
RACE = {"dataset": "moons", "model": "mlp:hidden=8", "epochs": "20", "lanes": "sgd;momentum;adam"}


def test_race_bears_anything(monkey_seed: int) -> None:
    page = open_race(RACE)
    RunMonkey(page, lambda: race_of(page), race_in, monkey_seed).play(STEPS)


class LabMonkey(RunMonkey):
    def truth(self) -> Truth:
        return {f"lab.{name}": value for name, value in settings_of(self.session.spec).items()}

    def told(self) -> object:
        return self.tab.page.session_state["lesson.lab"]


def test_the_lab_bears_anything(monkey_seed: int) -> None:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.query_params.update({"data": "digits", "batch": "32"})
    page.switch_page("pages/46_Lab.py").run()

    def session() -> Session:
        found = registry().find(page.session_state["lab.session"])
        assert found is not None
        return found

    def state(page: AppTest) -> State:
        return State.from_query({name: str(value) for name, value in page.query_params.items() if name != "run"})

    LabMonkey(page, session, state, monkey_seed).play(STEPS)


class SurfacesMonkey(Monkey):
    @property
    def spec(self) -> DescentSpec:
        spec: DescentSpec = self.tab.page.session_state["descent.spec"]
        return spec

    def truth(self) -> Truth:
        spec = self.spec
        plain: dict[str, Any] = {"descent.surface": spec.surface.name, "descent.steps": spec.steps}
        rates = {f"walker.{place}.{lane.name}.lr": lane.knobs["lr"] for place, lane in enumerate(spec.lanes)}
        return {**plain, **rates, "descent.noise": spec.noise, "descent.seed": spec.seed}

    def told(self) -> object:
        return self.spec


def test_surfaces_bear_anything(monkey_seed: int) -> None:
    page = open_surfaces({"surface": "quadratic"})
    SurfacesMonkey(page, descent_in, monkey_seed).play(STEPS)
