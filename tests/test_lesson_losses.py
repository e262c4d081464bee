"""The lesson on losses: its numbers against independent sources, its tasks, figures and page."""

import json
import math
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from nnviz.lessons.losses.figures import CLASSES, FIT, MISTAKE, PICTURES, ROBUST
from nnviz.lessons.losses.study import (
    CLASS_TASKS,
    FIT_TASKS,
    MISTAKE_TASKS,
    ROBUST_TASKS,
    TASKS,
    State,
    study_classes,
    study_fit,
    study_mistake,
    study_robust,
)
from nnviz.lessons.losses.study_classes import OTHERS, classification
from nnviz.lessons.losses.study_fit import gaussian_fit, least_squares
from nnviz.lessons.losses.study_mistake import MOST_STEPS, mistake
from nnviz.lessons.losses.study_robust import least_absolute, robust_fit
from nnviz.lessons.losses.texts import TEXTS
from tests.tab import boards_on

ROOT = Path(__file__).resolve().parent.parent
coordinate = some.floats(-4, 4).map(lambda value: round(value, 2))
points = some.lists(some.tuples(coordinate, coordinate), min_size=4, max_size=12).map(tuple)
sigmas = some.floats(0.1, 3)
logit_lists = some.lists(some.floats(-6, 6), min_size=3, max_size=5).map(tuple)
quick = settings(max_examples=40)


def slope_of(value: Any, at: float, step: float = 1e-5) -> float:
    """Take a central difference."""
    return float((value(at + step) - value(at - step)) / (2 * step))


@quick
@given(points, some.floats(-2, 2), some.floats(-4, 4), sigmas)
def test_the_gaussian_likelihood_is_the_squared_error_scaled_and_shifted(
    data: Any, w: float, b: float, sigma: float
) -> None:
    found = gaussian_fit(data, w, b, sigma)
    x, y = np.array(data).T
    missed = y - w * x - b
    densities = np.exp(-(missed**2) / (2 * sigma**2)) / math.sqrt(2 * math.pi * sigma**2)
    exact = np.mean(missed**2 / (2 * sigma**2)) + math.log(sigma) + 0.5 * math.log(2 * math.pi)
    assert found.mse == pytest.approx(np.mean(missed**2), rel=1e-12)
    assert found.nll == pytest.approx(exact, rel=1e-12, abs=1e-12)
    assert found.nll_by_formula == pytest.approx(exact, rel=1e-12, abs=1e-12)
    assert found.difference <= 1e-12 * max(1, abs(exact))
    assert found.densities == pytest.approx(densities, rel=1e-9, abs=1e-300)


@quick
@given(points, some.floats(-4, 4), sigmas)
def test_both_losses_are_smallest_at_the_same_slope(data: Any, b: float, sigma: float) -> None:
    found = gaussian_fit(data, 0.1, b, sigma)
    x, y = np.array(data).T
    if (x**2).sum() < 1e-3:
        return
    best = float((x * (y - b)).sum() / (x**2).sum())
    assert found.lowest_mse[0] == pytest.approx(best, abs=1e-8)
    assert found.lowest_nll[0] == pytest.approx(best, abs=1e-8)
    assert found.lowest_mse[1] == pytest.approx(np.mean((y - best * x - b) ** 2), abs=1e-9)
    assert (found.mse_over_slopes >= found.lowest_mse[1] - 1e-9).all()
    assert (found.nll_over_slopes >= found.lowest_nll[1] - 1e-9).all()
    assert found.nll_over_slopes == pytest.approx(
        found.mse_over_slopes / (2 * sigma**2) + math.log(sigma) + 0.5 * math.log(2 * math.pi), rel=1e-9, abs=1e-9
    )


@quick
@given(points)
def test_the_best_line_is_the_one_of_numpy(data: Any) -> None:
    x, y = np.array(data).T
    if np.ptp(x) < 0.1:
        return
    assert least_squares(x, y) == pytest.approx(tuple(np.polyfit(x, y, 1)), abs=1e-7)
    missed = y - np.polyval(np.polyfit(x, y, 1), x)
    assert gaussian_fit(data, 0, 0, 1).least_mse == pytest.approx(np.mean(missed**2), abs=1e-9)


