"""The first minutes at nnviz's first screen and at TensorFlow Playground's, side by side in the same browser."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, TimeoutError, ViewportSize

from benchmarks.browser import chromium
from benchmarks.data import point_to_data
from benchmarks.hand import PATIENCE_MS, SEEN, WATCH, Hand, Playground
from benchmarks.playgrounds import PARTS, own, rival
from benchmarks.report import Report, middle, percentile
from benchmarks.rounds import Rates
from benchmarks.server import serving

SCREEN: ViewportSize = {"width": 1366, "height": 768}
MOMENTS = (
    "from opening to ready, s",
    "from Play to the first changed picture, s",
    "from Play to half the test loss, s",
)
DRAG = "from a dragged slider to the picture"
DRAGS = {f"{DRAG}, a tenth of its way": (0.5, 0.6), f"{DRAG}, most of its way": (0.15, 0.85)}  # to and fro
SETTLE_MS = 1000
TRIES, CHORE_MS = 3, 20_000  # a line that moves while the network learns may be missed
AT_REST = ("pause and do one step",)  # what leaves it so on purpose
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
SIGHT = {"all": "yes", "part": "in part", "none": "no"}
NOTE = (
    "Both in turn in the same Chromium (no graphics card) on the machine on which nnviz's server runs, too, {rounds} "
    "rounds: median (least to most); a window of 1366x768; each page in a profile of its own, with nothing kept of an "
    "earlier visit. TensorFlow Playground is built from its repository and served from this machine; what it would "
    "load from elsewhere (fonts) is refused at once. Ready: all parts of the first screen are drawn. A changed "
    "picture: the first frame in which the answer over the plane, or a point on it, is another. Half the test loss: as "
    "the page writes it, from its value before Play; nnviz minimises cross-entropy and the Playground squared error, "
    "and each writes its own. Both begin with circles and hidden layers of 4 and 2 tanh units. From a dragged slider: "
    "{count} movements of the held slider for noise of each size, at rest, from the browser's own input event. "
    "Presses: from a network that learns to one that learns on with the new setting; a menu takes two, a number "
    "that is typed one, resting the pointer none."
)


def measure(is_quick: bool, rival_address: str = "") -> Report:
    """Measure nnviz's first screen, and the rival's where its address is given."""
    point_to_data()
    rounds, count = (1, 6) if is_quick else (3, 10)
    with ExitStack() as stack:
        server, browser = stack.enter_context(serving()), stack.enter_context(chromium(ONLY_HERE))
        compared = {"nnviz": own(f"{server.url}/")}
        if rival_address:
            compared["TensorFlow Playground"] = rival(rival_address)
        return compare(browser, compared, rounds, count)


def compare(browser: Browser, compared: Mapping[str, Playground], rounds: int, count: int) -> Report:
    """Put a column for each playground side by side."""
    report = Report("The first minutes", ("", *compared))
    report.notes = [NOTE.format(rounds=rounds, count=rounds * count)]
    seen = [
        _seen(browser, each) for each in compared.values()
    ]  # and nothing is started for the first time from here on
    for part in PARTS:
        report.add(f"on the first screen: {part}", *(each[part] for each in seen))
    timed = _in_turn(browser, compared, rounds, count)
    for name in MOMENTS:
        report.add(name, *(middle(timed[each][name]) for each in compared))
    for name in DRAGS:
        report.add(f"{name}: median, ms", *(f"{median(timed[each][name]):.0f}" for each in compared))
        report.add(
            f"{name}: 95 of 100 within, ms", *(f"{percentile(timed[each][name], 0.95):.0f}" for each in compared)
        )
    presses = [_presses(browser, each) for each in compared.values()]
    for chore in presses[0]:
        report.add(f"presses: {chore}", *(each[chore] for each in presses))
    return report


def _in_turn(browser: Browser, compared: Mapping[str, Playground], rounds: int, count: int) -> Mapping[str, Rates]:
    """Open each, let it learn and drag its slider, in turn; every second round goes backwards."""
    found: dict[str, Rates] = {name: {} for name in compared}
    for number in range(rounds):
        for name in list(compared)[:: 1 if number % 2 == 0 else -1]:
            for what, values in _visit(browser, compared[name], count).items():
                found[name].setdefault(what, []).extend(values)
    return found


def _visit(browser: Browser, playground: Playground, count: int) -> Rates:
    with _opened(browser, playground) as (hand, took):
        hand.page.wait_for_timeout(SETTLE_MS)
        first, half = _learning(hand, playground)
        hand.press(playground.play)
        hand.wait(f"!({playground.is_playing})")
        drags = {name: _drag(hand, playground, count, ends) for name, ends in DRAGS.items()}
        return {**dict(zip(MOMENTS, ([took], [first], [half]), strict=True)), **drags}


@contextmanager
def _opened(browser: Browser, playground: Playground) -> Iterator[tuple[Hand, float]]:
    """Open it in a new profile and give a hand, and the seconds that it took to be ready."""
    context = browser.new_context(viewport=SCREEN)
    context.set_default_timeout(PATIENCE_MS)
    hand, begun = Hand(context.new_page()), perf_counter()
    hand.page.goto(playground.address, wait_until="commit")
    hand.wait(playground.ready)
    took = perf_counter() - begun
    try:
        yield hand, took
    finally:
        context.close()


def _seen(browser: Browser, playground: Playground) -> dict[str, str]:
    with _opened(browser, playground) as (hand, _):
        hand.page.wait_for_timeout(SETTLE_MS)
        return {part: SIGHT[hand.page.evaluate(SEEN, selector)] for part, selector in playground.parts.items()}


def _learning(hand: Hand, playground: Playground) -> tuple[float, float]:
    """Press Play and return the seconds to another picture and to half the test loss."""
    before = hand.ask(playground.loss)
    hand.page.evaluate(WATCH, playground.picture)
    hand.press(playground.play)
    hand.wait("window.shown.some((moment) => moment > window.done[0])")
    first = hand.number("(window.shown.find((moment) => moment > window.done[0]) - window.done[0]) / 1000")
    hand.wait(f"{playground.loss} < x / 2", before)
    return first, hand.number("(performance.now() - window.done[0]) / 1000")


def _drag(hand: Hand, playground: Playground, count: int, ends: tuple[float, float]) -> list[float]:
    """Move the held slider to and fro, and return the milliseconds to each picture."""
    start, up, width = hand.grasp(playground.dial, ends[1])
    hand.page.wait_for_timeout(SETTLE_MS)
    delays = [_answer(hand, start + width * ends[number % 2], up) for number in range(count)]
    hand.page.mouse.up()
    return delays


def _answer(hand: Hand, x: float, y: float) -> float:
    hand.ask("window.shown.length = window.done.length = 0")
    hand.page.mouse.move(x, y)
    hand.wait("window.done.length && window.shown.some((moment) => moment > window.done[0])")
    hand.page.wait_for_timeout(400)
    return hand.number("window.shown.find((moment) => moment > window.done[0]) - window.done[0]")


def _presses(browser: Browser, playground: Playground) -> dict[str, str]:
    """Do everyday things one after the other while it learns, make it learn on, and count."""
    with _opened(browser, playground) as (hand, _):
        return {name: _chore(hand, playground, name) for name in playground.chores}


def _chore(hand: Hand, playground: Playground, name: str) -> str:
    for tries_left in reversed(range(TRIES)):
        _play(hand, playground)
        hand.page.wait_for_timeout(SETTLE_MS)
        hand.count = 0
        with suppress(*[TimeoutError] * bool(tries_left)):
            _act(hand, *playground.chores[name])
            break
    if name in AT_REST:
        return str(hand.count)
    return f"{hand.count}, with Play again" if _play(hand, playground) else str(hand.count)


def _act(hand: Hand, act: Callable[[Hand], None], is_done: str) -> None:
    act(hand)
    hand.wait(is_done, within_ms=CHORE_MS)
    hand.page.wait_for_timeout(SETTLE_MS)


def _play(hand: Hand, playground: Playground) -> bool:
    """Press Play where it is not learning, and tell whether that was so."""
    if hand.ask(playground.is_playing):
        return False
    hand.press(playground.play)
    hand.wait(playground.is_playing)
    return True
