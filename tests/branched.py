"""A run for each optimizer, with a branch that goes on with it: turned before, turned there and turned afterwards."""

from collections.abc import Iterator

from nnviz.catalog import MODELS, OPTIMIZERS
from nnviz.records.moments import focused
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.sessions.branches import fork
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, ExperimentSpec
from tests.runs import SMALL, wait_for

BEGINS, ENDS = 9, 24
ENDLESS = SMALL.with_(epochs=0, seed=3)
GAN = MODELS["gan"].usual.with_(epochs=0, model=Choice.of("gan", width=16))
OTHERS = {
    "players": (GAN.with_(second_optimizer=None), Choice.of("sgd", lr=0.01)),
    "one of two players": (GAN.with_(second_optimizer=Choice("rmsprop")), Choice("adamw")),
    "scheduled": (ENDLESS.with_(schedule=Choice.of("cosine", epochs=4)), Choice("momentum")),
    "listening": (ENDLESS.with_(schedule=Choice.of("plateau", patience=0, threshold=0.3)), Choice("momentum")),
    "spared and averaged": (
        ENDLESS.with_(decay=Choice("weights"), averaging=Choice("ema"), clipping=Choice("norm")),
        Choice.of("adamw", weight_decay=0.1),
    ),
}


def switches() -> Iterator[tuple[str, ExperimentSpec, Choice]]:
    """Name each optimizer, what is trained until then, and what it goes on as; and where more than that is switched."""
    for name in OPTIMIZERS:
        yield name, ENDLESS.with_(optimizer=Choice("momentum" if name == "adam" else "adam")), Choice(name)
    for name, (spec, choice) in OTHERS.items():
        yield name, spec, choice


def stepped(session: Session, updates: int) -> Snapshot:
    """Do so many updates and look."""
    session.run.step(updates)
    assert wait_for(lambda: session.snapshot().status != Status.RUNNING and session.snapshot().asked is None)
    return session.snapshot()


def branched(spec: ExperimentSpec, choice: Choice, pool: Pool) -> Session:
    """Train, turn, branch with another optimizer, and turn on both sides of it."""
    session = Session(spec, "ann", pool)
    session.begin(is_started=False)
    session.turn("batch_size", 9)
    stepped(session, 4)
    session.turn("optimizer.lr", 0.02)
    stepped(session, BEGINS - 4)
    session.turn("optimizer.lr", 0.5)  # where the branch begins, which knows nothing of it
    stepped(session, 3)
    fork(session, BEGINS, {}, choice)
    stepped(session, 5)
    for knob in (knob for knob in OPTIMIZERS[choice.name].knobs if knob.live):
        value = float(OPTIMIZERS[choice.name].values(choice)[knob.name])
        session.turn(f"optimizer.{knob.name}", 0.5 * value if value else 0.1)
    session.turn("batch_size", 7)
    stepped(session, ENDS - BEGINS - 5)
    return session


def lane_of(session: Session) -> Lane:
    """Return the lane in focus."""
    return focused(session.run.peek(), session.focus).lanes[0]
