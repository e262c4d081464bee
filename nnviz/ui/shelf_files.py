"""Files on the page of saved runs: a run taken away as one, and settings that come from one."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog import MODELS
from nnviz.catalog.openings import read_page
from nnviz.export.files import FILES, OF_EACH, download, is_of_several
from nnviz.export.kept import KeptRun
from nnviz.library.saved import Saved
from nnviz.ui.families.link import address
from nnviz.ui.families.menu import PAGES as FAMILY_PAGES
from nnviz.ui.link import RACE, TRAIN
from nnviz.ui.note import refuse
from nnviz.ui.registry import registry
from nnviz.ui.shell import PAGES
from nnviz.ui.visitor import visitor
from nnviz.words import errors
from nnviz.words.language import Translate, language, message, say, speaking
from nnviz.words.library import FILE, FILE_KINDS, LIBRARY

_ICONS = {
    "script": "code", "notebook": "menu_book", "csv": "table", "state": "memory", "tensorboard": "insights",
    "json": "tune",
}  # fmt: skip
_ENDINGS = {"script": "py", "notebook": "ipynb", "csv": "csv", "state": "safetensors", "json": "json"}
_MOST_MB = 1
_OPENED = "shelf.opened"  # the last file that was dealt with


def take_away(run: Saved) -> None:
    """Draw a button for each form in which a run can be taken away; it is written when that is pressed."""
    with st.popover(FILE["title"], icon=":material/download:"):
        st.caption(FILE["lead"])
        lane = _lane(run)
        for what in FILES:
            label, help_text = FILE_KINDS[what]
            write = partial(_written, run.id, what, visitor(), language(), lane)
            st.download_button(
                label, write, _name(run, what, lane), key=f"shelf.file.{what}", help=help_text, on_click="ignore",
                icon=f":material/{_ICONS[what]}:",
            )  # fmt: skip


def _lane(run: Saved) -> str:
    """Let the reader choose among several lanes; return the id of one, or "" for all of them in an archive."""
    if len(run.lanes) < 2:
        return ""
    each = {lane["id"]: _name_of(lane, run.lanes) for lane in run.lanes}
    every = {"": FILE["all"]}
    names = every | each if is_of_several(run) else each | every  # of branches first the run that they come from
    return st.selectbox(
        FILE["lane"], list(names), format_func=names.__getitem__, help=FILE["lane_help"], key=f"shelf.lane.{run.id}"
    )  # fmt: skip


def _name_of(lane: Mapping[str, str], lanes: Sequence[Mapping[str, str]]) -> str:
    """Name a lane, with its seed or where it begins where others have the same name."""
    label = say(lane["label"])
    if lane.get("parent"):
        return FILE["branch"].format(label=label, step=f"{int(lane.get('since', '0')):,}")
    is_alone = sum(each["label"] == lane["label"] for each in lanes) == 1
    return label if is_alone else FILE["seeded"].format(label=label, seed=lane.get("seed", ""))


def _name(run: Saved, what: str, lane: str = "") -> str:
    is_packed = (is_of_several(run) or len(run.lanes) > 1) and what in OF_EACH and not lane
    ending = "zip" if is_packed else _ENDINGS.get(what, "zip")
    which = f"-{lane}" if lane else ""
    return f"nnviz-{run.id.replace('.', '-').lstrip('-')}{which}.{ending}"


def _written(run: str, what: str, owner: str, reader: Translate, lane: str = "") -> bytes:
    """Write a run for its owner, wherever the server does that; why it cannot be is what stands in the file then."""
    saver = registry().saver
    saved = saver.library.head(run) if saver else None
    with speaking(reader):
        if saver is None or saved is None or saved.owner != owner:
            return LIBRARY["gone"].encode()
        try:
            kept = KeptRun.of(saver.library, saved)
            return download(kept.only(lane) if lane else kept, what)
        except ValueError as error:
            return str(error).encode()


# ---- settings from a file ----


def open_a_file() -> None:
    """Draw the place for a file of settings, and go to the page that it is for."""
    with st.popover(FILE["open"], icon=":material/upload_file:"):
        given = st.file_uploader(FILE["drop"], type=["json"], key="shelf.given", max_upload_size=_MOST_MB)
    if given is None or st.session_state.get(_OPENED) == given.file_id:
        return
    st.session_state[_OPENED] = given.file_id
    try:
        page, session_id = opened(given.getvalue())
    except ValueError as error:
        refuse(FILE.english["refused"], error)
        st.rerun()
    st.switch_page(page, query_params={"run": session_id})


def opened(data: bytes) -> tuple[str, str]:
    """Open a session with the settings of a file; return its page's script and its id.

    Raises ValueError for anything else than settings.
    """
    kind, query = read_settings(data)
    plan: Any = read_page(kind, query)
    if kind == "race":
        return PAGES["race"][0], RACE.take(plan).id
    if kind in MODELS:
        page = FAMILY_PAGES[kind]
        return page.path, address(kind).take(plan).id
    return PAGES["train"][0], TRAIN.take(plan).id


def read_settings(data: bytes) -> tuple[str, dict[str, str]]:
    """Read the page and the parameters that a file of settings is for; ValueError for anything else."""
    try:
        found = json.loads(data)
    except ValueError:
        raise ValueError(message(errors.LINKS["file"])) from None
    query = found.get("query", found) if isinstance(found, dict) else None
    if not isinstance(query, dict) or not all(isinstance(value, str) for value in query.values()):
        raise ValueError(message(errors.LINKS["file"]))
    kind = found.get("page")
    if kind not in ("train", "race", *FAMILY_PAGES):
        kind = "race" if "lanes" in query else "train"
    return kind, query
