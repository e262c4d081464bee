"""What a run trains, as JSON."""

import json
from collections.abc import Iterable
from typing import Any

from nnviz.export.kept import KeptRun
from nnviz.runs.lane_spec import LaneSpec
from nnviz.specs.experiment import Change, Choice
from nnviz.specs.planned import Planned
from nnviz.specs.race import LaneChange


def settings_json(run: KeptRun, plan: Planned | None = None) -> str:
    """Write a run's page, link, lanes and live changes; `query` is what `ExperimentSpec.from_query` takes.

    plan: of a lane by itself, where only that is taken away; one of a race is a run of Train then.
    """
    page = run.saved.kind if plan is None or run.saved.kind != "race" else "train"
    written = {
        "run": run.saved.id,
        "page": page,
        "query": dict(run.saved.query) if plan is None else plan.to_query(),
        "lanes": [_lane(lane) for lane in run.lanes],
        "journal": list(_turns((plan or run.plan).journal)),
        "updates": run.saved.step,
        "machine": dict(run.saved.machine),
    }
    return json.dumps(written, indent=1) + "\n"


def _lane(lane: LaneSpec) -> dict[str, Any]:
    return {"label": lane.label, **{name: _plain(getattr(lane.spec, name)) for name in lane.spec.to_query()}}


def _plain(value: Any) -> Any:
    return {"name": value.name, "knobs": value.knobs} if isinstance(value, Choice) else value


def _turns(journal: Iterable[Change | LaneChange]) -> Iterable[dict[str, Any]]:
    for turn in journal:
        racer, change = (turn.racer, turn.change) if isinstance(turn, LaneChange) else (None, turn)
        yield {"update": change.step, "racer": racer, "target": change.target, "value": change.value}
