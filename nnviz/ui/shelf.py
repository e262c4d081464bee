"""The page of saved runs: a table of this browser's own, and what can be done with those that are marked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from nnviz.library.library import Library
from nnviz.library.naming import settings_of
from nnviz.library.saved import Saved
from nnviz.library.saver import Saver
from nnviz.library.shelf import Label
from nnviz.sessions.rights import ANYONE
from nnviz.ui.compared import compared
from nnviz.ui.families.menu import PAGES as FAMILY_PAGES
from nnviz.ui.note import draw_note, note
from nnviz.ui.registry import registry
from nnviz.ui.reports import bound, bound_field
from nnviz.ui.shelf_files import open_a_file, take_away
from nnviz.ui.shell import PAGES
from nnviz.ui.swatch import swatch
from nnviz.ui.visitor import visitor
from nnviz.words import texts
from nnviz.words.language import message, say
from nnviz.words.library import ACTIONS, COLUMNS, LIBRARY

_AWAY, _TURN = "shelf.away", "shelf.turn"
_HEIGHT = 420


def shelf() -> None:
    """Draw the table, and below it what belongs to the rows that are marked."""
    st.title(LIBRARY["title"], anchor=False)
    saver, owner = registry().saver, visitor()
    st.markdown(LIBRARY["lead"])
    draw_note()
    if saver is None:
        st.info(LIBRARY["off"], icon=":material/inventory_2:")
    elif owner == ANYONE:
        st.info(LIBRARY["anyone"], icon=":material/cookie:")
    else:
        _shelf(saver, owner)


def _shelf(saver: Saver, owner: str) -> None:
    library = saver.library
    _head(saver, owner)
    _undo(library)
    open_a_file()
    runs = library.of(owner)
    if not runs:
        st.info(LIBRARY["none"], icon=":material/model_training:")
        return
    labels = [library.label(run.id) for run in runs]
    marked = _table(runs, labels)
    st.caption(LIBRARY["room"].format(count=len(runs), used=library.megabytes, most=library.most_mb))
    if len(marked) == 1:
        _one(library, runs[marked[0]], labels[marked[0]])
        take_away(runs[marked[0]])
    if marked:
        _put_away(library, [runs[place] for place in marked])
    if len(marked) > 1:
        compared(library, [(runs[place], name_of(runs[place], labels[place])) for place in marked])


def _head(saver: Saver, owner: str) -> None:
    """Draw the switch, and what is wrong with the disk if anything is."""
    label, help_text = ACTIONS["keep"]
    is_kept = not saver.library.is_quiet(owner)
    st.toggle(label, help=help_text, **bound("shelf.keep", is_kept, _keep, owner))
    if not is_kept:
        st.caption(LIBRARY["quiet"])
    if saver.trouble is not None:
        st.warning(str(saver.trouble), icon=":material/warning:")


def _keep(owner: str, is_kept: bool) -> None:
    saver = registry().saver
    if saver is not None:
        with _saying_why_not():
            saver.library.be_quiet(owner, not is_kept)


@contextmanager
def _saying_why_not() -> Iterator[None]:
    """Leave a sentence where the disk refuses."""
    try:
        yield
    except OSError as error:
        note(message(LIBRARY.english["refused"], reason=error.strerror or type(error).__name__))


# ---- the table ----


def name_of(run: Saved, label: Label) -> str:
    """Return what a run is called: what its owner has written, or what it trains."""
    return label.name or LIBRARY["unnamed"].format(what=settings_of(run), updates=f"{run.step:,}")


def _page(run: Saved) -> tuple[str, str]:
    """Return a run's page: its file and what it is called."""
    if run.kind in FAMILY_PAGES:
        page = FAMILY_PAGES[run.kind]
        return page.path, say(page.texts.menu)
    kind = "race" if run.kind == "race" else "train"
    return PAGES[kind][0], texts.MENU[kind]


def _row(run: Saved, label: Label) -> dict[str, Any]:
    accuracy, best = run.figures.get("test_accuracy"), run.figures.get("best_test_loss")
    return {
        "colour": swatch(run.colour), "what": settings_of(run), "name": label.name, "picture": list(run.curve),
        "page": _page(run)[1],
        "step": run.step, "test_loss": run.figures.get("test_loss"), "best_test_loss": best,
        "test_accuracy": None if accuracy is None else 100 * accuracy, "saved": datetime.fromisoformat(run.saved),
        "pinned": label.is_pinned, "note": label.note,
    }  # fmt: skip


