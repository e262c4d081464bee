"""The lesson on depth: stacks multiplied out, borders, folds and signals, against numpy and closed forms."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from nnviz.catalog.activations import ACTIVATIONS
from nnviz.catalog.initializers import INITIALIZERS
from nnviz.lessons.depth.figures import FOLD_PICTURES, STACK_PICTURES, hidden_ends, ladder
from nnviz.lessons.depth.figures_signal import SIGNAL_PICTURES, STYLES
from nnviz.lessons.depth.page_stack import taken
from nnviz.lessons.depth.state import BENDS, PLANES, SIGNAL_TASKS, TASKS, State
from nnviz.lessons.depth.study_fold import spec_of, study_fold
from nnviz.lessons.depth.study_signal import (
    WIDTH,
    Signals,
    draw_layers,
    initializer_of,
    noise,
    study_signal,
    variance_of,
)
from nnviz.lessons.depth.study_stack import stack_of, study_stack, widths_of
from nnviz.lessons.depth.texts import TEXTS
from nnviz.runs.timeline import KEPT_EVERY, Stream
from nnviz.specs.experiment import Choice
from nnviz.training import Experiment
from nnviz.ui.board.payload import encode
from tests.tab import boards_on

ROOT = Path(__file__).resolve().parent.parent
STREAM, SIGNALS = Stream(), Signals()  # kept for all tests: what is trained once need not be trained again
SHAPES = [(layers, narrow) for layers in (2, 3, 4, 5) for narrow in (1, 2, 3)]


def fold(state: State) -> Any:
    return study_fold(state, STREAM)


def signal(state: State) -> Any:
    return study_signal(state, SIGNALS)


# The stack


@pytest.mark.parametrize(("layers", "narrow"), SHAPES)
@settings(max_examples=10)
@given(numbers=some.integers(1, 99))
def test_the_stack_multiplied_out_by_numpy_is_the_product_and_the_one_layer(
    layers: int, narrow: int, numbers: int
) -> None:
    found = study_stack(State(layers=layers, narrow=narrow, numbers=numbers))
    weight, bias = np.eye(2), np.zeros(2)
    for w, b in found.layers:
        weight, bias = np.dot(w, weight), np.dot(w, bias) + b
    for pair in (found.product, found.one):
        np.testing.assert_allclose(pair[0], weight, atol=1e-12)
        np.testing.assert_allclose(pair[1], bias, atol=1e-12)
    assert found.gap == max(
        np.abs(found.product[0] - found.one[0]).max(), np.abs(found.product[1] - found.one[1]).max()
    )
    assert found.gap < 1e-12
    np.testing.assert_allclose(found.answers, found.points @ weight.T + bias, atol=1e-12)
    np.testing.assert_allclose(found.images, found.lines @ weight.T + bias, atol=1e-12)
    np.testing.assert_allclose(found.one_images, found.images, atol=1e-12)


def exact_rank(layers: tuple[tuple[np.ndarray, np.ndarray], ...]) -> int:
    """Multiply the layers out in whole tenths, which rounds nothing, and count the rank of a 2 x 2 matrix."""
    product = np.eye(2, dtype=int).astype(object)
    for weight, _ in layers:
        product = np.rint(10 * weight).astype(int).astype(object) @ product
    (a, b), (c, d) = product
    return 2 if a * d - b * c else int(any((a, b, c, d)))


@pytest.mark.parametrize(("layers", "narrow"), SHAPES)
def test_the_rank_is_that_of_exact_arithmetic_and_the_narrowest_place_caps_it(layers: int, narrow: int) -> None:
    for numbers in range(1, 100, 3):
        found = study_stack(State(layers=layers, narrow=narrow, numbers=numbers))
        assert found.rank == exact_rank(found.layers) <= min(found.widths)
        assert found.rank == np.linalg.matrix_rank(found.product[0], tol=1e-13)
        np.testing.assert_allclose(found.singular, np.linalg.svd(found.product[0])[1], atol=1e-12)
        assert len(found.widths) == layers + 1
        assert sorted(found.widths[1:-1]) == sorted([narrow] + [3] * (layers - 2))


def test_the_widths_of_four_layers_are_the_chain_that_the_lecture_writes() -> None:
    assert widths_of(State(layers=4, narrow=1)) == (2, 3, 1, 3, 2)


def test_the_numbers_shown_are_the_numbers_used() -> None:
    stack = stack_of(State())
    for layer in stack:
        values = np.concatenate([value.detach().numpy().ravel() for value in layer.parameters()])
        assert values.dtype == np.float64
        np.testing.assert_allclose(values, np.round(values, 1), atol=1e-15)
        assert not np.signbit(values[values == 0]).any()


def test_drawing_numbers_leaves_torch_s_own_generator_alone() -> None:
    before = torch.random.get_rng_state()
    study_stack(State())
    signal(State())
    assert torch.equal(before, torch.random.get_rng_state())


# The border and the fold


def even(ends: tuple[float, float], count: int) -> np.ndarray:
    return np.linspace(float(ends[0]), float(ends[1]), count)


def logits_over(snapshot: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the places (n, 2) of a field where the logit can be told from the probability, and the logits."""
    field = snapshot.lanes[0].records[-1].field
    rows, columns = field.values.shape[1:]
    x, y = np.meshgrid(even(field.x, columns), even(field.y, rows))
    p = field.values[-1].astype(np.float64).ravel()
    clear = (p > 0.02) & (p < 0.98)
    return np.stack([x.ravel(), y.ravel()], 1)[clear], np.log(p[clear] / (1 - p[clear]))


