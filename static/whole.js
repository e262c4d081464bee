// Notices a page whose end did not come, and asks the server for all of it once more.

import "./history.js"; // with the first words of a page, before it writes its address

const LOOK_MS = 500;
const PATIENCE_MS = 2000; // the last words of an answer may be on their way
const MOST = 3; // in a row: what fails so often fails on the server
let begun, ask, looking, since;
let asked = 0;

// Called with each drawing of a page; the end of the page carries the same number.
export default function watch({ data, setStateValue }) {
  [begun, ask] = [String(data.page), setStateValue];
  looking ??= setInterval(look, LOOK_MS);
}

export function isWhole(root, page) {
  return [...root.querySelectorAll(".nnviz-whole")].some((mark) => mark.dataset.page === page);
}

function look() {
  const isWorking = document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning";
  if (isWhole(document, begun)) asked = 0;
  else if (!isWorking && asked < MOST) return wait();
  since = undefined;
}

function wait() {
  since ??= performance.now();
  if (performance.now() - since < PATIENCE_MS) return;
  since = undefined;
  asked += 1;
  ask("again", `${begun}.${asked}`);
}
