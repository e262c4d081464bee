// Notices a page whose end did not come, and asks the server for all of it once more; loads one anew that is gone.

import "./history.js"; // with the first words of a page, before it writes its address

const LOOK_MS = 500;
const PATIENCE_MS = 2000; // the last words of an answer may be on their way
const MOST = 3; // in a row: what fails so often fails on the server
const APART_MS = 15_000; // between two times that a page is loaded anew
const LOADED = "nnviz-loaded-anew";
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
  const app = document.querySelector(".stApp"), isWorking = app?.dataset.testScriptState !== "notRunning";
  if (!app) return wait(loadAnew);
  if (isWhole(document, begun)) asked = 0;
  else if (!isWorking && asked < MOST) return wait(askAgain);
  since = undefined;
}

function wait(act) {
  since ??= performance.now();
  if (performance.now() - since < PATIENCE_MS) return;
  since = undefined;
  act();
}

function askAgain() {
  asked += 1;
  ask("again", `${begun}.${asked}`);
}

// A message that does not fit what stands on the page takes all of Streamlit off it, and nothing comes after that.
function loadAnew() {
  if (Date.now() - Number(sessionStorage.getItem(LOADED)) < APART_MS) return;
  sessionStorage.setItem(LOADED, Date.now());
  location.reload();
}