def residual_of_a_line(snapshot: Any) -> float:
    places, logits = logits_over(snapshot)
    design = np.column_stack([places, np.ones(len(places))])
    fitted = np.linalg.lstsq(design, logits, rcond=None)[0]
    return float(np.abs(design @ fitted - logits).max())


@pytest.mark.parametrize("data", PLANES)
def test_without_an_activation_the_logits_of_three_layers_lie_on_a_plane_and_with_one_they_do_not(data: str) -> None:
    straight = fold(State(data=data, bent=False, updates=200))
    assert residual_of_a_line(straight.plain) < 1e-4
    assert residual_of_a_line(straight.deep) < 1e-4
    for rho in ("relu", "tanh"):
        assert residual_of_a_line(fold(State(data=data, rho=rho, updates=200)).deep) > 0.5


@pytest.mark.parametrize("kind", ["plain", "deep"])
def test_the_line_that_is_written_is_the_plane_of_the_logits(kind: str) -> None:
    found = fold(State(bent=False, updates=120))
    line = {"plain": found.plain_line, "deep": found.deep_line}[kind]
    places, logits = logits_over(getattr(found, kind))
    np.testing.assert_allclose(places @ line[:2] + line[2], logits, atol=1e-3)


@pytest.mark.parametrize("rho", BENDS)
def test_the_last_layer_s_line_in_the_hidden_plane_gives_the_network_s_own_answers(rho: str) -> None:
    found = fold(State(rho=rho, updates=90))
    field = found.deep.lanes[0].records[-1].field
    upright = found.lines[0]
    logit = found.images[0] @ found.last_line[:2] + found.last_line[2]
    mine = 1 / (1 + np.exp(-np.clip(logit, -60, 60)))
    theirs = np.interp(upright[:, 1], even(field.y, 48), field.values[-1][:, 0]).reshape(-1)
    np.testing.assert_allclose(upright[:, 0], field.x[0], atol=1e-6)
    np.testing.assert_allclose(mine[[0, -1]], theirs[[0, -1]], atol=1e-4)
    assert np.abs(mine - theirs).max() < 0.25  # between the field's own places


def test_the_points_in_the_hidden_plane_are_parted_as_the_training_accuracy_says() -> None:
    found = fold(State(data="xor", updates=200))
    scene = found.deep.scene
    trained = ~scene.is_test
    right = (found.hidden @ found.last_line[:2] + found.last_line[2] > 0) == (scene.targets > 0.5)
    record = found.deep.lanes[0].records[-1]
    assert right[trained].mean() == pytest.approx(record.train_accuracy)
    assert right[scene.is_test].mean() == pytest.approx(record.test_accuracy)


