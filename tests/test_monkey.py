"""Every control of Train and of models' pages, in every state, in any order."""

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import MODELS
from nnviz.catalog.links import read_pairing
from nnviz.specs.pairing import Pairing
from tests.monkey import RunMonkey
from tests.test_family_pages import open_family
from tests.test_family_pages import session_of as family_of
from tests.test_pages import open_train, plan_in, session_of

pytestmark = pytest.mark.usefixtures("own_registry")

STEPS = 40
TRAIN = {
    "digits": {"dataset": "digits"},
    "spiral": {"dataset": "spiral", "model": "mlp:hidden=8,8,8", "optimizer": "sgd:lr=10"},
    "gan": {"model": "gan"},
    "scheduled": {"dataset": "moons", "schedule": "plateau"},
}


@pytest.mark.parametrize("name", list(TRAIN))
def test_train_bears_anything(name: str, monkey_seed: int) -> None:
    page = open_train(TRAIN[name])
    RunMonkey(page, lambda: session_of(page), plan_in, monkey_seed).play(STEPS)


@pytest.mark.parametrize("name", ["autoencoder", "gan", "lstm"])
def test_a_model_s_page_bears_anything(name: str, monkey_seed: int) -> None:
    page = open_family(name)

    def plan(page: AppTest) -> Pairing:
        query = {key: str(value) for key, value in page.query_params.items()}
        named = {key: query[key] for key in query if key not in ("run", "log_loss")}
        return read_pairing(named, Pairing(MODELS[name].usual))

    RunMonkey(page, lambda: family_of(page, name), plan, monkey_seed).play(STEPS)
