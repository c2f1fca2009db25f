// Small panels of shares by hour, side by side: a middle line and a band for each group of runs.

import { bandPath, drawDates, drawShares, linePath, shareScale, sheet, timeScale } from "./frame.js";
import { percent } from "./words.js";

const PLOT = 156;
const SPACE = 34;
const LINE = 18;
const WIDEST = 420;

/**
 * Draw panels.
 *
 * @param panels [{titles, groups}]; a group is [low, middle, high] by hour
 * @param tones the colour of each group; @param across how many stand side by side where there is room
 */
export function drawPanels(panels, { dates, tones, label, width, across }) {
  const columns = Math.max(1, Math.min(panels.length, width < 620 ? 1 : across));
  const wide = (width - SPACE * (columns - 1)) / columns;
  const lines = Math.max(1, ...panels.map((panel) => panel.titles.length));
  const high = PLOT + LINE * lines + 16;
  const svg = sheet(width, Math.max(1, Math.ceil(panels.length / columns)) * high, label);
  const most = Math.max(1, ...panels.flatMap((panel) => panel.groups.map((group) => Math.max(0, ...group[2].filter(Number.isFinite)))));
  panels.forEach((panel, k) => {
    const node = svg.append("g").attr("transform", `translate(${(k % columns) * (wide + SPACE)},${Math.floor(k / columns) * high})`);
    drawPanel(node, panel, { dates, tones, most, top: LINE * lines + 16, width: Math.min(wide, WIDEST) });
  });
  return svg.node();
}

function drawPanel(node, { titles, groups }, { dates, tones, most, top, width }) {
  const left = 44;
  const bottom = top + PLOT - 34;
  const x = timeScale(dates, left, width);
  const y = shareScale(top, bottom, most);
  titles.forEach((title, k) => {
    node.append("text").attr("class", k ? "row-note" : "panel-title").attr("x", 0).attr("y", 14 + LINE * k).text(title);
  });
  const ends = groups.map((group) => percent(group[1].at(-1))).join(" or ");
  node.append("text").attr("class", "row-note").attr("x", width).attr("y", 14).attr("text-anchor", "end").text(ends);
  drawShares(node, y, left, width, [0, 0.5, 1]);
  groups.forEach(([low, , high], g) => {
    node.append("path").attr("class", `band ${tones[g]}`).attr("d", bandPath(dates, low, high, x, y));
  });
  groups.forEach(([, middle], g) => {
    node.append("path").attr("class", `middle ${tones[g]}`).attr("d", linePath(dates, middle, x, y));
  });
  drawDates(node, x, bottom, { every: 92 });
}
