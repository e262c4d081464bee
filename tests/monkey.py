"""Whoever presses anything at any time, and what must be so afterwards."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, cast

from streamlit.testing.v1 import AppTest

from nnviz.catalog import CATALOGUES, NUMBERS, OPTIMIZERS, SCHEDULES, SWITCHES, Knob, entry_of, live_of
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.run import Run
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import ExperimentSpec
from nnviz.ui.typed import typed
from tests.runs import PATIENT, wait_for
from tests.tab import Part, Tab, stops

Truth = dict[str, Any]  # what a control must show, by its name
Restarts = tuple[int, ...]  # how often a run may have started afresh
LIVE = (
    "live.",
    "bar.speed",
    "view.",
    "lane.",
    "fork.",
    "branches.",
)  # what never starts anything again, but for a lane's optimizer
CALM = ("bar.pause", "bar.step", "bar.epoch")
FRESH = ("bar.reset", "bar.seed", "lane.")
PERHAPS_FRESH = ("try.", "fresh.undo", "lab.reset")
ANOTHER = "press lab.start_over"  # takes a run of one's own
ALWAYS = ("live.", "bar.", "walker.")
RATE = next(knob for knob in OPTIMIZERS["sgd"].knobs if knob.typed)
LEFT_ALONE = ("export", "download")  # downloads
MENU_LINKS = 6
MOMENT = 18  # updates at full speed: taken for paid in advance they would hold up a run of 1/s for longer than SOON
NAP = 2.0  # seconds
GOING_ON = 0.7  # how often who asks for a branch lets it begin
SOON = 15.0  # seconds in which a run that trains has moved, on any machine


class Monkey:
    """Plays with one page; `link` reads the address as what it says, `told` is what it must say."""

    def __init__(self, page: AppTest, link: Callable[[AppTest], object], seed: int) -> None:
        self.tab, self._link = Tab(page), link
        self.random = Random(seed)
        self.done: list[str] = []  # for the message of a failure
        self._addresses = [dict(page.query_params)]

    def play(self, steps: int) -> None:
        """Do some things, and look after each."""
        for _ in range(steps):
            self.act()
            self.check()

    def act(self) -> Restarts:
        """Do one thing; return how often a run may have started afresh by it."""
        allowed = self.random.choice(self.acts())()
        for _ in range(self.random.choice((0, 0, 0, 0, 1, 2))):
            self.tab.send()  # the timer, before the answer is on the screen
        self.tab.hear()
        self._addresses.append(dict(self.tab.page.query_params))
        return allowed

    def acts(self) -> list[Callable[[], Restarts]]:
        """What can be done; what stands there twice is done twice as often."""
        return [self._turn, self._turn, self._turn, self._press, self._stale, *[self._unfold] * bool(self.tab.popovers)]

    def _turn(self) -> Restarts:
        return self._turn_one([name for name, part in self.tab.parts.items() if not part.disabled])

    def _turn_one(self, names: list[str]) -> Restarts:
        name = self.random.choice(names)
        part = self.tab.parts[name]
        value = self.random.choice(list(stops(part)))
        self.done.append(f"{name}={value}")
        self.tab.turn(part, value)
        is_live = name.startswith(LIVE) and not name.endswith(".optimizer")
        return (0,) if is_live else (0, 1)

    def _press(self) -> Restarts:
        pressed = self.random.choice([key for key in self.tab.buttons if not key.startswith(LEFT_ALONE)])
        self.done.append(f"press {pressed}")
        self.tab.press(pressed)
        return self._restarts_by(pressed)

    def _restarts_by(self, pressed: str) -> Restarts:
        return (0,)

    def _unfold(self) -> Restarts:
        popover = self.random.choice(self.tab.popovers)
        self.done.append(f"open or close {popover.rpartition('-')[2]}")
        self.tab.unfold(popover)
        return (0,)

    def _stale(self) -> Restarts:
        """Send a request that left before the address had changed."""
        self.done.append("an address of before")
        query = self.tab.page.query_params
        for name in list(query):
            del query[name]
        query.update(self._addresses[-self.random.choice((1, 2, 3)) :][0])
        self.tab.send()
        return (0,)

    def check(self) -> None:
        """Hold page, address and what is behind them against each other."""
        page = self.tab.page
        assert not page.exception, self.story(str(page.exception[0].proto))
        assert not page.error, self.story(page.error[0].value)
        assert len(page.get("page_link")) >= MENU_LINKS, self.story("the menu is gone")
        self._check_controls(self.truth())
        said, wanted = str(self._link(page)), str(self.told())
        assert said == wanted, self.story(f"the address says {said}, what runs is {wanted}")

    def truth(self) -> Truth:
        """Return what controls must show."""
        raise NotImplementedError

    def told(self) -> object:
        """Return what the address must say."""
        raise NotImplementedError

    def _check_controls(self, truth: Truth) -> None:
        missing = [name for name in truth if name.startswith(ALWAYS) and name not in self.tab.parts]
        assert missing == [], self.story(f"{missing} are not on the page")
        for name, part in self.tab.parts.items():
            if name in truth:
                shown, wanted = self.tab.shown(name), written(part, truth[name])
                assert shown == wanted, self.story(f"{name} shows {shown!r}, the truth is {wanted!r}")

    def story(self, what: str) -> str:
        """Tell what went wrong after what."""
        return f"{what}, after {self.done[-12:]}"


class RunMonkey(Monkey):
    """Plays with a page that has a run; `session` finds it."""

    def __init__(
        self, page: AppTest, session: Callable[[], Session], link: Callable[[AppTest], object], seed: int
    ) -> None:
        super().__init__(page, link, seed)
        self._session, self._was_over = session, False

    @property
    def session(self) -> Session:
        """The run that the page is about."""
        return self._session()

    def acts(self) -> list[Callable[[], Restarts]]:
        """What can be done."""
        more = [self._wait, self._sleep, self._press, *[self._drag] * isinstance(self.session, RaceSession)]
        is_stored = any(lane.stored for lane in self.session.snapshot().lanes)
        more += [self._branch, self._branch] * is_stored
        return [*super().acts(), *more, *[self._pace, self._let_go] * ("bar.speed" in self.tab.parts)]

    def act(self) -> Restarts:
        """Do one thing, and see that nothing started afresh by it that should not."""
        before, generation = self.session, self.session.generation
        self._was_over = before.snapshot().status.is_over
        allowed = super().act()
        if self.done[-1] == ANOTHER:
            return allowed
        assert self.session is before, self.story("another run is looked at")
        is_found = isinstance(before, RaceSession) and before.search is not None  # the best rates may have been taken
        restarts = before.generation - generation - is_found
        assert restarts in allowed or restarts + is_found in allowed, self.story("something started again")
        return allowed

    def _restarts_by(self, pressed: str) -> Restarts:
        if pressed.startswith(FRESH) and not pressed.endswith(".let_go"):
            return (1,)
        is_perhaps = pressed.startswith(PERHAPS_FRESH) or (self._was_over and pressed not in CALM)
        return (0, 1) if is_perhaps else (0,)

    def _branch(self) -> Restarts:
        """Ask to go on from a moment, turn something there, and go on, or leave the question where it is."""
        step = self.random.choice(self.session.snapshot().lanes[0].stored or (0,))
        self.done.append(f"go on from {step}")
        self.tab.go_on_from(step)
        self.tab.hear()
        for _ in range(self.random.choice((0, 1, 2))):
            asked = [name for name in self.tab.parts if name.startswith("fork.")]
            if asked:
                self._turn_one(asked)
                self.tab.hear()
        if "fork.go" in self.tab.buttons and self.random.random() < GOING_ON:
            self.done.append("press fork.go")
            self.tab.press("fork.go")
        return (0, 1) if self._was_over else (0,)

    def _pace(self) -> Restarts:
        return self._turn_one(["bar.speed"])

    def _drag(self) -> Restarts:
        target = self.random.choice((0.02, 0.1, 0.5))
        self.done.append(f"drag the target to {target}")
        self.tab.drag_target(target)
        return (0,)

    def _wait(self) -> Restarts:
        """Let time pass; a run that trains must move on, whatever its pace has been."""
        self.done.append("wait")
        self._see_it_move(1)
        self.tab.send()
        return (0,)

    def _see_it_move(self, updates: int) -> None:
        run, before = self.session.run, self.session.snapshot()
        goal = _steps_of(before) + updates
        if before.status == Status.RUNNING:
            patience = SOON if updates == 1 else PATIENT
            moved = wait_for(lambda: _has_come(run.snapshot(), goal), patience)
            assert moved, self.story("the run does not move")

    def _let_go(self) -> Restarts:
        """Let a paced run go at full speed for a while, and pace it again."""
        for words, updates in (("1/s", 0), ("full speed", MOMENT), ("1/s", 1)):
            part = self.tab.parts["bar.speed"]
            if part.disabled:
                break
            self.done.append(words)
            self.tab.turn(part, words)
            self.tab.hear()
            self._see_it_move(updates)
        return (0,)

    def _sleep(self) -> Restarts:
        """Look away for longer than a run's patience."""
        run = cast(Run, self.session.run)
        self.done.append("sleep")
        run.patience, patience = 0.0, run.patience
        wait_for(lambda: run.peek().status not in (Status.RUNNING, Status.STARTING), NAP)  # an epoch goes on to its end
        run.patience = patience
        self.tab.send()
        return (0,)

    def check(self) -> None:
        """Hold the trainer, too, against what was asked for."""
        super().check()
        snapshot = self.session.snapshot()
        for racer in racers(self.session):
            self._check_trainer(snapshot, racer)

    def truth(self) -> Truth:
        """Return what controls must show: the trainer's own values."""
        return dict(truths(self.session, self.session.snapshot()))

    def told(self) -> object:
        """Return what the address must say."""
        return settings(self.session, self.session.snapshot())

    def _check_trainer(self, snapshot: Snapshot, racer: int) -> None:
        """A run that goes on or holds still has what was asked for."""
        if snapshot.status not in (Status.RUNNING, Status.PAUSED):
            return
        agrees = wait_for(lambda: self._has_what_was_asked(self.session.snapshot(), racer))
        assert agrees, self.story("the trainer has something else")

    def _has_what_was_asked(self, snapshot: Snapshot, racer: int) -> bool:
        ids = {cast(Run, self.session.run).lanes[place].id for place in self.session.lanes_of(racer)}
        lanes = [lane for lane in snapshot.lanes if lane.id in ids]
        going = [lane for lane in lanes if lane.knobs and not lane.status.is_over]
        return all(lane.knobs == self.session.knobs(snapshot, racer) for lane in going)


