"""A link as it is written on the command line: which page it is of, and what it trains."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import parse_qs, unquote, urlencode

from nnviz.catalog.models import MODELS
from nnviz.catalog.openings import read_page
from nnviz.library.saved import Saved
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.specs.race import RaceSpec
from nnviz.words.cli import PROGRAM, REFUSED
from nnviz.words.errors import listed
from nnviz.words.language import message

# The last part of a page's address, by the page's name.
PAGES: Mapping[str, str] = {
    "train": "Train",
    "race": "Race",
    "home": "Home",
    **{name: family.label for name, family in MODELS.items() if name != "mlp"},
}
_OWN = {*(part.name for part in fields(ExperimentSpec)), *RaceSpec.OWN, "beside"}
_SERVER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://[^/]*|[^/]+:[0-9]+)(/|$)")


@dataclass(frozen=True, slots=True)
class Link:
    """A page and what it trains."""

    page: str
    plan: Planned | RaceSpec


def read_link(text: str) -> Link:
    """Read a whole address, its parameters alone or a page's name; ValueError for what no page would train."""
    address, query = _parted(text.strip())
    page = _page(address, query)
    if "run" in query and not query.keys() & _OWN:
        command = f"{PROGRAM} resume {query['run']}"
        raise ValueError(message(REFUSED["only_run"], run=query["run"], command=command))
    return Link(page, read_page(page, query))


def _parted(text: str) -> tuple[str, dict[str, str]]:
    """Split a link into what stands before its question mark and its parameters, the last of each name."""
    text = text.partition("#")[0]
    is_bare = "?" not in text and "=" in text
    address, _, query = ("", "", text) if is_bare else text.partition("?")
    if not address and not query:
        raise ValueError(message(REFUSED["link"], example="dataset=moons&epochs=20", value=text))
    return address, {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}


def _page(address: str, query: Mapping[str, str]) -> str:
    """Name a link's page: by its address or, where that tells none, by what only such a page writes into links."""
    if not address:
        return _page_of(query)
    path = unquote(_SERVER.sub("", address))
    last = path.strip("/").rpartition("/")[2]
    found = next((name for name, label in PAGES.items() if label.lower() == last.lower()), None)
    if found is None and path and not path.endswith("/"):
        raise ValueError(message(REFUSED["page"], name=last, choices=listed(PAGES.values())))
    return found or "home"


def _page_of(query: Mapping[str, str]) -> str:
    if query.keys() & {"lanes", "seeds"}:
        return "race"
    model = query.get("model", "").partition(":")[0]
    return model if "beside" in query and model in PAGES else "train"


def link_of(saved: Saved) -> str:
    """Write the address of a saved run behind the server's name: its settings as it went, and where it is found."""
    query = urlencode({**saved.query, "run": saved.id}, safe=":;,@*=")
    return f"/{PAGES.get(saved.kind, '')}?{query}"
