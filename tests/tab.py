"""A browser's tab under AppTest: what it shows, and what it sends, the late and the outdated included."""

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ElementTree

Part = Any  # a control in AppTest's tree
SHOWING = ("selectbox", "select_slider", "slider", "number_input", "button_group", "toggle", "text_input", "text_area")


def boards_on(page: AppTest) -> list[Part]:
    """The boards of a page, among its components."""
    return [part for part in page.get("bidi_component") if part.proto.bytes]


class Tab:
    """Sends the values of all controls that it knows with every request, as a real browser does.

    An answer is on the screen only after `hear`: until then the tab goes on sending what it showed before.
    """

    def __init__(self, page: AppTest) -> None:
        self.page = page
        self._parts: dict[str, Part] = {}  # of the latest answer, once they were asked for
        self._states: dict[str, WidgetState] = {}
        self._reports = 0
        self.hear()

    def hear(self) -> None:
        """Draw the latest answer: forget controls that have gone, take over values that were set."""
        self._parts = {}
        known, self._states = self._states, {}
        for part in self.parts.values():
            is_kept = part.id in known and not part.proto.set_value
            self._states[part.id] = known[part.id] if is_kept else _state(part, _drawn(part))
        kept = [*self.popovers, *(part.proto.id for part in self.page.get("bidi_component"))]
        self._states |= {each: known[each] for each in kept if each in known}

    @property
    def parts(self) -> dict[str, Part]:
        """The controls that show a value, by the name that the page gives them."""
        if not self._parts:
            found = [part for kind in SHOWING for part in self.page.get(kind)]
            self._parts = {str(part.key).partition("#")[0]: part for part in found if part.key}
        return self._parts

    @property
    def popovers(self) -> list[str]:
        """The ids of the popovers that draw their content only when they are open."""
        return [part.proto.popover.id for part in self.page.get("popover") if part.proto.popover.id]

    @property
    def buttons(self) -> dict[str, Part]:
        """The buttons that can be pressed, by key."""
        return {part.key: part for part in self.page.button if part.key and not part.disabled}

    def shown(self, name: str) -> Any:
        """Return what a control shows: a number, a switch, or the words of what is chosen."""
        state = self._states[self.parts[name].id]
        value: Any = getattr(state, str(state.WhichOneof("value")), None)
        return next(iter(value.data), None) if hasattr(value, "data") else value

    def turn(self, part: Part, value: Any) -> None:
        """Set a control to what could be shown there, and send it."""
        self._states[part.id] = _state(part, value)
        self.send()

    def press(self, key: str) -> None:
        """Press a button."""
        pressed = WidgetState()
        pressed.id, pressed.trigger_value = self.buttons[key].id, True
        self.send(pressed)

    def unfold(self, popover: str) -> None:
        """Open a popover, or close it."""
        known = self._states.get(popover)
        self._states[popover] = WidgetState(id=popover, bool_value=not (known and known.bool_value))
        self.send()

    def drag_target(self, y: float) -> None:
        """Drag the dashed line of a race to a test loss."""
        self._reports += 1
        (board,) = boards_on(self.page)
        report = json.dumps({"target": {"y": y, "n": self._reports}})
        self._states[board.proto.id] = WidgetState(id=board.proto.id, json_value=report)
        self.send()

    def go_on_from(self, step: int) -> None:
        """Press "Go on from here" where the slider over the run stands at an update."""
        self._reports += 1
        board = boards_on(self.page)[0]
        report = json.dumps({"fork": {"at": step, "n": self._reports}})
        self._states[board.proto.id] = WidgetState(id=board.proto.id, json_value=report)
        self.send()

    def send(self, *more: WidgetState) -> None:
        """Send all values; without more, that is what a timer does."""
        states = WidgetStates(widgets=[*self._states.values(), *more])
        with patch.object(ElementTree, "get_widget_states", lambda tree: states):
            self.page.run()
        self._parts = {}


def _drawn(part: Part) -> Any:
    """Return what the server wants a control to show: the value that it set, or else the first."""
    proto, kind = part.proto, part.type
    if kind in ("select_slider", "button_group"):
        first = [_options(part)[int(place)] for place in proto.default]
        wanted = getattr(proto, "raw_value" if kind == "select_slider" else "raw_values")
        return next(iter(wanted if proto.set_value else first), None)
    if kind == "selectbox":
        first = [_options(part)[proto.default]] if proto.HasField("default") else []
        return proto.raw_value if proto.set_value else next(iter(first), None)
    value = proto.value if proto.set_value else proto.default
    return value[0] if kind == "slider" else value


def _options(part: Part) -> list[str]:
    return (
        [option.content for option in part.proto.options] if part.type == "button_group" else list(part.proto.options)
    )


def _state(part: Part, value: Any) -> WidgetState:
    state = WidgetState()
    state.id = part.id
    if part.type in ("select_slider", "button_group"):
        state.string_array_value.data[:] = [] if value is None else [value]
    elif part.type == "slider":
        state.double_array_value.data[:] = [value]
    elif part.type == "number_input":
        state.double_value = value
    elif part.type == "toggle":
        state.bool_value = value
    elif value is not None:
        state.string_value = value
    return state


def stops(part: Part) -> Iterator[Any]:
    """List values that a hand could give a control."""
    if part.type in ("selectbox", "select_slider", "button_group"):
        yield from _options(part)
    elif part.type == "toggle":
        yield from (False, True)
    elif part.key and str(part.key).partition("#")[0].endswith(".typed"):
        yield from ("0.0123", "3e-4", " 2 ", "much", "0,01", "-1", "nan", "")
    elif part.type in ("text_input", "text_area"):
        yield from ("to be or not to be", "abc " * 40)
    else:
        low, high = (
            (part.value - 1 if part.min is None else part.min),
            (part.value + 1 if part.max is None else part.max),
        )
        yield from (min(float(high), float(low) + steps * float(part.step)) for steps in (0, 1, 3, 10))