def _has_come(snapshot: Snapshot, goal: int) -> bool:
    return snapshot.status != Status.RUNNING or _steps_of(snapshot) >= goal


def _steps_of(snapshot: Snapshot) -> int:
    return sum(lane.step for lane in snapshot.lanes)


def written(part: Part, value: Any) -> Any:
    """Write a value as a control shows it."""
    is_choice = part.type in ("selectbox", "select_slider", "button_group")
    return part.format_func(value) if is_choice and value is not None else value


def racers(session: Session) -> list[int]:
    """The racers of a run, branches among them."""
    return sorted({lane.racer for lane in cast(Run, session.run).lanes})


def settings(session: Session, snapshot: Snapshot) -> object:
    """Return what the address must say."""
    plan: object = session.present_plan(snapshot) if session.is_ahead(snapshot) else session.replay(snapshot)
    return plan


def truths(session: Session, snapshot: Snapshot) -> Iterator[tuple[str, Any]]:
    """Tell what controls must show: the trainer's own values."""
    spec, pace = session.present_spec(snapshot), session.run.pace
    yield "bar.speed", round(1 / pace) if pace else 0
    yield "view.tier", str(session.tier)
    if any(lane.racer == session.focus for lane in snapshot.lanes):
        yield "branches.focus", session.focus
    yield from _settings(spec)
    if isinstance(session, ModelSession):
        yield f"family.{session.kind}.beside", session.plan.beside
    if isinstance(session, RaceSession):
        yield from _lanes(session, snapshot)
    else:
        yield from _knobs(session, snapshot)


