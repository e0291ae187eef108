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
