"""What can be written on the command line."""

import re
import shutil
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from textwrap import fill
from typing import Any, NoReturn

from nnviz.words.cli import ABOUT, ARGUMENTS, COMMANDS, EXAMPLES, EXPORTS, METAVARS, PROGRAM, REFUSED, STATUSES, TITLES
from nnviz.words.language import message

# What may follow each command.
FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "train": (
        '"dataset=moons&model=mlp:hidden=8,8&epochs=20"',
        '"http://localhost:8501/Race?lanes=sgd:lr=0.1;adam&epochs=5" --jsonl > race.jsonl',
        "GAN --updates 2000",
    ),
    "resume": ("3me3EiCOaFbQ", "3me3 --updates 5000"),
    "runs": ("", "--json"),
    "show": ("3me3",),
    "export": ("3me3 csv", "3me3 tensorboard --out=logs", "3me3 json --out -", "3me3 script --lane Adam"),
}
_WIDEST = 100
_DASHED = re.compile(r"-[A-Za-z0-9_-]{5,40}\.[0-9]{1,15}")  # an id that begins with a dash, as options do, too
_GUARD = "\N{WORD JOINER}"


class Parser(ArgumentParser):
    """Says what is wrong in a sentence, as everything else does: a ValueError."""

    def __init__(self, prog: str, description: str, epilog: str, **more: Any) -> None:
        super().__init__(
            prog, description=_filled(description), epilog=epilog, formatter_class=RawDescriptionHelpFormatter,
            add_help=False, allow_abbrev=False, **more,
        )  # fmt: skip
        self.arguments = self.add_argument_group(TITLES["arguments"])
        self.options = self.add_argument_group(TITLES["options"])
        self.options.add_argument("-h", "--help", action="help", help=ARGUMENTS["help"])

    def error(self, message_: str) -> NoReturn:
        """Refuse."""
        raise ValueError(message(REFUSED["argument"], reason=message_, program=self.prog))


def _filled(text: str) -> str:
    return fill(text, min(_WIDEST, shutil.get_terminal_size().columns - 2))


def protected(arguments: Sequence[str]) -> list[str]:
    """Mark ids that begin with a dash, so that they are not taken for options; `named` takes the mark away."""
    return [_GUARD + each if _DASHED.fullmatch(each) else each for each in arguments]


def named(run: str) -> str:
    """Return what a run was called on the command line."""
    return run.removeprefix(_GUARD)


def parser() -> Parser:
    """Return the parser of the whole command line."""
    found = Parser(PROGRAM, COMMANDS["nnviz"], EXAMPLES["more"].format(program=PROGRAM))
    version = f"nnviz {sys.modules['nnviz'].__version__}"
    found.options.add_argument("--version", action="version", version=version, help=ARGUMENTS["version"])
    commands = found.add_subparsers(dest="command", title=TITLES["commands"], metavar=METAVARS["command"])
    for name, fill_in in _FILLED_IN.items():
        fill_in(commands.add_parser(name, help=COMMANDS[name], description=ABOUT[name], epilog=_epilog(name)))
    return found


def _epilog(command: str) -> str:
    examples = "\n".join(f"  {PROGRAM} {command} {each}".rstrip() for each in FOLLOWING[command])
    return "\n\n".join([*_lists(command), f"{EXAMPLES['heading']}\n{examples}"])


def _lists(command: str) -> Sequence[str]:
    """Write down what else is worth knowing of a command."""
    if command == "export":
        return [_list(METAVARS["what"], EXPORTS)]
    return [_list(EXAMPLES["statuses"], STATUSES)] if command in ("train", "resume") else []


def _list(heading: str, rows: Mapping[str, str]) -> str:
    lines = [f"  {name.removeprefix('_'):12} {rows[name]}" for name in rows]
    return "\n".join([f"{heading}:", *lines])


def _train(found: Parser) -> None:
    found.arguments.add_argument("link", metavar=METAVARS["link"], help=ARGUMENTS["link"])
    _training(found, ARGUMENTS["epochs"])
    found.options.add_argument("--out", "--runs", dest="runs", metavar=METAVARS["folder"], help=ARGUMENTS["runs"])
    found.options.add_argument("--no-save", action="store_true", help=ARGUMENTS["no_save"])


def _resume(found: Parser) -> None:
    _of_a_run(found)
    _training(found, ARGUMENTS["resume_epochs"])
    _from_a_folder(found)


def _training(found: Parser, epochs_help: str) -> None:
    found.options.add_argument("--epochs", metavar=METAVARS["number"], help=epochs_help)
    found.options.add_argument("--updates", metavar=METAVARS["number"], help=ARGUMENTS["updates"])
    found.options.add_argument("--jsonl", action="store_true", help=ARGUMENTS["jsonl"])
    found.options.add_argument("--every", metavar=METAVARS["number"], help=ARGUMENTS["every"])
    found.options.add_argument("-q", "--quiet", action="store_true", help=ARGUMENTS["quiet"])


def _runs(found: Parser) -> None:
    found.options.add_argument("--json", action="store_true", help=ARGUMENTS["json"])
    _from_a_folder(found)


def _show(found: Parser) -> None:
    _of_a_run(found)
    _runs(found)


def _export(found: Parser) -> None:
    _of_a_run(found)
    found.arguments.add_argument("what", metavar=METAVARS["what"], help=ARGUMENTS["what"])
    found.options.add_argument("--lane", metavar=METAVARS["lane"], help=ARGUMENTS["lane"])
    found.options.add_argument("--out", metavar=METAVARS["out"], help=ARGUMENTS["out"])
    _from_a_folder(found)


def _of_a_run(found: Parser) -> None:
    found.arguments.add_argument("run", metavar=METAVARS["run"], type=named, help=ARGUMENTS["run"])


def _from_a_folder(found: Parser) -> None:
    found.options.add_argument("--runs", metavar=METAVARS["folder"], help=ARGUMENTS["runs"])


_FILLED_IN: Mapping[str, Callable[[Parser], None]] = {
    "train": _train,
    "resume": _resume,
    "runs": _runs,
    "show": _show,
    "export": _export,
}
