"""Whether what was set by hand on a chart is what the plot library draws."""

import pytest

from tests.browser.visitor import Visitor

MOVED_AND_DRAWN = """async (name) => {
  const card = document.querySelector(`[data-chart=${name}]`);
  const changed = (name) => new Promise((done) => {
    const observer = new MutationObserver(() => (observer.disconnect(), done()));
    observer.observe(card, { attributes: true, attributeFilter: [name] });
  });
  const boxes = () => [...card.querySelectorAll(
    ".scatterlayer, .js-fill, .barlayer path, .textpoint text, .shapelayer path")].flatMap((part) => {
    const { x, y, width, height } = part.getBBox();
    return [x, y, width, height];
  }).concat([...card.querySelectorAll(".point")].flatMap((dot) => [dot.getCTM().e, dot.getCTM().f]));
  const words = () => [...card.querySelectorAll(".svg-container text")].map((text) => text.textContent);
  const pixels = async () => {
    const image = [...card.querySelectorAll(".heatmaplayer image")].at(-1); // one below is there to be hovered
    if (!image) return [];
    const picture = Object.assign(new Image(), { src: image.href.baseVal });
    await picture.decode();
    const pen = document.createElement("canvas").getContext("2d");
    pen.canvas.width = picture.naturalWidth;
    pen.canvas.height = picture.naturalHeight;
    pen.drawImage(picture, 0, 0);
    const place = ["x", "width"].map((name) => Math.round(image.getAttribute(name)));
    const { width, height } = pen.canvas;
    return [width, ...place, ...pen.getImageData(0, 0, width, height).data];
  };
  const late = new Promise((go) => setTimeout(() => go("late"), 10000));
  if ((await Promise.race([changed("data-strokes"), late])) === "late") return null;
  const moved = [boxes(), pixels(), words()];
  card.dispatchEvent(new PointerEvent("pointerenter"));
  await changed("data-draws");
  const [, painted] = await Promise.all(moved), printed = await pixels(); // compared here: there are very many
  const isPainted = painted.length === printed.length && painted.every((one, at) => Math.abs(one - printed[at]) <= 2);
  return [moved[0], boxes(), moved[2], words(), printed.length, isPainted];
}"""


def is_drawn_as_moved(visitor: Visitor, name: str) -> bool:
    """Compare what was set by hand with what the library draws; something newer may come in between."""
    visitor.chart(name).scroll_into_view_if_needed()
    visitor.page.mouse.move(2, 2)  # nothing is set by hand on a chart under the mouse
    found = visitor.page.evaluate(MOVED_AND_DRAWN, name)
    if found is None:  # nothing was set by hand for a while
        return False
    moved, drawn, said, words, pixels, is_painted = found
    assert len(drawn) + pixels > 3
    return bool(is_painted and said == words and moved == pytest.approx(drawn, abs=1.0))
