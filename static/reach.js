// What the page's frame lacks for a reader without a mouse: a way past the menus, names for the layers that float above
// the page, and formulas and code that scroll.

const REST_MS = 250; // a page that trains changes many times a second
// Where a page's own controls may begin; the first of them in the page's order does.
const CONTROLS =
  "[class*='st-key-bar-play'] button, .nnviz-playback:not([hidden]) .nnviz-play, [class*='-playing-bar'] button, .nnviz-dials:not([hidden]) input";
const LAYERS = { portal: "menus", stFloatingOverlayPortal: "hints" };
const watcher = new MutationObserver(() => (waiting ??= setTimeout(mend, REST_MS)));
let words = {};
let waiting;

// Streamlit hides the field that has the focus behind what is seen in its place, which shows the ring. A style sheet that
// asked for that itself (`:has`) would be asked anew with every stroke of a chart.
function ring({ target }) {
  document.querySelectorAll("[data-ring]").forEach((node) => node.contains(target) || node.removeAttribute("data-ring"));
  if (!target.matches?.("input:focus-visible")) return;
  const shown = target.closest("[data-testid=stSlider]") ? target.parentElement.parentElement : target.closest("label:not(.nnviz-dial)");
  shown?.setAttribute("data-ring", "");
}

document.addEventListener("focusin", ring);
document.addEventListener("keydown", ring); // after a press of the mouse the first key brings the ring
document.addEventListener("focusout", ({ target }) => target.closest?.("[data-ring]")?.removeAttribute("data-ring"));

// Called by each page; what was called before stays as it is.
export function reach(said, scripts) {
  words = said;
  fetchAhead(scripts);
  if (!document.querySelector(".nnviz-skip")) document.body.prepend(skip());
  watcher.observe(document.body, { childList: true, subtree: true });
  mend();
}

// Scripts import each other four deep: a browser that learns of each by the one before waits four times.
function fetchAhead(scripts) {
  for (const href of scripts.splice(0)) {
    const link = Object.assign(document.createElement("link"), { rel: "modulepreload", href });
    if (!document.head.querySelector(`link[href="${href}"]`)) document.head.append(link);
  }
}

function skip() {
  const node = document.createElement("nav");
  const button = document.createElement("button");
  node.className = "nnviz-skip";
  button.type = "button";
  button.onclick = () => goal().focus();
  node.append(button);
  return node;
}

const controls = () => [...document.querySelectorAll(CONTROLS)].find((each) => each.checkVisibility());

function goal() {
  const found = controls() ?? document.querySelector("main h1") ?? document.querySelector("main");
  if (found.tabIndex < 0) found.tabIndex = -1; // a title takes the focus only when it is asked to
  return found;
}

function mend() {
  waiting = undefined;
  const node = document.querySelector(".nnviz-skip");
  node.ariaLabel = words.skip;
  const word = controls() ? words.controls : words.content;
  if (node.textContent !== word) node.firstChild.textContent = word; // a change would call for mending again
  // Menus float outside the app and would not know whether the page is dark.
  document.documentElement.style.colorScheme = getComputedStyle(document.querySelector(".stApp") ?? document.body).colorScheme;
  for (const [id, name] of Object.entries(LAYERS)) nameLayer(document.getElementById(id), words[name]);
  document.querySelectorAll(".katex-display, .stCode pre").forEach(letScroll);
  document.querySelectorAll("[data-testid=stPageLink-NavLink]").forEach(markCurrent);
  gradeTitles();
}

// A card's title stands one level below the heading that its board follows.
function gradeTitles() {
  let above = 1;
  for (const node of document.querySelectorAll("main :is(h1,h2,.nnviz-board)")) {
    if (!node.matches(".nnviz-board")) above = Number(node.tagName[1]);
    else node.querySelectorAll("h3").forEach((title) => (title.ariaLevel = String(above + 1)));
  }
}

function nameLayer(layer, name) {
  if (!layer || layer.role) return;
  layer.role = "region";
  layer.ariaLabel = name;
}

function letScroll(node) {
  const isHigh = node.matches("pre") && node.scrollHeight > node.clientHeight;
  if (isHigh || node.scrollWidth > node.clientWidth) node.tabIndex = 0;
  else node.removeAttribute("tabindex");
}

function markCurrent(link) {
  const isHere = link.pathname.replace(/\/$/, "") === location.pathname.replace(/\/$/, "");
  if (isHere) link.ariaCurrent = "page";
  else link.removeAttribute("aria-current");
}
