"""A piece of Python as text that is edited where its syntax tree says, so that its comments and line breaks stay."""

import ast
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

Node = TypeVar("Node", bound=ast.AST)
_UNKNOWN = object()
_USUAL_WIDTH = 88
_MANY = 512  # texts that are known as they were worked out: scripts take over much the same


class Edit(NamedTuple):
    """What takes the place of the text from one offset to another."""

    start: int
    end: int
    text: str


class Text:
    """Some lines of Python, their tree, and where each node stands."""

    def __init__(self, text: str) -> None:
        self.text = textwrap.dedent(text)
        self.tree = ast.parse(self.text)
        self._lines = self.text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def offset(self, line: int, column: int) -> int:
        """Return where a line (from 1) and a column in bytes are in the text."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.expr | ast.arg | ast.stmt) -> tuple[int, int]:
        """Return where a node begins and ends."""
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return self.offset(node.lineno, node.col_offset), end

    def of(self, node: ast.expr | ast.stmt) -> str:
        """Return a node's own text."""
        start, end = self.span(node)
        return self.text[start:end]

    def lines(self, first: int, last: int) -> str:
        """Return whole lines, from 1, the last one too."""
        return textwrap.dedent("".join(self._lines[first - 1 : last]))

    def pieces(self, body: Iterable[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
        """Go through statements that follow each other, each with its own lines and the comments above it."""
        first = 0
        for statement in body:
            start, end = first or statement.lineno, statement.end_lineno or statement.lineno
            yield statement, self.lines(start, end).lstrip("\n")
            first = end + 1

    def edited(self, edits: Iterable[Edit]) -> str:
        """Return the text after some edits that do not overlap."""
        text = self.text
        for edit in sorted(edits, reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text

    def nodes(self, *kinds: type[Node]) -> Iterator[Node]:
        """Go through all nodes of some kinds."""
        return (node for node in self._nodes if isinstance(node, kinds))

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))


@lru_cache(maxsize=_MANY)
def plain(text: str) -> str:
    """Take all annotations away: who reads a script knows torch."""
    return _edited(_edited(text, _annotations), _signatures)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Put other words in the place of some names."""
    return _edited(text, lambda found: _names(found, names))


def decided(text: str, known: Mapping[str, object]) -> str:
    """Keep of every `if` whose outcome is known, a statement or an expression, what it comes to."""
    found = Text(text)
    kept = "".join(_branches(found, found.tree.body, known))
    return _edited(kept, lambda found: _choices(found, known))


def returned(text: str, *targets: str) -> str:
    """Give what a body returns to some names; four of them in two lines where it returns as many things."""
    found = Text(text)
    last = found.tree.body[-1]
    assert isinstance(last, ast.Return)
    assert last.value is not None
    words = [found.of(each) for each in last.value.elts] if isinstance(last.value, ast.Tuple) else []
    pairs = [(targets, [found.of(last.value)])]
    if len(words) == len(targets) == 4:
        pairs = [(targets[:2], words[:2]), (targets[2:], words[2:])]
    lines = [f"{', '.join(names)} = {', '.join(values)}" for names, values in pairs if list(names) != values]
    return found.edited([Edit(*found.span(last), "\n".join(lines))])


def narrowed(text: str, width: int) -> str:
    """Break docstrings that are too wide into more lines, and put comments behind lines that are above them."""
    return "\n".join(_commented(line, width) for line in _edited(text, lambda found: _told(found, width)).splitlines())


def _told(found: Text, width: int) -> Iterator[Edit]:
    for node in found.nodes(ast.Expr):
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            start, end = found.span(node)
            before = " " * node.col_offset
            lines = [before + line.strip() for line in found.text[start:end].splitlines()]
            if max(map(len, lines)) > width:
                told = "\n".join(line for each in lines for line in _wrapped(each, before, width))
                yield Edit(start, end, told.lstrip())


def _wrapped(line: str, indent: str, width: int) -> list[str]:
    """Break a line of a docstring; what ends it then stands by itself."""
    if len(line) <= width:
        return [line.rstrip()]
    text, end = (line[:-3], [f'{indent}"""']) if line.endswith('"""') else (line, [])
    return [*textwrap.wrap(text, width, subsequent_indent=indent), *end]


def _commented(line: str, width: int) -> str:
    code, mark, remark = line.partition("  # ")
    if len(line) <= width or not mark or not code.strip():
        return line
    indent = line[: len(line) - len(line.lstrip())]
    above = textwrap.wrap(remark, width, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
    return "\n".join([*above, code])


@lru_cache(maxsize=_MANY)
def loaded(text: str) -> tuple[str, ...]:
    """List the names that a text uses and does not give itself, in order and once each."""
    found = Text(text)
    nodes = sorted(found.nodes(ast.Name), key=lambda node: (node.lineno, node.col_offset))
    given = {node.id for node in nodes if isinstance(node.ctx, ast.Store)} | {each.arg for each in found.nodes(ast.arg)}
    return tuple(name for name in dict.fromkeys(node.id for node in nodes) if name not in given)


def _edited(text: str, edits: Callable[[Text], Iterable[Edit]]) -> str:
    found = Text(text)
    return found.edited(edits(found))


def _annotations(found: Text) -> Iterator[Edit]:
    for arg in found.nodes(ast.arg):
        if arg.annotation is not None:
            yield Edit(found.offset(arg.lineno, arg.col_offset) + len(arg.arg), found.span(arg.annotation)[1], "")
    for function in found.nodes(ast.FunctionDef):
        yield from _tight_defaults(found, function)
        if function.returns is not None:
            start, end = found.span(function.returns)
            yield Edit(found.text.rindex(")", 0, start) + 1, end, "")
    for assignment in found.nodes(ast.AnnAssign):
        yield Edit(found.span(assignment.target)[1], found.span(assignment.annotation)[1], "")


def _signatures(found: Text) -> Iterator[Edit]:
    """Write what a function takes in one line where that is short enough."""
    for function in found.nodes(ast.FunctionDef):
        start = found.span(function)[0]
        end = found.text.rindex(":", start, found.span(function.body[0])[0])
        line = re.sub(r",? \)", ")", " ".join(found.text[start:end].split()).replace("( ", "("))
        if function.col_offset + len(line) < _USUAL_WIDTH:
            yield Edit(start, end, line)


def _tight_defaults(found: Text, function: ast.FunctionDef) -> Iterator[Edit]:
    """Write `a=1` where the annotation between has gone."""
    arguments = function.args.posonlyargs + function.args.args
    for arg, default in zip(reversed(arguments), reversed(function.args.defaults), strict=False):
        if arg.annotation is not None:
            yield Edit(found.span(arg.annotation)[1], found.span(default)[0], "=")


def _names(found: Text, names: Mapping[str, str]) -> Iterator[Edit]:
    for node in found.nodes(ast.Name):
        if node.id in names:
            yield Edit(*found.span(node), names[node.id])


def _branches(found: Text, body: list[ast.stmt], known: Mapping[str, object]) -> Iterator[str]:
    """Go through statements, and through the branch of each `if` that is decided."""
    for statement, lines in found.pieces(body):
        outcome = _outcome(statement.test, known) if isinstance(statement, ast.If) else _UNKNOWN
        if isinstance(statement, ast.If) and outcome is not _UNKNOWN:
            yield from _branches(found, statement.body if outcome else statement.orelse, known)
        else:
            yield lines


def _choices(found: Text, known: Mapping[str, object]) -> Iterator[Edit]:
    for node in found.nodes(ast.IfExp):
        outcome = _outcome(node.test, known)
        if outcome is not _UNKNOWN:
            yield Edit(*found.span(node), found.of(node.body if outcome else node.orelse))


def _outcome(test: ast.expr, known: Mapping[str, object]) -> object:
    """Return whether a condition holds, where it is about nothing but known names."""
    if not {node.id for node in ast.walk(test) if isinstance(node, ast.Name)} <= known.keys():
        return _UNKNOWN
    return bool(eval(compile(ast.Expression(test), "", "eval"), {"__builtins__": {}}, dict(known)))
