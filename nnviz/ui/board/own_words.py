"""The board's own words, looked up once for each language: they go with every message."""

from collections.abc import Mapping
from functools import lru_cache

from nnviz.ui.board.payload import plain
from nnviz.words.board import BOARD
from nnviz.words.language import Translate, language, speaking

_LANGUAGES = 16


def board_words() -> Mapping[str, object]:
    """Return them in the reader's language."""
    return _in(language())


@lru_cache(_LANGUAGES)
def _in(translate: Translate) -> Mapping[str, object]:
    with speaking(translate):
        found: Mapping[str, object] = plain(BOARD)
        return found
