// From the figures of one chart to what Chart.js draws.

import "../third_party/chart.umd.js";
import { colorOf, dashOf, edgeOf, fillOf, ink, lineColor, pointOf, readableOn } from "./ink.js";

const Chart = globalThis.Chart;
Chart.defaults.font.family = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const ROW = 34;

export const number = (value, most = 1) => Number(value).toLocaleString("en", { maximumFractionDigits: most });

// Pixels: so high that each bar has room for its number.
export function heightOf(figure) {
  const bars = figure.chart === "stacked" ? 1 : figure.series.length;
  return figure.horizontal ? Math.max(150, figure.labels.length * Math.max(ROW, bars * 17 + 10) + 62) : 320;
}

// `paper`: light and still. `fixed`: of the size that the canvas has, with the legend within. `titled`: with the title too.
export function draw(canvas, figure, { paper = false, fixed = false, titled = false, hidden = new Set(), onPick = null } = {}) {
  const theme = ink(paper);
  return new Chart(canvas, {
    type: figure.chart === "line" ? "line" : "bar",
    data: { labels: figure.labels.map(shortened), datasets: figure.series.map(datasetOf(figure, theme, hidden)) },
    options: {
      animation: paper || calm.matches ? false : { duration: 350 },
      maintainAspectRatio: false,
      responsive: !fixed,
      devicePixelRatio: fixed ? 2 : undefined,
      indexAxis: figure.horizontal ? "y" : "x",
      layout: { padding: titled ? 18 : { right: 14 } },
      interaction: figure.chart === "line" ? { mode: "index", intersect: false } : { mode: "nearest", intersect: true },
      onClick: (event, found) => pick(event, found[0], figure, onPick),
      onHover: (event, found) => {
        event.native.target.style.cursor = onPick && found.some((one) => linked(figure, one)) ? "pointer" : "";
      },
      scales: scalesOf(figure, theme),
      plugins: pluginsOf(figure, theme, fixed, titled, onPick),
    },
    plugins: [background(theme, fixed), numbers],
  });
}

function datasetOf(figure, theme, hidden) {
  return (series, position) => {
    const color = colorOf(series, position, theme);
    const shared = { label: series.label, data: series.values, hidden: hidden.has(series.key), color };
    return { ...shared, ...(figure.chart === "line" ? lineOf(figure, series, color, position, theme) : barOf(figure, color, position, theme)) };
  };
}

function barOf(figure, color, position, theme) {
  return {
    backgroundColor: fillOf(color, position),
    borderColor: edgeOf(color, theme),
    borderWidth: 1,
    borderSkipped: false,
    borderRadius: 3,
    maxBarThickness: 30,
    stack: figure.chart === "stacked" ? "all" : undefined,
  };
}

function lineOf(figure, series, color, position, theme) {
  const drawn = lineColor(color, theme);
  return {
    yAxisID: mixed(figure) && series.share ? "share" : "y",
    backgroundColor: drawn,
    borderColor: drawn,
    borderDash: dashOf(position),
    borderWidth: 2.5,
    pointStyle: pointOf(position),
    pointRadius: series.values.length > 60 ? 0 : 3.5,
    pointHoverRadius: 6,
    spanGaps: true,
  };
}

function scalesOf(figure, theme) {
  const stacked = figure.chart === "stacked";
  const named = { stacked, grid: { display: false }, ticks: { color: theme.text, autoSkip: !figure.horizontal } };
  const counted = {
    stacked,
    beginAtZero: true,
    grid: { color: theme.border },
    border: { display: false },
    ticks: { color: theme.soft, precision: figure.whole ? 0 : undefined, callback: (value) => number(value) },
    title: { display: Boolean(unitOf(figure)), text: unitOf(figure), color: theme.soft },
  };
  if (figure.horizontal) return { y: named, x: counted };
  const share = { ...counted, position: "right", grid: { display: false }, title: { ...counted.title, display: true, text: "%" } };
  return { x: named, y: counted, ...(mixed(figure) ? { share } : {}) };
}

