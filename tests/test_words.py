"""Every text that a reader meets is looked up when it is drawn, and a translator can be handed all of them."""

import ast
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.catalog import MODELS, OPTIMIZERS
from nnviz.charts import CHARTS, TABLES
from nnviz.ui import reader
from nnviz.ui.families.card import cited
from nnviz.words import languages
from nnviz.words.language import pseudo, say, speaking
from scripts.translations import all_texts, template
from tests.snapshots import SNAPSHOTS
from tests.test_charts import VIEWS
from tests.unspoken import read_in, read_on, unspoken

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["app.py", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*.py"))]
TEXTS = frozenset(text for _, text in all_texts())
# Names are the same in every language.
NAMES = sorted({entry.label for entry in OPTIMIZERS.values()} | {"nnviz", "CPU", "log "}, key=len, reverse=True)
PAPERS = [family.paper for family in MODELS.values() if family.paper]
CITATIONS = {cited(paper) for paper in PAPERS}
CITED = {text for paper in PAPERS for text in (paper.authors, paper.title, paper.venue)}


class Translator:
    """Translates into the pseudo-language and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __call__(self, text: str) -> str:
        self.asked.add(text)
        return pseudo(text)


def own_words(text: str, names: Iterable[str] = ()) -> list[str]:
    """List the words of a text that were not looked up, names aside."""
    return unspoken(text, [*names, *NAMES])


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_nothing_that_did_not_come_from_a_table_and_nothing_that_translators_do_not_get(
    monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    translator = Translator()
    st.cache_resource.clear()  # what was read of the environment before
    monkeypatch.setenv("NNVIZ_LANGUAGE", languages.PSEUDO)
    monkeypatch.setattr(reader, "translation", lambda name: translator)
    with speaking(translator):  # for what AppTest itself asks
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app = trained(app.run() if page == "app.py" else app.switch_page(page).run())
        texts = {text for text in read_on(app) if text not in CITATIONS}
    assert len(texts) >= 10
    assert {text: words for text in texts if (words := own_words(text))} == {}
    asked = {text for text in translator.asked if "⟦" not in text and own_words(re.sub(r"\{[^}]*\}", "", text))}
    assert asked - TEXTS == set()


def trained(app: AppTest) -> AppTest:
    """Press Play where there is one, and wait until there is something to see."""
    for button in [each for each in app.button if each.key == "bar.play" and not each.disabled]:
        button.click()
        app.run()
        for seconds in (0.1, 0.25):
            threading.Event().wait(seconds)
            app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("stage", SNAPSHOTS)
def test_a_chart_says_nothing_that_did_not_come_from_a_table(stage: str) -> None:
    snapshot = SNAPSHOTS[stage]
    labels = [lane.label for lane in snapshot.lanes]
    parts = {part.name for lane in snapshot.lanes for record in lane.records for part in record.parameters}
    layers = {layer.name for lane in snapshot.lanes for record in lane.records for layer in record.layers}
    translator = Translator()
    with speaking(translator):
        charts = [
            chart.draw(snapshot, view=view)
            for chart in {**CHARTS, **TABLES}.values()
            if chart.fits(snapshot)
            for view in VIEWS.values()
        ]
        told = {text for chart in charts for text in read_in(chart)}
    assert {text: words for text in told if (words := own_words(text, [*labels, *parts, *layers]))} == {}


# ---- what stands in the code

LIKE_WORDS = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
KNOWN = "\n".join([*TEXTS, *CITED])
PLACES = re.compile(r"(top|middle|bottom) (left|center|right)")
CODE = re.compile(r"[\\{}<>;=\[\]]|color-mix|import |^ *(for|if|with) .*[(:]$")
# What only whoever runs the server reads, in its log or its terminal.
FOR_THE_SERVER = re.compile(
    r"the download of %s failed|a run failed outside its training|a (?:board|lesson|stretch) could not be drawn|"
    r"a dial could not be turned|what a hand has done could not be taken|nnviz cannot start: %s|"
    r"a run could not be saved|run %s (?:was let go to make room|is trained elsewhere, too)|"
    r"Tunnel connection failed: 407|"
    r"the package plotly is not installed|not found|no further words|this network is not in training|"
    r"a whole number|a number of seconds|, but must be|is used instead|: browsers choose instead|"
    r"module 'nnviz' has no attribute |^two (classes|players)$|^NNVIZ_[A-Z_]+ is |^ in row $|^subgraph |"
    r"^Draw the reading | of the first lane, or of all"
)


def written_in(source: str) -> Iterator[str]:
    """List the strings of a module, its documentation aside."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def is_known(text: str) -> bool:
    """Tell whether a text is in a table; a long one may be part of one that an entry puts together."""
    return text in TEXTS or text in CITED or (len(text) > 25 and text in KNOWN)


def hard_coded(source: str) -> list[str]:
    """List what reads like words but is in no table."""
    found = (text for text in written_in(source) if LIKE_WORDS.search(text) and not is_known(text.strip()))
    return [text for text in found if not (PLACES.fullmatch(text) or CODE.search(text) or FOR_THE_SERVER.search(text))]


def modules() -> list[Path]:
    found = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "nnviz").rglob("*.py")]
    return [path for path in found if path.name != "passage.py" and path.parent.name != "words"]  # a nursery rhyme


