"""What is set by hand on charts while a network learns, on every page that trains."""

import pytest

from tests.browser.strokes import is_drawn_as_moved
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MOVED = {
    "/Train?dataset=moons": ("loss", "field", "hidden_units", "confusion", "weights"),
    "/GAN": ("density", "modes", "verdicts"),
    "/Train?dataset=digits": ("gallery", "confusion"),
    "/Race?dataset=moons": ("lane_weights",),
    "/Train?dataset=sine&loss=mse": ("fit",),
    "/Autoencoder": ("latent", "decoded"),
}


def test_curves_move_and_the_plot_library_draws_the_same_when_a_hand_comes_near(visitor: Visitor) -> None:
    come = visitor.open
    for link, names in MOVED.items():
        come(link)
        come = visitor.go
        visitor.wait_for_charts()
        visitor.slider("Speed").press("Home")
        for _ in range(2):
            visitor.turn("Speed", "ArrowRight")  # 10 updates a second
        visitor.press("Play")
        visitor.wait_for_step(20)
        for name in names:
            assert any(is_drawn_as_moved(visitor, name) for _ in range(5)), f"{name} of {link}"
