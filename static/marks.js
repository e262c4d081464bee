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

const isUnseen = ({ opacity }) => opacity === 0; // it is there to be hovered
export const isMark = (trace) => isUnseen(trace) || isScatter(trace) || isPicture(trace) || isBars(trace);

// All of a trace but what can be set by hand, and what shows only under a hand.
export function lookOf({ x, y, z, customdata, hovertext, text, ...looks }) {
  if (looks.type === "bar") return [looks, x];
  if (looks.type === "heatmap") return [looks, isHistory({ x, z }) || x, y];
  if (looks.mode !== "text") return [looks, text];
  return [looks, x, y, [text].flat().every(isPlain) ? [text].flat().length : text];
}

// What differs from one drawing to the next.
export const pointsOf = ({ x, y, z, text }) => JSON.stringify([x, y, z, text]);

// The words of a chart beside its traces: notes and titles of axes, and all of its frame but those.
export function wordsOf(layout = {}) {
  const { annotations, ...frame } = layout, words = {};
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
  if (trace.mode === "text") return moveTexts(trace, node);
  const x = numbers(trace.x), pixels = drawn.pixelsAlong(trace, x, numbers(trace.y));
  if (trace.mode === "lines") return moveLine(trace, node, pixels) && moveGround(drawn, trace, node, pixels);
  return trace.mode === "markers" && moveDots(node, pixels);
}

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
  if (!ground || !pixels.length || !pixels.flat().every(Number.isFinite)) return false;
  const path = pathOf(steps[line?.shape ?? "linear"](pixels)), zero = drawn.axesOf({ yaxis }).yaxis.d2p(0);
  const base = `M${pixels.at(-1)[0]},${zero}L${pixels[0][0]},${zero}L`;
  ground.setAttribute("d", fill === "toself" ? `${path}Z` : base + path.slice(1));
  return Number.isFinite(zero);
}

function moveDots(node, pixels) {
  const dots = dotsOf(node);
  if (dots.length !== pixels.length || !pixels.flat().every(Number.isFinite)) return false;
  dots.forEach((dot, at) => placeDot(dot, ...pixels[at]));
  return true;
}

function moveTexts({ text }, node) {
  const nodes = textsOf(node), texts = [text].flat();
  return nodes.length === texts.length && nodes.every((each, at) => write(each, texts[at]));
}