def test_no_module_has_words_of_its_own() -> None:
    assert {str(path): words for path in modules() if (words := hard_coded(path.read_text()))} == {}


@pytest.mark.parametrize(
    "line", ['st.button("Press this now")', 'note(f"lost {count} of them")', 'AXIS = {"title": "seconds of waiting"}']
)
def test_words_in_the_code_are_found(line: str) -> None:
    assert len(hard_coded(line)) == 1


def in_script(source: str) -> list[str]:
    """List the strings of a script that reads like words, or that a reader would see at once."""
    code = "\n".join(line.partition("//")[0] for line in source.splitlines() if "querySelector" not in line)
    shown = re.findall(r"(?:textContent|innerText|ariaLabel|title|placeholder)\s*=\s*[\"'`]([^\"'`$]*[a-z]{2})", code)
    return shown + [
        text for text in re.findall(r"[\"'`]([^\"'`\n]*)[\"'`]", code) if re.search(r"[a-z]{2} [a-z]{2}", text)
    ]


def test_no_script_of_the_browser_has_words_of_its_own() -> None:
    scripts = [path for path in (ROOT / "static").rglob("*.js") if "plotly" not in path.name]
    assert len(scripts) > 10
    assert {path.name: words for path in scripts if (words := in_script(path.read_text()))} == {}


@pytest.mark.parametrize("line", ['node.textContent = "Play";', "say('press it again')"])
def test_words_in_a_script_are_found(line: str) -> None:
    assert in_script(line) != []


# ---- languages


def test_the_template_for_translators_has_every_text_with_words_once() -> None:
    written = template().decode()
    assert written.count('msgid "Learning rate"\n') == 1
    assert "nnviz.words.texts/MENU/home" in written
    assert sum(line.startswith("msgid ") for line in written.splitlines()) > 1500


@pytest.mark.parametrize(("wanted", "chosen"), [("qps-ploc", "qps-ploc"), ("xx-YY", "en"), ("", "en"), ("en-GB", "en")])
def test_a_reader_gets_the_nearest_language_that_there_is(wanted: str, chosen: str) -> None:
    assert languages.nearest(wanted) == chosen


def test_a_translation_is_found_where_translators_put_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compile_catalog: Callable[[Path, dict[str, str]], None]
) -> None:
    compile_catalog(tmp_path / "de" / "LC_MESSAGES" / "nnviz.mo", {"Home": "Start", "{count} seeds": "{count} Saaten"})
    monkeypatch.setattr(languages, "LOCALE", tmp_path)
    assert languages.languages() == ("en", "de", "qps-ploc")
    assert languages.nearest("de-AT") == "de"
    with speaking(languages.translation.__wrapped__("de")):
        assert (say("Home"), say("{count} seeds", count=3), say("Train")) == ("Start", "3 Saaten", "Train")


@pytest.fixture
def compile_catalog() -> Callable[[Path, dict[str, str]], None]:
    """Write a translation as `pybabel compile` does."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    def compile_(path: Path, texts: dict[str, str]) -> None:
        catalog = Catalog()
        for text, translated in texts.items():
            catalog.add(text, translated)
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, catalog)

    return compile_
