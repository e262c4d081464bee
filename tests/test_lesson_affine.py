"""The lesson on affine maps: the plane against numpy, the fit against numpy's own solution, and the page."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import sklearn.datasets
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from nnviz.lessons.affine.figures import FIT_PICTURES, PICTURES, PLANE_PICTURES
from nnviz.lessons.affine.study import PLANE_TASKS, TASKS, State, study
from nnviz.lessons.affine.study_fit import FitState, descend, fit
from nnviz.lessons.affine.study_plane import COMPOSED, ENTRIES, PlaneState, follow, plane, take
from nnviz.lessons.affine.texts import TEXTS
from nnviz.ui.board.payload import encode
from tests.lesson_pages import boards, open_lesson

PAGE = "pages/43_Affine_maps.py"
CALM = settings(max_examples=60)
Entries = tuple[float, float, float, float]
ENTRY = some.integers(-60, 60).map(lambda stop: stop * 0.05)
MATRIX = some.tuples(ENTRY, ENTRY, ENTRY, ENTRY)
DIALS = some.tuples(
    some.integers(-180, 180), *[some.integers(-40, 40).map(lambda stop: stop * 0.05)] * 2,
    some.integers(-20, 20).map(lambda stop: stop * 0.05),
)  # fmt: skip


def with_entries(entries: Entries, **more: Any) -> State:
    return State(**{**dict(zip(ENTRIES, entries, strict=True)), **more})


def turned(state: State, **changes: Any) -> State:
    """Change a state as the desk does."""
    return state.with_(**follow(state, changes))


def weights(state: PlaneState) -> np.ndarray:
    return np.array([[state.w11, state.w12], [state.w21, state.w22]])


# ---- the plane


@CALM
@given(MATRIX)
def test_determinant_rank_and_stretches_are_numpy_s(entries: Entries) -> None:
    found, matrix = plane(with_entries(entries)), np.array(entries).reshape(2, 2)
    singular = np.linalg.svd(matrix, compute_uv=False)
    assert found.determinant == pytest.approx(np.linalg.det(matrix), abs=1e-12)
    assert found.rank == np.linalg.matrix_rank(matrix, tol=1e-6)
    assert found.stretches == pytest.approx(tuple(singular), abs=1e-12)


def test_points_are_mapped_as_by_hand() -> None:
    found = plane(with_entries((2, 1, -1, 0.5), b1=0.25, b2=-1, x1=1.5, x2=-2))
    assert found.after.point.tolist() == [[2 * 1.5 - 2 + 0.25, -1.5 - 1 - 1]]
    assert found.after.origin.tolist() == [[0.25, -1]]
    assert found.after.basis.tolist() == [[2.25, -2], [1.25, -0.5]]
    assert found.after.steps.tolist() == [[0.25, -1], [3.25, -2.5], [1.25, -3.5]]


@CALM
@given(MATRIX, ENTRY.map(lambda value: value / 2), some.sampled_from(("letter", "house", "square")))
def test_every_figure_goes_through_the_same_map(entries: Entries, shift: float, shape: str) -> None:
    found = plane(with_entries(entries, b1=shift, shape=shape))
    for name in found.before.__slots__:
        before, after = getattr(found.before, name), getattr(found.after, name)
        wanted = np.einsum("ij,nj->ni", np.array(entries).reshape(2, 2), before) + np.array([shift, -0.5])
        np.testing.assert_allclose(after, wanted, atol=1e-12)


@CALM
@given(MATRIX)
def test_the_circle_s_diameters_end_where_it_is_stretched_most_and_least(entries: Entries) -> None:
    found = plane(with_entries(entries))
    lengths = np.linalg.norm(found.after.axes - found.after.origin, axis=1)
    reach = np.linalg.norm(found.after.circle - found.after.origin, axis=1)
    np.testing.assert_allclose(lengths[[0, 1, 3, 4]], np.repeat(found.stretches, 2), atol=1e-9)
    assert reach.max() <= found.stretches[0] + 1e-9
    assert reach.min() >= found.stretches[1] - 1e-9


def test_the_map_is_a_linear_layer_of_torch() -> None:
    state = State()
    layer = torch.nn.Linear(2, 2, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weights(state)))
        layer.bias.copy_(torch.tensor([state.b1, state.b2]))
        wanted = layer(torch.tensor([[state.x1, state.x2]], dtype=torch.float64))
    assert plane(state).after.point.tolist() == wanted.tolist()


# ---- rotate, scale, shear


@CALM
@given(DIALS)
def test_the_dials_compose_a_rotation_after_a_scaling_after_a_shear(dials: Entries) -> None:
    angle, wide, high, shear = dials
    state = turned(State(mode="compose"), **dict(zip(COMPOSED, dials, strict=True)))
    turn = math.radians(angle)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    wanted = rotation @ np.diag([wide, high]) @ np.array([[1, shear], [0, 1]])
    np.testing.assert_allclose(weights(state), wanted, atol=1e-6)
    found = plane(state)
    assert found.is_composed
    assert found.determinant == pytest.approx(wide * high, abs=1e-5)
    np.testing.assert_allclose(found.factors[0] @ found.factors[1] @ found.factors[2], weights(state), atol=1e-6)


@CALM
@given(some.integers(-180, 180))
def test_a_rotation_keeps_all_lengths_and_a_shear_all_areas(angle: int) -> None:
    rotated = plane(turned(State(), angle=angle))
    before, after = (np.diff(part.shape, axis=0) for part in (rotated.before, rotated.after))
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), np.linalg.norm(before, axis=1), atol=1e-5)
    assert plane(turned(State(), angle=angle, shear=angle / 180)).determinant == pytest.approx(1, abs=1e-5)


@CALM
@given(MATRIX)
def test_to_and_fro_between_both_ways_keeps_w(entries: Entries) -> None:
    state = with_entries(entries)
    composed = turned(state, mode="compose")
    back = turned(composed, mode="entries")
    assert weights(back).tolist() == weights(composed).tolist() == weights(state).tolist()


@CALM
@given(MATRIX)
def test_the_dials_show_w_wherever_they_reach_it(entries: Entries) -> None:
    composed = turned(with_entries(entries), mode="compose")
    matrix = np.array(entries).reshape(2, 2)
    length = np.linalg.norm(matrix[:, 0])
    if length > 1e-9:
        others = (np.linalg.det(matrix) / length, matrix[:, 0] @ matrix[:, 1] / length**2)
        reached = length <= 2, abs(others[0]) <= 2 + 1e-9, abs(others[1]) <= 1 + 1e-9
        is_within = all(reached)
    else:
        is_within = bool(np.linalg.norm(matrix[:, 1]) <= 2 + 1e-9)
    assert plane(composed).is_composed == is_within


def test_a_turned_dial_starts_from_w_where_the_dials_reach_it() -> None:
    state = turned(with_entries((0, -1, 1, 0)), mode="compose")
    assert (state.angle, state.scale_x, state.scale_y, state.shear) == pytest.approx((90, 1, 1, 0))
    np.testing.assert_allclose(weights(turned(state, scale_x=2)), [[0, -1], [2, 0]], atol=1e-6)


def test_a_hand_at_an_entry_shows_the_entries_and_keeps_the_rest() -> None:
    state = turned(State(mode="compose"), angle=90)
    moved = turned(state, **take(state, "e2", 2.0, 1.0))
    assert moved.mode == "entries"
    assert weights(moved).tolist() == [[0, 1.0], [1, 1.5]]
    assert turned(state, **take(state, "origin", 0.5, 0.5)).mode == "compose"


# ---- handles


@CALM
@given(
    some.sampled_from(("e1", "e2")),
    some.floats(-4, 4),
    some.floats(-4, 4),
    ENTRY.map(lambda value: round(value / 2, 9)),
)
def test_a_dragged_tip_lands_where_the_hand_left_it_within_half_a_step(
    name: str, x: float, y: float, shift: float
) -> None:
    state = State(b1=shift)
    moved = state.with_(**take(state, name, x, y))
    tip = plane(moved).after.basis[int(name[1]) - 1]
    is_free = abs(x - shift) <= 2.97 and abs(y + 0.5) <= 2.97
    assert not is_free or abs(tip - [x, y]).max() <= 0.0251
    other = 1 - (int(name[1]) - 1)
    assert weights(moved)[:, other].tolist() == weights(state)[:, other].tolist()


@CALM
@given(some.floats(-4, 4), some.floats(-4, 4))
def test_the_origin_s_image_is_b_and_moves_everything_along(x: float, y: float) -> None:
    state = State()
    moved = state.with_(**take(state, "origin", x, y))
    assert weights(moved).tolist() == weights(state).tolist()
    before, after = plane(state).after, plane(moved).after
    shift = after.origin[0] - before.origin[0]
    np.testing.assert_allclose(after.point[0] - before.point[0], shift, atol=1e-12)
    assert abs(after.origin[0] - np.clip([x, y], -2, 2)).max() <= 0.0251


def test_a_hand_can_move_x() -> None:
    assert take(State(), "x", -1.02, 9) == {"x1": -1.0, "x2": 2.5}


# ---- the fit


def patients() -> tuple[np.ndarray, np.ndarray]:
    """Read the data by another way: names looked up by numpy."""
    bunch = sklearn.datasets.load_diabetes(scaled=False)
    names = list(bunch.feature_names)
    pressure = bunch.data[:, names.index("bp")]
    x = np.delete(bunch.data, names.index("bp"), axis=1)
    y = np.stack([bunch.target, pressure], axis=1)
    return (x - x.mean(axis=0)) / x.std(axis=0), y / y.std(axis=0)


def test_the_patients_are_the_data_set_s() -> None:
    x, y = patients()
    found = fit(State())
    np.testing.assert_allclose(found.x, x, atol=1e-9)
    np.testing.assert_allclose(found.y, y, atol=1e-9)
    assert (found.x[0] * 0 + found.units[0]).round(1).tolist()[0] == 77.0
    assert len(found.known) == 9
    assert "bp" not in found.known


@pytest.mark.parametrize("width", [1, 4, 9])
def test_the_closed_form_is_numpy_s(width: int) -> None:
    x, y = patients()
    wide = np.hstack([x[:, :width], np.ones((len(x), 1))])
    wanted, *_ = np.linalg.lstsq(wide, y, rcond=None)
    found = fit(State(inputs=width, steps=0))
    np.testing.assert_allclose(found.best_weights, wanted[:-1], atol=1e-9)
    np.testing.assert_allclose(found.best_bias, wanted[-1], atol=1e-9)
    assert found.least == pytest.approx(((wide @ wanted - y) ** 2).mean(), abs=1e-12)


def test_descent_is_a_loop_of_numpy_with_a_gradient_by_central_differences() -> None:
    x, y = patients()
    wide, steps, rate = np.hstack([x[:, :2], np.ones((len(x), 1))]), 6, 0.3

    def loss(matrix: np.ndarray) -> float:
        return float(((wide @ matrix - y) ** 2).mean())

    matrix, losses = np.zeros((3, 2)), [loss(np.zeros((3, 2)))]
    for _ in range(steps):
        slope = np.zeros_like(matrix)
        for place in np.ndindex(matrix.shape):
            nudge = np.zeros_like(matrix)
            nudge[place] = 1e-5
            slope[place] = (loss(matrix + nudge) - loss(matrix - nudge)) / 2e-5
        matrix = matrix - rate * slope
        losses.append(loss(matrix))
    found = fit(State(inputs=2, steps=steps, rate=rate))
    np.testing.assert_allclose(np.vstack([found.weights, found.bias]), matrix, atol=1e-7)
    np.testing.assert_allclose(found.losses, losses, rtol=1e-7)


def test_descent_follows_autograd() -> None:
    x, y = (torch.from_numpy(part) for part in patients())
    layer = torch.nn.Linear(9, 2, dtype=torch.float64)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.2)
    for _ in range(20):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(layer(x), y).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    found = fit(State(steps=20, rate=0.2))
    np.testing.assert_allclose(found.weights, layer.weight.detach().numpy().T, atol=1e-12)
    np.testing.assert_allclose(found.bias, layer.bias.detach().numpy(), atol=1e-12)


@pytest.mark.parametrize("width", [1, 3, 9])
def test_two_over_the_steepest_curvature_parts_falling_from_rising(width: int) -> None:
    limit = 2 / fit(State(inputs=width, steps=0)).steepest
    below = fit(State(inputs=width, rate=0.99 * limit, steps=200))
    above = fit(State(inputs=width, rate=1.02 * limit, steps=500))
    assert (np.diff(below.losses) <= 1e-12).all()
    assert above.is_lost


def test_a_descent_that_leaves_the_numbers_keeps_the_finite_losses() -> None:
    x, y = (torch.from_numpy(part) for part in patients())
    matrix, losses = descend(torch.cat([x, torch.ones(len(x), 1, dtype=torch.float64)], 1), y, 3.0, 1000)
    assert not torch.isfinite(matrix).all()
    assert np.isfinite(losses).all()
    assert 100 < len(losses) < 1000
    assert fit(State(rate=3.0, steps=500)).is_lost


# ---- tasks


RIGHT: dict[str, State] = {
    "turn": with_entries((0.05, -1, 1, 0)),
    "swap": with_entries((0, 1, 0.95, 0)),
    "area": with_entries((2, 0, 0, -0.5)),
    "flat": with_entries((0.5, 1, 0.5, 1), b1=0.3, b2=0.3),
    "least": State(rate=0.5, steps=400),
    "lost": State(rate=0.6, steps=300),
    "same": State(inputs=3, rate=0.5, steps=100),
}
WRONG: dict[str, list[State]] = {
    "turn": [with_entries((0, 1, -1, 0)), with_entries((0, -1, 1, 0.1)), with_entries((0, 1, 1, 0))],
    "swap": [with_entries((0, -1, 1, 0)), with_entries((0, 1, 0.9, 0)), with_entries((-1, 0, 0, 1))],
    "area": [with_entries((1, 0, 0, 1)), with_entries((2, 0, 0, 0.6)), with_entries((1, 1, 0, 1))],
    "flat": [
        with_entries((0.5, 1, 0.5, 1), b1=0.3, b2=0.5),
        with_entries((1, 0, 0, 0), b1=0, b2=0),
        with_entries((0, 0, 0, 0), b1=0, b2=0),
        with_entries((1, 0, 0, 1), b1=0, b2=0),
    ],
    "least": [State(rate=0.1, steps=100), State(rate=0.6, steps=400)],
    "lost": [State(rate=0.5, steps=400), State(rate=0.6, steps=0)],
    "same": [State(inputs=1, rate=0.5, steps=100), State(inputs=3, steps=20), State(rate=0.5, steps=500)],
}  # fmt: skip


def is_solved(name: str, state: State) -> bool:
    found: Any = plane(state) if name in PLANE_TASKS else fit(state)
    return bool(TASKS[name](state, found))


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_solved_by_what_it_asks_and_by_nothing_near_it(name: str) -> None:
    assert is_solved(name, RIGHT[name])
    assert not any(is_solved(name, state) for state in WRONG[name])
    assert not is_solved(name, State())


def test_no_preset_alone_solves_a_task() -> None:
    for values in ((0, 1, 1, 0), (30, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, 0), (0, 1, 1, 1)):
        state = turned(State(), **dict(zip(COMPOSED, values, strict=True)))
        assert not any(is_solved(name, state) for name in PLANE_TASKS)


def test_the_plane_can_be_flattened_by_rotating_and_scaling_too() -> None:
    state = turned(State(b1=0, b2=0, mode="compose"), angle=45, scale_y=0, shear=0.35)
    assert is_solved("flat", state)


# ---- links and figures


@CALM
@given(DIALS, some.sampled_from(("entries", "compose")), some.integers(0, 500), some.integers(1, 9))
def test_a_state_comes_back_from_its_link(dials: Entries, mode: str, steps: int, inputs: int) -> None:
    state = turned(State(mode=mode, steps=steps, inputs=inputs), **dict(zip(COMPOSED, dials, strict=True)))
    assert State.from_query(state.to_query()) == state


def test_the_sections_share_no_field() -> None:
    assert not set(PlaneState.__dataclass_fields__) & set(FitState.__dataclass_fields__)
    assert study(State()).keys() == {"plane", "fit"}


@pytest.mark.parametrize(
    "state",
    [
        State(), with_entries((0, 0, 0, 0), circle=True), State(circle=True, shape="house"), State(rate=3.0, steps=500),
        State(inputs=1, steps=0),
    ],
    ids=["plain", "nothing left", "circle", "lost", "untrained"],
)  # fmt: skip
def test_every_figure_is_valid_on_fixed_axes_and_small(state: State) -> None:
    for pictures, found in ((PLANE_PICTURES, plane(state)), (FIT_PICTURES, fit(state))):
        drawn = {name: picture.draw(found, TEXTS.words) for name, picture in pictures.items()}
        assert len(encode(drawn)) < 40_000
        for name, figure in drawn.items():
            go.Figure(figure)
            usual = PICTURES[name].draw(study(State())["plane" if name in PLANE_PICTURES else "fit"], TEXTS.words)
            assert figure["layout"] == usual["layout"]
            label, help_text = TEXTS.charts[name]
            assert label
            assert help_text


def test_the_matrices_show_the_weights_of_the_inputs_in_use() -> None:
    found = fit(State(inputs=4))
    for name, values in (("weights", found.weights), ("best_weights", found.best_weights)):
        cells, numbers = PICTURES[name].draw(found, TEXTS.words)["data"]
        np.testing.assert_allclose(cells["z"], values)
        assert len(cells["y"]) == 4
        assert numbers["text"][0] == f"{values[0, 0]:.2f}".replace("-", "−")


def test_the_loss_figure_ends_at_the_loss_and_never_below_the_least() -> None:
    found = fit(State(inputs=9, steps=50))
    near, gap, least, loss = PICTURES["losses"].draw(found, TEXTS.words)["data"]
    assert near["y"][0] == pytest.approx(1e-3)
    assert least["y"][0] == pytest.approx(found.least)
    assert loss["y"][-1] == pytest.approx(found.loss)
    assert gap["y"][-1] == pytest.approx(found.loss - found.least, rel=1e-5)
    gone = replace(found, losses=found.losses * 0 + found.least)
    assert len(PICTURES["losses"].draw(gone, TEXTS.words)["data"][1]["x"]) == 0


# ---- the page


@pytest.mark.usefixtures("own_registry")
def test_the_page_opens_plain_and_from_a_link() -> None:
    page = open_lesson(PAGE)
    assert boards(page).keys() == {"affine_plane", "affine_fit"}
    again = open_lesson(PAGE, {"mode": "compose", "angle": "30", "inputs": "3", "rate": "0.5", "steps": "200"})
    dials = {dial["id"]: dial["value"] for board in boards(again).values() for dial in board["dials"]}
    assert (dials["angle"], dials["inputs"], dials["steps"]) == (30, 3, 200)
    assert "w11" not in dials
    assert any(TEXTS.tasks["same"].praise in text.value for text in again.markdown)


@pytest.mark.usefixtures("own_registry")
def test_a_preset_and_a_mode_change_what_is_drawn() -> None:
    page = open_lesson(PAGE)
    before = boards(page)["affine_plane"]
    page.button(key="affine.projection").click().run()
    after = boards(page)["affine_plane"]
    assert after["stamp"] != before["stamp"]
    numbers = {each["id"]: each["value"] for each in after["counters"]}
    assert numbers == {"determinant": "0.000", "rank": "1", "longest": "1.000", "shortest": "0.000"}
    page.button_group(key="affine.mode").set_value("Rotate, scale, shear").run()
    assert [dial["id"] for dial in boards(page)["affine_plane"]["dials"]] == [*COMPOSED, "b1", "b2"]
    assert page.query_params["w22"] == ["0"] or page.query_params["w22"] == "0"


@pytest.mark.usefixtures("own_registry")
def test_one_step_moves_the_descent_alone() -> None:
    page = open_lesson(PAGE)
    before = boards(page)
    page.button(key="lesson.affine.steps.playing.step").click().run()
    after = boards(page)
    assert after["affine_fit"]["stamp"] != before["affine_fit"]["stamp"]
    assert after["affine_plane"]["charts"] == before["affine_plane"]["charts"]


@pytest.mark.parametrize("b", [(2.0, 2.0), (-2.0, -2.0), (1.5, -1.75), (0.0, 0.0)])
def test_a_name_at_a_tip_stands_on_the_side_where_the_plane_has_room(b: tuple[float, float]) -> None:
    found = plane(PlaneState(b1=b[0], b2=b[1], w11=1.0, w22=1.5))
    traces = PLANE_PICTURES["after"].draw(found, TEXTS.words)["data"]
    drawn = {trace["meta"]["handle"]["name"]: trace for trace in traces if "meta" in trace}
    assert set(drawn) == {"origin", "e1", "e2"}
    for trace in drawn.values():
        across, place = float(trace["x"][0]), trace["textposition"].split()
        assert place[1] != ("right" if across > 2 else "left" if across < -2 else None)
        assert place[1] == ("left" if across > 3 else "right" if across < -3 else place[1])
        assert place[0] != ("top" if trace["y"][0] > 3 else "bottom" if trace["y"][0] < -3 else None)
    if b == (0.0, 0.0):
        assert drawn["e1"]["textposition"] == "bottom right"
