"""How much of a run's time may go into measuring. Worker thread only."""

from time import perf_counter

CREDIT = 0.5  # seconds of measuring that a run may spend before it has earned them
SHARE = 0.02  # of training time
RACE_SHARE = 0.05  # of training time where lanes are compared: without test losses there is no race
IDLE_SHARE = 0.3  # of the time that a paced run waits
LEAST_GAP = 0.1  # seconds between two rounds of measuring


class Budget:
    """Counts what was earned and spent, for all lanes together, so that they are measured at the same update."""

    def __init__(self, is_race: bool, share: float = SHARE) -> None:
        self._share = max(share, RACE_SHARE if is_race else SHARE)
        self._spent = self._last_cost = self._last_at = self._idle = 0.0

    def rest(self, seconds: float) -> None:
        """Note that pacing gave time in which measuring costs nothing."""
        self._idle += seconds

    def allows(self, trained: float) -> bool:
        """Tell whether a round of measuring is affordable after so many seconds of training, all lanes at once."""
        earned = CREDIT + self._share * trained + IDLE_SHARE * self._idle
        return self._spent + self._last_cost <= earned and perf_counter() - self._last_at >= LEAST_GAP

    def spend(self, seconds: float) -> None:
        """Note what a round of measuring cost."""
        self._spent += seconds
        self._last_cost, self._last_at = seconds, perf_counter()
