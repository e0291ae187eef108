// Arrow keys for the timeline: from day to day, and within the picture from bar to bar. Nothing here is needed.
(() => {
  "use strict";

  const lanes = () =>
    [...document.querySelectorAll(".timeline g.of")].map((lane) => [...lane.querySelectorAll("a")]).filter((all) => all.length);

  function turn(way) {
    document.querySelector(`nav a[rel="${way}"]`)?.click();
  }

  // The name of a lane is its first place, its bars follow as the day does.
  function along(here, step) {
    const lane = lanes().find((all) => all.includes(here)) ?? [];
    lane[lane.indexOf(here) + step]?.focus();
  }

  const middle = (link) => {
    const box = link.getBoundingClientRect();
    return box.left + box.width / 2;
  };

  function across(here, step) {
    const all = lanes();
    const next = all[all.findIndex((lane) => lane.includes(here)) + step];
    const away = (link) => Math.abs(middle(link) - middle(here));
    next?.reduce((nearest, link) => (away(link) < away(nearest) ? link : nearest)).focus();
  }

  const within = {
    ArrowLeft: (here) => along(here, -1),
    ArrowRight: (here) => along(here, 1),
    ArrowUp: (here) => across(here, -1),
    ArrowDown: (here) => across(here, 1),
    Escape: (here) => here.blur(),
  };

  const outside = {
    ArrowLeft: () => turn("prev"),
    ArrowRight: () => turn("next"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, .scroll:focus")) return;
    const here = event.target.closest(".timeline a");
    const does = here ? within : outside;
    if (!Object.hasOwn(does, event.key)) return;
    event.preventDefault();
    does[event.key](here);
  });
})();
