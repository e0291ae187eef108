// Fetches the link of a ticket and follows it. Without this the same form leads to a page with the link.
(() => {
  "use strict";

  async function launch(form) {
    const trouble = form.querySelector("[data-trouble]");
    trouble.textContent = "";
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const said = await answer.json();
      if (answer.ok) follow(form, said.url);
      else trouble.textContent = `${said.title}. ${said.detail} ${said.cure || ""}`;
    } catch {
      trouble.textContent = "The bridge did not answer. Try once more.";
    }
  }

  // From here on the link itself starts it, once more if need be; asking again would make this one worthless.
  function follow(form, url) {
    if (!url.startsWith("kitsu-bridge://run?")) throw new Error("no link of the launcher's");
    const link = document.querySelector(form.dataset.launch);
    form.querySelector("button").hidden = true;
    link.href = url;
    link.hidden = false;
    link.click();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-launch]") || event.defaultPrevented) return;
    event.preventDefault();
    launch(event.target);
  });
})();
