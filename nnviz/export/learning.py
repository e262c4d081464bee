"""The sections of a script from the loss on: the optimizers, the loop over the updates, the test."""

from functools import partial

from torch.nn import functional

from nnviz.catalog import weight_place
from nnviz.catalog.datasets import classes_of
from nnviz.catalog.noise import MEASURING
from nnviz.catalog.optimizers import set_knob, write_knob
from nnviz.catalog.task import AUXILIARY_SHARE
from nnviz.export import calls, duel, rates, switched
from nnviz.export.lines import WIDTH, behind, broken, comment, within
from nnviz.export.subject import FUNCTIONAL, TORCH, Subject
from nnviz.specs.experiment import Change, Choice
from nnviz.words.script import COMMENTS

_PAIRED = frozenset({"beta1", "beta2"})  # of which torch makes one thing
_VELOCITY = frozenset({"momentum"})  # which an optimizer keeps where torch does not look


def goal(subject: Subject) -> list[str]:
    """Write what is made small, the targets as it wants them, and who moves the weights."""
    return [*([] if subject.is_duel else _loss(subject)), *_optimizers(subject), *switched.averages(subject)]


def _loss(subject: Subject) -> list[str]:
    value = subject.loss.value
    if isinstance(value, partial):
        return [*switched.smoothed(subject, value), *_targets(subject)]
    name = value.__name__
    if getattr(functional, name, None) is value:
        subject.borrowed.need(FUNCTIONAL)
        return [f"loss_of = F.{name}", *_targets(subject)]
    return [f"loss_of = {subject.borrowed.define(value)}", *_targets(subject)]


def _targets(subject: Subject) -> list[str]:
    train, test = (subject.loss.spelled(name, classes_of(subject.spec.dataset)) for name in ("train_y", "test_y"))
    if subject.is_mirror or train == "train_y":
        return []
    return [*comment(COMMENTS["numbers"]), f"train_y, test_y = {train}, {test}"]


def _optimizers(subject: Subject) -> list[str]:
    """Write who moves the weights."""
    fields = subject.players
    return [line for field in fields for line in _optimizer(subject, field, subject.spec.optimizer_of(field))]


def _optimizer(subject: Subject, field: str, choice: Choice) -> list[str]:
    model = subject.family.task.players[field] or "model"
    call = calls.optimizer(choice, switched.parameters(subject, model), is_near=subject.is_near)
    return broken(f"{subject.players[field]} = {call}")


def _switches(subject: Subject) -> list[str]:
    """Write which optimizers take the place of others, and before which update."""
    lines = []
    for switch in subject.switches:
        made = [line for field, choice in switch.choices.items() for line in _optimizer(subject, field, choice)]
        names = [subject.players[field] for field in switch.choices]
        lines += [f"if step == {switch.step}:", *within([*comment(COMMENTS["switched"]), *made])]
        lines += within(rates.based(subject, names))
    return lines


def training(subject: Subject) -> list[str]:
    """Write the loop."""
    every = _every(subject.length.updates)
    head = [
        behind(f"updates = {subject.length.updates}", COMMENTS[subject.length.until]),
        f"batch_size = {subject.spec.batch_size}",
        "order = torch.empty(0, dtype=torch.long)",
        *switched.head(subject),
    ]
    update = duel.update(subject) if subject.is_duel else _update(subject)
    printed = "{step + 1}: " + (duel.PRINTED if subject.is_duel else "loss {loss.item()!r}")
    loop = [
        *_switches(subject),
        *_turning(subject),
        *rates.before(subject),
        *_batch(subject),
        *update,
        *rates.after(subject),
        *switched.averaged(subject),
        *([f"if step < 3 or (step + 1) % {every} == 0 or step + 1 == updates:"] if every > 1 else []),
        *within([f'print(f"update {printed}")'], 1 if every > 1 else 0),
    ]
    turned, scheduled = _turned(subject), rates.setting(subject)
    definitions = subject.borrowed.fresh()
    apart = [line for text in definitions for line in [*text.splitlines(), "", ""]]
    return [*apart, *head, *turned, *scheduled, "", "for step in range(updates):", *within(loop)]


