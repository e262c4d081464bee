"""How far a run shall go, as it is written on the command line."""

from argparse import Namespace
from dataclasses import dataclass
from math import floor

from nnviz.cli.number import MOST_UPDATES, whole
from nnviz.records.run import Snapshot
from nnviz.words.cli import REFUSED
from nnviz.words.language import message

MOST_EPOCHS = 100_000  # of a spec


@dataclass(frozen=True, slots=True)
class Goal:
    """Epochs and updates in all; None: as its spec says, without a pause."""

    epochs: int | None
    updates: int | None

    @classmethod
    def of(cls, options: Namespace) -> "Goal":
        """Read it; ValueError for what is no number of epochs or updates."""
        return cls(whole("epochs", options.epochs, MOST_EPOCHS), whole("updates", options.updates, MOST_UPDATES))

    def check(self, epochs: int) -> None:
        """Raise ValueError where a run of so many epochs, 0 for without end, would never come to rest."""
        if not epochs and self.updates is None:
            raise ValueError(message(REFUSED["endless"]))

    def left(self, done: int) -> int | None:
        """Return the updates to the pause, None where there is none; ValueError where so many are done already."""
        if self.updates is None:
            return None
        if self.updates <= done:
            raise ValueError(message(REFUSED["reached"], done=done, value=self.updates))
        return self.updates - done

    def check_epochs(self, done: float) -> None:
        """Raise ValueError where so many epochs are done already."""
        if self.epochs is not None and self.epochs <= done:
            raise ValueError(message(REFUSED["reached_epochs"], done=floor(done), value=self.epochs))

    def share(self, snapshot: Snapshot) -> float:
        """Tell how much of the way a run has gone, from 0 to 1."""
        step, epoch = (max(getattr(lane, name) for lane in snapshot.lanes) for name in ("step", "epoch"))
        epochs = snapshot.lanes[0].spec.epochs
        return min(1.0, max(step / self.updates if self.updates else 0.0, epoch / epochs if epochs else 0.0))

    def options(self, epochs: int, *, is_reached: bool) -> tuple[str, ...]:
        """Return what to write on a command line to go on: to it, or where it is reached to the run's end or as far.

        epochs: of the run, 0 for without end.
        """
        if self.updates is None or (is_reached and epochs):
            return ()
        return ("--updates", str(2 * self.updates if is_reached else self.updates))
