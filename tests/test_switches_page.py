"""More settings in the sidebar: open where anything is not as usual, and each with its effect."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog.openings import FIRST
from nnviz.specs.experiment import Choice
from nnviz.words import texts
from tests.test_pages import built, open_train, session_of, spec_in, warnings
from tests.test_race_page import open_race, race_in

pytestmark = pytest.mark.usefixtures("own_registry")


def expander_of(page: AppTest) -> Any:
    (found,) = [part for part in page.expander if part.label == texts.MORE_SETTINGS]
    return found


SWITCHED = {
    "clipping": {"clipping": "value"},
    "order": {"order": "sorted"},
    "decay": {"decay": "weights"},
    "accumulate": {"accumulate": "2"},
    "dropout": {"model": "mlp:dropout=0.2"},
    "batch_norm": {"model": "mlp:batch_norm=on"},
    "label_smoothing": {"loss": "cross_entropy:label_smoothing=0.1"},
}


@pytest.mark.parametrize("query", SWITCHED.values(), ids=list(SWITCHED))
def test_more_settings_are_open_where_any_is_not_as_usual(query: dict[str, str]) -> None:
    assert not expander_of(open_train({"dataset": "moons"})).proto.expanded
    assert expander_of(open_train({"dataset": "moons", **query})).proto.expanded


def test_more_settings_start_a_fresh_run_and_stand_in_the_link() -> None:
    page = built(open_train({"dataset": "moons"}))
    page.selectbox(key="set.clipping").select("norm").run()
    page.select_slider(key="live.clipping.norm.max").set_value(0.03).run()
    page.selectbox(key="set.order").select("sorted").run()
    page.slider(key="set.accumulate").set_value(3).run()
    page.slider(key="set.model.mlp.dropout").set_value(0.25).run()
    spec = spec_in(page)
    assert (spec.clipping, spec.order, spec.accumulate) == (Choice.of("norm", max=0.03), Choice("sorted"), 3)
    assert spec.model.knobs["dropout"] == 0.25
    assert warnings(page) == []


def test_a_batch_size_that_cannot_be_normalised_is_refused_with_a_reason() -> None:
    page = built(open_train({"dataset": "moons", "model": "mlp:batch_norm=on"}))
    page.select_slider(key="live.batch_size").set_value(1).run()
    (warning,) = warnings(page)
    assert "one example alone has no spread to measure" in warning
    assert spec_in(page).batch_size == FIRST.batch_size


def test_who_only_watches_cannot_switch_anything() -> None:
    owner = built(open_train({"dataset": "moons", "clipping": "norm"}))
    session_of(owner).owner = "somebody"
    stranger = open_train({"run": session_of(owner).id})
    inside = expander_of(stranger)
    parts = [*inside.selectbox, *inside.slider, *inside.button_group]
    assert len(parts) >= 6
    assert all(part.disabled for part in parts)


def test_in_a_race_they_hold_for_all_lanes_the_bound_too() -> None:
    page = open_race({"dataset": "moons", "clipping": "norm"})
    page.select_slider(key="set.clipping.norm.max").set_value(0.03).run()
    page.segmented_control(key="set.model.mlp.batch_norm").select("on").run()
    race = race_in(page)
    assert {spec.clipping for spec in race.specs} == {Choice.of("norm", max=0.03)}
    assert {spec.model.knobs["batch_norm"] for spec in race.specs} == {"on"}


def test_the_settings_do_not_shut_under_the_hand_that_brings_them_back() -> None:
    page = open_train({"dataset": "moons", "clipping": "norm"})
    session = session_of(page)
    session.edit(lambda spec: spec.with_(clipping=Choice("none")))
    assert expander_of(page.run()).proto.expanded