def _settings(spec: ExperimentSpec) -> Iterator[tuple[str, Any]]:
    for kind in ("dataset", "model", "activation", "initializer", "loss", "optimizer", "schedule", *SWITCHES):
        yield f"set.{kind}", getattr(spec, kind).name
    for field in ("epochs", "seed", "device", "batch_size", *NUMBERS):
        yield f"set.{field}", getattr(spec, field)
    for name, value in SCHEDULES[spec.schedule.name].values(spec.schedule).items():
        yield f"set.schedule.{spec.schedule.name}.{name}", value
    if spec.model.name == "mlp":
        units = [int(unit) for unit in str(spec.model.knobs.get("hidden", "")).split(",") if unit]
        yield "set.layers", len(units)
        yield from ((f"set.units.{place}", count) for place, count in enumerate(units))
    for kind in ("model", "loss"):
        choice = getattr(spec, kind)
        values = CATALOGUES[kind][choice.name].values(choice)
        for knob in CATALOGUES[kind][choice.name].knobs:
            if knob.more:
                yield f"set.{kind}.{choice.name}.{knob.name}", values[knob.name]


def _knobs(session: Session, snapshot: Snapshot) -> Iterator[tuple[str, Any]]:
    yield "live.batch_size", int(session.knob("batch_size", snapshot))
    for field, choice in live_of(session.spec).items():
        start = "live" if field == "optimizer" else f"live.{field}"
        for knob in entry_of(field, choice).knobs:
            if knob.live:
                yield from _told(
                    knob, f"{start}.{choice.name}.{knob.name}", session.knob(f"{field}.{knob.name}", snapshot)
                )


def _told(knob: Knob, name: str, value: float) -> Iterator[tuple[str, Any]]:
    """Tell what a knob must show, and the field beside it where there is one."""
    yield name, value
    if knob.typed:
        yield f"{name}.typed", typed(value)


def _lanes(session: RaceSession, snapshot: Snapshot) -> Iterator[tuple[str, Any]]:
    yield "race.seeds", session.race.seeds
    for racer, lane in enumerate(session.race.lanes):
        yield from _told(RATE, f"lane.{racer}.{lane.name}.lr", session.knob("optimizer.lr", snapshot, racer))
    for branch in (lane for lane in snapshot.lanes if lane.parent):
        rate = session.knob("optimizer.lr", snapshot, branch.racer)
        yield from _told(RATE, f"lane.{branch.racer}.{branch.spec.optimizer.name}.lr", rate)
