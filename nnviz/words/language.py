"""The reader's language: every text is looked up when it is drawn, by the English that stands in a table."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Annotated

Text = Annotated[str, "for readers"]  # English from a table, the key under which a translator writes another language
Translate = Callable[[str], str]

_language: ContextVar[Translate] = ContextVar("language", default=str)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that somebody will read, written in the language of whoever reads it: a text and what fills it in."""

    text: Text
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Write it."""
        return say(self.text, **self.values)


def message(text: Text, /, **values: object) -> Message:
    """Note what to tell a reader; a value may be a message itself."""
    return Message(text, values)


def say(text: Text, /, **values: object) -> str:
    """Write a text of a table in the reader's language, filled in with values."""
    found = _language.get()(text) if text else text  # translators keep notes of their own under no text
    return found.format(**values) if values else found


def message_of(error: Exception) -> Message:
    """Return what an error tells; the words of another library are told as they are."""
    found = error.args[0] if error.args else None
    return found if isinstance(found, Message) else Message(str(error))


@contextmanager
def speaking(translate: Translate) -> Iterator[None]:
    """Write every text in a language while this lasts."""
    token = _language.set(translate)
    try:
        yield
    finally:
        _language.reset(token)


def pseudo(text: str) -> str:
    """Translate into no language: a text that came from a table is seen by its brackets."""
    return f"⟦{text}⟧" if text.strip() else text
