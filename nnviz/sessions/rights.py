"""Who may do what with a run."""

from dataclasses import dataclass

ANYONE = "anyone"  # who cannot be told from others; a run of theirs is steered by whoever has its link


@dataclass(frozen=True, slots=True)
class Rights:
    """What a visitor may do; who has the link may look."""

    may_steer: bool = True
