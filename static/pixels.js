// Pictures of whole numbers, such as the field of a network's answers: their pixels are set without the plot library.

import { numbers } from "./figure.js";

const LEVELS = 256;
const tables = new Map(); // colours of each level, by colour scale and ends

// What the library draws as one pixel for each number: bytes on an even grid, without text in it.
export function isPicture({ type, z, zsmooth, texttemplate, xgap, ygap, zmin, zmax }) {
  const isPlain = !texttemplate && !xgap && !ygap && (!zsmooth || zsmooth === "fast");
  return type === "heatmap" && /u1$/.test(z?.dtype ?? "") && Boolean(z.shape) && isPlain && zmax > zmin;
}

// Give a picture that the library has drawn other pixels; tell whether that could be done.
export function paintPicture(drawn, place, trace) {
  const image = drawn.pictures.get(place)?.querySelector("image");
  const flips = image && drawn.flips(place);
  if (!flips) return false;
  image.setAttributeNS("http://www.w3.org/1999/xlink", "xlink:href", addressOf(trace, flips));
  return true;
}

export function addressOf(trace, { across, up }) {
  const [rows, columns] = trace.z.shape.split(",").map(Number);
  const sheet = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const pen = sheet.getContext("2d");
  const picture = pen.createImageData(columns, rows);
  const pixels = new Uint32Array(picture.data.buffer);
  const levels = numbers(trace.z), colours = tableOf(trace);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const at = (up ? rows - 1 - row : row) * columns + (across ? columns - 1 - column : column);
      pixels[at] = colours[levels[row * columns + column]];
    }
  pen.putImageData(picture, 0, 0);
  return sheet.toDataURL("image/png");
}

function tableOf({ colorscale, zmin, zmax }) {
  const key = JSON.stringify([colorscale, zmin, zmax]);
  if (!tables.has(key)) tables.set(key, colours(colorscale, zmin, zmax));
  return tables.get(key);
}

// The colours of all levels as the library mixes them: each channel in a straight line between two stops.
function colours(scale, low, high) {
  const stops = scale.map(([share, colour]) => [share, channels(colour)]);
  const bytes = new Uint8ClampedArray(4 * LEVELS);
  for (let level = 0; level < LEVELS; level += 1) {
    const share = Math.min(Math.max((level - low) / (high - low), 0), 1);
    bytes.set(mix(stops, share), 4 * level);
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
