"""The samples of the lesson on gradient descent: made from dials, the same for the same seed."""

import torch
from torch import Tensor

MOST = 60  # samples
EDGE = 5.0  # both coordinates stay within plus and minus this
INTERCEPT = 0.5
LEFT, WIDTH = -2.0, 6.0  # x is not centred: otherwise the bowl would be round, and no path bent
FALL = 4.5  # how far an outlier is from where it belongs


def made(slope: float, noise: float, count: int, outliers: int, seed: int) -> Tensor:
    """Return samples (count, 2) around a line, in hundredths; the last few as outliers.

    All numbers are drawn beforehand, so that a dial moves the samples instead of drawing other ones.
    """
    generator = torch.Generator().manual_seed(seed)
    x = LEFT + WIDTH * torch.rand(MOST, generator=generator, dtype=torch.float64)[:count]
    bumps = torch.randn(MOST, generator=generator, dtype=torch.float64)[:count]
    y = slope * x + INTERCEPT + noise * bumps
    last = slice(max(count - outliers, 0), count)
    y[last] = torch.where(y[last] > -0.5, y[last] - FALL, y[last] + FALL)
    return (torch.stack([x, y.clamp(-EDGE, EDGE)], 1) * 100).round() / 100
