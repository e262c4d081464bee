"""Up to which curvature steps are stable."""


def stable_below(rate: float, momentum: float = 0.0, decay: float = 0.0, *, is_nesterov: bool = False) -> float:
    """Return the curvature of a parabola above which steps overshoot further and further.

    2 / rate for plain steps, 2 (1 + beta) / rate for a heavy ball, 2 (1 + beta) / (1 + 2 beta) / rate for Nesterov's
    (Cohen et al. 2021, equation 1); weight decay curves the loss itself, so it is taken off.
    """
    ahead = 1 + 2 * momentum if is_nesterov else 1.0
    return 2 * (1 + momentum) / ahead / rate - decay
