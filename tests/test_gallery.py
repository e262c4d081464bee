"""The fault gallery: a secret that is kept until it is guessed or shown, and cases that can be told apart."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import check_spec
from nnviz.catalog.cases import CASES
from nnviz.catalog.links import read_experiment
from nnviz.charts import CHARTS
from nnviz.sessions.session import Session
from nnviz.ui.gallery.guess import offered
from nnviz.ui.registry import registry
from nnviz.words.cases import TEXTS, case_text
from tests.tab import boards_on

pytestmark = pytest.mark.usefixtures("own_registry")

ROOT = Path(__file__).resolve().parent.parent
FAULTS = "pages/7_Faults.py"


def opened(query: dict[str, str] | None = None) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in (query or {}).items():
        page.query_params[key] = value
    return page.switch_page(FAULTS).run()


def session_of(page: AppTest, name: str) -> Session:
    session = registry().find(page.session_state[f"faults.{name}.session"])
    assert session is not None
    return session


def words_on(page: AppTest) -> str:
    return "\n".join(str(each.value) for each in [*page.markdown, *page.caption, *page.info, *page.warning])


def guessed(page: AppTest, name: str, answer: str) -> AppTest:
    (row,) = [each for each in page.button_group if (each.key or "").startswith(f"faults.options.{name}")]
    row.set_value(answer)
    return page.run()


@pytest.mark.parametrize("name", list(CASES))
def test_a_case_can_be_run_and_is_to_be_told_from_three_others(name: str) -> None:
    case = CASES[name]
    assert read_experiment(check_spec(case.spec).to_query()) == case.spec
    assert set(case.charts) <= set(CHARTS)
    assert len({*case.others, name} & set(CASES)) == 4
    assert set(offered(name)) == {name, *case.others}
    labels = [case_text(each).label for each in offered(name)]
    assert len(set(labels)) == 4


def test_every_case_has_its_words_and_the_right_name_is_not_always_at_one_place() -> None:
    assert list(TEXTS) == list(CASES)
    assert len({offered(name).index(name) for name in CASES}) == 4


def test_what_a_run_has_is_a_secret_until_it_is_guessed() -> None:
    page = opened({"case": "permuted_labels"})
    assert not page.exception
    assert set(page.query_params) == {"case", "run"}
    told = words_on(page)
    assert case_text("permuted_labels").seen in told
    assert case_text("permuted_labels").why not in told
    assert not [each for each in page.button if each.key == "export.button"]
    page = guessed(page, "permuted_labels", "overfit")
    assert f"Not that. {case_text('permuted_labels').hint}" in words_on(page)
    assert case_text("permuted_labels").why not in words_on(page)
    page = guessed(page, "permuted_labels", "permuted_labels")
    assert not page.exception
    assert re.search(r"Yes: Labels that belong to other examples\..*mixed up", words_on(page))
    assert set(page.query_params) == {"case", "run"}
    (way,) = [each for each in page.get("page_link") if "Train" in each.proto.label and each.proto.query_string]
    assert "fault=permuted_labels" in way.proto.query_string


def test_who_gives_up_is_shown_and_goes_on_to_the_next_case() -> None:
    page = opened()
    page.button(key="faults.show").click().run()
    assert "It was: Learning rate too high." in words_on(page)
    page.button(key="faults.next").click().run()
    assert not page.exception
    assert case_text("rate_low").seen in words_on(page)
    assert page.query_params["case"] == "rate_low"
    (strip,) = [each for each in page.button_group if (each.key or "").startswith("faults.cases")]
    strip.set_value("rate_high")
    page.run()
    assert "It was: Learning rate too high." in words_on(page)  # the case is as it was left


def test_each_case_keeps_a_run_of_its_own_and_a_link_shows_it_to_others() -> None:
    page = opened({"case": "zeros"})
    session = session_of(page, "zeros")
    assert session.spec == CASES["zeros"].spec
    other = opened({"case": "zeros", "run": session.id})
    assert session_of(other, "zeros") is session
    assert boards_on(other)


def test_a_case_that_is_not_there_is_refused_in_a_sentence() -> None:
    page = opened({"case": "rust"})
    assert not page.exception
    assert "There is no case 'rust'; choose one of rate_high, rate_low" in words_on(page)
    assert case_text("rate_high").seen in words_on(page)