def test_without_an_activation_the_grid_stays_straight() -> None:
    images = fold(State(bent=False, updates=50)).images.astype(np.float64)
    ends = np.linspace(0, 1, images.shape[1])[None, :, None]
    straight = images[:, :1] * (1 - ends) + images[:, -1:] * ends
    assert np.abs(images - straight).max() < 1e-4 * np.abs(images).max()


def test_the_agreement_is_the_share_of_equal_answers() -> None:
    found = fold(State(updates=100))
    one, other = (each.lanes[0].records[-1].field.values[-1] > 0.5 for each in (found.plain, found.deep))
    assert found.agreement == np.count_nonzero(one == other) / one.size
    assert 0.5 < found.agreement < 0.95


# The stream


def test_going_back_and_on_again_gives_what_a_fresh_training_gives() -> None:
    stream, spec = Stream(), spec_of(State(), "deep")
    stream.at(spec, 170)
    for updates in (168, 130, 60, 3, 165, 0):
        fresh = Stream()
        for one, other in zip(stream.weights_at(spec, updates), fresh.weights_at(spec, updates), strict=True):
            np.testing.assert_array_equal(one[0], other[0])
            np.testing.assert_array_equal(one[1], other[1])
        mine, theirs = (each.at(spec, updates).lanes[0] for each in (stream, fresh))
        assert (mine.step, mine.records[0].train_loss) == (updates, theirs.records[0].train_loss)
        assert mine.records[-1].test_loss == theirs.records[-1].test_loss
        assert [record.step for record in mine.records] == sorted({record.step for record in mine.records})
        np.testing.assert_array_equal(mine.curve.losses, theirs.curve.losses)


def test_what_was_trained_once_is_never_more_than_a_few_updates_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, spec = Stream(), spec_of(State(), "deep")
    stream.at(spec, 170)
    done: list[int] = []
    advance = Experiment.advance

    def counted(self: Experiment, updates: int) -> int:
        done.append(updates)
        return advance(self, updates)

    monkeypatch.setattr(Experiment, "advance", counted)
    for updates in (168, 3, 165, 60, 130):
        done.clear()
        stream.at(spec, updates)
        assert sum(done) < KEPT_EVERY


def test_a_large_network_s_weights_are_not_kept() -> None:
    spec = spec_of(State(), "deep").with_(model=Choice.of("mlp", hidden="64,64"))
    assert Stream().weights_at(spec, 1) == ()


# Activations


def phi(x: np.ndarray) -> np.ndarray:
    return np.array([0.5 * (1 + math.erf(value / math.sqrt(2))) for value in x])


def logistic(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)))


CLOSED: Mapping[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "relu": (lambda x: np.maximum(x, 0), lambda x: np.where(x > 0, 1.0, 0.0)),
    "leaky_relu": (lambda x: np.where(x > 0, x, 0.01 * x), lambda x: np.where(x > 0, 1.0, 0.01)),
    "sigmoid": (logistic, lambda x: logistic(x) * logistic(-x)),
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "gelu": (lambda x: x * phi(x), lambda x: phi(x) + x * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)),
    "silu": (lambda x: x * logistic(x), lambda x: logistic(x) * (1 + x * logistic(-x))),
}


@pytest.mark.parametrize("name", BENDS)
def test_values_and_slopes_are_the_closed_forms(name: str) -> None:
    bend = signal(State(act=name, x=-0.7, depth=1)).bend
    value, slope = CLOSED[name]
    np.testing.assert_allclose(bend.values[name], value(bend.places), atol=1e-12)
    np.testing.assert_allclose(bend.slopes[name], slope(bend.places), atol=1e-12)
    point = np.array([-0.7])
    assert (bend.x, bend.value, bend.slope) == pytest.approx((-0.7, value(point).item(), slope(point).item()))


