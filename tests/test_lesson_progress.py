"""What a browser keeps of the lessons, when hints are offered, and where a lesson leads on to."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from nnviz.ui.lesson_kit import tasks, tries
from nnviz.ui.lesson_kit.menu import LESSONS, after, before
from nnviz.ui.lesson_kit.overview import next_lesson
from nnviz.ui.lesson_kit.progress import COOKIE, MOST, known, read
from nnviz.ui.lesson_kit.tries import ENOUGH, Tries
from nnviz.words import lessons
from tests.lesson_pages import open_lesson

pytestmark = pytest.mark.usefixtures("own_registry")
LEARNING = "pages/41_Learning.py"


# ---- what is kept


def test_a_cookie_of_all_tasks_is_read_whole_and_leaves_room() -> None:
    cookie = "~".join(known())
    assert len(cookie) < MOST / 2
    assert read(cookie) == known()
    assert all(each.replace(".", "").replace("_", "").isalpha() for each in known())  # nothing to be quoted


@given(some.one_of(some.text(), some.lists(some.sampled_from([*known(), "learning.gone", "x", ""])).map("~".join)))
def test_whatever_a_cookie_holds_only_tasks_that_there_are_come_of_it(cookie: str) -> None:
    assert read(cookie) == known() & set(cookie.split("~"))


def test_what_is_longer_than_a_cookie_may_be_is_cut() -> None:
    assert read("~" * MOST + "learning.model") == frozenset()


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the browser cookies."""
    held: dict[str, str] = {}
    monkeypatch.setattr(st, "context", SimpleNamespace(cookies=held, locale="en"))
    return held


def said(page: AppTest, words: str) -> list[str]:
    return [text.value for text in page.markdown if words in text.value]


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def test_a_new_tab_begins_with_what_the_browser_has_kept(cookies: dict[str, str]) -> None:
    cookies[COOKIE] = "learning.model~learning.lost~depth.rank~learning.of_old~<b>"
    page = open_lesson(LEARNING)
    assert len(said(page, "check_circle")) == 2
    page.switch_page("pages/4_Foundations.py").run()
    assert next(text.value.split()[1:4] for text in page.markdown if "tasks done" in text.value) == ["2", "of", "3"]
    assert said(page, f"**3 of {len(known())} tasks**")
    assert lessons.FOUNDATIONS["kept"] in [text.value for text in page.caption]


def test_start_over_forgets_one_lesson_and_the_overview_all(cookies: dict[str, str]) -> None:
    cookies[COOKIE] = "learning.model~depth.rank~depth.same"
    page = press(open_lesson(LEARNING), "Start over")
    assert not said(page, "check_circle")
    assert set(page.session_state["lessons.forgotten"]) == {"learning"}
    page.switch_page("pages/4_Foundations.py").run()
    assert said(page, f"**2 of {len(known())} tasks**")
    press(page, "Forget what is done")
    assert said(page, "Begin with the first lesson")
    marks = page.session_state["lessons.forgotten"]
    assert set(marks) == set(LESSONS)
    assert len(set(marks.values())) == len(LESSONS)  # the browser deals with each mark once


def test_a_browser_without_cookies_is_told_that_nothing_will_be_kept() -> None:
    page = open_lesson("pages/4_Foundations.py")
    assert lessons.FOUNDATIONS["not_kept"] in [text.value for text in page.caption]


# ---- tries and hints


def tried(*moments: tuple[object, float]) -> Tries:
    found = Tries("model", "start")
    for state, now in moments:
        found = found.after(state, now)
    return found


def test_a_drag_is_one_try_and_a_look_is_none() -> None:
    assert tried(("start", 5)).count == 0
    assert tried(("a", 5), ("b", 5.4), ("c", 6.2), ("d", 7.1)).count == 1
    assert tried(("a", 5), ("a", 90)).count == 1
    assert tried(("a", 5), ("b", 7), ("a", 9)).count == 3


def test_hints_are_offered_one_after_the_other_each_after_enough_tries() -> None:
    found = tried(*((at, 10 * at) for at in range(ENOUGH - 1)))
    assert found.offer is None
    assert found.unfold("hint") == found
    found = found.after("more", 1000)
    assert found.offer == "hint"
    assert found.unfold("way") == found
    found = found.unfold("hint")
    assert (found.opened, found.offer) == (1, None)
    for at in range(ENOUGH):
        found = found.after(at, 2000 + 10 * at)
    assert found.offer == "way"
    found = found.unfold("way")
    for at in range(ENOUGH):
        found = found.after(at, 3000 + 10 * at)
    assert (found.opened, found.offer) == (2, None)


