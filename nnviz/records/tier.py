"""How much measuring may cost, and what it costs."""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """How much measuring may cost, after Cockpit (Schneider et al. 2021); compares equal to its plain text."""

    ECONOMY = "economy"  # always on
    BUSINESS = "business"  # costs about as much as a few updates
    FULL = "full"  # as much as dozens of updates


# Of training time, at most, while a run is not slowed down: what is dearer is measured more rarely.
SHARES = {Tier.ECONOMY: 0.02, Tier.BUSINESS: 0.1, Tier.FULL: 0.3}


@dataclass(frozen=True, slots=True)
class MeasuringCost:
    """What measuring costs at present: seconds of the last record of all lanes, and the share of training time."""

    seconds: float
    share: float
