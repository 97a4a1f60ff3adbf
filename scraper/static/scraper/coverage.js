/* The coverage page keeps itself up to date: often while a sync runs, now and then otherwise. Without this script it is
   an ordinary page. Nothing is replaced while somebody has a button in hand or reads a chart by keyboard, nor while the
   tab is hidden. */
(() => {
  "use strict";
  const RUNNING = 2000, IDLE = 30000; // ms between two looks
  const root = document.getElementById("coverage");
  if (!root) return;
  let shown = null; // the last answer, to compare with: the DOM's own HTML is not written alike

  const place = () => {
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    return focused && focused.tagName === "A" ? focused.getAttribute("href") : null;
  };
  const busy = () => root.contains(document.activeElement) && document.activeElement.matches("button, .c-plot");

  const swap = (html) => {
    const href = place();
    const scroll = root.querySelector(".c-wide")?.scrollLeft;
    const ran = root.querySelector("[data-running]");
    root.innerHTML = html;
    if (ran && !root.querySelector("[data-running]")) document.querySelector(".messagelist")?.remove(); // "has been started"
    const wide = root.querySelector(".c-wide");
    if (wide && scroll) wide.scrollLeft = scroll;
    document.dispatchEvent(new Event("tables-changed"));
    if (href) root.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
  };

  // A token is masked anew in every answer: what only differs there does not differ.
  const gist = (html) => html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");

  const look = async () => {
    if (!document.hidden && !busy()) {
      try {
        const answer = await fetch(root.dataset.source, { headers: { "X-Requested-With": "fetch" } });
        if (answer.redirected) { window.location.reload(); return; } // logged out: the reload leads to the login
        if (answer.ok) {
          const html = await answer.text();
          if (gist(html) !== shown && !busy()) { shown = gist(html); swap(html); }
        }
      } catch { /* the server is away; the next look will tell */ }
    }
    plan();
  };
  const plan = () => window.setTimeout(look, root.querySelector("[data-running]") ? RUNNING : IDLE);
  // Where the heat map does not fit, begin with today: what was before it is less urgent than what comes.
  const wide = root.querySelector(".c-wide"), today = root.querySelector("th.today"), name = root.querySelector(".c-heat th[scope=row]");
  if (wide && today && name) wide.scrollLeft += today.getBoundingClientRect().left - name.getBoundingClientRect().right;
  plan();
})();
