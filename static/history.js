// A page's settings stand in its address, which changes with every knob. Back leads to the page before, not back through
// every knob: to take back what a knob has done there is Undo, which brings the run along.

if (!history.isCalm) {
  const push = history.pushState;
  history.isCalm = true;
  history.pushState = (state, unused, url) => {
    const isElsewhere = new URL(url ?? "", location.href).pathname !== location.pathname;
    return (isElsewhere ? push : history.replaceState).call(history, state, unused, url);
  };
}
