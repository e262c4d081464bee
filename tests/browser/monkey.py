"""Whoever presses anything at any time in a real browser; what must be so is read from the screen and the address."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator

from nnviz.catalog import ACTIVATIONS, DATASETS, OPTIMIZERS, optimizers_of, weight_place
from nnviz.catalog.choices import with_knob
from nnviz.catalog.links import read_descent, read_planned, read_race
from nnviz.catalog.optimizers import labels
from nnviz.lessons.edge.state import State as EdgeState
from nnviz.specs.branches import BRANCHES, PlannedBranch
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.planned import JOURNAL, ON_THE_WAY, Planned
from nnviz.specs.race import RaceSpec
from nnviz.ui.typed import typed
from nnviz.words.numbers import number
from tests.browser.visitor import Visitor

TROUBLE = "[data-testid=stException], [data-testid=stAlertContentError]"
BUTTONS = ("Play", "Pause", "Step", "Epoch", "Reset", "New seed")
KEYS = ("ArrowLeft", "ArrowRight", "Home", "End", "PageUp")
# Each slider of the page by the words that a reader knows it by, with the words of its value; fields of numbers, too.
SLIDERS = """() => Object.fromEntries([...document.querySelectorAll('input[type=range]')]
  .filter((each) => !each.dataset.dial && !each.closest('.nnviz-past'))
  .map((each) => [each.getAttribute('aria-label'), each.getAttribute('aria-valuetext')])
  .concat([...document.querySelectorAll('[data-testid=stTextInputField]')]
    .map((each) => [each.getAttribute('aria-label'), each.value])))"""

# Each dial of the board, likewise.
DIALS = """() => Object.fromEntries([...document.querySelectorAll('.nnviz-board [data-dial]')]
  .map((each) => [each.dataset.dial, (each.ariaValueText ?? each.querySelector('output')?.textContent)]))"""

# How the board says that the run stands, which is pushed, and what the page's button offers.
STANDING = """() => {
  const word = /Play|Paused|Pause|Ready|Training|Racing/;
  return ['.nnviz-status', '.st-key-bar-play'].map(
    (found) => document.querySelector(found)?.textContent.match(word)?.[0] ?? '');
}"""
RATE = ".nnviz-dials:not([hidden]) input[data-dial='optimizer.lr']"
CONTRARY = {("Play", "Training"), ("Play", "Racing"), ("Pause", "Paused"), ("Pause", "Ready")}

# Which controls are seen and can be used, by their places: asked one by one, forty of them take two seconds.
USABLE = """(parts) => [...parts.keys()].filter((place) => {
  const part = parts[place];
  const { width, height } = part.getBoundingClientRect();
  const isSeen = width > 0 && height > 0 && part.checkVisibility({ visibilityProperty: true });
  return isSeen && !part.matches(":disabled, [aria-disabled=true]");
})"""


class BrowserMonkey:
    """Plays with the page in a visitor's first tab."""

    def __init__(self, visitor: Visitor, seed: int) -> None:
        self.visitor, self._random = visitor, Random(seed)
        self.done: list[str] = []
        self._asked: dict[str, str] = {}  # what must have come of the last thing done, by its name in the address

    def play(self, steps: int) -> None:
        """Do some things, and look after each."""
        acts = [
            *[self._slide, self._choose, self._press] * 3, *[self._hold, self._type, self._write, self._rest] * 2,
            self._try, self._break_lines, self._hide, self._stage, self._enlarge, self._pick, self._branch,
        ]  # fmt: skip
        if self.visitor.page.locator(".nnviz-past").count():
            acts += [self._go_back, self._go_back, self._come_back]
        if self.visitor.page.locator(".nnviz-network").count():
            acts += [*[self._turn_dial, self._press_board, self._hurry] * 4, self._choose_on_board]
            acts += [self._set_weight] * 2
        elif self.visitor.page.locator(RATE).count():
            acts += [self._turn_rate] * 8
        for _ in range(steps):
            self._asked = {}
            self._random.choice(acts)()
            self.check()

    def _use(self, what: str, found: str, act: Callable[[Locator], object]) -> None:
        """Do something to one of the controls that can be used now."""
        self._do(what, lambda: self._use_one(self.visitor.page.locator(found), act))

    def _use_one(self, found: Locator, act: Callable[[Locator], object]) -> None:
        usable = found.evaluate_all(USABLE)
        if usable:
            chosen = found.nth(self._random.choice(usable))
            self.done[-1] += f" {chosen.get_attribute('aria-label', timeout=5000)}"
            act(chosen)

    def _turn_rate(self) -> None:
        key = self._random.choice(KEYS)
        self._use(f"{key} on the rate", RATE, lambda dial: dial.press(key, timeout=5000))

    def _slide(self) -> None:
        key = self._random.choice(KEYS)
        self._use(key, "input[type=range]:not([data-dial])", lambda slider: slider.press(key, timeout=5000))

    def _hold(self) -> None:
        self._use("hold", ".stSlider [data-rac]:has(> div > input[type=range])", self._drag)

    def _drag(self, thumb: Locator) -> None:
        """Hold a slider and move it here and there; a key, or a rest, may come in between."""
        page = self.visitor.page
        thumb.scroll_into_view_if_needed(timeout=5000)
        box = thumb.bounding_box(timeout=5000)
        if box is None:
            return  # it went away under the hand
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for _ in range(self._random.randrange(1, 5)):
            page.mouse.move(x + self._random.randrange(-60, 60), y)
            page.wait_for_timeout(self._random.choice((0, 100, 300)))
            if self._random.random() < 0.2:
                page.keyboard.press(self._random.choice("psb"))
        page.mouse.up()

    def _choose(self) -> None:
        self._use("choose another", "[data-testid=stSelectbox] input", self._choose_from)

    def _choose_from(self, menu: Locator) -> None:
        self.visitor.unfold(menu, 5000)
        options = self.visitor.page.locator("[role=option]")
        options.first.wait_for(timeout=5000)
        offered = options.all()
        if not offered:
            return  # the menu went away under the hand
        option = self._random.choice(offered)
        self.done[-1] += f": {option.inner_text(timeout=5000)}"
        option.click(timeout=5000)

    def _press(self) -> None:
        name = self._random.choice(BUTTONS)
        if self.visitor.button(name).count():
            self._do(name, lambda: self.visitor.button(name).first.click(timeout=5000))

    def _try(self) -> None:
        cards = self.visitor.button("Set up and play").all()
        if cards:
            place = self._random.randrange(len(cards))
            self._do(f"set up card {place}", lambda: cards[place].click(timeout=5000))

    def _type(self) -> None:
        value = str(self._random.choice((1, 2, 7, 33)))
        self._use(f"type {value} as", "[data-testid=stNumberInputField]", lambda field: self._type_into(field, value))

    def _write(self) -> None:
        text = self._random.choice(("0.0123", "3e-4", "much", "-1", ""))
        self._use(f"write {text!r} as", "[data-testid=stTextInputField]", lambda field: self._write_into(field, text))

    def _write_into(self, field: Locator, text: str) -> None:
        """Write letter by letter, as a hand does: a field that is drawn anew meanwhile hears the rest no more."""
        field.select_text(timeout=5000)
        field.press_sequentially(text, delay=30, timeout=5000)
        self.visitor.page.keyboard.press("Enter")

    def _type_into(self, field: Locator, value: str) -> None:
        field.fill(value, timeout=5000)
        field.press("Enter", timeout=5000)

    def _rest(self) -> None:
        self.done.append("rest")
        self.visitor.page.wait_for_timeout(self._random.choice((50, 300, 700)))

    def _break_lines(self) -> None:
        self._do("break the lines", self.visitor.hang_up)

    def _hide(self) -> None:
        self._do("hide the tab", lambda: self.visitor.hide(True))
        self.visitor.page.wait_for_timeout(self._random.choice((0, 400)))
        self._do("show the tab", lambda: self.visitor.hide(False))

    def _stage(self) -> None:
        key = self._random.choice(("f", "F", "Escape"))
        self.visitor.page.evaluate("document.activeElement?.blur()")
        self._do(f"key {key}", lambda: self.visitor.page.keyboard.press(key))

    def _enlarge(self) -> None:
        self._use("press the title", ".nnviz-title", lambda title: title.click(timeout=5000))

    def _pick(self) -> None:
        """Open the list of charts, tick or move one, and close it again."""
        self._use("open", ".nnviz-offer > button", lambda button: button.click(timeout=5000))
        self._use("change", ".nnviz-offers :is(input, button)", lambda control: control.click(timeout=5000))
        self._do("close", lambda: self.visitor.page.keyboard.press("Escape"))

    def _go_back(self) -> None:
        key = self._random.choice((*KEYS, "ArrowLeft"))
        self._use(f"moment {key}", ".nnviz-past input", lambda slider: slider.press(key, timeout=5000))

    def _come_back(self) -> None:
        self._use("come back", ".nnviz-live", lambda button: button.click(timeout=5000))

    def _branch(self) -> None:
        """Let a branch begin, or think better of it; look at another lane, or let one go."""
        found = ".nnviz-fork, [class*=st-key-branches] button"
        self._use("branch", found, lambda button: button.click(timeout=5000))
        dialog = self.visitor.page.get_by_role("dialog")
        if dialog.count():
            close = dialog.get_by_role("button", name=self._random.choice(("Go on", "Close")))
            self._do("answer", lambda: close.first.click(timeout=5000))
            self._do("wait for it to close", lambda: dialog.wait_for(state="hidden", timeout=5000))

    def _turn_dial(self) -> None:
        key = self._random.choice(KEYS)
        self._use(key, ".nnviz-board input[type=range]", lambda dial: dial.press(key, timeout=5000))

    def _press_board(self) -> None:
        """Press a unit, a line, a button for more or less, a picture of data, or close what is open."""
        found = ".nnviz-unit, .nnviz-steps button, .nnviz-option, .nnviz-inspector-close"
        self._use("press on the board", found, lambda part: part.click(timeout=1500))

    def _choose_on_board(self) -> None:
        place = self._random.randrange(9)
        self._use(f"choose {place}", "select[data-dial]", lambda menu: menu.select_option(str(place), timeout=5000))

    def _hurry(self) -> None:
        """Choose other data and an activation without waiting for what comes of the first."""
        data = self._random.choice(("xor", "moons", "spiral"))
        activation = self._random.randrange(len(ACTIVATIONS))
        page = self.visitor.page
        menu = page.locator("select[data-dial=activation]")
        self._do(f"choose {data}", lambda: page.locator(f"[data-option={data}]").click(timeout=5000))
        self._do(f"and {activation}", lambda: menu.select_option(str(activation), timeout=5000))
        if not any("(gone)" in done for done in self.done[-2:]):
            self._asked = {"dataset": data, "activation": list(ACTIVATIONS)[activation]}

    def _set_weight(self) -> None:
        value = self._random.choice(("-3", "0.5", "1e9", ""))
        self._use(f"set {value}", "input[data-weight][type=number]", lambda field: self._type_into(field, value))

    def _do(self, what: str, act: Callable[[], object]) -> None:
        """Do something; a control that goes away under the hand is no fault."""
        self.done.append(what)
        try:
            act()
        except Exception as error:
            if type(error).__name__ not in ("TimeoutError", "Error"):
                raise
            self.done[-1] += " (gone)"
            self.visitor.page.keyboard.press("Escape")

    # ---- what must be so ----

    def check(self) -> None:
        """Hold the screen against the address, once it has come to rest."""
        page = self.visitor.page
        for _ in range(300):
            trouble = page.locator(TROUBLE)
            assert trouble.count() == 0, self._story(trouble.first.inner_text())
            wrong = self._disagreements()
            if not wrong and self._has_menu():
                break
            page.wait_for_timeout(100)  # the answer is on its way
        else:
            lost = f"the page and its address disagree: {wrong}" if wrong else "the menu is gone"
            raise AssertionError(self._story(lost))
        assert self.visitor.complaints == [], self._story(str(self.visitor.complaints))

    def _has_menu(self) -> bool:
        return self.visitor.page.locator(".st-key-menu a").count() >= 6

    def _disagreements(self) -> dict[str, tuple[str, str]]:
        try:
            wanted = self._wanted()
        except ValueError as error:
            return {"address": (self.visitor.page.url, str(error))}
        status, button = self.visitor.page.evaluate(STANDING)
        if (button, status) in CONTRARY:
            return {"button": (button, status)}
        if "/Edge_of_stability" in self.visitor.page.url:
            return self._wrong_rate()
        if "/?" in self.visitor.page.url:
            return self._wrong_dials()
        found = self.visitor.page.evaluate(SLIDERS)
        shown = {label: str(words).partition(" (all")[0] for label, words in found.items()}
        return {
            label: (shown.get(label, "nothing"), words)
            for label, words in wanted.items()
            if (label in shown or label.endswith("earning rate")) and shown.get(label) != words
        }

    def _wrong_rate(self) -> dict[str, tuple[str, str]]:
        """Hold the lesson's dial against the address."""
        wanted = dict(parse_qsl(urlsplit(self.visitor.page.url).query)).get("lr", str(EDGE_RATE))
        shown = str(self.visitor.page.evaluate(DIALS).get("optimizer.lr", "nan"))
        return {} if is_near(float(shown), float(wanted)) else {"optimizer.lr": (shown, wanted)}

    def _wrong_dials(self) -> dict[str, tuple[str, str]]:
        """Hold the playground's dials against the address."""
        query = dict(parse_qsl(urlsplit(self.visitor.page.url).query))
        spec = as_turned(read_planned({name: query[name] for name in query if name in PARTS}))
        lost = {name: (str(getattr(spec, name).name), asked) for name, asked in self._asked.items()}
        lost = {name: pair for name, pair in lost.items() if pair[0] != pair[1]}
        data, hidden = DATASETS[spec.dataset.name].values(spec.dataset), str(spec.model.knobs["hidden"])
        wanted = {
            "optimizer.lr": float(OPTIMIZERS[spec.optimizer.name].values(spec.optimizer)["lr"]),
            "batch_size": spec.batch_size,
            "layers": len([part for part in hidden.split(",") if part]),
            "dataset.noise": float(data["noise"]),
            "dataset.size": float(data["size"]),
        }
        shown = self.visitor.page.evaluate(DIALS)
        told = {name: float(str(shown.get(name, "nan")).replace(",", "")) for name in wanted}
        wrong = [name for name in wanted if not is_near(told[name], wanted[name])]
        return lost | {name: (str(told[name]), str(wanted[name])) for name in wrong}

    def _wanted(self) -> dict[str, str]:
        """Read from the address what sliders must show."""
        url = urlsplit(self.visitor.page.url)
        query = dict(parse_qsl(url.query))
        page = url.path.rpartition("/")[2]
        if page in ("Race", "Surfaces"):
            return _rates(_lanes(page, query))
        if page in ("Lab", ""):
            return {}  # its settings are no sliders
        spec = as_turned(read_planned({name: query[name] for name in query if name in PARTS}))
        return {"Batch size": number(spec.batch_size), **_knobs(spec)}

    def _story(self, what: str) -> str:
        return f"{what}, after {self.done[-15:]} at {self.visitor.page.url}"


