// Keys for the log: what a mouse does, for hands that stay on the keyboard. Nothing here is needed.
(() => {
  "use strict";

  const rows = () => [...document.querySelectorAll("#rows tbody tr")];
  const link = (row) => row?.querySelector("a[data-open]");
  const here = () => document.querySelector("#rows tr.here");

  function go(step) {
    const all = rows();
    if (!all.length) return;
    const place = all.indexOf(here());
    const next = all[Math.max(0, Math.min(all.length - 1, place < 0 ? 0 : place + step))];
    stand(next);
    link(next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function stand(row) {
    for (const one of rows()) one.classList.toggle("here", one === row);
  }

  function open(row) {
    if (row) link(row)?.click();
  }

  function turn(way) {
    document.querySelector(`.log-turn a[rel="${way}"]`)?.click();
  }

  function filters() {
    const more = document.querySelector("#more-filters");
    if (!more) return;
    more.open = true;
    more.querySelector("input")?.focus();
  }

  function keys() {
    const dialog = document.querySelector("#keys");
    if (dialog && !dialog.open) dialog.showModal();
  }

  const does = {
    j: () => go(1),
    k: () => go(-1),
    o: () => open(here()),
    n: () => turn("next"),
    p: () => turn("prev"),
    f: filters,
    "?": keys,
    "/": () => document.querySelector("#id_q")?.select(),
  };

  function elsewhere(target) {
    return target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (elsewhere(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Enter" && event.target === document.body && here()) open(here());
    if (!Object.hasOwn(does, event.key)) return;
    event.preventDefault();
    does[event.key]();
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#rows tbody tr");
    if (row) stand(row);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) keys();
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-keys]")) button.hidden = false;
  });
})();
