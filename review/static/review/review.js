/* Keys for the review pages. Each element says in data-key which key is its own; without this script they are ordinary
   buttons, links and fields. No key does anything inside a field, with a modifier, or twice while a page is on its way. */
(() => {
  "use strict";
  const OFF = "review-keys-off"; // localStorage
  let leaving = false;

  const inField = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const off = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };

  const use = (element) => {
    if (element.matches("summary")) {
      const details = element.parentElement;
      details.open = !details.open;
      (details.open ? details.querySelector("textarea, input:not([type=hidden]), select") : element)?.focus();
    } else if (element.matches("input")) {
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
      if (active !== document.body) return; // Enter belongs to what has the focus
      key = "1";
    }
    if (key.length !== 1) return;
    const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (element) { event.preventDefault(); use(element); }
  });

  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    if (leaving) event.preventDefault(); else leaving = true;
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  for (const button of document.querySelectorAll("[data-opens]")) {
    button.hidden = false;
    button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
  }
  for (const box of document.querySelectorAll("[data-keys-on]")) {
    box.checked = !off();
    box.addEventListener("change", () => { try { localStorage.setItem(OFF, box.checked ? "0" : "1"); } catch { /* private */ } });
  }
})();
