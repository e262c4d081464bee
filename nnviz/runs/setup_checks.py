"""The checks of a set-up as a trial: what is known after each piece of work."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from nnviz.records.checked import Checked, CheckList
from nnviz.runs.pool import Pool
from nnviz.runs.trial import Trial
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training.checks.gradients import gradients
from nnviz.training.checks.training import Step, by_heart, inputs
from nnviz.training.copied import Copied

CHECKS: Mapping[str, Callable[[Copied], Iterator[Step]]] = {
    "by_heart": by_heart,
    "inputs": inputs,
    "gradients": gradients,
}


class SetupChecks(Trial[CheckList]):
    """Checks a set-up from its first weights on, with the settings of a spec, which has the lane's data and network."""

    def __init__(self, spec: ExperimentSpec, pool: Pool | None = None, patience: float = 60.0) -> None:
        super().__init__(
            CheckList(), lambda copied, nothing: check_list(replace(copied, spec=spec, start=None), nothing),
            pool=pool, patience=patience,
        )  # fmt: skip


def check_list(copied: Copied, nothing: CheckList) -> Iterator[CheckList]:
    """Do one check after the other; yield what is known so far."""
    found = nothing
    for place, check in enumerate(CHECKS.values()):
        for step in check(copied):
            if isinstance(step, Checked):
                found = replace(found, checks=(*found.checks, step))
            else:
                found = replace(found, progress=(place + step) / len(CHECKS))
            yield found
