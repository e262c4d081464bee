"""A link as it is written on the command line: which page it is of, and what it says; read without the catalogue."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import parse_qs, unquote

from nnviz.cli.names import check_names
from nnviz.cli.pages import PAGES
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.planned import ON_THE_WAY, read_way
from nnviz.specs.race import RaceSpec
from nnviz.words.cli import PROGRAM, REFUSED
from nnviz.words.errors import listed
from nnviz.words.language import message

_BESIDE = "beside"
_OWN = {*(part.name for part in fields(ExperimentSpec)), *RaceSpec.OWN, _BESIDE}
_SERVER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://[^/]*|[^/]+:[0-9]+)(/|$)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A page and the parameters of its link."""

    page: str
    query: Mapping[str, str]

    @classmethod
    def of(cls, text: str) -> "Asked":
        """Read a whole address, its parameters alone or a page's name; ValueError for what no page could read."""
        address, query = _parted(text.strip())
        page = _page(address, query)
        if "run" in query and not query.keys() & _OWN:
            command = f"{PROGRAM} resume {query['run']}"
            raise ValueError(message(REFUSED["only_run"], run=query["run"], command=command))
        _check_spelling(page, query)
        return cls(page, query)


def _check_spelling(page: str, query: Mapping[str, str]) -> None:
    """Refuse what can be told to be wrong before PyTorch is loaded."""
    is_race = page == "race"
    own = RaceSpec.OWN if is_race else (_BESIDE, *ON_THE_WAY)
    read = RaceSpec.parse(query) if is_race else {}
    read |= ExperimentSpec.parse({name: query[name] for name in query if name not in own})
    if not is_race:
        read |= read_way(query)
    check_names(read)


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
