"""What a model's page trains: one network, perhaps with its twin beside it; frozen, and also a link."""

from dataclasses import dataclass

from nnviz.specs.planned import Planned


@dataclass(frozen=True, slots=True)
class Pairing(Planned):
    """A plan, and the name of the twin beside it ("": none)."""

    beside: str = ""

    def to_query(self) -> dict[str, str]:
        """Write it as the parameters of a link."""
        return {**Planned.to_query(self), "beside": self.beside}
