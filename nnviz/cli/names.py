"""Which names a link may hold, read from the catalogue's text: to load it takes PyTorch, and seconds."""

import ast
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnviz.specs.branches import PlannedBranch
from nnviz.specs.experiment import Choice
from nnviz.words import errors
from nnviz.words.language import message

# Where each kind is listed: a file of the catalogue, and the dict in it.
MENUS: Mapping[str, tuple[str, str]] = {
    "dataset": ("datasets.py", "DATASETS"),
    "model": ("models/__init__.py", "MODELS"),
    "activation": ("activations.py", "ACTIVATIONS"),
    "initializer": ("initializers.py", "INITIALIZERS"),
    "loss": ("losses.py", "LOSSES"),
    "optimizer": ("optimizers.py", "OPTIMIZERS"),
    "schedule": ("schedules.py", "SCHEDULES"),
    "order": ("orders.py", "ORDERS"),
    "clipping": ("clipping.py", "CLIPPINGS"),
    "decay": ("decays.py", "DECAYS"),
    "averaging": ("averages.py", "AVERAGINGS"),
    "fault": ("faults.py", "FAULTS"),
}
_OF_SEVERAL = ("lanes", "branches")  # of a link: each names an optimizer


def check_names(read: Mapping[str, Any]) -> None:
    """Refuse what a link names that the catalogue does not have; ValueError in its own words.

    read: the parameters of a link, as they were parsed.
    """
    named = [(name, choice) for name, choice in read.items() if isinstance(choice, Choice)]
    several = [each for name in _OF_SEVERAL for each in read.get(name, ())]
    for each in several:
        choice = each.optimizer if isinstance(each, PlannedBranch) else each
        named += [("optimizer", choice)] if choice else []
    for name, choice in named:
        kind = "optimizer" if name == "second_optimizer" else name
        known = names_of(kind)
        if known and choice.name not in known:
            choices = errors.listed(known)
            raise ValueError(message(errors.CHOICES["entry"], kind=message(kind), name=choice.name, choices=choices))


def names_of(kind: str) -> tuple[str, ...]:
    """Return what can be chosen of a kind, as it stands in the catalogue; () where its text is not there."""
    file, menu = MENUS.get(kind, ("", ""))
    place = Path(str(sys.modules["nnviz"].__file__)).parent / "catalog" / file
    if not place.is_file():
        return ()
    found = dict(_assigned(ast.parse(place.read_text(encoding="utf-8"))))
    entries = found.get(menu)
    keys = entries.keys if isinstance(entries, ast.Dict) else []
    texts = [found.get(key.id) if isinstance(key, ast.Name) else key for key in keys]
    return tuple(str(text.value) for text in texts if isinstance(text, ast.Constant))


def _assigned(module: ast.Module) -> list[tuple[str, ast.expr]]:
    """List the names of a module, and what they stand for."""
    plain = [(target, part.value) for part in module.body if isinstance(part, ast.Assign) for target in part.targets]
    typed = [(part.target, part.value) for part in module.body if isinstance(part, ast.AnnAssign) if part.value]
    return [(target.id, value) for target, value in (*plain, *typed) if isinstance(target, ast.Name)]
