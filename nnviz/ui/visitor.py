"""Who is looking: the same name for every tab of one browser, and one for each tab."""

import hashlib
import re
import secrets

import streamlit as st

from nnviz.sessions.rights import ANYONE

COOKIE = "_streamlit_xsrf"
_MASKED = re.compile(r"2\|([0-9a-f]{8})\|([0-9a-f]+)\|[0-9]+")


def visitor() -> str:
    """Name this browser by the cookie that the server gives it; without one it is `ANYONE`."""
    if "visitor" not in st.session_state:
        st.session_state["visitor"] = name_from_cookie(str(st.context.cookies.get(COOKIE, ""))) or ANYONE
    return str(st.session_state["visitor"])


def tab() -> str:
    """Name this tab, for what a hand does in one of several."""
    return str(st.session_state.setdefault("tab", secrets.token_urlsafe(6)))


def name_from_cookie(cookie: str) -> str | None:
    """Hash the token in a `2|mask|masked token|time` cookie: the mask is new for each answer, the token stays."""
    found = _MASKED.fullmatch(cookie.strip("\"'"))
    if found is None or len(found[2]) % 2:
        return None
    mask, masked = bytes.fromhex(found[1]), bytes.fromhex(found[2])
    token = bytes(byte ^ mask[place % len(mask)] for place, byte in enumerate(masked))
    return hashlib.sha256(b"nnviz" + token).hexdigest()[:16]