def test_the_best_sigma_is_the_lowest_place_of_its_curve() -> None:
    found = study_fit(State())
    exact = found.mse / (2 * found.sigmas**2) + np.log(found.sigmas) + 0.5 * math.log(2 * math.pi)
    assert found.nll_over_sigmas == pytest.approx(exact)
    assert found.best_sigma == pytest.approx(found.sigmas[np.argmin(found.nll_over_sigmas)], rel=0.03)
    at_best = gaussian_fit(State().points, found.w, found.b, found.best_sigma).nll
    assert at_best <= found.nll_over_sigmas.min()


@quick
@given(points)
def test_no_line_has_a_smaller_absolute_error_than_the_one_found(data: Any) -> None:
    x, y = np.array(data).T
    w, b = least_absolute(x, y)
    cost = np.abs(y - w * x - b).sum()
    for (x0, y0), (x1, y1) in combinations(data, 2):
        if x0 != x1:
            slope = (y1 - y0) / (x1 - x0)
            assert cost <= np.abs(y - y0 - slope * (x - x0)).sum() + 1e-9
    turned = np.random.default_rng(0).normal(size=(200, 2)) * [[0.3, 0.5]] + [w, b]
    assert (np.abs(y - turned[:, :1] * x - turned[:, 1:]).sum(1) >= cost - 1e-9).all()


@quick
@given(points, some.floats(0.1, 8))
def test_the_gradient_vanishes_at_hubers_line(data: Any, delta: float) -> None:
    x, y = np.array(data).T
    w, b = robust_fit(data, delta, 0.0).lines["huber"]
    pull = np.clip(w * x + b - y, -delta, delta)
    assert abs((pull * x).mean()) < 1e-5
    assert abs(pull.mean()) < 1e-5


def test_a_far_outlier_moves_the_squared_line_and_hardly_the_others() -> None:
    found = study_robust(State())
    x, y = np.delete(found.x, 9), np.delete(found.y, 9)
    assert found.outlier == 9
    assert found.without["squared"] == pytest.approx(tuple(np.polyfit(x, y, 1)))
    apart = [
        abs(np.polyval(np.polyfit(x, y, 1), end) - np.polyval(np.polyfit(found.x, found.y, 1), end)) for end in (-4, 4)
    ]
    assert found.moved["squared"] == pytest.approx(max(apart))
    assert found.moved["squared"] > 3 * found.moved["absolute"]


@pytest.mark.parametrize(("delta", "residual"), [(0.5, 2.0), (0.5, -3.1), (2.0, 1.3), (8.0, -3.9), (1.0, 0.4)])
def test_the_losses_of_one_residual_and_their_slopes_are_the_textbooks(delta: float, residual: float) -> None:
    found = robust_fit(State().sample, delta, residual)
    far = abs(residual)
    costs = {
        "squared": residual**2,
        "absolute": far,
        "huber": residual**2 / 2 if far < delta else delta * (far - delta / 2),
    }
    pulls = {"squared": 2 * residual, "absolute": np.sign(residual), "huber": np.clip(residual, -delta, delta)}
    assert found.loss_at == pytest.approx(costs)
    assert found.slope_at == pytest.approx(pulls)
    for name in costs:
        inner = np.abs(found.residuals) > 0.2  # away from the corner of the absolute loss
        slopes = np.gradient(found.losses[name], found.residuals)[1:-1]
        assert found.slopes[name][1:-1][inner[1:-1]] == pytest.approx(slopes[inner[1:-1]], abs=0.03)


