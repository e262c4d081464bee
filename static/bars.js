// Upright bars, set to other heights on the axes that the plot library has drawn.

import { numbers } from "./figure.js";

const BOX = /^M(-?[\d.]+),-?[\d.]+V-?[\d.]+H(-?[\d.]+)V-?[\d.]+Z$/; // as the library writes one: left and right stay

// Bars without words, on groups that stay.
export const isBars = ({ type, orientation = "v", text, base }) => type === "bar" && orientation === "v" && !text && !base;

// Give the bars of one trace their heights; tell whether that could be done.
export function moveBars(drawn, place, data, mode) {
  const found = boxesOf(drawn, place), values = numbers(data[place].y), axis = drawn.axesOf(data[place]).yaxis;
  const floors = mode === "stack" ? below(drawn, place, data) : values.map(() => 0);
  const least = mode === "stack" ? 0 : -Infinity; // below zero another stack begins
  const isSound = found.length === values.length && [...values, ...floors].every((value) => value >= least && Number.isFinite(value));
  return isSound && found.every((box, at) => setBox(box, axis.d2p(floors[at]), axis.d2p(floors[at] + values[at])));
}

function boxesOf(drawn, place) {
  const node = [...drawn.graph.querySelectorAll(".barlayer > .trace")].find((each) => each.__data__?.[0]?.trace?.index === place);
  return [...(node?.querySelectorAll(".point > path") ?? [])];
}

// How high the bars reach that a trace stands on.
function below(drawn, place, data) {
  const under = data.slice(0, place).filter((trace, at) => drawn.trace(at)?.visible === true);
  return Array.from(numbers(data[place].y), (_, at) => under.reduce((sum, trace) => sum + numbers(trace.y)[at], 0));
}

function setBox(box, low, high) {
  const [, left, right] = BOX.exec(box.getAttribute("d")) ?? [];
  if (left === undefined) return false;
  box.setAttribute("d", `M${left},${low}V${high}H${right}V${low}Z`);
  return true;
}
