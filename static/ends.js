// Where axes that follow the data end: they move in steps, so that most drawings need no other axis.

import { numbers } from "./figure.js";

const GROW = 0.25; // of what is drawn
const PAD = 0.06, NEAR = 1e-6;
const LOOSE = 0.4; // an axis of which less than that is used is drawn anew

// An axis of time only grows.
export const isClock = (axis) => axis?.rangemode === "nonnegative";

export const axesOf = (layout) => ["xaxis", "yaxis", ...Object.keys(layout ?? {}).filter((name) => /^[xy]axis\d+$/.test(name))];

// The ends of an axis, as they were if that will do.  isFromZero: its low end stays.
export function steady(held, low, high, isFromZero) {
  const span = high - low || Math.abs(high) || 1;
  if (held && low >= held[0] && high <= held[1] && span >= LOOSE * (held[1] - held[0])) return held;
  if (isFromZero) return [low, low + (1 + GROW) * span];
  const isLower = held && low < held[0], isHigher = held && high > held[1];
  const least = low - (isLower ? GROW : PAD) * span;
  return [low < 0 ? least : Math.max(least, -PAD * span), high + (isHigher ? GROW : PAD) * span]; // little below zero
}

// An axis whose ends stand in the figure, or one of numbers whose ends follow from the data, or groups of bars.
export function isKnown(axis, { data, layout }) {
  const { range, autorange, scaleanchor, type = "linear" } = layout?.[axis] ?? {};
  if (range) return true;
  if (type === "category") return data.every((trace) => trace.type === "bar");
  if (layout?.barmode === "stack") return false; // what it reaches is not in the data
  const isPlain = autorange === undefined && !scaleanchor && (type === "linear" || type === "log");
  return isPlain && (isClock(layout?.xaxis) || on(axis, data).every((trace) => trace[axis[0]]?.bdata)); // beside a clock are numbers
}

// The traces of an axis.
const on = (axis, data) => data.filter((trace) => (trace[`${axis[0]}axis`] ?? axis[0]) === axis.replace("axis", ""));

export function extent(data, axis, isLog) {
  let low = Infinity, high = -Infinity;
  for (const trace of on(axis, data)) {
    for (const value of numbers(trace[axis[0]])) {
      const at = isLog ? Math.log10(value) : value;
      if (!Number.isFinite(at)) continue;
      low = Math.min(low, at);
      high = Math.max(high, at);
    }
  }
  return low <= high ? [low, high] : undefined;
}

// The same with the named levels that lie little beyond: what is written at them would be cut.
export function withLevels([low, high], axis, shapes, isLog) {
  const room = GROW * (high - low);
  const levels = (shapes ?? [])
    .filter(({ label, y0, y1, yref = "y" }) => label && y0 === y1 && yref === axis.replace("axis", ""))
    .map(({ y0 }) => (isLog ? Math.log10(y0) : y0))
    .filter((at) => at >= low - room && at <= high + room);
  return [Math.min(low, ...levels), Math.max(high, ...levels)];
}

// Whether an axis that was given some ends shows others.
export const isOther = (given, shown) =>
  Boolean(given && shown && given.some((end, at) => Math.abs(end - shown[at]) > NEAR * Math.abs(given[1] - given[0])));
