"""What a board tells of what is wrong with its run."""

from collections.abc import Sequence

from nnviz.diagnosis.evidence import is_above_guessing
from nnviz.diagnosis.finding import Finding
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.sessions.cures import findings, is_judged
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.protocol import Diagnosis
from nnviz.words.diagnosis import DIAGNOSIS
from nnviz.words.language import say

_SOON = 100  # updates before which nobody expects a verdict
_LEARNT = 0.85  # of what guessing costs: above that little has been learnt yet, and nothing is said


def told(snapshot: Snapshot, layout: Layout, found: Sequence[Finding] | None = None) -> Diagnosis | None:
    """Describe the list; None where the board has none.

    found: what is wrong, where that is known already.
    """
    if not (layout.has_diagnosis and layout.with_numbers) or not snapshot.lanes or layout.note:
        return None
    found = findings(snapshot) if found is None else found
    is_well = is_judged(snapshot) and not found and _is_well(snapshot)
    may_cure = not layout.is_watched and layout.view.moment is None  # what was wrong then may not be now
    return {
        "well": DIAGNOSIS["well"] if is_well else "",
        "room": is_judged(snapshot),
        "findings": [
            {
                "id": each.id,
                "text": _text(snapshot, each),
                "cure": str(each.cure.text) if each.cure and may_cure else "",
            }
            for each in found
        ],
    }


def is_told_to_diverge(snapshot: Snapshot) -> bool:
    """Tell whether the list says of a lane that diverged what to do about it, or all of them have gone on elsewhere."""
    lost, gone_on = [lane for lane in snapshot.lanes if lane.status == Status.DIVERGED], _parents(snapshot)
    is_past = all(lane.id in gone_on for lane in lost)
    return bool(lost) and (is_past or any(each.cure is not None for each in findings(snapshot)))


def _parents(snapshot: Snapshot) -> set[str]:
    return {lane.parent for lane in snapshot.lanes if lane.parent}


def _text(snapshot: Snapshot, found: Finding) -> str:
    """Say what is wrong, of another lane than the one in focus by its name."""
    named = next((lane.label for lane in snapshot.lanes if lane.racer == found.racer), None)
    return str(found.text) if named is None else DIAGNOSIS["of_lane"].format(lane=say(named), text=found.text)


def _is_well(snapshot: Snapshot) -> bool:
    """Tell whether a run in which nothing was found may be called well."""
    lane, scene = snapshot.lanes[0], snapshot.scene
    is_late = lane.step >= _SOON and not lane.message
    return is_late and scene is not None and not is_above_guessing(lane, scene, _LEARNT)
