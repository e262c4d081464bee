"""A network as a diagram in Graphviz's DOT language: layers left to right in rows, own modules as frames."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from html import escape
from itertools import pairwise
from operator import itemgetter

from nnviz.charts.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, blend
from nnviz.records.anatomy import Anatomy, Block, Edge, Holder, Role
from nnviz.words.charts import PLOT

_INK, _PAPER = "#16202b", "#ffffff"
_LINE, _WORDS = "#8a929c", "#7d8792"  # seen on a light and on a dark page
_ROW = 6.5  # layers side by side that can still be read on a page of 1,100 pixels
_STRAIGHT = 1000  # how much an edge of the main way wants to be straight
_NARROW: tuple[Role, ...] = ("input", "join")  # takes half the place

_COLOURS: dict[Role, str] = {
    "input": GREY,
    "convolution": BLUE,
    "dense": GREEN,
    "recurrent": PURPLE,
    "norm": SKY,
    "activation": ORANGE,
    "pooling": ORANGE,
    "join": VERMILLION,
    "other": GREY,
}
_JOINS = {"add": "+", "cat": "cat", "mul": "×"}
_HEAD = (
    'graph [rankdir=LR, bgcolor="transparent", nodesep=0.18, ranksep=0.26, newrank=true, pad=0.1]',
    'node [shape=box, style="rounded,filled", penwidth=0, fontname="sans-serif", fontsize=11, margin=0.08,',
    f'  fontcolor="{_PAPER}"]',
    f'edge [color="{_LINE}", penwidth=1.4, arrowsize=0.6]',
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A layer alone, or the layers of one own module; `last` names the last of several equal ones."""

    holder: Holder | None
    blocks: tuple[Block, ...]
    count: int = 1
    last: str = ""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a way leaves a row, or where it goes on in another."""

    number: int
    row: int
    is_start: bool


def diagram(anatomy: Anatomy) -> str:
    """Write DOT for an anatomy, best of its `layers` or `blocks`; equal units in a row are drawn once, with "× n"."""
    units, edges = _without_repeats(_units(anatomy), anatomy.edges)
    rows = _rows(units, edges)
    edges, marks = _broken(edges, rows)
    edges, forks = _with_forks(units, edges)
    body = [*_bodies(units, forks), *_marks(marks), *_row_starts(rows, marks)]
    body += [*_branches(edges, forks), *_edge_lines(edges, forks)]
    return "\n".join(["digraph anatomy {", *_HEAD, *body, "}"])


def amount(number: int) -> str:
    """Write a number with three digits at most: 950, 1.2 k, 53 M."""
    value, unit = float(number), ""
    for larger in ("k", "M", "G", "T"):
        if value < 999.5:
            break
        value, unit = value / 1000, f" {larger}"
    return f"{value:.1f}{unit}" if unit and value < 9.95 else f"{value:.0f}{unit}"


def _units(anatomy: Anatomy) -> list[_Unit]:
    """Put neighbours of the same own module together, in the order of execution."""
    units: list[_Unit] = []
    for block in anatomy.blocks:
        holder = block.holders[0] if block.holders else None
        if holder and units and units[-1].holder == holder:
            units[-1] = replace(units[-1], blocks=(*units[-1].blocks, block))
        else:
            units.append(_Unit(holder, (block,)))
    return units


def _without_repeats(units: Sequence[_Unit], edges: Sequence[Edge]) -> tuple[list[_Unit], list[Edge]]:
    """Keep the first of equal units that follow one another, and lead what came from the last one from it."""
    kept = list(units[:1])
    stands_for = {block.name: block.name for unit in kept for block in unit.blocks}
    for before, unit in pairwise(units):
        if _signature(before) == _signature(unit) and _is_tied(before, unit, edges):
            kept[-1] = replace(kept[-1], count=kept[-1].count + 1, last=_name(unit))
        else:
            kept.append(unit)
        stands_for |= {block.name: own.name for block, own in zip(unit.blocks, kept[-1].blocks, strict=True)}
    moved = [Edge(stands_for[edge.source], edge.target) for edge in edges if stands_for[edge.target] == edge.target]
    return kept, list(dict.fromkeys(moved))


def _signature(unit: _Unit) -> tuple[object, ...]:
    kind = unit.holder.kind if unit.holder else ""
    return kind, *(replace(block, name="", holders=()) for block in unit.blocks)


def _is_tied(before: _Unit, unit: _Unit, edges: Sequence[Edge]) -> bool:
    """Tell whether a unit takes the output of the unit before and of nothing else, and nothing else takes it."""
    first, second = ({block.name for block in each.blocks} for each in (before, unit))
    taken = {edge.source for edge in edges if edge.target in second} - second
    leads_to = {edge.target for edge in edges if edge.source in first} - first
    return taken == {before.blocks[-1].name} and leads_to <= second


def _name(unit: _Unit) -> str:
    return unit.holder.name if unit.holder else unit.blocks[0].name


def _with_forks(units: Sequence[_Unit], edges: list[Edge]) -> tuple[list[Edge], dict[str, str]]:
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


def _broken(edges: Sequence[Edge], rows: Sequence[Sequence[_Unit]]) -> tuple[list[Edge], dict[str, _Mark]]:
    """Cut the ways from one row to another: a numbered mark where it leaves, the same one where it goes on."""
    row_of = {block.name: at for at, row in enumerate(rows) for unit in row for block in unit.blocks}
    marks: dict[str, _Mark] = {}
    numbers: dict[str, int] = {}
    whole: list[Edge] = []
    for edge in edges:
        row, to_row = row_of[edge.source], row_of[edge.target]
        if row == to_row:
            whole.append(edge)
            continue
        number = numbers.setdefault(edge.source, len(numbers) + 1)
        leaves, goes_on = f"{edge.source} leaves", f"{edge.source} in row {to_row}"
        marks |= {leaves: _Mark(number, row, False), goes_on: _Mark(number, to_row, True)}
        whole += [Edge(edge.source, leaves), Edge(goes_on, edge.target)]
    return list(dict.fromkeys(whole)), marks


def _rows(units: Sequence[_Unit], edges: Sequence[Edge]) -> list[list[_Unit]]:
    """Break the line of units into as few rows as the page's width allows, the widest as narrow as possible."""
    widths = [_width(unit, edges) for unit in units]
    limits = sorted({sum(widths[i:j]) for i in range(len(units)) for j in range(i + 1, len(units) + 1)} | {_ROW})
    fewest = len(_filled(units, widths, _ROW))
    return next(rows for limit in limits if len(rows := _filled(units, widths, limit)) <= fewest)