# Signals


def replayed(initializer: Choice, act: str, draw: int, depth: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Send the same batch through the same weights with numpy: activations, and gradients last to first."""
    value, slope = CLOSED[act]
    weights, biases = (each.numpy().astype(np.float64) for each in draw_layers(initializer, draw))
    xs, slopes = [noise(draw, 1).numpy()], []
    for weight, bias in zip(weights[:depth], biases[:depth], strict=True):
        y = xs[-1] @ weight.T + bias
        flat = y.ravel()
        xs.append(value(flat).reshape(y.shape))
        slopes.append(slope(flat).reshape(y.shape))
    gradients = [noise(draw, 2).numpy()]
    for weight, steep in zip(weights[:depth][::-1], slopes[::-1], strict=True):
        gradients.append((gradients[-1] * steep) @ weight)
    return xs, gradients[::-1]


@pytest.mark.parametrize("act", BENDS)
@pytest.mark.parametrize("name", ["torch_default", "he_normal", "normal"])
def test_the_signal_is_what_numpy_finds(act: str, name: str) -> None:
    state = State(act=act, init=name, depth=6, std=0.2)
    found = signal(state).signal
    xs, gradients = replayed(initializer_of(state, name), act, state.draw, 6)
    np.testing.assert_allclose(found.forward, [(x**2).mean() for x in xs], rtol=1e-9)
    np.testing.assert_allclose(found.between, [x.var(0, ddof=1).mean() for x in xs], rtol=1e-9)
    np.testing.assert_allclose(found.backward, [(g**2).mean() for g in gradients], rtol=1e-9)
    if act == "tanh":
        shares = [(np.abs(x) > 0.97).mean() for x in xs[1:]]
        np.testing.assert_allclose(found.asleep, shares, atol=1e-12)
    if act == "relu":
        np.testing.assert_allclose(found.asleep, [(x == 0).all(0).mean() for x in xs[1:]], atol=1e-12)
    if act == "leaky_relu":
        assert not found.asleep.any()


def test_the_way_back_is_autograd_s() -> None:
    state = State(act="gelu", init="he_uniform", depth=5)
    weights, biases = draw_layers(Choice("he_uniform"), state.draw)
    entry = ACTIVATIONS["gelu"].build()
    x = noise(state.draw, 1).requires_grad_()
    xs = [x]
    for weight, bias in zip(weights[:5].double(), biases[:5].double(), strict=True):
        xs.append(entry.forward(torch.nn.functional.linear(xs[-1], weight, bias)))
    gradients = torch.autograd.grad((xs[-1] * noise(state.draw, 2)).sum(), xs)
    expected = [gradient.square().mean().item() for gradient in gradients]
    np.testing.assert_allclose(signal(state).signal.backward, expected, rtol=1e-9)


DRAWS = range(1, 7)


def steps(state: State, first: int) -> tuple[float, float]:
    """Return the mean factor by layer of the forward and backward mean squares, over layers and draws."""
    onward, back = [], []
    for draw in DRAWS:
        found = signal(state.with_(draw=draw)).signal
        onward.append(found.forward[first + 1 :] / found.forward[first:-1])
        back.append(found.backward[first:-1] / found.backward[first + 1 :])
    return float(np.mean(onward)), float(np.mean(back))


@pytest.mark.parametrize("init", ["he_normal", "he_uniform", "glorot_normal", "glorot_uniform"])
def test_relu_multiplies_the_mean_square_by_what_he_et_al_predict(init: str) -> None:
    state = State(act="relu", init=init, depth=30)
    promised = {"he": 1.0, "glorot": 0.5}[init.partition("_")[0]]
    found = signal(state)
    assert (found.factor, found.paper) == (pytest.approx(promised), "he")
    # each step scatters by about sqrt(5 / width) of itself; 180 of them are averaged, four deviations allowed
    allowed = 4 * math.sqrt(5 / WIDTH / (30 * len(DRAWS)))
    assert steps(state, 0) == pytest.approx((promised, promised), rel=allowed)


@pytest.mark.parametrize("std", [0.03, 0.05, 0.07])
def test_small_signals_under_tanh_shrink_as_glorot_and_bengio_predict(std: float) -> None:
    state = State(act="tanh", init="normal", std=std, depth=30)
    found = signal(state)
    assert (found.factor, found.paper) == (pytest.approx(WIDTH * std**2), "glorot")
    allowed = 4 * math.sqrt(2 / WIDTH / (24 * len(DRAWS)))
    assert steps(state, 6) == pytest.approx((found.factor, found.factor), rel=allowed)  # the first layers still bend


@pytest.mark.parametrize("act", ["gelu", "silu"])
def test_small_signals_meet_the_slope_at_zero(act: str) -> None:
    state = State(act=act, init="glorot_normal", depth=30)
    assert signal(state).factor == pytest.approx(float(CLOSED[act][1](np.zeros(1)).item()) ** 2)
    assert steps(state, 10) == pytest.approx((0.25, 0.25), rel=4 * math.sqrt(2 / WIDTH / 120))


@pytest.mark.parametrize("name", list(INITIALIZERS))
def test_the_variance_of_a_weight_is_what_the_initialiser_draws(name: str) -> None:
    state = State(init=name, std=0.3)
    drawn = draw_layers(initializer_of(state, name), 1)[0].double()
    assert drawn.var().item() == pytest.approx(variance_of(state), rel=0.02)


def test_the_first_layers_of_a_deeper_network_carry_the_same_signal() -> None:
    shallow, deep = (signal(State(depth=depth)).signal for depth in (4, 30))
    np.testing.assert_array_equal(shallow.forward, deep.forward[:5])
    assert shallow.backward[-1] == deep.backward[-1]
    assert [len(deep.forward), len(deep.between), len(deep.backward), len(deep.asleep)] == [31, 31, 31, 30]


def test_what_is_kept_of_signals_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.lessons.depth.study_signal.MOST_PASSES", 3)
    monkeypatch.setattr("nnviz.lessons.depth.study_signal.MOST_SIGNALS", 4)
    signals = Signals()
    for draw in range(1, 6):
        signals.signal(Choice("zeros"), "tanh", 2, draw)
    assert (len(signals._passes), len(signals._signals)) == (3, 4)


# Tasks


def twins(numbers: int, is_far: bool = True) -> State:
    """Place two points along the direction that a rank-1 product drops."""
    state = State(layers=4, narrow=1, numbers=numbers)
    dropped = np.linalg.svd(study_stack(state).product[0])[2][1] * (0.6 if is_far else 0.3)
    return state.with_(points=(tuple(map(float, dropped)), tuple(map(float, -dropped))))


REACHED: Mapping[str, tuple[State, tuple[State, ...]]] = {
    "rank": (State(layers=4, narrow=1), (State(layers=3, narrow=1), State(layers=4, narrow=2))),
    "twins": (twins(5), (twins(5, is_far=False), twins(5).with_(points=((1, 1), (-1, -1))), twins(5).with_(narrow=2))),
    "same": (State(bent=False, updates=300), (State(bent=False, updates=5), State(bent=False, updates=0), State())),
    "xor": (State(data="xor"), (State(data="xor", bent=False), State(), State(data="xor", updates=0))),
    "die": (
        State(act="relu", init="glorot_normal", depth=25),
        (State(act="relu", init="he_normal", depth=25), State(act="relu", init="normal", std=0.01, depth=19)),
    ),
    "alive": (
        State(act="relu", init="he_normal", depth=30),
        (State(act="relu", init="he_normal", depth=29), State(act="relu", init="glorot_normal", depth=30),
         State(act="tanh", init="he_normal", depth=30), State(act="relu", init="normal", std=0.3, depth=30)),
    ),
    "saturate": (
        State(act="tanh", init="normal", std=2.0, depth=8),
        (State(act="tanh", init="normal", std=2.0, depth=4), State(act="tanh", init="normal", std=0.2, depth=8),
         State(act="sigmoid", init="normal", std=3.0, depth=8)),
    ),
}  # fmt: skip


def studied(name: str, state: State) -> Any:
    if name in ("rank", "twins"):
        return study_stack(state)
    return signal(state) if name in SIGNAL_TASKS else fold(state)


@pytest.mark.parametrize("name", list(TASKS))
def test_a_task_is_done_when_it_is_done_and_only_then(name: str) -> None:
    right, wrong = REACHED[name]
    assert TASKS[name](right, studied(name, right))
    for state in (State(), *wrong):
        assert not TASKS[name](state, studied(name, state)), state


def test_every_task_figure_and_choice_has_words() -> None:
    assert set(TASKS) == set(TEXTS.tasks)
    assert {*STACK_PICTURES, *FOLD_PICTURES, *SIGNAL_PICTURES} == set(TEXTS.charts)
    assert set(TEXTS.choices["init"]) == set(INITIALIZERS) == set(STYLES)
    assert set(TEXTS.choices["act"]) == set(TEXTS.choices["rho"]) == set(BENDS)


# Figures


def drawn_in(state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    boards = (
        (STACK_PICTURES, study_stack(state)), (FOLD_PICTURES, fold(state)), (SIGNAL_PICTURES, signal(state)),
    )  # fmt: skip
    for pictures, found in boards:
        for name, picture in pictures.items():
            yield name, picture.draw(found, TEXTS.words)


STATES = {
    "first": State(),
    "line": State(bent=False, narrow=1, layers=5, act="sigmoid", init="torch_default", depth=30),
    "wild": State(rho="gelu", data="spiral", updates=60, act="relu", init="normal", std=3.0, depth=30),
    "nothing": State(rho="sigmoid", data="xor", updates=0, act="silu", init="zeros", depth=1),
}


@pytest.mark.parametrize("name", list(STATES))
def test_every_figure_is_valid_slim_and_has_its_words(name: str) -> None:
    sizes = {"inputs": 0, "plain": 0, "bend": 0}
    board = "inputs"
    for chart, figure in drawn_in(STATES[name]):
        board = chart if chart in sizes else board
        go.Figure(json.loads(json.dumps(figure, default=lambda array: array.tolist())))
        sizes[board] += len(encode(figure))
        assert all(trace.get("name") or trace["type"] == "heatmap" or not trace.get("showlegend", True)
                   for trace in figure["data"]), chart  # fmt: skip
        for key in ("xaxis", "yaxis"):
            assert np.isfinite(figure["layout"][key]["range"]).all(), chart
    assert max(sizes.values()) < 150_000, sizes


def test_axes_stay_where_they_are_while_a_point_or_a_depth_is_dragged() -> None:
    one = {name: figure["layout"] for name, figure in drawn_in(State())}
    other = {name: figure["layout"] for name, figure in drawn_in(State(points=((0, 0), (0.1, 0)), depth=7, x=-3))}
    for name, layout in one.items():
        for key in ("xaxis", "yaxis"):
            assert layout[key]["range"] == other[name][key]["range"], name


def test_the_points_of_both_figures_that_a_hand_may_take_say_so() -> None:
    handles = {
        name: trace["meta"]["handle"]
        for name, figure in drawn_in(State())
        for trace in figure["data"]
        if "handle" in trace.get("meta", {})
    }
    assert handles == {"inputs": {"name": "points", "axis": "xy"}, "bend": {"name": "x", "axis": "x"}}


def test_the_hidden_plane_holds_the_examples() -> None:
    for rho in BENDS:
        found = fold(State(rho=rho, updates=90))
        for way, (low, high) in enumerate(hidden_ends(found)):
            assert low <= found.hidden[:, way].min(), rho
            assert found.hidden[:, way].max() <= high, rho


def test_a_ladder_ends_above_the_value() -> None:
    assert [ladder(0.2), ladder(1.01), ladder(5), ladder(1e6)] == [1.0, 1.5, 6.0, 48.0]


# The page


def open_depth(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return page.switch_page("pages/44_Depth.py").run()


def boards(page: AppTest) -> dict[str, Any]:
    assert not page.exception
    found = [json.loads(board.proto.bytes) for board in boards_on(page)]
    return {board["key"]: board for board in found}


def stamps(page: AppTest) -> dict[str, int]:
    return {chart["id"]: chart["stamp"] for board in boards(page).values() for chart in board["charts"]}


@given(
    state=some.builds(
        State, layers=some.integers(2, 5), numbers=some.integers(1, 99), bent=some.booleans(),
        rho=some.sampled_from(BENDS), data=some.sampled_from(PLANES), updates=some.integers(0, 600),
        init=some.sampled_from(list(INITIALIZERS)), std=some.floats(0.001, 3), x=some.floats(-5, 5),
        points=some.tuples(*[some.tuples(some.floats(-2, 2), some.floats(-2, 2))] * 2),
    )
)  # fmt: skip
def test_a_link_brings_the_state_back(state: State) -> None:
    assert State.from_query(state.to_query()) == state


@pytest.mark.usefixtures("own_registry")
def test_the_page_opens_with_its_three_boards() -> None:
    page = open_depth()
    found = boards(page)
    assert [list(found), *([chart["id"] for chart in board["charts"]] for board in found.values())] == [
        ["depth.stack", "depth.fold", "depth.signal"], list(STACK_PICTURES), list(FOLD_PICTURES), list(SIGNAL_PICTURES),
    ]  # fmt: skip
    assert [dial["id"] for board in found.values() for dial in board["dials"]] == [
        "layers", "narrow", "updates", "depth", "std", "x",
    ]  # fmt: skip
    assert dict(page.query_params) == {}


@pytest.mark.usefixtures("own_registry")
def test_a_link_opens_what_it_says_and_its_task_is_green() -> None:
    page = open_depth(layers="4", narrow="1", bent="no", updates="300", act="relu", init="he_normal", depth="30")
    written = " ".join(text.value for text in page.markdown)
    for name in ("rank", "same", "alive"):
        assert f":green[:material/check_circle: **{TEXTS.tasks[name].text}**]" in written
    assert r"$\mathbf{" not in written
    assert r"2 \to 3 \to \mathbf{1} \to 3 \to 2" in written
    assert r"W=W_4W_3W_2W_1}" in written


@pytest.mark.usefixtures("own_registry")
def test_the_switch_changes_the_three_layers_and_not_the_one_layer() -> None:
    page = open_depth()
    before = stamps(page)
    page.toggle(key="depth.bent").set_value(False).run()
    after = stamps(page)
    assert {name for name in before if before[name] != after[name]} == {"deep", "hidden"}
    assert page.query_params["bent"] in ("no", ["no"])


@pytest.mark.usefixtures("own_registry")
def test_the_initialiser_changes_the_signals_alone_and_new_numbers_the_stack_alone() -> None:
    page = open_depth()
    before = stamps(page)
    page.selectbox(key="depth.init").set_value("he_normal").run()
    middle = stamps(page)
    assert {name for name in before if before[name] != middle[name]} == {"forward", "backward", "asleep"}
    page.button(key="depth.new_numbers").click().run()
    after = stamps(page)
    assert {name for name in middle if middle[name] != after[name]} == {"outputs", "entries"}


@pytest.mark.usefixtures("own_registry")
def test_a_bad_link_is_one_sentence() -> None:
    page = open_depth(rho="identity")
    (warning,) = page.warning
    assert "relu, leaky_relu" in warning.value
    assert len(boards(page)) == 3


def test_a_dragged_point_stays_within_the_plane() -> None:
    handle = {"act": "move", "name": "points", "index": 1, "x": 7.0, "y": -0.12345}
    assert taken(State(), handle) == {"points": ((1.0, 1.0), (2.0, -0.123))}
    assert taken(State(), {**handle, "act": "choose"}) == {}
    assert taken(State(), {**handle, "index": 2}) == {}
