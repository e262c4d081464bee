"""The words of the live board itself."""

from nnviz.words.language import Table

BOARD = Table(
    explain="What am I looking at?",
    about="About",
    stage="Full screen",
    stage_help="Fill the screen with a few charts, large enough for the last row (key F). Escape leads back.",
    leave="Back to the page",
    counts="Charts on the screen:",
    charts="Charts",
    charts_usual="All, as usual",
    sooner="Move up:",
    later="Move down:",
    enlarge="Press to enlarge; press again to put it back.",
    loading="Loading the charts …",
    failed="This chart could not be drawn:",
    lost="Connection lost: this may be out of date. It goes on by itself.",
    many="Many pages are open: this one shows what is new once a second only.",
    offline="The plot library could not be loaded. Is the server still running?",
    log="Changes while training",
    png="Save as a picture:",
    tools="Zoom and move:",
    keys={
        "handle": "Arrow keys move the chosen point, Page Down chooses the next.",
        "place": "Arrow keys move the mark.",
        "adds": "Insert adds a point.",
        "removes": "Delete takes the chosen one away.",
    },
    target="Target: drag it, or press the arrow keys",
    playback={"play": "Play", "pause": "Pause", "step": "Step", "speed": "Speed"},
)
