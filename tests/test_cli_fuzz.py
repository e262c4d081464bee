"""Command lines as hasty hands type them: a sentence and a status each, never a traceback."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from nnviz.catalog import CATALOGUES
from nnviz.cli.link import read_link
from nnviz.cli.main import HOMES, main
from nnviz.cli.pages import PAGES
from nnviz.cli.status import ExitStatus
from nnviz.library.library import Library
from nnviz.ui.link import RACE, TRAIN
from nnviz.words.languages import PSEUDO
from tests.test_cli import LINKS, SMALL
from tests.unspoken import unspoken

SENTENCE = re.compile(r"nnviz: [^\n]{10,}\n")
PIECES = ["&", "=", ":", ";", ",", "@", "?", "/", "%", "%2C", "%zz", "+", "-", "--", " ", "\n", "\t", "*", "nan", "-1",
          "1e999", "9" * 30, "é", "🎲", "\udcff", "'", '"', "{x}", "{}", "%s", "#", "[", "]", "..", "\\"]  # fmt: skip
NAMES = [*PAGES.values(), *(name for catalogue in CATALOGUES.values() for name in catalogue), "epochs", "lanes"]
TOO_LONG = ("mnist", "googlenet", "densenet", "alexnet", "resnet", "lstm")  # to be built a hundred times


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Save one run, and find runs there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNVIZ_RUNS", str(tmp_path_factory.mktemp("runs")))
        assert main(["train", f"{SMALL}&epochs=1", "--quiet"]) == ExitStatus.DONE
        yield Path(os.environ["NNVIZ_RUNS"])


def mangled(text: str, random: Random) -> str:
    """Delete, double, insert or replace some pieces."""
    for _ in range(random.randint(1, 3)):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.choice((0, 1, 1, 2, 5, 20)))
        piece = random.choice((random.choice(PIECES), random.choice(NAMES), text[start:end] * 2, ""))
        text = text[:start] + piece + text[end:]
    return text


def told(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """Carry out a command line and hold it against the promise; return what was said against it."""
    try:
        status: object = main(arguments)
    except SystemExit as ended:  # help or version was asked for
        status = ended.code or 0
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert status in {*ExitStatus}, arguments
    assert status != ExitStatus.REFUSED or SENTENCE.fullmatch(said), (arguments, said)
    return said if status == ExitStatus.REFUSED else ""


def links(random: Random) -> list[str]:
    link = mangled(random.choice([*LINKS.values()]), random)
    while any(name in link.lower() for name in TOO_LONG):
        link = mangled(random.choice([*LINKS.values()]), random)
    return ["train", link, "--updates", "1", "--no-save", "--quiet"]


def numbers(random: Random) -> list[str]:
    name = random.choice(("--updates", "--epochs"))
    return ["train", f"{SMALL}&epochs=1", f"{name}={mangled('12', random)}", "--updates=2", "--no-save", "--quiet"]


def runs(random: Random) -> list[str]:
    (saved,) = Library(Path(os.environ["NNVIZ_RUNS"])).all()
    verb = random.choice((["show"], ["resume"], ["export", "json", "--out=-"]))
    return [verb[0], mangled(saved.id, random), *verb[1:]]


def anything(random: Random) -> list[str]:
    words = [*PIECES[:20], *HOMES, "--json", "--jsonl", "--out", "-q", "", "--help"]
    return [random.choice(words) for _ in range(random.randint(0, 4))]


@pytest.mark.parametrize(
    ("typed", "count", "refused"), [(links, 140, 60), (numbers, 40, 10), (runs, 70, 40), (anything, 70, 50)]
)
def test_what_cannot_be_done_is_a_sentence(
    typed: Callable[[Random], list[str]],
    count: int,
    refused: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    said = [told(capsys, typed(Random(f"{typed.__name__} {seed}"))) for seed in range(count)]
    assert len([each for each in said if each]) >= refused


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("train epoch=3", r"'epoch' is not part of a link; did you mean 'epochs'\?"),
        ("train optimizer=adamm&epochs=3", "there is no optimizer 'adamm'; choose one of sgd, .*"),
        ("train Surfaces", "no page 'Surfaces' trains anything; choose one of Train, Race, Home, AlexNet, .*"),
        ("train Train?run=abcdefghijkl", "this link holds no settings, .*: .* by python -m nnviz resume abcdefghijkl"),
        ("train dataset=moons", "this run has no end of its own: say how far by --epochs or --updates"),
        ("train GAN?epochs=0", "this run has no end of its own: .*"),
        ("train epochs=3 --updates 0", "--updates must be a whole number from 1 to 1000000000, not '0'"),
        ("train epochs=3 --epochs many", "--epochs must be a whole number from 1 to 100000, not 'many'"),
        ("train dataset=mnist&epochs=1", "MNIST is not on this machine: .*"),
        ("train epochs=1 --out /dev/null/x", "runs cannot be saved in /dev/null/x: .*"),
        ("train", "the following arguments are required: LINK; python -m nnviz train --help tells more"),
        ("show nothing", "there is no run 'nothing' in .*; the newest are .*"),
        ("export nothing at all", ".*unrecognized arguments: all.*"),
        ("fly", ".*invalid choice: 'fly'.*train.*export.*"),
    ],
)
def test_a_sentence_names_the_value_and_the_choices(
    line: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert re.fullmatch(f"nnviz: {sentence}\n", told(capsys, line.split(" ")))


def test_an_export_that_there_is_not_is_named_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    (saved,) = Library(Path(os.environ["NNVIZ_RUNS"])).all()
    said = told(capsys, ["export", saved.id, "excel"])
    assert said.startswith("nnviz: there is no export 'excel'; choose one of script, notebook, csv, ")


def test_a_torn_run_is_a_sentence(capsys: pytest.CaptureFixture[str], place: Path, tmp_path: Path) -> None:
    (saved,) = Library(place).all()
    folder = tmp_path / "runs" / saved.id
    folder.mkdir(parents=True)
    (folder / "run.json").write_text((place / saved.id / "run.json").read_text())
    for command in (["resume", saved.id], ["export", saved.id, "csv", "--out=-"]):
        assert "this saved run cannot be read" in told(capsys, [*command, "--runs", str(tmp_path / "runs")])


@pytest.mark.parametrize("name", ["clock", "log_loss", "smoothing", "layer", "target", "charts", "part", "run"])
def test_what_a_link_says_of_its_view_changes_nothing(name: str) -> None:
    for page, first in (("Train", TRAIN.first), ("Race", RACE.first)):
        assert read_link(f"{page}?{name}=1&seed=1").plan == first


# ---- another language


@pytest.mark.parametrize("line", ["--help", "train --help", "resume --help", "runs --help", "show --help", "export -h"])
def test_the_help_is_in_the_language_of_its_reader(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NNVIZ_LANGUAGE", PSEUDO)
    with pytest.raises(SystemExit):
        main(line.split())
    text = re.sub(r"usage: .*|--[\w-]+|^ +(python -m nnviz .*|\w+ )", "", capsys.readouterr().out, flags=re.MULTILINE)
    assert unspoken(text) == []


def test_what_is_told_is_in_the_language_of_its_reader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NNVIZ_LANGUAGE", PSEUDO)
    library = Library(Path(os.environ["NNVIZ_RUNS"]))
    (saved,) = library.all()
    for line in (
        ["train", f"{SMALL}&epochs=2"],
        ["runs"],
        ["resume", saved.id],
        ["train", "epochs=x"],
        ["show", "no_such_run"],
    ):
        main(line)
        captured = capsys.readouterr()
        text = captured.err + captured.out
        ids = [each.id for each in library.all()]
        for name in (*ids, *(each.partition(".")[0] for each in ids), str(library.place)):
            text = text.replace(name, "")
        assert unspoken(text, ["nnviz", "done", "Train"]) == []
