"""The live knobs above the charts: a fragment of their own, so that turning one reruns a few lines."""

from contextlib import nullcontext
from typing import Any

import streamlit as st

from nnviz.catalog import OPTIMIZERS, Knob, label_of, optimizers_of
from nnviz.records import Snapshot
from nnviz.ui import texts
from nnviz.ui.link import TRAIN, Address
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat
from nnviz.ui.settings import BATCHES
from nnviz.ui.widgets import is_echo, knob_widget, mirror, number

_WIDTH_PX, _WIDE_PX = 150, 220


@st.fragment
def live_knobs(seat_id: str, *, is_locked: bool, address: Address[Any, Any] = TRAIN) -> None:
    """Draw what may be turned while the run goes on; the run owns the values, the widgets mirror them."""
    seat = hall().find(seat_id)
    if seat is None:
        return
    snapshot = seat.snapshot()
    with st.container(horizontal=True, key="live_knobs", gap="small"):
        choices = optimizers_of(seat.spec)
        live = {field: [knob for knob in OPTIMIZERS[name.name].knobs if knob.live] for field, name in choices.items()}
        for field, knobs in live.items():
            _knob(seat, snapshot, field, knobs[0], is_locked)
        _batch_size(seat, snapshot, is_locked)
        with st.popover(texts.MORE_KNOBS, icon=":material/more_horiz:") if len(live) > 1 else nullcontext():
            for field, knobs in live.items():
                for knob in knobs[1:]:
                    _knob(seat, snapshot, field, knob, is_locked)
    address.write_turns(seat, snapshot)


def _knob(seat: Seat, snapshot: Snapshot, field: str, knob: Knob, is_locked: bool) -> None:
    target = f"{field}.{knob.name}"
    start = "live" if field == "optimizer" else f"live.{field}"
    key = f"{start}.{seat.spec.optimizer_of(field).name}.{knob.name}"
    knob_widget(
        knob, seat.knob(target, snapshot), key, _turn, label_of(seat.spec, target), args=(seat.id, target, key),
        width=_WIDTH_PX if len(optimizers_of(seat.spec)) == 1 else _WIDE_PX, disabled=is_locked,
        help=texts.LIVE["help"].format(help=knob.help),
    )  # fmt: skip


def _batch_size(seat: Seat, snapshot: Snapshot, is_locked: bool) -> None:
    value = int(seat.knob("batch_size", snapshot))
    mirror("live.batch_size", value)
    st.select_slider(
        texts.BATCH_SIZE[0], sorted({*BATCHES, value}), format_func=number, key="live.batch_size", width=_WIDTH_PX,
        help=texts.LIVE["help"].format(help=texts.BATCH_SIZE[1]), disabled=is_locked,
        on_change=_turn, args=(seat.id, "batch_size", "live.batch_size"),
    )  # fmt: skip


def _turn(seat_id: str, target: str, key: str) -> None:
    """Ask the run for the change; this tab already shows it, so it need not be told of it again."""
    seat = hall().find(seat_id)
    if seat is None or is_echo(key):
        return
    try:
        seat.turn(target, float(st.session_state[key]))
    except ValueError as error:
        st.session_state["note"] = texts.TRAIN["refused"].format(reason=str(error).rstrip("."))
    st.session_state["turns"] = seat.turns
