"""Words that did not come from a table: what is left of a page in the pseudo-language without its brackets."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

# Of a plot: the keys under which words for readers stand.
_READ = {"text", "name", "hovertemplate", "ticktext", "label", "help", "title", "cells", "status", "value", "x", "y"}
_MARKUP = re.compile(r"%\{[^}]*\}|<[^>]*>|`[^`]*`|:material/\w+:|:\w+(?:-\w+)?\[|&\w+;|\(https?://\S+\)|\(#\w+\)")
_FORMULA = re.compile(r"(\${1,2})(.*?)\1", re.DOTALL)
_TEXT_IN_FORMULA = re.compile(r"\\text\{([^}]*)\}")
_WORD = re.compile(r"[^\W\d_₀-₉⁰-⁹]{2,}")
# What code calls its parts, such as lin_1.weight, and fingerprints.
_CODE = re.compile(r"\b(\w*[a-z]\w*([._]\w+)+|fc|stem|head|classifier|[0-9a-f]{12})\b")


def bare(text: str) -> str:
    """Take away all that stands in brackets, inner ones first."""
    while text != (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "", text)):
        text = shorter
    return re.sub(r"⟦[^<⟧]*", "", text)  # a long name is cut off


def unspoken(text: str, names: Iterable[str] = ()) -> list[str]:
    """List the words of a text that were not looked up; names of things are the same in every language."""
    left = _FORMULA.sub(lambda found: " ".join(_TEXT_IN_FORMULA.findall(found[2])), bare(text))
    left = _MARKUP.sub(" ", left).replace("\\", "")
    for name in names:
        left = left.replace(name, "")
    return _WORD.findall(_CODE.sub("", left))


def read_in(part: Any, key: str = "") -> Iterator[str]:
    """Go through the words for readers in a figure, a table or a board's message."""
    if isinstance(part, str):
        if key in _READ:
            yield part
    elif isinstance(part, Mapping):
        is_quiet = part.get("showlegend") is False or part.get("type") == "line"  # its name is nowhere to be read
        for name, inner in part.items():
            if name != "meta" and not (is_quiet and name == "name"):
                yield from read_in(inner, name)
    elif isinstance(part, list | tuple) or (isinstance(part, np.ndarray) and part.dtype.kind in "UO"):
        for inner in part:
            yield from read_in(inner, key)


# Of a page's elements: fields that hold what is read, and elements that hold code or pictures instead.
_FIELDS = {"label", "help", "body", "options", "placeholder", "content", "text", "title"}
_NO_WORDS = {"code", "html", "iframe", "graphviz_chart"}


def read_on(page: AppTest) -> Iterator[str]:
    """Go through all that a page shows: its elements, and its boards' messages."""
    for part in _elements(page):
        if part.type == "bidi_component":
            yield from _on_board(json.loads(part.proto.bytes or "{}"))
        elif part.type not in _NO_WORDS:
            yield from _texts_of(part.proto)


def _elements(page: AppTest) -> Iterator[Any]:
    blocks: list[Any] = [page.main, page.sidebar]
    while blocks:
        part = blocks.pop()
        if hasattr(part, "children"):
            blocks.extend(part.children.values())
        if getattr(part, "proto", None) is not None:
            yield part


def _texts_of(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for inner in value if field.is_repeated else [value]:
                if hasattr(inner, "ListFields"):
                    yield from _texts_of(inner)
        elif field.type == field.TYPE_STRING and field.name in _FIELDS:
            yield from value if field.is_repeated else [value]


def _on_board(message: Mapping[str, Any]) -> Iterator[str]:
    status, words = message.get("status"), message.get("words", {})
    yield from [status["text"], status.get("since", "")] if status else []
    yield from message.get("log", ())
    yield from _values(words)
    for part in (*message.get("counters", ()), *message.get("dials", ()), *message.get("charts", ())):
        yield from read_in(part)


def _values(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for inner in part.values():
            yield from _values(inner)
