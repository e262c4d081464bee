"""The lesson on gradient descent by hand."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from nnviz.charts.figure import floats
from nnviz.lessons.descent_by_hand.figures import EDGE, PICTURES
from nnviz.lessons.descent_by_hand.page import taken
from nnviz.lessons.descent_by_hand.page_parts import agreement, gradients, loss, predict, stable, update
from nnviz.lessons.descent_by_hand.results import Found
from nnviz.lessons.descent_by_hand.study import MOST_STEPS, TASKS, State, samples, study
from nnviz.lessons.descent_by_hand.study_data import MOST
from nnviz.lessons.descent_by_hand.study_walk import FAR, batches
from nnviz.lessons.descent_by_hand.texts import TEXTS
from nnviz.records.run import Doubles
from tests.lesson_pages import boards, open_lesson

PAGE = "pages/42_Gradient_descent.py"
STATES = {
    "plain": State(),
    "untouched": State(step=0),
    "long": State(step=MOST_STEPS, lr=0.15),
    "out": State(step=40, lr=0.23),
    "lost": State(step=MOST_STEPS, lr=2),
    "four": State(batch="mini", step=50),
    "one": State(batch="one", step=80),
    "few": State(count=2, noise=0, outliers=2),
    "upright": State(points=((1, 2), (1, -2), (1, 4))),
    "alone": State(points=((0, 0),)),
    "exact": State(noise=0, step=150, lr=0.2),
    "outliers": State(outliers=5, count=40, noise=2, slope=-1.5),
}


def mse(found: Found, w: float, b: float) -> float:
    return float(np.mean((found.y - (w * found.x + b)) ** 2))


def by_numpy(state: State, found: Found) -> Doubles:
    """Walk the path again with sums written out."""
    w, b = state.w, state.b
    path = [(w, b)]
    for _ in range(len(found.path) - 1):
        errors = [y - w * x - b for x, y in zip(found.x, found.y, strict=True)]
        slope_w = -2 / len(errors) * sum(error * x for error, x in zip(errors, found.x, strict=True))
        w, b = w - state.lr * slope_w, b + state.lr * 2 / len(errors) * sum(errors)
        path.append((w, b))
    return np.array(path)


# ---- the numbers


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_gradients_by_hand_are_those_of_autograd(state: State) -> None:
    step = study(state).step
    assert step.difference < 1e-6
    assert step.by_hand == pytest.approx(step.by_torch, rel=1e-9, abs=1e-9)


@settings(max_examples=40)
@given(w=some.floats(-4, 4), b=some.floats(-4, 4), seed=some.integers(0, 999), count=some.integers(2, 40))
def test_gradients_are_those_of_central_differences_and_of_a_fresh_autograd(
    w: float, b: float, seed: int, count: int
) -> None:
    found = study(State(w=w, b=b, seed=seed, count=count, step=0))
    h = 1e-5
    across = (mse(found, w + h, b) - mse(found, w - h, b)) / (2 * h)
    up = (mse(found, w, b + h) - mse(found, w, b - h)) / (2 * h)
    assert found.step.by_hand == pytest.approx((across, up), rel=1e-5, abs=1e-5)
    theta = torch.tensor([w, b], dtype=torch.float64, requires_grad=True)
    x, y = torch.tensor(found.x), torch.tensor(found.y)
    (slope,) = torch.autograd.grad(torch.nn.functional.mse_loss(theta[0] * x + theta[1], y), theta)
    assert found.step.by_torch == pytest.approx(slope.tolist(), abs=1e-9)
    assert found.step.difference < 1e-6


def test_a_gradient_that_is_wrong_would_show_as_a_difference() -> None:
    step = study(State()).step
    wrong = type(step)(
        step.w, step.b, step.batch, step.predictions, step.errors, step.terms, step.loss,
        (step.by_hand[0] + 1e-5, step.by_hand[1]), step.by_torch, step.after,
    )  # fmt: skip
    assert wrong.difference > 1e-6


@pytest.mark.parametrize("name", ["plain", "long", "out", "few", "outliers", "exact"])
def test_the_path_is_that_of_sums_written_out_in_numpy(name: str) -> None:
    found = study(STATES[name])
    again = by_numpy(STATES[name], found)
    np.testing.assert_allclose(found.path, again, rtol=1e-6, atol=1e-9)
    assert len(found.path) == STATES[name].step + 1
    assert found.losses == pytest.approx([mse(found, w, b) for w, b in found.path])
    assert found.batch_losses == pytest.approx(found.losses[:-1])


def test_the_next_step_goes_where_the_path_goes_one_step_later() -> None:
    for batch in ("full", "mini", "one"):
        now, later = (study(State(step=step, batch=batch)) for step in (12, 13))
        assert now.step.after == tuple(later.path[-1])
        np.testing.assert_array_equal(later.path[:-1], now.path)


@pytest.mark.parametrize("name", ["plain", "outliers", "few", "four"])
def test_least_squares_is_that_of_numpy(name: str) -> None:
    found = study(STATES[name])
    table = np.stack([found.x, np.ones_like(found.x)], 1)
    (w, b), *_ = np.linalg.lstsq(table, found.y, rcond=None)
    assert (found.fit.w, found.fit.b) == pytest.approx((w, b))
    assert found.fit.loss == pytest.approx(mse(found, w, b), abs=1e-12)


def test_among_samples_of_equal_x_the_fit_is_level_and_none_is_better() -> None:
    found = study(STATES["upright"])
    table = np.array([[1.0, 1.0]] * 3)
    (w, b), *_ = np.linalg.lstsq(table, found.y, rcond=None)
    assert found.fit.w == 0
    assert found.fit.loss == pytest.approx(mse(found, w, b))


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_the_stable_learning_rate_is_two_over_numpys_largest_eigenvalue(state: State) -> None:
    fit, found = study(state).fit, study(state)
    table = np.stack([found.x, np.ones_like(found.x)], 1)
    hessian = 2 / len(found.x) * table.T @ table
    np.testing.assert_allclose(fit.hessian, hessian, atol=1e-12)
    assert fit.stable == pytest.approx(2 / np.linalg.eigvalsh(hessian)[-1])


@pytest.mark.parametrize("seed", range(4))
def test_just_below_the_stable_learning_rate_the_loss_falls_and_just_above_it_grows(seed: int) -> None:
    stable = study(State(seed=seed)).fit.stable
    below, above = (study(State(seed=seed, lr=share * stable, step=MOST_STEPS)) for share in (0.98, 1.02))
    assert (np.diff(below.losses) < 1e-12).all()
    assert below.losses[-1] < 1.05 * below.fit.loss
    assert above.losses[-1] > 10 * above.losses[0]
    late = above.path[-6:, 0] - above.fit.w
    assert (late[1:] * late[:-1] < 0).all()  # from one side to the other


def test_the_terrain_is_the_loss_at_each_place() -> None:
    found = study(State())
    terrain = found.fit.terrain
    w, b = np.linspace(*terrain.x, 61), np.linspace(*terrain.y, 61)
    for row, column in ((0, 0), (10, 50), (60, 3)):
        assert terrain.heights[row, column] == pytest.approx(mse(found, w[column], b[row]), rel=1e-5)


def test_terms_add_up_to_the_gradient_and_cancel_at_the_lowest_point() -> None:
    found = study(State(step=MOST_STEPS, lr=0.15))
    assert found.step.terms.sum(0) == pytest.approx(found.step.by_hand)
    assert np.abs(found.step.by_hand).max() < 1e-6
    assert np.abs(found.step.terms).max() > 0.05
    at = found.chosen
    assert found.step.terms[at, 0] == pytest.approx(-2 / 14 * found.step.errors[at] * found.x[at])


# ---- batches


@pytest.mark.parametrize(("batch", "size"), [("mini", 4), ("one", 1)])
def test_a_step_with_a_batch_uses_its_samples_alone_and_an_epoch_takes_each_once(batch: str, size: int) -> None:
    seen: list[int] = []
    for step in range(math.ceil(14 / size)):
        found = study(State(step=step, batch=batch, w=1, b=1, lr=0.01))
        chosen = found.step.batch
        assert len(chosen) <= size
        errors = found.step.errors[chosen]
        expected = (-2 * np.mean(errors * found.x[chosen]), -2 * np.mean(errors))
        assert found.step.by_torch == pytest.approx(expected)
        assert found.step.by_hand == pytest.approx(expected)
        assert found.step.loss == pytest.approx(np.mean(errors**2))
        seen += chosen.tolist()
    assert sorted(seen) == list(range(14))


def test_the_order_of_batches_is_the_seeds_and_another_one_each_epoch() -> None:
    first, again, other = (batches(14, 1, seed) for seed in (1, 1, 2))
    orders = [[int(next(each)) for _ in range(28)] for each in (first, again, other)]
    assert orders[0] == orders[1] != orders[2]
    assert orders[0][:14] != orders[0][14:]


def test_noise_is_the_same_for_the_same_seed_and_leaves_the_global_generator_alone() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, again = study(STATES["one"]), study(STATES["one"])
    np.testing.assert_array_equal(first.path, again.path)
    assert torch.equal(torch.get_rng_state(), before)
    assert (np.diff(first.losses) > 0).sum() > 10  # full steps of this size never rise
    assert (np.diff(study(State(step=80)).losses) > 0).sum() == 0


def test_a_walk_ends_where_its_numbers_pass_all_bounds() -> None:
    found = study(STATES["lost"])
    assert found.lost_at == len(found.path)
    assert np.abs(found.path).max() <= FAR < np.abs(found.step.after).max()
    assert np.isfinite(found.losses).all()


# ---- the data and the hand


def test_dials_move_samples_and_draw_no_others() -> None:
    plain, steep, more = (np.array(samples(State(**knobs))) for knobs in ({}, {"slope": 1.0}, {"count": 20}))
    np.testing.assert_array_equal(plain[:, 0], steep[:, 0])
    np.testing.assert_array_equal(plain, more[:14])
    bare = np.array(samples(State(noise=0)))
    assert bare[:, 1] == pytest.approx(0.8 * bare[:, 0] + 0.5, abs=0.011)
    bad = np.array(samples(State(outliers=2)))
    np.testing.assert_array_equal(bad[:12], plain[:12])
    assert (np.abs(bad[12:, 1] - plain[12:, 1]) > 1).all()
    assert samples(State(seed=1)) != samples(State(seed=2))


def move(act: str, index: int = 0, x: float = 1.005, y: float = -9.0) -> dict[str, Any]:
    return {"chart": "data", "act": act, "name": "points", "index": index, "x": x, "y": y}


def test_a_hand_moves_adds_removes_and_chooses_samples_within_the_ground() -> None:
    state = State()
    moved = state.with_(**taken(state, move("move", 3)))
    assert moved.points[3] == (1.0, -5.0)
    assert moved.chosen == 3
    assert study(moved).moved == 1
    added = moved.with_(**taken(moved, move("add")))
    assert len(added.points) == 15
    assert study(added).chosen == 14
    removed = added.with_(**taken(added, move("remove", 14)))
    assert removed.points == moved.points
    assert taken(state, move("choose", 7)) == {"chosen": 7}


def test_a_hand_cannot_take_what_is_not_there_nor_leave_too_few_nor_add_too_many() -> None:
    assert taken(State(), move("move", 14)) == {}
    assert "points" not in taken(State(count=2), move("remove", 1))
    full = State(points=tuple((0.0, 0.0) for _ in range(MOST)))
    assert taken(full, move("add")) == {}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_state_survives_its_link(state: State) -> None:
    assert State.from_query(state.to_query()) == state
    assert len("".join(state.to_query().values())) < 800


# ---- the tasks


def with_sample(at: int, x: float, y: float) -> State:
    points = list(samples(State()))
    points[at] = (x, y)
    return State(points=tuple(points))


STABLE = study(State()).fit.stable
SOLVED = {
    "arrive": [State(step=30, lr=0.12), State(step=25, lr=0.15)],
    "diverge": [State(lr=1.02 * STABLE), State(lr=1.049 * STABLE, step=5)],
    "tip": [with_sample(4, 5, -5), with_sample(4, 3.69, -5)],
    "jitter": [State(batch="one", step=60), State(batch="one", step=60, lr=0.03)],
}
OPEN = {
    "arrive": [State(step=31, lr=0.12), State(step=0, w=0.8155, b=0.8845), State(step=5, w=0.82, b=0.88), State()],
    "diverge": [
        State(lr=0.99 * STABLE),
        State(lr=1.06 * STABLE),
        State(lr=1.02 * STABLE, step=4),
        State(lr=1.02 * STABLE, batch="one"),
    ],
    "tip": [State(), with_sample(4, 3.69, 2), State(points=((0, 1), (1, 0))), State(slope=-1)],
    "jitter": [
        State(step=60),
        State(batch="one", step=30),
        State(batch="one", step=60, lr=0.25),
        State(batch="one", step=200, noise=0, lr=0.05),
        State(batch="one", step=60, lr=0.003),
    ],
}
RIGHT = [(name, state) for name, states in SOLVED.items() for state in states]
WRONG = [(name, state) for name, states in OPEN.items() for state in states]


@pytest.mark.parametrize(("name", "state"), RIGHT, ids=str)
def test_a_task_is_right_when_it_is(name: str, state: State) -> None:
    assert TASKS[name](state, study(state))


@pytest.mark.parametrize(("name", "state"), WRONG, ids=str)
def test_a_task_is_not_right_when_it_is_not(name: str, state: State) -> None:
    assert not TASKS[name](state, study(state))


def test_no_task_is_solved_at_the_start_and_each_has_words() -> None:
    assert not any(is_solved(State(), study(State())) for is_solved in TASKS.values())
    assert set(TASKS) == set(TEXTS.tasks)


# ---- the figures and formulas


def arrays(part: Any) -> Iterator[Any]:
    if isinstance(part, np.ndarray):
        yield part
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from arrays(child)


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_figure_is_valid_small_and_has_words(name: str, state: State) -> None:
    figure = PICTURES[name].draw(study(state), TEXTS.words)
    go.Figure(figure)
    assert all(not np.isinf(array).any() for array in arrays(figure))
    assert sum(array.nbytes for array in arrays(figure)) < 30_000
    assert set(PICTURES) == set(TEXTS.charts)


def test_axes_rest_while_the_path_runs_away_and_data_change() -> None:
    for name in ("data", "contour", "losses", "bowl"):
        ranges = set()
        for state in (State(), State(lr=2), State(outliers=4, noise=2), State(w=4, b=-4)):
            frame = PICTURES[name].draw(study(state), TEXTS.words)["layout"]
            axes = frame.get("scene", frame)
            ranges.add(tuple(tuple(axes[key]["range"]) for key in ("xaxis", "yaxis")))
        assert len(ranges) == 1, name


def test_the_contour_says_where_a_hand_may_place_the_start_and_the_data_what_it_may_take() -> None:
    found = study(State())
    contour, data = (PICTURES[name].draw(found, TEXTS.words) for name in ("contour", "data"))
    (start,) = [trace for trace in contour["data"] if trace.get("meta", {}).get("start")]
    assert (start["x"][0], start["y"][0]) == (-2.5, 3.0)
    (star,) = [trace for trace in contour["data"] if trace["name"] == TEXTS.words["best"]]
    np.testing.assert_array_equal(star["x"], floats([found.fit.w]))
    (handle,) = [trace for trace in data["data"] if "meta" in trace]
    assert handle["meta"]["handle"]["name"] == data["layout"]["meta"]["adds"] == "points"
    np.testing.assert_array_equal(handle["y"], floats(found.y))
    assert data["layout"]["xaxis"]["range"] == [-EDGE, EDGE]


def test_formulas_hold_the_present_numbers() -> None:
    state = State(points=((1, 2), (3, 5)), w=1, b=0.5, lr=0.1, step=0, chosen=1)
    found = study(state)
    assert "1\\cdot3 + 0.5 = 3.5" in str(predict(found)).replace("\\\\", "\\")
    assert "= 5 - 3.5 = " in str(predict(found))
    assert "= 1.25" in loss(found)[-1][1]  # (0.25 + 2.25) / 2
    assert "= -5" in gradients(found)[2][1]  # -2/2 (0.5 * 1 + 1.5 * 3)
    assert "= -2" in gradients(found)[4][1]
    assert "= 1.5" in update(state, found)[1][1]
    assert "= 0.7" in update(state, found)[3][1]
    assert "= 0.1716" in stable(found)[1][1]  # 2 over 6 + sqrt(32), the eigenvalue of [[10, 4], [4, 2]]
    assert "| 0 |" in agreement(found) or "e-1" in agreement(found)


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_formulas_can_be_written_for_every_state(state: State) -> None:
    found = study(state)
    for rows in (predict(found), loss(found), gradients(found), update(state, found), stable(found)):
        body = "".join(left + right for left, right in rows)
        assert body.count("{") == body.count("}")
        assert "nan" not in body


# ---- the page


def opened(**query: str) -> AppTest:
    return open_lesson(PAGE, query)


@pytest.mark.usefixtures("own_registry")
def test_the_page_opens_from_its_link_and_shows_the_four_parts() -> None:
    page = opened()
    shown = boards(page)
    assert [chart["id"] for chart in shown["descent_by_hand"]["charts"]] == list(PICTURES)
    assert len(page.latex) == 5
    dials = {dial["id"]: dial for dial in shown["descent_by_hand"]["dials"]}
    assert "0.214" in dials["lr"]["label"]
    assert shown["descent_by_hand"]["status"]["kind"] == "good"


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"lr": "0.22"}, "bad"), ({"lr": "2", "step": "200"}, "bad"), ({"lr": "0.2"}, "warn"), ({"step": "0"}, ""),
        ({"batch": "one"}, "warn"), ({"lr": "0.1", "step": "200"}, "good"), ({"batch": "one", "lr": "0.5"}, "bad"),
    ],
)  # fmt: skip
def test_a_link_with_a_state_opens_and_its_sentence_judges_the_learning_rate(query: dict[str, str], kind: str) -> None:
    page = opened(**query)
    status = boards(page)["descent_by_hand"]["status"]
    assert status["kind"] == kind
    assert "{" not in status["text"]
    assert {name: str(value) for name, value in page.query_params.items()} == query


@pytest.mark.usefixtures("own_registry")
def test_one_step_new_data_and_batches_change_what_is_drawn() -> None:
    page = opened()
    before = {chart["id"]: chart["stamp"] for chart in boards(page)["descent_by_hand"]["charts"]}
    page.button(key="lesson.descent_by_hand.step.playing.step").click().run()
    assert page.query_params["step"] == "21"
    after = {chart["id"]: chart["stamp"] for chart in boards(page)["descent_by_hand"]["charts"]}
    assert all(before[name] != after[name] for name in PICTURES)
    page.button(key="descent_by_hand.new").click().run()
    assert page.query_params["seed"] == "5"
    batch: Any = page.get("button_group")[0]
    batch.set_value("one").run()
    assert page.query_params["batch"] == "one"
    assert boards(page)["descent_by_hand"]["status"]["kind"] == "warn"


@pytest.mark.usefixtures("own_registry")
def test_undo_moves_brings_the_made_samples_back() -> None:
    page = opened(points="0,0;1,1;2,0.5")
    assert not page.button(key="descent_by_hand.made").disabled
    page.button(key="descent_by_hand.made").click().run()
    assert "points" not in page.query_params
    assert page.button(key="descent_by_hand.made").disabled


@pytest.mark.usefixtures("own_registry")
def test_new_data_take_the_place_of_samples_moved_by_hand() -> None:
    page = opened(points="0,0;1,1;2,0.5")
    page.button(key="descent_by_hand.new").click().run()
    assert "points" not in page.query_params
