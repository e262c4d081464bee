"""What a model's page trains: one network, perhaps with its twin beside it; frozen, and also a link."""

from dataclasses import dataclass

from nnviz.specs.experiment import ExperimentSpec


@dataclass(frozen=True, slots=True)
class Pairing:
    """A spec, and the name of the twin beside it ("": none)."""

    spec: ExperimentSpec
    beside: str = ""

    def to_query(self) -> dict[str, str]:
        """Write it as the parameters of a link."""
        return {**self.spec.to_query(), "beside": self.beside}
