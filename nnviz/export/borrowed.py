"""Code of the catalogue, taken over into a script with all that it stands on."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from nnviz.export.text import Text, decided, loaded, plain, renamed, returned
from nnviz.words import errors
from nnviz.words.language import message

_OWN = __name__.partition(".")[0]
_CALLED = ("forward", "hear")  # methods that a script calls


class Import(NamedTuple):
    """A name from outside: `import module` or `from module import name`, perhaps as another."""

    module: str
    name: str = ""
    alias: str = ""

    def __str__(self) -> str:
        also = f" as {self.alias}" if self.alias else ""
        return f"from {self.module} import {self.name}{also}" if self.name else f"import {self.module}{also}"


class Borrowed:
    """Collects imports, and definitions that have not been handed on yet, each of them once."""

    def __init__(self) -> None:
        self.imports: set[Import] = set()
        self._fresh: list[str] = []
        self._known: set[str] = set()

    def need(self, *imports: Import) -> None:
        """Note what the script's own lines use from outside."""
        self.imports.update(imports)

    def fresh(self) -> list[str]:
        """Hand on the definitions that were asked for since the last time, those that others use first."""
        found, self._fresh = self._fresh, []
        return found

    def define(self, thing: Callable[..., Any]) -> str:
        """Take over a function or a class, and return its name."""
        self._take(thing.__name__, import_module(thing.__module__))
        return thing.__name__

    def body(self, function: Callable[..., Any], names: Mapping[str, str], known: Mapping[str, object]) -> str:
        """Return a function's own lines with other words for its parameters; what it stands on is taken over.

        known: values of parameters, by which its conditions are decided.
        """
        text = _hoisted(decided(plain(_body_of(function)), known), self)
        around, outside = inspect.getclosurevars(function)[:2]
        told = {name: self._word(value) for name, value in around.items() if not _is_called(text, name, value)}
        text = self._with_bodies(renamed(text, {**told, **names}), {**_own(outside), **around}, known)
        taken = {*names.values(), *told.values(), *known}
        self._take_all((name for name in loaded(text) if name not in taken), inspect.getmodule(function))
        return text

    def _with_bodies(self, text: str, around: Mapping[str, Any], known: Mapping[str, object]) -> str:
        """Put a function's lines in the place of a statement that calls it and does nothing else with the outcome.

        That is one that calls it and no more, returns what it returns, or gives several names to several outcomes.
        """
        found, pieces = Text(text), []
        for statement, lines in found.pieces(found.tree.body):
            call = _call(statement)
            function = around.get(call.name) if call else None
            if call is None or not callable(function):
                pieces.append(lines)
            else:
                pieces.append(self._body_for(function, call, known))
        return "".join(piece.rstrip() + "\n" for piece in pieces)

    def _body_for(self, function: Callable[..., Any], call: "Call", known: Mapping[str, object]) -> str:
        names = dict(zip(inspect.signature(function).parameters, call.arguments, strict=True))
        told = {name: known[argument] for name, argument in names.items() if argument in known}
        body = self.body(function, names, told)
        doc = (inspect.getdoc(function) or "").partition("\n")[0]
        return f"# {doc}\n{returned(body, *call.targets)}" if call.targets else body

    def _word(self, value: Any) -> str:
        return self.define(value) if callable(value) else repr(value)

    def _take_all(self, names: Iterable[str], module: ModuleType | None) -> None:
        for name in names:
            if module is not None and name in _top_level(module):
                self._take(name, module)

    def _take(self, name: str, module: ModuleType) -> None:
        statement = _top_level(module)[name]
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            self._take_import(name, statement)
        elif name not in self._known:
            self._known.add(name)
            text = plain(_source(module, statement))
            text = _without_idle_methods(text) if isinstance(statement, ast.ClassDef) else text
            self._take_all((each for each in loaded(text) if each != name), module)
            self._fresh.append(text.rstrip())

    def _take_import(self, name: str, statement: ast.Import | ast.ImportFrom) -> None:
        for each in _imports(statement):
            if name in (each.alias or each.name, each.module.partition(".")[0] if not each.name else None):
                if each.module.partition(".")[0] == _OWN:
                    self._take(each.name, import_module(each.module))
                else:
                    self.imports.add(each)


