"""The README's pictures, taken from the real app; `scripts/screenshots` puts them into docs/."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ARTEFACTS
from tests.browser.server import ROOT, AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SPIRAL = {"dataset": "spiral", "model": "mlp:hidden=8,8,8", "activation": "tanh", "initializer": "glorot_normal"}


@dataclass(frozen=True)
class Picture:
    """What to train and for how long before the picture is taken."""

    link: dict[str, str]
    steps: int
    size: tuple[int, int] = (1400, 1000)  # pixels
    is_dark: bool = False
    speed: str = "ArrowRight"  # a key for the slider


PICTURES = {
    "train": Picture({}, 300),
    "spiral": Picture({**SPIRAL, "optimizer": "adam:lr=0.01", "epochs": "0"}, 1500, is_dark=True, speed="End"),
    "narrow": Picture({"dataset": "moons", "epochs": "0"}, 200, size=(390, 1400)),
}
IN_README = ("train", "spiral")


@pytest.mark.parametrize("name", list(PICTURES))
def test_a_picture_can_be_taken(name: str, browser: Browser, server: AppServer, request: pytest.FixtureRequest) -> None:
    picture = PICTURES[name]
    visitor = Visitor(browser, server.url, *picture.size, is_dark=picture.is_dark)
    visitor.open_train(**picture.link)
    visitor.press("Play")
    visitor.turn("Speed", picture.speed)
    visitor.wait_for_step(picture.steps)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    visitor.linger()
    is_for_readme = name in IN_README and request.config.getoption("--pictures")
    path = (ROOT / "docs" if is_for_readme else ARTEFACTS) / f"{name}.png"
    visitor.leave(path)
    assert path.stat().st_size > 20_000  # bytes: an empty page is smaller
