"""What a script has where training was switched from the usual: bounds on gradients."""

from functools import partial
from typing import NamedTuple

from torch import Tensor

from nnviz.catalog import entry_of
from nnviz.catalog.averages import averaging_of
from nnviz.catalog.clipping import clipping_of
from nnviz.catalog.decays import DECAYS, groups_of
from nnviz.catalog.orders import ORDERS
from nnviz.export.borrowed import Import
from nnviz.export.lines import comment, within
from nnviz.export.subject import FUNCTIONAL, NN, TORCH, Subject
from nnviz.export.text import returned
from nnviz.words.script import COMMENTS

BOUND = "clipping.max"


def clipped(subject: Subject, model: str) -> list[str]:
    """Write the line that bounds the gradients of a network, where there is one."""
    clipping = clipping_of(subject.spec)
    if clipping is None:
        return []
    subject.borrowed.need(NN)
    bound = "clip_at" if _bounds(subject) else repr(float(clipping.max))
    return [f"nn.utils.{clipping.bound.__name__}({model}.parameters(), {bound})"]


def parameters(subject: Subject, model: str) -> str:
    """Write what an optimizer is given of a network."""
    is_parted = DECAYS[subject.spec.decay.name].build()
    return f"{subject.borrowed.define(groups_of)}({model})" if is_parted else f"{model}.parameters()"


def spared(subject: Subject) -> list[str]:
    """Write that what is spared from decay stays so when a knob was turned."""
    is_parted = DECAYS[subject.spec.decay.name].build()
    return ['optimizer.param_groups[1]["weight_decay"] = 0.0'] if is_parted else []


def averages(subject: Subject) -> list[str]:
    """Write the copy of a network that is to hold the average of its weights."""
    averaging = averaging_of(subject.spec)
    if averaging is None:
        return []
    subject.borrowed.need(Import("torch.optim.swa_utils", "AveragedModel"))
    subject.borrowed.need(Import("torch.optim.swa_utils", averaging.made.partition("(")[0]))
    return [*comment(COMMENTS["averages"]), f"averaged = AveragedModel(model, multi_avg_fn={averaging.made})"]


def averaged(subject: Subject) -> list[str]:
    """Write how it takes the weights after an update in."""
    averaging = averaging_of(subject.spec)
    if averaging is None:
        return []
    line = "averaged.update_parameters(model)"
    return [f"if step >= {averaging.start}:", f"    {line}"] if averaging.start else [line]


def evaluated(subject: Subject) -> list[str]:
    """Write which network is tested."""
    averaging = averaging_of(subject.spec)
    if averaging is None or subject.length.updates <= averaging.start:
        return []
    parts = ["generator, discriminator = model.values()"] if subject.is_duel else []
    return ["model = averaged.module", *parts]


def smoothed(subject: Subject, value: partial[Tensor]) -> list[str]:
    """Write a loss of torch with arguments of its own."""
    subject.borrowed.need(FUNCTIONAL, Import("functools", "partial"))
    told = ", ".join(f"{name}={argument!r}" for name, argument in value.keywords.items())
    return [f"loss_of = partial(F.{value.func.__name__}, {told})"]


class Cut(NamedTuple):
    """What is cut into batches, what one of them is called, and the loss of one; lines before and after the loop."""

    loss: str
    whole: str
    part: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def joined(subject: Subject, lines: list[str], cut: Cut, model: str, optimizer: str) -> list[str]:
    """Write how a loss, the last of some lines, becomes a step; of several batches the gradients are added up."""
    loss = cut.loss
    start, end = f"{optimizer}.zero_grad()", [*clipped(subject, model), f"{optimizer}.step()"]
    if subject.spec.accumulate == 1:
        return [*lines, start, f"{loss}.backward()", *end]
    each = [*lines, f"{loss} = {loss} / (len({cut.whole}) / len({cut.part}))", f"{loss}.backward()"]
    return [
        *comment(COMMENTS["joined"]),
        *cut.before,
        start,
        "total = torch.zeros(())",
        f"for {cut.part} in {cut.whole}.split(batch_size):",
        *within([*each, f"total = total + {loss}.detach()"]),
        *cut.after,
        f"{loss} = total",
        *end,
    ]


def head(subject: Subject) -> list[str]:
    """Write what stands before the loop: the first bound and those that took its place."""
    bounds, spec = _bounds(subject), subject.spec
    if not bounds:
        return []
    first = float(entry_of("clipping", spec.clipping).values(spec.clipping)["max"])
    return [f"clip_at = {first!r}", f"bounds = {bounds}"]


def turning(subject: Subject) -> list[str]:
    """Write how a bound takes the place of another before an update."""
    return ["clip_at = bounds.get(step, clip_at)"] if _bounds(subject) else []


def _bounds(subject: Subject) -> dict[int, float]:
    return {change.step: change.value for change in subject.journal if change.target == BOUND}


def order(subject: Subject) -> list[str]:
    """Write the order in which examples come, where it is not drawn."""
    arrange = ORDERS[subject.spec.order.name].build()
    if arrange is None:
        return []
    subject.borrowed.need(TORCH)
    body = subject.borrowed.body(arrange, {"y": "train_y"}, {})
    return [*comment(COMMENTS["fixed_order"]), *returned(body, "same_order").splitlines()]


def drawn(subject: Subject) -> str:
    """Write what an epoch's order is."""
    is_drawn = ORDERS[subject.spec.order.name].build() is None
    return "torch.randperm(len(train_x), generator=rng)" if is_drawn else "same_order"
