// How numbers are written in the browser: as nnviz/words/numbers.py writes them.

export const whole = (value) => value.toLocaleString("en");

export function fixed(value, decimals) {
  return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

// In three digits: 0.123, 12.3, 1.2e-5.
export function short(value) {
  return value.toPrecision(3).includes("e") ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
