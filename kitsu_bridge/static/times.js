// The forms of schedules and of times: the next five times of what stands in them, before it is saved.
(() => {
  "use strict";

  const TYPED = ["minute", "hour", "day_of_week", "day_of_month", "month_of_year", "timezone"];
  let asked = 0;

  const field = (name) => document.getElementById(`id_${name}`);

  const wanted = () => {
    if (field("times")) return { times: field("times").value };
    return Object.fromEntries(TYPED.filter(field).map((name) => [name, field(name).value]));
  };

  const show = async () => {
    const place = document.querySelector(".next-times");
    if (!place) return;
    if (field("enabled")?.checked === false) return void (place.textContent = "None: it is switched off.");
    const mine = ++asked;
    const answer = await fetch(`${place.dataset.from}?${new URLSearchParams(wanted())}`);
    if (!answer.ok || answer.redirected || mine !== asked) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".next-times");
    if (found && mine === asked) place.replaceChildren(...found.childNodes);
  };

  const may = (event) => ["times", "enabled", ...TYPED].includes(event.target.id?.replace(/^id_/, "")) && show();

  document.addEventListener("DOMContentLoaded", () => {
    document.addEventListener("input", may);
    // Django's pop-up for new times, and the lists that can be searched, tell of a change by jQuery alone.
    const jquery = window.django?.jQuery;
    if (jquery) jquery(document).on("change", may);
    else document.addEventListener("change", may);
    if (field("times")?.value || field("minute")) show();
  });
})();
