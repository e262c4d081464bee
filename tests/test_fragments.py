"""Parts of a page that are drawn again by themselves: where one is lost on its way, the others find their place."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest, element_tree, local_script_runner

pytestmark = pytest.mark.usefixtures("own_registry")

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*.py"))
Place = tuple[int, ...]


def sent(monkeypatch: pytest.MonkeyPatch, page: str) -> list[Any]:
    """Open a page and return what its server sends to be drawn, in order."""
    heard: list[list[Any]] = []
    parse = element_tree.parse_tree_from_messages

    def overheard(messages: list[Any]) -> Any:
        heard.append(messages)
        return parse(messages)

    monkeypatch.setattr(local_script_runner, "parse_tree_from_messages", overheard)
    opened = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(page).run()
    assert not opened.exception
    return [message for message in heard[-1] if message.WhichOneof("type") == "delta"]


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
