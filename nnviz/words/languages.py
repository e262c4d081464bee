"""The languages that nnviz can be read in: the English of the tables, and each translation that is in `locale/`."""

import gettext
from functools import cache
from pathlib import Path

from nnviz.words.language import Translate, pseudo

LOCALE = Path(__file__).with_name("locale")  # locale/ko/LC_MESSAGES/nnviz.mo
DOMAIN = "nnviz"
ENGLISH = "en"
PSEUDO = "qps-ploc"  # the usual name for a language that shows which texts can be translated


def languages() -> tuple[str, ...]:
    """Name the languages that can be asked for."""
    return (ENGLISH, *_translated(LOCALE), PSEUDO)


@cache
def _translated(folder: Path) -> tuple[str, ...]:
    """List the translations in a folder; looked for but once, because each part of a page that is drawn asks."""
    return tuple(sorted(path.parts[-3] for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def nearest(wanted: str) -> str:
    """Choose the language for a tag such as "ko-KR": itself, else its first part, else English."""
    known = languages()
    return next((tag for tag in (wanted, wanted.partition("-")[0].lower()) if tag in known), ENGLISH)


@cache
def translation(name: str) -> Translate:
    """Return what writes a text in a language; the same object each time."""
    if name == PSEUDO:
        return pseudo
    if name == ENGLISH:
        return str
    return gettext.translation(DOMAIN, LOCALE, [name]).gettext
