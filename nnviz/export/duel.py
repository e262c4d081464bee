"""The loop and the test of two networks against each other."""

from nnviz.catalog.generate import COMPARED, energy_distance
from nnviz.catalog.losses import Versus
from nnviz.catalog.noise import MEASURING
from nnviz.export import switched
from nnviz.export.lines import behind, comment, within
from nnviz.export.subject import Subject
from nnviz.export.text import returned
from nnviz.words.script import COMMENTS

PRINTED = "generator {g_loss.item()!r}, discriminator {d_loss.item()!r}"


def steps(subject: Subject) -> int:
    """Count the discriminator's steps in an update; one of networks that train alone."""
    return subject.family.task.batches(subject.knobs)


def update(subject: Subject) -> list[str]:
    """Write one update: the discriminator's steps, each on examples of its own, then the generator's."""
    versus = _versus(subject)
    if steps(subject) == 1:
        return [*_catch(subject, versus), *_fool(subject, versus)]
    return [
        f"parts = [part for part in real.tensor_split({steps(subject)}) if len(part)]",
        "for real in parts:",
        *within(_catch(subject, versus)),
        "real = parts[0]",
        *_fool(subject, versus),
    ]


def _versus(subject: Subject) -> Versus:
    assert subject.loss.versus is not None
    return subject.loss.versus


def _catch(subject: Subject, versus: Versus) -> list[str]:
    names = {"real": "on_real", "made": "on_made"}
    value = returned(subject.borrowed.body(versus.critic, names, {}), "d_loss").splitlines()
    lines = [
        *comment(COMMENTS["catch"]),
        "with torch.no_grad():",
        f"    made = generator({_noise(subject)})",
        "on_real, on_made = discriminator(real), discriminator(made)",
        *value,
        *(_penalty(subject, versus.penalty) if versus.penalty else []),
    ]
    return _step(subject, lines, "discriminator", "d_loss")


def _noise(subject: Subject) -> str:
    return subject.there(f"torch.randn(len(real), {subject.knobs['latent']}, generator=noise_rng)")


def _penalty(subject: Subject, weight: float) -> list[str]:
    return [
        *comment(COMMENTS["penalty"]),
        f"share = {subject.there('torch.rand(len(real), 1, generator=noise_rng)')}",
        "between = (share * real + (1 - share) * made).requires_grad_()",
        "scores = discriminator(between).sum()",
        "(slope,) = torch.autograd.grad(scores, between, create_graph=True)",
        f"d_loss = d_loss + {weight} * (slope.norm(dim=1) - 1).square().mean()",
    ]


def _fool(subject: Subject, versus: Versus) -> list[str]:
    value = returned(subject.borrowed.body(versus.maker, {"made": "on_made"}, {}), "g_loss").splitlines()
    lines = [
        *comment(COMMENTS["fool"]),
        f"on_made = discriminator(generator({_noise(subject)}))",
        *value,
    ]
    return _step(subject, lines, "generator", "g_loss")


def _step(subject: Subject, lines: list[str], player: str, loss: str) -> list[str]:
    cut = switched.Cut(loss, "whole", "real", ("whole = real",), ("real = whole",))
    return switched.joined(subject, lines, cut, player, f"{player}_optimizer")


def test(subject: Subject) -> list[str]:
    """Write the distance of made examples from real ones."""
    name = subject.borrowed.define(energy_distance)
    latent = subject.knobs["latent"]
    return [
        behind(f"fixed = torch.Generator().manual_seed({MEASURING})", COMMENTS["fixed"]),
        f"made = generator({subject.there(f'torch.randn({COMPARED}, {latent}, generator=fixed)')})",
        *comment(COMMENTS["distance"]),
        f"test_loss = {name}(test_x[:{COMPARED}], made)",
    ]
