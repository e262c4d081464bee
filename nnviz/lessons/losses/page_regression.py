"""The sections on regression: squared error and likelihood, and outliers."""

import math
from typing import Any

from nnviz.lessons.losses.figures import FIT, ROBUST
from nnviz.lessons.losses.figures_fit import END
from nnviz.lessons.losses.page_controller import CONTROLLER, WORDS, counters, formulas, head, spell
from nnviz.lessons.losses.results import GaussianFit, RobustFit
from nnviz.lessons.losses.study import FIT_TASKS, ROBUST_TASKS, State, study_fit, study_robust
from nnviz.specs.lesson import bounds_of, field_of
from nnviz.ui.board.protocol import Counter
from nnviz.ui.fragment import fragment
from nnviz.ui.lesson_kit.formula import in_brackets, signed, tex
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, Handle, live_stage
from nnviz.ui.lesson_kit.tasks import tasks


@fragment
def fit() -> None:
    """Draw a line through points, its squared error and its likelihood."""
    head("fit")
    state, found = CONTROLLER.state, CONTROLLER.found(_FIT)
    live_stage(CONTROLLER, _FIT)
    formulas("fit", _fit_cards(found))
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in FIT_TASKS.items()})


def _fit_scene(state: State, found: GaussianFit) -> BoardSpec:
    numbers = {
        "mse": spell(found.mse),
        "least": spell(found.least_mse),
        "nll": spell(found.nll),
        "formula": spell(found.nll_by_formula),
        "difference": spell(found.difference, 2),
    }
    dials = [CONTROLLER.dial(name, state) for name in ("w", "b", "sigma")]
    return BoardSpec(FIT, found, dials=dials, counters=counters(numbers), columns=4)


def _fit_cards(found: GaussianFit) -> list[tuple[str, list[str]]]:
    share = rf"\frac{{{tex(found.mse)}}}{{2\cdot {tex(found.sigma, 3)}^2}}"
    log = signed(math.log(found.sigma))
    average = r"L_{\mathrm{MSE}}=\frac1N\sum_{i=1}^{N}\sum_{d=1}^{D}\left(y_{id}-f_d(x_i)\right)^2"
    likely = r"\hat\theta=\arg\max_\theta\prod_i p_\theta(y_i\,|\,x_i)"
    return [
        (
            WORDS["fit_mse"].format(count=len(found.x)),
            [average, rf"f(x)={tex(found.w, 3)}\,x {signed(found.b, 3)}", rf"L_{{\mathrm{{MSE}}}}={tex(found.mse)}"],
        ),
        (WORDS["fit_likelihood"], [likely, r"\phantom{\hat\theta}=\arg\min_\theta-\sum_i\log p_\theta(y_i\,|\,x_i)"]),
        (
            WORDS["fit_both"],
            [
                r"-\frac1N\sum_i\log p_\theta(y_i\,|\,x_i)",
                r"=\frac{L_{\mathrm{MSE}}}{2\sigma^2}+\log\sigma+\tfrac12\log2\pi",
                rf"={share} {log} + 0.9189",
                rf"={tex(found.nll_by_formula, 6)}",
                rf"\texttt{{gaussian\_nll\_loss}}={tex(found.nll, 6)}",
            ],
        ),
        (
            WORDS["fit_sigma"],
            [
                r"\hat\sigma=\sqrt{L_{\mathrm{MSE}}}" + rf"=\sqrt{{{tex(found.mse)}}}={tex(found.best_sigma)}",
                rf"\sigma={tex(found.sigma, 3)}",
            ],
        ),
    ]


def _taken_fit(state: State, handle: Handle) -> dict[str, Any]:
    """Follow a hand at a point, at the line or at the arrow below sigma."""
    match handle["act"], handle["name"]:
        case "move", "line":
            return _line(state, int(handle["index"]), float(handle["y"]))
        case "move", "sigma":
            return {"sigma": _within("sigma", float(f"{handle['x']:.3g}"))}
        case _:
            return _taken_points(state, "points", handle)


