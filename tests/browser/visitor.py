"""A person at the Train page: what they press, turn and see."""

import re
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Download, Locator, Page, Request, ViewportSize
from playwright.sync_api import TimeoutError as TookTooLong

PATIENCE_MS = 120_000  # a busy machine is slow, and nothing waits longer than it has to
LOOK_MS = 50  # between two looks; with each picture, as usual, a page that rests would have to draw itself all the time
STEP = "(document.querySelector('[data-counter=step] dd')?.textContent ?? '').replace(/\\D/g, '')"
SMALL: ViewportSize = {"width": 1100, "height": 700}
GOING = ("Training", "Racing")
# Charts that nobody has seen lately, while the run goes on, by the board that they are on.
STALE = "document.querySelector(`[data-chart='${x}']`).closest('.nnviz-board').dataset.stamp.split('~').slice(1)"
TRAIN_LINE = "Array.from({}._fullData.find((each) => each.name === 'train batches').x).filter(Number.isFinite)"


_PROFILES: WeakKeyDictionary[Browser, BrowserContext] = WeakKeyDictionary()


def lend(browser: Browser, profile: BrowserContext) -> None:
    """Let visitors come with this profile, one at a time; its first page stays open, so that it goes on."""
    _PROFILES[browser] = profile


def open_pages(browser: Browser) -> list[Page]:
    """List what visitors have open."""
    usual = _PROFILES.get(browser)
    return [page for context in browser.contexts for page in context.pages] + (usual.pages[1:] if usual else [])


def free_profile(browser: Browser) -> BrowserContext:
    """Return a profile that knows nothing of earlier visits but the files of the app; its own while another is in use.

    A new profile would load and compile megabytes of scripts anew, which is a third of what it takes to open a page.
    """
    usual = _PROFILES.get(browser)
    if usual is None or len(usual.pages) > 1:
        return browser.new_context()
    usual.clear_cookies()
    return usual


# The address by which the board was loaded names its content; its neighbours have the same.
HANG_UP = """async () => {
  const files = performance.getEntriesByType("resource").map((each) => each.name);
  const file = files.find((name) => name.endsWith("/line.js"));
  if (file) (await import(file)).lines.forEach((line) => line.socket && line.hangUp());
}"""
# A hand comes near charts, upon which the plot library learns what the screen shows; once a second at most.
NEAR = """for (const card of document.querySelectorAll(".nnviz-card[data-ahead]{}")) {{
  if (performance.now() - card.nearAt < 1000) continue;
  card.nearAt = performance.now();
  card.dispatchEvent(new PointerEvent("pointerenter"));
}}"""
LIBRARY = ("_fullData", "_fullLayout", ".data[", ".data.", ".layout")  # words for what the library knows
# What stands in a page's place until it comes blinks sixty times a second, for half of what it costs to open the page.
CALM = """const sheet = new CSSStyleSheet();
sheet.replaceSync("[data-testid=stSkeleton] { animation: none !important }");
document.adoptedStyleSheets = [sheet];"""
GO = "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }"
# What a page says of itself, for whoever reads of a wait that was in vain.
STANDS = """() => [location.pathname + decodeURIComponent(location.search),
  ...[...document.querySelectorAll(".nnviz-status, .nnviz-counter, .nnviz-log li, [role=alert]")].map(
    (node) => node.textContent),
].filter(Boolean).join(" | ").slice(0, 1500)"""
HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def near_to(condition: str) -> str:
    """Write what lets a hand come near the charts that a condition names, or near all where it names none."""
    names = sorted(set(re.findall(r"data-chart=[\"'\\]*(\w+)", condition)))
    return NEAR.format(f":is({','.join(f'[data-chart={name}]' for name in names)})" if names else "")


