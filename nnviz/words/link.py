"""The link of a run: the button that copies it, and what it holds."""

from nnviz.words.language import Table

LINK = Table(
    button="Copy link",
    help="Copy a link that runs this again, and see what it holds.",
    copied="Copied.",
    select="This browser lets no page copy: the link is marked, so copy it by hand.",
    field="Link of this run",
    close="Close",
)
HOLDS = Table(
    settings="It holds all settings and the seed ({seed}).",
    change="It holds all settings, the seed ({seed}) and 1 live change, at its update.",
    changes="It holds all settings, the seed ({seed}) and {count} live changes, each at its update.",
    again="Whoever opens it and presses Play gets this run again.",
    branch="A branch begins in it as it did here.",
    branches="{count} branches begin in it as they did here.",
    untold="A branch whose parent was let go is not in it.",
    long="{count} live changes are too long for a link, which has {most:,} characters at most. This one holds the "
    "settings on screen and the seed ({seed}). To keep the changes, too, use Take away, Settings: the page Runs opens "
    "that file.",
    none="These settings are too long for a link, which has {most:,} characters at most. Use Take away, Settings: the "
    "page Runs opens that file.",
)