@pytest.fixture
def let_time_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Move the clock by which tries are told apart."""
    now = [100.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(tasks, "monotonic", lambda: now[0])
    return wait


def try_(page: AppTest, wait: Callable[[float], None], count: int) -> None:
    for _ in range(count):
        wait(2 * tries.REST_S)
        press(page, "One step")


def test_the_next_task_s_hint_is_offered_after_some_tries_and_the_way_after_some_more(
    let_time_pass: Callable[[float], None],
) -> None:
    task = LESSONS["learning"].texts.tasks["algorithm"]
    page = open_lesson(LEARNING)
    assert not said(page, task.hint)
    try_(page, let_time_pass, ENOUGH - 1)
    for _ in range(9):
        press(page, "One step")  # all in no time: one and the same try
    assert "Give me a hint" not in [button.label for button in page.button]
    try_(page, let_time_pass, 1)
    press(page, "Give me a hint")
    assert said(page, task.hint)
    assert not said(page, task.way)
    try_(page, let_time_pass, ENOUGH)
    press(page, "Show me the way")
    assert said(page, task.way)
    press(page, "Start over")
    assert not said(page, task.hint)


def test_another_task_begins_with_no_tries(let_time_pass: Callable[[float], None]) -> None:
    page = open_lesson(LEARNING)
    try_(page, let_time_pass, ENOUGH)
    assert "Give me a hint" in [button.label for button in page.button]
    page.session_state["lessons.solved"] = frozenset({"learning.algorithm"})
    page.run()
    assert "Give me a hint" not in [button.label for button in page.button]
    try_(page, let_time_pass, ENOUGH)
    press(page, "Give me a hint")
    assert said(page, LESSONS["learning"].texts.tasks["model"].hint)


# ---- where to go on


def links(page: AppTest) -> list[str]:
    return [link.proto.label for link in page.get("page_link")]


@pytest.mark.parametrize("name", list(LESSONS))
def test_a_lesson_ends_with_the_way_to_the_next_one_and_back(name: str) -> None:
    page = open_lesson(LESSONS[name].path)
    assert not page.exception
    end = links(page)[-4:]
    assert end[-1] == "All lessons"
    following, previous = after(name), before(name)
    if following is None:
        assert links(page)[-5:-2] == ["**Train**", "**Race**", "**Architectures**"]
    else:
        assert f"**Next: {LESSONS[following].texts.title}**" in end
    assert (f"Back: {LESSONS[previous].texts.title}" in end) if previous else (not any("Back" in each for each in end))


def test_a_lesson_with_all_its_tasks_done_says_so_where_the_last_one_turned_green(cookies: dict[str, str]) -> None:
    cookies[COOKIE] = "~".join(f"learning.{task}" for task in LESSONS["learning"].texts.tasks)
    page = open_lesson(LEARNING)
    assert said(page, "All 3 tasks of this lesson are done.")
    assert links(page).count("**Next: Gradient descent by hand**") == 2
    marked = [link.proto.label for link in page.get("page_link") if link.proto.icon == ":material/check:"]
    assert marked == ["**1 · Learning**"]


@pytest.mark.parametrize(
    ("done", "leads_to"),
    [
        ((0, 0, 0), "a"),
        ((1, 0, 0), "a"),
        ((3, 0, 0), "b"),
        ((1, 2, 0), "b"),  # whoever went on does not go back
        ((1, 3, 0), "c"),
        ((1, 3, 3), "a"),  # what was left out comes at last
        ((3, 3, 3), None),
    ],
)
def test_the_overview_leads_to_the_lesson_to_go_on_with(done: tuple[int, ...], leads_to: str | None) -> None:
    assert next_lesson({name: (count, 3) for name, count in zip("abc", done, strict=True)}) == leads_to


def test_who_has_done_everything_is_led_to_networks_of_their_own(cookies: dict[str, str]) -> None:
    cookies[COOKIE] = "~".join(known())
    page = open_lesson("pages/4_Foundations.py")
    assert said(page, f"all **{len(known())} tasks**")
    assert {"**Train**", "**Race**", "**Architectures**"} <= set(links(page))