def _own(names: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the functions that are written here."""
    return {name: each for name, each in names.items() if inspect.isfunction(each) and each.__module__.startswith(_OWN)}


def _is_called(text: str, name: str, value: Any) -> bool:
    calls = (_call(statement) for statement in Text(text).tree.body)
    return callable(value) and any(call is not None and call.name == name for call in calls)


def in_order(imports: Iterable[Import]) -> list[str]:
    """Write imports as they usually stand: the standard library first, then packages; whole modules first."""
    found: list[str] = []
    for is_standard in (True, False):
        mine = [each for each in imports if (_top(each) in sys.stdlib_module_names) == is_standard]
        lines = sorted(map(str, {each for each in mine if not each.name or each.alias}), key=_whole_first)
        modules = sorted({each.module for each in mine if each.name and not each.alias})
        for module in modules:
            names = sorted({each.name for each in mine if each.module == module and each.name and not each.alias})
            lines.append(f"from {module} import {', '.join(names)}")
        found += [*([""] if found and lines else []), *sorted(lines, key=_whole_first)]
    return found


def _whole_first(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line


def _top(each: Import) -> str:
    return each.module.partition(".")[0]


@cache
def _top_level(module: ModuleType) -> dict[str, ast.stmt]:
    """Return the statement that gives each name of a module."""
    found: dict[str, ast.stmt] = {}
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            found[statement.name] = statement
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            found[statement.targets[0].id] = statement
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            found |= {(each.alias or each.name or _top(each)): statement for each in _imports(statement)}
    return found


def _imports(statement: ast.Import | ast.ImportFrom) -> Iterator[Import]:
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            yield Import(statement.module or "", alias.name, alias.asname or "")
        else:
            yield Import(alias.name, "", alias.asname or "")


def _source(module: ModuleType, statement: ast.stmt) -> str:
    """Return a statement's whole lines, with the comment behind it."""
    lines = inspect.getsource(module).splitlines(keepends=True)
    return "".join(lines[statement.lineno - 1 : statement.end_lineno])


def _body_of(function: Callable[..., Any]) -> str:
    """Return the lines of a function below its docstring; raises ValueError for one that has none to show."""
    try:
        found = Text(inspect.getsource(function))
        definition = next(found.nodes(ast.FunctionDef))
    except (OSError, SyntaxError, StopIteration):
        raise ValueError(message(errors.EXPORT["unshown"], name=function.__qualname__)) from None
    first = definition.body[0]
    told = first.end_lineno if ast.get_docstring(definition) else (first.lineno - 1)
    return found.lines((told or 0) + 1, definition.end_lineno or 0)


def _hoisted(text: str, borrowed: Borrowed) -> str:
    """Note the imports of a body and take them out of it."""
    found, kept = Text(text), []
    for statement, lines in found.pieces(found.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            borrowed.need(*_imports(statement))
        else:
            kept.append(lines)
    return "".join(kept)


class Call(NamedTuple):
    """A function that is called with names alone, and the names that its outcomes are given (none: it has none)."""

    name: str
    arguments: list[str]
    targets: tuple[str, ...] = ()


def _call(statement: ast.stmt) -> Call | None:
    """Return the call that a statement is and no more; `return` stands for itself as a target."""
    call = statement.value if isinstance(statement, (ast.Expr, ast.Return, ast.Assign)) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.keywords:
        return None
    if not all(isinstance(argument, (ast.Name, ast.Attribute)) for argument in call.args):
        return None
    targets = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if isinstance(statement, ast.Assign) and not isinstance(targets, ast.Tuple):
        return None
    names = tuple(ast.unparse(each) for each in targets.elts) if isinstance(targets, ast.Tuple) else ()
    return Call(call.func.id, [ast.unparse(argument) for argument in call.args], names)


def _without_idle_methods(text: str) -> str:
    """Take out of a class what neither its making nor what a script calls of it needs."""
    found = Text(text)
    (definition,) = found.tree.body
    assert isinstance(definition, ast.ClassDef)
    methods = {each.name: each for each in definition.body if isinstance(each, ast.FunctionDef)}
    used = {name for name in methods if name.startswith("__") or name in _CALLED}
    while more := {name for each in used for name in _own_names(methods[each]) if name in methods} - used:
        used |= more
    idle = [each for name, each in methods.items() if name not in used]
    gone = {line for each in idle for line in range(_first_line(each) - 1, (each.end_lineno or 0) + 1)}
    return "\n".join(line for number, line in enumerate(text.splitlines(), 1) if number not in gone)


def _first_line(method: ast.FunctionDef) -> int:
    return min([method.lineno, *(each.lineno for each in method.decorator_list)])


def _own_names(method: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            yield node.attr
