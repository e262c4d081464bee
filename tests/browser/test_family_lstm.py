"""The LSTM's page in a real browser."""

import pytest

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

FLOW = "document.querySelector('[data-chart=gradient_flow] .js-plotly-plot')"
TEXT = "document.querySelector('[data-chart=generated] .js-plotly-plot .annotation-text')?.textContent ?? ''"


def test_the_gradient_by_step_changes_beside_the_plain_twin_and_a_text_of_its_own_is_written(visitor: Visitor) -> None:
    visitor.open("/LSTM?dataset=adding:size=1000,steps=20")
    visitor.wait(f"{FLOW}?._fullData?.length === 3")
    first = visitor.page.evaluate(f"Array.from({FLOW}._fullData[0].y)")
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.wait(f"Math.abs(Array.from({FLOW}._fullData[0].y)[0] / x - 1) > 1e-3", first[0])
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    a_text_is_written_and_rewritten_while_the_network_learns(visitor)


def a_text_is_written_and_rewritten_while_the_network_learns(visitor: Visitor) -> None:
    visitor.set_up(3)
    visitor.wait(f"({TEXT}).length > 100")
    first, step = visitor.page.evaluate(TEXT), visitor.step()
    visitor.wait_for_step(step + 20)
    visitor.wait(f"({TEXT}) !== x", first)
