"""What measuring costs beside training, for whoever asks to have more measured."""

from nnviz.records.tier import MeasuringCost


class Meter:
    """Adds up the seconds of records of all lanes since it was last set to zero. Worker thread only."""

    def __init__(self) -> None:
        self._since = self._spent = self._last = 0.0

    def begin(self, trained: float) -> None:
        """Set it to zero after so many seconds of training."""
        self._since, self._spent, self._last = trained, 0.0, 0.0

    def add(self, seconds: float) -> None:
        """Note what a record of all lanes cost."""
        self._spent += seconds
        self._last = seconds

    def cost(self, trained: float) -> MeasuringCost | None:
        """Return what the last one cost, and all of them as a share of training meanwhile; None before either."""
        is_known = self._last > 0 and trained > self._since
        return MeasuringCost(self._last, self._spent / (trained - self._since)) if is_known else None