@quick
@given(logit_lists, some.integers(0, 4), some.floats(0.5, 5))
def test_cross_entropy_and_its_gradient_are_the_closed_forms(logits: Any, right: int, temperature: float) -> None:
    found = classification(logits, right, temperature)
    right = min(right, len(logits) - 1)
    z = np.array(logits) / temperature
    p = np.exp(z) / np.exp(z).sum()
    assert found.p == pytest.approx(p, rel=1e-10)
    assert found.loss == pytest.approx(-math.log(p[right]), rel=1e-9, abs=1e-12)
    assert found.categorical == pytest.approx(found.loss, abs=1e-12)
    truth = np.eye(len(p))[right]
    assert found.gap == pytest.approx(p - truth, abs=1e-12)
    assert found.gradient == pytest.approx((p - truth) / temperature, abs=1e-12)
    assert found.gradient_by_formula == pytest.approx(found.gradient, abs=1e-14)
    for place in range(len(z)):

        def loss(at: float, place: int = place) -> float:
            moved = [at if each == place else value for each, value in enumerate(logits)]
            return classification(moved, right, temperature).loss

        assert found.gradient[place] == pytest.approx(slope_of(loss, logits[place]), abs=1e-6)


def test_the_loss_of_the_batch_is_the_mean_of_its_terms() -> None:
    found = classification((2, 0.5, -1, 1), 1, 2.0)
    rows = [(2, 0.5, -1, 1), *(row[:4] for row in OTHERS)]
    exact = [
        math.log(sum(math.exp(z / 2) for z in row)) - row[right] / 2
        for row, right in zip(rows, found.rights, strict=True)
    ]
    assert found.rights[0] == 1
    assert found.terms == pytest.approx(exact)
    assert found.mean == pytest.approx(sum(exact) / len(exact))
    assert found.terms[0] == pytest.approx(found.loss)


@quick
@given(some.floats(-8, 8))
def test_both_losses_of_a_mistake_have_their_closed_form_and_slope(logit: float) -> None:
    found = mistake(logit, 1)
    p = 1 / (1 + math.exp(-logit))
    assert found.p == pytest.approx(p)
    assert found.entropy.loss == pytest.approx(-math.log(p), abs=1e-12)
    assert found.squared.loss == pytest.approx((1 - p) ** 2)
    assert found.entropy.slope == pytest.approx(p - 1)
    assert found.squared.slope == pytest.approx(-2 * p * (1 - p) ** 2)
    assert found.ratio == pytest.approx(2 * p * (1 - p))
    assert found.entropy.slope == pytest.approx(slope_of(lambda z: math.log1p(math.exp(-z)), logit), abs=1e-8)
    assert found.squared.slope == pytest.approx(slope_of(lambda z: (1 + math.exp(z)) ** -2, logit), abs=1e-8)


@pytest.mark.parametrize("name", ["entropy", "squared"])
def test_the_written_out_steps_are_those_of_torchs_sgd(name: str) -> None:
    way = getattr(mistake(-4.0, 0.7), name)
    z = torch.tensor([-4.0], dtype=torch.float64, requires_grad=True)
    sgd = torch.optim.SGD([z], lr=0.7)
    one = torch.ones(1, dtype=torch.float64)
    for before in way.path[:-1]:
        assert float(z.detach()) == pytest.approx(before, rel=1e-12)
        sgd.zero_grad()
        entropy = torch.nn.functional.binary_cross_entropy_with_logits(z, one)
        loss = entropy if name == "entropy" else torch.nn.functional.mse_loss(z.sigmoid(), one)
        loss.backward()  # type: ignore[no-untyped-call]
        sgd.step()
    assert float(z.detach()) == pytest.approx(way.path[-1], rel=1e-12)
    assert way.path[-1] > 0 >= way.path[-2]
    assert way.steps == len(way.path) - 1


def test_a_way_that_takes_too_long_says_so_and_a_right_answer_needs_none() -> None:
    slow = mistake(-8.0, 0.1)
    assert slow.squared.steps is None
    assert len(slow.squared.path) == MOST_STEPS + 1
    assert slow.entropy.steps == 90
    assert mistake(1.0, 1).squared.steps == 0


