"""A link as a plan: what its page would train."""

from dataclasses import dataclass

from nnviz.catalog.openings import read_page
from nnviz.cli.asked import Asked
from nnviz.specs.planned import Planned
from nnviz.specs.race import RaceSpec


@dataclass(frozen=True, slots=True)
class Link:
    """A page and what it trains."""

    page: str
    plan: Planned | RaceSpec


def read_link(text: str) -> Link:
    """Read a whole address, its parameters alone or a page's name; ValueError for what no page would train."""
    return plan_of(Asked.of(text))


def plan_of(asked: Asked) -> Link:
    """Look up what was asked for; ValueError for what cannot be trained."""
    return Link(asked.page, read_page(asked.page, asked.query))
