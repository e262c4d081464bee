"""The reader's language: every text is looked up when it is drawn, by the English that stands in a table."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Annotated, Any, TypeVar

Text = Annotated[str, "for readers"]  # English from a table, the key under which a translator writes another language
Translate = Callable[[str], str]
Said = TypeVar("Said")

_language: ContextVar[Translate] = ContextVar("language", default=str)


class Table(Mapping[str, Said]):
    """Texts by name, each written in the reader's language when it is taken out; so are those within a tuple.

    What travels before it is read is a `Message`, whose text stands in a plain mapping.
    """

    __slots__ = ("english",)

    def __init__(self, /, **english: Said) -> None:
        self.english: Mapping[str, Said] = english

    def __getitem__(self, name: str) -> Said:
        found: Said = said(self.english[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that somebody will read, written in the language of whoever reads it: a text and what fills it in."""

    text: Text
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Write it."""
        return say(self.text, **self.values)

    def __format__(self, form: str) -> str:
        """Write it into another: `{knob:within}` is a label within a sentence, `{reason:clause}` has no full stop."""
        if form == "within":
            return within(str(self))
        return str(self).rstrip(".") if form == "clause" else format(str(self), form)


def message(text: Text, /, **values: object) -> Message:
    """Note what to tell a reader; a value may be a message itself."""
    return Message(text, values)


def say(text: Text, /, **values: object) -> str:
    """Write a text of a table in the reader's language, filled in with values."""
    found = _language.get()(text) if text else text  # translators keep notes of their own under no text
    return found.format(**values) if values else found


def within(label: str) -> str:
    """Begin a label as within a sentence: "Data set" small, but "L2" and "Beta" of a player as they are."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def said(part: Any) -> Any:
    """Write all texts of a part of a table: of a tuple, a mapping, or of words that belong together."""
    if isinstance(part, str):
        return say(part)
    if isinstance(part, tuple):
        return tuple(map(said, part))
    if isinstance(part, Mapping):
        return Table(**part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{each.name: said(getattr(part, each.name)) for each in fields(part)})
    return part


def message_of(error: Exception) -> Message:
    """Return what an error tells; the words of another library are told as they are."""
    found = error.args[0] if error.args else None
    return found if isinstance(found, Message) else Message(str(error))


def speak(translate: Translate) -> None:
    """Write every text in a language from now on, in this thread."""
    _language.set(translate)


@contextmanager
def speaking(translate: Translate) -> Iterator[None]:
    """Write every text in a language while this lasts."""
    token = _language.set(translate)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> Translate:
    """Return the reader's language: what was drawn in one is not for readers of another."""
    return _language.get()


def pseudo(text: str) -> str:
    """Translate into no language: a text that came from a table is seen by its brackets."""
    return f"⟦{text}⟧" if text.strip() else text
