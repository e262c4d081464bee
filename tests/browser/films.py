"""Films of the real app: frames taken while it runs, with the hand that moves it, as an animated GIF."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

COLOURS, NEARLY = 128, 248  # of a palette, and of 255
# A browser without a window shows no pointer: one that follows the mouse.
POINTER = """() => {
  const hand = document.createElement("div");
  hand.style.cssText = "position:fixed;z-index:2147483647;width:22px;height:22px;pointer-events:none;left:-99px;top:0";
  const arrow = '<path d="M2 1l15 11-7 1 4 7-3 1-4-7-5 5z" fill="#111" stroke="#fff"/>';
  hand.innerHTML = `<svg viewBox="0 0 22 22">${arrow}</svg>`;
  document.body.append(hand);
  const follow = ({ clientX, clientY }) => Object.assign(hand.style, { left: clientX + "px", top: clientY + "px" });
  window.addEventListener("pointermove", follow, true);
}"""


class Film:
    """Frames of a page, or of a part of it, all of one size."""

    def __init__(self, page: Page, width: int, part: Locator | None = None) -> None:
        self.page, self.part, self.width = page, part, width
        self.frames: list[Image.Image] = []

    def take(self, count: int = 1, gap_ms: int = 0) -> None:
        """Take some frames, with time between them."""
        for _ in range(count):
            source = self.part or self.page
            taken = Image.open(BytesIO(source.screenshot())).convert("RGB")
            size = self.frames[0].size if self.frames else (self.width, round(taken.height * self.width / taken.width))
            self.frames.append(taken.resize(size, Image.Resampling.LANCZOS))
            self.page.wait_for_timeout(gap_ms)

    def glide(self, x: float, y: float, frames: int = 4) -> None:
        """Move the pointer to a place, taking frames on the way."""
        for share in range(1, frames + 1):
            self.page.mouse.move(
                *(old + (new - old) * share / frames for old, new in zip(self.at, (x, y), strict=True))
            )
            self.take()
        self.at = (x, y)

    at = (683.0, 384.0)

    def go(self, part: Locator, across: float = 0.5, up: float = 0.5) -> None:
        """Move the pointer onto a part of the page."""
        box = part.bounding_box()
        assert box is not None
        self.glide(box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])

    def press(self, part: Locator) -> None:
        """Move the pointer there and press; again, it is there already."""
        box = part.bounding_box()
        if (
            not box
            or abs(box["x"] + box["width"] / 2 - self.at[0]) + abs(box["y"] + box["height"] / 2 - self.at[1]) > 2
        ):
            self.go(part)
        self.page.mouse.down()
        self.page.mouse.up()
        self.take()

    def save(self, path: Path, frame_ms: int, plays: int = 0) -> None:
        """Write it with one palette for all frames; it plays for ever, or twice and more often."""
        palette = _palette(self.frames)
        first, *more = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self.frames)
        repeats = max(plays - 1, 0)  # 0: for ever
        path.parent.mkdir(parents=True, exist_ok=True)
        first.save(path, save_all=True, append_images=more, duration=frame_ms, optimize=True, disposal=1, loop=repeats)

    def save_last(self, path: Path) -> None:
        """Write its last frame as a picture that stands still."""
        self.frames[-1].quantize(COLOURS).save(path, optimize=True)


def _palette(frames: list[Image.Image]) -> Image.Image:
    """Choose colours for all frames; what is nearly white is white, as the page around is."""
    found = _sampled(frames).quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
    colours = found.getpalette() or []
    triples = [colours[at : at + 3] for at in range(0, len(colours), 3)]
    found.putpalette([part for triple in triples for part in ([255] * 3 if min(triple) >= NEARLY else triple)])
    return found


def _sampled(frames: list[Image.Image]) -> Image.Image:
    """Put a few frames side by side, so that one palette holds the colours of all."""
    few = frames[:: max(1, len(frames) // 6)]
    width, height = few[0].size
    sheet = Image.new("RGB", (width, height * len(few)))
    for place, frame in enumerate(few):
        sheet.paste(frame, (0, place * height))
    return sheet
