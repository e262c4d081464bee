"""The address of a model's page: its settings, the twin beside it, and the seat that is looked at."""

from collections.abc import Mapping

from nnviz.catalog import MODELS
from nnviz.spec import ExperimentSpec
from nnviz.ui.family_seats import FamilySeat, Pairing
from nnviz.ui.link import Address, usual_pace
from nnviz.ui.registry import hall
from nnviz.ui.visitor import visitor


def address(name: str, beside: str = "") -> Address[FamilySeat, Pairing]:
    """Return the address of a family's page, which opens with the family's usual settings."""

    def read(query: Mapping[str, str]) -> Pairing:
        spec = ExperimentSpec.from_query({key: text for key, text in query.items() if key != "beside"})
        if spec.model.name != name:
            raise ValueError(f"this page shows the model {name!r}, not {spec.model.name!r}")
        return Pairing(spec, query.get("beside", ""))

    return Address(
        name,
        Pairing(MODELS[name].usual, beside),
        read,
        lambda plan: hall().open_family(plan, visitor(), usual_pace(plan.spec)),
        lambda seat, snapshot: seat.present_plan(snapshot),
    )