def _filled(units: Sequence[_Unit], widths: Sequence[float], limit: float) -> list[list[_Unit]]:
    rows: list[list[_Unit]] = []
    filled = limit
    for unit, width in zip(units, widths, strict=True):
        if not rows or filled + width > limit:
            rows.append([])
            filled = 0.0
        rows[-1].append(unit)
        filled += width
    return rows


def _width(unit: _Unit, edges: Sequence[Edge]) -> float:
    """Count the layers on the longest way through a unit."""
    reach: dict[str, float] = {}
    for block in unit.blocks:
        before = (reach.get(edge.source, 0.0) for edge in edges if edge.target == block.name)
        reach[block.name] = max(before, default=0.0) + (0.5 if block.role in _NARROW else 1.0)
    return max(reach.values())


def _bodies(units: Sequence[_Unit], forks: Mapping[str, str]) -> Iterator[str]:
    for at, unit in enumerate(units):
        if unit.holder is None:
            yield from (_node(block, unit) for block in unit.blocks)
            continue
        title = f"<b>{escape(_title(unit))}</b>  {escape(unit.holder.kind.lstrip('_'))}"
        yield f"subgraph cluster_{at} {{"
        yield f'graph [label=<{title}>, fontname="sans-serif", fontsize=12, fontcolor="{_WORDS}", color="{_LINE}",'
        yield '  style="rounded", penwidth=1, margin=9, labeljust=l]'
        yield from (_fork(name) for name, owner in forks.items() if owner == unit.holder.name)
        yield from (_node(block, unit) for block in unit.blocks)
        yield "}"


def _title(unit: _Unit) -> str:
    name = _name(unit)
    return f"{name} … {unit.last}, × {unit.count}" if unit.last else name


def _fork(name: str) -> str:
    return f'{_quoted(name)} [shape=point, width=0.09, style=filled, fillcolor="{_LINE}", label=""]'


def _node(block: Block, unit: _Unit) -> str:
    fill = blend(_COLOURS[block.role], _INK, 0.38)
    look = f'fillcolor="{fill}"' + (", fontsize=13" if block.role == "join" else "")
    look += ", shape=circle, margin=0.02" if block.kind == "add" else ""
    return f'{_quoted(block.name)} [label="{_label(block, unit)}", {look}, tooltip="{escape(_tip(block))}"]'


