"""What training makes small: each loss with the outputs it needs and how its outputs are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from nnviz.catalog.data import Data
from nnviz.catalog.entry import Entry, Knob
from nnviz.specs.experiment import Choice

aten = torch.ops.aten


@dataclass(frozen=True, slots=True)
class Versus:
    """What two networks against each other make small, each a scalar of the discriminator's scores (examples, 1).

    critic(real, made): the discriminator's.  maker(made): the generator's.
    penalty: the weight of the gradient penalty on points between real and made ones (0: none).
    is_logit: whether a score is the log odds of being real, so that 0 is undecided.
    """

    critic: Callable[[Tensor, Tensor], Tensor]
    maker: Callable[[Tensor], Tensor]
    penalty: float = 0.0
    is_logit: bool = True


@dataclass(frozen=True, slots=True)
class Loss:
    """A mean over examples, its targets and answers.

    value(output, target): the loss as a scalar tensor.
    outputs(data): how many numbers the network must give.  target(y, data): y as this loss wants it.
    answer(output): class probabilities (examples, classes), or the predicted mean (examples, targets).
    sigma(output): the predicted standard deviation, where the loss models it.
    backward(output, target, one, into): the loss, with its gradient by the output written into `into` by autograd's
    own kernels, where there is a closed form; `one` is the scalar that autograd starts from.
    guess(target, outputs): the best output (outputs,) that looks at no input, for all examples alike.
    """

    value: Callable[[Tensor, Tensor], Tensor]
    outputs: Callable[[Data], int]
    target: Callable[[Tensor, Data], Tensor]
    answer: Callable[[Tensor], Tensor]
    needs: str  # "classes", "two classes", "numbers", "anything" or "two players"
    spelled: Callable[[str, int], str] = lambda y, classes: y  # what `target` does, as a script writes it
    sigma: Callable[[Tensor], Tensor] | None = None
    backward: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] | None = None
    guess: Callable[[Tensor, int], Tensor] | None = None
    versus: Versus | None = None  # where two networks train against each other


def _log_shares(target: Tensor, outputs: int) -> Tensor:
    """Return the logs of the classes' shares; a class that does not come is as good as impossible."""
    counts = target.flatten().bincount(minlength=outputs).float()
    return (counts / counts.sum()).clamp_min(1e-9).log()


def _mean(target: Tensor, outputs: int) -> Tensor:
    return target.mean(0)


def _log_odds(target: Tensor, outputs: int) -> Tensor:
    return target.mean(0).clamp(1e-9, 1 - 1e-7).logit()


def _mean_and_spread(target: Tensor, outputs: int) -> Tensor:
    return torch.cat([target.mean(0), target.var(0, correction=0).clamp_min(1e-12).log()])


def _cross_entropy(label_smoothing: float = 0.0) -> Loss:
    def backward(output: Tensor, target: Tensor, one: Tensor, into: Tensor) -> Tensor:
        log_p = torch.log_softmax(output, 1)
        loss, weight = aten.nll_loss_forward.default(log_p, target, None, 1, -100)
        grad = aten.nll_loss_backward.default(one, log_p, target, None, 1, -100, weight)
        aten._log_softmax_backward_data.out(grad, log_p, 1, torch.float32, out=into)
        return cast(Tensor, loss)

    smoothed = partial(F.cross_entropy, label_smoothing=float(label_smoothing))
    return Loss(
        smoothed if label_smoothing else F.cross_entropy,
        lambda data: len(data.classes),
        lambda y, data: y,
        lambda output: output.softmax(1),
        "classes",
        backward=None if label_smoothing else backward,
        guess=_log_shares,
    )


def _mse() -> Loss:
    def backward(output: Tensor, target: Tensor, one: Tensor, into: Tensor) -> Tensor:
        aten.mse_loss_backward.grad_input(one, output, target, 1, grad_input=into)
        return cast(Tensor, aten.mse_loss.default(output, target))

    def target(y: Tensor, data: Data) -> Tensor:
        return F.one_hot(y, len(data.classes)).float() if data.classes else y

    return Loss(
        F.mse_loss,
        lambda data: data.targets,
        target,
        lambda output: output,
        "anything",
        lambda y, classes: f"F.one_hot({y}, {classes}).float()" if classes else y,
        backward=backward,
        guess=_mean,
    )


