"""The sections of a script up to the first update: where chance comes from, the data, the network, its weights."""

import inspect

from torch import nn

from nnviz.catalog import DATASETS, INITIALIZERS
from nnviz.catalog.made import made_with
from nnviz.catalog.parts import parts_of
from nnviz.export import calls, switched
from nnviz.export.borrowed import Import
from nnviz.export.lines import behind, comment, literal, within
from nnviz.export.subject import NN, TORCH, Subject
from nnviz.export.text import loaded, returned
from nnviz.words.script import COMMENTS

_PARTS = ("train_x", "train_y", "test_x", "test_y")
_SEED_OF = """\
def seed_of(name):
    digest = hashlib.sha256(f"{SEED} {name}".encode()).digest()
    return int.from_bytes(digest[:7], "big")"""
_DROPOUT = '''\
class Dropout(nn.Dropout):
    """nn.Dropout that draws from a generator of its own."""

    def forward(self, x):
        if not self.training:
            return x
        is_kept = torch.rand(x.shape, generator=noise_rng) >= self.p
        return x * is_kept / (1 - self.p)'''


def setting(subject: Subject) -> list[str]:
    """Write where all chance comes from."""
    subject.borrowed.need(TORCH)
    lines = [
        behind("torch.set_num_threads(1)", COMMENTS["threads"]),
        "",
        f"SEED = {subject.spec.seed}",
        *comment(COMMENTS["rng" if subject.is_chain else "rng_named"]),
        "rng = torch.Generator().manual_seed(SEED)",
    ]
    if not subject.is_chain or subject.is_noisy:
        subject.borrowed.need(Import("hashlib"))
        told = [] if subject.is_chain else comment(COMMENTS["seeds"])
        lines += ["", "", *told, *_SEED_OF.splitlines()]
    if subject.is_noisy:
        told = [*comment(COMMENTS["noise"]), 'noise_rng = torch.Generator().manual_seed(seed_of("noise"))']
        lines += ["", "", *told]
    return lines


def data(subject: Subject) -> list[str]:
    """Write how the examples are drawn or read."""
    entry = DATASETS[subject.spec.dataset.name]
    values = entry.values(subject.spec.dataset)
    body = subject.borrowed.body(entry.shown, {"generator": "rng"}, values)
    given = [f"{name} = {literal(value)}" for name, value in values.items() if name in loaded(body)]
    told = inspect.getdoc(entry.shown) or ""
    body = returned(body, *_PARTS)
    moved = [] if subject.is_near else [f"{name} = {subject.there(name)}" for name in _PARTS]
    return [
        *_definitions(subject),
        *comment(told.partition("\n")[0]),
        *given,
        *body.splitlines(),
        *_planted(subject),
        *moved,
        *switched.order(subject),
    ]


def _planted(subject: Subject) -> list[str]:
    """Write what is done to the examples on purpose."""
    if subject.fault is None or subject.fault.data is None:
        return []
    name, parts = subject.borrowed.define(subject.fault.data), ", ".join(_PARTS)
    own = "own = torch.Generator().manual_seed(SEED)"
    return [*comment(COMMENTS["planted"]), own, f"{parts} = {name}({parts}, own)"]


def network(subject: Subject) -> list[str]:
    """Write the network: layer by layer, or as its own class."""
    subject.borrowed.need(NN)
    if subject.is_duel:
        lines = _duel(subject)
    elif made_with(subject.model) is not None:
        lines = [f"model = {calls.network(subject.model, subject.borrowed)}"]
    else:
        lines = _layers(subject)
    definitions = _definitions(subject)
    if subject.drops:
        drawn = "torch.rand(x.shape, generator=noise_rng)"
        dropout = [*_DROPOUT.replace(drawn, subject.there(drawn)).splitlines(), "", ""]
        definitions = [*dropout, *_noted(definitions)]
        lines = _noted(lines)
    return [*definitions, *lines]


def _noted(lines: list[str]) -> list[str]:
    """Let dropout draw from where the run's did."""
    return [line.replace("nn.Dropout(", "Dropout(") for line in lines]


def _layers(subject: Subject) -> list[str]:
    """Write a network whose parts follow each other; where parts have names, the seeds of their weights need these."""
    if subject.is_chain:
        return ["model = nn.Sequential(", *within(calls.layers(subject.model.children(), subject.borrowed)), ")"]
    subject.borrowed.need(Import("collections", "OrderedDict"))
    parts = [line for name, part in subject.model.named_children() for line in _named(subject, f"{name}=", part, ",")]
    return ["model = nn.Sequential(OrderedDict(", *within(parts), "))"]


def _duel(subject: Subject) -> list[str]:
    parts = dict(subject.model.named_children())
    lines = [line for name, part in parts.items() for line in _named(subject, f"{name} = ", part)]
    players = ", ".join(f'"{name}": {name}' for name in parts)
    return [*lines, f"model = nn.ModuleDict({{{players}}})"]


def _named(subject: Subject, name: str, part: nn.Module, end: str = "") -> list[str]:
    first, *rest = calls.layer(part, subject.borrowed)
    return [name + first, *rest[:-1], rest[-1] + end]


def weights(subject: Subject) -> list[str]:
    """Write how the weights are drawn, on the processor."""
    return [*_weights(subject), *_sunk(subject), *([] if subject.is_near else [subject.there("model")])]


def _sunk(subject: Subject) -> list[str]:
    """Write what is done to the first weights on purpose."""
    if subject.fault is None or subject.fault.start is None:
        return []
    name = subject.borrowed.define(subject.fault.start)
    return [*_definitions(subject), *comment(COMMENTS["planted"]), f"{name}(model)"]


def _weights(subject: Subject) -> list[str]:
    """Write them one after the other, or each from a seed of its own."""
    subject.borrowed.need(TORCH, NN)
    entry = INITIALIZERS[subject.spec.initializer.name]
    fill = entry.build(**entry.values(subject.spec.initializer))
    if subject.is_chain:
        names = {"weight": "layer.weight", "bias": "layer.bias", "generator": "rng"}
        body = subject.borrowed.body(fill, names, {"bias": True})
        lines = ["for layer in model:", "    if isinstance(layer, nn.Linear):"]
        return [*_definitions(subject), *lines, *within([body], 2)]
    is_whole = all(part.bias is not None for part in parts_of(subject.model))
    body = subject.borrowed.body(fill, {"generator": "own"}, {"bias": True} if is_whole else {})
    lines = [
        "parameters = dict(model.named_parameters())",
        "for name, weight in parameters.items():",
        "    if weight.dim() > 1:",
        '        own = torch.Generator().manual_seed(seed_of(name.removesuffix(".weight")))',
        '        bias = parameters.get(name.replace("weight", "bias"))',
    ]
    return [*_definitions(subject), *lines, *within([body], 2)]


def _definitions(subject: Subject) -> list[str]:
    """Write what was taken over since the last section: constants close together, functions and classes apart."""
    lines: list[str] = []
    for text in subject.borrowed.fresh():
        is_block = text.startswith(("def ", "class ", "@"))
        lines += ["", "", *text.splitlines(), "", ""] if is_block else text.splitlines()
    return lines
