"""The codes between an encoder and a decoder: where examples lie, and what the decoder makes of a place."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Cloud, Question, Sheet
from nnviz.training.arrays import numbers, whole_numbers
from nnviz.training.instruments.brightness import brightness
from nnviz.words.language import Message, message
from nnviz.words.readings import CODES

SHOWN = 300  # test examples
SIDE = 9  # places of the map on each axis
_LARGE = 16  # rows of pictures above which the map shows them at half their size
_ROUND = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane of codes: the code of a place (x, y) is centre + x * axes[0] + y * axes[1].

    codes: of the test examples shown, (examples, numbers).  A code of one number has one axis: a line.
    """

    codes: Tensor
    centre: Tensor
    axes: Tensor

    @property
    def places(self) -> Tensor:
        """Where the codes lie: (examples, axes)."""
        return (self.codes - self.centre) @ self.axes.t()

    def code(self, places: Tensor) -> Tensor:
        """Return the codes of places (n, 2)."""
        return self.centre + places[:, : len(self.axes)] @ self.axes


def plane_of(look: ModelContext) -> Plane | None:
    """Lay the plane: the code's own two numbers, or the first two principal components of the codes shown."""
    codes: Tensor = look.model.get_submodule("encoder")(look.data.test_x[:SHOWN])
    if not codes.isfinite().all():
        return None
    size = codes.shape[1]
    if size <= 2:
        return Plane(codes, codes.new_zeros(size), torch.eye(size, device=codes.device))
    centre = codes.mean(0)
    axes = torch.linalg.svd(codes - centre, full_matrices=False).Vh[:2]
    signs = axes.gather(1, axes.abs().argmax(1, keepdim=True)).sign()  # a direction's sign is free: fix it
    return Plane(codes, centre, axes * signs)


def latent(look: ModelContext, question: Question) -> Cloud | None:
    """Show where test examples lie in the plane; a code of one number lies on a line, parted by class."""
    plane = plane_of(look)
    if plane is None:
        return None
    truth = look.data.test_y[:SHOWN]
    x, y = _ends(look, plane)
    points, labels = plane.places, _labels(plane)
    if len(plane.axes) == 1:
        points = torch.cat([points, truth.unsqueeze(1).to(points)], 1)
    return Cloud(numbers(points), whole_numbers(truth), look.data.classes, x, y, *labels)


def _labels(plane: Plane) -> tuple[Message, Message]:
    size = plane.codes.shape[1]
    if size == 1:
        return message(CODES["one"]), message(CODES["class"])
    if size == 2:
        return message(CODES["first"]), message(CODES["second"])
    return message(CODES["first_component"], size=size), message(CODES["second_component"])


def decoded(look: ModelContext, question: Question) -> Sheet | None:
    """Show what the decoder makes of the place asked for, and the test picture whose code is nearest to it."""
    plane = plane_of(look)
    if plane is None or look.data.picture is None:
        return None
    code = plane.code(torch.tensor([question.place], device=plane.codes.device))
    nearest = int(torch.linalg.vector_norm(plane.codes - code, dim=1).argmin())
    made = look.model.get_submodule("decoder")(code)
    images = brightness(look.data, torch.cat([made, look.data.test_x[nearest : nearest + 1]]))
    name = look.data.classes[int(look.data.test_y[nearest])]
    place = ", ".join(f"{value:.3g}" for value in question.place[: len(plane.axes)])
    return Sheet(images, 2, captions=(message(CODES["drawn"], place=place), message(CODES["nearest"], name=name)))


def atlas(look: ModelContext, question: Question) -> Sheet | None:
    """Show what the decoder makes of places all over the plane, as they lie there: the first line is the top."""
    plane = plane_of(look)
    if plane is None or look.data.picture is None:
        return None
    x, y = _ends(look, plane)
    rows = SIDE if len(plane.axes) == 2 else 1
    places = torch.cartesian_prod(_middles(*y, rows).flip(0), _middles(*x, SIDE)).flip(1).to(plane.codes)
    made: Tensor = look.model.get_submodule("decoder")(plane.code(places))
    return Sheet(brightness(look.data, made, is_halved=min(look.data.picture) > _LARGE), SIDE)


def _middles(low: float, high: float, count: int) -> Tensor:
    """Return the middles of equal parts of an axis."""
    return low + (high - low) * (torch.arange(count) + 0.5) / count


def _ends(look: ModelContext, plane: Plane) -> tuple[Ends, Ends]:
    """Return where both axes end: zero is on them, and they grow in steps so that a chart rarely moves."""
    low, high = plane.places.amin(0).tolist(), plane.places.amax(0).tolist()
    ends = [(-_outwards(-min(0.0, a)), _outwards(max(0.0, b))) for a, b in zip(low, high, strict=True)]
    return ends[0], ends[1] if len(ends) > 1 else (-0.5, len(look.data.classes) - 0.5)


def _outwards(size: float) -> float:
    """Round a size up to a round number, at least 0.1."""
    size = max(size, 0.1)
    power: float = 10.0 ** math.floor(math.log10(size))
    return power * next(step for step in _ROUND if step * power >= size * (1 - 1e-9))
