"""What every lesson owes its reader, proved over all of them."""

import re
from dataclasses import fields
from pathlib import Path

import plotly.graph_objects as go
import pytest

from nnviz.specs.lesson import bounds_of, default_of
from nnviz.ui.lesson_kit.menu import LESSONS
from tests.lesson_pages import ROOT, boards, open_lesson

pytestmark = pytest.mark.usefixtures("own_registry")

NAMES = list(LESSONS)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_opens_with_figures_dials_and_a_formula_explained_and_tasks_open(name: str) -> None:
    page = open_lesson(LESSONS[name].path)
    shown = boards(page)
    charts = [chart for board in shown.values() for chart in board["charts"]]
    assert charts
    for chart in charts:
        assert "error" not in chart
        assert chart["label"]
        assert len(chart["help"]) > 20
        if "figure" in chart:
            go.Figure(chart["figure"])
    for dial in (dial for board in shown.values() for dial in board.get("dials") or ()):
        assert dial["low"] <= dial["value"] <= dial["high"]
        assert dial["help"]
    assert page.latex or any("$" in text.value for text in page.markdown)
    tasks = [text.value for text in page.markdown if "radio_button_unchecked" in text.value]
    assert len(tasks) >= 2
    assert not [text.value for text in page.markdown if "check_circle" in text.value]


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_link_gives_one_sentence_and_the_lesson_from_its_start(name: str) -> None:
    page = open_lesson(LESSONS[name].path, {"nonsense": "1"})
    (warning,) = page.warning
    assert "nonsense" in warning.value
    assert boards(page)


@pytest.mark.parametrize("name", NAMES)
def test_every_dial_and_menu_of_a_lesson_has_words(name: str) -> None:
    lesson = LESSONS[name]
    for part in fields(lesson.state):
        bounds = bounds_of(part)
        if bounds.kind == "choice" and part.name in lesson.texts.choices:
            assert set(lesson.texts.choices[part.name]) == set(bounds.choices)
        if part.name in lesson.texts.knobs:
            label, help_text = lesson.texts.knobs[part.name]
            assert label
            assert len(help_text) > 10


@pytest.mark.parametrize("name", NAMES)
def test_every_task_of_a_lesson_says_what_where_and_why(name: str) -> None:
    tasks = LESSONS[name].texts.tasks
    assert len(tasks) >= 2
    for task in tasks.values():
        assert all(text.endswith((".", "?")) for text in (task.text, task.hint, task.praise))


@pytest.mark.parametrize("name", NAMES)
def test_the_defaults_of_a_lesson_lie_within_their_bounds(name: str) -> None:
    kind = LESSONS[name].state
    assert kind() == kind(**{part.name: default_of(part) for part in fields(kind)})


def test_lessons_follow_the_lecture_and_have_a_page_each() -> None:
    paths = [lesson.path for lesson in LESSONS.values()]
    assert paths == sorted(set(paths))
    assert all((ROOT / path).is_file() for path in paths)
    assert {str(path.relative_to(ROOT)) for path in Path(ROOT / "pages").glob("4[0-9]_*.py")} == set(paths)


def test_the_overview_links_every_lesson_in_order() -> None:
    page = open_lesson("pages/4_Foundations.py")
    assert not page.exception
    links = [link.proto.label for link in page.get("page_link")]
    numbered = [label for label in links if re.match(r"\*\*\d · ", label)]
    first, *numbered = numbered  # where to go on
    assert first == numbered[0]
    assert numbered == [f"**{place} · {lesson.texts.title}**" for place, lesson in enumerate(LESSONS.values(), 1)]


def test_the_overview_counts_the_tasks_done_in_this_tab() -> None:
    page = open_lesson("pages/41_Learning.py", {"updates": "400", "lr": "1"})
    page.query_params.clear()
    page.switch_page("pages/4_Foundations.py").run()
    counts = [text.value for text in page.markdown if "tasks done" in text.value]
    assert len(counts) == len(LESSONS)
    assert "2 of 3 tasks done" in counts[0]
    assert all(" 0 of " in text for text in counts[1:])