// Shares beside other numbers have an axis of their own.
const mixed = ({ series }) => series.some((one) => one.share) && series.some((one) => !one.share);

function pluginsOf(figure, theme, fixed, titled, onPick) {
  const legend = { color: theme.text, usePointStyle: figure.chart === "line", boxWidth: 16, boxHeight: figure.chart === "line" ? 7 : 12, padding: 14 };
  return {
    legend: { display: fixed && figure.series.length > 1, position: "bottom", labels: legend },
    title: { display: titled, text: figure.title, color: theme.strong, align: "start", font: { size: 18, weight: "600" } },
    subtitle: { display: titled, text: figure.about, color: theme.soft, align: "start", padding: { bottom: 12 } },
    tooltip: {
      padding: 10,
      boxPadding: 5,
      usePointStyle: figure.chart === "line",
      backgroundColor: "#17181bf2",
      callbacks: {
        title: (found) => figure.labels[found[0]?.dataIndex] ?? "",
        label: (item) => said(figure, item),
        footer: (found) => (onPick && found.some((one) => linked(figure, one)) ? `Click for ${figure.leads || "the tasks behind it"}` : ""),
      },
    },
  };
}

// `In progress: 12 tasks, 34 %`
function said(figure, item) {
  const value = item.dataset.data[item.dataIndex];
  const unit = figure.series[item.datasetIndex].share ? "%" : figure.unit;
  const sum = figure.series.reduce((all, series) => all + (series.values[item.dataIndex] || 0), 0);
  const share = figure.chart === "stacked" && sum ? `, ${number((value / sum) * 100, 0)} %` : "";
  return ` ${item.dataset.label}: ${number(value, 2)}${unit ? ` ${unit}` : ""}${share}`;
}

const unitOf = ({ series, unit }) => (series.every((one) => one.share) ? "%" : unit);

const shortened = (label) => (label.length > 28 ? `${label.slice(0, 27)}…` : label);

const linked = (figure, found) => Boolean(figure.series[found.datasetIndex]?.linked[found.index ?? found.dataIndex]);

function pick(event, found, figure, onPick) {
  if (!found || !onPick || !linked(figure, found)) return;
  const series = figure.series[found.datasetIndex];
  const [along, across] = [figure.keys[found.index], series.key];
  const [row, column] = figure.turned ? [across, along] : [along, across];
  onPick({ row, column, link: series.links?.[found.index] }, event.native);
}

const background = (theme, fixed) => ({
  id: "background",
  beforeDraw({ ctx: pen, width, height }) {
    if (!fixed) return;
    pen.save();
    pen.fillStyle = theme.back;
    pen.fillRect(0, 0, width, height);
    pen.restore();
  },
});

// The number stands in its bar where it fits, so that nobody has to tell colours apart to read it.
const numbers = {
  id: "numbers",
  afterDatasetsDraw(chart) {
    if (chart.config.type !== "bar") return;
    const pen = chart.ctx;
    pen.save();
    pen.font = "600 11px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    for (const { index, data } of chart.getSortedVisibleDatasetMetas()) {
      const { color, data: values } = chart.data.datasets[index];
      data.forEach((bar, at) => inside(pen, bar, values[at], color));
    }
    pen.restore();
  },
};

function inside(pen, bar, value, color) {
  const { x, y, base, width, height, horizontal } = bar.getProps(["x", "y", "base", "width", "height", "horizontal"]);
  const text = value ? number(value) : "";
  const [wide, high] = horizontal ? [Math.abs(x - base), height] : [width, Math.abs(y - base)];
  if (!text || wide < pen.measureText(text).width + 10 || high < 15) return;
  const [atX, atY] = horizontal ? [(x + base) / 2, y] : [x, (y + base) / 2];
  pen.strokeStyle = color;
  pen.lineWidth = 4;
  pen.strokeText(text, atX, atY);
  pen.fillStyle = readableOn(color);
  pen.fillText(text, atX, atY);
}
