"""The way in: read what was asked for, carry it out, and say in a sentence what cannot be done."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper

from nnviz.cli.parser import parser, protected
from nnviz.cli.status import ExitStatus
from nnviz.sessions.environment import read_environment
from nnviz.words.cli import REFUSED
from nnviz.words.language import message, message_of, speaking
from nnviz.words.languages import nearest, translation

# Where each command is carried out: loaded when it is asked for, because PyTorch takes seconds.
HOMES: Mapping[str, str] = {
    name: f"nnviz.cli.commands.{name}" for name in ("train", "resume", "runs", "show", "export")
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line, by default that of this process; return its exit status."""
    _write_whatever_comes()
    environment, complaints = read_environment({name: os.environ[name] for name in _READ if name in os.environ})
    for complaint in complaints:
        _tell(complaint)
    with speaking(translation(nearest(environment.language))):
        status = _guarded(sys.argv[1:] if arguments is None else arguments)
    if status == ExitStatus.BROKEN_PIPE:
        _let_go_of_the_output()
    return status


_READ = ("NNVIZ_LANGUAGE",)


def _write_whatever_comes() -> None:
    """Put a question mark where a terminal has no letter for what is told."""
    for out in (sys.stdout, sys.stderr):
        if isinstance(out, TextIOWrapper):
            out.reconfigure(errors="replace")


def _guarded(arguments: Sequence[str]) -> int:
    try:
        return _carried_out(arguments)
    except BrokenPipeError:  # whoever read has gone, as `head` does
        return ExitStatus.BROKEN_PIPE
    except ValueError as error:
        _tell(message_of(error))
    except OSError as error:
        _tell(message(REFUSED["disk"], place=error.filename, reason=error.strerror or type(error).__name__))
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    return ExitStatus.REFUSED


def _carried_out(arguments: Sequence[str]) -> int:
    known = parser()
    options = known.parse_args(protected(arguments))
    if options.command is None:
        known.print_help()
        return ExitStatus.DONE
    status = int(import_module(HOMES[options.command]).run(options))
    sys.stdout.flush()
    return status


def _let_go_of_the_output() -> None:
    """Write what is still to be written to nowhere, else Python complains when it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(sentence: object) -> None:
    sys.stderr.write(f"nnviz: {sentence}\n")
