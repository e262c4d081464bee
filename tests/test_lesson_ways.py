"""The way that a task's last hint shows leads there, from where the lesson begins."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from nnviz.lessons.affine.study import PLANE_TASKS
from nnviz.lessons.affine.study import TASKS as AFFINE_TASKS
from nnviz.lessons.affine.study import State as Affine
from nnviz.lessons.affine.study import study as study_affine
from nnviz.lessons.affine.study_plane import follow
from nnviz.lessons.depth import state as depth
from nnviz.lessons.depth.study_fold import study_fold
from nnviz.lessons.depth.study_signal import Signals, study_signal
from nnviz.lessons.depth.study_stack import study_stack
from nnviz.lessons.descent_by_hand import study as descent
from nnviz.lessons.descent_by_hand.study_data import EDGE
from nnviz.lessons.learning import study as learning
from nnviz.lessons.losses import study as losses
from nnviz.runs.timeline import Stream
from nnviz.ui.lesson_kit.menu import LESSONS

STREAM, SIGNALS = Stream(), Signals()
Ways = Mapping[str, Mapping[str, Any]]  # of each task: what its way has the reader change

LEARNING: Ways = {
    "algorithm": {"lr": 1, "updates": 300},
    "model": {"hidden": 0, "updates": 200},
    "lost": {"lr": 3, "updates": 50},
}
DESCENT: Ways = {
    "arrive": {"lr": 0.15, "step": 30},
    "diverge": {"lr": 0.22, "step": 20},
    "jitter": {"batch": "one", "lr": 0.06, "step": 60},
}
AFFINE: Ways = {
    "turn": {"w11": 0, "w12": -1, "w21": 1, "w22": 0},
    "swap": {"w11": 0, "w12": 1, "w21": 1, "w22": 0},
    "area": {"w11": 2, "w12": 0, "w21": 0, "w22": 0.5},
    "flat": {"w11": 0.5, "w12": 0.5, "w21": 0.5, "w22": 0.5, "b1": 0, "b2": 0},
    "least": {"rate": 0.5, "steps": 400},
    "lost": {"rate": 0.6, "steps": 300},
    "same": {"inputs": 3, "rate": 0.5, "steps": 100},
}
DEPTH: Ways = {
    "rank": {"layers": 4, "narrow": 1},
    "same": {"bent": False, "updates": 300},
    "xor": {"data": "xor", "bent": True, "rho": "relu", "updates": 150},
    "die": {"act": "relu", "init": "glorot_normal", "depth": 25},
    "alive": {"act": "relu", "init": "he_normal", "depth": 30},
    "saturate": {"act": "tanh", "init": "normal", "std": 2, "depth": 8},
}
LOSSES: Ways = {
    "squares": {"w": 0.7, "b": 0.1},
    "sigma": {"sigma": 1.04},
    "too_sure": {"sigma": 0.1},
    "pull": {"sample": (*losses.State().sample[:-1], (4, -4))},
    "agree": {"delta": 8},
    "even": {"logits": (0, 0, 0)},
    "confident": {"logits": (-2, 4, -1)},
    "settled": {"logits": (6, 0, -1)},
    "asleep": {"logit": -4},
    "slower": {"logit": -7},
}
WAYS = {"learning": LEARNING, "descent_by_hand": DESCENT, "affine": AFFINE, "depth": DEPTH, "losses": LOSSES}
ELSEWHERE = {  # tasks whose ways are followed by another test, or by hand
    "descent_by_hand": {"tip"},
    "depth": {"twins"},
    "lab": {"goal", "small", "wild", "wrong"},  # tests/test_lesson_lab.py and benchmarks/lab.py
    "edge": {"settle", "follow", "never", "lost", "momentum"},  # tests/test_lesson_edge.py
}
_LOSSES: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(losses.FIT_TASKS, losses.study_fit),
    **dict.fromkeys(losses.ROBUST_TASKS, losses.study_robust),
    **dict.fromkeys(losses.CLASS_TASKS, losses.study_classes),
    **dict.fromkeys(losses.MISTAKE_TASKS, losses.study_mistake),
}


def solves(lesson: str, task: str, changes: Mapping[str, Any]) -> bool:
    """Follow a way from where the lesson begins."""
    if lesson == "affine":
        start = Affine()
        state: Any = start.with_(**follow(start, changes))
        found: Any = study_affine(state)["plane" if task in PLANE_TASKS else "fit"]
        return bool(AFFINE_TASKS[task](state, found))
    if lesson == "depth":
        state = depth.State(**changes)
        if task in depth.STACK_TASKS:
            found = study_stack(state)
        else:
            found = study_signal(state, SIGNALS) if task in depth.SIGNAL_TASKS else study_fold(state, STREAM)
        return bool(depth.TASKS[task](state, found))
    if lesson == "learning":
        state = learning.State(**changes)
        return learning.TASKS[task](state, learning.study(state, STREAM))
    if lesson == "losses":
        state = losses.State(**changes)
        return losses.TASKS[task](state, _LOSSES[task](state))
    state = descent.State(**changes)
    return descent.TASKS[task](state, descent.study(state))


@pytest.mark.parametrize(("lesson", "task"), [(lesson, task) for lesson, ways in WAYS.items() for task in ways])
def test_the_way_leads_there_and_names_its_numbers(lesson: str, task: str) -> None:
    changes = WAYS[lesson][task]
    assert solves(lesson, task, changes)
    way = LESSONS[lesson].texts.tasks[task].way.replace("−", "-")
    numbers = [value for value in changes.values() if isinstance(value, int | float) and not isinstance(value, bool)]
    assert all(f"{value:g}" in way for value in numbers), way


def test_every_task_has_a_way_that_is_followed() -> None:
    for name, lesson in LESSONS.items():
        assert {*WAYS.get(name, ()), *ELSEWHERE.get(name, ())} == set(lesson.texts.tasks), name
        assert all(task.way.endswith(".") for task in lesson.texts.tasks.values())


@pytest.mark.parametrize("seed", range(5))
def test_a_sample_at_the_right_dragged_down_to_the_edge_tips_the_line(seed: int) -> None:
    points = list(descent.samples(descent.State(seed=seed)))
    at = max(range(len(points)), key=lambda place: points[place][0])
    points[at] = (points[at][0], -EDGE)
    assert solves("descent_by_hand", "tip", {"seed": seed, "points": tuple(points)})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("task", ["arrive", "jitter"])
def test_the_ways_of_a_descent_lead_there_for_other_data_too(task: str, seed: int) -> None:
    assert solves("descent_by_hand", task, {**DESCENT[task], "seed": seed})


@pytest.mark.parametrize("numbers", range(1, 6))
def test_a_circle_around_b_passes_its_twin_twice(numbers: int) -> None:
    (_, (x, y)), found = depth.State().points, []
    for angle in range(240):
        turn = math.pi * angle / 120
        away = (x + 1.4 * math.cos(turn), y + 1.4 * math.sin(turn))
        points = (tuple(min(max(place, -depth.REACH), depth.REACH) for place in away), (x, y))  # the figure's edge
        found.append(solves("depth", "twins", {"narrow": 1, "numbers": numbers, "points": points}))
    begun = sum(now and not before for before, now in zip([found[-1], *found], found, strict=False))
    assert begun == 2