def _table(runs: Sequence[Saved], labels: Sequence[Label]) -> list[int]:
    """Draw the table and return which rows are marked."""
    rows = pd.DataFrame([_row(run, label) for run, label in zip(runs, labels, strict=True)])
    shown = st.dataframe(
        rows, column_config=_columns(), hide_index=True, on_select="rerun", selection_mode="multi-row",
        key=_key(runs), height=min(_HEIGHT, 38 + 36 * len(rows)),
    )  # fmt: skip
    return [place for place in shown["selection"]["rows"] if place < len(runs)]


def _key(runs: Sequence[Saved]) -> str:
    """Name the table: rows are marked by their places, so that other rows are another table."""
    rows = crc32("".join(run.id for run in runs).encode())
    return f"shelf.table.{st.session_state.get(_TURN, 0)}.{rows}"


def _columns() -> dict[str, Any]:
    words = {name: COLUMNS[name] for name in COLUMNS}
    plain = st.column_config
    kinds: dict[str, Any] = {
        "colour": (plain.ImageColumn, {"pinned": True, "width": 60}),
        "what": (plain.TextColumn, {"pinned": True, "width": "medium"}),
        "picture": (plain.LineChartColumn, {"width": "small"}),
        "step": (plain.NumberColumn, {"format": "localized"}),
        "test_loss": (plain.NumberColumn, {"format": "%.4g"}),
        "best_test_loss": (plain.NumberColumn, {"format": "%.4g"}),
        "test_accuracy": (plain.NumberColumn, {"format": "%.1f %%"}),
        "saved": (plain.DatetimeColumn, {"format": "distance"}),
        "pinned": (plain.CheckboxColumn, {}),
    }
    found = {}
    for name, (label, help_text) in words.items():
        column, more = kinds.get(name, (plain.TextColumn, {}))
        found[name] = column(label, help=help_text, **more)
    return found


# ---- what is marked ----


def _one(library: Library, run: Saved, label: Label) -> None:
    """Draw the way to a run, and what can be written on it."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="shelf.one", gap="small"):
        words, help_text = ACTIONS["open"]
        st.page_link(
            _page(run)[0], label=f"**{words}**", icon=":material/open_in_new:", help=help_text,
            query_params={"run": run.id}, width="content",
        )  # fmt: skip
        for name, width in (("name", 280), ("note", 420)):
            words, help_text = ACTIONS[name]
            bind = bound_field(f"shelf.{name}.{run.id}", getattr(label, name), _write, run.id, name)
            st.text_input(words, help=help_text, width=width, max_chars=200, **bind)
        words, help_text = ACTIONS["pin"]
        st.toggle(words, help=help_text, **bound(f"shelf.pin.{run.id}", label.is_pinned, _write, run.id, "is_pinned"))


def _write(run: str, what: str, value: Any) -> None:
    library = _library_of(run)
    if library is not None:
        with _saying_why_not():
            library.write_label(run, **{what: value})


def _library_of(run: str) -> Library | None:
    """Return where a run of this visitor's stands; without it a sentence."""
    saver = registry().saver
    saved = saver.library.head(run) if saver else None
    if saver is None or saved is None or saved.owner != visitor():
        note(LIBRARY.english["gone"])
        return None
    return saver.library


def _put_away(library: Library, runs: Sequence[Saved]) -> None:
    words, help_text = ACTIONS["away"]
    names = [run.id for run in runs]
    st.button(words, help=help_text, icon=":material/delete:", key="shelf.away", on_click=_away, args=(names,))


def _away(names: Sequence[str]) -> None:
    st.session_state[_AWAY] = []
    with _saying_why_not():
        found = [name for name in names if (library := _library_of(name)) is not None and library.put_away(name)]
        st.session_state[_AWAY] = found
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1  # rows are known by their places: another table


def _undo(library: Library) -> None:
    """Offer to bring back what was put away last."""
    away: list[str] = st.session_state.get(_AWAY, [])
    if not away:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="shelf.undo_line", gap="small"):
        st.caption(LIBRARY["away"].format(count=len(away)), width="content")
        words, help_text = ACTIONS["undo"]
        st.button(words, help=help_text, key="shelf.undo", type="tertiary", on_click=_bring_back, args=(away,))


def _bring_back(names: Sequence[str]) -> None:
    saver = registry().saver
    is_back = [saver.library.bring_back(name) for name in names] if saver else []
    st.session_state[_AWAY] = []
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    if not all(is_back):
        note(LIBRARY.english["gone"])
