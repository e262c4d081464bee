"""A hand at a page: what it presses, drags and chooses is counted, and how soon a picture follows is taken down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

PATIENCE_MS = 60_000
# What stands in a picture, in short: the dots of canvases, the ends of images, the places of marks. Each frame after
# which it is another one is noted, beside the moments in which a hand did something.
WATCH = """(selector) => {
  const brief = (text) => {
    const places = Array.from({length: 40}, (_, at) => Math.floor((at + 0.5) * text.length / 40));
    return `${text.length}:${places.map((at) => text[at]).join('')}`;
  };
  const dots = (canvas) => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let sum = 7;
    for (let at = 0; at < data.length; at += 52) sum = (31 * sum + data[at] + 3 * data[at + 1] + 7 * data[at + 2]) | 0;
    return sum;
  };
  const named = (node, ...names) => names.map((name) => node.getAttribute(name)).join();
  const look = () => [...document.querySelectorAll(selector)].map((node) => {
    const marks = [...node.querySelectorAll('.point, circle')];
    return [
      ...[...node.querySelectorAll('canvas')].map(dots),
      ...[...node.querySelectorAll('image')].map((each) => brief(named(each, 'href', 'xlink:href'))),
      marks.length, ...marks.slice(0, 12).map((each) => named(each, 'transform', 'cx', 'cy')),
    ].join('|');
  }).join();
  [window.shown, window.done] = [[], []];
  let before = look();
  const frame = () => {
    const now = look();
    if (now !== before) window.shown.push(performance.now());
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  for (const kind of ['pointerdown', 'input']) addEventListener(kind, () => window.done.push(performance.now()), true);
}"""
# Whether all that a selector finds can be seen whole without scrolling, or in part, or nothing of it.
SEEN = """(selector) => {
  const boxes = [...document.querySelectorAll(selector)].map((node) => node.getBoundingClientRect());
  const drawn = boxes.filter((box) => box.width > 1 && box.height > 1);
  const isWhole = (box) => box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
  if (drawn.length && drawn.every(isWhole)) return 'all';
  return drawn.some((box) => box.top < innerHeight && box.bottom > 0) ? 'part' : 'none';
}"""
MIDDLE_OF_LINE = """(selector) => {
  const line = document.querySelector(selector);
  const middle = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
  return [middle.x, middle.y];
}"""


@dataclass(frozen=True, slots=True)
class Playground:
    """What is compared: where its parts are, and how everyday things are done there.

    chores: name to what a hand does, and an expression that holds when it is done (`x`: what it gave before).
    """

    address: str
    ready: str  # an expression that holds when all of the first screen is drawn
    parts: Mapping[str, str]  # of the first screen: name to selector
    picture: str  # selector of the answer over the plane
    play: str
    is_playing: str  # an expression
    loss: str  # an expression: the test loss that the page writes
    dial: str  # selector of the slider for noise
    chores: Mapping[str, tuple[Callable[["Hand"], None], str]]


class Hand:
    """One tab, and the hand in it; `count` says how often it pressed, dragged, or typed a number."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, what: str) -> None:
        """Press once."""
        self.page.locator(what).first.click()
        self.count += 1

    def choose(self, menu: str, name: str) -> None:
        """Open a menu and press a line of it."""
        self.page.locator(menu).first.select_option(label=name)
        self.count += 2

    def drag(self, slider: str, share: float) -> None:
        """Drag a slider's thumb to a share of its way."""
        self.grasp(slider, share)
        self.page.mouse.up()
        self.count += 1

    def grasp(self, slider: str, share: float) -> tuple[float, float, float]:
        """Drag without letting go; return where the slider begins, how high it is, and how wide."""
        self.page.locator(slider).first.scroll_into_view_if_needed()
        box = self.page.locator(slider).first.bounding_box()
        assert box is not None
        up = box["y"] + box["height"] / 2
        now = float(self.page.locator(slider).first.evaluate("(x) => (x.value - x.min) / (x.max - x.min)"))
        self.page.mouse.move(box["x"] + 8 + now * (box["width"] - 16), up)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 8 + share * (box["width"] - 16), up, steps=4)
        return box["x"] + 8, up, box["width"] - 16

    def point(self, what: str) -> None:
        """Rest upon something, which is no press."""
        self.page.locator(what).first.hover()

    def press_line(self, what: str) -> None:
        """Press the middle of a line."""
        x, y = self.page.evaluate(MIDDLE_OF_LINE, what)
        self.page.mouse.move(x, y)
        self.page.wait_for_timeout(100)
        self.page.mouse.click(x, y)
        self.count += 1

    def type(self, text: str) -> None:
        """Type a number over what is written, and Enter."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.count += 1

    def ask(self, expression: str, argument: object = None) -> object:
        """Evaluate an expression about the page, and about `x`."""
        found: object = self.page.evaluate(f"(x) => {expression}", argument)
        return found

    def number(self, expression: str) -> float:
        """Evaluate an expression that gives a number."""
        found = self.ask(expression)
        assert isinstance(found, int | float)
        return float(found)

    def wait(self, condition: str, argument: object = None, within_ms: float = PATIENCE_MS) -> None:
        """Wait until an expression about the page holds; what it asks about may not be there yet."""
        guarded = f"(x) => {{ try {{ return {condition}; }} catch {{ return false; }} }}"
        self.page.wait_for_function(guarded, arg=argument, timeout=within_ms)
