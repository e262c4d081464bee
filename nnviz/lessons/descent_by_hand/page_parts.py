"""The next step of the descent as four numbered parts, each with its present numbers."""

import streamlit as st

from nnviz.lessons.descent_by_hand.figures_look import CHOSEN
from nnviz.lessons.descent_by_hand.results import Found
from nnviz.lessons.descent_by_hand.study import State
from nnviz.lessons.descent_by_hand.texts import TEXTS
from nnviz.ui.lesson_kit.formula import in_brackets, matrix, signed, tex

_WORDS = TEXTS.words
_LISTED = 6  # samples of a batch that are named


def parts(state: State, found: Found) -> None:
    """Draw predict, loss, gradients and update, and how long a step may be."""
    with st.container(border=True, key="descent_by_hand.parts", gap="xsmall"):
        st.markdown(_WORDS["part_predict"].format(sample=found.chosen + 1, count=len(found.x)))
        _rows(predict(found))
        st.markdown(_loss_title(found))
        _rows(loss(found))
        st.markdown(_WORDS["part_gradient"])
        _rows(gradients(found))
        st.markdown(agreement(found))
        st.markdown(_WORDS["part_update"])
        _rows(update(state, found))
    with st.container(border=True, key="descent_by_hand.stable", gap="xxsmall"):
        st.markdown(_WORDS["part_stable"])
        _rows(stable(found))


def _rows(formulas: list[tuple[str, str]]) -> None:
    """Draw equations below each other, their signs of equality in line."""
    body = r" \\[.35em] ".join(f"{left} &{right}" for left, right in formulas)
    st.latex(rf"\begin{{aligned}} {body} \end{{aligned}}")


def predict(found: Found) -> list[tuple[str, str]]:
    """Write the chosen sample's prediction and its error."""
    at, step = found.chosen, found.step
    x, y, said = float(found.x[at]), float(found.y[at]), float(step.predictions[at])
    name = at + 1
    error = _marked(tex(float(step.errors[at]), 3))
    return [
        (rf"\hat y_{{{name}}}", rf"= w\,x_{{{name}}}+b"),
        ("", rf"= {tex(step.w, 3)}\cdot{in_brackets(x, 3)} {signed(step.b, 3)} = {tex(said, 3)}"),
        (rf"y_{{{name}}}-\hat y_{{{name}}}", rf"= {tex(y, 3)} {signed(-said, 3)} = {error}"),
    ]


def loss(found: Found) -> list[tuple[str, str]]:
    """Write the mean of the squared errors with the chosen sample's own."""
    error = float(found.step.errors[found.chosen])
    return [
        ("L", rf"= \tfrac1{_size(found)}\sum\nolimits_{{{_range(found)}}}(y_i-\hat y_i)^2"),
        ("", rf"= {_mean(found, 1)}\,{_sum(found, f'({tex(error, 3)})^2')} = {tex(found.step.loss)}"),
    ]


def gradients(found: Found) -> list[tuple[str, str]]:
    """Write both derivatives as sums, with the chosen sample's terms."""
    error, x = float(found.step.errors[found.chosen]), float(found.x[found.chosen])
    own = rf"{in_brackets(error, 3)}\cdot{in_brackets(x, 3)}"
    total = rf"-\tfrac2{_size(found)}\sum\nolimits_{{{_range(found)}}}(y_i-\hat y_i)"
    hand_w, hand_b = found.step.by_hand
    return [
        (_slope("w"), rf"= {total}\,x_i"),
        ("", rf"= -{_mean(found, 2)}\,{_sum(found, own)}"),
        ("", rf"= {tex(hand_w)}"),
        (_slope("b"), rf"= {total}"),
        ("", rf"= -{_mean(found, 2)}\,{_sum(found, in_brackets(error, 3))} = {tex(hand_b)}"),
    ]


def update(state: State, found: Found) -> list[tuple[str, str]]:
    """Write what torch.optim.SGD does to both numbers."""
    step = found.step
    rows: list[tuple[str, str]] = []
    for name, before, slope, after in zip("wb", (step.w, step.b), step.by_torch, step.after, strict=True):
        numbers = rf"{tex(before)}-{tex(state.lr, 3)}\cdot{in_brackets(slope)}"
        rows += [(name, rf"\leftarrow {name}-\eta\,{_slope(name)}"), ("", rf"= {numbers} = {tex(after)}")]
    return rows


def stable(found: Found) -> list[tuple[str, str]]:
    """Write the curvature of the bowl and the learning rate that it allows."""
    fit = found.fit
    return [
        ("H", r"= \tfrac2N\begin{bmatrix}\sum x^2 & \sum x\\ \sum x & N\end{bmatrix} = " + matrix(fit.hessian)),
        (r"\eta", rf"< \frac{{2}}{{\lambda_{{\max}}}} = \frac{{2}}{{{tex(fit.curvature)}}} = {tex(fit.stable)}"),
    ]


def _slope(name: str) -> str:
    return rf"\tfrac{{\partial L}}{{\partial {name}}}"


def agreement(found: Found) -> str:
    """Write both gradients beside those of torch.autograd."""
    numbers: dict[str, str] = {}
    for name, hand, torch in zip("wb", found.step.by_hand, found.step.by_torch, strict=True):
        numbers |= {f"hand_{name}": f"{hand:.5g}", f"torch_{name}": f"{torch:.5g}"}
        numbers[f"apart_{name}"] = f"{abs(hand - torch):.0e}" if hand != torch else "0"
    return _WORDS["agreement"].format(**numbers)


def _loss_title(found: Found) -> str:
    if found.is_whole:
        return _WORDS["part_loss"]
    named = sorted(int(at) + 1 for at in found.step.batch)
    listed = ", ".join(map(str, named[:_LISTED]))
    title = _WORDS["part_loss_batch"].format(
        batch=_WORDS["one_sample" if len(named) == 1 else "some_samples"].format(samples=listed)
    )
    return title if _is_in(found) else f"{title}. {_WORDS['left_out'].format(sample=found.chosen + 1)}"


def _is_in(found: Found) -> bool:
    return found.chosen in found.step.batch


def _size(found: Found) -> str:
    return "N" if found.is_whole else "{|B|}"


def _range(found: Found) -> str:
    return "i" if found.is_whole else r"i\in B"


def _mean(found: Found, top: int) -> str:
    return rf"\tfrac{{{top}}}{{{len(found.step.batch)}}}"


def _sum(found: Found, own: str) -> str:
    """Write the sum over the batch: the chosen sample's term first, dots for the others."""
    others = [r"\cdots"] if len(found.step.batch) > _is_in(found) else []
    return rf"\big({'+'.join([_marked(own)] * _is_in(found) + others)}\big)"


def _marked(term: str) -> str:
    return rf"\textcolor{{{CHOSEN}}}{{{term}}}"
