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
    page: str = "Train"


PICTURES = {
    "train": Picture({}, 300),
    "spiral": Picture({**SPIRAL, "optimizer": "adam:lr=0.01", "epochs": "0"}, 4000, is_dark=True, speed="End"),
    "race": Picture({"seeds": "3"}, 300, size=(1400, 1080), page="Race"),
    "resnet": Picture({}, 120, size=(1400, 1000), speed="End", page="ResNet"),
    "gan": Picture({}, 2500, size=(1400, 1150), speed="End", page="GAN"),
    "narrow": Picture({"dataset": "moons", "epochs": "0"}, 200, size=(390, 1400)),
}
LOOK = 100  # updates: enough to see that the picture can be taken
IN_README = ("train", "spiral", "race", "resnet", "gan")


OTHERS = [pytest.param(name, marks=pytest.mark.picture) for name in PICTURES if name != "spiral"]


@pytest.mark.parametrize("name", ["spiral", *OTHERS])
def test_a_picture_can_be_taken(name: str, browser: Browser, server: AppServer, request: pytest.FixtureRequest) -> None:
    picture, is_for_readme = PICTURES[name], name in IN_README and request.config.getoption("--pictures")
    visitor = Visitor(browser, server.url, *picture.size, is_dark=picture.is_dark)
    visitor.open(f"/{picture.page}?" + "&".join(f"{name}={value}" for name, value in picture.link.items()))
    visitor.press("Play")
    visitor.turn("Speed", picture.speed)
    visitor.wait_for_step(picture.steps if is_for_readme else min(picture.steps, LOOK))
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    visitor.linger()
    taken(visitor, name, is_for_readme)


def taken(visitor: Visitor, name: str, is_for_readme: bool) -> None:
    """Take the picture, for docs/ or only for this run."""
    path = (ROOT / "docs" if is_for_readme else ARTEFACTS) / f"{name}.png"
    visitor.leave(path)
    assert path.stat().st_size > 20_000  # bytes: an empty page is smaller


@pytest.mark.picture
def test_a_picture_of_a_surface_can_be_taken(
    browser: Browser, server: AppServer, request: pytest.FixtureRequest
) -> None:
    visitor = Visitor(browser, server.url, 1400, 900, is_dark=True)
    visitor.open("/Surfaces?internals=Momentum")
    playback = visitor.page.locator(".nnviz-playback input")
    visitor.wait("Number(document.querySelector('.nnviz-playback input')?.value) > 0")
    playback.press("Home")
    for _ in range(4):
        playback.press("ArrowRight")
    visitor.linger()
    taken(visitor, "surfaces", bool(request.config.getoption("--pictures")))


@pytest.mark.picture
def test_a_picture_of_a_lesson_can_be_taken(
    browser: Browser, server: AppServer, request: pytest.FixtureRequest
) -> None:
    visitor = Visitor(browser, server.url, 1400, 1000)
    visitor.open("/Gradient_descent?step=20&lr=0.15")
    visitor.wait("Number(document.querySelector('[data-chart=bowl]')?.dataset.draws) > 0")
    visitor.linger()
    taken(visitor, "lesson", bool(request.config.getoption("--pictures")))


@pytest.mark.picture
def test_a_picture_of_a_fault_can_be_taken(browser: Browser, server: AppServer, request: pytest.FixtureRequest) -> None:
    visitor = Visitor(browser, server.url, 1400, 1100)
    visitor.open("/Faults?case=displaced_labels")
    visitor.wait_for_charts()
    visitor.press("Play")
    visitor.wait_for_step(300)
    visitor.page.get_by_text("Labels off by one").click()
    visitor.press("Pause")
    visitor.page.locator("[data-finding=displaced]").wait_for()
    visitor.linger()
    taken(visitor, "faults", bool(request.config.getoption("--pictures")))