def _line(state: State, index: int, y: float) -> dict[str, float]:
    """Put one end of the line elsewhere; the other one stays."""
    ends = [state.b - END * state.w, state.b + END * state.w]
    ends[min(index, 1)] = y
    w, b = (ends[1] - ends[0]) / (2 * END), (ends[0] + ends[1]) / 2
    return {"w": _within("w", round(w, 3)), "b": _within("b", round(b, 3))}


def _taken_points(state: State, name: str, handle: Handle) -> dict[str, Any]:
    """Move, add or remove one of the points of a field."""
    points = list(getattr(state, name))
    index = int(handle.get("index") or 0)
    if handle["act"] in ("move", "remove") and index >= len(points):
        return {}  # a point that has gone in the meantime
    match handle["act"]:
        case "move":
            points[index] = _place(handle)
        case "add":
            points.append(_place(handle))
        case "remove":
            del points[index]
        case _:
            return {}
    return {name: tuple(points)}


def _place(handle: Handle) -> tuple[float, float]:
    return round(float(handle["x"]), 2), round(float(handle["y"]), 2)


def _within(name: str, value: float) -> float:
    bounds = bounds_of(field_of(State, name))
    return min(max(value, bounds.low), bounds.high)


@fragment
def robust() -> None:
    """Draw the best line of each loss on points with an outlier."""
    head("robust")
    state, found = CONTROLLER.state, CONTROLLER.found(_ROBUST)
    live_stage(CONTROLLER, _ROBUST)
    formulas("robust", _robust_cards(found))
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in ROBUST_TASKS.items()})


def _robust_scene(state: State, found: RobustFit) -> BoardSpec:
    dials = [CONTROLLER.dial(name, state) for name in ("delta", "residual")]
    return BoardSpec(ROBUST, found, dials=dials, counters=_moved(found), columns=4)


def _moved(found: RobustFit) -> list[Counter]:
    label, help_text = WORDS["count_moved"], WORDS["count_moved_help"]
    return [
        {"id": name, "label": label.format(name=WORDS[name]), "help": help_text, "value": f"{moved:.2f}"}
        for name, moved in found.moved.items()
    ]


def _robust_cards(found: RobustFit) -> list[tuple[str, list[str]]]:
    r, delta = found.residual, found.delta
    far = rf"{tex(delta, 3)}\,({tex(abs(r), 3)}-{tex(delta / 2, 3)})"
    huber = rf"\tfrac12\,{in_brackets(r, 3)}^2" if abs(r) < delta else far
    shown = {"squared": rf"{in_brackets(r, 3)}^2", "absolute": rf"|{tex(r, 3)}|", "huber": huber}
    costs = [rf"\text{{{WORDS[name]}}}\;\; {part}={tex(found.loss_at[name])}" for name, part in shown.items()]
    pulls = [rf"\text{{{WORDS[name]}}}\quad L'={tex(found.slope_at[name])}" for name in shown]
    lines = [rf"\text{{{WORDS[name]}}}\quad f(x)={tex(w, 3)}\,x {signed(b, 3)}" for name, (w, b) in found.lines.items()]
    costs_title, pulls_title = (WORDS[f"robust_{kind}"].format(residual=f"{r:g}") for kind in ("costs", "pulls"))
    return [(costs_title, costs), (pulls_title, pulls), (WORDS["robust_best"], lines)]


def _taken_robust(state: State, handle: Handle) -> dict[str, Any]:
    """Follow a hand at a point or at the arrow below the losses."""
    if handle["name"] != "residual":
        return _taken_points(state, "sample", handle)
    return {"residual": _within("residual", round(float(handle["x"]), 2))} if handle["act"] == "move" else {}


_FIT = LiveBoard("losses.fit", study_fit, _fit_scene, _taken_fit)
_ROBUST = LiveBoard("losses.robust", study_robust, _robust_scene, _taken_robust)
