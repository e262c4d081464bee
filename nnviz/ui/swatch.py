"""The colour that a saved run keeps, as a small picture for tables."""

from base64 import b64encode

from nnviz.charts.palette import RUN_COLOURS, Style

_GAPS = {"dash": "7 4", "dot": "4 4", "dashdot": "9 3 3 3", "longdash": "14 4", "longdashdot": "14 3 3 3"}


def swatch(colour: int) -> str:
    """Return the address of a picture: a short line in the colour of a run."""
    return swatch_of(Style(RUN_COLOURS[colour], "solid"))


def swatch_of(look: Style) -> str:
    """Return the address of a picture: a short line, as the curves of a run are drawn."""
    gaps = _GAPS.get(look.dash, "none") if "px" not in look.dash else look.dash.replace("px", "").replace(",", " ")
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="24"><line x1="2" y1="12" x2="46" y2="12" '
        f'stroke="{look.colour}" stroke-width="8" stroke-dasharray="{gaps}"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
