"""Every control of every page with something to turn, in a real browser, in every state, in any order."""

import pytest

from tests.browser.monkey import BrowserMonkey
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PAGES = {
    "/": 24,
    "/Train?dataset=digits": 32,
    "/Race?dataset=moons&model=mlp:hidden=8&lanes=sgd;momentum;adam": 24,
    "/Autoencoder": 16,
    "/Lab?data=digits": 12,
    "/Edge_of_stability": 10,
    "/Surfaces": 10,
}  # with the number of things done there


@pytest.mark.parametrize("link", list(PAGES))
def test_a_page_bears_anything(visitor: Visitor, link: str, monkey_seed: int) -> None:
    visitor.take_less_room()
    visitor.open(link)
    BrowserMonkey(visitor, monkey_seed).play(PAGES[link])
