"""What trains here: the same link may round otherwise on another machine."""

import platform
import sys

import torch


def machine() -> dict[str, str]:
    """Name it."""
    return {
        "nnviz": sys.modules["nnviz"].__version__, "torch": torch.__version__, "python": platform.python_version(),
        "processor": platform.machine(), "threads": str(torch.get_num_threads()),
    }  # fmt: skip
