/* Tables of links by arrows: each is one stop of the Tab key, and inside it the arrows move from cell to cell. Without
   this script every link is a stop of its own, as in any page. */
(() => {
  "use strict";
  const TABLES = "#result_list, table[data-arrows]";
  const STOPS = "a[href], button, input:not([type=hidden]), select, summary";
  const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  const stopsOf = (row) => [...row.querySelectorAll(STOPS)].filter((stop) => stop.checkVisibility());
  const rowsOf = (table) => [...table.rows].filter((row) => stopsOf(row).length);
  const middle = (element) => { const box = element.getBoundingClientRect(); return box.left + box.width / 2; };

  const enter = (table, stop) => {
    for (const other of table.querySelectorAll(STOPS)) other.tabIndex = -1;
    stop.tabIndex = 0;
  };

  const begin = (table) => {
    const first = table.querySelector("[data-first] a") || table.tBodies[0]?.querySelector(STOPS) || table.querySelector(STOPS);
    if (!first) return;
    const said = document.documentElement.dataset.arrows;
    if (said) table.setAttribute("aria-description", said);
    enter(table, first);
  };

  const target = (table, stop, key) => {
    const rows = rowsOf(table), row = rows.indexOf(stop.closest("tr")), stops = stopsOf(rows[row]);
    if (key === "Home") return stops[0];
    if (key === "End") return stops[stops.length - 1];
    const [down, right] = MOVES[key];
    if (right) return stops[stops.indexOf(stop) + right];
    const next = rows[row + down], here = middle(stop);
    return next && stopsOf(next).reduce((best, other) => Math.abs(middle(other) - here) < Math.abs(middle(best) - here) ? other : best);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in MOVES || event.key === "Home" || event.key === "End")) return;
    const stop = event.target, table = stop.closest?.(TABLES);
    if (!table || !stop.matches(STOPS) || stop.matches("select, input:not([type=checkbox])")) return;
    event.preventDefault();
    const next = target(table, stop, event.key);
    if (next) { enter(table, next); next.focus(); }
  });
  document.addEventListener("focusin", (event) => { // a click, or a script, has gone to another cell
    const table = event.target.closest?.(TABLES);
    if (table && event.target.matches(STOPS)) enter(table, event.target);
  });

  const all = () => { for (const table of document.querySelectorAll(TABLES)) begin(table); };
  document.addEventListener("tables-changed", all); // the coverage page has brought itself up to date
  const start = () => {
    document.documentElement.dataset.arrows = document.querySelector("script[data-arrows]")?.dataset.arrows || "";
    all();
    // Django's pickers name icons that have no role.
    for (const icon of document.querySelectorAll(".help-tooltip[aria-label]")) icon.setAttribute("role", "img");
    for (const box of document.querySelectorAll(".select2-selection")) { // and leave its searchable ones unnamed
      const label = document.querySelector(`label[for="${box.closest(".select2")?.previousElementSibling?.id}"]`);
      for (const part of [box, ...box.querySelectorAll("[role]")]) if (label) part.setAttribute("aria-label", label.textContent.trim());
    }
  };
  if (document.readyState === "complete") start(); else window.addEventListener("load", () => setTimeout(start));
})();
