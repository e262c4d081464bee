"""Which charts say something about a run, told from its data and network before anything is measured."""

from nnviz.charts import facts
from nnviz.records.run import Snapshot

MOST_ENDS = 12  # inputs, or outputs, that a drawing names


def has_classes(snapshot: Snapshot) -> bool:
    """Tell whether the run chooses among classes."""
    if snapshot.scene:
        return snapshot.scene.is_classes
    return facts.latest(snapshot, lambda record: record.test_accuracy) is not None


def has_answers(snapshot: Snapshot) -> bool:
    """Tell whether the network answers something about each example, rather than make or give back examples."""
    return facts.metric_of(snapshot) == "loss"


def has_plane(snapshot: Snapshot) -> bool:
    """Tell whether the inputs are points of a plane."""
    if snapshot.scene:
        return snapshot.scene.inputs == 2 and has_answers(snapshot)
    return facts.latest(snapshot, lambda record: record.field) is not None


def has_plane_and_hidden(snapshot: Snapshot) -> bool:
    """Tell whether there are hidden units to draw over a plane."""
    found = facts.latest(snapshot, lambda record: record.field)
    return has_plane(snapshot) and (bool(found.hidden) if found else bool(hidden_sizes(snapshot)))


def has_line(snapshot: Snapshot) -> bool:
    """Tell whether the run fits a curve over one input."""
    if snapshot.scene:
        return snapshot.scene.inputs == 1 and not snapshot.scene.is_classes
    return facts.latest(snapshot, lambda record: record.fit) is not None


def has_pictures(snapshot: Snapshot) -> bool:
    """Tell whether the inputs are pictures."""
    if snapshot.scene:
        return snapshot.scene.picture is not None and has_answers(snapshot)
    return facts.latest(snapshot, lambda record: record.gallery) is not None


def hidden_sizes(snapshot: Snapshot) -> list[int]:
    """Read the sizes of the first lane's hidden layers off its spec."""
    text = str(snapshot.lanes[0].spec.model.knobs.get("hidden", "")) if snapshot.lanes else ""
    return [int(part) for part in text.split(",") if part.strip().isdigit() and int(part)]


def is_drawn(snapshot: Snapshot) -> bool:
    """Tell whether the network is a chain of plain layers from few inputs to few outputs; layers may be added to it.

    One from many inputs is drawn where its record has the weights, for it is small then.
    """
    if not has_answers(snapshot):
        return False
    if facts.latest(snapshot, lambda record: record.weights):
        return True
    if not snapshot.scene or not snapshot.lanes or snapshot.lanes[0].spec.model.name != "mlp":
        return False
    return max(snapshot.scene.inputs, snapshot.scene.outputs) <= MOST_ENDS


def has_players(snapshot: Snapshot) -> bool:
    """Tell whether several players learn, each with a loss of its own."""
    return bool(snapshot.scene and snapshot.scene.players)


def has_one_player(snapshot: Snapshot) -> bool:
    """Tell whether all that learns makes one loss small."""
    return not has_players(snapshot)


def has_search(snapshot: Snapshot) -> bool:
    """Tell whether learning rates are or were searched."""
    return snapshot.search is not None
