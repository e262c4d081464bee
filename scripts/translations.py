"""Gather every text that a reader can meet, and write them down for translators."""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, get_type_hints

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

import nnviz.lessons
import nnviz.words
from nnviz.catalog import CATALOGUES, SWITCHES
from nnviz.catalog.entry import Entry
from nnviz.catalog.family import Family
from nnviz.catalog.faults import FAULTS
from nnviz.catalog.surfaces import SURFACES
from nnviz.charts import CHARTS, NETWORKS, TABLES
from nnviz.charts.descent import DESCENT_CHARTS
from nnviz.words.choices import choice_english
from nnviz.words.language import Table, Text

TEMPLATE = Path(nnviz.words.__path__[0]) / "nnviz.pot"
Found = Iterator[tuple[str, str]]  # a place, such as "nnviz/words/texts.py TRAIN", and a text that stands there


def all_texts() -> Found:
    """Go through all tables of words, then through the entries of the catalogues and the charts."""
    for module in _modules():
        for name, part in vars(module).items():
            if name.isupper():
                yield from _in_table(f"{module.__name__} {name}", part)
    for kind, catalogue in {**CATALOGUES, **SWITCHES, "surface": SURFACES, "fault": FAULTS}.items():
        for name, entry in catalogue.items():
            yield from _of_entry(f"{kind} {name}", entry)
    for name, chart in {**CHARTS, **TABLES, **NETWORKS, **DESCENT_CHARTS}.items():
        yield from _marked(f"chart {name}", chart)


def _modules() -> Iterator[Any]:
    for each in pkgutil.walk_packages(nnviz.words.__path__, "nnviz.words."):
        yield importlib.import_module(each.name)
    for lesson in pkgutil.iter_modules(nnviz.lessons.__path__, "nnviz.lessons."):
        for each in pkgutil.iter_modules(importlib.import_module(lesson.name).__path__):
            if each.name.startswith("texts"):
                yield importlib.import_module(f"{lesson.name}.{each.name}")


def _in_table(place: str, part: Any) -> Found:
    """Go through a part of a table, all of whose strings are for readers."""
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, Mapping):
        for name, inner in (part.english if isinstance(part, Table) else part).items():
            yield from _in_table(f"{place} {name}", inner)
    elif isinstance(part, tuple):
        for inner in part:
            yield from _in_table(place, inner)
    elif is_dataclass(part) and not isinstance(part, type):
        for each in fields(part):
            yield from _in_table(f"{place} {each.name}", getattr(part, each.name))


def _of_entry(place: str, entry: Entry[Any]) -> Found:
    """Go through an entry of a catalogue: its own words, its knobs', and those of the twins of a family."""
    yield from _marked(place, entry)
    for knob in entry.knobs:
        yield from _marked(f"{place} {knob.name}", knob)
        yield from ((f"{place} {knob.name}", choice_english(word)) for word in knob.choices if isinstance(word, str))
    if isinstance(entry, Family):
        yield from _of_twins(place, entry)


def _of_twins(place: str, family: Family) -> Found:
    for twin in family.twins.values():
        yield place, twin.label
        yield from ((place, twin.name(spec)) for spec in (family.usual, twin.edit(family.usual)))


def _marked(place: str, part: Any) -> Found:
    """List the fields that are declared to be for readers."""
    for name, kind in get_type_hints(type(part), include_extras=True).items():
        if kind == Text:
            yield place, getattr(part, name)


def template() -> bytes:
    """Write the texts that have words in gettext's form, each once, with all places where it stands."""
    catalog = Catalog(project="nnviz", version="1", charset="utf-8", header_comment="# Texts of nnviz.")
    for place, text in all_texts():
        if re.search(r"[^\W\d_]{2}", re.sub(r"\{\w+[^}]*\}", "", text)):
            catalog.add(text, locations=[(place.replace(" ", "/"), 0)])
    written = BytesIO()
    write_po(written, catalog, omit_header=True, width=0, include_lineno=False)
    return written.getvalue()


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
    sys.stdout.write(f"{TEMPLATE.name}: {template().count(b'msgid ')} texts\n")
