"""What a learning-rate schedule will do, drawn small before the run, and what the slider means while one runs."""

import html
import math

import streamlit as st

from nnviz.catalog import MODELS
from nnviz.catalog.schedules import ENDLESS, is_constant, schedule_of
from nnviz.records.run import Snapshot
from nnviz.specs.experiment import ExperimentSpec
from nnviz.words.numbers import number
from nnviz.words.schedules import SCHEDULE

_POINTS = 120
_USUAL_COUNT = 1000  # training examples, as long as nobody knows
_AREA = (
    '<div role="img" aria-label="{label}" style="height:2.5rem;background:currentColor;opacity:.45;'
    'clip-path:polygon({points})"></div>'
)


def preview(spec: ExperimentSpec, snapshot: Snapshot) -> None:
    """Draw the factor over the whole run; of a constant rate nothing, and of one that listens a sentence."""
    if is_constant(spec):
        return
    per_epoch = _per_epoch(spec, snapshot)
    schedule = schedule_of(spec, per_epoch)
    if schedule.hears:
        st.caption(SCHEDULE["heard"])
        return
    epochs = spec.epochs or math.ceil(float(spec.schedule.knobs.get("epochs") or ENDLESS))
    last = epochs * per_epoch - 1
    factors = [schedule.factor(round(last * place / (_POINTS - 1))) for place in range(_POINTS)]
    said = {"first": f"{factors[0]:.3g}", "last": f"{factors[-1]:.3g}", "epochs": number(epochs)}
    label = html.escape(SCHEDULE["picture"].format(epochs=number(epochs)))
    st.html(_AREA.format(label=label, points=_outline(factors)))
    st.caption(SCHEDULE["told"].format(**said))


def lr_help(spec: ExperimentSpec, knob: str, text: str) -> str:
    """Say with a learning rate's help what it is while a schedule runs."""
    return text if knob != "lr" or is_constant(spec) else f"{text} {SCHEDULE['base']}"


def _per_epoch(spec: ExperimentSpec, snapshot: Snapshot) -> int:
    count = snapshot.scene.train_count if snapshot.scene else _USUAL_COUNT
    family = MODELS[spec.model.name]
    each = spec.accumulate * family.task.batches(family.values(spec.model))
    return -(-count // (each * spec.batch_size))


def _outline(factors: list[float]) -> str:
    """Write an area under a curve, in per cent of its box from the upper left corner."""
    top = [
        f"{100 * place / (_POINTS - 1):.1f}% {100 - 97 * min(max(factor, 0.01), 1.0):.1f}%"
        for place, factor in enumerate(factors)
    ]
    return ",".join(["0% 100%", *top, "100% 100%"])
