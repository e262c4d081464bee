// Pictures of whole numbers, such as the field of a network's answers: their pixels are set without the plot library.

import { numbers } from "./figure.js";

const LEVELS = 256, BYTE = 255;
const tables = new Map(); // colours of each level, by colour scale and ends

// What the library draws as one pixel, or one brick, for each number: bytes on an even grid, between given edges, or in
// columns about given middles.
export function isPicture({ type, z, x, y, zsmooth, texttemplate, zmin, zmax }) {
  const [rows, columns] = sizeOf(z), isEdges = (ends, count) => !ends || numbers(ends).length === count + 1;
  const isPlaced = (isEdges(x, columns) || isHistory({ x, z })) && isEdges(y, rows);
  return type === "heatmap" && isBytes(z) && isPlaced && !texttemplate && (!zsmooth || zsmooth === "fast") && zmax > zmin;
}

// Columns about given middles: what was measured at some times. More of them come as time goes on.
export const isHistory = ({ x, z }) => Boolean(x) && numbers(x).length === sizeOf(z)[1] && sizeOf(z)[1] > 1;

// The ends of columns about some middles, as the library sets them.
function aroundMiddles(middles) {
  const half = (at) => (middles[at] + middles[at - 1]) / 2, last = middles.length - 1;
  const between = Array.from({ length: last }, (_, at) => half(at + 1));
  return [2 * middles[0] - between[0], ...between, 2 * middles[last] - between[last - 1]];
}

// A small table comes as lists.
const sizeOf = (z) => (z?.bdata ? (z.shape ?? "").split(",").map(Number) : [z?.length ?? 0, z?.[0]?.length ?? 0]);
const levelsOf = (z) => (z.bdata ? numbers(z) : numbers(z.flat()));
const isBytes = (z) => (z?.bdata ? /[ui]1$/.test(z.dtype) && Boolean(z.shape) : isList(z));
const isList = (z) => Array.isArray(z?.[0]) && z.flat().every((level) => Number.isInteger(level) && Math.abs(level) < LEVELS / 2);

// Give a picture that the library has drawn other pixels; tell whether that could be done.
export function paintPicture(drawn, place, trace) {
  const image = drawn.pictures.get(place)?.querySelector("image");
  const flips = image && drawn.flips(place);
  if (!flips || (isHistory(trace) && !stretched(drawn, place, image, trace))) return false;
  const isBricks = trace.x || trace.y || trace.xgap || trace.ygap;
  const address = isBricks ? bricksOf(trace, edgesOf(drawn, place, image, trace)) : addressOf(trace, flips);
  image.setAttributeNS("http://www.w3.org/1999/xlink", "xlink:href", address);
  return true;
}

function stretched(drawn, place, image, { x }) {
  const edges = aroundMiddles(numbers(x));
  return drawn.stretch(place, image, edges[0], edges.at(-1));
}

function edgesOf(drawn, place, image, trace) {
  const [rows, columns] = sizeOf(trace.z), even = (count) => Array.from({ length: count + 1 }, (_, at) => at - 0.5);
  const { x0 = 0, dx = 1, y0 = 0, dy = 1 } = trace, edges = (ends, count, start, gap) =>
    ends ? numbers(ends) : even(count).map((at) => start + gap * at);
  const across = isHistory(trace) ? aroundMiddles(numbers(trace.x)) : edges(trace.x, columns, x0, dx);
  return drawn.pixelEdges(place, image, across, edges(trace.y, rows, y0, dy));
}

// Bricks, perhaps with gaps between them.  edges: where columns and rows end, in whole pixels of the picture.
function bricksOf({ z, xgap = 0, ygap = 0, ...scale }, { across, up, width, height }) {
  const sheet = Object.assign(document.createElement("canvas"), { width, height }), pen = sheet.getContext("2d");
  const columns = across.length - 1, colours = tableOf({ z, ...scale });
  const left = Math.floor(xgap / 2), top = Math.floor(ygap / 2);
  levelsOf(z).forEach((level, at) => {
    const row = Math.floor(at / columns), column = at % columns;
    const [x0, x1] = inOrder(across[column], across[column + 1]), [y0, y1] = inOrder(up[row], up[row + 1]);
    const [red, green, blue, alpha] = new Uint8Array(Uint32Array.of(colours[level & BYTE]).buffer);
    pen.fillStyle = `rgba(${red}, ${green}, ${blue}, ${alpha / BYTE})`;
    if (x1 > x0 && y1 > y0) pen.fillRect(x0 + left, y0 + top, x1 - x0 - xgap, y1 - y0 - ygap);
  });
  return sheet.toDataURL("image/png");
}

const inOrder = (one, other) => (one < other ? [one, other] : [other, one]);

export function addressOf(trace, { across, up }) {
  const [rows, columns] = sizeOf(trace.z);
  const sheet = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const pen = sheet.getContext("2d");
  const picture = pen.createImageData(columns, rows);
  const pixels = new Uint32Array(picture.data.buffer);
  const levels = levelsOf(trace.z), colours = tableOf(trace);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const at = (up ? rows - 1 - row : row) * columns + (across ? columns - 1 - column : column);
      pixels[at] = colours[levels[row * columns + column] & BYTE];
    }
  pen.putImageData(picture, 0, 0);
  return sheet.toDataURL("image/png");
}

function tableOf({ z, colorscale, zmin, zmax }) {
  const isSigned = !z.bdata || z.dtype.includes("i"), key = JSON.stringify([colorscale, zmin, zmax, isSigned]);
  if (!tables.has(key)) tables.set(key, colours(colorscale, zmin, zmax, isSigned));
  return tables.get(key);
}

// The colours of all bytes as the library mixes them: each channel in a straight line between two stops.
function colours(scale, low, high, isSigned) {
  const stops = scale.map(([share, colour]) => [share, channels(colour)]);
  const bytes = new Uint8ClampedArray(4 * LEVELS);
  for (let byte = 0; byte < LEVELS; byte += 1) {
    const level = isSigned && byte > BYTE / 2 ? byte - LEVELS : byte;
    const share = Math.min(Math.max((level - low) / (high - low), 0), 1);
    bytes.set(mix(stops, share), 4 * byte);
  }
  return new Uint32Array(bytes.buffer);
}

function mix(stops, share) {
  const next = Math.max(1, stops.findIndex(([end]) => end >= share));
  const [[from, start], [to, end]] = [stops[next - 1], stops[next]];
  const part = to > from ? (share - from) / (to - from) : 1;
  return start.map((channel, at) => channel + part * (end[at] - channel));
}

function channels(colour) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = colour;
  const hex = /^#(..)(..)(..)$/.exec(pen.fillStyle);
  if (hex) return [...hex.slice(1).map((part) => parseInt(part, 16)), 255];
  const [red, green, blue, alpha] = pen.fillStyle.match(/[\d.]+/g).map(Number);
  return [red, green, blue, 255 * alpha];
}