STUDIES = {**dict.fromkeys(FIT_TASKS, study_fit), **dict.fromkeys(ROBUST_TASKS, study_robust)}
STUDIES |= {**dict.fromkeys(CLASS_TASKS, study_classes), **dict.fromkeys(MISTAKE_TASKS, study_mistake)}
START = State()
FAR = (*START.sample[:-1], (3.6, -3.6))
SOLVED: dict[str, list[State]] = {
    "squares": [START.with_(w=0.71, b=0.1), START.with_(points=((-1, 0), (0, 0), (1, 0)), w=0, b=0)],
    "sigma": [START.with_(sigma=1.03), START.with_(sigma=1.06)],
    "too_sure": [START.with_(sigma=0.1)],
    "pull": [START.with_(sample=FAR)],
    "agree": [START.with_(delta=8)],
    "even": [START.with_(logits=(0, 0, 0)), START.with_(logits=(1.5,) * 5)],
    "confident": [START.with_(right=2, logits=(4, 0, -2))],
    "settled": [START.with_(logits=(6, 0, -1)), START.with_(logits=(3, 0, -1), temperature=0.5)],
    "asleep": [START.with_(logit=-4)],
    "slower": [START.with_(logit=-7), START.with_(logit=-7, rate=10)],
}
UNSOLVED: dict[str, list[State]] = {
    "squares": [START.with_(w=0.71, b=0.3), START.with_(w=-0.7, b=0)],
    "sigma": [START.with_(sigma=1.08), START.with_(sigma=0.99), START.with_(w=0.7, b=0, sigma=1.036)],
    "too_sure": [START.with_(sigma=0.3), START.with_(sigma=1.036)],
    "pull": [START.with_(sample=START.sample[:-1]), START.with_(sample=(*START.sample[:-1], (0, -4)))],
    "agree": [START.with_(delta=0.1), START.with_(delta=8, sample=START.sample[:-1])],
    "even": [START.with_(logits=(0, 0.3, 0)), START.with_(logits=(0.4, -6, 1.1))],
    "confident": [START.with_(right=2), START.with_(logits=(6, -6, -6))],
    "settled": [START.with_(logits=(4, 0, -1)), START.with_(logits=(6, 0, -1), right=1)],
    "asleep": [START.with_(logit=4), START.with_(logit=-2.8)],
    "slower": [START.with_(logit=-5), START.with_(logit=4), START.with_(logit=-8, rate=0.1)],
}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_done_when_it_is_and_not_before(name: str) -> None:
    study, is_solved = STUDIES[name], TASKS[name]
    assert not is_solved(START, study(START))
    assert all(is_solved(state, study(state)) for state in SOLVED[name])
    assert not any(is_solved(state, study(state)) for state in UNSOLVED[name])


def test_a_loss_of_log_k_alone_is_no_even_odds() -> None:
    p = 1 / 3
    lone = START.with_(logits=(math.log(p / (1 - p)), 0.0, -6.0))
    found = study_classes(lone)
    assert found.loss == pytest.approx(math.log(3), abs=0.01)
    assert not TASKS["even"](lone, found)


def test_the_state_comes_back_from_its_link() -> None:
    changed = START.with_(
        points=((1, 2), (0.5, -1), (3, 3)), sigma=0.5, logits=(1, 2, 3, 4), right=3, logit=-6.5, delta=2, rate=0.2
    )
    assert State.from_query(changed.to_query()) == changed
    assert START.to_query() == {}
    with pytest.raises(ValueError, match="sigma must be from"):
        State.from_query({"sigma": "7"})


SECTIONS = {"fit": (study_fit, FIT), "robust": (study_robust, ROBUST)}
SECTIONS |= {"classes": (study_classes, CLASSES), "mistake": (study_mistake, MISTAKE)}
STATES = {
    "default": START,
    "extreme": START.with_(
        w=-2, b=4, sigma=0.1, delta=0.1, residual=-4, logits=(6, -6, 6, -6, 0), right=4, temperature=0.5, logit=-8,
        rate=0.1,
    ),
    "flat": START.with_(
        points=((0, 1),) * 3, sample=((1, 1),) * 4, w=0, b=1, sigma=3, delta=8, logits=(0, 0, 0), logit=8, rate=10
    ),
}  # fmt: skip


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("state", STATES.values(), ids=list(STATES))
def test_every_figure_is_valid_for_plotly_and_has_title_and_help(section: str, state: State) -> None:
    study, pictures = SECTIONS[section]
    for name, picture in pictures.items():
        drawn = go.Figure(picture.draw(study(state), TEXTS.words))
        assert drawn.data
        assert drawn.layout.uirevision
        assert all(np.isfinite(axis.range).all() for axis in (drawn.layout.xaxis, drawn.layout.yaxis))
        assert all(TEXTS.charts[name])


