"""A network as a diagram in Graphviz's DOT language: layers left to right in rows, own modules as frames."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from graphviz import Digraph

from nnviz.charts.diagram_layout import (
    Mark,
    Unit,
    broken,
    lengths,
    main_way,
    rows_of,
    unit_name,
    units_of,
    with_forks,
    without_repeats,
)
from nnviz.charts.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, blend
from nnviz.records.anatomy import Anatomy, Block, Edge, Role
from nnviz.words.charts import PLOT

_INK, _PAPER = "#16202b", "#ffffff"
_LINE, _WORDS = "#8a929c", "#7d8792"  # seen on a light and on a dark page
_STRAIGHT = 1000  # how much an edge of the main way wants to be straight

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
_FRAME = {
    "fontname": "sans-serif", "fontsize": "12", "fontcolor": _WORDS, "color": _LINE, "style": "rounded",
    "penwidth": "1", "margin": "9", "labeljust": "l",
}  # fmt: skip
_LOOK = {
    "graph_attr": {"rankdir": "LR", "bgcolor": "transparent", "nodesep": "0.18", "ranksep": "0.26", "newrank": "true",
                   "pad": "0.1"},
    "node_attr": {"shape": "box", "style": "rounded,filled", "penwidth": "0", "fontname": "sans-serif",
                  "fontsize": "11", "margin": "0.08", "fontcolor": _PAPER},
    "edge_attr": {"color": _LINE, "penwidth": "1.4", "arrowsize": "0.6"},
}  # fmt: skip


def diagram(anatomy: Anatomy) -> str:
    """Write DOT for an anatomy, best of its `layers` or `blocks`; equal units in a row are drawn once, with "× n"."""
    units, edges = without_repeats(units_of(anatomy), anatomy.edges)
    rows = rows_of(units, edges)
    edges, marks = broken(edges, rows)
    edges, forks = with_forks(units, edges)
    graph = Digraph("anatomy", **_LOOK)
    for at, unit in enumerate(units):
        _draw_unit(graph, at, unit, [fork for fork, owner in forks.items() if owner == unit_name(unit)])
    _draw_marks(graph, marks)
    _start_rows(graph, rows, marks)
    _stack_branches(graph, edges, forks)
    _draw_edges(graph, edges, forks)
    return str(graph.source)


def amount(number: int) -> str:
    """Write a number with three digits at most: 950, 1.2 k, 53 M."""
    value, unit = float(number), ""
    for larger in ("k", "M", "G", "T"):
        if value < 999.5:
            break
        value, unit = value / 1000, f" {larger}"
    return f"{value:.1f}{unit}" if unit and value < 9.95 else f"{value:.0f}{unit}"


def _draw_unit(graph: Digraph, at: int, unit: Unit, forks: Sequence[str]) -> None:
    """Draw a layer alone, or an own module as a frame around its layers and the places where a way parts."""
    if unit.holder is None:
        _draw_blocks(graph, unit)
        return
    title = f"<b>{escape(_title(unit))}</b>  {escape(unit.holder.kind.lstrip('_'))}"
    with graph.subgraph(name=f"cluster_{at}", graph_attr={"label": f"<{title}>", **_FRAME}) as frame:
        for name in forks:
            frame.node(name, label="", shape="point", width="0.09", style="filled", fillcolor=_LINE)
        _draw_blocks(frame, unit)


def _draw_blocks(graph: Digraph, unit: Unit) -> None:
    for block in unit.blocks:
        look = {"fontsize": "13"} if block.role == "join" else {}
        look |= {"shape": "circle", "margin": "0.02"} if block.kind == "add" else {}
        fill = blend(_COLOURS[block.role], _INK, 0.38)
        graph.node(block.name, label=_label(block, unit), fillcolor=fill, tooltip=_tip(block), **look)


def _title(unit: Unit) -> str:
    name = unit_name(unit)
    return f"{name} … {unit.last}, × {unit.count}" if unit.last else name


def _label(block: Block, unit: Unit) -> str:
    if block.role == "join":
        return "\\n".join((_JOINS.get(block.kind, block.kind), *block.then))
    name = block.name.removeprefix(f"{unit.holder.name}.") if unit.holder else _title(unit)
    lines = [name]
    lines += [f"{block.kind.lstrip('_')} {block.detail}".strip()] if block.kind != name else []
    lines += [*block.then, " × ".join(map(str, block.shape))]
    lines += [PLOT["parameters"].format(count=amount(block.parameters))] if block.parameters else []
    return "\\n".join(lines)


def _tip(block: Block) -> str:
    return PLOT["costs_of"].format(
        name=block.name, parameters=f"{block.parameters:,}", multiply_adds=f"{block.multiply_adds:,}"
    )


def _draw_marks(graph: Digraph, marks: Mapping[str, Mark]) -> None:
    look = {"shape": "circle", "style": "", "penwidth": "1", "color": _LINE, "fontcolor": _WORDS, "margin": "0.01"}
    for name, mark in marks.items():
        graph.node(name, label=str(mark.number), width="0.25", **look)


def _start_rows(graph: Digraph, rows: Sequence[Sequence[Unit]], marks: Mapping[str, Mark]) -> None:
    """Put the rows under one another: what they begin with stands in one column."""
    begins = {at: [name for name, mark in marks.items() if mark.is_start and mark.row == at] for at in range(len(rows))}
    _stack(graph, [name for at, row in enumerate(rows) for name in begins[at] or [row[0].blocks[0].name]])


def _stack_branches(graph: Digraph, edges: Sequence[Edge], forks: Mapping[str, str]) -> None:
    """Put what takes nothing but a fork's output in one column, in the order of execution."""
    fed = Counter(edge.target for edge in edges)
    for fork in forks:
        _stack(graph, [edge.target for edge in edges if edge.source == fork and fed[edge.target] == 1][::-1])


def _stack(graph: Digraph, names: Sequence[str]) -> None:
    """Order names from above to below."""
    if len(names) > 1:
        with graph.subgraph(graph_attr={"rank": "same"}) as column:
            column.attr("edge", style="invis")
            column.edges(pairwise(names))


def _draw_edges(graph: Digraph, edges: Sequence[Edge], forks: Mapping[str, str]) -> None:
    """Draw the main way straight; what a fork sends past layers goes above them, what a layer sends below."""
    before = lengths(edges)
    straight = main_way(edges, before)
    leaving = Counter(edge.source for edge in edges)
    for edge in edges:
        look = {"weight": str(_STRAIGHT if edge in straight else 1)}
        look |= {"arrowhead": "none"} if edge.target in forks else {}
        if leaving[edge.source] > 2 and before[edge.target] - before[edge.source] > 1:
            look |= {"headport": "n" if edge.source in forks else "s"}
        graph.edge(edge.source, edge.target, **look)
