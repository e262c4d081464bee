"""What the environment may set, read once at start; a bad value is named in a sentence and the usual one holds."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from nnviz.words.languages import languages

MOST = 1_000_000  # runs, or seconds: more of either is a slip of the hand
LEAST_SHARE = 0.05  # of the time: with less of it a run seems to stand still
LEAST_HZ, MOST_HZ = 0.5, 6.0  # a run tells of news up to six times a second
AnyNumber = TypeVar("AnyNumber", int, float)


@dataclass(frozen=True, slots=True)
class Environment:
    """NNVIZ_MAX_LIVE caps the runs that train at once; NNVIZ_PATIENCE: seconds for which an unwatched run goes on.

    NNVIZ_SHARE is the share of the time in which a run trains; the rest of it is left to pages and to other runs.
    NNVIZ_HZ is how often a second charts move by themselves; what a person does is answered at once.
    NNVIZ_LANGUAGE is the language of all pages; without it each page is in the language that its browser asks for.
    NNVIZ_BEHIND_PROXY is "yes" where a proxy of yours tells the host that the browser sees by X-Forwarded-Host.
    NNVIZ_RUNS names the folder in which runs are saved, or is "off"; without it that is the user's own data folder.
    """

    max_live: int = 20 * (os.cpu_count() or 2)
    patience: float = 60.0
    language: str = ""
    is_behind_proxy: bool = False
    runs: str = ""
    share: float = 1.0
    hz: float = 4.0


def read_environment(variables: Mapping[str, str]) -> tuple[Environment, tuple[str, ...]]:
    """Read the settings, and give a sentence for each that cannot be used."""
    usual, complaints = Environment(), list[str]()

    def read(name: str, usually: AnyNumber, kind: str, least: AnyNumber, most: AnyNumber) -> AnyNumber:
        text = variables.get(name)
        value = usually if text is None else _number(text, type(usually), least, most)
        if value is None:
            complaints.append(
                f"{name} is {text!r}, but must be {kind} from {least:g} to {most:,}: {usually:g} is used instead."
            )
        return usually if value is None else value

    max_live = read("NNVIZ_MAX_LIVE", usual.max_live, "a whole number", 1, MOST)
    patience = read("NNVIZ_PATIENCE", usual.patience, "a number of seconds", 1.0, MOST)
    share = read("NNVIZ_SHARE", usual.share, "a number", LEAST_SHARE, 1.0)
    hz = read("NNVIZ_HZ", usual.hz, "a number", LEAST_HZ, MOST_HZ)
    language = variables.get("NNVIZ_LANGUAGE", "")
    if language and language not in languages():
        choices = ", ".join(languages())
        complaints.append(f"NNVIZ_LANGUAGE is {language!r}, but must be one of {choices}: browsers choose instead.")
        language = ""
    proxy = variables.get("NNVIZ_BEHIND_PROXY", "no")
    if proxy not in ("yes", "no"):
        complaints.append(f"NNVIZ_BEHIND_PROXY is {proxy!r}, but must be yes or no: no is used instead.")
    runs = variables.get("NNVIZ_RUNS", "")
    return Environment(max_live, patience, language, proxy == "yes", runs, share, hz), tuple(complaints)


def _number(text: str, kind: type[AnyNumber], least: AnyNumber, most: AnyNumber) -> AnyNumber | None:
    try:
        value = kind(text)
    except ValueError:
        return None
    return value if least <= value <= most else None  # also for nan