def _every(updates: int) -> int:
    """Return a round number of updates so that some ten to twenty losses are printed."""
    tens = 10 ** (len(str(max(1, updates // 10))) - 1)
    return int(max(tens * each for each in (1, 2, 5) if tens * each <= max(1, updates // 10)))


def _batch(subject: Subject) -> list[str]:
    many = [each for each in (duel.steps(subject), subject.spec.accumulate) if each > 1]
    size = " * ".join([*map(str, many), "batch_size"])
    gap = " " if " " in size else ""
    lines = [
        behind("if len(order) == 0:", COMMENTS["epoch"]),
        f"    order = {switched.drawn(subject)}",
        f"batch, order = order[:{gap}{size}], order[{size}{gap}:]",
    ]
    if subject.is_duel:
        return [*lines, "real = train_x[batch]"]
    return lines if subject.spec.accumulate > 1 else [*lines, _examples(subject, "batch")]


def _examples(subject: Subject, batch: str) -> str:
    return f"x = train_x[{batch}]" if subject.is_mirror else f"x, y = train_x[{batch}], train_y[{batch}]"


def _update(subject: Subject) -> list[str]:
    is_many = subject.spec.accumulate > 1
    lines = [*([_examples(subject, "part")] if is_many else []), *_forward(subject)]
    return switched.joined(subject, lines, switched.Cut("loss", "batch", "part"), "model", "optimizer")


def _forward(subject: Subject) -> list[str]:
    if subject.spread:
        noise = f"x + {subject.spread!r} * {subject.there('torch.randn(x.shape, generator=noise_rng)')}"
        return [*comment(COMMENTS["clean"]), f"seen = {noise}", "loss = loss_of(model(seen), x)"]
    if getattr(subject.model, "auxiliary", None) is not None:
        value = f"loss = loss_of(scores, y) + {AUXILIARY_SHARE} * loss_of(auxiliary, y)"
        return [*comment(COMMENTS["share"]), "scores, auxiliary = model(x)", value]
    return [f"loss = loss_of(model(x), {'x' if subject.is_mirror else 'y'})"]


# ---- what was turned ----


def _turned(subject: Subject) -> list[str]:
    """Write what was turned, each kind in a table of its own by the update that it came before."""
    sizes = {change.step: int(change.value) for change in subject.journal if change.target == "batch_size"}
    hands = _by_step([change for change in subject.journal if weight_place(change.target) is not None])
    knobs = _by_step(_knobs(subject))
    lines = [*comment(COMMENTS["sizes"]), f"batch_sizes = {sizes}"] if sizes else []
    if hands:
        lines += [
            *comment(COMMENTS["hands"]),
            *_table("hands", {step: [_hand(subject, each) for each in hands[step]] for step in hands}),
        ]
    if knobs:
        told = {step: [_knob(subject, change) for change in knobs[step]] for step in knobs}
        lines += [*comment(COMMENTS["turned"]), *_table("turns", told)]
    return lines


def _table(name: str, rows: dict[int, list[str]]) -> list[str]:
    lines = []
    for step, turns in rows.items():
        whole = f"    {step}: [{', '.join(turns)}],"
        lines += (
            [whole] if len(whole) <= WIDTH else [f"    {step}: [", *(f"        {turn}," for turn in turns), "    ],"]
        )
    return [f"{name} = {{", *lines, "}"]


def _by_step(changes: list[Change]) -> dict[int, list[Change]]:
    return {change.step: [each for each in changes if each.step == change.step] for change in changes}


def _knobs(subject: Subject) -> list[Change]:
    return [change for change in subject.journal if change.target.partition(".")[0] in subject.players]


def _hand(subject: Subject, change: Change) -> str:
    layer, row, column = weight_place(change.target) or (0, 0, 0)
    place = [name for name, _ in subject.model.named_children()].index(f"lin_{layer}")
    return f"({place}, {row}, {column}, {change.value!r})"


def _knob(subject: Subject, change: Change) -> str:
    field, _, knob = change.target.partition(".")
    name = f'"{_child(subject, field)}"' if subject.switches else subject.players[field]
    who = f"{name}, " if len(subject.players) > 1 else ""
    return f'({who}"{rates.knob(subject, knob)}", {change.value!r})'


def _child(subject: Subject, field: str) -> str:
    return subject.family.task.players[field]


def _turning(subject: Subject) -> list[str]:
    """Write how what was turned takes hold before an update."""
    targets, lines = {change.target for change in subject.journal}, []
    if "batch_size" in targets:
        lines.append("batch_size = batch_sizes.get(step, batch_size)")
    if any(weight_place(target) is not None for target in targets):
        lines += [
            "for layer, row, column, value in hands.get(step, []):",
            "    model[layer].weight.data[row, column] = value",
        ]
    lines += switched.turning(subject)
    if knobs := {change.target.partition(".")[2] for change in _knobs(subject)}:
        who, found = ("optimizer, ", []) if len(subject.players) > 1 else ("", [])
        if who and subject.switches:  # the table was made when others were there
            named = ", ".join(f'"{_child(subject, field)}": {name}' for field, name in subject.players.items())
            lines.append(f"optimizers = {{{named}}}")
            who, found = "name, ", ["optimizer = optimizers[name]"]
        lines += [
            f"for {who}knob, value in turns.get(step, []):",
            *within([*found, _set(subject, knobs)]),
            *within(switched.spared(subject)),
        ]
    return lines


def _set(subject: Subject, knobs: set[str]) -> str:
    """Write how a knob is set: a number of the optimizer's group, where that is all there is to it."""
    is_parted = bool(switched.spared(subject))
    for special, setter in ((_VELOCITY, set_knob), (_PAIRED, write_knob)):
        if knobs & special or (is_parted and setter is write_knob):
            return f"{subject.borrowed.define(setter)}(optimizer, knob, value)"
    return "optimizer.param_groups[0][knob] = value"


# ---- the test ----


def test(subject: Subject) -> list[str]:
    """Write how the test loss is measured."""
    subject.borrowed.need(TORCH)
    measured = duel.test(subject) if subject.is_duel else _mirrored(subject) if subject.is_mirror else _tested(subject)
    return [
        *switched.evaluated(subject),
        "model.eval()",
        "with torch.no_grad():",
        *within(measured),
        'print(f"test loss {test_loss!r}")',
    ]


def _tested(subject: Subject) -> list[str]:
    chunk = subject.family.task.chunk
    return [
        "total = 0.0",
        behind(f"for x, y in zip(test_x.split({chunk}), test_y.split({chunk})):", COMMENTS["chunks"]),
        "    total += loss_of(model(x), y).item() * len(x)",
        "test_loss = total / len(test_x)",
    ]


def _mirrored(subject: Subject) -> list[str]:
    chunk, seen, lines = subject.family.task.chunk, "test_x", []
    if subject.spread:
        seen = "seen"
        lines = [
            behind(f"fixed = torch.Generator().manual_seed({MEASURING})", COMMENTS["fixed"]),
            f"seen = test_x + {subject.spread!r} * {subject.there('torch.randn(test_x.shape, generator=fixed)')}",
        ]
    given = behind(f"given_back = torch.cat([model(x) for x in {seen}.split({chunk})])", COMMENTS["chunks"])
    return [*lines, given, "test_loss = loss_of(given_back, test_x).item()"]
