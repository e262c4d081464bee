"""The sections on classification: cross-entropy, and squared error on classes."""

import math
from typing import Any

import numpy as np
import streamlit as st

from nnviz.lessons.losses.figures import CLASSES, MISTAKE
from nnviz.lessons.losses.page_controller import CONTROLLER, WORDS, column, counters, formulas, head, spell
from nnviz.lessons.losses.results import Classification, Mistake
from nnviz.lessons.losses.study import CLASS_TASKS, MISTAKE_TASKS, State, study_classes, study_mistake
from nnviz.lessons.losses.study_mistake import MOST_STEPS
from nnviz.ui.board.protocol import Dial
from nnviz.ui.fragment import fragment
from nnviz.ui.lesson_kit.controls import action
from nnviz.ui.lesson_kit.formula import in_brackets, tex
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, Handle, live_stage
from nnviz.ui.lesson_kit.tasks import tasks

_LEAST, _MOST = 3, 5  # classes


@fragment
def classes() -> None:
    """Draw logits, probabilities, gradient and the batch."""
    head("classes")
    state, found = CONTROLLER.state, CONTROLLER.found(_CLASSES)
    live_stage(CONTROLLER, _CLASSES)
    _buttons(state)
    formulas("classes", _class_cards(found))
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in CLASS_TASKS.items()})


def _classes_scene(state: State, found: Classification) -> BoardSpec:
    names = tuple(WORDS[f"class_{place}"] for place in range(len(found.p)))
    right: Dial = {**CONTROLLER.dial("right", state, words=names), "high": len(names) - 1, "value": found.right}
    numbers = {
        "loss": spell(found.loss),
        "categorical": spell(found.categorical),
        "class_difference": spell(abs(found.loss - found.categorical), 2),
        "gradient": spell(float(np.abs(found.gradient - found.gradient_by_formula).max()), 2),
        "guess": f"log {len(names)} = {math.log(len(names)):.4f}",
    }
    dials = [CONTROLLER.dial("temperature", state), right]
    return BoardSpec(CLASSES, found, dials=dials, counters=counters(numbers), columns=4)


def _buttons(state: State) -> None:
    """Draw what changes the number of classes, and what makes all logits equal."""
    count = len(state.logits)
    fewer, last = state.logits[:-1] if count > _LEAST else state.logits, min(state.right, max(count - 2, _LEAST - 1))
    more = (*state.logits, 0.0) if count < _MOST else state.logits
    with st.container(horizontal=True, key="losses.buttons", gap="small"):
        action(CONTROLLER, "fewer", is_off=count <= _LEAST, icon=":material/remove:", logits=fewer, right=last)
        action(CONTROLLER, "more", is_off=count >= _MOST, icon=":material/add:", logits=more)
        action(CONTROLLER, "even", icon=":material/align_horizontal_left:", logits=(0.0,) * count)


def _taken_logit(state: State, handle: Handle) -> dict[str, Any]:
    """Follow a hand at the end of a bar, or take the class that was clicked as the true one."""
    logits, index = list(state.logits), handle.get("index")
    if index is None or not 0 <= index < len(logits):
        return {}  # a class that has gone in the meantime
    if handle["act"] == "choose":
        return {"right": int(index)}
    if handle["act"] != "move":
        return {}
    logits[index] = min(max(round(float(handle["y"]), 1), -6.0), 6.0)
    return {"logits": tuple(logits)}


_CLASSES = LiveBoard("losses.classes", study_classes, _classes_scene, _taken_logit)


def _class_cards(found: Classification) -> list[tuple[str, list[str]]]:
    t = tex(found.temperature, 3)
    terms = "+".join(f"{term:.2f}" for term in found.terms)
    p, gradient = column(found.p), column(found.gradient_by_formula)
    truth = column(np.eye(len(found.p))[found.right], 0)
    entropy = r"L_{\mathrm{CE}}=-\frac1N\sum_{i=1}^{N}\sum_{k=1}^{K}y_{ik}\log p_k(x_i)"
    softmax = r"p_k=\frac{e^{z_k/T}}{\sum_j e^{z_j/T}}"
    return [
        (
            WORDS["classes_formula"].format(count=len(found.terms)),
            [entropy, rf"\small=\tfrac1{{{len(found.terms)}}}({terms})", rf"={tex(found.mean)}"],
        ),
        (
            WORDS["classes_sample"],
            [
                softmax + rf",\quad T={t}",
                rf"z={column(found.logits, 1)}\quad p={p}",
                rf"-\log {tex(float(found.p[found.right]))}={tex(found.loss)}",
            ],
        ),
        (
            WORDS["classes_gradient"],
            [
                r"\frac{\partial L}{\partial z}=\frac{p-y}{T}",
                rf"\tfrac1{{{t}}}\left({p}-{truth}\right)={gradient}",
            ],
        ),
        (
            WORDS["classes_likelihood"],
            [
                r"\arg\max_\theta\prod_i p_\theta(y_i\,|\,x_i)=\arg\min_\theta L_{\mathrm{CE}}",
                rf"\texttt{{cross\_entropy}}={tex(found.loss, 6)}",
                rf"-\texttt{{log\_prob}}={tex(found.categorical, 6)}",
            ],
        ),
    ]


@fragment
def mistakes() -> None:
    """Draw cross-entropy and squared error on the same logit."""
    head("mistake")
    state, found = CONTROLLER.state, CONTROLLER.found(_MISTAKE)
    live_stage(CONTROLLER, _MISTAKE)
    formulas("mistake", _mistake_cards(found))
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in MISTAKE_TASKS.items()})


def _mistake_scene(state: State, found: Mistake) -> BoardSpec:
    numbers = {
        "p": spell(found.p, 4),
        "entropy": spell(abs(found.entropy.slope), 4),
        "squared": spell(abs(found.squared.slope), 4),
        "ratio": spell(found.ratio, 3),
        "steps": f"{_steps(found.entropy.steps)} : {_steps(found.squared.steps)}",
    }
    dials = [CONTROLLER.dial(name, state) for name in ("logit", "rate")]
    return BoardSpec(MISTAKE, found, dials=dials, counters=counters(numbers), columns=3)


def _steps(count: int | None) -> str:
    return f"> {MOST_STEPS:,}" if count is None else f"{count:,}"


def _mistake_cards(found: Mistake) -> list[tuple[str, list[str]]]:
    p, z = tex(found.p, 3), in_brackets(found.logit, 3)
    return [
        (
            WORDS["mistake_entropy"],
            [
                rf"L=-\log\sigma{z if z.startswith('(') else f'({z})'}={tex(found.entropy.loss)}",
                rf"\frac{{dL}}{{dz}}=p-1={p}-1={tex(found.entropy.slope)}",
            ],
        ),
        (
            WORDS["mistake_squared"],
            [
                rf"L=(1-p)^2=(1-{p})^2={tex(found.squared.loss)}",
                r"\frac{dL}{dz}=-2\,p\,(1-p)^2" + rf"={tex(found.squared.slope)}",
            ],
        ),
    ]


def _taken_mistake(state: State, handle: Handle) -> dict[str, float]:
    """Follow a hand at the arrow below the losses."""
    return {"logit": min(max(round(float(handle["x"]), 1), -8.0), 8.0)} if handle["act"] == "move" else {}


_MISTAKE = LiveBoard("losses.mistake", study_mistake, _mistake_scene, _taken_mistake)
