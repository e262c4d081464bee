"""What checks of a set-up have found so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nnviz.records.tried import Tried


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: whether all is well, which sentence tells of it, and its numbers.

    name: by_heart, inputs or gradients.
    """

    name: str
    is_good: bool
    told: str
    values: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckList(Tried):
    """The checks that are done, in order; under way is the next one."""

    checks: tuple[Checked, ...] = ()
