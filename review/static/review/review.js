/* Keys for the review pages. Each element says in data-key which key is its own; without this script they are ordinary
   buttons, links and fields. No key does anything inside a field, with a modifier, or twice while a page is on its way. */
(() => {
  "use strict";
  const OFF = "review-keys-off"; // localStorage
  const UNSEEN = 300; // ms for which a question can't have been read: what is pressed then was meant for the last one
  let leaving = false;
  let shownAt = performance.now();

  const several = document.getElementById("r-several");
  const inField = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const off = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
  const find = (name, key) => document.querySelector(`[data-${name}="${CSS.escape(key)}"]`);

  const unfold = (summary) => {
    const details = summary.parentElement;
    details.open = !details.open;
    if (!details.open) { summary.focus(); summary.blur(); return; }
    const card = details === several && document.querySelector("[data-tick]");
    if (card) { // the films to tick come into sight; what sends them stands in the bar at the foot
      details.querySelector("button").focus({ preventScroll: true });
      card.closest("article").scrollIntoView({ block: "start" });
    } else {
      const field = details.querySelector("textarea, input:not([type=hidden]), select");
      field.focus({ preventScroll: true });
      details.scrollIntoView({ block: "nearest" }); // not under the bar: its scroll-margin keeps it clear
    }
  };

  const count = () => {
    const boxes = [...document.querySelectorAll("[data-tick]")], output = document.querySelector("[data-ticked]");
    if (output) output.value = `${boxes.filter((box) => box.checked).length} / ${boxes.length} ${output.dataset.of}`;
  };
  for (const button of document.querySelectorAll("[data-several]")) button.hidden = false;
  document.addEventListener("change", count);
  count();

  const use = (element) => {
    if (element.matches("summary")) {
      unfold(element);
    } else if (element.matches("input:not([type=checkbox])")) {
      element.focus();
      element.select();
    } else {
      element.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    const active = document.activeElement;
    if (event.key === "Escape" && inField(active)) { active.blur(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (leaving || off() && event.key !== "?" || inField(active) || document.querySelector("dialog[open]")) return;
    let key = event.key.toLowerCase();
    if (key === "enter") {
      if (active.matches("a, button, summary, input, [tabindex='0']")) return; // it belongs to what has the focus
      if (several?.open) return;
      key = "1";
    }
    if (key.length !== 1) return;
    const element = several?.open && find("tick", key) || find("key", key);
    if (!element) return;
    event.preventDefault();
    const decides = element.matches("button") && element.form?.method === "post";
    if (!decides || performance.now() - shownAt > UNSEEN) use(element);
  });

  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    if (leaving) { event.preventDefault(); return; }
    leaving = true;
    const kept = event.target.method === "get" && several?.open && event.target.elements.more;
    if (kept) { // the films chosen so far come along to the next search
      const ticked = [...document.querySelectorAll("[data-tick]:checked")].map((box) => box.value);
      kept.value = [...new Set([...document.getElementById("r-more").value.split(/\s+/), ...ticked])].join(" ").trim();
    }
  });
  window.addEventListener("pageshow", () => { leaving = false; shownAt = performance.now(); });

  for (const button of document.querySelectorAll("[data-opens]")) {
    button.hidden = false;
    button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
  }
  for (const box of document.querySelectorAll("[data-keys-on]")) {
    box.checked = !off();
    box.addEventListener("change", () => { try { localStorage.setItem(OFF, box.checked ? "0" : "1"); } catch { /* private */ } });
  }
})();
