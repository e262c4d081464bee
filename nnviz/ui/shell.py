"""The frame of every page: its title, the menu and the compact style."""

from collections.abc import Mapping

import streamlit as st

from nnviz.ui.page_runs import begin_page
from nnviz.ui.reach import reach, style
from nnviz.ui.reader import follow_reader
from nnviz.ui.whole import begin_watch
from nnviz.words import texts
from nnviz.words.language import Text, say

PAGES: Mapping[str, tuple[str, str]] = {
    "home": ("app.py", ":material/home:"),
    "train": ("pages/1_Train.py", ":material/model_training:"),
    "race": ("pages/2_Race.py", ":material/sports_score:"),
    "surfaces": ("pages/3_Surfaces.py", ":material/landscape:"),
    "foundations": ("pages/4_Foundations.py", ":material/school:"),
    "architectures": ("pages/5_Architectures.py", ":material/account_tree:"),
    "faults": ("pages/7_Faults.py", ":material/troubleshoot:"),
    "runs": ("pages/6_Runs.py", ":material/inventory_2:"),
}

# The menu sits in the header's row; a closed sidebar leaves its button there, so the menu moves over.
_STYLE = """<style>
header[data-testid=stHeader],header[data-testid=stHeader] *{background-color:transparent;pointer-events:none}
header[data-testid=stHeader] :is(button,a,button *,a *){pointer-events:auto}
.stMainBlockContainer{padding:.7rem 1.5rem 2rem;max-width:1800px}
@media (max-width:640px){.stMainBlockContainer{padding:.7rem .75rem 2rem}}
.stMainBlockContainer > [data-testid=stVerticalBlock]{gap:.6rem}
.st-key-menu{border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent);padding:0 3rem .3rem 0}
.stSidebar[data-collapsed=true] ~ * .st-key-menu{padding-left:2.75rem}
[data-testid=stSidebarHeader]{height:2.4rem;margin-bottom:0}
section[data-testid=stSidebar] h3{padding:.8rem 0 .15rem;font-size:1.05rem}
section[data-testid=stSidebar] [data-testid=stVerticalBlock]{gap:.6rem}
.st-key-lessons{margin-top:-.2rem;row-gap:.1rem}
.st-key-lesson_head h1{padding:.2rem 0 .1rem;font-size:1.75rem}
.st-key-home_head{gap:.2rem 1.2rem}
.st-key-home_head h1{padding:0;font-size:1.4rem;white-space:nowrap}
.st-key-ways img{display:block;width:100%;aspect-ratio:4/3;object-fit:contain;border-radius:6px}
.st-key-examples{row-gap:0}
@media (max-width:640px){.st-key-home_head p{font-size:.9rem}}
.st-key-layers [data-testid=stColumn]{min-width:0}
.st-key-layers [data-testid^=stNumberInputStep]{display:none}
.st-key-bar,.st-key-live_knobs{row-gap:.4rem}
.st-key-bar .stPageLink{margin-bottom:10px}
.st-key-to_tries{margin-bottom:7px}
</style>"""


def shell(title: Text, *, is_bare: bool = False) -> None:
    """Set up a page; the first call of every page. A bare page shows no title: it gets one to be read out."""
    begin_page()
    follow_reader()
    title = say(title)
    st.set_page_config(f"{title} · {texts.NAME}", "🧠", layout="wide", initial_sidebar_state="auto")
    st.html(_STYLE + style())
    with st.container(horizontal=True, key="menu", vertical_alignment="center"):
        st.markdown(f"**{texts.NAME}**", width="content")
        for name, (path, icon) in PAGES.items():
            st.page_link(path, label=texts.MENU[name], icon=icon)
        reach(title if is_bare else "")
        begin_watch()
