"""How a run stands, in a sentence that says what to press."""

from collections.abc import Mapping

from nnviz.charts.changes import lost_text
from nnviz.charts.racers import racers
from nnviz.records.run import Comparison, Snapshot
from nnviz.records.status import Status
from nnviz.ui.board.protocol import StatusLine
from nnviz.words import texts
from nnviz.words.language import say
from nnviz.words.past import BRANCH

_KINDS = {
    "running": "good", "done": "good", "diverged": "bad", "failed": "bad", "waiting": "warn", "missing": "warn",
}  # fmt: skip


def standing(
    snapshot: Snapshot, note: str = "", *, is_watched: bool = False, has_cure: bool = False
) -> StatusLine:  # fmt: skip
    """Say how a run stands; `note` is a key of the texts that has the last word over its own status.

    is_watched: whether the reader has no buttons to press.  has_cure: whether what to do about lanes that diverged
    stands elsewhere.
    """
    name, is_watched = note or str(snapshot.status), is_watched or has_cure
    words = {**texts.STATUS, **(texts.STATUS_WATCHED if is_watched else {})}
    if note:
        text = words[note]
    elif len(snapshot.lanes) > 1:
        text = _of_several(snapshot, words, is_watched)
    else:
        text = _of_one(snapshot, words)
    return {"kind": _KINDS.get(name, ""), "text": text}


def _of_one(snapshot: Snapshot, words: Mapping[str, str]) -> str:
    (lane,) = snapshot.lanes
    if snapshot.status == Status.DIVERGED:
        return words["diverged"].format(step=f"{lane.step:,}")
    told = snapshot.message or lane.message
    return str(told) if told else words[snapshot.status]


def _of_several(snapshot: Snapshot, words: Mapping[str, str], is_watched: bool) -> str:
    """Say how all of them stand, then which were lost, and how those come back while the others go on."""
    if snapshot.status == Status.DIVERGED:
        return words["all_diverged"]
    failed = next(
        (f"{say(lane.label)}: {lane.message or ''}" for lane in snapshot.lanes if lane.status == Status.FAILED), ""
    )
    if snapshot.status == Status.FAILED:
        return failed
    is_racing = snapshot.comparison == Comparison.RACE and snapshot.status == Status.RUNNING
    waits = snapshot.message if snapshot.status == Status.WAITING else None
    said = str(waits) if waits else (texts.RACE["running"] if is_racing else words[snapshot.status])
    lost = " ".join(f"{text}." for racer in racers(snapshot) if (text := lost_text(racer)))
    if lost and not is_watched:
        lost = texts.RACE["lost"].format(lost=lost)
    behind = next((lane for lane in snapshot.lanes if lane.is_catching_up), None)
    is_alone = behind is not None and snapshot.status == Status.RUNNING
    waits_for = BRANCH["to_go"].format(lane=say(behind.label), count=behind.behind) if behind and is_alone else ""
    return " ".join(part for part in (said, waits_for, lost, failed) if part)
