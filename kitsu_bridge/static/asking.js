// The form of parameters: searching long lists, and choices that follow another choice. It works without.
(() => {
  "use strict";

  for (const part of document.querySelectorAll(".with-script")) part.hidden = false;
  for (const part of document.querySelectorAll(".without-script")) part.hidden = true;

  function narrow(input) {
    const select = document.querySelector(input.dataset.narrow);
    const words = input.value.trim().toLowerCase();
    for (const option of select.options)
      option.hidden = option.value !== "" && !option.selected && !option.text.toLowerCase().includes(words);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-narrow]")) narrow(event.target);
  });

  document.addEventListener("keydown", (event) => {
    // Enter in a search chooses the first that fits, and does not send the form.
    if (event.key !== "Enter" || !event.target.matches("[data-narrow], [data-filter]")) return;
    event.preventDefault();
    if (!event.target.matches("[data-narrow]")) return;
    const select = document.querySelector(event.target.dataset.narrow);
    const first = [...select.options].find((option) => option.value !== "" && !option.hidden);
    if (first) {
      first.selected = true;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-leads]")) return;
    const form = event.target.form;
    form.requestSubmit(form.querySelector('[name="do"][value="choices"]'));
  });
})();
