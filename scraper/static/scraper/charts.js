/* Charts by keyboard: each is one stop of the Tab key, and the arrows move from bar to bar. What the bar in focus or under
   the pointer says stands below the chart. Without this script a bar has a tooltip, and the chart a sentence. */
(() => {
  "use strict";
  const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -1e9, End: 1e9 };
  const barsOf = (plot) => [...plot.querySelectorAll("g > g")];
  const textOf = (bar) => bar.querySelector("title").textContent;
  const tell = (plot, text) => { plot.parentElement.querySelector(".c-told").textContent = text; };

  const show = (plot, bar) => {
    for (const other of plot.querySelectorAll(".c-chosen")) other.classList.remove("c-chosen");
    bar?.classList.add("c-chosen");
    tell(plot, bar ? textOf(bar) : "");
  };
  const choose = (plot, wanted) => {
    const bars = barsOf(plot), at = Math.max(0, Math.min(bars.length - 1, wanted));
    plot.setAttribute("aria-valuenow", at + 1);
    plot.setAttribute("aria-valuetext", textOf(bars[at]));
    return bars[at];
  };
  const chosen = (plot) => Number(plot.getAttribute("aria-valuenow")) - 1;

  const begin = (plot) => { // a slider is what screen readers know to be moved by arrows and to say where it is
    if (plot.tabIndex === 0) return;
    const last = barsOf(plot).length;
    const said = { role: "slider", "aria-label": plot.dataset.name, "aria-valuemin": 1, "aria-valuemax": last };
    for (const [name, value] of Object.entries(said)) plot.setAttribute(name, value);
    plot.querySelector("svg").setAttribute("aria-hidden", "true");
    plot.tabIndex = 0;
    choose(plot, last - 1);
    plot.addEventListener("focus", () => show(plot, barsOf(plot)[chosen(plot)]));
    plot.addEventListener("blur", () => show(plot, null));
    plot.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in STEPS)) return;
      event.preventDefault();
      show(plot, choose(plot, chosen(plot) + STEPS[event.key]));
    });
    plot.addEventListener("pointerover", (event) => {
      const bar = event.target.closest("g > g");
      if (bar) tell(plot, textOf(bar));
    });
    plot.addEventListener("pointerleave", () => show(plot, document.activeElement === plot ? barsOf(plot)[chosen(plot)] : null));
  };

  const all = () => { for (const plot of document.querySelectorAll(".c-plot")) begin(plot); };
  document.addEventListener("tables-changed", all); // the coverage page has brought itself up to date
  all();
})();
