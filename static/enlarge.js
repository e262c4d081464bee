// Everything of a chart that has a size of its own, so many times as large: letters, strokes, dots and the room for words.

const LEAST_PX = 12; // letters that are smaller on the page come up to the others
const USUAL_WIDTH = 2; // the plot library's own
const USUAL_DOT = 6;
const ROW_PX = 20;
const APART_PX = { x: 80, y: 40 }; // ticks, as the library sets them for letters of 12 pixels
const SHIFTS = ["xshift", "yshift", "standoff", "thickness", "ax", "ay", "ticklen", "tracegroupgap", "itemwidth"];

const times = (value, by) => (Array.isArray(value) ? value.map((each) => times(each, by)) : Number.isFinite(value) ? value * by : value);
const letters = (size, by) => times(Array.isArray(size) ? size : Math.max(size, LEAST_PX), by);

/** Returns the picture so many times as large; it is changed in place.  width, height: of its ground in pixels. */
export function enlarge({ data, layout }, by, { width, height }) {
  if (by === 1) return { data, layout };
  grow(layout, by);
  for (const side of Object.keys(layout.margin)) layout.margin[side] = times(layout.margin[side], by);
  layout.hoverlabel.font.size ??= LEAST_PX * by;
  for (const name of Object.keys(layout)) {
    if (/^xaxis\d*$/.test(name)) thin(layout[name], width / (APART_PX.x * by), by);
    if (/^yaxis\d*$/.test(name)) thin(layout[name], height / (APART_PX.y * by), by);
  }
  return { data: enlargeTraces(data, by), layout };
}

/** Returns the traces so many times as large; they are changed in place. */
export function enlargeTraces(data, by) {
  if (by !== 1) data.forEach((trace) => growTrace(trace, by));
  return data;
}

// Fonts, strokes and distances anywhere in the frame.
function grow(part, by) {
  if (part === null || typeof part !== "object" || ArrayBuffer.isView(part)) return;
  for (const [name, value] of Object.entries(part)) {
    if (/font$/i.test(name) && value?.size) value.size = letters(value.size, by);
    else if (name === "line" && value?.width) value.width = times(value.width, by);
    else if (SHIFTS.includes(name)) part[name] = times(value, by);
    else if (name !== "meta") grow(value, by);
  }
}

function growTrace(trace, by) {
  if (trace.textfont?.size) trace.textfont.size = letters(trace.textfont.size, by);
  if (trace.colorbar) grow(trace.colorbar, by);
  if (trace.type === "table") growTable(trace, by);
  if ((trace.type ?? "scatter").startsWith("scatter")) growStrokes(trace, by);
}

function growStrokes(trace, by) {
  trace.line = { ...trace.line, width: times(trace.line?.width ?? USUAL_WIDTH, by) };
  if (!trace.marker && !trace.mode?.includes("markers")) return;
  const { size = USUAL_DOT, line: edge, ...rest } = trace.marker ?? {};
  trace.marker = { ...rest, size: times(size, by), ...(edge && { line: { ...edge, width: times(edge.width ?? 0, by) } }) };
}

function growTable({ header, cells }, by) {
  for (const part of [header, cells]) {
    part.font.size = letters(part.font.size, by);
    part.height = times(part.height ?? ROW_PX, by);
  }
}

// Large ticks stand further apart, and a title is no larger than they are.
function thin(axis, places, by) {
  if (axis.title?.text) axis.title.font = { size: LEAST_PX * by, ...axis.title.font };
  if (!axis.dtick && !axis.tickvals && !axis.nticks) axis.nticks = Math.max(2, Math.min(9, Math.floor(places))) + 1;
}
