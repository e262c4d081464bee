"""What tests of lesson pages share."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.tab import boards_on

ROOT = Path(__file__).resolve().parent.parent


def open_lesson(path: str, query: dict[str, str] | None = None) -> AppTest:
    """Open a lesson's page by its file and a link."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in (query or {}).items():
        page.query_params[name] = value
    return page.switch_page(path).run()


def boards(page: AppTest) -> dict[str, dict[str, Any]]:
    """Read what each board of a page was sent, by the board's key."""
    assert not page.exception
    sent = [dict(json.loads(board.proto.bytes)) for board in boards_on(page)]
    return {payload["key"]: payload for payload in sent}
