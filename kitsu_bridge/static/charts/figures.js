// Puts a chart above each table of figures: its legend, its picture to keep, the theme, paper. The tables need none of it.

import { draw, heightOf } from "./drawing.js";
import { colorOf, dashOf, fillOf, ink, lineColor } from "./ink.js";

const shown = new Map(); // The element of a chart -> what is drawn in it.

function show(box) {
  const figure = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  figure.about = document.querySelector("[data-about]")?.dataset.about || "";
  const one = { box, figure, hidden: new Set(), chart: null };
  shown.set(box, one);
  box.hidden = false;
  box.querySelector(".canvas").style.height = `${heightOf(figure)}px`;
  drawAgain(one);
  const save = box.closest("[data-figure]")?.querySelector("[data-picture]");
  if (save) {
    save.hidden = false;
    save.addEventListener("click", () => keepPicture(one));
  }
}

function drawAgain(one) {
  one.chart?.destroy();
  one.chart = draw(one.box.querySelector("canvas"), one.figure, {
    hidden: one.hidden,
    onPick: one.box.dataset.tasks || one.figure.leads ? (number, event) => open(one, number, event) : null,
  });
  writeLegend(one);
}

// Buttons, so that the keyboard and a screen reader can use it too; the canvas could not be.
function writeLegend(one) {
  const legend = one.box.querySelector(".legend");
  const focused = [...legend.children].indexOf(document.activeElement);
  legend.replaceChildren(...(one.figure.series.length > 1 ? one.figure.series.map(entry(one)) : []));
  if (focused >= 0) legend.children[focused].focus();
}

function entry(one) {
  return (series, position) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.setAttribute("aria-pressed", String(!one.hidden.has(series.key)));
    button.append(swatch(one, series, position), series.label);
    button.addEventListener("click", () => toggle(one, series.key, position, button));
    return button;
  };
}

function toggle(one, key, position, button) {
  const hide = !one.hidden.has(key);
  if (hide) one.hidden.add(key);
  else one.hidden.delete(key);
  one.chart.setDatasetVisibility(position, !hide);
  one.chart.update();
  button.setAttribute("aria-pressed", String(!hide));
}

function swatch({ figure }, series, position) {
  const theme = ink();
  const color = colorOf(series, position, theme);
  const canvas = document.createElement("canvas");
  canvas.width = 22;
  canvas.height = 14;
  canvas.setAttribute("aria-hidden", "true");
  const pen = canvas.getContext("2d");
  if (figure.chart === "line") {
    pen.strokeStyle = lineColor(color, theme);
    pen.lineWidth = 3;
    pen.setLineDash(dashOf(position));
    pen.beginPath();
    pen.moveTo(0, 7);
    pen.lineTo(22, 7);
    pen.stroke();
  } else {
    pen.fillStyle = fillOf(color, position);
    pen.fillRect(0, 0, 22, 14);
    pen.strokeStyle = theme.soft;
    pen.strokeRect(0.5, 0.5, 21, 13);
  }
  return canvas;
}

// A number has a link of its own, or is named by its row and column.
function open(one, { row, column, link }, event) {
  const url = new URL(link || one.box.dataset.tasks, location.href);
  if (!link) {
    url.searchParams.set("row", row);
    url.searchParams.set("column", column);
  }
  if (event.ctrlKey || event.metaKey) window.open(url, "_blank", "noopener");
  else location.assign(url);
}

// With title and legend, twice as sharp, on white: for a mail or a slide.
function keepPicture({ figure, hidden }) {
  const canvas = document.createElement("canvas");
  canvas.width = 1100;
  canvas.height = heightOf(figure) + 150;
  const chart = draw(canvas, figure, { paper: true, fixed: true, titled: true, hidden });
  canvas.toBlob((picture) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(picture);
    link.download = `${figure.file}.png`;
    link.click();
    chart.destroy();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
}

function again() {
  for (const [box, one] of shown) {
    if (box.isConnected) drawAgain(one);
    else {
      one.chart.destroy();
      shown.delete(box);
    }
  }
}

// A canvas of its own for paper: light, as wide as the page, with its legend, and drawn before the printing goes on.
function lay(onPaper) {
  for (const { box, figure, hidden } of shown.values()) {
    box.querySelector(".paper")?.remove();
    if (!onPaper) continue;
    const canvas = document.createElement("canvas");
    canvas.width = 1050;
    canvas.height = heightOf(figure) + 40;
    canvas.className = "paper";
    box.append(canvas);
    draw(canvas, figure, { paper: true, fixed: true, hidden });
  }
}

function look() {
  for (const box of document.querySelectorAll("[data-chart]")) if (!shown.has(box)) show(box);
}

look();
document.addEventListener("htmx:afterSettle", () => {
  again();
  look();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => again());
new MutationObserver(() => again()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("print").addEventListener("change", (event) => lay(event.matches));
