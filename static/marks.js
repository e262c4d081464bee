// The marks of one chart, set to newer points on the axes that the plot library has drawn. Each tells whether that could
// be done: what it cannot do, the library does.

import { pathOf, placeDot } from "./animated_traces.js";
import { isBars, moveBars } from "./bars.js";
import { numbers } from "./figure.js";
import { isHistory, isPicture, paintPicture } from "./pixels.js";
import { dotsOf, groundOf, linesOf, textsOf } from "./plot.js";

const MARKUP = /[<&$]/;
const isPlain = (text) => !MARKUP.test(text ?? "");

const FILLS = ["none", "toself", "tozeroy"];
const isScatter = ({ type = "scatter", fill = "none" }) => type === "scatter" && FILLS.includes(fill);
const after = ([x, y], at, all) => (at ? [[x, all[at - 1][1]], [x, y]] : [[x, y]]);
const steps = {
  linear: (pixels) => pixels,
  hv: (pixels) => pixels.flatMap(after),
  hvh: (pixels) => [...pixels.flatMap(between), ...pixels.slice(-1)],
};

function between([x, y], at, all) {
  if (!at) return [[x, y]];
  const [before, height] = all[at - 1], middle = (before + x) / 2;
  return [[middle, height], [middle, y]];
}

const waysOf = ({ mode = "" }) => mode.split("+");
const isUnseen = ({ opacity }) => opacity === 0; // it is there to be hovered
export const isMark = (trace) => isUnseen(trace) || isScatter(trace) || isPicture(trace) || isBars(trace);

// All of a trace but what can be set by hand, and what shows only under a hand.
export function lookOf(trace) {
  if (!isMark(trace)) return trace;
  const { x, y, z, customdata, hovertext, text, ...looks } = trace;
  if (looks.type === "bar") return [looks, x];
  if (looks.type === "heatmap") return [looks, isHistory({ x, z }) || x, y];
  const isWritten = waysOf(looks).includes("text") && [text].flat().every(isPlain);
  return [looks, isWritten ? [text].flat().map(Boolean) : text];
}

// What differs from one drawing to the next.
export const pointsOf = ({ x, y, z, text }) => JSON.stringify([x, y, z, text]);

// The words of a chart beside its traces: notes and titles of axes, and all of its frame but those and straight lines.
export function wordsOf(layout = {}) {
  const { annotations, shapes, ...frame } = layout, words = {};
  frame.shapes = shapes?.map(({ x0, x1, y0, y1, ...shape }) => (isStraight(shape) ? shape : { x0, x1, y0, y1, ...shape }));
  frame.notes = annotations?.map(({ text, ...note }, place) => {
    if (!isPlain(text)) return [note, text];
    words[`.annotation[data-index="${place}"] text`] = text;
    return note;
  });
  for (const axis of ["xaxis", "yaxis"]) {
    const title = layout[axis]?.title?.text;
    if (!title || !isPlain(title)) continue;
    words[`text.${axis[0]}title`] = title;
    frame[axis] = { ...layout[axis], title: { ...layout[axis].title, text: "" } };
  }
  return { words, frame };
}

const isStraight = ({ type, editable }) => type === "line" && !editable;
const linesIn = ({ shapes = [] } = {}) => shapes.map((shape, place) => ({ ...shape, place })).filter(isStraight);

export function moveShapes(drawn, layout) {
  return linesIn(layout).every((shape) => {
    const node = drawn.shape(shape.place), ends = drawn.endsOf(shape);
    if (!node || !ends.every(Number.isFinite)) return false;
    node.setAttribute("d", `M${ends[0]},${ends[1]}L${ends[2]},${ends[3]}`);
    return true;
  });
}

export function writeWords(graph, words) {
  return Object.entries(words).every(([where, text]) => write(graph.querySelector(where), text));
}

function write(node, text) {
  if (!node) return !text;
  if (node.textContent !== text) node.textContent = text;
  return true;
}

export function moveMarks(drawn, place, { data, layout }, node) {
  const trace = data[place];
  if (isUnseen(trace)) return true;
  if (isPicture(trace)) return paintPicture(drawn, place, trace);
  if (isBars(trace)) return moveBars(drawn, place, data, layout.barmode);
  const pixels = drawn.pixelsAlong(trace, numbers(trace.x), numbers(trace.y));
  return waysOf(trace).every((way) => ways[way]?.(drawn, trace, node, pixels));
}

const ways = {
  lines: (drawn, trace, node, pixels) => moveLine(trace, node, pixels) && moveGround(drawn, trace, node, pixels),
  markers: (_, __, node, pixels) => moveDots(node, pixels),
  text: (_, trace, node, pixels) => moveTexts(trace, node, pixels),
};

// Where a line has gaps the library draws several strokes; here the first one takes all.
function moveLine({ line }, node, pixels) {
  const strokes = linesOf(node), shape = steps[line?.shape ?? "linear"];
  if (!shape) return false;
  if (!strokes.length) return pixels.length === 0;
  strokes.forEach((stroke, at) => stroke.setAttribute("d", at ? "M0,0" : pathOf(shape(pixels)) || "M0,0"));
  return true;
}

// What is filled: the inside of a line that comes back to where it began, or all between a line and zero.
function moveGround(drawn, { fill = "none", line, yaxis }, node, pixels) {
  const ground = groundOf(node);
  if (fill === "none") return true;
  if (fill === "toself") return fillLoops(ground, pixels);
  if (!ground || !pixels.length || !pixels.flat().every(Number.isFinite)) return false;
  const path = pathOf(steps[line?.shape ?? "linear"](pixels)), zero = drawn.axesOf({ yaxis }).yaxis.d2p(0);
  const base = `M${pixels.at(-1)[0]},${zero}L${pixels[0][0]},${zero}L`;
  ground.setAttribute("d", base + path.slice(1));
  return Number.isFinite(zero);
}

// Gaps part one loop from the next.
function fillLoops(ground, pixels) {
  const path = pathOf(pixels);
  if (!ground || !path) return false;
  ground.setAttribute("d", `${path.replaceAll("M", "ZM").slice(1)}Z`);
  return true;
}

function moveDots(node, pixels) {
  const dots = dotsOf(node);
  if (dots.length !== pixels.length || !pixels.flat().every(Number.isFinite)) return false;
  dots.forEach((dot, at) => placeDot(dot, ...pixels[at]));
  return true;
}

// The library writes no empty words.
function moveTexts({ text }, node, pixels) {
  const nodes = textsOf(node), words = [text].flat(), at = pixels.filter((_, place) => words[place]);
  if (nodes.length !== at.length || !at.flat().every(Number.isFinite)) return false;
  const told = words.filter(Boolean);
  return nodes.every((each, place) => placeText(each, ...at[place]) && write(each, told[place]));
}

function placeText(node, x, y) {
  node.setAttribute("x", x);
  node.setAttribute("y", y);
  return true;
}
