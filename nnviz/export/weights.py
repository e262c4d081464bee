"""The weights of a saved run, under the names of its torch module."""

from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor

from nnviz.runs.lane_spec import LaneSpec
from nnviz.training import Experiment


def state_dict(lane: LaneSpec) -> dict[str, Tensor]:
    """Return a lane's `state_dict`, in memory of its own; ValueError where its data is not on this machine."""
    experiment = Experiment(lane.spec)
    if lane.start is not None:
        experiment.restore(lane.start)
    return {name: value.detach().cpu().clone() for name, value in experiment.model.state_dict().items()}


def save_weights(lane: LaneSpec, file: Path) -> None:
    """Write a lane's weights as safetensors; the file's own words tell its spec and its update."""
    step = lane.start.step if lane.start else 0
    save_file(state_dict(lane), file, {**lane.spec.to_query(), "update": str(step)})


def loading_line(file: Path) -> str:
    """Write the line of Python that gives such a file's weights to a module of the same form."""
    return f"model.load_state_dict(safetensors.torch.load_file({str(file)!r}))"
