"""Parts of a page that are drawn again by themselves: where one is lost on its way, the others find their place."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest, element_tree, local_script_runner

from nnviz.sessions.session import Session
from nnviz.ui.registry import registry

pytestmark = pytest.mark.usefixtures("own_registry")

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*.py"))
SILENT = ("pages/4_Foundations.py", "pages/5_Architectures.py")  # have nothing to ask for
Place = tuple[int, ...]


class Listener:
    """Opens a page and hears what its server sends to be drawn, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
        self._heard: list[Any] = []
        self._parse = element_tree.parse_tree_from_messages
        monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", self._overhear)
        self.page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(page)

    def _overhear(self, messages: list[Any]) -> Any:
        self._heard = [message for message in messages if message.WhichOneof("type") == "delta"]
        return self._parse(messages)

    def drawn(self) -> list[Any]:
        """Draw the page once more."""
        self.page.run()
        assert not self.page.exception
        return self._heard

    def fragments(self) -> set[str]:
        """Draw the page once more and name its fragments as the browser asks for them."""
        return {message.delta.fragment_id for message in self.drawn()} - {""}


def sent(monkeypatch: pytest.MonkeyPatch, page: str) -> list[Any]:
    """Open a page and return what its server sends to be drawn, in order."""
    return Listener(monkeypatch, page).drawn()


def misplaced(messages: Iterable[Any]) -> list[Place]:
    """Put messages where they belong as a browser does, and list those that would have no place."""
    sizes: dict[Place, int] = {(part,): 0 for part in range(4)}  # the main page, the sidebar, and two that float
    lost: list[Place] = []
    for message in messages:
        *block, index = message.metadata.delta_path
        size = sizes.get(tuple(block))
        if size is None or index > size:
            lost.append((*block, index))
            continue
        sizes[tuple(block)] = max(size, index + 1)
        if message.delta.WhichOneof("type") == "add_block":
            sizes.setdefault((*block, index), 0)
    return lost


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_arrives_without_one_of_its_fragments_is_still_a_page(
    monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    messages = sent(monkeypatch, page)
    assert misplaced(messages) == []
    for fragment in {message.delta.fragment_id for message in messages} - {""}:
        assert misplaced(message for message in messages if message.delta.fragment_id != fragment) == []


def test_a_fragment_without_a_container_of_its_own_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = sent(monkeypatch, "pages/1_Train.py")
    blocks = [message for message in messages if message.delta.WhichOneof("type") == "add_block"]
    first = next(message for message in blocks if len(message.metadata.delta_path) == 2)
    assert misplaced(message for message in messages if message is not first) != []


@pytest.mark.parametrize("page", PAGES)
def test_a_fragment_is_asked_for_by_one_name_whatever_else_is_on_the_page(
    monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    listener = Listener(monkeypatch, page)
    names = listener.fragments()
    listener.page.session_state["note"] = "Something went otherwise than asked."
    assert (listener.fragments(), len(listener.page.warning) > 0) == (names, page not in SILENT)
    for session in registry().sessions.values():
        owner, session.owner = session.owner, "somebody"
        assert listener.fragments() == names  # seen by who only watches
        session.owner = owner
        with monkeypatch.context() as patch:
            patch.setattr(Session, "is_anyones", False)
            assert listener.fragments() == names  # without the caption that anybody may steer
        session.restart(session.spec, is_started=False)
        assert listener.fragments() == names  # with a line about the fresh run
