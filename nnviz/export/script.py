"""A run as a script of its own: plain PyTorch that prints the same losses, live changes included."""

from dataclasses import dataclass

from nnviz.export import beginning, learning
from nnviz.export.borrowed import in_order
from nnviz.export.lines import WIDTH, comment
from nnviz.export.subject import Length, Subject
from nnviz.export.text import narrowed
from nnviz.specs.planned import Planned
from nnviz.words.script import COMMENTS, SECTIONS

_PARTS = {
    "setting": beginning.setting,
    "data": beginning.data,
    "network": beginning.network,
    "weights": beginning.weights,
    "goal": learning.goal,
    "training": learning.training,
    "test": learning.test,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a script: its heading and its code."""

    title: str
    code: str


def sections(plan: Planned, length: Length) -> tuple[Section, ...]:
    """Write a plan's first so many updates, section by section.

    Raises ValueError where the plan cannot be run, or its data is not on this machine.
    """
    subject = Subject.of(plan, length)
    found = {}
    for name, write in _PARTS.items():
        lines = write(subject)
        definitions = [line for text in subject.borrowed.fresh() for line in [*text.splitlines(), "", ""]]
        found[name] = [*definitions, *lines]
    found["setting"] = [*in_order(subject.borrowed.imports), "", *found["setting"]]
    shown = {name: lines for name, lines in found.items() if any(lines)}
    return tuple(Section(SECTIONS[name], _tidy(lines)) for name, lines in shown.items())


def script(plan: Planned, length: Length) -> str:
    """Write the same as one script."""
    told = "\n".join(line.removeprefix("# ") for line in comment(COMMENTS["head"]))
    first, *rest = sections(plan, length)
    parts = [f'"""{told}"""\n\n{first.code}', *(f"{_rule(each.title)}\n{each.code}" for each in rest)]
    return "\n\n".join(parts) + "\n"


def _rule(title: str) -> str:
    return f"# ---- {title} ".ljust(min(WIDTH, 60), "-")


def _tidy(lines: list[str]) -> str:
    """Leave no blank line at the beginning or the end, and no more than two in a row."""
    text = "\n".join("\n".join(lines).splitlines())
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return narrowed(text.strip("\n"), WIDTH)