def _binary_cross_entropy() -> Loss:
    def answer(output: Tensor) -> Tensor:
        p = output.sigmoid()
        return torch.cat([1 - p, p], 1)

    def backward(output: Tensor, target: Tensor, one: Tensor, into: Tensor) -> Tensor:
        # as in torch's derivatives.yaml: (sigmoid(output) - target) * grad / numel
        torch.sigmoid(output, out=into).sub_(target).mul_(one).div_(output.numel())
        return F.binary_cross_entropy_with_logits(output, target)

    return Loss(
        F.binary_cross_entropy_with_logits,
        lambda data: 1,
        lambda y, data: y.float().unsqueeze(1),
        answer,
        "two classes",
        lambda y, classes: f"{y}.float().unsqueeze(1)",
        backward=backward,
        guess=_log_odds,
    )


def gaussian_nll(output: Tensor, target: Tensor) -> Tensor:
    """Read the second half of the outputs as the log variance, which keeps it positive (Nix and Weigend 1994)."""
    mean, log_variance = output.chunk(2, 1)
    return F.gaussian_nll_loss(mean, target, log_variance.exp(), full=True)


def _gaussian_nll() -> Loss:
    return Loss(
        gaussian_nll,
        lambda data: 2 * data.targets,
        lambda y, data: y,
        lambda output: output.chunk(2, 1)[0],
        "numbers",
        sigma=lambda output: (output.chunk(2, 1)[1] / 2).exp(),
        guess=_mean_and_spread,
    )


def tell_apart(real: Tensor, made: Tensor) -> Tensor:
    """Make the log odds of being real high for real examples and low for made ones."""
    return (F.softplus(-real) + F.softplus(made)).mean()


def fool(made: Tensor) -> Tensor:
    """Make -log D(made) small, whose gradient is strong where what is made is caught (Goodfellow et al. 2014)."""
    return F.softplus(-made).mean()


def keep_apart(real: Tensor, made: Tensor) -> Tensor:
    """Make the scores of real examples high and those of made ones low."""
    return (made - real).mean()


def approach(made: Tensor) -> Tensor:
    """Make the scores of made examples high."""
    return -made.mean()


def _non_saturating() -> Loss:
    return _duel(Versus(tell_apart, fool))


def _wasserstein_gp() -> Loss:
    return _duel(Versus(keep_apart, approach, penalty=10.0, is_logit=False))


def _duel(versus: Versus) -> Loss:
    """Wrap what two players make small; examples have no target but themselves."""
    return Loss(
        lambda output, target: versus.maker(output),
        lambda data: data.inputs,
        lambda y, data: y,
        lambda output: output,
        "two players",
        versus=versus,
    )


LOSSES: Mapping[str, Entry[Loss]] = {
    "cross_entropy": Entry(
        "Cross-entropy",
        _cross_entropy,
        (
            Knob(
                "label_smoothing",
                "Label smoothing",
                0.0,
                0.0,
                0.5,
                more=True,
                help="This share of each target is spread evenly over all classes: no answer has to be certain. "
                "Every loss shown, also the test loss, is then the smoothed one, which never comes down to 0.",
            ),
        ),
        note="Minus the log probability of the right class, through a softmax.",
    ),
    "mse": Entry(
        "Mean squared error",
        _mse,
        note="Mean of (target - output)^2; on classes the target is 1 for the right one, else 0.",
    ),
    "binary_cross_entropy": Entry(
        "Binary cross-entropy",
        _binary_cross_entropy,
        note="One output, a logit: minus the log probability of the right one of two classes.",
    ),
    "gaussian_nll": Entry(
        "Gaussian negative log-likelihood",
        _gaussian_nll,
        note="The network also says how sure it is: one output is the mean, one the log variance of the noise.",
    ),
    "non_saturating": Entry(
        "Non-saturating",
        _non_saturating,
        note="The discriminator learns to tell real from made; the generator makes -log D(made) small (Goodfellow et "
        "al. 2014).",
    ),
    "wasserstein_gp": Entry(
        "Wasserstein, gradient penalty",
        _wasserstein_gp,
        note="The discriminator's scores are to lie far apart for real and made examples, with a slope of 1 in between "
        "(Gulrajani et al. 2017).",
    ),
}


def fits(loss: Loss, classes: int) -> bool:
    """Tell whether a loss can train on data with that many classes (0: a regression)."""
    return {
        "classes": classes > 1,
        "two classes": classes == 2,
        "numbers": classes == 0,
        "anything": True,
        "two players": False,
    }[loss.needs]


def loss_of(choice: Choice) -> Loss:
    """Build a loss with its knobs."""
    entry = LOSSES[choice.name]
    return entry.build(**entry.values(choice))
