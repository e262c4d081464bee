"""The words about a fresh run: what is new, and the way back."""

from nnviz.words.language import Table

FRESH = Table(
    changed="New run: {changes}.",
    same="New run from the start, with the same settings.",
    ghosts="The grey curve, “earlier run”, is the run before.",
    pinned="The grey curve, “earlier run”, is the one that you keep.",
    from_to="{label} {before} → {after}",
    other="another {label}",
    more=" and {count} more",
    none="none",
    lane="lane",
    added="{lane} added",
    removed="{lane} removed",
    rates="learning rates of {count} lanes",
    beside="Beside it",
)
FRESH_BUTTONS = Table(
    undo=("Undo", "Bring the run before back as it was, paused: its curves, its last update, its live changes."),
    read=("OK", "Hide this line and let the run before go."),
)
