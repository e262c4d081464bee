"""DenseNet's page in a real browser."""

import pytest

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

TABLE = "document.querySelector('[data-chart=layer_reads] .js-plotly-plot')"
CORNER = "Array.from({}._fullData[2].z[3])[0]"  # how the last layer of the last block hears the block's input


def test_whom_layers_listen_to_changes_while_the_network_learns(visitor: Visitor) -> None:
    visitor.open("/DenseNet")
    visitor.chart("layer_reads").scroll_into_view_if_needed()
    visitor.wait(f"{TABLE}?._fullData?.length === 3")
    assert visitor.ask_chart("layer_reads", "graph._fullData.map((t) => Array.from(t.z).length)") == [4, 4, 4]
    assert visitor.ask_chart("layer_reads", "graph._fullData[0].x") == ["input", "layer 1", "layer 2", "layer 3"]
    first = visitor.ask_chart("layer_reads", CORNER.format("graph"))
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.wait(f"Math.abs({CORNER.format(TABLE)} - x) > 0.1", first)
