// What charts are drawn with: colours of the page's theme, fills that differ without colour, dashes and points.

const PAPER = {
  back: "#ffffff",
  text: "#4a4d52",
  soft: "#6b6e74",
  strong: "#202225",
  border: "#dbdbdb",
  dark: false,
};

const OWN = ["#3273dc", "#e08a1e", "#1f9e77", "#a34fc4", "#c2255c", "#e070b4", "#b08d00", "#2aa5b8"];
const FILLS = ["plain", "rising", "dots", "falling", "lying", "cross", "standing", "grid"];
const DASHES = [[], [6, 4], [2, 3], [10, 4, 2, 4], [12, 4], [4, 2]];
const POINTS = ["circle", "rectRot", "triangle", "rect", "star", "crossRot"];

// The theme as the style sheet has it at this moment; paper is always light.
export function ink(paper = false) {
  if (paper) return PAPER;
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  const found = { back: of("back"), text: of("text"), soft: of("soft"), strong: of("strong"), border: of("border") };
  return { ...found, dark: luminance(found.back) < 0.4 };
}

// Kitsu darkens its colours in the dark (src/lib/colors.js in Kitsu does so for its own lists).
export function colorOf(series, position, theme) {
  const color = /^#[0-9a-f]{6}$/i.test(series.color || "") ? series.color : OWN[position % OWN.length];
  return theme.dark ? mixed(color, "#000000", 0.18) : color;
}

// A line around each piece keeps a light colour apart from a light page, and each piece from the next.
export function edgeOf(color, theme) {
  return theme.dark ? mixed(color, "#ffffff", 0.35) : mixed(color, "#000000", 0.3);
}

// A line is thin: what would be pale on the page is drawn stronger.
export function lineColor(color, theme) {
  if (theme.dark) return luminance(color) < 0.15 ? mixed(color, "#ffffff", 0.4) : color;
  return luminance(color) > 0.3 ? mixed(color, "#000000", 0.35) : color;
}

export function readableOn(color) {
  return luminance(color) > 0.36 ? "#17181b" : "#ffffff";
}

export const dashOf = (position) => DASHES[position % DASHES.length];
export const pointOf = (position) => POINTS[position % POINTS.length];

// Colour and hatching together: a canvas pattern, the plain colour for the first.
export function fillOf(color, position) {
  const kind = FILLS[position % FILLS.length];
  if (kind === "plain") return color;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 10;
  const pen = tile.getContext("2d");
  pen.fillStyle = color;
  pen.fillRect(0, 0, 10, 10);
  pen.strokeStyle = pen.fillStyle = readableOn(color) === "#ffffff" ? "rgba(255,255,255,.34)" : "rgba(0,0,0,.26)";
  pen.lineWidth = 1.6;
  HATCH[kind](pen);
  return pen.createPattern(tile, "repeat");
}

const HATCH = {
  rising: (pen) => lines(pen, [-1, 11, 11, -1], [-1, 1, 1, -1], [9, 11, 11, 9]),
  falling: (pen) => lines(pen, [-1, -1, 11, 11], [9, -1, 11, 1], [-1, 9, 1, 11]),
  lying: (pen) => lines(pen, [0, 5, 10, 5]),
  standing: (pen) => lines(pen, [5, 0, 5, 10]),
  grid: (pen) => lines(pen, [0, 5, 10, 5], [5, 0, 5, 10]),
  cross: (pen) => lines(pen, [-1, 11, 11, -1], [-1, -1, 11, 11]),
  dots: (pen) => {
    for (const [x, y] of [[2.5, 2.5], [7.5, 7.5]]) {
      pen.beginPath();
      pen.arc(x, y, 1.4, 0, 7);
      pen.fill();
    }
  },
};

function lines(pen, ...all) {
  for (const [x, y, toX, toY] of all) {
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(toX, toY);
    pen.stroke();
  }
}

function parts(color) {
  const hex = color.length === 4 ? color.replace(/[0-9a-f]/gi, "$&$&") : color;
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) || 0);
}

function mixed(color, other, share) {
  const [ours, theirs] = [parts(color), parts(other)];
  const both = ours.map((value, at) => Math.round(value + (theirs[at] - value) * share));
  return `#${both.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

// Relative luminance as WCAG 2 defines it.
function luminance(color) {
  const [red, green, blue] = parts(color).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
