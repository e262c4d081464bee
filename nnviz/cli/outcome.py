"""How a training ended: what is told of it, and the exit status."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnviz.cli.goal import Goal
from nnviz.cli.place import command_of
from nnviz.cli.standing import ranking, standing
from nnviz.cli.status import ExitStatus
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.words.cli import TOLD
from nnviz.words.language import Message

_BY_SIGNAL = 128  # and its number, as shells count


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run at rest, and what has stopped it and come in between.

    signal: that has paused it.  is_broken: whether nobody reads its lines any more.  trouble: why it was not saved.
    """

    snapshot: Snapshot
    signal: int | None
    is_broken: bool
    is_saved: bool
    trouble: Message | None

    @property
    def status(self) -> int:
        """The exit status."""
        status = self.snapshot.status
        if status == Status.FAILED or not self.is_saved:
            return ExitStatus.FAILED
        if status == Status.DIVERGED:
            return ExitStatus.DIVERGED
        if status == Status.PAUSED and self.signal is not None:
            return _BY_SIGNAL + self.signal
        return ExitStatus.BROKEN_PIPE if self.is_broken else ExitStatus.DONE

    def told(self, run: str, place: Path | None, goal: Goal, options: Sequence[str]) -> Iterator[str]:
        """Tell it in lines; options: with which its folder is found."""
        yield self._end
        yield from ranking(self.snapshot)
        if self.trouble is not None:
            yield str(self.trouble)
        elif not self.is_saved:
            yield TOLD["unsettled"]
        elif place is None or not any(lane.step for lane in self.snapshot.lanes):
            yield TOLD["lost"]
        else:
            yield TOLD["saved"].format(run=run, place=place)
            if self.snapshot.status == Status.PAUSED:
                epochs = self.snapshot.lanes[0].spec.epochs
                more = (*goal.options(epochs, is_reached=self._is_reached), *options)
                yield TOLD["go_on"].format(command=command_of("resume", run, more))

    @property
    def _is_reached(self) -> bool:
        """Whether it rests where that was asked for."""
        return self.snapshot.status == Status.PAUSED and self.signal is None and not self.is_broken

    @property
    def _end(self) -> str:
        snapshot = self.snapshot
        reason = str(snapshot.message or "")
        if snapshot.status == Status.FAILED:
            return TOLD["failed"].format(reason=reason)
        if snapshot.status == Status.PAUSED:
            name = "reached" if self._is_reached else "paused"
        else:
            name = "diverged" if snapshot.status == Status.DIVERGED else "done"
        return TOLD[name].format(standing=standing(snapshot), reason=reason)