def _label(block: Block, unit: _Unit) -> str:
    if block.role == "join":
        return "\\n".join(map(escape, (_JOINS.get(block.kind, block.kind), *block.then)))
    name = block.name.removeprefix(f"{unit.holder.name}.") if unit.holder else _title(unit)
    lines = [name]
    lines += [f"{block.kind.lstrip('_')} {block.detail}".strip()] if block.kind != name else []
    lines += [*block.then, " × ".join(map(str, block.shape))]
    lines += [PLOT["parameters"].format(count=amount(block.parameters))] if block.parameters else []
    return "\\n".join(map(escape, lines))


def _tip(block: Block) -> str:
    return PLOT["costs_of"].format(
        name=block.name, parameters=f"{block.parameters:,}", multiply_adds=f"{block.multiply_adds:,}"
    )


def _marks(marks: Mapping[str, _Mark]) -> Iterator[str]:
    look = f'shape=circle, style="", penwidth=1, color="{_LINE}", fontcolor="{_WORDS}", margin=0.01, width=0.25'
    yield from (f'{_quoted(name)} [label="{mark.number}", {look}]' for name, mark in marks.items())


def _row_starts(rows: Sequence[Sequence[_Unit]], marks: Mapping[str, _Mark]) -> Iterator[str]:
    """Put the rows under one another: what they begin with stands in one column."""
    begins = {at: [name for name, mark in marks.items() if mark.is_start and mark.row == at] for at in range(len(rows))}
    yield from _column([name for at, row in enumerate(rows) for name in begins[at] or [row[0].blocks[0].name]])


def _branches(edges: Sequence[Edge], forks: Mapping[str, str]) -> Iterator[str]:
    """Put what takes nothing but a fork's output in one column, in the order of execution."""
    fed = Counter(edge.target for edge in edges)
    for fork in forks:
        yield from _column([edge.target for edge in edges if edge.source == fork and fed[edge.target] == 1][::-1])


def _column(names: Sequence[str]) -> Iterator[str]:
    """Order names from above to below."""
    if len(names) > 1:
        yield f"{{rank=same; {' -> '.join(map(_quoted, names))} [style=invis]}}"


def _quoted(name: str) -> str:
    return f'"{escape(name)}"'


def _edge_lines(edges: Sequence[Edge], forks: Mapping[str, str]) -> Iterator[str]:
    """Draw the main way straight; what a fork sends past layers goes above them, what a layer sends below."""
    before = _lengths(edges)
    straight = _main_way(edges, before)
    leaving = Counter(edge.source for edge in edges)
    for edge in edges:
        look = f"weight={_STRAIGHT if edge in straight else 1}"
        look += ", arrowhead=none" if edge.target in forks else ""
        if leaving[edge.source] > 2 and before[edge.target] - before[edge.source] > 1:
            look += ", headport=n" if edge.source in forks else ", headport=s"
        yield f"{_quoted(edge.source)} -> {_quoted(edge.target)} [{look}]"


def _main_way(edges: Sequence[Edge], before: Mapping[str, int]) -> set[Edge]:
    """Choose the edges of the longest ways, where one way is longer than those beside it."""
    after = _lengths([Edge(edge.target, edge.source) for edge in edges])
    arriving, leaving = defaultdict(list), defaultdict(list)
    for edge in edges:
        arriving[edge.target].append((before[edge.source], edge))
        leaving[edge.source].append((after[edge.target], edge))
    return _alone(arriving.values()) & _alone(leaving.values())


def _alone(rivals: Iterable[list[tuple[int, Edge]]]) -> set[Edge]:
    """Choose from each list the edge of the greatest length, if no other one has it too."""
    best = [[edge for length, edge in each if length == max(each, key=itemgetter(0))[0]] for each in rivals]
    return {each[0] for each in best if len(each) == 1}


def _lengths(edges: Sequence[Edge]) -> dict[str, int]:
    """Count the edges of the longest way to each name."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for edge in edges:
        sorter.add(edge.target, edge.source)
    lengths: dict[str, int] = {}
    for name in sorter.static_order():
        lengths[name] = max((lengths[edge.source] + 1 for edge in edges if edge.target == name), default=0)
    return lengths
