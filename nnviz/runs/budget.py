"""How much of a run's time may go into pictures, beside what is evaluated anyway. Worker thread only."""

from time import perf_counter

CREDIT = 0.5  # seconds of measuring that a run may spend before it has earned them
SHARE = 0.02  # of training time
IDLE_SHARE = 0.3  # of the time that a paced run waits
LEAST_GAP = 0.1  # seconds between two rounds of measuring


class Budget:
    """Counts what may be spent, for all lanes together, so that they are measured at the same update.

    What is not spent is kept up to one round or `CREDIT`: hours of waiting do not buy minutes of pictures later.
    """

    def __init__(self, share: float = SHARE) -> None:
        self._least = self._share = max(share, SHARE)
        self._left = CREDIT
        self._trained = self._last_cost = self._last_at = 0.0

    def widen(self, share: float) -> None:
        """Set how much of training time may be spent, no less than at first."""
        self._share, self._last_cost = max(share, self._least), 0.0

    def rest(self, seconds: float) -> None:
        """Note that pacing gave time in which measuring costs nothing."""
        self._earn(IDLE_SHARE * seconds)

    def allows(self, trained: float) -> bool:
        """Tell whether a round of pictures is affordable after so many seconds of training, all lanes at once."""
        self._earn(self._share * (trained - self._trained))
        self._trained = trained
        return self._last_cost <= self._left and perf_counter() - self._last_at >= LEAST_GAP

    def spend(self, seconds: float) -> None:
        """Note what a round of pictures cost."""
        self._left -= seconds
        self._last_cost, self._last_at = seconds, perf_counter()

    def _earn(self, seconds: float) -> None:
        self._left = min(self._left + seconds, max(CREDIT, self._last_cost))
