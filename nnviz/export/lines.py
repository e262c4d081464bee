"""Lines of a script: comments, long literals, and code further in."""

import textwrap
from collections.abc import Iterable

WIDTH = 99  # of a line, at most


def comment(text: str) -> list[str]:
    """Write a remark above the code that it is about."""
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def behind(code: str, remark: str) -> str:
    """Write a remark behind a line, or above it where that would be too long."""
    line = f"{code}  # {remark}"
    return line if len(line) <= WIDTH else "\n".join([*comment(remark), code])


def within(lines: Iterable[str], steps: int = 1) -> list[str]:
    """Move lines to the right, each by so many steps."""
    return [" " * 4 * steps + line if line else "" for text in lines for line in text.splitlines() or [""]]


def broken(call: str) -> list[str]:
    """Write a call that is too long with its arguments on a line of their own."""
    if len(call) <= WIDTH:
        return [call]
    name, _, arguments = call.partition("(")
    return [f"{name}(", f"    {arguments.removesuffix(')')}", ")"]


def literal(value: object) -> str:
    """Write a value; a long text in several pieces, each on its own line."""
    if not isinstance(value, str) or len(repr(value)) < WIDTH // 2:
        return repr(value)
    pieces = [part for line in value.splitlines(keepends=True) for part in _cut(line)]
    return "\n".join(["(", *(f"    {piece!r}" for piece in pieces), ")"])


def _cut(line: str) -> list[str]:
    most = WIDTH - 40 if line.isascii() else WIDTH // 8  # what cannot be printed takes up to ten characters
    return [line[start : start + most] for start in range(0, len(line), most)]
