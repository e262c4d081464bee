"""What a race says about itself in words and numbers: its fair start, its leader, its losses."""

from collections.abc import Iterable

import streamlit as st

from nnviz.charts.changes import turns
from nnviz.charts.racers import racers
from nnviz.charts.standings import standings
from nnviz.records.run import Lane, Snapshot
from nnviz.words import texts


def fairness(snapshot: Snapshot) -> None:
    """State the fingerprints that all lanes share, or complain loudly."""
    roots = [lane for lane in snapshot.lanes if not lane.parent]  # a branch begins where another lane was
    seeds = list(dict.fromkeys(lane.spec.seed for lane in roots))
    odd = [seed for seed in seeds if not is_fair(lane for lane in roots if lane.spec.seed == seed)]
    if odd:
        st.error(texts.RACE["unfair"].format(seed=odd[0]), icon=":material/warning:")
    first = snapshot.lanes[0]
    if not first.start_hash or odd:
        return
    count = len({lane.racer for lane in roots})
    fair = texts.RACE["fair"].format(lanes=count, start=first.start_hash, order=first.order_hash, seed=first.spec.seed)
    more = texts.RACE["fair_more"].format(seeds=", ".join(map(str, seeds)))
    st.caption(fair + (more if len(seeds) > 1 else ""))


def is_fair(lanes: Iterable[Lane]) -> bool:
    """Tell whether lanes began with the same weights and, as far as each went, saw the same batches."""
    lanes = list(lanes)
    orders: dict[int, set[str]] = {}
    for lane in lanes:
        orders.setdefault(lane.step, set()).add(lane.order_hash)
    return len({lane.start_hash for lane in lanes}) == 1 and all(len(names) == 1 for names in orders.values())


def race_numbers(snapshot: Snapshot, target: float | None) -> dict[str, str]:
    """Write the numbers above a race's charts; the fingerprints are those of the first seed."""
    going = [lane for lane in snapshot.lanes if lane.spec.seed == snapshot.lanes[0].spec.seed]
    furthest = max(going, key=lambda lane: lane.step)
    ranked = standings(snapshot, target)
    is_measured = furthest.step > 0 and bool(ranked) and ranked[0].test_loss is not None
    return {
        "leader": ranked[0].label if is_measured else "–",
        "epoch": f"{furthest.epoch:,.2f}" + (f" / {furthest.spec.epochs:,}" if furthest.spec.epochs else ""),
        "step": f"{furthest.step:,}",
        "speed": f"{snapshot.updates_per_second:,.0f}",
        "start": furthest.start_hash or "–",
        "order": furthest.order_hash or "–",
    }


def race_log(snapshot: Snapshot) -> list[str]:
    """List the live changes of all racers, oldest first; one that all made is one line."""
    return [f"{turn.mark.step:,}: {turn.text}" for turn in turns(racers(snapshot))]
