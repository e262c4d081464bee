"""How a network lies on a page: units in rows, equal ones once, and the ways between them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from itertools import pairwise
from operator import itemgetter

from nnviz.records.anatomy import Anatomy, Block, Edge, Holder, Role

_ROW = 6.5  # layers side by side that can still be read on a page of 1,100 pixels
_NARROW: tuple[Role, ...] = ("input", "join")  # takes half the place


@dataclass(frozen=True, slots=True)
class Unit:
    """A layer alone, or the layers of one own module; `last` names the last of several equal ones."""

    holder: Holder | None
    blocks: tuple[Block, ...]
    count: int = 1
    last: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a way leaves a row, or where it goes on in another."""

    number: int
    row: int
    is_start: bool


def units_of(anatomy: Anatomy) -> list[Unit]:
    """Put neighbours of the same own module together, in the order of execution."""
    units: list[Unit] = []
    for block in anatomy.blocks:
        holder = block.holders[0] if block.holders else None
        if holder and units and units[-1].holder == holder:
            units[-1] = replace(units[-1], blocks=(*units[-1].blocks, block))
        else:
            units.append(Unit(holder, (block,)))
    return units


def without_repeats(units: Sequence[Unit], edges: Sequence[Edge]) -> tuple[list[Unit], list[Edge]]:
    """Keep the first of equal units that follow one another, and lead what came from the last one from it."""
    kept = list(units[:1])
    stands_for = {block.name: block.name for unit in kept for block in unit.blocks}
    for before, unit in pairwise(units):
        if _signature(before) == _signature(unit) and _is_tied(before, unit, edges):
            kept[-1] = replace(kept[-1], count=kept[-1].count + 1, last=unit_name(unit))
        else:
            kept.append(unit)
        stands_for |= {block.name: own.name for block, own in zip(unit.blocks, kept[-1].blocks, strict=True)}
    moved = [Edge(stands_for[edge.source], edge.target) for edge in edges if stands_for[edge.target] == edge.target]
    return kept, list(dict.fromkeys(moved))


def _signature(unit: Unit) -> tuple[object, ...]:
    kind = unit.holder.kind if unit.holder else ""
    return kind, *(replace(block, name="", holders=()) for block in unit.blocks)


def _is_tied(before: Unit, unit: Unit, edges: Sequence[Edge]) -> bool:
    """Tell whether a unit takes the output of the unit before and of nothing else, and nothing else takes it."""
    first, second = ({block.name for block in each.blocks} for each in (before, unit))
    taken = {edge.source for edge in edges if edge.target in second} - second
    leads_to = {edge.target for edge in edges if edge.source in first} - first
    return taken == {before.blocks[-1].name} and leads_to <= second


def unit_name(unit: Unit) -> str:
    """Name a unit by its own module, or by its only layer."""
    return unit.holder.name if unit.holder else unit.blocks[0].name


def with_forks(units: Sequence[Unit], edges: list[Edge]) -> tuple[list[Edge], dict[str, str]]:
    """Where an own module takes one output in several places, let the ways part inside its frame: {fork: module}."""
    forks: dict[str, str] = {}
    for holder, own in ((unit.holder, {block.name for block in unit.blocks}) for unit in units):
        arriving = [edge for edge in edges if edge.target in own and edge.source not in own]
        for source in dict.fromkeys(edge.source for edge in arriving):
            targets = [edge.target for edge in arriving if edge.source == source]
            if holder and len(targets) > 1:
                fork = f"{holder.name} takes {source}"
                forks[fork] = holder.name
                edges = [edge for edge in edges if edge.source != source or edge.target not in own]
                edges += [Edge(source, fork), *(Edge(fork, target) for target in targets)]
    return edges, forks


def broken(edges: Sequence[Edge], rows: Sequence[Sequence[Unit]]) -> tuple[list[Edge], dict[str, Mark]]:
    """Cut the ways from one row to another: a numbered mark where it leaves, the same one where it goes on."""
    row_of = {block.name: at for at, row in enumerate(rows) for unit in row for block in unit.blocks}
    marks: dict[str, Mark] = {}
    numbers: dict[str, int] = {}
    whole: list[Edge] = []
    for edge in edges:
        row, to_row = row_of[edge.source], row_of[edge.target]
        if row == to_row:
            whole.append(edge)
            continue
        number = numbers.setdefault(edge.source, len(numbers) + 1)
        leaves, goes_on = f"{edge.source} leaves", f"{edge.source} in row {to_row}"
        marks |= {leaves: Mark(number, row, False), goes_on: Mark(number, to_row, True)}
        whole += [Edge(edge.source, leaves), Edge(goes_on, edge.target)]
    return list(dict.fromkeys(whole)), marks


def rows_of(units: Sequence[Unit], edges: Sequence[Edge]) -> list[list[Unit]]:
    """Break the line of units into as few rows as the page's width allows, the widest as narrow as possible."""
    widths = [_width(unit, edges) for unit in units]
    limits = sorted({sum(widths[i:j]) for i in range(len(units)) for j in range(i + 1, len(units) + 1)} | {_ROW})
    fewest = len(_filled(units, widths, _ROW))
    return next(rows for limit in limits if len(rows := _filled(units, widths, limit)) <= fewest)


def _filled(units: Sequence[Unit], widths: Sequence[float], limit: float) -> list[list[Unit]]:
    rows: list[list[Unit]] = []
    filled = limit
    for unit, width in zip(units, widths, strict=True):
        if not rows or filled + width > limit:
            rows.append([])
            filled = 0.0
        rows[-1].append(unit)
        filled += width
    return rows


def _width(unit: Unit, edges: Sequence[Edge]) -> float:
    """Count the layers on the longest way through a unit."""
    reach: dict[str, float] = {}
    for block in unit.blocks:
        before = (reach.get(edge.source, 0.0) for edge in edges if edge.target == block.name)
        reach[block.name] = max(before, default=0.0) + (0.5 if block.role in _NARROW else 1.0)
    return max(reach.values())


def main_way(edges: Sequence[Edge], before: Mapping[str, int]) -> set[Edge]:
    """Choose the edges of the longest ways, where one way is longer than those beside it."""
    after = lengths([Edge(edge.target, edge.source) for edge in edges])
    arriving, leaving = defaultdict(list), defaultdict(list)
    for edge in edges:
        arriving[edge.target].append((before[edge.source], edge))
        leaving[edge.source].append((after[edge.target], edge))
    return _alone(arriving.values()) & _alone(leaving.values())


def _alone(rivals: Iterable[list[tuple[int, Edge]]]) -> set[Edge]:
    """Choose from each list the edge of the greatest length, if no other one has it too."""
    best = [[edge for length, edge in each if length == max(each, key=itemgetter(0))[0]] for each in rivals]
    return {each[0] for each in best if len(each) == 1}


def lengths(edges: Sequence[Edge]) -> dict[str, int]:
    """Count the edges of the longest way to each name."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for edge in edges:
        sorter.add(edge.target, edge.source)
    lengths: dict[str, int] = {}
    for name in sorter.static_order():
        lengths[name] = max((lengths[edge.source] + 1 for edge in edges if edge.target == name), default=0)
    return lengths
