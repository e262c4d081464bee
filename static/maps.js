// Maps of signed bytes, with zero at 128, in two colours that fade towards the page's own.

const ZERO = 128, BYTE = 255;
const shades = new Map(); // colours of all bytes, by the two ends

// Paint a map of side x side bytes, rows bottom to top; none leaves the page's own colour.
export function paintMap(canvas, map, tint, side) {
  const pen = canvas.getContext("2d");
  if (!map) {
    pen.clearRect(0, 0, side, side);
    return;
  }
  const picture = pen.createImageData(side, side), pixels = new Uint32Array(picture.data.buffer), colours = shadesOf(tint);
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1) pixels[(side - 1 - row) * side + column] = colours[map[row * side + column]];
  pen.putImageData(picture, 0, 0);
}

function shadesOf([low, high]) {
  const key = low + high;
  if (!shades.has(key)) {
    const bytes = new Uint8ClampedArray(4 * (BYTE + 1));
    for (let byte = 0; byte <= BYTE; byte += 1) {
      const end = byte < ZERO ? low : high, size = Math.min(Math.abs(byte - ZERO) / (ZERO - 1), 1);
      bytes.set([...[1, 3, 5].map((at) => parseInt(end.slice(at, at + 2), 16)), BYTE * size], 4 * byte);
    }
    shades.set(key, new Uint32Array(bytes.buffer));
  }
  return shades.get(key);
}