EDGE_RATE = EdgeState().lr
PARTS = ExperimentSpec().to_query().keys() | {"second_optimizer", "schedule", "fault", *ON_THE_WAY}
RACE_PARTS = RaceSpec().to_query().keys() | {"schedule", "fault", JOURNAL, BRANCHES}


def as_turned(plan: Planned) -> ExperimentSpec:
    """Return what the lane that is looked at trains with after all live changes of a plan."""
    return branches_as_turned(plan.branches, {0: (plan.spec, plan.journal)})[plan.focus]


Begun = tuple[ExperimentSpec, Sequence[Change]]  # what a racer trains, and what is turned in it


def branches_as_turned(branches: Sequence[PlannedBranch], roots: Mapping[int, Begun]) -> dict[int, ExperimentSpec]:
    """Return what each racer trains with after all changes: a branch with those of its parent until it began."""
    lanes = {racer: (spec, tuple(turns)) for racer, (spec, turns) in roots.items()}
    for each in branches:
        spec, turns = lanes[each.parent]
        early = tuple(turn for turn in turns if turn.step < each.step)
        if each.optimizer is not None:
            spec = spec.with_(optimizer=each.optimizer)
            early = tuple(turn for turn in early if not turn.target.startswith("optimizer."))
        lanes[each.racer] = (spec, (*early, *each.changes))
    return {racer: turned(spec, turns) for racer, (spec, turns) in lanes.items()}


