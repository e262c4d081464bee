"""What the board is sent has the names that its scripts read, and they read no other."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnviz.ui.board import protocol
from nnviz.ui.board.protocol import Card, Payload, joined, stamped, with_more

STATIC = Path(__file__).resolve().parent.parent / "static"
# The part of the protocol that goes by a name in a script.
PARTS = {
    "payload": protocol.Payload, "chart": protocol.Card, "dial": protocol.Dial, "counter": protocol.Counter,
    "playback": protocol.Playback, "column": protocol.Column,
}  # fmt: skip
OWN = {"this.playback", "board.playback", "row.dial"}  # what a script keeps under such a name itself


def scripts() -> Iterator[tuple[str, str]]:
    for path in sorted(STATIC.glob("*.js")):
        yield path.name, re.sub(r"(this|board)\.playback\.\w+|//.*", "", path.read_text())


def read(part: str) -> set[str]:
    """Name what the scripts read of a part, as in `payload.stamp` or `showNumbers({ counters, status })`."""
    found = {name for _, text in scripts() for name in re.findall(rf"\b{part}\??\.(\w+)\b(?!\()", text)}
    return found - {"length", "js"}  # `playback.js` is a file


@pytest.mark.parametrize("part", PARTS)
def test_scripts_read_only_what_is_sent(part: str) -> None:
    names = read(part)
    assert names, part
    assert names <= PARTS[part].__annotations__.keys()


@pytest.mark.parametrize("part", [protocol.Payload, protocol.Card, protocol.Dial, protocol.Counter, protocol.Playback,
                                  protocol.Column, protocol.Row, protocol.StatusLine])  # fmt: skip
def test_what_is_sent_is_read(part: Any) -> None:
    text = "".join(text for _, text in scripts())
    assert {name for name in part.__annotations__ if not re.search(rf"[.{{ ,]{name}\b", text)} == set()


def test_a_card_is_stamped_by_its_bytes() -> None:
    card: Card = {"id": "loss", "label": "Loss", "help": "", "width": 1, "figure": {"data": np.arange(9)}}
    first, again = stamped(card), stamped({**card})
    other = stamped({**card, "figure": {"data": np.arange(1, 10)}})
    assert first == again
    assert json.loads(first)["stamp"] != json.loads(other)["stamp"]


def test_a_message_holds_its_cards_in_order_and_what_is_added_for_one_reader() -> None:
    head: Payload = {"key": "k", "words": {}, "status": None, "counters": [], "log": []}
    written = with_more(joined(head, [b'{"id":"a"}', b'{"id":"b"}']), heard=3, stamp="s")
    found = json.loads(written)
    assert [card["id"] for card in found["charts"]] == ["a", "b"]
    assert (found["heard"], found["stamp"], found["key"]) == (3, "s", "k")
