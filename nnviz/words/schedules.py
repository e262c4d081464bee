"""What is said of learning-rate schedules beside their entries."""

from nnviz.words.language import Table

SCHEDULE = Table(
    base="A schedule runs: this is the base, and each update is done at it times the schedule's factor. Turned, the "
    "base moves and the factor goes on.",
    picture="The factor of the learning rate over {epochs} epochs",
    told="Factor: {first} at first, {last} after {epochs} epochs.",
    heard="Factor: 1 at first; when it drops, the training loss decides.",
)