def turned(spec: ExperimentSpec, turns: Sequence[Change]) -> ExperimentSpec:
    """Return a spec with changes written into it."""
    for change in turns:
        spec = spec if weight_place(change.target) else with_knob(spec, change.target, change.value)
    return spec


def lanes_as_turned(race: RaceSpec) -> dict[str, Choice]:
    """Return a race's lanes likewise, by their names."""
    roots = {
        racer: (race.base.with_(optimizer=lane), [turn.change for turn in race.journal if turn.racer in (None, racer)])
        for racer, lane in enumerate(race.lanes)
    }
    found = branches_as_turned(race.branches, roots)
    names = dict(enumerate(labels(race.lanes)))
    names |= {each.racer: f"Branch {1 + each.racer - len(race.lanes)}" for each in race.branches}
    return {names[racer]: spec.optimizer for racer, spec in found.items()}


def is_near(one: float, other: float) -> bool:
    """Whether two numbers are written alike in three digits."""
    return abs(one - other) <= 0.006 * abs(other)


def _lanes(page: str, query: dict[str, str]) -> dict[str, Choice]:
    """Return the lanes of a race or of a descent by their names."""
    if page == "Race":
        return lanes_as_turned(read_race({name: query[name] for name in query if name in RACE_PARTS}))
    lanes = read_descent({name: query[name] for name in query if name != "internals"}).lanes
    return dict(zip(labels(lanes), lanes, strict=True))


def _rates(lanes: Mapping[str, Choice]) -> dict[str, str]:
    rates = {name: float(OPTIMIZERS[lane.name].values(lane)["lr"]) for name, lane in lanes.items()}
    return {f"{name}: learning rate": number(rate) for name, rate in rates.items()}


def _knobs(spec: ExperimentSpec) -> dict[str, str]:
    """Return what the sliders of live knobs show; where two players learn, those of the first are named by it."""
    if len(optimizers_of(spec)) > 1:
        return {}
    values = OPTIMIZERS[spec.optimizer.name].values(spec.optimizer)
    known = [knob for knob in OPTIMIZERS[spec.optimizer.name].knobs if knob.live and knob.log]
    fields = {f"{knob.label}, typed": typed(float(values[knob.name])) for knob in known if knob.typed}
    return {knob.label: number(float(values[knob.name])) for knob in known} | fields
