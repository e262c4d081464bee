"""Widgets of a page under AppTest by the name that the page gives them; a key may carry the number of a drawing."""

from typing import Any

from streamlit.testing.v1 import AppTest

KINDS = ("selectbox", "select_slider", "slider", "number_input", "button_group", "toggle", "text_input", "text_area")


def widgets(page: AppTest) -> dict[str, Any]:
    """Map every control that shows a value to its name."""
    found = [part for kind in KINDS for part in page.get(kind)]
    return {str(part.key).partition("#")[0]: part for part in found if part.key}


def widget(page: AppTest, name: str) -> Any:
    """Return a control by its name; KeyError where the page has none."""
    return widgets(page)[name]


def hold(page: AppTest) -> None:
    """Let the controls drawn now keep their values, so that they can be sent again after the page has changed."""
    for part in widgets(page).values():
        part._value = part.value  # set_value would refuse what is switched off
