"""GoogLeNet's page in a real browser."""

import pytest

from tests.browser.strokes import is_drawn_as_moved
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SHARES = "document.querySelector('[data-chart=branch_shares] .js-plotly-plot')"


def test_the_branches_shares_move_while_the_costs_stay(visitor: Visitor) -> None:
    visitor.open("/GoogLeNet")
    visitor.wait(f"{SHARES}?._fullData?.length === 4")
    first = visitor.ask_chart("branch_shares", "Array.from(graph._fullData[0].y)")
    assert len(first) == 4
    visitor.wait_for_draws("branch_costs", 0)
    costs = visitor.ask_chart("branch_costs", "graph._fullData.map((trace) => Array.from(trace.y))")
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.wait(f"Math.abs(Array.from({SHARES}._fullData[0].y)[0] - x) > 0.1", first[0])
    sums = visitor.ask_chart(
        "branch_shares", "[0, 1, 2, 3].map((at) => graph._fullData.reduce((sum, trace) => sum + trace.y[at], 0))"
    )
    assert sums == pytest.approx([100] * 4, abs=0.01)
    assert visitor.ask_chart("branch_costs", "graph._fullData.map((trace) => Array.from(trace.y))") == costs
    assert any(is_drawn_as_moved(visitor, "branch_shares") for _ in range(5))