class Visitor:
    """One browser profile with one tab or more."""

    STEP = STEP

    def __init__(
        self, browser: Browser, url: str, width: int = 1400, height: int = 900, *, is_dark: bool = False,
        profile: BrowserContext | None = None,
    ) -> None:  # fmt: skip
        self.url = url
        self.scheme: Literal["dark", "light"] = "dark" if is_dark else "light"
        self.size: ViewportSize = {"width": width, "height": height}
        self.browser = browser
        self.context = profile or free_profile(browser)
        self.context.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page = self.new_tab()
        forgotten = {"origin": url, "storageTypes": "local_storage"}
        self.context.new_cdp_session(self.page).send("Storage.clearDataForOrigin", forgotten)

    def new_tab(self) -> Page:
        """Open an empty tab and listen to its console."""
        page = self.context.new_page()
        page.set_viewport_size(self.size)
        page.emulate_media(color_scheme=self.scheme)
        page.add_init_script(CALM)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._notice)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        # Streamlit looks for these beside a page's own address first and does without
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self.complaints.append(message.text)

    def _notice(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"asked the network for {request.url}")

    def take_less_room(self) -> None:
        """Look through a smaller window, in which fewer charts are drawn, where it matters not which are."""
        self.size = SMALL
        self.page.set_viewport_size(SMALL)

    def leave(self, picture: Path) -> None:
        """Keep a picture, close the profile, and complain about what its console said."""
        picture = picture.with_name(re.sub(r"[^\w.-]+", "_", picture.name))
        picture.parent.mkdir(parents=True, exist_ok=True)
        for page in self.pages[:1]:
            page.screenshot(path=picture)
        self.close()
        assert self.complaints == [], self.complaints

    def close(self) -> None:
        """Close every tab."""
        for page in self.pages:
            page.close()
        if self.context is not _PROFILES.get(self.browser):
            self.context.close()

    @property
    def pages(self) -> list[Page]:
        """Its tabs."""
        return self.context.pages[1 if self.context is _PROFILES.get(self.browser) else 0 :]

    def open_train(self, **query: str) -> None:
        """Open the Train page by a link and wait until its charts are drawn."""
        link = "&".join(f"{name}={value}" for name, value in query.items())
        self.open(f"/Train?{link}")

    def open(self, path: str) -> None:
        """Open a link and wait until its charts are drawn."""
        self.page.goto(self.url + path)
        self.wait_for_charts()

    def go(self, path: str) -> None:
        """Go to another page of the app as its menu does, without loading the app anew."""
        before = self.page.locator("main h1").text_content()
        self.page.evaluate(GO, path)
        self.wait("![x, undefined].includes(document.querySelector('main h1')?.textContent)", before)

    def become_a_stranger(self) -> list[Any]:
        """Come to the same page as somebody else, and return the cookies of who was here before."""
        before = self.context.cookies()
        self.become([])
        return [*before]

    def become(self, cookies: list[Any]) -> None:
        """Come to the same page as who has these cookies; a second profile would load and compile everything anew."""
        self.context.clear_cookies()
        self.context.add_cookies(cookies)
        self.page.reload()
        self.wait_for_charts()

    def hang_up(self) -> None:
        """Break the lines of all boards that have one."""
        self.page.evaluate(HANG_UP)

    def hide(self, is_hidden: bool) -> None:
        """Let the tab take itself for one that nobody sees, or be seen again."""
        self.page.evaluate(HIDE, is_hidden)

    def wait_for_charts(self) -> None:
        """Wait for the board to draw at least one chart."""
        self.wait("[...document.querySelectorAll('[data-draws]')].some((card) => Number(card.dataset.draws) > 0)")

    def wait(self, condition: str, argument: Any = None) -> None:
        """Wait until a JavaScript expression about the page holds; `argument` is its `x`.

        What it asks about may not be there yet, or be replaced this very moment: then it does not hold. What the plot
        library is asked for it is told by a hand that comes near.
        """
        near = near_to(condition) if any(word in condition for word in LIBRARY) else ""
        absent = "catch (error) { if (error instanceof TypeError) return false; throw error; }"
        holds = f"(x) => {{ {near} try {{ return {condition}; }} {absent} }}"
        try:
            self.page.wait_for_function(holds, arg=argument, polling=LOOK_MS)
        except TookTooLong:
            raise AssertionError(f"it did not come that {condition}\n{self.page.evaluate(STANDS)}") from None

    def button(self, name: str) -> Locator:
        """One of the page's own buttons, by a word or more of its label."""
        label = re.compile(rf"\b{re.escape(name)}\b")
        return self.page.get_by_role("button", name=label).and_(self.page.locator("[data-testid^=stBaseButton]"))

    def press(self, name: str) -> None:
        """Press a button."""
        self.button(name).click()

    def slider(self, name: str) -> Locator:
        """A slider by its label."""
        return self.page.get_by_role("slider", name=name)

    def turn(self, name: str, key: str = "ArrowLeft") -> None:
        """Move a slider by one stop."""
        self.slider(name).press(key)

    def set_up(self, place: int) -> None:
        """Press the button of one of the cards, which stand there before their buttons do."""
        self.page.locator("[class*='st-key-try-']").nth(place).get_by_role("button").click()

    def unfold(self, menu: Locator, within_ms: int = PATIENCE_MS) -> None:
        """Open a menu; one that is scrolled to at that moment would close again, as menus do when a page scrolls."""
        menu.scroll_into_view_if_needed(timeout=within_ms)
        self.page.wait_for_timeout(200)
        menu.click(timeout=within_ms)

    def choose(self, name: str, option: str) -> None:
        """Choose from a menu."""
        self.unfold(self.page.get_by_role("combobox", name=name))
        self.page.get_by_role("option", name=option, exact=True).click()

    def set_number(self, name: str, value: int) -> None:
        """Type a number into a field."""
        field = self.page.get_by_role("spinbutton", name=name)
        field.fill(str(value))
        field.press("Enter")

    def counter(self, name: str) -> str:
        """Read a counter as it is written."""
        return self.page.locator(f"[data-counter={name}] dd").inner_text()

    def wait_for_status(self, word: str) -> None:
        """Wait until the sentence about the run begins with a word, and all charts that come after it are there."""
        self.wait("document.querySelector('.nnviz-status')?.textContent.startsWith(x)", word)
        self.wait("!document.querySelector('[data-stamp$=numbers]')")
        if word not in GOING:
            self.wait("!document.querySelector('[data-stamp*=\"~\"]')")

    def linger(self) -> None:
        """Stay for a second, in which several refreshes would come."""
        self.page.wait_for_timeout(1000)

    def step(self) -> int:
        """Read the update counter."""
        return int(self.page.evaluate(STEP) or 0)

    def wait_for_step(self, least: int) -> None:
        """Wait until the update counter has reached a number."""
        self.wait(f"Number({STEP}) >= x", least)

    def status(self) -> Locator:
        """The sentence that tells where the run stands."""
        return self.page.locator(".nnviz-status")

    def log(self) -> Locator:
        """The lines of the log of changes."""
        return self.page.locator(".nnviz-log li")

    def chart(self, name: str) -> Locator:
        """A chart's drawing by its id."""
        return self.page.locator(f"[data-chart='{name}'] .js-plotly-plot")

    def ask_chart(self, name: str, expression: str) -> Any:
        """Ask a chart's drawing, `graph`, for something, as soon as the plot library knows what the screen shows.

        A chart out of the window is not drawn, so it is brought into the window first.
        """
        self.chart(name).scroll_into_view_if_needed()
        card = f"document.querySelector(\"[data-chart='{name}']\")"
        self.wait(f"(() => {{ {near_to(card)} return !{card}.dataset.ahead; }})()")
        self.wait(f"!{STALE}.includes(x)", name)
        return self.chart(name).evaluate(f"(graph) => {expression}")

    def draws(self, name: str) -> int:
        """How often a chart has been drawn."""
        return int(self.page.locator(f"[data-chart='{name}']").get_attribute("data-draws") or 0)

    def wait_for_draws(self, name: str, more: int) -> None:
        """Wait until a chart has been drawn some more times."""
        goal = self.draws(name) + more
        self.wait("Number(document.querySelector(`[data-chart='${x[0]}']`).dataset.draws) >= x[1]", [name, goal])

    def steps_drawn(self) -> list[float]:
        """The updates at which the loss chart draws a batch's loss."""
        return list(self.ask_chart("loss", TRAIN_LINE.format("graph")))

    def wait_for_last_step(self) -> None:
        """Wait until the loss chart's line has come as far as the update counter."""
        graph = "document.querySelector('[data-chart=loss] .js-plotly-plot')"
        self.wait(f"{TRAIN_LINE.format(graph)}.includes(Number({STEP}))")

    def marks(self) -> list[str]:
        """The sentences that the loss chart writes at its marks."""
        return list(self.ask_chart("loss", "(graph.layout.annotations ?? []).map((each) => each.text)"))

    def save_chart(self, name: str, form: str) -> Download:
        """Save a chart as "PNG" or "SVG"."""
        card = self.page.locator(f"[data-chart='{name}']")
        card.locator(".nnviz-png").click()
        with self.page.expect_download() as download:
            card.get_by_role("button", name=form, exact=True).click()
        return download.value

    def dial_spot(self, name: str, share: float) -> tuple[float, float]:
        """Where on the screen a share of a dial's way is."""
        dial = self.page.locator(f"input[data-dial={name}]")
        dial.scroll_into_view_if_needed()
        box = dial.bounding_box()
        assert box is not None
        return box["x"] + share * box["width"], box["y"] + box["height"] / 2

    def hold(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press the mouse at one place of the screen, move it to another, and do not let go."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=8)

    def drag_over(self, name: str) -> None:
        """Zoom into the middle of a chart with the mouse."""
        self.chart(name).scroll_into_view_if_needed()
        box = self.page.locator(f"[data-chart='{name}'] .nsewdrag").bounding_box()
        assert box is not None
        x, y = box["x"], box["y"] + box["height"] / 2
        self.page.mouse.move(x + 0.3 * box["width"], y)
        self.page.mouse.down()
        self.page.mouse.move(x + 0.6 * box["width"], y, steps=5)
        self.page.mouse.up()
