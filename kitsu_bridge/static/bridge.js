// What makes the pages better; none of them needs it. No inline handlers: everything hangs on data attributes.
(() => {
  "use strict";

  const root = document.documentElement;
  const themes = ["system", "light", "dark"];

  function kept() {
    try {
      return localStorage.getItem("theme") || "system";
    } catch {
      return "system";
    }
  }

  function dress(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      button.textContent = { system: "◐", light: "☀", dark: "☾" }[theme];
      button.setAttribute("aria-label", `Theme: ${theme}. Change it.`);
      button.title = `Theme: ${theme}`;
    }
  }

  function changeTheme() {
    const next = themes[(themes.indexOf(kept()) + 1) % themes.length];
    try {
      localStorage.setItem("theme", next);
    } catch {
      // A browser that keeps nothing shows it until the next page.
    }
    dress(next);
  }

  async function copy(button) {
    const text = button.dataset.copy || document.querySelector(button.dataset.copyFrom)?.textContent || "";
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => (button.textContent = before), 1500);
  }

  function filter(input) {
    const words = input.value.trim().toLowerCase();
    const state = document.querySelector(`[data-state-filter="${input.dataset.filter}"]`)?.value || "";
    let shown = 0;
    for (const row of document.querySelectorAll(`${input.dataset.filter} > [data-text]`)) {
      const within = [row, ...row.querySelectorAll("[data-text]")];
      const says = within.some((one) => one.dataset.text.toLowerCase().includes(words));
      row.hidden = !says || (state !== "" && row.dataset.state !== state);
      shown += !row.hidden;
    }
    // Rows that are hidden may have brought the end of the list into view: htmx looks again when it hears of a scroll.
    window.dispatchEvent(new Event("scroll"));
    const count = document.querySelector(`[data-count-of="${input.dataset.filter}"]`);
    if (count) count.textContent = `${shown} shown`;
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-theme-switch], [data-copy], [data-copy-from], [data-expand], [data-print]");
    if (!target) return;
    if (target.matches("[data-theme-switch]")) changeTheme();
    else if (target.matches("[data-print]")) window.print();
    else if (target.matches("[data-expand]")) {
      for (const one of document.querySelectorAll(`${target.dataset.expand} details`)) one.open = !one.open;
    } else copy(target);
  });

  document.addEventListener("input", (event) => {
    const target = event.target;
    if (target.matches("[data-filter]")) filter(target);
    else if (target.matches("[data-state-filter]"))
      filter(document.querySelector(`[data-filter="${target.dataset.stateFilter}"]`));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
      event.preventDefault();
      return;
    }
    // A second click on the same button must not send it twice.
    if (form.method === "post" && form.target !== "_blank") {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
      setTimeout(() => delete form.dataset.sent, 4000);
    }
  });

  function arrive(within) {
    for (const form of within.querySelectorAll("form[data-goes-on]")) form.requestSubmit();
    const title = within.querySelector("[data-title]");
    if (title) say(title.dataset.title);
    for (const log of within.querySelectorAll(".log")) log.scrollTop = log.scrollHeight;
    const next = within.querySelector("[data-then]");
    if (next && once(`then ${next.dataset.then}`)) whenLoaded(() => next.click());
  }

  // A program that opens in the middle of loading would break the loading off.
  function whenLoaded(then) {
    if (document.readyState === "complete") then();
    else window.addEventListener("load", then, { once: true });
  }

  // What an outcome asks of the browser is done once: the server says it to one page (audit/once.py), which may be swapped.
  const did = new Set();
  function once(name) {
    if (did.has(name)) return false;
    did.add(name);
    return true;
  }

  // Rows that came later are filtered as those before them.
  function filterAgain() {
    for (const input of document.querySelectorAll("[data-filter]")) {
      const state = document.querySelector(`[data-state-filter="${input.dataset.filter}"]`);
      if (input.value || state?.value) filter(input);
    }
  }

  // The region that is read aloud must outlive what is swapped, else nobody hears of the change.
  function say(title) {
    if (document.title === title) return;
    document.title = title;
    const said = document.querySelector("#said");
    if (said) said.textContent = title;
  }

  // What somebody opened or typed stays so when the page is swapped for its newer self.
  function remember(within) {
    const open = [...within.querySelectorAll("details[id][open]")].map((one) => one.id);
    const typed = [...within.querySelectorAll("input[id], select[id]")].map((one) => [one.id, one.value]);
    return () => {
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      for (const [id, value] of typed) {
        const input = document.getElementById(id);
        if (!input || input.value === value) continue;
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };
  }

  dress(kept());
  document.addEventListener("DOMContentLoaded", () => {
    dress(kept());
    arrive(document);
  });
  // Looked at again every so often, and only while somebody can see it.
  const looked = new WeakMap();
  setInterval(() => {
    if (document.hidden) return;
    for (const one of document.querySelectorAll("[data-look-every]")) {
      if (!looked.has(one)) looked.set(one, Date.now());
      if (Date.now() - looked.get(one) < one.dataset.lookEvery * 1000) continue;
      looked.set(one, Date.now());
      window.htmx?.trigger(one, "look");
    }
  }, 1000);

  let restore = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "live") restore = remember(event.detail.target);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (restore) {
      restore();
      restore = null;
      arrive(document);
    }
    filterAgain();
  });
  window.addEventListener("pageshow", (event) => {
    // Back from the history: a waiting page may have gone on meanwhile.
    if (event.persisted) location.reload();
  });
})();
