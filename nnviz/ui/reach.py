"""What makes a page readable and reachable for everybody: contrast, focus, and the order of the keyboard."""

import html
import json

import streamlit as st

from nnviz.charts.palette import GREEN, PURPLE, TRAIN, VERMILLION
from nnviz.ui.board.serving import scripts
from nnviz.words import texts

# Each leans towards the page's own ink, dark on white and light on black, by as much as letters need.
_FORMULA_INKS = {VERMILLION: 80, TRAIN.colour: 70, GREEN: 68, PURPLE: 68}
_CODE_INKS = {
    "keyword,.tag,.function,.class-name,.selector": ("#1c83e1", 70),
    "string,.char,.attr-value": ("#09ab3b", 62),
    "number,.regex": ("#29b09d", 58),
    "boolean,.constant,.symbol": ("#21c354", 52),
    "operator,.entity,.decorator,.atrule": ("#d95a00", 75),
    "comment": ("#808495", 70),
}


def _lean(colour: str, share: int) -> str:
    return f"color-mix(in srgb,{colour} {share}%,var(--ink))"


def _formula_rule(colour: str, share: int) -> str:
    """Match the colour as formulas are written in the document: rgb(213, 94, 0)."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f'.katex [style*="rgb({red}, {green}, {blue})"]{{color:{_lean(colour, share)}!important}}'


def _code_rule(names: str, ink: tuple[str, int]) -> str:
    return f".stCode .token:is(.{names}){{color:{_lean(*ink)}}}"


_CONTRAST = "\n".join(
    (
        "[data-testid=stCaptionContainer]{opacity:1;color:var(--soft)}",
        "button[kind=primary]:enabled{color:var(--paper)!important}",
        "[data-testid=stWidgetLabel][disabled] p{color:var(--soft)}",
        f"button[data-selected=true]{{color:{_lean('var(--mark)', 75)}!important}}",
        *(_formula_rule(*ink) for ink in _FORMULA_INKS.items()),
        *(_code_rule(*ink) for ink in _CODE_INKS.items()),
    )
)
# A control comes before the button that explains it, though its label with that button stands above it.
_ORDER = """
:is(.stSelectbox,.stSlider,.stNumberInput,.stTextInput,.stTextArea,.stButtonGroup,.stRadio){reading-flow:source-order}
[data-testid=stWidgetLabel]{reading-order:1}
"""
_FOCUS = """
:is(a,button,input,select,textarea,summary,[tabindex]):focus-visible{
  outline:3px solid var(--mark)!important;outline-offset:2px!important;border-radius:4px}
[data-ring]{outline:3px solid var(--mark);outline-offset:2px;border-radius:4px}
[data-testid=stSlider] [data-ring]{outline-offset:3px;border-radius:50%}
:is(main,.nnviz-plot):focus-visible{outline-offset:-3px!important}
"""
_SKIP = """
.nnviz-page{position:absolute;width:1px;height:1px;margin:0;padding:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.nnviz-skip{position:fixed;z-index:1000000;top:.4rem;left:.5rem}
.nnviz-skip button{position:absolute;padding:.45rem .9rem;font:600 .95rem/1.3 sans-serif;white-space:nowrap;
  color:#fff;background:#1f2733;border:1px solid #fff;border-radius:.5rem;translate:0 -4rem}
.nnviz-skip button:focus{translate:none}
.katex-display{padding:.25em 3px}
"""


def _theme(option: str) -> str:
    """Write one of the theme's colours for both pages; Streamlit tells components alone what it is."""
    return f"light-dark({st.get_option(f'theme.light.{option}')},{st.get_option(f'theme.dark.{option}')})"


def style() -> str:
    """Write the style of what is read and reached."""
    colours = {"ink": "textColor", "paper": "backgroundColor", "mark": "primaryColor"}
    named = ";".join(f"--{name}:{_theme(option)}" for name, option in colours.items())
    soft = "color-mix(in srgb,var(--ink) 72%,var(--paper))"
    return f"<style>:root{{{named};--soft:{soft}}}{_CONTRAST}{_ORDER}{_FOCUS}{_SKIP}</style>"


def reach(heading: str = "") -> None:
    """Draw what only a keyboard or a screen reader meets: the way past the menus, and a title where none is seen."""
    addresses = scripts()
    script = f"new URL('{addresses['reach.js']}',document.baseURI).href"
    fetched = f"{json.dumps(list(addresses.values()))}.map((each)=>new URL(each,document.baseURI).href)"
    load = f"import({script}).then((m)=>m.reach({json.dumps(dict(texts.REACH))},{fetched}))"
    title = f'<h1 class="nnviz-page">{html.escape(heading)}</h1>' if heading else ""
    st.html(f'{title}<script type="module">{load}</script>', width="content", unsafe_allow_javascript=True)