def test_axes_stay_while_something_is_dragged() -> None:
    for study, pictures in SECTIONS.values():
        for picture in pictures.values():
            frames = [picture.draw(study(state), TEXTS.words)["layout"] for state in (START, STATES["extreme"])]
            assert len({str(frame["yaxis"]["range"]) for frame in frames}) == 1


def test_everything_has_its_words_and_nothing_else_has() -> None:
    assert set(TEXTS.tasks) == set(TASKS)
    assert set(TEXTS.charts) == set(PICTURES)
    dials = {"w", "b", "sigma", "delta", "residual", "right", "temperature", "logit", "rate"}
    assert set(TEXTS.knobs) == dials | {"fewer", "more", "even"}


def open_losses(query: dict[str, str] | None = None) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in (query or {}).items():
        page.query_params[name] = value
    return page.switch_page("pages/45_Losses.py").run()


def drawn(page: AppTest) -> dict[str, Any]:
    assert not page.exception
    boards = [json.loads(board.proto.bytes) for board in boards_on(page)]
    return {board["key"]: board for board in boards}


def counted(page: AppTest, board: str) -> dict[str, str]:
    return {counter["id"]: counter["value"] for counter in drawn(page)[board]["counters"]}


@pytest.mark.usefixtures("own_registry")
def test_the_page_opens_and_a_button_adds_a_class() -> None:
    page = open_losses()
    assert list(drawn(page)) == ["losses.fit", "losses.robust", "losses.classes", "losses.mistake"]
    assert {chart["id"] for board in drawn(page).values() for chart in board["charts"]} == set(PICTURES)
    before = drawn(page)["losses.classes"]["charts"][0]["stamp"]
    page.button(key="losses.more").click().run()
    assert drawn(page)["losses.classes"]["charts"][0]["stamp"] != before
    assert page.query_params["logits"] == "2;0.5;-1;0"
    page.button(key="losses.even").click().run()
    assert counted(page, "losses.classes")["guess"] == "log 4 = 1.3863"
    assert counted(page, "losses.classes")["loss"] == "1.3863"


@pytest.mark.usefixtures("own_registry")
def test_the_page_opens_from_a_link_and_taking_the_true_class_away_chooses_another() -> None:
    page = open_losses({"sigma": "0.1", "logits": "1;2;3;4", "right": "3", "logit": "-8", "rate": "0.1"})
    assert counted(page, "losses.fit")["nll"] == counted(page, "losses.fit")["formula"]
    assert counted(page, "losses.mistake")["steps"] == "90 : > 10,000"
    page.button(key="losses.fewer").click().run()
    assert page.query_params["right"] == "2"
    assert not page.exception


@pytest.mark.usefixtures("own_registry")
def test_all_three_formulas_of_the_lecture_stand_on_the_page() -> None:
    shown = " ".join(element.value for element in open_losses().latex)
    assert r"\frac1N\sum_{i=1}^{N}\sum_{d=1}^{D}\left(y_{id}-f_d(x_i)\right)^2" in shown
    assert r"-\frac1N\sum_{i=1}^{N}\sum_{k=1}^{K}y_{ik}\log p_k(x_i)" in shown
    assert r"\arg\max_\theta\prod_i p_\theta(y_i\,|\,x_i)" in shown


@pytest.mark.usefixtures("own_registry")
def test_a_bad_link_gives_one_sentence_and_the_lesson_from_its_start() -> None:
    page = open_losses({"temperature": "0"})
    assert not page.exception
    assert any("temperature must be from 0.5 to 5" in each.value for each in (*page.warning, *page.error, *page.info))
