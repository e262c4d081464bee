// The one place that reaches into the plot library's own state: axes, strokes and dots on the screen, pictures of space.

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export class Plot {
  constructor(graph) {
    this.graph = graph;
  }

  get layout() {
    return this.graph._fullLayout ?? {};
  }

  // The first two axes, where the chart lies in a plane and has been drawn.
  get axes() {
    const { xaxis, yaxis } = this.layout;
    return xaxis && yaxis ? [xaxis, yaxis] : undefined;
  }

  // Where the axes of a figure begin that keep their proportions: other ends than the first ones the library would take
  // for a zoom, and leave an empty edge.
  begin(layout) {
    for (const [name, axis] of Object.entries(this.layout)) {
      const { constrain, range } = (/^[xy]axis\d*$/.test(name) && layout[name]) || {};
      if (constrain !== "domain" || !range) continue;
      axis._inputRange = [...range];
      [axis._rangeInitial0, axis._rangeInitial1] = range; // where a double click leads back to
    }
  }

  // The axes' ground in pixels of the graph.
  get ground() {
    const [across, up] = this.axes;
    return { left: across._offset, top: up._offset, width: across._length, height: up._length };
  }

  // Where a pointer is, in pixels of the ground.
  find(event) {
    const { left, top, width, height } = this.ground;
    const box = this.graph.getBoundingClientRect();
    const x = event.clientX - box.left - left, y = event.clientY - box.top - top;
    return { x, y, isInside: x >= 0 && y >= 0 && x <= width && y <= height };
  }

  // The values at pixels of the ground, or at the nearest that are on it.
  valuesAt({ x, y }) {
    const [across, up] = this.axes, { width, height } = this.ground;
    return { x: across.p2d(clamp(x, 0, width)), y: up.p2d(clamp(y, 0, height)) };
  }

  pixelsOf({ x, y }) {
    const [across, up] = this.axes;
    return { x: across.d2p(x), y: up.d2p(y) };
  }

  // The pixels of some points of a trace, each on the axes that it is drawn on.
  pixelsAlong(trace, xs, ys) {
    const axis = (name, usual) => this.layout[(trace[name] ?? usual).replace(/^([xy])/, "$1axis")];
    const across = axis("xaxis", "x"), up = axis("yaxis", "y");
    return Array.from(xs, (x, at) => [across.d2p(x), up.d2p(ys[at])]);
  }

  // A trace as the library has filled it up.
  trace(place) {
    return this.graph._fullData?.[place];
  }

  // The elements of the scatter traces, by their places.
  get strokes() {
    const nodes = [...this.graph.querySelectorAll(".scatterlayer > .trace")];
    return new Map(nodes.map((node) => [node.__data__?.[0]?.trace?.index, node]));
  }

  // The elements of the heat maps, by their places.
  get pictures() {
    const nodes = [...this.graph.querySelectorAll(".heatmaplayer > .hm")];
    return new Map(nodes.map((node) => [node.__data__?.[0]?.trace?.index, node]));
  }

  // The element of a shape.
  shape(place) {
    return this.graph.querySelector(`.shapelayer path[data-index="${place}"]`);
  }

  // Where a straight shape begins and ends, in pixels of the graph.
  endsOf({ x0, x1, y0, y1, xref = "x", yref = "y" }) {
    const { _size: size } = this.layout;
    const axis = (name) => this.layout[name.replace(/^([xy])/, "$1axis")];
    const across = (x) => (xref === "paper" ? size.l + size.w * x : axis(xref)._offset + axis(xref).d2p(x));
    const up = (y) => (yref === "paper" ? size.t + size.h * (1 - y) : axis(yref)._offset + axis(yref).d2p(y));
    return [across(x0), up(y0), across(x1), up(y1)];
  }

  // Whether the first column of a heat map is drawn on the right, and its first row at the bottom.
  flips(place) {
    const full = this.trace(place), { xaxis, yaxis } = full ? this.axesOf(full) : {};
    return xaxis && yaxis ? { across: xaxis.range[0] > xaxis.range[1], up: yaxis.range[0] < yaxis.range[1] } : undefined;
  }

  // Where the columns and rows of a heat map end, in whole pixels of its picture.
  pixelEdges(place, image, across, up) {
    const axes = this.axesOf(this.trace(place));
    const [left, top, width, height] = ["x", "y", "width", "height"].map((name) => Number(image.getAttribute(name)));
    const ends = (axis, edges, start, size) => Array.from(edges, (at) => clamp(Math.round(axis.d2p(at) - start), 0, size));
    return { across: ends(axes.xaxis, across, left, width), up: ends(axes.yaxis, up, top, height), width, height };
  }

  // Lets the picture of a heat map reach from one place of its axis to another; tells whether that could be done: where a
  // reader has come near, the library cuts the picture, for it would be wider than a browser can draw.
  stretch(place, image, from, to) {
    const { xaxis } = this.axesOf(this.trace(place)), left = xaxis.d2p(from), right = xaxis.d2p(to);
    if (!(left >= -xaxis._length / 2 && right <= 1.5 * xaxis._length)) return false;
    image.setAttribute("x", left);
    image.setAttribute("width", Math.max(1, Math.round(right - left)));
    return true;
  }

  axesOf({ xaxis = "x", yaxis = "y" }) {
    const axis = (name) => this.layout[name.replace(/^([xy])/, "$1axis")];
    return { xaxis: axis(xaxis), yaxis: axis(yaxis) };
  }

  // Puts one dot elsewhere on the screen alone: to draw the chart again for each movement of a hand would lag behind it.
  moveDot(place, index, values) {
    const dots = dotsOf(this.strokes.get(place));
    const { x, y } = this.pixelsOf(values);
    dots.find((dot) => dotIndex(dot) === index)?.setAttribute("transform", `translate(${x.toFixed(2)},${y.toFixed(2)})`);
  }

  get camera() {
    return this.layout.scene?.camera;
  }

  // What draws a chart in space: its canvas, and redraw().
  get space() {
    return this.layout.scene?._scene?.glplot;
  }

  // Gives a trace in space other points without drawing its ground anew; tells whether that could be done.
  moveInSpace(place, points) {
    const trace = this.trace(place), solid = this.layout.scene?._scene?.traces?.[trace?.uid];
    solid?.update?.({ ...trace, ...points, _length: points.x.length });
    return Boolean(solid?.update);
  }
}

export const linesOf = (node) => [...(node?.querySelectorAll(".js-line") ?? [])];
export const groundOf = (node) => node?.querySelector(".fills .js-fill");
export const dotsOf = (node) => [...(node?.querySelectorAll(".points > .point") ?? [])];
export const textsOf = (node) => [...(node?.querySelectorAll(".text text") ?? [])];
export const dotIndex = (dot) => dot.__data__?.i;
