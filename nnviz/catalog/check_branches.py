"""Whether the branches of a plan can begin, told from the lanes that they come from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from nnviz.specs.branches import PlannedBranch
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.words import errors
from nnviz.words.language import message

MOST_RACERS = 8  # of a run that has branches, those included

Checks = tuple[Callable[[ExperimentSpec], ExperimentSpec], Callable[[ExperimentSpec, Change], Change]]


def checked_branches(
    branches: Sequence[PlannedBranch], roots: Mapping[int, ExperimentSpec], checks: Checks
) -> tuple[PlannedBranch, ...]:
    """Return branches with their changes in canonical form; ValueError for one that cannot be.

    roots: what the racers train that come from no other one.  checks: of a spec, and of a change of it.
    """
    check_spec, check_change = checks
    specs, steps, found = dict(roots), dict.fromkeys(roots, 0), []
    if branches and len(roots) + len(branches) > MOST_RACERS:
        raise ValueError(message(errors.LANES["many"], most=MOST_RACERS))
    for branch in branches:
        if branch.racer in specs:
            raise ValueError(message(errors.LANES["racer"], number=branch.racer))
        if branch.parent not in specs:
            raise ValueError(
                message(errors.CHOICES["lane"], name=str(branch.parent), choices=errors.listed(map(str, specs)))
            )
        least = steps[branch.parent]
        if branch.step < least:
            raise ValueError(message(errors.LANES["before"], number=branch.racer, step=branch.step, least=least))
        spec = specs[branch.parent]
        specs[branch.racer] = check_spec(spec.with_(optimizer=branch.optimizer)) if branch.optimizer else spec
        steps[branch.racer] = branch.step
        found.append(replace(branch, changes=tuple(check_change(specs[branch.racer], turn) for turn in branch.changes)))
    return tuple(found)
