"""The address of a model's page: its settings, the twin beside it, and the session that is looked at."""

from functools import partial

from nnviz.catalog.links import read_pairing
from nnviz.catalog.openings import first_of
from nnviz.sessions.model import ModelSession
from nnviz.specs.pairing import Pairing
from nnviz.ui.link import Address, usual_pace
from nnviz.ui.registry import registry
from nnviz.ui.visitor import visitor


def address(name: str) -> Address[ModelSession, Pairing]:
    """Return the address of a family's page, which opens with the family's usual settings."""
    first = first_of(name)
    return Address(
        name,
        first,
        partial(read_pairing, first=first),
        lambda plan: registry().open(ModelSession, plan, visitor(), usual_pace(plan.spec)),
        lambda session, snapshot: session.present_plan(snapshot),
    )
