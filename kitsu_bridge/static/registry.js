// The registry's form: another kind shows other options at once; addresses can be copied.
(() => {
  "use strict";

  const KEPT = ["name", "slug", "description", "order"];

  document.addEventListener("change", (event) => {
    if (event.target.id !== "id_kind") return;
    const query = new URLSearchParams({ kind: event.target.value });
    if (location.pathname.endsWith("/add/"))
      for (const name of KEPT) query.set(name, document.getElementById(`id_${name}`)?.value || "");
    location.search = query;
  });

  // What a kind finds out from an option, such as a farm's address, is shown as soon as that option changes.
  document.addEventListener("change", async (event) => {
    const name = event.target.dataset?.looks;
    if (!name) return;
    const sent = new FormData(event.target.form);
    sent.set(name, "yes");
    const answer = await fetch(location.href, { method: "POST", body: sent });
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const at = document.activeElement?.id;
    for (const mark of found.querySelectorAll("[data-part]")) {
      const here = document.querySelector(`[data-part="${mark.dataset.part}"]`);
      here?.closest("fieldset").replaceWith(document.adoptNode(mark.closest("fieldset")));
    }
    if (at) document.getElementById(at)?.focus();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const url = new URL(button.dataset.copy, location.origin).href;
    try {
      await navigator.clipboard.writeText(url);
      button.textContent = "Copied";
    } catch {
      button.textContent = url;
    }
  });
})();
